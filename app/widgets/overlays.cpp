// What stands over the page: layers in general, dialogs and sheets, menus, popovers, toasts.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/glyph_text.h"
#include "app/widgets/list_parts.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr float opening_ms = 150;
constexpr float screen_margin = 16;
constexpr float title_height = 60;
constexpr ImGuiWindowFlags layer_window_flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                                                ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                                ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse |
                                                // A window that took ImGui's focus would end a press under way: a tap
                                                // upon the page would be lost whenever a toast comes up meanwhile.
                                                ImGuiWindowFlags_NoFocusOnAppearing;

void begin_layer_window(const UiState& state, int layer, const Rectangle& place) {
  ImGui::SetNextWindowPos({place.left * state.scale, place.top * state.scale});
  ImGui::SetNextWindowSize({place.width * state.scale, place.height * state.scale});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0F);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  const std::string name = "layer " + std::to_string(layer);
  ImGui::Begin(name.c_str(), nullptr, layer_window_flags);
  ImGui::PopStyleVar(3);
  // The order of layers is that of opening, not that of clicks.
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
}

}  // namespace

UiState::LayerScope UiState::begin_layer(Key key, const Rectangle& panel, bool scrim) {
  LayerScope scope;
  const auto was_open = [&] {
    return std::any_of(last_layers.begin(), last_layers.end(), [&](const Layer& each) { return each.key == key; });
  };
  scope.fresh = !was_open();
  scope.left = std::erase(left_open, key) > 0;
  layers.push_back({key, true});
  scope.kept_layer = layer;
  layer = static_cast<int>(layers.size());
  drawn_layers = std::max(drawn_layers, layer);
  scope.kept_layouts = layouts.size();
  scope.kept_clips = clips.size();
  scope.kept_parents = parents.size();
  scope.kept_scroll_frames.swap(scroll_frames);
  scope.kept_painter = painter;
  if (scope.fresh) {
    animations[key] = {0, frame_number};
  }
  scope.opening = animate(key, 1, opening_ms);

  const Rectangle whole{0, 0, viewport.width, viewport.height};
  begin_layer_window(*this, layer, whole);
  painter.emplace(ImGui::GetWindowDrawList(), *theme, scale);
  clips.push_back(whole);
  parents.push_back(0);
  if (scrim) {
    painter->set_opacity(scope.opening);
    painter->fill(whole, ColorToken::scrim);
    painter->set_opacity(1);
  }
  const bool topmost = layer >= top_blocking_layer() && !scope.fresh;
  if (topmost) {
    const bool released_outside = ImGui::IsMouseReleased(0) && ImGui::IsMousePosValid() && !pointer.captured;
    scope.outside_pressed = released_outside && !contains_point(panel, pointer.start) && !contains_point(panel, pointer.position);
    scope.escape = escape_pressed;
    escape_pressed = false;
  }
  return scope;
}

void UiState::end_layer(const LayerScope& scope) {
  layouts.resize(scope.kept_layouts);
  clips.resize(scope.kept_clips);
  parents.resize(scope.kept_parents);
  scroll_frames = scope.kept_scroll_frames;
  layer = scope.kept_layer;
  ImGui::End();
  painter = scope.kept_painter;
}

