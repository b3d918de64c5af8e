// Who did what, in the words of a question about a document: who approved and changed, who only decided, who took something back.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/only_conflict.h"

namespace kehubu::test {
namespace {

void approve(Firm& firm, TestDevice& device) { device.edit("contract", firm.contract, {{"status", "active"}}); }
void amend(Firm& firm, TestDevice& device, std::int64_t quantity) { device.edit("contract_line", firm.line, {{"qty", quantity}}); }

// All know an amendment to 12. 赵工 approves it; 李强 amends to 15 and approves that.
void approve_two_amounts(Firm& firm) {
  amend(firm, firm.tablet, 12'000);
  firm.share();
  approve(firm, firm.office);
  amend(firm, firm.other, 15'000);
  approve(firm, firm.other);
  firm.share();
}

}  // namespace

TEST_CASE("an approval and a change are theirs who gave and made them, wherever somebody else only decided") {
  FirmInForce firm;
  approve_two_amounts(firm);
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "李强"));
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    const Conflict conflict = only_conflict(*device);
    const ConflictSide &of_zhao = side_from(conflict, "赵工"), &of_wang = side_from(conflict, "王敏");
    CHECK(of_wang.decided);
    CHECK(of_wang.authors.size() == 1);
    CHECK(told_by(of_wang) == Told{"李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,500.00", "李强 把合同明细 1 的产品/服务数量从“12”改为“15”",
                                   "合同 HT-1“年度合同”从“待审批，¥1,200.00”变为“执行中，¥1,500.00”"});
    CHECK_MESSAGE(has(conflict.headline.zh, "；王敏 裁定采用：李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,500.00（共 2 处）。"), conflict.headline.zh);
    CHECK_MESSAGE(has(conflict.headline.en, "王敏 decided for: 李强 changed State"), conflict.headline.en);
    CHECK(of_zhao.decided);  // of his own approval he is both
    CHECK(told_by(of_zhao).front() == "把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,200.00");
    CHECK_MESSAGE(has(conflict.headline.zh, "：赵工 裁定：把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,200.00；"), conflict.headline.zh);
  }
}

TEST_CASE("who goes on from a decision has changed what he changed, and not what it was taken for") {
  FirmInForce firm;
  approve_two_amounts(firm);
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "李强"));
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  firm.tablet.edit("contract", firm.contract, {{"remark", "货到付款"}});
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  const Told told = told_by(side_from(conflict, "王敏"));
  CHECK(std::ranges::count(told, "李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,500.00") == 1);
  CHECK(std::ranges::count(told, "李强 把合同明细 1 的产品/服务数量从“12”改为“15”") == 1);
  CHECK(std::ranges::count(told, "王敏 把备注填为“货到付款”") == 1);
}

