// Undoing on the page: a step that cannot be undone says why, and stands in no other one's way.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

void make_customer(SampleTablet& tablet, std::string_view name) {
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", name);
  tablet.press_button("保存");
}

void choose_a_step(SampleTablet& tablet) {
  tablet.command('K');
  tablet.type("搜索", "撤销");
  tablet.press(Role::option, "撤销");
}

}  // namespace

TEST_CASE("which step is undone a person can choose; one that is refused says why and offers the others") {
  SampleTablet tablet;
  make_customer(tablet, "甲商行");
  const std::string first = tablet.platform.route_now;
  make_customer(tablet, "乙商行");
  const std::string second = tablet.platform.route_now;
  tablet.go(first);
  tablet.press_button("编辑");
  tablet.type("备注", "改过了");
  tablet.press_button("保存");
  tablet.restart();

  choose_a_step(tablet);
  tablet.press(Role::button, "新建客户 甲商行");
  CHECK_MESSAGE(tablet.shows("不能撤销“新建客户 甲商行”：“甲商行”之后又被您改过，请先撤销那一步"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "新建客户 甲商行") == nullptr, tablet.outline());
  tablet.press(Role::button, "新建客户 乙商行");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  tablet.go(second);
  CHECK_MESSAGE(tablet.find_like(Role::button, "编辑") == nullptr, tablet.outline());
  tablet.command('Y');
  CHECK_MESSAGE(tablet.find_like(Role::button, "编辑") != nullptr, tablet.outline());
  tablet.go(first);
  CHECK_MESSAGE(tablet.find_like(Role::button, "编辑") != nullptr, tablet.outline());

  // Another page is no place for the question any more.
  choose_a_step(tablet);
  tablet.go("today");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
}
