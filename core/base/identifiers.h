// Numbers that people copy by hand: telephones, bank accounts, tax and licence numbers, codes. One way to write each of them
// and one way to judge them, for everything that stores, checks, imports or compares them.
//
// Nothing here fails: a text that is no such number comes back tidied as far as it can be, and is judged `none`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kehubu {

// Full-width characters made half-width, every kind of hyphen one hyphen, blanks at the ends dropped. What groups the digits
// for a reader stays as it was written: "１３８－００１３ ８０００" → "138-0013 8000".
[[nodiscard]] std::string tidy_phone(std::string_view text);

enum class PhoneKind : std::uint8_t {
  none,
  mobile,         // 1[3-9] and nine digits, with or without +86
  land_line,      // 0, the area and seven or eight digits; an extension behind 转, 分机, ext, x, # or a hyphen
  service,        // 400 and 800 numbers
  international,  // + and 7–15 digits
  local,          // seven or eight digits without an area
  short_number,   // 95123, 10086
};
// Of one number. Several in one text are judged by is_phone_number().
[[nodiscard]] PhoneKind phone_kind(std::string_view text);
// R-VAL-07: every number in the text is one; "13912345678/010-61232209" holds two.
[[nodiscard]] bool is_phone_number(std::string_view text);
// Each number of the text as it is written there, and as a telephone dials it: digits, an extension behind the comma that waits
// for the line: "010-61230001转8001" → "01061230001,8001". None where R-VAL-07 finds none.
struct PhoneNumber {
  std::string written;
  std::string dialled;
};
[[nodiscard]] std::vector<PhoneNumber> phone_numbers(std::string_view text);
// Digits of the first number without +86, 0086 and extension: two ways to write one number give the same. "" for none.
[[nodiscard]] std::string phone_key(std::string_view text);

// Digits and letters in half width, without blanks and hyphens: "6222-0212 3456" → "622202123456".
[[nodiscard]] std::string tidy_bank_account(std::string_view text);
// The same in capitals: "9131 0100 ma1f…" → "91310100MA1F…".
[[nodiscard]] std::string tidy_tax_number(std::string_view text);

// An address of the web as it is stored, with its scheme in small letters: "www.bohai.cn" → "https://www.bohai.cn",
// "HTTP://Bohai.cn/" → "http://Bohai.cn/". Empty for what is none for certain: 无, two addresses, ftp:, mailto:, a name.
[[nodiscard]] std::optional<std::string> tidy_web_address(std::string_view text);

}  // namespace kehubu
