#include "app/widgets/ui_state.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/glyph_text.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {
constexpr float same_size = 0.25F;  // CSS pixels; smaller differences are rounding
}

bool contains_point(const Rectangle& rectangle, Point point) {
  return point.x >= rectangle.left && point.x < rectangle.left + rectangle.width && point.y >= rectangle.top &&
         point.y < rectangle.top + rectangle.height;
}

Rectangle intersection(const Rectangle& a, const Rectangle& b) {
  const float left = std::max(a.left, b.left);
  const float top = std::max(a.top, b.top);
  const float right = std::min(a.left + a.width, b.left + b.width);
  const float bottom = std::min(a.top + a.height, b.top + b.height);
  return {left, top, std::max(0.0F, right - left), std::max(0.0F, bottom - top)};
}

Rectangle inset(const Rectangle& rectangle, float by) {
  return {rectangle.left + by, rectangle.top + by, rectangle.width - 2 * by, rectangle.height - 2 * by};
}

std::string_view first_symbol(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  std::string_view rest = text;
  (void)next_symbol(rest);
  return text.substr(0, text.size() - rest.size());
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const std::string_view part : parts) {
    if (part.empty()) {
      continue;
    }
    if (!result.empty()) {
      result += ", ";
    }
    result += part;
  }
  return result;
}

// ---- keys ---------------------------------------------------------------------------------------------------------

Key UiState::key_of(std::string_view key) const { return ImHashData(key.data(), key.size(), keys.back()); }
Key UiState::key_of(std::int64_t key) const { return ImHashData(&key, sizeof(key), keys.back()); }
Key UiState::derived(Key key, std::string_view part) { return ImHashData(part.data(), part.size(), key); }

// ---- layout -------------------------------------------------------------------------------------------------------

float UiState::rest_width() const {
  const Layout& present = layouts.back();
  if (present.kind == Layout::Kind::column) {
    return present.box.width;
  }
  const float gap = present.first ? 0 : present.gap;
  return std::max(0.0F, present.box.width - used_of_line(present) - gap);
}

// A line at the end or in the middle begins where the frame before let it begin: the room is what its widgets have not
// taken, wherever they stand. Measured from the cursor, a label that grows would be squeezed into its old width for ever.
float UiState::used_of_line(const Layout& row) const {
  if (row.kind != Layout::Kind::row || row.align == Align::start) {
    return row.cursor.x - row.box.left;
  }
  const auto memory = rows.find(row.key);
  return memory == rows.end() || row.line >= memory->second.growing.size() ? 0 : memory->second.growing[row.line].width;
}

float UiState::widest() const {
  const Layout& present = layouts.back();
  constexpr float endless = 1e5F;
  const bool fixed_line = present.kind == Layout::Kind::row && !present.wrap;
  return present.kind == Layout::Kind::scroll_row ? endless : fixed_line ? rest_width() : present.box.width;
}

namespace {

// Lines of a row stand where the frame before says that they are wide and high.
void begin_line(Layout& row, const RowMemory& memory) {
  float offset = 0;
  if (row.line < memory.lines.size() && row.align != Align::start) {
    const float slack = row.box.width - memory.lines[row.line].width;
    offset = std::max(0.0F, row.align == Align::center ? slack / 2 : slack);
  }
  row.cursor.x = row.box.left + offset;
  row.first = true;
  row.line_height = 0;
}

Rectangle place_in_row(Layout& row, RowMemory& memory, float width, float height) {
  const float gap = row.first ? 0 : row.gap;
  // By what the line holds, not by where it begins: that is remembered, perhaps of a line with other things in it.
  const float held = row.line < memory.growing.size() ? memory.growing[row.line].width : 0;
  if (row.kind == Layout::Kind::row && row.wrap && !row.first && held + gap + width > row.box.width + same_size) {
    row.cursor.y += row.line_height + row.gap;
    ++row.line;
    begin_line(row, memory);
    return place_in_row(row, memory, width, height);
  }
  if (memory.growing.size() <= row.line) {
    memory.growing.resize(row.line + 1);
  }
  float down = 0;
  if (row.line < memory.lines.size() && row.cross != Align::start) {
    const float slack = memory.lines[row.line].height - height;
    down = std::max(0.0F, row.cross == Align::center ? slack / 2 : slack);
  }
  const Rectangle placed{row.cursor.x + gap, row.cursor.y + down, width, height};
  row.cursor.x = placed.left + width;
  row.first = false;
  row.line_height = std::max(row.line_height, height);
  RowMemory::Line& line = memory.growing[row.line];
  line.width += gap + width;
  line.height = std::max(line.height, height);
  row.used_width = std::max(row.used_width, placed.left + width - row.box.left);
  row.used_height = std::max(row.used_height, row.cursor.y + row.line_height - row.box.top);
  return placed;
}

}  // namespace

