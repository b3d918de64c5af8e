#include "core/sync/bundle_text.h"

#include <charconv>

namespace kehubu {
namespace {

constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex_digits = "0123456789abcdef";

void write_escape(std::string& output, char character) {
  switch (character) {
    case '"': output += "\\\""; return;
    case '\\': output += "\\\\"; return;
    case '\b': output += "\\b"; return;
    case '\f': output += "\\f"; return;
    case '\n': output += "\\n"; return;
    case '\r': output += "\\r"; return;
    case '\t': output += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(character);
  output += "\\u00";
  output += {hex_digits[byte >> 4], hex_digits[byte & 15]};
}

}  // namespace

void write_integer(std::string& output, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  output.append(digits, end);
}

void write_json_string(std::string& output, std::string_view text) {
  output += '"';
  std::size_t start = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const auto byte = static_cast<unsigned char>(text[position]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
      continue;
    }
    output.append(text.substr(start, position - start));
    write_escape(output, text[position]);
    start = position + 1;
  }
  output.append(text.substr(start));
  output += '"';
}

void write_value(std::string& output, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    write_integer(output, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    write_json_string(output, *text);
  } else if (const auto* id = std::get_if<Id>(&value)) {
    output += "{\"r\":\"";
    id->append_text(output);
    output += "\"}";
  } else {
    output += "null";
  }
}

std::string digest_text(const Digest& digest) {
  std::string text;
  unsigned pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : digest) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += base64url[(pending >> bits) & 63U];
    }
  }
  text += base64url[(pending << (6 - bits)) & 63U];
  return text;
}

std::optional<Digest> parse_digest(std::string_view text) {
  Digest digest{};
  unsigned pending = 0;
  int bits = 0;
  std::size_t position = 0;
  for (const char character : text) {
    const auto value = base64url.find(character);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    pending = ((pending << 6) | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      if (position == digest.size()) {
        return std::nullopt;
      }
      digest[position++] = static_cast<std::uint8_t>(pending >> bits);
    }
  }
  const bool exact = text.size() == 43 && position == digest.size() && (pending & ((1U << bits) - 1U)) == 0;
  return exact ? std::optional{digest} : std::nullopt;
}

}  // namespace kehubu
