// MergeSession: many bundles into the log and the tables, in one transaction.
//
// Headers first: they tell what is known already (and then nothing else of the file is understood, its digest alone is
// compared), what can be applied and what must wait. Files are applied in the order of need, whatever their order in the list: one that must wait is looked at
// again when the last of its gaps is closed, so that the cost grows with the number of files in every order. A file is read
// and checked to its end before the first of its changes is appended; a file above `changes_at_once`, and one whose
// histories part somewhere, is therefore read twice or thrice.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/branches.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/examination.h"
#include "core/sync/letters.h"
#include "core/sync/tables.h"
#include "core/sync/waiting_files.h"

namespace kehubu {

class MergeSession {
 public:
  using File = std::pair<std::string, std::string>;  // name, JSON

  MergeSession(StoreInternals& store, SyncTables& tables, WaitingFiles& waiting, const Limits& limits)
      : store_(store), log_(store.log()), tables_(tables), waiting_(waiting), limits_(limits) {}

  [[nodiscard]] Step<Result<MergeReport>> run(std::vector<File> files, Progress& progress);
  // So many changes of one file were in memory at a time, at most. Where histories part it does not grow with the file.
  [[nodiscard]] std::size_t most_changes_held() const { return most_changes_held_; }

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
    std::int64_t own_told = 0;
    std::int64_t brought_back_own = 0;  // changes of this device
    bool parts = false;          // says otherwise than the log somewhere
    bool traced = false;         // by its changes: then `peer_knows`, under local names
    Knowledge peer_knows;
    std::vector<Sentence> parting;  // titles of devices
    bool waited_before = false;  // given again, while it waits
    std::vector<Gap> gaps;       // what it waited for when it was looked at last
    std::size_t open_gaps = 0;
  };
  // An Error that a task gives ends the session, but one of kind invalid_input from consider() is the fault of its file: that one is
  // refused, and the others are merged without it.
  Status gather(std::vector<File> files);
  void open(Candidate& candidate);
  [[nodiscard]] Result<Examination> look_at(const Candidate& candidate);
  [[nodiscard]] Result<std::vector<Gap>> gaps_of(const Candidate& candidate);
  void queue_pending();
  void wait_for(std::size_t index, const std::vector<Gap>& gaps);
  Status close_gaps(const BundleHeader& header);
  [[nodiscard]] Step<Status> graft(std::size_t index, Progress& progress);
  [[nodiscard]] Step<Status> follow(Candidate& candidate, BranchTrace& trace, Progress& progress);
  Status cut(const std::vector<Log::Cut>& cuts);
  Status append_new(const BranchTrace& trace);
  Status note_course(Candidate& candidate, const BranchTrace& trace);
  Status leave_shared_name();
  void note_letters(std::span<const Change> appended);
  [[nodiscard]] Result<bool> is_letter_shared();
  Status leave_shared_letter();
  [[nodiscard]] Result<bool> fetch_ready();
  [[nodiscard]] Step<Result<bool>> anything_to_do(Progress& progress);
  [[nodiscard]] Step<Status> cover(Candidate& candidate, Progress& progress);
  void begin_again();
  [[nodiscard]] Step<Status> attempt(Progress& progress);
  [[nodiscard]] Step<Status> consider(std::size_t index, Progress& progress);
  [[nodiscard]] Step<Status> apply(Candidate& candidate, bool check_chain, Progress& progress);
  [[nodiscard]] Step<Status> check_whole_file(Candidate& candidate, bool check_chain, bool keep_changes, Progress& progress, BranchTrace* trace = nullptr);
  [[nodiscard]] bool chain_agrees(Candidate& candidate, BundleChain& chain, const Change& change);
  [[nodiscard]] Step<Status> append_in_pieces(Candidate& candidate, const BranchTrace* trace, Progress& progress);
  [[nodiscard]] Step<Status> keep_the_rest_waiting(Progress& progress);
  Status keep_waiting(Candidate& candidate, std::int64_t& kept_bytes);
  Status say_what_is_missing();
  [[nodiscard]] Step<Status> materialise(Progress& progress);
  Status look_at_what_came_in(const std::vector<std::string>& open_before);
  void note_what_is_known();
  [[nodiscard]] std::vector<std::int64_t> known_numbers() const;
  [[nodiscard]] std::optional<DeviceNumber> own_history() const;
  [[nodiscard]] Result<std::vector<std::string>> open_conflicts();  // their keys, sorted
  Status append_read();
  Status append_run(std::span<const Change> run);
  void to_local(Change& change) const;
  void number_devices(const BundleHeader& header);
  [[nodiscard]] bool chains_match(const BundleHeader& header) const;
  Status keep_books();
  Status record(const Candidate& candidate);
  [[nodiscard]] Sync::BundleRecord entry_of(const Candidate& candidate) const;
  Status note_own_numbers();
  Status remind_of_large_files();
  void tell_what_own_is_missing();
  void tell_of_files();
  Status tell_of_clocks();
  Status tell_of_clocks_behind();
  Status tell_of_foreign_doubts();
  [[nodiscard]] Result<bool> is_own_clock_believed();
  [[nodiscard]] Result<std::vector<Change>> changes_for_doubts();
  Status settle_doubts();
  Status tell_of_doubts(std::int64_t settled, std::int64_t left, bool believed);
  void uncount(const std::vector<Change>& settled);
  [[nodiscard]] Sentence name_of(DeviceNumber device) const;
  Status tell_concerns();
  Status remember_peer(const Candidate& candidate);
  Status remember_places(const BundleHeader& header);
  Status summarise();
  void refuse(Candidate& candidate, Sentence message);
  [[nodiscard]] const Id& own_device() const { return store_.identity().device; }

  StoreInternals& store_;
  Log& log_;
  SyncTables& tables_;
  WaitingFiles& waiting_;
  Limits limits_;
  std::deque<Candidate> candidates_;  // grows while one of them is being read
  std::deque<std::size_t> ready_;     // candidates to be looked at
  std::map<Id, std::multimap<std::int64_t, std::size_t>> waiting_for_;  // device → number that must be here → candidate
  std::set<std::string> fetched_;     // digests of candidates that waited in the database
  MaterialiseStatistics statistics_;
  std::vector<Version> decisions_;  // changes of kind resolve that came in
  std::set<Id> clocks_told_;        // devices of which a remark says how far they are ahead
  MergeReport report_;
  // Set after a file turned out to lie about its chain or its branches: from then on chains are checked before anything is appended.
  bool cautious_ = false;
  bool must_begin_again_ = false;
  std::optional<Digest> own_chain_;  // of this device's own history, before it was cut
  bool tables_are_stale_ = false;  // the log was cut: they name versions that are called otherwise now
  std::map<DeviceNumber, std::int64_t> known_before_;  // last number before this merge, under the names of now
  std::vector<NumberBeginning> own_numbers_;       // how this device's business numbers begin
  bool letter_is_shared_ = false;                  // an older device has given such a number, too
  std::int64_t bytes_before_ = 0;
  // Of the file that is being read.
  std::vector<Change> changes_;
  std::size_t change_count_ = 0, most_changes_held_ = 0;
  std::vector<DeviceNumber> numbers_;  // index in the file → local number
};

}  // namespace kehubu
