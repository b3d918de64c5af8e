// Rows, and lists of any length. The cost of a list is that of the rows that are seen.
#include <algorithm>
#include <cmath>

#include "app/widgets/list_parts.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"

namespace kehubu {

namespace {

constexpr float least_list_height = 200;
constexpr float row_padding = 12;
constexpr float check_side = 22;

float leading_width(const ListRowOptions& options) {
  float width = 0;
  if (options.checked.has_value()) {
    width += check_side + row_padding;
  }
  if (!options.avatar.empty() || options.icon != Icon::none) {
    width += Metrics::avatar + row_padding;
  }
  return width;
}

TextStyle title_style_of(const ListRowOptions& options) {
  const bool has_more = !options.subtitle.empty() || !options.meta.empty();
  return has_more || options.unread ? TextStyle::body_strong : TextStyle::body;
}

bool wraps_title(const ListRowOptions& options) { return options.wrap && options.badge.empty(); }

// Beside what stands at the end of its first line.
float wrapped_title_room(UiState& state, const ListRowOptions& options, float width, float room) {
  const float end = options.trailing.empty() ? 0 : std::min(state.paint().measure(options.trailing, TextStyle::body), width * 0.5F) + 1 + pixels(Space::m);
  return std::max(20.0F, room - end);
}

// Wrapped rows stand outside of virtual lists and are as high as their words.
float natural_row_height(UiState& state, const ListRowOptions& options, float width) {
  const float body = Theme::text_style(TextStyle::body).line_height;
  const float caption = Theme::text_style(TextStyle::caption).line_height;
  const float room = width - 2 * row_padding - leading_width(options) - (options.chevron ? Metrics::icon + pixels(Space::s) : 0);
  float words = body * static_cast<float>(wraps_title(options) ? wrapped_line_count(state, options.title, title_style_of(options), wrapped_title_room(state, options, width, room)) : 1);
  for (const std::string_view line : {options.subtitle, options.meta}) {
    if (line.empty()) {
      continue;
    }
    const int lines = options.wrap ? wrapped_line_count(state, line, TextStyle::caption, room) : 1;
    words += caption * static_cast<float>(lines);
  }
  const float least = options.subtitle.empty() && options.meta.empty() && leading_width(options) < Metrics::avatar ? Metrics::control_height + 4 : Metrics::row_height;
  return std::max(least, words + 2 * row_padding);
}

void draw_leading(UiState& state, const ListRowOptions& options, const Rectangle& box) {
  float left = box.left + row_padding;
  if (options.checked.has_value()) {
    draw_check_square(state, {left, box.top + (box.height - check_side) / 2, check_side, check_side}, *options.checked, options.disabled);
    left += check_side + row_padding;
  }
  const Rectangle circle{left, box.top + (box.height - Metrics::avatar) / 2, Metrics::avatar, Metrics::avatar};
  if (options.icon != Icon::none) {
    draw_icon_tile(state, circle, options.icon, options.icon_tone);
  } else if (!options.avatar.empty()) {
    draw_avatar(state, circle, options.avatar);
  }
}

constexpr float least_words = 36;  // less room shows nothing but dots

struct TrailingWidths {
  float first = 0, second = 0;
};

float badge_width(Painter& painter, const ListRowOptions& options, const Rectangle& box) {
  return std::min(painter.measure(options.badge, TextStyle::caption_strong) + 16, box.width * 0.5F);
}

// Whether the title needs the whole first line, and there is a second one for what would stand at its end.
bool title_needs_line(Painter& painter, const ListRowOptions& options, const Rectangle& box, float room) {
  const bool has_second = !options.subtitle.empty() || !options.meta.empty() || !options.trailing_detail.empty();
  const float end = !options.trailing.empty() ? std::min(painter.measure(options.trailing, TextStyle::body), box.width * 0.5F)
                    : !options.badge.empty()  ? badge_width(painter, options, box)
                                              : 0;
  return has_second && end > 0 && painter.measure(options.title, title_style_of(options)) + end + pixels(Space::m) > room;
}

// What stands at the end of the first and second line, or all of it of the second; answers how much room it takes there.
TrailingWidths draw_trailing(UiState& state, const ListRowOptions& options, const Rectangle& box, float top, float right, bool on_second) {
  Painter& painter = state.paint();
  TrailingWidths used;
  const float body = Theme::text_style(TextStyle::body).line_height;
  if (!options.trailing.empty() && !on_second) {
    used.first = std::min(painter.measure(options.trailing, TextStyle::body), box.width * 0.5F) + 1;
    painter.text({right - used.first, top}, options.trailing, TextStyle::body, options.disabled ? ColorToken::text_disabled : options.trailing_color, used.first);
  }
  const auto beside = [&](std::string_view words, ColorToken color) {
    const float width = std::min(painter.measure(words, TextStyle::caption), box.width * 0.5F) + 1;
    used.second += (used.second > 0 ? pixels(Space::s) : 0) + width;
    painter.text({right - used.second, top + body + 1}, words, TextStyle::caption, color, width);
  };
  if (!options.trailing_detail.empty()) {
    beside(options.trailing_detail, options.detail_color);
  }
  if (!options.trailing.empty() && on_second) {
    beside(options.trailing, options.disabled ? ColorToken::text_disabled : options.trailing_color);
  }
  if (!options.badge.empty()) {
    constexpr float height = 22;
    const TonePair colors = Theme::soft(options.badge_tone);
    const float width = badge_width(painter, options, box);
    // Beside a detail it moves before it; alone below an amount it takes the second line.
    const bool alone = options.trailing.empty() && !on_second;
    const float badge_right = alone ? right : right - (used.second > 0 ? used.second + pixels(Space::s) : 0);
    const float badge_top = alone && options.trailing_detail.empty() && options.subtitle.empty() ? box.top + (box.height - height) / 2
                            : alone                                                             ? top
                                                                                                : top + body - 1;
    const Rectangle place{badge_right - width, badge_top, width, height};
    if (options.badge_outlined) {
      painter.outline(place, ColorToken::border_control, 1, height / 2);
    } else {
      painter.fill(place, colors.fill, Metrics::radius_small);
    }
    painter.text_centered(place, options.badge, TextStyle::caption_strong, options.badge_outlined ? ColorToken::text : colors.text);
    (alone ? used.first : used.second) += width + pixels(Space::s);
  }
  used.first += used.first > 0 ? pixels(Space::m) : 0;
  used.second += used.second > 0 ? pixels(Space::m) : 0;
  return used;
}

void draw_row_words(UiState& state, const ListRowOptions& options, const Rectangle& box) {
  Painter& painter = state.paint();
  const float body = Theme::text_style(TextStyle::body).line_height;
  const float caption = Theme::text_style(TextStyle::caption).line_height;
  const float left = box.left + row_padding + leading_width(options);
  float right = box.left + box.width - row_padding;
  if (options.chevron) {
    const Icon chevron = options.selected ? Icon::chevron_down : Icon::chevron_right;  // what it leads to stands below it
    painter.icon({right - Metrics::icon + 4, box.top + (box.height - Metrics::icon) / 2}, chevron, ColorToken::text_muted);
    right -= Metrics::icon + pixels(Space::xs);
  }
  const float room = right - left;
  const auto lines_of = [&](std::string_view words) {
    return words.empty() ? 0 : options.wrap ? wrapped_line_count(state, words, TextStyle::caption, room) : 1;
  };
  const int count = lines_of(options.subtitle) + lines_of(options.meta);
  const bool two_lines = count > 0 || !options.trailing_detail.empty();
  const TextStyle title_style = title_style_of(options);
  const float title_room = wrapped_title_room(state, options, box.width, room);
  const float title_height = body * static_cast<float>(wraps_title(options) ? wrapped_line_count(state, options.title, title_style, title_room) : 1);
  const float height = title_height + (two_lines ? caption * static_cast<float>(std::max(1, count)) : 0);
  float top = box.top + (box.height - height) / 2;
  const bool on_second = !options.wrap && title_needs_line(painter, options, box, room);
  const TrailingWidths used = draw_trailing(state, options, box, top, right, on_second);
  const ColorToken color = options.disabled ? ColorToken::text_disabled : ColorToken::text;
  if (options.unread) {
    painter.circle({left - row_padding / 2 - 1, top + body / 2}, 3.5F, ColorToken::accent);
  }
  if (wraps_title(options)) {
    draw_wrapped(state, {left, top, title_room, 0}, options.title, title_style, color);
  } else {
    painter.text({left, top}, options.title, title_style, color, std::max(20.0F, room - used.first));
  }
  top += title_height;
  float taken = used.second;
  for (const std::string_view words : {options.subtitle, options.meta}) {
    if (words.empty()) {
      continue;
    }
    if (options.wrap) {
      top += draw_wrapped(state, {left, top, room, 0}, words, TextStyle::caption, ColorToken::text_muted);
    } else {
      if (room - taken >= least_words) {
        painter.text({left, top}, words, TextStyle::caption, ColorToken::text_muted, room - taken);
      }
      top += caption;
    }
    taken = 0;
  }
}

std::string row_name(const ListRowOptions& options) {
  return joined({options.title, options.subtitle, options.meta, options.trailing, options.trailing_detail, options.badge});
}

}  // namespace

bool Ui::list_row(std::string_view name_key, const ListRowOptions& options) {
  UiState& state = *state_;
  Rectangle box;
  if (state.layout().list_row) {
    box = state.layout().box;
    state.layout().list_row = false;
    state.last_rectangle = box;
  } else {
    box = state.place(state.rest_width(), natural_row_height(state, options, state.rest_width()), true);
  }
  const Key key = state.key_of(name_key);
  const Rectangle whole = box;
  const bool has_action = options.action != Icon::none;
  if (has_action) {
    box.width -= Metrics::touch_target + Metrics::touch_gap;
  }
  SemanticNode node;
  node.name = row_name(options);
  Interaction interaction;
  if (options.pressable) {
    node.role = options.checked.has_value() ? Role::check_box : Role::button;
    node.checked = options.checked.has_value() ? (*options.checked ? Checked::on : Checked::off) : Checked::not_checkable;
    node.selected = options.selected;
    mark_list_focus(state, key, node);
    interaction = state.control(key, std::move(node), box, options.disabled);
    if (options.menu != nullptr && state.asks_for_menu(key, interaction.node, box, false)) {
      *options.menu = true;
    }
  } else {
    state.add_words(key, Role::text, node.name, box);
  }
  if (has_action) {
    const float top = whole.top + (whole.height - Metrics::touch_target) / 2;
    state.push_column({whole.left + whole.width - Metrics::touch_target, top, Metrics::touch_target, 0}, 0, 0);
    state.keys.push_back(key);
    const bool pressed = icon_button("action", options.action, options.action_name);
    state.keys.pop_back();
    state.pop_column();
    if (options.acted != nullptr) {
      *options.acted = *options.acted || pressed;
    }
    state.last_rectangle = whole;
  }
  if (!state.visible(box)) {
    return interaction.pressed;
  }
  if (options.selected) {
    state.paint().fill(box, ColorToken::selected, Metrics::radius_control);
  }
  state.draw_press_tint(interaction, box, Metrics::radius_control);
  draw_leading(state, options, box);
  draw_row_words(state, options, box);
  state.draw_focus_ring(interaction, inset(box, 3), Metrics::radius_control);
  return interaction.pressed;
}

void mark_list_focus(UiState& state, Key key, SemanticNode& node) {
  ListContext* list = state.list_context;
  if (list == nullptr) {
    return;
  }
  ScrollMemory& memory = state.scrolls[list->key];
  const NodeId id = UiState::node_id(key, node.role);
  if (state.focused == id) {
    memory.focus_row = list->row;
    state.focused_list = list->key;
  }
  // One row of a list is a stop for Tab: the one the keyboard was on, or else the first that is seen.
  const bool focus_row_seen = memory.focus_row >= list->first && memory.focus_row < list->end;
  node.tab_stop = list->row == (focus_row_seen ? memory.focus_row : list->first);
  if (memory.wanted_focus_row == list->row) {
    memory.wanted_focus_row = -1;
    memory.focus_row = list->row;
    node.request_focus = true;
    node.tab_stop = true;
  }
}

void list_keys(UiState& state, Key key, std::int64_t count, float row_height) {
  ScrollMemory& memory = state.scrolls[key];
  const bool here = state.focused_list == key && state.focused != 0 && memory.focus_row >= 0;
  if (!here || count == 0 || state.layer < state.top_blocking_layer()) {
    return;
  }
  const auto page = std::max<std::int64_t>(1, static_cast<std::int64_t>(memory.vertical.viewport() / static_cast<double>(row_height)) - 1);
  std::int64_t target = memory.focus_row;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) {
    target += 1;
  } else if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) {
    target -= 1;
  } else if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) {
    target += page;
  } else if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) {
    target -= page;
  } else if (ImGui::IsKeyPressed(ImGuiKey_Home)) {
    target = 0;
  } else if (ImGui::IsKeyPressed(ImGuiKey_End)) {
    target = count - 1;
  } else {
    return;
  }
  target = std::clamp<std::int64_t>(target, 0, count - 1);
  if (target != memory.focus_row) {
    memory.wanted_focus_row = target;
    const double top = static_cast<double>(target) * static_cast<double>(row_height);
    memory.vertical.reveal(top, top + static_cast<double>(row_height), 0);
    state.animating = true;
  }
}

