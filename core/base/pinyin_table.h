// The pinyin table, written by tools/pinyin/generate.mjs at build time. Only core/base/pinyin.cpp reads it.
//
// Syllables have no tones and write ü as v, as input methods do. There are fewer than 512, numbered in alphabetical
// order; number 0 is "no reading". Arrays of integers in constant memory, about 27 KB in all.
#pragma once

#include <cstdint>
#include <span>

namespace kehubu::pinyin_table {

inline constexpr char32_t first_code_point = 0x4E00;
inline constexpr std::size_t syllable_width = 6;  // padded with blanks

extern const std::span<const char> syllables;
// Usual reading of U+4E00 … U+9FFF: the low eight bits of its number, and the ninth as a bitmap.
extern const std::span<const std::uint8_t> first_low;
extern const std::span<const std::uint8_t> first_high;
// A second reading worth searching by: (code point − U+4E00) × 512 + number, sorted.
extern const std::span<const std::uint32_t> second;
// Readings of hanzi elsewhere: code point × 512 + number, sorted.
extern const std::span<const std::uint32_t> rare;
// Surnames read otherwise than the word: four each: first character − U+4E00, second one or 0xFFFF, their two numbers.
extern const std::span<const std::uint16_t> surnames;

}  // namespace kehubu::pinyin_table
