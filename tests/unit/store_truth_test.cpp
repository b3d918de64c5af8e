// verify(): the tables follow from the log, or it says what does not. table_hash(): tables that differ have different ones.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>

#include "core/base/sha256.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

void execute(Store& store, const std::string& sql) {
  REQUIRE(sqlite3_exec(store.connection(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

// Three customers whose ids ascend, and what verify() says after a fault was put into the tables.
struct Fault {
  StoreFixture fixture;
  Id first, second, third;
  Fault() {
    first = make("甲");
    second = make("乙");
    third = make("丙");
    CHECK(fixture.store->verify().value() == "");
  }
  Id make(const char* name) {
    fixture.environment.wall_ms += 1000;
    return fixture.create(catalog::customer, {{"name", name}});
  }
  std::string said_after(const std::string& sql) {
    const std::string hash = fixture.store->table_hash().value();
    execute(*fixture.store, sql);
    CHECK(fixture.store->table_hash().value() != hash);
    return fixture.store->verify().value();
  }
};

}  // namespace

TEST_CASE("a value that the log does not know is noticed, and which record has it") {
  Fault fault;
  CHECK(fault.said_after("UPDATE customer SET grade = 'a' WHERE name = '乙'") == "customer " + fault.second.text());
}

TEST_CASE("a record that is out of sight although it lives is noticed") {
  Fault fault;
  CHECK(fault.said_after("UPDATE customer SET live = 0 WHERE name = '丙'") == "customer " + fault.third.text());
}

TEST_CASE("a lost record is noticed, wherever it stood") {
  for (const char* name : {"甲", "乙", "丙"}) {
    CAPTURE(name);
    Fault fault;
    const Id& lost = name == std::string("甲") ? fault.first : name == std::string("乙") ? fault.second : fault.third;
    CHECK(fault.said_after("DELETE FROM customer WHERE name = '" + std::string(name) + "'") == "customer " + lost.text());
  }
}

TEST_CASE("the last thing of all is noticed when it is lost, and a question that nobody asked") {
  Fault fault;
  CHECK(fault.said_after("INSERT INTO conflict(key, kind, entity, row, detail) VALUES('zzz', 0, 1, x'00', NULL)") == "conflict zzz");
  execute(*fault.fixture.store, "DELETE FROM conflict");
  CHECK(fault.fixture.store->verify().value() == "");
}

TEST_CASE("a chain that does not follow from the log is noticed, and whose it is") {
  Fault fault;
  execute(*fault.fixture.store, "UPDATE device SET chain = zeroblob(32)");
  StoreInternals& internal = internals(*fault.fixture.store);
  REQUIRE(internal.begin());
  internal.rollback();  // reads the log's state anew
  CHECK(fault.fixture.store->verify().value() == "device " + fault.fixture.store->identity().device.text() + ": the chain does not follow from the log");
}

TEST_CASE("the content hash is made as docs/store.md says: of each device its id, its last number and its chain") {
  StoreFixture fixture;
  StoreFixture other(2);
  fixture.create(catalog::customer, {{"name", "甲"}});
  for (int number = 0; number < 300; ++number) {  // a number of two bytes
    REQUIRE(other.write(catalog::customer, other.me, {{"name", std::to_string(number)}}, {.skip_validation = true}));
  }
  carry(*other.store, *fixture.store);
  Log& log = internals(*fixture.store).log();
  std::map<Id, DeviceNumber> numbers;
  for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
    numbers.emplace(log.device_id(number), number);
  }
  REQUIRE(numbers.size() == 2);
  std::string bytes;
  for (const auto& [id, number] : numbers) {
    bytes.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    const std::int64_t last = log.last_sequence(number);
    for (const int shift : {56, 48, 40, 32, 24, 16, 8, 0}) {
      bytes += static_cast<char>(last >> shift);
    }
    bytes.append(reinterpret_cast<const char*>(log.chain(number).data()), log.chain(number).size());
  }
  CHECK(fixture.store->content_hash().value() == hex(sha256(bytes)));
}

}  // namespace kehubu::test
