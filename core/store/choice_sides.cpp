// See choice_sides.h.
#include "core/store/choice_sides.h"

#include <algorithm>
#include <set>

#include "core/rules/merge_rules.h"

namespace kehubu {
namespace {

constexpr int most_steps = 64;  // of one device, choosing again and again without having heard of the others

std::vector<const Field*> fields_of(const Entity& entity, std::string_view names) {
  std::vector<const Field*> fields;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('|'), names.size());
    fields.push_back(entity.find(names.substr(0, end)));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return fields;
}

}  // namespace

Result<std::vector<Version>> base_of_values(Materialiser& materialiser, std::string_view field, std::span<const Version> heads) {
  return materialiser.agreed_base(field, heads, [&](std::span<const Version> base) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(value, materialiser.value_at(base.front(), field));
    for (const Version& version : base) {
      KEHUBU_TRY_ASSIGN(other, materialiser.value_at(version, field));
      if (other != value) {
        return false;
      }
    }
    return true;
  });
}

Result<std::vector<Following>> what_follows(Materialiser& materialiser, const Entity& entity, const Id& row, const Together& together,
                                            std::span<const Version> heads, std::span<const Version> base, std::size_t sides) {
  std::vector<Version> chosen_first;  // of each head: where its device began to choose, not knowing of the others
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(first, materialiser.said_by(head, together.lead));
    for (int steps = 0; steps < most_steps; ++steps) {
      KEHUBU_TRY_ASSIGN(before, materialiser.heads_before(first, together.lead));
      if (before.size() != 1 || before.front().device != first.device || std::ranges::find(base, before.front()) != base.end()) {
        break;
      }
      first = before.front();
    }
    chosen_first.push_back(first);
  }
  // Whose word a version of a field is: its device's, where that chose, else the one's on which it builds, where that is one alone.
  const auto choice_of = [&](const Field& field, Version version) -> Result<std::size_t> {
    std::set<std::size_t> found;
    std::vector<Version> waiting{version};
    for (int steps = 0; steps < most_steps && !waiting.empty(); ++steps) {
      KEHUBU_TRY_ASSIGN(said, materialiser.said_by(waiting.back(), field.id));
      waiting.pop_back();
      const auto same = std::ranges::find_if(chosen_first, [&](Version first) { return first.device == said.device && first.sequence <= said.sequence; });
      if (same != chosen_first.end()) {
        found.insert(static_cast<std::size_t>(same - chosen_first.begin()));
        continue;
      }
      KEHUBU_TRY_ASSIGN(before, materialiser.heads_before(said, field.id));
      waiting.insert(waiting.end(), before.begin(), before.end());
    }
    return found.size() == 1 ? *found.begin() : chosen_first.size();
  };
  const auto value_with = [&](const Field& field, std::size_t choice) -> Result<Value> {
    KEHUBU_TRY_ASSIGN(versions, materialiser.shown_heads(entity, row, field.id));
    for (int steps = 0; steps < most_steps && !versions.empty(); ++steps) {
      std::vector<Version> own, nobodys, before;
      for (const Version version : versions) {
        KEHUBU_TRY_ASSIGN(owner, choice_of(field, version));
        owner == choice ? own.push_back(version) : owner == chosen_first.size() ? nobodys.push_back(version) : void();
        KEHUBU_TRY_ASSIGN(said, materialiser.said_by(version, field.id));  // a decision that was taken back has said nothing
        KEHUBU_TRY_ASSIGN(older, materialiser.heads_before(said, field.id));
        before.insert(before.end(), older.begin(), older.end());
      }
      if (!own.empty() || !nobodys.empty()) {
        return materialiser.standing_value(entity, field.id, own.empty() ? nobodys : own);
      }
      versions = std::move(before);
    }
    return Value();
  };
  std::vector<Following> following;
  for (const Field* field : fields_of(entity, together.follow)) {
    Following one{.field = field, .values = {}, .versions = {}};
    for (std::size_t choice = 0; choice < std::min(heads.size(), sides); ++choice) {
      KEHUBU_TRY_ASSIGN(value, value_with(*field, choice));
      one.values.push_back(std::move(value));
    }
    KEHUBU_TRY_ASSIGN(versions, materialiser.shown_heads(entity, row, field->id));
    std::vector<Value> said = one.values;  // with what nobody said who chose
    for (const Version version : versions) {
      KEHUBU_TRY_ASSIGN(value, materialiser.value_at(version, field->id));
      said.push_back(std::move(value));
    }
    if (std::ranges::any_of(said, [&](const Value& value) { return value != said.front(); })) {
      one.versions = std::move(versions);
      following.push_back(std::move(one));
    }
  }
  return following;
}

}  // namespace kehubu
