// A decision that was tried and taken back says no more than what was before it: whoever decides the same elsewhere, not knowing of that, decides.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

void answer(TestDevice& device, bool deletes) {
  const auto open = device.conflicts();
  REQUIRE(open.size() == 1);
  const auto side = std::ranges::find(open.front().sides, deletes, &ConflictSide::removed);
  REQUIRE(side != open.front().sides.end());
  const auto written = device.sync().resolve(open.front(), static_cast<std::size_t>(side - open.front().sides.begin()));
  REQUIRE_MESSAGE(written.has_value(), written.error().message.zh);
}

// A customer is deleted in one place, and needed by a contract, a plan and an opportunity of others.
struct GoneAndNeeded : Three {
  Id hotel, contract, line, plan, deal;

  GoneAndNeeded() {
    hotel = make_customer("K-2", "长江酒店");
    const Id product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    share();
    office.remove("customer", hotel);
    contract = tablet.create("contract", {{"contract_no", "HT-2"}, {"title", "酒店合同"}, {"customer", hotel}}, as_it_is);
    line = tablet.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{3'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    tablet.edit("contract", contract, {{"status", "active"}}, as_it_is);
    plan = branch.create("interaction", {{"customer", hotel}, {"status", "planned"}, {"purpose", "谈旺季铺货"}}, as_it_is);
    deal = branch.create("opportunity", {{"opp_no", "J-2"}, {"topic", "酒店年单"}, {"customer", hotel}}, as_it_is);
    share();
  }
  void try_and_undo(int times) {
    for (int time = 0; time < times; ++time) {
      if (time == 0) {
        answer(tablet, true);
      } else {
        REQUIRE(tablet.store().redo().has_value());
      }
      REQUIRE(tablet.store().undo().has_value());
    }
  }
  void check_all(bool deleted) {
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(device->store().read(*find_entity("customer"), hotel)->deleted == deleted);
      CHECK(device->store().read(*find_entity("contract"), contract)->deleted == deleted);
      CHECK(device->store().read(*find_entity("contract_line"), line)->deleted == deleted);
      CHECK(device->store().read(*find_entity("interaction"), plan)->deleted == deleted);
      CHECK(device->store().read(*find_entity("opportunity"), deal)->deleted == deleted);
    }
  }
};

}  // namespace

TEST_CASE("a decision to delete that was tried and undone meets the same decision by another: that stands, and nobody has restored anything") {
  for (const int times : {1, 2}) {
    CAPTURE(times);
    GoneAndNeeded three;
    three.try_and_undo(times);
    answer(three.office, true);
    three.share();
    three.check_none_open();
    three.check_all(true);
    const auto undone = three.office.store().undo();  // taken back as if the other had never tried
    REQUIRE_MESSAGE(undone.has_value(), undone.error().message.zh);
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      REQUIRE(device->conflicts().size() == 1);
      CHECK(device->conflicts().at(0).kind == ConflictKind::missing_reference);
    }
    answer(three.branch, false);
    three.share();
    three.check_none_open();
    three.check_all(false);
  }
}

TEST_CASE("a decision to delete that was tried and undone, and then the other one taken, meets a decision to delete: one question") {
  for (const bool deletes : {false, true}) {
    CAPTURE(deletes);
    GoneAndNeeded three;
    three.try_and_undo(1);
    answer(three.tablet, false);
    answer(three.office, true);
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      const auto open = device->conflicts();
      REQUIRE(open.size() == 1);
      CHECK(open.front().entity->id == "customer");
    }
    answer(three.branch, deletes);
    three.share();
    three.check_none_open();
    three.check_all(deletes);
  }
}

TEST_CASE("what was done since a decision was tried and undone is not undone by another's decision: everybody is asked") {
  GoneAndNeeded three;
  three.try_and_undo(1);
  three.tablet.edit("opportunity", three.deal, {{"topic", "酒店两年单"}}, as_it_is);
  answer(three.office, true);
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    CHECK_FALSE(device->conflicts().empty());
    CHECK_FALSE(device->store().read(*find_entity("opportunity"), three.deal)->deleted);
  }
}

TEST_CASE("who knows of a decision, restores what it deleted and deletes it again meets its undoing: a question, not a silence") {
  GoneAndNeeded three;
  answer(three.tablet, true);
  three.office.import(three.tablet.export_all());
  three.office.restore("customer", three.hotel);
  three.office.restore("opportunity", three.deal);
  three.office.remove("opportunity", three.deal);
  REQUIRE(three.tablet.store().undo().has_value());
  three.share();
  CHECK_FALSE(three.office.conflicts().empty());
}

}  // namespace kehubu::test
