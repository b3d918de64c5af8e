// The tables that belong to sync/ alone. None of them is part of the truth, and none travels: they say whom we know,
// what went in and out, which bundles wait, and chain values worth remembering.
//
//   sync_peer(device PK, name, letter, person, person_name, have, heard, sent)   have: packed as id(16) ‖ sequence(8) each
//   sync_bundle(at, outgoing, name, digest, device_name, person_name, changes, conflicts, state, zh, en)
//   sync_waiting(digest PK, name, json)
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

class SyncTables {
 public:
  explicit SyncTables(sqlite3* connection) : database_(connection) {}

  Status create();

  [[nodiscard]] Result<std::vector<Peer>> peers();
  [[nodiscard]] Result<std::optional<Peer>> peer(const Id& device);
  // Keeps the greater of what is remembered and what is heard; an older bundle takes nothing back.
  Status remember_peer(const Peer& peer);
  Status remember_sent(const Id& device, std::int64_t at);

  Status record(const Sync::BundleRecord& record);
  [[nodiscard]] Result<std::vector<Sync::BundleRecord>> records();

  struct Waiting {
    std::string digest, name, json;
  };
  [[nodiscard]] Result<std::vector<Waiting>> waiting();
  [[nodiscard]] Result<std::int64_t> waiting_bytes();
  Status keep_waiting(std::string_view digest, std::string_view name, std::string_view json);
  Status forget_waiting(std::string_view digest);

  [[nodiscard]] Result<std::optional<Digest>> chain(DeviceNumber device, std::int64_t sequence);
  Status remember_chain(DeviceNumber device, std::int64_t sequence, const Digest& chain);
  // What was remembered of a device's changes after a number: they took another name.
  Status forget_after(const Id& device, DeviceNumber number, std::int64_t sequence);

 private:
  Database database_;
};

}  // namespace kehubu
