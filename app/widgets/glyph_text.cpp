#include "app/widgets/glyph_text.h"

#include <cmath>

#include "app/widgets/typefaces.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

ImFont* typeface(Typeface face) { return ImGui::GetIO().Fonts->Fonts[static_cast<int>(face)]; }

namespace {

ImFont* face_of(Symbol symbol, bool bold) {
  if (symbol.cluster) {
    return typeface(Typeface::clusters);
  }
  return typeface(bold ? Typeface::bold : Typeface::regular);
}

// Control characters have no glyph; a newline in a one-line text shows as a blank.
Symbol drawable(Symbol symbol) {
  if (!symbol.cluster && symbol.code < 0x20) {
    return {U' ', false};
  }
  return symbol;
}

}  // namespace

GlyphText::GlyphText(TextStyle style, float scale) {
  const TextStyleMetrics metrics = Theme::text_style(style);
  size_ = metrics.size * scale;
  line_height_ = std::round(metrics.line_height * scale);
  bold_ = metrics.bold;
}

float GlyphText::advance(Symbol symbol) const {
  symbol = drawable(symbol);
  return face_of(symbol, bold_)->GetFontBaked(size_)->GetCharAdvance(static_cast<ImWchar>(symbol.code));
}

float GlyphText::width(std::string_view text) const {
  float total = 0;
  while (!text.empty()) {
    total += advance(next_symbol(text));
  }
  return total;
}

float GlyphText::draw(ImDrawList* draw_list, float x, float y, std::uint32_t packed_color, std::string_view text) const {
  ImFontBaked* primary = typeface(bold_ ? Typeface::bold : Typeface::regular)->GetFontBaked(size_);
  const float top = std::floor(y + (line_height_ - (primary->Ascent - primary->Descent)) / 2 + 0.5F);
  const ImVec4 clip = draw_list->_CmdHeader.ClipRect;
  const bool seen_vertically = y < clip.w && y + line_height_ > clip.y;
  float pen = x;
  while (!text.empty()) {
    const Symbol symbol = drawable(next_symbol(text));
    ImFontBaked* baked = face_of(symbol, bold_)->GetFontBaked(size_);
    // Loading a glyph may exchange the atlas texture and with it the draw command: load before reserving.
    const ImFontGlyph glyph = *baked->FindGlyph(static_cast<ImWchar>(symbol.code));
    const float left = std::floor(pen + 0.5F);
    if (glyph.Visible && seen_vertically && left + glyph.X0 < clip.z && left + glyph.X1 > clip.x) {
      const std::uint32_t color = glyph.Colored ? (packed_color | 0x00FFFFFFU) : packed_color;
      draw_list->PrimReserve(6, 4);
      draw_list->PrimRectUV({left + glyph.X0, top + glyph.Y0}, {left + glyph.X1, top + glyph.Y1}, {glyph.U0, glyph.V0},
                            {glyph.U1, glyph.V1}, color);
    }
    pen += glyph.AdvanceX;
  }
  return pen - x;
}

}  // namespace kehubu
