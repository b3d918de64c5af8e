#include "core/base/text.h"

namespace kehubu {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_continuation(std::string_view text, std::size_t position) {
  return position < text.size() && (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U;
}

// Length of a lead byte's sequence, 0 for a byte that cannot begin one.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;  // continuation bytes and overlong two-byte forms
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool is_blank(char32_t code_point) {
  return code_point == ' ' || (code_point >= '\t' && code_point <= '\r') || code_point == 0x00A0 || code_point == 0x3000 ||
         code_point == 0xFEFF || (code_point >= 0x2000 && code_point <= 0x200B) || code_point == 0x202F;
}

char32_t to_half_width(char32_t code_point) {
  if (code_point >= 0xFF01 && code_point <= 0xFF5E) return code_point - 0xFEE0;
  if (code_point == 0x3000) return ' ';
  if (code_point == 0xFFE5) return 0x00A5;  // ￥ → ¥
  if (code_point == 0x2212) return '-';     // − as typographers write it
  return code_point;
}

// Latin, Greek and Cyrillic; other scripts with two cases do not occur in the book's names.
char32_t to_lower(char32_t code_point) {
  if (code_point < 0x80) return code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
  if (code_point >= 0xC0 && code_point <= 0xDE && code_point != 0xD7) return code_point + 32;
  const bool even_is_upper = (code_point >= 0x100 && code_point <= 0x137) || (code_point >= 0x14A && code_point <= 0x177);
  if (even_is_upper && code_point != 0x130) return code_point | 1U;
  if (code_point >= 0x391 && code_point <= 0x3A9) return code_point + 32;
  if (code_point >= 0x410 && code_point <= 0x42F) return code_point + 32;
  if (code_point >= 0x400 && code_point <= 0x40F) return code_point + 80;
  return code_point;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    if (static_cast<unsigned char>(text[position]) < 0x80) {
      ++position;
      continue;
    }
    const std::size_t begin = position;
    // A replacement character that is really there takes three bytes, one that stands for damage takes one.
    if (next_code_point(text, position) == replacement && position - begin != 3) {
      return false;
    }
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t position = 0; position < text.size(); ++count) {
    static_cast<void>(next_code_point(text, position));
  }
  return count;
}

char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto lead = static_cast<unsigned char>(text[position]);
  const std::size_t begin = position++;
  const std::size_t length = sequence_length(lead);
  if (length == 1) {
    return lead;
  }
  if (length == 0) {
    return replacement;
  }
  char32_t code_point = lead & (0x7FU >> length);
  for (std::size_t offset = 1; offset < length; ++offset) {
    if (!is_continuation(text, begin + offset)) {
      return replacement;
    }
    code_point = (code_point << 6) | (static_cast<unsigned char>(text[begin + offset]) & 0x3FU);
  }
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (overlong || surrogate || code_point > 0x10FFFF) {
    return replacement;
  }
  position = begin + length;
  return code_point;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto append = [&text](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    code_point = replacement;
  }
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | (code_point >> 6));
    append(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    append(0xE0 | (code_point >> 12));
    append(0x80 | ((code_point >> 6) & 0x3F));
    append(0x80 | (code_point & 0x3F));
  } else {
    append(0xF0 | (code_point >> 18));
    append(0x80 | ((code_point >> 12) & 0x3F));
    append(0x80 | ((code_point >> 6) & 0x3F));
    append(0x80 | (code_point & 0x3F));
  }
}

std::string_view trim(std::string_view text) {
  std::size_t begin = text.size();
  std::size_t end = 0;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t start = position;
    if (!is_blank(next_code_point(text, position))) {
      begin = begin < start ? begin : start;
      end = position;
    }
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view{};
}

bool is_han(char32_t code_point) {
  return (code_point >= 0x4E00 && code_point <= 0x9FFF) || (code_point >= 0x3400 && code_point <= 0x4DBF) ||
         code_point == 0x3007 || (code_point >= 0xF900 && code_point <= 0xFAFF) ||
         (code_point >= 0x20000 && code_point <= 0x3FFFF);
}

std::string half_width(std::string_view text) {
  std::string converted;
  converted.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    append_utf8(converted, to_half_width(next_code_point(text, position)));
  }
  return converted;
}

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const char32_t code_point = to_half_width(next_code_point(text, position));
    if (!is_blank(code_point)) {
      append_utf8(folded, to_lower(code_point));
    }
  }
  return folded;
}

}  // namespace kehubu