namespace {

enum class PanelShape : std::uint8_t { centered, sheet, full, anchored };

struct Panel {
  PanelShape shape = PanelShape::centered;
  Rectangle rectangle;
};

// Stands above or below the widget that opened it, wherever there is more room.
Rectangle beside(const Rectangle& anchor, const Rectangle& screen, float width, float height) {
  const float below = screen.top + screen.height - (anchor.top + anchor.height) - screen_margin / 2;
  const float above = anchor.top - screen.top - screen_margin / 2;
  const bool goes_below = below >= height || below >= above;
  const float fitting = std::min(height, std::max(160.0F, goes_below ? below : above));
  float left = anchor.left;
  if (left + width > screen.left + screen.width - screen_margin / 2) {
    left = anchor.left + anchor.width - width;
  }
  left = std::clamp(left, screen.left + screen_margin / 2, std::max(screen.left + screen_margin / 2, screen.left + screen.width - width - screen_margin / 2));
  constexpr float distance = 4;
  const float top = goes_below ? anchor.top + anchor.height + distance : anchor.top - fitting - distance;
  return {left, std::max(screen.top, top), width, fitting};
}

void draw_panel(UiState& state, const Panel& panel) {
  Painter& painter = state.paint();
  const Rectangle& box = panel.rectangle;
  switch (panel.shape) {
    case PanelShape::full: painter.fill({0, 0, state.viewport.width, state.viewport.height}, ColorToken::surface); break;
    case PanelShape::sheet: {
      const Rectangle down{box.left, box.top, box.width, state.viewport.height - box.top};
      painter.fill(down, ColorToken::surface_raised, Metrics::radius_sheet, corner_top);
      painter.fill({box.left + box.width / 2 - 18, box.top + 7, 36, 4}, ColorToken::border_control, 2);
      break;
    }
    case PanelShape::centered:
    case PanelShape::anchored: {
      const float radius = panel.shape == PanelShape::centered ? Metrics::radius_sheet : Metrics::radius_card;
      painter.shadow(box, radius, panel.shape == PanelShape::centered ? 28.0F : 14.0F);
      painter.fill(box, ColorToken::surface_raised, radius);
      painter.outline(box, ColorToken::border, 1, radius);
      break;
    }
  }
}

Panel dialog_panel(Ui& ui, const DialogOptions& options, float content_height) {
  const Rectangle screen = ui.visible_screen();
  const bool phone = ui.width_class() == WidthClass::phone;
  Panel panel;
  if (phone && options.full_on_phone) {
    panel = {PanelShape::full, screen};
  } else if (phone && options.sheet_on_phone) {
    const float height = std::min(content_height, screen.height - 2 * screen_margin);
    panel = {PanelShape::sheet, {screen.left, screen.top + screen.height - height, screen.width, height}};
  } else {
    const float width = std::min(options.width, screen.width - 2 * screen_margin);
    const float height = std::min(content_height, screen.height - 2 * screen_margin);
    panel = {PanelShape::centered, {screen.left + (screen.width - width) / 2, screen.top + (screen.height - height) / 2, width, height}};
  }
  return panel;
}

NodeId begin_dialog_node(UiState& state, Key key, Role role, std::string_view name, const Rectangle& rectangle) {
  SemanticNode node;
  node.id = state.node_id(key, role);
  node.role = role;
  node.name = name;
  node.rectangle = rectangle;
  node.modal = true;
  return state.begin_node(std::move(node));
}

// Title, and the cross that closes. True when it was pressed.
bool draw_title(Ui& ui, const Rectangle& panel, const DialogOptions& options) {
  UiState& state = ui.state();
  Painter& painter = state.paint();
  const float padding = pixels(Space::xl);
  const float cross_room = options.dismissible ? Metrics::touch_target + pixels(Space::m) : padding;
  float left = panel.left + padding;
  if (options.icon != Icon::none) {
    painter.icon({left, panel.top + (title_height - Metrics::icon_large) / 2 + 4}, options.icon,
                 options.tone == Tone::neutral ? ColorToken::text_muted : Theme::strong(options.tone).fill, Metrics::icon_large);
    left += Metrics::icon_large + pixels(Space::m);
  }
  // A title that is too long becomes smaller and takes two lines: it often ends in somebody's name.
  const float room = panel.left + panel.width - left - cross_room;
  const bool fits = painter.measure(options.title, TextStyle::title) <= room;
  const TextStyle style = fits ? TextStyle::title : TextStyle::subtitle;
  const int lines = fits ? 1 : std::min(2, wrapped_line_count(state, options.title, style, room));
  const float height = Theme::text_style(style).line_height * static_cast<float>(lines);
  const Rectangle place{left, panel.top + (title_height - height) / 2 + 4, room, height};
  if (fits) {
    painter.text({place.left, place.top}, options.title, style, ColorToken::text, room);
  } else {
    draw_wrapped(state, place, options.title, style, ColorToken::text, lines);
  }
  SemanticNode heading;
  heading.id = state.node_id(state.key_of("title"), Role::heading);
  heading.role = Role::heading;
  heading.name = options.title;
  heading.level = 2;
  heading.rectangle = place;
  state.add_node(std::move(heading));
  if (!options.dismissible) {
    return false;
  }
  state.push_column({panel.left + panel.width - Metrics::touch_target - pixels(Space::m), panel.top + pixels(Space::m), Metrics::touch_target, 0}, 0, 0);
  const bool closed = ui.icon_button("close", Icon::close, state.word("关闭", "Close"));
  state.pop_column();
  return closed;
}

}  // namespace

