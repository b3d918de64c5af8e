#include "core/store/known_time.h"

#include <algorithm>
#include <charconv>

#include "core/base/date.h"
#include "core/store/log.h"

namespace kehubu {
namespace {

constexpr std::string_view trusted_setting = "clock/trusted";  // when somebody said last that this is the time
// With a wrong clock nobody knows how long the tablet has lain. Not so long that a mistyped year is believed.
constexpr std::int64_t longest_lain_ms = 183 * milliseconds_per_day;

// Two devices have written at this time or later, or the only one has; 0 where nothing was written. One clock that runs ahead
// proves nothing.
std::int64_t latest_heard(Log& log) {
  std::int64_t latest = 0, second = 0;
  for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
    const std::int64_t seen = log.device(number).last_clock;
    second = std::max(second, std::min(latest, seen));
    latest = std::max(latest, seen);
  }
  return second == 0 ? latest : second;
}

bool is_trusted(Store& store, std::int64_t clock_ms) {
  const std::string said = store.setting(trusted_setting);
  std::int64_t trusted = 0;
  std::from_chars(said.data(), said.data() + said.size(), trusted);
  return trusted != 0 && trusted - clock_ms < milliseconds_per_day;
}

}  // namespace

KnownTime known_time(Store& store) {
  const std::int64_t clock = internals(store).environment().now_ms(), heard = latest_heard(internals(store).log());
  const bool is_wrong = heard - clock > milliseconds_per_day && !is_trusted(store, clock);
  return is_wrong ? KnownTime{heard, heard + longest_lain_ms, true} : KnownTime{clock, std::max(clock, heard), false};
}

Status trust_clock(Store& store) { return store.set_setting(trusted_setting, std::to_string(internals(store).environment().now_ms())); }

}  // namespace kehubu
