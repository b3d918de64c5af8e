// Two programs on one file, when nothing kept the second one out: what is remembered is never written over what it did.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdio>
#include <string>

#include "core/catalog/areas.h"
#include "core/store/log.h"
#include "tests/support/store_fixture.h"
#include "tests/support/temporary_file.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

std::unique_ptr<Store> open_second(const std::string& path, Environment& environment) {
  auto opened = open_store({.path = path, .create = false}, environment);
  REQUIRE(opened);
  return std::move(*opened);
}

// As if another device's bundle had been imported: a device that the other program has not heard of.
Status append_of_a_new_device(Store& store, std::uint64_t seed) {
  TestEnvironment environment{seed};
  StoreInternals& inner = internals(store);
  KEHUBU_TRY(inner.begin());
  const DeviceNumber number = inner.log().device_number(new_id(environment));
  Change change;
  change.version = {number, 1};
  change.action = 1;
  change.clock = environment.now_ms();
  change.entity = "customer";
  change.row = new_id(environment);
  change.fields.push_back({"name", Value(std::string("甲")), {}});
  if (Status appended = inner.log().append({&change, 1}); !appended) {
    inner.rollback();
    return appended;
  }
  const auto applied = inner.materialiser().apply({&change, 1});
  if (!applied) {
    inner.rollback();
    return std::unexpected(applied.error());
  }
  return inner.commit();
}

}  // namespace

TEST_CASE("what another program wrote meanwhile is noticed inside the transaction: refused once, then read anew") {
  const TemporaryFile file{"two_programs.db"};
  StoreFixture first{1, file.path};
  const Id customer = first.create(catalog::customer, {{"name", "博海餐饮"}});
  TestEnvironment environment{2};
  const auto second = open_second(file.path, environment);

  REQUIRE(append_of_a_new_device(*second, 77));
  const auto stale = first.write(catalog::customer, customer, {{"phone", "13800001111"}});
  REQUIRE_FALSE(stale);
  CHECK(stale.error().kind == ErrorKind::conflict);
  CHECK(stale.error().message.zh.find("另一个程序") != std::string::npos);
  REQUIRE(first.write(catalog::customer, customer, {{"phone", "13800001111"}}));
  CHECK(first.store->count({.entity = &catalog::customer}).value() == 2);

  const auto stale_undo = second->undo();
  REQUIRE_FALSE(stale_undo);
  REQUIRE(append_of_a_new_device(*second, 78));
  CHECK_FALSE(first.store->undo());
  CHECK(first.store->undo());
  CHECK(first.store->verify().value() == "");
  CHECK(first.store->content_hash().value() != second->content_hash().value());  // it has not looked since
  CHECK_FALSE(append_of_a_new_device(*second, 79));
  CHECK(first.store->content_hash().value() == second->content_hash().value());
  CHECK(first.store->table_hash().value() == second->table_hash().value());
}

TEST_CASE("who uses the device, as another program has set it meanwhile, is not remembered wrongly") {
  const TemporaryFile file{"two_programs_identity.db"};
  StoreFixture first{1, file.path};
  TestEnvironment environment{2};
  const auto second = open_second(file.path, environment);
  REQUIRE(second->set_identity({.letter = "C", .name = "总部", .person = first.me}));
  CHECK_FALSE(first.write(catalog::customer, new_id(first.environment), {{"name", "甲"}}));
  CHECK(first.store->identity().letter == "C");
  CHECK(first.store->identity().name == "总部");
}

TEST_CASE("a device is never written over another one that has its number") {
  StoreFixture fixture;
  StoreInternals& inner = internals(*fixture.store);
  REQUIRE(inner.begin());
  TestEnvironment environment{5};
  static_cast<void>(inner.log().device_number(new_id(environment)));
  char* problem = nullptr;
  REQUIRE(sqlite3_exec(inner.connection(),
                       "INSERT INTO device SELECT max(number) + 1, x'0123456789abcdef0123456789abcdef', '', NULL, 0, 0, x'' FROM device",
                       nullptr, nullptr, &problem) == SQLITE_OK);
  const Status flushed = inner.log().flush();
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().kind == ErrorKind::conflict);
  inner.rollback();
}

TEST_CASE("SQLite's own words never reach people: full, read-only, in use, not ours") {
  StoreFixture fixture;
  sqlite3* connection = fixture.store->connection();
  SUBCASE("full") {
    REQUIRE(sqlite3_exec(connection, "PRAGMA max_page_count = 1", nullptr, nullptr, nullptr) == SQLITE_OK);  // SQLite makes it the present size
    Error error;
    for (int attempt = 0; attempt < 2000 && error.message.zh.empty(); ++attempt) {
      const auto written = fixture.write(catalog::customer, new_id(fixture.environment), {{"name", "甲" + std::to_string(attempt)}, {"remark", std::string(900, 'x')}});
      error = written ? Error{} : written.error();
    }
    CHECK(error.kind == ErrorKind::storage);
    CHECK(error.message.zh == "存储空间已满，这一步没有保存。请腾出空间再试。");
    CHECK(error.message.en == "There is no space left; this step was not saved. Free some and try again.");
    CHECK(fixture.store->verify().value() == "");
  }
  SUBCASE("read-only") {
    REQUIRE(sqlite3_exec(connection, "PRAGMA query_only = 1", nullptr, nullptr, nullptr) == SQLITE_OK);
    const auto written = fixture.write(catalog::customer, new_id(fixture.environment), {{"name", "甲"}});
    REQUIRE_FALSE(written);
    CHECK(written.error().message.zh.starts_with("数据库是只读的"));
  }
  SUBCASE("in use") {
    const TemporaryFile file{"in_use.db"};
    StoreFixture first{1, file.path};
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(file.path.c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    const auto written = first.write(catalog::customer, new_id(first.environment), {{"name", "甲"}});
    sqlite3_close(other);
    REQUIRE_FALSE(written);
    CHECK(written.error().message.zh.starts_with("数据库正被另一个程序使用"));
    CHECK(first.write(catalog::customer, new_id(first.environment), {{"name", "甲"}}));
  }
  SUBCASE("not ours") {
    const TemporaryFile file{"not_ours.db"};
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(file.path.c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "CREATE TABLE meta(a)", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
    for (const bool create : {false, true}) {
      const auto opened = open_store({.path = file.path, .create = create}, fixture.environment);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().kind == ErrorKind::unsupported);
    }
  }
}
