// Numbers as people write them: 1,020.00, ￥6000, 5w, 500万元整, 9.36E+05, 36岁. A unit that is not understood for certain makes
// the cell no number: it never falls off.
#include <algorithm>
#include <array>
#include <span>

#include "core/base/text.h"
#include "core/base/value.h"
#include "core/importing/cells.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// A number apart from what stands behind it: "3,500 家" → "3,500", "家".
struct WrittenNumber {
  std::string number;  // sign, digits, separators, point
  std::string unit;    // folded
  bool shortened = false;  // 1.23E+06: a spreadsheet shows no more digits than these, whatever the number was
};

// 9.36e+05 → 936000. Empty when the exponent is not one that a spreadsheet would write.
std::optional<std::string> without_exponent(std::string_view number) {
  const std::size_t letter = number.find('e');
  if (letter == std::string_view::npos) {
    return std::string(number);
  }
  std::string_view exponent_text = number.substr(letter + 1);
  const bool negative = exponent_text.starts_with('-');
  exponent_text.remove_prefix(exponent_text.starts_with('-') || exponent_text.starts_with('+') ? 1U : 0U);
  if (exponent_text.size() > 2 || !all_digits(exponent_text)) {
    return std::nullopt;
  }
  int exponent = 0;
  for (const char digit : exponent_text) {
    exponent = exponent * 10 + (digit - '0');
  }
  if (exponent > 18 || letter == 0 || !is_digit(number[letter - 1])) {
    return std::nullopt;
  }
  std::string digits(number.substr(0, letter));
  const std::string sign = digits.starts_with('-') ? "-" : "";
  digits.erase(0, sign.size());
  std::size_t point = std::min(digits.find('.'), digits.size());
  std::erase(digits, '.');
  if (negative) {
    digits.insert(0, static_cast<std::size_t>(exponent), '0');
  } else {
    point += static_cast<std::size_t>(exponent);
    digits.resize(std::max(digits.size(), point), '0');
  }
  digits.insert(point, 1, '.');
  return sign + digits;
}

std::optional<WrittenNumber> read_number(std::string_view cell) {
  std::string text = fold(cell);
  for (const std::string_view mark : {"¥", "人民币", "rmb", "cny"}) {
    if (const std::size_t found = text.find(mark); found == 0 || (found == 1 && (text[0] == '-' || text[0] == '('))) {
      text.erase(found, mark.size());
    }
  }
  // An "e" is an exponent only before its digits: 5 eur is no number.
  std::size_t end = std::min(text.find_first_not_of("0123456789.,-+()"), text.size());
  if (end < text.size() && text[end] == 'e' && end + 1 < text.size() && (is_digit(text[end + 1]) || text[end + 1] == '+' || text[end + 1] == '-')) {
    end = std::min(text.find_first_not_of("0123456789+-", end + 1), text.size());
  }
  auto number = without_exponent(std::string_view(text).substr(0, end));
  constexpr std::size_t longest_unit = 24;  // eight hanzi
  WrittenNumber written{.number = {}, .unit = text.substr(end)};
  if (!number || written.unit.size() > longest_unit || std::ranges::any_of(written.unit, is_digit)) {
    return std::nullopt;
  }
  const std::string_view front = std::string_view(text).substr(0, end);
  const std::size_t letter = front.find('e');
  const std::size_t point = std::min(front.find('.'), letter);
  const std::size_t decimals = letter == std::string_view::npos || point == letter ? 0 : letter - point - 1;
  const auto exponent = letter == std::string_view::npos ? Result<std::int64_t>(0) : parse_fixed(front.substr(letter + (front[letter + 1] == '+' ? 2 : 1)), 0);
  written.shortened = exponent && *exponent > static_cast<std::int64_t>(decimals);
  written.number = std::move(*number);
  return written;
}

// The number × 10^decimals, rounded half away from zero; `rounded` tells whether it had to be.
std::optional<std::int64_t> scaled(std::string number, int decimals, bool& rounded) {
  const std::size_t point = number.find('.');
  const std::size_t kept = point == std::string::npos ? number.size() : point + 1 + static_cast<std::size_t>(decimals);
  bool up = false;
  if (kept < number.size() && is_digit(number[kept])) {
    up = number[kept] >= '5';
    rounded = number.find_first_of("123456789", kept) != std::string::npos;
    number.erase(kept, number.find_first_not_of("0123456789", kept) - kept);
  }
  constexpr int most_decimals = 12;
  const auto value = decimals <= most_decimals ? parse_fixed(number, decimals) : fail(ErrorKind::invalid_input, "", "");
  if (!value) {
    return std::nullopt;
  }
  const bool negative = number.starts_with('-') || number.starts_with('(');
  return *value + (up ? (negative ? -1 : 1) : 0);
}

