// Things to press: buttons, chips, links, check boxes, switches, segments.
#include <algorithm>
#include <cmath>

#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

constexpr float button_padding = 16;
constexpr float chip_padding = 12;
constexpr float chip_height = 36;
constexpr float animation_ms = 140;

struct ButtonColors {
  std::optional<ColorToken> fill, outline;
  ColorToken words;
};

ButtonColors colors_of(ButtonKind kind, bool disabled) {
  if (disabled) {
    return {kind == ButtonKind::ghost ? std::nullopt : std::optional(ColorToken::neutral_soft), std::nullopt, ColorToken::text_disabled};
  }
  switch (kind) {
    case ButtonKind::primary: return {ColorToken::accent, std::nullopt, ColorToken::on_accent};
    case ButtonKind::danger: return {ColorToken::danger, std::nullopt, ColorToken::on_danger};
    case ButtonKind::secondary: return {ColorToken::surface, ColorToken::border_control, ColorToken::text};
    case ButtonKind::ghost: return {std::nullopt, std::nullopt, ColorToken::accent};
  }
  return {std::nullopt, std::nullopt, ColorToken::text};
}

void draw_button_frame(UiState& state, const Rectangle& box, const ButtonColors& colors, const Interaction& interaction, float radius) {
  Painter& painter = state.paint();
  if (colors.fill == ColorToken::accent && (interaction.held || interaction.hovered)) {
    painter.fill(box, interaction.held ? ColorToken::accent_pressed : ColorToken::accent_hover, radius);
  } else {
    if (colors.fill) {
      painter.fill(box, *colors.fill, radius);
    }
    state.draw_press_tint(interaction, box, radius);
  }
  if (colors.outline) {
    painter.outline(box, *colors.outline, 1, radius);
  }
  state.draw_focus_ring(interaction, box, radius);
}

void draw_counter(UiState& state, Point corner, int count, Tone tone) {
  if (count <= 0) {
    return;
  }
  const std::string words = count > 99 ? "99+" : std::to_string(count);
  constexpr float height = 18;
  const float width = std::max(height, state.paint().measure(words, TextStyle::caption_strong) + 8);
  const Rectangle box{corner.x - width / 2, corner.y - height / 2, width, height};
  const TonePair colors = Theme::strong(tone);
  state.paint().fill(box, colors.fill, height / 2);
  state.paint().text_centered(box, words, TextStyle::caption_strong, colors.text);
}

}  // namespace

bool Ui::button(std::string_view name_key, std::string_view label, const ButtonOptions& options) {
  UiState& state = *state_;
  const bool dead = options.disabled || options.busy;
  const float words = state.paint().measure(label, TextStyle::body_strong);
  const float icon_room = options.icon == Icon::none ? 0 : Metrics::icon + pixels(Space::s);
  // Without a frame its words are what stands in line with the words above.
  const float padding = options.kind == ButtonKind::ghost ? pixels(Space::xs) : button_padding;
  const float natural = std::max(Metrics::touch_target + pixels(Space::xl), words + icon_room + 2 * padding);
  const float wanted = options.fill_width ? state.rest_width() : options.width > 0 ? options.width : natural;
  const float width = std::min(wanted, state.widest());
  const Rectangle box = state.place(width, Metrics::control_height);
  SemanticNode node;
  node.role = Role::button;
  node.name = label;
  node.description = options.description;
  node.has_popup = options.has_popup;
  node.primary = options.kind == ButtonKind::primary;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, dead);
  if (state.visible(box)) {
    const ButtonColors colors = colors_of(options.kind, dead || state.disabled_depth > 0);
    draw_button_frame(state, box, colors, interaction, Metrics::radius_control);
    const float room = width - 2 * std::min(padding, pixels(Space::s));
    const float content = std::min(room, words + icon_room);
    const float left = box.left + (width - content) / 2;
    const float icon_left = options.icon_after ? left + content - Metrics::icon : left;
    const float line_height = Theme::text_style(TextStyle::body_strong).line_height;
    state.paint().icon({icon_left, box.top + (box.height - Metrics::icon) / 2}, options.icon, colors.words);
    state.paint().text({options.icon_after ? left : left + icon_room, box.top + (box.height - line_height) / 2},
                       options.busy ? std::string_view("…") : label, TextStyle::body_strong, colors.words, content - icon_room + 1);
  }
  return interaction.pressed;
}

