// A firm in which everything has happened once, as its office's database and bundles hold it: what later programs must still
// open, and must say the same of. tests/unit/golden_test.cpp reads what was written by the program of the day that
// tests/data/golden/ names; it is never written again, but beside it (the skipped test case "golden: write today's").
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/test_device.h"

namespace kehubu::test {

// What a device says of itself to whoever asks: hash, every record with every value (`records`: what was written, `derived`: what
// follows from it at the hour of the device's clock), every open question with its sides.
[[nodiscard]] nlohmann::json told_by(Store& store, Sync& sync);

struct GoldenFiles {
  std::string everything;  // the office's bundle of all that it knows, branches included
  std::string later;       // what a tablet wrote since, for the office
  std::string waiting;     // a bundle that lies in the office's database and lacks what comes before it
  std::int64_t at_ms = 0;  // the office's hour
};

// Writes the office's database to the path, which must be absent.
[[nodiscard]] GoldenFiles write_golden_world(const std::string& database);

}  // namespace kehubu::test
