#include "app/shell/leave_question.h"

namespace kehubu {

LeaveAnswer draw_leave_question(App& app, bool can_keep) {
  const Language& say = app.say;
  LeaveAnswer answer = LeaveAnswer::none;
  bool open = true;
  app.ui.dialog("guard", open, {.title = say(can_keep ? Word::leave_title : Word::leave_unfinished_title), .tone = Tone::warning, .icon = Icon::edit}, [&] {
    app.ui.text(say(can_keep ? Word::leave_sentence : Word::leave_unfinished_sentence), {.color = ColorToken::text_muted});
    app.ui.space(Space::s);
    if (can_keep && app.ui.button("keep", say(Word::leave_keep), {.kind = ButtonKind::primary, .fill_width = true})) {
      answer = LeaveAnswer::keep;
    }
    if (app.ui.button("stay", say(can_keep ? Word::leave_stay : Word::leave_unfinished_stay), {.fill_width = true})) {
      answer = LeaveAnswer::stay;
    }
    if (app.ui.button("discard", say(can_keep ? Word::leave_discard : Word::leave_unfinished_go), {.kind = ButtonKind::ghost, .fill_width = true})) {
      answer = LeaveAnswer::discard;
    }
  });
  return open ? answer : LeaveAnswer::stay;
}

}  // namespace kehubu
