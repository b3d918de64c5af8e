// An answer that is taken back, where people had decided a question differently before: the question is what it was, with each of them on the
// side that he took and all that it would do, and whoever is concerned reads that it is open.
#include "tests/support/conflict_properties.h"
#include "tests/support/firm.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

// A customer that 赵工 deletes while 王敏 makes a contract with it and 李强 an opportunity and a visit.
struct GoneAndNeeded : Firm {
  Id hotel, deal, chance, visit;

  GoneAndNeeded() {
    hotel = office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
    share();
    office.remove("customer", hotel);
    deal = tablet.create("contract", {{"contract_no", "HT-2"}, {"title", "酒店合同"}, {"customer", hotel}, {"status", "pending_approval"}}, as_it_is);
    tablet.create("contract_line", {{"contract", deal}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{3'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    tablet.edit("contract", deal, {{"status", "active"}});
    chance = other.create("opportunity", {{"opp_no", "J-1"}, {"topic", "酒店年单"}, {"customer", hotel}}, as_it_is);
    visit = other.create("interaction", {{"customer", hotel}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "谈旺季铺货"}, {"planned_at", other.environment().now}}, as_it_is);
    share();
  }
};

// A customer that 赵工 deletes while 王敏 renames it.
struct GoneAndEdited : Firm {
  Id hotel;

  GoneAndEdited() {
    hotel = office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
    share();
    office.remove("customer", hotel);
    tablet.edit("customer", hotel, {{"name", "长江大酒店"}});
    share();
  }
};

struct Decision {
  TestDevice Firm::* device;
  bool removes;
};
using Decisions = std::vector<Decision>;

const std::vector<Decisions> decided_differently{
    {{&Firm::office, true}, {&Firm::tablet, false}},
    {{&Firm::office, false}, {&Firm::tablet, true}},
    {{&Firm::office, true}, {&Firm::tablet, false}, {&Firm::other, true}},
    {{&Firm::office, false}, {&Firm::tablet, true}, {&Firm::other, false}},
    {{&Firm::office, false}, {&Firm::tablet, false}, {&Firm::other, true}},
    {{&Firm::office, true}, {&Firm::tablet, true}, {&Firm::other, false}},
};

void decide_apart(Firm& firm, const Decisions& decisions) {
  for (const Decision& one : decisions) {
    TestDevice& device = firm.*one.device;
    decide(device, side_that(device.conflicts().at(0), one.removes));
  }
  firm.share();
}

// On every device, and on one that hears of all of it at once, as one does that is opened again.
void check_asked_everywhere(Firm& firm, const std::string& questions) {
  TestDevice latecomer{77};
  latecomer.import(firm.other.export_all());
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other, &latecomer}) {
    CHECK(told_questions(*device) == questions);
    CHECK(device->store().verify().value() == "");
  }
}

// Answered by a device, taken back, done again and taken back, each heard of by everybody, or only in the end.
void answer_and_take_back(Firm& firm, TestDevice& answering, bool removes, bool heard_of_at_once) {
  const auto told = [&] { heard_of_at_once ? firm.share() : void(); };
  const std::string questions = told_questions(firm.office);
  decide(answering, side_that(answering.conflicts().at(0), removes));
  told();
  CHECK(answering.conflicts().empty());
  REQUIRE(answering.store().undo().has_value());
  told();
  CHECK(told_questions(answering) == questions);
  REQUIRE(answering.store().redo().has_value());
  told();
  CHECK(answering.conflicts().empty());
  REQUIRE(answering.store().undo().has_value());
  firm.share();
  check_asked_everywhere(firm, questions);
}

template <typename Meeting>
void check_every_answer() {
  for (const Decisions& decisions : decided_differently) {
    for (TestDevice Firm::* answering : {&Firm::office, &Firm::tablet}) {
      for (const bool removes : {false, true}) {
        CAPTURE(&decisions - decided_differently.data());
        CAPTURE(removes);
        CAPTURE((answering == &Firm::office));
        Meeting firm;
        decide_apart(firm, decisions);
        answer_and_take_back(firm, firm.*answering, removes, removes == (answering == &Firm::office));
      }
    }
  }
}

bool is_one_of(const std::vector<std::string>& texts, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return std::ranges::all_of(parts, [&](std::string_view part) { return has(text, part); }); });
}

std::string all_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += text + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("deleted and needed, decided differently, answered and that taken back: everybody reads who really said what") { check_every_answer<GoneAndNeeded>(); }

TEST_CASE("deleted and edited, decided differently, answered and that taken back: everybody reads who really said what") { check_every_answer<GoneAndEdited>(); }

