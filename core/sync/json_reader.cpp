#include "core/sync/json_reader.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "core/base/value.h"

namespace kehubu {
namespace {

// True when one of the eight bytes ends a plain run of a string: a quote, a backslash, a control character or a byte
// beyond ASCII.
bool ends_plain_run(std::uint64_t bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t highs = 0x8080808080808080ULL;
  const std::uint64_t quote = bytes ^ (ones * '"');
  const std::uint64_t backslash = bytes ^ (ones * '\\');
  return ((bytes | (bytes - ones * 0x20) | (quote - ones) | (backslash - ones)) & highs) != 0;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::string name_of_byte(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte > 0x20 && byte < 0x7F ? std::string{"“"} + character + "”" : std::string{"0x"} + hex_digits[byte >> 4] + hex_digits[byte & 15];
}

void append_code_point(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
  } else if (code < 0x10000) {
    text += {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
             static_cast<char>(0x80 | (code & 0x3F))};
  } else {
    text += {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
             static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
  }
}

}  // namespace

void JsonReader::read_at_most(std::uint64_t bytes) {
  bytes_at_most_ = bytes;
  text_ = whole_.substr(0, position_ + static_cast<std::size_t>(std::min<std::uint64_t>(bytes, whole_.size() - position_)));
}

// What seems to be wrong where the reading had to end is wrong only because it did.
bool JsonReader::problem(std::string_view zh, std::string_view en, std::initializer_list<std::string_view> arguments) {
  constexpr std::size_t longest_token = 20;  // that is not looked at piece by piece: an integer, an escape, a character
  if (!failed_) {
    failed_ = true;
    const bool had_to_end = text_.size() < whole_.size() && position_ + longest_token > text_.size();
    what_ = had_to_end ? sentence("这一行太长（最多 {} 字节）", "this line is too long (at most {} bytes)", {std::to_string(bytes_at_most_)})
                       : sentence(zh, en, arguments);
  }
  return false;
}

std::size_t JsonReader::line() const {
  const auto read = text_.substr(0, std::min(position_, text_.size()));
  return 1 + static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n'));
}

bool JsonReader::unexpected(std::string_view expected_zh, std::string_view expected_en) {
  if (position_ >= text_.size()) {
    return problem("文件不完整，到这里就断了", "the file is cut off here");
  }
  const std::string found = name_of_byte(text_[position_]);
  return problem(substitute("这里应该是{}，却是{}", {expected_zh, found}),
                 substitute("{} was expected here, but there is {}", {expected_en, found}));
}

void JsonReader::skip_blanks() {
  while (position_ < text_.size()) {
    const char character = text_[position_];
    if (character != ' ' && character != '\n' && character != '\r' && character != '\t') {
      return;
    }
    ++position_;
  }
}

char JsonReader::peek() {
  skip_blanks();
  return at(position_);
}

bool JsonReader::accept(char punctuation) {
  if (failed_ || peek() != punctuation || position_ >= text_.size()) {
    return false;
  }
  ++position_;
  return true;
}

bool JsonReader::expect(char punctuation) {
  if (failed_) {
    return false;
  }
  if (accept(punctuation)) {
    return true;
  }
  const std::string expected = std::string{"“"} + punctuation + "”";
  return unexpected(expected, expected);
}

bool JsonReader::expect_end() {
  if (failed_) {
    return false;
  }
  skip_blanks();
  return position_ == whole_.size() || problem("文件结尾之后还有多余的内容", "there is more after the end of the document");
}

// Skips over everything up to the next quote or backslash. False at a character that no string may hold.
bool JsonReader::read_plain_run() {
  const char* data = text_.data();
  const std::size_t size = text_.size();
  while (true) {
    while (position_ + 8 <= size) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, data + position_, sizeof bytes);
      if (ends_plain_run(bytes)) {
        break;
      }
      position_ += 8;
    }
    while (position_ < size) {
      const auto byte = static_cast<unsigned char>(data[position_]);
      if (byte == '"' || byte == '\\') {
        return true;
      }
      if (byte < 0x20) {
        return problem("文字里有不允许的控制字符", "a text holds a control character that is not allowed");
      }
      if (byte >= 0x80) {
        break;
      }
      ++position_;
    }
    if (position_ >= size) {
      return unexpected("", "");
    }
    while (position_ < size && static_cast<unsigned char>(data[position_]) >= 0x80) {
      if (!read_utf8_sequence()) {
        return false;
      }
    }
  }
}

bool JsonReader::read_utf8_sequence() {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(at(position_ + offset)); };
  const auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  std::size_t length = 0;
  if (first >= 0xC2 && first <= 0xDF && continues(1)) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF && continues(1) && continues(2) && (first != 0xE0 || second >= 0xA0) &&
             (first != 0xED || second < 0xA0)) {
    length = 3;
  } else if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3) &&
             (first != 0xF0 || second >= 0x90) && (first != 0xF4 || second < 0x90)) {
    length = 4;
  } else {
    return problem("文字编码损坏（不是有效的 UTF-8）", "a text is damaged (not valid UTF-8)");
  }
  position_ += length;
  return true;
}

bool JsonReader::read_string(std::string& value) {
  if (!expect('"')) {
    return false;
  }
  value.clear();
  while (true) {
    const std::size_t start = position_;
    if (!read_plain_run()) {
      return false;
    }
    value.append(text_.substr(start, position_ - start));
    if (text_[position_++] == '"') {
      return true;
    }
    if (!read_escape(value)) {
      return false;
    }
  }
}

