#include "tests/support/app_tablet.h"

#include <doctest/doctest.h>

#include <utility>

#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu::test {
namespace {

constexpr int frame_limit = 2000;
constexpr std::int64_t storage_step_ms = 5;
constexpr std::int64_t storage_patience_ms = 500;  // what comes later is a timer that nobody waits for
constexpr std::int64_t pause_ms = 30'000;
constexpr std::int64_t frame_ms = 16;  // as whole_frame() makes them

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

AppTablet::AppTablet() : own_world_(std::make_unique<FakeWorld>()), world_(*own_world_) { open(); }

AppTablet::AppTablet(const FakeDisk& disk) : own_world_(std::make_unique<FakeWorld>()), world_(*own_world_) {
  world_.disk = disk;
  open();
}

AppTablet::AppTablet(FakeWorld& world) : world_(world) { open(); }

AppTablet::~AppTablet() {
  application_.reset();
  storage_->crash();
}

void AppTablet::close() {
  storage_->crash();
  application_.reset();
  store_.reset();
  image_.reset();
  storage_.reset();
}

void AppTablet::die_and_restart() {
  close();
  open();
}

void AppTablet::hide_and_restart() {
  application_->on_hidden();
  die_and_restart();
}

void AppTablet::restart_with(const FakeDisk& disk) {
  close();
  world_.disk = disk;
  open();
}

void AppTablet::pass(std::int64_t milliseconds) {
  for (std::int64_t passed = 0; passed < milliseconds; passed += frame_ms) {
    platform.clear_requests();
    one_frame();
    platform.run_callbacks();
    world_.run_for(frame_ms);
  }
}

void AppTablet::go(std::string_view address) {
  platform.open_address(address);
  rest();
}

void AppTablet::press_now(Role role, std::string_view part) {
  const SemanticNode* node = find_like(role, part);
  REQUIRE_MESSAGE(node != nullptr, (std::string(part) + " is not on the screen:\n" + outline()));
  send_event({.node = node->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  rest();
}

void AppTablet::open() {
  storage_ = std::make_unique<FakeStorage>(world_);
  image_ = std::make_unique<PageImage>();
  store_ = std::make_unique<DurableStore>(*storage_, *image_, platform);
  application_ = make_application({.platform = platform, .mirror = mirror, .image = *image_, .store = *store_});
  rest();
}

void AppTablet::restart() {
  application_->on_hidden();
  rest();
  application_.reset();
  storage_->crash();
  store_.reset();
  image_.reset();
  storage_.reset();
  open();
}

void AppTablet::one_frame(double elapsed_ms) {
  whole_frame([this] { application_->frame(); }, [this] { return application_->unsettled(); }, elapsed_ms);
}

void AppTablet::rest() {
  settle();
  // As long as nobody touches anything: messages pass, storage does what it does in its own time.
  one_frame(pause_ms);
  world_.run_for(pause_ms);
  settle();
}

void AppTablet::settle() {
  int made = 0;
  bool moving = true;
  while (moving && made++ < frame_limit) {
    platform.clear_requests();
    while (application_->has_work()) {
      application_->work();
    }
    one_frame();
    platform.run_callbacks();
    world_.run_for(storage_step_ms);
    const bool input_waits = ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;  // ImGui takes one change of a button a frame
    moving = application_->wants_frame() || application_->has_work() || platform.frame_requested || input_waits || world_.next_event_within(storage_patience_ms);
  }
}

const SemanticNode* AppTablet::find_like(Role role, std::string_view part) const {
  for (const SemanticNode& node : mirror.tree.nodes) {
    if (node.role == role && contains(node.name, part)) {
      return &node;
    }
  }
  return nullptr;
}

bool AppTablet::shows(std::string_view part) const {
  for (const SemanticNode& node : mirror.tree.nodes) {
    if (contains(node.name, part) || contains(node.value, part) || contains(node.description, part)) {
      return true;
    }
  }
  return false;
}

void AppTablet::press(Role role, std::string_view part) {
  const SemanticNode* node = find_like(role, part);
  REQUIRE_MESSAGE(node != nullptr, (std::string(part) + " is not on the screen:\n" + outline()));
  REQUIRE_MESSAGE(!node->disabled, (std::string(part) + " is disabled"));
  send_event({.node = node->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  rest();
}

// As a person writes: the field is entered, filled, and left or confirmed.
void AppTablet::write(Role first, Role else_role, std::string_view label, std::string_view text, SemanticEvent::Kind last) {
  const SemanticNode* node = find_like(first, label);
  node = node ? node : find_like(else_role, label);
  REQUIRE_MESSAGE(node != nullptr, (std::string(label) + " is not on the screen:\n" + outline()));
  const NodeId id = node->id;
  for (const SemanticEvent& event : {SemanticEvent{.node = id, .kind = SemanticEvent::Kind::focus, .text = {}},
                                     SemanticEvent{.node = id, .kind = SemanticEvent::Kind::draft, .text = std::string(text)}}) {
    send_event(event);
    one_frame();
  }
  send_event({.node = id, .kind = last, .text = std::string(text)});
  rest();
}

void AppTablet::type(std::string_view label, std::string_view text) {
  write(Role::text_box, Role::search_box, label, text, SemanticEvent::Kind::blur);
}

void AppTablet::choose(std::string_view label, std::string_view option) {
  press(Role::combo_box, label);
  press(Role::option, option);
}

void AppTablet::enter(std::string_view label, std::string_view text) {
  write(Role::search_box, Role::text_box, label, text, SemanticEvent::Kind::submit);
}

void AppTablet::ask_for_menu(Role role, std::string_view part) {
  const SemanticNode* node = find_like(role, part);
  REQUIRE_MESSAGE(node != nullptr, (std::string(part) + " is not on the screen:\n" + outline()));
  send_event({.node = node->id, .kind = SemanticEvent::Kind::menu, .text = {}});
  rest();
}

void AppTablet::escape() {
  send_event({.node = mirror.tree.nodes.front().id, .kind = SemanticEvent::Kind::cancel, .text = {}});
  rest();
}

void AppTablet::command(char key) {
  const auto letter = static_cast<ImGuiKey>(ImGuiKey_A + (key - 'A'));
  for (const bool down : {true, false}) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, down);
    ImGui::GetIO().AddKeyEvent(letter, down);
    rest();
  }
}

void AppTablet::hold(const Rectangle& place) {
  constexpr std::int64_t long_enough_us = 700'000;
  pointer_down(center(place), true);
  rest();
  platform.monotonic_clock_us += long_enough_us;
  platform.request_frame();
  rest();
}

void AppTablet::drag(const Rectangle& from, const Rectangle& to, bool touch) {
  if (touch) {
    hold(from);
  } else {
    pointer_down(center(from));
    rest();
  }
  constexpr int steps = 6;
  const Point begin = center(from), end = center(to);
  for (int step = 1; step <= steps; ++step) {
    const float share = static_cast<float>(step) / steps;
    pointer_move({begin.x + (end.x - begin.x) * share, begin.y + (end.y - begin.y) * share});
    rest();
  }
  pointer_up();
  rest();
}

// Quick: a finger that rests on its way is one that holds.
void AppTablet::swipe(Point from, Point to) {
  constexpr std::int64_t moment_ms = 2 * frame_ms;
  pointer_down(from, true);
  pass(moment_ms);
  pointer_move({(from.x + to.x) / 2, (from.y + to.y) / 2});
  pass(moment_ms);
  pointer_move(to);
  pass(moment_ms);
  pointer_up();
  rest();
}

std::vector<MemoryPlatform::SavedFile> AppTablet::take_files() { return std::exchange(platform.saved_files, {}); }

std::string AppTablet::outline() const {
  std::string lines;
  for (const SemanticNode& node : mirror.tree.nodes) {
    lines += std::to_string(static_cast<int>(node.role)) + " \"" + node.name + "\"" + (node.value.empty() ? "" : " = " + node.value) +
             (node.description.empty() ? "" : " (" + node.description + ")") + (node.disabled ? " disabled" : "") + "\n";
  }
  return lines;
}

}  // namespace kehubu::test
