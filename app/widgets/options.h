// What widgets are asked for and what they answer. Plain values, meant for designated initialisers:
//   ui.button("save", words.save, {.kind = ButtonKind::primary, .icon = Icon::check});
//
// Strings are borrowed for the length of the call unless they are std::string. All lengths are CSS pixels. A length of 0
// means "by itself".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/shell/theme.h"
#include "app/widgets/function_ref.h"
#include "app/widgets/icons.h"
#include "app/widgets/painter.h"
#include "app/widgets/semantics.h"

namespace kehubu {

// ---- layout -------------------------------------------------------------------------------------------------------

enum class WidthClass : std::uint8_t { phone, portrait, landscape };  // < 600, < 1000, wider

struct Insets {
  float top = 0, right = 0, bottom = 0, left = 0;
};

// A rectangle of the screen that scrolls by itself or stands still; the shell places these.
struct AreaOptions {
  Role role = Role::region;      // main, navigation, region, group …
  std::string_view name = {};    // of the landmark; empty: no node of its own
  bool scrolls = true;
  ColorToken background = ColorToken::page;
  bool has_background = true;
  float radius = 0;              // of the background's corners
  Space padding = Space::l;
  float max_width = 0;           // centres the content when the area is wider, e.g. Metrics::reading_width
  float bottom_room = 0;         // extra room below the content, e.g. for a floating button
};

struct RowOptions {
  Space gap = Space::s;
  Align align = Align::start;        // end and center use the width measured in the frame before
  Align cross = Align::center;       // of low items beside high ones
  bool wrap = true;                  // goes on in a next line when the width is used up
};

struct GridOptions {
  float min_column_width = 280;
  int max_columns = 4;
  Space gap = Space::m;                    // between columns, and between lines where line_gap says nothing
  std::optional<Space> line_gap = {};
};

struct CardOptions {
  Space padding = Space::l;
  ColorToken fill = ColorToken::surface;
  bool outlined = true;
  std::string_view name = {};  // makes it a named group for screen readers
};

// ---- words --------------------------------------------------------------------------------------------------------

struct TextOptions {
  TextStyle style = TextStyle::body;
  ColorToken color = ColorToken::text;
  int max_lines = 0;        // 0: wraps as long as it needs; 1: one line, "…" when too long (semantics keep it whole)
  Align align = Align::start;
  bool selectable_look = false;
  Role role = Role::text;   // status and alert are announced when they change
};

struct BadgeOptions {
  Tone tone = Tone::neutral;
  Icon icon = Icon::none;
  bool strong = false;      // filled
  bool outlined = false;    // a frame only: another kind of badge than the filled ones
};

// ---- things to press ----------------------------------------------------------------------------------------------

enum class ButtonKind : std::uint8_t { secondary, primary, danger, ghost };

struct ButtonOptions {
  ButtonKind kind = ButtonKind::secondary;
  Icon icon = Icon::none;
  bool icon_after = false;
  bool disabled = false;
  bool busy = false;            // shows a still "…" and cannot be pressed
  bool fill_width = false;
  bool has_popup = false;
  float width = 0;
  std::string_view description = {};
};

struct IconButtonOptions {
  ButtonKind kind = ButtonKind::ghost;
  bool disabled = false;
  bool selected = false;
  bool has_popup = false;
  int count = 0;                // a small counter at its corner, e.g. unread
  Tone count_tone = Tone::danger;  // something waits for a person; accent: how much is in force
  std::string_view description = {};
};

struct ChipOptions {
  bool selected = false;
  bool disabled = false;
  Icon icon = Icon::none;
  bool removable = false;       // draws a cross; pressing the chip is pressing the cross
  bool has_popup = false;       // draws a chevron
};

struct TabItem {
  std::string_view key;
  std::string_view label;
  Icon icon = Icon::none;
  int count = 0;
};

struct NavigationItem {
  std::string_view key;
  std::string_view label;
  Icon icon = Icon::none;
  bool current = false;
  int count = 0;
};
enum class NavigationShape : std::uint8_t { bottom_bar, rail, wide_rail };

// ---- fields -------------------------------------------------------------------------------------------------------

// Shared by every field. `error` (a whole sentence) colours the frame, is shown below and read out with the field.
struct FieldOptions {
  std::string_view label = {};
  bool required = false;
  bool disabled = false;
  std::string_view error = {};
  std::string_view hint = {};
  bool hint_warns = false;       // of what was entered, not of what belongs there
  std::string_view placeholder = {};
  float width = 0;               // 0: the whole width
  bool label_hidden = false;     // still its name; for search fields and tables
};

struct TextFieldOptions {
  FieldOptions field = {};
  InputMode mode = InputMode::text;
  int lines = 1;                 // text_area: visible lines
  Icon icon = Icon::none;        // at the start of the frame
  std::string_view suffix = {};  // unit after the text, e.g. "元", "%"
  std::string_view suffix_says = {};  // announced when it changes: the suffix as a sentence, e.g. "3 found"
  bool request_focus = false;    // when it first appears
  bool unless_touched = false;   // but not after a finger, whom the keyboard on the screen would be in the way
  bool align_end = false;        // numbers
};

struct FieldResult {
  bool changed = false;    // the value given by reference has new text (never while an input method is composing)
  bool committed = false;  // the person left the field or pressed Enter, after a change
  bool submitted = false;  // Enter in a single line
  bool cancelled = false;  // Escape
  bool unreadable = false; // of a date: what stands there is none, or not yet; the value stays the one before
  bool focused = false;
};

// Not called Choice: that is the catalog's (core/catalog/catalog.h), and pages include both.
struct Option {
  std::string key;            // what is stored
  std::string label;          // what is shown
  std::string detail = {};    // second line, searched as well
  std::string search = {};    // further words that find it (pinyin, initials, codes)
  bool disabled = false;
};

struct ComboOptions {
  FieldOptions field = {};
  bool clearable = false;
  int search_from = 8;        // lists at least this long get a search field
};

// For lists too long to hand over: the widget asks for what it shows.
struct LookupOptions {
  FieldOptions field = {};
  bool clearable = true;
  std::string_view create_label = {};  // not empty: offers "+ create" below what was found
  std::string_view search_placeholder = {};
};
struct LookupResult {
  bool changed = false;
  bool create = false;        // "+ create" was pressed
  std::string query;          // what had been typed then
};

// What is held or pressed the other way: see Ui::hold().
struct HoldOptions {
  bool draggable = false;
  std::string_view label = {};   // what moves with the pointer
};
struct HoldResult {
  bool menu = false;      // right click, or a long press that was let go where it began
  bool dragged = false;   // it is in the air
};
enum class DropState : std::uint8_t { none, over, dropped };

// ---- lists --------------------------------------------------------------------------------------------------------

struct ListRowOptions {
  std::string_view title = {};
  std::string_view subtitle = {};
  std::string_view meta = {};          // third line
  std::string_view trailing = {};      // at the end of the first line, e.g. an amount or a date
  std::string_view trailing_detail = {};
  std::string_view badge = {};
  Tone badge_tone = Tone::neutral;
  std::string_view avatar = {};        // name whose first character stands in the circle
  Icon icon = Icon::none;              // instead of an avatar
  Tone icon_tone = Tone::neutral;
  bool chevron = false;
  bool selected = false;
  bool disabled = false;
  bool unread = false;
  std::optional<bool> checked = {};    // a check box at the start; pressing the row toggles it
  bool pressable = true;
  bool wrap = false;                   // outside virtual lists: all words wrap instead of ending in "…"
  ColorToken trailing_color = ColorToken::text;
  ColorToken detail_color = ColorToken::text_muted;  // of trailing_detail
  bool badge_outlined = false;         // a frame instead of a fill: another kind of badge than the filled ones
  Icon action = Icon::none;            // a button of its own at the end of the row, e.g. to call
  std::string_view action_name = {};
  bool* acted = nullptr;               // set when it was pressed
  bool* menu = nullptr;                // set when a right click, a long press or the menu key asked for the row's menu
};

struct ListOptions {
  std::int64_t count = 0;
  float row_height = Metrics::row_height;
  std::string_view name = {};          // of the list, for screen readers
  float height = 0;                    // 0: what is left of the area (at least 200)
  bool dividers = true;
  std::int64_t scroll_to = -1;         // brings this row into view, once per change
  float bottom_room = 0;
  FunctionRef<void(std::int64_t first, std::int64_t end)> prepare = {};  // fetch these rows; called before they are drawn
};

struct ListResult {
  std::int64_t activated = -1;         // row that was pressed
  std::int64_t first_visible = 0, end_visible = 0;
};

struct TableColumn {
  std::string_view key;
  std::string_view title;
  float width = 0;                     // > 0: fixed
  float weight = 1;                    // else its share of the room that the least widths leave
  float min_width = 96;                // never narrower; nor narrower than its title or `widest`. What does not fit then scrolls sideways
  Align align = Align::start;          // numbers: end
  bool sortable = false;
  std::string_view widest = {};        // an example of the widest content that must fit …
  bool badges = false;                 // … as a badge
};

struct TableCell {
  std::string text;
  ColorToken color = ColorToken::text;
  bool strong = false;
  bool badge = false;                  // drawn as a badge of `tone`
  Tone tone = Tone::neutral;
  Icon icon = Icon::none;
};

struct TableOptions {
  std::int64_t row_count = 0;
  std::string_view name = {};
  float row_height = Metrics::table_row_height;
  float height = 0;                    // 0: what is left of the area (at least 200)
  int sort_column = -1;
  bool sort_descending = false;
  std::int64_t selected_row = -1;
  std::int64_t scroll_to = -1;
  bool rows_pressable = true;
  int frozen_columns = 0;              // stay in view when scrolled sideways
  FunctionRef<bool(std::int64_t row)> checked = {};  // set: a column of check boxes stands first
  FunctionRef<void(std::int64_t first, std::int64_t end)> prepare = {};
};

struct TableResult {
  std::int64_t activated = -1;
  std::int64_t toggled = -1;           // check box of this row
  std::int64_t menu = -1;              // row whose menu was asked for: right click, long press, menu key
  bool toggled_all = false;            // check box of the head
  int sort_clicked = -1;               // column whose head was pressed
  std::int64_t first_visible = 0, end_visible = 0;
};

// ---- over the page ------------------------------------------------------------------------------------------------

struct DialogOptions {
  std::string_view title;
  float width = Metrics::dialog_width;
  bool sheet_on_phone = true;    // stands at the bottom edge on narrow screens
  bool full_on_phone = false;    // takes the whole narrow screen: forms
  bool dismissible = true;       // Escape, scrim and cross close it
  Tone tone = Tone::neutral;
  Icon icon = Icon::none;
  // Buttons at the foot, outside the part that scrolls. Drawn from the end (primary last).
  FunctionRef<void()> actions = {};
};

struct ConfirmOptions {
  std::string_view title;
  std::string_view sentence;
  std::string_view confirm_label;
  std::string_view cancel_label = {};  // empty: the widget layer's own word
  bool danger = false;
};
// cancelled: by its button, whatever that says. closed: by Escape, the cross or a tap beside it; the question was not answered.
enum class Confirmation : std::uint8_t { waiting, confirmed, cancelled, closed };

struct MenuItem {
  std::string_view key;
  std::string_view label;
  Icon icon = Icon::none;
  bool danger = false;
  bool disabled = false;
  bool checked = false;
  bool opens = false;            // leads to a further choice: ends in a chevron
  bool divider_before = false;
  std::string_view detail = {};  // shortcut or second thought at the end
};

struct Toast {
  std::string message;
  std::string action_label = {};
  std::function<void()> action = {};  // undo
  Tone tone = Tone::neutral;          // danger and warning are announced as alerts
  double seconds = 6;
  bool everywhere = false;            // about the program and not about a page: stays when another page is opened
};

// ---- bigger pieces ------------------------------------------------------------------------------------------------

struct ProgressOptions {
  std::string_view label = {};
  std::string_view detail = {};       // e.g. "1,200 / 30,000"
  float fraction = -1;                // < 0: unknown
  std::string_view cancel_label = {}; // not empty: a cancel button
};

struct EmptyStateOptions {
  Icon icon = Icon::none;
  std::string_view title = {};
  std::string_view sentence = {};
  std::string_view action_label = {};
  Icon action_icon = Icon::none;
  std::string_view second_label = {};
  bool within_page = false;  // a part of a page whose primary action is another
};
enum class EmptyStateAction : std::uint8_t { none, first, second };

struct BannerOptions {
  Tone tone = Tone::info;
  std::string_view title = {};
  std::string_view sentence = {};
  std::string_view action_label = {};
  bool closable = false;
};
enum class BannerAction : std::uint8_t { none, action, close };

struct KeyValueOptions {
  std::string_view label;
  std::string_view value;
  float label_width = 112;
  Icon action_icon = Icon::chevron_right;  // of a button; none: what pressing it does is said elsewhere
  std::string_view action_name = {};
  ColorToken value_color = ColorToken::text;
  bool strong = false;
};

struct TimelineItem {
  std::string_view key;
  std::string_view time;
  std::string_view title;
  std::string_view body = {};
  std::string_view by = {};
  Icon icon = Icon::none;
  Tone tone = Tone::neutral;
  bool pressable = false;
  bool last = false;
};

struct StatisticOptions {
  std::string_view label;
  std::string_view value;
  std::string_view change = {};       // e.g. "+12.4 %"
  Tone change_tone = Tone::neutral;
  std::string_view detail = {};
  Icon icon = Icon::none;
  bool pressable = false;             // opens the records behind it
};

// One field of a conflict: what it was, what this device says, what the other says.
struct DiffOptions {
  std::string_view field;
  std::string_view base, mine, theirs;
  std::string_view base_by, mine_by, theirs_by;     // who, when, on which device
  int chosen = 0;                     // 0 nothing, 1 mine, 2 theirs
  std::string_view mine_title, theirs_title, base_title;
};

// What a canvas was asked to draw into, and what the pointer does there.
struct CanvasContext {
  Painter& painter;
  Rectangle rectangle;
  std::optional<Point> pointer;       // while the pointer is over it or a finger is down on it
  bool pressed = false;               // was tapped in this frame
};

}  // namespace kehubu
