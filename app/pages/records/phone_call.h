// PhoneCall: a tap on "call". What stands in a field of telephone numbers may be several, and one with an extension.
#pragma once

#include <string>
#include <string_view>

#include "app/shell/app.h"

namespace kehubu {

class PhoneCall {
 public:
  explicit PhoneCall(App& app) : app_(app) {}

  // Dials the number that the text holds; of several, draw() asks which. While an input event is handled (Platform::open_link).
  void dial(std::string_view text);
  void draw();

 private:
  App& app_;
  std::string asked_;  // the text of several numbers; "": nothing is asked
};

}  // namespace kehubu
