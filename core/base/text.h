// Text: UTF-8 helpers, folding, and what search and sorting make of Chinese names.
//
// All text in the core is UTF-8. No function here fails: broken sequences read as U+FFFD, so that text of any origin
// can be shown, searched and sorted. Money, quantities and dates as text: money.h and date.h, included from here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/date.h"
#include "core/base/money.h"

namespace kehubu {

[[nodiscard]] bool is_valid_utf8(std::string_view text);               // no overlong forms, no surrogates, ≤ U+10FFFF
[[nodiscard]] std::size_t count_code_points(std::string_view text);
// Reads one code point at `position` and advances it; U+FFFD for a broken sequence (advances by one byte).
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& position);
void append_utf8(std::string& text, char32_t code_point);
[[nodiscard]] std::string_view trim(std::string_view text);            // ASCII blanks, U+3000, U+00A0, U+FEFF
[[nodiscard]] bool is_han(char32_t code_point);                        // a hanzi, 〇 included

// Full-width forms to half-width ones, nothing else: "１２，３４５．６" → "12,345.6". What numbers and dates are read from.
[[nodiscard]] std::string half_width(std::string_view text);

// Full-width to half-width, lower case, blanks dropped: two texts that a person would call the same fold to the same.
[[nodiscard]] std::string fold(std::string_view text);

// What search looks in: folded text, then full pinyin, then initials, each once, separated by U+0001.
// "博海餐饮" → "博海餐饮\1bohaicanyin\1bhcy". Characters with several readings give each of the first two readings of
// the whole name at most 4 combinations: "银行" is found by yinhang and yinxing, yh and yx. A text without hanzi is
// only folded; of a text longer than a name (40 characters) only the first readings are kept.
[[nodiscard]] std::string search_text(std::string_view text);

// Bytes for sorting names as a Chinese phone book does: by the pinyin of the first character, then by the character
// itself, then the second, and so on; digits before Latin letters, mixed with pinyin. A person's surname is read as a
// surname (单雄信 under S). Compare with memcmp; not for showing.
[[nodiscard]] std::string pinyin_sort_key(std::string_view text);

}  // namespace kehubu
