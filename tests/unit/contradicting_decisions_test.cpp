// Two people answer one question differently, neither knowing of the other: it is open again, whatever kind of question it was.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

// Which side empties that record's field.
std::size_t side_emptying(const Conflict& conflict, const Id& row) {
  const auto found = std::ranges::find_if(conflict.sides, [&](const ConflictSide& side) { return side.cells.front().row == row; });
  REQUIRE(found != conflict.sides.end());
  return static_cast<std::size_t>(found - conflict.sides.begin());
}

// Of a question whether something is deleted, the only one that is open.
void decide(TestDevice& device, bool deletes) {
  const auto open = device.conflicts();
  REQUIRE(open.size() == 1);
  const auto found = std::ranges::find(open.front().sides, deletes, &ConflictSide::removed);
  REQUIRE(found != open.front().sides.end());
  REQUIRE(device.sync().resolve(open.front(), static_cast<std::size_t>(found - open.front().sides.begin())).has_value());
}

// Everybody is asked, and deciding what is asked leaves nothing open.
void check_open_and_answer(Three& three) {
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    CHECK_FALSE(device->conflicts().empty());
  }
  for (int rounds = 0; rounds < 6; ++rounds) {
    const auto open = three.branch.conflicts();
    if (open.empty()) {
      break;
    }
    CAPTURE(open.front().headline.zh);
    REQUIRE(open.front().sides.size() > 1);
    REQUIRE(three.branch.sync().resolve(open.front(), 0).has_value());
  }
  three.share();
  three.check_none_open();
}

}  // namespace

TEST_CASE("each of two or three people opens a circle at another place: they are asked again, and not every reference is empty") {
  for (const std::size_t people : {std::size_t{2}, std::size_t{3}}) {
    for (const bool by_hand : {false, true}) {
      CAPTURE(people);
      CAPTURE(by_hand);
      if (by_hand && people == 2) {
        continue;  // to the first of them the other reference is shown empty already, so there is nothing to empty
      }
      Three three;
      three.undoes = true;
      const std::vector<Id> rows{three.make_customer("K-1", "甲"), three.make_customer("K-2", "乙"), three.make_customer("K-3", "丙")};
      three.share();
      TestDevice* const devices[] = {&three.office, &three.tablet, &three.branch};
      for (std::size_t index = 0; index < people; ++index) {
        devices[index]->edit("customer", rows[index], {{"parent", rows[(index + 1) % people]}});
      }
      three.share();
      for (std::size_t index = 0; index < people; ++index) {  // each keeps his own and empties the next one's
        const Id& goes = rows[(index + 1) % people];
        if (by_hand) {
          devices[index]->edit("customer", goes, {{"parent", Value{}}});
        } else {
          const auto open = devices[index]->conflicts();
          REQUIRE(open.size() == 1);
          REQUIRE(devices[index]->sync().resolve(open.front(), side_emptying(open.front(), goes)).has_value());
        }
      }
      three.share();
      const std::int64_t filled = std::ranges::count_if(rows, [&](const Id& row) { return !is_null(three.parent(row)); });
      CHECK(filled == static_cast<std::int64_t>(people) - 1);  // one person's answer stands as a whole meanwhile
      check_open_and_answer(three);
    }
  }
}

TEST_CASE("each of two people keeps his own of two fields that do not fit: they are asked again, and neither field is emptied by both") {
  Three three;
  three.undoes = true;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  three.office.edit("customer", customer,
                    {{"payment_term", "prepaid_then_batch"},
                     {"term_days", std::int64_t{30}},
                     {"term_percent", std::int64_t{3000}},
                     {"term_percent2", std::int64_t{3000}}});
  three.share();
  three.office.edit("customer", customer, {{"term_percent", std::int64_t{6000}}});
  three.tablet.edit("customer", customer, {{"term_percent2", std::int64_t{7000}}});
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet}) {
    const auto open = device->conflicts();
    REQUIRE(open.size() == 1);
    const std::size_t own = open.front().sides.front().authors.front().person_name == (device == &three.office ? "李强" : "王敏") ? 0 : 1;
    REQUIRE(device->sync().resolve(open.front(), own).has_value());
  }
  three.share();
  const Value first = three.office.value("customer", customer, "term_percent"),
              second = three.office.value("customer", customer, "term_percent2");
  CHECK(first == Value{std::int64_t{6000}});
  CHECK(second == Value{std::int64_t{3000}});
  check_open_and_answer(three);
}

