// What a form shows can change below it: while it waits as a draft, and while it stands open behind another page.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/approving_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::int64_t pause_ms = 700;  // a person stops typing for a moment

// Of a form that stands open behind what one looks at: the customer whose telephone number is the same.
struct OpenFormTablet : ApprovingTablet {
  OpenFormTablet() {
    rep.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}, {"phone", "13777777777"}}, as_it_is);
    hear();
    go(route_text(record_of(entity_named("customer"), customer)));
    press_button("编辑");
    type("电话", "13777777777");
    press_button("长江酒店");
  }
  [[nodiscard]] std::string typed(std::string_view label) const {
    const SemanticNode* node = find_like(Role::text_box, label);
    return node ? node->value : "(no such field)";
  }
};

}  // namespace

TEST_CASE("a draft of an approval that was begun at another amount says who changed what, and asks with both amounts") {
  ApprovingTablet tablet;
  const std::string address = route_text(record_of(entity_named("contract"), tablet.contract));
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.choose("合同状态", "执行中");
  tablet.keep_and_leave();
  tablet.rep.edit("contract_line", tablet.line, {{"qty", std::int64_t{500'000}}});
  tablet.hear();
  tablet.go(address);
  tablet.press_button("编辑");
  CHECK_MESSAGE(!tablet.shows("您填写之后"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("您填写之后，这里有改动"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("李强把合同明细 1 的产品/服务数量从“12”改为“500”"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("总价从 ¥1,200.00 变为 ¥50,000.00"), tablet.outline());
  tablet.type("备注", "补一句");
  tablet.pass(pause_ms);
  tablet.die_and_restart();  // as long as it is a draft
  CHECK_MESSAGE(tablet.shows("李强把合同明细 1 的产品/服务数量从“12”改为“500”"), tablet.outline());
  tablet.speak(false);
  CHECK_MESSAGE(tablet.shows("went from ¥1,200.00 to ¥50,000.00"), tablet.outline());
  tablet.speak(true);

  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("您填写时总价是 ¥1,200.00，现在是 ¥50,000.00。合同状态仍要改为“执行中”吗？"), tablet.outline());
  tablet.press_button("先不保存");
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") != nullptr, tablet.outline());
  tablet.press_button("保存");
  tablet.press_button("按 ¥50,000.00 保存");
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("执行中"), tablet.outline());
}

TEST_CASE("a draft that changes a contract's lines alone tells what others changed since, and an approval asks") {
  ApprovingTablet tablet;
  const Id second = tablet.rep.create("contract_line", {{"contract", tablet.contract}, {"line_no", std::int64_t{2}}, {"product", tablet.product}, {"qty", std::int64_t{1'000}}, {"unit_price", std::int64_t{7'00}}}, tablet.as_it_is);
  tablet.hear();
  const std::string address = route_text(record_of(entity_named("contract"), tablet.contract));
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.type("第 2 行 单价", "9");
  SUBCASE("kept when the form is left") { tablet.keep_and_leave(); }
  SUBCASE("kept by itself, for the tab dies") {
    tablet.pass(4 * pause_ms);
    tablet.die_and_restart();
    tablet.keep_and_leave();
  }
  tablet.rep.edit("contract_line", tablet.line, {{"qty", std::int64_t{500'000}}});
  tablet.rep.remove("contract_line", second);
  tablet.hear();
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("李强把合同明细 1 的产品/服务数量从“12”改为“500”"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("删除了"), tablet.outline());
  tablet.choose("合同状态", "执行中");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("您填写时总价是 ¥1,207.00，现在是 ¥50,000.00。"), tablet.outline());
}

TEST_CASE("an approval asks about everything that counts as an amount, and not about the total only") {
  ApprovingTablet tablet;
  const Id other = tablet.rep.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, tablet.as_it_is);
  tablet.hear();
  const std::string address = route_text(record_of(entity_named("contract"), tablet.contract));
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.choose("合同状态", "执行中");
  tablet.keep_and_leave();
  std::string said;
  SUBCASE("another product at the same price") {
    tablet.rep.edit("contract_line", tablet.line, {{"product", other}});
    said = "从“瓜子”改为“南瓜子”";
  }
  SUBCASE("a rebate") {
    tablet.rep.edit("contract", tablet.contract, {{"rebate_rate", std::int64_t{30'00}}});
    said = "返利比例";
  }
  SUBCASE("a line that costs nothing") {
    tablet.rep.create("contract_line", {{"contract", tablet.contract}, {"line_no", std::int64_t{2}}, {"product", other}, {"qty", std::int64_t{1'000}}, {"unit_price", std::int64_t{0}}}, tablet.as_it_is);
    said = "增加了";
  }
  tablet.hear();
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.press_button("接着填写");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "您填写之后") != nullptr, tablet.outline());
  const auto in_question = [&] {
    return std::ranges::any_of(tablet.mirror.tree.nodes, [&](const SemanticNode& node) { return node.layer > 0 && node.name.contains(said) && node.name.contains("合同状态仍要改为“执行中”吗？"); });
  };
  CHECK_MESSAGE(in_question(), tablet.outline());
  tablet.press_button("按 ¥1,200.00 保存");
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("执行中"), tablet.outline());
}

TEST_CASE("an approval whose amount is as it was when it was begun is saved without a question") {
  ApprovingTablet tablet;
  tablet.go(route_text(record_of(entity_named("contract"), tablet.contract)));
  tablet.press_button("编辑");
  tablet.choose("合同状态", "执行中");
  tablet.keep_and_leave();
  tablet.rep.edit("contract", tablet.contract, {{"remark", "急"}});
  tablet.hear();
  tablet.go(route_text(record_of(entity_named("contract"), tablet.contract)));
  tablet.press_button("编辑");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("李强把备注填为“急”"), tablet.outline());
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("执行中"), tablet.outline());
}

TEST_CASE("what another changed meanwhile of what a draft changes is said above the form and at the field, choices included") {
  ApprovingTablet tablet;
  const std::string address = route_text(record_of(entity_named("customer"), tablet.customer));
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.choose("客户级别", "C级");
  tablet.type("电话", "13777777777");
  tablet.keep_and_leave();
  tablet.rep.edit("customer", tablet.customer, {{"grade", "a"}, {"phone", "13888888888"}});
  tablet.hear();
  tablet.go(address);
  tablet.press_button("编辑");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("李强把电话从“0755-1”改为“13888888888”；把客户级别从“B级”改为“A级”"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "客户级别")->description.contains("已改为“A级”"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话")->description.contains("已改为“13888888888”"), tablet.outline());
}

TEST_CASE("a form that stands open while a file is merged shows what is stored now, and an approval asks with both amounts") {
  ApprovingTablet tablet;
  tablet.go(route_text(record_of(entity_named("contract"), tablet.contract)));
  tablet.press_button("编辑");
  REQUIRE_MESSAGE(tablet.shows("¥1,200.00"), tablet.outline());
  SUBCASE("a line is another one") {
    tablet.rep.edit("contract_line", tablet.line, {{"qty", std::int64_t{500'000}}});
    tablet.hear_here();
    CHECK_MESSAGE(tablet.shows("李强把合同明细 1 的产品/服务数量从“12”改为“500”"), tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "数量")->value == "500", tablet.outline());
    tablet.choose("合同状态", "执行中");
    tablet.press_button("保存");
    CHECK_MESSAGE(tablet.shows("您填写时总价是 ¥1,200.00，现在是 ¥50,000.00。合同状态仍要改为“执行中”吗？"), tablet.outline());
    tablet.press_button("按 ¥50,000.00 保存");
    CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") == nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.shows("执行中"), tablet.outline());
  }
  SUBCASE("a line more") {
    tablet.rep.create("contract_line", {{"contract", tablet.contract}, {"line_no", std::int64_t{2}}, {"product", tablet.product}, {"qty", std::int64_t{1'000}}, {"unit_price", std::int64_t{7'00}}}, tablet.as_it_is);
    tablet.hear_here();
    CHECK_MESSAGE(tablet.shows("总价从 ¥1,200.00 变为 ¥1,207.00"), tablet.outline());
    CHECK_MESSAGE(tablet.shows("第 2 行"), tablet.outline());
  }
  SUBCASE("nothing of it") {
    tablet.rep.edit("customer", tablet.customer, {{"phone", "0755-2"}});
    tablet.hear_here();
    CHECK_MESSAGE(!tablet.shows("您填写之后"), tablet.outline());
    tablet.choose("合同状态", "执行中");
    tablet.press_button("保存");
    CHECK_MESSAGE(tablet.find_like(Role::combo_box, "合同状态") == nullptr, tablet.outline());
  }
}

TEST_CASE("what was typed into a form that stands open stays, and says what it would replace; the rest is as it is stored now") {
  OpenFormTablet tablet;
  tablet.rep.edit("customer", tablet.customer, {{"phone", "13888888888"}, {"website", "bohai.cn"}});
  tablet.hear_here();
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.shows("您填写之后，这里有改动"), tablet.outline());
  CHECK_MESSAGE(tablet.typed("电话") == "13777777777", tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话")->description.contains("这里已改为“13888888888”"), tablet.outline());
  CHECK_MESSAGE(tablet.typed("网址") == "https://bohai.cn", tablet.outline());
  tablet.pass(pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话")->description.contains("这里已改为“13888888888”"), tablet.outline());
}

TEST_CASE("what was typed into a form whose record is deleted behind it is shown, and kept") {
  OpenFormTablet tablet;
  tablet.rep.remove("contract", tablet.contract);
  tablet.rep.remove("customer", tablet.customer);
  tablet.hear_here();
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.shows("您填写的内容没有丢"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("13777777777"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话") == nullptr, tablet.outline());
  tablet.pass(4 * pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.shows("您填写的内容没有丢"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("13777777777"), tablet.outline());
}

TEST_CASE("a dialog over a record's page follows what is stored, too") {
  ApprovingTablet tablet;
  tablet.go(route_text(record_of(entity_named("customer"), tablet.customer)));
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改：联系方式");
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "电话") != nullptr, tablet.outline());
  tablet.rep.edit("customer", tablet.customer, {{"phone", "13888888888"}});
  tablet.hear_here();
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话")->value == "13888888888", tablet.outline());
  CHECK_MESSAGE(tablet.shows("李强把电话从“0755-1”改为“13888888888”"), tablet.outline());
}

TEST_CASE("lines that are being typed stay while others are merged below them") {
  ApprovingTablet tablet;
  TestDevice third{3, "周芳的平板"};
  third.environment().now = tablet.platform.wall_clock_ms;
  (void)third.import(tablet.rep.export_all());
  third.create("contract", {{"contract_no", "HT-119"}, {"title", "另一份"}, {"customer", tablet.customer}, {"kind", "sales"}, {"status", "draft"}}, tablet.as_it_is);
  tablet.rep.edit("contract", tablet.contract, {{"contract_no", "HT-119"}});
  (void)tablet.rep.import(third.export_all());
  tablet.hear();
  tablet.go(route_text(record_of(entity_named("contract"), tablet.contract)));
  tablet.press_button("编辑");
  CHECK_MESSAGE(!tablet.shows("？。"), tablet.outline());
  tablet.type("单价", "90");
  tablet.press_button("添加一行");
  tablet.type("第 2 行 数量", "3");
  tablet.press(Role::link, "去处理");
  tablet.rep.edit("contract_line", tablet.line, {{"qty", std::int64_t{500'000}}, {"unit_price", std::int64_t{80'00}}});
  tablet.hear_here();
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "第 2 行 数量")->value == "3", tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "第 1 行 单价")->value == "90.00", tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "第 1 行 单价")->description.contains("这里已改为“¥80.00”"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "第 1 行 数量")->value == "500", tablet.outline());
  CHECK_MESSAGE(tablet.shows("¥45,000.00"), tablet.outline());
}
