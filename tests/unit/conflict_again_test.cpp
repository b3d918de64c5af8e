// A question that is open again: after two decisions that contradict each other, after one was taken back or taken anew. Its sides
// are told as what they are, against what everybody had seen, and by what tells them apart.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/only_conflict.h"

namespace kehubu::test {
namespace {

// 李强 amends and 赵工 approves at ¥1,500; 王敏, who knew neither, amends and another approves at ¥1,200.
void approve_twice(Firm& firm) {
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{15'000}}});
  firm.office.import(firm.other.export_all());
  firm.office.edit("contract", firm.contract, {{"status", "active"}});
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}});
  firm.tablet.edit("contract", firm.contract, {{"status", "active"}});
  firm.share();
}

}  // namespace

TEST_CASE("two approvals between which two people decided differently: each side says whose approval it keeps, and over how much") {
  FirmInForce firm;
  approve_twice(firm);
  decide(firm.office, side_of(firm.office.conflicts().at(0), "王敏"));
  decide(firm.other, side_of(firm.other.conflicts().at(0), "赵工"));
  firm.share();
  const Conflict conflict = only_conflict(firm.office);
  CHECK(told_by(side_from(conflict, "赵工")) == Told{"王敏 批准了改动后的合同，总价 ¥1,200.00", "王敏 把合同明细 1 的产品/服务数量从“10”改为“12”",
                                                     "合同 HT-1“年度合同”从“执行中，¥1,000.00”变为“执行中，¥1,200.00”"});
  CHECK(told_by(side_from(conflict, "李强")).front() == "赵工 批准了改动后的合同，总价 ¥1,500.00");
  CHECK_MESSAGE(has(conflict.headline.zh, "赵工 裁定采用：王敏 批准了改动后的合同，总价 ¥1,200.00（共 2 处）"), conflict.headline.zh);
  CHECK_MESSAGE(has(conflict.headline.en, "李强 decided for: 赵工 approved the Contract as changed, Contract total ¥1,500.00"), conflict.headline.en);
}

TEST_CASE("a decision between two approvals that is taken back, anywhere: the question is what it was, to the word") {
  FirmInForce firm;
  approve_twice(firm);
  const Conflict before = only_conflict(firm.office);
  decide(firm.other, side_of(firm.other.conflicts().at(0), "赵工"));
  firm.share();
  REQUIRE(firm.other.store().undo().has_value());
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    const Conflict again = only_conflict(*device);
    CHECK(again.headline.zh == before.headline.zh);
    REQUIRE(again.sides.size() == before.sides.size());
    for (const ConflictSide& side : before.sides) {
      const ConflictSide& same = side_from(again, side.authors.front().person_name);
      CHECK(told_by(same) == told_by(side));
      CHECK(same.authors.size() == side.authors.size());
    }
  }
}

TEST_CASE("a decision taken anew against another's decision: both are told against what everybody had seen") {
  FirmInForce firm;
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}});
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{15'000}}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  REQUIRE(firm.office.store().undo().has_value());
  firm.tablet.import(firm.office.export_all());
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  REQUIRE(firm.office.store().redo().has_value());
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  REQUIRE_FALSE(conflict.base.empty());
  for (const ConflictSide::Cell& cell : conflict.base) {
    CHECK((cell.field->id != "qty" || cell.value == Value(std::int64_t{10'000})));
    CHECK((cell.field->id != "status" || text_or_empty(cell.value) == "active"));
  }
  CHECK(told_by(side_from(conflict, "赵工")).back() == "合同 HT-1“年度合同”从“执行中，¥1,000.00”变为“待审批，¥1,500.00”");
  CHECK(told_by(side_from(conflict, "王敏")).back() == "合同 HT-1“年度合同”从“执行中，¥1,000.00”变为“待审批，¥1,200.00”");
  CHECK_MESSAGE(has(conflict.headline.zh, "赵工 裁定采用：李强 把合同明细 1 的产品/服务数量从“10”改为“15”"), conflict.headline.zh);
  for (const std::string& text : told_by(side_from(conflict, "王敏"))) {
    CHECK_MESSAGE(!has(text, "赵工"), text);
  }
}

TEST_CASE("the same of a field") {
  FirmInForce firm;
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  REQUIRE(firm.office.store().undo().has_value());
  firm.tablet.import(firm.office.export_all());
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  REQUIRE(firm.office.store().redo().has_value());
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  REQUIRE(conflict.base.size() == 1);
  CHECK(text_or_empty(conflict.base.front().value) == "d");
}

TEST_CASE("a deletion taken back against a decision to delete: the side that restores is his who took it back, and says what it restores") {
  FirmInForce firm;
  firm.tablet.remove("contract", firm.contract);
  firm.office.edit("contract", firm.contract, {{"remark", "注意"}});
  firm.office.import(firm.tablet.export_all());
  decide(firm.office, side_that(firm.office.conflicts().at(0), true));
  REQUIRE(firm.tablet.store().undo().has_value());
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  const ConflictSide& restoring = conflict.sides[side_that(conflict, false)];
  REQUIRE(restoring.authors.size() == 1);
  CHECK(restoring.authors.front().person_name == "王敏");
  CHECK(told_by(restoring) == Told{"撤销自己的修改，恢复合同 HT-1“年度合同”（执行中，¥1,000.00）", "撤销自己的修改，恢复合同明细 1（瓜子，10，¥100.00）", "不含 赵工 的修改：把备注填为“注意”", "合同 HT-1“年度合同”从“已删除”变为“执行中，¥1,000.00”"});
  CHECK_MESSAGE(has(conflict.headline.zh, "王敏 撤销自己的修改，恢复合同 HT-1“年度合同”（执行中，¥1,000.00）"), conflict.headline.zh);
  CHECK_MESSAGE(has(conflict.headline.zh, "赵工 裁定采用：王敏 删除合同 HT-1“年度合同”（执行中，¥1,000.00）"), conflict.headline.zh);
}

TEST_CASE("what tells the sides apart comes first: not the state that both changed, but what else they did, and the amount") {
  FirmInForce firm;
  firm.add_line(firm.tablet, 2, 5'000);
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}});
  firm.share();
  const Conflict conflict = only_conflict(firm.office);
  CHECK(conflict.headline.zh ==
        "合同“年度合同”在两处被同时修改，整单一起等您决定：王敏 新增合同明细 2（瓜子，5，¥100.00），总价 ¥1,500.00（共 2 处）；"
        "李强 把合同明细 1 的产品/服务数量从“10”改为“12”，总价 ¥1,200.00（共 2 处）。以哪一边为准？");
  CHECK(conflict.headline.en ==
        "Contract \"年度合同\" was changed in two places at the same time and waits as a whole for your decision: 王敏 added Contract line 2 (瓜子, 5, ¥100.00), Contract total "
        "¥1,500.00 (2 changes); 李强 changed Contract line 1: Quantity from \"10\" to \"12\", Contract total ¥1,200.00 (2 changes). Which side is right?");
}

}  // namespace kehubu::test
