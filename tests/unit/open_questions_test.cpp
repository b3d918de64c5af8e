// What an open question means to whoever edits: it is told where one edits, answering it in passing is a decision that is told
// to those who lost, and what could not be saved is not opened for editing.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "app/shell/route.h"
#include "tests/support/app_tablet.h"
#include "tests/support/clerk_and_rep.h"
#include "tests/support/import_support.h"

namespace kehubu::test {
namespace {

PickedFile file_of(const std::string& json) { return {.name = "kehubu.json", .bytes = Bytes(json.begin(), json.end())}; }

struct Tablet : AppTablet {
  ClerkAndRep others;

  Tablet() {
    press_button("从空白开始");
    type("姓名", "周宁");
    type("业务代码", "R00");
    press_button("开始使用");
    others.clerk.environment().now = others.rep.environment().now = platform.wall_clock_ms;
  }
  void hear() {
    press(Role::link, "同步");
    platform.files_to_pick = {file_of(others.clerk.export_all()), file_of(others.rep.export_all())};
    press_button("选择文件");
    press_button("合并");
    press_button("知道了");
  }
  void open_form(std::string_view entity, const Id& id) { go(route_text(form_for(entity_named(entity), id))); }
  void open_record(std::string_view entity, const Id& id) { go(route_text(record_of(entity_named(entity), id))); }
};

// An opportunity about whose stage the two differ, the fields that follow from it included.
Id differ_about_stage(ClerkAndRep& pair) {
  const Id row = pair.clerk.create("opportunity", {{"customer", pair.customer}, {"topic", "年货礼盒"}, {"stage", "prospecting"}, {"owner", pair.wang}, {"amount", std::int64_t{10'000'00}},
                                                   {"expected_close", "2026-12-31"}}, as_it_is);
  exchange({&pair.clerk, &pair.rep});
  pair.clerk.edit("opportunity", row, {{"stage", "needs"}}, {});
  pair.rep.edit("opportunity", row, {{"stage", "quoted"}}, {});
  return row;
}

}  // namespace

TEST_CASE("deleting a disputed record is a decision: those whose values lost are told, and undone the question is open again") {
  ClerkAndRep pair;
  pair.differ_about_grade();
  TestDevice third{3, "周宁的平板"};
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  REQUIRE(third.conflicts().size() == 1);
  third.remove("contract", pair.contract);  // needs the customer
  const Entity& customers = *find_entity("customer");
  const Edit edit{.entity = &customers, .row = pair.customer, .fields = {}, .remove = true};
  const auto written = third.store().write({&edit, 1});
  REQUIRE_MESSAGE(written.has_value(), written.error().message.zh);
  CHECK(std::ranges::any_of(written->hints, [](const Sentence& hint) { return hint.zh.contains("这次删除就是裁定"); }));
  CHECK(third.conflicts().empty());
  const std::string before_leaving = third.export_all();
  pair.clerk.import(before_leaving);
  pair.rep.import(before_leaving);
  for (TestDevice* loser : {&pair.clerk, &pair.rep}) {
    CHECK(loser->conflicts().empty());
    const auto concerns = loser->sync().concerns().value();
    REQUIRE(concerns.size() == 1);
    CHECK_MESSAGE(concerns[0].text.zh.contains("裁定：删除客户"), concerns[0].text.zh);
    CHECK_MESSAGE(concerns[0].text.zh.contains("您写在上面的也随之删除"), concerns[0].text.zh);
  }
  REQUIRE(third.store().undo().has_value());
  CHECK(third.conflicts().size() == 1);
  exchange({&pair.clerk, &pair.rep, &third});
  for (TestDevice* each : {&pair.clerk, &pair.rep, &third}) {
    CHECK(each->conflicts().size() == 1);
    CHECK(each->store().verify().value().empty());
  }
  REQUIRE(third.store().redo().has_value());
  CHECK(third.conflicts().empty());
}

TEST_CASE("deleting one of two records with the same number decides about the number, a contract's with its lines, too") {
  ClerkAndRep pair;
  TestDevice third{3, "周宁的平板"};
  const Id other = pair.rep.create("contract", {{"contract_no", "HT-200"}, {"title", "甲"}, {"customer", pair.customer}, {"status", "draft"}}, as_it_is);
  pair.clerk.create("contract", {{"contract_no", "HT-200"}, {"title", "乙"}, {"customer", pair.customer}, {"status", "draft"}}, as_it_is);
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  REQUIRE(third.conflicts().size() == 1);
  third.remove("contract", other);
  CHECK(third.conflicts().empty());
  pair.rep.import(third.export_all());
  const auto concerns = pair.rep.sync().concerns().value();
  REQUIRE(concerns.size() == 1);
  CHECK_MESSAGE(concerns[0].text.zh.contains("裁定：删除合同 HT-200"), concerns[0].text.zh);
  REQUIRE(third.store().undo().has_value());
  CHECK(third.conflicts().size() == 1);
  CHECK(third.store().verify().value().empty());
}

TEST_CASE("an import says of each row that it decides an open question, and counts those rows") {
  ClerkAndRep pair;
  pair.differ_about_grade();
  TestDevice third{3, "周宁的平板"};
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  const Entity& customers = *find_entity("customer");
  const auto plan = plan_text(third.store(), third.environment(), "客户编号,客户名称,客户级别,电话\nK-1,博海餐饮,C,0755-88888888\nK-2,长江酒店,A,\n", customers, {.existing = ExistingPolicy::update});
  CHECK(plan.count(NoteKind::decides) == 1);
  const auto note = std::ranges::find(plan.problems, NoteKind::decides, &ImportProblem::kind);
  REQUIRE(note != plan.problems.end());
  CHECK(note->line == 2);
  CHECK_MESSAGE(note->message.zh.contains("客户级别：“A级”改为“C级”。它有不同的值在等待裁定，导入这一行就是裁定"), note->message.zh);
  CHECK(plan.count(NoteKind::overwritten) == 1);  // the telephone
  commit(third.store(), plan);
  CHECK(third.conflicts().empty());
}

TEST_CASE("a disputed field says so in the form and where it is read, says that saving decides, and leads to the question") {
  Tablet tablet;
  tablet.others.differ_about_grade();
  tablet.hear();
  tablet.open_record("customer", tablet.others.customer);
  tablet.press(Role::tab, "资料");
  CHECK_MESSAGE(tablet.shows("有 2 处不同的值，等待裁定：“A级”（刘芳）、“B级”（王敏）"), tablet.outline());
  tablet.open_form("customer", tablet.others.customer);
  CHECK_MESSAGE(tablet.shows("有 2 处不同的值，等待裁定：“A级”（刘芳）、“B级”（王敏）"), tablet.outline());
  CHECK(tablet.shows("在这里改动并保存，就是作出裁定"));
  tablet.choose("客户级别", "C级");
  CHECK_MESSAGE(tablet.shows("保存即裁定为“C级”"), tablet.outline());
  tablet.press(Role::link, "去处理");
  CHECK_MESSAGE(tablet.find_like(Role::button, "采用王敏") != nullptr, tablet.outline());
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.shows("保存即裁定为“C级”"), tablet.outline());
  tablet.press_button("保存");
  tablet.open_record("customer", tablet.others.customer);
  tablet.press(Role::tab, "修改历史");
  CHECK_MESSAGE(tablet.shows("裁定：客户级别定为“C级”"), tablet.outline());
  CHECK_FALSE(tablet.shows("有冲突待处理"));
}

