// Goals R4: what two people meant, each with the sentence that a third one reads, and the decision that closes it.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

// A rep and head office, with names, and a customer that both know.
struct TwoPeople {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  Id li, wang, customer;

  TwoPeople() {
    li = office.create("employee", {{"code", "R01"}, {"name", "李强"}, {"role", "director"}}, as_it_is);
    wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, as_it_is);
    office.use_as(li);
    tablet.use_as(wang);
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"grade", "b"}}, as_it_is);
    share();
  }
  void share() { exchange({&office, &tablet}); }
  Conflict only_conflict() {
    const auto here = office.conflicts();
    const auto there = tablet.conflicts();
    REQUIRE(here.size() == 1);
    REQUIRE(there.size() == 1);
    CHECK(here[0].key == there[0].key);
    CHECK(here[0].headline == there[0].headline);
    return here[0];
  }
  void check_closed() {
    share();
    CHECK(office.conflicts().empty());
    CHECK(tablet.conflicts().empty());
    CHECK(office.content_hash() == tablet.content_hash());
    CHECK(office.table_hash() == tablet.table_hash());
  }
};

}  // namespace

TEST_CASE("two values for one field: one stands everywhere, a person decides, the decision travels and can be undone") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  people.share();
  const Conflict conflict = people.only_conflict();
  CHECK(conflict.kind == ConflictKind::field);
  CHECK(conflict.headline.zh == "客户“博海餐饮”的客户级别被同时修改：李强 改为“A级”，王敏 改为“C级”。以哪个为准？");
  CHECK(conflict.headline.en == "The Grade of Customer \"博海餐饮\" was changed at the same time: 李强 set \"Grade A\", 王敏 set \"Grade C\". Which one is right?");
  REQUIRE(conflict.sides.size() == 2);
  CHECK(conflict.sides[0].stands_now);
  CHECK_FALSE(conflict.sides[1].stands_now);
  REQUIRE(conflict.sides[1].authors.size() == 1);
  CHECK(conflict.sides[1].authors[0].person == wang);
  CHECK(conflict.sides[1].authors[0].device_name == "王敏的平板");
  REQUIRE(conflict.base.size() == 1);
  CHECK(text_or_empty(conflict.base[0].value) == "b");
  CHECK(tablet.text("customer", customer, "grade") == "a");

  REQUIRE(office.sync().resolve(conflict, 1).has_value());
  CHECK(office.text("customer", customer, "grade") == "c");
  people.check_closed();
  CHECK(tablet.text("customer", customer, "grade") == "c");

  REQUIRE(office.store().undo().has_value());
  people.share();
  const Conflict again = people.only_conflict();
  CHECK(again.headline == conflict.headline);
  CHECK(office.text("customer", customer, "grade") == "a");
}

TEST_CASE("a question that the tables have lost is noticed when they are compared with the log") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  people.share();
  CHECK(office.store().verify().value() == "");
  const std::string hash = office.table_hash();
  REQUIRE(sqlite3_exec(office.store().connection(), "DELETE FROM conflict", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(office.store().verify().value() != "");
  CHECK(office.table_hash() != hash);
}

TEST_CASE("a conflict may be settled with a value of one's own, and only once") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  people.share();
  const Conflict conflict = people.only_conflict();
  REQUIRE(tablet.sync().resolve_with(conflict, "d").has_value());
  const auto again = tablet.sync().resolve_with(conflict, "e");
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().message.zh == "这个冲突已经有人解决了。");
  people.check_closed();
  CHECK(office.text("customer", customer, "grade") == "d");
}

TEST_CASE("two people settle the same conflict differently: it is a conflict again, between the two decisions") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  people.share();
  const Conflict conflict = people.only_conflict();
  REQUIRE(office.sync().resolve(conflict, 0).has_value());
  REQUIRE(tablet.sync().resolve(conflict, 1).has_value());
  people.share();
  const Conflict again = people.only_conflict();
  REQUIRE(tablet.sync().resolve(again, 1).has_value());
  people.check_closed();
}

TEST_CASE("the same value from both is no conflict") {
  TwoPeople people;
  people.office.edit("customer", people.customer, {{"grade", "c"}});
  people.tablet.edit("customer", people.customer, {{"grade", "c"}});
  people.check_closed();
}

