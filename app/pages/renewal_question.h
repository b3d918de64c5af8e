// RenewalQuestion: whether this device goes on as a new one, asked from the settings and where a restored tablet is told of.
#pragma once

#include "app/shell/app.h"

namespace kehubu {

class RenewalQuestion {
 public:
  explicit RenewalQuestion(App& app) : app_(app) {}

  void ask() { open_ = true; }
  [[nodiscard]] bool is_open() const { return open_; }
  // The dialog, while it is open. Once per frame. True when it has just been answered with yes.
  bool draw();

 private:
  App& app_;
  bool open_ = false;
};

}  // namespace kehubu