TEST_CASE("who keeps a record brings back all that decisions to delete it took along, however often those were taken back and made again") {
  for (const bool removes : {false, true}) {
    CAPTURE(removes);
    GoneAndNeeded firm;
    decide_apart(firm, decided_differently[2]);
    answer_and_take_back(firm, firm.office, removes, true);
    CHECK(firm.other.store().read(*find_entity("contract"), firm.deal)->deleted);
    decide(firm.other, side_that(firm.other.conflicts().at(0), false));
    firm.share();
    CHECK(firm.office.conflicts().empty());
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      for (const auto& [entity, row] : {std::pair{"customer", firm.hotel}, {"contract", firm.deal}, {"opportunity", firm.chance}, {"interaction", firm.visit}}) {
        CAPTURE(entity);
        CHECK_FALSE(device->store().read(*find_entity(entity), row)->deleted);
      }
      CHECK(device->text("contract", firm.deal, "status") == "active");
    }
  }
}

TEST_CASE("a record that was decided to delete twice and is edited by who knew of neither: keeping it brings back what the first one took along") {
  GoneAndNeeded firm;
  for (TestDevice* device : {&firm.office, &firm.tablet}) {
    decide(*device, side_that(device->conflicts().at(0), device == &firm.office));
  }
  firm.office.import(firm.tablet.export_all());
  decide(firm.office, side_that(firm.office.conflicts().at(0), true));
  firm.tablet.edit("customer", firm.hotel, {{"name", "长江大酒店"}});
  firm.share();
  decide(firm.office, side_that(firm.office.conflicts().at(0), false));
  firm.share();
  CHECK(firm.tablet.text("contract", firm.deal, "status") == "active");
  CHECK_FALSE(firm.tablet.store().read(*find_entity("contract"), firm.deal)->deleted);
}

TEST_CASE("whose decision is contradicted reads that the question is open again, and what of his is deleted until it is answered") {
  GoneAndNeeded firm;
  decide_apart(firm, decided_differently[2]);
  const std::vector<std::string> kept = told(firm.tablet);
  CHECK_MESSAGE(is_one_of(kept, {"还没有定下来：赵工、李强 裁定删除客户“长江酒店”，同时 王敏 裁定保留它"}), all_of(kept));
  CHECK_MESSAGE(is_one_of(kept, {"还没有定下来", "合同 HT-2“酒店合同”（执行中，¥300.00）在此之前是删除的，裁定保留时一并恢复。"}), all_of(kept));
  CHECK_MESSAGE(!is_one_of(kept, {"您写在上面的也随之删除"}), all_of(kept));
  const std::vector<std::string> deleted = told(firm.other);
  CHECK_MESSAGE(is_one_of(deleted, {"还没有定下来：赵工、李强 裁定删除客户“长江酒店”"}), all_of(deleted));
  CHECK_MESSAGE(!is_one_of(deleted, {"您写在上面的也随之删除"}), all_of(deleted));

  decide(firm.office, side_that(firm.office.conflicts().at(0), false));
  firm.share();
  for (TestDevice* device : {&firm.tablet, &firm.other}) {
    CHECK_MESSAGE(!is_one_of(told(*device), {"还没有定下来"}), all_of(told(*device)));
  }
  CHECK_MESSAGE(is_one_of(told(firm.other), {"赵工 于 ", "裁定：保留客户 K-2“长江酒店”，您的删除不作数"}), all_of(told(firm.other)));

  REQUIRE(firm.office.store().undo().has_value());
  firm.share();
  for (TestDevice* device : {&firm.tablet, &firm.other}) {
    const std::vector<std::string> again = told(*device);
    CHECK_MESSAGE(is_one_of(again, {"还没有定下来：赵工、李强 裁定删除客户“长江酒店”，同时 王敏 裁定保留它"}), all_of(again));
    CHECK_MESSAGE(!is_one_of(again, {"改动"}), all_of(again));
    CHECK_MESSAGE(!is_one_of(again, {"您写在上面的也随之删除"}), all_of(again));
  }
}

TEST_CASE("a merge tells whose decision it contradicts that the question is open again, of whatever kind it is") {
  Firm firm;
  firm.office.edit("customer", firm.customer, {{"grade", "a"}});
  firm.other.edit("customer", firm.customer, {{"grade", "b"}});
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet}) {
    decide(*device, side_of(device->conflicts().at(0), device == &firm.office ? "赵工" : "李强"));
  }
  const MergeReport here = firm.tablet.import(firm.office.export_all());
  const MergeReport there = firm.office.import(firm.tablet.export_all());
  for (const MergeReport* report : {&here, &there}) {
    REQUIRE(report->concerns.size() == 1);
    CHECK_MESSAGE(has(report->concerns.front().zh, "还没有定下来"), report->concerns.front().zh);
  }
}

TEST_CASE("who decided to delete it, too, is not told that another deleted what he wrote") {
  GoneAndNeeded firm;
  for (TestDevice* device : {&firm.office, &firm.other}) {
    decide(*device, side_that(device->conflicts().at(0), true));
  }
  firm.share();
  CHECK(firm.other.conflicts().empty());
  CHECK_MESSAGE(told(firm.other).empty(), all_of(told(firm.other)));
  CHECK_MESSAGE(is_one_of(told(firm.tablet), {"赵工 于 ", "裁定：删除合同 HT-2“酒店合同”"}), all_of(told(firm.tablet)));
}
