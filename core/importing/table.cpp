// Where in a sheet the table is.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/sort.h"
#include "core/importing/divided_columns.h"
#include "core/importing/furniture.h"
#include "core/importing/header_row.h"
#include "core/importing/headings.h"
#include "core/importing/importing.h"
#include "core/importing/sheet_rows.h"
#include "core/importing/sideways.h"

namespace kehubu {
namespace {

// Cells up to the last filled one.
std::size_t width(const CsvRow& row) {
  std::size_t width = row.cells.size();
  while (width > 0 && trim(row.cells[width - 1]).empty()) {
    --width;
  }
  return width;
}

// All of the row stands in its first cell, with another separator than the table's between as many cells as there are heads.
bool is_divided_otherwise(const CsvRow& row, std::size_t columns) {
  if (columns < 2 || filled_cells(row) != 1 || trim(row.cells.front()).empty()) {
    return false;
  }
  static constexpr std::array<std::string_view, 5> others = {",", "\t", ";", "|", "，"};
  return std::ranges::any_of(others, [&](std::string_view mark) {
    std::size_t found = 0;
    for (std::size_t place = row.cells.front().find(mark); place != std::string::npos; place = row.cells.front().find(mark, place + mark.size())) {
      ++found;
    }
    return found + 1 == columns;
  });
}

class TableFinder {
 public:
  TableFinder(std::vector<CsvRow> rows, const TableChoices& choices) : rows_(std::move(rows)), choices_(choices) {
    std::erase_if(rows_, [](const CsvRow& row) { return filled_cells(row) == 0; });
  }

  Result<ImportTable> find() {
    if (rows_.empty()) {
      return fail(ErrorKind::invalid_input, "文件里没有数据", "The file holds no data");
    }
    divide_columns(rows_);
    join_name_columns(rows_);
    table_.layout = layout_of(rows_);
    if (table_.layout != TableLayout::rows && !choices_.header_line && !choices_.as_it_stands) {
      return take_turned();
    }
    const std::size_t header = header_index();
    const bool has_header = header < rows_.size();
    const std::size_t begin = has_header ? header : choices_.header_line ? 0 : first_data_row(rows_);
    for (std::size_t index = begin; index < rows_.size(); ++index) {
      columns_ = std::max(columns_, width(rows_[index]));
    }
    table_.header.resize(columns_);
    const std::size_t first = has_header ? take_header(header) : begin;
    for (std::size_t index = 0; index < begin; ++index) {
      table_.title_rows.push_back(std::move(rows_[index]));
    }
    FurnitureFinder furniture(table_.title_rows, table_.header, table_.rows, is_counted_in_figures(first));
    for (std::size_t index = first; index < rows_.size(); ++index) {
      CsvRow& row = rows_[index];
      // However many rows it is: a separator that is not quoted widens as many of them as have it in a text.
      const bool too_wide = has_header && row.cells.size() > header_cells_;
      row.damage = too_wide && row.damage == RowDamage::none ? RowDamage::too_wide : row.damage;
      row.damage = has_header && row.damage == RowDamage::none && is_divided_otherwise(row, header_cells_) ? RowDamage::uneven : row.damage;
      row.cells.resize(std::min(row.cells.size(), columns_));
      take_row(std::move(row), furniture);
    }
    move_foot_notes();
    return std::move(table_);
  }

 private:
  [[nodiscard]] std::size_t header_index() const {
    if (!choices_.header_line) {
      return find_header(rows_);
    }
    const auto chosen = std::ranges::find(rows_, *choices_.header_line, &CsvRow::line);
    return static_cast<std::size_t>(chosen - rows_.begin());
  }

  ImportTable take_turned() {
    TurnedRows turned = turn(std::move(rows_), table_.layout);
    table_.turned = true;
    table_.header_line = turned.first_line;
    table_.header = std::move(turned.header);
    table_.rows = std::move(turned.rows);
    table_.title_rows = std::move(turned.above);
    for (CsvRow& row : turned.others) {
      table_.left_rows.push_back({std::move(row), LeftReason::foot_note});
    }
    return std::move(table_);
  }

