// What each side of a conflict says: every line and every record that is added, changed, removed or goes along.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/store/log.h"
#include "tests/support/conflict_properties.h"

namespace kehubu::test {
namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

// Head office, a second head office and a rep, with a contract of two lines that all of them know.
struct Company {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  TestDevice branch{3, "分部"};
  Id li, wang, zhao, customer, product, contract, line, second_line;

  Company() {
    li = office.create("employee", {{"code", "R01"}, {"name", "李强"}}, as_it_is);
    wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is);
    zhao = office.create("employee", {{"code", "R02"}, {"name", "赵工"}}, as_it_is);
    office.use_as(li);
    tablet.use_as(wang);
    branch.use_as(zhao);
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    contract = office.create("contract", {{"contract_no", "HT-118"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
    line = add_line(office, 1, 100'000, 100'00);
    second_line = add_line(office, 2, 20'000, 100'00);
    share();
  }
  Id add_line(TestDevice& device, std::int64_t number, std::int64_t quantity, std::int64_t price) {
    return device.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", quantity}, {"unit_price", price}}, as_it_is);
  }
  void share() { exchange({&office, &tablet, &branch}); }
  Conflict only_conflict() {
    const auto found = office.conflicts();
    REQUIRE(found.size() == 1);
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(check_conflicts(*device) == "");
    }
    CHECK(check_choices(office, 1000) == "");
    return found.front();
  }
  void check_none_open() {
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(device->conflicts().empty());
      CHECK(device->table_hash() == office.table_hash());
      CHECK(device->store().verify().value() == "");
    }
  }
};

std::vector<std::string> told_by(const ConflictSide& side) {
  std::vector<std::string> told;
  for (const Effect& effect : side.effects) {
    told.push_back(effect.text.zh);
  }
  return told;
}

const ConflictSide& side_by(const Conflict& conflict, const Id& person) {
  const auto found = std::ranges::find_if(conflict.sides, [&](const ConflictSide& side) { return side.authors.front().person == person; });
  REQUIRE(found != conflict.sides.end());
  return *found;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a line that one side deleted is named by both sides") {
  Company company;
  company.tablet.remove("contract_line", company.second_line);
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(told_by(side_by(conflict, company.wang)) ==
        Told{"合同状态仍是“待审批”", "删除合同明细 2（瓜子，20，¥100.00）", "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“待审批，¥10,000.00”"});
  CHECK(told_by(side_by(conflict, company.li)) ==
        Told{"把合同状态从“待审批”改为“执行中”，即批准，总价 ¥12,000.00", "保留合同明细 2（瓜子，20，¥100.00）",
             "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“执行中，¥12,000.00”"});
  CHECK(conflict.headline.zh ==
        "合同“年度供货”在两处被同时修改，整单一起等您决定：李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥12,000.00；王敏 删除合同明细 2（瓜子，20，¥100.00），总价 ¥10,000.00。以哪一边为准？");
}

TEST_CASE("a document that three changed at once was changed in three places") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.tablet.edit("contract_line", company.line, {{"qty", std::int64_t{5'000}}});
  company.branch.remove("contract_line", company.second_line);
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.sides.size() == 3);
  CHECK_MESSAGE(conflict.headline.zh.starts_with("合同“年度供货”在 3 处被同时修改"), conflict.headline.zh);
  CHECK_MESSAGE(conflict.headline.en.contains("was changed in 3 places at the same time"), conflict.headline.en);
}

TEST_CASE("a line that one side added is named as such, not as a contract number that was changed") {
  Company company;
  company.add_line(company.tablet, 3, 5'000, 12'00);
  company.office.edit("contract_line", company.line, {{"qty", std::int64_t{90'000}}});
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(told_by(side_by(conflict, company.wang)) == Told{"合同明细 1 的产品/服务数量仍是“100”", "新增合同明细 3（瓜子，5，¥12.00）",
                                                                   "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“待审批，¥12,060.00”"});
  CHECK(told_by(side_by(conflict, company.li)) == Told{"把合同明细 1 的产品/服务数量从“100”改为“90”", "没有合同明细 3（瓜子，5，¥12.00）",
                                                                 "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“待审批，¥11,000.00”"});
  CHECK(conflict.headline.en ==
        "Contract \"年度供货\" was changed in two places at the same time and waits as a whole for your decision: 李强 changed Contract line 1: Quantity "
        "from \"100\" to \"90\", Contract total ¥11,000.00; 王敏 added Contract line 3 (瓜子, 5, ¥12.00), Contract total ¥12,060.00. Which side is right?");
}

TEST_CASE("a document deleted here and a line added there: what people see is what is marked as standing") {
  Company company;
  company.office.remove("contract", company.contract);  // enrolled first
  company.add_line(company.tablet, 3, 5'000, 12'00);
  company.share();
  CHECK_FALSE(company.office.store().read(*find_entity("contract"), company.contract)->deleted);
  const Conflict conflict = company.only_conflict();
  CHECK(conflict.sides[0].authors[0].person == company.wang);
  CHECK(conflict.sides[0].stands_now);
  CHECK_FALSE(conflict.sides[0].removed);
  CHECK(conflict.sides[1].removed);
  CHECK(told_by(conflict.sides[1]) == Told{"删除合同 HT-118“年度供货”（待审批，¥12,000.00）", "一并删除合同明细 1（瓜子，100，¥100.00）",
                                           "一并删除合同明细 2（瓜子，20，¥100.00）", "一并删除合同明细 3（瓜子，5，¥12.00）"});
}

TEST_CASE("the same decision taken at two head offices is settled; two different ones are a conflict with whole sides") {
  for (const bool same : {true, false}) {
    CAPTURE(same);
    Company company;
    company.office.edit("contract", company.contract, {{"status", "active"}});
    company.tablet.edit("contract_line", company.line, {{"unit_price", std::int64_t{999'00}}});
    company.share();
    REQUIRE(company.office.sync().resolve(company.office.conflicts().at(0), 1).has_value());
    REQUIRE(company.branch.sync().resolve(company.branch.conflicts().at(0), same ? 1 : 0).has_value());
    company.share();
    if (same) {
      company.check_none_open();
      // Whoever goes on from there builds on both.
      company.tablet.edit("contract", company.contract, {{"remark", "继续"}});
      company.share();
      company.check_none_open();
      continue;
    }
    const Conflict conflict = company.only_conflict();
    CHECK(told_by(side_by(conflict, company.zhao)) ==
          Told{"李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥12,000.00", "合同明细 1 的单价仍是“¥100.00”",
               "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“执行中，¥12,000.00”"});
    CHECK(told_by(side_by(conflict, company.li)) ==
          Told{"合同状态仍是“待审批”", "王敏 把合同明细 1 的单价从“¥100.00”改为“¥999.00”",
               "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“待审批，¥101,900.00”"});
  }
}

TEST_CASE("two decisions that contradict each other are told against what everybody had seen before, as decisions") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}, {"signed_on", "2026-11-26"}});
  company.tablet.edit("contract_line", company.line, {{"qty", std::int64_t{500'000}}});
  company.share();
  REQUIRE(company.office.sync().resolve(company.office.conflicts().at(0), 0).has_value());
  REQUIRE(company.tablet.sync().resolve(company.tablet.conflicts().at(0), 1).has_value());
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(told_by(side_by(conflict, company.li)) ==
        Told{"把合同状态从“待审批”改为“执行中”，即批准，总价 ¥12,000.00", "把合同日期填为“2026-11-26”", "合同明细 1 的产品/服务数量仍是“100”",
             "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“执行中，¥12,000.00”"});
  CHECK(told_by(side_by(conflict, company.wang)) ==
        Told{"合同状态仍是“待审批”", "合同日期仍是“（空）”", "把合同明细 1 的产品/服务数量从“100”改为“500”",
             "合同 HT-118“年度供货”从“待审批，¥12,000.00”变为“待审批，¥52,000.00”"});
  CHECK(conflict.headline.zh.find("李强 裁定：把合同状态从“待审批”改为“执行中”") != std::string::npos);
  CHECK(conflict.headline.zh.find("王敏 裁定：把合同明细 1 的产品/服务数量从“100”改为“500”") != std::string::npos);
  for (const ConflictSide::Cell& cell : conflict.base) {
    CHECK((cell.field->id != "status" || text_or_empty(cell.value) == "pending_approval"));
  }

}

TEST_CASE("two decisions on one field: what was before is what everybody had seen, and both are told as decisions") {
  Company company;
  company.office.edit("customer", company.customer, {{"grade", "b"}});
  company.share();
  company.office.edit("customer", company.customer, {{"grade", "a"}});
  company.tablet.edit("customer", company.customer, {{"grade", "c"}});
  company.share();
  REQUIRE(company.office.sync().resolve(company.office.conflicts().at(0), 0).has_value());
  REQUIRE(company.tablet.sync().resolve(company.tablet.conflicts().at(0), 1).has_value());
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.base.size() == 1);
  CHECK(text_or_empty(conflict.base.front().value) == "b");
  CHECK(conflict.headline.zh == "客户“博海餐饮”的客户级别被同时修改：李强 裁定为“A级”，王敏 裁定为“C级”。以哪个为准？");
}

TEST_CASE("who goes on from a decision that two took alike has seen that, not what was before it") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.tablet.edit("contract_line", company.line, {{"unit_price", std::int64_t{999'00}}});
  company.share();
  REQUIRE(company.office.sync().resolve(company.office.conflicts().at(0), 0).has_value());
  REQUIRE(company.branch.sync().resolve(company.branch.conflicts().at(0), 0).has_value());
  company.share();
  company.check_none_open();
  company.office.edit("contract", company.contract, {{"other_fee", std::int64_t{10'00}}});
  company.tablet.edit("contract", company.contract, {{"remark", "继续"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  for (const ConflictSide& side : conflict.sides) {
    for (const std::string& told : told_by(side)) {
      CHECK_MESSAGE(told.find("把合同明细") == std::string::npos, told);
      CHECK_MESSAGE(told.find("变为“执行中，") == std::string::npos, told);
    }
  }
}

TEST_CASE("taking back one's own approval is told as that, not as having left it as it was") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}});
  REQUIRE(company.office.store().undo().has_value());
  company.tablet.edit("contract_line", company.line, {{"unit_price", std::int64_t{999'00}}});
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK_MESSAGE(conflict.headline.zh.find("李强 撤销了自己的修改；王敏 把合同明细 1 的单价") != std::string::npos, conflict.headline.zh);
}

TEST_CASE("deleting a product names the contract that loses a line, and what becomes of its amount and its approval") {
  Company company;
  const Id nuts = company.office.create("product", {{"code", "P-2"}, {"name", "五香瓜子"}}, as_it_is);
  company.share();
  company.office.remove("product", nuts);
  company.tablet.create("contract_line", {{"contract", company.contract}, {"line_no", std::int64_t{3}}, {"product", nuts}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{30'00}}}, as_it_is);
  company.tablet.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::missing_reference);
  CHECK(told_by(conflict.sides[0]) == Told{"恢复产品“五香瓜子”", "合同 HT-118“年度供货”的合同明细 3（五香瓜子，5，¥30.00，¥150.00）以它为产品/服务名称（王敏 填的）"});
  CHECK(conflict.sides[0].authors.empty());  // nobody has brought it back
  REQUIRE(conflict.sides[1].authors.size() == 1);
  CHECK(conflict.sides[1].authors.front().person == company.li);
  CHECK(told_by(conflict.sides[1]) == Told{"删除产品“五香瓜子”", "一并删除合同 HT-118“年度供货”的合同明细 3（五香瓜子，5，¥30.00，¥150.00）",
                                           "合同 HT-118“年度供货”从“执行中，¥12,150.00”变为“待审批，¥12,000.00”"});
  CHECK(conflict.headline.zh == "李强 删除了产品“五香瓜子”，但合同 HT-118“年度供货”的合同明细 3（五香瓜子，5，¥30.00，¥150.00）还要用到它。要恢复它，还是让它保持删除？");
  const auto decided = company.office.sync().resolve(company.office.conflicts().at(0), 1);
  REQUIRE(decided.has_value());
  REQUIRE_FALSE(decided->hints.empty());
  CHECK(decided->hints.front().zh == "合同 HT-118“年度供货”从“执行中，¥12,150.00”变为“待审批，¥12,000.00”");
  CHECK(decided->hints.front().en == "Contract HT-118 \"年度供货\" goes from \"Active, ¥12,150.00\" to \"Waiting for approval, ¥12,000.00\"");
  CHECK(company.office.text("contract", company.contract, "status") == "pending_approval");
  CHECK(company.office.store().undo_state().undo_label.zh == "撤销：处理冲突 产品“五香瓜子”");
}

TEST_CASE("a side that would take a line from a contract that is over is refused, and says so before it is chosen") {
  Company company;
  const Id seeds = company.office.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, as_it_is);
  company.share();
  company.office.remove("product", seeds);
  const Id small = company.tablet.create("contract", {{"contract_no", "HT-9"}, {"title", "小合同"}, {"customer", company.customer}, {"status", "pending_approval"}}, as_it_is);
  const Id only_line = company.tablet.create("contract_line", {{"contract", small}, {"line_no", std::int64_t{1}}, {"product", seeds}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{20'00}}}, as_it_is);
  for (const char* status : {"active", "completed"}) {
    company.tablet.edit("contract", small, {{"status", status}});
  }
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::missing_reference);
  CHECK(conflict.sides[0].refused.zh.empty());
  CHECK(conflict.sides[1].refused.zh ==
        "不能选这一边：合同 HT-9“小合同”（已完成，¥100.00）会因此失去明细，而它的金额不能再改。请选另一边，留下产品“南瓜子”。");
  CHECK(conflict.sides[1].refused.en.starts_with("This side cannot be chosen: Contract HT-9"));
  const auto decided = company.office.sync().resolve(conflict, 1);
  REQUIRE_FALSE(decided.has_value());
  CHECK(decided.error().kind == ErrorKind::refused);
  CHECK(decided.error().message == conflict.sides[1].refused);
  CHECK_FALSE(company.office.store().read(*find_entity("contract_line"), only_line)->deleted);
  REQUIRE(company.office.sync().resolve(conflict, 0).has_value());
  company.share();
  company.check_none_open();
  for (TestDevice* device : {&company.office, &company.tablet, &company.branch}) {
    CHECK(device->text("contract", small, "status") == "completed");
    CHECK(integer_or(device->value("contract", small, "total"), 0) == 100'00);
  }
}

TEST_CASE("a side that would decide on a document by the way says before it is chosen that the document comes first") {
  Company company;
  const Id nuts = company.office.create("product", {{"code", "P-2"}, {"name", "五香瓜子"}}, as_it_is);
  company.share();
  company.office.remove("product", nuts);
  company.tablet.create("contract_line", {{"contract", company.contract}, {"line_no", std::int64_t{3}}, {"product", nuts}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{30'00}}}, as_it_is);
  company.branch.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const auto open = company.office.conflicts();
  const auto reference = std::ranges::find(open, ConflictKind::missing_reference, &Conflict::kind);
  REQUIRE(reference != open.end());
  CHECK(reference->sides[1].refused.zh == "合同“年度供货”自己还有冲突等您决定，请先决定它。");
  const auto decided = company.office.sync().resolve(*reference, 1);
  REQUIRE_FALSE(decided.has_value());
  CHECK(decided.error().message == reference->sides[1].refused);
}

TEST_CASE("what several people made of a side is told of each, and an approval of what was amended is told with its amount") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  company.branch.edit("contract", company.contract, {{"remark", "另一边"}});
  company.tablet.edit("contract_line", company.line, {{"qty", std::int64_t{150'000}}});  // it goes back to awaiting approval
  company.tablet.edit("contract", company.contract, {{"remark", "客户要的"}});
  company.office.import(company.tablet.export_all());
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  const ConflictSide& amended = side_by(conflict, company.li);
  CHECK(amended.names_authors);
  CHECK(told_by(amended) == Told{"李强 批准了改动后的合同，总价 ¥17,000.00", "王敏 把备注填为“客户要的”", "王敏 把合同明细 1 的产品/服务数量从“100”改为“150”",
                                 "合同 HT-118“年度供货”从“执行中，¥12,000.00”变为“执行中，¥17,000.00”"});
  REQUIRE(amended.authors.size() == 2);
  CHECK(amended.authors[1].person == company.wang);
  CHECK_MESSAGE(conflict.headline.zh.find("李强 批准了改动后的合同，总价 ¥17,000.00（共 3 处）") != std::string::npos, conflict.headline.zh);
  CHECK_FALSE(side_by(conflict, company.zhao).names_authors);
  CHECK(told_by(side_by(conflict, company.zhao)).front() == "把备注填为“另一边”");
}

TEST_CASE("what a rep did is his, where somebody else only remarked on it afterwards") {
  Company company;
  company.tablet.edit("contract_line", company.line, {{"qty", std::int64_t{150'000}}});
  company.tablet.remove("contract_line", company.second_line);
  company.office.import(company.tablet.export_all());
  company.office.edit("contract", company.contract, {{"remark", "已看过"}});
  company.branch.edit("contract", company.contract, {{"remark", "另一边"}});
  company.share();
  const std::vector<std::string> told = told_by(side_by(company.only_conflict(), company.li));
  CHECK(std::ranges::count(told, "李强 把备注填为“已看过”") == 1);
  CHECK(std::ranges::count(told, "王敏 把合同明细 1 的产品/服务数量从“100”改为“150”") == 1);
  CHECK(std::ranges::count(told, "王敏 删除合同明细 2（瓜子，20，¥100.00）") == 1);
}

TEST_CASE("a decision's undoing is named after the question, whatever records the answer touches") {
  Company company;
  const Id hotel = company.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  company.share();
  company.office.remove("customer", hotel);
  company.tablet.create("contact", {{"customer", hotel}, {"name", "陈经理"}}, as_it_is);
  company.share();
  REQUIRE(company.office.sync().resolve(company.only_conflict(), 1).has_value());
  CHECK(company.office.store().undo_state().undo_label.zh == "撤销：处理冲突 客户“长江酒店”");
  CHECK(company.office.store().undo_state().undo_label.en == "Undo: Settle the conflict of Customer \"长江酒店\"");
}

TEST_CASE("a side of a circle is headed by those whose references stay when it is chosen") {
  Company company;
  const Id a = company.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  company.share();
  company.office.edit("customer", a, {{"parent", company.customer}});
  company.tablet.edit("customer", company.customer, {{"parent", a}});
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::circle);
  for (const ConflictSide& side : conflict.sides) {
    REQUIRE(side.authors.size() == 1);
    const bool empties_the_office_s = side.cells.front().row == a;
    CHECK(side.authors.front().person == (empties_the_office_s ? company.wang : company.li));
  }
}

TEST_CASE("a side that gives a document its number back says that another has it now, and so does the decision") {
  Company company;
  const Id other = company.tablet.create("contract", {{"contract_no", "HT-118"}, {"title", "新板合同"}, {"customer", company.customer}, {"status", "draft"}}, as_it_is);
  company.share();
  const Conflict twice = company.only_conflict();
  REQUIRE(twice.kind == ConflictKind::duplicate_number);
  REQUIRE(company.office.sync().resolve(twice, twice.sides[0].cells.front().row == other ? 0 : 1).has_value());
  company.tablet.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::document);
  const std::size_t by_wang = static_cast<std::size_t>(&side_by(conflict, company.wang) - conflict.sides.data());
  const auto opens = company.office.sync().would_open(conflict, by_wang);
  REQUIRE(opens.has_value());
  REQUIRE(opens->size() == 1);
  CHECK_MESSAGE(opens->front().zh.find("合同“新板合同”") != std::string::npos, opens->front().zh);
  CHECK_MESSAGE(opens->front().zh.ends_with("用了同一个合同编号“HT-118”。哪一条保留这个号码？"), opens->front().zh);
  CHECK(company.office.sync().would_open(conflict, 1 - by_wang)->empty());
  const auto decided = company.office.sync().resolve(conflict, by_wang);
  REQUIRE(decided.has_value());
  REQUIRE_FALSE(decided->hints.empty());
  CHECK_MESSAGE(decided->hints[0].zh.find("又有一个问题等您决定：") == 0, decided->hints[0].zh);
  CHECK(company.office.conflicts().size() == 1);
}

TEST_CASE("both sides delete the document: nothing to decide") {
  Company company;
  company.office.remove("contract", company.contract);
  company.tablet.remove("contract", company.contract);
  company.share();
  company.check_none_open();
  CHECK(company.office.store().read(*find_entity("contract"), company.contract)->deleted);
}

TEST_CASE("leaving a customer deleted names the contract that goes along, over how much, and its lines") {
  Company company;
  const Id newcomer = company.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  company.share();
  company.office.remove("customer", newcomer);
  company.tablet.edit("contract", company.contract, {{"customer", newcomer}, {"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::missing_reference);
  CHECK(conflict.headline.zh == "李强 删除了客户“长江酒店”，但合同 HT-118“年度供货”（执行中，¥12,000.00）还要用到它。要恢复它，还是让它保持删除？");
  CHECK(told_by(conflict.sides[1]) == Told{"删除客户 K-2“长江酒店”", "一并删除合同 HT-118“年度供货”（执行中，¥12,000.00）",
                                           "一并删除合同明细 1（瓜子，100，¥100.00，¥10,000.00）",
                                           "一并删除合同明细 2（瓜子，20，¥100.00，¥2,000.00）"});
  CHECK(conflict.sides[1].effects[1].text.en == "delete Contract HT-118 \"年度供货\" (Active, ¥12,000.00) with it");
  REQUIRE(conflict.others.size() == 1);
  CHECK(conflict.others[0] == RecordName{find_entity("contract"), company.contract});
  REQUIRE(company.branch.sync().resolve(company.branch.conflicts().at(0), 1).has_value());
  company.share();
  company.check_none_open();
  CHECK(company.office.store().read(*find_entity("contract_line"), company.line)->deleted);
}

TEST_CASE("deleted here and edited by two people there: two sides, not one for each of them") {
  Company company;
  company.office.remove("product", company.office.create("product", {{"code", "P-9"}, {"name", "不用的"}}, as_it_is));
  const Id product = company.office.create("product", {{"code", "P-2"}, {"name", "花生"}, {"list_price", std::int64_t{10'00}}}, as_it_is);
  company.share();
  company.office.remove("product", product);
  company.tablet.edit("product", product, {{"list_price", std::int64_t{12'00}}});
  company.branch.edit("product", product, {{"spec", "500g"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(conflict.sides.size() == 2);
  CHECK(conflict.sides[0].authors.size() == 2);
  CHECK(conflict.headline.zh.starts_with("李强 删除了产品“花生”，同时 "));
  CHECK(conflict.headline.zh.find("（共 2 处）") != std::string::npos);
}

TEST_CASE("a document that two made under one name: nobody had seen any of it, so each side adds all of it") {
  Company company;
  const Entity& contracts = *find_entity("contract");
  const auto make = [&](TestDevice& device, const Id& row, const char* title) {
    const Edit edit{.entity = &contracts, .row = row, .fields = {{contracts.find("contract_no"), Value(std::string("HT-9"))}, {contracts.find("title"), Value(std::string(title))}}};
    REQUIRE(device.store().write({&edit, 1}, as_it_is));
  };
  const Id row = new_id(company.office.environment());
  make(company.office, row, "瓜子");
  make(company.tablet, row, "花生");
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(conflict.kind == ConflictKind::document);
  CHECK(conflict.base.empty());
  REQUIRE(conflict.sides.size() == 2);
  for (const ConflictSide& side : conflict.sides) {
    CHECK(side.effects[0].kind == Effect::Kind::added);
  }
  REQUIRE(company.branch.sync().resolve(company.branch.conflicts().at(0), 1).has_value());
  company.share();
  company.check_none_open();
  CHECK(company.office.text("contract", row, "title") == "花生");
}

TEST_CASE("who decides is told once of each document what has become of it, and nothing of other records") {
  Company company;
  company.office.edit("contract", company.contract, {{"status", "active"}});
  company.tablet.edit("contract_line", company.line, {{"qty", std::int64_t{200'000}}});
  company.tablet.edit("contract_line", company.second_line, {{"qty", std::int64_t{40'000}}});
  company.share();
  const auto written = company.branch.sync().resolve(company.branch.conflicts().at(0), 1);
  REQUIRE(written.has_value());
  REQUIRE(written->hints.size() == 1);
  CHECK(written->hints[0].zh == "合同 HT-118“年度供货”从“执行中，¥12,000.00”变为“待审批，¥24,000.00”");
  company.share();
  const Id product = company.office.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
  company.share();
  company.office.remove("product", product);
  company.tablet.edit("product", product, {{"spec", "500g"}});
  company.share();
  const auto removed = company.branch.sync().resolve(company.branch.conflicts().at(0), 1);
  REQUIRE(removed.has_value());
  CHECK(removed->hints.empty());
  company.office.edit("customer", company.customer, {{"grade", "a"}});
  company.tablet.edit("customer", company.customer, {{"grade", "b"}});
  company.share();
  const auto chosen = company.branch.sync().resolve(company.branch.conflicts().at(0), 1);
  REQUIRE(chosen.has_value());
  CHECK(chosen->hints.empty());  // he knows that it is a decision
}

TEST_CASE("a decision between sides that both deleted a line, one of them after changing it, is undone: they are what they were") {
  for (const std::size_t side : {0u, 1u}) {
    CAPTURE(side);
    Company company;
    const Id third_line = company.add_line(company.office, 3, 10'000, 100'00);
    company.share();
    company.office.remove("contract_line", company.second_line);
    company.office.remove("contract_line", third_line);
    company.office.edit("contract", company.contract, {{"status", "active"}});
    company.tablet.edit("contract_line", company.second_line, {{"qty", std::int64_t{50'000}}});
    company.tablet.remove("contract_line", company.second_line);
    company.tablet.remove("contract_line", third_line);
    company.tablet.edit("contract", company.contract, {{"remark", "急"}});
    company.share();
    const Conflict open = company.only_conflict();
    REQUIRE(company.branch.sync().resolve(company.branch.conflicts().at(0), side).has_value());
    company.share();
    company.check_none_open();
    for (const Id& line : {company.second_line, third_line}) {  // every cell has one head, its life as well
      CHECK(internals(company.office.store()).materialiser().heads(*find_entity("contract_line"), line, deleted_field).value().size() == 1);
    }
    const auto undone = company.branch.store().undo();
    REQUIRE_MESSAGE(undone.has_value(), undone.error().message.zh);
    company.share();
    const Conflict again = company.only_conflict();
    CHECK(again.headline == open.headline);
    REQUIRE(again.sides.size() == open.sides.size());
    for (std::size_t index = 0; index < open.sides.size(); ++index) {
      CHECK(told_by(again.sides[index]) == told_by(open.sides[index]));
    }
    CHECK(company.office.store().read(*find_entity("contract_line"), company.second_line)->deleted);
  }
}

TEST_CASE("who deletes a record knowing what is asked about it has answered: nothing is open") {
  Company company;
  const Id product = company.office.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
  company.share();
  company.office.edit("product", product, {{"list_price", std::int64_t{10'00}}});
  company.tablet.edit("product", product, {{"list_price", std::int64_t{12'00}}});
  company.share();
  CHECK(company.only_conflict().kind == ConflictKind::field);
  CHECK(company.office.sync().superseded(*find_entity("product"), product)->empty());  // what is asked has not been settled
  company.branch.remove("product", product);
  company.share();
  company.check_none_open();
  CHECK(company.office.store().read(*find_entity("product"), product)->deleted);
}

TEST_CASE("brought back here and deleted again there: one side restored it, the other deleted it") {
  Company company;
  const Id product = company.office.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
  company.office.remove("product", product);
  company.share();
  company.office.restore("product", product);
  company.tablet.restore("product", product);
  company.tablet.remove("product", product);
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(conflict.kind == ConflictKind::delete_against_edit);
  CHECK(told_by(conflict.sides[0])[0] == "李强 恢复了它");
  REQUIRE(conflict.sides[1].authors.size() == 1);
  CHECK(conflict.sides[1].authors[0].person == company.wang);
}

TEST_CASE("deleted here, edited there by a newer program in a field unknown here: one question with two sides, as it is counted") {
  for (const std::size_t chosen : {std::size_t{0}, std::size_t{1}}) {
    CAPTURE(chosen);
    TestDevice office{1, "总部"}, tablet{2, "王敏的平板"};
    const Id customer = office.create("customer", {{"name", "博海餐饮"}}, as_it_is);
    exchange({&office, &tablet});
    StoreInternals& newer = internals(tablet.store());
    REQUIRE(newer.begin());
    const DeviceNumber number = newer.log().device_number(tablet.id());
    const std::int64_t next = newer.log().last_sequence(number) + 1;
    const Change strange{.version = {number, next}, .clock = tablet.environment().now, .action = next, .kind = ChangeKind::update, .person = {},
                         .entity = "customer", .row = customer, .fields = {{"of_a_newer_program", std::string("未知"), {}}}};
    REQUIRE(newer.log().append({&strange, 1}));
    REQUIRE(newer.materialiser().apply({&strange, 1}));
    REQUIRE(newer.commit());
    office.remove("customer", customer);
    exchange({&office, &tablet});
    for (TestDevice* device : {&office, &tablet}) {
      const auto open = device->conflicts();
      CHECK(device->sync().conflict_count().value() == 1);
      REQUIRE(open.size() == 1);
      REQUIRE(open[0].sides.size() == 2);
      CHECK(open[0].sides[0].effects[0].text.zh.contains("用更新版本的程序改过它"));
      CHECK(open[0].sides[0].authors[0].device == tablet.id());
      CHECK(device->store().read(*find_entity("customer"), customer)->in_conflict);
    }
    REQUIRE(office.sync().resolve(office.conflicts()[0], chosen).has_value());
    exchange({&office, &tablet});
    CHECK(tablet.sync().conflict_count().value() == 0);
    CHECK(tablet.store().read(*find_entity("customer"), customer)->deleted == (chosen == 1));
    CHECK(tablet.table_hash() == office.table_hash());
  }
}

TEST_CASE("what a choice would open is looked at without a trace: nothing that was checked before has to be checked again") {
  Company company;
  const Id other = company.tablet.create("contract", {{"contract_no", "HT-118"}, {"title", "新板合同"}, {"customer", company.customer}, {"status", "draft"}}, as_it_is);
  company.share();
  const Conflict twice = company.only_conflict();
  REQUIRE(company.office.sync().resolve(twice, twice.sides[0].cells.front().row == other ? 0 : 1).has_value());
  company.tablet.edit("contract", company.contract, {{"status", "active"}});
  company.share();
  const Conflict conflict = company.only_conflict();
  TestDevice& office = company.office;
  const ListQuery contracts{.entity = find_entity("contract"), .search = "合同"}, all{.entity = find_entity("contract"), .search = {}};
  const auto listed = office.store().list(contracts).value(), ordered = office.store().list(all).value();
  const std::int64_t revision = office.store().revision();
  const std::string hash = office.table_hash(), content = office.content_hash();
  std::size_t opened = 0;
  for (std::size_t side = 0; side < conflict.sides.size(); ++side) {
    opened += office.sync().would_open(conflict, side).value().size();
  }
  CHECK(opened == 1);
  CHECK(office.store().revision() == revision);
  CHECK(office.table_hash() == hash);
  CHECK(office.content_hash() == content);
  CHECK(office.store().list(contracts).value() == listed);
  CHECK(office.store().list(all).value() == ordered);
  CHECK(office.store().verify().value() == "");
  // What comes after it is remembered as it is.
  const Id third = office.create("contract", {{"contract_no", "HT-119"}, {"title", "第三份合同"}, {"customer", company.customer}, {"status", "draft"}}, as_it_is);
  CHECK(office.store().list(contracts).value().size() == listed.size() + 1);
  CHECK(office.store().list(all).value().size() == ordered.size() + 1);
  CHECK(office.text("contract", third, "title") == "第三份合同");
  // In the midst of something else only what was tried is taken back.
  StoreInternals& store = internals(office.store());
  REQUIRE(store.begin());
  const Id fourth = office.create("contract", {{"contract_no", "HT-120"}, {"title", "第四份合同"}, {"customer", company.customer}, {"status", "draft"}}, as_it_is);
  const std::string hash_within = office.table_hash();
  CHECK(office.sync().would_open(conflict, 0).has_value());
  CHECK(office.table_hash() == hash_within);
  office.edit("contract", fourth, {{"remark", "接着写"}});
  REQUIRE(store.commit());
  CHECK(office.text("contract", fourth, "remark") == "接着写");
  CHECK(office.store().verify().value() == "");
}

TEST_CASE("a side that takes a thousand records along is not tried out while the page opens, and says so") {
  TestDevice office{1, "总部"}, tablet{2, "王敏的平板"};
  const Id owner = office.create("employee", {{"code", "R01"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
  const Entity& customer = *find_entity("customer");
  std::vector<Edit> edits;
  for (int number = 0; number < 1'001; ++number) {
    edits.push_back({.entity = &customer, .row = new_id(office.environment()), .fields = {{customer.find("name"), Value(std::to_string(number))}, {customer.find("owner"), Value(owner)}}});
  }
  REQUIRE(office.store().write(edits, as_it_is));
  exchange({&office, &tablet});
  tablet.edit("employee", owner, {{"name", "李强强"}});
  const Edit removal{.entity = find_entity("employee"), .row = owner, .fields = {}, .remove = true};
  REQUIRE(office.store().write({&removal, 1}, as_it_is));
  exchange({&office, &tablet});
  const auto open = office.conflicts();
  REQUIRE(open.size() == 1);
  REQUIRE(open[0].sides.size() == 2);
  CHECK(office.sync().would_open(open[0], 0)->empty());
  const std::int64_t before = internals(office.store()).log().segments_read();
  const auto opens = office.sync().would_open(open[0], 1).value();
  REQUIRE(opens.size() == 1);
  CHECK(opens[0].zh.contains("选定之后才知道"));
  CHECK(internals(office.store()).log().segments_read() == before);
}

}  // namespace kehubu::test
