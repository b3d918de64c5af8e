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
  // All must outlive it; `records` are the rows that were judged to be some, by whoever asks. Without a header nothing is told from heads.
  // `counted_in_figures`: the rows below have 1, 2, 3 under 序号.
  FurnitureFinder(std::span<const CsvRow> titles, const std::vector<std::string>& header, const std::vector<CsvRow>& records, bool counted_in_figures)
      : titles_(titles), header_(header), records_above_(records), counted_in_figures_(counted_in_figures) {}

  [[nodiscard]] std::optional<LeftReason> judge(const CsvRow& row);

 private:
  [[nodiscard]] std::optional<LeftReason> reason_of(const CsvRow& row, bool below_gap);
  [[nodiscard]] bool is_other_header(const CsvRow& row, const std::string& first_folded, bool below_gap) const;
  [[nodiscard]] bool is_numbered_group(const CsvRow& row) const;

  std::span<const CsvRow> titles_;
  const std::vector<std::string>& header_;
  const std::vector<CsvRow>& records_above_;
  bool counted_in_figures_ = false;
  std::size_t records_ = 0;      // so far
  bool in_other_table_ = false;  // below heads that are not ours
  std::uint32_t line_before_ = 0;
  bool left_before_ = false;     // the row above is no record either
  bool note_before_ = false;     // but a note
};

// 备注：…, 制表人：…, a date or a sentence alone: only the end of a table says that it is none of its records.
// `columns`: of the table, where the row is no wider.
[[nodiscard]] bool is_foot_note(const CsvRow& row, std::size_t columns);
// 单位（盖章）：, 联系电话：020-…: a label in a row of its own.
[[nodiscard]] bool is_label_line(const CsvRow& row, std::size_t columns);

}  // namespace kehubu
