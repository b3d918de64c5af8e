// What is shown while the book opens, and when it does not: another tab has it, the browser wiped it, storage is refused.
#pragma once

#include "app/shell/app.h"
#include "app/shell/startup.h"

namespace kehubu {

class StartupPages {
 public:
  StartupPages(App& app, Startup& startup) : app_(app), startup_(startup) {}
  void draw(const Rectangle& place);

 private:
  void draw_state();

  App& app_;
  Startup& startup_;
};

}  // namespace kehubu
