// What this program does not understand, and what it understands after an upgrade.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>

#include "core/base/sha256.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"
#include "tests/support/temporary_file.h"

namespace kehubu::test {
namespace {

void execute(Store& store, const char* sql) {
  REQUIRE(sqlite3_exec(store.connection(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

}  // namespace

TEST_CASE("unknown entities, fields and kinds are kept in the log and change no table") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const std::string before = fixture.store->table_hash().value();
  StoreInternals& store = internals(*fixture.store);
  const Id other_device = new_id(fixture.environment);
  const DeviceNumber device = store.log().device_number(other_device);
  const auto change = [&](std::int64_t sequence, std::string entity, const Id& row, std::string field, ChangeKind kind) {
    Change made;
    made.version = {device, sequence};
    made.clock = fixture.environment.wall_ms;
    made.action = sequence;
    made.kind = kind;
    made.entity = std::move(entity);
    made.row = row;
    made.fields.push_back({std::move(field), std::string("红"), {}});
    return made;
  };
  const std::vector<Change> changes{change(1, "something_newer", new_id(fixture.environment), "colour", ChangeKind::create),
                                    change(2, "customer", customer, "x_colour", ChangeKind::update),
                                    change(3, "customer", customer, "remark", static_cast<ChangeKind>(200))};
  REQUIRE(store.begin());
  REQUIRE(store.log().append(changes));
  const auto statistics = store.materialiser().apply(changes);
  REQUIRE(statistics);
  REQUIRE(store.commit());
  CHECK(statistics->parked == 3);
  CHECK(fixture.store->table_hash().value() == before);
  CHECK(store.log().last_sequence(device) == 3);
  CHECK(static_cast<int>(store.log().read({device, 3}).value().kind) == 200);
  CHECK(fixture.store->verify().value() == "");
  CHECK(store.materialiser().heads(catalog::customer, customer, "x_colour").value().size() == 1);
  // A deletion knows of the unknown field, too, and so is no conflict.
  REQUIRE(fixture.remove(catalog::customer, customer));
  CHECK(fixture.read(catalog::customer, customer).deleted);
}

TEST_CASE("a column or a table that a newer program adds is filled from the log") {
  const TemporaryFile file("upgrade.db");
  Id customer, contact;
  std::string tables;
  {
    StoreFixture fixture(1, file.path);
    customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"remark", "老客户"}});
    contact = fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}});
    tables = fixture.store->table_hash().value();
    // As if an older program had written the file, which knew neither.
    execute(*fixture.store, "DROP VIEW temp.view_customer; ALTER TABLE customer DROP COLUMN remark; DROP TABLE contact;");
  }
  TestEnvironment environment(2);
  auto store = open_store({.path = file.path}, environment);
  REQUIRE_MESSAGE(store, (store ? std::string() : store.error().message.zh));
  CHECK((*store)->table_hash().value() == tables);
  CHECK(text_or_empty((*store)->read(catalog::customer, customer).value().value("remark")) == "老客户");
  CHECK((*store)->title(catalog::contact, contact) == "张三");
}

TEST_CASE("a file of a newer schema is refused with a sentence and left alone") {
  const TemporaryFile file("newer.db");
  {
    StoreFixture fixture(1, file.path);
    execute(*fixture.store, "UPDATE meta SET value = 99 WHERE key = 'schema_version'");
  }
  TestEnvironment environment(2);
  const auto refused = open_store({.path = file.path}, environment);
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::unsupported);
  CHECK(refused.error().message.zh == "这个数据库由更新版本的客户簿写成，请先更新程序。您的数据没有改动。");
}

TEST_CASE("a damaged log is told, never believed") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  execute(*fixture.store, "UPDATE log SET entries = substr(entries, 1, length(entries) - 3) WHERE key = (SELECT max(key) FROM log)");
  const auto history = fixture.store->history(catalog::customer, customer, "name");
  REQUIRE(!history);
  CHECK(history.error().kind == ErrorKind::corrupt);
}

TEST_CASE("a gap in a device's changes is refused and nothing of it stays") {
  StoreFixture fixture;
  StoreInternals& store = internals(*fixture.store);
  const std::string before = fixture.store->content_hash().value();
  Change change;
  change.version = {store.log().device_number(new_id(fixture.environment)), 2};
  change.action = 2;
  change.entity = "customer";
  change.row = new_id(fixture.environment);
  REQUIRE(store.begin());
  CHECK(store.log().append({&change, 1}).error().kind == ErrorKind::corrupt);
  store.rollback();
  CHECK(fixture.store->content_hash().value() == before);
  CHECK(fixture.store->write(std::vector{edit_of(catalog::customer, change.row, {{"name", "恒通"}})}));
}

TEST_CASE("the canonical form and the chain, byte for byte") {
  StoreFixture fixture;
  StoreInternals& store = internals(*fixture.store);
  const Id device = Id::parse("AZqcvSAAcACAAAAAAAAAAQ").value();
  const Id row = Id::parse("AZqcvSAAcACAAAAAAAAAAg").value();
  Change change;
  change.version = {store.log().device_number(device), 3};
  change.clock = 1795140000000;
  change.action = 2;
  change.kind = ChangeKind::update;
  change.entity = "customer";
  change.row = row;
  change.fields = {{"name", std::string("博\"海\\\n\x01"), {{change.version.device, 1}, {store.log().device_number(row), 7}}},
                   {"owner", row, {}},
                   {"term_days", std::int64_t{30}, {}},
                   {"website", Value(), {}}};
  std::string bytes;
  store.log().append_canonical(bytes, change);
  const auto text_of = [](const Id& id) { return hex(id.bytes); };
  const std::string nobody(32, '0');
  CHECK(hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())) ==
        "80e4f4eabe68" "02" "01" + nobody + "08637573746f6d6572" + text_of(row) + "04"
        "046e616d65" "020ae58d9a22e6b5b75c0a01" "02" "0001" "01" + text_of(row) + "07"
        "056f776e6572" "03" + text_of(row) + "00"
        "097465726d5f64617973" "013c" "00"
        "0777656273697465" "00" "00");
  const Digest first = Log::first_chain(device);
  CHECK(first[0] == device.bytes[0]);
  CHECK(first[16] == 0);
  // Made by tests/data/bundles/check.py, which knows nothing of this program.
  CHECK(hex(Log::next_chain(first, bytes)) == "2162979ccc2a1d428b7fd136de49986fb6c578d75a1c32f17d3d3a258016a152");
}

TEST_CASE("a file of schema 1 gets its chains anew, and the hash is that of a device that never had another") {
  const TemporaryFile file("schema_1.db");
  std::string hash;
  {
    StoreFixture fixture(1, file.path);
    fixture.create(catalog::customer, {{"name", "博海餐饮"}});
    hash = fixture.store->content_hash().value();
    execute(*fixture.store, "UPDATE meta SET value = 1 WHERE key = 'schema_version'; UPDATE device SET chain = zeroblob(32);");
  }
  TestEnvironment environment(2);
  auto store = open_store({.path = file.path}, environment);
  REQUIRE_MESSAGE(store, (store ? std::string() : store.error().message.zh));
  CHECK((*store)->content_hash().value() == hash);
  CHECK((*store)->verify().value() == "");
}

}  // namespace kehubu::test