bool JsonReader::read_escape(std::string& value) {
  const char kind = at(position_++);
  switch (kind) {
    case '"': case '\\': case '/': value += kind; return true;
    case 'b': value += '\b'; return true;
    case 'f': value += '\f'; return true;
    case 'n': value += '\n'; return true;
    case 'r': value += '\r'; return true;
    case 't': value += '\t'; return true;
    case 'u': break;
    default: return problem("文字里有无效的转义", "a text holds an invalid escape");
  }
  std::uint32_t unit = 0;
  if (!read_hex4(unit)) {
    return false;
  }
  if (unit >= 0xD800 && unit <= 0xDFFF) {
    std::uint32_t low = 0;
    const bool pair = unit < 0xDC00 && at(position_) == '\\' && at(position_ + 1) == 'u';
    position_ += pair ? 2 : 0;
    if (!pair || !read_hex4(low) || low < 0xDC00 || low > 0xDFFF) {
      return problem("文字里有半个字符（孤立的代理项）", "a text holds half a character (a lone surrogate)");
    }
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  append_code_point(value, unit);
  return true;
}

bool JsonReader::read_hex4(std::uint32_t& unit) {
  unit = 0;
  for (int digit = 0; digit < 4; ++digit) {
    const char character = at(position_);
    std::uint32_t value = 0;
    if (is_digit(character)) {
      value = static_cast<std::uint32_t>(character - '0');
    } else if ((character | 0x20) >= 'a' && (character | 0x20) <= 'f') {
      value = static_cast<std::uint32_t>((character | 0x20) - 'a') + 10;
    } else {
      return problem("文字里有无效的转义", "a text holds an invalid escape");
    }
    unit = unit * 16 + value;
    ++position_;
  }
  return true;
}

bool JsonReader::read_integer(std::int64_t& value) {
  return read_integer(value, -largest_integer, largest_integer);
}

bool JsonReader::read_integer(std::int64_t& value, std::int64_t minimum, std::int64_t maximum) {
  if (failed_) {
    return false;
  }
  skip_blanks();
  const bool negative = at(position_) == '-';
  std::size_t position = position_ + (negative ? 1 : 0);
  const std::size_t first = position;
  std::int64_t magnitude = 0;
  while (is_digit(at(position)) && position - first < 17) {  // 17 digits fit; 2^53 has 16
    magnitude = magnitude * 10 + (text_[position] - '0');
    ++position;
  }
  const std::size_t digits = position - first;
  const char after = at(position);
  const bool leading_zero = digits > 1 && text_[first] == '0';
  if (digits == 0 || after == '.' || (after | 0x20) == 'e' || leading_zero || (negative && magnitude == 0)) {
    return unexpected("整数", "an integer");
  }
  value = negative ? -magnitude : magnitude;
  if (is_digit(after) || value < minimum || value > maximum) {
    return problem("这个整数超出允许的范围（{} 到 {}）", "this integer is out of range ({} to {})",
                   {std::to_string(minimum), std::to_string(maximum)});
  }
  position_ = position;
  return true;
}

bool JsonReader::skip_word(std::string_view word) {
  if (text_.substr(position_, word.size()) != word) {
    return unexpected("值", "a value");
  }
  position_ += word.size();
  return true;
}

bool JsonReader::read_null() {
  if (failed_) {
    return false;
  }
  skip_blanks();
  return skip_word("null");
}

bool JsonReader::skip_number() {
  const auto skip_digits = [&] {
    const std::size_t first = position_;
    while (is_digit(at(position_))) {
      ++position_;
    }
    return position_ > first;
  };
  position_ += at(position_) == '-' ? 1 : 0;
  bool valid = at(position_) == '0' ? (++position_, true) : skip_digits();
  if (valid && at(position_) == '.') {
    ++position_;
    valid = skip_digits();
  }
  if (valid && (at(position_) | 0x20) == 'e') {
    ++position_;
    position_ += at(position_) == '+' || at(position_) == '-' ? 1 : 0;
    valid = skip_digits();
  }
  return valid || unexpected("数字", "a number");
}

bool JsonReader::skip_value(std::uint32_t depth) {
  if (failed_) {
    return false;
  }
  const char first = peek();
  switch (first) {
    case '{': return skip_object(depth + 1);
    case '[': return skip_array(depth + 1);
    case '"': {
      std::string ignored;
      return read_string(ignored);
    }
    case 't': return skip_word("true");
    case 'f': return skip_word("false");
    case 'n': return skip_word("null");
    default: return is_digit(first) || first == '-' ? skip_number() : unexpected("值", "a value");
  }
}

bool JsonReader::skip_array(std::uint32_t depth) {
  if (depth > depth_limit_) {
    return problem("嵌套太深（最多 {} 层）", "nested too deeply (at most {} levels)", {std::to_string(depth_limit_)});
  }
  if (!expect('[') || accept(']')) {
    return !failed_;
  }
  do {
    if (!skip_value(depth)) {
      return false;
    }
  } while (accept(','));
  return expect(']');
}

bool JsonReader::skip_object(std::uint32_t depth) {
  if (depth > depth_limit_) {
    return problem("嵌套太深（最多 {} 层）", "nested too deeply (at most {} levels)", {std::to_string(depth_limit_)});
  }
  if (!expect('{') || accept('}')) {
    return !failed_;
  }
  std::set<std::string> keys;
  std::string key;
  do {
    if (!read_string(key)) {
      return false;
    }
    if (!keys.insert(key).second) {
      return problem("“{}”出现了两次", "\"{}\" appears twice", {key});
    }
    if (!expect(':') || !skip_value(depth)) {
      return false;
    }
  } while (accept(','));
  return expect('}');
}

}  // namespace kehubu
