// What a row of a sheet holds, before anybody knows what its columns are. Private to importing/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/importing.h"

namespace kehubu {

[[nodiscard]] inline std::size_t filled_cells(const CsvRow& row) {
  return static_cast<std::size_t>(std::ranges::count_if(row.cells, [](const std::string& cell) { return !trim(cell).empty(); }));
}

[[nodiscard]] inline std::string_view trimmed_cell(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? trim(row.cells[column]) : std::string_view{};
}

[[nodiscard]] inline std::string_view first_filled(const CsvRow& row) {
  for (const std::string& cell : row.cells) {
    if (!trim(cell).empty()) {
      return trim(cell);
    }
  }
  return {};
}

// A merged title that the exporting program wrote into each of its cells.
[[nodiscard]] inline bool repeats_one_text(const CsvRow& row) {
  const std::string_view first = first_filled(row);
  return filled_cells(row) > 1 && std::ranges::all_of(row.cells, [first](const std::string& cell) { return trim(cell).empty() || trim(cell) == first; });
}

// One text and nothing else, written once or into every cell of a merged row.
[[nodiscard]] inline bool is_alone(const CsvRow& row) { return filled_cells(row) == 1 || repeats_one_text(row); }

enum class Look : std::uint8_t { words, phone, email, date, number };

[[nodiscard]] inline Look look_of(std::string_view cell) {
  return looks_like_phone(cell) ? Look::phone : looks_like_email(cell) ? Look::email : looks_like_date(cell) ? Look::date
         : looks_like_number(cell)                                                                          ? Look::number
                                                                                                            : Look::words;
}

}  // namespace kehubu
