// Files that are right in form and small, and made so that a walk along what they hold takes a step for every step before it. What a
// walk costs grows with the file. Compared are two sizes in processor time, of which other programs take none.
#include <doctest/doctest.h>

#include <sqlite3.h>

#include <ctime>
#include <functional>
#include <string>

#include "core/store/log.h"
#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

// One device, whose change number n is what `change_of` makes.
std::string file_of(std::int64_t changes, const std::function<void(Change&)>& complete) {
  SampleBundle file;
  file.header.catalog = 1;
  file.header.devices = {numbered_id(1, 1)};
  file.header.since = {0};
  file.header.have = {changes};
  file.header.device = file.header.devices.front();
  file.header.device_name = "很长的平板";
  for (std::int64_t sequence = 1; sequence <= changes; ++sequence) {
    Change change;
    change.version = {0, sequence};
    change.clock = 1'795'000'000'000 + sequence;
    change.action = sequence;
    change.kind = ChangeKind::update;
    change.entity = "customer";
    change.row = numbered_id(2, sequence);
    complete(change);
    file.changes.push_back(std::move(change));
  }
  complete_header(file);
  return write_sample(file);
}

double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Four times as much: in proportion it takes four times as long, and sixteen times where each step repeats those before it.
void check_grows_evenly(const std::function<double(std::int64_t)>& seconds_for, std::int64_t size) {
  const double small = seconds_for(size), large = seconds_for(4 * size);
  MESSAGE(size << ": " << small << " s, " << 4 * size << ": " << large << " s");
  CHECK(large < 8 * small + 0.05);
}

}  // namespace

TEST_CASE("customers in one chain, each part of the one before: merged and previewed in proportion to their number") {
  const auto chain = [](std::int64_t length) {
    return file_of(length, [](Change& change) {
      change.fields.push_back({"name", std::string("客户"), {}});
      if (change.version.sequence > 1) {
        change.fields.push_back({"parent", numbered_id(2, change.version.sequence - 1), {}});
      }
    });
  };
  for (const bool merged : {true, false}) {
    CAPTURE(merged);
    check_grows_evenly(
        [&](std::int64_t length) {
          const std::string file = chain(length);
          TestDevice office{1};
          return seconds_of([&] { merged ? void(office.import(file)) : void(office.preview(file)); });
        },
        200);
  }
}

TEST_CASE("one value written many times by somebody who never knows what he wrote: merged in proportion") {
  check_grows_evenly(
      [](std::int64_t count) {
        const std::string file = file_of(count, [](Change& change) {
          change.row = numbered_id(2, 1);
          change.fields.push_back({"phone", std::to_string(change.version.sequence), {}});
        });
        TestDevice office{1};
        return seconds_of([&] { office.import(file); });
      },
      10'000);
}

TEST_CASE("a decision undone and redone over and over: whose word it is is found in proportion") {
  check_grows_evenly(
      [](std::int64_t count) {
        const std::string file = file_of(count, [](Change& change) {
          const std::int64_t sequence = change.version.sequence;
          change.row = numbered_id(2, 1);
          change.kind = sequence == 1 ? ChangeKind::create : sequence == 2 ? ChangeKind::resolve : sequence % 2 == 1 ? ChangeKind::undo : ChangeKind::redo;
          change.fields.push_back({"settlement_time", std::string(sequence % 2 == 1 ? "甲" : "乙"), {}});
          if (sequence > 1) {
            change.fields.front().replaced = {{0, sequence - 1}};
          }
        });
        TestDevice office{1};
        office.import(file);
        StoreInternals& store = internals(office.store());
        const DeviceNumber number = store.log().find_device(numbered_id(1, 1)).value();
        const std::int64_t last_undo = count - 1 + count % 2;
        return seconds_of([&] { CHECK(store.materialiser().said_by({number, last_undo}, "settlement_time").value() == Version{number, 1}); });
      },
      150);
}

namespace {

// Two devices that wrote one cell of one record `levels` times, each time knowing what both had written and never the same.
std::string disagreement_of(std::int64_t levels, std::string_view entity, const std::function<void(Change&)>& complete) {
  SampleBundle file;
  file.header.catalog = 1;
  file.header.devices = {numbered_id(1, 1), numbered_id(1, 2)};
  file.header.since = {0, 0};
  file.header.have = {levels, levels};
  file.header.device = file.header.devices.front();
  file.header.device_name = "总是不同意的";
  for (const DeviceNumber device : {0, 1}) {
    for (std::int64_t sequence = 1; sequence <= levels; ++sequence) {
      Change change;
      change.version = {device, sequence};
      change.clock = 1'795'000'000'000 + sequence;
      change.action = sequence;
      change.kind = ChangeKind::update;
      change.entity = entity;
      change.row = numbered_id(2, 1);
      complete(change);
      for (FieldChange& field : change.fields) {
        field.replaced = sequence == 1 ? std::vector<Version>() : std::vector<Version>{{0, sequence - 1}, {1, sequence - 1}};
      }
      file.changes.push_back(std::move(change));
    }
  }
  complete_header(file);
  return write_sample(file);
}

// How often what is kept prepared has been run, the reading of a change among it.
std::int64_t runs_of(sqlite3* connection) {
  std::int64_t runs = 0;
  for (sqlite3_stmt* statement = sqlite3_next_stmt(connection, nullptr); statement != nullptr; statement = sqlite3_next_stmt(connection, statement)) {
    runs += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_RUN, 0);
  }
  return runs;
}

// What is read while the question is put together.
std::int64_t reads_to_ask(const std::string& file) {
  TestDevice office{1};
  office.import(file);
  const std::int64_t before = runs_of(office.store().connection());
  CHECK(office.conflicts().size() == 1);
  return runs_of(office.store().connection()) - before;
}

void check_reads_grow_evenly(const std::function<std::string(std::int64_t)>& file_of_levels) {
  const std::int64_t small = reads_to_ask(file_of_levels(50)), large = reads_to_ask(file_of_levels(200));
  MESSAGE("50: " << small << ", 200: " << large);
  CHECK(large < 5 * small);
}

}  // namespace

