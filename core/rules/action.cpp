#include "core/rules/action.h"

#include <algorithm>
#include <cassert>

#include "core/rules/unique_key.h"

namespace kehubu {
namespace {

const Value null_value;

}  // namespace

const Draft::Cell* Draft::find(const Field& field) const {
  const auto found = std::ranges::find(cells, &field, &Cell::field);
  return found != cells.end() ? &*found : nullptr;
}

const Value& Draft::value(const Field& field) const {
  assert(!field.derived() && "what a derived field will be, the World says");
  const Cell* cell = find(field);
  return cell != nullptr ? cell->value : value_before(field);
}

const Value& Draft::value_before(const Field& field) const {
  return before ? before->values[static_cast<std::size_t>(&field - entity->fields.data())] : null_value;
}

bool Draft::names(const Field& field) const {
  const Cell* cell = find(field);
  return cell != nullptr && !cell->by_rule;
}

Draft& Action::open(const Entity& entity, const Id& row, bool is_new) {
  if (Draft* draft = find(entity, row)) {
    return *draft;
  }
  Draft& draft = drafts_.emplace_back();
  draft.entity = &entity;
  draft.row = row;
  draft.is_new = is_new;
  draft.revision = 1;
  if (!is_new) {
    draft.before = records_.read_stored(entity, row);
  }
  by_row_[row].push_back(&draft);
  return draft;
}

void Action::remove(Draft& draft) {
  draft.revision += draft.remove ? 0 : 1;
  draft.remove = true;
}

void Action::index(const Draft& draft, const Field& field, const Value& value) {
  if (const Id target = id_or_empty(value); !target.empty()) {
    by_reference_[target].push_back(&draft);
  } else if (!is_null(value) && (field.unique || field.id == draft.entity->number_field)) {
    by_unique_value_[unique_key(*draft.entity, field, value)].push_back(&draft);
  }
}

void Action::put(Draft& draft, const Field& field, Value value, bool by_rule) {
  assert(!field.derived() && "what is derived is not written");
  const auto present = std::ranges::find(draft.cells, &field, &Draft::Cell::field);
  const bool is_there = present != draft.cells.end();
  if (is_there && present->value == value && (by_rule || !present->by_rule)) {
    return;
  }
  ++draft.revision;
  index(draft, field, value);
  if (is_there) {
    present->value = std::move(value);
    present->by_rule = present->by_rule && by_rule;
  } else {
    draft.cells.push_back({&field, std::move(value), by_rule});
  }
}

void Action::set_default(Draft& draft, const Field& field, Value value) {
  if (draft.is_empty(field) && !is_null(value)) {
    set(draft, field, std::move(value));
  }
}

}  // namespace kehubu