bool Ui::has_layers() const { return !state_->last_layers.empty(); }

void Ui::dismiss_layer() { handle({.node = 0, .kind = SemanticEvent::Kind::cancel, .text = {}}); }

void Ui::dialog(std::string_view name_key, bool& open, const DialogOptions& options, Body body) {
  if (!open) {
    return;
  }
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  state.keys.push_back(key);
  const Key body_key = state.derived(key, "content");
  const Key actions_key = state.derived(key, "foot");
  const float padding = pixels(Space::xl);
  const float foot = options.actions ? state.remembered(actions_key, Metrics::control_height) + 2 * pixels(Space::l) : 0;
  const float body_height = state.remembered(body_key, 0);
  Panel panel = dialog_panel(*this, options, title_height + body_height + padding + foot);

  UiState::LayerScope scope = state.begin_layer(key, panel.rectangle, panel.shape != PanelShape::full);
  const float rest = 1 - scope.opening;
  panel.rectangle.top += rest * rest * (panel.shape == PanelShape::centered ? 12.0F : panel.rectangle.height * 0.35F);
  const Rectangle& box = panel.rectangle;
  draw_panel(state, panel);
  begin_dialog_node(state, key, Role::dialog, options.title, box);
  const bool crossed = draw_title(*this, box, options);
  const ColorToken ground_before = std::exchange(state.ground, panel.shape == PanelShape::full ? ColorToken::surface : ColorToken::surface_raised);

  const float content_top = box.top + title_height;
  const float content_height = std::max(0.0F, box.height - title_height - foot);
  area("content", {box.left, content_top, box.width, content_height},
       {.has_background = false, .padding = Space::none, .max_width = 0}, [&] {
         Layout& column = state.layout();
         column.box.left += padding;
         column.box.width -= 2 * padding;
         column.cursor.x = column.box.left;
         column.cursor.y += pixels(Space::xs);
         column.used_height += pixels(Space::xs);
         body();
         const float used = state.layout().cursor.y - state.layout().box.top;
         state.remember(body_key, used);
         space(Space::l);
       });
  if (options.actions) {
    const Rectangle line{box.left, box.top + box.height - foot, box.width, foot};
    state.push_column({line.left + padding, line.top + pixels(Space::l), line.width - 2 * padding, 0}, pixels(Space::s), 0);
    row("actions", {.gap = Space::m, .align = Align::end}, [&] { options.actions(); });
    state.remember(actions_key, state.pop_column());
  }
  state.ground = ground_before;
  state.end_node();
  state.end_layer(scope);
  state.keys.pop_back();
  if (crossed || (options.dismissible && (scope.outside_pressed || scope.escape))) {
    open = false;
    state.platform.request_frame();
  }
}

Confirmation Ui::confirm(std::string_view key, bool& open, const ConfirmOptions& options) {
  Confirmation answer = Confirmation::waiting;
  if (!open) {
    return answer;
  }
  UiState& state = *state_;
  const std::string_view cancel = options.cancel_label.empty() ? state.word("取消", "Cancel") : options.cancel_label;
  const auto buttons = [&] {
    if (button("cancel", cancel)) {
      answer = Confirmation::cancelled;
    }
    if (button("confirm", options.confirm_label, {.kind = options.danger ? ButtonKind::danger : ButtonKind::primary})) {
      answer = Confirmation::confirmed;
    }
  };
  dialog(key, open,
         {.title = options.title, .width = 420, .tone = options.danger ? Tone::danger : Tone::neutral,
          .icon = options.danger ? Icon::warning : Icon::none, .actions = buttons},
         [&] { text(options.sentence, {.color = ColorToken::text_muted}); });
  if (!open && answer == Confirmation::waiting) {
    answer = Confirmation::closed;
  }
  open = open && answer == Confirmation::waiting;
  return answer;
}

