// The semantic tree: what is on the screen, said in words.
//
// Every widget describes itself here while it draws itself, each frame. After the frame the tree is handed to the
// SemanticMirror (web/semantics), which keeps real, invisible DOM elements over the canvas in step with it: screen
// readers, the keyboard and the browser tests use those, by role and name. Text fields are nodes too; for them the
// mirror keeps a real <input> or <textarea> exactly over the drawn frame, which is where the person types.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kehubu {

using NodeId = std::uint64_t;  // stable from frame to frame: the ImGui id widened by its kind; 0 is the root

enum class Role : std::uint8_t {
  button, link, tab, tab_list, text_box, search_box, combo_box, list_box, option, check_box, switch_control, radio,
  radio_group, grid, row, column_header, cell, list, list_item, heading, text, status, alert, dialog, menu, menu_item,
  progress_bar, navigation, main, region, form, group, image,
};

struct Rectangle {
  float left = 0, top = 0, width = 0, height = 0;  // CSS pixels, origin at the canvas's top left
  friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

enum class Checked : std::uint8_t { not_checkable, off, on, mixed };
enum class InputMode : std::uint8_t { text, search, telephone, email, url, decimal, numeric, date, date_time, password };

// Set on nodes of the roles text_box and search_box only.
struct TextFieldTraits {
  bool multiline = false;
  InputMode input_mode = InputMode::text;
  std::string placeholder;
  float font_size = 16;            // CSS pixels
  bool align_end = false;
  Rectangle text_area;             // where the letters stand inside `rectangle`
  std::string draft_seed;          // committed value; replaces the element's text when it changes and is not being edited
  friend bool operator==(const TextFieldTraits&, const TextFieldTraits&) = default;
};

struct SemanticNode {
  NodeId id = 0;
  NodeId parent = 0;
  Role role = Role::text;
  std::string name;         // never empty for an interactive node
  std::string value;        // what it shows now, where that differs from the name
  std::string description;  // hint or error text
  Rectangle rectangle;
  Rectangle clip;  // the visible part of the scrolled area that it lies in
  bool interactive = false;
  bool disabled = false;
  bool selected = false;
  bool required = false;
  bool invalid = false;
  bool modal = false;       // on dialogs: everything outside is inert
  bool has_popup = false;
  bool request_focus = false;  // DOM focus goes here when this turns true
  bool tab_stop = true;     // of interactive nodes; rows of a list are reached by arrow keys, only one of them by Tab
  bool current = false;     // the navigation entry of the present page
  bool primary = false;     // of buttons: the one thing to do here; drawn in the accent colour, at most one in a layer
  Checked checked = Checked::not_checkable;
  std::int8_t expanded = -1;  // -1 not expandable, 0 no, 1 yes
  std::int8_t level = 0;      // of headings: as drawn, 1 the largest (0 too); when published, the depth in the outline
  std::int8_t layer = 0;      // 0 page, 1 first dialog …; what is below the highest modal dialog's layer is inert
  std::int32_t position = 0;  // 1-based within set_size, for rows of virtual lists
  std::int32_t set_size = 0;
  std::int16_t column = 0;       // 1-based, of cells and column headers
  std::int8_t sort = 0;          // of column headers: 1 ascending, -1 descending
  std::int16_t progress = -1;  // 0..1000 for progress bars
  TextFieldTraits text_field;
  friend bool operator==(const SemanticNode&, const SemanticNode&) = default;
};

struct SemanticTree {
  std::vector<SemanticNode> nodes;  // in reading order, parents before children
};

// What a person did through the mirror instead of through the canvas.
struct SemanticEvent {
  enum class Kind : std::uint8_t {
    activate,      // click, Enter, Space, or a screen reader's action
    focus, blur,
    draft,         // the text of a field changed (while an input method composes: when it pauses)
    submit,        // Enter in a single-line field
    cancel,        // Escape
    scroll_to,     // assistive technology or Tab wants the node visible
    menu,          // the menu key, Shift+F10, or a screen reader's “show menu”
  };
  NodeId node = 0;
  Kind kind = Kind::activate;
  std::string text;  // the draft, for draft, blur and submit
  bool from_keyboard = false;  // of focus: came by Tab or a screen reader, so the ring is shown
  bool unreadable = false;     // of a date's draft, blur and submit: what stands there is no date, or not yet; `text` is empty
};

// Implemented by web/semantics, and by a recorder in tests.
class SemanticMirror {
 public:
  virtual ~SemanticMirror() = default;
  virtual void publish(const SemanticTree& tree) = 0;
};

}  // namespace kehubu
