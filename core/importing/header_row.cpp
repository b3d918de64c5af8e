#include "core/importing/header_row.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {
namespace {

constexpr std::size_t header_search_rows = 200;
constexpr std::size_t rows_looked_at_below = 6;

// How many cells the rows of the table usually fill: the upper quartile of the beginning, since titles and gaps only
// ever make rows narrower.
std::size_t usual_filling(const std::vector<CsvRow>& rows) {
  std::vector<std::size_t> fillings;
  for (std::size_t index = 0; index < rows.size() && index < header_search_rows; ++index) {
    fillings.push_back(filled_cells(rows[index]));
  }
  if (fillings.empty()) {
    return 0;
  }
  const auto quartile = fillings.begin() + static_cast<std::ptrdiff_t>(fillings.size() * 3 / 4);
  std::ranges::nth_element(fillings, quartile);
  return *quartile;
}

// Some cell looks like what stands below it: a date above dates is data, one above amounts a month's heading.
bool looks_like_row_below(const std::vector<CsvRow>& rows, std::size_t index) {
  for (std::size_t column = 0; column < rows[index].cells.size(); ++column) {
    const Look look = look_of(trimmed_cell(rows[index], column));
    if (look == Look::phone || look == Look::email) {
      return true;
    }
    std::size_t filled = 0;
    std::size_t alike = 0;
    for (std::size_t below = index + 1; look != Look::words && below < rows.size() && below <= index + rows_looked_at_below; ++below) {
      const std::string_view cell = trimmed_cell(rows[below], column);
      filled += cell.empty() ? 0U : 1U;
      alike += !cell.empty() && look_of(cell) == look ? 1U : 0U;
    }
    if (look != Look::words && (filled == 0 || alike * 2 > filled)) {
      return true;
    }
  }
  return false;
}

// Some cell is a heading, or ends like one as 商户负责人手机 does, and none below it in its column says the same.
bool says_a_heading(const std::vector<CsvRow>& rows, std::size_t index) {
  for (std::size_t column = 0; column < rows[index].cells.size(); ++column) {
    const std::string name = heading_at_end(trimmed_cell(rows[index], column));
    bool repeated = false;
    for (std::size_t below = index + 1; !name.empty() && below < rows.size() && below <= index + rows_looked_at_below; ++below) {
      repeated = repeated || fold(trimmed_cell(rows[below], column)).ends_with(name);
    }
    if (!name.empty() && !repeated) {
      return true;
    }
  }
  return false;
}

// 客户名称 beside heads that nobody knows, 1月 or 2024年: it names no record, however many numbers stand in the row.
bool heads_a_column_of_names(const std::vector<CsvRow>& rows, std::size_t index) {
  const auto repeated_below = [&rows, index](std::size_t column) {
    for (std::size_t below = index + 1; below < rows.size() && below <= index + rows_looked_at_below; ++below) {
      if (trimmed_cell(rows[below], column) == trimmed_cell(rows[index], column)) {
        return true;
      }
    }
    return false;
  };
  for (std::size_t column = 0; index + 1 < rows.size() && column < rows[index].cells.size(); ++column) {
    if (is_heading_of_names(trimmed_cell(rows[index], column)) && !trimmed_cell(rows[index + 1], column).empty() && !repeated_below(column)) {
      return true;
    }
  }
  return false;
}

bool is_words(const CsvRow& row) {
  return std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty() || (look_of(cell) == Look::words && !fold(cell).contains(':')); });
}

bool is_known(const std::string& heading) { return count_known_headings({&heading, 1}) > 0; }

// 联系 above 人, 客户 above 名称: some head is none but together with the cell above it.
bool ends_in(const CsvRow& above, const CsvRow& header) {
  if (above.line + 1 != header.line || filled_cells(above) < 2 || repeats_one_text(above) || !is_words(above)) {
    return false;
  }
  for (std::size_t column = 0; column < header.cells.size(); ++column) {
    const std::string own(trimmed_cell(header, column)), front(trimmed_cell(above, column));
    if (!own.empty() && !front.empty() && !is_known(own) && is_known(front + own)) {
      return true;
    }
  }
  return false;
}

// Not a title of several cells: that has a colon, a day or a number in it.
bool divides_into_groups(const CsvRow& above, const CsvRow& header) {
  if (above.line + 1 != header.line || filled_cells(above) < 2 || filled_cells(above) >= filled_cells(header) || repeats_one_text(above)) {
    return false;
  }
  return is_words(above);
}

}  // namespace

