// What a merge settles of fields that follow from a choice (Together, core/rules/merge_rules.h): while that is a question, what stands is
// the side that stands, whole.
#include <algorithm>

#include "core/rules/merge_rules.h"
#include "core/store/choice_sides.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {

Result<bool> Materialiser::Parts::is_question(const Table& table, std::size_t field) {
  const SymbolNumber symbol = table.field_symbols[field];
  const std::span<const Head> cell = heads_of(heads, symbol);
  if (cell.size() < 2) {
    return false;
  }
  KEHUBU_TRY(load_candidates(symbol, cell));
  return !candidates_agree();
}

Result<bool> Materialiser::Parts::follows_question(const Table& table, std::size_t field) {
  const int choice = table.choice_of[field];
  return choice < 0 ? Result<bool>(false) : is_question(table, table.choices[static_cast<std::size_t>(choice)].lead);
}

// Of a choice that is a question: the fields in which the side that stands differs from what would stand by itself, as that side has them.
// Another record may be loaded after it.
Result<std::vector<std::pair<std::size_t, Value>>> Materialiser::Parts::following(const Table& table, const Table::Choice& choice, const Id& row) {
  const std::string_view lead = table.entity->fields[choice.lead].id;
  KEHUBU_TRY_ASSIGN(versions, whole.heads(*table.entity, row, lead));  // the least first, which stands
  KEHUBU_TRY_ASSIGN(base, base_of_values(whole, lead, versions));
  KEHUBU_TRY_ASSIGN(followed, what_follows(whole, *table.entity, row, *choice.together, versions, base, 1));
  std::vector<std::pair<std::size_t, Value>> values;
  for (Following& one : followed) {
    values.emplace_back(static_cast<std::size_t>(one.field - table.entity->fields.data()), std::move(one.values.front()));
  }
  return values;
}

// Of a record of which some field is, or was, a question.
Status Materialiser::Parts::settle_choice(const Target& target) {
  const Table& table = *target.table;
  std::vector<std::pair<std::size_t, Value>> of_side;
  fresh.clear();
  replaced.clear();
  for (const Table::Choice& choice : table.choices) {
    KEHUBU_TRY(load(table, target.id));
    KEHUBU_TRY_ASSIGN(asks, (stored.flags & flag_removed) == 0 ? is_question(table, choice.lead) : Result<bool>(false));
    KEHUBU_TRY_ASSIGN(values, asks ? following(table, choice, target.id) : Result<decltype(of_side)>());
    std::ranges::move(values, std::back_inserter(of_side));
  }
  KEHUBU_TRY(load(table, target.id));
  texts_used = 0;
  assignments.clear();
  for (const Table::Choice& choice : table.choices) {
    for (const std::size_t field : choice.follow) {
      const std::span<const Head> cell = heads_of(heads, table.field_symbols[field]);
      const auto value = std::ranges::find(of_side, field, &std::pair<std::size_t, Value>::first);
      if (value != of_side.end()) {
        std::string packed_value;
        pack_value(packed_value, value->second);
        assignments.push_back({field, keep_text(packed_value)});
      } else if (!cell.empty()) {
        KEHUBU_TRY(load_candidates(table.field_symbols[field], cell));
        assignments.push_back({field, standing(table.entity->fields[field]).value});
      }
      if (std::ranges::find(table.hierarchies, field) != table.hierarchies.end()) {
        links.push_back({&table, field, target.id});
      }
    }
  }
  ruled.push_back(target);
  return store(table, target.id, stored.live, stored.flags);
}

}  // namespace kehubu
