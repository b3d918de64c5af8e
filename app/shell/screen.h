// Screen: what stands between the top bar and the edges. One class and one file per page, in app/pages/.
//
// The router keeps the screens of the history alive, so that going back finds the list where it was left.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/platform.h"
#include "app/shell/app.h"
#include "app/shell/draft_keeper.h"
#include "app/shell/route.h"

namespace kehubu {

// A button of the top bar. Primary ones keep their label; others are icons where room is scarce.
struct BarAction {
  std::string key;
  std::string label;
  Icon icon = Icon::none;
  bool primary = false;
  bool danger = false;
  bool disabled = false;
  bool always_in_menu = false;
};

class Screen : public DraftHost {
 public:
  explicit Screen(App& app, Route route = {}) : DraftHost(app, route_text(route)), app(app), say(app.say), ui(app.ui), route_(std::move(route)) {}

  [[nodiscard]] const Route& route() const { return route_; }
  // Unique for the life of the program: the scope of the screen's widgets.
  [[nodiscard]] std::int64_t serial() const { return serial_; }
  [[nodiscard]] virtual std::string title() = 0;
  // In the bar: the title, unless the page itself shows it just below.
  [[nodiscard]] virtual std::string bar_title() { return title(); }
  // Draws into its part of the screen, usually by one or more areas.
  virtual void draw(const Rectangle& place) = 0;

  [[nodiscard]] virtual std::vector<BarAction> bar_actions() { return {}; }
  virtual void on_bar_action(std::string_view /*key*/) {}
  // Forms have no search, undo or navigation around them: one thing at a time.
  [[nodiscard]] virtual bool is_form() const { return false; }

  // Leaving it would lose what is neither saved nor discarded yet.
  [[nodiscard]] virtual bool unsaved() { return holds_drafts(); }
  // False where nothing can be kept: leaving then means losing it, and the question says so.
  [[nodiscard]] virtual bool keeps_drafts() { return true; }

  // Called when it comes back into view.
  virtual void resumed() {}

 protected:
  // The ordinary page: one scrolling column that does not grow wider than prose should.
  void page_area(const Rectangle& place, FunctionRef<void()> body, float max_width = Metrics::reading_width);

  // For callbacks that come later: does nothing when the screen is gone by then.
  template <typename Callable>
  [[nodiscard]] auto while_alive(Callable callable) {
    return [alive = std::weak_ptr<const bool>(alive_), callable = std::move(callable)](auto&&... arguments) mutable {
      if (!alive.expired()) {
        callable(std::forward<decltype(arguments)>(arguments)...);
      }
    };
  }

  App& app;
  Language& say;
  Ui& ui;

 private:
  Route route_;
  std::int64_t serial_ = ++last_serial_;
  static inline std::int64_t last_serial_ = 0;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

// Makes the screen of a route (app/pages/screens.cpp).
[[nodiscard]] std::unique_ptr<Screen> make_screen(App& app, const Route& route);

}  // namespace kehubu
