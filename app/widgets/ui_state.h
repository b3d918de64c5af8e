// UiState: what the widget layer remembers, and the tools its widgets are made of. Only app/widgets includes this.
//
// Coordinates are CSS pixels everywhere; ImGui works in device pixels, and the two meet in Painter and in control().
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/widgets/options.h"
#include "app/widgets/painter.h"
#include "app/widgets/scroll.h"
#include "app/widgets/semantics.h"
#include "app/widgets/text_layout.h"
#include "app/widgets/ui.h"

namespace kehubu {

using Key = std::uint32_t;  // hash of the keys from the root to here; also the ImGui id

// Where widgets are put, one after another.
struct Layout {
  enum class Kind : std::uint8_t { column, row, scroll_row };
  Kind kind = Kind::column;
  Rectangle box;            // left, top and width count; height is unlimited
  float lower_edge = 0;     // of the area, for available_height()
  float gap = 0;
  Point cursor;             // of the next widget
  bool first = true;        // nothing was put yet
  float used_width = 0, used_height = 0;
  bool after_list_row = false;
  bool list_row = false;    // the next list_row() takes the whole box
  float stretch_height = 0; // a card here grows to this height: cells of a grid
  float stretched_by = 0;   // by how much cards have grown
  // Rows:
  Key key = 0;
  Align align = Align::start, cross = Align::center;
  bool wrap = true;
  float line_height = 0;
  std::size_t line = 0;
};

// Sizes of a row's lines in the frame before.
struct RowMemory {
  struct Line {
    float width = 0, height = 0;
  };
  std::vector<Line> lines, growing;
  float room = 0;   // that the row had then: in another, its lines break anew
};

struct ScrollMemory {
  ScrollAxis vertical, horizontal;
  std::int64_t last_scroll_to = -1;
  std::int64_t focus_row = -1;          // of lists: the row that the keyboard is on
  std::int64_t wanted_focus_row = -1;   // moves there when it is drawn
};

// A part of the screen that scrolled in this frame, to be matched with the pointer at the start of the next.
struct ScrollRegion {
  Key key = 0;
  Rectangle rectangle;
  int layer = 0;
  bool vertical = true, horizontal = false;
};

// A list of choices that is open, and what was typed into its search field.
struct PickerState {
  bool open = false;
  bool searched = false;
  std::string query;
  std::vector<Option> found;
  int cursor = 0;
};

struct Interaction {
  Key id = 0;
  NodeId node = 0;
  bool hovered = false, held = false, pressed = false, focused = false;
};

// The virtual list that is being drawn, and the row it is at.
struct ListContext {
  Key key = 0;
  std::int64_t row = 0, first = 0, end = 0;
};

// One dialog, sheet, menu or popover that is open in this frame.
struct Layer {
  Key key = 0;
  bool blocks = true;
};

struct Animation {
  float value = 0;
  std::uint64_t frame = 0;
};

struct ActiveToast {
  Toast toast;
  std::int64_t ends_us = 0;
  std::uint64_t number = 0;
  std::uint64_t said_in_frame = 0;
  std::optional<std::int64_t> page;   // where it was first seen
  float top = -1;                     // where it stands, as long as that covers no button
};

struct UiState {
  UiState(Platform& platform_, SemanticMirror& mirror_) : platform(platform_), mirror(mirror_) {}

  Platform& platform;
  SemanticMirror& mirror;
  const Theme* theme = &Theme::get(ThemeName::light);
  bool chinese = true;

  // ---- the frame ----
  std::uint64_t frame_number = 0;
  float scale = 1;
  Viewport viewport;
  bool unsettled = false;
  bool made_again = false;  // this frame, at once, because the one before was unsettled: no event came between
  bool animating = false;
  double now_seconds = 0;
  std::optional<Painter> painter;   // of the window that is being drawn into

