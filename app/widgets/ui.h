// Ui: the widget layer. Everything that is visible goes through it.
//
// Immediate mode: a page is a function that, each frame, calls the widgets it shows; a widget draws itself, describes
// itself in the semantic tree, and returns what the person just did with it. Pages keep values, not widgets.
//
//   ui.area("main", rectangle, {.role = Role::main, .name = words.customers}, [&] {
//     ui.heading(words.customers);
//     if (ui.button("new", words.new_customer, {.kind = ButtonKind::primary, .icon = Icon::plus})) { … }
//   });
//
// Layout. An area is a column: each widget stands below the one before, as wide as the column or as wide as it needs.
//   row() puts widgets side by side, grid() and columns() divide the width, card() draws a frame round a column.
// Keys. Each widget that can be pressed or edited has a key, unique among its brothers; with_key() opens a scope, for
//   instance around each entry of a list. A key names the same thing from frame to frame: state and focus hang on it.
// Lengths are CSS pixels, and colours and sizes come from theme tokens. The pixel ratio is the widget layer's business.
// Frames. Nothing is drawn when nothing changes: who changes data outside of a widget's answer asks
//   Platform::request_frame(). A widget that animates does so itself.
// Words. Labels come in the language of the page; the few words that belong to widgets (close, search, required …)
//   follow set_language().
// One thread; not reentrant; bodies are called before the method returns.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "app/platform.h"
#include "app/shell/theme.h"
#include "app/widgets/function_ref.h"
#include "app/widgets/options.h"
#include "app/widgets/semantics.h"

namespace kehubu {

struct UiState;

class Ui {
 public:
  using Body = FunctionRef<void()>;

  // Both must outlive the Ui. An ImGui context with its typefaces must exist (web/text or web/native makes it).
  Ui(Platform& platform, SemanticMirror& mirror);
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  // ---- the frame; called by the Application only ----
  // Between ImGui::NewFrame() and ImGui::Render(). end_frame() publishes the semantic tree.
  void begin_frame();
  void end_frame();
  // A person's action through the mirror; taken up by the widget in the next frame.
  void handle(const SemanticEvent& event);
  // Something moves (scrolling, an opening sheet): another frame is wanted right after this one.
  [[nodiscard]] bool wants_frame() const;

  // Something turned out to have another size than was assumed: make this frame again before showing it.
  [[nodiscard]] bool unsettled() const;

  void set_language(bool chinese);
  [[nodiscard]] bool chinese() const;
  void set_theme(ThemeName name);
  [[nodiscard]] const Theme& theme() const;
  [[nodiscard]] Platform& platform() const;

  // ---- geometry ----
  [[nodiscard]] Rectangle screen() const;          // the canvas without safe-area insets
  [[nodiscard]] Rectangle visible_screen() const;  // … and without the soft keyboard
  [[nodiscard]] Insets safe_area() const;
  [[nodiscard]] WidthClass width_class() const;    // of the screen
  [[nodiscard]] float available_width() const;     // of the present column
  [[nodiscard]] float available_height() const;    // from here to the lower edge of the area
  [[nodiscard]] Point cursor() const;              // where the next widget will stand

  // ---- layout ----
  // A part of the screen, placed by the shell or by a page with panes of its own.
  void area(std::string_view key, const Rectangle& place, const AreaOptions& options, Body body);
  // Scrolls the named area (same key scope) to its top, e.g. when another record is shown in it.
  void scroll_area_to_top(std::string_view key);
  // The area that is being drawn scrolls until what comes next stands at its upper edge, or as near as it can.
  void scroll_here();
  void row(std::string_view key, const RowOptions& options, Body body);
  // Cells of equal width; as many beside each other as fit. Each cell is a column.
  void grid(std::string_view key, const GridOptions& options, int count, FunctionRef<void(int cell)> cell);
  // Columns with the given weights; below each other when a column would become narrower than min_width.
  void columns(std::string_view key, std::span<const float> weights, float min_width, FunctionRef<void(int column)> column);
  // A line of chips or buttons that scrolls sideways instead of wrapping.
  void scroll_row(std::string_view key, Space gap, Body body);
  void card(std::string_view key, const CardOptions& options, Body body);
  // A card that is one big button; false or true like button(). Put no pressable widgets inside.
  [[nodiscard]] bool card_button(std::string_view key, std::string_view name, const CardOptions& options, Body body);
  // A named group in the tree, without a picture: form, list, navigation, region …
  void group(std::string_view key, Role role, std::string_view name, Body body);
  void with_key(std::string_view key, Body body);
  void with_key(std::int64_t key, Body body);
  void indent(Space space, Body body);
  void width_limit(float width, Body body);
  // A column whose widgets stand closer together, or further apart, than those around it: a title and its sentence.
  void stack(Space gap, Body body);
  void disabled(bool is_disabled, Body body);   // everything inside is dimmed and cannot be pressed
  void space(Space space = Space::m);
  void divider();

