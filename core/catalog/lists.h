// The choice lists, by name. A list marked editable may get further values as records of dict_item.
#pragma once

#include "core/catalog/catalog.h"

namespace kehubu::lists {

// Lists of our own organisation and of products.
extern const ChoiceList org_kind, role, employee_status, product_category, packaging;
// Lists of customers and their contacts.
extern const ChoiceList party_type, customer_nature, ownership, business_form, company_size, industry,
    customer_source, customer_grade, importance, customer_class, evaluation_category, progress_tag,
    segment_tag, business_type, coop_status, business_condition, transport_mode, distribution_mode,
    lifecycle_stage, follow_bucket, member_level, record_status, gender, contact_role, decision_role, contact_group,
    marital_status, zodiac, constellation;
// Lists of interactions, opportunities, contracts and terms of trade.
extern const ChoiceList interaction_status, interaction_kind, visit_scenario, carried_material, intent_level, opp_stage,
    lost_reason, contract_kind, contract_status, billing_mode, payment_method, payment_term,
    trade_mode, settlement_method, discount_kind, rebate_kind;

}  // namespace kehubu::lists
