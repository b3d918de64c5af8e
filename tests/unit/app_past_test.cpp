// A record looked back at: as it stood at the end of a day, and what its history says of decisions.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

TEST_CASE("a contract of an earlier day has its lines and what they came to then") {
  SampleTablet tablet;
  tablet.press(Role::link, "合同");
  tablet.press(Role::row, "博海餐饮年度供货合同");
  const std::string product = "原味葵花籽";
  REQUIRE_MESSAGE(tablet.shows(product), tablet.outline());
  std::string total;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    total = node.role == Role::status && node.name.starts_with("¥") ? node.name : total;
  }
  REQUIRE_MESSAGE(!total.empty(), tablet.outline());
  tablet.platform.wall_clock_ms += 2 * 24LL * 60 * 60 * 1000;
  tablet.press_button("编辑");
  tablet.type("第 1 行 数量", "7777");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(!tablet.shows(total), tablet.outline());
  tablet.press(Role::tab, "修改历史");
  SUBCASE("before the change") {
    tablet.type("回看某一天的样子", "2025-11-24");
    REQUIRE_MESSAGE(tablet.shows("这是 2025-11-24 当天结束时的资料"), tablet.outline());
    CHECK_MESSAGE(tablet.shows(product), tablet.outline());
    CHECK_MESSAGE(tablet.shows(total), tablet.outline());
    CHECK_MESSAGE(!tablet.shows("7,777"), tablet.outline());
  }
  SUBCASE("before there was any") {
    tablet.type("回看某一天的样子", "2020-01-01");
    CHECK_MESSAGE(tablet.shows("2020-01-01 当天还没有这条记录"), tablet.outline());
    CHECK_MESSAGE(!tablet.shows("7777"), tablet.outline());
    tablet.press_button("回到今天");
    CHECK_MESSAGE(!tablet.shows("当天还没有这条记录"), tablet.outline());
  }
}
