// What each side of a conflict says: every line and every record that is added, changed, removed or goes along.
#include <doctest/doctest.h>

#include <algorithm>

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
  CHECK(told_by(side_by(conflict, company.wang)) == Told{"合同状态仍是“待审批”", "删除合同明细 2（瓜子，20，¥100.00）"});
  CHECK(told_by(side_by(conflict, company.li)) == Told{"把合同状态从“待审批”改为“执行中”", "保留合同明细 2（瓜子，20，¥100.00）"});
  CHECK(conflict.headline.zh ==
        "合同“年度供货”在两处被同时修改，整单一起等您决定：李强 把合同状态从“待审批”改为“执行中”；王敏 删除合同明细 2（瓜子，20，¥100.00）。以哪一边为准？");
}

TEST_CASE("a line that one side added is named as such, not as a contract number that was changed") {
  Company company;
  company.add_line(company.tablet, 3, 5'000, 12'00);
  company.office.edit("contract_line", company.line, {{"qty", std::int64_t{90'000}}});
  company.share();
  const Conflict conflict = company.only_conflict();
  CHECK(told_by(side_by(conflict, company.wang)) == Told{"合同明细 1 的产品/服务数量仍是“100”", "新增合同明细 3（瓜子，5，¥12.00）"});
  CHECK(told_by(side_by(conflict, company.li)) == Told{"把合同明细 1 的产品/服务数量从“100”改为“90”", "没有合同明细 3（瓜子，5，¥12.00）"});
  CHECK(conflict.headline.en ==
        "Contract \"年度供货\" was changed in two places at the same time and waits as a whole for your decision: 李强 changed Contract line 1: Quantity "
        "from \"100\" to \"90\"; 王敏 added Contract line 3 (瓜子, 5, ¥12.00). Which side is right?");
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
  CHECK(told_by(conflict.sides[1]) == Told{"删除合同 HT-118“年度供货”（待审批）", "一并删除合同明细 1（瓜子，100，¥100.00）",
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
    CHECK(told_by(side_by(conflict, company.zhao)) == Told{"合同状态仍是“执行中”", "合同明细 1 的单价仍是“¥100.00”"});
    CHECK(told_by(side_by(conflict, company.li)) ==
          Told{"把合同状态从“执行中”改为“待审批”", "把合同明细 1 的单价从“¥100.00”改为“¥999.00”"});
  }
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

}  // namespace kehubu::test
