// Which encoding a file has, and its text.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// What the bytes are as UTF-8: hanzi and their punctuation, whose three bytes hardly occur by chance, against bytes that are
// none. A file cut inside its last character or with some damaged bytes is still UTF-8.
bool is_utf8_but_for_damage(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  std::size_t east_asian = 0;
  std::size_t broken = 0;
  for (std::size_t position = 0; position < text.size();) {
    if (static_cast<unsigned char>(text[position]) < 0x80) {
      ++position;
      continue;
    }
    const std::size_t begin = position;
    const char32_t character = next_code_point(text, position);
    broken += character == 0xFFFD && position - begin == 1 && begin + 3 < text.size() ? 1U : 0U;
    east_asian += character >= 0x2E80 && character <= 0xFFEF && position - begin == 3 ? 1U : 0U;
  }
  return broken == 0 || east_asian >= 4 * broken;
}

// Big5 has its second byte below 0x7F in two characters of five and never in 0x7F–0xA0; its first never below 0xA1. What is
// common in GB18030 has both bytes above 0xA0, and what is rare in it has a first byte below 0xA1 or one of those second ones.
// The commonest hanzi of Big5 begin with 0xA4–0xAF, where GB18030 has kana, Greek and Russian.
TextEncoding tell_big5_from_gb18030(Bytes bytes) {
  std::size_t pairs = 0;
  std::size_t low_second = 0;
  std::size_t foreign_letters = 0;
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    const std::uint8_t first = bytes[position];
    if (first < 0x80) {
      continue;
    }
    if (position + 1 == bytes.size()) {
      break;
    }
    const std::uint8_t second = bytes[++position];
    const bool low = second >= 0x40 && second <= 0x7E;
    if (first < 0xA1 || first > 0xF9 || !(low || (second >= 0xA1 && second <= 0xFE))) {
      return TextEncoding::gb18030;
    }
    ++pairs;
    low_second += low ? 1U : 0U;
    foreign_letters += first >= 0xA4 && first <= 0xAF ? 1U : 0U;
  }
  return low_second * 6 > pairs || foreign_letters * 4 > pairs ? TextEncoding::big5 : TextEncoding::gb18030;
}

// In a Western language the letters beyond ASCII stand alone within words: M\xFCller. In GB18030 and Big5 they come in pairs, and
// a pair whose second byte is a letter is rare.
bool is_western(Bytes bytes) {
  const auto is_letter = [](std::uint8_t byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); };
  std::size_t runs = 0;
  std::size_t alone = 0;
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    if (bytes[position] < 0x80) {
      continue;
    }
    const std::size_t begin = position;
    while (position + 1 < bytes.size() && bytes[position + 1] >= 0x80) {
      ++position;
    }
    const bool beside_letter = (begin > 0 && is_letter(bytes[begin - 1])) || (position + 1 < bytes.size() && is_letter(bytes[position + 1]));
    ++runs;
    alone += begin == position && bytes[begin] >= 0xC0 && beside_letter ? 1U : 0U;
  }
  return runs > 0 && alone * 10 >= runs * 8;
}

// UTF-16 without a mark: line breaks, digits and commas have a zero byte on one side, and no other encoding has many.
TextEncoding guess_utf16(Bytes bytes, TextEncoding otherwise) {
  const Bytes sample = bytes.first(std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1});
  std::size_t low_zero = 0;
  std::size_t high_zero = 0;
  for (std::size_t position = 0; position < sample.size(); position += 2) {
    high_zero += sample[position] == 0 ? 1U : 0U;
    low_zero += sample[position + 1] == 0 ? 1U : 0U;
  }
  const std::size_t enough = std::max<std::size_t>(sample.size() / 40, 1);
  if (low_zero >= enough && low_zero > 4 * high_zero) {
    return TextEncoding::utf16_little_endian;
  }
  if (high_zero >= enough && high_zero > 4 * low_zero) {
    return TextEncoding::utf16_big_endian;
  }
  return otherwise;
}

std::string decode_utf8(std::string_view text) {
  if (is_valid_utf8(text)) {
    return std::string(text);
  }
  std::string repaired;
  repaired.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    append_utf8(repaired, next_code_point(text, position));
  }
  return repaired;
}

std::string decode_windows_1252(Bytes bytes) {
  // 0x80–0x9F; the rest is Latin-1.
  static constexpr std::array<char32_t, 32> quotes_and_dashes = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                                0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  std::string text;
  text.reserve(bytes.size() * 9 / 8);
  for (const std::uint8_t byte : bytes) {
    append_utf8(text, byte >= 0x80 && byte < 0xA0 ? quotes_and_dashes[byte - 0x80] : static_cast<char32_t>(byte));
  }
  return text;
}

std::string decode_utf16(Bytes bytes, bool little_endian) {
  const std::size_t low = little_endian ? 0 : 1;
  const auto unit_at = [&](std::size_t position) {
    return static_cast<char32_t>(bytes[position + low] | (bytes[position + 1 - low] << 8));
  };
  std::string text;
  text.reserve(bytes.size() * 3 / 2);
  for (std::size_t position = 0; position + 1 < bytes.size(); position += 2) {
    char32_t code_point = unit_at(position);
    if (code_point >= 0xD800 && code_point < 0xDC00 && position + 3 < bytes.size()) {
      const char32_t second = unit_at(position + 2);
      if (second >= 0xDC00 && second < 0xE000) {
        code_point = 0x10000 + ((code_point - 0xD800) << 10) + (second - 0xDC00);
        position += 2;
      }
    }
    append_utf8(text, code_point);  // a lone surrogate becomes U+FFFD
  }
  return text;
}

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

}  // namespace

TextEncoding detect_encoding(std::span<const std::uint8_t> bytes) {
  const std::string_view text = as_text(bytes);
  if (text.starts_with(utf8_mark)) {
    return TextEncoding::utf8_with_mark;
  }
  if (text.starts_with("\xFF\xFE")) {
    return TextEncoding::utf16_little_endian;
  }
  if (text.starts_with("\xFE\xFF")) {
    return TextEncoding::utf16_big_endian;
  }
  // Text in UTF-8 has no zero bytes, so those of UTF-16 are looked at first when there are any.
  const bool has_zero = text.substr(0, 4096).contains('\0');
  const TextEncoding otherwise = is_utf8_but_for_damage(bytes) ? TextEncoding::utf8 : is_western(bytes) ? TextEncoding::windows_1252 : tell_big5_from_gb18030(bytes);
  return has_zero ? guess_utf16(bytes, otherwise) : otherwise;
}

Result<std::string> decode_text(std::span<const std::uint8_t> bytes, TextEncoding encoding, TextDecoder& decoder) {
  std::string text;
  switch (encoding) {
    case TextEncoding::utf8:
    case TextEncoding::utf8_with_mark:
      text = decode_utf8(as_text(bytes));
      break;
    case TextEncoding::utf16_little_endian:
    case TextEncoding::utf16_big_endian:
      text = decode_utf16(bytes, encoding == TextEncoding::utf16_little_endian);
      break;
    case TextEncoding::windows_1252:
      text = decode_windows_1252(bytes);
      break;
    case TextEncoding::gb18030:
    case TextEncoding::big5: {
      KEHUBU_TRY_ASSIGN(decoded, decoder.decode(bytes, encoding));
      text = decode_utf8(decoded);
      break;
    }
  }
  if (text.starts_with(utf8_mark)) {
    text.erase(0, utf8_mark.size());
  }
  return text;
}

}  // namespace kehubu
