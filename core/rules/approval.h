// What was approved (docs/store.md): a document that is in force stands at the amount at which somebody put it in force.
#pragma once

#include <string_view>

#include "core/base/value.h"
#include "core/catalog/catalog.h"
#include "core/rules/action.h"
#include "core/rules/findings.h"

namespace kehubu {

// Whether a document is approved by giving its field this value.
[[nodiscard]] bool puts_in_force(const Entity& document, const Field& field, const Value& value);
// Whether this field of a document or of its lines is one of its amounts. Which lines it has is one, too.
[[nodiscard]] bool is_amount(const Entity& entity, const Field& field);
// Whether a document is over by the value of its field: its amounts do not change any more.
[[nodiscard]] bool keeps_amounts(const Entity& document, const Field& field, const Value& value);
// The value that the field has once an action has changed the document's amounts.
[[nodiscard]] Value without_approval(const Entity& document, const Field& field, const Value& value);

// Takes documents whose amounts an action changes out of force again; opens and sets their drafts. For every action but the choice
// between a document's sides. It comes to rest: what it has withdrawn it leaves alone.
void withdraw_approvals(Action& action);
// What is wrong with changing the amounts of documents, and that they need approving again.
void check_approvals(const World& world, Findings& found);

}  // namespace kehubu
