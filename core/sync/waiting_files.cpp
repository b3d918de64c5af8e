#include "core/sync/waiting_files.h"

#include <algorithm>
#include <tuple>

#include "core/sync/tables.h"

namespace kehubu {
namespace {

constexpr std::string_view schema = R"sql(
CREATE TABLE IF NOT EXISTS sync_waiting(digest TEXT PRIMARY KEY, name TEXT NOT NULL, json BLOB NOT NULL,
  gaps INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS sync_waiting_range(
  digest TEXT NOT NULL, device BLOB NOT NULL, root BLOB NOT NULL, since INTEGER NOT NULL, have INTEGER NOT NULL, open INTEGER NOT NULL,
  PRIMARY KEY(digest, device)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sync_waiting_open ON sync_waiting_range(root, since) WHERE open = 1;
CREATE INDEX IF NOT EXISTS sync_waiting_open_device ON sync_waiting_range(device, since) WHERE open = 1;
)sql";

}  // namespace

Status WaitingFiles::create() {
  KEHUBU_TRY(make_tables(database_, schema));
  // Files of an older program have no column for the number of gaps.
  KEHUBU_TRY(make_column(database_, "sync_waiting", "gaps", "INTEGER NOT NULL DEFAULT 0", "0"));
  if (!is_read_only(database_)) {
    KEHUBU_TRY(database_.execute("CREATE INDEX IF NOT EXISTS sync_waiting_ready ON sync_waiting(gaps) WHERE gaps = 0"));
  }
  Statement& table = database_.statement("SELECT 1 FROM sqlite_schema WHERE name = 'sync_waiting_held'");
  const bool has_sums = table.row();
  table.reset();
  KEHUBU_TRY(table.status());
  return has_sums ? Status() : make_sums_anew();
}

// An older program's files have none, and what is not kept any more without having been imported leaves a hole in them.
Status WaitingFiles::make_sums_anew() {
  KEHUBU_TRY(make_tables(
      database_,
      "CREATE TABLE IF NOT EXISTS sync_waiting_held(device BLOB NOT NULL, since INTEGER NOT NULL, have INTEGER NOT NULL, PRIMARY KEY(device, since)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS sync_waiting_total(one INTEGER PRIMARY KEY CHECK(one = 1), files INTEGER NOT NULL, bytes INTEGER NOT NULL);"));
  KEHUBU_TRY(database_.execute("DELETE FROM sync_waiting_held;"
                               "INSERT OR REPLACE INTO sync_waiting_total SELECT 1, count(*), coalesce(sum(length(json)), 0) FROM sync_waiting"));
  std::vector<std::tuple<Id, std::int64_t, std::int64_t>> ranges;
  Statement& select = database_.statement("SELECT device, since, have FROM sync_waiting_range");
  while (read(select)) {
    ranges.emplace_back(select.id(0), select.integer(1), select.integer(2));
  }
  KEHUBU_TRY(select.status());
  for (const auto& [device, since, have] : ranges) {
    KEHUBU_TRY(hold(device, since, have));
  }
  return {};
}

bool WaitingFiles::read(Statement& select) {
  const bool found = select.row();
  rows_read_ += found ? 1 : 0;
  return found;
}

Result<std::int64_t> WaitingFiles::first_number(Statement& select) {
  const std::int64_t number = read(select) ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return number;
}

// Ranges that touch become one, so that those that are kept lie apart.
Status WaitingFiles::hold(const Id& device, std::int64_t since, std::int64_t have) {
  if (since >= have) {
    return {};
  }
  while (true) {
    Statement& touching = database_.statement("SELECT since, have FROM sync_waiting_held WHERE device = ? AND since <= ? ORDER BY since DESC LIMIT 1");
    touching.bind(1, device).bind(2, have);
    const bool found = read(touching) && touching.integer(1) >= since;
    const std::int64_t other_since = found ? touching.integer(0) : 0, other_have = found ? touching.integer(1) : 0;
    touching.reset();
    KEHUBU_TRY(touching.status());
    if (!found) {
      break;
    }
    KEHUBU_TRY(database_.statement("DELETE FROM sync_waiting_held WHERE device = ? AND since = ?").bind(1, device).bind(2, other_since).run());
    since = std::min(since, other_since);
    have = std::max(have, other_have);
  }
  return database_.statement("INSERT INTO sync_waiting_held(device, since, have) VALUES(?, ?, ?)").bind(1, device).bind(2, since).bind(3, have).run();
}

Result<std::vector<Gap>> WaitingFiles::missing_of(const Gap& gap, std::size_t limit) {
  std::vector<Gap> missing;
  std::int64_t next = gap.first;
  Statement& begins = database_.statement("SELECT coalesce(max(since), 0) FROM sync_waiting_held WHERE device = ? AND since < ?");
  KEHUBU_TRY_ASSIGN(first, first_number(begins.bind(1, gap.device).bind(2, next)));
  Statement& select = database_.statement("SELECT since, have FROM sync_waiting_held WHERE device = ? AND since >= ? AND since < ? ORDER BY since");
  select.bind(1, gap.device).bind(2, first).bind(3, gap.last);
  while (missing.size() < limit && read(select)) {
    const std::int64_t since = select.integer(0), have = select.integer(1);
    if (since >= next) {
      missing.push_back({gap.device, next, since});
    }
    next = std::max(next, have + 1);
  }
  select.reset();
  KEHUBU_TRY(select.status());
  if (next <= gap.last && missing.size() < limit) {
    missing.push_back({gap.device, next, gap.last});
  }
  return missing;
}

Result<bool> WaitingFiles::contains(std::string_view digest) {
  Statement& select = database_.statement("SELECT 1 FROM sync_waiting WHERE digest = ? AND length(json) > 0");
  select.bind(1, digest);
  const bool found = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  return found;
}

Result<std::int64_t> WaitingFiles::count() { return first_number(database_.statement("SELECT files FROM sync_waiting_total")); }

Result<std::int64_t> WaitingFiles::bytes() { return first_number(database_.statement("SELECT bytes FROM sync_waiting_total")); }

Status WaitingFiles::keep(std::string_view digest, std::string_view name, std::string_view json, const BundleHeader& header,
                          const std::vector<Gap>& gaps) {
  KEHUBU_TRY(forget(digest));
  KEHUBU_TRY(database_.statement("INSERT INTO sync_waiting(digest, name, json, gaps) VALUES(?, ?, ?, ?)")
                 .bind(1, digest)
                 .bind(2, name)
                 .bind_blob(3, json)
                 .bind(4, static_cast<std::int64_t>(gaps.size()))
                 .run());
  KEHUBU_TRY(database_.statement("UPDATE sync_waiting_total SET files = files + 1, bytes = bytes + ?").bind(1, static_cast<std::int64_t>(json.size())).run());
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const bool open = std::ranges::find(gaps, header.devices[index], &Gap::device) != gaps.end();
    if (!open && header.since[index] == header.have[index]) {
      continue;
    }
    KEHUBU_TRY(database_.statement("INSERT INTO sync_waiting_range(digest, device, root, since, have, open) VALUES(?, ?, ?, ?, ?, ?)")
                   .bind(1, digest)
                   .bind(2, header.devices[index])
                   .bind(3, header.root(index))
                   .bind(4, header.since[index])
                   .bind(5, header.have[index])
                   .bind(6, std::int64_t{open})
                   .run());
    KEHUBU_TRY(hold(header.devices[index], header.since[index], header.have[index]));
  }
  return {};
}

// What it holds stays among the sums: it is here now, or is told again by make_sums_anew().
Status WaitingFiles::forget(std::string_view digest) {
  Statement& sums = database_.statement("UPDATE sync_waiting_total SET files = files - 1, bytes = bytes - (SELECT length(json) FROM sync_waiting WHERE digest = ?1)"
                                        " WHERE EXISTS(SELECT 1 FROM sync_waiting WHERE digest = ?1)");
  KEHUBU_TRY(sums.bind(1, digest).run());
  KEHUBU_TRY(database_.statement("DELETE FROM sync_waiting_range WHERE digest = ?").bind(1, digest).run());
  return database_.statement("DELETE FROM sync_waiting WHERE digest = ?").bind(1, digest).run();
}

Status WaitingFiles::close_gaps(const Id& root, std::int64_t last) {
  std::vector<std::pair<std::string, Id>> closed;
  Statement& select = database_.statement("SELECT digest, device FROM sync_waiting_range WHERE open = 1 AND root = ? AND since <= ?");
  select.bind(1, root).bind(2, last);
  while (read(select)) {
    closed.emplace_back(select.text(0), select.id(1));
  }
  KEHUBU_TRY(select.status());
  for (const auto& [digest, device] : closed) {
    KEHUBU_TRY(database_.statement("UPDATE sync_waiting_range SET open = 0 WHERE digest = ? AND device = ?")
                   .bind(1, std::string_view{digest})
                   .bind(2, device)
                   .run());
    KEHUBU_TRY(database_.statement("UPDATE sync_waiting SET gaps = gaps - 1 WHERE digest = ?").bind(1, std::string_view{digest}).run());
  }
  return {};
}

Result<std::vector<WaitingFiles::File>> WaitingFiles::ready() {
  std::vector<File> files;
  Statement& select = database_.statement("SELECT digest, name, json FROM sync_waiting WHERE gaps = 0 ORDER BY digest");
  while (read(select)) {
    files.push_back({std::string{select.text(0)}, std::string{select.text(1)}, std::string{select.blob(2)}});
  }
  KEHUBU_TRY(select.status());
  return files;
}

Result<Knowledge> WaitingFiles::contents(std::string_view digest) {
  Knowledge contents;
  Statement& select = database_.statement("SELECT device, have FROM sync_waiting_range WHERE digest = ?");
  select.bind(1, digest);
  while (read(select)) {
    contents.emplace(select.id(0), select.integer(1));
  }
  KEHUBU_TRY(select.status());
  return contents;
}

// Found device by device, each by the end of its index.
Result<std::vector<Gap>> WaitingFiles::open_gaps() {
  std::vector<Gap> gaps;
  for (bool more = true; more;) {
    Statement& next = database_.statement("SELECT device FROM sync_waiting_range WHERE open = 1 AND device > ? ORDER BY device LIMIT 1");
    const Id before = gaps.empty() ? Id{} : gaps.back().device;
    next.bind(1, before);
    more = read(next);
    const Id device = more ? next.id(0) : Id{};
    next.reset();
    KEHUBU_TRY(next.status());
    if (more) {
      Statement& last = database_.statement("SELECT max(since) FROM sync_waiting_range WHERE open = 1 AND device = ?");
      KEHUBU_TRY_ASSIGN(since, first_number(last.bind(1, device)));
      gaps.push_back({device, 1, since});
    }
  }
  return gaps;
}

}  // namespace kehubu
