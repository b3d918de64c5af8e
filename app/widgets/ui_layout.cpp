// Scopes: areas, rows, grids, cards, groups.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"

namespace kehubu {

namespace {

constexpr float column_gap = 12;
constexpr float card_gap = 12;

SemanticNode named(Key key, Role role, std::string_view name, const Rectangle& rectangle) {
  SemanticNode node;
  node.id = UiState::node_id(key, role);
  node.role = role;
  node.name = name;
  node.rectangle = rectangle;
  return node;
}

}  // namespace

void Ui::area(std::string_view name_key, const Rectangle& place, const AreaOptions& options, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  state.keys.push_back(key);
  const ColorToken ground_before = state.ground;
  if (options.has_background) {
    state.paint().fill(place, options.background, options.radius);
    state.ground = options.background;
  }
  const bool landmark = !options.name.empty();
  if (landmark) {
    state.begin_node(named(key, options.role, options.name, place));
  }
  // What the soft keyboard covers cannot be seen: the area ends above it.
  Rectangle shown = place;
  const Rectangle visible = visible_screen();
  shown.height = std::max(0.0F, std::min(place.top + place.height, std::max(place.top, visible.top + visible.height)) - place.top);
  if (state.viewport.keyboard_height <= 0) {
    shown = place;
  }

  const float padding = pixels(options.padding);
  ScrollMemory& memory = state.scrolls[key];
  const float scroll = options.scrolls ? static_cast<float>(memory.vertical.position()) : 0;
  float width = place.width - 2 * padding;
  float left = place.left + padding;
  if (options.max_width > 0 && width > options.max_width) {
    left += (width - options.max_width) / 2;
    width = options.max_width;
  }
  state.push_clip(shown);
  if (options.scrolls) {
    state.scroll_frames.push_back({key, shown, true, false});
  }
  state.push_column({left, place.top + padding - scroll, width, 0}, column_gap, shown.top + shown.height - padding);
  body();
  state.ground = ground_before;
  const float used = state.pop_column();
  if (options.scrolls) {
    state.scroll_frames.pop_back();
    ScrollMemory& after = state.scrolls[key];
    if (after.vertical.set_sizes(static_cast<double>(used) + 2.0 * static_cast<double>(padding) + static_cast<double>(options.bottom_room), shown.height)) {
      state.unsettled = true;
    }
    state.register_scroll(key, shown, true, false);
    state.draw_scroll_bar(key, after.vertical, shown);
  }
  state.pop_clip();
  if (landmark) {
    state.end_node();
  }
  state.keys.pop_back();
}

void Ui::scroll_area_to_top(std::string_view key) {
  state_->scrolls[state_->key_of(key)].vertical.stop();
  state_->scrolls[state_->key_of(key)].vertical.move_to(0);
}

void Ui::scroll_here() {
  UiState& state = *state_;
  for (auto frame = state.scroll_frames.rbegin(); frame != state.scroll_frames.rend(); ++frame) {
    if (frame->vertical) {
      ScrollAxis& axis = state.scrolls[frame->key].vertical;
      axis.stop();
      axis.move_to(axis.position() + static_cast<double>(state.layout().cursor.y - frame->rectangle.top));
      state.unsettled = true;
      return;
    }
  }
}

void Ui::row(std::string_view name_key, const RowOptions& options, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle begun = state.begin_block(state.rest_width());
  state.keys.push_back(key);
  RowMemory& memory = state.rows[key];
  memory.growing.clear();
  if (std::abs(memory.room - begun.width) > 0.25F) {
    // A line that once held one button would begin so far to the right that a second one never joined it again.
    memory.room = begun.width;
    memory.lines.clear();
  }
  Layout row;
  row.kind = Layout::Kind::row;
  row.box = begun;
  row.cursor = {begun.left, begun.top};
  row.lower_edge = state.layout().lower_edge;
  row.gap = pixels(options.gap);
  row.key = key;
  row.align = options.align;
  row.cross = options.cross;
  row.wrap = options.wrap;
  if (!memory.lines.empty() && options.align != Align::start) {
    const float slack = begun.width - memory.lines[0].width;
    row.cursor.x += std::max(0.0F, options.align == Align::center ? slack / 2 : slack);
  }
  state.layouts.push_back(row);
  body();
  const float height = state.pop_column();
  RowMemory& after = state.rows[key];
  const auto differs = [&] {
    if (after.lines.size() != after.growing.size()) {
      return true;
    }
    for (std::size_t line = 0; line < after.lines.size(); ++line) {
      constexpr float same = 0.25F;
      const bool width_matters = options.align != Align::start;
      if ((width_matters && std::abs(after.lines[line].width - after.growing[line].width) > same) ||
          std::abs(after.lines[line].height - after.growing[line].height) > same) {
        return true;
      }
    }
    return false;
  };
  if (differs()) {
    state.unsettled = true;
    after.lines = after.growing;
  }
  state.keys.pop_back();
  state.end_block(begun, height);
}

void Ui::grid(std::string_view name_key, const GridOptions& options, int count, FunctionRef<void(int cell)> cell) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle begun = state.begin_block(state.rest_width());
  state.keys.push_back(key);
  const float gap = pixels(options.gap);
  const float line_gap = pixels(options.line_gap.value_or(options.gap));
  const int fitting = static_cast<int>((begun.width + gap) / (options.min_column_width + gap));
  const int columns = std::clamp(fitting, 1, std::max(1, std::min(options.max_columns, count)));
  const float width = (begun.width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float lower_edge = state.layout().lower_edge;
  float top = begun.top;
  for (int first = 0; first < count; first += columns) {
    const Key line_key = state.key_of(static_cast<std::int64_t>(first));
    const float common_height = state.remembered(line_key, 0);
    float highest = 0;
    for (int index = first; index < std::min(count, first + columns); ++index) {
      state.keys.push_back(state.key_of(static_cast<std::int64_t>(-1 - index)));
      state.push_column({begun.left + static_cast<float>(index - first) * (width + gap), top, width, 0}, card_gap, lower_edge);
      state.layout().stretch_height = columns > 1 ? common_height : 0;
      cell(index);
      highest = std::max(highest, state.layout().used_height - state.layout().stretched_by);
      state.pop_column();
      state.keys.pop_back();
    }
    state.remember(line_key, highest);
    top += highest + line_gap;
  }
  state.keys.pop_back();
  state.end_block(begun, count > 0 ? top - line_gap - begun.top : 0);
}

void Ui::columns(std::string_view name_key, std::span<const float> weights, float min_width, FunctionRef<void(int column)> column) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle begun = state.begin_block(state.rest_width());
  state.keys.push_back(key);
  const float lower_edge = state.layout().lower_edge;
  float total = 0;
  float least = weights.empty() ? 1 : weights[0];
  for (const float weight : weights) {
    total += weight;
    least = std::min(least, weight);
  }
  const float room = begun.width - column_gap * static_cast<float>(weights.size() - 1);
  const bool stacked = room * least / total < min_width;
  float left = begun.left;
  float top = begun.top;
  float height = 0;
  for (std::size_t index = 0; index < weights.size(); ++index) {
    const float width = stacked ? begun.width : room * weights[index] / total;
    state.keys.push_back(state.key_of(static_cast<std::int64_t>(index)));
    state.push_column({left, top, width, 0}, column_gap, lower_edge);
    column(static_cast<int>(index));
    const float used = state.pop_column();
    state.keys.pop_back();
    if (stacked) {
      top += used > 0 ? used + column_gap : 0;
      height = top - begun.top - column_gap;
    } else {
      left += width + column_gap;
      height = std::max(height, used);
    }
  }
  state.keys.pop_back();
  state.end_block(begun, std::max(0.0F, height));
}

