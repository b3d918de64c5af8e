// docs/merge.md, "A fact, closed": one planned visit that two completed without knowing of each other.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

const Entity& visits = *find_entity("interaction");

// A plan that all three know; 李强 is in the office and 王敏 on the road.
struct Plan : Three {
  Id customer, visit;

  Plan() {
    customer = make_customer("K-1", "博海餐饮");
    visit = office.create("interaction", {{"customer", customer}, {"employee", li}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "送样"}, {"planned_at", office.environment().now}}, as_it_is);
    share();
  }
  // As a person does it, with the rules.
  void complete(TestDevice& device, const TestDevice::FieldValues& more) {
    TestDevice::FieldValues fields{{"status", "done"}, {"occurred_at", device.environment().now - 60'000}};
    fields.insert(fields.end(), more.begin(), more.end());
    device.edit("interaction", visit, fields, {});
  }
  void complete_in_office() { complete(office, {{"contact_text", "张总"}, {"content", "总部已谈妥"}}); }
  void complete_on_tablet() { complete(tablet, {{"contact_text", "李经理"}, {"content", "对方犹豫"}, {"result", "没有谈成"}, {"customer_feedback", "嫌贵"}}); }
  std::vector<Value> told_of(TestDevice& device) {
    std::vector<Value> values;
    for (const char* field : {"status", "occurred_at", "contact_text", "content", "result", "customer_feedback", "next_plan"}) {
      values.push_back(device.value("interaction", visit, field));
    }
    return values;
  }
  void check_everywhere(const std::vector<Value>& expected) {
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(told_of(*device) == expected);
    }
  }
};

}  // namespace

TEST_CASE("a planned visit that two completed is the one that was completed first, whole, and no mixture; the other is told in true words") {
  for (const bool office_is_first : {true, false}) {
    CAPTURE(office_is_first);
    Plan plan;
    (office_is_first ? plan.tablet : plan.office).environment().now += 60'000;
    plan.complete_in_office();
    plan.complete_on_tablet();
    TestDevice &winner = office_is_first ? plan.office : plan.tablet, &loser = office_is_first ? plan.tablet : plan.office;
    const std::vector<Value> first = plan.told_of(winner);
    CHECK(std::ranges::none_of(loser.preview(winner.export_all()).lines, [](const PreviewLine& line) { return line.text.zh.contains("需要您来决定"); }));
    const MergeReport report = loser.import(winner.export_all());
    CHECK(report.superseded == 0);  // no clock of two values: the record as a whole
    CHECK(report.ruled_out == (office_is_first ? 5 : 3));
    plan.share();
    plan.check_none_open();
    plan.check_everywhere(first);
    CHECK(winner.sync().concerns().value().empty());
    CHECK(plan.branch.sync().concerns().value().empty());
    const auto told = loser.sync().concerns().value();
    REQUIRE(told.size() == 1);
    const std::string text = told[0].text.zh;
    CHECK_MESSAGE(text.contains(office_is_first ? "李强 先完成了联系记录“总部已谈妥”" : "王敏 先完成了联系记录“对方犹豫”"), text);
    CHECK_MESSAGE(text.contains(office_is_first ? "沟通内容是“总部已谈妥”（您写的是“对方犹豫”）" : "沟通内容是“对方犹豫”（您写的是“总部已谈妥”）"), text);
    CHECK_MESSAGE(!text.contains("改为"), text);
    CHECK_MESSAGE(!text.contains("还不知道"), text);
    CHECK_FALSE(told[0].text.en.empty());
  }
}

TEST_CASE("what another completed of a visit that was completed is in its history, and nothing there offers to change the fact") {
  Plan plan;
  plan.complete_in_office();
  plan.tablet.environment().now += 60'000;
  plan.complete_on_tablet();
  plan.share();
  for (TestDevice* device : {&plan.office, &plan.tablet, &plan.branch}) {
    std::vector<std::string> others;
    for (const Sync::Superseded& one : device->sync().superseded(visits, plan.visit).value()) {
      CHECK(one.stands.person_name == "李强");
      CHECK(one.other.person_name == "王敏");
      CHECK(one.stands.value == device->value("interaction", plan.visit, one.other.field));
      others.push_back(one.other.field);
    }
    std::ranges::sort(others);
    CHECK(others == std::vector<std::string>{"contact_text", "content", "customer_feedback", "occurred_at", "result"});
  }
}

