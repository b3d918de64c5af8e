#include "core/base/id.h"

#include <algorithm>
#include <cstring>

namespace kehubu {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> make_digit_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t digit = 0; digit < alphabet.size(); ++digit) {
    values[static_cast<unsigned char>(alphabet[digit])] = static_cast<std::int8_t>(digit);
  }
  return values;
}

constexpr auto digit_values = make_digit_values();
constexpr std::size_t text_length = 22;

}  // namespace

std::string Id::text() const {
  std::string text;
  append_text(text);
  return text;
}

void Id::append_text(std::string& output) const {
  char text[text_length];
  unsigned pending = 0;
  int pending_bits = 0;
  std::size_t position = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8) | byte;
    pending_bits += 8;
    while (pending_bits >= 6) {
      pending_bits -= 6;
      text[position++] = alphabet[(pending >> pending_bits) & 63U];
    }
  }
  text[position] = alphabet[(pending << (6 - pending_bits)) & 63U];
  output.append(text, text_length);
}

std::optional<Id> Id::parse(std::string_view text) {
  if (text.size() != text_length) {
    return std::nullopt;
  }
  Id id;
  unsigned pending = 0;
  int pending_bits = 0;
  std::size_t position = 0;
  for (const char character : text) {
    const int digit = digit_values[static_cast<unsigned char>(character)];
    if (digit < 0) {
      return std::nullopt;
    }
    pending = (pending << 6) | static_cast<unsigned>(digit);
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      id.bytes[position++] = static_cast<std::uint8_t>(pending >> pending_bits);
      pending &= (1U << pending_bits) - 1U;
    }
  }
  if (pending != 0) {
    return std::nullopt;
  }
  return id;
}

std::optional<Id> Id::from_bytes(std::span<const std::uint8_t> blob) {
  Id id;
  if (blob.size() != id.bytes.size()) {
    return std::nullopt;
  }
  std::copy(blob.begin(), blob.end(), id.bytes.begin());
  return id;
}

std::size_t IdHash::operator()(const Id& id) const noexcept {
  // The tail of a UUIDv7 is random already.
  std::uint64_t tail = 0;
  std::memcpy(&tail, id.bytes.data() + 8, sizeof tail);
  return static_cast<std::size_t>(tail);
}

Id new_id(Environment& environment) {
  Id id;
  environment.random_bytes(id.bytes);
  const auto milliseconds = static_cast<std::uint64_t>(environment.now_ms());
  for (std::size_t position = 0; position < 6; ++position) {
    id.bytes[position] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - position)));
  }
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x70U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
  return id;
}

}  // namespace kehubu
