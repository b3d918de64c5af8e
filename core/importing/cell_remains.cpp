// Cells without what other programs left in them: marks that nobody sees, entities, escapes, and words that say nothing.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/base/text.h"
#include "core/importing/cells.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

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

CleanCell read_clean(std::string_view cell, bool marked_as_text) {
  const std::string_view outer = trim(cell);
  CleanCell clean;
  if (marked_as_text || !may_hold_remains(outer)) {
    clean.text = outer;
  } else {
    clean.text = trim(without_remains(outer));
    clean.changed = clean.text != outer;
  }
  static constexpr std::array<std::string_view, 21> nothing = {"n/a",   "#n/a",  "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "null", "-",
                                                               "--",    "—",     "——",      "/",      "nan",     "nat",    "none",  "<na>", "undefined", "(null)", "\\n"};
  constexpr std::size_t longest = 9;
  if (!marked_as_text && !clean.text.empty() && clean.text.size() <= longest && is_one_of(fold(clean.text), nothing)) {
    clean = {.text = {}, .changed = false, .emptied = true};
  }
  clean.emptied = clean.emptied || (clean.changed && clean.text.empty());
  return clean;
}

bool says_nothing(std::string_view cell) {
  static constexpr std::array<std::string_view, 19> words = {"无", "暂无", "没有", "不详", "未知", "未填", "未填写", "空", "(无)", "(空)", "待补", "待补充", "na", "n/a", "無", "暫無", "空白", "(空白)", "待定"};
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

}  // namespace kehubu
