// Validation: what can be said of a value by its declaration alone, in sentences. Rules that look at more than one
// value live in core/rules/.
#pragma once

#include "core/rules/action.h"
#include "core/rules/findings.h"

namespace kehubu {

// Unicode code points of texts whose field declares no limit. A cell of a spreadsheet has at most 32,767, and a remark may
// have to keep several of them.
inline constexpr std::uint32_t default_text_limit = 200;
inline constexpr std::uint32_t default_long_text_limit = 100'000;

// As it is stored: blanks around texts dropped, empty texts null, telephones and account numbers written in one way
// (core/base/identifiers.h), web sites completed with https://, several choices each once.
[[nodiscard]] Value normalised(const Field& field, Value value);

// The declared default for a new record: null when it has none.
[[nodiscard]] Value default_value(const Field& field, const World& world);

// Type, length, range, format, list and reference of one value.
void check_value(const World& world, Findings& found, const Draft& draft, const Field& field, const Value& value,
                 std::span<const Store::ChoiceLabel> choices);

// What the draft brings back, or gives a value again, refers to nothing that is deleted and stays so: that comes back first.
void check_references_brought_back(Store& store, const World& world, Findings& found, const Draft& draft);

// The field, if any, that the draft changes of a fact which was closed before this action, and which does not stay open.
[[nodiscard]] const Field* changes_closed_fact(const Draft& draft);

// R-VAL-08
[[nodiscard]] bool is_email_address(std::string_view text);

}  // namespace kehubu
