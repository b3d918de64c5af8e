// What becomes of a document that several deleted, of a line that is brought back alone, and of what a deletion knew.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

const Entity& contracts = *find_entity("contract");
const Entity& lines = *find_entity("contract_line");

struct Contract : Three {
  Id customer, product, contract, line;

  Contract() {
    customer = make_customer("K-1", "博海餐饮");
    product = office.create("product", {{"code", "P1"}, {"name", "瓜子"}}, as_it_is);
    contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is);
    line = add_line(office, 1, 100'00);
    exchange({&office, &tablet, &branch});
  }
  Id add_line(TestDevice& device, std::int64_t number, std::int64_t price) {
    return device.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", price}}, as_it_is);
  }
  void bring_back_line_alone(TestDevice& device) {
    const Edit edit{.entity = &lines, .row = line, .fields = {}, .restore = true};
    REQUIRE(device.store().write({&edit, 1}, as_it_is).has_value());
  }
  // One approves it, the other amends it, and both delete it.
  void delete_in_two_states() {
    office.edit("contract", contract, {{"status", "active"}});
    office.remove("contract", contract);
    tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
    add_line(tablet, 2, 7'00);
    tablet.remove("contract", contract);
    share();
    check_none_open();
  }
  std::vector<std::string> open(TestDevice& device) {
    std::vector<std::string> keys;
    for (const Conflict& conflict : device.conflicts()) {
      keys.push_back(conflict.key.substr(0, conflict.key.find('/', conflict.key.find('/') + 1)));
    }
    std::ranges::sort(keys);
    return keys;
  }
  bool is_deleted(TestDevice& device, const Entity& entity, const Id& row) { return device.store().read(entity, row)->deleted; }
  std::int64_t total(TestDevice& device) { return integer_or(device.value("contract", contract, "total"), 0); }
  std::string status(TestDevice& device) { return device.text("contract", contract, "status"); }
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a contract was deleted in two places and one of its lines brought back: nobody chooses between two deletions, and the line keeps it in sight") {
  Contract all;
  all.office.remove("contract", all.contract);
  all.tablet.remove("contract", all.contract);
  all.bring_back_line_alone(all.office);
  all.share();
  for (TestDevice* device : {&all.office, &all.tablet, &all.branch}) {
    CHECK(all.open(*device) == Keys{"delete/contract_line", "reference/contract"});
    CHECK_FALSE(all.is_deleted(*device, contracts, all.contract));
    CHECK_FALSE(all.is_deleted(*device, lines, all.line));
  }
}

TEST_CASE("who chooses that a contract is deleted deletes all of it, a line that was brought back alone included") {
  Contract all;
  all.office.remove("contract", all.contract);
  all.bring_back_line_alone(all.office);
  all.tablet.edit("contract", all.contract, {{"remark", "客户催"}});
  all.share();
  const std::vector<Conflict> conflicts = all.branch.conflicts();
  REQUIRE(all.open(all.branch) == Keys{"document/contract"});
  const auto removing = std::ranges::find(conflicts.front().sides, true, &ConflictSide::removed);
  REQUIRE(removing != conflicts.front().sides.end());
  REQUIRE(all.branch.sync().resolve(conflicts.front(), static_cast<std::size_t>(removing - conflicts.front().sides.begin())).has_value());
  all.share();
  all.check_none_open();
  CHECK(all.is_deleted(all.office, contracts, all.contract));
  CHECK(all.is_deleted(all.office, lines, all.line));
}

TEST_CASE("a contract that was deleted in two places is kept all the same: its lines come back with it") {
  Contract all;
  all.office.remove("contract", all.contract);
  all.tablet.remove("contract", all.contract);
  all.share();
  all.add_line(all.office, 2, 1'00);  // a program that does not ask
  all.share();
  REQUIRE(all.open(all.branch) == Keys{"reference/contract"});
  REQUIRE(all.branch.sync().resolve(all.branch.conflicts().front(), 0).has_value());
  all.share();
  all.check_none_open();
  CHECK(all.total(all.office) == 101'00);
}

TEST_CASE("approved here, amended there, deleted in both places: brought back it is a question, and never in force at what nobody approved") {
  for (const bool decided : {false, true}) {
    CAPTURE(decided);
    Contract all;
    all.delete_in_two_states();
    Edit back{.entity = &contracts, .row = all.contract, .fields = {}, .restore = true};
    const auto written = all.branch.store().write({&back, 1});
    REQUIRE(written.has_value());
    CHECK(std::ranges::any_of(written->hints, [](const Sentence& hint) { return hint.zh.ends_with("已全部恢复，请选定一边"); }));
    all.share();
    for (TestDevice* device : {&all.office, &all.tablet, &all.branch}) {
      CHECK(all.open(*device) == Keys{"document/contract"});
      CHECK(all.status(*device) == "active");
      CHECK(all.total(*device) == 100'00);
    }
    REQUIRE(all.branch.conflicts().front().sides.size() == 2);
    if (decided) {
      REQUIRE(all.tablet.sync().resolve(all.tablet.conflicts().front(), 1).has_value());
      all.share();
      all.check_none_open();
      CHECK(all.status(all.office) == "pending_approval");
      CHECK(all.total(all.office) == 1006'00);
      continue;
    }
    // Undone it is deleted as it was; done again, or brought back by somebody else, the same question.
    REQUIRE(all.branch.store().undo().has_value());
    all.share();
    all.check_none_open();
    CHECK(all.is_deleted(all.office, contracts, all.contract));
    REQUIRE(all.branch.store().redo().has_value());
    all.share();
    CHECK(all.open(all.office) == Keys{"document/contract"});
    REQUIRE(all.branch.store().undo().has_value());
    all.share();
    all.office.restore("contract", all.contract);
    all.share();
    CHECK(all.open(all.tablet) == Keys{"document/contract"});
    const std::vector<Conflict> conflicts = all.tablet.conflicts();
    REQUIRE(conflicts.front().sides.size() == 2);
    REQUIRE(all.tablet.sync().resolve(conflicts.front(), 1).has_value());
    all.share();
    CHECK(all.status(all.office) == "pending_approval");
    CHECK(all.total(all.office) == 1006'00);
  }
}

TEST_CASE("deleted in two places in one and the same state: brought back it is that, and nobody is asked") {
  Contract all;
  all.office.remove("contract", all.contract);
  all.tablet.remove("contract", all.contract);
  all.share();
  all.branch.restore("contract", all.contract);
  all.share();
  all.check_none_open();
  CHECK(all.total(all.office) == 100'00);
}

TEST_CASE("two decided alike about a contract, and it was deleted and brought back: a line that both deleted stays deleted") {
  Contract all;
  all.add_line(all.office, 2, 7'00);
  all.share();
  all.office.remove("contract_line", all.line);
  all.tablet.edit("contract_line", all.line, {{"qty", std::int64_t{3000}}});
  all.share();
  for (TestDevice* device : {&all.office, &all.branch}) {
    REQUIRE(device->sync().resolve(device->conflicts().front(), 0).has_value());
  }
  all.share();
  all.check_none_open();
  REQUIRE(all.is_deleted(all.tablet, lines, all.line));
  all.tablet.remove("contract", all.contract);
  REQUIRE(all.tablet.store().undo().has_value());
  all.share();
  all.check_none_open();
  CHECK(all.is_deleted(all.office, lines, all.line));
  CHECK(all.total(all.office) == 7'00);
}

TEST_CASE("a decision about a number is undone: who deleted the record knew what it gives back, and is not asked about an edit") {
  Three all;
  const Id other = all.make_customer("K-2", "长江");
  exchange({&all.office, &all.tablet, &all.branch});
  all.office.remove("customer", other);
  all.tablet.create("contact", {{"customer", other}, {"name", "张三"}}, as_it_is);
  all.branch.create("customer", {{"code", "K-2"}, {"name", "黄河"}}, as_it_is);
  all.share();
  const auto open = [&](TestDevice& device) {
    std::vector<std::string> keys;
    for (const Conflict& conflict : device.conflicts()) {
      keys.push_back(conflict.key);
    }
    return keys;
  };
  const std::vector<std::string> before = open(all.branch);
  const std::string tables = all.branch.table_hash();
  REQUIRE(before.size() == 2);
  for (std::size_t side = 0; side < 2; ++side) {
    CAPTURE(side);
    const std::vector<Conflict> conflicts = all.branch.conflicts();
    const auto twice = std::ranges::find(conflicts, ConflictKind::duplicate_number, &Conflict::kind);
    REQUIRE(twice != conflicts.end());
    REQUIRE(all.branch.sync().resolve(*twice, side).has_value());
    CHECK(all.branch.conflicts().size() == 1);
    REQUIRE(all.branch.store().undo().has_value());
    all.share();
    CHECK(open(all.office) == before);
    CHECK(all.branch.table_hash() == tables);
  }
}

TEST_CASE("what refers to something that is deleted comes back after that: until then it is refused, by the name of what is missing") {
  for (const char* missing : {"customer", "product"}) {
    CAPTURE(missing);
    Contract all;
    const bool of_line = std::string_view(missing) == "product";
    const Entity& gone = *find_entity(missing);
    const Id row = of_line ? all.product : all.customer;
    all.office.remove("contract", all.contract);
    const Edit removal{.entity = &gone, .row = row, .fields = {}, .remove = true};
    REQUIRE(all.office.store().write({&removal, 1}).has_value());
    const std::string before = all.office.table_hash();
    const Edit edit{.entity = &contracts, .row = all.contract, .fields = {}, .restore = true};
    const auto refused = all.office.store().write({&edit, 1});
    REQUIRE_FALSE(refused.has_value());
    CHECK_MESSAGE(refused.error().message.zh.contains(of_line ? "产品“瓜子”已删除，请先恢复它" : "客户“博海餐饮”已删除，请先恢复它"), refused.error().message.zh);
    CHECK(all.office.table_hash() == before);
    // Both at once, and one after the other.
    const std::vector<Edit> both{edit, {.entity = &gone, .row = row, .fields = {}, .restore = true}};
    REQUIRE(all.office.store().write(both).has_value());
    CHECK(all.office.conflicts().empty());
    REQUIRE(all.office.store().undo().has_value());
    all.office.restore(missing, row);
    REQUIRE(all.office.store().write({&edit, 1}).has_value());
    CHECK(all.office.conflicts().empty());
    all.share();
    all.check_none_open();
  }
}

TEST_CASE("undoing a deletion brings nothing back that refers to what somebody has deleted meanwhile") {
  Contract all;
  all.office.remove("contract", all.contract);
  all.share();
  const Edit removal{.entity = find_entity("customer"), .row = all.customer, .fields = {}, .remove = true};
  REQUIRE(all.tablet.store().write({&removal, 1}).has_value());
  all.share();
  const auto refused = all.office.store().undo();
  REQUIRE_FALSE(refused.has_value());
  CHECK_MESSAGE(refused.error().message.zh.contains("客户“博海餐饮”已删除，请先恢复它"), refused.error().message.zh);
  all.office.restore("customer", all.customer);
  all.share();
  all.check_none_open();
}

}  // namespace kehubu::test
