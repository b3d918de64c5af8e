// Rows of a sheet that are no records: totals, heads of groups, notes at the foot, page numbers, heads again, how to fill the
// template in, and other tables further down. All of them are listed for a person, who may take them in. Private to importing/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// Judges the rows below the header from the first to the last.
class FurnitureFinder {
 public:
  // Both must outlive it. Without a header nothing is told from heads.
  FurnitureFinder(std::span<const CsvRow> titles, const std::vector<std::string>& header) : titles_(titles), header_(header) {}

  [[nodiscard]] std::optional<LeftReason> judge(const CsvRow& row);

 private:
  [[nodiscard]] std::optional<LeftReason> reason_of(const CsvRow& row, bool below_gap);

  std::span<const CsvRow> titles_;
  const std::vector<std::string>& header_;
  std::size_t records_ = 0;      // so far
  bool in_other_table_ = false;  // below heads that are not ours
  std::uint32_t line_before_ = 0;
  bool left_before_ = false;     // the row above is no record either
};

// 备注：…, 制表人：…, a date or a sentence alone: only the end of a table says that it is none of its records.
[[nodiscard]] bool is_foot_note(const CsvRow& row);

}  // namespace kehubu
