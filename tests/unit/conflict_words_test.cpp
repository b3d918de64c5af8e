// What a person reads of a conflict, where two of its sides are nearly alike: who is said to have done what.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/conflict_properties.h"

namespace kehubu::test {
namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

struct Three {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  TestDevice branch{3, "分部"};
  Id li, wang, zhao, customer;

  Three() {
    li = office.create("employee", {{"code", "R01"}, {"name", "李强"}}, as_it_is);
    wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is);
    zhao = office.create("employee", {{"code", "R02"}, {"name", "赵工"}}, as_it_is);
    office.use_as(li);
    tablet.use_as(wang);
    branch.use_as(zhao);
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    share();
  }
  void share() { exchange({&office, &tablet, &branch}); }
  Conflict only_conflict() {
    const auto found = branch.conflicts();
    REQUIRE(found.size() == 1);
    CHECK(check_conflicts(branch) == "");
    return found.front();
  }
};

using Told = std::vector<std::string>;

Told told_by(const ConflictSide& side) {
  Told told;
  for (const Effect& effect : side.effects) {
    told.push_back(effect.text.zh);
  }
  return told;
}

Told names_of(const ConflictSide& side) {
  Told names;
  for (const Author& author : side.authors) {
    names.push_back(author.person_name);
  }
  return names;
}

}  // namespace

TEST_CASE("a side that came back to what it was is told as having left it") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
  const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  three.share();
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{100'00}}});
  three.share();
  const Conflict conflict = three.only_conflict();
  CHECK(conflict.headline.zh == "合同“年度供货”在两处被同时修改，整单一起等您决定：李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥100.00；王敏 维持原样。以哪一边为准？");
  CHECK(conflict.headline.en.contains("; 王敏 left it as it was. Which side is right?"));
}

TEST_CASE("a side that did nothing that another did not do, too, is told by what it did, and not as having left it") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
  three.share();
  office.edit("contract", contract, {{"title", "两年供货"}});
  tablet.edit("contract", contract, {{"title", "两年供货"}, {"remark", "急"}});
  three.share();
  const Conflict conflict = three.only_conflict();
  CHECK_MESSAGE(conflict.headline.zh.contains("李强 把合同名称从“年度供货”改为“两年供货”；王敏 "), conflict.headline.zh);
  CHECK_MESSAGE(conflict.headline.zh.contains("“急”（共 2 处）"), conflict.headline.zh);
  CHECK_FALSE(conflict.headline.en.contains("left it as it was"));
}

TEST_CASE("of two sides, one of which deletes the contract, only the other is told with an amount") {
  for (const bool office_deletes : {true, false}) {
    CAPTURE(office_deletes);
    Three three;
    auto& [office, tablet, branch, li, wang, zhao, customer] = three;
    const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
    const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    three.share();
    (office_deletes ? office : tablet).remove("contract", contract);
    (office_deletes ? tablet : office).edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
    three.share();
    const Conflict conflict = three.only_conflict();
    const std::string& zh = conflict.headline.zh;
    const std::size_t amount = zh.find("，总价 ¥999.00");
    REQUIRE_MESSAGE(amount != std::string::npos, zh);
    CHECK_MESSAGE(zh.find("，总价", amount + 1) == std::string::npos, zh);
    CHECK_MESSAGE(zh.rfind(office_deletes ? "王敏 把" : "李强 把", amount) != std::string::npos, zh);
  }
}

