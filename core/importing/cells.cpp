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

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool names_a_place_or_country(PhoneKind kind) {
  return kind == PhoneKind::mobile || kind == PhoneKind::land_line || kind == PhoneKind::service || kind == PhoneKind::international;
}

// Marks that nobody sees and that no value means: direction, joiners, soft hyphen, byte order mark. U+200C and U+200D stay:
// scripts and emoji need them.
bool is_invisible(char32_t character) {
  return character == 0xAD || character == 0x180E || character == 0x200B || character == 0x200E || character == 0x200F ||
         (character >= 0x202A && character <= 0x202E) || (character >= 0x2060 && character <= 0x2064) ||
         (character >= 0x2066 && character <= 0x206F) || character == 0xFEFF || (character >= 0xFFF9 && character <= 0xFFFB);
}

// Blanks that look like the plain one: no-break, thin, of the width of a letter.
bool is_other_blank(char32_t character) { return character == 0xA0 || (character >= 0x2000 && character <= 0x200A) || character == 0x202F || character == 0x205F; }

bool is_control(char32_t character) { return (character < 0x20 && character != '\n' && character != '\t') || character == 0x7F; }

// Whether anything in the text could be a remain; most texts have no such byte.
bool may_hold_remains(std::string_view text) {
  for (std::size_t position = 0; position < text.size(); ++position) {
    const auto byte = static_cast<unsigned char>(text[position]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || byte == '&' || byte == '_') {
      return true;
    }
    const auto next = position + 1 < text.size() ? static_cast<unsigned char>(text[position + 1]) : 0U;
    if ((byte == 0xC2 && (next == 0xAD || next == 0xA0)) || (byte == 0xE1 && next == 0xA0) || (byte == 0xE2 && (next == 0x80 || next == 0x81)) ||
        (byte == 0xEF && (next == 0xBB || next == 0xBF))) {
      return true;
    }
  }
  return false;
}

// "&#20013;" and "&#x4E2D;" at the front → "中", and their size.
std::pair<std::string, std::size_t> numbered_entity_at_front(std::string_view text) {
  constexpr std::size_t longest = 10;
  const std::size_t end = text.substr(0, longest).find(';');
  if (!text.starts_with("&#") || end == std::string_view::npos) {
    return {};
  }
  std::string_view digits = text.substr(2, end - 2);
  const bool hexadecimal = digits.starts_with('x') || digits.starts_with('X');
  digits.remove_prefix(hexadecimal ? 1 : 0);
  std::uint32_t code_point = 0;
  const auto [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code_point, hexadecimal ? 16 : 10);
  const bool is_character = code_point >= 0x20 && code_point <= 0x10FFFF && !(code_point >= 0xD800 && code_point <= 0xDFFF);
  if (error != std::errc() || stopped != digits.data() + digits.size() || !is_character) {
    return {};
  }
  std::string meant;
  append_utf8(meant, code_point);
  return {meant, end + 1};
}

// "&amp;" at the front → "&", 5. Size 0 when there is none.
std::pair<std::string, std::size_t> entity_at_front(std::string_view text) {
  if (!text.starts_with('&')) {
    return {};
  }
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> entities = {
      {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}, {"&nbsp;", " "}}};
  for (const auto& [written, meant] : entities) {
    if (text.starts_with(written)) {
      return {std::string(meant), written.size()};
    }
  }
  return numbered_entity_at_front(text);
}

// "_x000D_" at the front → U+000D, as Excel and its libraries escape what XML cannot hold.
std::optional<char32_t> escape_at_front(std::string_view text) {
  constexpr std::size_t size = 7;
  if (text.size() < size || text[1] != 'x' || text[0] != '_' || text[size - 1] != '_') {
    return std::nullopt;
  }
  char32_t value = 0;
  for (const char digit : text.substr(2, 4)) {
    const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + 32) : digit;
    if (!is_digit(lower) && !(lower >= 'a' && lower <= 'f')) {
      return std::nullopt;
    }
    value = value * 16 + static_cast<char32_t>(is_digit(lower) ? lower - '0' : lower - 'a' + 10);
  }
  return value;
}

std::string without_remains(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    if (const auto [meant, size] = entity_at_front(text.substr(position)); size > 0) {
      clean += meant;
      position += size;
    } else if (const auto escaped = text[position] == '_' ? escape_at_front(text.substr(position)) : std::nullopt) {
      // A carriage return before the line break that ends the line with it anyway.
      const bool visible = !is_control(*escaped) && !is_invisible(*escaped);
      if (visible) {
        append_utf8(clean, *escaped);
      }
      position += 7;
    } else if (const char32_t character = next_code_point(text, position); character == 0x2028 || character == 0x2029 || character == '\v' || character == '\f') {
      clean += '\n';
    } else if (character == 0xA0) {
      clean += ' ';
    } else if (!is_control(character) && !is_invisible(character)) {
      append_utf8(clean, character);
    }
  }
  return clean;
}

}  // namespace

