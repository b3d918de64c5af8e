// Choosing: one of a list (combo), one of thousands (lookup), any number (multi_choice), and the command palette.
#include <algorithm>

#include "app/widgets/field_frame.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"

namespace kehubu {

namespace {

constexpr float option_height = 48;
constexpr float tall_option_height = 60;
constexpr float field_padding = 12;
constexpr std::size_t palette_limit = 50;

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return result;
}

bool matches(const Option& choice, std::string_view query) {
  const std::string wanted = lowered(query);
  return wanted.empty() || lowered(choice.label).find(wanted) != std::string::npos ||
         lowered(choice.detail).find(wanted) != std::string::npos || lowered(choice.search).find(wanted) != std::string::npos;
}

// Enter takes what is left when exactly one is; of several nobody has said which.
bool takes_only(const FieldResult& typed, std::string_view query, std::ptrdiff_t left) { return typed.submitted && !query.empty() && left == 1; }

bool draw_option(UiState& state, Key key, const Option& choice, bool is_selected, bool is_cursor, Icon icon = Icon::none) {
  const float height = choice.detail.empty() ? option_height : tall_option_height;
  const Rectangle box = state.place_rest(height);
  SemanticNode node;
  node.role = Role::option;
  node.name = choice.detail.empty() ? choice.label : joined({choice.label, choice.detail});
  node.selected = is_selected;
  const Interaction interaction = state.control(key, std::move(node), box, choice.disabled);
  if (!state.visible(box)) {
    return interaction.pressed;
  }
  Painter& painter = state.paint();
  if (is_selected || is_cursor) {
    painter.fill(box, is_cursor ? ColorToken::selected : ColorToken::accent_soft, Metrics::radius_control);
  }
  state.draw_press_tint(interaction, box, Metrics::radius_control);
  state.draw_focus_ring(interaction, inset(box, 2), Metrics::radius_control);
  float left = box.left + field_padding;
  if (icon != Icon::none) {
    painter.icon({left, box.top + (box.height - Metrics::icon) / 2}, icon, ColorToken::accent);
    left += Metrics::icon + pixels(Space::s);
  }
  const float room = box.left + box.width - left - field_padding - (is_selected ? Metrics::icon + 4 : 0);
  const float line = Theme::text_style(TextStyle::body).line_height;
  const float words = choice.detail.empty() ? line : line + Theme::text_style(TextStyle::caption).line_height;
  const float top = box.top + (height - words) / 2;
  const ColorToken color = choice.disabled ? ColorToken::text_disabled : is_selected || icon != Icon::none ? ColorToken::accent : ColorToken::text;
  painter.text({left, top}, choice.label, TextStyle::body, color, room);
  if (!choice.detail.empty()) {
    painter.text({left, top + line}, choice.detail, TextStyle::caption, ColorToken::text_muted, room);
  }
  if (is_selected) {
    painter.icon({box.left + box.width - field_padding - Metrics::icon, box.top + (height - Metrics::icon) / 2}, Icon::check, ColorToken::accent);
  }
  return interaction.pressed;
}

struct ListBox {
  UiState& state;
  Key key;
  float top;
};

ListBox begin_list_box(UiState& state, std::string_view name) {
  const Key key = state.key_of("options");
  SemanticNode node;
  node.id = state.node_id(key, Role::list_box);
  node.role = Role::list_box;
  node.name = name;
  const Layout& column = state.layout();
  node.rectangle = {column.cursor.x, column.cursor.y, column.box.width, state.remembered(key, 1)};
  state.begin_node(std::move(node));
  return {state, key, column.cursor.y};
}

void end_list_box(const ListBox& box) {
  box.state.heights[box.key] = std::max(1.0F, box.state.layout().cursor.y - box.top);
  box.state.end_node();
}

// The closed field: its label, the chosen words, a chevron. True when it was pressed.
struct ClosedField {
  bool pressed = false;
  bool cleared = false;
};

ClosedField draw_closed(Ui& ui, Key key, const FieldOptions& field, std::string_view shown, bool expanded, bool clearable) {
  UiState& state = ui.state();
  FieldFrame frame(state, field);
  const Rectangle box = frame.place_box(Metrics::field_height);
  const bool has_clear = clearable && !shown.empty() && !field.disabled;
  const float clear_room = has_clear ? Metrics::touch_target : 0;
  SemanticNode node;
  node.role = Role::combo_box;
  node.name = frame.name();
  node.value = shown;
  node.description = frame.description();
  node.required = field.required;
  node.invalid = !field.error.empty();
  node.has_popup = true;
  node.expanded = expanded ? 1 : 0;
  const Interaction interaction = state.control(key, std::move(node), {box.left, box.top, box.width - clear_room, box.height}, field.disabled);
  ClosedField result{interaction.pressed, false};
  if (state.visible(box)) {
    frame.draw_box(box, interaction.hovered, expanded || interaction.held);
    Painter& painter = state.paint();
    const float line = Theme::text_style(TextStyle::input).line_height;
    const float room = box.width - 2 * field_padding - Metrics::icon - clear_room;
    const ColorToken color = field.disabled ? ColorToken::text_disabled : shown.empty() ? ColorToken::text_muted : ColorToken::text;
    const std::string_view words = shown.empty() ? (field.placeholder.empty() ? state.word("请选择", "Choose") : field.placeholder) : shown;
    painter.text({box.left + field_padding, box.top + (box.height - line) / 2}, words, TextStyle::input, color, room);
    painter.icon({box.left + box.width - field_padding - Metrics::icon - clear_room, box.top + (box.height - Metrics::icon) / 2},
                 Icon::chevron_down, ColorToken::text_muted);
    state.draw_focus_ring(interaction, box, Metrics::radius_control);
  }
  if (has_clear) {
    state.push_column({box.left + box.width - clear_room - 2, box.top + 2, clear_room, 0}, 0, 0);
    state.keys.push_back(key);
    const std::string name = std::string(state.word("清除", "Clear")) + " " + frame.name();
    result.cleared = ui.icon_button("clear", Icon::close, name);
    state.keys.pop_back();
    state.pop_column();
  }
  frame.finish();
  state.last_rectangle = box;
  return result;
}

}  // namespace

