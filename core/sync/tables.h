// The tables that belong to sync/ alone. None of them is part of the truth, and none travels: they say whom we know,
// what went in and out, which bundles wait, and chain values worth remembering.
//
//   sync_peer(device PK, name, letter, person, person_name, have, heard, sent)   have: packed as id(16) ‖ sequence(8) each
//   sync_bundle(at, outgoing, name, digest, device_name, person_name, changes, conflicts, state, zh, en)
//   sync_waiting(…)                        core/sync/waiting_files.h
//   sync_chain(device, sequence, chain)   the log's chain at places where bundles began or ended
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"
#include "core/sync/sync.h"

namespace kehubu {

[[nodiscard]] bool is_read_only(const Database& database);
// What an older program's database lacks of `declarations`, "CREATE … IF NOT EXISTS" each: made in it or, where it may not be written,
// beside it for as long as it is open.
Status make_tables(Database& database, std::string_view declarations);
// `otherwise`: what it holds where nothing may be written.
Status make_column(Database& database, const std::string& table, const std::string& column, const std::string& type, const std::string& otherwise);

class SyncTables {
 public:
  explicit SyncTables(sqlite3* connection) : database_(connection) {}

  Status create();
  [[nodiscard]] bool read_only() const;

  [[nodiscard]] Result<std::vector<Peer>> peers();
  [[nodiscard]] Result<std::optional<Peer>> peer(const Id& device);
  // `heard.have` is what the bundle proves of the peer's knowledge, `told` all that it claims. An older bundle takes nothing
  // back; a younger one that claims less than is remembered comes from a device that lost something: it is sent again.
  Status remember_peer(const Peer& heard, const Knowledge& told);
  Status remember_sent(const Id& device, std::int64_t at);

  // Which device a peer was before: local settings "former/<id>", which databases of every age have.
  static Status remember_former(Store& store, const Id& device, const Id& former);
  [[nodiscard]] static Id former_of(Store& store, const Id& device);

  Status record(const Sync::BundleRecord& record);
  // What became of a file that was recorded as waiting; false where none was.
  [[nodiscard]] Result<bool> settle_waiting(std::string_view digest, const Sync::BundleRecord& outcome);
  [[nodiscard]] Result<std::vector<Sync::BundleRecord>> records();
  // Whether a bundle of that name was written, packed or not.
  [[nodiscard]] Result<bool> has_written(std::string_view name);

  // The remembered place of a device's chain at `sequence` or next before it; nothing where none is.
  struct Place {
    std::int64_t sequence = 0;
    Digest chain{};
  };
  [[nodiscard]] Result<std::optional<Place>> place_before(DeviceNumber device, std::int64_t sequence);
  // Worth remembering, but never needed: where nothing may be written, nothing happens.
  Status remember_chain(DeviceNumber device, std::int64_t sequence, const Digest& chain);
  // What was remembered of a device's changes after a number is remembered of the branch that they became.
  Status split(const DeviceState& from, DeviceNumber from_number, const DeviceState& tail, DeviceNumber tail_number);

 private:
  Database database_;
};

}  // namespace kehubu
