// CSV as it is really written. How quotes, blanks and backslashes are meant is decided over the whole file, the separator by
// what makes most rows equally wide and its first rows a header; a row that still does not fit is marked, never joined.
#include "core/importing/csv.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>

#include "core/base/text.h"
#include "core/importing/headings.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

constexpr std::array<std::string_view, 9> separators = {",", "\t", ";", "|", "，", "；", "^", "~", "\x1F"};

std::unexpected<Error> beyond(std::string_view zh, std::string_view en, std::uint64_t limit) {
  return fail(ErrorKind::invalid_input, zh, en, {std::to_string(limit)});
}

// Excel's own first line, which it does not count: sep=;
std::optional<std::string> take_separator_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  if (!(line.starts_with("sep=") || line.starts_with("SEP=") || line.starts_with("Sep=")) || line.size() < 5 ||
      count_code_points(line.substr(4)) != 1) {
    return std::nullopt;
  }
  std::string separator(line.substr(4));
  text.remove_prefix(end);
  text.remove_prefix(text.starts_with("\r\n") ? 2U : std::min<std::size_t>(text.size(), 1));
  return separator;
}

// ="00123" keeps Excel from dropping the zeros, a leading apostrophe marks a text. Neither belongs to the value.
bool take_text_marks(std::string& cell) {
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.back() == '"') {
    std::string inner;
    for (std::size_t position = 2; position + 1 < cell.size(); ++position) {
      const bool quote = cell[position] == '"';
      if (quote && (cell[position + 1] != '"' || position + 2 >= cell.size())) {
        return false;  // a formula of more than one text
      }
      inner += cell[position];
      position += quote ? 1U : 0U;
    }
    cell = std::move(inner);
    return true;
  }
  if (cell.size() < 2 || cell[0] != '\'') {
    return false;
  }
  // Before digits it may also open what another one closes: '90后'.
  const bool before_digits = std::string_view("0123456789").contains(cell[1]);
  if (std::string_view("=+-@\t'").contains(cell[1]) || (before_digits && cell.find('\'', 1) == std::string::npos)) {
    cell.erase(0, 1);
    return true;
  }
  return false;
}

class Parser {
 public:
  Parser(std::string_view text, const CsvDialect& dialect, const CsvLimits& limits) : text_(text), dialect_(dialect), limits_(limits) {}

