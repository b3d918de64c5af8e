// How a column writes its values: its unit, whether rates are fractions, whether days are serial numbers.
#include <algorithm>
#include <array>
#include <optional>

#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {
namespace {

// "单位：万元" above the table counts for every column of money without a unit of its own.
std::string unit_of_titles(const ImportTable& table) {
  static constexpr std::string_view mark = "单位:";
  for (const CsvRow& row : table.title_rows) {
    for (const std::string& cell : row.cells) {
      const std::string folded = fold(cell);
      const std::size_t found = folded.find(mark);
      std::string_view unit = found == std::string::npos ? std::string_view() : std::string_view(folded).substr(found + mark.size());
      unit = unit.substr(0, std::min(unit.find_first_of("),;|"), unit.size()));
      constexpr std::size_t longest = 18;  // bytes: a unit, and not the name of a company
      if (!unit.empty() && (decimals_of_unit(unit) || (is_foreign_money(unit) && unit.size() <= longest))) {
        return std::string(unit);
      }
    }
  }
  return {};
}

// "营业额单位" → "营业额", "单位" and "币种" → "". Empty for what heads no column of units.
std::optional<std::string> whose_unit(std::string_view heading) {
  static constexpr std::array<std::string_view, 7> endings = {"单位", "币种", "币别", "货币", "currency", "unit", "uom"};
  std::string name = read_heading(heading).name;
  const auto ending = std::ranges::find_if(endings, [&name](std::string_view end) { return name.ends_with(end); });
  if (ending == endings.end()) {
    return std::nullopt;
  }
  name.resize(name.size() - ending->size());
  static constexpr std::array<std::string_view, 5> of_all = {"货币", "金额", "资金", "计量", "currency"};
  return std::ranges::find(of_all, name) == of_all.end() ? std::move(name) : std::string();
}

bool is_unit_of_money(std::string_view cell) {
  const std::string folded = fold(cell);
  return decimals_of_unit(folded) || is_foreign_money(folded);
}

// What areas are measured in that are not ours.
bool is_other_area(std::string_view unit) {
  static constexpr std::array<std::string_view, 11> words = {"亩", "英尺", "方尺", "ft", "公顷", "坪", "公里", "km", "万", "acre", "英亩"};
  return std::ranges::any_of(words, [unit](std::string_view word) { return unit.contains(word); });
}

// 出生年份, 生年, year of birth; but not 年龄.
bool says_year_of_birth(std::string_view heading) {
  static constexpr std::array<std::string_view, 5> words = {"出生", "生年", "年份", "birth", "year"};
  return std::ranges::any_of(words, [heading](std::string_view word) { return heading.contains(word); });
}

// What a column of rates writes without a percent sign: only numbers from 0 to 1, or such beside larger ones.
struct BareRates {
  bool broken = false;  // some are between 0 and 1
  bool larger = false;  // some are more than 1, or less than 0
};
BareRates bare_rates(const ImportTable& table, std::size_t column) {
  BareRates rates;
  constexpr std::int64_t one = 1'000'000'000'000;
  for (const CsvRow& row : table.rows) {
    if (const auto value = parse_fixed(clean_cell(trimmed_cell(row, column)), 12)) {
      rates.broken = rates.broken || (*value > 0 && *value < one);
      rates.larger = rates.larger || *value < 0 || *value > one;
    }
  }
  return rates;
}

// The share of the column's filled cells that are so, in percent.
template <typename Predicate>
int share(const ImportTable& table, std::size_t column, Predicate predicate) {
  std::size_t filled = 0;
  std::size_t found = 0;
  for (const CsvRow& row : table.rows) {
    const std::string_view cell = trimmed_cell(row, column);
    filled += cell.empty() ? 0U : 1U;
    found += !cell.empty() && predicate(cell) ? 1U : 0U;
  }
  return filled == 0 ? 0 : static_cast<int>(100 * found / filled);
}

// 2001.0, or one of the words that such programs write for nothing.
bool has_decimal_tail(std::string_view cell) {
  if (cell.ends_with(".0")) {
    return cell.find_first_not_of("0123456789") == cell.size() - 2;
  }
  return read_clean(cell, false).emptied;
}

// 500万, 3亿元.
bool is_in_ten_thousands(std::string_view cell) {
  const std::string folded = fold(cell);
  const std::size_t end = folded.find_first_not_of("0123456789.,");
  return end != std::string::npos && end > 0 && decimals_of_unit(std::string_view(folded).substr(end)).value_or(0) > 0;
}

bool some_in_ten_thousands(const ImportTable& table, std::size_t column) {
  return std::ranges::any_of(table.rows, [column](const CsvRow& row) { return is_in_ten_thousands(trimmed_cell(row, column)); });
}

bool some_decimal_tail(const ImportTable& table, std::size_t column) {
  return std::ranges::any_of(table.rows, [column](const CsvRow& row) { return trimmed_cell(row, column).ends_with(".0"); });
}

}  // namespace

