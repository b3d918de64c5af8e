// Records of which there may be only one, when each of two devices made one (docs/merge.md): all live, all devices ask the
// same, a person chooses, and what was chosen travels.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

Id add_contact(TestDevice& device, const Id& customer, const char* name) { return device.create("contact", {{"customer", customer}, {"name", name}}, {}); }

std::int64_t primary(TestDevice& device, const Id& contact) { return integer_or(device.value("contact", contact, "is_primary"), -1); }

Conflict only_conflict(TestDevice& device) {
  const auto conflicts = device.conflicts();
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts.front().kind == ConflictKind::only_one);
  return conflicts.front();
}

bool is_in_conflict(TestDevice& device, std::string_view entity, const Id& row) { return device.store().read(*find_entity(entity), row)->in_conflict; }

}  // namespace

TEST_CASE("two primary contacts of one customer: everybody is asked which one it is, and one is left") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮"), other = three.make_customer("K-2", "万家超市");
    const Id first = add_contact(three.office, customer, "张三");
    const Id second = add_contact(three.office, customer, "李四"), third = add_contact(three.office, customer, "王五");
    add_contact(three.office, other, "赵六");
    three.share();
    three.check_none_open();
    Three::edit_as_a_person(three.office, "contact", second, {{"is_primary", 1}});
    Three::edit_as_a_person(three.tablet, "contact", third, {{"is_primary", 1}});
    three.share();
    const Conflict conflict = only_conflict(three.branch);
    CHECK(conflict.field->id == "is_primary");
    CHECK(conflict.headline.zh == "几处修改合在一起，联系人“李四”、联系人“王五”：同一客户只能有一位主要联系人。选哪一个？");
    REQUIRE(conflict.sides.size() == 2);
    CHECK(conflict.sides[0].effects[0].text.zh == "联系人“李四”的主要联系人仍是“是”");
    CHECK(conflict.sides[0].effects[1].text.zh == "联系人“王五”的主要联系人改为“否”");
    CHECK(is_in_conflict(three.tablet, "contact", second));
    CHECK(is_in_conflict(three.tablet, "contact", third));
    CHECK_FALSE(is_in_conflict(three.tablet, "contact", first));
    REQUIRE(three.tablet.sync().resolve(three.tablet.conflicts().at(0), side).has_value());
    three.share();
    three.check_none_open();
    CHECK(primary(three.office, first) == 0);
    CHECK(primary(three.office, second) == (side == 0 ? 1 : 0));
    CHECK(primary(three.office, third) == (side == 0 ? 0 : 1));
    CHECK_FALSE(is_in_conflict(three.office, "contact", second));

    REQUIRE(three.tablet.store().undo().has_value());
    three.share();
    CHECK(only_conflict(three.office).key == conflict.key);
  }
}

TEST_CASE("two people choose different primary contacts, neither knowing of the other: the question is open again, and no clock answers it") {
  constexpr std::int64_t hour = 3'600'000;
  for (const std::int64_t later : {hour, -hour}) {
    CAPTURE(later);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.share();
    const Id first = add_contact(three.office, customer, "张总"), second = add_contact(three.tablet, customer, "李总");
    three.share();
    const std::size_t of_first = three.office.conflicts().at(0).sides[0].cells.front().row == first ? 0 : 1;
    REQUIRE(three.office.sync().resolve(three.office.conflicts().at(0), of_first).has_value());
    three.tablet.environment().now += later;
    REQUIRE(three.tablet.sync().resolve(three.tablet.conflicts().at(0), 1 - of_first).has_value());
    const MergeReport report = three.office.import(three.tablet.export_all());
    CHECK(report.superseded == 0);
    CHECK(report.conflicts_opened == 1);
    three.share();
    const Conflict conflict = only_conflict(three.branch);
    REQUIRE(conflict.sides.size() == 2);
    for (const ConflictSide& side : conflict.sides) {
      REQUIRE(side.authors.size() == 1);
      CHECK(side.authors.front().person == (side.cells.front().row == first ? three.li : three.wang));
      CHECK(primary(three.tablet, side.cells.front().row) == 1);
      CHECK(is_in_conflict(three.tablet, "contact", side.cells.front().row));
    }
    CHECK(three.office.sync().superseded(*find_entity("contact"), second)->empty());
    const auto concerns = *three.office.sync().concerns();
    REQUIRE(concerns.size() == 1);
    CHECK_MESSAGE(concerns[0].text.zh.starts_with("还没有定下来：几处修改合在一起，"), concerns[0].text.zh);
    REQUIRE(three.branch.sync().resolve(conflict, of_first).has_value());
    three.share();
    three.check_none_open();
    CHECK(primary(three.tablet, first) == 1);
    CHECK(primary(three.tablet, second) == 0);
    REQUIRE(three.branch.store().undo().has_value());
    three.share();
    CHECK(only_conflict(three.office).key == conflict.key);
  }
}

