// Every storage operation fails once, in each way; the tab dies before and after each of them. Afterwards the database opens,
// integrity_check says ok, and the state is that of a commit at least as new as the last one acknowledged as durable.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/storage_tab.h"

using namespace kehubu;

namespace {

constexpr int steps = 9;

struct Outcome {
  bool crashed = false;
  bool opened = false;      // with a store that saves
  int acknowledged = -1;    // last step reported durable
  int committed = -1;       // last step that SQLite committed
  int operations = 0;
};

// Opens, goes through the history (from wherever it is), copies; each step is acknowledged before the next, but for some that
// are committed in pairs.
Outcome live(FakeWorld& world, std::uint64_t seed, FakeStorage::Inject inject) {
  StorageTab tab(world, seed);
  tab.storage.inject(std::move(inject));
  Outcome outcome;
  const auto found = tab.open();
  outcome.opened = found == OpenOutcome::first_run || found == OpenOutcome::loaded || found == OpenOutcome::recovered;
  if (outcome.opened) {
    tab.open_database();
    if (tab.value("SELECT count(*) FROM sqlite_schema") == "0") {
      REQUIRE(begin_history(tab));
    }
    std::string problem;
    const int start = history_state(tab, problem);
    REQUIRE_MESSAGE(start >= 0, problem);
    for (int step = start + 1; step <= start + steps; ++step) {
      REQUIRE(history_step(tab, step));
      outcome.committed = step;
      tab.store.wait_durable(tab.image.commit_number(), [&outcome, step](Status status) {
        if (status) {
          outcome.acknowledged = step;
        }
      });
      if (step % 3 != 0) {
        world.run_until([&] { return outcome.acknowledged == step || tab.storage.crashed(); });
      }
      if (step == start + 5) {
        tab.store.write_second_copy([](Status) {});
      }
    }
    world.run_until([&] { return outcome.acknowledged == outcome.committed || tab.storage.crashed(); });
    if (!tab.storage.crashed()) {
      world.run_for(120000);  // tidying, the copy, late answers
    }
  }
  outcome.crashed = tab.storage.crashed();
  outcome.operations = tab.storage.operation_count();
  return outcome;
}

void check_disk(FakeWorld& world, const Outcome& outcome) {
  world.run_for(60000);  // what was late happens
  StorageTab tab(world, 99);
  const auto found = tab.open();
  const bool usable = found == OpenOutcome::loaded || found == OpenOutcome::recovered || (found == OpenOutcome::first_run && outcome.acknowledged < 0);
  REQUIRE_MESSAGE(usable, tab.store.health().message.en);
  if (found == OpenOutcome::first_run) {
    return;
  }
  tab.open_database();
  if (outcome.acknowledged < 0 && tab.value("SELECT count(*) FROM sqlite_schema") != "3") {
    CHECK(tab.value("PRAGMA integrity_check") == "ok");
    return;  // the tables themselves were not yet acknowledged
  }
  std::string problem;
  const int state = history_state(tab, problem);
  CHECK_MESSAGE(state >= outcome.acknowledged, problem);
  CHECK(state <= std::max(outcome.committed, state >= 0 && outcome.committed < 0 ? state : outcome.committed));
}

const char* name_of(FakeFault fault) {
  switch (fault) {
    case FakeFault::abort: return "abort";
    case FakeFault::quota: return "quota";
    case FakeFault::connection: return "connection";
    case FakeFault::unavailable: return "unavailable";
    case FakeFault::silence: return "silence";
    case FakeFault::done_silently: return "done silently";
    case FakeFault::late_answer: return "late answer";
    case FakeFault::late: return "late";
    case FakeFault::crash_before: return "crash before";
    case FakeFault::crash_after: return "crash after";
    case FakeFault::crash_writing: return "crash while writing";
    case FakeFault::crash_listing: return "crash while listing";
    case FakeFault::none: break;
  }
  return "none";
}

constexpr FakeFault survivable[] = {FakeFault::abort,         FakeFault::quota,       FakeFault::connection, FakeFault::silence,
                                    FakeFault::done_silently, FakeFault::late_answer, FakeFault::late};

void fail_each_operation_once(const FakeWorld& start) {
  FakeWorld counting = start;
  const int operations = live(counting, 5, nullptr).operations;
  REQUIRE(operations > 12);
  for (int victim = 0; victim < operations; ++victim) {
    for (const FakeFault fault : survivable) {
      CAPTURE(victim);
      CAPTURE(name_of(fault));
      FakeWorld world = start;
      const Outcome outcome = live(world, 5, [&](FakeOperation, int index) { return index == victim ? fault : FakeFault::none; });
      REQUIRE(outcome.opened);
      CHECK(outcome.acknowledged == outcome.committed);  // in the end everything was saved
      check_disk(world, outcome);
    }
    for (const FakeFault fault : {FakeFault::crash_before, FakeFault::crash_after, FakeFault::crash_writing, FakeFault::crash_listing}) {
      CAPTURE(victim);
      CAPTURE(name_of(fault));
      FakeWorld world = start;
      const Outcome outcome = live(world, 5, [&](FakeOperation, int index) { return index == victim ? fault : FakeFault::none; });
      REQUIRE(outcome.crashed);
      check_disk(world, outcome);
    }
  }
}

}  // namespace

