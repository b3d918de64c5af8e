#include "core/base/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kehubu {
namespace {

constexpr std::size_t block_size = 64;

alignas(16) constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;

void compress_portable(State& state, const std::uint8_t* block, std::size_t block_count) {
  for (; block_count > 0; --block_count, block += block_size) {
    std::array<std::uint32_t, 16> schedule{};
    for (std::size_t word = 0; word < 16; ++word) {
      std::uint32_t value = 0;
      std::memcpy(&value, block + 4 * word, sizeof value);
      schedule[word] = std::byteswap(value);
    }
    auto [a, b, c, d, e, f, g, h] = state;
#pragma clang loop unroll(full)  // keeps the schedule in registers
    for (std::size_t round = 0; round < 64; ++round) {
      if (round >= 16) {
        const std::uint32_t old = schedule[(round + 1) & 15];
        const std::uint32_t recent = schedule[(round + 14) & 15];
        schedule[round & 15] += (std::rotr(old, 7) ^ std::rotr(old, 18) ^ (old >> 3)) + schedule[(round + 9) & 15] +
                                (std::rotr(recent, 17) ^ std::rotr(recent, 19) ^ (recent >> 10));
      }
      const std::uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) +
                                  round_constants[round] + schedule[round & 15];
      const std::uint32_t second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    const State mixed{a, b, c, d, e, f, g, h};
    for (std::size_t word = 0; word < 8; ++word) {
      state[word] += mixed[word];
    }
  }
}

#if defined(__x86_64__)

// The SHA extensions keep the state as ABEF and CDGH and do two rounds an instruction.
__attribute__((target("sha,sse4.1,ssse3"))) void compress_x86(State& state, const std::uint8_t* block,
                                                               std::size_t block_count) {
  const __m128i byte_order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  const auto* stored = reinterpret_cast<const __m128i*>(state.data());
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128(stored), 0xb1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128(stored + 1), 0x1b);
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xf0);
  for (; block_count > 0; --block_count, block += block_size) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    __m128i words[4];
#pragma clang loop unroll(full)
    for (int part = 0; part < 4; ++part) {
      words[part] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block) + part), byte_order);
    }
#pragma clang loop unroll(full)
    for (int four = 0; four < 16; ++four) {
      __m128i& now = words[four & 3];
      if (four >= 4) {
        const __m128i& next = words[(four + 1) & 3];
        const __m128i& last = words[(four + 3) & 3];
        now = _mm_sha256msg1_epu32(now, next);
        now = _mm_add_epi32(now, _mm_alignr_epi8(last, words[(four + 2) & 3], 4));
        now = _mm_sha256msg2_epu32(now, last);
      }
      const auto* constants = reinterpret_cast<const __m128i*>(round_constants.data()) + four;
      __m128i sum = _mm_add_epi32(now, _mm_load_si128(constants));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      sum = _mm_shuffle_epi32(sum, 0x0e);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, sum);
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  low = _mm_shuffle_epi32(abef, 0x1b);
  high = _mm_shuffle_epi32(cdgh, 0xb1);
  auto* result = reinterpret_cast<__m128i*>(state.data());
  _mm_storeu_si128(result, _mm_blend_epi16(low, high, 0xf0));
  _mm_storeu_si128(result + 1, _mm_alignr_epi8(high, low, 8));
}

bool has_instructions() {
  static const bool known = __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
  return known;
}

void compress(State& state, const std::uint8_t* block, std::size_t block_count) {
  has_instructions() ? compress_x86(state, block, block_count) : compress_portable(state, block, block_count);
}

#else

void compress(State& state, const std::uint8_t* block, std::size_t block_count) {
  compress_portable(state, block, block_count);
}

#endif

}  // namespace

Sha256::Sha256(const std::array<std::uint8_t, 32>& initial_value) {
  for (std::size_t word = 0; word < state_.size(); ++word) {
    std::uint32_t value = 0;
    std::memcpy(&value, initial_value.data() + 4 * word, sizeof value);
    state_[word] = std::byteswap(value);
  }
}

void Sha256::add(std::span<const std::uint8_t> bytes) {
  total_size_ += bytes.size();
  if (pending_size_ > 0) {
    const std::size_t taken = std::min(bytes.size(), block_size - pending_size_);
    std::copy_n(bytes.data(), taken, pending_.data() + pending_size_);
    pending_size_ += taken;
    bytes = bytes.subspan(taken);
    if (pending_size_ < block_size) {
      return;
    }
    compress(state_, pending_.data(), 1);
    pending_size_ = 0;
  }
  const std::size_t whole_blocks = bytes.size() / block_size;
  compress(state_, bytes.data(), whole_blocks);
  bytes = bytes.subspan(whole_blocks * block_size);
  std::copy(bytes.begin(), bytes.end(), pending_.begin());
  pending_size_ = bytes.size();
}

void Sha256::add(std::string_view text) {
  add(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::array<std::uint8_t, 32> Sha256::finish() {
  const std::uint64_t bits = total_size_ * 8;
  std::array<std::uint8_t, 2 * block_size> tail{};
  std::copy_n(pending_.data(), pending_size_, tail.data());
  tail[pending_size_] = 0x80;
  const std::size_t blocks = pending_size_ + 9 <= block_size ? 1 : 2;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    tail[blocks * block_size - 1 - byte] = static_cast<std::uint8_t>(bits >> (8 * byte));
  }
  compress(state_, tail.data(), blocks);
  std::array<std::uint8_t, 32> digest{};
  for (std::size_t word = 0; word < state_.size(); ++word) {
    const std::uint32_t value = std::byteswap(state_[word]);
    std::memcpy(digest.data() + 4 * word, &value, sizeof value);
  }
  return digest;
}

std::array<std::uint8_t, 32> sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hash.finish();
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace kehubu
