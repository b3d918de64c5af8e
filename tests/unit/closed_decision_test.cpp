// docs/merge.md, "A fact, closed": what a closing left open is decided afterwards, by anybody, and the decision counts.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

// A plan that all three know.
struct Planned : Three {
  Id customer, visit;

  Planned() {
    undoes = true;
    customer = make_customer("K-1", "博海餐饮");
    visit = plan("送样", {});
  }
  Id plan(const char* purpose, const TestDevice::FieldValues& more) {
    TestDevice::FieldValues fields{{"customer", customer}, {"employee", li}, {"status", "planned"}, {"kind", "phone"}, {"purpose", purpose}, {"planned_at", office.environment().now}, {"contact_text", "张老板"}};
    fields.insert(fields.end(), more.begin(), more.end());
    const Id row = office.create("interaction", fields, as_it_is);
    share();
    return row;
  }
  void complete(TestDevice& device, const TestDevice::FieldValues& more = {}) { complete(device, visit, more); }
  static void complete(TestDevice& device, const Id& row, const TestDevice::FieldValues& more = {}) {
    TestDevice::FieldValues fields{{"status", "done"}, {"occurred_at", device.environment().now - 60'000}};
    fields.insert(fields.end(), more.begin(), more.end());
    device.edit("interaction", row, fields, {});  // as a person does it, with the rules
  }
  TestDevice& at(std::size_t place) { return place == 0 ? office : place == 1 ? tablet : branch; }
  std::vector<TestDevice*> all() { return {&office, &tablet, &branch}; }
  void check_everywhere(std::string_view field, const Value& expected) {
    for (TestDevice* device : all()) {
      CHECK(device->value("interaction", visit, field) == expected);
    }
  }
};

void decide(TestDevice& device, std::size_t side) {
  const auto open = device.conflicts();
  REQUIRE(open.size() == 1);
  REQUIRE(open[0].sides.size() > side);
  const auto written = device.sync().resolve(open[0], side);
  REQUIRE_MESSAGE(written, (written ? std::string() : written.error().message.zh));
}

// The employee of the plan in two places, and a third who merges both and completes the visit without an answer.
struct TwoEmployees : Planned {
  TwoEmployees() {
    const Id third = office.create("employee", {{"code", "R15"}, {"name", "赵工"}, {"login_name", "zhao"}}, as_it_is);
    share();
    office.edit("interaction", visit, {{"employee", third}});
    tablet.edit("interaction", visit, {{"employee", wang}});
    exchange({&office, &tablet, &branch});
    complete(branch);
    share();
  }
};

}  // namespace

TEST_CASE("a visit that took place with an opportunity that is gone: whoever decides that it stays deleted, decides") {
  for (const std::size_t decider : {0u, 1u, 2u}) {
    CAPTURE(decider);
    Planned three;
    const Id opportunity = three.office.create("opportunity", {{"customer", three.customer}, {"topic", "年度供货"}}, as_it_is);
    three.share();
    const Id planned = three.tablet.create("interaction", {{"customer", three.customer}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "谈价"}, {"contact_text", "张老板"}, {"opportunity", opportunity}, {"planned_at", three.tablet.environment().now}}, as_it_is);
    three.visit = planned;
    three.complete(three.tablet);
    three.office.remove("opportunity", opportunity);
    three.share();
    REQUIRE(three.at(decider).conflicts().at(0).kind == ConflictKind::missing_reference);
    const std::string before = three.office.table_hash();
    decide(three.at(decider), 1);
    three.share();
    three.check_none_open();
    three.check_everywhere("opportunity", {});
    CHECK(three.branch.store().read(*find_entity("opportunity"), opportunity)->deleted);

    REQUIRE(three.at(decider).store().undo().has_value());  // and the question is open again, about the same visit
    three.share();
    three.check_everywhere("opportunity", opportunity);
    CHECK(three.office.conflicts().size() == 1);
    CHECK(three.office.table_hash() == before);
    REQUIRE(three.at(decider).store().redo().has_value());
    three.share();
    three.check_none_open();
    three.check_everywhere("opportunity", {});
  }
}

TEST_CASE("a field that was open when the visit was completed: whoever decides, decides, and it can be undone") {
  for (const std::size_t decider : {0u, 1u, 2u}) {
    for (const std::size_t side : {0u, 1u}) {
      CAPTURE(decider);
      CAPTURE(side);
      TwoEmployees three;
      const auto asked = three.at(decider).conflicts();
      REQUIRE(asked.size() == 1);
      const Value chosen = asked[0].sides.at(side).cells.front().value;
      decide(three.at(decider), side);
      three.share();
      three.check_none_open();
      three.check_everywhere("employee", chosen);
      for (TestDevice* device : three.all()) {
        CHECK(device->sync().superseded(*find_entity("interaction"), three.visit).value().empty());
        const Record then = device->store().read_as_of(*find_entity("interaction"), three.visit, device->environment().now + 10'000'000).value();
        CHECK(then.value("employee") == chosen);
      }
      REQUIRE(three.at(decider).store().undo().has_value());
      three.share();
      const auto again = three.office.conflicts();
      REQUIRE(again.size() == 1);
      CHECK(again[0].headline == asked[0].headline);
      REQUIRE(three.at(decider).store().redo().has_value());
      three.share();
      three.check_none_open();
      three.check_everywhere("employee", chosen);
    }
  }
}

