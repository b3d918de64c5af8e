// Random lives of one device: several faults in a row, crashes, reloads, logs cut short, a store that vanishes. Each opening must find
// a state that the device once had, at least as new as the last acknowledged one, and none that an opening before had given up.
//
//   sim_storage_faults [--long] [--lives N] [--seed N]     seeds that failed once come first, always, then random ones
//   sim_storage_faults --seed N                            that life alone; the seed of a failure is printed
//
// One loss is allowed: where the tab said beforehand that what is stored is at risk (StorageHealth::at_risk). Those lives are counted.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/support/storage_tab.h"

using namespace kehubu;

namespace {

// Each failed once, and the fault behind it has been mended:
constexpr std::uint64_t fixed_seeds[] = {
    // the log could not be renewed, and commits were called durable on the one that was cut short
    461870045, 3554877186, 2185041388, 4112334163,
    // the transaction of a dead tab happened after the next tab had read: the fake did what no browser does
    3453067260, 3845783233,
    // the mark of a writer at rest outlived the rest, because its removal was lost with the connection
    661606940, 661619865, 661620669,
    // no copy could be written for minutes, and the browser died in the repair: told beforehand
    3029603786,
};

struct Device {
  explicit Device(std::uint64_t seed)
      : random(static_cast<std::mt19937::result_type>(seed)), random_unmarking(static_cast<std::mt19937::result_type>(seed + 1)),
        random_listing(static_cast<std::mt19937::result_type>(seed + 2)) {}

  std::mt19937 random;
  // Of their own, so that the seeds from before these could fail mean what they meant.
  std::mt19937 random_unmarking;
  std::mt19937 random_listing;
  FakeWorld world;
  int acknowledged = -1;
  int committed = 0;
  bool cuts_list = true;
  bool was_at_risk = false;
  std::string problem;

