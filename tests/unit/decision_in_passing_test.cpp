// Whoever edits what is disputed answers the question: that is recorded as a decision, and told to those whose values lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/clerk_and_rep.h"

namespace kehubu::test {
namespace {

std::vector<std::pair<std::string, ChangeKind>> newest(TestDevice& device, const Id& row, std::string_view entity = "customer") {
  std::vector<std::pair<std::string, ChangeKind>> fields;
  const auto entries = device.store().history(*find_entity(entity), row).value();
  for (const HistoryEntry& entry : entries) {
    const bool follows = entry.field == "mnemonic";  // the rules make it of the name, with the first edit that they see
    if (!follows && entry.action == entries.front().action && entry.device == entries.front().device) {
      fields.emplace_back(entry.field, entry.kind);
    }
  }
  std::ranges::sort(fields);
  return fields;
}

}  // namespace

TEST_CASE("an ordinary edit of a disputed field is recorded and told as a decision, and the rest of the edit is not") {
  for (const ChangeKind kind : {ChangeKind::update, ChangeKind::import}) {
    CAPTURE(static_cast<int>(kind));
    ClerkAndRep pair;
    pair.differ_about_grade();
    TestDevice third{3, "周宁的平板"};
    third.import({pair.clerk.export_all(), pair.rep.export_all()});
    REQUIRE(third.conflicts().size() == 1);
    const Entity& customers = *find_entity("customer");
    const Edit edit{.entity = &customers, .row = pair.customer, .fields = {{customers.find("grade"), std::string("c")}, {customers.find("phone"), std::string("0755-88888888")}}};
    const auto written = third.store().write({&edit, 1}, {.kind = kind});
    REQUIRE_MESSAGE(written.has_value(), written.error().message.zh);
    CHECK(std::ranges::any_of(written->hints, [](const Sentence& hint) { return hint.zh.contains("客户级别有不同的值在等待裁定，这次保存就是裁定"); }));
    CHECK(third.conflicts().empty());
    CHECK(newest(third, pair.customer) == std::vector<std::pair<std::string, ChangeKind>>{{"grade", ChangeKind::resolve}, {"phone", kind}});
    pair.clerk.import(third.export_all());
    pair.rep.import(third.export_all());
    for (TestDevice* loser : {&pair.clerk, &pair.rep}) {
      const auto concerns = loser->sync().concerns().value();
      REQUIRE(concerns.size() == 1);
      CHECK_MESSAGE(concerns[0].text.zh.contains("裁定：客户“博海餐饮”的客户级别定为“C级”"), concerns[0].text.zh);
      CHECK_FALSE(concerns[0].text.zh.contains("0755"));
    }
    REQUIRE(third.store().undo().has_value());
    CHECK(third.conflicts().size() == 1);
    CHECK(third.text("customer", pair.customer, "phone") == "0755-1");
    exchange({&pair.clerk, &pair.rep, &third});
    CHECK(pair.rep.conflicts().size() == 1);
    CHECK(pair.clerk.store().verify().value().empty());
  }
}

TEST_CASE("an edit that says nothing about the question leaves it open, and is no decision") {
  ClerkAndRep pair;
  pair.differ_about_grade();
  exchange({&pair.clerk, &pair.rep});
  pair.clerk.edit("customer", pair.customer, {{"phone", "0755-2"}}, {});
  CHECK(pair.clerk.conflicts().size() == 1);
  CHECK(newest(pair.clerk, pair.customer) == std::vector<std::pair<std::string, ChangeKind>>{{"phone", ChangeKind::update}});
}

TEST_CASE("giving one of two records with the same number another one is a decision, too") {
  ClerkAndRep pair;
  TestDevice third{3, "周宁的平板"};
  const Id other = pair.rep.create("customer", {{"code", "K-9"}, {"name", "长江酒店"}}, as_it_is);
  pair.clerk.create("customer", {{"code", "K-9"}, {"name", "珠江酒店"}}, as_it_is);
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  REQUIRE(third.conflicts().size() == 1);
  third.edit("customer", other, {{"code", "K-10"}}, {});
  CHECK(third.conflicts().empty());
  pair.rep.import(third.export_all());
  const auto concerns = pair.rep.sync().concerns().value();
  REQUIRE(concerns.size() == 1);
  CHECK_MESSAGE(concerns[0].text.zh.contains("定为“K-10”（您写的是“K-9”"), concerns[0].text.zh);
}

TEST_CASE("breaking a circle, or making fields fit, by an ordinary edit is a decision; of other fields it is none") {
  ClerkAndRep pair;
  TestDevice third{3, "周宁的平板"};
  const Id other = pair.clerk.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  exchange({&pair.clerk, &pair.rep});
  pair.clerk.edit("customer", pair.customer, {{"parent", other}, {"coop_start", "2026-05-01"}});
  pair.rep.edit("customer", other, {{"parent", pair.customer}});
  pair.rep.edit("customer", pair.customer, {{"coop_end", "2026-03-01"}});
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  REQUIRE(third.conflicts().size() == 2);
  using Written = std::vector<std::pair<std::string, ChangeKind>>;
  third.edit("customer", pair.customer, {{"phone", "0755-7"}, {"parent", Value{}}});
  CHECK(newest(third, pair.customer) == Written{{"parent", ChangeKind::resolve}, {"phone", ChangeKind::update}});
  CHECK(id_or_empty(third.value("customer", other, "parent")) == pair.customer);
  REQUIRE(third.conflicts().size() == 1);
  third.edit("customer", pair.customer, {{"phone", "0755-8"}, {"coop_end", "2026-06-01"}});
  CHECK(newest(third, pair.customer) == Written{{"coop_end", ChangeKind::resolve}, {"coop_start", ChangeKind::resolve}, {"phone", ChangeKind::update}});
  CHECK(third.conflicts().empty());
}

TEST_CASE("a unit under which two of one name stand is not what is asked about: renaming it is no decision") {
  ClerkAndRep pair;
  TestDevice third{3, "周宁的平板"};
  const Id unit = pair.clerk.create("org_unit", {{"code", "D1"}, {"name", "总公司"}, {"kind", "branch"}}, as_it_is);
  exchange({&pair.clerk, &pair.rep});
  pair.clerk.create("org_unit", {{"code", "D2"}, {"name", "华东区"}, {"parent", unit}}, as_it_is);
  pair.rep.create("org_unit", {{"code", "D3"}, {"name", "华东区"}, {"parent", unit}}, as_it_is);
  pair.clerk.edit("org_unit", unit, {{"kind", "department"}});
  pair.rep.edit("org_unit", unit, {{"kind", "store"}});
  third.import({pair.clerk.export_all(), pair.rep.export_all()});
  REQUIRE(third.conflicts().size() == 2);
  third.edit("org_unit", unit, {{"name", "集团"}});
  CHECK(newest(third, unit, "org_unit") == std::vector<std::pair<std::string, ChangeKind>>{{"name", ChangeKind::update}});
  CHECK(third.conflicts().size() == 2);
}

TEST_CASE("a step back or forth that answers what waits for a decision says so") {
  ClerkAndRep pair;
  const Id made = pair.clerk.create("customer", {{"code", "K-9"}, {"name", "长江酒店"}}, as_it_is);
  exchange({&pair.clerk, &pair.rep});
  REQUIRE(pair.clerk.store().undo().has_value());
  pair.rep.edit("customer", made, {{"phone", "0755-9"}}, as_it_is);
  pair.clerk.import(pair.rep.export_all());
  REQUIRE(pair.clerk.conflicts().size() == 1);
  const auto redone = pair.clerk.store().redo();
  REQUIRE_MESSAGE(redone.has_value(), redone.error().message.zh);
  CHECK(pair.clerk.conflicts().empty());
  CHECK_MESSAGE(redone->zh.contains("有 1 个冲突原来等您决定，这一步就是裁定"), redone->zh);
  CHECK_MESSAGE(redone->en.contains("1 conflict waited for your decision"), redone->en);
}

namespace {

// An import that makes a customer and answers the question about another one's grade.
struct AnsweringImport : ClerkAndRep {
  Id fresh;