TEST_CASE("a headline names the first thing that somebody did, and counts them from two on") {
  for (const std::int64_t count : {1, 2, 3}) {
    CAPTURE(count);
    Three three;
    auto& [office, tablet, branch, li, wang, zhao, customer] = three;
    const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
    const Id gone = office.create("customer", {{"code", "K-2"}, {"name", "乙"}, {"grade", "b"}, {"status", "active"}}, as_it_is);
    three.share();
    office.edit("contract", contract, {{"status", "active"}});
    office.remove("customer", gone);
    TestDevice::FieldValues edits{{"title", "又改了"}, {"signed_on", "2026-11-01"}, {"remark", "急"}}, notes{{"grade", "a"}, {"phone", "1111"}, {"remark", "急"}};
    edits.resize(static_cast<std::size_t>(count));
    notes.resize(static_cast<std::size_t>(count));
    tablet.edit("contract", contract, edits);
    tablet.edit("customer", gone, notes);
    three.share();
    const auto conflicts = branch.conflicts();
    REQUIRE(conflicts.size() == 2);
    const std::string zh = "（共 " + std::to_string(count) + " 处）", en = " (" + std::to_string(count) + " changes)";
    for (const Conflict& conflict : conflicts) {
      CAPTURE(conflict.headline.zh);
      CHECK(conflict.headline.zh.contains("（共 ") == (count > 1));
      CHECK(conflict.headline.zh.contains(zh) == (count > 1));
      CHECK(conflict.headline.en.contains(" changes)") == (count > 1));
      CHECK(conflict.headline.en.contains(en) == (count > 1));
    }
  }
}

TEST_CASE("fields that do not fit: each side says what it keeps and what gives way to it, from what to what") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  office.edit("customer", customer, {{"payment_term", "prepaid_then_batch"}, {"term_days", std::int64_t{30}}, {"term_percent", std::int64_t{3000}}, {"term_percent2", std::int64_t{2000}}});
  three.share();
  office.edit("customer", customer, {{"term_percent", std::int64_t{5500}}});
  tablet.edit("customer", customer, {{"term_percent2", std::int64_t{6000}}});
  three.share();
  const Conflict conflict = three.only_conflict();
  CHECK(conflict.kind == ConflictKind::rule);
  CHECK(conflict.key == "rule/customer/" + customer.text() + "/percentages");
  REQUIRE(conflict.sides.size() == 2);
  CHECK(names_of(conflict.sides[0]) == Told{"李强"});
  CHECK(told_by(conflict.sides[0]) == Told{"付款条件百分比仍是“55 %”", "把付款条件第二百分比从“60 %”改为“20 %”"});
  CHECK(names_of(conflict.sides[1]) == Told{"王敏"});
  CHECK(told_by(conflict.sides[1]) == Told{"付款条件第二百分比仍是“60 %”", "把付款条件百分比从“55 %”改为“30 %”"});
}

TEST_CASE("fields that do not fit, one of which two people have written: who wrote what is shown is named, not who wrote first") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id visit = office.create("interaction", {{"customer", customer}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "送样"}, {"planned_at", office.environment().now}}, as_it_is);
  three.share();
  office.edit("interaction", visit, {{"kind", "visit"}});       // needs a purpose from now on
  tablet.edit("interaction", visit, {{"purpose", "收款"}});
  branch.environment().now = tablet.environment().now + 60'000;
  branch.edit("interaction", visit, {{"purpose", Value{}}});    // by the later clock: this is what is shown
  three.share();
  CHECK(is_null(office.value("interaction", visit, "purpose")));
  const Conflict conflict = three.only_conflict();
  CHECK(conflict.kind == ConflictKind::rule);
  REQUIRE(conflict.sides.size() == 2);
  CHECK(names_of(conflict.sides[0]) == Told{"李强"});
  CHECK(names_of(conflict.sides[1]) == Told{"赵工"});
  CHECK(told_by(conflict.sides[1]).front() == "目的仍是“（空）”");
}

TEST_CASE("a circle is one question with one name, whoever asks: that of its least record") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, first] = three;
  const Id second = office.create("customer", {{"code", "K-2"}, {"name", "乙"}}, as_it_is);
  three.share();
  office.edit("customer", first, {{"parent", second}});
  tablet.edit("customer", second, {{"parent", first}});
  three.share();
  const Conflict conflict = three.only_conflict();
  CHECK(conflict.key == "circle/customer/parent/" + std::min(first, second).text());
  REQUIRE(conflict.sides.size() == 2);
  CHECK(conflict.sides[0].stands_now);
  CHECK_FALSE(conflict.sides[1].stands_now);
  CHECK(conflict.others == std::vector<RecordName>{{find_entity("customer"), first}});
}

