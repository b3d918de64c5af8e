// docs/merge.md: what the rules refuse to one device, and two bring about together, is asked about; nothing comes about in silence.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/rules/merge_rules.h"
#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

// Allowed where it is written, by the rules.
void allowed(TestDevice& device, std::string_view entity, const Id& row, const TestDevice::FieldValues& fields) { device.edit(entity, row, fields, {}); }

std::string refusal(TestDevice& device, std::string_view entity_id, const Id& row, const TestDevice::FieldValues& fields) {
  const Entity& entity = *find_entity(entity_id);
  Edit edit{.entity = &entity, .row = row, .fields = {}};
  for (const auto& [field, value] : fields) {
    edit.fields.emplace_back(entity.find(field), value);
  }
  const auto written = device.store().write({&edit, 1});
  return written ? std::string() : written.error().message.zh;
}

struct Visiting : Three {
  Id customer, contact, visit;
  std::int64_t now;

  Visiting() : now(office.environment().now) {
    customer = make_customer("K-1", "博海餐饮");
    contact = office.create("contact", {{"customer", customer}, {"name", "张老板"}}, as_it_is);
    visit = office.create("interaction", {{"customer", customer}, {"employee", li}, {"contact", contact}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "送样"}, {"planned_at", now}}, as_it_is);
    share();
  }
  Conflict asked() {
    const auto open = branch.conflicts();
    for (const Conflict& one : open) {
      INFO(one.headline.zh);
      CHECK(one.kind == ConflictKind::rule);
    }
    REQUIRE(open.size() == 1);
    return open[0];
  }
};

std::size_t side_of(const Conflict& conflict, std::string_view person) {
  const auto found = std::ranges::find_if(conflict.sides, [&](const ConflictSide& side) { return side.authors.front().person_name == person; });
  REQUIRE(found != conflict.sides.end());
  return static_cast<std::size_t>(found - conflict.sides.begin());
}

}  // namespace

TEST_CASE("the next contact is planned before the visit took place: asked, and the visit itself is not taken back") {
  Visiting three;
  allowed(three.office, "interaction", three.visit, {{"next_at", three.now - 3 * hour_ms}});
  allowed(three.tablet, "interaction", three.visit, {{"status", "done"}, {"occurred_at", three.now - hour_ms}});
  three.share();
  const Conflict asked = three.asked();
  CHECK(asked.headline.zh.find("下次联系时间不晚于联系时间") != std::string::npos);
  CHECK_FALSE(asked.by_hand);
  const std::size_t done = side_of(asked, "王敏"), planned = side_of(asked, "李强");
  CHECK(asked.sides[done].refused.zh.empty());
  CHECK_MESSAGE(asked.sides[planned].refused.zh.find("不能选这一边") == 0, asked.sides[planned].refused.zh);
  CHECK_FALSE(three.branch.sync().resolve(asked, planned).has_value());
  REQUIRE(three.branch.sync().resolve(asked, done).has_value());
  three.share();
  three.check_none_open();
  CHECK(is_null(three.office.value("interaction", three.visit, "next_at")));
  CHECK(three.office.value("interaction", three.visit, "occurred_at") == Value{three.now - hour_ms});
}

TEST_CASE("on one device no visit takes place after the next contact that is noted in it") {
  Visiting three;
  allowed(three.office, "interaction", three.visit, {{"next_at", three.now - 3 * hour_ms}});
  three.share();
  CHECK(refusal(three.tablet, "interaction", three.visit, {{"status", "done"}, {"occurred_at", three.now - hour_ms}}).find("下次联系时间必须晚于联系时间") != std::string::npos);
  CHECK(refusal(three.tablet, "interaction", three.visit, {{"status", "done"}, {"occurred_at", three.now - hour_ms}, {"next_at", three.now + hour_ms}}).empty());
  three.share();
  three.check_none_open();
}

TEST_CASE("a visit that took place with nobody: asked, and with whom it was is given back") {
  Visiting three;
  allowed(three.office, "interaction", three.visit, {{"contact", Value{}}});
  allowed(three.tablet, "interaction", three.visit, {{"status", "done"}, {"occurred_at", three.now - hour_ms}});
  three.share();
  const Conflict asked = three.asked();
  CHECK(asked.headline.zh.find("已完成，却没有写明和谁联系") != std::string::npos);
  const std::size_t done = side_of(asked, "王敏"), emptied = side_of(asked, "李强");
  CHECK_FALSE(asked.sides[emptied].refused.zh.empty());
  CHECK_FALSE(asked.sides[emptied].refused.en.empty());
  REQUIRE(three.branch.sync().resolve(asked, done).has_value());
  three.share();
  three.check_none_open();
  CHECK(three.tablet.value("interaction", three.visit, "contact") == Value{three.contact});
  CHECK(three.tablet.text("interaction", three.visit, "status") == "done");
}

TEST_CASE("a visit that took place with nobody is corrected in its form as well: with whom stays open") {
  Visiting three;
  allowed(three.office, "interaction", three.visit, {{"contact", Value{}}});
  allowed(three.tablet, "interaction", three.visit, {{"status", "done"}, {"occurred_at", three.now - hour_ms}});
  three.share();
  allowed(three.branch, "interaction", three.visit, {{"contact_text", "门口的人"}});
  three.share();
  three.check_none_open();
}

