#include "core/importing/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/store/validation.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool names_a_place_or_country(PhoneKind kind) {
  return kind == PhoneKind::mobile || kind == PhoneKind::land_line || kind == PhoneKind::service || kind == PhoneKind::international;
}

}  // namespace

bool looks_like_mobile(std::string_view cell) { return phone_kind(cell) == PhoneKind::mobile; }

bool looks_like_phone(std::string_view cell) {
  constexpr std::size_t longest = 120;
  if (cell.size() < 7 || cell.size() > longest) {
    return false;
  }
  // Several numbers in one cell: the first decides. Eight digits alone may be anything.
  return names_a_place_or_country(phone_kind(cell)) || (is_phone_number(cell) && phone_key(cell).size() >= 10);
}

bool looks_like_email(std::string_view cell) {
  const std::string_view text = trim(cell);
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos && !text.contains(' ');
}

namespace {

// A unit behind the name without brackets. Taken away from the name; "" when there is none for certain.
std::string take_bare_unit(std::string& name) {
  constexpr std::size_t shortest_name = 4;  // bytes: two letters, or two hanzi
  const auto is_unit = [](std::string_view text) { return !text.empty() && (text == "%" || decimals_of_unit(text) || is_foreign_money(text)); };
  std::string unit;
  if (const std::size_t mark = name.find_last_of("/:-_,|"); mark != std::string::npos && mark >= shortest_name && is_unit(std::string_view(name).substr(mark + 1))) {
    unit = name.substr(mark + 1);
    name.resize(mark);
  }
  static constexpr std::array<std::string_view, 11> endings = {"千万元", "百万元", "十万元", "万元", "亿元", "千元", "千万", "百万", "十万", "万", "亿"};
  for (const std::string_view ending : endings) {
    if (unit.empty() && name.ends_with(ending) && name.size() >= ending.size() + shortest_name) {
      unit = ending;
      name.resize(name.size() - ending.size());
    }
  }
  constexpr std::string_view said = "单位";  // 注册资金单位万元
  if (!unit.empty() && name.ends_with(said) && name.size() >= said.size() + shortest_name) {
    name.resize(name.size() - said.size());
  }
  return unit;
}

}  // namespace

Heading read_heading(std::string_view heading) {
  std::string folded = fold(heading);
  std::erase_if(folded, [](char character) { return std::string_view("*\"'").contains(character); });
  Heading result;
  const std::size_t open = folded.find_first_of("([");
  if (open != std::string::npos && open > 0) {
    const std::size_t close = folded.find_first_of(")]", open);
    result.unit = folded.substr(open + 1, close == std::string::npos ? close : close - open - 1);
    folded.erase(open, close == std::string::npos ? close : close - open + 1);
  } else {
    result.unit = take_bare_unit(folded);
  }
  std::erase(folded, ':');
  std::erase(result.unit, ':');
  result.name = std::move(folded);
  return result;
}

namespace {

CellValue unreadable(std::string_view zh, std::string_view en, std::string_view cell) {
  return {.value = {}, .hint = sentence(zh, en, {cell}), .keep_text = true};
}

// What a column of days would lose: "2024-03-05 23:30". Midnight, as spreadsheets write behind every day, says nothing.
bool has_time_of_day(std::string_view cell, const Date& date) {
  const std::string text = half_width(cell);
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon < 2) {
    constexpr std::size_t day_digits = 8;
    return (text.size() == 12 || text.size() == 14) && all_digits(text) && text.find_first_not_of('0', day_digits) != std::string::npos;
  }
  const auto instant = parse_date_time(text);
  const std::string time = text.substr(colon - 2, text.find_first_of("+-Zz", colon) - (colon - 2));
  return time.find_first_of("123456789") != std::string::npos && !(instant && *instant == local_midnight(date));
}

