// docs/merge.md: what no one device would have allowed, when the work of two meets.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "tests/support/three_devices.h"

namespace kehubu::test {

TEST_CASE("a under b here and b under a there: one of the two is shown empty, and a person decides which") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Three three;
    const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙");
    three.share();
    Three::edit_as_a_person(three.office, "customer", a, {{"parent", b}});
    Three::edit_as_a_person(three.tablet, "customer", b, {{"parent", a}});
    three.share();
    const auto conflicts = three.tablet.conflicts();
    REQUIRE(conflicts.size() == 1);
    const Conflict& conflict = conflicts.front();
    CHECK(conflict.kind == ConflictKind::circle);
    CHECK(conflict.headline.zh.find("的从属单位绕成了一圈。眼下客户“乙”的从属单位先空着。断开哪一处？") != std::string::npos);
    CHECK(three.parent(a) == Value{b});  // the office was enrolled first
    CHECK(is_null(three.parent(b)));
    CHECK(three.tablet.store().read(*find_entity("customer"), a)->in_conflict);
    REQUIRE(three.branch.sync().resolve(three.branch.conflicts().at(0), side).has_value());
    three.share();
    three.check_none_open();
    CHECK(three.parent(a) == (side == 0 ? Value{b} : Value{}));
    CHECK(three.parent(b) == (side == 0 ? Value{} : Value{a}));
  }
}

TEST_CASE("a circle of three, broken by another change of one of them, or by its deletion") {
  for (const bool deleted : {false, true}) {
    CAPTURE(deleted);
    Three three;
    const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙"), c = three.make_customer("K-3", "丙");
    three.share();
    Three::edit_as_a_person(three.office, "customer", a, {{"parent", b}});
    Three::edit_as_a_person(three.tablet, "customer", b, {{"parent", c}});
    Three::edit_as_a_person(three.branch, "customer", c, {{"parent", a}});
    three.share();
    REQUIRE(three.office.conflicts().size() == 1);
    CHECK(three.office.conflicts()[0].sides.size() == 3);
    CHECK(is_null(three.parent(c)));
    if (deleted) {
      Edit edit{.entity = find_entity("customer"), .row = c, .fields = {}, .remove = true};
      REQUIRE(three.office.store().write({&edit, 1}, as_it_is).has_value());
    } else {
      three.office.edit("customer", a, {{"parent", Value{}}});
    }
    three.share();
    const auto left = three.office.conflicts();
    CHECK(std::ranges::none_of(left, [](const Conflict& one) { return one.kind == ConflictKind::circle; }));
    if (!deleted) {
      CHECK(three.parent(c) == Value{a});
      CHECK(three.parent(b) == Value{c});
    }
  }
}

TEST_CASE("a plan that was edited elsewhere while it was carried out stands as it was closed, and the editor is told") {
  for (const bool office_is_later : {true, false}) {
    CAPTURE(office_is_later);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮");
    const Id visit = three.office.create("interaction", {{"customer", customer}, {"status", "planned"}, {"kind", "visit"}, {"purpose", "送样"}, {"content", "计划"}, {"planned_at", three.office.environment().now}}, as_it_is);
    three.share();
    three.tablet.edit("interaction", visit, {{"status", "done"}, {"occurred_at", three.tablet.environment().now}});
    three.office.environment().now += office_is_later ? 3'600'000 : -3'600'000;
    three.office.edit("interaction", visit, {{"purpose", "收款"}, {"content", "改了计划"}, {"next_plan", "下周再去"}});
    const MergeReport report = three.office.import(three.tablet.export_all());
    CHECK(report.ruled_out == 2);
    CHECK(report.superseded == 0);  // no clock decided
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      CHECK(device->text("interaction", visit, "purpose") == "送样");
      CHECK(device->text("interaction", visit, "content") == "计划");
      CHECK(device->text("interaction", visit, "next_plan") == "下周再去");  // plans stay open
    }
    three.check_none_open();
    const auto superseded = three.office.sync().superseded(*find_entity("interaction"), visit).value();
    REQUIRE(superseded.size() == 2);
    CHECK(text_or_empty(superseded[0].stands.value) == "送样");
    CHECK(text_or_empty(superseded[0].other.value) == "收款");
    const auto told = three.office.sync().concerns().value();
    REQUIRE(told.size() == 2);
    CHECK(told[1].text.zh == "联系记录“计划”的目的仍是“送样”：王敏 完成这条记录时还不知道您改为“收款”，完成的记录不再修改；需要更正请另建一条更正记录。");
    CHECK(three.branch.sync().concerns().value().empty());
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {  // looked back at, it is what it is
      const Record then = device->store().read_as_of(*find_entity("interaction"), visit, device->environment().now + 10'000'000).value();
      CHECK(text_or_empty(then.value("purpose")) == "送样");
      CHECK(text_or_empty(then.value("content")) == "计划");
      CHECK(text_or_empty(then.value("next_plan")) == "下周再去");
    }

    // Undone, the visit is a plan again, with the edits of all.
    REQUIRE(three.tablet.store().undo().has_value());
    three.share();
    CHECK(three.office.text("interaction", visit, "purpose") == "收款");
    REQUIRE(three.tablet.store().redo().has_value());
    three.share();
    CHECK(three.office.text("interaction", visit, "purpose") == "送样");
  }
}