TEST_CASE("R4: two edits against one: the last word of each counts, not the number of words") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  tablet.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "d"}});
  tablet.edit("customer", customer, {{"grade", "e"}});
  office.edit("customer", customer, {{"grade", "c"}});
  people.share();
  const Conflict conflict = people.only_conflict();
  REQUIRE(conflict.sides.size() == 2);
  CHECK(text_or_empty(conflict.sides[0].cells[0].value) == "c");
  CHECK(text_or_empty(conflict.sides[1].cells[0].value) == "e");
  CHECK(conflict.headline.zh == "客户“博海餐饮”的客户级别被同时修改：李强 改为“C级”，王敏 改为“E级”。以哪个为准？");
}

TEST_CASE("who knew of the other value goes on from it, whatever the clocks say") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  tablet.environment().skew = 400LL * 86'400'000;
  tablet.edit("customer", customer, {{"phone", "1111"}, {"grade", "a"}});
  office.import(tablet.export_all());
  office.edit("customer", customer, {{"phone", "2222"}, {"grade", "e"}});
  people.check_closed();
  CHECK(tablet.text("customer", customer, "phone") == "2222");
  CHECK(tablet.text("customer", customer, "grade") == "e");
}

TEST_CASE("notes and contact data take the later clock, and the other value is one tap away") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  office.environment().now += 10'000;
  office.edit("customer", customer, {{"phone", "3333"}});
  tablet.environment().now = office.environment().now + 5'000;
  tablet.edit("customer", customer, {{"phone", "2222"}});
  people.share();
  CHECK(office.conflicts().empty());
  CHECK(office.text("customer", customer, "phone") == "2222");
  const auto superseded = office.sync().superseded(*find_entity("customer"), customer);
  REQUIRE(superseded.has_value());
  REQUIRE(superseded->size() == 1);
  CHECK(text_or_empty(superseded->front().stands.value) == "2222");
  CHECK(text_or_empty(superseded->front().other.value) == "3333");
  CHECK(superseded->front().other.person_name == "李强");
}