  // The index of the first row of data.
  std::size_t take_header(std::size_t index) {
    table_.header_line = rows_[index].line;
    header_cells_ = rows_[index].cells.size();
    for (std::size_t column = 0; column < columns_; ++column) {
      table_.header[column] = trimmed_cell(rows_[index], column);
    }
    if (index > 0) {
      take_group_heads(table_.header, rows_[index], rows_[index - 1]);
    }
    std::size_t next = index + 1;
    if (next < rows_.size() && continues_header(rows_[index], rows_[next])) {
      merge_heads(table_.header, rows_[next]);
      header_cells_ = std::max(header_cells_, rows_[next].cells.size());
      ++next;
    }
    if (next < rows_.size() && is_row_of_units(table_.header, rows_[next]) && !is_taken_in(rows_[next])) {
      take_units(table_.header, rows_[next]);
      table_.left_rows.push_back({rows_[next++], LeftReason::units});
    }
    return next;
  }

  // 1, 2, 3 under 序号, at least as often as 一, 二, 三.
  [[nodiscard]] bool is_counted_in_figures(std::size_t first) const {
    const auto serial = std::ranges::find_if(table_.header, [](const std::string& head) { return is_serial_number_heading(read_heading(head)); });
    if (serial == table_.header.end()) {
      return false;
    }
    const auto column = static_cast<std::size_t>(serial - table_.header.begin());
    std::size_t figures = 0, others = 0;
    for (std::size_t index = first; index < rows_.size(); ++index) {
      const std::string_view cell = trimmed_cell(rows_[index], column);
      figures += looks_like_number(cell) ? 1U : 0U;
      others += !cell.empty() && !looks_like_number(cell) ? 1U : 0U;
    }
    return figures > 0 && figures >= others;
  }

  [[nodiscard]] bool is_taken_in(const CsvRow& row) const { return std::ranges::find(choices_.taken_in, row.line) != choices_.taken_in.end(); }

  void take_row(CsvRow row, FurnitureFinder& furniture) {
    const std::optional<LeftReason> reason = furniture.judge(row);
    if (reason && !is_taken_in(row)) {
      table_.left_rows.push_back({std::move(row), *reason});
    } else {
      table_.rows.push_back(std::move(row));
    }
  }

  void move_foot_notes() {
    // Only from the end upwards: a customer may well be called 注.
    const auto is_note = [this](const CsvRow& row) { return (is_foot_note(row, columns_) || is_label_line(row, columns_)) && !is_taken_in(row); };
    while (!table_.rows.empty() && is_note(table_.rows.back())) {
      table_.left_rows.push_back({std::move(table_.rows.back()), LeftReason::foot_note});
      table_.rows.pop_back();
    }
    kehubu::sort(table_.left_rows, {}, &LeftRow::line);
  }

  std::vector<CsvRow> rows_;
  const TableChoices& choices_;
  ImportTable table_;
  std::size_t columns_ = 0;
  std::size_t header_cells_ = 0;
};

}  // namespace

Sentence left_reason(LeftReason reason) {
  switch (reason) {
    case LeftReason::total:
      return {"合计行", "A total"};
    case LeftReason::foot_note:
      return {"表格下方的说明", "A note below the table"};
    case LeftReason::repeated_header:
      return {"重复的标题", "The header again"};
    case LeftReason::page_mark:
      return {"页码、续表或工作表的名字", "A page number, a mark that the table goes on, or the name of a sheet"};
    case LeftReason::instruction:
      return {"填写说明或示例", "How to fill the template in"};
    case LeftReason::units:
      return {"写单位的行，已并入标题", "The units, which the headings have taken up"};
    case LeftReason::group_head:
      return {"分组的标题", "The head of a group"};
    case LeftReason::dividing_line:
      return {"分隔线", "A dividing line"};
    case LeftReason::other_table:
      return {"下面的另一张表，请单独存成一个文件再导入", "Another table further down; save it as a file of its own and import that"};
  }
  return {};
}

Result<ImportTable> find_table(std::vector<CsvRow> rows, const TableChoices& choices) { return TableFinder(std::move(rows), choices).find(); }

}  // namespace kehubu
