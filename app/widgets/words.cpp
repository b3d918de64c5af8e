// Words and pictures: what is read and cannot be pressed.
#include <algorithm>
#include <cmath>

#include "app/widgets/glyph_text.h"
#include "app/widgets/list_parts.h"
#include "app/widgets/text_layout.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"

namespace kehubu {

namespace {

constexpr float badge_height = 22;
constexpr float badge_padding = 8;

Key words_key(const UiState& state, std::string_view words) {
  // Words have no key of their own; their place among the nodes keeps two equal ones apart.
  return UiState::derived(state.key_of(words), "words") + static_cast<Key>(state.tree.nodes.size());
}

float draw_lines(UiState& state, const Rectangle& box, std::string_view words, const TextOptions& options, float line_height) {
  float top = box.top;
  const GlyphText letters(options.style, state.scale);
  for (const TextLine& line : state.lines) {
    const Rectangle place{box.left, top, box.width, line_height};
    if (state.visible(place)) {
      const float slack = box.width - line.width / state.scale;
      const float shift = options.align == Align::start ? 0 : options.align == Align::center ? slack / 2 : slack;
      Painter& painter = state.paint();
      const float left = painter.device(box.left + std::max(0.0F, shift));
      const std::uint32_t color = painter.packed(options.color);
      const float drawn = letters.draw(painter.draw_list(), left, painter.snapped(top), color,
                                       words.substr(line.begin, line.end - line.begin));
      if (line.cut) {
        letters.draw(painter.draw_list(), left + drawn, painter.snapped(top), color, "…");
      }
    }
    top += line_height;
  }
  return top - box.top;
}

}  // namespace

void Ui::text(std::string_view words, const TextOptions& options) {
  UiState& state = *state_;
  if (words.empty()) {
    return;
  }
  const GlyphText letters(options.style, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  const float line_height = Theme::text_style(options.style).line_height;
  const bool in_row = state.layout().kind != Layout::Kind::column;
  float width = state.rest_width();
  if (in_row) {
    // Beside others: as wide as the words need; wrapping only where even a whole line would not hold them.
    const float natural = std::ceil(letters.width(words)) / state.scale + 0.5F;
    width = std::min(natural, state.widest());
  }
  break_lines(words, width * state.scale + 0.5F, options.max_lines, advance, state.lines);
  const Rectangle box = state.place(width, line_height * static_cast<float>(state.lines.size()));
  draw_lines(state, box, words, options, line_height);
  state.add_words(words_key(state, words), options.role, words, box);
}

void Ui::heading(std::string_view words, int level) {
  UiState& state = *state_;
  const TextStyle style = level <= 1 ? TextStyle::title : level == 2 ? TextStyle::subtitle : TextStyle::body_strong;
  const std::size_t before = state.tree.nodes.size();
  text(words, {.style = style, .role = Role::heading});
  if (state.tree.nodes.size() > before) {
    state.tree.nodes.back().level = static_cast<std::int8_t>(level);
  }
}

void Ui::muted(std::string_view words) { text(words, {.style = TextStyle::caption, .color = ColorToken::text_muted}); }

void Ui::icon(Icon icon, ColorToken color, float size, std::string_view name, Role role) {
  UiState& state = *state_;
  const Rectangle box = state.place(size, size);
  if (state.visible(box)) {
    state.paint().icon({box.left, box.top}, icon, color, size);
  }
  state.add_words(words_key(state, name), role, name, box);
}

void Ui::icon_tile(Icon icon, Tone tone, float size) {
  UiState& state = *state_;
  const Rectangle box = state.place(size, size);
  if (state.visible(box)) {
    draw_icon_tile(state, box, icon, tone);
  }
}

void Ui::badge(std::string_view words, const BadgeOptions& options) {
  UiState& state = *state_;
  const TonePair colors = options.strong ? Theme::strong(options.tone) : Theme::soft(options.tone);
  const float icon_room = options.icon == Icon::none ? 0 : Metrics::icon_small + pixels(Space::xs);
  const float words_width = state.paint().measure(words, TextStyle::caption_strong);
  const float width = std::min(words_width + 2 * badge_padding + icon_room, std::max(badge_height, state.widest()));
  const Rectangle box = state.place(width, badge_height);
  if (state.visible(box)) {
    Painter& painter = state.paint();
    const ColorToken ink = options.outlined ? ColorToken::text : colors.text;
    if (options.outlined) {
      painter.outline(box, ColorToken::border_control, 1, badge_height / 2);
    } else {
      painter.fill(box, colors.fill, Metrics::radius_small);
    }
    painter.icon({box.left + badge_padding, box.top + (badge_height - Metrics::icon_small) / 2}, options.icon, ink,
                 Metrics::icon_small);
    const float line_height = Theme::text_style(TextStyle::caption_strong).line_height;
    painter.text({box.left + badge_padding + icon_room, box.top + (badge_height - line_height) / 2}, words,
                 TextStyle::caption_strong, ink, box.width - 2 * badge_padding - icon_room + 1);
  }
  state.add_words(words_key(state, words), Role::text, words, box);
}

void Ui::avatar(std::string_view name, float size) {
  UiState& state = *state_;
  const Rectangle box = state.place(size, size);
  if (!state.visible(box)) {
    return;
  }
  draw_avatar(state, box, name);
}

void Ui::canvas(std::string_view name_key, std::string_view name, std::string_view description, float height,
                FunctionRef<void(const CanvasContext&)> draw) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle box = state.place_rest(height);
  SemanticNode node;
  node.id = state.node_id(key, Role::image);
  node.role = Role::image;
  node.name = name;
  node.description = description;
  node.rectangle = box;
  state.add_node(std::move(node));
  if (!state.visible(box)) {
    return;
  }
  const UiState::Pointer& pointer = state.pointer;
  const bool reachable = state.layer >= state.top_blocking_layer() && !pointer.captured && ImGui::IsMousePosValid();
  const bool over = reachable && contains_point(intersection(box, state.clip()), pointer.position);
  CanvasContext context{state.paint(), box, std::nullopt, false};
  if (over && (!pointer.touch || pointer.down || ImGui::IsMouseReleased(0))) {
    context.pointer = pointer.position;
    context.pressed = ImGui::IsMouseReleased(0) && contains_point(box, pointer.start);
  }
  state.push_clip(box);
  draw(context);
  state.pop_clip();
}

void Ui::spinner_text(std::string_view words) {
  row("spinner", {.align = Align::center}, [&] {
    icon(Icon::clock, ColorToken::text_muted);
    text(words, {.color = ColorToken::text_muted, .role = Role::status});
  });
}

namespace {

void draw_key_value(UiState& state, const KeyValueOptions& options, const Rectangle& box, float action_room) {
  const float label_width = std::min(options.label_width, box.width * 0.45F);
  const float value_left = label_width + pixels(Space::m);
  const TextStyle style = options.strong ? TextStyle::body_strong : TextStyle::body;
  const GlyphText letters(style, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  const float value_width = std::max(40.0F, box.width - value_left - action_room);
  const float label_height = wrapped_height(state, options.label, TextStyle::body, label_width);
  break_lines(options.value.empty() ? std::string_view("—") : options.value, value_width * state.scale, 0, advance, state.lines);
  const float line_height = Theme::text_style(style).line_height;
  if (state.visible(box)) {
    const float height = line_height * static_cast<float>(state.lines.size());
    const float top = box.top + (box.height - std::max(height, label_height)) / 2;  // their first lines are one line
    draw_lines(state, {box.left + value_left, top, value_width, height},
               options.value.empty() ? std::string_view("—") : options.value,
               {.style = style, .color = options.value.empty() ? ColorToken::text_disabled : options.value_color}, line_height);
    draw_wrapped(state, {box.left, top, label_width, 0}, options.label, TextStyle::body, ColorToken::text_muted);
  }
}

float key_value_height(UiState& state, const KeyValueOptions& options, float width, float action_room) {
  const float label_width = std::min(options.label_width, width * 0.45F);
  const GlyphText letters(options.strong ? TextStyle::body_strong : TextStyle::body, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  break_lines(options.value, std::max(40.0F, width - label_width - pixels(Space::m) - action_room) * state.scale, 0, advance, state.lines);
  const float value_height = Theme::text_style(TextStyle::body).line_height * static_cast<float>(state.lines.size());
  return std::max(value_height, wrapped_height(state, options.label, TextStyle::body, label_width));
}

}  // namespace

void Ui::key_value(const KeyValueOptions& options) {
  UiState& state = *state_;
  constexpr float breathing = 6;
  const float height = key_value_height(state, options, state.rest_width(), 0) + breathing;
  const Rectangle box = state.place_rest(height);
  draw_key_value(state, options, box, 0);
  const std::string words = joined({options.label, options.value.empty() ? std::string_view("—") : options.value});
  state.add_words(words_key(state, words), Role::text, words, box);
}

bool Ui::key_value_button(std::string_view name_key, const KeyValueOptions& options) {
  UiState& state = *state_;
  const float action_room = options.action_icon == Icon::none ? 0 : 36;
  const float content = key_value_height(state, options, state.rest_width(), action_room);
  // One line is as high as a finger; more lines grow below it, so that first lines are in line with those beside them.
  const Rectangle box = state.place_rest(Metrics::touch_target + std::max(0.0F, content - Theme::text_style(TextStyle::body).line_height));
  SemanticNode node;
  node.role = Role::button;
  node.name = joined({options.action_name, options.label, options.value});
  const Interaction interaction = state.control(state.key_of(name_key), std::move(node), box, false);
  if (state.visible(box)) {
    const Rectangle wide{box.left - pixels(Space::s), box.top, box.width + 2 * pixels(Space::s), box.height};
    state.draw_press_tint(interaction, wide, Metrics::radius_control);
    state.draw_focus_ring(interaction, wide, Metrics::radius_control);
    KeyValueOptions shown = options;
    shown.value_color = options.value_color == ColorToken::text ? ColorToken::accent : options.value_color;
    draw_key_value(state, shown, box, action_room);
    state.paint().icon({box.left + box.width - Metrics::icon, box.top + (Metrics::touch_target - Metrics::icon) / 2}, options.action_icon, shown.value_color == ColorToken::text_muted ? ColorToken::text_muted : ColorToken::accent);
  }
  return interaction.pressed;
}

}  // namespace kehubu
