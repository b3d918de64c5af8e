// Concerns: what a merge has done to what this device, or its person, had written: decisions of others that went another way,
// and values that lost without anybody deciding. Each is a sentence for him, kept in sync_concern until he puts it away.
//
//   sync_concern(number, kind, entity, row, zh, en, at)   local, the last 200
#pragma once

#include <span>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"
#include "core/sync/sync.h"

namespace kehubu {

class Concerns {
 public:
  explicit Concerns(StoreInternals& store) : store_(store), log_(store.log()), database_(store.connection()) {}

  Status create();
  // After a merge, within its transaction. `decisions`: the changes of kind resolve that came in.
  [[nodiscard]] Result<std::vector<Sentence>> note(std::span<const Version> decisions, std::span<const Loss> losses);
  [[nodiscard]] Result<std::vector<Sync::Concern>> all();
  Status put_away();

 private:
  [[nodiscard]] bool is_mine(Version version, const Id& person) const;
  [[nodiscard]] Result<std::int64_t> clock_ahead_of(const Change& decision);
  [[nodiscard]] Result<Sentence> decided_words(const Change& decision);
  [[nodiscard]] Result<Sentence> cell_words(const Entity& entity, const Change& decision, const FieldChange& cell, const Sentence& where);
  [[nodiscard]] Result<Sentence> lost_words(const Loss& loss);
  [[nodiscard]] Result<Sentence> place_words(const Entity& entity, const Id& row);
  Status keep(const Sync::Concern& concern);

  StoreInternals& store_;
  Log& log_;
  Database database_;
};

}  // namespace kehubu