TEST_CASE("two people give the same answer about several fields: that is one answer, and nobody is asked") {
  Three three;
  three.undoes = true;
  const Id a = three.make_customer("K-1", "甲"), b = three.make_customer("K-2", "乙");
  three.share();
  three.office.edit("customer", a, {{"parent", b}});
  three.tablet.edit("customer", b, {{"parent", a}});
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet}) {
    const auto open = device->conflicts();
    REQUIRE(open.size() == 1);
    REQUIRE(device->sync().resolve(open.front(), side_emptying(open.front(), a)).has_value());
  }
  three.share();
  three.check_none_open();
  CHECK(is_null(three.parent(a)));
  CHECK(three.parent(b) == Value{a});
}

TEST_CASE(
    "one leaves a customer deleted with the contract that needs it, another brings it back: asked again, and keeping brings the contract "
    "back, too") {
  for (const bool keep : {false, true}) {
    CAPTURE(keep);
    Three firm;
    firm.undoes = true;
    const Id hotel = firm.make_customer("K-2", "长江酒店");
    const Id product = firm.office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    firm.share();
    firm.office.remove("customer", hotel);
    const Id contract = firm.tablet.create("contract", {{"contract_no", "HT-2"}, {"title", "酒店合同"}, {"customer", hotel}}, as_it_is);
    firm.tablet.create("contract_line",
                       {{"contract", contract},
                        {"line_no", std::int64_t{1}},
                        {"product", product},
                        {"qty", std::int64_t{3'000}},
                        {"unit_price", std::int64_t{100'00}}},
                       as_it_is);
    firm.tablet.edit("contract", contract, {{"status", "active"}}, as_it_is);
    firm.share();
    decide(firm.office, true);
    decide(firm.tablet, false);
    firm.share();
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.branch}) {
      REQUIRE(device->conflicts().size() == 1);
      CHECK(device->conflicts().front().kind == ConflictKind::delete_against_edit);
    }
    const Conflict again = firm.branch.conflicts().front();
    const auto keeping = std::ranges::find(again.sides, false, &ConflictSide::removed);
    CHECK(std::ranges::any_of(keeping->effects, [](const Effect& effect) {
      return effect.text.zh.contains("一并恢复合同") && effect.text.zh.contains("¥300.00");
    }));
    decide(firm.branch, !keep);
    firm.share();
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.branch}) {
      CHECK(device->conflicts().empty());
      CHECK(device->store().read(*find_entity("customer"), hotel)->deleted == !keep);
      CHECK(device->store().read(*find_entity("contract"), contract)->deleted == !keep);
      if (keep) {
        CHECK(text_or_empty(device->value("contract", contract, "status")) == "active");
        CHECK(device->value("contract", contract, "total") == Value{std::int64_t{300'00}});
      }
    }
  }
}

TEST_CASE("each of two people keeps another one of two list values with one identifier: asked again, and one is left") {
  Three three;
  three.undoes = true;
  const auto add = [](TestDevice& device) {
    return device.create("dict_item", {{"list", "customer_source"}, {"ident", "hotpot"}, {"zh", "火锅店"}, {"en", "Hotpot"}}, as_it_is);
  };
  const Id first = add(three.office), second = add(three.tablet);
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet}) {
    const auto open = device->conflicts();
    REQUIRE(open.size() == 1);
    REQUIRE(device->sync().resolve(open.front(), side_emptying(open.front(), device == &three.office ? first : second)).has_value());
  }
  three.share();
  CHECK_FALSE(three.branch.conflicts().empty());
  check_open_and_answer(three);
  const auto is_there = [&](const Id& row) { return !three.branch.store().read(*find_entity("dict_item"), row)->deleted; };
  CHECK(is_there(first) != is_there(second));
}

// The office lets the first record keep the number, while somebody gives that one another.
TEST_CASE("who keeps a number is decided one way and answered otherwise in the form: somebody keeps it, or everybody is asked") {
  struct Numbered {
    const char *entity, *field;
  };
  for (const Numbered& what : {Numbered{"contract", "contract_no"}, Numbered{"customer", "code"}}) {
    CAPTURE(what.entity);
    Three three;
    three.undoes = true;
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.share();
    const auto make = [&](TestDevice& device, const char* name) {
      return std::string_view(what.entity) == "customer" ? device.create("customer", {{"code", "HT-1"}, {"name", name}}, as_it_is)
                                                         : device.create("contract", {{"contract_no", "HT-1"}, {"title", name}, {"customer", customer}}, as_it_is);
    };
    const Id spring = make(three.tablet, "春季"), hotel = make(three.branch, "酒店");
    three.share();
    const auto number = [&](TestDevice& device, const Id& row) { return device.text(what.entity, row, what.field); };
    const auto open = three.office.conflicts();
    REQUIRE(open.size() == 1);
    const std::size_t keeps = open.front().sides[0].cells.front().row == spring ? 0 : 1;
    REQUIRE(three.office.sync().resolve(open.front(), keeps).has_value());
    three.tablet.edit(what.entity, spring, {{what.field, "CJ-1"}});
    CHECK(number(three.tablet, spring) == "CJ-1");
    CHECK(number(three.tablet, hotel) == "HT-1");
    three.share();
    for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
      const auto questions = device->conflicts();
      CHECK(std::ranges::any_of(questions, [&](const Conflict& one) { return one.row == hotel; }));
    }
    for (TestDevice* device : {&three.office, &three.tablet}) {
      const auto undone = device->store().undo();
      REQUIRE_FALSE(undone.has_value());
      const std::string_view why = std::string_view(what.entity) == "contract" ? "还没有裁定，请先选定一边"
                                   : device == &three.office                    ? "“酒店”的这个问题，王敏也裁定了"
                                                                                : "“春季”的这个问题，李强也裁定了";
      CHECK_MESSAGE(undone.error().message.zh.find(why) != std::string::npos, undone.error().message.zh);
    }
    if (std::string_view(what.entity) == "contract") {
      const auto asked = three.branch.conflicts();
      REQUIRE(asked.size() == 1);
      const auto of_wang = std::ranges::find_if(asked.front().sides, [](const ConflictSide& side) { return side.authors.front().person_name == "王敏"; });
      REQUIRE(three.branch.sync().resolve(asked.front(), static_cast<std::size_t>(of_wang - asked.front().sides.begin())).has_value());
      three.share();
      CHECK(number(three.office, hotel) == "HT-1");
      CHECK(number(three.office, spring) == "CJ-1");
      three.check_none_open();
    } else {
      check_open_and_answer(three);
      CHECK(number(three.office, spring) == "HT-1");
      CHECK(number(three.office, hotel) == "HT-1-2");
    }
  }
}

TEST_CASE("of one number in three records: who changes one of them has not answered, who changes two leaves it to the third") {
  Three three;
  std::vector<Id> rows;
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    rows.push_back(device->create("customer", {{"code", "K-1"}, {"name", "博海"}}, as_it_is));
  }
  three.share();
  three.tablet.edit("customer", rows[0], {{"code", "K-2"}});
  CHECK(three.tablet.conflicts().size() == 1);
  three.tablet.edit("customer", rows[1], {{"code", "K-3"}});
  CHECK(three.tablet.conflicts().empty());
  three.office.edit("customer", rows[2], {{"code", "K-4"}});
  three.share();
  const auto open = three.branch.conflicts();
  CHECK(std::ranges::any_of(open, [&](const Conflict& one) { return one.kind == ConflictKind::field && one.row == rows[2]; }));
}

}  // namespace kehubu::test
