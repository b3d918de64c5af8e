// What derived values will be, before anything is written: drafts are rehearsed and nothing of it stays.
#include "core/store/rehearsal.h"

#include <doctest/doctest.h>

#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct Stage : StoreFixture {
  std::pair<Id, Id> made = make_contract();  // 120 × 35.50
  Id contract = made.first, line = made.second;
  Database database{store->connection()};
  std::deque<Draft> drafts;

  Draft& draft_of(const Entity& entity, const Id& row, const GivenFields& fields, bool is_new = false) {
    Draft& draft = drafts.emplace_back();
    draft.entity = &entity;
    draft.row = row;
    draft.is_new = is_new;
    draft.revision = 1;
    for (const auto& [name, given] : fields) {
      draft.cells.push_back({entity.find(name), given.value});
    }
    return draft;
  }
  Result<Value> foresee(Rehearsal& rehearsal, const Entity& entity, const Id& row, std::string_view field) {
    return rehearsal.value(entity, row, *entity.find(field), drafts);
  }
  const Tables& tables() { return internals(*store).materialiser().tables(); }
};

}  // namespace

TEST_CASE("a derived value is as it will be, also where only the lines below change, and nothing of it stays") {
  Stage stage;
  const std::string before = stage.store->table_hash().value();
  const Id product = id_or_empty(stage.read(catalog::contract_line, stage.line).value("product"));
  {
    Rehearsal rehearsal(stage.database, stage.tables(), false);
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{426'000}));
    Draft& changed = stage.draft_of(catalog::contract_line, stage.line, {{"qty", 10'000}});
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{35'500}));
    const Id second = new_id(stage.environment);
    stage.draft_of(catalog::contract_line, second, {{"contract", stage.contract}, {"product", product}, {"qty", 1000}, {"unit_price", 100}}, true);
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{35'600}));
    CHECK(stage.foresee(rehearsal, catalog::contract_line, second, "amount") == Value(std::int64_t{100}));
    // A draft that changes after it was asked about is seen as it is now.
    changed.cells.front().value = std::int64_t{20'000};
    ++changed.revision;
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{71'100}));
    changed.remove = true;
    ++changed.revision;
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{100}));
    CHECK(is_null(stage.foresee(rehearsal, catalog::contract, new_id(stage.environment), "total").value()));
  }
  CHECK(stage.store->table_hash().value() == before);
  CHECK(stage.store->verify().value() == "");
  CHECK(stage.read(catalog::contract, stage.contract).value("total") == Value(std::int64_t{426'000}));
}

TEST_CASE("within a transaction that goes on, a rehearsal takes back its own writes only") {
  Stage stage;
  StoreInternals& inner = internals(*stage.store);
  REQUIRE(inner.begin());
  REQUIRE(stage.database.execute("UPDATE customer SET remark = 'kept'"));
  {
    Rehearsal rehearsal(stage.database, stage.tables(), true);
    stage.draft_of(catalog::contract_line, stage.line, {{"qty", 10'000}});
    CHECK(stage.foresee(rehearsal, catalog::contract, stage.contract, "total") == Value(std::int64_t{35'500}));
  }
  Statement& select = stage.database.statement("SELECT remark FROM customer");
  REQUIRE(select.row());
  CHECK(select.text(0) == "kept");
  select.reset();
  inner.rollback();
}

TEST_CASE("what a rule cannot be told is an error and never nothing") {
  Stage stage;
  Rehearsal rehearsal(stage.database, stage.tables(), false);
  REQUIRE(stage.database.execute("DROP VIEW " + stage.tables().of(catalog::contract).view));
  const auto value = stage.foresee(rehearsal, catalog::contract, stage.contract, "total");
  REQUIRE(!value);
  CHECK(value.error().kind == ErrorKind::storage);
}

}  // namespace kehubu::test