TEST_CASE("R4: approve and amend: never an approved contract with an amount that nobody approved") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
  const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  people.share();
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  people.share();
  const Conflict conflict = people.only_conflict();
  CHECK(conflict.kind == ConflictKind::document);
  CHECK(conflict.headline.zh ==
        "合同“年度供货”在两处被同时修改，整单一起等您决定：李强 把合同状态从“待审批”改为“执行中”，即批准，总价 ¥100.00；王敏 把合同明细 1 的单价从“¥100.00”改为“¥999.00”，总价 ¥999.00。以哪一边为准？");
  CHECK(conflict.headline.en ==
        "Contract \"年度供货\" was changed in two places at the same time and waits as a whole for your decision: "
        "李强 changed State from \"Waiting for approval\" to \"Active\", which approves it, Contract total ¥100.00; 王敏 changed Contract line 1: Unit price from \"¥100.00\" to \"¥999.00\", Contract total ¥999.00. Which side is right?");
  for (TestDevice* device : {&office, &tablet}) {
    CHECK(device->text("contract", contract, "status") == "active");
    CHECK(integer_or(device->value("contract_line", line, "unit_price"), 0) == 100'00);
  }
  REQUIRE(conflict.sides.size() == 2);
  REQUIRE(conflict.sides[1].cells.size() == 1);
  CHECK(conflict.sides[1].cells[0].row == line);

  REQUIRE(office.sync().resolve(conflict, 1).has_value());
  people.check_closed();
  for (TestDevice* device : {&office, &tablet}) {
    CHECK(device->text("contract", contract, "status") == "pending_approval");
    CHECK(integer_or(device->value("contract_line", line, "unit_price"), 0) == 999'00);
  }
}

TEST_CASE("R4: delete against edit: the record lives until someone decides, either way") {
  for (const bool keep : {true, false}) {
    CAPTURE(keep);
    TwoPeople people;
    auto& [office, tablet, li, wang, customer] = people;
    office.remove("customer", customer);
    tablet.edit("customer", customer, {{"grade", "a"}});
    people.share();
    const Conflict conflict = people.only_conflict();
    CHECK(conflict.kind == ConflictKind::delete_against_edit);
    CHECK(conflict.headline.zh == "李强 删除了客户“博海餐饮”，同时 王敏 把客户级别从“B级”改为“A级”。保留还是删除？");
    CHECK(conflict.headline.en == "李强 deleted Customer \"博海餐饮\", while 王敏 changed Grade from \"Grade B\" to \"Grade A\". Keep it or delete it?");
    REQUIRE(conflict.sides.size() == 2);
    CHECK_FALSE(conflict.sides[0].removed);
    CHECK(conflict.sides[0].stands_now);
    CHECK(conflict.sides[1].removed);
    CHECK(office.text("customer", customer, "grade") == "a");
    REQUIRE(tablet.sync().resolve(conflict, keep ? 0 : 1).has_value());
    people.check_closed();
    CHECK(office.store().read(*find_entity("customer"), customer)->deleted == !keep);
  }
}

TEST_CASE("both delete: no conflict") {
  TwoPeople people;
  people.office.remove("customer", people.customer);
  people.tablet.remove("customer", people.customer);
  people.check_closed();
  CHECK(people.office.store().read(*find_entity("customer"), people.customer)->deleted);
}

TEST_CASE("a record that was deleted while another began to need it comes back or goes for good") {
  for (const bool keep : {true, false}) {
    CAPTURE(keep);
    TwoPeople people;
    auto& [office, tablet, li, wang, customer] = people;
    office.remove("customer", customer);
    const Id contact = tablet.create("contact", {{"customer", customer}, {"name", "张三"}}, as_it_is);
    people.share();
    const Conflict conflict = people.only_conflict();
    CHECK(conflict.kind == ConflictKind::missing_reference);
    CHECK(conflict.headline.zh == "李强 删除了客户“博海餐饮”，但联系人“张三”还要用到它。要恢复它，还是让它保持删除？");
    CHECK_FALSE(office.store().read(*find_entity("customer"), customer)->deleted);
    REQUIRE(office.sync().resolve(conflict, keep ? 0 : 1).has_value());
    people.check_closed();
    CHECK(tablet.store().read(*find_entity("customer"), customer)->deleted == !keep);
    CHECK(tablet.store().read(*find_entity("contact"), contact)->deleted == !keep);
  }
}

// What lives needs what it refers to, whether or not somebody has to decide about it.
TEST_CASE("a record that lives because it was edited while it was deleted still needs what was deleted with it") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  const Id contact = office.create("contact", {{"name", "陈经理"}, {"customer", customer}}, as_it_is);
  people.share();
  tablet.remove("contact", contact);
  tablet.remove("customer", customer);
  office.edit("contact", contact, {{"mobile", "13800001111"}});
  people.share();
  const auto conflicts = office.conflicts();
  REQUIRE(conflicts.size() == 2);
  CHECK(conflicts[0].key == "delete/contact/" + contact.text());
  CHECK(conflicts[1].key == "reference/customer/" + customer.text());
  CHECK(office.table_hash() == tablet.table_hash());
  CHECK(office.store().verify().value() == "");
  REQUIRE(office.sync().resolve(conflicts[0], 0));  // kept, and what it refers to is still missing
  people.share();
  REQUIRE(office.conflicts().size() == 1);
  REQUIRE(office.sync().resolve(office.conflicts()[0], 0));
  people.check_closed();
  CHECK(office.text("customer", customer, "name") == "博海餐饮");
}

// A side is no deletion where its own deletion met an edit that it did not know of (an older program brought a line back).
TEST_CASE("of two sides that both keep a document the first stands, whatever was deleted on the way there") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  const Id contract = tablet.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "draft"}}, as_it_is);
  const Id line = tablet.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  tablet.remove("contract", contract);
  const Edit back{.entity = find_entity("contract_line"), .row = line, .fields = {}, .restore = true};
  REQUIRE(tablet.store().write({&back, 1}, as_it_is));
  people.share();
  REQUIRE(people.only_conflict().kind == ConflictKind::missing_reference);
  office.edit("contract", contract, {{"title", "总部改的"}});
  REQUIRE(tablet.sync().resolve(tablet.conflicts().front(), 0));
  people.share();
  const Conflict conflict = people.only_conflict();
  REQUIRE(conflict.kind == ConflictKind::document);
  for (TestDevice* device : {&office, &tablet}) {
    CHECK(device->text("contract", contract, "title") == "总部改的");
    CHECK(!device->store().read(*find_entity("contract"), contract)->deleted);
    CHECK(device->store().verify().value() == "");
  }
  CHECK(conflict.sides[0].stands_now);
  CHECK(!conflict.sides[0].removed);
  REQUIRE(office.sync().resolve(conflict, 0));
  people.check_closed();
  CHECK(office.text("contract", contract, "title") == "总部改的");
}