void Ui::popover(std::string_view name_key, bool& open, std::string_view name, float width, Body body) {
  if (!open) {
    return;
  }
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle anchor = state.last_rectangle;
  state.keys.push_back(key);
  const Key body_key = state.derived(key, "content");
  const float padding = pixels(Space::s);
  const float wanted = state.remembered(body_key, 0) + 2 * padding;
  const Rectangle seen = visible_screen();
  const bool sheet = width_class() == WidthClass::phone;
  Panel panel;
  if (sheet) {
    constexpr float handle = 12;
    const float height = std::min(wanted + handle, seen.height - 3 * screen_margin);
    panel = {PanelShape::sheet, {seen.left, seen.top + seen.height - height, seen.width, height}};
  } else {
    panel = {PanelShape::anchored, beside(anchor, seen, std::min(width, seen.width - screen_margin), std::min(wanted, seen.height - screen_margin))};
  }
  UiState::LayerScope scope = state.begin_layer(key, panel.rectangle, sheet);
  const float rest = 1 - scope.opening;
  panel.rectangle.top += rest * rest * (sheet ? panel.rectangle.height * 0.35F : 6.0F);
  draw_panel(state, panel);
  begin_dialog_node(state, key, Role::dialog, name, panel.rectangle);
  Rectangle inside = panel.rectangle;
  if (sheet) {
    inside.top += 12;
    inside.height -= 12;
  }
  const ColorToken ground_before = std::exchange(state.ground, ColorToken::surface_raised);
  area("content", inside, {.has_background = false, .padding = Space::s}, [&] {
    state.layout().gap = 0;
    body();
    state.remember(body_key, state.layout().cursor.y - state.layout().box.top);
  });
  state.ground = ground_before;
  state.end_node();
  state.end_layer(scope);
  state.keys.pop_back();
  state.last_rectangle = anchor;
  if (scope.outside_pressed || scope.escape || scope.left) {
    open = false;
    state.platform.request_frame();
  }
}

namespace {

bool draw_menu_item(UiState& state, Key key, const MenuItem& item) {
  const Rectangle box = state.place_rest(Metrics::touch_target + 4);
  SemanticNode node;
  node.role = Role::menu_item;
  node.name = item.label;
  node.checked = item.checked ? Checked::on : Checked::not_checkable;
  node.has_popup = item.opens;
  const Interaction interaction = state.control(key, std::move(node), box, item.disabled);
  if (state.visible(box)) {
    Painter& painter = state.paint();
    state.draw_press_tint(interaction, box, Metrics::radius_control);
    state.draw_focus_ring(interaction, inset(box, 2), Metrics::radius_control);
    const ColorToken color = item.disabled ? ColorToken::text_disabled : item.danger ? ColorToken::danger : ColorToken::text;
    const float icon_top = box.top + (box.height - Metrics::icon) / 2;
    painter.icon({box.left + pixels(Space::m), icon_top}, item.icon, item.danger || item.disabled ? color : ColorToken::text_muted);
    const float left = box.left + pixels(Space::m) + (item.icon == Icon::none ? 0 : Metrics::icon + pixels(Space::m));
    const float line = Theme::text_style(TextStyle::body).line_height;
    const float detail = item.detail.empty() ? 0 : painter.measure(item.detail, TextStyle::caption) + pixels(Space::m);
    const float end = box.left + box.width - pixels(Space::m) - (item.opens ? Metrics::icon + 4 : 0);
    const float right = end - (item.checked ? Metrics::icon + 4 : 0);
    painter.text({left, box.top + (box.height - line) / 2}, item.label, TextStyle::body, color, right - detail - left);
    if (!item.detail.empty()) {
      painter.text({right - detail + pixels(Space::m), box.top + (box.height - 18) / 2}, item.detail, TextStyle::caption, ColorToken::text_muted);
    }
    if (item.checked) {
      painter.icon({right + 4, icon_top}, Icon::check, ColorToken::accent);
    }
    if (item.opens) {
      painter.icon({end + 4, icon_top}, Icon::chevron_right, ColorToken::text_muted);
    }
  }
  return interaction.pressed;
}

}  // namespace

