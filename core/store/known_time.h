// What time it is, as far as it is known: a clock that was reset, by an empty battery, is found out by what was written.
#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace kehubu {

class Store;

// Milliseconds since 1970. What is taken down by itself (numbers, the day of a step) is of now_ms; what a person says of what has
// been is refused where it lies behind latest_ms.
struct KnownTime {
  std::int64_t now_ms = 0;      // the clock's; where that is known to be wrong, the latest time that has come for certain
  std::int64_t latest_ms = 0;   // what lies behind it cannot have come
  bool clock_is_wrong = false;  // more than a day behind what was heard, and nobody has said that it is right
};
[[nodiscard]] KnownTime known_time(Store& store);
// A person says that the clock is right. Once more it is wrong when it goes back again.
[[nodiscard]] Status trust_clock(Store& store);

}  // namespace kehubu
