// What does not fit into a phone's bottom bar.
#pragma once

#include "app/shell/screen.h"

namespace kehubu {

class MoreScreen final : public Screen {
 public:
  explicit MoreScreen(App& app) : Screen(app, {.place = Place::more}) {}
  std::string title() override { return std::string(say(Word::more)); }
  void draw(const Rectangle& place) override;
};

}  // namespace kehubu