TEST_CASE("whoever took his completing back has completed nothing: the other's stands whole, and only whether it took place is asked") {
  for (const bool office_is_first : {true, false}) {
    CAPTURE(office_is_first);
    Plan plan;
    (office_is_first ? plan.tablet : plan.office).environment().now += 60'000;
    plan.complete_in_office();
    plan.complete_on_tablet();
    const std::vector<Value> offices = plan.told_of(plan.office);
    REQUIRE(plan.tablet.store().undo().has_value());
    plan.share();
    const auto open = plan.branch.conflicts();
    REQUIRE(open.size() == 1);
    CHECK(open[0].field->id == "status");
    plan.check_everywhere(offices);
  }
}

TEST_CASE("whoever took his completing back and undoes a decision about the other's gives back the other's, and nothing of his own counts by that") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Plan plan;
    plan.tablet.environment().now += 60'000;
    plan.complete_in_office();
    plan.complete_on_tablet();
    const std::vector<Value> offices = plan.told_of(plan.office);
    REQUIRE(plan.tablet.store().undo().has_value());
    plan.share();
    plan.check_everywhere(offices);
    const auto open = plan.tablet.conflicts();
    REQUIRE(open.size() == 1);
    REQUIRE(plan.tablet.sync().resolve(open[0], side).has_value());
    REQUIRE(plan.tablet.store().undo().has_value());
    CHECK(plan.told_of(plan.tablet) == offices);
    plan.share();
    plan.check_everywhere(offices);
    REQUIRE(plan.branch.conflicts().size() == 1);
    CHECK(plan.branch.conflicts()[0].key == open[0].key);
  }
}

TEST_CASE("a completing that was taken back and done again is as old as it was") {
  Plan plan;
  plan.complete_in_office();
  plan.tablet.environment().now += 60'000;
  plan.complete_on_tablet();
  const std::vector<Value> first = plan.told_of(plan.office);
  plan.office.environment().now += 600'000;
  REQUIRE(plan.office.store().undo().has_value());
  REQUIRE(plan.office.store().redo().has_value());
  plan.share();
  plan.check_none_open();
  plan.check_everywhere(first);
}

TEST_CASE("what stays open of a visit that took place is changed afterwards by anybody, also where two completed it") {
  Plan plan;
  plan.complete_in_office();
  plan.tablet.environment().now += 60'000;
  plan.complete_on_tablet();
  plan.tablet.edit("interaction", plan.visit, {{"next_plan", "下周送样"}}, {});
  plan.share();
  for (TestDevice* device : {&plan.office, &plan.tablet, &plan.branch}) {
    CHECK(device->text("interaction", plan.visit, "next_plan") == "下周送样");
    CHECK(device->text("interaction", plan.visit, "contact_text") == "张总");
  }
  plan.tablet.edit("interaction", plan.visit, {{"contact_text", "张总和李经理"}}, {});  // who knows both
  plan.share();
  CHECK(plan.branch.text("interaction", plan.visit, "contact_text") == "张总和李经理");
}

TEST_CASE("what one of two who completed it had written before of what stays open is no part of his completing and stays") {
  Plan plan;
  plan.tablet.edit("interaction", plan.visit, {{"next_plan", "下周送样"}}, {});
  plan.complete_in_office();
  plan.tablet.environment().now += 60'000;
  plan.complete_on_tablet();
  plan.share();
  for (TestDevice* device : {&plan.office, &plan.tablet, &plan.branch}) {
    CHECK(device->text("interaction", plan.visit, "next_plan") == "下周送样");
    CHECK(device->text("interaction", plan.visit, "contact_text") == "张总");
  }
}

}  // namespace kehubu::test