TEST_CASE("two who decide differently about a visit that took place are asked again; who closed it is no judge over the other") {
  for (const std::size_t second : {1u, 2u}) {
    CAPTURE(second);
    TwoEmployees three;
    decide(three.office, 0);
    decide(three.at(second), 1);
    three.share();
    REQUIRE(three.office.conflicts().size() == 1);
    decide(three.tablet, 0);
    three.share();
    three.check_none_open();
  }
}

TEST_CASE("a decision that did not know of the closing counts as far as the closing left the question open") {
  for (const bool answered : {false, true}) {
    CAPTURE(answered);
    Planned three;
    three.office.edit("interaction", three.visit, {{"employee", three.wang}});
    three.tablet.edit("interaction", three.visit, {{"employee", three.office.create("employee", {{"code", "R15"}, {"name", "赵工"}, {"login_name", "zhao"}}, as_it_is)}});
    exchange({&three.office, &three.tablet, &three.branch});
    three.complete(three.branch, answered ? TestDevice::FieldValues{{"employee", three.li}} : TestDevice::FieldValues{});
    const auto open = three.office.conflicts();
    REQUIRE(open.size() == 1);
    const Value chosen = open[0].sides[1].cells.front().value;
    decide(three.office, 1);
    three.share();
    three.check_none_open();
    three.check_everywhere("employee", answered ? Value{three.li} : chosen);
    CHECK(three.office.sync().concerns().value().size() == (answered ? 1 : 0));  // that his answer came too late
  }
}

TEST_CASE("a visit without a purpose that took place: either side of the question closes it") {
  for (const std::size_t side : {0u, 1u}) {
    for (const std::size_t decider : {0u, 1u, 2u}) {
      CAPTURE(side);
      CAPTURE(decider);
      Planned three;
      three.office.edit("interaction", three.visit, {{"kind", "visit"}}, {});
      three.tablet.edit("interaction", three.visit, {{"purpose", Value{}}}, {});
      exchange({&three.office, &three.tablet, &three.branch});
      three.complete(three.branch);
      three.share();
      REQUIRE(three.office.conflicts().at(0).kind == ConflictKind::rule);
      decide(three.at(decider), side);
      three.share();
      three.check_none_open();
      three.check_everywhere("kind", std::string(side == 0 ? "visit" : "phone"));
      three.check_everywhere("purpose", side == 0 ? Value{std::string("送样")} : Value{});
    }
  }
}

TEST_CASE("two visits that follow each other and took place: whoever decides breaks the circle") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Planned three;
    const Id other = three.plan("回访", {});
    three.office.edit("interaction", three.visit, {{"follows", other}});
    three.tablet.edit("interaction", other, {{"follows", three.visit}});
    exchange({&three.office, &three.tablet, &three.branch});
    Planned::complete(three.branch, other);
    Planned::complete(three.branch, three.visit);
    three.share();
    REQUIRE(three.office.conflicts().at(0).kind == ConflictKind::circle);
    const auto cell = three.office.conflicts()[0].sides.at(side).cells.front();
    decide(three.office, side);
    three.share();
    three.check_none_open();
    CHECK(is_null(three.branch.value("interaction", cell.row, "follows")));
    CHECK(three.branch.value("interaction", cell.row == other ? three.visit : other, "follows") == Value{cell.row == other ? other : three.visit});
  }
}

TEST_CASE("a circle of visits that is looked at anew, or taken apart, shows no late edit") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Planned three;
    const Id other = three.plan("回访", {}), third = three.plan("收款", {});
    three.office.edit("interaction", three.visit, {{"follows", other}});
    three.tablet.edit("interaction", other, {{"follows", three.visit}});
    three.branch.import({three.office.export_all(), three.tablet.export_all()});
    Planned::complete(three.branch, other);
    Planned::complete(three.branch, three.visit);
    three.tablet.edit("interaction", other, {{"follows", third}});  // who knows neither of the circle nor of the closing
    three.share();
    const auto open = three.office.conflicts();
    REQUIRE(open.size() == 1);
    CHECK(open[0].kind == ConflictKind::circle);
    CHECK(is_null(three.office.value("interaction", other, "follows")));
    decide(three.office, side);
    three.share();
    three.check_none_open();
    CHECK(three.branch.value("interaction", other, "follows") == (side == 0 ? Value{} : Value{three.visit}));
    CHECK(three.branch.value("interaction", three.visit, "follows") == (side == 0 ? Value{other} : Value{}));
  }
}

TEST_CASE("a clock that is ahead wins nothing in a visit that two completed, and what the remark says of it is so") {
  Planned three;
  constexpr std::int64_t three_days_ms = 3LL * 86'400'000;
  three.tablet.environment().skew = three_days_ms;
  three.complete(three.tablet, {{"content", "平板写的"}});
  three.office.environment().now += 10'000;
  three.complete(three.office, {{"content", "总部写的"}});
  const MergeReport report = three.branch.import({three.tablet.export_all(), three.office.export_all()});
  CHECK(std::ranges::any_of(report.remarks, [](const Sentence& one) { return one.zh.find("王敏的平板") != std::string::npos; }));  // whose clock is ahead
  CHECK(std::ranges::none_of(report.remarks, [](const Sentence& one) { return one.zh.find("没有让它占先") != std::string::npos; }));
  CHECK(three.branch.text("interaction", three.visit, "content") == "总部写的");
  exchange({&three.office, &three.tablet, &three.branch});
  for (TestDevice* device : three.all()) {
    CHECK(device->text("interaction", three.visit, "content") == "总部写的");
  }
}

}  // namespace kehubu::test