ScrollAxis& begin_list_scroll(UiState& state, Key key, std::int64_t count, float row_height, float viewport, float bottom_room, std::int64_t scroll_to) {
  ScrollMemory& memory = state.scrolls[key];
  const double extent = static_cast<double>(count) * static_cast<double>(row_height) + static_cast<double>(bottom_room);
  memory.vertical.set_sizes(extent, static_cast<double>(viewport));
  if (scroll_to != memory.last_scroll_to) {
    memory.last_scroll_to = scroll_to;
    if (scroll_to >= 0) {
      const double top = static_cast<double>(scroll_to) * static_cast<double>(row_height);
      memory.vertical.reveal(top, top + static_cast<double>(row_height), static_cast<double>(row_height));
    }
  }
  list_keys(state, key, count, row_height);
  return memory.vertical;
}

ListResult Ui::list(std::string_view name_key, const ListOptions& options, FunctionRef<bool(std::int64_t index)> row) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const float height = options.height > 0 ? options.height : std::max(least_list_height, available_height());
  const Rectangle box = state.place_rest(height);
  state.keys.push_back(key);
  SemanticNode node;
  node.id = state.node_id(key, Role::list);
  node.role = Role::list;
  node.name = options.name;
  node.rectangle = box;
  node.set_size = static_cast<std::int32_t>(std::min<std::int64_t>(options.count, INT32_MAX));
  state.begin_node(std::move(node));
  state.push_clip(box);
  state.scroll_frames.push_back({key, box, true, false});

  ScrollAxis& axis = begin_list_scroll(state, key, options.count, options.row_height, box.height, options.bottom_room, options.scroll_to);
  const double scroll = axis.position();
  const VisibleRows rows = visible_rows(scroll, static_cast<double>(box.height), static_cast<double>(options.row_height), options.count);
  if (options.prepare && rows.end > rows.first) {
    options.prepare(rows.first, rows.end);
  }
  ListResult result{-1, rows.first, rows.end};
  ListContext context{key, 0, rows.first, rows.end};
  ListContext* const outer = state.list_context;
  state.list_context = &context;
  for (std::int64_t index = rows.first; index < rows.end; ++index) {
    context.row = index;
    const float top = box.top + static_cast<float>(row_offset(index, static_cast<double>(options.row_height), scroll));
    const Rectangle place{box.left, top, box.width, options.row_height};
    state.keys.push_back(state.key_of(index));
    SemanticNode item;
    item.id = state.node_id(state.keys.back(), Role::list_item);
    item.role = Role::list_item;
    item.rectangle = place;
    item.position = static_cast<std::int32_t>(std::min<std::int64_t>(index + 1, INT32_MAX));
    item.set_size = static_cast<std::int32_t>(std::min<std::int64_t>(options.count, INT32_MAX));
    state.begin_node(std::move(item));
    state.push_column(place, 0, place.top + place.height);
    state.layout().list_row = true;
    if (row(index)) {
      result.activated = index;
    }
    state.pop_column();
    state.end_node();
    state.keys.pop_back();
    if (options.dividers && index + 1 < options.count) {
      const float line = top + options.row_height - 0.5F;
      state.paint().line({box.left + row_padding, line}, {box.left + box.width - row_padding, line}, ColorToken::border);
    }
  }
  state.list_context = outer;
  state.scroll_frames.pop_back();
  state.register_scroll(key, box, true, false);
  state.draw_scroll_bar(key, state.scrolls[key].vertical, box);
  state.pop_clip();
  state.end_node();
  state.keys.pop_back();
  state.last_rectangle = box;
  return result;
}

}  // namespace kehubu
