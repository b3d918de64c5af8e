#include "web/text/letters.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "app/widgets/icons.h"
#include "app/widgets/symbols.h"
#include "app/widgets/typefaces.h"
#include "core/base/text.h"
#include "imgui.h"
#include "imgui_internal.h"

extern "C" {
void kehubu_face_metrics(double size, int bold, double* answer);
double kehubu_letter_advance(const char* text, std::size_t text_size, double size, int bold);
void kehubu_measure_letter(const char* text, std::size_t text_size, double size, int bold, double* answer);
void kehubu_draw_letter(const char* text, std::size_t text_size, double size, int bold, int left, int top, int width, int height,
                        int coloured, std::uint8_t* pixels);
void kehubu_draw_icon(const char* path, std::size_t path_size, int filled, int side, std::uint8_t* pixels);
}

namespace kehubu {
namespace {

// Which typeface a source is; kept in FontNo, since FontLoaderData must be empty when a font is added.
Typeface face_of(const ImFontConfig* source) { return static_cast<Typeface>(source->FontNo); }

bool init_source(ImFontAtlas*, ImFontConfig*) { return true; }
void destroy_source(ImFontAtlas*, ImFontConfig*) {}
bool contains_glyph(ImFontAtlas*, ImFontConfig* source, ImWchar code) {
  // A letter that no font of the device has is drawn by the browser as its box; an icon that does not exist is nothing.
  return face_of(source) != Typeface::icons || !icon_shape(static_cast<Icon>(code)).path.empty();
}

bool init_baked(ImFontAtlas*, ImFontConfig* source, ImFontBaked* baked, void*) {
  double metrics[2] = {};
  kehubu_face_metrics(static_cast<double>(baked->Size), face_of(source) == Typeface::bold ? 1 : 0, metrics);
  baked->Ascent = static_cast<float>(metrics[0]);
  baked->Descent = -static_cast<float>(metrics[1]);
  return true;
}

std::string text_of(Typeface face, ImWchar code) {
  if (face == Typeface::clusters) {
    return std::string(cluster_text(static_cast<char32_t>(code)));
  }
  std::string text;
  append_utf8(text, static_cast<char32_t>(code));
  return text;
}

bool is_coloured(Typeface face, ImWchar code) {
  if (face == Typeface::clusters) {
    std::string_view text = cluster_text(static_cast<char32_t>(code));
    std::size_t position = 0;
    return !text.empty() && is_colour_emoji(next_code_point(text, position));
  }
  return is_colour_emoji(static_cast<char32_t>(code));
}

// Reserves the glyph's place in the atlas; the pixels are written to TempBuffer by the caller.
std::uint8_t* reserve(ImFontAtlas* atlas, ImFontGlyph* glyph, int width, int height, int bytes_per_pixel) {
  const ImFontAtlasRectId place = ImFontAtlasPackAddRect(atlas, width, height);
  if (place == ImFontAtlasRectId_Invalid) {
    return nullptr;  // the atlas is full: the letter stays blank rather than the page stopping
  }
  glyph->PackId = place;
  atlas->Builder->TempBuffer.resize(width * height * bytes_per_pixel);
  return atlas->Builder->TempBuffer.Data;
}

bool load_icon(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, ImWchar code, ImFontGlyph* glyph) {
  const IconShape shape = icon_shape(static_cast<Icon>(code));
  const int side = static_cast<int>(std::ceil(baked->Size));
  glyph->Codepoint = code;
  glyph->AdvanceX = baked->Size;
  std::uint8_t* pixels = reserve(atlas, glyph, side, side, 1);
  if (shape.path.empty() || pixels == nullptr) {
    return !shape.path.empty();
  }
  kehubu_draw_icon(shape.path.data(), shape.path.size(), shape.filled ? 1 : 0, side, pixels);
  glyph->X0 = glyph->Y0 = 0;
  glyph->X1 = glyph->Y1 = static_cast<float>(side);
  glyph->Visible = true;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, ImFontAtlasPackGetRect(atlas, glyph->PackId), pixels,
                                     ImTextureFormat_Alpha8, side);
  return true;
}

bool load_letter(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, ImWchar code, ImFontGlyph* glyph) {
  const Typeface face = face_of(source);
  const int bold = face == Typeface::bold ? 1 : 0;
  const auto size = static_cast<double>(baked->Size);
  const std::string text = text_of(face, code);
  double measured[5] = {};
  kehubu_measure_letter(text.data(), text.size(), size, bold, measured);
  const int left = static_cast<int>(measured[0]);
  const int top = static_cast<int>(measured[1]);
  const int width = static_cast<int>(measured[2]);
  const int height = static_cast<int>(measured[3]);
  glyph->Codepoint = code;
  glyph->AdvanceX = static_cast<float>(measured[4]);
  if (width <= 0 || height <= 0) {
    return true;
  }
  const bool coloured = is_coloured(face, code);
  std::uint8_t* pixels = reserve(atlas, glyph, width, height, coloured ? 4 : 1);
  if (pixels == nullptr) {
    return true;
  }
  kehubu_draw_letter(text.data(), text.size(), size, bold, left, top, width, height, coloured ? 1 : 0, pixels);
  glyph->X0 = static_cast<float>(left);
  glyph->Y0 = static_cast<float>(top) + baked->Ascent;
  glyph->X1 = glyph->X0 + static_cast<float>(width);
  glyph->Y1 = glyph->Y0 + static_cast<float>(height);
  glyph->Visible = true;
  glyph->Colored = coloured;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, ImFontAtlasPackGetRect(atlas, glyph->PackId), pixels,
                                     coloured ? ImTextureFormat_RGBA32 : ImTextureFormat_Alpha8, coloured ? width * 4 : width);
  return true;
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar code, ImFontGlyph* glyph, float* advance) {
  const Typeface face = face_of(source);
  if (advance != nullptr) {  // only its width is wanted
    const std::string text = text_of(face, code);
    *advance = face == Typeface::icons ? baked->Size
                                       : static_cast<float>(kehubu_letter_advance(text.data(), text.size(), static_cast<double>(baked->Size),
                                                                                  face == Typeface::bold ? 1 : 0));
    return true;
  }
  return face == Typeface::icons ? load_icon(atlas, source, baked, code, glyph) : load_letter(atlas, source, baked, code, glyph);
}

const ImFontLoader* browser_loader() {
  static ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "browser";
    made.FontSrcInit = init_source;
    made.FontSrcDestroy = destroy_source;
    made.FontSrcContainsGlyph = contains_glyph;
    made.FontBakedInit = init_baked;
    made.FontBakedLoadGlyph = load_glyph;
    return made;
  }();
  return &loader;
}

}  // namespace

void add_browser_typefaces() {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Flags |= ImFontAtlasFlags_NoMouseCursors;
  atlas->SetFontLoader(browser_loader());
  constexpr float reference_size = 16;  // any: each size is drawn anew
  for (int face = 0; face < typeface_count; ++face) {
    ImFontConfig config;
    config.FontLoader = browser_loader();
    config.FontNo = static_cast<decltype(config.FontNo)>(face);
    config.SizePixels = reference_size;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = false;
    atlas->AddFont(&config);
  }
}

}  // namespace kehubu