  [[nodiscard]] bool chance(unsigned one_in) { return random() % one_in == 0; }
};

FakeFault random_fault(std::mt19937& random) {
  constexpr FakeFault faults[] = {FakeFault::abort,       FakeFault::quota, FakeFault::connection,   FakeFault::silence, FakeFault::done_silently,
                                  FakeFault::late_answer, FakeFault::late,  FakeFault::crash_before, FakeFault::crash_after,
                                  FakeFault::crash_writing};
  return faults[random() % std::size(faults)];
}

// False when the state of the database is one that it never had, or older than what was acknowledged.
bool believe(Device& device, StorageTab& tab, const char* when) {
  tab.open_database();
  if (device.acknowledged < 0 && tab.value("SELECT count(*) FROM sqlite_schema") != "3") {
    if (tab.value("SELECT count(*) FROM sqlite_schema") == "0") {
      begin_history(tab);
    } else {
      return tab.run("DROP TABLE IF EXISTS counter; DROP TABLE IF EXISTS entry") && begin_history(tab);
    }
  }
  const int state = history_state(tab, device.problem);
  if (state < 0 || state < device.acknowledged || (state > device.committed)) {
    device.problem += std::string(" ") + when + ": state " + std::to_string(state) + ", acknowledged " +
                      std::to_string(device.acknowledged) + ", committed " + std::to_string(device.committed);
    return false;
  }
  device.committed = state;
  return true;
}

bool live_in(Device& device, StorageTab& tab, bool faults) {
  const unsigned rarity = 3 + device.random() % 30;
  if (faults) {
    tab.storage.inject([&device, rarity](FakeOperation operation, int) {
      std::mt19937& random = operation == FakeOperation::remove_rest_mark ? device.random_unmarking : device.random;
      const FakeFault fault = random() % rarity == 0 ? random_fault(random) : FakeFault::none;
      return fault == FakeFault::crash_writing && device.cuts_list && device.random_listing() % 2 == 0 ? FakeFault::crash_listing : fault;
    });
  }
  const auto outcome = tab.open();
  if (!outcome || tab.storage.crashed() || outcome == OpenOutcome::unavailable) {
    return faults || (device.problem = "no outcome without faults: " + tab.store.health().detail, false);
  }
  const bool may_be_new = device.acknowledged < 0 && (outcome == OpenOutcome::first_run || outcome == OpenOutcome::wiped);
  const bool has_data = outcome == OpenOutcome::loaded || outcome == OpenOutcome::recovered;
  if (!has_data && !may_be_new) {
    device.problem = "opened as " + std::to_string(static_cast<int>(*outcome)) + ": " + tab.store.health().detail;
    return false;
  }
  if (!believe(device, tab, "after opening")) {
    return false;
  }
  const int steps = static_cast<int>(device.random() % 25);
  for (int count = 0; count < steps && !tab.storage.crashed(); ++count) {
    const int step = ++device.committed;
    if (!history_step(tab, step)) {
      device.problem = "step failed: " + tab.error();
      return false;
    }
    tab.store.wait_durable(tab.image.commit_number(), [&device, step](Status status) {
      device.acknowledged = status ? std::max(device.acknowledged, step) : device.acknowledged;
    });
    switch (device.random() % 8) {
      case 0: device.world.run_for(device.random() % 5); break;
      case 1: device.world.run_for(device.random() % 60000); break;
      case 2: tab.storage.close_connection(); break;
      case 3: tab.storage.hide_page(); break;
      case 4: tab.store.write_second_copy([](Status) {}); break;
      case 5: tab.settle(100000); break;
      default: break;
    }
  }
  if (device.chance(3)) {
    tab.settle(100000);
  }
  if (!faults && !tab.settle()) {
    device.problem = "did not settle without faults";
    return false;
  }
  return true;
}

bool live_once(Device& device, bool faults) {
  StorageTab tab(device.world, device.random());
  const bool right = live_in(device, tab, faults);
  if (tab.store.health().at_risk) {
    device.was_at_risk = true;
    device.acknowledged = -1;
  }
  return right;
}

bool run(std::uint64_t seed, bool& was_at_risk, std::string& problem) {
  Device device(seed);
  // A browser that cuts logs short has OPFS (docs/storage.md, "What browsers promise").
  device.world.disk.has_copies = !device.chance(4);
  device.world.disk.cuts_log_short = device.world.disk.has_copies;
  device.world.latency_ms = device.random() % 3;
  device.cuts_list = std::ranges::find(fixed_seeds, seed) == std::end(fixed_seeds);
  const int lives = 2 + static_cast<int>(device.random() % 6);
  for (int life = 0; life < lives; ++life) {
    if (!live_once(device, true)) {
      problem = device.problem;
      return false;
    }
    was_at_risk = device.was_at_risk;
    if (device.chance(2)) {
      device.world.run_for(device.random() % 40000);
    }
  }
  device.world.run_for(60000);
  const bool ok = live_once(device, false);
  problem = device.problem;
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::uint64_t> seeds(std::begin(fixed_seeds), std::end(fixed_seeds));
  std::uint64_t lives = 400;
  std::uint64_t first = std::random_device{}();
  for (int index = 1; index < argc; ++index) {
    const auto number = [&] { return index + 1 < argc ? std::strtoull(argv[++index], nullptr, 10) : 0; };
    if (std::strcmp(argv[index], "--long") == 0) {
      lives = 200000;
    } else if (std::strcmp(argv[index], "--lives") == 0) {
      lives = number();
    } else if (std::strcmp(argv[index], "--seed") == 0) {
      first = number();
      lives = 1;
      seeds.clear();
    }
  }
  for (std::uint64_t life = 0; life < lives; ++life) {
    seeds.push_back(first + life);
  }
  std::printf("%llu lives with seeds from %llu\n", static_cast<unsigned long long>(lives), static_cast<unsigned long long>(first));
  std::fflush(stdout);  // a run of hours that is ended from outside has said which lives it lived
  int failed = 0;
  int at_risk = 0;
  for (const std::uint64_t seed : seeds) {
    std::string problem;
    bool was_at_risk = false;
    if (!run(seed, was_at_risk, problem)) {
      ++failed;
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), problem.c_str());
    }
    at_risk += was_at_risk ? 1 : 0;
  }
  std::printf("seeds from %llu; %d lives were told of a risk\n%d passed, %d failed\n", static_cast<unsigned long long>(first), at_risk,
              static_cast<int>(seeds.size()) - failed, failed);
  return failed == 0 ? 0 : 1;
}
