// Documents, going back: to a state that a document had, and what it was before it was deleted.
#include <algorithm>

#include "core/store/materialiser_parts.h"

namespace kehubu {

// By what differs now, and not by which version stands: what stepping back and forth wrote again is the same already.
Result<Edit> Materialiser::Parts::edit_back_to(const Target& target, const Ancestry& side) {
  KEHUBU_TRY_ASSIGN(record, record_inside(target, side));
  const std::vector<Head> all = heads;
  Edit edit{target.table->entity, target.id, {}, false, false};
  for (std::size_t index = 0; record && index < record->values.size(); ++index) {
    const SymbolNumber symbol = target.table->field_symbols[index];
    const std::span<const Head> cell = heads_of(all, symbol);
    bool differs = cell.size() > 1;
    if (cell.size() == 1) {
      KEHUBU_TRY(load_candidates(symbol, cell));
      differs = unpack_value(candidates.front().value) != record->values[index];
    }
    if (differs) {
      edit.fields.emplace_back(&record->entity->fields[index], record->values[index]);
    }
  }
  const bool removed = !record || record->removed;
  KEHUBU_TRY_ASSIGN(now, deletion(all));
  const bool same_life = heads_of(all, removed_symbol).size() <= 1 && now.removed == removed && !now.conflict;
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
  std::string state;
  if (!mark) {
    return state;
  }
  KEHUBU_TRY_ASSIGN(records, parts_->document_at({&parts_->tables.of(entity), row}, *mark));
  for (const DocumentRecord& record : records) {
    if (record.removed && record.row == row) {
      return std::string();
    }
    if (record.removed) {
      continue;
    }
    state += record.row.text();
    for (const Value& value : record.values) {
      pack_value(state, value);
    }
  }
  return state;
}

// Back along the side that deleted it. A decision for the deletion has that one among those that it decided between.
Result<std::vector<std::pair<const Entity*, Id>>> Materialiser::lines_before_deletion(const Entity& entity, const Id& row) {
  std::vector<std::pair<const Entity*, Id>> lines;
  KEHUBU_TRY_ASSIGN(marks, heads(entity, row, document_field));
  std::set<Version> seen;
  while (!marks.empty()) {
    std::optional<Version> deleting;
    std::vector<DocumentRecord> living;
    for (const Version& mark : marks) {
      KEHUBU_TRY_ASSIGN(records, parts_->document_at({&parts_->tables.of(entity), row}, mark));
      if (records.front().removed) {
        deleting = deleting ? deleting : mark;
      } else if (living.empty()) {
        living = std::move(records);
      }
    }
    if (!deleting || !seen.insert(*deleting).second) {
      for (const DocumentRecord& record : living) {
        if (record.row != row && !record.removed) {
          lines.emplace_back(record.entity, record.row);
        }
      }
      return lines;
    }
    KEHUBU_TRY_ASSIGN(before, heads_before(*deleting, document_field));
    marks = std::move(before);
  }
  return lines;
}

}  // namespace kehubu
