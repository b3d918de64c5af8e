// Tablets on which somebody types and the page dies before the field is left.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/support/sample_tablet.h"

namespace kehubu::test {

constexpr std::int64_t typing_pause_ms = 700;  // a person stops typing for a moment

struct EmptyTablet : AppTablet {
  EmptyTablet() {
    press_button("从空白开始");
    type("姓名", "王敏");
    type("业务代码", "R07");
    press_button("开始使用");
  }
  // Letters arrive, and the page dies before the field is left.
  void type_and_die(std::string_view label, std::string_view text, std::int64_t then_ms = typing_pause_ms) {
    const SemanticNode* node = find_like(Role::text_box, label);
    REQUIRE_MESSAGE(node != nullptr, outline());
    send_event({.node = node->id, .kind = SemanticEvent::Kind::draft, .text = std::string(text)});
    pass(then_ms);
    die_and_restart();
  }
};

// With the sample company.
struct DraftTablet : SampleTablet {
  void type_and_die(std::string_view label, std::string_view text) {
    type(label, text);
    pass(typing_pause_ms);
    die_and_restart();
  }
};

}  // namespace kehubu::test