TEST_CASE("who edited before the closing and was known has not edited late") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const Id visit = three.office.create("interaction", {{"customer", customer}, {"status", "planned"}, {"kind", "visit"}, {"purpose", "送样"}, {"planned_at", three.office.environment().now}}, as_it_is);
  three.share();
  three.office.edit("interaction", visit, {{"purpose", "收款"}});
  three.share();
  three.tablet.edit("interaction", visit, {{"status", "done"}, {"occurred_at", three.tablet.environment().now}});
  three.share();
  CHECK(three.branch.text("interaction", visit, "purpose") == "收款");
  CHECK(three.office.sync().superseded(*find_entity("interaction"), visit).value().empty());
}

TEST_CASE("who took a closing back and wrote on has edited late when another closed it meanwhile") {
  Three three;
  const Id visit = three.office.create("interaction", {{"status", std::string("planned")}, {"purpose", std::string("计划")}}, as_it_is);
  three.share();
  three.tablet.edit("interaction", visit, {{"status", std::string("done")}});
  REQUIRE(three.tablet.store().undo().has_value());
  three.tablet.edit("interaction", visit, {{"purpose", std::string("改了")}});
  three.office.environment().now += 3'600'000;  // what it closes stands
  three.office.edit("interaction", visit, {{"status", std::string("done")}});
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    CHECK(device->text("interaction", visit, "status") == "done");
    CHECK(device->text("interaction", visit, "purpose") == "计划");
    CHECK(device->store().verify().value() == "");
  }
}

TEST_CASE("to decide that a visit has not taken place is undone: what was edited late is late again") {
  Three three;
  const Id visit = three.office.create("interaction", {{"status", std::string("planned")}, {"purpose", std::string("计划")}}, as_it_is);
  three.share();
  three.tablet.edit("interaction", visit, {{"status", std::string("done")}});
  REQUIRE(three.tablet.store().undo().has_value());
  three.tablet.edit("interaction", visit, {{"purpose", std::string("改了")}});
  three.office.edit("interaction", visit, {{"status", std::string("done")}});
  three.share();
  const auto open = three.branch.conflicts();
  REQUIRE(open.size() == 1);
  REQUIRE(three.branch.text("interaction", visit, "purpose") == "计划");
  REQUIRE(three.branch.sync().resolve(open[0], open[0].sides[0].stands_now ? 1 : 0).has_value());
  CHECK(three.branch.text("interaction", visit, "purpose") == "改了");
  REQUIRE(three.branch.store().undo().has_value());
  three.share();
  CHECK(three.office.conflicts().size() == 1);
  CHECK(three.office.text("interaction", visit, "status") == "done");
  CHECK(three.office.text("interaction", visit, "purpose") == "计划");
}

