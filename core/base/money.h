// Money, quantities and rates: whole numbers of a small unit, and how the place writes them (R-GEN-01 … R-GEN-04).
//
// Money is int64 fen (分), quantities are thousandths, rates are basis points (1 % = 100). Everything that is parsed
// lies within ±(2^53 − 1), so that it may travel in a bundle; format functions take any int64.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace kehubu {

// "4,260.00"; accepts "4260", "4,260.5", "¥4,260.00", "4260元", "5万", "1.2亿元", full-width digits; at most two decimals.
[[nodiscard]] std::string format_money(std::int64_t fen);
[[nodiscard]] Result<std::int64_t> parse_money(std::string_view text);
// As cheques and contracts want it: 4260.00 → 肆仟贰佰陆拾元整, 4260.05 → 肆仟贰佰陆拾元零伍分.
[[nodiscard]] std::string money_in_capitals(std::int64_t fen);

// At most three decimals, as few as needed: 2500 → "2.5", 1200000 → "1,200".
[[nodiscard]] std::string format_quantity(std::int64_t thousandths);
[[nodiscard]] Result<std::int64_t> parse_quantity(std::string_view text);

// "95 %", "12.5 %"; accepts "95", "95%", "12.5 ％": the number is always percent; at most two decimals.
[[nodiscard]] std::string format_percent(std::int64_t basis_points);
[[nodiscard]] Result<std::int64_t> parse_percent(std::string_view text);

// The number × 10^decimals, exactly. Accepts a sign, thousands separators at their places, full-width digits, and
// accountants' brackets for negative numbers; surplus decimals must be zeros. `decimals` ≤ 12.
// Reading 万元 as fen is parse_fixed(text, 2 + 4).
[[nodiscard]] Result<std::int64_t> parse_fixed(std::string_view text, int decimals);

// a × b ÷ divisor, rounded half away from zero, 128-bit in between (R-GEN-04); empty on overflow of 64 bits and for
// divisor 0: a rate of nothing is unknown, not 0 (R-GEN-03).
[[nodiscard]] std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor);

}  // namespace kehubu
