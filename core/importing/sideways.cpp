#include "core/importing/sideways.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {
namespace {

bool is_head(std::string_view cell) {
  const std::string text(cell);
  return !text.empty() && count_known_headings({&text, 1}) == 1;
}

// "电话：0571-88010001" in one cell, whose head is known.
struct Pair {
  std::string head, content;
};
std::optional<Pair> pair_in(std::string_view cell) {
  for (const std::string_view colon : {":", "："}) {
    const std::size_t found = cell.find(colon);
    if (found == std::string_view::npos || !is_head(trim(cell.substr(0, found)))) {
      continue;
    }
    if (const std::string_view content = trim(cell.substr(found + colon.size())); !content.empty()) {
      return Pair{std::string(trim(cell.substr(0, found))), std::string(content)};
    }
  }
  return std::nullopt;
}

bool begins_with_head(const CsvRow& row) { return is_head(trimmed_cell(row, 0)) || pair_in(trimmed_cell(row, 0)).has_value(); }

// 客户名称 | 甲商行 | 客户编号 | K1: a head, its content, and the next head.
std::vector<Pair> pairs_of(const CsvRow& row) {
  std::vector<Pair> pairs;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string_view cell = trimmed_cell(row, column);
    if (auto pair = pair_in(cell)) {
      pairs.push_back(std::move(*pair));
    } else if (!cell.empty() && (pairs.empty() || is_head(cell))) {
      const std::string_view next = trimmed_cell(row, column + 1);
      const bool content = !is_head(next) && !pair_in(next);
      pairs.push_back({std::string(cell), std::string(content ? next : std::string_view())});
      column += content ? 1U : 0U;
    } else if (!cell.empty()) {
      std::string& last = pairs.back().content;
      last += (last.empty() ? "" : " ") + std::string(cell);
    }
  }
  return pairs;
}

std::string without_colon(std::string head) {
  for (const std::string_view colon : {":", "："}) {
    if (head.ends_with(colon)) {
      head.resize(head.size() - colon.size());
    }
  }
  return head;
}

class CardReader {
 public:
  void add(const CsvRow& row) {
    for (Pair& pair : pairs_of(row)) {
      put(without_colon(std::move(pair.head)), std::move(pair.content), row.line);
    }
  }
  // A line below a head that has none of its own.
  void go_on(const CsvRow& row) {
    for (const std::string& cell : row.cells) {
      if (std::string& last = rows_.back().cells.at(last_); !trim(cell).empty()) {
        last += (last.empty() ? "" : "\n") + std::string(trim(cell));
      }
    }
  }
  [[nodiscard]] bool has_begun() const { return !rows_.empty(); }
  std::vector<std::string> header;
  std::vector<CsvRow> take_rows() { return std::move(rows_); }

 private:
  // A head that the card has had begins the next one.
  void put(std::string head, std::string content, std::uint32_t line) {
    const auto known = std::ranges::find(header, head);
    const auto column = static_cast<std::size_t>(known - header.begin());
    if (known == header.end()) {
      header.push_back(std::move(head));
    }
    if (rows_.empty() || had_.contains(column)) {
      had_.clear();
      rows_.push_back({.line = line, .cells = {}, .texts = {}});
    }
    had_.insert(column);
    CsvRow& card = rows_.back();
    card.cells.resize(std::max(card.cells.size(), column + 1));
    card.cells[column] = std::move(content);
    last_ = column;
  }

  std::vector<CsvRow> rows_;
  std::set<std::size_t> had_;
  std::size_t last_ = 0;
};

TurnedRows turn_columns(std::vector<CsvRow> rows) {
  TurnedRows turned;
  std::size_t records = 0;
  for (const CsvRow& row : rows) {
    records = std::max(records, row.cells.size());
  }
  for (std::size_t column = 1; column < records; ++column) {
    turned.rows.push_back({.line = static_cast<std::uint32_t>(column + 1), .cells = {}, .texts = {}});
  }
  for (CsvRow& row : rows) {
    if (filled_cells(row) < 2 && !is_head(trimmed_cell(row, 0))) {
      (turned.header.empty() ? turned.above : turned.others).push_back(std::move(row));
      continue;
    }
    turned.first_line = turned.header.empty() ? row.line : turned.first_line;
    turned.header.push_back(without_colon(std::string(trimmed_cell(row, 0))));
    for (std::size_t column = 1; column < records; ++column) {
      turned.rows[column - 1].cells.emplace_back(trimmed_cell(row, column));
      if (std::ranges::find(row.texts, column) != row.texts.end()) {
        turned.rows[column - 1].texts.push_back(static_cast<std::uint16_t>(turned.header.size() - 1));
      }
    }
  }
  std::erase_if(turned.rows, [](const CsvRow& record) { return filled_cells(record) == 0; });
  return turned;
}

TurnedRows turn_cards(std::vector<CsvRow> rows) {
  TurnedRows turned;
  CardReader reader;
  for (CsvRow& row : rows) {
    const bool labelled = begins_with_head(row);
    if (labelled || (reader.has_begun() && !trimmed_cell(row, 0).empty() && filled_cells(row) > 1)) {
      turned.first_line = reader.has_begun() ? turned.first_line : row.line;
      reader.add(row);
    } else if (reader.has_begun() && trimmed_cell(row, 0).empty()) {
      reader.go_on(row);
    } else {
      (reader.has_begun() ? turned.others : turned.above).push_back(std::move(row));
    }
  }
  turned.header = std::move(reader.header);
  turned.rows = reader.take_rows();
  return turned;
}

}  // namespace

TableLayout layout_of(const std::vector<CsvRow>& rows) {
  constexpr std::size_t most_rows = 400;
  std::set<std::string> heads;
  std::size_t beginning = 0, candidates = 0, within_cells = 0, wide = 0, two_heads = 0;
  int most_in_a_row = 1;
  for (const CsvRow& row : std::span(rows).first(std::min(rows.size(), most_rows))) {
    const bool within = pair_in(trimmed_cell(row, 0)).has_value();
    if (filled_cells(row) < 2 && !within) {
      continue;
    }
    ++candidates;
    most_in_a_row = std::max(most_in_a_row, count_known_headings(row.cells));
    if (!begins_with_head(row)) {
      continue;
    }
    ++beginning;
    within_cells += within ? 1U : 0U;
    wide += filled_cells(row) > 2 ? 1U : 0U;
    two_heads += is_head(trimmed_cell(row, 2)) ? 1U : 0U;
    for (const Pair& pair : within ? pairs_of(row) : std::vector{Pair{std::string(trimmed_cell(row, 0)), {}}}) {
      heads.insert(fold(without_colon(pair.head)));
    }
  }
  if (heads.size() < 2 || heads.size() <= static_cast<std::size_t>(most_in_a_row) || beginning * 5 < candidates * 3) {
    return TableLayout::rows;
  }
  return two_heads * 2 >= wide || within_cells * 2 > beginning ? TableLayout::cards : TableLayout::columns;
}

TurnedRows turn(std::vector<CsvRow> rows, TableLayout layout) {
  return layout == TableLayout::cards ? turn_cards(std::move(rows)) : turn_columns(std::move(rows));
}

}  // namespace kehubu
