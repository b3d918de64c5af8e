// Who is told what about his own values: only what stands in the log as the last word, and what is open as open.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "tests/support/firm.h"
#include "tests/support/temporary_file.h"

namespace kehubu::test {

TEST_CASE("delete or keep, decided both ways: nobody reads that it was deleted, all read that it is open and what stands meanwhile") {
  Firm firm;
  firm.office.remove("contract", firm.contract);
  const Id added = firm.add_line(firm.tablet, 2, 5'000);
  firm.share();
  decide(firm.other, side_that(firm.other.conflicts().at(0), false));
  decide(firm.tablet, side_that(firm.tablet.conflicts().at(0), true));
  const MergeReport report = firm.office.import({firm.other.export_all(), firm.tablet.export_all()});
  REQUIRE(report.concerns.size() == 1);
  const std::string& text = report.concerns.front().zh;
  CHECK_MESSAGE(text.starts_with("还没有定下来：合同“年度合同”"), text);
  CHECK_MESSAGE(has(text, "王敏 裁定采用：赵工 删除合同 HT-1“年度合同”"), text);
  CHECK_MESSAGE(has(text, "李强 裁定"), text);
  CHECK_MESSAGE(text.ends_with("在此之前保留合同 HT-1“年度合同”（待审批，¥1,500.00）。"), text);
  CHECK(report.concerns.front().en.starts_with("Not settled yet: "));
  CHECK(told(firm.office) == std::vector<std::string>{text});
  CHECK(firm.office.import({firm.other.export_all(), firm.tablet.export_all()}).concerns.empty());

  // Settled for good: who decided is told nothing, who lost by it is told that.
  firm.share();
  decide(firm.other, side_that(firm.other.conflicts().at(0), true));
  firm.tablet.import(firm.other.export_all());
  firm.office.import(firm.other.export_all());
  CHECK(told(firm.other).empty());
  for (const std::string& told_to : told(firm.office)) {
    CHECK_MESSAGE(!has(told_to, "还没有定下来"), told_to);
  }
  CHECK(firm.office.store().read(*find_entity("contract_line"), added)->deleted);
}

TEST_CASE("sentences that an older program kept are not told any more") {
  TemporaryFile file("concerns-of-before.db");
  { TestDevice tablet(2, "王敏的平板", file.path); }
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.path.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, "CREATE TABLE sync_concern(text TEXT)", nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(database) == SQLITE_OK);
  TestDevice tablet(2, "王敏的平板", file.path);
  CHECK(sqlite3_exec(tablet.store().connection(), "SELECT * FROM sync_concern", nullptr, nullptr, nullptr) == SQLITE_ERROR);
}

TEST_CASE("what was told and still holds is not told again by the next merge, and is kept") {
  Firm firm;
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  const auto text = firm.tablet.import(firm.office.export_all()).concerns;
  REQUIRE(text.size() == 1);
  firm.office.create("customer", {{"code", "K-9"}, {"name", "长江酒店"}}, as_it_is);
  const MergeReport next = firm.tablet.import(firm.office.export_all());
  CHECK(next.changes_applied == 1);
  CHECK(next.concerns.empty());
  CHECK(told(firm.tablet) == std::vector<std::string>{text.front().zh});
}

TEST_CASE("an approval against an amendment, decided both ways: the approver reads that it is open") {
  Firm firm;
  firm.office.edit("contract", firm.contract, {{"status", "pending_approval"}});
  firm.share();
  firm.office.edit("contract", firm.contract, {{"status", "active"}});
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{50'000}}});
  firm.share();
  decide(firm.other, side_of(firm.other.conflicts().at(0), "赵工"));
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  const MergeReport report = firm.office.import({firm.other.export_all(), firm.tablet.export_all()});
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(report.concerns.front().zh.starts_with("还没有定下来："), report.concerns.front().zh);
  CHECK_MESSAGE(!has(report.concerns.front().zh, "定为"), report.concerns.front().zh);
  CHECK(told(firm.office).size() == 1);
}

TEST_CASE("decided without having seen what was written meanwhile: that is open, and not a deletion that took place") {
  Firm firm;
  const Id hotel = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  firm.share();
  firm.office.remove("customer", hotel);
  firm.tablet.edit("contract", firm.contract, {{"customer", hotel}});
  firm.share();
  decide(firm.office, 1);
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{6'000}}});
  const MergeReport report = firm.tablet.import(firm.office.export_all());
  CHECK_FALSE(firm.tablet.store().read(*find_entity("contract"), firm.contract)->deleted);
  REQUIRE_FALSE(report.concerns.empty());
  for (const Sentence& concern : report.concerns) {
    CHECK_MESSAGE(!has(concern.zh, "您写在上面的也随之删除"), concern.zh);
    CHECK_MESSAGE(has(concern.zh, "还没有定下来"), concern.zh);
  }
}

TEST_CASE("who loses a contract's line to a decision reads of which contract, and what its state and total were and are") {
  Firm firm;
  const Id seeds = firm.office.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, as_it_is);
  firm.share();
  firm.office.remove("product", seeds);
  firm.tablet.create("contract_line", {{"contract", firm.contract}, {"line_no", std::int64_t{2}}, {"product", seeds}, {"qty", std::int64_t{5'000}}, {"unit_price", std::int64_t{20'00}}}, as_it_is);
  firm.tablet.edit("contract", firm.contract, {{"status", "active"}});
  firm.share();
  decide(firm.office, 1);
  const MergeReport report = firm.tablet.import(firm.office.export_all());
  REQUIRE(report.concerns.size() == 1);
  const std::string& text = report.concerns.front().zh;
  CHECK_MESSAGE(has(text, "；删除合同 HT-1“年度合同”的合同明细 2（南瓜子，5，¥20.00，¥100.00），您写在上面的也随之删除"), text);
  CHECK_MESSAGE(text.ends_with("；合同 HT-1“年度合同”从“执行中，¥1,100.00”变为“待审批，¥1,000.00”。"), text);
  CHECK_MESSAGE(has(report.concerns.front().en, "Contract HT-1 \"年度合同\" goes from \"Active, ¥1,100.00\" to \"Waiting for approval, ¥1,000.00\""), report.concerns.front().en);
  // What becomes of it later is not that decision's doing.
  firm.tablet.edit("contract_line", firm.line, {{"qty", std::int64_t{70'000}}});
  CHECK(told(firm.tablet) == std::vector<std::string>{text});
}

TEST_CASE("a decision that was taken back is told as taken back: the question is open") {
  Firm firm;
  const Id hotel = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  firm.share();
  firm.other.edit("customer", hotel, {{"parent", firm.customer}});
  firm.tablet.edit("customer", firm.customer, {{"parent", hotel}});
  firm.share();
  const Conflict circle = firm.office.conflicts().at(0);
  decide(firm.office, circle.sides[0].cells.front().row == firm.customer ? 0 : 1);
  CHECK(firm.tablet.import(firm.office.export_all()).concerns.size() == 1);
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK(has(told(firm.tablet).front(), "赵工 于"));
  REQUIRE(firm.office.store().undo().has_value());
  const MergeReport report = firm.tablet.import(firm.office.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(report.concerns.front().zh.starts_with("还没有定下来："), report.concerns.front().zh);
  CHECK(told(firm.tablet) == std::vector<std::string>{report.concerns.front().zh});
}

TEST_CASE("of a value that was decided, opened again, decided otherwise and written over, the last word is told and no other") {
  Firm firm;
  firm.office.edit("customer", firm.customer, {{"grade", "a"}});
  firm.tablet.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  REQUIRE(firm.office.sync().resolve_with(firm.office.conflicts().at(0), Value(std::string("c"))).has_value());
  firm.tablet.import(firm.office.export_all());
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK(has(told(firm.tablet).front(), "裁定：客户“博海餐饮”的客户级别定为“C级”（您写的是“B级”，原来是“D级”）。"));
  REQUIRE(firm.office.store().undo().has_value());
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  firm.tablet.import(firm.office.export_all());
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK_MESSAGE(has(told(firm.tablet).front(), "裁定：客户“博海餐饮”的客户级别定为“A级”（您写的是“B级”，原来是“D级”）。"), told(firm.tablet).front());
  firm.share();
  firm.other.edit("customer", firm.customer, {{"grade", "c"}});
  const MergeReport report = firm.tablet.import(firm.other.export_all());
  REQUIRE(report.concerns.size() == 1);
  CHECK_MESSAGE(report.concerns.front().zh.starts_with("李强 于 "), report.concerns.front().zh);
  CHECK_MESSAGE(report.concerns.front().zh.ends_with(" 改动：客户“博海餐饮”的客户级别改为“C级”（您写的是“B级”，原来是“D级”）。"), report.concerns.front().zh);
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.tablet.import(firm.other.export_all());
  CHECK(told(firm.tablet).empty());  // it is what he wrote
}

TEST_CASE("whoever takes over a device is not told of what the person before had written; that one is, when he is back") {
  Firm firm;
  const Id wang = firm.tablet.store().identity().person;
  firm.tablet.edit("customer", firm.customer, {{"phone", "2222"}});
  firm.office.environment().now += 600'000;
  firm.office.edit("customer", firm.customer, {{"phone", "3333"}});
  firm.tablet.use_as(firm.tablet.create("employee", {{"code", "R21"}, {"name", "孙丽"}}, as_it_is));
  const MergeReport report = firm.tablet.import(firm.office.export_all());
  CHECK(report.concerns.empty());
  CHECK(told(firm.tablet).empty());
  firm.tablet.use_as(wang);
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK(has(told(firm.tablet).front(), "赵工写得比您晚（您写的是“2222”"));
}

TEST_CASE("a note that lost to a later one of his own on another device is told by that device") {
  Firm firm;
  firm.other.use_as(firm.tablet.store().identity().person);
  firm.tablet.edit("customer", firm.customer, {{"phone", "2222"}});
  firm.other.environment().now += 600'000;
  firm.other.edit("customer", firm.customer, {{"phone", "3333"}});
  firm.share();
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK_MESSAGE(has(told(firm.tablet).front(), "现在是“3333”：“李强的平板”上写得比您晚（您写的是“2222”"), told(firm.tablet).front());
}

TEST_CASE("a note that lost is told while both wait, and no longer once somebody went on from both") {
  Firm firm;
  firm.tablet.edit("customer", firm.customer, {{"phone", "2222"}});
  firm.office.environment().now += 600'000;
  firm.office.edit("customer", firm.customer, {{"phone", "3333"}});
  firm.share();
  REQUIRE(told(firm.tablet).size() == 1);
  CHECK(has(told(firm.tablet).front(), "赵工写得比您晚（您写的是“2222”，在历史里）"));
  firm.office.edit("customer", firm.customer, {{"phone", "4444"}});
  firm.tablet.import(firm.office.export_all());
  CHECK(told(firm.tablet).empty());
}

TEST_CASE("decided for one, taken back and decided against him, all of which he hears at once: he is told") {
  Firm firm;
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "王敏"));
  REQUIRE(firm.office.store().undo().has_value());
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  const auto concerns = firm.tablet.import(firm.office.export_all()).concerns;
  REQUIRE(concerns.size() == 1);
  CHECK_MESSAGE(has(concerns.front().zh, "客户级别定为“B级”（您写的是“A级”"), concerns.front().zh);
}

TEST_CASE("questions about other records, or about all of one, do not open what was decided about a field") {
  Firm firm;
  const Id hotel = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  const Id market = firm.office.create("customer", {{"code", "K-3"}, {"name", "万家超市"}}, as_it_is);
  const Id shop = firm.office.create("customer", {{"code", "K-4"}, {"name", "便利店"}}, as_it_is);
  firm.share();
  firm.tablet.edit("customer", firm.customer, {{"parent", hotel}});
  firm.other.edit("customer", firm.customer, {{"parent", market}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "李强"));
  firm.share();
  REQUIRE(told(firm.tablet).size() == 1);
  const std::string decided = told(firm.tablet).front();
  CHECK_MESSAGE(has(decided, "的从属单位定为"), decided);
  firm.office.edit("customer", hotel, {{"parent", shop}});  // a circle, of others
  firm.other.edit("customer", shop, {{"parent", hotel}});
  firm.office.edit("customer", firm.customer, {{"code", "K-9"}});  // a number that another has, too
  firm.other.edit("customer", market, {{"code", "K-9"}});
  firm.share();
  REQUIRE(firm.tablet.conflicts().size() == 2);
  const std::vector<std::string> still = told(firm.tablet);
  CHECK(std::ranges::find(still, decided) != still.end());
}

TEST_CASE("who is primary is asked again, about two others: what was decided of the third stays told as decided") {
  Firm firm;
  const auto add = [&](const char* name) { return firm.office.create("contact", {{"customer", firm.customer}, {"name", name}}, {}); };
  const Id first = add("张三"), second = add("李四"), third = add("王五"), fourth = add("赵六");
  firm.share();
  firm.office.edit("contact", second, {{"is_primary", 1}}, {});
  firm.tablet.edit("contact", third, {{"is_primary", 1}}, {});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  firm.share();
  REQUIRE(told(firm.tablet).size() == 1);
  const std::string decided = told(firm.tablet).front();
  CHECK_MESSAGE(has(decided, "的主要联系人定为“否”（您写的是“是”"), decided);
  firm.office.edit("contact", first, {{"is_primary", 1}}, {});
  firm.other.edit("contact", fourth, {{"is_primary", 1}}, {});
  firm.share();
  REQUIRE(firm.tablet.conflicts().size() == 1);
  CHECK(firm.tablet.conflicts().front().kind == ConflictKind::only_one);
  CHECK(told(firm.tablet) == std::vector<std::string>{decided});
}

// 王敏 deletes 张总, which answers who is primary; 赵工, not knowing of it, decides for him, or writes of him.
TEST_CASE("who deleted as an answer, or as anything else, is told when it does not stand") {
  for (const bool as_answer : {true, false}) {
    for (const bool by_decision : {true, false}) {
      CAPTURE(as_answer);
      CAPTURE(by_decision);
      Firm firm;
      const auto add = [&](const char* name) { return firm.office.create("contact", {{"customer", firm.customer}, {"name", name}}, {}); };
      add("王经理");  // the first one is it until others are chosen
      const Id zhang = add("张总"), second = add("李经理");
      firm.share();
      if (as_answer || by_decision) {
        firm.office.edit("contact", zhang, {{"is_primary", 1}}, {});
        firm.tablet.edit("contact", second, {{"is_primary", 1}}, {});
        if (as_answer) {
          firm.share();
        } else {
          firm.office.import(firm.tablet.export_all());
        }
      }
      firm.tablet.remove("contact", zhang);
      by_decision ? decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工")) : firm.office.edit("contact", zhang, {{"mobile", "13900000000"}}, {});
      firm.share();
      CHECK_FALSE(firm.tablet.store().read(*find_entity("contact"), zhang)->deleted);
      const std::vector<std::string> texts = told(firm.tablet);
      std::string all;
      for (const std::string& text : texts) {
        all += text + "\n";
      }
      for (const Conflict& one : firm.tablet.conflicts()) {
        all += "? " + one.headline.zh + "\n";
      }
      CHECK_MESSAGE(std::ranges::any_of(texts, [](const std::string& text) { return has(text, "张总") && has(text, "删除"); }), all);
    }
  }
}

TEST_CASE("a deletion that was decided against is open again when the record is missed; what else he wrote of it is not") {
  Firm firm;
  const Id hotel = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}, {"grade", "c"}}, as_it_is);
  firm.share();
  firm.office.remove("customer", hotel);
  firm.tablet.edit("customer", hotel, {{"phone", "1111"}});
  firm.share();
  decide(firm.other, side_that(firm.other.conflicts().at(0), false));
  firm.share();
  REQUIRE(told(firm.office).size() == 1);
  CHECK_MESSAGE(has(told(firm.office).front(), "您的删除不作数"), told(firm.office).front());
  firm.other.remove("customer", hotel);
  firm.tablet.create("contact", {{"customer", hotel}, {"name", "张三"}}, as_it_is);
  firm.share();
  REQUIRE(firm.office.conflicts().size() == 1);
  CHECK(firm.office.conflicts()[0].kind == ConflictKind::missing_reference);
  REQUIRE(told(firm.office).size() == 1);
  CHECK_MESSAGE(told(firm.office).front().starts_with("还没有定下来：李强 删除了客户“长江酒店”，但"), told(firm.office).front());
}

TEST_CASE("somebody decided against him, and he the same on another device: once that is known there is nothing to tell him") {
  Firm firm;
  firm.other.use_as(firm.tablet.store().identity().person);
  firm.tablet.edit("customer", firm.customer, {{"grade", "a"}});
  firm.office.edit("customer", firm.customer, {{"grade", "c"}});
  firm.share();
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  decide(firm.other, side_of(firm.other.conflicts().at(0), "赵工"));
  firm.tablet.import(firm.office.export_all());
  CHECK(told(firm.tablet).size() == 1);
  firm.tablet.import(firm.other.export_all());
  CHECK(firm.tablet.conflicts().empty());
  CHECK(told(firm.tablet).empty());
}

}  // namespace kehubu::test