std::string visible_text(std::string_view text) {
  std::string visible;
  for (std::size_t position = 0; position < text.size();) {
    if (const char32_t character = next_code_point(text, position); is_other_blank(character)) {
      visible += ' ';
    } else if (!is_invisible(character) && !is_control(character)) {
      append_utf8(visible, character);
    }
  }
  return std::string(trim(visible));
}

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

CleanCell read_clean(std::string_view cell, bool marked_as_text) {
  const std::string_view outer = trim(cell);
  CleanCell clean;
  if (marked_as_text || !may_hold_remains(outer)) {
    clean.text = outer;
  } else {
    clean.text = trim(without_remains(outer));
    clean.changed = clean.text != outer;
  }
  static constexpr std::array<std::string_view, 18> nothing = {"n/a",   "#n/a",  "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "null", "-",
                                                               "--",    "—",     "——",      "/",      "nan",     "nat",    "none",  "<na>"};
  constexpr std::size_t longest = 8;
  if (!marked_as_text && !clean.text.empty() && clean.text.size() <= longest && is_one_of(fold(clean.text), nothing)) {
    clean = {.text = {}, .changed = false, .emptied = true};
  }
  clean.emptied = clean.emptied || (clean.changed && clean.text.empty());
  return clean;
}

bool says_nothing(std::string_view cell) {
  static constexpr std::array<std::string_view, 16> words = {"无", "暂无", "没有", "不详", "未知", "未填", "未填写", "空", "(无)", "(空)", "待补", "待补充", "na", "n/a", "無", "暫無"};
  constexpr std::size_t longest = 12;
  return cell.size() <= longest && is_one_of(fold(cell), words);
}

bool is_ditto(std::string_view cell) {
  static constexpr std::array<std::string_view, 12> words = {"同上", "同前", "同上行", "〃", "″", "”", "“", "\"", "ditto", "Ditto", "″″", ",,"};
  constexpr std::size_t longest = 9;
  return !cell.empty() && cell.size() <= longest && is_one_of(cell, words);
}

bool takes_words_for_nothing(const Field& field) {
  const bool free_text = field.type == FieldType::long_text || (field.type == FieldType::text && field.required == Required::always && field.format == Format::any);
  return !free_text && field.type != FieldType::boolean;  // in a column of yes and no, 无 is no
}

std::optional<Hyperlink> read_hyperlink(std::string_view cell) {
  constexpr std::string_view opening = "=hyperlink(\"";
  if (cell.size() <= opening.size() || fold(cell.substr(0, opening.size())) != opening || !cell.ends_with("\")")) {
    return std::nullopt;
  }
  std::string_view rest = cell.substr(opening.size(), cell.size() - opening.size() - 2);
  const std::size_t between = rest.find("\",\"");
  const std::string_view address = rest.substr(0, between);
  const std::string_view text = between == std::string_view::npos ? address : rest.substr(between + 3);
  if (address.contains('"') || text.contains('"')) {
    return std::nullopt;  // more than two texts
  }
  return Hyperlink{std::string(address), std::string(text)};
}

bool looks_like_formula(std::string_view cell) {
  if (cell.size() < 2 || cell[0] != '=') {
    return false;
  }
  const char next = cell[1];
  return is_digit(next) || (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || std::string_view("(+-\"$@'").contains(next);
}

std::string escape_remains(std::string_view text) {
  std::string escaped;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const std::string_view rest = text.substr(position);
    escaped += text[position];
    if (entity_at_front(rest).second > 0) {
      escaped += "amp;";
    } else if (text[position] == '_' && escape_at_front(rest)) {
      escaped += "x005F_";
    }
  }
  return escaped;
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

CellValue read_boolean(std::string_view cell) {
  static constexpr std::array<std::string_view, 13> yes = {"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1", "已", "启用", "1.0"};
  static constexpr std::array<std::string_view, 13> no = {"否", "无", "不", "×", "✗", "x", "n", "no", "false", "0", "未", "停用", "0.0"};
  const std::string folded = fold(cell);
  if (is_one_of(folded, yes) || is_one_of(folded, no)) {
    return {.value = std::int64_t{is_one_of(folded, yes) ? 1 : 0}};
  }
  return unreadable("“{}”不是“是”或“否”，已记入备注", "“{}” is neither yes nor no; kept in the remark", cell);
}

bool holds_digits_that_matter(const Field& field) {
  return field.format == Format::phone || field.format == Format::code || field.format == Format::bank_account ||
         field.format == Format::tax_number || field.format == Format::licence_number || field.format == Format::postcode;
}

// Excel turns a number of twelve digits and more into 1.38E+11 and forgets the rest.
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
      return read_boolean(cell);
    default:
      return read_text(cell, field, format);
  }
}

}  // namespace kehubu