int Ui::menu(std::string_view name_key, bool& open, std::span<const MenuItem> items, std::string_view title) {
  if (!open) {
    return -1;
  }
  UiState& state = *state_;
  float width = 200;
  for (const MenuItem& item : items) {
    width = std::max(width, state.paint().measure(item.label, TextStyle::body) + state.paint().measure(item.detail, TextStyle::caption) + 110);
  }
  int chosen = -1;
  popover(name_key, open, title.empty() ? state.word("菜单", "Menu") : title, width, [&] {
    if (!title.empty()) {
      indent(Space::m, [&] { heading(title, 3); });
      space(Space::s);
    }
    const Key key = state.key_of("menu");
    SemanticNode node;
    node.id = state.node_id(key, Role::menu);
    node.role = Role::menu;
    node.name = state.word("菜单", "Menu");
    const Layout& column = state.layout();
    node.rectangle = {column.cursor.x, column.cursor.y, column.box.width, state.remembered(state.derived(key, "height"), 1)};
    state.begin_node(std::move(node));
    const float top = column.cursor.y;
    for (std::size_t index = 0; index < items.size(); ++index) {
      if (items[index].divider_before) {
        space(Space::xs);
        divider();
        space(Space::xs);
      }
      if (draw_menu_item(state, state.derived(key, items[index].key), items[index])) {
        chosen = static_cast<int>(index);
      }
    }
    state.heights[state.derived(key, "height")] = state.layout().cursor.y - top;
    state.end_node();
  });
  if (chosen >= 0) {
    open = false;
    state.platform.request_frame();
  }
  return chosen;
}

// ---- toasts -------------------------------------------------------------------------------------------------------

void Ui::toast(Toast toast) {
  UiState& state = *state_;
  constexpr std::size_t toast_limit = 8;  // warnings that wait
  // Good news gives way to newer news; a warning stays until it was to be read. What then succeeds has answered it.
  std::erase_if(state.toasts, [&](const ActiveToast& each) {
    const bool is_warning = each.toast.tone == Tone::danger || each.toast.tone == Tone::warning;
    const bool is_success = toast.tone == Tone::success || toast.action;  // what can be taken back was done
    const bool is_answered = is_success && each.ends_us != 0 && !each.toast.everywhere;
    return !is_warning || is_answered;
  });
  if (state.toasts.size() >= toast_limit) {
    state.toasts.pop_front();
  }
  state.toasts.push_back({.toast = std::move(toast), .ends_us = 0, .number = ++state.toast_count, .said_in_frame = state.frame_number, .page = {}});
  state.platform.request_frame();
}

namespace {

// What a toast must not stand over. Rows of lists and cards that can be pressed are too large and too many to be kept free.
bool is_in_the_way(const SemanticNode& node, bool fields_too) {
  const bool is_field = node.role == Role::text_box || node.role == Role::combo_box;
  const bool is_large = node.role == Role::row || node.rectangle.height > Metrics::touch_target + pixels(Space::s);
  return node.role == Role::heading || (node.interactive && !node.disabled && !is_large && (fields_too || !is_field));
}

bool covers_something(const UiState& state, const Rectangle& box, bool fields_too) {
  return std::ranges::any_of(state.tree.nodes, [&](const SemanticNode& node) {
    const Rectangle seen = intersection(intersection(node.rectangle, node.clip), box);
    return is_in_the_way(node, fields_too) && seen.width > 0 && seen.height > 0;
  });
}

// The lowest place below the bar where it covers nothing to press and no heading. In a form of a phone there is none: then one
// where it covers a field at most, which comes back into view when one types; else the usual one.
float free_top(const UiState& state, const Rectangle& box) {
  constexpr float step = 8;
  for (const bool fields_too : {true, false}) {
    for (Rectangle place = box; place.top > Metrics::bar_height; place.top -= step) {
      if (!covers_something(state, place, fields_too)) {
        return place.top;
      }
    }
  }
  return box.top;
}

}  // namespace

