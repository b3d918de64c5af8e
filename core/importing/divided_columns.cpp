#include "core/importing/divided_columns.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {
namespace {

std::vector<std::string> parts_of(std::string_view cell, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t found = cell.find(separator); found != std::string_view::npos; found = cell.find(separator)) {
    parts.emplace_back(trim(cell.substr(0, found)));
    cell.remove_prefix(found + separator.size());
  }
  parts.emplace_back(trim(cell));
  return parts;
}

struct Division {
  std::size_t header = 0, column = 0, parts = 0;
  std::string_view separator;
};

std::optional<Division> find_division(const std::vector<CsvRow>& rows) {
  static constexpr std::array<std::string_view, 6> separators = {"\t", ";", "；", "|", ",", "，"};
  constexpr std::size_t searched = 12;
  for (std::size_t index = 0; index < std::min(rows.size(), searched); ++index) {
    for (std::size_t column = 0; column < rows[index].cells.size(); ++column) {
      for (const std::string_view separator : separators) {
        const std::vector<std::string> heads = parts_of(rows[index].cells[column], separator);
        if (heads.size() > 1 && static_cast<std::size_t>(count_known_headings(heads)) == heads.size()) {
          return Division{index, column, heads.size(), separator};
        }
      }
    }
  }
  return std::nullopt;
}

void divide(CsvRow& row, const Division& division) {
  if (division.column >= row.cells.size()) {
    return;
  }
  std::vector<std::string> parts = parts_of(row.cells[division.column], division.separator);
  const bool fits = parts.size() == division.parts || (parts.size() == 1 && parts.front().empty());
  row.damage = fits || row.damage != RowDamage::none ? row.damage : RowDamage::uneven;
  // What is more stays together in the last one.
  for (; parts.size() > division.parts; parts.pop_back()) {
    parts[parts.size() - 2] += std::string(division.separator) + parts.back();
  }
  parts.resize(division.parts);
  const auto place = row.cells.begin() + static_cast<std::ptrdiff_t>(division.column);
  row.cells.insert(row.cells.erase(place), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
  for (std::uint16_t& text : row.texts) {
    text = text > division.column ? static_cast<std::uint16_t>(text + division.parts - 1) : text;
  }
}

}  // namespace

void divide_columns(std::vector<CsvRow>& rows) {
  constexpr int most_divisions = 8;
  for (int count = 0; count < most_divisions; ++count) {
    const auto division = find_division(rows);
    const auto divides = [&division](const CsvRow& row) { return division->column < row.cells.size() && row.cells[division->column].contains(division->separator); };
    // A head alone may have been written so: 姓名;电话 above names.
    if (!division || std::ranges::count_if(rows, divides) * 2 <= static_cast<std::ptrdiff_t>(rows.size() - division->header)) {
      return;
    }
    for (CsvRow& row : rows) {
      divide(row, *division);
    }
  }
}

namespace {

constexpr std::array<std::string_view, 5> surnames = {"姓", "姓氏", "lastname", "familyname", "surname"};
constexpr std::array<std::string_view, 5> given_names = {"名", "名字", "firstname", "givenname", "forename"};

// The column of a row of heads that has one of the names; its size when none or several have.
std::size_t column_named(const CsvRow& row, std::span<const std::string_view> names) {
  std::size_t found = row.cells.size();
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    if (std::ranges::find(names, read_heading(row.cells[column]).name) != names.end()) {
      if (found != row.cells.size()) {
        return row.cells.size();
      }
      found = column;
    }
  }
  return found;
}

// 张 + 三, but John + Smith with a blank between them.
std::string whole_name(std::string_view surname, std::string_view given) {
  const bool latin = (!surname.empty() && static_cast<unsigned char>(surname.back()) < 0x80) || (!given.empty() && static_cast<unsigned char>(given.back()) < 0x80);
  return latin ? std::string(trim(std::string(given) + " " + std::string(surname))) : std::string(surname) + std::string(given);
}

}  // namespace

void join_name_columns(std::vector<CsvRow>& rows) {
  constexpr std::size_t searched = 12;
  for (std::size_t header = 0; header < std::min(rows.size(), searched); ++header) {
    const CsvRow heads = rows[header];
    const std::size_t surname = column_named(heads, surnames), given = column_named(heads, given_names);
    const bool named = std::ranges::any_of(heads.cells, [](const std::string& cell) { return is_contact_heading(read_heading(cell)) || is_person_heading(read_heading(cell)); });
    if (surname == heads.cells.size() || given == heads.cells.size() || named || surname == given) {
      continue;
    }
    const std::size_t first = std::min(surname, given), second = std::max(surname, given);
    for (std::size_t index = header; index < rows.size(); ++index) {
      CsvRow& row = rows[index];
      if (second >= row.cells.size()) {
        row.cells.resize(second + 1);
      }
      row.cells[first] = index == header ? "姓名（" + heads.cells[surname] + "＋" + heads.cells[given] + "）" : whole_name(trimmed_cell(row, surname), trimmed_cell(row, given));
      row.cells.erase(row.cells.begin() + static_cast<std::ptrdiff_t>(second));
      std::erase_if(row.texts, [second](std::uint16_t text) { return text == second; });
      for (std::uint16_t& text : row.texts) {
        text = text > second ? static_cast<std::uint16_t>(text - 1) : text;
      }
    }
    return;
  }
}

}  // namespace kehubu