TEST_CASE("what the closing device wrote of a closed fact stands beside a late edit as it stood before") {
  for (const bool thought_twice : {false, true}) {
    CAPTURE(thought_twice);
    Three three;
    const Id visit = three.office.create("interaction", {{"status", std::string("planned")}, {"content", std::string("计划")}}, as_it_is);
    three.share();
    three.office.edit("interaction", visit, {{"status", std::string("done")}, {"content", std::string("谈成")}});
    three.tablet.environment().now += 3'600'000;
    three.tablet.edit("interaction", visit, {{"status", std::string("done")}, {"content", std::string("没谈成")}});
    if (thought_twice) {
      REQUIRE(three.tablet.store().undo().has_value());
      REQUIRE(three.tablet.store().redo().has_value());
    }
    three.office.import(three.tablet.export_all());
    three.office.edit("interaction", visit, {{"content", std::string("两人都去了")}});
    three.branch.edit("interaction", visit, {{"content", std::string("改计划")}});
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      CHECK(device->text("interaction", visit, "content") == "两人都去了");
      CHECK(device->store().verify().value() == "");
    }
  }
}

TEST_CASE("an edit that leaves fields that do not fit as they are can be undone") {
  Three three;
  const Id customer = three.make_customer("K-1", "甲");
  three.share();
  three.office.edit("customer", customer, {{"term_percent", std::int64_t{60'00}}});
  three.tablet.edit("customer", customer, {{"term_percent2", std::int64_t{60'00}}});
  three.share();
  REQUIRE(three.office.conflicts().size() == 1);
  three.office.edit("customer", customer, {{"term_percent", std::int64_t{70'00}}});  // an import does not ask
  CHECK(three.office.conflicts().size() == 1);
  REQUIRE(three.office.store().undo().has_value());
  CHECK(three.office.value("customer", customer, "term_percent") == Value{std::int64_t{60'00}});
  CHECK(three.office.conflicts().size() == 1);
  REQUIRE(three.office.store().redo().has_value());
  CHECK(three.office.value("customer", customer, "term_percent") == Value{std::int64_t{70'00}});
  CHECK(three.office.conflicts().size() == 1);
}

TEST_CASE("a line stays in the document of its birth, whatever another program writes") {
  Three three;
  const Id first = three.office.create("contract", {{"contract_no", "HT-1"}, {"title", "甲方"}}, as_it_is);
  const Id second = three.office.create("contract", {{"contract_no", "HT-2"}, {"title", "乙方"}}, as_it_is);
  const Id line = three.office.create("contract_line", {{"contract", first}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100}}}, as_it_is);
  three.share();
  three.tablet.edit("contract_line", line, {{"contract", second}});
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    CHECK(device->value("contract_line", line, "contract") == Value{first});
    CHECK(integer_or(device->value("contract", first, "total"), 0) == 100);
    CHECK(device->sync().superseded(*find_entity("contract_line"), line).value().size() == 1);
  }
}

TEST_CASE("dates out of order, 110 % together, a term without its days: two people did it, a person decides whose goes") {
  struct Case {
    TestDevice::FieldValues before, here, there;
    const char* what;
  };
  const Case cases[] = {
      {{{"coop_start", "2026-01-01"}, {"coop_end", "2026-12-31"}}, {{"coop_start", "2026-06-01"}}, {{"coop_end", "2026-03-01"}}, "业务结束日期早于开始日期"},
      {{{"payment_term", "prepaid_then_batch"}, {"term_days", std::int64_t{30}}, {"term_percent", std::int64_t{3000}}, {"term_percent2", std::int64_t{3000}}},
       {{"term_percent", std::int64_t{5500}}}, {{"term_percent2", std::int64_t{5500}}}, "两个付款条件百分比之和超过 100 %"},
      {{{"term_days", std::int64_t{30}}}, {{"payment_term", "net_days"}}, {{"term_days", Value{}}}, "付款条件缺少它需要的数字"},
      // Neither of the two that were emptied is enough.
      {{{"term_days", std::int64_t{30}}, {"term_percent", std::int64_t{3000}}}, {{"payment_term", "prepaid_then_net"}}, {{"term_days", Value{}}, {"term_percent", Value{}}}, "付款条件缺少它需要的数字"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    for (const std::size_t side : {0u, 1u}) {
      Three three;
      const Id customer = three.make_customer("K-1", "博海餐饮");
      three.office.edit("customer", customer, one.before);
      three.share();
      three.office.edit("customer", customer, one.here);
      three.tablet.edit("customer", customer, one.there);
      three.share();
      const auto conflicts = three.branch.conflicts();
      REQUIRE(conflicts.size() == 1);
      CHECK(conflicts[0].kind == ConflictKind::rule);
      CHECK_FALSE(conflicts[0].by_hand);
      CHECK(conflicts[0].headline.zh == std::string("李强、王敏 分别修改了客户“博海餐饮”，合在一起不相符：") + one.what + "。以谁的为准？");
      REQUIRE(three.branch.sync().resolve(conflicts[0], side).has_value());
      three.share();
      three.check_none_open();
      const auto& [kept_field, kept] = side == 0 ? one.here.front() : one.there.front();
      CHECK(three.office.value("customer", customer, kept_field) == kept);
    }
    Three three;  // corrected in the form, it is closed as well
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.office.edit("customer", customer, one.before);
    three.share();
    three.office.edit("customer", customer, one.here);
    three.tablet.edit("customer", customer, one.there);
    three.share();
    three.branch.edit("customer", customer, one.before);
    three.share();
    three.check_none_open();
  }
}

TEST_CASE("a decision about fields that do not fit is undone, also by who wrote one of them: the question is open again") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.office.edit("customer", customer, {{"coop_start", "2026-01-01"}, {"coop_end", "2026-12-31"}});
    three.share();
    three.office.edit("customer", customer, {{"coop_start", "2026-06-01"}});
    three.tablet.edit("customer", customer, {{"coop_end", "2026-03-01"}});
    three.share();
    const auto before = three.office.conflicts();
    REQUIRE(before.size() == 1);
    REQUIRE(three.office.sync().resolve(before[0], side).has_value());
    REQUIRE(three.office.conflicts().empty());
    const auto undone = three.office.store().undo();
    REQUIRE_MESSAGE(undone, (undone ? std::string() : undone.error().message.zh));
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      const auto again = device->conflicts();
      REQUIRE(again.size() == 1);
      CHECK(again[0].headline == before[0].headline);
      CHECK(again[0].sides.size() == 2);
      CHECK(device->text("customer", customer, "coop_end") == "2026-03-01");
    }
    REQUIRE(three.office.store().redo().has_value());
    three.share();
    three.check_none_open();
  }
}

TEST_CASE("a decision about a circle is undone: the same reference is empty as before, whoever decided") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Three three;
    const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙");
    three.share();
    three.office.edit("customer", a, {{"parent", b}});
    three.tablet.edit("customer", b, {{"parent", a}});
    three.share();
    const auto before = three.branch.conflicts();
    REQUIRE(before.size() == 1);
    REQUIRE(three.branch.sync().resolve(before[0], side).has_value());
    REQUIRE(three.branch.store().undo().has_value());
    three.share();
    CHECK(three.parent(a) == Value{b});
    CHECK(is_null(three.parent(b)));
    REQUIRE(three.tablet.conflicts().size() == 1);
    CHECK(three.tablet.conflicts()[0].headline == before[0].headline);
    CHECK(three.tablet.conflicts()[0].sides[0].stands_now);
  }
}

TEST_CASE("bringing a record back into a circle: the side says so before it is chosen, and who chooses is told") {
  Three three;
  const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙");
  three.share();
  three.office.edit("customer", a, {{"parent", b}});
  three.office.remove("customer", a);
  three.tablet.edit("customer", b, {{"parent", a}});
  three.share();
  const auto asked = three.branch.conflicts();
  REQUIRE(asked.size() == 1);
  REQUIRE(asked[0].kind == ConflictKind::missing_reference);
  const auto opens = three.branch.sync().would_open(asked[0], 0);
  REQUIRE(opens.has_value());
  REQUIRE(opens->size() == 1);
  CHECK_MESSAGE(opens->front().zh.find("选这一边会引出一个新的问题：几处修改合在一起，") == 0, opens->front().zh);
  CHECK_MESSAGE(opens->front().zh.find("的从属单位绕成了一圈。眼下客户“乙”的从属单位先空着。断开哪一处？") != std::string::npos, opens->front().zh);
  CHECK(three.branch.sync().would_open(asked[0], 1)->empty());
  REQUIRE(three.branch.conflicts().size() == 1);
  CHECK(three.branch.conflicts()[0].key == asked[0].key);
  CHECK_FALSE(three.branch.store().undo_state().can_undo);
  const auto decided = three.branch.sync().resolve(asked[0], 0);
  REQUIRE(decided.has_value());
  REQUIRE_FALSE(decided->hints.empty());
  CHECK_MESSAGE(decided->hints[0].zh.find("又有一个问题等您决定：几处修改合在一起，") == 0, decided->hints[0].zh);
  three.share();
  CHECK(three.office.conflicts().size() == 1);
}

// What stands is what a form refuses, and only the fields of one device and its own answer make it so.
TEST_CASE("an answer that does not fit what its giver wrote himself is a question, told before it is given") {
  struct Asked {
    const char* what;
    std::function<std::pair<TestDevice*, Id>(Three&)> make;  // who answers, and about which record it is asked afterwards
    std::function<bool(Three&, const Id&)> is_broken;
    const char* told;
  };
  const auto merged_into_nobody = [](Three& three, const Id& row) {
    return three.branch.text("customer", row, "status") == "merged" && is_null(three.branch.value("customer", row, "merged_into"));
  };
  const auto any_merged_into_nobody = [&](Three& three, const Id& row) {  // one of the two of a circle
    return merged_into_nobody(three, row) || merged_into_nobody(three, id_or_empty(three.branch.value("customer", row, "merged_into")));
  };
  const Asked cases[] = {
      {"a date that somebody else gave, before his own",
       [](Three& three) {
         const Id customer = three.make_customer("K-1", "博海餐饮");
         three.share();
         three.tablet.edit("customer", customer, {{"coop_start", "2026-05-01"}});
         three.branch.edit("customer", customer, {{"coop_start", "2026-06-01"}});
         three.office.edit("customer", customer, {{"coop_end", "2026-03-01"}});
         three.share();
         return std::pair{&three.office, customer};
       },
       [](Three& three, const Id& row) { return three.branch.text("customer", row, "coop_end") < three.branch.text("customer", row, "coop_start"); },
       "业务结束日期早于开始日期"},
      {"a circle of merged customers",
       [](Three& three) {
         const Id a = three.make_customer("K-1", "博海餐饮"), b = three.make_customer("K-2", "南湖商贸");
         three.share();
         three.office.edit("customer", a, {{"status", "merged"}, {"merged_into", b}});
         three.tablet.edit("customer", b, {{"status", "merged"}, {"merged_into", a}});
         three.share();
         return std::pair{&three.office, a};
       },
       any_merged_into_nobody, "状态是已合并，却没有写明并入哪个客户"},
      {"what he refers to was deleted",
       [](Three& three) {
         const Id a = three.make_customer("K-1", "博海餐饮"), b = three.make_customer("K-2", "南湖商贸");
         three.share();
         three.tablet.edit("customer", a, {{"status", "merged"}, {"merged_into", b}});
         three.office.remove("customer", b);
         three.share();
         return std::pair{&three.tablet, a};
       },
       merged_into_nobody, "状态是已合并，却没有写明并入哪个客户"},
      {"a visit with somebody who was deleted",
       [](Three& three) {
         const Id customer = three.make_customer("K-1", "博海餐饮");
         const Id contact = three.office.create("contact", {{"customer", customer}, {"name", "钱二"}}, as_it_is);
         three.share();
         const Id visit = three.tablet.create("interaction", {{"customer", customer}, {"contact", contact}, {"status", "done"}, {"kind", "visit"}, {"purpose", "送样"}, {"content", "谈了订单"},
                                                              {"occurred_at", three.tablet.environment().now}}, as_it_is);
         three.office.remove("contact", contact);
         three.share();
         return std::pair{&three.tablet, visit};
       },
       [](Three& three, const Id& row) { return is_null(three.branch.value("interaction", row, "contact")); }, "已完成，却没有写明和谁联系"},
  };
  for (const Asked& asked : cases) {
    CAPTURE(asked.what);
    for (const std::size_t side : {0u, 1u}) {
      CAPTURE(side);
      Three three;
      const auto [who, row] = asked.make(three);
      const auto before = who->conflicts();
      REQUIRE(before.size() == 1);
      REQUIRE(before[0].sides.size() == 2);
      const auto opens = who->sync().would_open(before[0], side);
      REQUIRE(opens.has_value());
      const auto decided = who->sync().resolve(before[0], side);
      REQUIRE(decided.has_value());
      three.share();
      const auto then = three.branch.conflicts();
      CHECK(then.size() == (asked.is_broken(three, row) ? 1 : 0));
      CHECK(opens->size() == then.size());
      for (const Conflict& question : then) {
        CHECK(question.kind == ConflictKind::rule);
        CHECK(question.sides.size() == 2);
        CHECK_MESSAGE(question.headline.zh.find(asked.told) != std::string::npos, question.headline.zh);
      }
      REQUIRE(who->store().undo().has_value());
      three.share();
      REQUIRE(three.branch.conflicts().size() == 1);
      CHECK(who->conflicts().at(0).headline == before[0].headline);
    }
  }
}

TEST_CASE("a circle in one field does not hide that others do not fit") {
  Three three;
  const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙");
  three.office.edit("customer", b, {{"coop_start", "2026-01-01"}, {"coop_end", "2026-12-31"}});
  three.share();
  three.office.edit("customer", a, {{"parent", b}});
  three.office.edit("customer", b, {{"coop_start", "2026-06-01"}});
  three.tablet.edit("customer", b, {{"parent", a}, {"coop_end", "2026-03-01"}});
  three.share();
  const auto conflicts = three.office.conflicts();
  REQUIRE(conflicts.size() == 2);
  CHECK(conflicts[0].kind == ConflictKind::circle);
  CHECK(conflicts[1].kind == ConflictKind::rule);
}

TEST_CASE("the rep whose value lost by a decision elsewhere is told who decided what, when, and what it was before") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  three.office.edit("customer", customer, {{"grade", "b"}});
  three.share();
  three.office.edit("customer", customer, {{"grade", "a"}});
  three.tablet.edit("customer", customer, {{"grade", "c"}});
  three.office.import(three.tablet.export_all());
  REQUIRE(three.office.sync().resolve(three.office.conflicts().at(0), 0).has_value());
  const MergeReport report = three.tablet.import(three.office.export_all());
  CHECK(report.conflicts_opened == 0);
  REQUIRE(report.concerns.size() == 1);
  CHECK(report.concerns[0].zh.starts_with("李强 于 2026-11-"));
  CHECK(report.concerns[0].zh.ends_with(" 裁定：客户“博海餐饮”的客户级别定为“A级”（您写的是“C级”，原来是“B级”）。"));
  CHECK(report.concerns[0].en.find("decided on 2026-11-") != std::string::npos);
  REQUIRE(three.tablet.sync().concerns().value().size() == 1);
  CHECK(three.tablet.sync().concerns().value()[0].record == RecordName{find_entity("customer"), customer});
  // The same file again tells nothing again, and who decided is told nothing.
  CHECK(three.tablet.import(three.office.export_all()).concerns.empty());
  CHECK(three.office.sync().concerns().value().empty());
  REQUIRE(three.tablet.sync().put_away_concerns().has_value());
  CHECK(three.tablet.sync().concerns().value().empty());
}

TEST_CASE("a note that lost to a later one is told to who wrote it, and so is a document that was decided against") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  const Id contract = three.office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"status", "pending_approval"}}, as_it_is);
  const Id line = three.office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  three.share();
  three.tablet.edit("customer", customer, {{"phone", "2222"}});
  three.tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  three.office.environment().now += 600'000;
  three.office.edit("customer", customer, {{"phone", "3333"}});
  three.office.edit("contract", contract, {{"status", "active"}});
  three.office.import(three.tablet.export_all());
  REQUIRE(three.office.sync().resolve(three.office.conflicts().at(0), 0).has_value());
  const MergeReport report = three.tablet.import(three.office.export_all());
  REQUIRE(report.concerns.size() == 2);
  CHECK_MESSAGE(report.concerns[0].zh.ends_with(" 裁定：合同“年度供货”的合同明细 1 的单价定为“¥100.00”（您写的是“¥999.00”，原来是“¥100.00”）；合同 HT-1“年度供货”定为“执行中，¥100.00”（您那一边是“待审批，¥999.00”）。"), report.concerns[0].zh);
  CHECK(report.concerns[1].zh == "客户“博海餐饮”的电话现在是“3333”：李强写得比您晚（您写的是“2222”，在历史里）。");
}

TEST_CASE("what one device wrote is not asked about, whether it fits or not: that device has checked it") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  three.share();
  three.tablet.edit("customer", customer, {{"coop_start", "2026-05-01"}, {"coop_end", "2026-03-01"}});  // by another program, with other rules
  three.office.edit("customer", customer, {{"grade", "a"}});
  three.share();
  three.check_none_open();
}

}  // namespace kehubu::test