void UiState::draw_toasts(Ui& ui) {
  // What was said while a page was being left belongs to the page that comes; it goes with that one.
  std::erase_if(toasts, [&](ActiveToast& each) {
    if (!each.page && frame_number > each.said_in_frame) {
      each.page = page;
    }
    return !each.toast.everywhere && each.page && *each.page != page;
  });
  if (toasts.empty()) {
    return;
  }
  ActiveToast& active = toasts.front();
  const std::int64_t now = platform.monotonic_us();
  if (active.ends_us == 0) {
    active.ends_us = now + static_cast<std::int64_t>(active.toast.seconds * 1e6);
  }
  if (now >= active.ends_us) {
    toasts.pop_front();
    animating = true;
    return;
  }
  // In every frame anew: the platform remembers only the earliest wish, and that may have been somebody else's.
  platform.request_frame_after(static_cast<double>(active.ends_us - now) / 1e3 + 1);
  const Rectangle seen = ui.visible_screen();
  const bool has_bottom_bar = ui.width_class() != WidthClass::landscape;
  const float padding = pixels(Space::l);
  const float action_width = active.toast.action_label.empty() ? 0 : painter->measure(active.toast.action_label, TextStyle::body_strong) + 2 * padding;
  const float widest = std::min(560.0F, seen.width - 2 * padding);
  const GlyphText letters(TextStyle::body, scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  break_lines(active.toast.message, (widest - 2 * padding - action_width) * scale, 4, advance, lines);
  float words_width = 0;
  for (const TextLine& line : lines) {
    words_width = std::max(words_width, line.width / scale);
  }
  const float line_height = Theme::text_style(TextStyle::body).line_height;
  const float height = std::max(52.0F, line_height * static_cast<float>(lines.size()) + 2 * padding);
  const float width = std::max(200.0F, words_width + 2 * padding + action_width);
  const float bottom = has_bottom_bar ? Metrics::bar_height + pixels(Space::m) : pixels(Space::xl);
  // A sheet at the lower edge must stay readable: while one is open, toasts come from above.
  const float top_edge = layers.empty() ? seen.top + seen.height - height - bottom : seen.top + pixels(Space::l);
  Rectangle box{seen.left + (seen.width - width) / 2, top_edge, width, height};
  if (layers.empty()) {
    const Rectangle kept{box.left, active.top, width, height};
    active.top = active.top > Metrics::bar_height && active.top <= top_edge && !covers_something(*this, kept, false) ? active.top : free_top(*this, box);
    box.top = active.top;
  }

  // No layer: what is below stays usable. Only the toast's own rectangle takes the pointer.
  const std::vector<TextLine> broken = lines;
  const std::optional<Painter> kept = painter;
  const int kept_layer = layer;
  layer = top_blocking_layer();
  begin_layer_window(*this, 1000, box);
  ImGui::GetWindowDrawList()->PushClipRectFullScreen();  // the shadow lies outside, where it must not catch a tap
  painter.emplace(ImGui::GetWindowDrawList(), *theme, scale);
  clips.push_back(box);
  Painter& paint_here = *painter;
  paint_here.shadow(box, Metrics::radius_card, 10);
  paint_here.fill(box, ColorToken::inverse, Metrics::radius_card);
  float top = box.top + (height - line_height * static_cast<float>(broken.size())) / 2;
  for (const TextLine& line : broken) {
    letters.draw(paint_here.draw_list(), paint_here.device(box.left + padding), paint_here.snapped(top), paint_here.packed(ColorToken::on_inverse),
                 std::string_view(active.toast.message).substr(line.begin, line.end - line.begin));
    top += line_height;
  }
  const Role role = active.toast.tone == Tone::danger || active.toast.tone == Tone::warning ? Role::alert : Role::status;
  const Key key = derived(0, "toast") + static_cast<Key>(active.number);
  add_words(key, role, active.toast.message, box);
  bool done = false;
  if (action_width > 0) {
    SemanticNode node;
    node.role = Role::button;
    node.name = active.toast.action_label;
    const Rectangle place{box.left + box.width - action_width, box.top + (height - Metrics::touch_target) / 2, action_width - 4, Metrics::touch_target};
    const Interaction interaction = control(derived(key, "action"), std::move(node), place, false);
    paint_here.text_centered(place, active.toast.action_label, TextStyle::body_strong, ColorToken::inverse_accent);
    draw_focus_ring(interaction, inset(place, 4), Metrics::radius_control);
    done = interaction.pressed;
  }
  // It may stand over what somebody wants to press: a tap upon its words sends it away.
  const bool tapped_away = !done && !pointer.captured && ImGui::IsMouseReleased(0) && ImGui::IsMousePosValid() &&
                           contains_point(box, pointer.start) && contains_point(box, pointer.position);
  clips.pop_back();
  ImGui::GetWindowDrawList()->PopClipRect();
  ImGui::End();
  painter = kept;
  layer = kept_layer;
  if (tapped_away) {
    toasts.pop_front();
    animating = true;
  } else if (done) {
    const std::function<void()> action = std::move(active.toast.action);
    toasts.pop_front();
    animating = true;
    if (action) {
      action();
    }
  }
}

}  // namespace kehubu