CellValue read_date_cell(std::string_view cell, const ColumnFormat& format) {
  const auto date = read_day(cell, format.serial_dates);
  if (!date) {
    return unreadable("“{}”不能确定是哪一天，已记入备注", "“{}” names no day for certain; kept in the remark", cell);
  }
  CellValue read{.value = iso_date(*date)};
  if (is_serial_day(cell)) {
    // Of a workbook that counts from 1904 they are four years off.
    read.hint = sentence("“{}”是 Excel 的日期序号，按 {} 导入，请核对", "“{}” is a day as Excel counts them; imported as {}. Please check", {cell, iso_date(*date)});
  }
  if (!read.hint && has_time_of_day(cell, *date)) {
    read.hint = sentence("“{}”按 {} 导入，几点几分没有导入", "“{}” is imported as {}, without the time of day", {cell, iso_date(*date)});
  }
  // Reckoned, where the year is not written as we write it: 民国113年, 1709568000000.
  read.changed = !read.hint && !cell.contains(std::to_string(date->year));
  return read;
}

CellValue read_date_time_cell(std::string_view cell, const ColumnFormat& format) {
  if (const auto instant = parse_date_time(cell)) {
    return {.value = *instant};
  }
  if (const auto counted = milliseconds_of(cell)) {
    return {.value = *counted, .changed = true};
  }
  const auto date = read_day(cell, format.serial_dates);  // a serial number's fraction is the time of day
  if (!date) {
    return unreadable("“{}”不能确定是什么时间，已记入备注", "“{}” names no time for certain; kept in the remark", cell);
  }
  const std::size_t point = cell.find('.');
  const bool has_fraction = point != std::string_view::npos && all_digits(cell.substr(0, point)) && all_digits(cell.substr(point + 1));
  const auto millionths = has_fraction ? parse_fixed("0" + std::string(cell.substr(point, 7)), 6) : Result<std::int64_t>(0);
  const std::int64_t minutes = multiply_divide(millionths ? *millionths : 0, 24 * 60, 1'000'000).value_or(0);
  return {.value = local_midnight(*date) + minutes * 60'000};
}

CellValue read_boolean(std::string_view cell, const Field& field) {
  static constexpr std::array<std::string_view, 13> yes = {"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1", "已", "启用", "1.0"};
  static constexpr std::array<std::string_view, 13> no = {"否", "无", "不", "×", "✗", "x", "n", "no", "false", "0", "未", "停用", "0.0"};
  const std::string folded = fold(cell);
  if (is_one_of(folded, yes) || is_one_of(folded, no)) {
    return {.value = std::int64_t{is_one_of(folded, yes) ? 1 : 0}};
  }
  static constexpr std::array<std::string_view, 7> sold = {"在售", "上架", "已上架", "正常", "销售中", "在产", "热销"};
  static constexpr std::array<std::string_view, 14> not_sold = {"停产", "已停产", "下架", "已下架", "停售", "已停售", "暂停", "暂停销售", "停", "停止", "淘汰", "已淘汰", "作废", "停止销售"};
  if (field.id == "active" && (is_one_of(folded, sold) || is_one_of(folded, not_sold))) {
    return {.value = std::int64_t{is_one_of(folded, sold) ? 1 : 0}, .changed = true};
  }
  if (field.default_value == "true") {
    return unreadable("“{}”不是“是”或“否”，按“是”导入，原文已记入备注", "“{}” is neither yes nor no; imported as yes, and kept in the remark", cell);
  }
  return unreadable("“{}”不是“是”或“否”，已记入备注", "“{}” is neither yes nor no; kept in the remark", cell);
}

bool holds_digits_that_matter(const Field& field) {
  return field.format == Format::phone || field.format == Format::code || field.format == Format::bank_account ||
         field.format == Format::tax_number || field.format == Format::licence_number || field.format == Format::postcode;
}

}  // namespace

bool was_mangled(std::string_view cell) {
  constexpr std::size_t longest = 26;
  const std::string folded = cell.size() < longest ? fold(cell) : std::string();
  const std::size_t letter = folded.find('e');
  if (letter == std::string::npos || letter == 0) {
    return false;
  }
  std::string_view exponent = std::string_view(folded).substr(letter + 1);
  exponent.remove_prefix(exponent.starts_with('+') ? 1 : 0);
  return folded.contains('.') && exponent.size() <= 2 && all_digits(exponent) && folded.find_first_not_of("0123456789.") == letter;
}

