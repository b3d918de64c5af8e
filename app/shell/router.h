// Router: the history of screens, and the guard before unsaved work.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/route.h"

namespace kehubu {

class App;
class Screen;

class Router {
 public:
  explicit Router(App& app);
  ~Router();

  // Goes forward to a route; going to where one is already does nothing.
  void go(const Route& route);
  // Forward without asking about what is unsaved: the form stays behind it, its draft is kept, and back leads to it.
  void look_at(const Route& route);
  // A section of the navigation: starts a history of its own.
  void go_root(const Route& route);
  // Puts a route in the place of the present one, e.g. the record after its form was saved.
  void replace(const Route& route);
  void back();
  // Back without asking: the screen has saved or means to leave.
  void leave();

  [[nodiscard]] bool can_go_back() const { return screens_.size() > 1; }
  [[nodiscard]] Screen* current() { return screens_.empty() ? nullptr : screens_.back().get(); }
  [[nodiscard]] const Route& root() const;
  // Forgets every screen and begins at this one, above that of its section: as after a reload.
  void reset(const Route& route);
  void keep_drafts();
  // A page holds what no draft keeps: closing the tab, or another version, would lose it.
  [[nodiscard]] bool would_lose() const;
  // At the very end.
  void clear();

  // The browser's Back (steps below zero), Forward and typed addresses.
  void on_address_changed(const std::string& text, int steps);

  // Once a frame has been drawn.
  void watch_layers();
  // Does what was asked for during the frame. Screens are never destroyed while they draw themselves.
  void settle();
  // The question before unsaved work; drawn by the shell.
  void draw_guard();
  [[nodiscard]] bool asks() const { return guard_open_; }

 private:
  enum class Move { forward, root, replace, back, reset };
  struct Request {
    Move move = Move::forward;
    Route route;
    bool guarded = true;
    int browser_steps = 0;       // that the browser has taken already: the address is this route's
    bool taken_back = false;     // these steps, while the question before unsaved work stands
  };
  void ask(Request request);
  void perform(const Request& request);
  void tell_browser(const Request& request);
  void leave_layer_entry();

  App& app_;
  std::vector<std::unique_ptr<Screen>> screens_;
  std::vector<Request> requests_;
  std::optional<Request> held_;  // waits for the answer of the guard
  bool guard_open_ = false;
  bool has_layer_entry_ = false;  // the browser stands at an entry that is there only for what stands over the page
  std::string address_;  // of the entry of the browser's history that the page stands at
};

}  // namespace kehubu
