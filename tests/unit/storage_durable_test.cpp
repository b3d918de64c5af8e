// DurableStore over the fake storage: what opening finds, saving, handing over, the second copy, tidying.
#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "core/store/storage_format.h"
#include "tests/support/storage_tab.h"

using namespace kehubu;

namespace {

// A world in which a history of so many steps has been saved.
void save_history(FakeWorld& world, int steps, bool with_copy = false) {
  StorageTab tab(world);
  REQUIRE(tab.open().has_value());
  tab.open_database();
  REQUIRE(begin_history(tab));
  for (int step = 1; step <= steps; ++step) {
    REQUIRE(history_step(tab, step));
    REQUIRE(tab.settle());
  }
  if (with_copy) {
    bool copied = false;
    tab.store.write_second_copy([&](Status status) { copied = status.has_value(); });
    REQUIRE(world.run_until([&] { return copied; }));
  }
}

// A store as one file: the meta record, then the records, each with its size before it as 32 bits, little-endian.
void write_disk(const FakeDisk& disk, const char* path) {
  std::ofstream file(path, std::ios::binary);
  const auto put = [&file](const Bytes& bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    file.write(reinterpret_cast<const char*>(&size), sizeof(size));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
  };
  put(*disk.meta);
  for (const auto& [number, record] : disk.records) {
    put(record);
  }
}

FakeDisk read_disk(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  FakeDisk disk;
  std::int64_t count = 0;
  for (std::size_t at = 0; at + 4 <= all.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, &all[at], sizeof(size));
    const auto start = all.begin() + static_cast<std::ptrdiff_t>(at + 4);
    const Bytes bytes(start, start + static_cast<std::ptrdiff_t>(size));
    if (count == 0) {
      disk.meta = bytes;
    } else {
      disk.records[count] = bytes;
    }
    ++count;
    at += 4 + size;
  }
  return disk;
}

int saved_state(FakeWorld& world, std::string& problem) {
  StorageTab tab(world, 2);
  if (tab.open() != OpenOutcome::loaded) {
    problem = "not loaded: " + tab.store.health().message.en;
    return -1;
  }
  tab.open_database();
  return history_state(tab, problem);
}

}  // namespace

TEST_CASE("first run, then loaded, with everything that was saved") {
  FakeWorld world;
  {
    StorageTab tab(world);
    CHECK(tab.open() == OpenOutcome::first_run);
    CHECK(tab.store.health().state == DurableState::saved);
    CHECK(tab.store.health().message.zh.empty());
  }
  save_history(world, 25);
  std::string problem;
  CHECK(saved_state(world, problem) == 25);
  CHECK(problem == "");
}

TEST_CASE("golden: a store that version 1 wrote opens for ever") {
  constexpr const char* path = "tests/data/storage/version1.store";
  if (std::getenv("KEHUBU_WRITE_GOLDEN_STORE") != nullptr) {  // once per version of the format
    FakeWorld world;
    save_history(world, 4);
    write_disk(world.disk, path);
  }
  FakeWorld world;
  world.disk = read_disk(path);
  REQUIRE(world.disk.meta.has_value());
  std::string problem;
  CHECK(saved_state(world, problem) == 4);
  CHECK(problem == "");
}

TEST_CASE("saved is said when it is durable, not before; commits that come meanwhile share a transaction") {
  FakeWorld world;
  world.latency_ms = 5;
  StorageTab tab(world);
  REQUIRE(tab.open() == OpenOutcome::first_run);
  tab.open_database();
  REQUIRE(begin_history(tab));
  REQUIRE(tab.settle());
  const int commits_before = tab.storage.commits_done();
  bool durable = false;
  for (int step = 1; step <= 1000; ++step) {
    REQUIRE(history_step(tab, step));
  }
  CHECK(tab.store.health().state == DurableState::saving);
  CHECK(tab.storage.warns_before_unload());
  tab.store.wait_durable(tab.image.commit_number(), [&](Status status) { durable = status.has_value(); });
  CHECK_FALSE(durable);
  REQUIRE(tab.settle());
  CHECK(durable);
  CHECK(tab.storage.commits_done() - commits_before == 2);
  CHECK(tab.store.health().state == DurableState::saved);
  CHECK_FALSE(tab.storage.warns_before_unload());
  bool at_once = false;
  tab.store.wait_durable(1, [&](Status) { at_once = true; });
  CHECK(at_once);
}

