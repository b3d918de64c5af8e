// Fields that are typed into. The frame is drawn here; the letters, the caret and the input method belong to a real
// <input> or <textarea> that the mirror keeps exactly over `text_area`. While such an element has the focus it shows its
// own text; otherwise it is transparent and the canvas draws the value.
#include <algorithm>
#include <cmath>

#include "app/widgets/field_frame.h"
#include "app/widgets/glyph_text.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

constexpr float field_padding = 12;
constexpr std::size_t most_lines = 14;

struct FieldShape {
  Role role = Role::text_box;
  bool multiline = false;
  std::string_view prefix = {};
};

float text_height(UiState& state, const TextFieldOptions& options, std::string_view value, float width, bool multiline) {
  const float line_height = Theme::text_style(TextStyle::input).line_height;
  if (!multiline) {
    return line_height;
  }
  const GlyphText letters(TextStyle::input, state.scale);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  break_lines(value, width * state.scale, 0, advance, state.lines);
  // It grows with what is typed: scrolling inside a page that scrolls is a misery under a finger.
  const std::size_t lines = std::clamp(state.lines.size(), static_cast<std::size_t>(std::max(1, options.lines)), most_lines);
  return line_height * static_cast<float>(lines);
}

void draw_value(UiState& state, const Rectangle& area, std::string_view value, const TextFieldOptions& options, bool multiline) {
  Painter& painter = state.paint();
  const bool empty = value.empty();
  const std::string_view words = empty ? options.field.placeholder : value;
  const ColorToken color = options.field.disabled ? ColorToken::text_disabled : empty ? ColorToken::text_muted : ColorToken::text;
  const float line_height = Theme::text_style(TextStyle::input).line_height;
  state.push_clip(area);
  if (!multiline) {
    const std::string dots = options.mode == InputMode::password && !empty ? std::string() : std::string(words);
    if (options.mode == InputMode::password && !empty) {
      std::string hidden;
      for (std::string_view rest = value; !rest.empty();) {
        (void)next_symbol(rest);
        hidden += "•";
      }
      painter.text({area.left, area.top}, hidden, TextStyle::input, color);
    } else if (options.align_end && !empty) {
      painter.text({area.left, area.top}, dots, TextStyle::input, color, area.width, Align::end);
    } else {
      // What is typed goes on beyond the edge, where the caret is; words of ours end in dots.
      painter.text({area.left, area.top}, dots, TextStyle::input, color, empty ? area.width : 0);
    }
  } else {
    const GlyphText letters(TextStyle::input, state.scale);
    const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
    break_lines(words, area.width * state.scale, 0, advance, state.lines);
    float top = area.top;
    for (const TextLine& line : state.lines) {
      letters.draw(painter.draw_list(), painter.device(area.left), painter.snapped(top), painter.packed(color),
                   words.substr(line.begin, line.end - line.begin));
      top += line_height;
    }
  }
  state.pop_clip();
}

// What the browser writes for a date is not what people read; the canvas shows 2026-11-24 10:00.
std::string shown_value(const std::string& value, InputMode mode) {
  std::string shown = value;
  if (mode == InputMode::date_time && shown.size() > 10 && shown[10] == 'T') {
    shown[10] = ' ';
  }
  return shown;
}

void take_field_events(UiState& state, NodeId node, std::string& value, FieldResult& result) {
  std::string text;
  std::string draft = value;
  bool has_draft = false;
  for (auto event = state.frame_events.begin(); event != state.frame_events.end();) {
    const bool mine = event->node == node;
    const auto kind = event->kind;
    const bool carries_text = kind == SemanticEvent::Kind::draft || kind == SemanticEvent::Kind::blur || kind == SemanticEvent::Kind::submit;
    if (!mine || (!carries_text && kind != SemanticEvent::Kind::cancel)) {
      ++event;
      continue;
    }
    if (carries_text) {
      if (event->unreadable) {
        state.half_typed[node] = value;
      } else {
        state.half_typed.erase(node);
        draft = std::move(event->text);
        has_draft = true;
      }
      result.submitted = result.submitted || kind == SemanticEvent::Kind::submit;
      result.committed = result.committed || kind != SemanticEvent::Kind::draft;
    } else {
      result.cancelled = true;
    }
    event = state.frame_events.erase(event);
  }
  if (has_draft && draft != value) {
    value = std::move(draft);
    result.changed = true;
  }
  // The browser's field shows another value once the program has put one there.
  if (const auto half = state.half_typed.find(node); half != state.half_typed.end()) {
    result.unreadable = half->second == value;
    if (!result.unreadable) {
      state.half_typed.erase(half);
    }
  }
}