TEST_CASE("a form of a record that another one deleted says so, and leads to the question") {
  Tablet tablet;
  const Id lonely = tablet.others.clerk.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  exchange({&tablet.others.clerk, &tablet.others.rep});
  tablet.others.clerk.remove("customer", lonely);
  tablet.others.rep.edit("customer", lonely, {{"phone", "0755-3"}});
  tablet.hear();
  tablet.open_form("customer", lonely);
  CHECK_MESSAGE(tablet.shows("刘芳 删除了客户“长江酒店”"), tablet.outline());
  tablet.press_button("去处理");
  CHECK_MESSAGE(tablet.find_like(Role::button, "保留") != nullptr, tablet.outline());
}

TEST_CASE("an editor that could not save does not open: it says why and leads to what is in the way") {
  Tablet tablet;
  const Id visit = tablet.others.clerk.create("interaction", {{"customer", tablet.others.customer}, {"kind", "phone"}, {"status", "done"}}, as_it_is);
  tablet.others.differ_about_contract();
  tablet.hear();
  SUBCASE("a contract of which two versions wait") {
    tablet.open_record("contract", tablet.others.contract);
    tablet.press_button("编辑");
    CHECK_MESSAGE(tablet.shows("“年度供货”被不同设备改得不一样，要先选定一边"), tablet.outline());
    CHECK(tablet.find_like(Role::button, "保存") == nullptr);
    CHECK(tablet.find_like(Role::text_box, "合同名称") == nullptr);
    tablet.press_button("去处理");
    CHECK_MESSAGE(tablet.find_like(Role::button, "采用王敏") != nullptr, tablet.outline());
    tablet.press_button("采用刘芳");
    tablet.open_form("contract", tablet.others.contract);
    CHECK_MESSAGE(tablet.find_like(Role::button, "保存") != nullptr, tablet.outline());
  }
  SUBCASE("the same where it is read") {
    tablet.open_record("contract", tablet.others.contract);
    tablet.press_button("修改");
    CHECK_MESSAGE(tablet.find_like(Role::button, "保存") == nullptr, tablet.outline());
  }
  SUBCASE("a visit that took place") {
    tablet.open_form("interaction", visit);
    CHECK_MESSAGE(tablet.shows("完成的记录不再修改"), tablet.outline());
    CHECK(tablet.find_like(Role::button, "保存") == nullptr);
    tablet.press_button("打开记录");
    CHECK_MESSAGE(tablet.find_like(Role::button, "更正") != nullptr, tablet.outline());
  }
  SUBCASE("a deleted record") {
    tablet.others.clerk.remove("interaction", visit);
    const Id lonely = tablet.others.clerk.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
    tablet.others.clerk.remove("customer", lonely);
    tablet.hear();
    tablet.open_form("customer", lonely);
    CHECK_MESSAGE(tablet.shows("“长江酒店”已删除。要修改，先恢复它"), tablet.outline());
    tablet.press_button("打开记录");
    tablet.press_button("恢复记录");
    tablet.open_form("customer", lonely);
    CHECK_MESSAGE(tablet.find_like(Role::button, "保存") != nullptr, tablet.outline());
  }
  SUBCASE("a tab that may only be read") {
    AppTablet second(tablet.world());
    second.press_button("在这里接管");
    tablet.rest();
    tablet.open_form("customer", tablet.others.customer);
    CHECK_MESSAGE(tablet.shows("现在不能修改"), tablet.outline());
    CHECK(tablet.find_like(Role::text_box, "客户名称") == nullptr);
  }
}

