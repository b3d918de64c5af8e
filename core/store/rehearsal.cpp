#include "core/store/rehearsal.h"

namespace kehubu {

Rehearsal::~Rehearsal() {
  if (open_) {
    static_cast<void>(database_.execute(within_transaction_ ? "ROLLBACK TO rehearsal; RELEASE rehearsal" : "ROLLBACK"));
  }
}

Status Rehearsal::begin() {
  if (!open_) {
    KEHUBU_TRY(database_.execute(within_transaction_ ? "SAVEPOINT rehearsal" : "BEGIN"));
    open_ = true;
  }
  return {};
}

Status Rehearsal::write(const Draft& draft) {
  const Table& table = tables_.of(*draft.entity);
  if (draft.is_new) {
    Statement& insert = database_.statement("INSERT OR IGNORE INTO " + table.name + "(id, live, flags, heads) VALUES(?, 1, 0, x'')");
    KEHUBU_TRY(insert.bind(1, draft.row).run());
  }
  if (draft.is_new || draft.remove || draft.restore) {
    Statement& live = database_.statement("UPDATE " + table.name + " SET live = ? WHERE id = ?");
    KEHUBU_TRY(live.bind(1, std::int64_t{!draft.remove}).bind(2, draft.row).run());
  }
  for (const Draft::Cell& cell : draft.cells) {
    Statement& update = database_.statement("UPDATE " + table.name + " SET " + quoted(cell.field->id) + " = ? WHERE id = ?");
    KEHUBU_TRY(update.bind(1, cell.value).bind(2, draft.row).run());
  }
  return {};
}

Result<Value> Rehearsal::value(const Entity& entity, const Id& row, const Field& field, const std::deque<Draft>& drafts) {
  KEHUBU_TRY(begin());
  written_.resize(drafts.size());
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    if (written_[index] != drafts[index].revision) {
      KEHUBU_TRY(write(drafts[index]));
      written_[index] = drafts[index].revision;
    }
  }
  Statement& select = database_.statement("SELECT " + quoted(field.id) + " FROM " + tables_.of(entity).view + " WHERE id = ?");
  Value value = select.bind(1, row).row() ? select.value(0) : Value();
  select.reset();
  KEHUBU_TRY(select.status());
  return value;
}

}  // namespace kehubu
