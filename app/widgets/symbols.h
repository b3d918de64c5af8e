// Symbols: what a text is drawn from.
//
// ImGui draws one glyph for one code point, but a person sees grapheme clusters: 👩‍🔬 is four code points, é may be two. A
// cluster of more than one code point gets a code point of its own in the typeface of clusters, for which the
// rasteriser draws the whole string. Everything else is its own symbol.
#pragma once

#include <cstdint>
#include <string_view>

namespace kehubu {

struct Symbol {
  char32_t code = 0;
  bool cluster = false;
};

// Reads one symbol and moves `text` behind it. Broken UTF-8 reads as U+FFFD. `text` must not be empty.
[[nodiscard]] Symbol next_symbol(std::string_view& text);

// The string that a cluster's code point stands for; empty for others.
[[nodiscard]] std::string_view cluster_text(char32_t code);

// Drawn in its own colours by the device's emoji face.
[[nodiscard]] bool is_colour_emoji(char32_t code);
// Hanzi, kana, hangul and full-width forms: as wide as high, and a line may break beside them.
[[nodiscard]] bool is_wide(char32_t code);

// More clusters than this are drawn as their first code point.
inline constexpr std::uint32_t cluster_limit = 4000;
inline constexpr char32_t first_cluster = 0x21;

}  // namespace kehubu