namespace {

// That a row goes on beyond its edge, also where the edge happens to lie between two things: it goes under the ground, and a
// small arrow points there.
void draw_more_beside(UiState& state, const Rectangle& box, float hidden_left, float hidden_right) {
  constexpr float arrow = Metrics::icon_small, veil = arrow + 4, fading = 20, worth_telling = 4;
  const float top = box.top + (box.height - arrow) / 2;
  if (hidden_left > worth_telling) {
    state.paint().fill({box.left, box.top, veil, box.height}, state.ground);
    state.paint().fade({box.left + veil, box.top, fading, box.height}, state.ground, 1, 0);
    state.paint().icon({box.left, top}, Icon::chevron_left, ColorToken::text_muted, arrow);
  }
  if (hidden_right > worth_telling) {
    const float right = box.left + box.width;
    state.paint().fade({right - veil - fading, box.top, fading, box.height}, state.ground, 0, 1);
    state.paint().fill({right - veil, box.top, veil, box.height}, state.ground);
    state.paint().icon({right - arrow, top}, Icon::chevron_right, ColorToken::text_muted, arrow);
  }
}

}  // namespace

void Ui::scroll_row(std::string_view name_key, Space gap, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  state.keys.push_back(key);
  const float height = state.remembered(key, Metrics::touch_target);
  const Rectangle box = state.place_rest(height);
  ScrollMemory& memory = state.scrolls[key];
  RowMemory& sizes = state.rows[key];
  sizes.growing.clear();
  Layout row;
  row.kind = Layout::Kind::scroll_row;
  row.box = {box.left - static_cast<float>(memory.horizontal.position()), box.top, box.width, 0};
  row.cursor = {row.box.left, box.top};
  row.gap = pixels(gap);
  row.key = key;
  row.wrap = false;
  state.push_clip(box);
  state.scroll_frames.push_back({key, box, false, true});
  state.layouts.push_back(row);
  body();
  const float used_width = state.layout().used_width;
  const float used_height = state.pop_column();
  state.scroll_frames.pop_back();
  RowMemory& after = state.rows[key];
  if (after.lines.size() != after.growing.size()) {
    state.unsettled = true;
  }
  after.lines = after.growing;
  state.scrolls[key].horizontal.set_sizes(used_width, box.width);
  state.register_scroll(key, box, false, true);
  const Rectangle seen{box.left, box.top, box.width, used_height};
  if (state.visible(seen)) {
    const auto hidden_left = static_cast<float>(state.scrolls[key].horizontal.position());
    draw_more_beside(state, seen, hidden_left, used_width - box.width - hidden_left);
  }
  state.pop_clip();
  state.remember(key, used_height);
  state.keys.pop_back();
  state.last_rectangle = box;
}