TEST_CASE("consent without its date: asked, either of the two may go; one device is refused whichever of them it writes") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Visiting three;
    allowed(three.office, "contact", three.contact, {{"consent_on", "2026-10-01"}});
    three.share();
    allowed(three.office, "contact", three.contact, {{"consent_on", Value{}}});
    allowed(three.tablet, "contact", three.contact, {{"consent", std::int64_t{1}}});
    CHECK_FALSE(refusal(three.tablet, "contact", three.contact, {{"consent_on", Value{}}}).empty());
    three.share();
    const Conflict asked = three.asked();
    CHECK(asked.headline.zh.find("已同意处理个人信息，却没有同意日期") != std::string::npos);
    REQUIRE(three.branch.sync().resolve(asked, side).has_value());
    three.share();
    three.check_none_open();
    CHECK((integer_or(three.office.value("contact", three.contact, "consent"), 0) == 1) == (three.office.text("contact", three.contact, "consent_on") == "2026-10-01"));
  }
}

TEST_CASE("lost, and an analysis that is too short to be one: asked") {
  Visiting three;
  const Id opportunity = three.office.create("opportunity", {{"opp_no", "XM-1"}, {"customer", three.customer}, {"topic", "年度供货"}, {"stage", "needs"}, {"lost_analysis", "价格高出两成"}, {"lost_reason", "price"}}, as_it_is);
  three.share();
  allowed(three.office, "opportunity", opportunity, {{"lost_analysis", "价格"}});
  allowed(three.tablet, "opportunity", opportunity, {{"stage", "lost"}, {"closed_on", "2026-11-20"}});
  three.share();
  const Conflict asked = three.asked();
  CHECK(asked.headline.zh.find("已流失") != std::string::npos);
  REQUIRE(three.branch.sync().resolve(asked, side_of(asked, "王敏")).has_value());
  three.share();
  three.check_none_open();
  CHECK(three.office.text("opportunity", opportunity, "lost_analysis") == "价格高出两成");
}

TEST_CASE("three wrote fields that do not fit: for two of them the same gives way, and they are one side") {
  Visiting three;
  const Id zhao = three.office.create("employee", {{"code", "R15"}, {"name", "赵工"}, {"login_name", "zhao"}}, as_it_is);
  const Id opportunity = three.office.create("opportunity", {{"opp_no", "XM-1"}, {"customer", three.customer}, {"topic", "年度供货"}, {"stage", "needs"}, {"lost_analysis", "价格高出两成"}, {"lost_reason", "price"}}, as_it_is);
  three.share();
  three.branch.use_as(zhao);
  allowed(three.office, "opportunity", opportunity, {{"stage", "lost"}, {"closed_on", "2026-11-20"}});
  allowed(three.tablet, "opportunity", opportunity, {{"lost_reason", "service"}});
  allowed(three.branch, "opportunity", opportunity, {{"lost_analysis", "价格"}});
  three.share();
  const Conflict asked = three.asked();
  REQUIRE(asked.sides.size() == 2);
  CHECK(asked.sides[0].authors.size() == 1);
  CHECK(asked.sides[1].authors.size() == 2);
  REQUIRE(three.tablet.sync().resolve(three.tablet.conflicts().at(0), 1).has_value());
  three.share();
  three.check_none_open();
  CHECK(three.office.text("opportunity", opportunity, "stage") == "needs");
  CHECK(three.office.text("opportunity", opportunity, "lost_reason") == "service");
}

TEST_CASE("one value of a list under two identifiers: asked, until one of them is renamed or deleted") {
  for (const bool renamed : {true, false}) {
    CAPTURE(renamed);
    Three three;
    const TestDevice::FieldValues value{{"list", "industry"}, {"zh", "火锅店"}, {"seq", std::int64_t{90}}, {"active", std::int64_t{1}}};
    const auto add = [&](TestDevice& device, const char* identifier) {
      TestDevice::FieldValues fields = value;
      fields.emplace_back("ident", identifier);
      return device.create("dict_item", fields);
    };
    add(three.office, "hotpot");
    const Id second = add(three.tablet, "huoguo");
    three.share();
    const auto open = three.branch.conflicts();
    REQUIRE(open.size() == 1);
    CHECK(open[0].kind == ConflictKind::only_one);
    CHECK_FALSE(open[0].by_hand);
    CHECK(open[0].headline.zh.find("同一列表中有两个名称相同的选项") != std::string::npos);
    renamed ? allowed(three.branch, "dict_item", second, {{"zh", "火锅店（旧）"}}) : three.branch.remove("dict_item", second);
    three.share();
    three.check_none_open();
  }
}

TEST_CASE("one value of a list twice under one identifier is one question and not two") {
  Three three;
  for (TestDevice* device : {&three.office, &three.tablet}) {
    device->create("dict_item", {{"list", "industry"}, {"ident", "huoguodian"}, {"zh", "火锅店"}, {"seq", std::int64_t{90}}, {"active", std::int64_t{1}}});
  }
  three.share();
  const auto open = three.branch.conflicts();
  REQUIRE(open.size() == 1);
  CHECK_FALSE(open[0].by_hand);
  REQUIRE(three.branch.sync().resolve(open[0], 0).has_value());
  three.share();
  three.check_none_open();
}

TEST_CASE("the preview foretells what the merge asks, for a value of a list as well") {
  for (const char* identifier : {"hotpot", "huoguo"}) {
    TestDevice office{1}, tablet{2};
    office.create("dict_item", {{"list", "industry"}, {"ident", "hotpot"}, {"zh", "火锅店"}, {"seq", std::int64_t{90}}, {"active", std::int64_t{1}}});
    tablet.create("dict_item", {{"list", "industry"}, {"ident", identifier}, {"zh", "火锅店"}, {"seq", std::int64_t{90}}, {"active", std::int64_t{1}}});
    const std::string file = tablet.export_all();
    const Preview preview = office.preview(file);
    const auto foretold = std::ranges::count_if(preview.lines, [](const PreviewLine& one) { return one.text.zh.find("合并后 1 处只该有一个的会多出来或缺少") == 0; });
    CHECK(foretold == office.import(file).conflicts_opened);
  }
}

}  // namespace kehubu::test
