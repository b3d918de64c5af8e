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

void DialogForm::draw_offer() {
  if (keeper_.draw_offer() != DraftAnswer::none) {
    begin();
  }
}

}  // namespace kehubu