namespace {

// Height of the cell of a grid that is left for a card, or 0.
float stretch_from(UiState& state, float top) {
  const Layout& cell = state.layout();
  return cell.stretch_height > 0 ? std::max(0.0F, cell.box.top + cell.stretch_height - top) : 0;
}

// Draws the frame with the height that the card had in the frame before, then the body upon it. Answers the height.
float card_frame(UiState& state, Key key, const CardOptions& options, const Rectangle& begun, float least_height, Ui::Body body,
                 FunctionRef<void(const Rectangle&)> decorate) {
  const float padding = pixels(options.padding);
  const Rectangle frame{begun.left, begun.top, begun.width, std::max(state.remembered(key, 0), least_height)};
  if (state.visible(frame)) {
    state.paint().fill(frame, options.fill, Metrics::radius_card);
    if (options.outlined) {
      state.paint().outline(frame, ColorToken::border, 1, Metrics::radius_card);
    }
    decorate(frame);
  }
  const float lower_edge = state.layout().lower_edge;
  state.push_column({begun.left + padding, begun.top + padding, begun.width - 2 * padding, 0}, card_gap, lower_edge);
  const ColorToken ground_before = std::exchange(state.ground, options.fill);
  body();
  state.ground = ground_before;
  const float natural = state.pop_column() + 2 * padding;
  state.remember(key, natural);
  return natural;
}

void end_card(UiState& state, const Rectangle& begun, float natural, float least_height) {
  state.keys.pop_back();
  state.end_block(begun, std::max(natural, least_height));
  state.layout().stretched_by += std::max(0.0F, least_height - natural);
}

}  // namespace

void Ui::card(std::string_view name_key, const CardOptions& options, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle begun = state.begin_block(state.rest_width());
  const float stretch = stretch_from(state, begun.top);
  state.keys.push_back(key);
  const bool is_named = !options.name.empty();
  if (is_named) {
    state.begin_node(named(key, Role::group, options.name, {begun.left, begun.top, begun.width, state.remembered(key, 1)}));
  }
  const float natural = card_frame(state, key, options, begun, stretch, body, [](const Rectangle&) {});
  if (is_named) {
    state.end_node();
  }
  end_card(state, begun, natural, stretch);
}