TEST_CASE("a small commit writes little, whatever the size of the image") {
  FakeWorld world;
  StorageTab tab(world);
  REQUIRE(tab.open() == OpenOutcome::first_run);
  tab.open_database();
  REQUIRE(tab.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000)"
                  " INSERT INTO t SELECT i, hex(randomblob(1000)) FROM n"));
  REQUIRE(tab.settle());
  const auto before = world.disk.records;
  CHECK(world.disk.record_bytes_total() < tab.store.health().image_bytes * 102 / 100 + 60000);
  REQUIRE(tab.run("UPDATE t SET a = 'x' WHERE id = 1500"));
  REQUIRE(tab.settle());
  std::size_t written = 0;
  for (const auto& [number, record] : world.disk.records) {
    written += before.contains(number) ? 0 : record.size();
  }
  CHECK(written <= record_bytes(3));
}

TEST_CASE("sparse records are tidied in idle moments, and garbage is bounded") {
  FakeWorld world;
  world.disk.has_copies = false;
  {
    StorageTab tab(world);
    REQUIRE(tab.open() == OpenOutcome::first_run);
    tab.open_database();
    REQUIRE(tab.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                    " INSERT INTO t SELECT i, zeroblob(1000) FROM n"));
    for (int edit = 0; edit < 2000; ++edit) {
      REQUIRE(tab.run("UPDATE t SET a = zeroblob(1000 - 1) || x'" + std::string(edit % 2 ? "01" : "02") + "' WHERE id = " +
                      std::to_string(1 + edit * 7919 % 2000)));
      REQUIRE(tab.settle());
    }
    const std::int64_t image_bytes = tab.store.health().image_bytes;
    CHECK(world.disk.record_bytes_total() < 3 * image_bytes + 16 * 1024 * 1024);
    world.run_for(60000);
    CHECK(world.disk.record_bytes_total() < 2 * image_bytes + 4 * 1024 * 1024);
    CHECK(world.disk.records.size() <= 64 + 32 + static_cast<std::size_t>(image_bytes / page_bytes / pages_per_record + 1) * 3 / 2);
    CHECK(world.idle());  // no timer is left
    REQUIRE(tab.run("DELETE FROM t WHERE id > 50; PRAGMA incremental_vacuum"));
    REQUIRE(tab.settle());
    world.run_for(60000);
    CHECK(world.disk.record_bytes_total() < 4 * 1024 * 1024);
  }
  StorageTab tab(world, 2);
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  CHECK(tab.value("PRAGMA integrity_check") == "ok");
  CHECK(tab.value("SELECT count(*) FROM t") == "50");
}

TEST_CASE("an empty store is new, wiped or recovered: never taken for new by mistake") {
  FakeWorld world;
  const auto wipe = [&] {
    world.disk.meta.reset();
    world.disk.records.clear();
  };
  std::string problem;
  SUBCASE("with a sentinel: wiped, and it stays so until something is saved") {
    save_history(world, 12);
    wipe();
    for (int visit = 0; visit < 2; ++visit) {
      StorageTab tab(world, 2);
      CHECK(tab.open() == OpenOutcome::wiped);
      CHECK(tab.store.health().state == DurableState::lost);
      CHECK(tab.store.health().message.en == "This browser has wiped your data. Import the last bundle that you exported.");
      world.run_for(30000);
    }
    {
      StorageTab tab(world, 3);
      CHECK(tab.open() == OpenOutcome::wiped);
      tab.open_database();
      REQUIRE(begin_history(tab));
      REQUIRE(tab.settle());
      CHECK(tab.store.health().state == DurableState::saved);
    }
    // Data of its own does not hide the loss; only a person ends the matter.
    {
      StorageTab tab(world, 4);
      CHECK(tab.open() == OpenOutcome::loaded);
      CHECK(tab.store.health().message.en.find("wiped") != std::string::npos);
      tab.store.acknowledge();
      CHECK(tab.store.health().message.en == "");
    }
    StorageTab tab(world, 5);
    CHECK(tab.open() == OpenOutcome::loaded);
    CHECK(tab.store.health().message.en == "");
  }
  SUBCASE("with a second copy: recovered, and saved again at once") {
    save_history(world, 12, true);
    wipe();
    StorageTab tab(world, 2);
    CHECK(tab.open() == OpenOutcome::recovered);
    tab.open_database();
    CHECK(history_state(tab, problem) == 12);
    CHECK_FALSE(tab.store.health().message.zh.empty());
    REQUIRE(tab.settle());
    REQUIRE(history_step(tab, 13));
    REQUIRE(tab.settle());
    tab.storage.crash();
    CHECK(saved_state(world, problem) == 13);
  }
  SUBCASE("with a second copy of which one file is damaged: the other") {
    {
      save_history(world, 5, true);
      StorageTab tab(world, 2);
      REQUIRE(tab.open() == OpenOutcome::loaded);
      tab.open_database();
      REQUIRE(history_step(tab, 6));
      REQUIRE(tab.settle());
      tab.store.write_second_copy([](Status) {});
      world.run_for(1000);
    }
    wipe();
    REQUIRE(world.disk.copies[0].has_value());
    REQUIRE(world.disk.copies[1].has_value());
    (*world.disk.copies[1])[5000] ^= 1;
    StorageTab tab(world, 3);
    CHECK(tab.open() == OpenOutcome::recovered);
    tab.open_database();
    CHECK(history_state(tab, problem) == 5);
  }
  SUBCASE("the sentinel alone is gone: loaded, and it is written again") {
    save_history(world, 3);
    world.disk.sentinel.clear();
    CHECK(saved_state(world, problem) == 3);
    CHECK_FALSE(world.disk.sentinel.empty());
  }
}

