#include <algorithm>

#include "app/widgets/glyph_text.h"
#include "app/widgets/list_parts.h"

namespace kehubu {

void draw_check_square(UiState& state, const Rectangle& square, bool checked, bool disabled) {
  Painter& painter = state.paint();
  if (checked) {
    painter.fill(square, disabled ? ColorToken::text_disabled : ColorToken::accent, Metrics::radius_small);
    painter.icon_centered(square, Icon::check, ColorToken::on_accent, Metrics::icon_small);
  } else {
    painter.fill(square, ColorToken::surface, Metrics::radius_small);
    painter.outline(square, ColorToken::border_control, 1.5F, Metrics::radius_small);
  }
}

void draw_avatar(UiState& state, const Rectangle& circle, std::string_view name) {
  // Always the same colour for the same name.
  constexpr Tone tones[] = {Tone::accent, Tone::success, Tone::warning, Tone::info, Tone::danger, Tone::neutral};
  std::size_t sum = 0;
  for (const char letter : name) {
    sum = sum * 31 + static_cast<unsigned char>(letter);
  }
  const TonePair colors = Theme::soft(tones[sum % std::size(tones)]);
  state.paint().circle({circle.left + circle.width / 2, circle.top + circle.height / 2}, circle.width / 2, colors.fill);
  state.paint().text_centered(circle, first_symbol(name), circle.width >= Metrics::avatar ? TextStyle::subtitle : TextStyle::caption_strong, colors.text);
}

void draw_icon_tile(UiState& state, const Rectangle& box, Icon icon, Tone tone) {
  const TonePair colors = Theme::soft(tone);
  state.paint().fill(box, colors.fill, Metrics::radius_control + 2);
  state.paint().icon_centered(box, icon, colors.text, box.width / 2);
}

int wrapped_line_count(UiState& state, std::string_view words, TextStyle style, float width) {
  const GlyphText letters(style, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  break_lines(words, width * state.scale + 0.5F, 0, advance, state.lines);
  return static_cast<int>(state.lines.size());
}

float wrapped_height(UiState& state, std::string_view words, TextStyle style, float width) {
  return words.empty() ? 0 : Theme::text_style(style).line_height * static_cast<float>(wrapped_line_count(state, words, style, width));
}

float draw_wrapped(UiState& state, const Rectangle& box, std::string_view words, TextStyle style, ColorToken color, int max_lines) {
  if (words.empty()) {
    return 0;
  }
  const GlyphText letters(style, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  break_lines(words, box.width * state.scale + 0.5F, max_lines, advance, state.lines);
  Painter& painter = state.paint();
  const float line_height = Theme::text_style(style).line_height;
  float top = box.top;
  for (const TextLine& line : state.lines) {
    const float left = painter.device(box.left);
    const float drawn = letters.draw(painter.draw_list(), left, painter.snapped(top), painter.packed(color), words.substr(line.begin, line.end - line.begin));
    if (line.cut) {
      letters.draw(painter.draw_list(), left + drawn, painter.snapped(top), painter.packed(color), "…");
    }
    top += line_height;
  }
  return top - box.top;
}

}  // namespace kehubu
