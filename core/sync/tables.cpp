#include "core/sync/tables.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "core/base/text.h"

namespace kehubu {
namespace {

constexpr std::string_view schema = R"sql(
CREATE TABLE IF NOT EXISTS sync_peer(
  device BLOB PRIMARY KEY, name TEXT NOT NULL, person BLOB, person_name TEXT NOT NULL, have BLOB NOT NULL,
  heard INTEGER NOT NULL, sent INTEGER NOT NULL, letter TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sync_bundle(
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, outgoing INTEGER NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
  device_name TEXT NOT NULL, person_name TEXT NOT NULL, changes INTEGER NOT NULL, conflicts INTEGER NOT NULL,
  state INTEGER NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sync_chain(
  device INTEGER NOT NULL, sequence INTEGER NOT NULL, chain BLOB NOT NULL, PRIMARY KEY(device, sequence)) WITHOUT ROWID;
)sql";

const std::string former_prefix = "former/";

std::string pack_knowledge(const Knowledge& knowledge) {
  std::string bytes;
  bytes.reserve(knowledge.size() * 24);
  for (const auto& [device, sequence] : knowledge) {
    bytes.append(reinterpret_cast<const char*>(device.bytes.data()), device.bytes.size());
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes += static_cast<char>(sequence >> shift);
    }
  }
  return bytes;
}

Knowledge unpack_knowledge(std::string_view bytes) {
  Knowledge knowledge;
  for (std::size_t place = 0; place + 24 <= bytes.size(); place += 24) {
    Id device;
    std::memcpy(device.bytes.data(), bytes.data() + place, 16);
    std::int64_t sequence = 0;
    for (std::size_t byte = 16; byte < 24; ++byte) {
      sequence = (sequence << 8) | static_cast<unsigned char>(bytes[place + byte]);
    }
    knowledge.emplace_hint(knowledge.end(), device, sequence);
  }
  return knowledge;
}

Peer read_peer(const Statement& row) {
  Peer peer;
  peer.device = row.id(0);
  peer.name = row.text(1);
  peer.person = row.id(2);
  peer.person_name = row.text(3);
  peer.have = unpack_knowledge(row.blob(4));
  peer.last_heard = row.integer(5);
  peer.last_sent = row.integer(6);
  peer.letter = row.text(7);
  return peer;
}

std::string_view digest_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

bool is_read_only(const Database& database) { return sqlite3_db_readonly(database.connection(), "main") == 1; }

Status make_tables(Database& database, std::string_view declarations) {
  if (!is_read_only(database)) {
    return database.execute(std::string(declarations));
  }
  constexpr std::string_view begins = "CREATE TABLE IF NOT EXISTS ";
  while (!declarations.empty()) {
    const std::size_t end = declarations.find(';');
    const std::string_view statement = trim(declarations.substr(0, end));
    declarations = end == std::string_view::npos ? std::string_view() : declarations.substr(end + 1);
    if (!statement.starts_with(begins)) {
      continue;  // an index makes nothing possible that was not
    }
    const std::string_view table = statement.substr(begins.size());
    Statement& select = database.statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    const bool is_there = select.bind(1, table.substr(0, table.find('('))).row();
    select.reset();
    KEHUBU_TRY(select.status());
    if (!is_there) {
      KEHUBU_TRY(database.execute("CREATE TEMP TABLE " + std::string(table)));
    }
  }
  return {};
}

Status make_column(Database& database, const std::string& table, const std::string& column, const std::string& type, const std::string& otherwise) {
  Statement& select = database.statement("SELECT 1 FROM pragma_table_info(?) WHERE name = ?");
  const bool is_there = select.bind(1, std::string_view(table)).bind(2, std::string_view(column)).row();
  select.reset();
  KEHUBU_TRY(select.status());
  if (is_there) {
    return {};
  }
  return database.execute(is_read_only(database) ? "CREATE TEMP VIEW " + table + " AS SELECT *, " + otherwise + " AS " + column + " FROM main." + table
                                                 : "ALTER TABLE " + table + " ADD COLUMN " + column + " " + type);
}

Status SyncTables::create() {
  KEHUBU_TRY(make_tables(database_, schema));
  // Files written before letters were kept have no column for them.
  return make_column(database_, "sync_peer", "letter", "TEXT NOT NULL DEFAULT ''", "''");
}

bool SyncTables::read_only() const { return is_read_only(database_); }

Result<std::vector<Peer>> SyncTables::peers() {
  std::vector<Peer> peers;
  Statement& select = database_.statement("SELECT device, name, person, person_name, have, heard, sent, letter FROM sync_peer ORDER BY heard DESC");
  while (select.row()) {
    peers.push_back(read_peer(select));
  }
  KEHUBU_TRY(select.status());
  return peers;
}

Result<std::optional<Peer>> SyncTables::peer(const Id& device) {
  std::optional<Peer> peer;
  Statement& select = database_.statement("SELECT device, name, person, person_name, have, heard, sent, letter FROM sync_peer WHERE device = ?");
  select.bind(1, device);
  while (select.row()) {
    peer = read_peer(select);
  }
  KEHUBU_TRY(select.status());
  return peer;
}

Status SyncTables::remember_peer(const Peer& heard, const Knowledge& told) {
  KEHUBU_TRY_ASSIGN(before, peer(heard.device));
  Peer merged = heard;
  if (before) {
    const bool is_older = heard.last_heard < before->last_heard;
    for (const auto& [device, sequence] : before->have) {
      const auto claimed = told.find(device);
      const std::int64_t kept = is_older ? sequence : std::min(sequence, claimed == told.end() ? 0 : claimed->second);
      if (kept > 0) {
        auto& known = merged.have[device];
        known = std::max(known, kept);
      }
    }
    if (before->last_heard > heard.last_heard) {
      merged.name = before->name;
      merged.letter = before->letter;
      merged.person = before->person;
      merged.person_name = before->person_name;
      merged.last_heard = before->last_heard;
    }
    merged.last_sent = before->last_sent;
    if (merged.have == before->have && merged.last_heard == before->last_heard && merged.letter == before->letter) {
      return {};
    }
  }
  const std::string have = pack_knowledge(merged.have);
  Statement& write = database_.statement(
      "INSERT INTO sync_peer(device, name, person, person_name, have, heard, sent, letter) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
      " ON CONFLICT(device) DO UPDATE SET name = ?2, person = ?3, person_name = ?4, have = ?5, heard = ?6, letter = ?8");
  write.bind(1, merged.device).bind(2, std::string_view{merged.name});
  merged.person.empty() ? write.bind_null(3) : write.bind(3, merged.person);
  write.bind(4, std::string_view{merged.person_name}).bind_blob(5, have).bind(6, merged.last_heard).bind(7, merged.last_sent);
  return write.bind(8, std::string_view{merged.letter}).run();
}

Status SyncTables::remember_sent(const Id& device, std::int64_t at) {
  return database_.statement("UPDATE sync_peer SET sent = ? WHERE device = ?").bind(1, at).bind(2, device).run();
}

Status SyncTables::record(const Sync::BundleRecord& record) {
  Statement& insert = database_.statement(
      "INSERT INTO sync_bundle(at, outgoing, name, digest, device_name, person_name, changes, conflicts, state, zh, en)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return insert.bind(1, record.at)
      .bind(2, std::int64_t{record.outgoing})
      .bind(3, std::string_view{record.name})
      .bind(4, std::string_view{record.digest})
      .bind(5, std::string_view{record.device_name})
      .bind(6, std::string_view{record.person_name})
      .bind(7, record.changes)
      .bind(8, record.conflicts)
      .bind(9, static_cast<std::int64_t>(record.state))
      .bind(10, std::string_view{record.message.zh})
      .bind(11, std::string_view{record.message.en})
      .run();
}

Status SyncTables::remember_former(Store& store, const Id& device, const Id& former) {
  return former_of(store, device) == former ? Status() : store.set_setting(former_prefix + device.text(), former.text());
}

Id SyncTables::former_of(Store& store, const Id& device) { return Id::parse(store.setting(former_prefix + device.text())).value_or(Id{}); }

Result<bool> SyncTables::has_written(std::string_view name) {
  Statement& select = database_.statement("SELECT 1 FROM sync_bundle WHERE outgoing = 1 AND (name = ?1 OR name = ?1 || '.gz') LIMIT 1");
  select.bind(1, name);
  const bool found = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  return found;
}

Result<bool> SyncTables::settle_waiting(std::string_view digest, const Sync::BundleRecord& outcome) {
  if (digest.empty()) {
    return false;
  }
  Statement& update = database_.statement("UPDATE sync_bundle SET state = ?1, changes = ?2, conflicts = ?3, zh = ?4, en = ?5 WHERE digest = ?6 AND state = ?7");
  update.bind(1, static_cast<std::int64_t>(outcome.state)).bind(2, outcome.changes).bind(3, outcome.conflicts);
  update.bind(4, std::string_view{outcome.message.zh}).bind(5, std::string_view{outcome.message.en}).bind(6, digest);
  KEHUBU_TRY(update.bind(7, static_cast<std::int64_t>(BundleState::waiting)).run());
  return database_.changed_rows() > 0;
}

Result<std::vector<Sync::BundleRecord>> SyncTables::records() {
  std::vector<Sync::BundleRecord> records;
  Statement& select = database_.statement(
      "SELECT at, outgoing, name, digest, device_name, person_name, changes, conflicts, state, zh, en FROM sync_bundle ORDER BY number DESC");
  while (select.row()) {
    Sync::BundleRecord record;
    record.at = select.integer(0);
    record.outgoing = select.integer(1) != 0;
    record.name = select.text(2);
    record.digest = select.text(3);
    record.device_name = select.text(4);
    record.person_name = select.text(5);
    record.changes = select.integer(6);
    record.conflicts = select.integer(7);
    record.state = static_cast<BundleState>(select.integer(8));
    record.message = {std::string{select.text(9)}, std::string{select.text(10)}};
    records.push_back(std::move(record));
  }
  KEHUBU_TRY(select.status());
  return records;
}

Result<std::optional<SyncTables::Place>> SyncTables::place_before(DeviceNumber device, std::int64_t sequence) {
  std::optional<Place> place;
  Statement& select = database_.statement(
      "SELECT sequence, chain FROM sync_chain WHERE device = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1");
  select.bind(1, std::int64_t{device}).bind(2, sequence);
  while (select.row()) {
    const std::string_view bytes = select.blob(1);
    if (bytes.size() == sizeof(Digest)) {
      place.emplace().sequence = select.integer(0);
      std::memcpy(place->chain.data(), bytes.data(), bytes.size());
    }
  }
  KEHUBU_TRY(select.status());
  return place;
}

Status SyncTables::remember_chain(DeviceNumber device, std::int64_t sequence, const Digest& chain) {
  if (read_only()) {
    return {};
  }
  return database_.statement("INSERT OR IGNORE INTO sync_chain(device, sequence, chain) VALUES(?, ?, ?)")
      .bind(1, std::int64_t{device})
      .bind(2, sequence)
      .bind_blob(3, digest_bytes(chain))
      .run();
}

Status SyncTables::split(const DeviceState& from, DeviceNumber from_number, const DeviceState& tail, DeviceNumber tail_number) {
  KEHUBU_TRY(database_.statement("UPDATE OR REPLACE sync_chain SET device = ?1 WHERE device = ?2 AND sequence > ?3")
                 .bind(1, std::int64_t{tail_number})
                 .bind(2, std::int64_t{from_number})
                 .bind(3, tail.base)
                 .run());
  KEHUBU_TRY(database_.statement("UPDATE sync_overruled SET device = ?1 WHERE device = ?2 AND sequence > ?3")
                 .bind(1, std::int64_t{tail_number})
                 .bind(2, std::int64_t{from_number})
                 .bind(3, tail.base)
                 .run());
  KEHUBU_TRY_ASSIGN(known, peers());
  for (Peer& peer : known) {
    const auto have = peer.have.find(from.id);
    if (peer.device == from.id) {
      peer.have.clear();  // several machines bear that name: of none of them it is certain what it knows
    } else if (have == peer.have.end() || have->second <= tail.base) {
      continue;
    } else {
      peer.have[tail.id] = have->second;
      if (tail.base > from.base) {
        have->second = tail.base;
      } else {
        peer.have.erase(have);
      }
    }
    const std::string packed = pack_knowledge(peer.have);
    KEHUBU_TRY(database_.statement("UPDATE sync_peer SET have = ? WHERE device = ?").bind_blob(1, packed).bind(2, peer.device).run());
  }
  return {};
}

}  // namespace kehubu
