// Settings of this device: who uses it, how it looks, where the data stands, backup, erasing, versions.
#pragma once

#include <string>

#include "app/pages/renewal_question.h"
#include "app/shell/screen.h"

namespace kehubu {

class SettingsScreen final : public Screen {
 public:
  explicit SettingsScreen(App& app) : Screen(app, {.place = Place::settings}), renewal_(app) {}

  std::string title() override { return std::string(say(Word::settings)); }
  void draw(const Rectangle& place) override;

 private:
  void draw_person();
  void draw_look();
  void draw_data();
  void draw_storage();
  void draw_backup();
  void draw_starting_over();
  void draw_about();
  void draw_erase_dialog();
  void backup();

  RenewalQuestion renewal_;
  bool erasing_ = false;
  bool protection_asked_ = false;
  std::string typed_;
};

}  // namespace kehubu
