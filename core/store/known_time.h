// What time it is at least, whatever the clock of this device says: a clock that was reset is known by what was written.
#pragma once

#include <cstdint>

namespace kehubu {

class Store;

// Two devices have written at this time or later, or the only one has; 0 where nothing was written. One clock that runs ahead
// proves nothing. Milliseconds since 1970.
[[nodiscard]] std::int64_t latest_heard(Store& store);

}  // namespace kehubu
