#include "core/importing/cells.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/base/text.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// Digits of a telephone number; "" when there is anything else than digits and what people put between them.
std::string phone_digits(std::string_view cell) {
  std::string text = fold(cell);
  if (text.starts_with("+86")) {
    text.erase(0, 3);
  } else if (text.starts_with("0086")) {
    text.erase(0, 4);
  }
  if (const std::size_t extension = text.find_first_of("x#"); extension != std::string::npos && extension > 6) {
    text.erase(extension);
  }
  std::erase_if(text, [](char character) { return std::string_view("-().").contains(character); });
  return all_digits(text) ? text : std::string();
}

bool is_mobile(std::string_view digits) { return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3'; }

}  // namespace

bool looks_like_mobile(std::string_view cell) { return is_mobile(phone_digits(cell)); }

bool looks_like_phone(std::string_view cell) {
  // Several numbers in one cell: the first decides.
  const std::string_view first = cell.substr(0, cell.find_first_of("/;,"));
  const std::string digits = phone_digits(trim(first));
  const bool land_line = digits.size() >= 10 && digits.size() <= 16 && digits[0] == '0' && digits[1] != '0';
  const bool service = digits.size() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
  return is_mobile(digits) || land_line || service;
}

bool looks_like_email(std::string_view cell) {
  const std::string_view text = trim(cell);
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos && !text.contains(' ');
}

bool looks_like_date(std::string_view cell) {
  const std::string_view text = trim(cell);
  return text.size() >= 8 && !all_digits(text) && parse_date(text, true).has_value();
}

std::string clean_cell(std::string_view cell) {
  std::string text;
  text.reserve(cell.size());
  for (const char character : trim(cell)) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 ? byte != 0x7F : character == '\n' || character == '\t') {
      text += character;
    }
  }
  static constexpr std::array<std::string_view, 12> nothing = {"#n/a",  "#ref!", "#value!", "#name?", "#div/0!", "#null!",
                                                               "#num!", "null",  "-",       "--",     "—",       "/"};
  const std::string folded = text.size() <= 8 ? fold(text) : std::string();
  return is_one_of(folded, nothing) ? std::string() : text;
}

Heading read_heading(std::string_view heading) {
  std::string folded = fold(heading);
  std::erase_if(folded, [](char character) { return std::string_view("*:\"'").contains(character); });
  Heading result;
  const std::size_t open = folded.find_first_of("([");
  if (open != std::string::npos && open > 0) {
    const std::size_t close = folded.find_first_of(")]", open);
    result.unit = folded.substr(open + 1, close == std::string::npos ? close : close - open - 1);
    folded.erase(open, close == std::string::npos ? close : close - open + 1);
  }
  result.name = std::move(folded);
  return result;
}

int decimals_of_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    int decimals;
  };
  static constexpr std::array<Unit, 8> units = {
      {{"万元", 4}, {"万", 4}, {"亿元", 8}, {"亿", 8}, {"千元", 3}, {"百万元", 6}, {"万元人民币", 4}, {"人民币万元", 4}}};
  const auto* found = std::ranges::find(units, unit, &Unit::name);
  return found == units.end() ? 0 : found->decimals;
}

namespace {

// A number apart from its unit: "3,500 家", "5.5万元", "¥ 12.50", "9.36E+05".
struct WrittenNumber {
  std::string number;  // sign, digits, point
  std::string unit;    // folded
};

// 9.36E+05 → 936000. Empty when the exponent is not one that a spreadsheet would write.
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
  for (const std::string_view mark : {"¥", "rmb", "cny"}) {
    if (const std::size_t found = text.find(mark); found <= 1) {
      text.erase(found, mark.size());
    }
  }
  const std::size_t end = text.find_first_not_of("0123456789.,-+()e");
  WrittenNumber written;
  written.unit = end == std::string::npos ? "" : text.substr(end);
  auto number = without_exponent(std::string_view(text).substr(0, end));
  constexpr std::size_t longest_unit = 18;  // six hanzi
  if (!number || written.unit.size() > longest_unit || std::ranges::any_of(written.unit, is_digit)) {
    return std::nullopt;
  }
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
  const auto value = parse_fixed(number, decimals);
  if (!value) {
    return std::nullopt;
  }
  const bool negative = number.starts_with('-') || number.starts_with('(');
  return *value + (up ? (negative ? -1 : 1) : 0);
}

CellValue unreadable(std::string_view zh, std::string_view en, std::string_view cell) {
  return {.value = {}, .hint = sentence(zh, en, {cell}), .keep_text = true};
}

// A unit in the cell counts instead of the column's.
CellValue read_numeric(std::string_view cell, int decimals, int column_decimals = 0) {
  bool rounded = false;
  auto written = read_number(cell);
  const int own_decimals = written ? decimals_of_unit(written->unit) : 0;
  decimals += own_decimals != 0 ? own_decimals : column_decimals;
  const auto value = written ? scaled(std::move(written->number), decimals, rounded) : std::nullopt;
  if (!value || *value > largest_integer || *value < -largest_integer) {
    return unreadable("“{}”不是数字，已记入备注", "“{}” is not a number; kept in the remark", cell);
  }
  CellValue result{.value = *value, .hint = {}, .keep_text = false};
  if (rounded) {
    result.hint = sentence("“{}”的小数太多，已四舍五入", "“{}” has too many decimals and was rounded", {cell});
  }
  return result;
}

