#include "app/shell/steps.h"

#include <algorithm>
#include <utility>

#include "app/shell/screen.h"
#include "core/store/undo_steps.h"

namespace kehubu {
namespace {

constexpr std::size_t steps_shown = 20;

}  // namespace

bool Steps::something_is_filled_in() const {
  Screen* screen = app_.router.current();
  return screen != nullptr && (screen->is_form() || screen->unsaved());
}

// Who asks for it where something is being filled in means what he typed last.
bool Steps::may_step(bool redo) {
  if (something_is_filled_in()) {
    app_.notify(std::string(app_.say(Word::undo_not_here)));
    return false;
  }
  if (!app_.may_write()) {
    return false;
  }
  const bool any = !undo_steps(*app_.store, redo, 1).empty();
  any ? void() : app_.notify(std::string(app_.say(redo ? Word::nothing_to_redo : Word::nothing_to_undo)));
  return any;
}

void Steps::next(bool redo) {
  if (may_step(redo)) {
    take(redo, undo_steps(*app_.store, redo, 1).front().position);
  }
}

void Steps::choose(bool redo) {
  if (may_step(redo)) {
    choice_ = {.open = true, .redo = redo};
  }
}

void Steps::tell_undoable(std::string message) {
  app_.ui.toast({.message = std::move(message), .action_label = std::string(app_.say(Word::undo)), .action = take_back_last()});
}

std::function<void()> Steps::take_back_last() {
  const auto last = undo_steps(*app_.store, false, 1);
  return [this, position = last.empty() ? 0 : last.front().position] { take(false, position); };
}

void Steps::take(bool redo, std::int64_t position) {
  if (!app_.may_write()) {
    return;
  }
  const auto done = take_step(*app_.store, redo, position);
  app_.platform.request_frame();
  if (done) {
    app_.ui.toast({.message = std::string(app_.say(*done)), .action_label = std::string(app_.say(redo ? Word::undo : Word::redo)), .action = [this, redo, position] { take(!redo, position); }});
    return;
  }
  const ErrorKind kind = done.error().kind;
  const bool is_refused = kind == ErrorKind::refused || kind == ErrorKind::conflict || kind == ErrorKind::unsupported;
  if (is_refused && !something_is_filled_in()) {
    choice_ = {.open = true, .redo = redo, .refused = position, .reason = done.error().message};
  } else {
    app_.show_error(done.error());
  }
}

void Steps::draw(const Screen& screen) {
  choice_.page = choice_.page == 0 ? screen.serial() : choice_.page;
  if (!choice_.open || choice_.page != screen.serial()) {
    choice_ = {};
    return;
  }
  std::int64_t chosen = 0;
  const auto actions = [&] {
    if (app_.ui.button("close", app_.say(Word::close))) {
      choice_.open = false;
    }
  };
  app_.ui.dialog("steps", choice_.open, {.title = app_.say(choice_.redo ? Word::redo : Word::undo), .actions = actions}, [&] {
    if (const std::string_view reason = app_.say(choice_.reason); !reason.empty()) {
      app_.ui.text(reason, {.role = Role::status});
      app_.ui.space(Space::s);
    }
    for (const UndoStep& step : undo_steps(*app_.store, choice_.redo, steps_shown)) {
      const std::string_view label = app_.say(step.label);
      if (step.position != choice_.refused && app_.ui.list_row(std::to_string(step.position), {.title = label, .icon = choice_.redo ? Icon::redo : Icon::undo, .wrap = true})) {
        chosen = step.position;
      }
    }
  });
  if (chosen != 0) {
    const bool redo = choice_.redo;
    choice_ = {};
    take(redo, chosen);
  }
}

}  // namespace kehubu
