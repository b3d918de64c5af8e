// The Materialiser: the tables are a pure function of the set of changes, whatever the order and the parcels in which
// they arrive. Random offices of several devices, documents, deletions, resolutions and undoing included.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/base/sha256.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct Office {
  explicit Office(std::uint64_t seed, std::size_t device_count) : dice(seed) {
    for (std::size_t index = 0; index < device_count; ++index) {
      environments.push_back(std::make_unique<TestEnvironment>(seed * 100 + index));
      environments.back()->wall_ms += static_cast<std::int64_t>(below(100'000'000));  // clocks disagree
      stores.push_back(open_store({.path = ":memory:"}, *environments.back()).value());
      REQUIRE(stores.back()->set_identity({.letter = std::string(1, static_cast<char>('A' + index % 2))}));
    }
  }

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(dice() % limit); }
  Id any(const std::vector<Id>& ids) { return ids[below(ids.size())]; }

  // Refused writes are part of life: a duplicate number, a document that waits, a record that is referred to.
  bool write(std::size_t device, const Entity& entity, const Id& row, const GivenFields& fields) {
    const Edit edit = edit_of(entity, row, fields);
    return store(device).write({&edit, 1}).has_value();
  }
  Store& store(std::size_t device) { return *stores[device]; }

  void act(std::size_t device) {
    environments[device]->wall_ms += static_cast<std::int64_t>(below(10'000));
    switch (below(14)) {
      case 0: {
        const Id id = new_id(*environments[device]);
        if (write(device, catalog::customer, id, {{"name", "客户" + std::to_string(below(50))}, {"owner", id}}) ||
            store(device).write(std::vector{edit_of(catalog::customer, id, {{"name", "甲"}, {"code", "C" + std::to_string(below(6))}})}, {.skip_validation = true})) {
          customers.push_back(id);
        }
        break;
      }
      case 1: {
        const Id id = new_id(*environments[device]);
        if (!customers.empty() && write(device, catalog::contact, id, {{"customer", any(customers)}, {"name", "张三"}})) {
          contacts.push_back(id);
        }
        break;
      }
      case 2: {
        const Id contract = new_id(*environments[device]);
        const Id line = new_id(*environments[device]);
        const std::vector edits{edit_of(catalog::contract, contract, {{"title", "供货"}, {"contract_no", "N" + std::to_string(below(40))}}),
                                edit_of(catalog::contract_line, line, {{"contract", contract}, {"line_no", 1}, {"qty", 1000}})};
        if (store(device).write(edits, {.skip_validation = true})) {
          contracts.push_back(contract);
          lines.emplace_back(contract, line);
        }
        break;
      }
      case 3: case 4: case 5:
        if (!customers.empty()) {
          const char* grades[] = {"a", "b", "c", "d", ""};
          write(device, catalog::customer, any(customers), {{"grade", grades[below(5)]}, {"phone", std::to_string(13800000000 + static_cast<std::int64_t>(below(99)))}});
        }
        break;
      case 6:
        if (!contacts.empty()) {
          write(device, catalog::contact, any(contacts), {{"is_primary", static_cast<int>(below(2))}, {"title", std::to_string(below(9))}});
        }
        break;
      case 7: case 8:
        if (!contracts.empty()) {
          const char* states[] = {"draft", "pending_approval", "completed"};
          write(device, catalog::contract, any(contracts), {{"status", states[below(2)]}, {"remark", std::to_string(below(9))}});
        }
        break;
      case 9:
        if (!lines.empty()) {
          const auto& [contract, line] = lines[below(lines.size())];
          write(device, catalog::contract_line, line, {{"qty", static_cast<int>(1000 * (1 + below(9)))}});
        }
        break;
      case 10:
        if (!contracts.empty()) {
          const Id contract = any(contracts);
          const Id line = new_id(*environments[device]);
          if (store(device).write(std::vector{edit_of(catalog::contract_line, line, {{"contract", contract}, {"line_no", static_cast<int>(below(9))}})}, {.skip_validation = true})) {
            lines.emplace_back(contract, line);
          }
        }
        break;
      case 11:
        remove_something(device);
        break;
      case 12:
        (void)(below(2) == 0 ? store(device).undo() : store(device).redo());
        break;
      case 13:
        settle_something(device);
        break;
    }
  }

  void remove_something(std::size_t device) {
    Edit edit;
    switch (below(4)) {
      case 0: if (!customers.empty()) edit = {.entity = &catalog::customer, .row = any(customers)}; break;
      case 1: if (!contacts.empty()) edit = {.entity = &catalog::contact, .row = any(contacts)}; break;
      case 2: if (!contracts.empty()) edit = {.entity = &catalog::contract, .row = any(contracts)}; break;
      case 3: if (!lines.empty()) edit = {.entity = &catalog::contract_line, .row = lines[below(lines.size())].second}; break;
    }
    if (edit.entity != nullptr && store(device).read(*edit.entity, edit.row)) {
      (below(3) == 0 ? edit.restore : edit.remove) = true;
      (void)store(device).write({&edit, 1});
    }
  }

  void settle_something(std::size_t device) {
    for (const Id& contract : contracts) {
      Materialiser& materialiser = internals(store(device)).materialiser();
      const auto heads = materialiser.heads(catalog::contract, contract, document_field);
      if (heads && heads->size() > 1) {
        const auto edits = materialiser.document_resolution(catalog::contract, contract, (*heads)[below(heads->size())]);
        REQUIRE(edits);
        REQUIRE(store(device).write(*edits, {.kind = ChangeKind::resolve, .skip_validation = true, .side_of_document = true}));
        CHECK(materialiser.heads(catalog::contract, contract, document_field).value().size() == 1);
        return;
      }
    }
  }

  std::mt19937_64 dice;
  std::vector<std::unique_ptr<TestEnvironment>> environments;
  std::vector<std::unique_ptr<Store>> stores;
  std::vector<Id> customers, contacts, contracts;
  std::vector<std::pair<Id, Id>> lines;
};

void live_and_compare(std::uint64_t seed) {
  CAPTURE(seed);
  Office office(seed, 2 + seed % 4);
  std::vector<std::pair<std::size_t, KnownSequences>> moments;  // of a device: what it knew
  for (int step = 0; step < 120; ++step) {
    const std::size_t device = office.below(office.stores.size());
    if (office.below(6) == 0) {
      const std::size_t other = office.below(office.stores.size());
      if (other != device) {
        carry(office.store(device), office.store(other));
        moments.emplace_back(other, known_by(office.store(other)));
      }
    } else {
      office.act(device);
      if (office.below(8) == 0) {
        moments.emplace_back(device, known_by(office.store(device)));
      }
    }
  }
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::size_t device = 1; device < office.stores.size(); ++device) {
      carry(office.store(device), office.store(0));
      carry(office.store(0), office.store(device));
    }
  }
  const std::string content = office.store(0).content_hash().value();
  const std::string tables = office.store(0).table_hash().value();
  for (const auto& store : office.stores) {
    CHECK(store->content_hash().value() == content);
    CHECK(store->table_hash().value() == tables);
    CHECK(store->verify().value() == "");
  }
  for (int order = 0; order < 3; ++order) {
    std::ranges::shuffle(moments, office.dice);
    TestEnvironment environment(seed + 7);
    auto latecomer = open_store({.path = ":memory:"}, environment).value();
    for (const auto& [device, known] : moments) {
      carry(office.store(device), *latecomer, known);
    }
    carry(office.store(0), *latecomer);
    CHECK(latecomer->content_hash().value() == content);
    CHECK(latecomer->table_hash().value() == tables);
  }
}

}  // namespace

