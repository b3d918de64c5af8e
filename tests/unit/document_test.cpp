// Documents: a contract and its lines move together or wait together.
#include <doctest/doctest.h>

#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct TwoDesks {
  TwoDesks() : here(11), there(12) {
    std::tie(contract, line) = here.make_contract();
    REQUIRE(here.write(catalog::contract_line, line, {{"qty", 1000}, {"unit_price", 10000}}));
    REQUIRE(here.write(catalog::contract, contract, {{"status", "pending_approval"}}));
    carry(*here.store, *there.store);
    there.environment.wall_ms = here.environment.wall_ms;
  }
  void meet() {
    carry(*there.store, *here.store);
    carry(*here.store, *there.store);
    CHECK(here.store->table_hash().value() == there.store->table_hash().value());
  }
  Materialiser& materialiser() { return internals(*here.store).materialiser(); }
  std::string status() { return text_or_empty(here.read(catalog::contract, contract).value("status")); }
  std::int64_t total() { return integer_or(here.read(catalog::contract, contract).value("total"), -1); }
  std::vector<Version> sides() { return materialiser().heads(catalog::contract, contract, document_field).value(); }

  StoreFixture here, there;
  Id contract, line;
};

}  // namespace

TEST_CASE("approved at 100 and amount 999 never become an approved 999") {
  TwoDesks desks;
  REQUIRE(desks.total() == 10'000);
  REQUIRE(desks.here.write(catalog::contract, desks.contract, {{"status", "active"}, {"signed_on", "2026-11-20"}}));
  REQUIRE(desks.there.write(catalog::contract_line, desks.line, {{"unit_price", 99'900}}));
  desks.meet();
  const bool here_stands = desks.here.store->identity().device < desks.there.store->identity().device;
  CHECK(desks.status() == (here_stands ? "active" : "pending_approval"));
  CHECK(desks.total() == (here_stands ? 10'000 : 99'900));
  CHECK(desks.here.read(catalog::contract, desks.contract).in_conflict);

  // An ordinary edit would choose silently.
  const auto refused = desks.here.write(catalog::contract, desks.contract, {{"remark", "x"}});
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::conflict);

  const std::vector<Version> sides = desks.sides();
  REQUIRE(sides.size() == 2);
  CHECK(desks.materialiser().document_standing_head(catalog::contract, desks.contract).value() == sides[0]);
  const auto base = desks.materialiser().document_base(catalog::contract, desks.contract).value();
  REQUIRE(base.size() == 2);
  CHECK(text_or_empty(base[0].values[static_cast<std::size_t>(catalog::contract.find("status") - catalog::contract.fields.data())]) == "pending_approval");

  // The other side: "amount 999" without the approval.
  for (const Version& side : sides) {
    const auto state = desks.materialiser().document_at(catalog::contract, desks.contract, side).value();
    const auto status = text_or_empty(state[0].values[static_cast<std::size_t>(catalog::contract.find("status") - catalog::contract.fields.data())]);
    const auto price = integer_or(state[1].values[static_cast<std::size_t>(catalog::contract_line.find("unit_price") - catalog::contract_line.fields.data())], 0);
    CHECK((status == "active") == (price == 10'000));
  }
  const auto edits = desks.materialiser().document_resolution(catalog::contract, desks.contract, sides[1]).value();
  REQUIRE(desks.here.store->write(edits, {.kind = ChangeKind::resolve, .skip_validation = true, .side_of_document = true}));
  CHECK(desks.sides().size() == 1);
  CHECK(desks.status() == (here_stands ? "pending_approval" : "active"));
  CHECK(desks.total() == (here_stands ? 99'900 : 10'000));
  CHECK(!desks.here.read(catalog::contract, desks.contract).in_conflict);
  desks.meet();
  CHECK(desks.here.store->verify().value() == "");
}

TEST_CASE("a line that the other side added is out of sight until its side is chosen") {
  TwoDesks desks;
  REQUIRE(desks.here.write(catalog::contract, desks.contract, {{"remark", "这里"}}));
  const Id product = id_or_empty(desks.there.read(catalog::contract_line, desks.line).value("product"));
  const Id added = desks.there.create(catalog::contract_line, {{"contract", desks.contract}, {"product", product}, {"qty", 1000}, {"unit_price", 500}});
  desks.meet();
  const bool here_stands = desks.here.store->identity().device < desks.there.store->identity().device;
  CHECK(desks.here.read(catalog::contract_line, added).deleted == here_stands);
  CHECK(desks.here.store->count({.entity = &catalog::contract_line, .deleted = true}).value() == 0);
  for (const Version& side : {desks.sides()[0], desks.sides()[1]}) {
    if (desks.sides().size() == 1) {
      break;
    }
    const auto state = desks.materialiser().document_at(catalog::contract, desks.contract, side).value();
    if (state.size() == 3) {
      const auto edits = desks.materialiser().document_resolution(catalog::contract, desks.contract, side).value();
      REQUIRE(desks.here.store->write(edits, {.kind = ChangeKind::resolve, .skip_validation = true, .side_of_document = true}));
    }
  }
  CHECK(!desks.here.read(catalog::contract_line, added).deleted);
  CHECK(desks.total() == 10'500);
  desks.meet();
}

TEST_CASE("a line that the standing side deleted, and that another side has, needs its product until a side is chosen") {
  for (const bool keeps_line : {false, true}) {
    TwoDesks desks;
    const bool here_stands = desks.here.store->identity().device < desks.there.store->identity().device;
    StoreFixture &first = here_stands ? desks.here : desks.there, &second = here_stands ? desks.there : desks.here;
    const Id product = id_or_empty(first.read(catalog::contract_line, desks.line).value("product"));
    REQUIRE(first.remove(catalog::contract_line, desks.line));
    REQUIRE(first.remove(catalog::product, product));
    REQUIRE(second.write(catalog::contract, desks.contract, {{"remark", "那里"}}));
    desks.meet();
    CHECK(desks.here.read(catalog::contract_line, desks.line).deleted);
    CHECK(desks.here.store->count({.entity = &catalog::contract_line, .deleted = true}).value() == 0);
    CHECK_FALSE(desks.here.read(catalog::product, product).deleted);
    CHECK(desks.here.read(catalog::product, product).in_conflict);
    const auto edits = desks.materialiser().document_resolution(catalog::contract, desks.contract, desks.sides().at(keeps_line ? 1 : 0)).value();
    REQUIRE(desks.here.store->write(edits, {.kind = ChangeKind::resolve, .skip_validation = true, .side_of_document = true}));
    desks.meet();
    CHECK(desks.here.read(catalog::contract_line, desks.line).deleted == !keeps_line);
    CHECK(desks.here.read(catalog::product, product).deleted == !keeps_line);
    CHECK(desks.here.store->verify().value() == "");
  }
}

TEST_CASE("a document deleted here and changed there stays in sight") {
  TwoDesks desks;
  REQUIRE(desks.here.remove(catalog::contract, desks.contract));
  REQUIRE(desks.there.write(catalog::contract, desks.contract, {{"remark", "那里"}}));
  desks.meet();
  const Record record = desks.here.read(catalog::contract, desks.contract);
  CHECK(!record.deleted);
  CHECK(record.in_conflict);
  CHECK(desks.total() == 10'000);
  for (const Version& side : desks.sides()) {
    const auto state = desks.materialiser().document_at(catalog::contract, desks.contract, side).value();
    if (state[0].removed) {
      const auto edits = desks.materialiser().document_resolution(catalog::contract, desks.contract, side).value();
      REQUIRE(desks.here.store->write(edits, {.kind = ChangeKind::resolve, .skip_validation = true, .side_of_document = true}));
      break;
    }
  }
  CHECK(desks.here.read(catalog::contract, desks.contract).deleted);
  CHECK(desks.here.read(catalog::contract_line, desks.line).deleted);
  desks.meet();
  CHECK(desks.here.store->verify().value() == "");
}

}  // namespace kehubu::test