TEST_CASE("of a mark that one says is not given and another one empties stands what was written later") {
  for (const std::int64_t later : {60'000, -60'000}) {
    CAPTURE(later);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮"), contact = add_contact(three.office, customer, "张总");
    three.share();
    REQUIRE(primary(three.office, contact) == 1);
    three.office.edit("contact", contact, {{"is_primary", 0}}, as_it_is);
    three.tablet.environment().now = three.office.environment().now + later;
    three.tablet.edit("contact", contact, {{"is_primary", {}}}, as_it_is);
    three.share();
    CHECK(primary(three.branch, contact) == (later > 0 ? -1 : 0));
    CHECK(three.office.table_hash() == three.tablet.table_hash());
  }
}

TEST_CASE("who chose another one of several is not named beside the one that he chose against") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  three.share();
  const Id zhang = add_contact(three.office, customer, "张总"), li = add_contact(three.tablet, customer, "李总"), wang = add_contact(three.branch, customer, "王总");
  three.office.import(three.tablet.export_all());
  three.tablet.import(three.office.export_all());  // knows two of the three
  three.office.import(three.branch.export_all());
  const auto choose = [](TestDevice& device, const Id& contact) {
    const auto conflicts = device.conflicts();
    REQUIRE(conflicts.size() == 1);
    const auto side = std::ranges::find_if(conflicts[0].sides, [&](const ConflictSide& one) { return one.cells.front().row == contact; });
    REQUIRE(device.sync().resolve(conflicts[0], static_cast<std::size_t>(side - conflicts[0].sides.begin())).has_value());
  };
  choose(three.office, wang);
  three.tablet.environment().now += 60'000;
  choose(three.tablet, li);
  three.share();
  const Conflict conflict = only_conflict(three.branch);
  REQUIRE(conflict.sides.size() == 3);  // 张总, from whom both took it, can be chosen again
  CHECK(std::ranges::any_of(conflict.sides, [&](const ConflictSide& side) { return side.cells.front().row == zhang; }));
  for (const ConflictSide& side : conflict.sides) {
    REQUIRE(side.authors.size() == 1);
    CHECK(side.authors.front().person == (side.cells.front().row == li ? three.wang : three.li));
  }
}

TEST_CASE("each of two devices adds the first contact of a customer, or makes a person of it: two primary contacts, told") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮"), person = three.make_customer("K-2", "陈先生");
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet}) {
    add_contact(*device, customer, device == &three.office ? "张三" : "李四");
    Three::edit_as_a_person(*device, "customer", person, {{"nature", std::string("individual")}});
  }
  three.share();
  const auto conflicts = three.branch.conflicts();
  CHECK(std::ranges::count(conflicts, ConflictKind::only_one, &Conflict::kind) == 2);
  three.branch.remove("contact", conflicts[0].row);  // of two the other is left
  three.share();
  CHECK(three.office.conflicts().size() == 1);
}

