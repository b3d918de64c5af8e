// CSV as it is really written.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/base/text.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

std::unexpected<Error> beyond(std::string_view zh, std::string_view en, std::uint64_t limit) {
  return fail(ErrorKind::invalid_input, zh, en, {std::to_string(limit)});
}

// How many times `separator` stands outside quotes in each of the first records.
std::vector<std::size_t> count_in_records(std::string_view text, char separator) {
  constexpr std::size_t sample_bytes = 64U << 10;
  constexpr std::size_t sample_records = 60;
  std::vector<std::size_t> counts(1, 0);
  bool quoted = false;
  for (const char character : text.substr(0, sample_bytes)) {
    if (character == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (character == separator) {
      ++counts.back();
    } else if (character == '\n' || character == '\r') {
      if (counts.size() == sample_records) {
        break;
      }
      counts.push_back(0);
    }
  }
  return counts;
}

// The separator that most records have the same number of, at least one; the more of them the better.
char find_separator(std::string_view text) {
  char best = ',';
  std::size_t best_score = 0;
  for (const char separator : {',', '\t', ';'}) {
    std::map<std::size_t, std::size_t> records_by_count;
    for (const std::size_t count : count_in_records(text, separator)) {
      records_by_count[count] += count > 0 ? 1U : 0U;
    }
    for (const auto& [count, records] : records_by_count) {
      if (const std::size_t score = records * 4 + std::min<std::size_t>(count, 3); records > 0 && score > best_score) {
        best = separator;
        best_score = score;
      }
    }
  }
  return best;
}

// Excel's own first line: sep=;
std::optional<char> take_separator_line(std::string_view& text, std::uint32_t& line) {
  if (text.size() < 5 || !(text.starts_with("sep=") || text.starts_with("SEP=")) || (text[5 - 1] == '\n')) {
    return std::nullopt;
  }
  const char separator = text[4];
  std::string_view rest = text.substr(5);
  if (!rest.empty() && rest.front() != '\r' && rest.front() != '\n') {
    return std::nullopt;
  }
  rest.remove_prefix(rest.starts_with("\r\n") ? 2U : std::min<std::size_t>(rest.size(), 1));
  text = rest;
  ++line;
  return separator;
}

// ="00123" keeps Excel from dropping the zeros, a leading apostrophe marks a text. Neither belongs to the value.
void strip_text_marks(std::string& cell) {
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.back() == '"' &&
      cell.find('"', 2) == cell.size() - 1) {
    cell = cell.substr(2, cell.size() - 3);
  } else if (cell.size() >= 2 && cell[0] == '\'' && std::string_view("=+-@0123456789\t'").contains(cell[1])) {
    cell.erase(0, 1);
  }
}

class Parser {
 public:
  Parser(std::string_view text, char separator, std::uint32_t line, const CsvLimits& limits)
      : text_(text), separator_(separator), line_(line), limits_(limits) {}

  Result<std::vector<CsvRow>> parse() {
    std::vector<CsvRow> rows;
    while (position_ < text_.size()) {
      CsvRow row{line_, {}};
      if (auto status = read_row(row); !status) {
        return std::unexpected(std::move(status).error());
      }
      if (rows.size() == limits_.rows) {
        return beyond("文件超过 {} 行", "The file has more than {} rows", limits_.rows);
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  Status read_row(CsvRow& row) {
    while (true) {
      std::string cell;
      const std::size_t begin = position_;
      if (!(position_ < text_.size() && text_[position_] == '"' && read_quoted(cell))) {
        position_ = begin;
        cell.clear();
      }
      read_plain(cell);
      if (cell.size() > limits_.cell_bytes) {
        return fail(ErrorKind::invalid_input, "第 {} 行有一格太长", "Line {} has a cell that is too long",
                    {std::to_string(row.line)});
      }
      strip_text_marks(cell);
      row.cells.push_back(std::move(cell));
      if (row.cells.size() > limits_.columns) {
        return beyond("表格超过 {} 列", "The table has more than {} columns", limits_.columns);
      }
      if (!at_separator()) {
        end_line();
        return {};
      }
      ++position_;
    }
  }

  // From an opening quote behind the closing one. False when none closes within the longest cell.
  bool read_quoted(std::string& cell) {
    const std::uint32_t line = line_;
    for (++position_; position_ < text_.size() && cell.size() <= limits_.cell_bytes; ++position_) {
      const char character = text_[position_];
      if (character != '"') {
        // A line break within a cell is one \n, however the file writes it.
        const bool carriage_return = character == '\r';
        if (carriage_return && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') {
          continue;
        }
        line_ += character == '\n' || carriage_return ? 1U : 0U;
        cell += carriage_return ? '\n' : character;
      } else if (position_ + 1 < text_.size() && text_[position_ + 1] == '"') {
        cell += '"';
        ++position_;
      } else {
        ++position_;
        return true;
      }
    }
    line_ = line;
    return false;
  }

  void read_plain(std::string& cell) {
    const std::size_t begin = position_;
    while (position_ < text_.size() && text_[position_] != separator_ && text_[position_] != '\n' && text_[position_] != '\r') {
      ++position_;
    }
    cell += text_.substr(begin, position_ - begin);
  }

  [[nodiscard]] bool at_separator() const { return position_ < text_.size() && text_[position_] == separator_; }

  void end_line() {
    if (position_ < text_.size()) {
      position_ += text_.substr(position_).starts_with("\r\n") ? 2U : 1U;
      ++line_;
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  char separator_;
  std::uint32_t line_;
  const CsvLimits& limits_;
};

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text, const CsvLimits& limits) {
  if (text.size() > limits.bytes) {
    return beyond("文件超过 {} 字节", "The file is larger than {} bytes", limits.bytes);
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  std::uint32_t line = 1;
  const std::optional<char> told = take_separator_line(text, line);
  return Parser(text, told ? *told : find_separator(text), line, limits).parse();
}

}  // namespace kehubu