TEST_CASE("a line that its own side removed again needs nothing; one that its side still has does") {
  for (const bool taken_back : {true, false}) {
    CAPTURE(taken_back);
    TwoPeople people;
    auto& [office, tablet, li, wang, customer] = people;
    const Id product = office.create("product", {{"code", "P1"}, {"name", "瓜子"}}, as_it_is);
    const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"status", "draft"}}, as_it_is);
    people.share();
    const Id line = tablet.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}}, as_it_is);
    if (taken_back) {
      tablet.remove("contract_line", line);
    }
    tablet.edit("contract", contract, {{"title", "平板改的"}});
    office.edit("contract", contract, {{"title", "总部改的"}});
    office.remove("product", product);
    people.share();
    const auto conflicts = office.conflicts();
    REQUIRE(conflicts.size() == (taken_back ? 1 : 2));
    CHECK(conflicts[0].kind == ConflictKind::document);
    CHECK(office.table_hash() == tablet.table_hash());
    CHECK(office.store().verify().value() == "");
    CHECK(office.store().count({.entity = find_entity("contract_line"), .deleted = true}).value() == 0);  // it is no part of what is shown
    REQUIRE(office.sync().resolve(conflicts[0], 0));  // without the line
    people.check_closed();
  }
}

TEST_CASE("R4: the same number twice: both live, flagged, and one keeps it") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  const Id here = office.create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
  const Id there = tablet.create("customer", {{"code", "K-9"}, {"name", "乙"}}, as_it_is);
  people.share();
  const Conflict conflict = people.only_conflict();
  CHECK(conflict.kind == ConflictKind::duplicate_number);
  CHECK(conflict.headline.zh == std::string(here < there ? "客户“甲”、客户“乙”" : "客户“乙”、客户“甲”") + "用了同一个客户编号“K-9”。哪一条保留这个号码？");
  CHECK(conflict.sides.size() == 2);
  CHECK_FALSE(tablet.store().read(*find_entity("customer"), here)->deleted);
  CHECK_FALSE(tablet.store().read(*find_entity("customer"), there)->deleted);
  CHECK(conflict.spare_numbers == std::vector<std::string>{"K-9-2"});
  const std::size_t keeper = conflict.sides[0].cells[0].row == there ? 0 : 1;
  REQUIRE(office.sync().resolve(conflict, keeper).has_value());
  people.check_closed();
  CHECK(tablet.text("customer", there, "code") == "K-9");
  CHECK(tablet.text("customer", here, "code") == "K-9-2");
}

TEST_CASE("R4: facts add up: two visits to the same customer are both there") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  for (TestDevice* device : {&office, &tablet}) {
    device->create("interaction", {{"customer", customer}, {"status", "done"}, {"purpose", "拜访"}, {"duration_min", std::int64_t{30}}}, as_it_is);
  }
  people.check_closed();
  CHECK(*office.store().count({.entity = find_entity("interaction")}) == 2);
  CHECK(*tablet.store().count({.entity = find_entity("interaction")}) == 2);
}

TEST_CASE("three devices, three values: all are shown, and one decision closes it") {
  TwoPeople people;
  auto& [office, tablet, li, wang, customer] = people;
  TestDevice third{3, "第三台"};
  exchange({&office, &third});
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  third.edit("customer", customer, {{"grade", "d"}});
  exchange({&office, &tablet, &third});
  const auto conflicts = third.conflicts();
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0].sides.size() == 3);
  CHECK(conflicts[0].headline.zh == "客户“博海餐饮”的客户级别被同时修改：李强 改为“A级”，王敏 改为“C级”，本机 改为“D级”。以哪个为准？");
  REQUIRE(third.sync().resolve(conflicts[0], 2).has_value());
  exchange({&office, &tablet, &third});
  CHECK(office.conflicts().empty());
  CHECK(office.text("customer", customer, "grade") == "d");
  CHECK(office.table_hash() == third.table_hash());
}
