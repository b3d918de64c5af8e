// History and the past.
#include <doctest/doctest.h>

#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

TEST_CASE("a cell's history is newest first, each entry with what it replaced and who wrote it") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02112345678"}}));
  REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02187654321"}}));
  const auto entries = fixture.store->history(catalog::customer, id, "phone").value();
  REQUIRE(entries.size() == 2);
  CHECK(text_or_empty(entries[0].value) == "02187654321");
  CHECK(text_or_empty(entries[0].before) == "02112345678");
  CHECK(entries[0].head);
  CHECK(!entries[1].head);
  CHECK(is_null(entries[1].before));
  CHECK(entries[0].person_name == "王敏");
  CHECK(entries[0].device_name == "王敏的平板");
  CHECK(entries[0].kind == ChangeKind::update);
  CHECK(fixture.store->history(catalog::customer, id).value().size() > 10);
}

TEST_CASE("a record and a list as they were") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "c"}});
  const std::int64_t then = fixture.environment.wall_ms;
  fixture.environment.wall_ms += 1000;
  REQUIRE(fixture.write(catalog::customer, id, {{"grade", "a"}}));
  const Id later = fixture.create(catalog::customer, {{"name", "恒通超市"}});
  CHECK(text_or_empty(fixture.store->read_as_of(catalog::customer, id, then).value().value("grade")) == "c");
  CHECK(fixture.store->read_as_of(catalog::customer, later, then).error().kind == ErrorKind::not_found);
  CHECK(fixture.store->list_as_of(catalog::customer, then).value().size() == 1);
  CHECK(fixture.store->list_as_of(catalog::customer, fixture.environment.wall_ms).value().size() == 2);
  REQUIRE(fixture.remove(catalog::customer, id));
  CHECK(fixture.store->list_as_of(catalog::customer, fixture.environment.wall_ms).value().size() == 1);
  CHECK(fixture.store->list_as_of(catalog::customer, then).value().size() == 1);
}

TEST_CASE("what a slow clock wrote upon a record stood there no earlier than the record") {
  TestDevice office(1, "总部"), slow(2, "王敏的平板");
  const std::int64_t day = 24LL * 60 * 60 * 1000;
  const Id id = office.create("customer", {{"name", std::string("博海餐饮")}, {"grade", std::string("c")}}, {.skip_validation = true});
  const std::int64_t made = office.environment().now;
  slow.environment().skew = -10 * day;
  slow.import(office.export_all());
  slow.edit("customer", id, {{"grade", std::string("a")}});
  office.import(slow.export_all());
  REQUIRE(office.text("customer", id, "grade") == "a");
  CHECK(office.store().read_as_of(catalog::customer, id, made - 5 * day).error().kind == ErrorKind::not_found);
  CHECK(text_or_empty(office.store().read_as_of(catalog::customer, id, made + day).value().value("grade")) == "a");
}

TEST_CASE("the clock never runs backwards and does not follow one that is far ahead") {
  StoreFixture fixture;
  StoreFixture ahead(2);
  ahead.environment.wall_ms += 3600'000;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const std::int64_t first = fixture.store->history(catalog::customer, id, "name").value()[0].clock;
  fixture.environment.wall_ms -= 60'000;
  REQUIRE(fixture.write(catalog::customer, id, {{"name", "博海酒店"}}));
  CHECK(fixture.store->history(catalog::customer, id, "name").value()[0].clock >= first);
  ahead.create(catalog::customer, {{"name", "恒通"}});
  carry(*ahead.store, *fixture.store);
  REQUIRE(fixture.write(catalog::customer, id, {{"name", "博海饭店"}}));
  CHECK(fixture.store->history(catalog::customer, id, "name").value()[0].clock < ahead.environment.wall_ms);
}

}  // namespace kehubu::test
