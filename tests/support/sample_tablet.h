// SampleTablet: a tablet with the sample company on it, and what a person does there in more than one test.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/support/app_tablet.h"

namespace kehubu::test {

struct SampleTablet : AppTablet {
  SampleTablet() {
    press_button("带示例数据");
    REQUIRE_MESSAGE(find_like(Role::link, "客户") != nullptr, outline());
  }
  void section(std::string_view name) { press(Role::link, name); }
  void turn(const Viewport& viewport) {
    platform.viewport_now = viewport;
    platform.request_frame();
    rest();
  }
  void speak(bool chinese) {
    platform.preferences_now.chinese = chinese;
    platform.request_frame();
    rest();
  }
  // The button of the dialog and not of the page below it.
  void press_last_button(std::string_view name) {
    NodeId last{};
    for (const SemanticNode& node : mirror.tree.nodes) {
      last = node.role == Role::button && node.name == name ? node.id : last;
    }
    send_event({.node = last, .kind = SemanticEvent::Kind::activate, .text = {}});
    rest();
  }
  [[nodiscard]] std::string typed(std::string_view label) const {
    const SemanticNode* node = find_like(Role::text_box, label);
    return node ? node->value : "(no such field)";
  }
};

}  // namespace kehubu::test
