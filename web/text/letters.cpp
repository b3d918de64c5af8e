#include "web/text/letters.h"

#include <emscripten/emscripten.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

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
void kehubu_draw_row(const char* text, std::size_t text_size, int count, double size, int bold, double pitch, int left, int top, int width,
                     int height, std::uint8_t* pixels);
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

// ---- hanzi, drawn in rows ----

struct PendingLetter {
  ImFontAtlasRectId place;
  ImWchar code;
  int size, bold;
};

// The box that every hanzi of a size fits into, and its advance: those of the em square with a pixel around it.
struct HanziCell {
  int size, bold;
  int left, top, width, height;
  double advance;
};

std::vector<PendingLetter>& pending_letters() {
  static std::vector<PendingLetter> pending;
  return pending;
}

const HanziCell& hanzi_cell(int size, int bold) {
  static std::vector<HanziCell> cells;
  for (const HanziCell& cell : cells) {
    if (cell.size == size && cell.bold == bold) {
      return cell;
    }
  }
  constexpr std::string_view full = "国";
  double measured[5] = {};
  kehubu_measure_letter(full.data(), full.size(), size, bold, measured);
  const double em = measured[4];
  // Ink of other hanzi reaches a little further than that of 国, never beyond the em square by more than a pixel.
  const int above = static_cast<int>(std::ceil(em * 0.92)) + 1;
  const int below = static_cast<int>(std::ceil(em * 0.16)) + 1;
  cells.push_back({size, bold, -1, -above, static_cast<int>(std::ceil(em)) + 2, above + below, em});
  return cells.back();
}

// The common hanzi only: what stands beyond them may come from a face of another width.
bool is_plain_hanzi(ImWchar code) { return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF); }

bool load_hanzi(ImFontAtlas* atlas, ImFontBaked* baked, int bold, ImWchar code, ImFontGlyph* glyph) {
  const int size = static_cast<int>(baked->Size);
  const HanziCell& cell = hanzi_cell(size, bold);
  glyph->Codepoint = code;
  glyph->AdvanceX = static_cast<float>(cell.advance);
  const ImFontAtlasRectId place = ImFontAtlasPackAddRect(atlas, cell.width, cell.height);
  if (place == ImFontAtlasRectId_Invalid) {
    return true;
  }
  glyph->PackId = place;
  glyph->X0 = static_cast<float>(cell.left);
  glyph->Y0 = static_cast<float>(cell.top) + baked->Ascent;
  glyph->X1 = glyph->X0 + static_cast<float>(cell.width);
  glyph->Y1 = glyph->Y0 + static_cast<float>(cell.height);
  glyph->Visible = true;
  // The place may hold the pixels of a letter that was thrown out.
  const ImTextureRect* rectangle = ImFontAtlasPackGetRect(atlas, place);
  ImFontAtlasTextureBlockFill(atlas->TexData, rectangle->x, rectangle->y, rectangle->w, rectangle->h, IM_COL32(255, 255, 255, 0));
  pending_letters().push_back({place, code, size, bold});
  return true;
}

void put_into_atlas(ImFontAtlas* atlas, ImFontAtlasRectId place, const std::uint8_t* pixels, int width) {
  const ImTextureRect* rectangle = ImFontAtlasPackGetRectSafe(atlas, place);
  if (rectangle == nullptr) {
    return;  // thrown out meanwhile
  }
  ImTextureData* texture = atlas->TexData;
  ImFontAtlasTextureBlockConvert(pixels, ImTextureFormat_Alpha8, width, static_cast<unsigned char*>(texture->GetPixelsAt(rectangle->x, rectangle->y)),
                                 texture->Format, texture->GetPitch(), rectangle->w, rectangle->h);
  ImFontAtlasTextureBlockQueueUpload(atlas, texture, rectangle->x, rectangle->y, rectangle->w, rectangle->h);
}

// Draws the first of the waiting ones together with those of the same size, as many as a row takes.
void draw_pending_row(ImFontAtlas* atlas) {
  constexpr int row_length = 32;
  auto& pending = pending_letters();
  const int size = pending.front().size;
  const int bold = pending.front().bold;
  std::vector<ImFontAtlasRectId> places;
  std::string text;
  std::erase_if(pending, [&](const PendingLetter& letter) {
    if (letter.size != size || letter.bold != bold || static_cast<int>(places.size()) == row_length) {
      return false;
    }
    if (!places.empty()) {
      text += "\u3000";  // as wide as a hanzi: ink that leans out of one does not reach the next
    }
    append_utf8(text, static_cast<char32_t>(letter.code));
    places.push_back(letter.place);
    return true;
  });
  const HanziCell& cell = hanzi_cell(size, bold);
  const auto count = static_cast<int>(places.size());
  static std::vector<std::uint8_t> pixels;
  const auto cell_bytes = static_cast<std::size_t>(cell.width) * static_cast<std::size_t>(cell.height);
  pixels.resize(cell_bytes * places.size());
  kehubu_draw_row(text.data(), text.size(), count, size, bold, cell.advance, cell.left, cell.top, cell.width, cell.height, pixels.data());
  for (std::size_t index = 0; index < places.size(); ++index) {
    put_into_atlas(atlas, places[index], pixels.data() + index * cell_bytes, cell.width);
  }
}

// One upload of the common rectangle instead of hundreds of small ones.
void join_uploads(ImTextureData* texture) {
  constexpr int few = 8;
  if (texture->Updates.Size > few) {
    texture->Updates.resize(1);
    texture->Updates[0] = texture->UpdateRect;
  }
}

bool load_letter(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, ImWchar code, ImFontGlyph* glyph) {
  const Typeface face = face_of(source);
  const int bold = face == Typeface::bold ? 1 : 0;
  if (face != Typeface::clusters && is_plain_hanzi(code)) {
    return load_hanzi(atlas, baked, bold, code, glyph);
  }
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
    if ((face == Typeface::regular || face == Typeface::bold) && is_plain_hanzi(code)) {
      *advance = static_cast<float>(hanzi_cell(static_cast<int>(baked->Size), face == Typeface::bold ? 1 : 0).advance);
      return true;
    }
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
  // Room for the letters of the first pages: growing means uploading everything again.
  atlas->TexMinWidth = atlas->TexMinHeight = 1024;
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

bool draw_pending_letters(double budget_ms) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  static const ImTextureData* drawn_into = nullptr;
  if (pending_letters().empty()) {
    return false;
  }
  const double ends_ms = emscripten_get_now() + budget_ms;
  do {
    draw_pending_row(atlas);
  } while (!pending_letters().empty() && emscripten_get_now() < ends_ms);
  join_uploads(atlas->TexData);
  // The atlas has grown within this frame: what was drawn before that still shows the old one, where these are blank.
  const bool grown = drawn_into != nullptr && drawn_into != atlas->TexData;
  drawn_into = atlas->TexData;
  return grown || !pending_letters().empty();
}

}  // namespace kehubu