TEST_CASE("who deletes a document is asked with its number, status, amount and the lines that go with it") {
  Tablet tablet;
  tablet.others.clerk.edit("contract", tablet.others.contract, {{"status", "active"}});
  tablet.hear();
  tablet.open_record("contract", tablet.others.contract);
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("合同 HT-118“年度供货”（执行中，¥10,000.00）。明细 1 行一并删除。"), tablet.outline());
}

TEST_CASE("who deletes a disputed record reads before what is asked about it, and a document that waits is not deleted") {
  Tablet tablet;
  tablet.others.differ_about_grade();
  tablet.others.differ_about_contract();
  tablet.hear();
  tablet.open_record("contract", tablet.others.contract);
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "删除") == nullptr, tablet.outline());
  const Id lonely = tablet.others.clerk.create("customer", {{"code", "K-7"}, {"name", "长江酒店"}}, as_it_is);
  exchange({&tablet.others.clerk, &tablet.others.rep});
  tablet.others.clerk.edit("customer", lonely, {{"grade", "a"}});
  tablet.others.rep.edit("customer", lonely, {{"grade", "b"}});
  tablet.hear();
  tablet.open_record("customer", lonely);
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("还有问题在等待裁定：客户“长江酒店”的客户级别被同时修改"), tablet.outline());
  CHECK(tablet.shows("删除就是裁定，写过它的人会收到通知"));
}

TEST_CASE("the page of open questions does not lead to itself, all others lead there") {
  Tablet tablet;
  tablet.others.differ_about_grade();
  tablet.hear();
  for (const float width : {1180.0F, 390.0F}) {
    tablet.platform.viewport_now.width = width;
    tablet.platform.request_frame();
    const auto leads_there = [&](std::string_view address) {
      tablet.go(address);
      if (width < 500) {
        tablet.press_button("更多操作");
      }
      return tablet.find_like(width < 500 ? Role::menu_item : Role::button, "1 个冲突待处理") != nullptr;
    };
    CHECK_MESSAGE(leads_there("list/product"), tablet.outline());
    tablet.escape();
    CHECK_MESSAGE(!leads_there("conflicts"), tablet.outline());
    tablet.escape();
  }
}

TEST_CASE("a merge that opens no question does not say that there is none while others wait") {
  Tablet tablet;
  tablet.others.differ_about_grade();
  tablet.hear();
  tablet.others.clerk.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  tablet.press(Role::link, "同步");
  tablet.platform.files_to_pick = {file_of(tablet.others.clerk.export_all())};
  tablet.press_button("选择文件");
  tablet.press_button("合并");
  CHECK_MESSAGE(tablet.shows("没有新的冲突；1 个冲突之前就在等待裁定"), tablet.outline());
  CHECK_FALSE(tablet.shows("没有冲突"));
}

// Both are about one saving, so both say the same.
TEST_CASE("who chooses anew in the form reads below each field that follows for which choice saving decides") {
  Tablet tablet;
  const Id opportunity = differ_about_stage(tablet.others);
  tablet.hear();
  tablet.open_form("opportunity", opportunity);
  tablet.choose("销售阶段", "解决方案制定（已做方案）");
  CHECK_MESSAGE(tablet.shows("保存即裁定为“解决方案制定（已做方案）”"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("保存即裁定为“解决方案制定（已做方案）、"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("保存即裁定为“客户需求分析"), tablet.outline());
}

TEST_CASE("neither of two stages is right: a third one is taken, at once and after it was kept as a draft") {
  for (const bool kept : {false, true}) {
    CAPTURE(kept);
    Tablet tablet;
    const Id opportunity = differ_about_stage(tablet.others);
    tablet.hear();
    tablet.press_button("个冲突待处理");
    tablet.press_button("的销售阶段被同时修改");
    tablet.choose("销售阶段", "解决方案制定（已做方案）");
    kept ? tablet.pass(2'000) : void();
    tablet.press_button("用这个值");
    CHECK_MESSAGE(tablet.shows("已裁定"), tablet.outline());
    CHECK_MESSAGE(!tablet.shows("？。"), tablet.outline());
    tablet.open_record("opportunity", opportunity);
    CHECK_MESSAGE(tablet.shows("解决方案制定（已做方案）"), tablet.outline());
  }
}

}  // namespace kehubu::test
