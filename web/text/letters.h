// The typefaces of the ImGui context, drawn by the browser (see app/widgets/typefaces.h for which there are).
#pragma once

namespace kehubu {

// Adds the four typefaces to the present ImGui context. Glyphs are drawn when they are first needed, once per size.
void add_browser_typefaces();

}  // namespace kehubu