  // ---- words and pictures ----
  void heading(std::string_view words, int level = 2);   // 1 page title, 2 section, 3 inside cards
  void text(std::string_view words, const TextOptions& options = {});
  void muted(std::string_view words);                    // caption in the muted colour, wrapped
  void icon(Icon icon, ColorToken color = ColorToken::text_muted, float size = Metrics::icon, std::string_view name = {},
            Role role = Role::image);  // status: what the picture says is announced when it changes
  void icon_tile(Icon icon, Tone tone = Tone::accent, float size = Metrics::avatar);  // upon a soft square, as in list rows
  void badge(std::string_view words, const BadgeOptions& options = {});
  void avatar(std::string_view name, float size = Metrics::avatar);
  void key_value(const KeyValueOptions& options);
  [[nodiscard]] bool key_value_button(std::string_view key, const KeyValueOptions& options);
  // A picture of one's own. `name` says what it shows; `description` its data in words (a chart's table in short).
  void canvas(std::string_view key, std::string_view name, std::string_view description, float height,
              FunctionRef<void(const CanvasContext&)> draw);

  // ---- things to press; true in the frame in which it was pressed ----
  [[nodiscard]] bool button(std::string_view key, std::string_view label, const ButtonOptions& options = {});
  [[nodiscard]] bool icon_button(std::string_view key, Icon icon, std::string_view name, const IconButtonOptions& options = {});
  [[nodiscard]] bool link(std::string_view key, std::string_view label);
  [[nodiscard]] bool chip(std::string_view key, std::string_view label, const ChipOptions& options = {});
  // The big round one at the lower end of a phone's screen, over everything in the area's rectangle.
  [[nodiscard]] bool floating_button(std::string_view key, Icon icon, std::string_view name, const Rectangle& within);
  // Index of the tab that was pressed, or -1.
  [[nodiscard]] int tabs(std::string_view key, std::string_view name, std::span<const TabItem> items, int selected);
  [[nodiscard]] int navigation(std::string_view key, std::string_view name, NavigationShape shape,
                               std::span<const NavigationItem> items);