  Result<std::vector<CsvRow>> parse(std::size_t most_rows) {
    std::vector<CsvRow> rows;
    while (position_ < text_.size() && rows.size() < most_rows) {
      if (rows.size() == limits_.rows) {
        return beyond("文件超过 {} 行", "The file has more than {} rows", limits_.rows);
      }
      CsvRow row;
      row.line = static_cast<std::uint32_t>(rows.size() + 1);
      KEHUBU_TRY(read_row_that_fits(row));
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  // A quote that was never closed ends at any later one. When its row spans lines and is not as wide as the others, but
  // its first line alone would be, the quote is a character like any other. So are quotes around the beginning of a cell, "老张"记,
  // where the row fits only then.
  Status read_row_that_fits(CsvRow& row) {
    const std::size_t begin = position_;
    quotes_close_on_their_line_ = quotes_enclose_whole_cells_ = spans_lines_ = false;
    KEHUBU_TRY(read_row(row));
    if (dialect_.width < 2 || row.cells.size() == dialect_.width || (!spans_lines_ && row.damage != RowDamage::stray_quote)) {
      return {};
    }
    const std::size_t end = position_;
    quotes_close_on_their_line_ = spans_lines_;
    quotes_enclose_whole_cells_ = !spans_lines_;
    CsvRow plain;
    plain.line = row.line;
    position_ = begin;
    KEHUBU_TRY(read_row(plain));
    if (plain.cells.size() == dialect_.width) {
      plain.damage = RowDamage::stray_quote;
      row = std::move(plain);
    } else {
      position_ = end;
    }
    return {};
  }

  Status read_row(CsvRow& row) {
    while (true) {
      std::string cell;
      const std::size_t begin = position_;
      if (!read_quoted(cell)) {
        position_ = begin;
        cell.clear();
        if (begin < text_.size() && text_[begin] == dialect_.quote) {
          row.damage = RowDamage::stray_quote;
        }
        read_plain(cell);
      } else if (unescaped_quote_) {
        row.damage = RowDamage::stray_quote;
      }
      if (cell.size() > limits_.cell_bytes) {
        return fail(ErrorKind::invalid_input, "第 {} 行有一格太长", "Line {} has a cell that is too long",
                    {std::to_string(row.line)});
      }
      if (take_text_marks(cell)) {
        row.texts.push_back(static_cast<std::uint16_t>(row.cells.size()));
      }
      row.cells.push_back(std::move(cell));
      if (row.cells.size() > limits_.columns) {
        return beyond("表格超过 {} 列", "The table has more than {} columns", limits_.columns);
      }
      if (!at_separator(position_)) {
        position_ += line_break_at(position_);
        return {};
      }
      position_ += dialect_.separator.size();
    }
  }

  // A quoted cell, blanks around its quotes included: ` "a, b" `. It is one only when its closing quote stands before a
  // separator or the end of the row; failing that, within its own line, when some later quote does: "他说"好"",.
  bool read_quoted(std::string& cell) {
    unescaped_quote_ = false;
    std::size_t position = behind_blanks(position_);
    if (position >= text_.size() || text_[position] != dialect_.quote) {
      return false;
    }
    const std::size_t opening = position;
    const std::size_t line_end = std::min(text_.find_first_of("\r\n", opening), text_.size());
    for (++position; position < text_.size() && cell.size() <= limits_.cell_bytes; ++position) {
      const char character = text_[position];
      if (character == '\\' && dialect_.backslashes && position + 1 < text_.size() && (text_[position + 1] == dialect_.quote || text_[position + 1] == '\\')) {
        cell += text_[++position];
      } else if (character == dialect_.quote && position + 1 < text_.size() && text_[position + 1] == dialect_.quote) {
        cell += dialect_.quote;
        ++position;
      } else if (character == dialect_.quote && ends_cell(position + 1)) {
        spans_lines_ = spans_lines_ || position > line_end;
        position_ = behind_blanks(position + 1);
        return true;
      } else if (character == dialect_.quote) {
        if (position > line_end || quotes_enclose_whole_cells_) {
          return false;
        }
        unescaped_quote_ = true;
        cell += character;
      } else if (const std::size_t line_break = line_break_at(position); line_break > 0) {
        if (unescaped_quote_ || quotes_close_on_their_line_) {
          return false;
        }
        cell += '\n';  // a line break within a cell is one \n, however the file writes it
        position += line_break - 1;
      } else {
        cell += character;
      }
    }
    // A cell beyond the limit is refused with its line; a quote that nothing closes is a character.
    position_ = position;
    return is_closed_from(position);
  }

  // Within a cell that is open the next quote closes it, or is written twice. One that opens a cell says that none was open.
  [[nodiscard]] bool is_closed_from(std::size_t position) const {
    for (position = text_.find(dialect_.quote, position); position != std::string_view::npos; position = text_.find(dialect_.quote, position)) {
      const bool twice = position + 1 < text_.size() && text_[position + 1] == dialect_.quote;
      if (begins_cell(position) && (twice ? ends_cell(position + 2) : !ends_cell(position + 1))) {
        return false;
      }
      if (!twice && ends_cell(position + 1)) {
        return true;
      }
      position += twice ? 2 : 1;
    }
    return false;
  }

  void read_plain(std::string& cell) {
    const std::size_t begin = position_;
    while (position_ < text_.size() && !at_separator(position_) && text_[position_] != '\n' && text_[position_] != '\r') {
      ++position_;
    }
    cell += text_.substr(begin, position_ - begin);
  }

  [[nodiscard]] bool at_separator(std::size_t position) const {
    return position < text_.size() && text_[position] == dialect_.separator.front() &&
           (dialect_.separator.size() == 1 || text_.substr(position).starts_with(dialect_.separator));
  }
  // Bytes of the line break there, 0 when there is none. \r\r\n is what a program wrote that translated \r\n twice.
  [[nodiscard]] std::size_t line_break_at(std::size_t position) const {
    if (position >= text_.size() || (text_[position] != '\n' && text_[position] != '\r')) {
      return 0;
    }
    const std::string_view rest = text_.substr(position);
    return rest.starts_with("\r\r\n") ? 3 : rest.starts_with("\r\n") ? 2 : 1;
  }
  [[nodiscard]] std::size_t behind_blanks(std::size_t position) const {
    while (position < text_.size() && (text_[position] == ' ' || (text_[position] == '\t' && dialect_.separator != "\t"))) {
      ++position;
    }
    return position;
  }
  [[nodiscard]] bool begins_cell(std::size_t position) const {
    while (position > 0 && text_[position - 1] == ' ') {
      --position;
    }
    return position == 0 || text_[position - 1] == '\n' || text_[position - 1] == '\r' || text_.substr(0, position).ends_with(dialect_.separator);
  }
  [[nodiscard]] bool ends_cell(std::size_t position) const {
    position = behind_blanks(position);
    return position >= text_.size() || at_separator(position) || line_break_at(position) > 0;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  const CsvDialect& dialect_;
  const CsvLimits& limits_;
  bool quotes_close_on_their_line_ = false;
  bool quotes_enclose_whole_cells_ = false;
  bool spans_lines_ = false;      // some quoted cell of the row does
  bool unescaped_quote_ = false;  // within the cell read last
};

// How well a dialect explains rows: by the share of filled rows that are equally wide, and by what looks like a header.
struct Explanation {
  std::size_t width = 0;  // of most rows
  int score = 0;
};

Explanation explain(const std::vector<CsvRow>& rows) {
  std::map<std::size_t, int> rows_by_width;
  int filled = 0;
  int undamaged = 0;
  int known = 0;
  for (const CsvRow& row : rows) {
    if (row.cells.size() == 1 && trim(row.cells.front()).empty()) {
      continue;
    }
    ++filled;
    undamaged += row.damage == RowDamage::none ? 1 : 0;
    ++rows_by_width[row.cells.size()];
    known = filled <= 12 ? std::max(known, count_known_headings(row.cells)) : known;
  }
  Explanation best;
  for (const auto& [width, count] : rows_by_width) {
    const int wide = static_cast<int>(std::min<std::size_t>(width - 1, 4));
    if (const int score = wide == 0 ? 0 : 100 * count / filled + 5 * wide; score > best.score) {
      best = {width, score};
    }
  }
  if (best.score > 0) {
    best.score += 25 * std::min(known, 4) + 20 * undamaged / filled;
  }
  return best;
}

// The beginning of the file, up to a line's end.
std::string_view sample_of(std::string_view text) {
  constexpr std::size_t sample_bytes = 256U << 10;
  const std::size_t end = text.size() <= sample_bytes ? text.size() : std::min(text.find('\n', sample_bytes), text.size());
  return text.substr(0, end);
}

CsvDialect find_dialect(std::string_view text, const std::optional<std::string>& told, const CsvLimits& limits) {
  constexpr std::size_t sample_rows = 300;
  CsvDialect best{.separator = told.value_or(",")};
  int best_score = 0;
  const std::string_view sample = sample_of(text);
  for (const std::string_view separator : separators) {
    if ((told && separator != separators.front()) || (!told && !sample.contains(separator))) {
      continue;
    }
    CsvDialect dialect{.separator = told.value_or(std::string(separator))};
    const auto rows = Parser(sample, dialect, limits).parse(sample_rows);
    if (!rows) {
      continue;  // too many columns: not this one
    }
    if (const Explanation found = explain(*rows); found.score > best_score || told) {
      best_score = found.score;
      dialect.width = found.width;
      best = std::move(dialect);
    }
  }
  return best;
}

std::size_t rows_that_fit(const std::vector<CsvRow>& rows, std::size_t width) {
  return static_cast<std::size_t>(std::ranges::count_if(
      rows, [width](const CsvRow& row) { return row.damage == RowDamage::none && row.cells.size() == width; }));
}

// The cells of a line stand in '…', each of them.
bool quotes_singly(std::string_view line, std::string_view separator) {
  line = trim(line);
  const std::string between = "'" + std::string(separator) + "'";
  return line.size() > 2 && line.starts_with('\'') && line.ends_with('\'') && line.contains(between);
}

// Every two blanks or more within a line made one tab.
std::string with_tabs_for_blanks(std::string_view text) {
  std::string tabbed;
  tabbed.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(' ', position), text.size());
    const bool outer = end == text.size() || text[end] == '\n' || text[end] == '\r';
    if (end - position >= 2) {
      tabbed += outer ? "" : "\t";
    } else if (end > position) {
      tabbed += ' ';
    }
    if (end < text.size()) {
      tabbed += text[end];
    }
    position = end + 1;
  }
  return tabbed;
}

// Columns that blanks line up, as reports are printed: taken for them only below several known heads.
std::optional<std::vector<CsvRow>> read_lined_up(std::string_view text, const CsvLimits& limits) {
  constexpr std::size_t header_rows = 12;
  if (!sample_of(text).contains("  ")) {
    return std::nullopt;
  }
  const std::string tabbed = with_tabs_for_blanks(text);
  const CsvDialect dialect{.separator = "\t"};
  auto rows = Parser(tabbed, dialect, limits).parse(limits.rows + std::size_t{1});
  if (!rows) {
    return std::nullopt;
  }
  const auto beginning = std::span(*rows).first(std::min(rows->size(), header_rows));
  const auto header = std::ranges::find_if(beginning, [](const CsvRow& row) { return count_known_headings(row.cells) >= 2; });
  if (header == beginning.end()) {
    return std::nullopt;
  }
  for (CsvRow& row : *rows) {
    const bool below = row.line > header->line && row.cells.size() > 1;
    row.damage = below && row.cells.size() != header->cells.size() ? RowDamage::uneven : row.damage;
  }
  return std::move(*rows);
}

// Programs that take a line for a cell write "名称,电话" with the quotes around all of it. Its lines again, when every one is such a
// cell, with as many separators in each.
std::optional<std::vector<CsvRow>> unwrap(const std::vector<CsvRow>& rows, std::string_view text, const CsvLimits& limits) {
  const auto is_wrapped = [](const CsvRow& row) { return row.cells.size() == 1 && row.damage == RowDamage::none && !row.cells.front().contains('\n'); };
  if (rows.size() < 2 || !trim(text).starts_with('"') || !trim(text).ends_with('"') || !std::ranges::all_of(rows, is_wrapped)) {
    return std::nullopt;
  }
  std::string lines;
  for (const CsvRow& row : rows) {
    lines += row.cells.front() + "\n";
  }
  const CsvDialect dialect = find_dialect(lines, std::nullopt, limits);
  auto unwrapped = dialect.width < 2 ? Result<std::vector<CsvRow>>(fail(ErrorKind::invalid_input, "", "")) : Parser(lines, dialect, limits).parse(limits.rows + std::size_t{1});
  if (!unwrapped || unwrapped->size() != rows.size() || rows_that_fit(*unwrapped, dialect.width) != rows.size()) {
    return std::nullopt;
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    (*unwrapped)[index].line = rows[index].line;
  }
  return std::move(*unwrapped);
}

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text, const CsvLimits& limits) {
  if (text.size() > limits.bytes) {
    return beyond("文件超过 {} 字节", "The file is larger than {} bytes", limits.bytes);
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  const std::optional<std::string> told = take_separator_line(text);
  CsvDialect dialect = find_dialect(text, told, limits);
  dialect.quote = quotes_singly(text.substr(0, text.find_first_of("\r\n")), dialect.separator) ? '\'' : '"';
  if (dialect.width < 2 && !told) {
    if (auto lined_up = read_lined_up(text, limits)) {
      return std::move(*lined_up);
    }
  }
  auto rows = Parser(text, dialect, limits).parse(limits.rows + std::size_t{1});
  if (auto unwrapped = rows && !told ? unwrap(*rows, text, limits) : std::nullopt) {
    return std::move(*unwrapped);
  }
  if (rows && text.contains("\\\"")) {
    dialect.backslashes = true;
    auto escaped = Parser(text, dialect, limits).parse(limits.rows + std::size_t{1});
    if (escaped && rows_that_fit(*escaped, dialect.width) * rows->size() > rows_that_fit(*rows, dialect.width) * escaped->size()) {
      return escaped;
    }
  }
  return rows;
}

}  // namespace kehubu
