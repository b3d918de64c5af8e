#include "core/store/search_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace kehubu {
namespace {

// A bit for each of 16 positions where the first and the last byte of the word both fit.
#if defined(__wasm_simd128__)
inline std::uint32_t candidates(const char* text, std::size_t distance, char first, char last) {
  const v128_t at_first = wasm_i8x16_eq(wasm_v128_load(text), wasm_i8x16_splat(first));
  const v128_t at_last = wasm_i8x16_eq(wasm_v128_load(text + distance), wasm_i8x16_splat(last));
  return wasm_i8x16_bitmask(wasm_v128_and(at_first, at_last));
}
#elif defined(__SSE2__)
inline std::uint32_t candidates(const char* text, std::size_t distance, char first, char last) {
  const __m128i at_first = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), _mm_set1_epi8(first));
  const __m128i at_last =
      _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text + distance)), _mm_set1_epi8(last));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_and_si128(at_first, at_last)));
}
#else
inline std::uint32_t candidates(const char* text, std::size_t distance, char first, char last) {
  std::uint32_t bits = 0;
  for (unsigned position = 0; position < 16; ++position) {
    bits |= static_cast<std::uint32_t>(text[position] == first && text[position + distance] == last) << position;
  }
  return bits;
}
#endif

}  // namespace

std::size_t find_bytes(std::string_view text, std::string_view word, std::size_t from) {
  if (word.empty() || text.size() < word.size()) {
    return word.empty() ? from : std::string_view::npos;
  }
  const std::size_t distance = word.size() - 1;
  constexpr std::size_t width = 16;
  while (from + distance + width <= text.size()) {
    std::uint32_t bits = candidates(text.data() + from, distance, word.front(), word.back());
    for (; bits != 0; bits &= bits - 1) {
      const std::size_t place = from + static_cast<std::size_t>(std::countr_zero(bits));
      if (std::memcmp(text.data() + place, word.data(), word.size()) == 0) {
        return place;
      }
    }
    from += width;
  }
  return text.find(word, from);
}

void SearchIndex::clear() {
  text_.clear();
  owners_.clear();
  begins_.clear();
  places_.clear();
  garbage_ = 0;
}

void SearchIndex::set(std::int64_t row_number, std::string_view text) {
  const auto row = static_cast<std::size_t>(row_number);
  if (places_.size() <= row) {
    places_.resize(row + 1);
  }
  Place& place = places_[row];
  if (place.size == text.size() && std::string_view(text_).substr(place.begin, place.size) == text) {
    return;
  }
  if (place.size > 0) {
    // The old text becomes unfindable where it lies.
    std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(place.begin), place.size, '\0');
    garbage_ += place.size + 1;
  }
  place = {};
  if (!text.empty()) {
    place = {static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
    owners_.push_back(row_number);
    begins_.push_back(place.begin);
    text_ += text;
    text_ += '\0';
  }
  if (garbage_ > 65536 && garbage_ > text_.size() / 4) {
    compact();
  }
}

void SearchIndex::compact() {
  std::string kept;
  kept.reserve(text_.size() - garbage_);
  owners_.clear();
  begins_.clear();
  for (std::size_t row = 0; row < places_.size(); ++row) {
    Place& place = places_[row];
    if (place.size == 0) {
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(kept.size());
    kept.append(text_, place.begin, place.size);
    kept += '\0';
    place.begin = begin;
    owners_.push_back(static_cast<std::int64_t>(row));
    begins_.push_back(begin);
  }
  text_ = std::move(kept);
  garbage_ = 0;
}

// Raises the flag of every record that has the word from round − 1 to round.
void SearchIndex::mark(std::string_view word, std::uint8_t round) {
  std::size_t owner = 0;
  for (std::size_t place = find_bytes(text_, word, 0); place != std::string_view::npos;) {
    // Galloping: hits are either dense or far apart.
    std::size_t stride = 1;
    while (owner + stride < begins_.size() && begins_[owner + stride] <= place) {
      owner += stride;
      stride *= 2;
    }
    while (stride > 0) {
      if (owner + stride < begins_.size() && begins_[owner + stride] <= place) {
        owner += stride;
      }
      stride /= 2;
    }
    std::uint8_t& flag = found_[static_cast<std::size_t>(owners_[owner])];
    if (flag == round - 1) {
      flag = round;
    }
    const std::size_t next = owner + 1 < begins_.size() ? begins_[owner + 1] : text_.size();
    place = next < text_.size() ? find_bytes(text_, word, next) : std::string_view::npos;
  }
}

const std::vector<std::uint8_t>& SearchIndex::find(const std::vector<std::vector<std::string>>& words) {
  found_.assign(places_.size(), 0);
  std::uint8_t round = 0;
  for (const auto& spellings : words) {
    ++round;
    for (const std::string& spelling : spellings) {
      mark(spelling, round);
    }
  }
  for (std::uint8_t& flag : found_) {
    flag = flag == round ? 1 : 0;
  }
  return found_;
}

}  // namespace kehubu
