// Undoing on the page: a step that cannot be undone says why, and stands in no other one's way.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/sample_tablet.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

void make_customer(AppTablet& tablet, std::string_view name) {
  tablet.press(Role::link, "客户");
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

TEST_CASE("the button of a message that cannot take its step back says why and offers the others, as the button of the bar does") {
  TestDevice office(26, "办公室");
  AppTablet tablet;
  office.environment().now = tablet.platform.wall_clock_ms;
  office.use_as(office.create("employee", {{"code", "HQ1"}, {"name", "赵工"}, {"role", "admin"}}, {.skip_validation = true}));
  const Id gone = office.create("employee", {{"code", "R14"}, {"name", "孙离职"}, {"role", "rep"}}, {.skip_validation = true});
  office.create("employee", {{"code", "R15"}, {"name", "李强"}, {"role", "rep"}}, {.skip_validation = true});
  office.remove("employee", gone);
  const Id customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"owner", gone}}, {.skip_validation = true});
  const std::string bundle = office.export_all();
  tablet.platform.files_to_pick = {{.name = "kehubu.json", .bytes = {bundle.begin(), bundle.end()}}};
  tablet.press_button("从同步包开始");
  tablet.choose("这台设备归谁用", "李强");
  tablet.press_button("开始使用");
  make_customer(tablet, "甲商行");
  tablet.go("record/customer/" + customer.text() + "/-");
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改：归属");
  tablet.choose("业务员", "李强");
  tablet.send_event({.node = tablet.find_like(Role::button, "保存")->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(200);
  NodeId of_message{};  // the last one; the other stands in the bar
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    of_message = node.role == Role::button && node.name == "撤销" ? node.id : of_message;
  }
  tablet.send_event({.node = of_message, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.rest();
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "撤销") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("不能撤销“修改客户 博海餐饮：业务员”"), tablet.outline());
  tablet.press(Role::button, "新建客户 甲商行");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("业务员, 李强"), tablet.outline());
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.find_like(Role::row, "甲商行") == nullptr, tablet.outline());
}
