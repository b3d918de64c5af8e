// Undoing and redoing from the bar, by keys and from the palette: the next step, or, where that is refused or a person wants an earlier
// one, which of them.
#include <algorithm>

#include "app/shell/shell.h"
#include "core/store/undo_steps.h"

namespace kehubu {
namespace {

constexpr std::size_t steps_shown = 20;

}  // namespace

// What was saved before is not taken back behind what is being filled in: who asks for it there means what he typed last.
bool Shell::may_step(bool redo) {
  if (Screen* screen = app_.router.current(); screen->is_form() || screen->unsaved()) {
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

void Shell::step(bool redo) {
  if (may_step(redo)) {
    take_step(redo, undo_steps(*app_.store, redo, 1).front().position);
  }
}

void Shell::choose_step(bool redo) {
  if (may_step(redo)) {
    step_choice_ = {.open = true, .redo = redo};
  }
}

void Shell::take_step(bool redo, std::int64_t position) {
  const auto done = kehubu::take_step(*app_.store, redo, position);
  app_.platform.request_frame();
  if (done) {
    app_.ui.toast({.message = std::string(app_.say(*done)), .action_label = std::string(app_.say(redo ? Word::undo : Word::redo)), .action = [this, redo] { step(!redo); }});
  } else if (const ErrorKind kind = done.error().kind; kind == ErrorKind::refused || kind == ErrorKind::conflict || kind == ErrorKind::unsupported) {
    step_choice_ = {.open = true, .redo = redo, .refused = position, .reason = done.error().message};
  } else {
    app_.show_error(done.error());
  }
}

void Shell::draw_step_choice(const Screen& screen) {
  StepChoice& choice = step_choice_;
  choice.page = choice.page == 0 ? screen.serial() : choice.page;
  if (!choice.open || choice.page != screen.serial()) {
    choice = {};
    return;
  }
  std::int64_t chosen = 0;
  const auto actions = [&] {
    if (app_.ui.button("close", app_.say(Word::close))) {
      choice.open = false;
    }
  };
  app_.ui.dialog("steps", choice.open, {.title = app_.say(choice.redo ? Word::redo : Word::undo), .actions = actions}, [&] {
    if (const std::string_view reason = app_.say(choice.reason); !reason.empty()) {
      app_.ui.text(reason, {.role = Role::status});
      app_.ui.space(Space::s);
    }
    for (const UndoStep& step : undo_steps(*app_.store, choice.redo, steps_shown)) {
      const std::string_view label = app_.say(step.label);
      if (step.position != choice.refused && app_.ui.list_row(std::to_string(step.position), {.title = label, .icon = choice.redo ? Icon::redo : Icon::undo, .wrap = true})) {
        chosen = step.position;
      }
    }
  });
  if (chosen != 0) {
    const bool redo = choice.redo;
    choice = {};
    take_step(redo, chosen);
  }
}

}  // namespace kehubu
