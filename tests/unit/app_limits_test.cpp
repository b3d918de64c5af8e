// What is shown in part says how much more there is, what is summed up is all of it, and "all" leads to all of the same.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/sample_tablet.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

struct Company : AppTablet {
  Company() : office(2, "总部") {
    press_button("从空白开始");
    type("姓名", "王敏");
    type("业务代码", "R07");
    press_button("开始使用");
    office.environment().now = platform.wall_clock_ms;
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
  }
  void receive() {
    const std::string bundle = office.export_all();
    platform.drop_files({{.name = "kehubu.json", .bytes = Bytes(bundle.begin(), bundle.end())}});
    rest();
    press_button("合并");
    press_button("知道了");
  }
  void open_customer() {
    press(Role::link, "客户");
    press(Role::row, "博海餐饮");
  }
  TestDevice office;
  Id customer;
};

}  // namespace

TEST_CASE("a tab of a customer says how many are not listed") {
  Company tablet;
  for (int number = 0; number < 203; ++number) {
    tablet.office.create("contact", {{"customer", tablet.customer}, {"name", "联系人" + std::to_string(1000 + number)}}, as_it_is);
  }
  tablet.receive();
  tablet.open_customer();
  tablet.press(Role::tab, "联系人");
  CHECK_MESSAGE(tablet.shows("还有 3 条"), tablet.outline());
}

TEST_CASE("a contract of more than 500 lines comes to all of them") {
  Company tablet;
  const Id product = tablet.office.create("product", {{"code", "P-1"}, {"name", "南瓜子"}, {"list_price", std::int64_t{100'00}}}, as_it_is);
  const Id contract = tablet.office.create("contract", {{"customer", tablet.customer}, {"contract_no", "HT-1"}, {"title", "年度合同"}, {"status", "draft"}}, as_it_is);
  for (std::int64_t number = 1; number <= 503; ++number) {
    tablet.office.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{1'00}}}, as_it_is);
  }
  tablet.receive();
  tablet.go("record/contract/" + contract.text() + "/-");
  CHECK_MESSAGE(tablet.shows("¥503.00"), tablet.outline());
}

TEST_CASE("'all' below the customers who are due leads to those, and only those") {
  SampleTablet tablet;
  tablet.press(Role::link, "今天");
  std::string all;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    all = node.role == Role::button && node.name.starts_with("查看全部") ? node.name : all;
  }
  REQUIRE_MESSAGE(!all.empty(), tablet.outline());
  const std::string count = all.substr(std::string("查看全部 ").size(), all.find(" 位") - std::string("查看全部 ").size());
  tablet.press_button(all);
  CHECK_MESSAGE(tablet.shows("找到 " + count), tablet.outline());
  // What narrows the list is seen, and can be taken away.
  const SemanticNode* chip = tablet.find_like(Role::button, "及以前");
  REQUIRE_MESSAGE(chip != nullptr, tablet.outline());
  tablet.press_button(chip->name);
  CHECK_MESSAGE(!tablet.shows("及以前"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("找到 " + count + " "), tablet.outline());
}

TEST_CASE("of several files that are dropped each goes by what it is, and what is left is named") {
  Company tablet;
  const std::string bundle = tablet.office.export_all(), table = "客户名称,电话\n甲店,13800138000\n";
  const PickedFile list{.name = "名单.csv", .bytes = Bytes(table.begin(), table.end())}, packed{.name = "kehubu.json", .bytes = Bytes(bundle.begin(), bundle.end())};
  SUBCASE("the table on top") { tablet.platform.drop_files({list, packed}); }
  SUBCASE("the bundle on top") { tablet.platform.drop_files({packed, list}); }
  tablet.pass(200);
  CHECK_MESSAGE(tablet.shows("“名单.csv”不是同步包"), tablet.outline());
  tablet.rest();
  CHECK_MESSAGE(tablet.find_like(Role::button, "合并") != nullptr, tablet.outline());
  CHECK_MESSAGE(!tablet.shows("拒收"), tablet.outline());
}
