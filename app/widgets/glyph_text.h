// Text in device pixels: measuring and drawing one line with the typefaces of the context. Used by Painter and layout.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/shell/theme.h"
#include "app/widgets/symbols.h"

struct ImDrawList;

namespace kehubu {

// A text style at a pixel ratio; answers in device pixels.
class GlyphText {
 public:
  GlyphText(TextStyle style, float scale);

  [[nodiscard]] float advance(Symbol symbol) const;
  [[nodiscard]] float width(std::string_view text) const;
  [[nodiscard]] float line_height() const { return line_height_; }
  // Draws one line whose line box begins at (x, y). Each glyph is snapped to a device pixel, while the pen keeps its
  // fraction: sharp letters, and the same positions as the browser's own text. Returns the width.
  float draw(ImDrawList* draw_list, float x, float y, std::uint32_t packed_color, std::string_view text) const;

 private:
  float size_;         // of the baked glyphs
  float line_height_;
  bool bold_;
};

}  // namespace kehubu
