#include "core/rules/areas.h"

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

void check_draft(Action& action, const Draft& draft) {
  const AreaRules* rules = rules_of(*draft.entity);
  if (rules != nullptr && rules->check != nullptr) {
    rules->check(action, draft);
  }
}

}  // namespace kehubu
