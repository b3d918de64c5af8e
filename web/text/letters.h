// The typefaces of the ImGui context, drawn by the browser (see app/widgets/typefaces.h for which there are).
#pragma once

namespace kehubu {

// Adds the four typefaces to the present ImGui context. Glyphs are drawn when they are first needed, once per size.
void add_browser_typefaces();

// Draws the hanzi that this frame was the first to need. Their size is known without measuring, so a place was kept for
// them; the browser draws a row of them in a fraction of the time that they take one by one. True when the budget did not
// suffice, or something was drawn too late for this frame: another frame is wanted.
[[nodiscard]] bool draw_pending_letters(double budget_ms);

}  // namespace kehubu