  // ---- keys, layout, clip ----
  std::vector<Key> keys{0};
  std::vector<Layout> layouts;
  std::vector<Rectangle> clips;
  int disabled_depth = 0;
  ColorToken ground = ColorToken::page;  // behind what is being drawn
  Rectangle last_rectangle;         // of the widget drawn last: where a menu opens
  std::unordered_map<Key, float> heights;
  std::unordered_map<Key, RowMemory> rows;
  std::unordered_map<Key, ScrollMemory> scrolls;
  std::unordered_map<Key, Animation> animations;
  std::unordered_map<Key, PickerState> pickers;

  // ---- semantics ----
  SemanticTree tree;
  std::vector<NodeId> parents{0};
  std::deque<SemanticEvent> events;         // came in since the last frame
  std::unordered_map<NodeId, std::string> half_typed;  // fields in which no date stands, or not yet; with the value that they keep meanwhile
  std::vector<SemanticEvent> frame_events;  // of this frame, until a widget takes them
  NodeId focused = 0;
  bool focus_from_keyboard = false;
  NodeId reveal = 0;                        // comes into view when it is drawn
  Key wanted_focus = 0;
  Key drawn_wanted_focus = 0;
  Key focused_list = 0;
  ListContext* list_context = nullptr;

  // ---- layers ----
  std::vector<Layer> layers, last_layers;
  std::vector<Key> left_open;       // that stood over a page when it was left
  int layer = 0;                    // being drawn: 0 page, 1 first dialog …
  int drawn_layers = 0;             // depth reached so far in this frame
  bool escape_pressed = false;

  // ---- pointer and scrolling ----
  std::vector<ScrollRegion> regions, last_regions;
  struct Pointer {
    bool down = false;
    bool touch = false;
    bool captured = false;          // pans or drags a scroll bar: widgets do not see it
    bool wandered = false;          // further than a tap may, since it came down
    Point start, position;
    Key panned = 0;
    bool pans_vertically = true;
    Key scroll_bar = 0;
    double scroll_bar_grip = 0;
    double down_since = 0;          // seconds
    bool held_due = false;          // the frame before found that it had rested long enough
    bool held_long = false;         // the finger has rested upon something that can be held
    bool swipes = false;            // a finger moves across where nothing scrolls that way
  } pointer;

  // ---- held, dragged, swiped ----
  struct HoldTarget {
    Key key = 0;
    Rectangle rectangle;
    int layer = 0;
    bool draggable = false;
  };
  std::vector<HoldTarget> hold_targets, last_hold_targets;
  struct Drag {
    Key source = 0;                 // 0: nothing is dragged
    bool moved = false, dropped = false;
    std::string label;
  } drag;
  Key menu_of = 0;                  // whose menu was asked for in this frame, by the pointer
  Rectangle menu_place;
  int swipe = 0;                    // of this frame
  std::int64_t page = 0;

  std::deque<ActiveToast> toasts;
  std::uint64_t toast_count = 0;

  std::vector<TextLine> lines;      // scratch

  // ---- tools (ui_state.cpp) ----
  [[nodiscard]] Painter& paint() { return *painter; }
  [[nodiscard]] Layout& layout() { return layouts.back(); }
  [[nodiscard]] Key key_of(std::string_view key) const;
  [[nodiscard]] Key key_of(std::int64_t key) const;
  [[nodiscard]] static Key derived(Key key, std::string_view part);
  [[nodiscard]] std::string_view word(std::string_view zh, std::string_view en) const { return chinese ? zh : en; }

  // Puts a widget of this size; the answer is its rectangle. place_rest(): as wide as what is left of the line.
  // Rows of a list that follow each other stand closer together than other widgets.
  Rectangle place(float width, float height, bool is_list_row = false);
  Rectangle place_rest(float height) { return place(rest_width(), height); }
  [[nodiscard]] float rest_width() const;
  [[nodiscard]] float used_of_line(const Layout& row) const;
  // As wide as a widget may be at most: a row wraps before it squeezes, and a scrolling row has no end.
  [[nodiscard]] float widest() const;
  // For containers whose height is only known afterwards: where it begins; then how high it became.
  Rectangle begin_block(float width);
  void end_block(const Rectangle& begun, float height);
  void push_column(const Rectangle& box, float gap, float lower_edge);
  // Height that the column used.
  float pop_column();
  // Remembers a size; a change makes the frame unsettled. Answers the remembered one.
  float remembered(Key key, float fallback);
  void remember(Key key, float height);