bool Ui::icon_button(std::string_view name_key, Icon icon, std::string_view name, const IconButtonOptions& options) {
  UiState& state = *state_;
  const Rectangle box = state.place(Metrics::touch_target, Metrics::touch_target);
  SemanticNode node;
  node.role = Role::button;
  node.name = name;
  node.description = options.description;
  node.has_popup = options.has_popup;
  node.selected = options.selected;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, options.disabled);
  if (state.visible(box)) {
    ButtonColors colors = colors_of(options.kind, options.disabled || state.disabled_depth > 0);
    if (options.kind == ButtonKind::ghost && !options.disabled) {
      colors.words = options.selected ? ColorToken::accent : ColorToken::text_muted;
      colors.fill = options.selected ? std::optional(ColorToken::accent_soft) : std::nullopt;
    }
    draw_button_frame(state, box, colors, interaction, Metrics::radius_control);
    state.paint().icon_centered(box, icon, colors.words, Metrics::icon_large);
    draw_counter(state, {box.left + box.width - 10, box.top + 10}, options.count, options.count_tone);
  }
  return interaction.pressed;
}

bool Ui::link(std::string_view name_key, std::string_view label) {
  UiState& state = *state_;
  const float width = std::min(state.paint().measure(label, TextStyle::body) + 1, state.widest());
  const Rectangle box = state.place(std::max(width, Metrics::touch_target), Metrics::touch_target);
  SemanticNode node;
  node.role = Role::link;
  node.name = label;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, false);
  if (state.visible(box)) {
    const float line_height = Theme::text_style(TextStyle::body).line_height;
    const float top = box.top + (box.height - line_height) / 2;
    state.paint().text({box.left, top}, label, TextStyle::body, ColorToken::accent, width);
    if (interaction.hovered || interaction.held) {
      state.paint().line({box.left, top + line_height}, {box.left + width, top + line_height}, ColorToken::accent);
    }
    state.draw_focus_ring(interaction, box, Metrics::radius_small);
  }
  return interaction.pressed;
}

bool Ui::chip(std::string_view name_key, std::string_view label, const ChipOptions& options) {
  UiState& state = *state_;
  const Icon leading = options.selected && options.icon == Icon::none ? Icon::check : options.icon;
  const Icon trailing = options.removable ? Icon::close : options.has_popup ? Icon::chevron_down : Icon::none;
  const float step = Metrics::icon_small + pixels(Space::xs);
  // The tick's room is always there, so that a chip does not jump when it is chosen.
  const float words = state.paint().measure(label, TextStyle::body);
  const float natural = words + 2 * chip_padding + (leading == Icon::none ? 0 : step) + (trailing == Icon::none ? 0 : step);
  const float width = std::max(Metrics::touch_target, std::min(natural, state.widest()));
  const Rectangle hit = state.place(width, Metrics::touch_target);
  SemanticNode node;
  node.role = Role::button;
  node.name = label;
  node.has_popup = options.has_popup;
  node.checked = options.removable || options.has_popup ? Checked::not_checkable : options.selected ? Checked::on : Checked::off;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), hit, options.disabled);
  if (state.visible(hit)) {
    Painter& painter = state.paint();
    const Rectangle box{hit.left, hit.top + (hit.height - chip_height) / 2, hit.width, chip_height};
    const ColorToken color = options.disabled || state.disabled_depth > 0 ? ColorToken::text_disabled
                             : options.selected                           ? ColorToken::on_accent_soft
                                                                          : ColorToken::text;
    painter.fill(box, options.selected ? ColorToken::accent_soft : ColorToken::surface, chip_height / 2);
    state.draw_press_tint(interaction, box, chip_height / 2);
    painter.outline(box, options.selected ? ColorToken::accent : ColorToken::border_control, 1, chip_height / 2);
    state.draw_focus_ring(interaction, box, chip_height / 2);
    const float content = std::min(natural - 2 * chip_padding, box.width - 2 * pixels(Space::s));
    float left = box.left + (box.width - content) / 2;
    const float icon_top = box.top + (chip_height - Metrics::icon_small) / 2;
    if (leading != Icon::none) {
      painter.icon({left, icon_top}, leading, color, Metrics::icon_small);
      left += step;
    }
    const float line_height = Theme::text_style(TextStyle::body).line_height;
    const float room = content - (leading == Icon::none ? 0 : step) - (trailing == Icon::none ? 0 : step);
    painter.text({left, box.top + (chip_height - line_height) / 2}, label, TextStyle::body, color, room + 1);
    painter.icon({left + room + pixels(Space::xs), icon_top}, trailing, color, Metrics::icon_small);
  }
  return interaction.pressed;
}

