// Who uses this device, changed from the settings.
#pragma once

#include "app/pages/identity_form.h"
#include "app/shell/screen.h"

namespace kehubu {

class IdentityScreen final : public Screen {
 public:
  explicit IdentityScreen(App& app) : Screen(app, {.place = Place::identity}), form_(*this) {}

  std::string title() override { return std::string(say(Word::settings_person)); }
  bool is_form() const override { return true; }
  std::vector<BarAction> bar_actions() override {
    return {{.key = "save", .label = std::string(say(Word::save)), .icon = Icon::check, .primary = true}};
  }
  void on_bar_action(std::string_view /*key*/) override {
    if (form_.save()) {
      app.notify(std::string(say(Word::identity_saved)), Tone::success);
      app.router.leave();
    }
  }
  void draw(const Rectangle& place) override {
    page_area(place, [&] {
      ui.muted(say(Word::first_who_sentence));
      ui.space();
      form_.draw();
    });
  }

 private:
  IdentityForm form_;
};

}  // namespace kehubu
