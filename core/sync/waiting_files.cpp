#include "core/sync/waiting_files.h"

#include <sqlite3.h>

#include <algorithm>

namespace kehubu {
namespace {

constexpr std::string_view schema = R"sql(
CREATE TABLE IF NOT EXISTS sync_waiting(digest TEXT PRIMARY KEY, name TEXT NOT NULL, json BLOB NOT NULL,
  gaps INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS sync_waiting_range(
  digest TEXT NOT NULL, device BLOB NOT NULL, root BLOB NOT NULL, since INTEGER NOT NULL, have INTEGER NOT NULL, open INTEGER NOT NULL,
  PRIMARY KEY(digest, device)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sync_waiting_open ON sync_waiting_range(root, since) WHERE open = 1;
)sql";

}  // namespace

// --- HeldRanges -----------------------------------------------------------------------------------------------------------

void HeldRanges::add(const Id& device, std::int64_t since, std::int64_t have) {
  if (since < have) {
    Ranges& ranges = devices_[device];
    ranges.list.emplace_back(since, have);
    ranges.merged = false;
  }
}

std::vector<Gap> HeldRanges::missing_of(const Gap& gap, std::size_t limit) {
  std::vector<Gap> missing;
  const auto found = devices_.find(gap.device);
  std::int64_t next = gap.first;
  if (found != devices_.end()) {
    Ranges& ranges = found->second;
    if (!ranges.merged) {
      std::ranges::sort(ranges.list);
      std::vector<std::pair<std::int64_t, std::int64_t>> apart;
      for (const auto& [since, have] : ranges.list) {
        if (!apart.empty() && since <= apart.back().second) {
          apart.back().second = std::max(apart.back().second, have);
        } else {
          apart.emplace_back(since, have);
        }
      }
      ranges.list = std::move(apart);
      ranges.merged = true;
    }
    auto range = std::ranges::lower_bound(ranges.list, next, {}, [](const auto& one) { return one.second; });
    for (; range != ranges.list.end() && range->first < gap.last && missing.size() < limit; ++range) {
      if (range->first >= next) {
        missing.push_back({gap.device, next, range->first});
      }
      next = std::max(next, range->second + 1);
    }
  }
  if (next <= gap.last && missing.size() < limit) {
    missing.push_back({gap.device, next, gap.last});
  }
  return missing;
}

// --- WaitingFiles ---------------------------------------------------------------------------------------------------------

Status WaitingFiles::create() {
  if (sqlite3_db_readonly(database_.connection(), "main") == 1) {
    return {};
  }
  KEHUBU_TRY(database_.execute(schema));
  // Files of an older program have no column for the number of gaps.
  Statement& select = database_.statement("SELECT 1 FROM pragma_table_info('sync_waiting') WHERE name = 'gaps'");
  const bool counts_gaps = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  if (!counts_gaps) {
    KEHUBU_TRY(database_.execute("ALTER TABLE sync_waiting ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0"));
  }
  return database_.execute("CREATE INDEX IF NOT EXISTS sync_waiting_ready ON sync_waiting(gaps) WHERE gaps = 0");
}

Result<bool> WaitingFiles::contains(std::string_view digest) {
  Statement& select = database_.statement("SELECT 1 FROM sync_waiting WHERE digest = ? AND length(json) > 0");
  select.bind(1, digest);
  const bool found = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  return found;
}

Result<std::int64_t> WaitingFiles::count() {
  Statement& select = database_.statement("SELECT count(*) FROM sync_waiting");
  const std::int64_t count = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return count;
}

Result<std::int64_t> WaitingFiles::bytes() {
  Statement& select = database_.statement("SELECT coalesce(sum(length(json)), 0) FROM sync_waiting");
  const std::int64_t bytes = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return bytes;
}

Status WaitingFiles::keep(std::string_view digest, std::string_view name, std::string_view json, const BundleHeader& header,
                          const std::vector<Gap>& gaps) {
  KEHUBU_TRY(forget(digest));
  KEHUBU_TRY(database_.statement("INSERT INTO sync_waiting(digest, name, json, gaps) VALUES(?, ?, ?, ?)")
                 .bind(1, digest)
                 .bind(2, name)
                 .bind_blob(3, json)
                 .bind(4, static_cast<std::int64_t>(gaps.size()))
                 .run());
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
  }
  return {};
}

Status WaitingFiles::forget(std::string_view digest) {
  KEHUBU_TRY(database_.statement("DELETE FROM sync_waiting_range WHERE digest = ?").bind(1, digest).run());
  return database_.statement("DELETE FROM sync_waiting WHERE digest = ?").bind(1, digest).run();
}

Status WaitingFiles::close_gaps(const Id& root, std::int64_t last) {
  std::vector<std::pair<std::string, Id>> closed;
  Statement& select = database_.statement("SELECT digest, device FROM sync_waiting_range WHERE open = 1 AND root = ? AND since <= ?");
  select.bind(1, root).bind(2, last);
  while (select.row()) {
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
  while (select.row()) {
    files.push_back({std::string{select.text(0)}, std::string{select.text(1)}, std::string{select.blob(2)}});
  }
  KEHUBU_TRY(select.status());
  return files;
}

Result<Knowledge> WaitingFiles::contents(std::string_view digest) {
  Knowledge contents;
  Statement& select = database_.statement("SELECT device, have FROM sync_waiting_range WHERE digest = ?");
  select.bind(1, digest);
  while (select.row()) {
    contents.emplace(select.id(0), select.integer(1));
  }
  KEHUBU_TRY(select.status());
  return contents;
}

Result<HeldRanges> WaitingFiles::held() {
  HeldRanges held;
  Statement& select = database_.statement("SELECT device, since, have FROM sync_waiting_range");
  while (select.row()) {
    held.add(select.id(0), select.integer(1), select.integer(2));
  }
  KEHUBU_TRY(select.status());
  return held;
}

Result<std::vector<Gap>> WaitingFiles::open_gaps() {
  std::vector<Gap> gaps;
  Statement& select = database_.statement("SELECT device, max(since) FROM sync_waiting_range WHERE open = 1 GROUP BY device");
  while (select.row()) {
    gaps.push_back({select.id(0), 1, select.integer(1)});
  }
  KEHUBU_TRY(select.status());
  return gaps;
}

}  // namespace kehubu
