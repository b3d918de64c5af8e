// Dates: ISO "2026-11-21" of the proleptic Gregorian calendar; date-times int64 milliseconds UTC, shown in China
// standard time, UTC+8 without summer time (R-GEN-05). Working days (R-GEN-06).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace kehubu {

inline constexpr std::int64_t milliseconds_per_day = 86'400'000;

struct Date {
  int year = 0, month = 0, day = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

[[nodiscard]] bool is_valid(const Date& date);  // exists in the calendar, years 1000–9999
// Accepts 2026-11-21, 2026/1/5, 2026.1.5, 20261121, 2026年11月21日; with `spreadsheet` also Excel's serial numbers and a
// time of day behind the date, which is dropped.
[[nodiscard]] Result<Date> parse_date(std::string_view text, bool spreadsheet = false);
[[nodiscard]] std::string iso_date(const Date& date);
[[nodiscard]] std::int64_t days_since_epoch(const Date& date);  // 1970-01-01 is 0
[[nodiscard]] Date date_from_days(std::int64_t days);
[[nodiscard]] int days_in_month(int year, int month);
[[nodiscard]] int weekday(const Date& date);                    // 1 Monday … 7 Sunday
// The same day of another month, or its last day when it is shorter: 31 January + 1 → 28 February.
[[nodiscard]] Date add_months(const Date& date, int months);

[[nodiscard]] Date local_date(std::int64_t milliseconds_utc);               // in UTC+8
[[nodiscard]] std::int64_t local_midnight(const Date& date);                // 00:00 in UTC+8, as milliseconds UTC
[[nodiscard]] std::string format_date_time(std::int64_t milliseconds_utc);  // "2026-11-21 00:30"
// "2026-11-21 00:30", also with seconds, T, slashes, 上午/下午; local UTC+8 → UTC. A trailing Z means UTC. A date alone
// is its midnight.
[[nodiscard]] Result<std::int64_t> parse_date_time(std::string_view text);
// "刚刚", "5 分钟前", "昨天", "3 天前", "2 个月前", "明天", "3 天后"; days are those of the calendar in UTC+8.
[[nodiscard]] std::string relative_time(std::int64_t then, std::int64_t now, bool chinese);

// A working day is Monday to Friday unless a holiday, and every make-up day. Both lists sorted.
struct WorkCalendar {
  std::vector<Date> holidays;
  std::vector<Date> makeup_days;

  [[nodiscard]] bool is_working_day(const Date& date) const;
  [[nodiscard]] int working_days(const Date& first, const Date& last) const;  // both included; 0 when last < first
  // The n-th working day of a month, n from 1; empty when it has fewer.
  [[nodiscard]] std::optional<Date> nth_working_day(int year, int month, int n) const;
  // The first of the month's last `count` working days; the month's first day when it has fewer.
  [[nodiscard]] Date last_working_days_begin(int year, int month, int count) const;
  // `count` working days after `date`, not counting it.
  [[nodiscard]] Date add_working_days(const Date& date, int count) const;
};

}  // namespace kehubu
