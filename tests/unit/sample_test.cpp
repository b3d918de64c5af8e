// The sample company: believable, whole, and with a year behind it.
#include "core/sample/sample.h"

#include <doctest/doctest.h>

#include <map>
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

TEST_CASE("the sample company is written in either language, whole, and is nobody's to undo") {
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

    CHECK_FALSE(empty.store->undo());
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
    CHECK(first.kind == ChangeKind::create);
    const HistoryEntry last = empty.store->history(catalog::interaction, record.id).value().front();
    CHECK(last.clock <= now);
    if (text_or_empty(record.value("status")) == "done") {
      CHECK(last.clock >= std::min(integer_or(record.value("occurred_at"), 0), now - day_ms));
    }
    const Record customer = empty.store->read(catalog::customer, id_or_empty(record.value("customer"))).value();
    CHECK(empty.store->history(catalog::customer, customer.id).value().back().clock <= first.clock);
    CHECK(text_or_empty(customer.value("filed_on")) <= iso_date(local_date(first.clock)));
    writers.insert(first.person_name);
  }
  CHECK(writers.size() >= 3);
}

TEST_CASE("F19: over the year the sample's records were changed more than once, by several people on several devices, and the past shows it") {
  EmptyStore empty;
  REQUIRE(write_sample_data(*empty.store, empty.environment, true));
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  const std::int64_t now = empty.environment.wall_ms;
  std::set<Id> devices;
  std::set<std::string> people;
  std::set<std::pair<Id, std::int64_t>> actions;
  std::int64_t imported = 0;
  // How many records of an entity were written at how many different times.
  const auto changed_at_least = [&](const Entity& entity, std::size_t times) {
    std::int64_t records = 0;
    for (const std::int64_t row : empty.store->list({.entity = &entity}).value()) {
      const auto history = empty.store->history(entity, empty.store->read_row(entity, row)->id).value();
      std::set<std::int64_t> moments;
      for (const HistoryEntry& entry : history) {
        moments.insert(entry.clock);
        devices.insert(entry.device);
        people.insert(entry.person_name);
        actions.emplace(entry.device, entry.action);
        CHECK_FALSE(entry.person_name.empty());
        CHECK((entry.device == empty.store->identity().device) == (entry.person_name == "王敏"));
      }
      records += moments.size() >= times ? 1 : 0;
      imported += history.back().kind == ChangeKind::import ? 1 : 0;
    }
    return records;
  };
  CHECK(changed_at_least(catalog::customer, 3) >= 25);
  CHECK(changed_at_least(catalog::opportunity, 4) >= 10);
  CHECK(changed_at_least(catalog::contract, 3) >= 6);
  CHECK(changed_at_least(catalog::interaction, 2) >= 30);
  CHECK(changed_at_least(catalog::product, 2) >= 5);
  CHECK(changed_at_least(catalog::contact, 2) >= 10);
  CHECK(imported >= 20);
  CHECK(devices.size() == 4);
  CHECK(people.size() >= 5);
  CHECK(actions.size() >= 300);

  // A deal on its way, and a contract that was approved, as they were then.
  const auto values_then = [&](const Entity& entity, std::string_view field, std::int64_t days) {
    std::map<std::string, int> values;
    for (const Record& record : empty.store->list_as_of(entity, now - days * day_ms).value()) {
      ++values[text_or_empty(record.value(field))];
    }
    return values;
  };
  CHECK(values_then(catalog::opportunity, "stage", 100)["won"] == 0);
  CHECK(values_then(catalog::opportunity, "stage", 0)["won"] == 3);
  CHECK(values_then(catalog::contract, "status", 0)["active"] == 5);
  CHECK(values_then(catalog::contract, "status", 62)["active"] < 5);
}

}  // namespace kehubu::test
