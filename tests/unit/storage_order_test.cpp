// What is written before what, so that nothing acknowledged is lost and nothing given up comes back (docs/storage.md, "Order").
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "core/store/storage_format.h"
#include "tests/support/storage_tab.h"

using namespace kehubu;

namespace {

constexpr int first_steps = 5;

void go_on(StorageTab& tab, int from, int to) {
  for (int step = from; step <= to; ++step) {
    REQUIRE(history_step(tab, step));
    REQUIRE(tab.settle());
  }
}

void write_copy(StorageTab& tab) {
  bool copied = false;
  tab.store.write_second_copy([&](Status status) { copied = status.has_value(); });
  REQUIRE(tab.world.run_until([&] { return copied; }));
}

// A world in which five steps have been saved, the sentinel knows of them, and the tab is gone.
void save_history(FakeWorld& world, bool with_copy = false) {
  StorageTab tab(world);
  REQUIRE(tab.open() == OpenOutcome::first_run);
  tab.open_database();
  REQUIRE(begin_history(tab));
  go_on(tab, 1, first_steps);
  if (with_copy) {
    write_copy(tab);
  }
  tab.storage.hide_page();
  world.run_for(100);
}

// The browser died while it wrote a sixth.
void cut_log_short(FakeWorld& world) {
  StorageTab tab(world, 7);
  tab.storage.inject([](FakeOperation operation, int) {
    return operation == FakeOperation::commit ? FakeFault::crash_writing : FakeFault::none;
  });
  REQUIRE(tab.open() == OpenOutcome::loaded);
  world.run_for(10);
  REQUIRE(tab.storage.crashed());
  REQUIRE(world.disk.log == FakeLog::cut_short);
}

void wipe_store(FakeWorld& world) {
  world.disk.meta.reset();
  world.disk.rest_mark.reset();
  world.disk.records.clear();
}

int state_of(StorageTab& tab) {
  std::string problem;
  tab.open_database();
  const int state = history_state(tab, problem);
  CHECK(problem == "");
  return state;
}

// What the next visit finds.
int next_state(FakeWorld& world) {
  StorageTab tab(world, 90);
  const auto outcome = tab.open();
  REQUIRE((outcome == OpenOutcome::loaded || outcome == OpenOutcome::recovered));
  return state_of(tab);
}

Bytes& newest_copy(FakeWorld& world) {
  StoreMeta heads[2];
  for (const std::size_t slot : {0u, 1u}) {
    REQUIRE(world.disk.copies[slot].has_value());
    REQUIRE(decode_meta(BytesView(*world.disk.copies[slot]).first(meta_bytes), heads[slot]) == MetaVerdict::good);
  }
  return *world.disk.copies[heads[1].commit_number > heads[0].commit_number ? 1 : 0];
}

}  // namespace

TEST_CASE("a log that cannot be renewed yet: nothing is written or called durable before it can, however it fails") {
  // The connection is lost in the renewal, and connecting again fails in another way: this was taken for the end of the matter once.
  for (const FakeFault fault : {FakeFault::quota, FakeFault::abort, FakeFault::connection, FakeFault::silence, FakeFault::late}) {
    CAPTURE(static_cast<int>(fault));
    FakeWorld world;
    save_history(world);
    cut_log_short(world);
    {
      StorageTab tab(world, 3);
      int renewals = 0;
      int connections = 0;
      tab.storage.inject([&](FakeOperation operation, int) {
        CHECK((operation != FakeOperation::commit || world.disk.log == FakeLog::sound));
        if (operation == FakeOperation::renew_log) {
          return ++renewals <= 6 ? FakeFault::connection : FakeFault::none;
        }
        return operation == FakeOperation::connect && ++connections > 1 && connections % 2 == 0 ? fault : FakeFault::none;
      });
      REQUIRE(tab.open() == OpenOutcome::loaded);
      CHECK(state_of(tab) == first_steps);
      int acknowledged = 0;
      REQUIRE(history_step(tab, first_steps + 1));
      tab.store.wait_durable(tab.image.commit_number(), [&](Status status) { acknowledged += status ? 1 : 0; });
      world.run_for(5000);
      CHECK(acknowledged == 0);
      CHECK(tab.store.health().state == DurableState::unsaved_error);
      CHECK_FALSE(tab.store.health().message.zh.empty());
      CHECK(world.run_until([&] { return acknowledged == 1; }));
      CHECK(world.disk.log == FakeLog::sound);
      CHECK(tab.store.health().state == DurableState::saved);
      CHECK(tab.store.health().message.zh == "");
    }
    CHECK(next_state(world) == first_steps + 1);
  }
}

