// Text: UTF-8 helpers, folding for search, pinyin, and how the place writes money, quantities, dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace kehubu {

[[nodiscard]] bool is_valid_utf8(std::string_view text);               // no overlong forms, no surrogates, ≤ U+10FFFF
[[nodiscard]] std::size_t count_code_points(std::string_view text);
// Reads one code point at `position` and advances it; U+FFFD for a broken sequence (advances by one byte).
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& position);
void append_utf8(std::string& text, char32_t code_point);
[[nodiscard]] std::string_view trim(std::string_view text);            // ASCII blanks, U+3000, U+00A0, U+FEFF

// Full-width to half-width, lower case, blanks dropped: two texts that a person would call the same fold to the same.
[[nodiscard]] std::string fold(std::string_view text);
// What search looks in: folded text, then full pinyin, then initials, each once, separated by U+0001.
// "博海餐饮" → "博海餐饮\1bohaicanyin\1bhcy". Characters with several readings give each of the first two readings of
// the whole name at most 4 combinations.
[[nodiscard]] std::string search_text(std::string_view text);
[[nodiscard]] std::string pinyin_sort_key(std::string_view text);      // for sorting names as a Chinese phone book does

// Money is int64 fen. "4,260.00"; accepts "4260", "4,260.5", "¥4,260.00", full-width digits; at most two decimals.
[[nodiscard]] std::string format_money(std::int64_t fen);
[[nodiscard]] Result<std::int64_t> parse_money(std::string_view text);
[[nodiscard]] std::string money_in_capitals(std::int64_t fen);         // 肆仟贰佰陆拾元整
// Quantities are int64 thousandths, basis points int64 1/10000; at most three and two (of percent) decimals.
[[nodiscard]] std::string format_quantity(std::int64_t thousandths);
[[nodiscard]] Result<std::int64_t> parse_quantity(std::string_view text);
[[nodiscard]] std::string format_percent(std::int64_t basis_points);   // "95 %" / "12.5 %"
[[nodiscard]] Result<std::int64_t> parse_percent(std::string_view text);
// a × b ÷ divisor, rounded half away from zero, 128-bit in between (R-GEN-04); empty on overflow of 64 bits.
[[nodiscard]] std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor);

// Dates are ISO "2026-11-21"; date-times int64 milliseconds UTC, shown in UTC+8 (R-GEN-05).
struct Date {
  int year = 0, month = 0, day = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};
// Accepts 2026-11-21, 2026/1/5, 2026.1.5, 20261121, 2026年11月21日, and Excel's serial numbers when `spreadsheet`.
[[nodiscard]] Result<Date> parse_date(std::string_view text, bool spreadsheet = false);
[[nodiscard]] std::string iso_date(const Date& date);
[[nodiscard]] std::int64_t days_since_epoch(const Date& date);
[[nodiscard]] Date date_from_days(std::int64_t days);
[[nodiscard]] Date local_date(std::int64_t milliseconds_utc);          // in UTC+8
[[nodiscard]] std::string format_date_time(std::int64_t milliseconds_utc);          // "2026-11-21 00:30"
[[nodiscard]] Result<std::int64_t> parse_date_time(std::string_view text);          // local UTC+8 → UTC
[[nodiscard]] std::string relative_time(std::int64_t then, std::int64_t now, bool chinese);  // "3 天前", "yesterday"

}  // namespace kehubu