bool Ui::combo(std::string_view name_key, std::string& value, std::span<const Option> choices, const ComboOptions& options) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  PickerState& memory = state.pickers[key];
  const auto present = std::find_if(choices.begin(), choices.end(), [&](const Option& each) { return each.key == value; });
  const std::string_view shown = present == choices.end() ? std::string_view(value) : std::string_view(present->label);
  const ClosedField closed = draw_closed(*this, key, options.field, shown, memory.open, options.clearable);
  if (closed.cleared) {
    value.clear();
    return true;
  }
  if (closed.pressed) {
    memory.open = true;
    memory.query.clear();
    state.platform.request_frame();
  }
  bool changed = false;
  const std::string_view name = options.field.label.empty() ? options.field.placeholder : options.field.label;
  state.keys.push_back(key);
  popover("popup", memory.open, name.empty() ? state.word("选项", "Options") : name, std::max(state.last_rectangle.width, 240.0F), [&] {
    bool entered = false;
    if (static_cast<int>(choices.size()) >= options.search_from) {
      const FieldResult typed = search_field("query", memory.query, {.field = {.label = state.word("搜索选项", "Search options"), .placeholder = state.word("搜索", "Search"), .label_hidden = true}, .request_focus = true, .unless_touched = true});
      entered = takes_only(typed, memory.query, std::ranges::count_if(choices, [&](const Option& choice) { return matches(choice, memory.query) && !choice.disabled; }));
      space(Space::s);
    }
    const ListBox box = begin_list_box(state, name.empty() ? state.word("选项", "Options") : name);
    bool any = false;
    for (const Option& choice : choices) {
      if (!matches(choice, memory.query)) {
        continue;
      }
      any = true;
      if (draw_option(state, state.key_of(choice.key), choice, choice.key == value, false) || (entered && !choice.disabled)) {
        changed = choice.key != value;
        value = choice.key;
        memory.open = false;
      }
    }
    end_list_box(box);
    if (!any) {
      space(Space::s);
      text(state.word("没有符合的选项", "Nothing matches"), {.color = ColorToken::text_muted, .align = Align::center});
    }
  });
  state.keys.pop_back();
  return changed;
}

LookupResult Ui::lookup(std::string_view name_key, std::string& value, std::string& shown, const LookupOptions& options,
                        FunctionRef<std::vector<Option>(std::string_view query)> search) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  PickerState& memory = state.pickers[key];
  LookupResult result;
  const ClosedField closed = draw_closed(*this, key, options.field, shown, memory.open, options.clearable);
  if (closed.cleared) {
    value.clear();
    shown.clear();
    result.changed = true;
    return result;
  }
  if (closed.pressed) {
    memory.open = true;
    memory.searched = false;
    memory.query.clear();
    state.platform.request_frame();
  }
  if (!memory.open) {
    return result;
  }
  const std::string_view name = options.field.label.empty() ? state.word("查找", "Look up") : options.field.label;
  state.keys.push_back(key);
  popover("popup", memory.open, name, std::max(state.last_rectangle.width, 320.0F), [&] {
    const FieldResult typed = search_field("query", memory.query,
        {.field = {.label = state.word("搜索", "Search"), .placeholder = options.search_placeholder, .label_hidden = true}, .request_focus = true});
    if (typed.changed || !memory.searched) {
      memory.found = search(memory.query);
      memory.searched = true;
    }
    space(Space::s);
    const ListBox box = begin_list_box(state, name);
    for (std::size_t index = 0; index < memory.found.size(); ++index) {
      const Option choice = memory.found[index];
      const bool chosen = draw_option(state, state.key_of(choice.key), choice, choice.key == value, false) ||
                          takes_only(typed, memory.query, std::ssize(memory.found));
      if (chosen) {
        result.changed = choice.key != value;
        value = choice.key;
        shown = choice.label;
        memory.open = false;
        break;
      }
    }
    end_list_box(box);
    if (memory.found.empty()) {
      text(state.word("没有找到", "Nothing found"), {.color = ColorToken::text_muted, .align = Align::center});
      space(Space::s);
    }
    if (!options.create_label.empty() &&
        draw_option(state, state.key_of("create"), {.key = "create", .label = std::string(options.create_label) + (memory.query.empty() ? "" : "：" + memory.query)}, false, false, Icon::plus)) {
      result.create = true;
      result.query = memory.query;
      memory.open = false;
    }
  });
  state.keys.pop_back();
  return result;
}

