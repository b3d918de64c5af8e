// Random lives of one device: several faults in a row, crashes, reloads, a second tab, a store that vanishes. After every life
// the disk is opened without faults and must hold a commit at least as new as the last acknowledged one.
//
//   sim_storage_faults [--long] [--seed N]     the seed of a failure is printed; --seed N repeats that life alone
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "tests/support/storage_tab.h"

using namespace kehubu;

namespace {

struct Device {
  explicit Device(std::uint64_t the_seed) : seed(the_seed), random(static_cast<std::mt19937::result_type>(the_seed)) {}

  std::uint64_t seed;
  std::mt19937 random;
  FakeWorld world;
  int acknowledged = -1;
  int committed = 0;
  std::string problem;

  [[nodiscard]] bool chance(unsigned one_in) { return random() % one_in == 0; }
};

FakeFault random_fault(Device& device) {
  constexpr FakeFault faults[] = {FakeFault::abort,       FakeFault::quota, FakeFault::connection,   FakeFault::silence, FakeFault::done_silently,
                                  FakeFault::late_answer, FakeFault::late,  FakeFault::crash_before, FakeFault::crash_after,
                                  FakeFault::crash_writing};
  return faults[device.random() % std::size(faults)];
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

bool live_once(Device& device, bool faults) {
  StorageTab tab(device.world, device.random());
  const unsigned rarity = 3 + device.random() % 30;
  if (faults) {
    tab.storage.inject([&device, rarity](FakeOperation operation, int) {
      const FakeFault fault = device.chance(rarity) ? random_fault(device) : FakeFault::none;
      const bool crash = fault == FakeFault::crash_before || fault == FakeFault::crash_after || fault == FakeFault::crash_writing;
      const bool part_of_securing = operation == FakeOperation::renew_log || operation == FakeOperation::begin_copy ||
                                    operation == FakeOperation::append_copy || operation == FakeOperation::finish_copy;
      // Securing is a best effort: where it fails for good and the browser dies twice within a second, nothing helps.
      return part_of_securing && !crash ? FakeFault::none : fault;
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

bool run(std::uint64_t seed, std::string& problem) {
  Device device(seed);
  // Without OPFS, or where a store can be gone before it was copied, a log cut short may cost everything: another sim's matter.
  device.world.disk.has_copies = !device.chance(4);
  device.world.disk.cuts_log_short = device.world.disk.has_copies;
  device.world.latency_ms = device.random() % 3;
  const int lives = 2 + static_cast<int>(device.random() % 6);
  for (int life = 0; life < lives; ++life) {
    if (!live_once(device, true)) {
      problem = device.problem;
      return false;
    }
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
  int lives = 400;
  std::uint64_t seed = std::random_device{}();
  for (int index = 1; index < argc; ++index) {
    if (std::strcmp(argv[index], "--long") == 0) {
      lives = 100000;
    } else if (std::strcmp(argv[index], "--seed") == 0 && index + 1 < argc) {
      seed = std::strtoull(argv[++index], nullptr, 10);
      lives = 1;
    }
  }
  int failed = 0;
  for (int life = 0; life < lives; ++life) {
    std::string problem;
    if (!run(seed + static_cast<std::uint64_t>(life), problem)) {
      ++failed;
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed + static_cast<std::uint64_t>(life)), problem.c_str());
    }
  }
  std::printf("seeds from %llu\n%d passed, %d failed\n", static_cast<unsigned long long>(seed), lives - failed, failed);
  return failed == 0 ? 0 : 1;
}