CellValue read_rate(std::string_view cell, const ColumnFormat& format) {
  const bool has_sign = half_width(cell).contains('%');
  return read_numeric(cell, format.fractions && !has_sign ? 4 : 2);
}

CellValue read_year(std::string_view cell, int this_year) {
  CellValue result = read_numeric(cell, 0);
  constexpr std::int64_t oldest = 130;
  if (const std::int64_t number = integer_or(result.value, -1); number >= 0 && number <= oldest) {
    result.value = this_year - number;  // an age
  }
  return result;
}

CellValue read_date_cell(std::string_view cell) {
  const auto date = parse_date(cell, true);
  if (!date) {
    return unreadable("“{}”不是日期，已记入备注", "“{}” is not a date; kept in the remark", cell);
  }
  return {.value = iso_date(*date), .hint = {}, .keep_text = false};
}

CellValue read_date_time_cell(std::string_view cell) {
  if (const auto instant = parse_date_time(cell)) {
    return {.value = *instant, .hint = {}, .keep_text = false};
  }
  const auto date = parse_date(cell, true);  // a serial number; its fraction is the time of day
  if (!date) {
    return unreadable("“{}”不是时间，已记入备注", "“{}” is not a date and time; kept in the remark", cell);
  }
  bool rounded = false;
  const std::size_t point = cell.find('.');
  const std::string fraction = point == std::string_view::npos ? "0" : "0" + std::string(cell.substr(point));
  const auto millionths = scaled(fraction, 6, rounded);
  const std::int64_t minutes = multiply_divide(millionths.value_or(0), 24 * 60, 1'000'000).value_or(0);
  return {.value = local_midnight(*date) + minutes * 60'000, .hint = {}, .keep_text = false};
}

CellValue read_boolean(std::string_view cell) {
  static constexpr std::array<std::string_view, 12> yes = {"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1", "已", "启用"};
  static constexpr std::array<std::string_view, 12> no = {"否", "无", "不", "×", "✗", "x", "n", "no", "false", "0", "未", "停用"};
  const std::string folded = fold(cell);
  if (is_one_of(folded, yes) || is_one_of(folded, no)) {
    return {.value = std::int64_t{is_one_of(folded, yes) ? 1 : 0}, .hint = {}, .keep_text = false};
  }
  return unreadable("“{}”不是“是”或“否”，已记入备注", "“{}” is neither yes nor no; kept in the remark", cell);
}

// Excel turns a number of twelve digits and more into 1.38E+11 and forgets the rest.
bool was_mangled(std::string_view cell, const Field& field) {
  const bool should_be_digits = field.format == Format::phone || field.format == Format::code ||
                                field.format == Format::bank_account || field.format == Format::tax_number ||
                                field.format == Format::licence_number;
  const std::string folded = should_be_digits && cell.size() < 16 ? fold(cell) : std::string();
  const std::size_t letter = folded.find("e+");
  return letter != std::string::npos && letter > 0 && all_digits(std::string_view(folded).substr(letter + 2)) &&
         folded.find_first_not_of("0123456789.") == letter;
}

CellValue read_text(std::string_view cell, const Field& field) {
  if (was_mangled(cell, field)) {
    return unreadable("“{}”被电子表格改成了科学计数法，原来的数字已丢失", "“{}”: the spreadsheet has lost the digits of this number", cell);
  }
  const std::size_t limit = length_limit(field);
  if (cell.size() <= limit || count_code_points(cell) <= limit) {
    return {.value = std::string(cell), .hint = {}, .keep_text = false};
  }
  std::size_t end = 0;
  for (std::size_t count = 0; count < limit; ++count) {
    static_cast<void>(next_code_point(cell, end));
  }
  return {.value = std::string(cell.substr(0, end)),
          .hint = sentence("内容超过 {} 个字，全文已记入备注", "Longer than {} characters; the whole is in the remark",
                           {std::to_string(limit)}),
          .keep_text = true};
}

}  // namespace

bool looks_like_number(std::string_view cell) {
  const std::string_view text = trim(cell);
  bool rounded = false;
  auto written = text.empty() ? std::nullopt : read_number(text);
  return written && scaled(std::move(written->number), 4, rounded).has_value();
}

std::size_t length_limit(const Field& field) {
  if (field.length_limit != 0) {
    return field.length_limit;
  }
  return field.type == FieldType::long_text ? 20'000 : 200;
}

CellValue read_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year) {
  switch (field.type) {
    case FieldType::integer:
      return field.id == "birth_year" ? read_year(cell, this_year) : read_numeric(cell, 0);
    case FieldType::money:
      return read_numeric(cell, 2, format.extra_decimals);
    case FieldType::quantity:
      return read_numeric(cell, 3, format.extra_decimals);
    case FieldType::basis_points:
      return read_rate(cell, format);
    case FieldType::date:
      return read_date_cell(cell);
    case FieldType::date_time:
      return read_date_time_cell(cell);
    case FieldType::boolean:
      return read_boolean(cell);
    default:
      return read_text(cell, field);
  }
}

}  // namespace kehubu
