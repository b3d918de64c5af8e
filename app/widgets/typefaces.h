// Typefaces: the four faces of the ImGui context, made by web/text (browser) or web/native (tests), in this order.
#pragma once

struct ImFont;

namespace kehubu {

enum class Typeface : int {
  regular = 0,
  bold = 1,
  icons = 2,     // code points of app/widgets/icons.h
  clusters = 3,  // code points handed out by app/widgets/symbols.h: whole grapheme clusters
};
inline constexpr int typeface_count = 4;

[[nodiscard]] ImFont* typeface(Typeface face);

}  // namespace kehubu