TEST_CASE("in a circle of three only the youngest reference is empty; the others lead where they led") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, first] = three;
  const Id second = office.create("customer", {{"code", "K-2"}, {"name", "乙"}}, as_it_is);
  const Id third = office.create("customer", {{"code", "K-3"}, {"name", "丙"}}, as_it_is);
  three.share();
  office.edit("customer", first, {{"parent", second}});
  tablet.edit("customer", second, {{"parent", third}});
  branch.edit("customer", third, {{"parent", first}});
  three.share();
  const Conflict conflict = three.only_conflict();
  CHECK(conflict.row == third);
  for (TestDevice* device : {&office, &tablet, &branch}) {
    CHECK(device->value("customer", first, "parent") == Value{second});
    CHECK(device->value("customer", second, "parent") == Value{third});
    CHECK(is_null(device->value("customer", third, "parent")));
  }
}

TEST_CASE("a person who said the same on two devices is named once") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  branch.use_as(wang);
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  branch.edit("customer", customer, {{"grade", "c"}});
  three.share();
  const Conflict conflict = three.only_conflict();
  REQUIRE(conflict.sides.size() == 2);
  CHECK(conflict.sides[1].authors.size() == 2);
  CHECK(conflict.headline.zh == "客户“博海餐饮”的客户级别被同时修改：李强 改为“A级”，王敏 改为“C级”。以哪个为准？");
}

TEST_CASE("a decision that left a value as it was is told as a decision, not as a change from it to itself") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id zhang = office.create("contact", {{"customer", customer}, {"name", "张总"}}, {});
  branch.import(office.export_all());
  tablet.create("contact", {{"customer", customer}, {"name", "李总"}}, {});
  office.import(tablet.export_all());
  const auto asked = office.conflicts();
  REQUIRE(asked.size() == 1);
  REQUIRE(office.sync().resolve(asked[0], asked[0].sides[0].cells.front().row == zhang ? 0 : 1).has_value());
  branch.remove("contact", zhang);
  three.share();
  const auto conflicts = branch.conflicts();
  const auto deletion = std::ranges::find(conflicts, ConflictKind::delete_against_edit, &Conflict::kind);
  REQUIRE(deletion != conflicts.end());
  CHECK(told_by(deletion->sides[0])[0] == "李强 裁定：维持主要联系人为“是”");
  CHECK_MESSAGE(deletion->headline.zh.find("赵工 删除了联系人“张总”，同时 李强 裁定：维持主要联系人为“是”") == 0, deletion->headline.zh);
}

TEST_CASE("who wrote another value is not named as the author of the one that is in question") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id second = office.create("customer", {{"code", "K-2"}, {"name", "乙"}}, as_it_is), third = office.create("customer", {{"code", "K-3"}, {"name", "丙"}}, as_it_is);
  const Id chief = office.create("contact", {{"customer", customer}, {"name", "张总"}}, as_it_is), other = office.create("contact", {{"customer", customer}, {"name", "李总"}}, as_it_is),
           clerk = office.create("contact", {{"customer", customer}, {"name", "小陈"}}, as_it_is);
  three.share();
  office.edit("customer", second, {{"code", "K-9"}});
  tablet.edit("customer", second, {{"code", "K-8"}});
  branch.edit("customer", third, {{"code", "K-9"}});
  office.edit("contact", clerk, {{"reports_to", other}});
  tablet.environment().now += 60'000;
  tablet.edit("contact", clerk, {{"reports_to", chief}});
  branch.remove("contact", chief);
  three.share();
  const auto conflicts = branch.conflicts();
  const auto number = std::ranges::find(conflicts, ConflictKind::duplicate_number, &Conflict::kind);
  REQUIRE(number != conflicts.end());
  for (const ConflictSide& side : number->sides) {
    CHECK(names_of(side) == Told{side.cells.front().row == second ? "李强" : "赵工"});
  }
  const auto reference = std::ranges::find(conflicts, ConflictKind::missing_reference, &Conflict::kind);
  REQUIRE(reference != conflicts.end());
  CHECK(told_by(reference->sides[0])[1] == "联系人“小陈”以它为上级联系人（王敏 填的）");
}

