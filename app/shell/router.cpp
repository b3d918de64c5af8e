#include "app/shell/router.h"

#include <algorithm>

#include "app/shell/leave_question.h"
#include "app/shell/screen.h"

namespace kehubu {

Router::Router(App& app) : app_(app) {}
Router::~Router() = default;

void Router::go(const Route& route) { ask({.move = Move::forward, .route = route}); }
void Router::look_at(const Route& route) {
  if (current() && current()->unsaved()) {
    current()->keep_drafts(true);
  }
  ask({.move = Move::forward, .route = route, .guarded = false});
}

void Router::go_root(const Route& route) { ask({.move = Move::root, .route = route}); }
void Router::replace(const Route& route) { ask({.move = Move::replace, .route = route, .guarded = false}); }
void Router::back() { ask({.move = Move::back, .route = {}}); }
void Router::leave() { ask({.move = Move::back, .route = {}, .guarded = false}); }
void Router::reset(const Route& route) { ask({.move = Move::reset, .route = route, .guarded = false}); }

void Router::ask(Request request) {
  requests_.push_back(std::move(request));
  app_.platform.request_frame();
}

const Route& Router::root() const {
  static const Route nowhere;
  return screens_.empty() ? nowhere : screens_.front()->route();
}

void Router::settle() {
  // Performing a request may ask for another one, so walk by index.
  for (std::size_t index = 0; index < requests_.size(); ++index) {
    const Request request = requests_[index];
    // What runs under a dialog tells its outcome on the page that began it: the browser's Back waits, too.
    if (request.from_browser && current() && app_.current_job()) {
      app_.platform.replace_route(route_text(current()->route()));
      continue;
    }
    if (request.guarded && current() && current()->unsaved()) {
      held_ = request;
      guard_open_ = true;
      if (request.from_browser) {
        app_.platform.replace_route(route_text(current()->route()));
      }
      continue;
    }
    perform(request);
  }
  requests_.clear();
}

void Router::perform(const Request& request) {
  if (request.move == Move::forward && current() && current()->route() == request.route) {
    return;
  }
  switch (request.move) {
    case Move::root:
    case Move::reset:
      screens_.clear();
      break;
    case Move::replace:
    case Move::back:
      if (!screens_.empty() && (request.move == Move::replace || screens_.size() > 1)) {
        screens_.pop_back();
      }
      break;
    case Move::forward:
      break;
  }
  if (request.move == Move::back) {
    if (current()) {
      current()->resumed();
    }
  } else {
    screens_.push_back(make_screen(app_, request.route));
  }
  tell_browser(request);
  app_.platform.request_frame();
}

void Router::tell_browser(const Request& request) {
  if (request.from_browser || !current()) {
    return;
  }
  const std::string address = route_text(current()->route());
  if (request.move == Move::forward || request.move == Move::root) {
    app_.platform.push_route(address);
  } else {
    app_.platform.replace_route(address);
  }
}

void Router::on_address_changed(const std::string& text) {
  if (!current() || text == route_text(current()->route())) {
    return;
  }
  const bool is_back = screens_.size() > 1 && text == route_text(screens_[screens_.size() - 2]->route());
  if (is_back) {
    ask({.move = Move::back, .route = {}, .from_browser = true});
  } else if (const auto route = parse_route(text)) {
    ask({.move = section_of(*route) == *route ? Move::root : Move::forward, .route = *route, .from_browser = true});
  }
}

void Router::draw_guard() {
  if (!guard_open_) {
    return;
  }
  const LeaveAnswer answer = draw_leave_question(app_, current() && current()->keeps_drafts());
  if (answer == LeaveAnswer::stay) {
    (void)app_.take_files();  // that were to be opened elsewhere
    held_.reset();
    guard_open_ = false;
    return;
  }
  if (answer == LeaveAnswer::none) {
    return;
  }
  if (current()) {
    if (answer == LeaveAnswer::keep) {
      current()->keep_drafts(false);
      app_.notify(std::string(app_.say(Word::draft_kept)));
    } else {
      current()->discard_drafts();
    }
  }
  guard_open_ = false;
  if (held_) {
    Request request = *std::exchange(held_, std::nullopt);
    request.guarded = false;
    // Its address was put back when it asked; now it is that of the page that is shown, also after a reload.
    if (request.from_browser && request.move != Move::back) {
      app_.platform.replace_route(route_text(request.route));
    } else if (request.from_browser && screens_.size() > 1) {
      app_.platform.replace_route(route_text(screens_[screens_.size() - 2]->route()));
    }
    ask(std::move(request));
  }
}

bool Router::would_lose() const {
  return std::ranges::any_of(screens_, [](const std::unique_ptr<Screen>& screen) { return screen->unsaved() && !screen->keeps_drafts(); });
}

void Router::clear() {
  requests_.clear();
  screens_.clear();
}

void Router::keep_drafts() {
  for (auto& screen : screens_) {
    if (screen->unsaved()) {
      screen->keep_drafts(true);
    }
  }
}

}  // namespace kehubu