TEST_CASE("a log cut short by a dying browser: every operation of the next life fails once in each way, every crash point") {
  FakeFault death = FakeFault::crash_writing;
  FakeLog FakeDisk::* part = &FakeDisk::log;
  SUBCASE("the log of what was written") {}
  SUBCASE("the list of files") {
    death = FakeFault::crash_listing;
    part = &FakeDisk::list;
  }
  FakeWorld start;
  REQUIRE(live(start, 3, nullptr).acknowledged == steps);
  // Dies while it writes its last step: what was acknowledged is there, and the log has a cut at its end.
  Outcome torn;
  int commits = 0;
  torn = live(start, 4, [&](FakeOperation operation, int) {
    return operation == FakeOperation::commit && ++commits == 8 ? death : FakeFault::none;
  });
  REQUIRE(torn.crashed);
  start.run_for(10);
  REQUIRE(torn.acknowledged > steps);
  REQUIRE(start.disk.*part == FakeLog::cut_short);
  FakeWorld counting = start;
  const int operations = live(counting, 5, nullptr).operations;
  CHECK(counting.disk.*part == FakeLog::sound);
  for (int victim = 0; victim < operations; ++victim) {
    for (const FakeFault fault : {FakeFault::abort, FakeFault::connection, FakeFault::silence, FakeFault::late, FakeFault::crash_before,
                                  FakeFault::crash_after, FakeFault::crash_writing, FakeFault::crash_listing}) {
      CAPTURE(victim);
      CAPTURE(name_of(fault));
      FakeWorld world = start;
      Outcome outcome = live(world, 5, [&](FakeOperation, int index) { return index == victim ? fault : FakeFault::none; });
      outcome.acknowledged = std::max(outcome.acknowledged, torn.acknowledged);
      outcome.committed = std::max(outcome.committed, torn.committed);
      check_disk(world, outcome);
    }
  }
}

TEST_CASE("… which without mending it would destroy the store (this test tests the fake)") {
  FakeLog FakeDisk::* part = &FakeDisk::log;
  SUBCASE("the log of what was written") {}
  SUBCASE("the list of files") { part = &FakeDisk::list; }
  FakeWorld world;
  world.disk.may_cut_log_short = false;
  world.disk.has_copies = false;
  REQUIRE(live(world, 3, nullptr).acknowledged == steps);
  world.disk.*part = FakeLog::cut_short;
  REQUIRE(live(world, 4, nullptr).acknowledged == 2 * steps);
  StorageTab tab(world, 5);
  CHECK(tab.open() == OpenOutcome::wiped);
}

TEST_CASE("a new store: every operation fails once in each way, every crash point") { fail_each_operation_once(FakeWorld()); }

TEST_CASE("a store in use: every operation fails once in each way, every crash point") {
  FakeWorld world;
  REQUIRE(live(world, 3, nullptr).acknowledged == steps);
  fail_each_operation_once(world);
}

TEST_CASE("a store that has to be recovered: every operation fails once in each way, every crash point") {
  FakeWorld world;
  REQUIRE(live(world, 3, nullptr).acknowledged == steps);
  world.disk.meta.reset();
  world.disk.records.clear();
  FakeWorld counting = world;
  const int operations = live(counting, 5, nullptr).operations;
  for (int victim = 0; victim < operations; ++victim) {
    for (const FakeFault fault : {FakeFault::abort, FakeFault::silence, FakeFault::late, FakeFault::crash_before, FakeFault::crash_after}) {
      CAPTURE(victim);
      CAPTURE(name_of(fault));
      FakeWorld device = world;
      FakeOperation failed{};
      const Outcome outcome = live(device, 5, [&](FakeOperation operation, int index) {
        if (index == victim) {
          failed = operation;
        }
        return index == victim ? fault : FakeFault::none;
      });
      // A copy that cannot be read is no copy; anything else must end well.
      if (outcome.acknowledged >= 0) {
        check_disk(device, outcome);
      } else {
        CHECK((outcome.crashed || failed == FakeOperation::read_copy));
      }
    }
  }
}
