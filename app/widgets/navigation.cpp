// Tabs, and the navigation of the whole app: a rail at the side or a bar at the bottom.
#include <algorithm>

#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

struct TabSpacing {
  float padding = 10, before_count = pixels(Space::s);
  Space between = Space::s;
};
constexpr TabSpacing tab_spacings[] = {{}, {.padding = 6}, {.padding = 4, .before_count = pixels(Space::xs), .between = Space::xs}, {.padding = 2, .before_count = pixels(Space::xs), .between = Space::hair}};  // the first with which all fit
constexpr float tab_height = 46;
constexpr float indicator_height = 3;

void draw_count(UiState& state, Point center, int count) {
  if (count <= 0) {
    return;
  }
  const std::string words = count > 99 ? "99+" : std::to_string(count);
  constexpr float height = 18;
  const float width = std::max(height, state.paint().measure(words, TextStyle::caption_strong) + 8);
  const Rectangle box{center.x - width / 2, center.y - height / 2, width, height};
  state.paint().fill(box, ColorToken::danger, height / 2);
  state.paint().text_centered(box, words, TextStyle::caption_strong, ColorToken::on_danger);
}

std::string name_with_count(std::string_view label, int count) {
  return count > 0 ? std::string(label) + " " + std::to_string(count) : std::string(label);
}

struct TabWidths {
  std::string count;
  float count_width = 0, icon_width = 0, all = 0;
};

TabWidths widths_of(UiState& state, const TabItem& item, const TabSpacing& spacing) {
  TabWidths widths{.count = item.count > 0 ? std::to_string(item.count) : std::string()};
  widths.count_width = widths.count.empty() ? 0 : state.paint().measure(widths.count, TextStyle::caption) + spacing.before_count;
  widths.icon_width = item.icon == Icon::none ? 0 : Metrics::icon + pixels(Space::xs);
  // In bold always: choosing a tab must not move the others.
  const float words = state.paint().measure(item.label, TextStyle::body_strong);
  widths.all = std::max(Metrics::touch_target, words + widths.count_width + widths.icon_width + 2 * spacing.padding);
  return widths;
}

const TabSpacing& spacing_of_tabs(UiState& state, std::span<const TabItem> items, float room) {
  for (const TabSpacing& spacing : tab_spacings) {
    float all = pixels(spacing.between) * static_cast<float>(items.size() - 1);
    for (const TabItem& item : items) {
      all += widths_of(state, item, spacing).all;
    }
    if (all <= room) {
      return spacing;
    }
  }
  return tab_spacings[0];  // they scroll
}

bool draw_tab(UiState& state, Key key, const TabItem& item, bool is_selected, const TabSpacing& spacing) {
  const TextStyle style = is_selected ? TextStyle::body_strong : TextStyle::body;
  const float words = state.paint().measure(item.label, style);
  const auto& [count, count_width, icon_width, width] = widths_of(state, item, spacing);
  const Rectangle box = state.place(width, tab_height);
  SemanticNode node;
  node.role = Role::tab;
  node.name = item.label;
  node.selected = is_selected;
  const Interaction interaction = state.control(key, std::move(node), box, false);
  if (!state.visible(box)) {
    return interaction.pressed;
  }
  Painter& painter = state.paint();
  const ColorToken color = is_selected ? ColorToken::accent : ColorToken::text_muted;
  state.draw_press_tint(interaction, inset(box, 3), Metrics::radius_control);
  float left = box.left + (box.width - words - count_width - icon_width) / 2;
  painter.icon({left, box.top + (box.height - Metrics::icon) / 2}, item.icon, color);
  left += icon_width;
  painter.text({left, box.top + (box.height - Theme::text_style(style).line_height) / 2}, item.label, style, color);
  painter.text({left + words + spacing.before_count, box.top + (box.height - 18) / 2 + 1}, count, TextStyle::caption, ColorToken::text_muted);
  if (is_selected) {
    painter.fill({box.left + spacing.padding, box.top + box.height - indicator_height, box.width - 2 * spacing.padding, indicator_height},
                 ColorToken::accent, indicator_height / 2, corner_top);
  }
  state.draw_focus_ring(interaction, inset(box, 4), Metrics::radius_control);
  return interaction.pressed;
}

}  // namespace

int Ui::tabs(std::string_view name_key, std::string_view name, std::span<const TabItem> items, int selected) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  int pressed = -1;
  const Layout& present = state.layout();
  const float gap = present.first || present.kind != Layout::Kind::column ? 0 : present.gap;
  const Rectangle line{present.cursor.x, present.cursor.y + gap, state.rest_width(), tab_height};
  SemanticNode list;
  list.id = state.node_id(key, Role::tab_list);
  list.role = Role::tab_list;
  list.name = name;
  list.rectangle = line;
  state.begin_node(std::move(list));
  if (state.visible(line)) {
    state.paint().line({line.left, line.top + tab_height - 1}, {line.left + line.width, line.top + tab_height - 1}, ColorToken::border);
  }
  const TabSpacing& spacing = spacing_of_tabs(state, items, line.width);
  scroll_row(name_key, spacing.between, [&] {
    for (std::size_t index = 0; index < items.size(); ++index) {
      if (draw_tab(state, state.derived(key, items[index].key), items[index], static_cast<int>(index) == selected, spacing)) {
        pressed = static_cast<int>(index);
      }
    }
  });
  state.end_node();
  return pressed;
}

