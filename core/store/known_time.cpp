#include "core/store/known_time.h"

#include <algorithm>

#include "core/store/log.h"

namespace kehubu {

std::int64_t latest_heard(Store& store) {
  Log& log = internals(store).log();
  std::int64_t latest = 0, second = 0;
  for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
    const std::int64_t seen = log.device(number).last_clock;
    second = std::max(second, std::min(latest, seen));
    latest = std::max(latest, seen);
  }
  return second == 0 ? latest : second;
}

}  // namespace kehubu
