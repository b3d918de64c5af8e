// Documents, going back: to a state that a document had, and what it was before it was deleted.
#include <algorithm>
#include <deque>
#include <iterator>

#include "core/store/materialiser_parts.h"

namespace kehubu {

// By what differs now, and not by which version stands or how many say it: what stepping back and forth wrote again, or two decided
// alike, is the same already. Written once more it would be a question of its own.
Result<Edit> Materialiser::Parts::edit_back_to(const Target& target, const Ancestry& side) {
  KEHUBU_TRY_ASSIGN(record, record_inside(target, side));
  const std::vector<Head> all = heads;
  Edit edit{target.table->entity, target.id, {}, false, false};
  for (std::size_t index = 0; record && index < record->values.size(); ++index) {
    const SymbolNumber symbol = target.table->field_symbols[index];
    const std::span<const Head> cell = heads_of(all, symbol);
    KEHUBU_TRY(load_candidates(symbol, cell));
    if (std::ranges::any_of(candidates, [&](const Candidate& one) { return unpack_value(one.value) != record->values[index]; })) {
      edit.fields.emplace_back(&record->entity->fields[index], record->values[index]);
    }
  }
  const bool removed = !record || record->removed;
  KEHUBU_TRY_ASSIGN(now, deletion(all));
  const bool same_life = now.removed == removed && !now.conflict;
  edit.remove = removed && (!same_life || !edit.fields.empty());  // a deletion knows the cells that are written with it
  edit.restore = !removed && !same_life;
  return edit;
}

Result<std::vector<Edit>> Materialiser::document_return(const Entity& entity, const Id& row, std::optional<Version> mark) {
  const Parts::Target document{&parts_->tables.of(entity), row};
  Ancestry side;
  if (mark) {
    KEHUBU_TRY_ASSIGN(built_on, parts_->ancestry(*mark));
    side = std::move(built_on);
  }
  KEHUBU_TRY_ASSIGN(head_edit, parts_->edit_back_to(document, side));
  std::vector<Edit> edits{std::move(head_edit)};
  KEHUBU_TRY_ASSIGN(lines, parts_->lines_of(document));
  for (const Parts::Target& line : lines) {
    KEHUBU_TRY_ASSIGN(edit, parts_->edit_back_to(line, side));
    if (edit.remove || edit.restore || !edit.fields.empty()) {
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

Result<std::string> Materialiser::document_state(const Entity& entity, const Id& row, std::optional<Version> mark) {
  if (!mark) {
    return std::string();
  }
  KEHUBU_TRY_ASSIGN(records, parts_->document_at({&parts_->tables.of(entity), row}, *mark));
  return packed_state(records);
}

// Back along the sides that deleted it. A decision for the deletion has those among the ones that it decided between.
Result<std::vector<Version>> Materialiser::states_before_deletion(const Entity& entity, const Id& row) {
  std::vector<Version> living;
  std::set<Version> seen;
  std::set<std::string> states;
  KEHUBU_TRY_ASSIGN(marks, heads(entity, row, document_field));
  std::deque<Version> waiting(marks.begin(), marks.end());
  for (; !waiting.empty(); waiting.pop_front()) {
    const Version mark = waiting.front();
    KEHUBU_TRY_ASSIGN(state, document_state(entity, row, mark));
    if (!seen.insert(mark).second || (!state.empty() && !states.insert(state).second)) {
      continue;
    }
    if (!state.empty()) {
      living.push_back(mark);
      continue;
    }
    KEHUBU_TRY_ASSIGN(first_said, said_by(mark, document_field));
    KEHUBU_TRY_ASSIGN(before, heads_before(first_said, document_field));
    std::vector<Version> deleted;
    for (const Version& one : before) {
      KEHUBU_TRY_ASSIGN(state_then, document_state(entity, row, one));
      state_then.empty() ? deleted.push_back(one) : void();
    }
    before.resize(std::min<std::size_t>(before.size(), 1));
    std::ranges::copy(deleted.empty() ? before : deleted, std::back_inserter(waiting));
  }
  return living;
}

Result<std::vector<std::pair<const Entity*, Id>>> Materialiser::lines_before_deletion(const Entity& entity, const Id& row) {
  std::vector<std::pair<const Entity*, Id>> lines;
  KEHUBU_TRY_ASSIGN(states, states_before_deletion(entity, row));
  KEHUBU_TRY_ASSIGN(records, states.empty() ? Result<std::vector<DocumentRecord>>() : document_at(entity, row, states.front()));
  for (const DocumentRecord& record : records) {
    if (record.row != row && !record.removed) {
      lines.emplace_back(record.entity, record.row);
    }
  }
  return lines;
}

}  // namespace kehubu
