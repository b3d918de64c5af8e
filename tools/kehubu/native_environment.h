// NativeEnvironment: time and randomness from the operating system.
#pragma once

#include <sys/random.h>

#include <chrono>
#include <cstdlib>

#include "core/base/id.h"

namespace kehubu::tool {

class NativeEnvironment final : public Environment {
 public:
  std::int64_t now_ms() override {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }
  std::int64_t monotonic_us() override {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
  }
  void random_bytes(std::span<std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
      if (got <= 0) {
        std::abort();  // ids without randomness would collide
      }
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
  }
};

}  // namespace kehubu::tool