ColumnFormat Planner::format_of(std::size_t column, const Field& field) const {
  std::string unit = column < table_.header.size() ? read_heading(table_.header[column]).unit : std::string();
  static constexpr std::array<std::string_view, 6> multiples = {"万", "萬", "亿", "億", "千", "百"};
  ColumnFormat format;
  if (field.type == FieldType::money) {
    unit = unit.empty() ? unit_of_titles(table_) : unit.substr(0, unit.find('/'));  // 元/袋 is 元
    const auto decimals = decimals_of_unit(unit);
    // Heads may stand beside a unit that is none, 注册资金（必填）; but what counts in 万 and is not understood is no number of 元.
    const bool multiplied = std::ranges::any_of(multiples, [&unit](std::string_view multiple) { return unit.contains(multiple); });
    format.extra_decimals = decimals.value_or(0);
    format.foreign_unit = is_foreign_money(unit) || (!decimals && multiplied);
    format.some_multiplied = unit.empty() && some_in_ten_thousands(table_, column);
  } else if (field.type == FieldType::basis_points && !unit.contains('%')) {
    const BareRates rates = bare_rates(table_, column);
    format.fractions = rates.broken && !rates.larger;
    format.mixed_rates = rates.broken && rates.larger;
  } else if (field.id == "birth_year") {
    format.ages = !says_year_of_birth(column < table_.header.size() ? read_heading(table_.header[column]).name : std::string());
  } else if (field.id.contains("area")) {
    format.foreign_unit = is_other_area(unit);
  } else if (field.type == FieldType::date || field.type == FieldType::date_time) {
    constexpr int majority = 60;
    format.serial_dates = share(table_, column, is_serial_day) >= majority;
  } else if (field.type == FieldType::text) {
    format.decimal_tails = some_decimal_tail(table_, column) && share(table_, column, has_decimal_tail) == 100;
  }
  // 营业人员（十人）: how many they are is not certain.
  const bool counted = field.type == FieldType::integer || field.type == FieldType::quantity;
  const auto begins = [&unit](std::string_view multiple) { return unit.starts_with(multiple) || unit.starts_with("十"); };
  format.foreign_unit = format.foreign_unit || (counted && !unit.starts_with("千克") && !unit.starts_with("百分") && std::ranges::any_of(multiples, begins));
  return format;
}

// 注册资金单位 beside 注册资金, or 单位 and 币种 for all the money of a row. A column called 单位 alone is one of units only when it
// holds nothing else.
std::vector<std::size_t> Planner::unit_columns_of(std::size_t column, const Field& field) const {
  const bool number = field.type == FieldType::money || field.type == FieldType::quantity || field.type == FieldType::integer;
  std::vector<std::size_t> found;
  for (std::size_t other = 0; number && other < table_.header.size() && other < columns_.size(); ++other) {
    const auto front = other == column || columns_[other].mapping.use == ColumnUse::field ? std::nullopt : whose_unit(table_.header[other]);
    if (!front) {
      continue;
    }
    const std::string name = read_heading(table_.header[column]).name;
    const bool of_money = front->empty() && field.type == FieldType::money && share(table_, other, is_unit_of_money) == 100;
    if (of_money || (!front->empty() && (name.contains(*front) || front->contains(name)))) {
      found.push_back(other);
    }
  }
  return found;
}

// The column's format with what the row itself says about units. A blank unit where others have one is not certain.
ColumnFormat Planner::format_in_row(const CsvRow& row, const Column& column) const {
  ColumnFormat format = column.format;
  for (const std::size_t unit_column : column.unit_columns) {
    const std::string unit = fold(clean_cell(trimmed_cell(row, unit_column)));
    const auto decimals = unit.empty() ? std::nullopt : decimals_of_unit(unit);
    const bool contradicts = decimals && *decimals != 0 && format.extra_decimals != 0 && *decimals != format.extra_decimals;
    format.foreign_unit = format.foreign_unit || !decimals || contradicts || (column.mapping.field->type != FieldType::money && *decimals != 0);
    format.extra_decimals = std::max(format.extra_decimals, decimals.value_or(0));
  }
  return format;
}