Rectangle UiState::place(float width, float height, bool is_list_row) {
  Layout& present = layout();
  const bool tight = is_list_row && present.after_list_row;
  present.after_list_row = is_list_row;
  Rectangle placed;
  if (present.kind != Layout::Kind::column) {
    placed = place_in_row(present, rows[present.key], width, height);
  } else {
    present.cursor.y += present.first ? 0 : tight ? std::min(present.gap, Metrics::touch_gap) : present.gap;
    placed = {present.cursor.x, present.cursor.y, width, height};
    present.cursor.y += height;
    present.first = false;
    present.used_width = std::max(present.used_width, width);
    present.used_height = present.cursor.y - present.box.top;
  }
  last_rectangle = placed;
  return placed;
}

Rectangle UiState::begin_block(float width) {
  Layout& present = layout();
  if (present.kind == Layout::Kind::column) {
    const float gap = present.first ? 0 : present.gap;
    return {present.cursor.x, present.cursor.y + gap, width, 0};
  }
  // In a row a block is placed with the height that it had in the frame before.
  const Key key = derived(present.key, "block") + static_cast<Key>(present.cursor.x * 7) + static_cast<Key>(present.line * 131);
  Rectangle placed = place(width, remembered(key, 0));
  keys.push_back(key);
  return placed;
}

void UiState::end_block(const Rectangle& begun, float height) {
  Layout& present = layout();
  if (present.kind == Layout::Kind::column) {
    (void)place(begun.width, height);
  } else {
    remember(keys.back(), height);
    keys.pop_back();
    last_rectangle = {begun.left, begun.top, begun.width, height};
  }
}

void UiState::push_column(const Rectangle& box, float gap, float lower_edge) {
  Layout column;
  column.box = box;
  column.cursor = {box.left, box.top};
  column.gap = gap;
  column.lower_edge = lower_edge;
  layouts.push_back(column);
}

float UiState::pop_column() {
  const float used = layout().used_height;
  layouts.pop_back();
  return used;
}

float UiState::remembered(Key key, float fallback) {
  const auto found = heights.find(key);
  return found == heights.end() ? fallback : found->second;
}

void UiState::remember(Key key, float height) {
  const auto [entry, inserted] = heights.try_emplace(key, height);
  if (inserted || std::abs(entry->second - height) > same_size) {
    unsettled = true;
    entry->second = height;
  }
}

// ---- clip ---------------------------------------------------------------------------------------------------------

void UiState::push_clip(const Rectangle& rectangle) {
  clips.push_back(intersection(clips.back(), rectangle));
  paint().push_clip(clips.back());
}

void UiState::pop_clip() {
  paint().pop_clip();
  clips.pop_back();
}

bool UiState::visible(const Rectangle& rectangle) const {
  const Rectangle& seen = clips.back();
  return rectangle.left < seen.left + seen.width && rectangle.left + rectangle.width > seen.left &&
         rectangle.top < seen.top + seen.height && rectangle.top + rectangle.height > seen.top;
}

// ---- semantics ----------------------------------------------------------------------------------------------------

NodeId UiState::node_id(Key key, Role role) { return ((static_cast<NodeId>(role) + 1) << 32) | key; }

NodeId UiState::add_node(SemanticNode node) {
  node.parent = parents.back();
  node.clip = clips.back();
  node.layer = static_cast<std::int8_t>(layer);
  if (node.id == reveal && reveal != 0) {
    reveal_in_scrolls(node.rectangle);
  }
  tree.nodes.push_back(std::move(node));
  return tree.nodes.back().id;
}

NodeId UiState::begin_node(SemanticNode node) {
  const NodeId id = add_node(std::move(node));
  parents.push_back(id);
  return id;
}

