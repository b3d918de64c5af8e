#include "core/rules/action.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>

#include "core/base/text.h"

namespace kehubu {
namespace {

const Value null_value;
// Enough for every rule; a customer with more contacts than this has other problems.
constexpr std::size_t most_rows = 10'000;

std::string unique_key(const Entity& entity, const Field& field, const Value& value) {
  std::string key(entity.id);
  key += '/';
  key += field.id;
  key += '/';
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    key += std::to_string(*integer);
  } else {
    key += text_or_empty(value);
  }
  return key;
}

}  // namespace

const Value& Draft::value(const Field& field) const {
  for (const auto& [named, value] : cells) {
    if (named == &field) {
      return value;
    }
  }
  return before ? before->values[static_cast<std::size_t>(&field - entity->fields.data())] : null_value;
}

const Value& Draft::value(std::string_view field_id) const {
  const Field* field = entity->find(field_id);
  assert(field != nullptr && "rules name fields of the catalog");
  return value(*field);
}

const Value& Draft::value_before(std::string_view field_id) const {
  return before ? before->value(field_id) : null_value;
}

bool Draft::changes(std::string_view field_id) const { return value(field_id) != value_before(field_id); }

bool Draft::names(std::string_view field_id) const {
  return std::ranges::any_of(cells, [field_id](const auto& cell) { return cell.first->id == field_id; });
}

Action::Action(RecordSource& records, Environment& environment, Person person, std::int64_t heard_ms)
    : records_(records), environment_(environment), person_(std::move(person)), now_ms_(environment.now_ms()),
      latest_ms_(std::max(now_ms_, heard_ms)), today_(iso_date(local_date(now_ms_))) {}

std::string Action::latest_day() const { return iso_date(local_date(latest_ms_)); }

Draft* Action::find(const Entity& entity, const Id& row) {
  const auto found = by_row_.find(row);
  if (found != by_row_.end()) {
    for (Draft* draft : found->second) {
      if (draft->entity == &entity) {
        return draft;
      }
    }
  }
  return nullptr;
}

Draft& Action::open(const Entity& entity, const Id& row, bool is_new) {
  if (Draft* draft = find(entity, row)) {
    return *draft;
  }
  Draft& draft = drafts_.emplace_back();
  draft.entity = &entity;
  draft.row = row;
  draft.is_new = is_new;
  if (!is_new) {
    draft.before = records_.read_stored(entity, row);
  }
  by_row_[row].push_back(&draft);
  return draft;
}

void Action::index(const Draft& draft, const Field& field, const Value& value) {
  auto* mutable_draft = const_cast<Draft*>(&draft);  // the drafts are ours
  if (const Id target = id_or_empty(value); !target.empty()) {
    by_reference_[target].push_back(mutable_draft);
  } else if (!is_null(value) && (field.unique || field.id == draft.entity->number_field)) {
    by_unique_value_[unique_key(*draft.entity, field, value)].push_back(mutable_draft);
  }
}

void Action::set(Draft& draft, std::string_view field_id, Value value) {
  const Field* field = draft.entity->find(field_id);
  assert(field != nullptr && !field->derived() && "rules set fields of the catalog");
  index(draft, *field, value);
  for (auto& [named, present] : draft.cells) {
    if (named == field) {
      present = std::move(value);
      return;
    }
  }
  draft.cells.emplace_back(field, std::move(value));
}

void Action::set_default(Draft& draft, std::string_view field_id, Value value) {
  if (draft.is_empty(field_id) && !is_null(value)) {
    set(draft, field_id, std::move(value));
  }
}

Value Action::value(const Entity& entity, const Id& row, std::string_view field_id) {
  const Field* field = entity.find(field_id);
  assert(field != nullptr && "rules name fields of the catalog");
  if (const Draft* draft = find(entity, row)) {
    return draft->value(*field);
  }
  return records_.value(entity, row, *field);
}

bool Action::is_live(const Entity& entity, const Id& row) {
  if (const Draft* draft = find(entity, row)) {
    return !draft->remove && (draft->is_new || draft->restore || (draft->before && !draft->before->deleted));
  }
  return records_.is_live(entity, row);
}