  // ---- fields: `value` is changed in place ----
  FieldResult text_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});
  FieldResult text_area(std::string_view key, std::string& value, const TextFieldOptions& options = {});
  FieldResult search_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});
  // As typed; parsing belongs to core. The soft keyboard shows digits.
  FieldResult number_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});
  FieldResult money_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});  // ¥ in front
  FieldResult date_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});   // YYYY-MM-DD or empty
  FieldResult date_time_field(std::string_view key, std::string& value, const TextFieldOptions& options = {});  // YYYY-MM-DDTHH:MM
  // The focus goes to this field (key in the present scope) as soon as it is drawn, and it comes into view.
  void request_focus(std::string_view key);

  // One of a list; a popup, or a sheet on phones, with search when long. True when `value` (a key) changed.
  [[nodiscard]] bool combo(std::string_view key, std::string& value, std::span<const Option> choices, const ComboOptions& options = {});
  // One of thousands: `search` answers the first matches of what is typed. `shown` is the label of the present value.
  [[nodiscard]] LookupResult lookup(std::string_view key, std::string& value, std::string& shown, const LookupOptions& options,
                                    FunctionRef<std::vector<Option>(std::string_view query)> search);
  // Any number of them, as chips. True when `values` changed.
  [[nodiscard]] bool multi_choice(std::string_view key, std::vector<std::string>& values, std::span<const Option> choices,
                                  const FieldOptions& options = {});
  [[nodiscard]] bool check_box(std::string_view key, std::string_view label, bool& value, bool is_disabled = false);
  [[nodiscard]] bool switch_control(std::string_view key, std::string_view label, bool& value, std::string_view hint = {},
                                    bool is_disabled = false);
  // Two to five alternatives side by side; index of the newly chosen one, or -1.
  [[nodiscard]] int segmented(std::string_view key, std::string_view name, std::span<const std::string_view> labels, int selected);
  // Label, required mark, hint and error around controls that are not fields themselves.
  void form_field(const FieldOptions& options, Body body);

  // ---- lists ----
  // A row on its own, in a column or a card. In list() it takes the whole row.
  [[nodiscard]] bool list_row(std::string_view key, const ListRowOptions& options);
  // As many rows as you like; the cost is that of the visible ones. The body draws row `index`, usually one list_row.
  ListResult list(std::string_view key, const ListOptions& options, FunctionRef<bool(std::int64_t index)> row);
  TableResult table(std::string_view key, const TableOptions& options, std::span<const TableColumn> columns,
                    FunctionRef<TableCell(std::int64_t row, int column)> cell);

  // ---- over the page ----
  // Anything of what follows, but toasts.
  [[nodiscard]] bool has_layers() const;
  // The uppermost of them hears Escape in the next frame: the browser's Back is no other wish.
  void dismiss_layer();
  // Call every frame while `open`; sets it to false when the person closes it. Focus stays inside and returns afterwards.
  void dialog(std::string_view key, bool& open, const DialogOptions& options, Body body);
  // A question with two buttons; ask every frame until it is answered, or closed, which is a way back and never an answer.
  [[nodiscard]] Confirmation confirm(std::string_view key, bool& open, const ConfirmOptions& options);
  // A menu at the widget that was drawn last. Index of the chosen item, or -1; closes itself.
  // `title`: above the items, where the widget does not say what they are.
  [[nodiscard]] int menu(std::string_view key, bool& open, std::span<const MenuItem> items, std::string_view title = {});
  // Free content at the widget that was drawn last (a sheet on phones).
  void popover(std::string_view key, bool& open, std::string_view name, float width, Body body);
  // Shown one after another at the lower edge; call once, from anywhere, also outside of a frame.
  void toast(Toast toast);
  // The command palette and its like: a search field over a list of results, in the upper middle.
  // Index of the chosen choice, or -1. `query` is edited in place.
  [[nodiscard]] int palette(std::string_view key, bool& open, std::string& query, std::string_view placeholder,
                            FunctionRef<std::vector<Option>(std::string_view query)> search);

  // ---- bigger pieces ----
  [[nodiscard]] bool progress(std::string_view key, const ProgressOptions& options);  // true: cancel was pressed
  void spinner_text(std::string_view words);        // "loading …" that does not spin, hence costs no frames
  [[nodiscard]] EmptyStateAction empty_state(std::string_view key, const EmptyStateOptions& options);
  [[nodiscard]] BannerAction banner(std::string_view key, const BannerOptions& options);
  [[nodiscard]] float banner_height(const BannerOptions& options, float width) const;
  [[nodiscard]] bool timeline_item(const TimelineItem& item);
  [[nodiscard]] bool statistic(std::string_view key, const StatisticOptions& options);
  // 0 nothing new, 1 mine was chosen, 2 theirs.
  [[nodiscard]] int diff(std::string_view key, const DiffOptions& options);

  // ---- held, dragged, swiped ----
  // The widget drawn last can be held: asks for its menu, or is picked up, at once by a mouse and after a long press by a
  // finger. What is dragged scrolls what it is held against the edge of. Escape puts it back.
  [[nodiscard]] HoldResult hold(std::string_view key, const HoldOptions& options);
  // Whether something that is dragged hangs over this place of the page, or was let go there.
  [[nodiscard]] DropState drop_target(const Rectangle& place) const;
  // A finger wiped across the page: 1 to the next, -1 to the one before, 0 for none.
  [[nodiscard]] int swiped() const;
  // Where the menu that was just asked for belongs; and: the next menu or popover opens there.
  [[nodiscard]] Rectangle context_place() const;
  void anchor(const Rectangle& place);
  [[nodiscard]] float text_width(std::string_view words, TextStyle style) const;
  // The page that is being shown, by a number of its own: what is said about one page is not said over another, and menus and
  // pickers that were open when it was left are closed, also when one comes back.
  void set_page(std::int64_t page);

  // ---- keyboard ----
  // A key of the frame: 'K', with Ctrl or ⌘. Not while a text field has the focus, except with the modifier. Heard where it is asked
  // for in the uppermost layer only: a page does not act below a dialog, a dialog asks within its body.
  [[nodiscard]] bool shortcut(char key, bool with_command);
  [[nodiscard]] bool escape_pressed();              // and nobody else (dialog, field) wanted it
  [[nodiscard]] NodeId focused_node() const;

  // ---- for widgets of one's own (app/widgets only) and for tests ----
  [[nodiscard]] UiState& state() { return *state_; }

 private:
  std::unique_ptr<UiState> state_;
};

}  // namespace kehubu