void UiState::add_words(Key key, Role role, std::string_view words, const Rectangle& rectangle) {
  if (words.empty()) {
    return;
  }
  SemanticNode node;
  node.id = node_id(key, role);
  node.role = role;
  node.name = words;
  node.rectangle = rectangle;
  add_node(std::move(node));
}

bool UiState::take_event(NodeId node, SemanticEvent::Kind kind, std::string* text) {
  const auto found = std::find_if(frame_events.begin(), frame_events.end(),
                                  [&](const SemanticEvent& event) { return event.node == node && event.kind == kind; });
  if (found == frame_events.end()) {
    return false;
  }
  if (text != nullptr) {
    *text = std::move(found->text);
  }
  frame_events.erase(found);
  return true;
}

// ---- controls -----------------------------------------------------------------------------------------------------

Interaction UiState::control(Key key, SemanticNode node, const Rectangle& rectangle, bool is_disabled) {
  Interaction result;
  result.id = key;
  const bool dead = is_disabled || disabled_depth > 0;
  node.id = node_id(key, node.role);
  node.rectangle = rectangle;
  node.interactive = true;
  node.disabled = dead;
  IM_ASSERT(!node.name.empty() && "every control needs a name: screen readers and tests find it by that");
  if (wanted_focus == key) {
    node.request_focus = true;
    drawn_wanted_focus = key;
    reveal = node.id;
  }
  result.node = add_node(std::move(node));
  result.focused = focused == result.node;
  last_rectangle = rectangle;

  const ImRect box(ImFloor(paint().device(rectangle.left)), ImFloor(paint().device(rectangle.top)),
                   ImCeil(paint().device(rectangle.left + rectangle.width)), ImCeil(paint().device(rectangle.top + rectangle.height)));
  const bool shown = ImGui::ItemAdd(box, key, nullptr, dead ? static_cast<ImGuiItemFlags>(ImGuiItemFlags_Disabled) : 0);
  if (dead) {
    return result;
  }
  if ((shown || ImGui::GetActiveID() == key) && !pointer.captured && layer >= top_blocking_layer()) {
    bool hovered = false;
    bool held = false;
    // A tap means what was under it when it came down, even if that moves away meanwhile: the tap ends the editing of a
    // field, and the hint below that field comes or goes. Who wanders off and lets go elsewhere has changed his mind.
    const int release = pointer.wandered ? ImGuiButtonFlags_PressedOnClickRelease : ImGuiButtonFlags_PressedOnClickReleaseAnywhere;
    result.pressed = ImGui::ButtonBehavior(box, key, &hovered, &held, ImGuiButtonFlags_NoNavFocus | release);
    result.held = held;
    result.hovered = hovered && !pointer.touch;
  }
  if (take_event(result.node, SemanticEvent::Kind::activate)) {
    result.pressed = true;
  }
  // What a press changes is drawn before anybody sees or presses anything else: a menu that closes must not catch the next tap.
  unsettled = unsettled || result.pressed;
  return result;
}

void UiState::draw_focus_ring(const Interaction& interaction, const Rectangle& rectangle, float radius) {
  if (!interaction.focused || !focus_from_keyboard) {
    return;
  }
  constexpr float distance = 2;
  constexpr float thickness = 2;
  paint().outline(inset(rectangle, -distance), ColorToken::focus_ring, thickness, radius + distance);
}

void UiState::draw_press_tint(const Interaction& interaction, const Rectangle& rectangle, float radius, int corners) {
  if (interaction.held) {
    paint().fill(rectangle, ColorToken::pressed, radius, corners);
  } else if (interaction.hovered) {
    paint().fill(rectangle, ColorToken::hover, radius, corners);
  }
}

float UiState::animate(Key key, float target, float milliseconds) {
  const auto [entry, inserted] = animations.try_emplace(key, Animation{target, frame_number});
  Animation& animation = entry->second;
  const bool forgotten = frame_number - animation.frame > 1;
  if (inserted || forgotten || platform.preferences().reduced_motion) {
    animation.value = target;
  }
  animation.frame = frame_number;
  const float step = ImGui::GetIO().DeltaTime * 1000 / milliseconds;
  if (animation.value < target) {
    animation.value = std::min(target, animation.value + step);
  } else if (animation.value > target) {
    animation.value = std::max(target, animation.value - step);
  }
  animating = animating || animation.value != target;
  return animation.value;
}

}  // namespace kehubu