bool Ui::card_button(std::string_view name_key, std::string_view name, const CardOptions& options, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const Rectangle begun = state.begin_block(state.rest_width());
  const float least_height = std::max(stretch_from(state, begun.top), Metrics::touch_target);
  state.keys.push_back(key);
  SemanticNode node;
  node.role = Role::button;
  node.name = name;
  const Rectangle frame{begun.left, begun.top, begun.width, std::max(state.remembered(key, 0), least_height)};
  const Interaction interaction = state.control(key, std::move(node), frame, false);
  // Its words are in its name already.
  const std::size_t nodes_before = state.tree.nodes.size();
  const float natural = card_frame(state, key, options, begun, least_height, body, [&](const Rectangle& drawn) {
    state.draw_press_tint(interaction, drawn, Metrics::radius_card);
    state.draw_focus_ring(interaction, drawn, Metrics::radius_card);
  });
  state.tree.nodes.resize(nodes_before);
  end_card(state, begun, natural, least_height);
  return interaction.pressed;
}

void Ui::group(std::string_view name_key, Role role, std::string_view name, Body body) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  state.keys.push_back(key);
  const Layout& present = state.layout();
  const Rectangle frame{present.cursor.x, present.cursor.y, present.box.width, state.remembered(key, 1)};
  const float before = present.cursor.y;
  state.begin_node(named(key, role, name, frame));
  body();
  state.end_node();
  state.keys.pop_back();
  state.heights[key] = std::max(1.0F, state.layout().cursor.y - before);
}

void Ui::with_key(std::string_view key, Body body) {
  state_->keys.push_back(state_->key_of(key));
  body();
  state_->keys.pop_back();
}

void Ui::with_key(std::int64_t key, Body body) {
  state_->keys.push_back(state_->key_of(key));
  body();
  state_->keys.pop_back();
}

void Ui::indent(Space space, Body body) {
  UiState& state = *state_;
  const float by = pixels(space);
  Rectangle begun = state.begin_block(state.rest_width());
  const Layout outer = state.layout();
  state.push_column({begun.left + by, begun.top, begun.width - by, 0}, outer.gap, outer.lower_edge);
  body();
  const float height = state.pop_column();
  state.end_block(begun, height);
}

void Ui::stack(Space gap, Body body) {
  UiState& state = *state_;
  const Rectangle begun = state.begin_block(state.rest_width());
  state.push_column(begun, pixels(gap), state.layout().lower_edge);
  body();
  const float height = state.pop_column();
  state.end_block(begun, height);
}

void Ui::width_limit(float width, Body body) {
  UiState& state = *state_;
  const Rectangle begun = state.begin_block(std::min(width, state.rest_width()));
  const Layout outer = state.layout();
  state.push_column(begun, outer.kind == Layout::Kind::column ? outer.gap : card_gap, outer.lower_edge);
  body();
  const float height = state.pop_column();
  state.end_block(begun, height);
}

void Ui::disabled(bool is_disabled, Body body) {
  UiState& state = *state_;
  constexpr float dimmed = 0.45F;
  if (is_disabled) {
    ++state.disabled_depth;
    state.paint().set_opacity(dimmed);
  }
  body();
  if (is_disabled && --state.disabled_depth == 0) {
    state.paint().set_opacity(1);
  }
}

void Ui::space(Space space) {
  UiState& state = *state_;
  Layout& present = state.layout();
  if (present.kind == Layout::Kind::column) {
    present.cursor.y += pixels(space);
    present.used_height = present.cursor.y - present.box.top;
  } else {
    present.cursor.x += pixels(space);
  }
}

void Ui::divider() {
  UiState& state = *state_;
  const Rectangle line = state.place_rest(1);
  if (state.visible(line)) {
    state.paint().line({line.left, line.top}, {line.left + line.width, line.top}, ColorToken::border);
  }
}

}  // namespace kehubu
