// SHA-256 (FIPS 180-4), in one call or in pieces. Uses the processor's instructions for it where there are some.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kehubu {

class Sha256 {
 public:
  Sha256() = default;
  // Begins with these 32 bytes, eight words of big endian, in the place of the standard's initial hash value (FIPS 180-4
  // §5.3.3): a chain of hashes that costs no block for the link.
  explicit Sha256(const std::array<std::uint8_t, 32>& initial_value);

  void add(std::span<const std::uint8_t> bytes);
  void add(std::string_view text);
  // May be called once; the object is spent afterwards.
  [[nodiscard]] std::array<std::uint8_t, 32> finish();

 private:
  std::array<std::uint32_t, 8> state_{0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                      0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
  std::array<std::uint8_t, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t total_size_ = 0;
};

[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::string_view text);
// Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

}  // namespace kehubu