// A row with dittos as the ones above mean them.
const CsvRow& Planner::without_dittos(const CsvRow& row) {
  dittos_.clear();
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    Column& made = columns_[column];
    const std::string_view cell = trimmed_cell(row, column);
    const bool marked = std::ranges::find(row.texts, column) != row.texts.end();
    const bool below_company = cell.empty() && column == company_of_contacts_ && !trimmed_cell(row, column_of(title_)).empty();
    if (((!marked && is_ditto(cell)) || below_company) && !made.written.empty()) {
      dittos_.push_back({column, std::string(cell)});
    } else if (!cell.empty()) {
      made.written = cell;
      made.line_written = row.line;
    }
  }
  if (dittos_.empty()) {
    return row;
  }
  row_without_dittos_ = row;
  row_without_dittos_.cells.resize(std::max(row.cells.size(), columns_.size()));
  for (const Ditto& ditto : dittos_) {
    row_without_dittos_.cells[ditto.column] = columns_[ditto.column].written;
  }
  return row_without_dittos_;
}

void Planner::note_dittos(Draft& draft) {
  for (const Ditto& ditto : dittos_) {
    const Column& made = columns_[ditto.column];
    const std::string line = std::to_string(made.line_written);
    if (ditto.mark.empty()) {
      note(draft, NoteKind::check, static_cast<std::uint32_t>(ditto.column), [&] {
        return sentence("空着，作为第 {} 行的“{}”的联系人导入，请核对", "Blank; imported as a contact of the one in line {}, “{}”. Please check", {line, made.written});
      });
      continue;
    }
    note(draft, NoteKind::changed, static_cast<std::uint32_t>(ditto.column), [&] {
      return sentence("“{}”按第 {} 行的“{}”导入", "“{}” is imported as line {} has it, “{}”", {ditto.mark, line, made.written});
    });
  }
}

// The heads of groups that stand between this row and the one before: what they say holds for the rows below them.
void Planner::take_groups_above(std::uint32_t line) {
  for (; next_left_ < table_.left_rows.size() && table_.left_rows[next_left_].line < line; ++next_left_) {
    const LeftRow& left = table_.left_rows[next_left_];
    for (std::size_t column = 0; left.reason == LeftReason::group_head && column < columns_.size(); ++column) {
      if (columns_[column].merged && !trimmed_cell(left, column).empty()) {
        columns_[column].above = trimmed_cell(left, column);
        columns_[column].line_above = left.line;
      }
    }
  }
}

// A group on the left that is written once for several rows, as merged cells come out of a spreadsheet, or in a row of its own
// above them: the first row has it, others are blank, and what is written changes every time.
bool Planner::looks_merged(std::size_t column) const {
  const ColumnMapping& mapping = columns_[column].mapping;
  const std::uint32_t names = column_of(title_);
  const bool is_group = mapping.use == ColumnUse::field ? mapping.field->list != nullptr || mapping.field->type == FieldType::reference || mapping.field->id == "city"
                                                        : mapping.use == ColumnUse::remark;
  if (entity_.id != "customer" || !is_group || columns_[column].of_contact || column >= names) {
    return false;
  }
  std::string_view above;
  std::size_t filled = 0, blank = 0, left = 0;
  for (const CsvRow& row : table_.rows) {
    for (; left < table_.left_rows.size() && table_.left_rows[left].line < row.line; ++left) {
      const std::string_view group = table_.left_rows[left].reason == LeftReason::group_head ? trimmed_cell(table_.left_rows[left], column) : std::string_view();
      above = group.empty() ? above : group;
      filled += group.empty() ? 0U : 1U;
    }
    const std::string_view cell = trimmed_cell(row, column);
    if (cell.empty() ? filled == 0 : cell == above || looks_like_phone(cell)) {
      return false;
    }
    blank += cell.empty() && !trimmed_cell(row, names).empty() ? 1U : 0U;
    filled += cell.empty() ? 0U : 1U;
    above = cell.empty() ? above : cell;
  }
  return blank > 0 && filled <= blank * 4;
}