std::vector<Id> Action::referring(const Entity& entity, std::string_view field_id, const Id& target) {
  const Field* field = entity.find(field_id);
  assert(field != nullptr && "rules name fields of the catalog");
  return target.empty() ? std::vector<Id>() : rows_with(entity, *field, target);
}

std::vector<Id> Action::rows_with(const Entity& entity, const Field& field, const Value& value) {
  std::vector<Id> rows = records_.rows_with(entity, field, value, most_rows);
  std::erase_if(rows, [&](const Id& row) {
    const Draft* draft = find(entity, row);
    return draft != nullptr && (draft->remove || draft->value(field) != value);
  });
  const Id target = id_or_empty(value);
  const auto* drafted = [&]() -> const std::vector<Draft*>* {
    if (!target.empty()) {
      const auto found = by_reference_.find(target);
      return found != by_reference_.end() ? &found->second : nullptr;
    }
    const auto found = by_unique_value_.find(unique_key(entity, field, value));
    return found != by_unique_value_.end() ? &found->second : nullptr;
  }();
  if (drafted == nullptr) {
    return rows;
  }
  for (const Draft* draft : *drafted) {
    if (draft->entity == &entity && draft->value(field) == value && is_live(entity, draft->row) &&
        std::ranges::find(rows, draft->row) == rows.end()) {
      rows.push_back(draft->row);
    }
  }
  return rows;
}

bool Action::leads_to(const Entity& entity, const Id& start, std::string_view field_id, const Id& row) {
  std::unordered_set<Id, IdHash> passed;  // a circle that does not pass through `row` ends the walk
  Id present = start;
  while (!present.empty() && present != row && passed.insert(present).second) {
    present = id_or_empty(value(entity, present, field_id));
  }
  return present == row;
}

void Action::problem(const Draft& draft, std::string_view field_id, std::string_view zh, std::string_view en,
                     std::initializer_list<std::string_view> arguments) {
  problems_.push_back({&draft, draft.entity->find(field_id), sentence(zh, en, arguments), false});
}

void Action::problem(const Draft& draft, std::string_view field_id, Sentence sentence) {
  problems_.push_back({&draft, draft.entity->find(field_id), std::move(sentence), false});
}

void Action::hint(const Draft& draft, std::string_view field_id, Sentence sentence) {
  problems_.push_back({&draft, draft.entity->find(field_id), std::move(sentence), true});
}

void Action::hint(const Draft& draft, std::string_view field_id, std::string_view zh, std::string_view en,
                  std::initializer_list<std::string_view> arguments) {
  problems_.push_back({&draft, draft.entity->find(field_id), sentence(zh, en, arguments), true});
}

namespace {

// substitute() with the label of the field as the first argument.
Sentence sentence_about(const Field& field, std::string_view zh, std::string_view en,
                        std::initializer_list<std::string_view> arguments) {
  const auto fill = [&](std::string_view pattern, std::string_view label) {
    const std::size_t place = pattern.find("{}");
    std::string text(pattern.substr(0, place));
    if (place != std::string_view::npos) {
      text += label;
      text += substitute(pattern.substr(place + 2), arguments);
    }
    return text;
  };
  return {fill(zh, field.zh), fill(en, field.en)};
}

}  // namespace

void Action::problem_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en,
                           std::initializer_list<std::string_view> arguments) {
  problems_.push_back({&draft, &field, sentence_about(field, zh, en, arguments), false});
}

void Action::hint_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en,
                        std::initializer_list<std::string_view> arguments) {
  problems_.push_back({&draft, &field, sentence_about(field, zh, en, arguments), true});
}

void Action::require(const Draft& draft, std::string_view field_id) {
  const Field* field = draft.entity->find(field_id);
  if (field == nullptr || !is_null(draft.value(*field))) {
    return;
  }
  const bool already = std::ranges::any_of(problems_, [&](const Problem& one) {
    return one.draft == &draft && one.field == field && !one.hint_only;
  });
  if (!already) {
    problem_about(draft, *field, "{}不能为空", "{} is required", {});
  }
}

}  // namespace kehubu
