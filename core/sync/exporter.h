// Exporter: writes what a receiver lacks, or everything, as one bundle.
#pragma once

#include <unordered_set>

#include "core/sync/bundle.h"
#include "core/sync/examination.h"
#include "core/sync/tables.h"

namespace kehubu {

// How the employee of an identity is called in bundles and file names; empty texts when the record is not here.
struct PersonCard {
  std::string code, name, role;
};
[[nodiscard]] PersonCard person_card(Store& store, const Id& person);

// "kehubu-R07A-20261126-1810.json"; with a receiver "kehubu-R07A-to-HQA-20261126-1810.json".
[[nodiscard]] std::string bundle_name(Store& store, std::string_view receiver, std::int64_t now_ms);
// How a peer is called there: code and letter of its person, else the end of its id.
[[nodiscard]] std::string receiver_in_name(Store& store, const Peer& peer);

class Exporter {
 public:
  Exporter(StoreInternals& store, SyncTables& tables) : store_(store), log_(store.log()), tables_(tables) {}

  // For that peer, without what it has for certain; null: everything, for anybody.
  [[nodiscard]] Step<Result<ExportedBundle>> run(const Peer* receiver, Progress& progress);

 private:
  Status prepare_header(const Peer* receiver);
  Status look_at_some(std::size_t device, std::int64_t& sequence);
  Status write_some(BundleWriter& writer, std::size_t device, std::int64_t& sequence);
  void to_indices(Change& change, std::size_t device) const;
  void complete_people();
  Status remember_places();

  StoreInternals& store_;
  Log& log_;
  SyncTables& tables_;
  BundleHeader header_;
  std::unordered_set<Id, IdHash> people_;
  std::vector<DeviceNumber> numbers_;     // index → local number
  std::vector<DeviceNumber> indices_;     // local number → index
};

}  // namespace kehubu
