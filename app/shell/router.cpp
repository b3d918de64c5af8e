#include "app/shell/router.h"

#include <algorithm>
#include <utility>

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
    const bool by_browser = request.browser_steps != 0 && !request.taken_back;
    // While it asks, the address is that of the page that is still there, also for a reload.
    if (request.guarded && current() && current()->unsaved()) {
      held_ = request;
      guard_open_ = true;
      if (by_browser) {
        app_.platform.walk_history(-request.browser_steps);
        held_->taken_back = true;
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
    if (const Route section = section_of(request.route); request.move == Move::reset && section != request.route) {
      screens_.push_back(make_screen(app_, section));
    }
    screens_.push_back(make_screen(app_, request.route));
  }
  tell_browser(request);
  app_.platform.request_frame();
}

// Beneath the first entry lies another site. While something stands over the page an entry of its own does, for Back to leave. Not where the guard
// asks about a way that the browser had taken: the entry it led to would be gone.
void Router::watch_layers() {
  const auto leads_on = [](const Request& request) { return request.browser_steps > 0; };
  const bool is_needed = (held_ && leads_on(*held_)) || std::ranges::any_of(requests_, leads_on);
  if (app_.ui.has_layers() && !has_layer_entry_ && !is_needed && app_.platform.at_first_entry()) {
    app_.platform.push_route(app_.platform.route());
    has_layer_entry_ = true;
  } else if (!app_.ui.has_layers()) {
    leave_layer_entry();
  }
}

void Router::leave_layer_entry() {
  if (std::exchange(has_layer_entry_, false)) {
    app_.platform.walk_history(-1);
  }
}

void Router::tell_browser(const Request& request) {
  // A way that the browser has taken begins there, and ends elsewhere already.
  request.browser_steps == 0 ? leave_layer_entry() : void(has_layer_entry_ = false);
  const std::string address = current() ? route_text(current()->route()) : std::string();
  const bool told = address == std::exchange(address_, address);
  if (request.browser_steps != 0) {
    if (request.taken_back) {
      app_.platform.walk_history(request.browser_steps);
    }
  } else if (request.move == Move::back) {
    app_.platform.back_to_route(address);
  } else if (!told) {  // else an entry more would lead from the page to itself
    const bool is_further = request.move == Move::forward || request.move == Move::root;
    is_further ? app_.platform.push_route(address) : app_.platform.replace_route(address);
  }
}

void Router::on_address_changed(const std::string& text, int steps) {
  // Back closes what stands over the page, the uppermost first. What runs under a dialog tells its outcome on the page that began
  // it: the browser waits, too.
  const bool closes = steps < 0 && app_.ui.has_layers();
  if (closes || (steps != 0 && app_.current_job())) {
    app_.platform.walk_history(-steps);
    if (closes) {
      app_.ui.dismiss_layer();
    }
    app_.platform.request_frame();
    return;
  }
  if (!current() || text == route_text(current()->route())) {
    return;
  }
  const bool is_beneath = screens_.size() > 1 && text == route_text(screens_[screens_.size() - 2]->route());
  if (is_beneath) {
    ask({.move = Move::back, .route = {}, .browser_steps = steps});
  } else if (const auto route = parse_route(text)) {
    // Back to a page that is not held any more, as after a reload: it begins anew.
    const Move move = section_of(*route) == *route ? Move::root : steps < 0 ? Move::reset : Move::forward;
    ask({.move = move, .route = *route, .browser_steps = steps});
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