// 百万, w, 千 at the front of a unit: taken away, and the power of ten that they mean.
int take_multipliers(std::string_view& unit) {
  struct Multiplier {
    std::string_view name;
    int decimals;
  };
  static constexpr std::array<Multiplier, 10> multipliers = {
      {{"十", 1}, {"拾", 1}, {"百", 2}, {"佰", 2}, {"千", 3}, {"仟", 3}, {"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8}}};
  int decimals = 0;
  for (bool found = true; found;) {
    found = false;
    for (const auto& [name, power] : multipliers) {
      if (unit.starts_with(name)) {
        unit.remove_prefix(name.size());
        decimals += power;
        found = true;
      }
    }
  }
  // 5w and 8k as people type them, but not 5wk and not 3km.
  if (decimals == 0 && (unit == "w" || unit == "k" || unit.starts_with("w元") || unit.starts_with("k元"))) {
    decimals = unit.front() == 'w' ? 4 : 3;
    unit.remove_prefix(1);
  }
  return decimals;
}

// What may be counted or measured in a field that is no money, behind its multipliers.
bool is_unit_of(std::string_view unit, const Field& field) {
  static constexpr std::array<std::string_view, 30> counted = {"",   "家", "个", "人", "名", "位", "间", "台", "户", "次", "所", "件",  "袋",   "箱",      "瓶",
                                                               "盒", "包", "只", "套", "条", "张", "辆", "桌", "店", "份", "单", "股",  "公斤", "kg",      "吨"};
  static constexpr std::array<std::string_view, 8> areas = {"㎡", "m2", "m²", "平", "平方", "平米", "平方米", "平方公尺"};
  static constexpr std::array<std::string_view, 3> days = {"天", "日", "days"};
  static constexpr std::array<std::string_view, 4> minutes = {"分", "分钟", "min", "mins"};
  static constexpr std::array<std::string_view, 3> years = {"岁", "周岁", "年"};
  return is_one_of(unit, counted) || (field.id.contains("area") && is_one_of(unit, areas)) ||
         (field.id.contains("day") && is_one_of(unit, days)) || (field.id.ends_with("_min") && is_one_of(unit, minutes)) ||
         (field.id.contains("year") && is_one_of(unit, years)) || (field.id.contains("score") && unit == "分");
}

CellValue not_a_number(std::string_view cell) {
  return {.value = {}, .hint = sentence("“{}”不能确定是多少，已记入备注", "“{}” is no number for certain; kept in the remark", {cell}), .keep_text = true};
}

CellValue number_of(std::string_view cell, std::string number, int decimals) {
  bool rounded = false;
  const auto value = scaled(std::move(number), decimals, rounded);
  if (!value || *value > largest_integer || *value < -largest_integer) {
    return not_a_number(cell);
  }
  CellValue result{.value = *value};
  if (rounded) {
    result.hint = sentence("“{}”的小数太多，已四舍五入", "“{}” has too many decimals and was rounded", {cell});
  }
  return result;
}

// A unit in the cell counts instead of the column's.
CellValue read_money(std::string_view cell, WrittenNumber written, const ColumnFormat& format) {
  const auto own = decimals_of_unit(written.unit);
  if (!own || format.foreign_unit) {
    return not_a_number(cell);
  }
  const bool bare = written.unit.empty();
  const bool says_yuan = !is_digit(fold(cell).front());  // ￥6000
  CellValue read = number_of(cell, std::move(written.number), 2 + (bare ? format.extra_decimals : *own));
  constexpr std::int64_t small = 1'000'000;  // 10,000 yuan
  if (const std::int64_t amount = integer_or(read.value, 0); bare && !says_yuan && format.some_multiplied && !read.hint && amount > 0 && amount < small) {
    read.hint = sentence("“{}”没有写单位，按 {} 元导入；这一列别的行写的是“万”，请核对", "“{}” has no unit and is imported as {} yuan, while other rows of the column count in 万. Please check", {cell, format_money(amount)});
  }
  return read;
}

CellValue read_counted(std::string_view cell, WrittenNumber written, const Field& field, const ColumnFormat& format, int decimals) {
  std::string_view unit = written.unit;
  const int multiplied = take_multipliers(unit);
  return is_unit_of(unit, field) && !format.foreign_unit ? number_of(cell, std::move(written.number), decimals + multiplied) : not_a_number(cell);
}

// 36岁, or 36 under 年龄; 85年 and 88 under a year of birth are neither an age nor a year for certain.
CellValue read_year(std::string_view cell, std::string_view unit, CellValue result, const ColumnFormat& format, int this_year) {
  constexpr std::int64_t oldest = 130;
  const bool is_age = unit.ends_with("岁") || (unit.empty() && format.ages);
  if (const std::int64_t number = integer_or(result.value, -1); number >= 0 && number <= oldest) {
    if (!is_age) {
      return not_a_number(cell);
    }
    const std::int64_t year = this_year - number;
    result.value = year;
    result.hint = sentence("“{}”是年龄，出生年份按 {} 年导入", "“{}” is an age; imported as born in {}", {cell, std::to_string(year)});
  }
  return result;
}

// 30% says what it is; 30 and 0.3 only together with the column's others.
CellValue read_rate(std::string_view cell, WrittenNumber written, const ColumnFormat& format) {
  if (written.unit == "%") {
    return number_of(cell, std::move(written.number), 2);
  }
  const auto bare = parse_fixed(written.number, 12);
  constexpr std::int64_t one = 1'000'000'000'000;
  if (!written.unit.empty() || (format.mixed_rates && bare && *bare > 0 && *bare <= one)) {
    return not_a_number(cell);
  }
  CellValue read = number_of(cell, std::move(written.number), format.fractions ? 4 : 2);
  if (format.fractions && !is_null(read.value) && integer_or(read.value, 0) != 0) {
    read.hint = sentence("“{}”按 {} 导入", "“{}” is imported as {}", {cell, format_percent(integer_or(read.value, 0))});
  }
  return read;
}

}  // namespace

std::optional<int> decimals_of_unit(std::string_view folded_unit) {
  static constexpr std::array<std::string_view, 14> yuan = {"",       "元",   "圆",     "块",     "块钱",     "元整",   "圆整",
                                                            "人民币", "rmb",  "cny",    "元人民币", "人民币元", "元(人民币)", "yuan"};
  std::string_view unit = folded_unit;
  for (const std::string_view front : {"单位", ":", "人民币"}) {
    unit.remove_prefix(unit.starts_with(front) && unit.size() > front.size() ? front.size() : 0);
  }
  const int decimals = take_multipliers(unit);
  return is_one_of(unit, yuan) && decimals <= 8 ? std::optional(decimals) : std::nullopt;
}

bool is_foreign_money(std::string_view folded_unit) {
  static constexpr std::array<std::string_view, 18> words = {"美元", "美金", "usd", "$", "欧元", "eur", "€", "港元", "港币", "hkd", "日元", "jpy", "英镑", "gbp", "£", "台币", "韩元", "澳元"};
  return std::ranges::any_of(words, [folded_unit](std::string_view word) { return folded_unit.contains(word); });
}

bool looks_like_number(std::string_view cell) {
  const std::string_view text = trim(cell);
  constexpr std::size_t longest = 60;
  bool rounded = false;
  auto written = text.empty() || text.size() > longest ? std::nullopt : read_number(text);
  return written && scaled(std::move(written->number), 4, rounded).has_value();
}

CellValue read_number_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year) {
  auto written = read_number(cell);
  if (!written) {
    return not_a_number(cell);
  }
  const std::string shortened = written->shortened ? written->number.substr(0, written->number.find('.')) : std::string();
  CellValue read;
  if (field.type == FieldType::money) {
    read = read_money(cell, std::move(*written), format);
  } else if (field.type == FieldType::basis_points) {
    read = read_rate(cell, std::move(*written), format);
  } else {
    const std::string unit = written->unit;
    read = read_counted(cell, std::move(*written), field, format, field.type == FieldType::quantity ? 3 : 0);
    read = field.id == "birth_year" ? read_year(cell, unit, std::move(read), format, this_year) : std::move(read);
  }
  if (!shortened.empty() && !is_null(read.value)) {
    read.hint = sentence("“{}”按 {} 导入，后面的数字可能已被表格丢掉，请核对", "“{}” is imported as {}; the spreadsheet may have lost its last digits. Please check", {cell, shortened});
  }
  return read;
}

}  // namespace kehubu