TEST_CASE("a log is not renewed before a second copy holds what it holds; a person may hurry it") {
  FakeWorld world;
  save_history(world);
  cut_log_short(world);
  StorageTab tab(world, 3);
  int copies_begun = 0;
  FakeFault fault = FakeFault::abort;
  tab.storage.inject([&](FakeOperation operation, int) {
    CHECK((operation != FakeOperation::renew_log || world.disk.copies[0].has_value()));
    return operation == FakeOperation::begin_copy && ++copies_begun <= 4 ? fault : FakeFault::none;
  });
  SUBCASE("it is tried again by itself") {}
  SUBCASE("want of space has its own sentence, and never ends in going on without") { fault = FakeFault::quota; }
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  REQUIRE(history_step(tab, first_steps + 1));
  world.run_for(1500);
  CHECK(world.disk.log == FakeLog::cut_short);  // nothing at all was written
  CHECK(tab.store.health().state == DurableState::unsaved_error);
  const std::string expected = fault == FakeFault::quota ? "storage is full" : "second copy has to be written";
  CHECK(tab.store.health().message.en.find(expected) != std::string::npos);
  for (int pressed = copies_begun; pressed < 4; ++pressed) {
    tab.store.request_flush();
    world.run_for(100);
  }
  tab.store.request_flush();
  CHECK(tab.settle(5000));
  CHECK(world.disk.log == FakeLog::sound);
  CHECK_FALSE(tab.store.health().at_risk);
}

TEST_CASE("a place for copies that fails for ever does not keep everything from being saved for ever; that is said") {
  FakeWorld world;
  save_history(world);
  cut_log_short(world);
  StorageTab tab(world, 3);
  bool told = false;
  int renewals = 0;
  tab.storage.inject([&](FakeOperation operation, int) {
    if (operation == FakeOperation::renew_log) {
      ++renewals;
      told = tab.store.health().at_risk && tab.store.health().message.en.find("Do not close the browser") != std::string::npos;
    }
    return operation == FakeOperation::begin_copy ? FakeFault::abort : FakeFault::none;
  });
  REQUIRE(tab.open() == OpenOutcome::loaded);
  tab.open_database();
  REQUIRE(history_step(tab, first_steps + 1));
  world.run_for(15000);
  CHECK(renewals == 0);
  CHECK(tab.settle(60000));
  CHECK(renewals == 1);
  CHECK(told);
  CHECK_FALSE(tab.store.health().at_risk);
}

// A browser killed between two writes to the list of its files, in continuous integration: 63 commits had been called durable.
TEST_CASE("after a browser that died, nothing is called durable before the store has been opened once more") {
  FakeWorld world;
  save_history(world);
  world.disk.rest_mark.reset();
  SUBCASE("the list of files is cut short, so the store destroys itself then, and is written again") { world.disk.list = FakeLog::cut_short; }
  SUBCASE("it is sound, and is not written again") {}
  const bool was_cut = world.disk.list == FakeLog::cut_short;
  {
    StorageTab tab(world, 3);
    int acknowledged = 0;
    int connections = 0;
    tab.storage.inject([&](FakeOperation operation, int) {
      connections += operation == FakeOperation::connect ? 1 : 0;
      CHECK((operation != FakeOperation::commit || connections == 2));
      return FakeFault::none;
    });
    REQUIRE(tab.open() == OpenOutcome::loaded);
    tab.open_database();
    REQUIRE(history_step(tab, first_steps + 1));
    tab.store.wait_durable(tab.image.commit_number(), [&](Status status) { acknowledged += status ? 1 : 0; });
    REQUIRE(world.run_until([&] { return acknowledged == 1; }));
    CHECK(world.disk.list == FakeLog::sound);
    CHECK(tab.storage.log_may_be_cut_short() != was_cut);
    CHECK(tab.store.health().message.zh == "");  // nothing is lost, so there is nothing to say
    go_on(tab, first_steps + 2, first_steps + 3);
  }
  CHECK(next_state(world) == first_steps + 3);
}