bool Ui::floating_button(std::string_view name_key, Icon icon, std::string_view name, const Rectangle& within) {
  UiState& state = *state_;
  constexpr float size = 56;
  const float margin = pixels(Space::l);
  const Rectangle box{within.left + within.width - size - margin, within.top + within.height - size - margin, size, size};
  SemanticNode node;
  node.role = Role::button;
  node.name = name;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, false);
  state.paint().shadow(box, size / 2, 10);
  draw_button_frame(state, box, colors_of(ButtonKind::primary, false), interaction, size / 2);
  state.paint().icon_centered(box, icon, ColorToken::on_accent, Metrics::icon_large);
  return interaction.pressed;
}

bool Ui::check_box(std::string_view name_key, std::string_view label, bool& value, bool is_disabled) {
  UiState& state = *state_;
  constexpr float side = 22;
  const Rectangle box = state.place(state.layout().kind == Layout::Kind::column
                                        ? state.rest_width()
                                        : std::min(state.widest(), side + 10 + state.paint().measure(label, TextStyle::body) + 1),
                                    Metrics::touch_target);
  SemanticNode node;
  node.role = Role::check_box;
  node.name = label;
  node.checked = value ? Checked::on : Checked::off;
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, is_disabled);
  if (interaction.pressed) {
    value = !value;
  }
  if (state.visible(box)) {
    Painter& painter = state.paint();
    const Rectangle square{box.left, box.top + (box.height - side) / 2, side, side};
    const bool dead = is_disabled || state.disabled_depth > 0;
    painter.fill(square, value ? (dead ? ColorToken::text_disabled : ColorToken::accent) : ColorToken::surface, Metrics::radius_small);
    if (value) {
      painter.icon_centered(square, Icon::check, ColorToken::on_accent, Metrics::icon_small);
    } else {
      painter.outline(square, ColorToken::border_control, 1.5F, Metrics::radius_small);
    }
    state.draw_press_tint(interaction, inset(square, -4), Metrics::radius_control);
    state.draw_focus_ring(interaction, square, Metrics::radius_small);
    const float line_height = Theme::text_style(TextStyle::body).line_height;
    painter.text({box.left + side + 10, box.top + (box.height - line_height) / 2}, label, TextStyle::body,
                 dead ? ColorToken::text_disabled : ColorToken::text, box.width - side - 10);
  }
  return interaction.pressed;
}

bool Ui::switch_control(std::string_view name_key, std::string_view label, bool& value, std::string_view hint, bool is_disabled) {
  UiState& state = *state_;
  constexpr float track_width = 44;
  constexpr float track_height = 26;
  const float height = hint.empty() ? Metrics::touch_target : 56;
  // Beside fields in a grid its words stand in line with theirs, not with their labels.
  if (state.layout().stretch_height > height && state.layout().first) {
    space(Space::xl);
  }
  const Rectangle box = state.place_rest(height);
  SemanticNode node;
  node.role = Role::switch_control;
  node.name = label;
  node.description = hint;
  node.checked = value ? Checked::on : Checked::off;
  const Key key = state.key_of(name_key);
  const Interaction interaction = state.control(key, std::move(node), box, is_disabled);
  if (interaction.pressed) {
    value = !value;
  }
  const float along = state.animate(key, value ? 1.0F : 0.0F, animation_ms);
  if (state.visible(box)) {
    Painter& painter = state.paint();
    const float room = box.width - track_width - pixels(Space::l);
    const float line = Theme::text_style(TextStyle::body).line_height;
    const float words_top = hint.empty() ? box.top + (height - line) / 2 : box.top + 8;
    painter.text({box.left, words_top}, label, TextStyle::body, is_disabled ? ColorToken::text_disabled : ColorToken::text, room);
    if (!hint.empty()) {
      painter.text({box.left, words_top + line}, hint, TextStyle::caption, ColorToken::text_muted, room);
    }
    const Rectangle track{box.left + box.width - track_width, box.top + (height - track_height) / 2, track_width, track_height};
    painter.fill(track, value ? ColorToken::accent : ColorToken::border_control, track_height / 2);
    const float radius = track_height / 2 - 3;
    painter.circle({track.left + track_height / 2 + along * (track_width - track_height), track.top + track_height / 2}, radius, ColorToken::surface);
    state.draw_focus_ring(interaction, track, track_height / 2);
  }
  return interaction.pressed;
}