bool Ui::multi_choice(std::string_view name_key, std::vector<std::string>& values, std::span<const Option> choices, const FieldOptions& options) {
  bool changed = false;
  form_field(options, [&] {
    const bool wanted = state_->wanted_focus == state_->key_of(name_key);
    row(name_key, {.gap = Space::s}, [&] {
      if (wanted && !choices.empty()) {
        request_focus(choices.front().key);
      }
      for (const Option& choice : choices) {
        const auto found = std::find(values.begin(), values.end(), choice.key);
        const bool is_selected = found != values.end();
        if (chip(choice.key, choice.label, {.selected = is_selected, .disabled = choice.disabled || options.disabled})) {
          if (is_selected) {
            values.erase(found);
          } else {
            values.push_back(choice.key);
          }
          changed = true;
        }
      }
    });
  });
  return changed;
}

int Ui::palette(std::string_view name_key, bool& open, std::string& query, std::string_view placeholder,
                FunctionRef<std::vector<Option>(std::string_view query)> search) {
  if (!open) {
    return -1;
  }
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  PickerState& memory = state.pickers[key];
  const bool fresh = std::none_of(state.last_layers.begin(), state.last_layers.end(), [&](const Layer& each) { return each.key == key; });
  const Rectangle seen = visible_screen();
  const float width = std::min(620.0F, seen.width - 2 * pixels(Space::l));
  const Rectangle box{seen.left + (seen.width - width) / 2, seen.top + std::min(72.0F, seen.height * 0.08F), width, std::min(480.0F, seen.height * 0.8F)};
  int chosen = -1;
  state.keys.push_back(key);
  UiState::LayerScope scope = state.begin_layer(key, box, true);
  state.paint().shadow(box, Metrics::radius_sheet, 28);
  state.paint().fill(box, ColorToken::surface_raised, Metrics::radius_sheet);
  SemanticNode node;
  node.id = state.node_id(key, Role::dialog);
  node.role = Role::dialog;
  node.name = placeholder;
  node.rectangle = box;
  node.modal = true;
  state.begin_node(std::move(node));
  state.push_column({box.left + pixels(Space::m), box.top + pixels(Space::m), box.width - 2 * pixels(Space::m), 0}, pixels(Space::s), box.top + box.height);
  const FieldResult typed = search_field("query", query, {.field = {.label = placeholder, .placeholder = placeholder, .label_hidden = true}, .request_focus = true});
  if (fresh || typed.changed) {
    memory.found = search(query);
    memory.found.resize(std::min(memory.found.size(), palette_limit));
    memory.cursor = 0;
  }
  const int count = static_cast<int>(memory.found.size());
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) {
    memory.cursor = std::min(memory.cursor + 1, count - 1);
  } else if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) {
    memory.cursor = std::max(memory.cursor - 1, 0);
  }
  const float list_top = state.layout().cursor.y + pixels(Space::s);
  state.pop_column();
  area("results", {box.left, list_top, box.width, box.top + box.height - list_top}, {.has_background = false, .padding = Space::m}, [&] {
    state.layout().gap = 0;
    const ListBox list = begin_list_box(state, placeholder);
    for (int index = 0; index < count; ++index) {
      const Option& choice = memory.found[static_cast<std::size_t>(index)];
      const bool is_cursor = index == memory.cursor;
      if (draw_option(state, state.key_of(choice.key), choice, false, is_cursor) || (typed.submitted && is_cursor)) {
        chosen = index;
      }
    }
    end_list_box(list);
    if (count == 0) {
      text(state.word("没有找到", "Nothing found"), {.color = ColorToken::text_muted, .align = Align::center});
    }
  });
  state.end_node();
  state.end_layer(scope);
  state.keys.pop_back();
  if (chosen >= 0 || scope.outside_pressed || scope.escape || scope.left) {
    open = false;
    state.platform.request_frame();
  }
  return chosen;
}

}  // namespace kehubu
