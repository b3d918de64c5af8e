// The welcome page: start empty, with sample data, or from a bundle; then who you are.
#pragma once

#include <memory>

#include "app/pages/identity_form.h"
#include "app/shell/app.h"
#include "app/shell/startup.h"

namespace kehubu {

class FirstRunPage {
 public:
  FirstRunPage(App& app, Startup& startup) : app_(app), startup_(startup) {}
  void draw(const Rectangle& place);

 private:
  void draw_welcome();
  [[nodiscard]] bool draw_choice(std::string_view key, Icon icon, Word title, Word sentence);
  void draw_identity();
  void pick_bundle();
  void merge(std::vector<std::pair<std::string, std::string>> files);
  void make_sample();

  App& app_;
  Startup& startup_;
  std::unique_ptr<IdentityForm> identity_;
};

}  // namespace kehubu