namespace {

// It keeps 15 digits of longer numbers and writes zeros for the rest.
bool may_have_lost_its_end(std::string_view digits) {
  constexpr std::size_t kept = 15;
  return digits.size() > kept && all_digits(digits) && digits.find_first_not_of('0', kept) == std::string_view::npos;
}

// Several telephones, each in a line of its own.
std::string in_one_line(std::string_view cell, std::string_view between) {
  std::string line;
  for (const char character : cell) {
    line += character == '\n' ? between : std::string_view(&character, 1);
  }
  return line;
}

std::string in_its_format(std::string_view cell, const Field& field) {
  switch (field.format) {
    case Format::phone:
      return tidy_phone(in_one_line(cell, "、"));
    case Format::bank_account:
      return tidy_bank_account(cell);
    case Format::tax_number:
    case Format::licence_number:
      return tidy_tax_number(cell);
    case Format::postcode:
    case Format::email:
      return half_width(cell);
    case Format::website:
      return tidy_web_address(cell).value_or(std::string(cell));
    case Format::code: {
      std::string code = half_width(cell);
      std::erase_if(code, [](char character) { return character == ' ' || character == '\t' || character == '\n'; });
      return code;
    }
    default:
      return std::string(cell);
  }
}

// 13911232001.0, as programs write that take a telephone for a number.
std::string_view without_decimal_tail(std::string_view cell, bool expected) {
  const std::size_t point = cell.find('.');
  if (point == std::string_view::npos || point + 1 == cell.size() || !all_digits(cell.substr(0, point)) ||
      cell.find_first_not_of('0', point + 1) != std::string_view::npos) {
    return cell;
  }
  constexpr std::size_t shortest = 6;  // digits: of what is no number
  return expected || point >= shortest ? cell.substr(0, point) : cell;
}

CellValue read_text(std::string_view cell, const Field& field, const ColumnFormat& format) {
  const bool digits = holds_digits_that_matter(field);
  if (digits && was_mangled(cell)) {
    return unreadable("“{}”被电子表格改成了科学计数法，原来的数字已丢失", "“{}”: the spreadsheet has lost the digits of this number", cell);
  }
  const std::string_view whole = digits || format.decimal_tails ? without_decimal_tail(cell, format.decimal_tails) : cell;
  std::string text = in_its_format(whole, field);
  const std::size_t limit = length_limit(field);
  if (text.size() <= limit || count_code_points(text) <= limit) {
    CellValue result{.value = text};
    result.changed = text != cell;
    if (digits && may_have_lost_its_end(text)) {
      result.hint = sentence("“{}”末尾的 0 可能是电子表格丢失的数字，请核对", "“{}”: the spreadsheet may have put zeros for the last digits; please check", {cell});
    }
    return result;
  }
  std::size_t end = 0;
  for (std::size_t count = 0; count < limit; ++count) {
    static_cast<void>(next_code_point(text, end));
  }
  return {.value = text.substr(0, end),
          .hint = sentence("内容超过 {} 个字，全文已记入备注", "Longer than {} characters; the whole is in the remark",
                           {std::to_string(limit)}),
          .keep_text = true};
}

}  // namespace

std::size_t length_limit(const Field& field) {
  return field.length_limit != 0 ? field.length_limit : field.type == FieldType::long_text ? default_long_text_limit : default_text_limit;
}

CellValue read_cell(std::string_view cell, const Field& field, const ColumnFormat& format, int this_year) {
  switch (field.type) {
    case FieldType::integer:
    case FieldType::money:
    case FieldType::quantity:
    case FieldType::basis_points:
      return read_number_cell(cell, field, format, this_year);
    case FieldType::date:
      return read_date_cell(cell, format);
    case FieldType::date_time:
      return read_date_time_cell(cell, format);
    case FieldType::boolean:
      return read_boolean(cell, field);
    default:
      return read_text(cell, field, format);
  }
}

}  // namespace kehubu
