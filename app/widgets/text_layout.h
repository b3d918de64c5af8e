// Text layout: where lines break, and how wide they are.
//
// Lines may break between hanzi, at blanks, and behind hyphens and slashes; never before closing punctuation nor behind
// opening punctuation (避头尾). A word that is wider than the line is broken where it must be.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/widgets/function_ref.h"
#include "app/widgets/symbols.h"

namespace kehubu {

struct TextLine {
  std::size_t begin = 0, end = 0;  // bytes
  float width = 0;                 // without "…"
  bool cut = false;                // "…" follows: there is more
};

using AdvanceOf = FunctionRef<float(Symbol)>;

// Breaks `text` to lines of at most `max_width`. With max_lines > 0 the last line is cut to leave room for "…".
// An empty text is one empty line.
void break_lines(std::string_view text, float max_width, int max_lines, AdvanceOf advance, std::vector<TextLine>& lines);

// Bytes of the longest beginning that fits beside "…"; the whole length if everything fits.
[[nodiscard]] TextLine cut_to_width(std::string_view text, float max_width, AdvanceOf advance);

}  // namespace kehubu
