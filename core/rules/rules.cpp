#include <algorithm>
#include <map>

#include "core/rules/areas.h"
#include "core/rules/merge_rules.h"

namespace kehubu {
namespace {

bool writes_any(const Draft& draft, std::span<const Field* const> fields) {
  return std::ranges::any_of(draft.cells, [&](const Draft::Cell& cell) { return std::ranges::find(fields, cell.field) != fields.end(); });
}

std::span<const Field* const> fields_of(const Rule& rule) {
  return std::span(rule.reads).first(static_cast<std::size_t>(std::ranges::find(rule.reads, nullptr) - rule.reads.begin()));
}

using ByPhase = std::array<std::vector<const Rule*>, 3>;

const std::map<const Entity*, ByPhase>& rules_by_entity() {
  static const std::map<const Entity*, ByPhase> all = [] {
    std::map<const Entity*, ByPhase> by_entity;
    for (const std::span<const Rule> area : all_rules()) {
      for (const Rule& rule : area) {
        by_entity[rule.entity][static_cast<std::size_t>(rule.phase)].push_back(&rule);
      }
    }
    return by_entity;
  }();
  return all;
}

}  // namespace

bool Rule::concerns(const Draft& draft) const {
  if (draft.remove) {
    return (on & on_remove) != 0;
  }
  if (draft.is_new) {
    return (on & on_create) != 0;
  }
  if (draft.restore && (on & on_restore) != 0) {
    return true;
  }
  return ((on & on_change) != 0 && writes_any(draft, fields_of(*this))) || ((on & on_touch) != 0 && !draft.cells.empty());
}

bool may_read(const Rule& rule, const Field& field) { return std::ranges::find(fields_of(rule), &field) != fields_of(rule).end(); }

std::span<const std::span<const Rule>> all_rules() {
  static const std::span<const Rule> areas[] = {organisation_rules(), product_rules(),     customer_rules(), contact_rules(),
                                                opportunity_rules(),  interaction_rules(), contract_rules()};
  return areas;
}

std::span<const Rule* const> rules_of(const Entity& entity, Phase phase) {
  const auto found = rules_by_entity().find(&entity);
  return found != rules_by_entity().end() ? std::span<const Rule* const>(found->second[static_cast<std::size_t>(phase)])
                                          : std::span<const Rule* const>();
}

// Of a record that comes back from the bin, too. A new one leads back only where the same action refers to it.
void check_hierarchies(const World& world, Findings& found, const Draft& draft) {
  for (const Hierarchy& hierarchy : hierarchies()) {
    if (hierarchy.entity != draft.entity->id) {
      continue;
    }
    const Field& field = *draft.entity->find(hierarchy.field);
    const bool looked_at = draft.is_new ? world.is_referred_to(draft.row) : draft.restore || draft.changes(field);
    if (looked_at && !draft.is_empty(field) && world.leads_to(*draft.entity, draft.reference(field), field, draft.row)) {
      found.problem_about(draft, field, "{}不能形成循环：顺着它会回到这条记录自己",
                          "{} must not lead back: following it comes to this record again");
    }
  }
}

void complete_draft(Action& action, Draft& draft, Phase phase) {
  for (const Rule* rule : rules_of(*draft.entity, phase)) {
    if (rule->concerns(draft)) {
      rule->completes(action, draft, *rule);
    }
  }
}

void check_draft(const World& world, Findings& found, const Draft& draft) {
  if (!draft.remove) {
    check_hierarchies(world, found, draft);
  }
  for (const Rule* rule : rules_of(*draft.entity, Phase::check)) {
    if (rule->concerns(draft)) {
      rule->checks(world, found, draft, *rule);
    }
  }
}

}  // namespace kehubu
