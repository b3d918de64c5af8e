// Who keeps a record brings back all that decisions to delete it took along: lines of contracts, references that were emptied.
#include "core/sync/bring_back.h"
#include "tests/support/conflict_properties.h"
#include "tests/support/firm.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

std::string all_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += text + "\n";
  }
  return all;
}

std::string effects_of(const ConflictSide& side) {
  std::vector<std::string> texts;
  std::ranges::transform(side.effects, std::back_inserter(texts), [](const Effect& effect) { return effect.text.zh; });
  return all_of(texts);
}

std::string all_told(TestDevice& device) { return all_of(told(device)); }

struct Trio : Firm {
  [[nodiscard]] std::vector<TestDevice*> everybody() { return {&office, &tablet, &other}; }

  // The only question that is open here.
  static Conflict question(TestDevice& device) {
    const std::vector<Conflict> open = device.conflicts();
    REQUIRE(open.size() == 1);
    return open.front();
  }
  static void answer(TestDevice& device, bool removes) { decide(device, side_that(question(device), removes)); }
  void meet() {
    share();
    TestDevice latecomer{77};  // hears of everything at once
    latecomer.import(tablet.export_all());
    CHECK(latecomer.table_hash() == office.table_hash());
    CHECK(told_questions(latecomer) == told_questions(office));
    for (TestDevice* device : everybody()) {
      CHECK(device->table_hash() == office.table_hash());
      CHECK(device->store().verify().value() == "");
      CHECK(check_conflicts(*device) == "");
    }
    CHECK(check_choices(office, 1000, true) == "");
  }
  void decide_apart(TestDevice& deleting, TestDevice& keeping) {
    answer(deleting, true);
    answer(keeping, false);
    meet();
  }
};

// 赵工 deletes a product of which 李强 adds a line to a contract in force, and approves it at 1,100.
struct ProductInUse : Trio {
  Id seeds, second;

  ProductInUse() {
    seeds = office.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, as_it_is);
    office.edit("contract", contract, {{"status", "active"}});
    share();
    office.remove("product", seeds);
    second = other.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{2}}, {"product", seeds}, {"qty", std::int64_t{2'000}}, {"unit_price", std::int64_t{50'00}}}, as_it_is);
    other.edit("contract", contract, {{"status", "active"}});
    meet();
  }
  [[nodiscard]] bool has_line(TestDevice& device) { return !device.store().read(*find_entity("contract_line"), second)->deleted; }
  void check_as_approved() {
    for (TestDevice* device : everybody()) {
      CHECK(device->conflicts().empty());
      CHECK(device->text("contract", contract, "status") == "active");
      CHECK(has_line(*device));
      CHECK_FALSE(device->store().read(*find_entity("product"), seeds)->deleted);
    }
  }
};

// 赵工 deletes an opportunity that 王敏 puts into a contract.
struct OpportunityInUse : Trio {
  Id chance;

  OpportunityInUse() {
    chance = office.create("opportunity", {{"opp_no", "J-1"}, {"topic", "春季订货"}, {"customer", customer}}, as_it_is);
    share();
    office.remove("opportunity", chance);
    tablet.edit("contract", contract, {{"opportunity", chance}});
    meet();
  }
};

// 赵工 deletes a visit that took place, of which 王敏 writes a correction.
struct VisitCorrected : Trio {
  Id visit, correction;

  VisitCorrected() {
    const auto make = [&](TestDevice& device, const TestDevice::FieldValues& more) {
      TestDevice::FieldValues fields{{"customer", customer}, {"status", "done"}, {"kind", "phone"}, {"purpose", "谈价格"}, {"occurred_at", office.environment().now}};
      fields.insert(fields.end(), more.begin(), more.end());
      return device.create("interaction", fields, as_it_is);
    };
    visit = make(office, {});
    share();
    office.remove("interaction", visit);
    correction = make(tablet, {{"corrects", visit}});
    meet();
  }
};

}  // namespace