TEST_CASE("nobody is primary any more: one made him primary, another took him to another customer") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮"), other = three.make_customer("K-2", "万家超市");
  const Id first = add_contact(three.office, customer, "张三"), second = add_contact(three.office, customer, "李四"), third = add_contact(three.office, customer, "王五");
  three.share();
  Three::edit_as_a_person(three.office, "contact", second, {{"is_primary", 1}});
  three.tablet.edit("contact", second, {{"customer", other}});
  three.share();
  const Conflict conflict = only_conflict(three.branch);
  CHECK(conflict.headline.zh == "几处修改合在一起，联系人“张三”、联系人“王五”：其中没有一位是主要联系人了。选哪一个？");
  CHECK(is_in_conflict(three.office, "contact", first));
  REQUIRE(three.office.sync().resolve(three.office.conflicts().at(0), 1).has_value());
  three.share();
  three.check_none_open();
  CHECK(primary(three.tablet, third) == 1);
  CHECK(primary(three.tablet, second) == 1);  // of the other customer
  three.tablet.remove("contact", first);
  three.share();
  three.check_none_open();
}

TEST_CASE("two plans after one contact: the one that is not chosen is cancelled") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const std::int64_t now = three.office.environment().now;
  const Id visit = three.office.create("interaction", {{"customer", customer}, {"status", "done"}, {"kind", "visit"}, {"purpose", "送样"}, {"contact_text", "张三"}, {"occurred_at", now}, {"employee", three.li}}, {});
  three.share();
  constexpr std::int64_t day = 86'400'000;
  Three::edit_as_a_person(three.office, "interaction", visit, {{"next_at", now + 3 * day}});
  Three::edit_as_a_person(three.tablet, "interaction", visit, {{"next_at", now + 7 * day}});
  three.share();
  const auto conflicts = three.branch.conflicts();
  REQUIRE(conflicts.size() == 2);  // when, and which plan
  const auto plans = std::ranges::find(conflicts, ConflictKind::only_one, &Conflict::kind);
  REQUIRE(plans != conflicts.end());
  CHECK(plans->headline.zh.find("同一次联系之后只能有一个计划。选哪一个？") != std::string::npos);
  const Id kept = plans->sides[1].cells.front().row, dropped = plans->sides[0].cells.front().row;
  REQUIRE(three.branch.sync().resolve(*plans, 1).has_value());
  three.share();
  CHECK(three.office.text("interaction", kept, "status") == "planned");
  CHECK(three.office.text("interaction", dropped, "status") == "cancelled");
  // On one device a second plan is refused.
  Edit again{.entity = find_entity("interaction"), .row = dropped, .fields = {{find_entity("interaction")->find("status"), std::string("planned")}}};
  CHECK_FALSE(three.office.store().write({&again, 1}).has_value());
}

TEST_CASE("two products of one name and specification, two units of one name: both live until a person corrects one") {
  Three three;
  const Id parent = three.office.create("org_unit", {{"code", "D0"}, {"name", "总公司"}}, as_it_is);
  three.share();
  std::vector<Id> products, units;
  for (TestDevice* device : {&three.office, &three.tablet}) {
    const bool here = device == &three.office;
    products.push_back(device->create("product", {{"code", here ? "P-1" : "P-2"}, {"name", "瓜子"}, {"spec", "500克/袋"}}, as_it_is));
    device->create("product", {{"code", here ? "P-3" : "P-4"}, {"name", "瓜子"}, {"spec", here ? "1千克/袋" : "2千克/袋"}}, as_it_is);
    units.push_back(device->create("org_unit", {{"code", here ? "D1" : "D2"}, {"name", "华东区"}, {"parent", parent}}, as_it_is));
    device->create("org_unit", {{"code", here ? "D3" : "D4"}, {"name", "仓库"}, {"parent", here ? parent : units.back()}}, as_it_is);
  }
  three.share();
  const auto conflicts = three.branch.conflicts();
  REQUIRE(conflicts.size() == 2);
  for (const Conflict& conflict : conflicts) {
    CHECK(conflict.kind == ConflictKind::only_one);
    CHECK(conflict.by_hand);
    CHECK(conflict.headline.zh.ends_with("请改正其中一条，或删除它。"));
  }
  CHECK(is_in_conflict(three.tablet, "product", products[0]));
  three.tablet.edit("product", products[1], {{"spec", std::string("250克/袋")}}, {});
  three.share();
  CHECK_FALSE(is_in_conflict(three.office, "product", products[0]));
  REQUIRE(three.office.conflicts().size() == 1);
  three.office.edit("org_unit", units[1], {{"name", std::string("华南区")}}, {});
  three.share();
  three.check_none_open();
}

