// Id: a 128-bit UUID version 7 (RFC 9562), the primary key of every record, device and person.
//
// Stored in SQLite as a BLOB of 16 bytes, written in JSON as 22 characters of unpadded base64url (RFC 4648 §5).
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kehubu {

struct Id {
  std::array<std::uint8_t, 16> bytes{};

  // By bytes, as two big-endian words: merging sorts ids by the million, and a call for each comparison would be felt.
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) {
    return a.word(0) != b.word(0) ? a.word(0) <=> b.word(0) : a.word(1) <=> b.word(1);
  }
  friend bool operator==(const Id& a, const Id& b) { return a.word(0) == b.word(0) && a.word(1) == b.word(1); }
  [[nodiscard]] bool empty() const { return *this == Id{}; }

  // 22 characters of base64url.
  [[nodiscard]] std::string text() const;
  void append_text(std::string& output) const;  // the same, without a string of its own
  // Accepts exactly what text() writes, nothing else: the four unused bits of the last character must be zero.
  [[nodiscard]] static std::optional<Id> parse(std::string_view text);
  // From a BLOB; empty when it is not 16 bytes long.
  [[nodiscard]] static std::optional<Id> from_bytes(std::span<const std::uint8_t> blob);

 private:
  [[nodiscard]] std::uint64_t word(std::size_t index) const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + 8 * index, sizeof value);
    return std::byteswap(value);
  }
};

struct IdHash {
  std::size_t operator()(const Id& id) const noexcept;
};

// Where time and randomness come from: the browser in the page, the operating system natively, a seed in tests.
class Environment {
 public:
  static constexpr std::string_view outlives_tasks_because = "the scheduler itself measures its slices by it";
  virtual ~Environment() = default;
  // Wall clock, milliseconds since 1970-01-01 UTC. May jump in either direction.
  [[nodiscard]] virtual std::int64_t now_ms() = 0;
  // Monotonic clock in microseconds, for budgets and measurements only.
  [[nodiscard]] virtual std::int64_t monotonic_us() = 0;
  // Cryptographically strong bytes (seeded ones in tests).
  virtual void random_bytes(std::span<std::uint8_t> bytes) = 0;
};

// A new UUIDv7: 48 bits of milliseconds, then 74 random bits.
[[nodiscard]] Id new_id(Environment& environment);

}  // namespace kehubu