TEST_CASE("who keeps a product brings back the line that a decision to delete it took along, and the contract as it was approved") {
  for (const bool swapped : {false, true}) {
    CAPTURE(swapped);
    ProductInUse firm;
    TestDevice &deleting = swapped ? firm.tablet : firm.office, &keeping = swapped ? firm.office : firm.tablet;
    firm.decide_apart(deleting, keeping);
    CHECK_FALSE(firm.has_line(firm.other));
    const Conflict asked = Trio::question(firm.other);
    const std::string kept = effects_of(asked.sides.at(side_that(asked, false)));
    CHECK_MESSAGE(has(kept, "一并恢复合同 HT-1“年度合同”的合同明细 2"), kept);
    CHECK_MESSAGE(has(kept, "从“待审批，¥1,000.00”变为“执行中，¥1,100.00”"), kept);
    for (TestDevice* device : firm.everybody()) {
      CHECK_MESSAGE(has(all_told(*device), "合同明细 2"), all_told(*device));
      CHECK_MESSAGE(has(all_told(*device), "裁定保留"), all_told(*device));
    }
    Trio::answer(firm.other, false);
    firm.meet();
    firm.check_as_approved();
    CHECK_MESSAGE(has(all_told(deleting), "您的删除不作数"), all_told(deleting));
    CHECK_MESSAGE(!has(all_told(keeping), "合同"), all_told(keeping));
    CHECK_MESSAGE(all_told(firm.other).empty(), all_told(firm.other));
    REQUIRE(firm.other.store().undo().has_value());
    firm.meet();
    CHECK_FALSE(firm.has_line(firm.office));
    CHECK(firm.office.text("contract", firm.contract, "status") == "pending_approval");
    REQUIRE(firm.other.store().redo().has_value());
    firm.meet();
    firm.check_as_approved();
  }
}

TEST_CASE("two who keep a product without knowing of each other bring back one and the same contract") {
  ProductInUse firm;
  firm.decide_apart(firm.office, firm.tablet);
  Trio::answer(firm.other, false);
  Trio::answer(firm.tablet, false);
  firm.meet();
  firm.check_as_approved();
}

TEST_CASE("kept by one and deleted by another again: the line is here until that is answered, and keeping changes nothing more") {
  for (const bool removes : {false, true}) {
    ProductInUse firm;
    firm.decide_apart(firm.office, firm.tablet);
    Trio::answer(firm.other, false);
    Trio::answer(firm.office, true);
    firm.meet();
    Trio::answer(firm.tablet, removes);
    firm.meet();
    if (!removes) {
      firm.check_as_approved();
    }
    CHECK(firm.has_line(firm.office) == !removes);
  }
}

TEST_CASE("two who delete a product and one who keeps it: the line comes back all the same") {
  ProductInUse firm;
  Trio::answer(firm.office, true);
  Trio::answer(firm.other, true);
  Trio::answer(firm.tablet, false);
  firm.meet();
  Trio::answer(firm.tablet, false);
  firm.meet();
  firm.check_as_approved();
}

TEST_CASE("a contract that was changed since its line went along: the line does not come back, and the side says so") {
  ProductInUse firm;
  Trio::answer(firm.office, true);
  Trio::answer(firm.tablet, false);
  firm.other.import(firm.office.export_all());
  firm.other.edit("contract", firm.contract, {{"title", "年度合同（续）"}});
  firm.meet();
  const Conflict asked = Trio::question(firm.other);
  const std::string kept = effects_of(asked.sides.at(side_that(asked, false)));
  CHECK_MESSAGE(has(kept, "不随之恢复"), kept);
  CHECK_MESSAGE(has(kept, "李强"), kept);
  Trio::answer(firm.other, false);
  firm.meet();
  CHECK_FALSE(firm.has_line(firm.office));
  CHECK(firm.office.text("contract", firm.contract, "status") == "pending_approval");
}

TEST_CASE("who keeps an opportunity fills it in again where a decision to delete it had emptied it") {
  for (const bool changed_since : {false, true}) {
    CAPTURE(changed_since);
    OpportunityInUse firm;
    Trio::answer(firm.office, true);
    Trio::answer(firm.tablet, false);
    if (changed_since) {
      firm.other.import(firm.office.export_all());
      firm.other.edit("contract", firm.contract, {{"title", "年度合同（续）"}});
    }
    firm.meet();
    CHECK(is_null(firm.tablet.value("contract", firm.contract, "opportunity")));
    const Conflict asked = Trio::question(firm.other);
    const std::string kept = effects_of(asked.sides.at(side_that(asked, false)));
    CHECK_MESSAGE(has(kept, "机会重新填上“春季订货”"), kept);
    CHECK_MESSAGE(has(all_told(firm.tablet), "机会重新填上“春季订货”"), all_told(firm.tablet));
    Trio::answer(firm.other, false);
    firm.meet();
    for (TestDevice* device : firm.everybody()) {
      CHECK(device->value("contract", firm.contract, "opportunity") == Value(firm.chance));
      CHECK(device->conflicts().empty());
    }
    CHECK(firm.office.text("contract", firm.contract, "title") == (changed_since ? "年度合同（续）" : "年度合同"));
    CHECK_MESSAGE(has(all_told(firm.office), "您的删除不作数"), all_told(firm.office));
    CHECK_MESSAGE(all_told(firm.tablet).empty(), all_told(firm.tablet));
    REQUIRE(firm.other.store().undo().has_value());
    firm.meet();
    CHECK(is_null(firm.tablet.value("contract", firm.contract, "opportunity")));
  }
}