TEST_CASE("damage is found, and never shown as data") {
  FakeWorld world;
  std::string problem;
  const auto damage_newest = [&] { world.disk.records.rbegin()->second[3000] ^= 1; };
  SUBCASE("without a second copy") {
    save_history(world, 8);
    damage_newest();
    StorageTab tab(world, 2);
    CHECK(tab.open() == OpenOutcome::damaged);
    CHECK(tab.image.page_count() == 0);
    CHECK(world.disk.records.size() > 1);  // what is there stays for an expert until something new is saved
    tab.open_database();
    REQUIRE(begin_history(tab));
    REQUIRE(tab.settle());
    tab.storage.crash();
    CHECK(saved_state(world, problem) == 0);
  }
  SUBCASE("with one") {
    save_history(world, 8, true);
    damage_newest();
    StorageTab tab(world, 2);
    CHECK(tab.open() == OpenOutcome::recovered);
    tab.open_database();
    CHECK(history_state(tab, problem) == 8);
  }
  SUBCASE("the newest record is missing, an older one would take its place") {
    save_history(world, 8);
    world.disk.records.erase(std::prev(world.disk.records.end()));
    StorageTab tab(world, 2);
    CHECK(tab.open() == OpenOutcome::damaged);
  }
  SUBCASE("the meta record") {
    save_history(world, 8, true);
    (*world.disk.meta)[60] ^= 4;
    StorageTab tab(world, 2);
    CHECK(tab.open() == OpenOutcome::recovered);
    REQUIRE(tab.settle());
    tab.storage.crash();
    CHECK(saved_state(world, problem) == 8);
  }
  SUBCASE("a dead record does no harm") {
    save_history(world, 30);
    world.disk.records.at(2)[100] ^= 1;  // of the second commit: everything in it was written again
    CHECK(saved_state(world, problem) == 30);
  }
  SUBCASE("the store is an older one than the sentinel knows, and so is the copy") {
    save_history(world, 4);
    const FakeDisk old = world.disk;
    {
      StorageTab tab(world, 2);
      REQUIRE(tab.open() == OpenOutcome::loaded);
      tab.open_database();
      REQUIRE(history_step(tab, 5));
      REQUIRE(tab.settle());
      tab.storage.hide_page();  // the sentinel is written at most every 10 s, and then
      world.run_for(10);
    }
    world.disk.meta = old.meta;
    world.disk.records = old.records;
    StorageTab tab(world, 3);
    CHECK(tab.open() == OpenOutcome::loaded);
    CHECK_FALSE(tab.store.health().message.en.empty());
  }
  SUBCASE("the store is an older one, and the copy is newer") {
    save_history(world, 4);
    const FakeDisk old = world.disk;
    {
      StorageTab tab(world, 2);
      REQUIRE(tab.open() == OpenOutcome::loaded);
      tab.open_database();
      REQUIRE(history_step(tab, 5));
      REQUIRE(tab.settle());
      tab.storage.hide_page();  // the sentinel is written at most every 10 s, and then
      world.run_for(10);
      tab.store.write_second_copy([](Status) {});
      world.run_for(1000);
    }
    world.disk.meta = old.meta;
    world.disk.records = old.records;
    StorageTab tab(world, 3);
    CHECK(tab.open() == OpenOutcome::recovered);
    tab.open_database();
    CHECK(history_state(tab, problem) == 5);
  }
}