// The cell, or what stands above it where a person wants it filled in. A blank one is told either way.
std::string_view Planner::cell_above_or_own(Draft& draft, std::size_t column) {
  Column& made = columns_[column];
  const std::string_view cell = column < draft.row->cells.size() ? std::string_view(draft.row->cells[column]) : std::string_view();
  const auto number = static_cast<std::uint32_t>(column);
  if (!made.merged) {
    return cell;
  }
  if (!trim(cell).empty()) {
    made.above = made.written;
    made.line_above = draft.row->line;
    return cell;
  }
  if (trimmed_cell(*draft.row, column_of(title_)).empty()) {
    return cell;
  }
  const bool filled = std::ranges::find(options_.filled_down, number) != options_.filled_down.end();
  const std::string line = std::to_string(made.line_above);
  note(draft, filled ? NoteKind::changed : NoteKind::check, number, [&] {
    return filled ? sentence("空着，按第 {} 行的“{}”填", "Blank; filled as line {} has it, “{}”", {line, made.above})
                  : sentence("空着，像是与第 {} 行的“{}”合并的单元格；没有填，可以在上面选“按上面的填”", "Blank, and perhaps merged with line {}, “{}”; not filled. It can be filled above", {line, made.above});
  });
  return filled ? made.above : cell;
}

// Several rows of one company, each with a person and a remark of his own.
void Planner::find_remarks_of_persons() {
  const std::uint32_t remarks = remark_ != nullptr ? column_of(remark_) : 0, names = column_of(title_);
  if (entity_.id != "customer" || contact_ == nullptr || persons_ || remarks == names || columns_.empty() || columns_[remarks].mapping.field != remark_) {
    return;
  }
  std::unordered_map<std::string_view, std::string_view> remark_of;
  std::string_view name;
  for (const CsvRow& row : table_.rows) {
    const std::string_view own = trimmed_cell(row, names), remark = trimmed_cell(row, remarks);
    name = own.empty() ? name : own;
    if (!remark.empty() && remark_of.emplace(name, remark).first->second != remark) {
      remarks_of_persons_.insert(name);
    }
  }
}

// 1、甲商行, 2、乙商行 … in every row.
bool Planner::names_count_up() const {
  const std::uint32_t names = column_of(title_);
  std::int64_t expected = 0;
  for (const CsvRow& row : table_.rows) {
    if (behind_count(trimmed_cell(row, names)).first != ++expected) {
      return false;
    }
  }
  return expected > 1;
}

// But for columns that are not imported, such as 序号.
bool Planner::names_alone(const CsvRow& row) const {
  const auto names = find_column(title_, 0);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (!trimmed_cell(row, column).empty() != (column == names) && columns_[column].mapping.use != ColumnUse::ignore) {
      return false;
    }
  }
  return names.has_value();
}

bool Planner::others_are_full() const {
  std::size_t alone = 0, others = 0, filled = 0;
  for (const CsvRow& row : table_.rows) {
    const bool is_alone = names_alone(row);
    alone += is_alone ? 1U : 0U;
    others += is_alone ? 0U : 1U;
    for (std::size_t column = 0; !is_alone && column < columns_.size(); ++column) {
      filled += columns_[column].mapping.use != ColumnUse::ignore && !trimmed_cell(row, column).empty() ? 1U : 0U;
    }
  }
  const auto columns = static_cast<std::size_t>(std::ranges::count_if(columns_, [](const Column& column) { return column.mapping.use != ColumnUse::ignore; }));
  constexpr std::size_t full = 90;  // percent
  // Beside one other column a blank may well be only that.
  const bool tells = columns > 2 || alone * 4 <= others;
  return table_.header_line != 0 && alone > 0 && others > 1 && tells && filled * 100 >= others * columns * full;
}

std::pair<std::int64_t, std::string_view> behind_count(std::string_view name) {
  std::int64_t number = 0;
  std::size_t end = 0;
  constexpr std::size_t most_digits = 6;
  for (; end < name.size() && end < most_digits && name[end] >= '0' && name[end] <= '9'; ++end) {
    number = number * 10 + (name[end] - '0');
  }
  for (const std::string_view mark : {"、", ".", "．", ")", "）"}) {
    if (const std::string_view rest = name.substr(end); end > 0 && rest.starts_with(mark) && rest.size() > mark.size()) {
      return {number, rest.substr(mark.size())};
    }
  }
  return {0, name};
}

}  // namespace kehubu
