// Previewer: reads one bundle to its end, checks everything, and says what importing it would do. Changes nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/branches.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/examination.h"
#include "core/sync/foreseen.h"
#include "core/sync/met_questions.h"
#include "core/sync/tables.h"

namespace kehubu {

class Previewer {
 public:
  Previewer(StoreInternals& store, SyncTables& tables, WaitingFiles& waiting, const Limits& limits)
      : store_(store), log_(store.log()), tables_(tables), waiting_(waiting), limits_(limits), database_(store.connection()), questions_(store, header_), foreseen_(store, header_) {}

  [[nodiscard]] Step<Result<Preview>> run(std::string_view json, Progress& progress);

 private:
  struct Tally {
    std::int64_t created = 0, changed = 0, removed = 0;
  };
  struct SharedNumber {  // a record of the file wants a number that another record has here
    const Field* field = nullptr;
    Value value;
    Id row, holder;
  };

  void note_trace();
  [[nodiscard]] Step<Status> follow(std::string_view json, Progress& progress);
  [[nodiscard]] Step<Status> read_everything(std::string_view json, Progress& progress);
  Status look_at(const Change& change);
  Status look_for_shared_numbers(const Change& change, bool removes);
  [[nodiscard]] bool is_new(Version version) const;
  Status describe();
  Status describe_waiting();
  Status describe_conflicts();
  void describe_entities();
  void add_line(PreviewLine::Weight weight, Sentence text);

  StoreInternals& store_;
  Log& log_;
  SyncTables& tables_;
  WaitingFiles& waiting_;
  Limits limits_;
  Database database_;
  BundleHeader header_;
  Examination examination_;
  Preview preview_;
  std::string digest_;
  // Where the header alone does not tell what is new: the changes do, once all of them were met.
  bool parts_ = false, follows_ = false;
  bool own_parts_ = false;  // of this device's own name
  std::optional<BranchTrace> trace_;
  std::map<std::string, Tally> tallies_;  // by entity
  std::int64_t not_understood_ = 0;
  MetQuestions questions_;
  std::vector<SharedNumber> shared_numbers_;
  std::set<std::pair<Id, const Field*>> given_up_;  // numbers that the file takes from whoever has them here; without a field: all of them
  Foreseen foreseen_;
  std::vector<Sentence> foreseen_sentences_;
  std::int64_t cells_looked_up_ = 0;
};

}  // namespace kehubu