TEST_CASE("the mark of a writer at rest is known to be gone before anything else is written") {
  for (const FakeFault fault : {FakeFault::none, FakeFault::abort, FakeFault::quota, FakeFault::connection, FakeFault::silence,
                                FakeFault::done_silently, FakeFault::late_answer, FakeFault::late}) {
    CAPTURE(static_cast<int>(fault));
    FakeWorld world;
    save_history(world);
    REQUIRE(world.disk.rest_mark.has_value());
    {
      StorageTab tab(world, 3);
      int removals = 0;
      tab.storage.inject([&](FakeOperation operation, int) {
        CHECK((operation != FakeOperation::commit || !world.disk.rest_mark.has_value()));
        return operation == FakeOperation::remove_rest_mark && ++removals == 1 ? fault : FakeFault::none;
      });
      REQUIRE(tab.open() == OpenOutcome::loaded);
      tab.open_database();
      go_on(tab, first_steps + 1, first_steps + 2);
      tab.storage.hide_page();
      world.run_for(100);
      REQUIRE(world.disk.rest_mark.has_value());
      // The connection is gone and nobody was told: this lost the removal once, and left the mark beside a log that was cut short.
      tab.storage.disconnect();
      go_on(tab, first_steps + 3, first_steps + 3);
    }
    CHECK(next_state(world) == first_steps + 3);
  }
}

TEST_CASE("a tab that opens after another has died sees all that the dead one will ever have written") {
  FakeWorld world;
  save_history(world);
  {
    StorageTab tab(world, 3);
    bool late = false;
    int late_commits = 0;
    tab.storage.inject([&](FakeOperation operation, int) {
      const bool is_late = late && operation == FakeOperation::commit;
      late_commits += is_late ? 1 : 0;
      return is_late ? FakeFault::late : FakeFault::none;
    });
    REQUIRE(tab.open() == OpenOutcome::loaded);
    tab.open_database();
    REQUIRE(tab.settle());
    world.run_for(10);
    late = true;
    REQUIRE(history_step(tab, first_steps + 1));
    REQUIRE(late_commits == 1);  // under way when the tab dies
  }
  const int seen = next_state(world);
  world.run_for(60000);
  CHECK(next_state(world) == seen);
}

