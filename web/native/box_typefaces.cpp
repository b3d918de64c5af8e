#include "web/native/box_typefaces.h"

#include <cmath>
#include <cstring>

#include "app/widgets/symbols.h"
#include "app/widgets/typefaces.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr float ascent_share = 0.8F;

bool init_baked(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
  baked->Ascent = std::ceil(baked->Size * ascent_share);
  baked->Descent = -std::ceil(baked->Size * (1 - ascent_share));
  return true;
}

float advance_of(const ImFontConfig* source, const ImFontBaked* baked, ImWchar code) {
  const bool always_wide = static_cast<Typeface>(source->FontNo) == Typeface::icons || static_cast<Typeface>(source->FontNo) == Typeface::clusters;
  return always_wide || is_wide(static_cast<char32_t>(code)) ? baked->Size : baked->Size / 2;
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar code, ImFontGlyph* glyph, float* advance) {
  const float width = advance_of(source, baked, code);
  if (advance != nullptr) {
    *advance = width;
    return true;
  }
  glyph->Codepoint = code;
  glyph->AdvanceX = width;
  if (code == ' ') {
    return true;
  }
  const int pixels_wide = static_cast<int>(std::ceil(width));
  const int pixels_high = static_cast<int>(baked->Ascent);
  const ImFontAtlasRectId place = ImFontAtlasPackAddRect(atlas, pixels_wide, pixels_high);
  if (place == ImFontAtlasRectId_Invalid) {
    return true;
  }
  glyph->PackId = place;
  atlas->Builder->TempBuffer.resize(pixels_wide * pixels_high);
  std::memset(atlas->Builder->TempBuffer.Data, 0xFF, static_cast<std::size_t>(pixels_wide * pixels_high));
  glyph->X1 = static_cast<float>(pixels_wide);
  glyph->Y1 = static_cast<float>(pixels_high);
  glyph->Visible = true;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, ImFontAtlasPackGetRect(atlas, place), atlas->Builder->TempBuffer.Data,
                                     ImTextureFormat_Alpha8, pixels_wide);
  return true;
}

const ImFontLoader* box_loader() {
  static const ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "boxes";
    made.FontSrcInit = [](ImFontAtlas*, ImFontConfig*) { return true; };
    made.FontSrcContainsGlyph = [](ImFontAtlas*, ImFontConfig*, ImWchar) { return true; };
    made.FontBakedInit = init_baked;
    made.FontBakedLoadGlyph = load_glyph;
    return made;
  }();
  return &loader;
}

}  // namespace

void add_box_typefaces() {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Flags |= ImFontAtlasFlags_NoMouseCursors;
  atlas->SetFontLoader(box_loader());
  constexpr float reference_size = 16;
  for (int face = 0; face < typeface_count; ++face) {
    ImFontConfig config;
    config.FontLoader = box_loader();
    config.FontNo = static_cast<decltype(config.FontNo)>(face);
    config.SizePixels = reference_size;
    atlas->AddFont(&config);
  }
}

}  // namespace kehubu
