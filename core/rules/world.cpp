#include "core/rules/world.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>

#include "core/rules/unique_key.h"

namespace kehubu {
namespace {

// Enough for every rule; a customer with more contacts than this has other problems.
constexpr std::size_t most_rows = 10'000;

}  // namespace

World::World(RecordSource& records, Environment& environment, Person person, KnownTime time)
    : records_(records),
      environment_(environment),
      person_(std::move(person)),
      time_(time),
      today_(iso_date(local_date(time.now_ms))) {}

const Draft* World::find(const Entity& entity, const Id& row) const {
  const auto found = by_row_.find(row);
  if (found != by_row_.end()) {
    for (const Draft* draft : found->second) {
      if (draft->entity == &entity) {
        return draft;
      }
    }
  }
  return nullptr;
}

Value World::value(const Entity& entity, const Id& row, const Field& field) const {
  if (field.derived()) {
    return records_.derived_value(entity, row, field, drafts_);
  }
  const Draft* draft = find(entity, row);
  return draft != nullptr ? draft->value(field) : records_.value(entity, row, field);
}

bool World::is_live(const Entity& entity, const Id& row) const {
  if (const Draft* draft = find(entity, row)) {
    return !draft->remove && (draft->is_new || draft->restore || (draft->before && !draft->before->deleted));
  }
  return records_.is_live(entity, row);
}

std::vector<Id> World::referring(const Entity& entity, const Field& field, const Id& target) const {
  return target.empty() ? std::vector<Id>() : rows_with(entity, field, target);
}

std::vector<Id> World::rows_with(const Entity& entity, const Field& field, const Value& value) const {
  std::vector<Id> rows = records_.rows_with(entity, field, value, most_rows);
  std::erase_if(rows, [&](const Id& row) {
    const Draft* draft = find(entity, row);
    return draft != nullptr && (draft->remove || draft->value(field) != value);
  });
  const Id target = id_or_empty(value);
  const auto* drafted = [&]() -> const std::vector<const Draft*>* {
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

bool World::leads_to(const Entity& entity, const Id& start, const Field& field, const Id& row) const {
  std::unordered_set<Id, IdHash> passed;  // a circle that does not pass through `row` ends the walk
  Id present = start;
  while (!present.empty() && present != row && passed.insert(present).second) {
    present = id_or_empty(value(entity, present, field));
  }
  return present == row;
}

}  // namespace kehubu