TEST_CASE("a reference that was filled in otherwise since stays, and the side says so") {
  OpportunityInUse firm;
  const Id another = firm.office.create("opportunity", {{"opp_no", "J-2"}, {"topic", "秋季订货"}, {"customer", firm.customer}}, as_it_is);
  firm.share();
  Trio::answer(firm.office, true);
  Trio::answer(firm.tablet, false);
  firm.other.import(firm.office.export_all());
  firm.other.edit("contract", firm.contract, {{"opportunity", another}});
  firm.meet();
  const Conflict asked = Trio::question(firm.other);
  const std::string kept = effects_of(asked.sides.at(side_that(asked, false)));
  CHECK_MESSAGE(has(kept, "秋季订货"), kept);
  CHECK_MESSAGE(has(kept, "不会重新填上“春季订货”"), kept);
  Trio::answer(firm.other, false);
  firm.meet();
  CHECK(firm.office.value("contract", firm.contract, "opportunity") == Value(another));
}

// 赵工's decision emptied it, 王敏 wrote it not knowing of that, and hers stands: it is hers, whoever is the least.
TEST_CASE("who filled a reference in otherwise is named, and not whoever emptied it beside") {
  for (const bool swapped : {false, true}) {
    CAPTURE(swapped);
    Trio firm;
    TestDevice &deleting = swapped ? firm.tablet : firm.office, &writing = swapped ? firm.office : firm.tablet;
    const Id unit = firm.office.create("org_unit", {{"code", "D1"}, {"name", "销售一部"}, {"kind", "department"}}, as_it_is);
    const Id another = firm.office.create("org_unit", {{"code", "D2"}, {"name", "销售二部"}, {"kind", "department"}}, as_it_is);
    const Id chen = firm.office.create("employee", {{"code", "R20"}, {"name", "陈静"}}, as_it_is);
    firm.share();
    firm.office.remove("org_unit", unit);
    firm.tablet.edit("employee", chen, {{"department", unit}});
    firm.meet();
    Trio::answer(deleting, true);
    Trio::answer(firm.other, false);
    writing.environment().now += 60'000;
    writing.edit("employee", chen, {{"department", another}}, as_it_is);
    firm.meet();
    for (TestDevice* device : firm.everybody()) {
      CHECK(device->value("employee", chen, "department") == Value(another));
      const Conflict asked = Trio::question(*device);
      const std::string kept = effects_of(asked.sides.at(side_that(asked, false)));
      CHECK_MESSAGE(has(kept, std::string(swapped ? "赵工" : "王敏") + " 之后填的是“销售二部”"), kept);
    }
  }
}

// --- from the bin

TEST_CASE("who restores from the bin what a decision deleted gets back what that took along: the line, and the contract as it was approved") {
  ProductInUse firm;
  Trio::answer(firm.office, true);
  firm.meet();
  CHECK_FALSE(firm.has_line(firm.tablet));
  CHECK(firm.tablet.text("contract", firm.contract, "status") == "pending_approval");
  const auto restored = bring_back(firm.tablet.store(), *find_entity("product"), firm.seeds);
  REQUIRE_MESSAGE(restored.has_value(), restored.error().message.zh);
  firm.meet();
  firm.check_as_approved();
  REQUIRE(firm.tablet.store().undo().has_value());
  firm.meet();
  CHECK_FALSE(firm.has_line(firm.office));
  CHECK(firm.office.store().read(*find_entity("product"), firm.seeds)->deleted);
  REQUIRE(firm.tablet.store().redo().has_value());
  firm.meet();
  firm.check_as_approved();
}