TEST_CASE("who decides for a deletion did not delete") {
  FirmInForce firm;
  firm.tablet.remove("contract", firm.contract);
  amend(firm, firm.other, 15'000);
  firm.share();
  const Conflict open = firm.office.conflicts().at(0);
  decide(firm.office, side_that(open, true));
  decide(firm.other, side_that(open, false));
  firm.share();
  const Conflict conflict = only_conflict(firm.tablet);
  CHECK_MESSAGE(has(conflict.headline.zh, "赵工 裁定采用：王敏 删除合同 HT-1“年度合同”（执行中，¥1,000.00）"), conflict.headline.zh);
}

TEST_CASE("what he wrote on another of his devices is told as that device's side, not as this one's") {
  FirmInForce firm;
  const Id zhao = firm.office.store().identity().person;
  firm.other.use_as(zhao);
  amend(firm, firm.tablet, 12'000);
  firm.share();
  approve(firm, firm.other);
  amend(firm, firm.tablet, 15'000);
  firm.office.import(firm.other.export_all());
  firm.tablet.import(firm.other.export_all());
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.office.import(firm.tablet.export_all());
  firm.other.import(firm.tablet.export_all());
  const std::vector<std::string> on_office = told(firm.office), on_other = told(firm.other);
  REQUIRE(on_office.size() == 1);
  CHECK_MESSAGE(has(on_office[0], "定为“待审批，¥1,500.00”（您在“李强的平板”上那一边是“执行中，¥1,200.00”）"), on_office[0]);
  REQUIRE(on_other.size() == 1);
  CHECK_MESSAGE(has(on_other[0], "定为“待审批，¥1,500.00”（您那一边是“执行中，¥1,200.00”）"), on_other[0]);
}

TEST_CASE("undoing an amendment approves nothing: it is told as taking back") {
  FirmInForce firm;
  amend(firm, firm.tablet, 12'000);
  firm.share();
  REQUIRE(firm.tablet.store().undo().has_value());
  approve(firm, firm.office);
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  CHECK(told_by(side_from(conflict, "王敏")) == Told{"撤销自己的修改，把合同状态从“待审批”改为“执行中”", "撤销自己的修改，把合同明细 1 的产品/服务数量从“12”改为“10”",
                                                     "合同 HT-1“年度合同”从“待审批，¥1,200.00”变为“执行中，¥1,000.00”"});
  CHECK_MESSAGE(has(conflict.headline.zh, "王敏 撤销自己的修改，把合同状态从“待审批”改为“执行中”，总价 ¥1,000.00（共 2 处）"), conflict.headline.zh);
  CHECK_MESSAGE(has(conflict.headline.en, "王敏 took back a change: changed"), conflict.headline.en);
  CHECK(told_by(side_from(conflict, "赵工")).front() == "把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,200.00");
}

TEST_CASE("an approval that is undone and done again is one") {
  FirmInForce firm;
  amend(firm, firm.tablet, 12'000);
  firm.share();
  approve(firm, firm.office);
  REQUIRE(firm.office.store().undo().has_value());
  REQUIRE(firm.office.store().redo().has_value());
  amend(firm, firm.tablet, 15'000);
  firm.share();
  CHECK(told_by(side_from(only_conflict(firm.other), "赵工")).front() == "把合同状态从“待审批”改为“执行中”，即批准，总价 ¥1,200.00");
}

TEST_CASE("after a deletion that both took back, what each did since is told against what all had seen alive") {
  FirmInForce firm;
  firm.office.remove("contract", firm.contract);
  firm.tablet.import(firm.office.export_all());
  firm.tablet.restore("contract", firm.contract);
  amend(firm, firm.tablet, 12'000);
  REQUIRE(firm.office.store().undo().has_value());
  amend(firm, firm.office, 15'000);
  approve(firm, firm.office);
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  CHECK(told_by(side_from(conflict, "赵工")) == Told{"撤销自己的修改，恢复合同 HT-1“年度合同”（执行中，¥1,000.00）", "批准了改动后的合同，总价 ¥1,500.00",
                                                     "把合同明细 1 的产品/服务数量从“10”改为“15”", "合同 HT-1“年度合同”从“已删除”变为“执行中，¥1,500.00”"});
  CHECK(told_by(side_from(conflict, "王敏")) == Told{"恢复合同 HT-1“年度合同”（执行中，¥1,000.00）", "把合同状态从“执行中”改为“待审批”",
                                                     "把合同明细 1 的产品/服务数量从“10”改为“12”", "合同 HT-1“年度合同”从“已删除”变为“待审批，¥1,200.00”"});
  CHECK(std::ranges::any_of(conflict.base, [](const ConflictSide::Cell& cell) { return cell.field->id == "qty" && cell.value == Value(std::int64_t{10'000}); }));
}

TEST_CASE("sides of one amount are told by what differs beside the state") {
  FirmInForce firm;
  firm.other.edit("contract", firm.contract, {{"rebate_rate", std::int64_t{3'000}}});
  firm.tablet.edit("contract", firm.contract, {{"rebate_rate", std::int64_t{500}}});
  firm.office.import(firm.tablet.export_all());
  approve(firm, firm.office);
  firm.share();
  const Conflict conflict = only_conflict(firm.office);
  CHECK_MESSAGE(has(conflict.headline.zh, "改为“30 %”") != has(conflict.headline.zh, "填为“30 %”"), conflict.headline.zh);
  CHECK_MESSAGE(has(conflict.headline.zh, "“5 %”"), conflict.headline.zh);
}

TEST_CASE("a side that did nothing but what all did is told by that") {
  FirmInForce firm;
  firm.tablet.edit("contract", firm.contract, {{"remark", "货到付款"}});
  firm.other.edit("contract", firm.contract, {{"remark", "货到付款"}, {"signed_on", "2026-11-26"}});
  firm.share();
  const Conflict conflict = only_conflict(firm.office);
  CHECK_MESSAGE(has(conflict.headline.zh, "王敏 把备注填为“货到付款”；"), conflict.headline.zh);
}

TEST_CASE("what stood before, in the sentence for whoever lost, is what everybody had seen") {
  FirmInForce firm;
  amend(firm, firm.tablet, 12'000);   // active, then waiting: a step of his own
  approve(firm, firm.tablet);
  firm.other.edit("contract", firm.contract, {{"status", "terminated"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  firm.share();
  for (const std::string& sentence : told(firm.tablet)) {
    CHECK_MESSAGE(!has(sentence, "原来是“待审批”"), sentence);
  }
}

TEST_CASE("a plan that one deleted and another completed is called what it was when it was deleted") {
  FirmInForce firm;
  const Id plan = firm.office.create("interaction", {{"customer", firm.customer}, {"status", "planned"}, {"purpose", "谈续约"}, {"planned_at", std::int64_t{1'764'000'000'000}}}, as_it_is);
  firm.share();
  firm.tablet.edit("interaction", plan, {{"status", "done"}, {"content", "对方犹豫"}, {"contact_text", "李经理"}, {"occurred_at", std::int64_t{1'764'000'600'000}}}, as_it_is);
  firm.office.remove("interaction", plan);
  firm.share();
  const auto open = firm.other.conflicts();
  REQUIRE(open.size() == 1);
  CHECK_MESSAGE(open.front().headline.zh.starts_with("赵工 删除了联系记录“谈续约”，同时 王敏 "), open.front().headline.zh);
}

}  // namespace kehubu::test
