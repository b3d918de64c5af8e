// Random histories of 2 to 8 devices, judged after every step by an oracle: what should stand, from docs/ and not from the code.
//
//   sim_histories [--fresh N] [--seed S] [--seeds N] [--long] [--verbose]
//
// Devices create, edit, delete, restore, undo and redo, work on documents, settle conflicts (two head offices the same
// one, too), set their clocks back and ahead, export to one or to all, and import in any order what was sent; bundles are
// lost, doubled, late, and reach those for whom they were not made; tablets are restored from backups and cloned, others build
// on what a clone wrote, and who likes starts over as a new device (names: tests/support/oracle_names.h).
// After every step the device must show what the oracle (tests/support/oracle.h) says. In the end everybody gives everything to
// everybody, and there must be one content hash, one table hash and the same conflicts everywhere; then one device settles
// all conflicts, and none may be left anywhere.
// Without arguments: fixed seeds; --fresh N adds as many that nobody has tried, from a number that is printed. A seed that fails can be
// played again with --seed. A run of the fixed ones that never brought about one of the things that it is for (simulated_beliefs.cpp) fails.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/simulated_office.h"

using namespace kehubu::test;

namespace {

constexpr std::uint64_t fixed_seeds = 100;
constexpr std::uint64_t found_faults[] = {118,     240,     251,     310,     464,     194869,  384360,  384389,  772710,  772717,  973956,
                                          2533927, 2774888, 2774901, 2775069, 2812750, 2813032, 3093010, 3093309, 4730417, 4730590,
                                          5000670, 5000859, 5001639, 6987456, 7550704, 8453282, 9520264, 9872756};  // each failed once
constexpr std::uint64_t long_seeds = 100'000;
constexpr std::uint64_t first_fresh = 10'000, last_fresh = 10'000'000;  // a seed moves its history's clocks by 16 ms
constexpr std::uint64_t most_failures = 20;

std::vector<std::uint64_t> series(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    seeds.push_back(seed);
  }
  return seeds;
}

std::uint64_t fresh_number() {
  std::random_device dice;
  return first_fresh + dice() % (last_fresh - first_fresh);
}

std::vector<std::uint64_t> usual_seeds(std::uint64_t fresh_seeds) {
  std::vector<std::uint64_t> seeds = series(1, fixed_seeds);
  seeds.insert(seeds.end(), std::begin(found_faults), std::end(found_faults));
  if (fresh_seeds == 0) {
    return seeds;
  }
  const std::uint64_t first = fresh_number();
  std::printf("fixed seeds, and %llu from %llu\n", static_cast<unsigned long long>(fresh_seeds), static_cast<unsigned long long>(first));
  const std::vector<std::uint64_t> fresh = series(first, fresh_seeds);
  seeds.insert(seeds.end(), fresh.begin(), fresh.end());
  return seeds;
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::uint64_t> seeds;
  std::uint64_t first = 1, how_many = 0, fresh = 0;
  bool verbose = false;
  for (int index = 1; index < count; ++index) {
    const std::string_view word = words[index];
    const std::uint64_t number = index + 1 < count ? std::strtoull(words[index + 1], nullptr, 10) : 1;
    if (word == "--seeds") {
      how_many = number;
    } else if (word == "--fresh") {
      fresh = number;
    } else if (word == "--seed") {
      first = number;
      how_many = how_many == 0 ? 1 : how_many;
    } else if (word == "--long") {
      first = fresh_number();
      how_many = long_seeds;
      std::printf("seeds from %llu\n", static_cast<unsigned long long>(first));
    } else if (word == "--verbose") {
      verbose = true;
    }
  }
  const bool all = how_many == 0;  // that a run is for
  seeds = all ? usual_seeds(fresh) : series(first, how_many);
  std::uint64_t passed = 0, failed = 0;
  OfficeStatistics statistics;
  for (const std::uint64_t seed : seeds) {
    SimulatedOffice office{seed, statistics, verbose};
    const std::string problem = office.run();
    problem.empty() ? ++passed : ++failed;
    if (!problem.empty()) {
      std::printf("seed %llu: %s\n  play it again: sim_histories --seed %llu --verbose\n", static_cast<unsigned long long>(seed),
                  problem.c_str(), static_cast<unsigned long long>(seed));
      std::fflush(stdout);
    }
    if (failed == most_failures) {
      break;
    }
  }
  for (const auto& [what, times] : statistics.counts) {
    std::printf("%s %lld, ", what.c_str(), static_cast<long long>(times));
  }
  std::printf("in %llu histories\n", static_cast<unsigned long long>(passed + failed));
  for (const std::string& what : all ? statistics.never_happened() : std::vector<std::string>{}) {
    ++failed;
    std::printf("never happened: %s\n", what.c_str());
  }
  std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