TEST_CASE("who restores from the bin what a decision deleted gets its references back, and is told which not, and why") {
  for (const bool changed_since : {false, true}) {
    CAPTURE(changed_since);
    OpportunityInUse firm;
    Trio::answer(firm.office, true);
    firm.meet();
    CHECK(is_null(firm.tablet.value("contract", firm.contract, "opportunity")));
    const Id another = firm.other.create("opportunity", {{"opp_no", "J-2"}, {"topic", "秋季订货"}, {"customer", firm.customer}}, as_it_is);
    changed_since ? firm.other.edit("contract", firm.contract, {{"opportunity", another}}) : void();
    firm.meet();
    const auto restored = bring_back(firm.tablet.store(), *find_entity("opportunity"), firm.chance);
    REQUIRE_MESSAGE(restored.has_value(), restored.error().message.zh);
    const bool says_which = std::ranges::any_of(restored->hints, [](const Sentence& hint) { return has(hint.zh, "不会重新填上“春季订货”：李强 之后填的是“秋季订货”"); });
    CHECK(says_which == changed_since);
    firm.meet();
    for (TestDevice* device : firm.everybody()) {
      CHECK(device->value("contract", firm.contract, "opportunity") == Value(changed_since ? another : firm.chance));
      CHECK(device->conflicts().empty());
    }
  }
}

TEST_CASE("what nobody decided to delete comes back from the bin as it always did, and what cannot come back says why") {
  Trio firm;
  const Id hotel = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}, {"grade", "c"}}, as_it_is);
  const Id contact = firm.office.create("contact", {{"customer", hotel}, {"name", "张三"}}, as_it_is);
  firm.office.remove("contact", contact);
  firm.office.remove("customer", hotel);
  const auto refused = bring_back(firm.office.store(), *find_entity("contact"), contact);
  REQUIRE_FALSE(refused.has_value());
  CHECK_MESSAGE(has(refused.error().message.zh, "长江酒店"), refused.error().message.zh);
  REQUIRE(bring_back(firm.office.store(), *find_entity("customer"), hotel).has_value());
  REQUIRE(bring_back(firm.office.store(), *find_entity("contact"), contact).has_value());
  CHECK_FALSE(firm.office.store().read(*find_entity("contact"), contact)->deleted);
}

TEST_CASE("who keeps a visit makes its correction one again") {
  VisitCorrected firm;
  firm.decide_apart(firm.office, firm.tablet);
  CHECK(is_null(firm.tablet.value("interaction", firm.correction, "corrects")));
  const Conflict asked = Trio::question(firm.other);
  CHECK_MESSAGE(has(effects_of(asked.sides.at(side_that(asked, false))), "重新填上"), effects_of(asked.sides.at(side_that(asked, false))));
  CHECK_MESSAGE(has(all_told(firm.tablet), "重新填上"), all_told(firm.tablet));
  Trio::answer(firm.other, false);
  firm.meet();
  for (TestDevice* device : firm.everybody()) {
    CHECK(device->value("interaction", firm.correction, "corrects") == Value(firm.visit));
    CHECK(device->conflicts().empty());
  }
}

TEST_CASE("a contract that waits itself when a record is kept is left alone, and the side says so") {
  ProductInUse firm;
  Trio::answer(firm.office, true);
  Trio::answer(firm.tablet, false);
  firm.other.edit("contract", firm.contract, {{"title", "年度合同（续）"}});  // by who knows of neither
  firm.meet();
  const std::vector<Conflict> open = firm.other.conflicts();
  const auto asked = std::ranges::find(open, ConflictKind::delete_against_edit, &Conflict::kind);
  REQUIRE(asked != open.end());
  const std::string kept = effects_of(asked->sides.at(side_that(*asked, false)));
  CHECK_MESSAGE(has(kept, "自己还有冲突等您决定"), kept);
  REQUIRE(firm.other.sync().resolve(*asked, side_that(*asked, false)).has_value());
  firm.meet();
  const Conflict document = Trio::question(firm.tablet);
  CHECK(document.kind == ConflictKind::document);
  decide(firm.tablet, side_of(document, "李强"));
  firm.meet();
  CHECK(firm.office.conflicts().empty());
  CHECK(firm.has_line(firm.office));
}

