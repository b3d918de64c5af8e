// What tells how something came to be: timeline entries, and the two sides of a conflict.
#include <algorithm>

#include "app/widgets/list_parts.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

constexpr float marker_size = 32;
constexpr float marker_room = marker_size + 12;

}  // namespace

bool Ui::timeline_item(const TimelineItem& item) {
  UiState& state = *state_;
  const Key key = state.key_of(item.key);
  const float room = state.rest_width() - marker_room;
  const float title_height = wrapped_height(state, item.title, TextStyle::body_strong, room);
  const float body_height = wrapped_height(state, item.body, TextStyle::body, room);
  const float caption = Theme::text_style(TextStyle::caption).line_height;
  const float height = std::max(Metrics::touch_target, title_height + body_height + caption + pixels(Space::s)) + (item.last ? 0 : pixels(Space::m));
  const Rectangle box = state.place_rest(height);
  SemanticNode node;
  node.name = joined({item.time, item.title, item.body, item.by});
  Interaction interaction;
  if (item.pressable) {
    node.role = Role::button;
    interaction = state.control(key, std::move(node), box, false);
  } else {
    node.id = state.node_id(key, Role::text);
    node.role = Role::text;
    node.rectangle = box;
    state.add_node(std::move(node));
  }
  if (!state.visible(box)) {
    return interaction.pressed;
  }
  Painter& painter = state.paint();
  const TonePair colors = Theme::soft(item.tone);
  const Point center{box.left + marker_size / 2, box.top + marker_size / 2};
  if (!item.last) {
    // To the next marker, through the gap between the two.
    const float gap = state.layout().gap;
    painter.line({center.x, box.top + marker_size + 4}, {center.x, box.top + box.height + gap - 4}, ColorToken::border, 2);
  }
  state.draw_press_tint(interaction, {box.left + marker_room - 8, box.top - 4, room + 8, title_height + body_height + caption + 8}, Metrics::radius_control);
  painter.circle(center, marker_size / 2, colors.fill);
  painter.icon_centered({box.left, box.top, marker_size, marker_size}, item.icon == Icon::none ? Icon::clock : item.icon, colors.text, Metrics::icon_small);
  const float left = box.left + marker_room;
  float top = box.top + 4;
  top += draw_wrapped(state, {left, top, room, 0}, item.title, TextStyle::body_strong, ColorToken::text);
  top += draw_wrapped(state, {left, top, room, 0}, item.body, TextStyle::body, ColorToken::text);
  const std::string line = item.by.empty() ? std::string(item.time) : std::string(item.time) + " · " + std::string(item.by);
  painter.text({left, top}, line, TextStyle::caption, ColorToken::text_muted, room);
  state.draw_focus_ring(interaction, inset(box, 1), Metrics::radius_control);
  return interaction.pressed;
}

namespace {

struct Side {
  std::string_view title, value, by;
  Tone tone;
  bool choosable, chosen;
};

float side_height(UiState& state, const Side& side, float width) {
  const float room = width - 2 * pixels(Space::m);
  return pixels(Space::m) * 2 + Theme::text_style(TextStyle::caption_strong).line_height + pixels(Space::xs) +
         wrapped_height(state, side.value.empty() ? "—" : side.value, TextStyle::body, room) + pixels(Space::xs) +
         wrapped_height(state, side.by, TextStyle::caption, room);
}

bool draw_side(UiState& state, Key key, const Side& side, const Rectangle& box) {
  SemanticNode node;
  node.name = joined({side.title, side.value.empty() ? std::string_view("—") : side.value, side.by});
  Interaction interaction;
  if (side.choosable) {
    node.role = Role::radio;
    node.checked = side.chosen ? Checked::on : Checked::off;
    interaction = state.control(key, std::move(node), box, false);
  } else {
    node.role = Role::text;
    node.id = state.node_id(key, Role::text);
    node.rectangle = box;
    state.add_node(std::move(node));
  }
  if (!state.visible(box)) {
    return interaction.pressed;
  }
  Painter& painter = state.paint();
  painter.fill(box, side.chosen ? ColorToken::accent_soft : side.choosable ? ColorToken::surface : ColorToken::surface_sunken, Metrics::radius_control);
  state.draw_press_tint(interaction, box, Metrics::radius_control);
  painter.outline(box, side.chosen ? ColorToken::accent : ColorToken::border, side.chosen ? 2.0F : 1.0F, Metrics::radius_control);
  const float left = box.left + pixels(Space::m);
  const float room = box.width - 2 * pixels(Space::m);
  float top = box.top + pixels(Space::m);
  const ColorToken title_color = side.chosen ? ColorToken::on_accent_soft : ColorToken::text_muted;
  painter.text({left, top}, side.title, TextStyle::caption_strong, title_color, room - Metrics::icon);
  if (side.chosen) {
    painter.icon({left + room - Metrics::icon, top}, Icon::check, ColorToken::accent);
  }
  top += Theme::text_style(TextStyle::caption_strong).line_height + pixels(Space::xs);
  top += draw_wrapped(state, {left, top, room, 0}, side.value.empty() ? "—" : side.value, TextStyle::body, ColorToken::text);
  draw_wrapped(state, {left, top + pixels(Space::xs), room, 0}, side.by, TextStyle::caption, ColorToken::text_muted);
  state.draw_focus_ring(interaction, box, Metrics::radius_control);
  return interaction.pressed;
}

}  // namespace

int Ui::diff(std::string_view name_key, const DiffOptions& options) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const float width = state.rest_width();
  constexpr float beside_from = 560;
  const bool beside = width >= beside_from;
  const float gap = Metrics::touch_gap;
  const Side sides[] = {
      {options.base_title, options.base, options.base_by, Tone::neutral, false, false},
      {options.mine_title, options.mine, options.mine_by, Tone::accent, true, options.chosen == 1},
      {options.theirs_title, options.theirs, options.theirs_by, Tone::warning, true, options.chosen == 2},
  };
  const float column = beside ? (width - 2 * gap) / 3 : width;
  float heights[3] = {};
  float whole = 0;
  for (std::size_t index = 0; index < 3; ++index) {
    heights[index] = side_height(state, sides[index], column);
    whole = beside ? std::max(whole, heights[index]) : whole + heights[index] + (index > 0 ? gap : 0);
  }
  const float label = Theme::text_style(TextStyle::body_strong).line_height + pixels(Space::xs);
  const Rectangle box = state.place_rest(label + whole);
  SemanticNode group;
  group.id = state.node_id(key, Role::radio_group);
  group.role = Role::radio_group;
  group.name = options.field;
  group.rectangle = box;
  state.begin_node(std::move(group));
  if (state.visible(box)) {
    state.paint().text({box.left, box.top}, options.field, TextStyle::body_strong, ColorToken::text, box.width);
  }
  int chosen = 0;
  Rectangle place{box.left, box.top + label, column, 0};
  constexpr std::string_view names[] = {"base", "mine", "theirs"};
  for (std::size_t index = 0; index < 3; ++index) {
    place.height = beside ? whole : heights[index];
    if (draw_side(state, state.derived(key, names[index]), sides[index], place)) {
      chosen = static_cast<int>(index);
    }
    if (beside) {
      place.left += column + gap;
    } else {
      place.top += place.height + gap;
    }
  }
  state.end_node();
  state.last_rectangle = box;
  return chosen;
}

}  // namespace kehubu
