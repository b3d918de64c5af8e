// Several rows of the table `conflict` that are one question: fields that follow from one choice (Together), and marks of which only one
// may be given, about which people decided differently.
#include <algorithm>
#include <map>
#include <set>

#include "core/base/sort.h"
#include "core/rules/merge_rules.h"
#include "core/store/choice_sides.h"
#include "core/store/conflict_keys.h"
#include "core/store/read_if_there.h"
#include "core/sync/conflicts.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr int most_steps = 64;  // of one device, choosing again and again without having heard of the others

}  // namespace

// Whoever edits a field alone is asked about it alone; where its choice is a question, that is asked.
Status Conflicts::ask_as_one(std::vector<Row>& rows) {
  std::set<std::string, std::less<>> choices;
  std::map<std::string, std::vector<std::size_t>> marks;  // by the question that they are part of
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const Row& row = rows[index];
    const Entity* entity = row.kind == ConflictKind::field ? find_entity(row.entity) : nullptr;
    if (entity == nullptr) {
      continue;
    }
    if (find_together(row.entity, row.field) != nullptr) {
      choices.insert(row.key);
    }
    for (const Table::OnlyOneRule& rule : materialiser_.tables().of(*entity).only_ones) {
      const bool is_mark = rule.mark >= 0 && entity->fields[static_cast<std::size_t>(rule.mark)].id == row.field;
      KEHUBU_TRY_ASSIGN(record, is_mark ? read_if_there(store_, *entity, row.row) : Result<std::optional<Record>>());
      if (!record || is_null(record->values[rule.alike.front()])) {
        continue;
      }
      std::vector<Value> alike;
      std::ranges::transform(rule.alike, std::back_inserter(alike), [&](std::size_t field) { return record->values[field]; });
      KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*entity, row.row, row.field));
      bool gives_or_takes = true;  // a plan that took place is more than a plan
      for (const Version head : heads) {
        KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, row.field));
        gives_or_takes = gives_or_takes && (value == rule.marked || value == rule.unmarked);
      }
      if (gives_or_takes) {
        marks[conflict_key(StoredConflict::only_one, *entity, {}, nullptr, only_one_detail(rule, alike))].push_back(index);
      }
    }
  }
  std::set<std::size_t> asked_elsewhere;
  for (const auto& [key, indexes] : marks) {
    const bool is_asked = std::ranges::find(rows, key, &Row::key) != rows.end();
    if (indexes.size() < 2 && !is_asked) {
      continue;
    }
    for (const std::size_t index : indexes) {
      const auto asked = is_asked ? std::ranges::find(rows, key, &Row::key) : rows.begin() + static_cast<std::ptrdiff_t>(indexes.front());
      asked->members.push_back(rows[index].row);
      index != indexes.front() || is_asked ? void(asked_elsewhere.insert(index)) : void();
    }
    if (!is_asked) {
      rows[indexes.front()].key = key;
      rows[indexes.front()].kind = ConflictKind::only_one;
      rows[indexes.front()].field.clear();
    }
  }
  std::size_t index = 0;
  std::erase_if(rows, [&](const Row& row) {
    const bool is_elsewhere = asked_elsewhere.contains(index++);
    const std::string_view lead = row.kind == ConflictKind::field && !choices.empty() ? lead_of(row.entity, row.field) : std::string_view();
    const Entity* entity = lead.empty() ? nullptr : find_entity(row.entity);
    return is_elsewhere || (entity != nullptr && choices.contains(conflict_key(StoredConflict::field, *entity, row.row, entity->find(lead), {})));
  });
  if (!marks.empty()) {
    kehubu::sort(rows, [](const Row& a, const Row& b) { return a.key < b.key; });
  }
  return {};
}

// Of each device that chose since: where it did so first, its sequence.
Result<std::map<DeviceNumber, std::int64_t>> Conflicts::first_chosen_since(std::span<const Version> base, std::span<const Version> heads, std::string_view lead) {
  std::set<Version> seen;
  for (const Version version : base) {
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(version, lead));
    seen.insert({version, said});
  }
  std::map<DeviceNumber, std::int64_t> first;
  std::vector<Version> waiting(heads.begin(), heads.end());
  for (int steps = 0; steps < most_steps * most_steps && !waiting.empty(); ++steps) {
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(waiting.back(), lead));
    waiting.pop_back();
    if (!seen.insert(said).second) {
      continue;
    }
    std::int64_t& sequence = first.try_emplace(said.device, said.sequence).first->second;
    sequence = std::min(sequence, said.sequence);
    KEHUBU_TRY_ASSIGN(before, materialiser_.heads_before(said, lead));
    std::ranges::copy_if(before, std::back_inserter(waiting), [&](Version version) { return !seen.contains(version); });
  }
  return first;
}

