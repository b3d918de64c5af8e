// Dear ImGui compiles a TrueType rasteriser in for atlases that were given no font loader. Ours always are (web/text/letters.cpp,
// web/native/box_typefaces.cpp), so IMGUI_ENABLE_FREETYPE says that the default loader comes from elsewhere: from here, and there is none.
// That keeps stb_truetype, a tenth of Dear ImGui, out of the page.
#include <misc/freetype/imgui_freetype.h>

const ImFontLoader* ImGuiFreeType::GetFontLoader() {
  return nullptr;
}
