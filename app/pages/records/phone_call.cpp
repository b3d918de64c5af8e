#include "app/pages/records/phone_call.h"

#include "core/base/identifiers.h"

namespace kehubu {
namespace {

void call(App& app, const PhoneNumber& number) { app.platform.open_link("tel:" + number.dialled); }

}  // namespace

void PhoneCall::dial(std::string_view text) {
  const std::vector<PhoneNumber> numbers = phone_numbers(text);
  if (numbers.empty()) {
    app_.notify(app_.say(Word::call_no_number, {text}), Tone::warning);
  } else if (numbers.size() == 1) {
    call(app_, numbers.front());
  } else {
    asked_ = text;
    app_.platform.request_frame();
  }
}

void PhoneCall::draw() {
  if (asked_.empty()) {
    return;
  }
  bool open = true;
  app_.ui.dialog("phone_call", open, {.title = app_.say(Word::call_which), .icon = Icon::phone}, [&] {
    std::int64_t index = 0;
    for (const PhoneNumber& number : phone_numbers(asked_)) {
      app_.ui.with_key(index++, [&] {
        if (app_.ui.button("number", number.written, {.icon = Icon::phone, .fill_width = true})) {
          call(app_, number);
          open = false;
        }
      });
    }
  });
  if (!open) {
    asked_.clear();
    app_.platform.request_frame();
  }
}

}  // namespace kehubu