TEST_CASE("what a contract still needs is not left deleted while the contract itself waits for a decision") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
  const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  three.share();
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  const Edit removal{.entity = find_entity("product"), .row = product, .fields = {}, .remove = true};
  REQUIRE(branch.store().write({&removal, 1}, as_it_is));
  three.share();
  const auto of_kind = [&](ConflictKind kind) {
    const auto conflicts = branch.conflicts();
    const auto found = std::ranges::find(conflicts, kind, &Conflict::kind);
    REQUIRE(found != conflicts.end());
    return *found;
  };
  const auto refused = branch.sync().resolve(of_kind(ConflictKind::missing_reference), 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.zh == "合同“年度供货”自己还有冲突等您决定，请先决定它。");
  REQUIRE(branch.sync().resolve(of_kind(ConflictKind::document), 0));
  REQUIRE(branch.sync().resolve(of_kind(ConflictKind::missing_reference), 1));
  CHECK(branch.conflicts().empty());
  CHECK(branch.store().read(*find_entity("contract_line"), line)->deleted);
}

TEST_CASE("a side that would delete what a waiting contract needs says so before it is chosen") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  const Id product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
  const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  three.share();
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  tablet.edit("product", product, {{"remark", "换了包装"}});
  const Edit removal{.entity = find_entity("product"), .row = product, .fields = {}, .remove = true};
  REQUIRE(branch.store().write({&removal, 1}, as_it_is));
  three.share();
  const auto conflicts = branch.conflicts();
  const auto deletion = std::ranges::find(conflicts, ConflictKind::delete_against_edit, &Conflict::kind);
  REQUIRE(deletion != conflicts.end());
  for (const ConflictSide& side : deletion->sides) {
    CHECK(side.refused.zh == (side.removed ? "合同“年度供货”自己还有冲突等您决定，请先决定它。" : ""));
  }
}

TEST_CASE("who edited what somebody decided to delete is told of the deletion, and of nothing else") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, customer] = three;
  office.remove("customer", customer);
  tablet.edit("customer", customer, {{"grade", "a"}});
  office.import(tablet.export_all());
  REQUIRE(office.sync().resolve(office.conflicts().at(0), 1));
  const MergeReport report = tablet.import(office.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK(report.concerns[0].zh.starts_with("李强 于 2026-11-"));
  CHECK(report.concerns[0].zh.contains(" 裁定：删除客户 K-1“博海餐饮”"));
  CHECK(report.concerns[0].zh.ends_with("，您写在上面的也随之删除。"));
  CHECK_FALSE(report.concerns[0].zh.contains("客户级别"));
  const auto kept = tablet.sync().concerns().value();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].text == report.concerns[0]);
  CHECK(kept[0].kind == Sync::Concern::Kind::decided);
  CHECK(kept[0].record == RecordName{find_entity("customer"), customer});
}

TEST_CASE("a list that is open while a merge breaks a circle shows what has come back") {
  Three three;
  auto& [office, tablet, branch, li, wang, zhao, first] = three;
  const Id second = office.create("customer", {{"code", "K-2"}, {"name", "乙"}}, as_it_is);
  three.share();
  const Entity& entity = *find_entity("customer");
  const auto below = [&](const Id& parent) {
    ListQuery query{.entity = &entity};
    query.filters.push_back({entity.find("parent"), Filter::Operator::equals, {parent}});
    return branch.store().list(query).value().size();
  };
  CHECK(below(first) == 0);
  CHECK(below(second) == 0);
  office.edit("customer", first, {{"parent", second}});
  tablet.edit("customer", second, {{"parent", first}});
  branch.import({office.export_all(), tablet.export_all()});  // the office knows of no circle: what it writes next is no answer
  CHECK(branch.conflicts().size() == 1);
  CHECK(below(first) == 0);  // the younger of the two references is empty
  CHECK(below(second) == 1);
  office.edit("customer", first, {{"parent", Value{}}});
  branch.import(office.export_all());
  CHECK(branch.conflicts().empty());
  CHECK(branch.value("customer", second, "parent") == Value{first});
  CHECK(below(first) == 1);
  CHECK(below(second) == 0);
}

}  // namespace kehubu::test
