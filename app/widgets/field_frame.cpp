#include "app/widgets/field_frame.h"

#include <algorithm>

#include "app/widgets/glyph_text.h"

namespace kehubu {

namespace {

constexpr float label_gap = 6;
constexpr float note_gap = 6;
constexpr float room_below = 4;  // sets a field off from the label of the next one

}  // namespace

FieldFrame::FieldFrame(UiState& state, const FieldOptions& options) : state_(state), options_(options) {
  const float rest = state.rest_width();
  width_ = options.width > 0 ? std::min(options.width, state.layout().box.width) : rest;
  outer_ = state.begin_block(width_);
  // The parts stand close together, whatever the gap between fields.
  state.push_column(outer_, 0, state.layout().lower_edge);
}

void FieldFrame::draw_label() {
  if (options_.label_hidden || options_.label.empty()) {
    return;
  }
  const float line_height = Theme::text_style(TextStyle::caption).line_height;
  const Rectangle line = state_.place(width_, line_height + label_gap);
  if (!state_.visible(line)) {
    return;
  }
  const float mark_room = options_.required ? state_.paint().measure(" *", TextStyle::caption_strong) : 0;
  const float used = state_.paint().text({line.left, line.top}, options_.label, TextStyle::caption, ColorToken::text_muted, width_ - mark_room);
  if (options_.required) {
    state_.paint().text({line.left + used, line.top}, " *", TextStyle::caption_strong, ColorToken::danger);
  }
}

Rectangle FieldFrame::place_box(float height) {
  draw_label();
  return state_.place(width_, height);
}

void FieldFrame::draw_box(const Rectangle& box, bool hovered, bool focused) {
  Painter& painter = state_.paint();
  const bool invalid = !options_.error.empty();
  painter.fill(box, options_.disabled ? ColorToken::neutral_soft : ColorToken::surface, Metrics::radius_control);
  const ColorToken edge = invalid ? ColorToken::danger : focused ? ColorToken::accent : hovered ? ColorToken::text_muted : ColorToken::border_control;
  painter.outline(box, edge, focused || invalid ? 2.0F : 1.0F, Metrics::radius_control);
}

void FieldFrame::finish() {
  const bool invalid = !options_.error.empty();
  const std::string_view note = invalid ? options_.error : options_.hint;
  if (!note.empty()) {
    const GlyphText letters(TextStyle::caption, state_.scale);
    const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
    const bool warns = !invalid && options_.hint_warns;
    const float icon_room = invalid || warns ? Metrics::icon_small + pixels(Space::xs) : 0;
    break_lines(note, (width_ - icon_room) * state_.scale, 0, advance, state_.lines);
    const float line_height = Theme::text_style(TextStyle::caption).line_height;
    const Rectangle place = state_.place(width_, note_gap + line_height * static_cast<float>(state_.lines.size()));
    const ColorToken color = invalid ? ColorToken::danger : warns ? ColorToken::warning : ColorToken::text_muted;
    if (state_.visible(place)) {
      Painter& painter = state_.paint();
      if (invalid || warns) {
        painter.icon({place.left, place.top + note_gap + 1}, invalid ? Icon::error : Icon::warning, color, Metrics::icon_small);
      }
      float top = place.top + note_gap;
      for (const TextLine& line : state_.lines) {
        letters.draw(painter.draw_list(), painter.device(place.left + icon_room), painter.snapped(top), painter.packed(color),
                     note.substr(line.begin, line.end - line.begin));
        top += line_height;
      }
    }
  }
  const float height = state_.pop_column() + (state_.layout().kind == Layout::Kind::column ? room_below : 0);
  state_.end_block(outer_, height);
}

std::string FieldFrame::name() const {
  if (!options_.label.empty()) {
    return std::string(options_.label);
  }
  return std::string(options_.placeholder);
}

std::string FieldFrame::description() const { return joined({options_.error, options_.hint}); }

}  // namespace kehubu