  explicit AnsweringImport(bool answer_is_first) : fresh(new_id(clerk.environment())) {
    differ_about_grade();
    exchange({&clerk, &rep});
    const Entity& customers = *find_entity("customer");
    std::vector<Edit> edits{{.entity = &customers, .row = customer, .fields = {{customers.find("grade"), std::string("c")}}},
                            {.entity = &customers, .row = fresh, .fields = {{customers.find("code"), std::string("K-9")}, {customers.find("name"), std::string("长江酒店")}}}};
    answer_is_first ? void() : std::swap(edits[0], edits[1]);
    REQUIRE(clerk.store().write(edits, {.kind = ChangeKind::import, .skip_validation = true}).has_value());
  }
};

}  // namespace

TEST_CASE("an import that answers a question is undone like any other: what others need by now is not deleted, wherever in it the answer stood") {
  for (const bool answer_is_first : {true, false}) {
    CAPTURE(answer_is_first);
    AnsweringImport pair{answer_is_first};
    REQUIRE(pair.clerk.conflicts().empty());
    exchange({&pair.clerk, &pair.rep});
    pair.rep.create("contract", {{"contract_no", "HT-9"}, {"title", "酒店合同"}, {"customer", pair.fresh}, {"status", "draft"}}, as_it_is);
    pair.clerk.import(pair.rep.export_all());
    const std::string before = pair.clerk.table_hash();
    const auto undone = pair.clerk.store().undo();
    REQUIRE_FALSE(undone.has_value());
    CHECK_MESSAGE(undone.error().message.zh.contains("仍有 1 个合同"), undone.error().message.zh);
    CHECK(pair.clerk.table_hash() == before);
  }
}

TEST_CASE("an import that answers a question and is needed by nobody is undone, and says that the question is open again, wherever in it the answer stood") {
  for (const bool answer_is_first : {true, false}) {
    CAPTURE(answer_is_first);
    AnsweringImport pair{answer_is_first};
    const auto undone = pair.clerk.store().undo();
    REQUIRE_MESSAGE(undone.has_value(), (undone ? std::string() : undone.error().message.zh));
    CHECK_MESSAGE(undone->zh.contains("这个问题重新等您决定"), undone->zh);
    CHECK(pair.clerk.conflicts().size() == 1);
    CHECK(pair.clerk.store().read(*find_entity("customer"), pair.fresh)->deleted);
    const auto again = pair.clerk.store().redo();
    REQUIRE_MESSAGE(again.has_value(), (again ? std::string() : again.error().message.zh));
    CHECK(pair.clerk.conflicts().empty());
    CHECK_FALSE(pair.clerk.store().read(*find_entity("customer"), pair.fresh)->deleted);
  }
}

}  // namespace kehubu::test