namespace {

Rectangle navigation_cell(NavigationShape shape, const Layout& column, float width, std::size_t index, std::size_t count) {
  constexpr float rail_cell_height = 64;
  constexpr float wide_cell_height = 44;
  const auto number = static_cast<float>(index);
  switch (shape) {
    case NavigationShape::bottom_bar: {
      const float cell = width / static_cast<float>(count);
      return {column.cursor.x + cell * number + Metrics::touch_gap / 2, column.cursor.y, cell - Metrics::touch_gap, Metrics::bar_height};
    }
    case NavigationShape::rail:
      return {column.cursor.x, column.cursor.y + (rail_cell_height + Metrics::touch_gap) * number, width, rail_cell_height};
    case NavigationShape::wide_rail:
      return {column.cursor.x, column.cursor.y + (wide_cell_height + Metrics::touch_gap) * number, width, wide_cell_height};
  }
  return {};
}

void draw_upright_cell(UiState& state, const Rectangle& box, const NavigationItem& item, const Interaction& interaction) {
  Painter& painter = state.paint();
  constexpr float pill_width = 56;
  constexpr float pill_height = 30;
  const float middle = box.left + box.width / 2;
  const Rectangle pill{middle - pill_width / 2, box.top + 5, pill_width, pill_height};
  const ColorToken color = item.current ? ColorToken::accent : ColorToken::text_muted;
  if (item.current) {
    painter.fill(pill, ColorToken::accent_soft, pill_height / 2);
  }
  state.draw_press_tint(interaction, pill, pill_height / 2);
  painter.icon_centered(pill, item.icon, color, Metrics::icon_large);
  // Words may use the gap between two cells: no finger needs it, and "Customers" does.
  const bool bold = item.current && painter.measure(item.label, TextStyle::caption_strong) + pixels(Space::xs) <= box.width;
  painter.text({box.left - Metrics::touch_gap / 2, pill.top + pill_height + 1}, item.label, bold ? TextStyle::caption_strong : TextStyle::caption,
               color, box.width + Metrics::touch_gap, Align::center);
  draw_count(state, {middle + 16, pill.top + 5}, item.count);
  state.draw_focus_ring(interaction, inset(box, 3), Metrics::radius_control);
}

void draw_wide_cell(UiState& state, const Rectangle& cell, const NavigationItem& item, const Interaction& interaction) {
  Painter& painter = state.paint();
  const Rectangle box{cell.left + pixels(Space::s), cell.top, cell.width - 2 * pixels(Space::s), cell.height};
  const ColorToken color = item.current ? ColorToken::accent : ColorToken::text;
  if (item.current) {
    painter.fill(box, ColorToken::selected, Metrics::radius_control);
  }
  state.draw_press_tint(interaction, box, Metrics::radius_control);
  painter.icon({box.left + pixels(Space::m), box.top + (box.height - Metrics::icon) / 2}, item.icon,
               item.current ? ColorToken::accent : ColorToken::text_muted);
  const float left = box.left + pixels(Space::m) + Metrics::icon + pixels(Space::m);
  painter.text({left, box.top + (box.height - 22) / 2}, item.label, item.current ? TextStyle::body_strong : TextStyle::body, color,
               box.left + box.width - left - 36);
  draw_count(state, {box.left + box.width - 22, box.top + box.height / 2}, item.count);
  state.draw_focus_ring(interaction, inset(box, 1), Metrics::radius_control);
}

}  // namespace

int Ui::navigation(std::string_view name_key, std::string_view name, NavigationShape shape, std::span<const NavigationItem> items) {
  UiState& state = *state_;
  if (items.empty()) {
    return -1;
  }
  const Key key = state.key_of(name_key);
  const Layout column = state.layout();
  const float width = state.rest_width();
  const Rectangle last = navigation_cell(shape, column, width, items.size() - 1, items.size());
  const Rectangle whole{column.cursor.x, column.cursor.y, width, last.top + last.height - column.cursor.y};
  SemanticNode landmark;
  landmark.id = state.node_id(key, Role::navigation);
  landmark.role = Role::navigation;
  landmark.name = name;
  landmark.rectangle = whole;
  state.begin_node(std::move(landmark));
  int pressed = -1;
  for (std::size_t index = 0; index < items.size(); ++index) {
    const NavigationItem& item = items[index];
    const Rectangle box = navigation_cell(shape, column, width, index, items.size());
    SemanticNode node;
    node.role = Role::link;
    node.name = name_with_count(item.label, item.count);
    node.current = item.current;
    const Interaction interaction = state.control(state.derived(key, item.key), std::move(node), box, false);
    if (interaction.pressed) {
      pressed = static_cast<int>(index);
    }
    if (shape == NavigationShape::wide_rail) {
      draw_wide_cell(state, box, item, interaction);
    } else {
      draw_upright_cell(state, box, item, interaction);
    }
  }
  state.end_node();
  (void)state.place(width, whole.height);
  return pressed;
}

}  // namespace kehubu