TEST_CASE("a store of a newer version is left alone") {
  FakeWorld world;
  save_history(world, 3);
  (*world.disk.meta)[7] = '2';
  const FakeDisk before = world.disk;
  StorageTab tab(world, 2);
  CHECK(tab.open() == OpenOutcome::newer_version);
  tab.open_database();
  REQUIRE(tab.run("CREATE TABLE t(a)"));
  bool refused = false;
  tab.store.wait_durable(tab.image.commit_number(), [&](Status status) { refused = !status.has_value(); });
  world.run_for(60000);
  CHECK(refused);
  CHECK(tab.store.health().state == DurableState::lost);
  CHECK(world.disk.meta == before.meta);
  CHECK(world.disk.records == before.records);
}

TEST_CASE("no storage at all: said, and nothing pretends to be saved") {
  FakeWorld world;
  StorageTab tab(world);
  tab.storage.inject([](FakeOperation operation, int) {
    return operation == FakeOperation::connect ? FakeFault::unavailable : FakeFault::none;
  });
  CHECK(tab.open() == OpenOutcome::unavailable);
  CHECK(tab.store.health().state == DurableState::lost);
  CHECK_FALSE(tab.store.health().message.zh.empty());
}

TEST_CASE("a full disk: its own sentence, nothing lost, saved as soon as there is room") {
  FakeWorld world;
  world.disk.has_copies = false;
  save_history(world, 20);
  StorageTab tab(world, 2);
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  world.disk.capacity_bytes = 10;
  REQUIRE(history_step(tab, 21));
  world.run_for(60000);
  CHECK(tab.store.health().state == DurableState::unsaved_error);
  CHECK(tab.store.health().message.zh.find("存储空间已满") != std::string::npos);
  CHECK(tab.store.health().unsaved());
  CHECK(tab.store.health().failed_attempts >= 4);
  CHECK(tab.storage.warns_before_unload());
  REQUIRE(history_step(tab, 22));
  world.disk.capacity_bytes = INT64_MAX;
  tab.store.request_flush();
  REQUIRE(tab.settle(1000));
  CHECK(tab.store.health().state == DurableState::saved);
  tab.storage.crash();
  std::string problem;
  CHECK(saved_state(world, problem) == 22);
}

TEST_CASE("two tabs: the second says so, takes over politely, and nothing is lost") {
  FakeWorld world;
  auto first = std::make_unique<StorageTab>(world);
  REQUIRE(first->open() == OpenOutcome::first_run);
  first->open_database();
  REQUIRE(begin_history(*first));
  REQUIRE(history_step(*first, 1));

  StorageTab second(world, 2);
  CHECK(second.open() == OpenOutcome::busy_elsewhere);
  CHECK(second.store.health().state == DurableState::read_only);
  std::string problem;
  SUBCASE("by taking over") {
    REQUIRE(history_step(*first, 2));
    second.store.take_over();
    REQUIRE(world.run_until([&] { return second.outcomes.size() == 2; }));
    CHECK(second.outcomes[1] == OpenOutcome::loaded);
    second.open_database();
    CHECK(history_state(second, problem) == 2);
    CHECK(first->store.health().state == DurableState::read_only);
    CHECK_FALSE(first->store.health().unsaved());
    REQUIRE(history_step(*first, 3));
    Status refused;
    first->store.wait_durable(first->image.commit_number(), [&](Status status) { refused = status; });
    REQUIRE(history_step(second, 3));
    REQUIRE(second.settle());
    CHECK_FALSE(refused.has_value());
  }
  SUBCASE("when the first closes") {
    REQUIRE(first->settle());
    first.reset();
    REQUIRE(world.run_until([&] { return second.outcomes.size() == 2; }));
    CHECK(second.outcomes[1] == OpenOutcome::loaded);
  }
  SUBCASE("by force, when the first is frozen; it finds out when it wakes") {
    REQUIRE(first->settle());
    first->storage.set_frozen(true);
    REQUIRE(history_step(*first, 2));  // what it still manages to submit is answered to nobody, but may happen
    second.store.take_over();
    REQUIRE(world.run_until([&] { return second.outcomes.size() == 2; }));
    CHECK(second.outcomes[1] == OpenOutcome::loaded);
    second.open_database();
    const int state = history_state(second, problem);
    CHECK(state >= 1);
    REQUIRE(history_step(second, state + 1));
    REQUIRE(second.settle());
  }
  SUBCASE("the lock fails in the field: the epoch alone keeps the first from writing") {
    REQUIRE(first->settle());
    second.storage.crash();
    StorageTab third(world, 3);
    third.storage.inject([](FakeOperation operation, int) {
      return operation == FakeOperation::acquire_lock ? FakeFault::silence : FakeFault::none;
    });
    CHECK(third.open() == OpenOutcome::loaded);
    third.open_database();
    REQUIRE(history_step(third, 2));
    REQUIRE(third.settle());
    const auto records = world.disk.records;
    REQUIRE(history_step(*first, 2));
    world.run_for(1000);
    CHECK(first->store.health().state == DurableState::read_only);
    CHECK(first->store.health().unsaved());
    CHECK(first->store.health().message.en.find("not saved") != std::string::npos);
    CHECK(world.disk.records == records);
  }
}