TEST_CASE("any order and any parcels give the same tables") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    live_and_compare(seed);
  }
}

TEST_CASE("any order and any parcels, at length" * doctest::skip()) {
  for (std::uint64_t seed = 1000; seed < 3000; ++seed) {
    live_and_compare(seed);
  }
}

TEST_CASE("concurrent notes take the later clock, concurrent grades wait for a person") {
  Office office(5, 2);
  office.environments[1]->wall_ms = office.environments[0]->wall_ms + 365LL * 24 * 3600 * 1000;  // a year ahead
  const Id id = new_id(*office.environments[0]);
  REQUIRE(office.store(0).write(std::vector{edit_of(catalog::customer, id, {{"name", "博海餐饮"}, {"grade", "c"}, {"phone", "1"}})}, {.skip_validation = true}));
  carry(office.store(0), office.store(1));
  REQUIRE(office.store(0).write(std::vector{edit_of(catalog::customer, id, {{"grade", "a"}, {"phone", "2"}})}, {.skip_validation = true}));
  REQUIRE(office.store(1).write(std::vector{edit_of(catalog::customer, id, {{"grade", "b"}, {"phone", "3"}})}, {.skip_validation = true}));
  const MaterialiseStatistics statistics = carry(office.store(1), office.store(0));
  CHECK(statistics.conflicts_opened == 1);
  CHECK(statistics.superseded == 1);
  const Record record = office.store(0).read(catalog::customer, id).value();
  CHECK(record.in_conflict);
  CHECK(text_or_empty(record.value("phone")) == "3");
  // The clock wins nothing here: the device that was enrolled first stands.
  CHECK(text_or_empty(record.value("grade")) == (office.store(0).identity().device < office.store(1).identity().device ? "a" : "b"));
  REQUIRE(office.store(0).write(std::vector{edit_of(catalog::customer, id, {{"grade", "d"}})}, {.kind = ChangeKind::resolve, .skip_validation = true}));
  CHECK(!office.store(0).read(catalog::customer, id).value().in_conflict);
  CHECK(carry(office.store(0), office.store(1)).conflicts_opened == 0);
  CHECK(office.store(1).table_hash().value() == office.store(0).table_hash().value());
}

