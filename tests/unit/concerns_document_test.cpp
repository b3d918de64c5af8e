// What those are told whose side of a document, or whose words in it, a decision did not take; through chains of decisions, too.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/firm.h"

namespace kehubu::test {
namespace {

const Conflict& conflict_of(const std::vector<Conflict>& open, ConflictKind kind) {
  const auto found = std::ranges::find(open, kind, &Conflict::kind);
  REQUIRE(found != open.end());
  return *found;
}

// A contract of 王敏 on a customer that the office deleted without knowing of it; 李强 amended it, knowing it.
struct Hotel : Firm {
  Id hotel, hotel_contract, hotel_line;
  std::string from_tablet, from_other;

  Hotel() {
    hotel = office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
    share();
    office.remove("customer", hotel);
    hotel_contract = tablet.create("contract", {{"contract_no", "HT-2"}, {"title", "酒店合同"}, {"customer", hotel}, {"status", "pending_approval"}}, as_it_is);
    hotel_line = tablet.create("contract_line", {{"contract", hotel_contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    from_tablet = tablet.export_all();
    other.import(from_tablet);
    other.edit("contract_line", hotel_line, {{"qty", std::int64_t{8'000}}});
    from_other = other.export_all();
  }
  void office_deletes_customer() {
    const auto open = office.conflicts();
    const Conflict& reference = conflict_of(open, ConflictKind::missing_reference);
    REQUIRE(office.sync().resolve(reference, side_that(reference, true)).has_value());
  }
};

// The contract of the firm amended by 李强 and approved so by the office, and amended otherwise by 王敏 who knew the first amendment.
void approve_against_amendment(Firm& firm) {
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{15'000}}});
  firm.share();
  firm.office.edit("contract", firm.contract, {{"status", "active"}});
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{20'000}}});
}

}  // namespace

TEST_CASE("an amendment that a decision took, and that a second one deleted with its contract: its author reads so, with the amount") {
  Hotel firm;
  firm.office.import(firm.from_tablet);
  firm.office_deletes_customer();
  firm.office.import(firm.from_other);
  const auto open = firm.office.conflicts();
  REQUIRE(open.size() == 2);
  const Conflict& document = conflict_of(open, ConflictKind::document);
  REQUIRE(firm.office.sync().resolve(document, side_of(document, "李强")).has_value());
  firm.office_deletes_customer();
  REQUIRE(firm.office.conflicts().empty());
  const MergeReport report = firm.other.import(firm.office.export_all());
  REQUIRE(firm.other.store().read(*find_entity("contract"), firm.hotel_contract)->deleted);
  REQUIRE(report.concerns.size() == 1);
  const std::string& text = report.concerns.front().zh;
  CHECK_MESSAGE(text.starts_with("赵工 于 "), text);
  CHECK_MESSAGE(text.ends_with(" 裁定：删除合同 HT-2“酒店合同”（待审批，¥800.00），您写在上面的也随之删除。"), text);
  CHECK(told(firm.other) == std::vector<std::string>{text});
  const MergeReport of_tablet = firm.tablet.import(firm.office.export_all());
  REQUIRE(of_tablet.concerns.size() == 1);
  CHECK_MESSAGE(has(of_tablet.concerns.front().zh, "删除合同 HT-2“酒店合同”（待审批，¥"), of_tablet.concerns.front().zh);
}

TEST_CASE("a contract that is deleted by a decision is told with its amount, to all who have words in it") {
  Hotel firm;
  firm.other.edit("contract", firm.hotel_contract, {{"remark", "急"}});
  firm.office.import(firm.other.export_all());
  firm.office_deletes_customer();
  for (TestDevice* loser : {&firm.tablet, &firm.other}) {
    const MergeReport report = loser->import(firm.office.export_all());
    REQUIRE(report.concerns.size() == 1);
    CHECK_MESSAGE(has(report.concerns.front().zh, "删除合同 HT-2“酒店合同”（待审批，¥800.00），您写在上面的也随之删除"), report.concerns.front().zh);
    CHECK_MESSAGE(has(report.concerns.front().en, "(Waiting for approval, ¥800.00) is deleted"), report.concerns.front().en);
  }
}

TEST_CASE("who changed a line of a contract that others wrote in afterwards is told when a decision deletes it") {
  Hotel firm;
  firm.tablet.import(firm.from_other);
  firm.tablet.edit("contract", firm.hotel_contract, {{"remark", "已改"}, {"status", "pending_approval"}});  // the last mark is his
  firm.office.import(firm.tablet.export_all());
  firm.office_deletes_customer();
  const MergeReport report = firm.other.import(firm.office.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(has(report.concerns.front().zh, "删除合同 HT-2“酒店合同”（待审批，¥800.00），您写在上面的也随之删除"), report.concerns.front().zh);
}

TEST_CASE("a value that one decision took and another did not: whose it is reads of it, however many lie between") {
  Firm firm;
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.office.import({firm.tablet.export_all(), firm.other.export_all()});
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  firm.tablet.edit("customer", firm.customer, {{"grade", "c"}});
  firm.office.import(firm.tablet.export_all());
  const Conflict again = firm.office.conflicts().at(0);
  decide(firm.office, side_of(again, "王敏"));
  const MergeReport report = firm.other.import(firm.office.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(has(report.concerns.front().zh, "客户级别定为“C级”（您写的是“B级”，原来是“D级”）"), report.concerns.front().zh);
}

TEST_CASE("whose approval falls by a decision reads of which contract, and what it is now and was on his side") {
  Firm firm;
  approve_against_amendment(firm);
  firm.other.import({firm.office.export_all(), firm.tablet.export_all()});
  decide(firm.other, side_of(firm.other.conflicts().at(0), "王敏"));
  const MergeReport report = firm.office.import(firm.other.export_all());
  REQUIRE(report.concerns.size() == 1);
  const std::string& text = report.concerns.front().zh;
  CHECK_MESSAGE(has(text, "合同状态定为“待审批”（您写的是“执行中”，原来是“待审批”）"), text);
  CHECK_MESSAGE(text.ends_with("；合同 HT-1“年度合同”定为“待审批，¥2,000.00”（您那一边是“执行中，¥1,500.00”）。"), text);
  CHECK_MESSAGE(report.concerns.front().en.contains("Contract HT-1 \"年度合同\" is \"Waiting for approval, ¥2,000.00\" (on your side it was \"Active, ¥1,500.00\")"), report.concerns.front().en);
  // What becomes of it later is not that decision's doing.
  firm.office.edit("contract", firm.contract, {{"remark", "再谈"}});
  CHECK(told(firm.office) == std::vector<std::string>{text});
  CHECK(firm.office.import(firm.other.export_all()).concerns.empty());
}

TEST_CASE("of two approvals the one that was not taken is told to who gave it, though the state is the same") {
  Firm firm;
  approve_against_amendment(firm);
  firm.tablet.edit("contract", firm.contract, {{"status", "active"}});
  firm.other.import({firm.office.export_all(), firm.tablet.export_all()});
  decide(firm.other, side_of(firm.other.conflicts().at(0), "王敏"));
  const MergeReport report = firm.office.import(firm.other.export_all());
  REQUIRE(report.concerns.size() == 1);
  const std::string& text = report.concerns.front().zh;
  CHECK_MESSAGE(text.starts_with("李强 于 "), text);
  CHECK_MESSAGE(text.ends_with(" 裁定：合同 HT-1“年度合同”定为“执行中，¥2,000.00”（您那一边是“执行中，¥1,500.00”）。"), text);
  CHECK(firm.tablet.import(firm.other.export_all()).concerns.empty());  // his side was taken
  // Taken back: it is open; decided for him: nothing is left to tell.
  REQUIRE(firm.other.store().undo().has_value());
  firm.office.import(firm.other.export_all());
  REQUIRE(told(firm.office).size() == 1);
  CHECK_MESSAGE(told(firm.office).front().starts_with("还没有定下来："), told(firm.office).front());
  decide(firm.other, side_of(firm.other.conflicts().at(0), "赵工"));
  firm.office.import(firm.other.export_all());
  CHECK(told(firm.office).empty());
  firm.tablet.import(firm.other.export_all());
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK_MESSAGE(told(firm.tablet).front().ends_with("定为“执行中，¥1,500.00”（您那一边是“执行中，¥2,000.00”）。"), told(firm.tablet).front());
}

TEST_CASE("a decision against a decision: what was before is what everybody had seen, to whoever is told") {
  Firm firm;
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}});
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{15'000}}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.share();
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.share();
  REQUIRE(told(firm.office).size() == 1);
  CHECK_MESSAGE(has(told(firm.office).front(), "定为“12”（您裁定的是“15”，原来是“10”）"), told(firm.office).front());
  REQUIRE(told(firm.other).size() == 1);
  CHECK_MESSAGE(has(told(firm.other).front(), "定为“12”（您写的是“15”，原来是“10”）"), told(firm.other).front());
  for (TestDevice* loser : {&firm.office, &firm.other}) {
    CHECK_MESSAGE(told(*loser).front().ends_with("合同 HT-1“年度合同”定为“待审批，¥1,200.00”（您那一边是“待审批，¥1,500.00”）。"), told(*loser).front());
  }
}

TEST_CASE("the same of a field: what was before is not what the decision that lost had been about") {
  Firm firm;
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.share();
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.share();
  REQUIRE(told(firm.office).size() == 1);
  CHECK_MESSAGE(has(told(firm.office).front(), "定为“A级”（您裁定的是“B级”，原来是“D级”）"), told(firm.office).front());
}

TEST_CASE("a contract that was deleted by decision and restored otherwise: its authors read as what it stands, and not that they deleted it") {
  for (const bool approved : {false, true}) {
    for (const bool both_at_once : {false, true}) {
      CAPTURE(approved);
      CAPTURE(both_at_once);
      FirmInForce firm;
      firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}}, {});
      firm.other.import(firm.tablet.export_all());
      if (approved) {
        firm.other.edit("contract", firm.contract, {{"status", "active"}});
      }
      firm.office.remove("contract", firm.contract);
      firm.office.import({firm.tablet.export_all(), firm.other.export_all()});
      decide(firm.office, side_that(firm.office.conflicts().at(0), true));
      TestDevice& author = approved ? firm.other : firm.tablet;
      if (!both_at_once) {
        author.import(firm.office.export_all());
        REQUIRE(told(author).size() == 1);
        CHECK_MESSAGE(has(told(author)[0], "删除合同"), told(author)[0]);
      }
      firm.office.restore("contract", firm.contract);
      REQUIRE(integer_or(firm.office.value("contract", firm.contract, "total"), 0) == 1'000'00);
      author.import(firm.office.export_all());
      REQUIRE(told(author).size() == 1);
      const std::string text = told(author)[0];
      CHECK_MESSAGE(!has(text, "您的删除"), text);
      CHECK_MESSAGE(has(text, "合同 HT-1“年度合同”被删除后又恢复，现在是“执行中，¥1,000.00”"), text);
      CHECK_MESSAGE(has(text, approved ? "您那一边的“执行中，¥1,200.00”不在其中" : "您那一边的“待审批，¥1,200.00”不在其中"), text);
      CHECK_MESSAGE(has(text, "赵工 于 "), text);
    }
  }
}

TEST_CASE("a contract that was decided for another and deleted afterwards, by nobody's decision: nothing is told of what it was on his side") {
  Firm firm;
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}});
  firm.other.edit("contract_line", firm.line, {{"qty", std::int64_t{15'000}}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  firm.share();
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK(has(told(firm.tablet).front(), "您那一边是“待审批，¥1,200.00”"));
  firm.office.remove("contract", firm.contract);
  firm.share();
  CHECK(told(firm.tablet) == std::vector<std::string>());
}

TEST_CASE("a contract that was deleted by decision and is restored as he had it: there is nothing to tell him") {
  Firm firm;
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}}, {});
  firm.office.remove("contract", firm.contract);
  firm.office.import(firm.tablet.export_all());
  decide(firm.office, side_that(firm.office.conflicts().at(0), true));
  firm.office.restore("contract", firm.contract);
  firm.office.edit("contract", firm.contract, {{"status", "pending_approval"}});
  firm.office.edit("contract_line", firm.line, {{"qty", std::int64_t{12'000}}}, {});
  firm.tablet.import(firm.office.export_all());
  CHECK(told(firm.tablet).empty());
}

// Of the contract itself he has written nothing but that his action was one on it.
TEST_CASE("who changed only a line of a contract is told when it is deleted because another has its number") {
  Firm firm;
  const auto draft = [&](TestDevice& device, const char* title) {
    return device.create("contract", {{"contract_no", "HT-2"}, {"title", title}, {"customer", firm.customer}, {"status", "draft"}}, as_it_is);
  };
  const Id hotel = draft(firm.office, "酒店合同");
  const Id its_line = firm.office.create("contract_line", {{"contract", hotel}, {"line_no", std::int64_t{1}}, {"product", firm.product}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  firm.share();
  firm.other.edit("contract_line", its_line, {{"qty", std::int64_t{8'000}}});
  draft(firm.tablet, "餐厅合同");
  firm.share();
  REQUIRE(firm.office.conflicts().size() == 1);
  REQUIRE(firm.office.conflicts().front().kind == ConflictKind::duplicate_number);
  firm.office.remove("contract", hotel);
  const MergeReport report = firm.other.import(firm.office.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(has(report.concerns.front().zh, "裁定：删除合同 HT-2“酒店合同”（草稿，¥800.00），您写在上面的也随之删除"), report.concerns.front().zh);
}

}  // namespace kehubu::test
