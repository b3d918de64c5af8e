// A figure that can be pressed leads to what it counts: as many are found there as it says.
#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "core/base/date.h"
#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

std::int64_t first_number(std::string_view words) {
  std::string digits;
  for (const char letter : words.substr(std::min(words.size(), words.find_first_of("0123456789")))) {
    if (letter != ',' && (letter < '0' || letter > '9')) {
      break;
    }
    digits += letter == ',' ? "" : std::string(1, letter);
  }
  std::int64_t number = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

struct FigureTablet : SampleTablet {
  FigureTablet() { turn({.width = 1180, .height = 820, .device_pixel_ratio = 1}); }
  // The tiles stand in one line: whoever adds another one has it walked, too.
  [[nodiscard]] std::vector<std::string> tiles() const {
    const SemanticNode* first = find_like(Role::button, "本月拜访");
    REQUIRE_MESSAGE(first != nullptr, outline());
    std::vector<std::string> names;
    for (const SemanticNode& node : mirror.tree.nodes) {
      if (node.role == Role::button && node.rectangle.top == first->rectangle.top && node.rectangle.height == first->rectangle.height) {
        names.push_back(node.name);
      }
    }
    return names;
  }
  // On the board: the cards of all stages that go on.
  [[nodiscard]] std::int64_t found() const {
    std::int64_t on_board = -1;
    for (const SemanticNode& node : mirror.tree.nodes) {
      if (node.role == Role::status && (node.name.starts_with("找到 ") || node.name.starts_with("共 "))) {
        return first_number(node.name);
      }
      if (node.role == Role::heading && node.name.ends_with(" 单")) {
        on_board = std::max<std::int64_t>(on_board, 0) + first_number(node.name);
      }
    }
    return on_board;
  }
  void narrow_customers() {
    section("客户");
    press_button("我的");
    section("今天");
  }
};

}  // namespace

TEST_CASE("every figure of today's page leads to as many as it says, whatever its list was narrowed to before") {
  FigureTablet tablet;
  tablet.narrow_customers();
  const std::vector<std::string> tiles = tablet.tiles();
  REQUIRE(tiles.size() >= 4);
  for (const std::string& tile : tiles) {
    CAPTURE(tile);
    tablet.section("今天");
    tablet.press(Role::button, tile);
    CHECK_MESSAGE(tablet.found() == first_number(tile), tablet.outline());
  }
  tablet.section("今天");
  if (const SemanticNode* all = tablet.find_like(Role::button, "查看全部")) {
    const std::string name = all->name;
    tablet.press(Role::button, name);
    CHECK_MESSAGE(tablet.found() == first_number(name), tablet.outline());
  }
}

TEST_CASE("the month of a figure stands on a chip of the list, is there after a reload, and can be taken away") {
  FigureTablet tablet;
  for (const bool chinese : {true, false}) {
    tablet.speak(chinese);
    tablet.go("today");
    tablet.press_button(chinese ? "本月拜访" : "Visits this month");
    tablet.die_and_restart();
    const SemanticNode* chip = tablet.find_like(Role::button, chinese ? "联系时间：" : "Contact time: ");
    REQUIRE_MESSAGE(chip != nullptr, tablet.outline());
    CHECK_MESSAGE(chip->name.ends_with(iso_date(local_date(tablet.platform.wall_clock_ms)).substr(0, 7)), chip->name);
  }
  tablet.speak(true);
  const std::int64_t of_month = tablet.found();
  tablet.press_button("联系时间：");
  CHECK_MESSAGE(tablet.find_like(Role::button, "联系时间：") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.found() > of_month, tablet.outline());
}