TEST_CASE("a change that says nothing of a cell replaced nothing there, whoever claims otherwise") {
  TestDevice office{1};
  office.import(file_of(1, [](Change& change) { change.fields.push_back({"name", std::string("客户"), {}}); }));
  StoreInternals& store = internals(office.store());
  const Version only{store.log().find_device(numbered_id(1, 1)).value(), 1};
  CHECK(store.materialiser().heads_before(only, "name").value().empty());
  for (const std::string_view silent : {std::string_view("phone"), deleted_field, document_field}) {
    CAPTURE(silent);
    CHECK(store.materialiser().heads_before(only, silent).value().empty());
  }
}

TEST_CASE("a question that was decided differently over and over: what was before it is found in proportion") {
  check_reads_grow_evenly([](std::int64_t levels) {
    return disagreement_of(levels, "customer", [](Change& change) { change.fields.push_back({"grade", std::string(change.version.device == 0 ? "a" : "b"), {}}); });
  });
}

TEST_CASE("a document that was decided differently over and over: what it was before is found in proportion") {
  check_reads_grow_evenly([](std::int64_t levels) {
    return disagreement_of(levels, "contract", [](Change& change) {
      change.fields.push_back({"#", change.version.sequence, {}});
      change.fields.push_back({"title", std::string(change.version.device == 0 ? "甲" : "乙"), {}});
    });
  });
}

TEST_CASE("many steps at one moment that all undo one decision: whose word each is costs what one of them costs") {
  std::int64_t reads[2] = {};
  for (const std::int64_t count : {100, 400}) {
    const std::string file = file_of(count + 3, [](Change& change) {
      const std::int64_t sequence = change.version.sequence;
      change.row = numbered_id(2, 1);
      change.clock = 1'795'000'000'000 + std::min<std::int64_t>(sequence, 4);
      change.kind = sequence == 1 ? ChangeKind::create : sequence == 2 ? ChangeKind::update : sequence == 3 ? ChangeKind::resolve : ChangeKind::undo;
      change.fields.push_back({"settlement_time", std::string(sequence % 2 == 1 ? "甲" : "乙"), {}});
      if (sequence > 2) {
        change.fields.front().replaced = {{0, 3}};
      }
      if (sequence == 3) {
        change.fields.front().replaced = {{0, 1}, {0, 2}};
      }
    });
    TestDevice office{1};
    StoreInternals& store = internals(office.store());
    const std::int64_t before = store.log().segments_read();  // of the merge, too: what it has found out is remembered
    REQUIRE(office.import(file).refused == 0);
    const auto heads = store.materialiser().heads(*find_entity("customer"), numbered_id(2, 1), "settlement_time").value();
    REQUIRE(heads.size() == static_cast<std::size_t>(count));
    for (const Version head : heads) {
      CHECK(store.materialiser().said_by(head, "settlement_time").value() == head);
    }
    reads[count == 100 ? 0 : 1] = store.log().segments_read() - before;
  }
  MESSAGE(reads[0] << " segments for 100 steps, " << reads[1] << " for 400");
  CHECK(reads[0] > 0);
  CHECK(reads[1] < 8 * reads[0]);
}
