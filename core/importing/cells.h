// Cells: what a spreadsheet's cell looks like, and what it says as the value of a field. Private to importing/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/date.h"
#include "core/base/result.h"
#include "core/base/value.h"
#include "core/catalog/catalog.h"

namespace kehubu {

[[nodiscard]] inline bool is_one_of(std::string_view text, std::span<const std::string_view> words) { return std::ranges::find(words, text) != words.end(); }

// --- what it looks like; "" looks like nothing
[[nodiscard]] bool looks_like_phone(std::string_view cell);   // a Chinese mobile, a land line with area code, 400 …
[[nodiscard]] bool looks_like_mobile(std::string_view cell);
[[nodiscard]] bool looks_like_email(std::string_view cell);
[[nodiscard]] bool looks_like_date(std::string_view cell);    // a written date, not a serial number and not 20240105
[[nodiscard]] bool looks_like_day(std::string_view cell);     // anything that read_day() reads in a column of dates
[[nodiscard]] bool is_serial_day(std::string_view cell);      // five digits, 1927 … 2099 as Excel counts days
[[nodiscard]] bool looks_like_number(std::string_view cell);  // with or without a unit: 609099.56, 35 岁, 5万

// A cell as it is read. Unless the file marks it as text, remains of other programs are taken away: marks that nobody sees
// (U+200E, U+2060 …), control characters, _x000D_, &amp;, and words that say nothing (#N/A, nan, NULL, —).
struct CleanCell {
  std::string text;      // trimmed; line breaks within are kept
  bool changed = false;  // something else than outer blanks was taken away
  bool emptied = false;  // it said something, but nothing that is a value
};
[[nodiscard]] CleanCell read_clean(std::string_view cell, bool marked_as_text);
[[nodiscard]] inline std::string clean_cell(std::string_view cell) { return read_clean(cell, false).text; }
// What people see of a text: without marks that nobody sees, with plain blanks.
[[nodiscard]] std::string visible_text(std::string_view text);
// 无, 暂无, 没有, 不详: blank in every column that holds neither names nor free text of several lines.
[[nodiscard]] bool says_nothing(std::string_view cell);
[[nodiscard]] bool takes_words_for_nothing(const Field& field);
[[nodiscard]] bool is_ditto(std::string_view cell);  // 同上, 〃: what stands above, once more
// =HYPERLINK("http://a.cn","甲公司") → "http://a.cn", "甲公司".
struct Hyperlink {
  std::string address, text;
};
[[nodiscard]] std::optional<Hyperlink> read_hyperlink(std::string_view cell);
[[nodiscard]] bool looks_misread(std::string_view cell);       // 锟斤拷, M黮ler, ???: read in another encoding than it was written in
[[nodiscard]] bool was_mangled(std::string_view cell);         // 1.38E+11: Excel writes so what has twelve digits and more, and forgets the rest
[[nodiscard]] bool looks_like_formula(std::string_view cell);  // =1+2, =T(A1): the formula instead of what it gives
// What read_clean() would take for remains is written so that it comes back: for export.
[[nodiscard]] std::string escape_remains(std::string_view text);

// "总资产（万元）", "总资产/万元", "总资产：万元", "总资产万元" → name "总资产", unit "万元". Both folded; marks of a required column (*)
// and colons are dropped. Without brackets only what is a unit for certain is one.
struct Heading {
  std::string name;
  std::string unit;  // "" when there is none
};
[[nodiscard]] Heading read_heading(std::string_view heading);
// 10^n of a unit of money: 万元 → 4, 百万 → 6, w → 4, 元 and "" → 0. Empty for what is no unit of money in yuan.
[[nodiscard]] std::optional<int> decimals_of_unit(std::string_view folded_unit);
[[nodiscard]] bool is_foreign_money(std::string_view folded_unit);  // 万美元, usd

// How a column writes its values, found once from its heading and its cells.
struct ColumnFormat {
  int extra_decimals = 0;       // 万元: 4, 亿元: 8, 千元: 3
  bool fractions = false;       // rates written as 0.95 for 95 %
  bool mixed_rates = false;     // both 0.95 and 95: what the former and 1 mean is not certain
  bool serial_dates = false;    // most dates are Excel's serial numbers, so even unlikely ones are
  bool decimal_tails = false;   // every number ends in .0, as programs write that take codes for numbers
  bool ages = false;            // what is below 130 counts years lived, and names no year of birth
  bool some_multiplied = false; // some amounts are written in 万, so what a small bare one is in is not certain
  bool foreign_unit = false;    // the heading, or the cell of the unit beside it, names one that is not ours or not understood: 万美元
};

struct CellValue {
  Value value;                   // null when the cell cannot be read as the field wants it
  std::optional<Sentence> hint;  // why it cannot, or what was changed in reading it
  bool keep_text = false;        // the value does not say all that the cell says: keep its text in the remark
  bool unknown_choice = false;   // the text is no choice yet and is not to become one
  bool changed = false;          // written in another way than in the cell, which means the same
};
// Texts, numbers, dates and booleans of a clean cell that is not empty; choices and references are read with the store.
[[nodiscard]] CellValue read_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year);

// The part of read_cell() for numbers of all kinds, in cell_numbers.cpp.
[[nodiscard]] CellValue read_number_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year);

// The day that a cell of a column of dates names, in China: 2024-01-05, 2024年1月5日 星期五, 二〇二四年一月五日, 民国113年1月5日,
// Jan 5, 2024, 20240105, 2024/1/5 3:05 PM, 2024-01-05T16:00:00Z (the 6th), 45296, 1704412800000. Empty for what names no day for certain: 2019, 2024.5, 24/1/5, 5.
[[nodiscard]] std::optional<Date> read_day(std::string_view cell, bool serial_dates);

// An instant as programs count it, in milliseconds or seconds since 1970.
[[nodiscard]] std::optional<std::int64_t> milliseconds_of(std::string_view digits);

// Longest text of a field, in code points.
[[nodiscard]] std::size_t length_limit(const Field& field);

}  // namespace kehubu
