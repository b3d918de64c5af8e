// The top bar: where one is, the page's own buttons, and the tools of the whole product.
#include <algorithm>

#include "app/shell/shell.h"

namespace kehubu {
namespace {

constexpr float button_padding = 64;      // around the label of a button with an icon
constexpr float status_width = 88;
constexpr float title_minimum = 96;

struct DurableLook {
  Word word;
  Icon icon;
  ColorToken color;
};

DurableLook look_of(DurableState state) {
  switch (state) {
    case DurableState::saved:
      return {Word::state_saved, Icon::saved, ColorToken::on_success_soft};
    case DurableState::saving:
      return {Word::state_saving, Icon::saving, ColorToken::text_muted};
    case DurableState::read_only:
      return {Word::state_read_only, Icon::lock, ColorToken::danger};
    default:
      return {Word::state_unsaved, Icon::warning, ColorToken::danger};
  }
}

}  // namespace

void Shell::draw_top_bar(const Rectangle& place, Screen& screen) {
  const bool compact = app_.ui.width_class() == WidthClass::phone;
  app_.ui.area("bar", place, {.role = Role::group, .scrolls = false, .background = ColorToken::surface, .padding = Space::none}, [] {});
  const Rectangle edge{place.left, place.top + place.height - 1, place.width, 1};
  app_.ui.area("bar_edge", edge, {.scrolls = false, .background = ColorToken::border, .padding = Space::none}, [] {});
  const float margin = pixels(compact ? (app_.router.can_go_back() ? Space::xs : Space::m) : Space::l);
  // The last thing of a form's bar has a frame, that of other pages is an icon with room around it.
  const float end_margin = compact && screen.is_form() ? pixels(Space::m) : margin;
  const float back_width = app_.router.can_go_back() ? Metrics::touch_target + pixels(Space::s) : pixels(Space::s);
  const float title_width = back_width + app_.ui.text_width(screen.title(), TextStyle::title) + pixels(Space::s);
  brief_state_ = compact;
  brief_actions_ = false;
  const auto wanted = [&] { return margin + end_margin + title_width + bar_end_width(screen, compact); };
  // What is said less briefly first: that all is saved, then what is not the page's first action. No word is cut.
  brief_state_ = compact || wanted() > place.width;
  const float state_for_a_moment = app_.durable.health().state == DurableState::saved ? 0 : status_width - Metrics::icon;  // buttons do not change while it lasts
  brief_actions_ = !compact && brief_state_ && wanted() - state_for_a_moment > place.width;
  const float end_width = std::min(bar_end_width(screen, compact), place.width - margin - end_margin - title_minimum);
  const float inset = (place.height - Metrics::touch_target) / 2;
  const Rectangle start{place.left + margin, place.top + inset, place.width - margin - end_margin - end_width - pixels(Space::s), Metrics::touch_target};
  const Rectangle end{place.left + place.width - end_margin - end_width, place.top + inset, end_width, Metrics::touch_target};
  const AreaOptions plain{.role = Role::group, .scrolls = false, .has_background = false, .padding = Space::none};
  AreaOptions named = plain;
  named.role = Role::region;
  named.name = app_.say(Word::title_bar);
  app_.ui.area("bar_start", start, named, [&] { draw_bar_start(screen); });
  app_.ui.area("bar_end", end, plain, [&] { draw_bar_end(screen, compact); });
}

void Shell::draw_bar_start(Screen& screen) {
  const bool has_back = app_.router.can_go_back();
  if (!has_back) {
    app_.ui.space(Space::s);  // what a button of full height would do: the title stands in the middle
  }
  app_.ui.row("start", {.gap = Space::s, .wrap = false}, [&] {
    if (has_back && app_.ui.icon_button("back", screen.is_form() ? Icon::close : Icon::back, app_.say(Word::back))) {
      app_.router.back();
    }
    app_.ui.text(screen.bar_title(), {.style = TextStyle::title, .max_lines = 1, .role = Role::heading});
  });
}

float Shell::bar_end_width(Screen& screen, bool compact) {
  const float gap = pixels(Space::s);
  const float icon_width = Metrics::touch_target + gap;
  const bool saved = app_.durable.health().state == DurableState::saved;
  float width = (brief_state_ && saved ? Metrics::icon : status_width) + gap;
  bool folded = false;
  for (const BarAction& action : screen.bar_actions()) {
    if (action.always_in_menu || (compact && !action.primary)) {
      folded = true;
    } else if ((compact && !screen.is_form()) || (brief_actions_ && !action.primary)) {
      width += icon_width;
    } else {
      width += app_.ui.text_width(action.label, TextStyle::body_strong) + button_padding + gap;
    }
  }
  if (!screen.is_form()) {
    width += icon_width;  // search
    if (!compact) {
      width += 2 * icon_width;  // undo, redo
      width += conflicts_to_show(screen) > 0 ? icon_width : 0;
    }
  }
  return width + ((compact && !screen.is_form()) || folded ? icon_width : 0);
}

void Shell::draw_bar_end(Screen& screen, bool compact) {
  std::vector<BarAction> folded;
  std::string pressed;
  app_.ui.row("end", {.gap = Space::s, .align = Align::end, .wrap = false}, [&] {
    draw_durable_state(screen);
    if (!screen.is_form()) {
      draw_tools(screen, compact);
    }
    for (BarAction action : screen.bar_actions()) {
      action.disabled = action.disabled || (app_.read_only() && (action.primary || action.danger || screen.is_form()));
      if (action.always_in_menu || (compact && !action.primary)) {
        folded.push_back(action);
        continue;
      }
      const ButtonKind kind = action.primary ? ButtonKind::primary : ButtonKind::secondary;
      const std::string_view why = action.disabled && app_.read_only() ? app_.say(Word::read_only_reason) : std::string_view();
      const bool hit = (compact && !screen.is_form()) || (brief_actions_ && !action.primary)
                           ? app_.ui.icon_button(action.key, action.icon, action.label, {.kind = kind, .disabled = action.disabled, .description = why})
                           : app_.ui.button(action.key, action.label, {.kind = kind, .icon = action.icon, .disabled = action.disabled, .description = why});
      if (hit) {
        pressed = action.key;
      }
    }
    if (!folded.empty() || (compact && !screen.is_form())) {
      draw_overflow(folded, screen, compact && !screen.is_form());
    }
  });
  if (!pressed.empty()) {
    screen.on_bar_action(pressed);
  }
}

// What is being entered is not saved, however durable all the rest is.
void Shell::draw_durable_state(Screen& screen) {
  const DurableState state = app_.durable.health().state;
  const bool kept = state == DurableState::saved || state == DurableState::saving;  // drafts are saved while one types
  const bool entering = kept && screen.is_form() && screen.unsaved();
  const DurableLook look = entering ? DurableLook{Word::state_entering, Icon::edit, ColorToken::text_muted} : look_of(state);
  if (brief_state_ && state == DurableState::saved) {
    // All is well: the title needs the room more. Whoever listens still hears the word.
    app_.ui.icon(look.icon, look.color, Metrics::icon, app_.say(look.word), Role::status);
    return;
  }
  app_.ui.icon(look.icon, look.color, Metrics::icon_small);
  app_.ui.text(app_.say(look.word), {.style = TextStyle::caption, .color = look.color, .max_lines = 1, .role = Role::status});
}

// None on the page that lists them: there it would lead to where one is.
std::int64_t Shell::conflicts_to_show(const Screen& screen) { return screen.route().place == Place::conflicts ? 0 : app_.conflict_count(); }

void Shell::draw_tools(const Screen& screen, bool compact) {
  const std::int64_t conflicts = conflicts_to_show(screen);
  if (!compact) {
    if (conflicts > 0) {
      const std::string name = app_.say(Word::conflicts_waiting, {std::to_string(conflicts)});
      if (app_.ui.icon_button("conflicts", Icon::conflict, name, {.count = static_cast<int>(conflicts)})) {
        app_.router.go({.place = Place::conflicts});
      }
    }
    const UndoState undo = app_.store->undo_state();
    if (app_.ui.icon_button("undo", Icon::undo, app_.say(Word::undo), {.disabled = !undo.can_undo || app_.read_only(), .description = app_.say(undo.undo_label)})) {
      app_.steps.next(false);
    }
    if (app_.ui.icon_button("redo", Icon::redo, app_.say(Word::redo), {.disabled = !undo.can_redo || app_.read_only(), .description = app_.say(undo.redo_label)})) {
      app_.steps.next(true);
    }
  }
  if (app_.ui.icon_button("search", Icon::search, app_.say(Word::search_everything), {.has_popup = true})) {
    palette_open_ = true;
    palette_query_.clear();
  }
}

void Shell::draw_overflow(const std::vector<BarAction>& folded, Screen& screen, bool with_tools) {
  if (app_.ui.icon_button("actions", Icon::more, app_.say(Word::actions), {.has_popup = true})) {
    overflow_open_ = true;
  }
  std::vector<MenuItem> items;
  for (const BarAction& action : folded) {
    items.push_back({.key = action.key, .label = action.label, .icon = action.icon, .danger = action.danger, .disabled = action.disabled});
  }
  const UndoState undo = with_tools ? app_.store->undo_state() : UndoState{};
  const std::int64_t count = conflicts_to_show(screen);
  const std::string conflicts = app_.say(Word::conflicts_waiting, {std::to_string(count)});
  if (with_tools) {
    items.push_back({.key = "undo", .label = app_.say(Word::undo), .icon = Icon::undo, .disabled = !undo.can_undo || app_.read_only(), .divider_before = !items.empty()});
    items.push_back({.key = "redo", .label = app_.say(Word::redo), .icon = Icon::redo, .disabled = !undo.can_redo || app_.read_only()});
    if (count > 0) {
      items.push_back({.key = "conflicts", .label = conflicts, .icon = Icon::conflict});
    }
  }
  const int chosen = app_.ui.menu("overflow", overflow_open_, items);
  if (chosen < 0) {
    return;
  }
  const auto position = static_cast<std::size_t>(chosen);
  if (position < folded.size()) {
    screen.on_bar_action(folded[position].key);
  } else if (items[position].key == "undo") {
    app_.steps.next(false);
  } else if (items[position].key == "redo") {
    app_.steps.next(true);
  } else {
    app_.router.go({.place = Place::conflicts});
  }
}

}  // namespace kehubu
