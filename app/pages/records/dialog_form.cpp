#include "app/pages/records/dialog_form.h"

#include <utility>

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
  started_as_ = form_->pack();
  if (const auto draft = keeper_.take_resumed()) {
    form_->unpack(*draft);
  }
}

DialogForm::Answer DialogForm::draw(const Look& look, FunctionRef<void()> fields) {
  bool open = true, saving = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::cancel))) {
      open = false;
    }
    saving = app_.ui.button("save", app_.say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check});
  };
  // What was typed is not thrown away by a tap beside it.
  app_.ui.dialog(look.key, open, {.title = look.title, .width = look.width, .full_on_phone = look.full_on_phone, .dismissible = !changed(), .actions = actions}, [&] {
    draw_offer();
    fields();
  });
  form().draw_overlays();
  if (!open) {
    keeper_.discard();
    return Answer::closed;
  }
  return saving || form().take_agreed() || (look.enter_saves && form().take_submitted()) ? Answer::save : Answer::none;
}

void DialogForm::draw_offer() {
  if (keeper_.draw_offer() != DraftAnswer::none) {
    begin();
  }
  form().draw_changes_since();
}

}  // namespace kehubu