TEST_CASE("two units of one name meet when a circle is cut, and part when it is decided") {
  Three three;
  const Id a = three.office.create("org_unit", {{"code", "D1"}, {"name", "一部"}}, as_it_is), b = three.office.create("org_unit", {{"code", "D2"}, {"name", "二部"}}, as_it_is);
  three.office.create("org_unit", {{"code", "D3"}, {"name", "二部"}, {"parent", a}}, as_it_is);
  three.share();
  Three::edit_as_a_person(three.office, "org_unit", a, {{"parent", b}});
  three.tablet.edit("org_unit", b, {{"parent", a}, {"name", std::string("三部")}});
  three.tablet.create("org_unit", {{"code", "D4"}, {"name", "三部"}}, as_it_is);
  three.share();  // b is shown without a parent, beside the other of its new name
  const auto conflicts = three.branch.conflicts();
  REQUIRE(conflicts.size() == 2);
  const auto circle = std::ranges::find(conflicts, ConflictKind::circle, &Conflict::kind);
  REQUIRE(circle != conflicts.end());
  REQUIRE(three.branch.sync().resolve(*circle, 1).has_value());
  three.share();
  three.check_none_open();
}

TEST_CASE("one identifier twice in a list: what is chosen stays, the other is deleted") {
  Three three;
  std::vector<Id> items;
  for (TestDevice* device : {&three.office, &three.tablet}) {
    items.push_back(device->create("dict_item", {{"list", "customer_source"}, {"ident", "fair"}, {"zh", device == &three.office ? "展会" : "博览会"}, {"en", "Fair"}}, as_it_is));
  }
  three.share();
  const Conflict conflict = only_conflict(three.branch);
  CHECK(conflict.headline.zh.ends_with("保留哪一条？其余的会删除。"));
  REQUIRE(three.branch.sync().resolve(conflict, 1).has_value());
  three.share();
  three.check_none_open();
  CHECK(three.office.store().read(*find_entity("dict_item"), conflict.sides[0].cells.front().row)->deleted);
  CHECK_FALSE(three.office.store().read(*find_entity("dict_item"), conflict.sides[1].cells.front().row)->deleted);
}

TEST_CASE("who comes back from the bin is no second one") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const Id first = add_contact(three.office, customer, "张三"), second = add_contact(three.office, customer, "李四");
  three.office.remove("contact", first);
  CHECK(primary(three.office, second) == 1);
  three.office.restore("contact", first);
  CHECK(primary(three.office, first) == 0);
  const Id product = three.office.create("product", {{"code", "P-1"}, {"name", "瓜子"}, {"unit", "袋"}}, as_it_is);
  three.office.remove("product", product);
  three.office.create("product", {{"code", "P-1"}, {"name", "瓜子"}, {"unit", "袋"}}, as_it_is);
  const Edit back{.entity = find_entity("product"), .row = product, .fields = {}, .restore = true};
  const auto refused = three.office.store().write({&back, 1});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.zh.find("已有名称和规格相同的产品") != std::string::npos);
  CHECK(refused.error().message.zh.find("与“瓜子”重复") != std::string::npos);
  three.check_none_open();
}