namespace {

// Where the parts of a segmented control stand, from its upper left corner. As wide as each other where there is room, as wide
// as their words where there is less, and below each other where not even those stand side by side: nothing is cut.
std::vector<Rectangle> parts_of_segmented(UiState& state, std::span<const std::string_view> labels, float room) {
  constexpr float tight_padding = 11;
  const float least = Metrics::touch_target + pixels(Space::l);
  std::vector<Rectangle> parts;
  float widest = least, sum = 0;
  for (const std::string_view label : labels) {
    const float words = state.paint().measure(label, TextStyle::body_strong);
    parts.push_back({0, 0, std::max(Metrics::touch_target, words + 2 * tight_padding), Metrics::control_height});
    widest = std::max(widest, words + 2 * button_padding);
    sum += parts.back().width;
  }
  const auto count = static_cast<float>(labels.size());
  float left = 0, top = 0;
  for (Rectangle& part : parts) {
    part.left = left;
    part.top = top;
    if (widest * count <= room) {
      part.width = widest;
    } else if (sum <= room) {
      part.width += (room - sum) / count;
    } else {
      part.width = room;
      top += part.height;
      continue;
    }
    left += part.width;
  }
  return parts;
}

}  // namespace

int Ui::segmented(std::string_view name_key, std::string_view name, std::span<const std::string_view> labels, int selected) {
  UiState& state = *state_;
  if (labels.empty()) {
    return -1;
  }
  const Key key = state.key_of(name_key);
  const std::vector<Rectangle> parts = parts_of_segmented(state, labels, state.rest_width());
  const Rectangle box = state.place(parts.back().left + parts.back().width, parts.back().top + parts.back().height);
  SemanticNode group;
  group.id = state.node_id(key, Role::radio_group);
  group.role = Role::radio_group;
  group.name = name;
  group.rectangle = box;
  state.begin_node(std::move(group));
  const bool shown = state.visible(box);
  if (shown) {
    state.paint().fill(box, ColorToken::surface_sunken, Metrics::radius_control);
    state.paint().outline(box, ColorToken::border, 1, Metrics::radius_control);
  }
  int chosen = -1;
  for (std::size_t index = 0; index < labels.size(); ++index) {
    const bool is_selected = static_cast<int>(index) == selected;
    const Rectangle part{box.left + parts[index].left, box.top + parts[index].top, parts[index].width, parts[index].height};
    SemanticNode node;
    node.role = Role::radio;
    node.name = labels[index];
    node.checked = is_selected ? Checked::on : Checked::off;
    const Interaction interaction = state.control(state.derived(key, std::to_string(index)), std::move(node), part, false);
    if (interaction.pressed && !is_selected) {
      chosen = static_cast<int>(index);
    }
    if (!shown) {
      continue;
    }
    const Rectangle pill = inset(part, 3);
    if (is_selected) {
      state.paint().fill(pill, ColorToken::surface_raised, Metrics::radius_small);
      state.paint().outline(pill, ColorToken::border, 1, Metrics::radius_small);
    } else {
      state.draw_press_tint(interaction, pill, Metrics::radius_small);
    }
    state.paint().text_centered(inset(part, 4), labels[index], is_selected ? TextStyle::body_strong : TextStyle::body,
                                is_selected ? ColorToken::accent : ColorToken::on_neutral_soft);
    state.draw_focus_ring(interaction, pill, Metrics::radius_small);
  }
  state.end_node();
  return chosen;
}

}  // namespace kehubu
