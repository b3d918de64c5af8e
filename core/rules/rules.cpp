#include "core/rules/areas.h"
#include "core/rules/merge_rules.h"

namespace kehubu {
namespace {

struct AreaRules {
  std::string_view entity;
  void (*prepare)(Action&, Draft&);
  void (*check)(Action&, const Draft&);
};

constexpr AreaRules all_rules[] = {
    {"customer", prepare_customer, check_customer},
    {"contact", prepare_contact, check_contact},
    {"interaction", prepare_interaction, check_interaction},
    {"opportunity", prepare_opportunity, check_opportunity},
    {"contract", prepare_contract, check_contract},
    {"contract_line", prepare_contract_line, check_contract_line},
    {"product", nullptr, check_product},
    {"org_unit", nullptr, check_org_unit},
    {"employee", nullptr, check_employee},
    {"dict_item", nullptr, check_dict_item},
};

const AreaRules* rules_of(const Entity& entity) {
  for (const AreaRules& rules : all_rules) {
    if (rules.entity == entity.id) {
      return &rules;
    }
  }
  return nullptr;
}

}  // namespace

void prepare_draft(Action& action, Draft& draft) {
  const AreaRules* rules = rules_of(*draft.entity);
  if (draft.remove) {
    if (draft.entity->id == "contact") {
      prepare_contact_removal(action, draft);
    }
  } else if (rules != nullptr && rules->prepare != nullptr) {
    rules->prepare(action, draft);
  }
}

// Of a record that comes back from the bin, too. A new one leads back only where the same action refers to it.
void check_hierarchies(Action& action, const Draft& draft) {
  for (const Hierarchy& hierarchy : hierarchies()) {
    if (hierarchy.entity != draft.entity->id || draft.is_empty(hierarchy.field) || (!draft.restore && !draft.changes(hierarchy.field)) ||
        (draft.is_new && !action.is_referred_to(draft.row))) {
      continue;
    }
    if (action.leads_to(*draft.entity, draft.reference(hierarchy.field), hierarchy.field, draft.row)) {
      action.problem_about(draft, *draft.entity->find(hierarchy.field), "{}不能形成循环：顺着它会回到这条记录自己", "{} must not lead back: following it comes to this record again", {});
    }
  }
}

void check_draft(Action& action, const Draft& draft) {
  check_hierarchies(action, draft);
  const AreaRules* rules = rules_of(*draft.entity);
  if (rules != nullptr && rules->check != nullptr) {
    rules->check(action, draft);
  }
}

}  // namespace kehubu
