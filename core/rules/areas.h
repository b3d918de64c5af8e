// The rules of each business area. prepare_*: what follows from a draft; check_*: what is wrong with it.
#pragma once

#include "core/rules/action.h"

namespace kehubu {

void prepare_customer(Action& action, Draft& draft);
void check_customer(Action& action, const Draft& draft);

void prepare_contact(Action& action, Draft& draft);
void prepare_contact_removal(Action& action, const Draft& draft);
void check_contact(Action& action, const Draft& draft);

void prepare_interaction(Action& action, Draft& draft);
void check_interaction(Action& action, const Draft& draft);

void prepare_opportunity(Action& action, Draft& draft);
void check_opportunity(Action& action, const Draft& draft);

void prepare_contract(Action& action, Draft& draft);
void check_contract(Action& action, const Draft& draft);
void prepare_contract_line(Action& action, Draft& draft);
void check_contract_line(Action& action, const Draft& draft);

void check_product(Action& action, const Draft& draft);
void check_org_unit(Action& action, const Draft& draft);
void check_employee(Action& action, const Draft& draft);
void check_dict_item(Action& action, const Draft& draft);

// Days, percentages and amounts that a payment term needs; of customers and contracts.
void check_payment_term(Action& action, const Draft& draft);

// R-LEV-01, R-LEV-02: odds in basis points and the expected date (ISO, may be empty), as of a day.
[[nodiscard]] std::string_view suggested_level(std::int64_t probability, std::string_view expected_close,
                                               std::string_view today);
// R-OPP-01: basis points.
[[nodiscard]] std::int64_t stage_probability(std::string_view stage);

}  // namespace kehubu