// What the preview of a file says of what the merge would make, in Chinese.
std::string foreseen(TestDevice& device, TestDevice& sender) {
  std::string text;
  for (const PreviewLine& line : device.preview(sender.export_for(device)).lines) {
    text += line.weight == PreviewLine::Weight::notable ? line.text.zh + "\n" : "";
  }
  return text;
}

TEST_CASE("the preview tells of circles, of what does not fit and of what there may be only one, before anything is merged") {
  Three three;
  const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙"), c = three.make_customer("K-3", "丙"), fit = three.make_customer("K-4", "丁");
  const Id first = add_contact(three.office, a, "张三"), second = add_contact(three.office, a, "李四"), third = add_contact(three.office, a, "王五");
  three.share();
  const auto preview_is_true = [&](std::string_view expected) {
    const std::string told = foreseen(three.office, three.tablet);
    CHECK(told == expected);
    CHECK(foreseen(three.tablet, three.office).empty() == told.empty());
    CHECK(three.office.conflicts().empty());  // nothing is changed by looking
    three.share();
    CHECK(three.office.conflicts().empty() == told.empty());
  };
  const auto decide_all = [&] {
    while (!three.office.conflicts().empty()) {
      REQUIRE(three.office.sync().resolve(three.office.conflicts().front(), 0).has_value());
    }
    three.share();
  };

  // Over three records, one of which neither of them touches.
  Three::edit_as_a_person(three.office, "customer", c, {{"parent", a}});
  three.share();
  Three::edit_as_a_person(three.office, "customer", a, {{"parent", b}});
  Three::edit_as_a_person(three.tablet, "customer", b, {{"parent", c}});
  preview_is_true("合并后 1 处会绕成一圈，如客户“乙”的从属单位；届时请您决定断开哪一处\n");
  decide_all();

  Three::edit_as_a_person(three.office, "customer", fit, {{"coop_start", "2026-05-01"}});
  Three::edit_as_a_person(three.tablet, "customer", fit, {{"coop_end", "2026-03-01"}});
  preview_is_true("合并后 1 处内容会互不相符，如客户“丁”：业务结束日期早于开始日期；届时请您决定以谁的为准\n");
  decide_all();

  Three::edit_as_a_person(three.office, "contact", second, {{"is_primary", 1}});
  Three::edit_as_a_person(three.tablet, "contact", third, {{"is_primary", 1}});
  preview_is_true("合并后 1 处只该有一个的会多出来或缺少，如联系人“李四”：同一客户只能有一位主要联系人；届时请您选定\n");
  decide_all();

  // What does not meet is not told.
  Three::edit_as_a_person(three.office, "customer", fit, {{"coop_start", "2026-01-01"}});
  three.tablet.edit("contact", first, {{"title", std::string("经理")}});
  add_contact(three.tablet, b, "赵六");
  preview_is_true("");

  // One alone who is not primary, as another program may leave him, is asked about by nobody.
  const Edit gone{.entity = find_entity("contact"), .row = add_contact(three.office, c, "孙七"), .fields = {}, .remove = true};
  add_contact(three.office, c, "周八");
  three.share();
  REQUIRE(three.tablet.store().write({&gone, 1}, as_it_is).has_value());
  preview_is_true("");

  // Alike in being without a specification.
  const Id product = three.office.create("product", {{"code", "P-1"}, {"name", "瓜子"}, {"unit", "袋"}}, as_it_is);
  three.tablet.create("product", {{"code", "P-2"}, {"name", "瓜子"}, {"unit", "袋"}}, as_it_is);
  preview_is_true("合并后 1 处只该有一个的会多出来或缺少，如产品“瓜子”：名称和规格都相同；届时请您选定\n");
  three.office.edit("product", product, {{"spec", std::string("1千克")}}, as_it_is);
  three.share();
  CHECK(three.branch.conflicts().empty());
}