TEST_CASE("a delete against an edit loses nothing") {
  Office office(6, 2);
  const Id id = new_id(*office.environments[0]);
  REQUIRE(office.write(0, catalog::product, id, {{"code", "P1"}, {"name", "瓜子"}, {"category", "jelly"}, {"unit", "箱"}, {"list_price", 100}}));
  carry(office.store(0), office.store(1));
  REQUIRE(office.store(0).write(std::vector<Edit>{{.entity = &catalog::product, .row = id, .remove = true}}));
  REQUIRE(office.write(1, catalog::product, id, {{"list_price", 120}}));
  carry(office.store(1), office.store(0));
  const Record record = office.store(0).read(catalog::product, id).value();
  CHECK(!record.deleted);
  CHECK(record.in_conflict);
  CHECK(integer_or(record.value("list_price"), 0) == 120);
}

TEST_CASE("a deleted record that a living one refers to stays visible") {
  Office office(7, 2);
  const Id customer = new_id(*office.environments[0]);
  REQUIRE(office.store(0).write(std::vector{edit_of(catalog::customer, customer, {{"name", "博海餐饮"}})}, {.skip_validation = true}));
  carry(office.store(0), office.store(1));
  REQUIRE(office.store(0).write(std::vector<Edit>{{.entity = &catalog::customer, .row = customer, .remove = true}}));
  const Id contact = new_id(*office.environments[1]);
  REQUIRE(office.write(1, catalog::contact, contact, {{"customer", customer}, {"name", "张三"}}));
  carry(office.store(1), office.store(0));
  CHECK(!office.store(0).read(catalog::customer, customer).value().deleted);
  CHECK(office.store(0).read(catalog::customer, customer).value().in_conflict);
  REQUIRE(office.store(0).write(std::vector<Edit>{{.entity = &catalog::contact, .row = contact, .remove = true}}));
  CHECK(office.store(0).read(catalog::customer, customer).value().deleted);
}

TEST_CASE("the same number given twice: both live, flagged, until one changes") {
  Office office(8, 2);
  const Id ours = new_id(*office.environments[0]);
  const Id theirs = new_id(*office.environments[1]);
  const WriteOptions plain{.skip_validation = true};
  REQUIRE(office.store(0).write(std::vector{edit_of(catalog::customer, ours, {{"name", "甲"}, {"code", "K-1"}})}, plain));
  REQUIRE(office.store(1).write(std::vector{edit_of(catalog::customer, theirs, {{"name", "乙"}, {"code", "K-1"}})}, plain));
  CHECK(carry(office.store(1), office.store(0)).conflicts_opened == 1);
  CHECK(office.store(0).read(catalog::customer, ours).value().in_conflict);
  CHECK(office.store(0).read(catalog::customer, theirs).value().in_conflict);
  REQUIRE(office.write(0, catalog::customer, theirs, {{"code", "K-2"}}));
  CHECK(!office.store(0).read(catalog::customer, ours).value().in_conflict);
  CHECK(office.store(0).verify().value() == "");
}

}  // namespace kehubu::test