// A value that no side has, with what follows from it: what the rules make of it, and else what was before anybody chose.
Result<std::vector<Edit>> Conflicts::edits_for_choice(const Conflict& conflict, const Value& value) {
  const Edit alone{.entity = conflict.entity, .row = conflict.row, .fields = {{conflict.field, value}}};
  std::set<std::string, std::less<>> ruled;
  KEHUBU_TRY(store_.try_out([&]() -> Status {
    KEHUBU_TRY_ASSIGN(written, store_.write({&alone, 1}, {.kind = ChangeKind::resolve}));
    const DeviceNumber own = log_.device_number(store_.identity().device);
    return log_.for_each(own, written.action, log_.last_sequence(own), [&](const Change& change) -> Status {
      for (const FieldChange& cell : change.row == conflict.row ? std::span(change.fields) : std::span<const FieldChange>()) {
        ruled.insert(cell.field);
      }
      return {};
    });
  }));
  Edit whole = alone;
  for (const ConflictSide::Cell& cell : conflict.base) {
    if (!ruled.contains(cell.field->id)) {
      whole.fields.emplace_back(cell.field, cell.value);
    }
  }
  return std::vector<Edit>{std::move(whole)};
}

// Each side with the fields that follow from its choice (core/store/choice_sides.h).
Status Conflicts::complete_choice(Conflict& conflict, const Together& together, std::span<const Version> heads, std::span<const Version> base) {
  const Entity& entity = *conflict.entity;
  KEHUBU_TRY_ASSIGN(first_chosen, first_chosen_since(base, heads, together.lead));
  // What a field was before anybody chose who did so since: also where they have decided about it since, each in his own way.
  const auto value_before = [&](const Field& field, std::vector<Version> versions) -> Result<Value> {
    std::vector<Version> found;
    for (int steps = 0; steps < most_steps && found.empty() && !versions.empty(); ++steps) {
      std::vector<Version> before;
      for (const Version version : versions) {
        KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(version, field.id));
        const auto chosen = first_chosen.find(said.device);
        if (chosen == first_chosen.end() || said.sequence < chosen->second) {
          found.push_back(version);
          continue;
        }
        KEHUBU_TRY_ASSIGN(older, materialiser_.heads_before(said, field.id));
        std::ranges::copy_if(older, std::back_inserter(before), [&](Version one) { return std::ranges::find(before, one) == before.end(); });
      }
      versions = std::move(before);
    }
    return found.empty() ? Result<Value>(Value()) : materialiser_.standing_value(entity, field.id, found);
  };
  KEHUBU_TRY_ASSIGN(following, what_follows(materialiser_, entity, conflict.row, together, heads, base));
  for (Following& one : following) {
    for (std::size_t choice = 0; choice < heads.size(); ++choice) {
      conflict.sides[choice].cells.push_back({&entity, conflict.row, one.field, std::move(one.values[choice])});
    }
    KEHUBU_TRY_ASSIGN(was, value_before(*one.field, one.versions));
    conflict.base.push_back({&entity, conflict.row, one.field, std::move(was)});
  }
  return {};
}

// No two sides lead to the same; what follows is told with each, and with the question.
Status Conflicts::unite_sides(Conflict& conflict) {
  std::vector<ConflictSide> sides;
  for (ConflictSide& side : conflict.sides) {
    const auto same = std::ranges::find_if(sides, [&](const ConflictSide& one) {
      return std::ranges::equal(one.cells, side.cells, [](const auto& a, const auto& b) { return a.field == b.field && a.value == b.value; });
    });
    if (same == sides.end()) {
      sides.push_back(std::move(side));
      continue;
    }
    for (const Version head : side.heads) {
      KEHUBU_TRY(add_head(*same, head, conflict.field->id));
    }
  }
  for (ConflictSide& side : sides) {
    for (std::size_t index = 1; index < side.cells.size(); ++index) {
      const ConflictSide::Cell& cell = side.cells[index];
      const Sentence value = value_words(store_, *cell.field, cell.value);
      side.effects.push_back({Effect::Kind::changed, {cell.entity, cell.row}, {substitute("{}“{}”", {cell.field->zh, value.zh}), substitute("{} \"{}\"", {cell.field->en, value.en})}});
    }
  }
  conflict.sides = std::move(sides);
  return {};
}

}  // namespace kehubu
