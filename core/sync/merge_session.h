// MergeSession: many bundles into the log and the tables, in one transaction.
//
// Headers first: they tell what is known already (and then nothing else of the file is read), what can be applied and
// what must wait. Files are applied in the order of need, whatever their order in the list. A file is read and checked
// to its end before the first of its changes is appended; a file above `changes_at_once` is therefore read twice.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/examination.h"
#include "core/sync/tables.h"

namespace kehubu {

class MergeSession {
 public:
  using File = std::pair<std::string, std::string>;  // name, JSON

  MergeSession(StoreInternals& store, SyncTables& tables, const Limits& limits)
      : store_(store), log_(store.log()), tables_(tables), limits_(limits) {}

  [[nodiscard]] Step<Result<MergeReport>> run(std::vector<File> files, Progress& progress);

 private:
  enum class Fate : std::uint8_t { pending, applied, covered, waiting, refused };
  struct Candidate {
    std::string name, json;
    std::string waiting_digest;  // not empty: it waited in the database
    BundleHeader header;
    Fate fate = Fate::pending;
    Sentence message;
    std::string digest;
    std::int64_t applied_changes = 0;
    bool brought_back_own = false;
  };
  // A Status or Error that a task gives ends the session; what is wrong with one file is kept with the file.
  Status gather(std::vector<File> files);
  void open(Candidate& candidate);
  [[nodiscard]] Result<bool> anything_to_do();
  void begin_again();
  [[nodiscard]] Step<Status> attempt(Progress& progress);
  [[nodiscard]] Step<Result<bool>> consider(Candidate& candidate, Progress& progress);
  [[nodiscard]] Step<Status> apply(Candidate& candidate, bool check_chain, Progress& progress);
  [[nodiscard]] Step<Status> check_whole_file(Candidate& candidate, bool check_chain, bool keep_changes, Progress& progress);
  [[nodiscard]] bool chain_agrees(Candidate& candidate, BundleChain& chain, const Change& change);
  [[nodiscard]] Step<Status> append_in_pieces(Candidate& candidate, Progress& progress);
  [[nodiscard]] Step<Status> keep_the_rest_waiting(Progress& progress);
  [[nodiscard]] Step<Status> materialise(Progress& progress);
  Status append_read();
  void to_local(Change& change) const;
  void number_devices(const BundleHeader& header);
  [[nodiscard]] bool chains_match(const BundleHeader& header) const;
  Status keep_books();
  Status record(const Candidate& candidate);
  Status remember_peer(const Candidate& candidate);
  Status remember_places(const BundleHeader& header);
  void summarise();
  void refuse(Candidate& candidate, Sentence message);
  Status remember_own_divergence(const Candidate& candidate, const Id& device);
  [[nodiscard]] const Id& own_device() const { return store_.identity().device; }

  StoreInternals& store_;
  Log& log_;
  SyncTables& tables_;
  Limits limits_;
  std::vector<Candidate> candidates_;
  MaterialiseStatistics statistics_;
  MergeReport report_;
  // Set after a file turned out to lie about its chain: from then on chains are checked before anything is appended.
  bool cautious_ = false;
  bool must_begin_again_ = false;
  std::int64_t bytes_before_ = 0;
  // Of the file that is being read.
  std::vector<Change> changes_;
  std::size_t change_count_ = 0;
  std::vector<DeviceNumber> numbers_;  // index in the file → local number
};

}  // namespace kehubu
