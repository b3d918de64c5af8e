// The rules of each business area, each table in the area's file, and what several files share.
#pragma once

#include "core/rules/rule.h"

namespace kehubu {

[[nodiscard]] std::span<const Rule> organisation_rules();
[[nodiscard]] std::span<const Rule> product_rules();
[[nodiscard]] std::span<const Rule> customer_rules();
[[nodiscard]] std::span<const Rule> contact_rules();
[[nodiscard]] std::span<const Rule> opportunity_rules();
[[nodiscard]] std::span<const Rule> interaction_rules();
[[nodiscard]] std::span<const Rule> contract_rules();

// R-LEV-01, R-LEV-02: odds in basis points and the expected date (ISO, may be empty), as of a day.
[[nodiscard]] std::string_view suggested_level(std::int64_t probability, std::string_view expected_close, std::string_view today);
// R-OPP-01: basis points.
[[nodiscard]] std::int64_t stage_probability(std::string_view stage);

}  // namespace kehubu
