// Cells: what a spreadsheet's cell looks like, and what it says as the value of a field. Private to importing/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/value.h"
#include "core/catalog/catalog.h"

namespace kehubu {

// --- what it looks like; "" looks like nothing
[[nodiscard]] bool looks_like_phone(std::string_view cell);   // a Chinese mobile, a land line with area code, 400 …
[[nodiscard]] bool looks_like_mobile(std::string_view cell);
[[nodiscard]] bool looks_like_email(std::string_view cell);
[[nodiscard]] bool looks_like_date(std::string_view cell);    // a written date, not a serial number
[[nodiscard]] bool looks_like_number(std::string_view cell);  // with or without a unit: 609099.56, 35 岁, 5万

// Trimmed, without control characters (line breaks within are kept), and empty for Excel's ways of saying nothing
// (#N/A, #REF!, NULL, —).
[[nodiscard]] std::string clean_cell(std::string_view cell);

// "总资产（万元）" → name "总资产", unit "万元". Both folded; marks of a required column (*) and colons are dropped.
struct Heading {
  std::string name;
  std::string unit;  // "" when there is none
};
[[nodiscard]] Heading read_heading(std::string_view heading);
// 10^n of a unit of money: 万元 → 4; 0 for 元 and for what is no such unit.
[[nodiscard]] int decimals_of_unit(std::string_view folded_unit);

// How a column writes its numbers, found once from its heading and its cells.
struct ColumnFormat {
  int extra_decimals = 0;   // 万元: 4, 亿元: 8, 千元: 3
  bool fractions = false;   // a rate written as 0.95 for 95 %
};

struct CellValue {
  Value value;                   // null when the cell cannot be read as the field wants it
  std::optional<Sentence> hint;  // why it cannot, or what was changed in reading it
  bool keep_text = false;        // the value does not say all that the cell says: keep its text in the remark
};
// Texts, numbers, dates and booleans of a clean cell that is not empty; choices and references are read with the store.
[[nodiscard]] CellValue read_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year);

// Longest text of a field, in code points.
[[nodiscard]] std::size_t length_limit(const Field& field);

}  // namespace kehubu
