// Rehearsal: the tables as they will be when an action's drafts are written, for rules that ask for derived values. The drafts are written
// into the tables, past the log, in a transaction of their own (within another one: a savepoint) that is always taken back.
//
// Costs: the first question writes all drafts, a later one those that have changed since; each is one query besides. While a rehearsal
// lasts, every reader of the connection sees what it shows: a write in slices ends it before each pause.
#pragma once

#include <deque>
#include <vector>

#include "core/rules/draft.h"
#include "core/store/tables.h"

namespace kehubu {

class Rehearsal {
 public:
  Rehearsal(Database& database, const Tables& tables, bool within_transaction)
      : database_(database), tables_(tables), within_transaction_(within_transaction) {}
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;
  ~Rehearsal();

  // Null when there will be no such record.
  Result<Value> value(const Entity& entity, const Id& row, const Field& field, const std::deque<Draft>& drafts);

 private:
  Status begin();
  Status write(const Draft& draft);

  Database& database_;
  const Tables& tables_;
  bool within_transaction_;
  bool open_ = false;
  std::vector<int> written_;  // parallel to the drafts: the revision that was written
};

}  // namespace kehubu