  void push_clip(const Rectangle& rectangle);
  void pop_clip();
  [[nodiscard]] Rectangle clip() const { return clips.back(); }
  [[nodiscard]] bool visible(const Rectangle& rectangle) const;

  // Semantics. add_node() fills in parent and clip. begin_node() makes it the parent of what follows.
  NodeId add_node(SemanticNode node);
  NodeId begin_node(SemanticNode node);
  void end_node() { parents.pop_back(); }
  [[nodiscard]] static NodeId node_id(Key key, Role role);
  void add_words(Key key, Role role, std::string_view words, const Rectangle& rectangle);
  // Takes an event of this node out of the frame's.
  bool take_event(NodeId node, SemanticEvent::Kind kind, std::string* text = nullptr);

  // A thing to press: semantics, pointer, keyboard, focus. `node` needs role, name and state; the rest is filled in.
  Interaction control(Key key, SemanticNode node, const Rectangle& rectangle, bool is_disabled);
  void draw_focus_ring(const Interaction& interaction, const Rectangle& rectangle, float radius);
  // Tint for hover and press, to lay over a fill.
  void draw_press_tint(const Interaction& interaction, const Rectangle& rectangle, float radius, int corners = corner_all);

  // 0..1 towards `target` within `milliseconds`; at once when motion is to be reduced.
  float animate(Key key, float target, float milliseconds);

  void begin_pointer();                               // pointer.cpp
  void begin_hold(bool was_down);                     // hold.cpp
  [[nodiscard]] const HoldTarget* hold_target_at(Point point) const;
  // Registers what was just drawn; true when its menu is asked for, by pointer or keyboard.
  bool asks_for_menu(Key key, NodeId node, const Rectangle& rectangle, bool draggable);
  void draw_dragged();
  void register_scroll(Key key, const Rectangle& rectangle, bool vertical, bool horizontal);
  void draw_scroll_bar(Key key, const ScrollAxis& axis, const Rectangle& rectangle);
  void reveal_in_scrolls(const Rectangle& rectangle);
  struct ScrollFrame {
    Key key;
    Rectangle rectangle;
    bool vertical, horizontal;
  };
  std::vector<ScrollFrame> scroll_frames;
  [[nodiscard]] int top_blocking_layer() const;

  // Layers (overlays.cpp).
  struct LayerScope {
    bool fresh = false;          // opened in this frame
    bool left = false;           // with the page that it was opened on
    bool outside_pressed = false;
    bool escape = false;
    std::size_t kept_layouts = 0, kept_clips = 0, kept_parents = 0;
    int kept_layer = 0;
    float opening = 1;           // 0..1
    std::vector<ScrollFrame> kept_scroll_frames;
    std::optional<Painter> kept_painter;
    bool counts_as_open = false;
  };
  LayerScope begin_layer(Key key, const Rectangle& panel, bool scrim);
  void end_layer(const LayerScope& scope);
  void draw_toasts(Ui& ui);
};

// Text helpers shared by the widgets.
[[nodiscard]] std::string_view first_symbol(std::string_view text);
[[nodiscard]] std::string joined(std::initializer_list<std::string_view> parts);  // non-empty ones, with "，" or ", "
[[nodiscard]] bool contains_point(const Rectangle& rectangle, Point point);
[[nodiscard]] Rectangle intersection(const Rectangle& a, const Rectangle& b);
[[nodiscard]] Rectangle inset(const Rectangle& rectangle, float by);

}  // namespace kehubu
