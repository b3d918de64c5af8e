// Conflicts: reads what waits for a person's decision, words it, and turns the decision into an ordinary write.
//
// The table `conflict` (log.h) says which conflicts are open; everything shown about them is read from the log at the
// moment of asking.
#pragma once

#include <vector>

#include "core/store/log.h"
#include "core/sync/sync.h"

namespace kehubu {

class Conflicts {
 public:
  explicit Conflicts(StoreInternals& store) : store_(store), log_(store.log()), materialiser_(store.materialiser()) {}

  [[nodiscard]] Result<std::vector<Conflict>> all();
  [[nodiscard]] Result<std::int64_t> count();
  [[nodiscard]] Result<Written> resolve(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<Written> resolve_with(const Conflict& conflict, const Value& value);
  [[nodiscard]] Result<std::vector<Sync::Superseded>> superseded(const Entity& entity, const Id& row);

 private:
  struct Row {
    std::string key;
    ConflictKind kind = ConflictKind::field;
    std::string entity, field;
    Id row;
    Value detail;
  };

  [[nodiscard]] Result<std::vector<Row>> read_table();
  [[nodiscard]] Result<bool> complete(Conflict& conflict, const Value& detail);
  Status complete_field(Conflict& conflict);
  Status complete_document(Conflict& conflict);
  Status complete_deletion(Conflict& conflict);
  Status complete_reference(Conflict& conflict);
  Status complete_duplicate(Conflict& conflict, const Value& detail);

  [[nodiscard]] Result<ConflictSide> side_of(Version head, std::string_view field);
  Status add_edits(const Conflict& conflict, const std::vector<Version>& unknown, std::vector<ConflictSide>& sides);
  void headline_of_field(Conflict& conflict);
  void headline_of_document(Conflict& conflict);
  void headline_of_deletion(Conflict& conflict);

  struct Referrer {
    const Entity* entity = nullptr;
    const Field* field = nullptr;
    Id row;
  };
  [[nodiscard]] Result<std::vector<Referrer>> referrers(const Conflict& conflict);
  [[nodiscard]] Result<std::vector<std::string>> spare_numbers(const Conflict& conflict, const Value& number);
  [[nodiscard]] Result<std::vector<Id>> sharing(const Entity& entity, const Field& field, const Value& value);
  [[nodiscard]] Result<std::vector<Edit>> edits_for(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_duplicate(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_reference(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Status refuse_if_document_waits(const Entity& entity, const Id& row);
  [[nodiscard]] Result<Written> write(std::span<const Edit> edits);
  [[nodiscard]] Status still_open(const Conflict& conflict);

  StoreInternals& store_;
  Log& log_;
  Materialiser& materialiser_;
};

}  // namespace kehubu
