// Where in a sheet the table is.
#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/headings.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

constexpr std::size_t header_search_rows = 60;

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

std::string_view cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? trim(row.cells[column]) : std::string_view{};
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

enum class Look : std::uint8_t { words, phone, email, date, number };

Look look_of(std::string_view cell) {
  return looks_like_phone(cell) ? Look::phone : looks_like_email(cell) ? Look::email : looks_like_date(cell) ? Look::date
         : looks_like_number(cell)                                                                          ? Look::number
                                                                                                            : Look::words;
}

// A merged title that the exporting program wrote into each of its cells.
bool repeats_one_text(const CsvRow& row) {
  const std::string_view first = first_filled(row);
  return filled_cells(row) > 1 && std::ranges::all_of(row.cells, [first](const std::string& cell) { return trim(cell).empty() || trim(cell) == first; });
}

// Some cell looks like what stands below it: a date above dates is data, one above amounts a month's heading.
bool looks_like_row_below(const std::vector<CsvRow>& rows, std::size_t index) {
  constexpr std::size_t looked_at = 6;
  for (std::size_t column = 0; column < rows[index].cells.size(); ++column) {
    const Look look = look_of(cell_at(rows[index], column));
    if (look == Look::phone || look == Look::email) {
      return true;
    }
    std::size_t filled = 0;
    std::size_t alike = 0;
    for (std::size_t below = index + 1; look != Look::words && below < rows.size() && below <= index + looked_at; ++below) {
      const std::string_view cell = cell_at(rows[below], column);
      filled += cell.empty() ? 0U : 1U;
      alike += !cell.empty() && look_of(cell) == look ? 1U : 0U;
    }
    if (look != Look::words && (filled == 0 || alike * 2 > filled)) {
      return true;
    }
  }
  return false;
}

// Where the header is, or rows.size() when the table has none.
std::size_t find_header(const std::vector<CsvRow>& rows) {
  const std::size_t searched = std::min(rows.size(), header_search_rows);
  std::size_t best = rows.size();
  int most_known = 0;
  for (std::size_t index = 0; index < searched; ++index) {
    const int known = count_known_headings(rows[index].cells);
    const bool enough = known >= 2 || (known == 1 && filled_cells(rows[index]) <= 2 && !looks_like_row_below(rows, index));
    if (enough && known > most_known) {
      best = index;
      most_known = known;
    }
  }
  if (best < rows.size()) {
    return best;
  }
  const std::size_t usual = usual_filling(rows);
  for (std::size_t index = 0; index < searched; ++index) {
    if (filled_cells(rows[index]) * 3 >= usual * 2 && !repeats_one_text(rows[index])) {
      return looks_like_row_below(rows, index) ? rows.size() : index;
    }
  }
  return rows.size();
}

// Without a header, everything from the first row of at least two cells on is data: a single cell above is a title.
std::size_t first_data_row(const std::vector<CsvRow>& rows) {
  const std::size_t least = std::min<std::size_t>(usual_filling(rows), 2);
  const auto first = std::ranges::find_if(rows, [least](const CsvRow& row) { return filled_cells(row) >= least && !repeats_one_text(row); });
  return first == rows.end() ? 0 : static_cast<std::size_t>(first - rows.begin());
}

// A second row of heads fills gaps of the first or divides its cells, and holds nothing that looks like data: below
// "联系人", which spans two columns, stand 姓名 and 手机.
bool continues_header(const CsvRow& header, const CsvRow& next) {
  bool in_gap = false;
  for (std::size_t column = 0; column < next.cells.size(); ++column) {
    const std::string_view cell = cell_at(next, column);
    if (!cell.empty() && look_of(cell) != Look::words) {
      return false;
    }
    in_gap = in_gap || (!cell.empty() && cell_at(header, column).empty());
  }
  return in_gap && count_known_headings(next.cells) >= 1 && cell_at(next, 0).empty() && filled_cells(next) < filled_cells(header);
}

void merge_heads(std::vector<std::string>& header, const CsvRow& next) {
  for (std::size_t column = 0; column < header.size(); ++column) {
    const std::string below(cell_at(next, column));
    if (below.empty()) {
      continue;
    }
    const std::string both = header[column] + below;
    const bool both_known = count_known_headings({&both, 1}) > 0;
    header[column] = header[column].empty() || !both_known ? below : both;
  }
}

// The word alone, or with a colon, a number or a bracket behind it that ends the cell: "合计", "合 计：", "小计（元）", "共计12家",
// but not 合计科技公司 and not 合计（上海）会计事务所.
bool is_word(std::string_view folded, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [folded](std::string_view word) {
    if (!folded.starts_with(word)) {
      return false;
    }
    const std::string_view rest = folded.substr(word.size());
    const bool bracket = rest.starts_with('(') && rest.find(')') == rest.size() - 1;
    return rest.empty() || bracket || rest.starts_with(':') || looks_like_number(rest);
  });
}

