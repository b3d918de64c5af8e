// The sample company: believable, whole, and gone with one undo.
#include "core/sample/sample.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>

#include "core/base/date.h"
#include "core/catalog/areas.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct EmptyStore {
  EmptyStore() { store = std::move(open_store({.path = ":memory:"}, environment).value()); }
  std::int64_t count(const Entity& entity) { return store->count({.entity = &entity}).value(); }
  TestEnvironment environment;
  std::unique_ptr<Store> store;
};

std::set<std::string> values_of(Store& store, const Entity& entity, std::string_view field) {
  std::set<std::string> values;
  for (const std::int64_t row : store.list({.entity = &entity}).value()) {
    values.insert(text_or_empty(store.read_row(entity, row)->value(field)));
  }
  return values;
}

}  // namespace

TEST_CASE("the sample company is written in either language, and undone whole") {
  for (const bool chinese : {true, false}) {
    EmptyStore empty;
    const Status written = write_sample_data(*empty.store, empty.environment, chinese);
    REQUIRE_MESSAGE(written, (written ? std::string() : written.error().message.zh));
    CHECK(empty.count(catalog::customer) == 40);
    CHECK(empty.count(catalog::contact) >= 45);
    const std::int64_t interactions = empty.count(catalog::interaction);
    CHECK(interactions >= 120);
    CHECK(interactions <= 190);
    CHECK(empty.count(catalog::contract) == 8);
    CHECK(values_of(*empty.store, catalog::opportunity, "stage").size() == 8);
    CHECK(sample_person(*empty.store).has_value());
    CHECK(values_of(*empty.store, catalog::employee, "name").contains(chinese ? "王敏" : "Wang Min"));
    CHECK(empty.store->verify().value().empty());
    CHECK_FALSE(write_sample_data(*empty.store, empty.environment, chinese));

    REQUIRE(empty.store->undo());
    CHECK(empty.count(catalog::customer) == 0);
    CHECK(empty.count(catalog::interaction) == 0);
    CHECK(empty.count(catalog::employee) == 0);
    CHECK_FALSE(sample_person(*empty.store).has_value());
  }
}

TEST_CASE("the sample's interactions are told fully and stand in working hours") {
  EmptyStore empty;
  REQUIRE(write_sample_data(*empty.store, empty.environment, true));
  std::int64_t planned = 0;
  std::set<std::string> told;
  for (const std::int64_t row : empty.store->list({.entity = &catalog::interaction}).value()) {
    const Record record = empty.store->read_row(catalog::interaction, row).value();
    const bool done = text_or_empty(record.value("status")) == "done";
    const std::string& content = text_or_empty(record.value("content"));
    CHECK_FALSE(content.contains('{'));
    CHECK(done == !content.empty());
    const std::int64_t at = integer_or(record.value(done ? "occurred_at" : "planned_at"), 0);
    CHECK((at < empty.environment.wall_ms) == (done || at < empty.environment.wall_ms));
    CHECK(weekday(local_date(at)) <= 5);
    planned += done ? 0 : 1;
    told.insert(content);
  }
  CHECK(planned >= 20);
  CHECK(told.size() > 100);  // nearly every one of them is different
}

TEST_CASE("the same instant gives the same company") {
  EmptyStore first;
  EmptyStore second;
  REQUIRE(write_sample_data(*first.store, first.environment, true));
  REQUIRE(write_sample_data(*second.store, second.environment, true));
  CHECK(first.store->table_hash().value() == second.store->table_hash().value());
}

TEST_CASE("the sample company has lived for a year, written down by several people, and no record is older than what it tells") {
  EmptyStore empty;
  REQUIRE(write_sample_data(*empty.store, empty.environment, true));
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  const std::int64_t now = empty.environment.wall_ms;
  const auto customers_at = [&](std::int64_t days) { return empty.store->list_as_of(catalog::customer, now - days * day_ms).value().size(); };
  CHECK(customers_at(430) == 0);
  CHECK(customers_at(300) > 0);
  CHECK(customers_at(300) < customers_at(150));
  CHECK(customers_at(150) < customers_at(2));
  CHECK(customers_at(0) == 40);

  std::set<std::string> writers;
  for (const std::int64_t row : empty.store->list({.entity = &catalog::interaction}).value()) {
    const Record record = empty.store->read_row(catalog::interaction, row).value();
    const HistoryEntry first = empty.store->history(catalog::interaction, record.id).value().back();
    CHECK(first.kind == ChangeKind::sample);
    CHECK(first.clock <= now);
    if (text_or_empty(record.value("status")) == "done") {
      CHECK(first.clock >= std::min(integer_or(record.value("occurred_at"), 0), now - day_ms));
    }
    const Record customer = empty.store->read(catalog::customer, id_or_empty(record.value("customer"))).value();
    CHECK(empty.store->history(catalog::customer, customer.id).value().back().clock <= first.clock);
    CHECK(text_or_empty(customer.value("filed_on")) <= iso_date(local_date(first.clock)));
    writers.insert(first.person_name);
  }
  CHECK(writers.size() >= 3);
}

}  // namespace kehubu::test
