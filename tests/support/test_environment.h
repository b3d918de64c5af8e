// An Environment that tests command: the clock stands still until it is moved, randomness comes from a seed.
#pragma once

#include <random>

#include "core/base/id.h"

namespace kehubu::test {

class TestEnvironment final : public Environment {
 public:
  explicit TestEnvironment(std::uint64_t seed = 1) : generator_(seed) {}

  std::int64_t now_ms() override { return wall_ms; }
  std::int64_t monotonic_us() override { return wall_ms * 1000; }
  void random_bytes(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(generator_());
    }
  }

  std::int64_t wall_ms = 1'795'140'000'000;  // 2026-11-20 02:00 UTC, Friday 10:00 in China

 private:
  std::mt19937_64 generator_;
};

}  // namespace kehubu::test