// A total says the word and otherwise only numbers; a customer of that name has a telephone or an address.
bool is_total(const CsvRow& row) {
  static constexpr std::array<std::string_view, 13> words = {"合计", "总计", "小计", "累计", "共计", "总合计", "总共", "本页合计", "本页小计",
                                                             "total", "subtotal", "grandtotal", "sum"};
  const std::string_view first = first_filled(row);
  if (first.size() > 40 || !is_word(fold(first), words)) {
    return false;
  }
  bool first_seen = false;
  for (const std::string& cell : row.cells) {
    const std::string_view text = trim(cell);
    if (text.empty() || !std::exchange(first_seen, true)) {
      continue;
    }
    const bool number = looks_like_number(text) && !looks_like_phone(text);
    if (!number && fold(text).find_first_of("0123456789") != 0 && text != "-" && text != "/") {
      return false;
    }
    if (looks_like_phone(text)) {
      return false;
    }
  }
  return true;
}

bool is_foot_note(const CsvRow& row) {
  static constexpr std::array<std::string_view, 15> words = {"备注", "注", "说明", "填表人", "制表人", "制表", "审核", "审核人", "数据来源",
                                                             "打印日期", "填表日期", "制表日期", "导出时间", "经办人", "复核"};
  constexpr std::size_t most_cells = 6;  // 填表人：, 张三, 审核：, 李四 …
  if (filled_cells(row) > most_cells || !is_word(fold(first_filled(row)), words)) {
    return false;
  }
  std::size_t labels = 0;
  for (const std::string& cell : row.cells) {
    if (looks_like_phone(cell) || looks_like_email(cell)) {
      return false;
    }
    labels += fold(cell).contains(':') ? 1U : 0U;
  }
  return filled_cells(row) == 1 || labels * 2 >= filled_cells(row);
}

bool repeats_header(const CsvRow& row, const std::vector<std::string>& header) {
  if (std::ranges::all_of(header, &std::string::empty)) {
    return false;
  }
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (cell_at(row, column) != header[column]) {
      return false;
    }
  }
  return true;
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
    const std::size_t header = header_index();
    const bool has_header = header < rows_.size();
    const std::size_t begin = has_header ? header : choices_.header_line ? 0 : first_data_row(rows_);
    for (std::size_t index = begin; index < rows_.size(); ++index) {
      columns_ = std::max(columns_, width(rows_[index]));
    }
    table_.header.resize(columns_);
    std::size_t first = begin;
    if (has_header) {
      first = take_header(header);
    }
    for (std::size_t index = first; index < rows_.size(); ++index) {
      CsvRow& row = rows_[index];
      const bool too_wide = has_header && row.cells.size() > header_cells_;
      row.damage = too_wide && row.damage == RowDamage::none ? RowDamage::too_wide : row.damage;
      row.cells.resize(std::min(row.cells.size(), columns_));
      take_row(std::move(rows_[index]));
    }
    move_foot_notes();
    for (std::size_t index = 0; index < begin; ++index) {
      table_.title_rows.push_back(std::move(rows_[index]));
    }
    mark_wide_rows();
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

  // The index of the first row of data.
  std::size_t take_header(std::size_t index) {
    table_.header_line = rows_[index].line;
    header_cells_ = rows_[index].cells.size();
    for (std::size_t column = 0; column < columns_; ++column) {
      table_.header[column] = cell_at(rows_[index], column);
    }
    if (index + 1 < rows_.size() && continues_header(rows_[index], rows_[index + 1])) {
      merge_heads(table_.header, rows_[index + 1]);
      return index + 2;
    }
    return index + 1;
  }

  [[nodiscard]] bool is_taken_in(const CsvRow& row) const { return std::ranges::find(choices_.taken_in, row.line) != choices_.taken_in.end(); }

  void leave(CsvRow row, LeftReason reason) { table_.left_rows.push_back({std::move(row), reason}); }

  void take_row(CsvRow row) {
    if (is_taken_in(row)) {
      table_.rows.push_back(std::move(row));
    } else if (is_total(row)) {
      leave(std::move(row), LeftReason::total);
    } else if (repeats_header(row, table_.header)) {
      leave(std::move(row), LeftReason::repeated_header);
    } else {
      table_.rows.push_back(std::move(row));
    }
  }

  void move_foot_notes() {
    // Only from the end upwards: a customer may well be called 注.
    while (!table_.rows.empty() && is_foot_note(table_.rows.back()) && !is_taken_in(table_.rows.back())) {
      leave(std::move(table_.rows.back()), LeftReason::foot_note);
      table_.rows.pop_back();
    }
    std::ranges::sort(table_.left_rows, {}, &LeftRow::line);
  }

  // Rows with more cells than the header are odd, unless many are: then the header is narrower than its table.
  void mark_wide_rows() {
    const auto wide = [](const CsvRow& row) { return row.damage == RowDamage::too_wide; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(table_.rows, wide));
    for (CsvRow& row : table_.rows) {
      row.damage = wide(row) && count * 5 > table_.rows.size() + 4 ? RowDamage::none : row.damage;
    }
  }

  std::vector<CsvRow> rows_;
  const TableChoices& choices_;
  ImportTable table_;
  std::size_t columns_ = 0;
  std::size_t header_cells_ = 0;
};

}  // namespace

Result<ImportTable> find_table(std::vector<CsvRow> rows, const TableChoices& choices) { return TableFinder(std::move(rows), choices).find(); }

}  // namespace kehubu