TEST_CASE("a state that was given up does not come back, however high its number was") {
  FakeWorld world;
  save_history(world, true);
  {
    StorageTab tab(world, 3);
    REQUIRE(tab.open() == OpenOutcome::loaded);
    tab.open_database();
    go_on(tab, first_steps + 1, first_steps + 30);
    write_copy(tab);
    tab.storage.hide_page();  // the sentinel tells of it
    world.run_for(100);
  }
  Bytes lost_copy;
  SUBCASE("the store is gone and the newer copy is damaged, until it is not") {
    Bytes& newest = newest_copy(world);
    lost_copy = newest;
    newest[5000] ^= 1;
    wipe_store(world);
  }
  SUBCASE("the store went back in time, and the copy that is ahead of it is damaged, until it is not; the sentinel lags") {
    Bytes& newest = newest_copy(world);
    lost_copy = newest;
    newest[5000] ^= 1;
    wipe_store(world);
    {
      StorageTab tab(world, 4);
      REQUIRE(tab.open() == OpenOutcome::recovered);
      REQUIRE(tab.settle());
    }
    // As a browser would that brings back an old profile: but for OPFS.
    StoreMeta meta;
    REQUIRE(decode_meta(*world.disk.meta, meta) == MetaVerdict::good);
    world.disk.sentinel = encode_sentinel({.store = meta.store, .commit_number = 1, .saved_at_ms = 1});
  }
  SUBCASE("the store and both copies are gone: a new one is begun") {
    lost_copy = newest_copy(world);
    wipe_store(world);
    world.disk.copies = {};
    StorageTab tab(world, 4);
    REQUIRE(tab.open() == OpenOutcome::wiped);
    tab.open_database();
    REQUIRE(begin_history(tab));
    go_on(tab, 1, first_steps);
    tab.store.acknowledge();
    write_copy(tab);
  }
  int reached = 0;
  {
    StorageTab tab(world, 5);
    REQUIRE(tab.open().has_value());
    reached = state_of(tab) + 2;
    CHECK(reached == first_steps + 2);
    go_on(tab, reached - 1, reached);
    write_copy(tab);
  }
  world.disk.copies[newest_copy(world) == *world.disk.copies[0] ? 1 : 0] = lost_copy;
  wipe_store(world);
  CHECK(next_state(world) == reached);
}

TEST_CASE("a copy that cannot be read is not passed over for an older one, nor taken for absent") {
  FakeWorld world;
  save_history(world, true);
  {
    StorageTab tab(world, 3);
    REQUIRE(tab.open() == OpenOutcome::loaded);
    tab.open_database();
    go_on(tab, first_steps + 1, first_steps + 2);
    write_copy(tab);
  }
  wipe_store(world);
  int failures = 0;
  const auto open = [&](int how_often, int which) {
    int reads = 0;
    failures = 0;
    StorageTab tab(world, 4);
    tab.storage.inject([&](FakeOperation operation, int) {
      const bool fails = operation == FakeOperation::read_copy && ++reads >= which && failures < how_often;
      if (fails) {
        ++failures;
        reads = 0;
      }
      return fails ? FakeFault::abort : FakeFault::none;
    });
    return tab.open();
  };
  // The third read is that of the newer copy's records; the first is a head's.
  CHECK(open(100, 3) == OpenOutcome::unavailable);
  CHECK(open(100, 1) == OpenOutcome::unavailable);
  CHECK_FALSE(world.disk.meta.has_value());
  CHECK(open(2, 3) == OpenOutcome::recovered);
  CHECK(failures == 2);
  CHECK(next_state(world) == first_steps + 2);
}

TEST_CASE("who is not the writer any more does not touch the second copies") {
  FakeWorld world;
  world.latency_ms = 50;
  save_history(world);
  StorageTab first(world, 3);
  REQUIRE(first.open() == OpenOutcome::loaded);
  REQUIRE(first.settle());
  world.run_for(1000);
  bool answered = false;
  first.store.write_second_copy([&](Status status) { answered = !status.has_value(); });
  world.run_for(70);  // begun
  SUBCASE("taken over") {
    StorageTab second(world, 4);
    REQUIRE(second.open() == OpenOutcome::busy_elsewhere);
    first.storage.inject([&](FakeOperation operation, int) { return operation == FakeOperation::append_copy ? FakeFault::late_answer : FakeFault::none; });
    second.store.take_over();
    world.run_until([&] { return second.outcomes.size() == 2; });
    REQUIRE(second.outcomes.back() == OpenOutcome::loaded);
    CHECK(answered);
    world.run_for(5000);
    CHECK_FALSE(world.disk.copies[0].has_value());
  }
  SUBCASE("erased") {
    first.store.erase_all([](Status) {});
    world.run_for(20000);
    CHECK(answered);
    CHECK_FALSE(world.disk.copies[0].has_value());
    CHECK_FALSE(world.disk.copies[1].has_value());
  }
}