TEST_CASE("the browser deletes the store under an open page: it is written again from memory") {
  FakeWorld world;
  save_history(world, 6);
  StorageTab tab(world, 2);
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  world.disk.meta.reset();
  world.disk.records.clear();
  tab.storage.close_connection();
  world.run_for(1000);
  REQUIRE(history_step(tab, 7));
  REQUIRE(tab.settle());
  CHECK(tab.store.health().state == DurableState::saved);
  tab.storage.crash();
  std::string problem;
  CHECK(saved_state(world, problem) == 7);
}

TEST_CASE("a connection that closes in an idle moment is opened again when it is needed") {
  FakeWorld world;
  save_history(world, 2);
  StorageTab tab(world, 2);
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  world.run_for(5000);  // the log has been renewed
  tab.storage.close_connection();
  world.run_for(1000);
  CHECK(tab.store.health().state == DurableState::saved);
  REQUIRE(history_step(tab, 3));
  REQUIRE(tab.settle(1000));
  CHECK(tab.store.health().failed_attempts == 0);
}

TEST_CASE("erasing leaves nothing, and the next visit is the first") {
  FakeWorld world;
  save_history(world, 3, true);
  {
    StorageTab tab(world, 2);
    REQUIRE(tab.open() == OpenOutcome::loaded);
    tab.open_database();
    REQUIRE(history_step(tab, 4));  // still under way
    bool erased = false;
    tab.store.erase_all([&](Status status) { erased = status.has_value(); });
    REQUIRE(world.run_until([&] { return erased; }));
    REQUIRE(history_step(tab, 5));
    tab.storage.hide_page();
    world.run_for(600000);
    CHECK(tab.store.health().state == DurableState::lost);
    CHECK_FALSE(tab.storage.warns_before_unload());
  }
  CHECK_FALSE(world.disk.meta.has_value());
  CHECK(world.disk.sentinel.empty());
  StorageTab tab(world, 3);
  CHECK(tab.open() == OpenOutcome::first_run);
}

TEST_CASE("the second copy is written by itself after a while, again only after the interval, and never without OPFS") {
  FakeWorld world;
  SUBCASE("with OPFS") {
    StorageTab tab(world);
    REQUIRE(tab.open() == OpenOutcome::first_run);
    tab.open_database();
    REQUIRE(begin_history(tab));
    world.run_for(60000);
    CHECK(tab.store.health().second_copy_commit_number == tab.image.commit_number());
    const auto first = tab.image.commit_number();
    REQUIRE(history_step(tab, 1));
    world.run_for(200000);
    CHECK(tab.store.health().second_copy_commit_number == first);
    world.run_for(200000);
    CHECK(tab.store.health().second_copy_commit_number == tab.image.commit_number());
    CHECK(world.idle());
  }
  SUBCASE("without") {
    world.disk.has_copies = false;
    StorageTab tab(world);
    REQUIRE(tab.open() == OpenOutcome::first_run);
    tab.open_database();
    REQUIRE(begin_history(tab));
    world.run_for(600000);
    CHECK_FALSE(tab.store.health().second_copy_at_ms.has_value());
    bool answered = false;
    tab.store.write_second_copy([&](Status status) { answered = !status.has_value(); });
    CHECK(world.run_until([&] { return answered; }));
    world.run_for(600000);
    CHECK(world.idle());
  }
}
