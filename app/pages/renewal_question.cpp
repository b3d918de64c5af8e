#include "app/pages/renewal_question.h"

namespace kehubu {

bool RenewalQuestion::draw() {
  if (!open_) {
    return false;
  }
  const Confirmation answer = app_.ui.confirm("new_device", open_, {.title = app_.say(Word::new_device),
                                                                    .sentence = app_.say(Word::new_device_sentence),
                                                                    .confirm_label = app_.say(Word::new_device),
                                                                    .cancel_label = app_.say(Word::cancel)});
  if (answer != Confirmation::confirmed || !app_.may_write()) {
    return false;
  }
  if (const auto renewed = app_.sync->start_as_new_device()) {
    app_.notify(std::string(app_.say(Word::new_device_done)), Tone::success);
  } else {
    app_.show_error(renewed.error());
  }
  return true;
}

}  // namespace kehubu
