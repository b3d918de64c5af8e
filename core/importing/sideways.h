// Sheets whose heads stand beside what they head and not above it: a table on its side, whose records are columns, and cards and
// forms, where each head is followed by its content. Private to importing/.
#pragma once

#include <string>
#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// Most rows begin with a head, and more of them than stand in any one row. Blank rows are taken away before.
[[nodiscard]] TableLayout layout_of(const std::vector<CsvRow>& rows);

// One row for each record, below heads. The line of a record is that of its first head; of a table on its side, the number of its
// column.
struct TurnedRows {
  std::uint32_t first_line = 0;  // of the heads
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
  std::vector<CsvRow> above;     // titles
  std::vector<CsvRow> others;    // rows below that neither begin with a head nor belong to one
};
[[nodiscard]] TurnedRows turn(std::vector<CsvRow> rows, TableLayout layout);

}  // namespace kehubu