FieldResult draw_field(UiState& state, std::string_view name_key, std::string& value, const TextFieldOptions& options, const FieldShape& shape) {
  FieldOptions field = options.field;
  const Key key = state.key_of(name_key);
  const NodeId node_id = state.node_id(key, shape.role);
  FieldResult result;
  take_field_events(state, node_id, value, result);
  result.focused = state.focused == node_id;
  if (result.unreadable && !result.focused && field.error.empty()) {
    field.error = state.word("日期没有填完整，或没有这一天：仍是原来的", "Not a whole date, or there is no such day: it is still the one before");
  }

  FieldFrame frame(state, field);
  const float icon_room = options.icon == Icon::none ? 0 : Metrics::icon + pixels(Space::s);
  const float prefix_room = shape.prefix.empty() ? 0 : state.paint().measure(shape.prefix, TextStyle::input) + pixels(Space::xs);
  const float suffix_room = options.suffix.empty() ? 0 : state.paint().measure(options.suffix, TextStyle::body) + pixels(Space::s);
  const float text_width = frame.width() - 2 * field_padding - icon_room - prefix_room - suffix_room;
  const float letters_height = text_height(state, options, value, text_width, shape.multiline);
  const float height = std::max(Metrics::field_height, letters_height + 2 * field_padding);
  const Rectangle box = frame.place_box(height);
  const Rectangle area{box.left + field_padding + icon_room + prefix_room, box.top + (height - letters_height) / 2, text_width, letters_height};

  SemanticNode node;
  node.role = shape.role;
  node.name = frame.name();
  node.value = value;
  node.description = frame.description();
  node.required = field.required;
  node.invalid = !field.error.empty();
  node.request_focus = options.request_focus && !(options.unless_touched && state.pointer.touch);
  node.text_field.multiline = shape.multiline;
  node.text_field.input_mode = options.mode;
  node.text_field.placeholder = field.placeholder;
  // The size that the canvas's letters really have: a whole number of device pixels.
  node.text_field.font_size = std::round(Theme::text_style(TextStyle::input).size * state.scale) / state.scale;
  node.text_field.align_end = options.align_end;
  node.text_field.text_area = area;
  node.text_field.draft_seed = value;
  const Interaction interaction = state.control(key, std::move(node), box, field.disabled);

  state.add_words(UiState::derived(key, "suffix"), Role::status, options.suffix_says, {area.left + area.width + pixels(Space::s), box.top, suffix_room, box.height});
  if (state.visible(box)) {
    frame.draw_box(box, interaction.hovered, result.focused);
    Painter& painter = state.paint();
    const float line_height = Theme::text_style(TextStyle::input).line_height;
    painter.icon({box.left + field_padding, box.top + (std::min(height, Metrics::field_height) - Metrics::icon) / 2}, options.icon, ColorToken::text_muted);
    painter.text({box.left + field_padding + icon_room, area.top}, shape.prefix, TextStyle::input, ColorToken::text_muted);
    if (!options.suffix.empty()) {
      painter.text({area.left + area.width + pixels(Space::s), area.top + (line_height - Theme::text_style(TextStyle::body).line_height) / 2},
                   options.suffix, TextStyle::body, ColorToken::text_muted);
    }
    if (!result.focused) {
      draw_value(state, area, shown_value(value, options.mode), options, shape.multiline);
    }
  }
  frame.finish();
  return result;
}

}  // namespace

FieldResult Ui::text_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  return draw_field(*state_, key, value, options, {});
}

FieldResult Ui::text_area(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions tall = options;
  tall.lines = std::max(3, options.lines);
  return draw_field(*state_, key, value, tall, {.multiline = true});
}

FieldResult Ui::search_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions with_icon = options;
  with_icon.icon = Icon::search;
  with_icon.mode = InputMode::search;
  return draw_field(*state_, key, value, with_icon, {.role = Role::search_box});
}

FieldResult Ui::number_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions numeric = options;
  numeric.mode = InputMode::decimal;
  return draw_field(*state_, key, value, numeric, {});
}

FieldResult Ui::money_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions numeric = options;
  numeric.mode = InputMode::decimal;
  return draw_field(*state_, key, value, numeric, {.prefix = "¥"});
}

FieldResult Ui::date_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions dated = options;
  dated.mode = InputMode::date;
  dated.icon = Icon::calendar;
  if (dated.field.placeholder.empty()) {
    dated.field.placeholder = state_->word("年-月-日", "YYYY-MM-DD");
  }
  return draw_field(*state_, key, value, dated, {});
}

FieldResult Ui::date_time_field(std::string_view key, std::string& value, const TextFieldOptions& options) {
  TextFieldOptions dated = options;
  dated.mode = InputMode::date_time;
  dated.icon = Icon::calendar;
  if (dated.field.placeholder.empty()) {
    dated.field.placeholder = state_->word("年-月-日 时:分", "YYYY-MM-DD HH:MM");
  }
  return draw_field(*state_, key, value, dated, {});
}

void Ui::request_focus(std::string_view key) { state_->wanted_focus = state_->key_of(key); }

void Ui::form_field(const FieldOptions& options, Body body) {
  UiState& state = *state_;
  FieldFrame frame(state, options);
  frame.draw_label();
  const Rectangle begun = state.begin_block(frame.width());
  state.push_column(begun, pixels(Space::s), state.layout().lower_edge);
  SemanticNode node;
  node.id = state.node_id(state.key_of(options.label), Role::group);
  node.role = Role::group;
  node.name = frame.name();
  node.description = frame.description();
  node.rectangle = {begun.left, begun.top, begun.width, 1};
  state.begin_node(std::move(node));
  body();
  state.end_node();
  const float height = state.pop_column();
  state.end_block(begun, height);
  frame.finish();
}

}  // namespace kehubu
