#include "app/pages/records/dialog_form.h"

#include <utility>

#include "app/shell/leave_question.h"

namespace kehubu {

DialogForm::DialogForm(DraftHost& host, const Entity& entity, const Id& id, Options options)
    : app_(host.draft_app()),
      entity_(entity),
      id_(id),
      options_(std::move(options)),
      keeper_(host, {.content = [this] { return form_ && changed() ? form_->pack() : std::string(); }, .title = options_.title}, options_.part) {
  begin();
}

void DialogForm::begin() {
  form_ = std::make_unique<RecordForm>(app_, keeper_, entity_, id_);
  if (options_.start) {
    options_.start(*form_);
  }
  started_as_ = form_->typed();
  if (const auto draft = keeper_.take_resumed()) {
    form_->unpack(*draft);
  }
}

DialogForm::Answer DialogForm::draw(const Look& look, FunctionRef<void()> fields) {
  (void)form().follow_store();
  bool open = true, saving = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::cancel))) {
      open = false;
    }
    saving = app_.ui.button("save", app_.say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check}) || saving;
  };
  app_.ui.dialog(look.key, open, {.title = look.title, .width = look.width, .full_on_phone = look.full_on_phone, .actions = actions}, [&] {
    draw_offer();
    fields();
    saving = app_.ui.shortcut('S', true);  // before the buttons, which are drawn last
  });
  form().draw_overlays();
  if (left(open)) {
    return Answer::closed;
  }
  return saving || form().take_agreed() || (look.enter_saves && form().take_submitted()) ? Answer::save : Answer::none;
}

// Whoever leaves what he has typed is asked, as on a page.
bool DialogForm::left(bool open) {
  if (!open && !changed()) {
    keeper_.discard();
    return true;
  }
  asks_ = asks_ || !open;
  switch (asks_ ? draw_leave_question(app_, !app_.read_only()) : LeaveAnswer::none) {
    case LeaveAnswer::keep:
      keeper_.put_aside();
      app_.notify(std::string(app_.say(Word::draft_kept)));
      return true;
    case LeaveAnswer::discard:
      keeper_.discard();
      return true;
    case LeaveAnswer::stay:
      asks_ = false;
      break;
    case LeaveAnswer::none:
      break;
  }
  return false;
}

void DialogForm::draw_offer() {
  if (keeper_.draw_offer() != DraftAnswer::none) {
    begin();
  }
  form().draw_changes_since();
}

}  // namespace kehubu