std::size_t find_header(const std::vector<CsvRow>& rows) {
  const std::size_t searched = std::min(rows.size(), header_search_rows);
  std::size_t best = rows.size();
  int most_known = 0;
  std::size_t records_below = 0;
  // The first table of a file is the one: heads below its records belong to another.
  for (std::size_t index = 0; index < searched && records_below < 2; ++index) {
    const int known = count_known_headings(rows[index].cells);
    const bool enough = known >= 2 || (known == 1 && ((filled_cells(rows[index]) <= 2 && !looks_like_row_below(rows, index)) || heads_a_column_of_names(rows, index)));
    if (enough && known > most_known) {
      best = index;
      most_known = known;
      records_below = 0;
    } else if (best < rows.size() && known == 0 && filled_cells(rows[index]) * 3 >= filled_cells(rows[best]) * 2) {
      ++records_below;
    }
  }
  if (best < rows.size()) {
    return best;
  }
  const std::size_t usual = usual_filling(rows);
  for (std::size_t index = 0; index < searched; ++index) {
    if (filled_cells(rows[index]) * 3 >= usual * 2 && !repeats_one_text(rows[index])) {
      return !looks_like_row_below(rows, index) && says_a_heading(rows, index) ? index : rows.size();
    }
  }
  return rows.size();
}

std::size_t first_data_row(const std::vector<CsvRow>& rows) {
  const std::size_t least = std::min<std::size_t>(usual_filling(rows), 2);
  const auto first = std::ranges::find_if(rows, [least](const CsvRow& row) { return filled_cells(row) >= least && !repeats_one_text(row); });
  return first == rows.end() ? 0 : static_cast<std::size_t>(first - rows.begin());
}

bool continues_header(const CsvRow& header, const CsvRow& next) {
  bool in_gap = false;
  for (std::size_t column = 0; column < next.cells.size(); ++column) {
    const std::string_view cell = trimmed_cell(next, column);
    if (!cell.empty() && look_of(cell) != Look::words) {
      return false;
    }
    in_gap = in_gap || (!cell.empty() && trimmed_cell(header, column).empty());
  }
  return in_gap && count_known_headings(next.cells) >= 1 && trimmed_cell(next, 0).empty() && filled_cells(next) < filled_cells(header);
}

void merge_heads(std::vector<std::string>& header, const CsvRow& next) {
  for (std::size_t column = 0; column < header.size(); ++column) {
    const std::string below(trimmed_cell(next, column));
    if (below.empty()) {
      continue;
    }
    const std::string both = header[column] + below;
    const bool both_known = count_known_headings({&both, 1}) > 0;
    header[column] = header[column].empty() || !both_known ? below : both;
  }
}

namespace {

std::string bare_unit(std::string_view cell) {
  std::string unit = fold(cell);
  std::erase_if(unit, [](char character) { return std::string_view("()[]:").contains(character); });
  return unit;
}

bool is_unit(std::string_view unit) {
  static constexpr std::array<std::string_view, 26> words = {"人", "名", "位", "家", "个", "间", "台", "天", "日", "年", "月", "岁", "次", "%", "‰", "m2", "m²",
                                                             "㎡", "平方米", "平米", "平方尺", "平方英尺", "亩", "吨", "kg", "分"};
  return !unit.empty() && (decimals_of_unit(unit) || is_foreign_money(unit) || std::ranges::find(words, unit) != words.end());
}

}  // namespace

bool is_row_of_units(const std::vector<std::string>& header, const CsvRow& row) {
  std::size_t units = 0;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string unit = bare_unit(trimmed_cell(row, column));
    if (unit.empty()) {
      continue;
    }
    const bool says_so = unit == "单位" || unit == "计量单位" || unit == "unit";
    if (column >= header.size() || header[column].empty() || (!says_so && !is_unit(unit))) {
      return false;
    }
    units += says_so ? 0U : 1U;
  }
  return units > 0;
}

void take_units(std::vector<std::string>& header, const CsvRow& row) {
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (const std::string unit = bare_unit(trimmed_cell(row, column)); is_unit(unit) && read_heading(header[column]).unit.empty()) {
      header[column] += "（" + unit + "）";
    }
  }
}

void take_group_heads(std::vector<std::string>& header, const CsvRow& header_row, const CsvRow& above) {
  const bool halves = ends_in(above, header_row);
  if (!halves && !divides_into_groups(above, header_row)) {
    return;
  }
  std::map<std::string, int> columns_by_head;
  for (const std::string& head : header) {
    ++columns_by_head[fold(head)];
  }
  std::string_view group;
  for (std::size_t column = 0; column < header.size(); ++column) {
    const std::string_view own = trimmed_cell(above, column);
    group = own.empty() ? group : own;
    const std::string both = std::string(group) + header[column];
    if (header[column].empty()) {
      header[column] = own;
    } else if (columns_by_head[fold(header[column])] > 1 || (halves && (is_known(both) || !is_known(header[column])))) {
      header[column] = both;
    }
  }
}

}  // namespace kehubu