TEST_CASE("a decision about a number does not choose by the way between the sides of a contract") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const auto make = [&](TestDevice& device) {
    return device.create("contract", {{"contract_no", "HT-1"}, {"title", "供货"}, {"customer", customer}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is);
  };
  const Id waiting = make(three.office);
  three.share();
  three.office.edit("contract", waiting, {{"status", "active"}});
  three.tablet.edit("contract", waiting, {{"other_fee", std::int64_t{900'00}}});
  const Id other = make(three.branch);
  three.share();
  const std::vector<Conflict> conflicts = three.branch.conflicts();
  const auto twice = std::ranges::find(conflicts, ConflictKind::duplicate_number, &Conflict::kind);
  REQUIRE(conflicts.size() == 2);
  REQUIRE(twice != conflicts.end());
  for (std::size_t side = 0; side < 2; ++side) {
    const bool renumbers_other = twice->sides[side].cells.front().row == waiting;
    CHECK(twice->sides[side].refused.zh.empty() == renumbers_other);
    const auto decided = three.branch.sync().resolve(*twice, side);
    CHECK(decided.has_value() == renumbers_other);
    if (decided) {
      CHECK(three.branch.text("contract", other, "contract_no") == "HT-1-2");
      CHECK(three.branch.conflicts().size() == 1);
      REQUIRE(three.branch.store().undo().has_value());
    } else {
      CHECK(decided.error().message.zh.ends_with("自己还有冲突等您决定，请先决定它。"));
    }
    CHECK(three.branch.conflicts().size() == 2);
  }
  three.share();
}

TEST_CASE("a question about a number that was on the screen before a file brought a second one about the contract does not choose its side, either") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const auto make = [&](TestDevice& device) {
    return device.create("contract", {{"contract_no", "HT-1"}, {"title", "供货"}, {"customer", customer}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is);
  };
  const Id waiting = make(three.office);
  make(three.branch);
  three.share();
  REQUIRE(three.branch.conflicts().size() == 1);
  const Conflict shown = three.branch.conflicts().front();
  REQUIRE(shown.kind == ConflictKind::duplicate_number);
  three.office.edit("contract", waiting, {{"status", "active"}});
  three.tablet.edit("contract", waiting, {{"other_fee", std::int64_t{900'00}}});
  three.share();
  const std::size_t other = shown.sides.front().cells.front().row == waiting ? 1 : 0;  // the waiting one would get another number
  const auto decided = three.branch.sync().resolve(shown, other);
  REQUIRE_FALSE(decided.has_value());
  CHECK(decided.error().message.zh.ends_with("自己还有冲突等您决定，请先决定它。"));
  CHECK(three.branch.conflicts().size() == 2);
  CHECK(three.branch.text("contract", waiting, "contract_no") == "HT-1");
}

TEST_CASE("whichever of the records one opens of which there may be only one: its page says what is asked") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const Id first = add_contact(three.office, customer, "张三");
  const Id second = add_contact(three.office, customer, "李四"), third = add_contact(three.office, customer, "王五");
  three.share();
  Three::edit_as_a_person(three.office, "contact", second, {{"is_primary", 1}});
  Three::edit_as_a_person(three.tablet, "contact", third, {{"is_primary", 1}});
  for (TestDevice* device : {&three.office, &three.tablet}) {
    device->create("product", {{"code", device == &three.office ? "P-1" : "P-2"}, {"name", "瓜子"}, {"spec", "500克"}}, as_it_is);
  }
  three.share();
  REQUIRE(three.office.conflicts().size() == 2);
  for (const Conflict& conflict : three.office.conflicts()) {
    for (const ConflictSide& side : conflict.sides) {
      const RecordName record{side.cells.front().entity, side.cells.front().row};
      const auto about = three.branch.sync().conflicts_about(*record.entity, record.row).value();
      REQUIRE(about.size() == 1);
      CHECK(about[0].key == conflict.key);
    }
  }
  CHECK(three.branch.sync().conflicts_about(*find_entity("contact"), first).value().empty());  // who is not asked about
}

}  // namespace kehubu::test
