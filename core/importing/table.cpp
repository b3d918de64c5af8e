// Where in a sheet the table is.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

std::size_t filled_cells(const CsvRow& row) {
  return static_cast<std::size_t>(std::ranges::count_if(row.cells, [](const std::string& cell) { return !trim(cell).empty(); }));
}

std::size_t width(const CsvRow& row) {
  std::size_t width = row.cells.size();
  while (width > 0 && trim(row.cells[width - 1]).empty()) {
    --width;
  }
  return width;
}

std::string_view first_filled(const CsvRow& row) {
  for (const std::string& cell : row.cells) {
    if (!trim(cell).empty()) {
      return trim(cell);
    }
  }
  return {};
}

// How many cells the rows of the table usually fill: the upper quartile of the beginning, since titles and gaps only
// ever make rows narrower.
std::size_t usual_filling(const std::vector<CsvRow>& rows) {
  constexpr std::size_t sample = 200;
  std::vector<std::size_t> fillings;
  for (std::size_t index = 0; index < rows.size() && index < sample; ++index) {
    fillings.push_back(filled_cells(rows[index]));
  }
  if (fillings.empty()) {
    return 0;
  }
  const auto quartile = fillings.begin() + static_cast<std::ptrdiff_t>(fillings.size() * 3 / 4);
  std::ranges::nth_element(fillings, quartile);
  return *quartile;
}

// The first row with at least two thirds of the usual cells.
std::size_t find_header(const std::vector<CsvRow>& rows) {
  const std::size_t usual = usual_filling(rows);
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (filled_cells(rows[index]) * 3 >= usual * 2) {
      return index;
    }
  }
  return 0;
}

bool is_header(const CsvRow& row) {
  std::size_t numbers = 0;
  for (const std::string& cell : row.cells) {
    if (looks_like_phone(cell) || looks_like_email(cell) || looks_like_date(cell)) {
      return false;
    }
    numbers += looks_like_number(cell) ? 1U : 0U;
  }
  return numbers * 2 < filled_cells(row);
}

// A word that stands alone or is followed by a colon or a bracket: "合计", "合 计：", "小计（元）", but not 合计科技公司.
bool begins_with_word(std::string_view folded, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [folded](std::string_view word) {
    return folded.starts_with(word) &&
           (folded.size() == word.size() || std::string_view(":(0123456789").contains(folded[word.size()]));
  });
}

bool is_total(const CsvRow& row) {
  static constexpr std::array<std::string_view, 10> words = {"合计",     "总计",     "小计",  "累计",     "共计",
                                                             "本页合计", "本页小计", "total", "subtotal", "grandtotal"};
  return begins_with_word(fold(first_filled(row)), words);
}

bool is_foot_note(const CsvRow& row) {
  static constexpr std::array<std::string_view, 14> words = {"备注",   "注",       "说明",     "填表人", "制表人", "制表",   "审核",
                                                             "审核人", "数据来源", "打印日期", "填表日期", "制表日期", "经办人", "复核"};
  constexpr std::size_t most_cells = 6;  // 填表人：, 张三, 审核：, 李四 …
  return filled_cells(row) <= most_cells && begins_with_word(fold(first_filled(row)), words);
}

std::string joined(const CsvRow& row) {
  std::string text;
  for (const std::string& cell : row.cells) {
    if (!trim(cell).empty()) {
      text += text.empty() ? "" : " ";
      text += trim(cell);
    }
  }
  return text;
}

bool repeats_header(const CsvRow& row, const std::vector<std::string>& header) {
  if (std::ranges::all_of(header, &std::string::empty)) {
    return false;
  }
  for (std::size_t column = 0; column < header.size(); ++column) {
    if ((column < row.cells.size() ? trim(row.cells[column]) : std::string_view{}) != header[column]) {
      return false;
    }
  }
  return true;
}

void move_foot_notes(ImportTable& table) {
  // Only from the end upwards: a customer may well be called 注.
  while (!table.rows.empty() && is_foot_note(table.rows.back())) {
    table.total_rows.push_back(std::move(table.rows.back()));
    table.rows.pop_back();
  }
  std::ranges::sort(table.total_rows, {}, &CsvRow::line);
}

}  // namespace

Result<ImportTable> find_table(std::vector<CsvRow> rows) {
  std::erase_if(rows, [](const CsvRow& row) { return filled_cells(row) == 0; });
  if (rows.empty()) {
    return fail(ErrorKind::invalid_input, "文件里没有数据", "The file holds no data");
  }
  ImportTable table;
  const std::size_t header = find_header(rows);
  const bool has_header = is_header(rows[header]);
  for (std::size_t index = 0; index < header; ++index) {
    table.title_rows.push_back(joined(rows[index]));
  }
  std::size_t columns = has_header ? width(rows[header]) : 0;
  for (std::size_t index = header; index < rows.size(); ++index) {
    columns = std::max(columns, width(rows[index]));
  }
  table.header.resize(columns);
  for (std::size_t column = 0; has_header && column < width(rows[header]); ++column) {
    table.header[column] = trim(rows[header].cells[column]);
  }
  for (std::size_t index = header + (has_header ? 1U : 0U); index < rows.size(); ++index) {
    CsvRow& row = rows[index];
    row.cells.resize(std::min(row.cells.size(), columns));
    if (is_total(row)) {
      table.total_rows.push_back(std::move(row));
    } else if (!repeats_header(row, table.header)) {
      table.rows.push_back(std::move(row));
    }
  }
  move_foot_notes(table);
  return table;
}

}  // namespace kehubu
