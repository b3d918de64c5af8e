// Typefaces for tests: every letter is a box of known size, so that layouts are the same on every machine.
//
// A wide letter (hanzi, emoji) advances by the size of the face, any other by half of it. Ascent is 0.8 of the size,
// descent 0.2. Nothing is rasterised but the box.
#pragma once

namespace kehubu {

// Adds the four typefaces (app/widgets/typefaces.h) to the present ImGui context.
void add_box_typefaces();

}  // namespace kehubu