TEST_CASE("who keeps a department fills it in again for everybody who was in it, however many decisions deleted it") {
  Trio firm;
  const Id unit = firm.office.create("org_unit", {{"code", "D1"}, {"name", "销售一部"}, {"kind", "department"}}, as_it_is);
  const Id chen = firm.office.create("employee", {{"code", "R20"}, {"name", "陈静"}}, as_it_is);
  firm.share();
  firm.office.remove("org_unit", unit);
  firm.tablet.edit("employee", chen, {{"department", unit}});
  const Id zhou = firm.other.create("employee", {{"code", "R21"}, {"name", "周航"}, {"department", unit}}, as_it_is);
  firm.meet();
  Trio::answer(firm.office, true);
  Trio::answer(firm.other, true);
  Trio::answer(firm.tablet, false);
  firm.meet();
  Trio::answer(firm.other, true);  // once more
  Trio::answer(firm.tablet, false);
  firm.meet();
  Trio::answer(firm.office, false);
  firm.meet();
  for (TestDevice* device : firm.everybody()) {
    CHECK(device->conflicts().empty());
    CHECK(device->value("employee", chen, "department") == Value(unit));
    CHECK(device->value("employee", zhou, "department") == Value(unit));
  }
}

// --- lines that only a side has which waits

TEST_CASE("a product that a waiting side of a contract uses is asked about on every side, before a decision and after it was taken back") {
  for (TestDevice Firm::* answering : {&Firm::office, &Firm::tablet, &Firm::other}) {
    for (const char* taken : {"赵工", "王敏", "李强"}) {
      CAPTURE(taken);
      Trio firm;
      firm.office.edit("contract", firm.contract, {{"status", "active"}});
      const Id seeds = firm.office.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, as_it_is);
      const auto add = [&](TestDevice& device, std::int64_t number, const Id& product) {
        return device.create("contract_line", {{"contract", firm.contract}, {"line_no", number}, {"product", product}, {"qty", std::int64_t{2'000}}, {"unit_price", std::int64_t{50'00}}}, as_it_is);
      };
      const Id second = add(firm.office, 2, seeds);
      firm.office.edit("contract", firm.contract, {{"status", "active"}});
      firm.share();
      firm.office.remove("contract_line", second);
      firm.office.edit("contract", firm.contract, {{"status", "active"}});
      firm.tablet.edit("contract_line", second, {{"qty", std::int64_t{5'000}}});
      add(firm.other, 4, seeds);
      firm.other.edit("contract", firm.contract, {{"status", "active"}});
      firm.meet();
      REQUIRE(firm.office.conflicts().size() == 1);
      const auto problems = firm.office.store().validate({.entity = find_entity("product"), .row = seeds, .fields = {}, .remove = true});
      REQUIRE(problems.size() == 1);  // told, and not refused
      CHECK(problems.front().hint_only);
      CHECK_MESSAGE(has(problems.front().message.zh, "“年度合同”有冲突等您决定，其中有一边要用到“南瓜子”"), problems.front().message.zh);
      firm.office.remove("product", seeds);
      firm.meet();
      const std::string before = told_questions(firm.office);
      REQUIRE(firm.office.conflicts().size() == 2);
      TestDevice& device = firm.*answering;
      const std::vector<Conflict> open = device.conflicts();
      const auto document = std::ranges::find(open, ConflictKind::document, &Conflict::kind);
      REQUIRE(document != open.end());
      REQUIRE(device.sync().resolve(*document, side_of(*document, taken)).has_value());
      firm.meet();
      REQUIRE(device.store().undo().has_value());
      firm.meet();
      CHECK(told_questions(firm.office) == before);
      const auto redone = device.store().redo();
      CHECK_MESSAGE(redone.has_value(), (redone ? std::string() : redone.error().message.zh));
      firm.meet();
    }
  }
}

TEST_CASE("a product that only a side uses which waits: line of a side that the standing one deleted counts, too, and the amount of what stands does not change") {
  Trio firm;
  firm.office.edit("contract", firm.contract, {{"status", "active"}});
  const Id seeds = firm.office.create("product", {{"code", "P-2"}, {"name", "南瓜子"}}, as_it_is);
  const Id second = firm.office.create("contract_line", {{"contract", firm.contract}, {"line_no", std::int64_t{2}}, {"product", seeds}, {"qty", std::int64_t{2'000}}, {"unit_price", std::int64_t{50'00}}}, as_it_is);
  firm.share();
  firm.office.remove("contract_line", second);
  firm.tablet.edit("contract_line", second, {{"qty", std::int64_t{5'000}}});
  firm.meet();
  firm.office.remove("product", seeds);
  firm.meet();
  const std::vector<Conflict> open = firm.tablet.conflicts();
  const auto question = std::ranges::find(open, ConflictKind::missing_reference, &Conflict::kind);
  REQUIRE(question != open.end());
  const ConflictSide& removing = question->sides.at(side_that(*question, true));
  CHECK_MESSAGE(!has(effects_of(removing), "变为"), effects_of(removing));
  CHECK_FALSE(removing.refused.zh.empty());
}
