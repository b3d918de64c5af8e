// Working days (R-GEN-06).
#include <algorithm>

#include "core/base/date.h"

namespace kehubu {
namespace {

Date next_day(const Date& date) { return date_from_days(days_since_epoch(date) + 1); }

}  // namespace

bool WorkCalendar::is_working_day(const Date& date) const {
  if (std::ranges::binary_search(makeup_days, date)) {
    return true;
  }
  return weekday(date) <= 5 && !std::ranges::binary_search(holidays, date);
}

int WorkCalendar::working_days(const Date& first, const Date& last) const {
  int count = 0;
  for (Date date = first; date <= last; date = next_day(date)) {
    count += is_working_day(date) ? 1 : 0;
  }
  return count;
}

std::optional<Date> WorkCalendar::nth_working_day(int year, int month, int n) const {
  for (int day = 1; day <= days_in_month(year, month); ++day) {
    const Date date{year, month, day};
    n -= is_working_day(date) ? 1 : 0;
    if (n == 0) {
      return date;
    }
  }
  return std::nullopt;
}

Date WorkCalendar::last_working_days_begin(int year, int month, int count) const {
  for (int day = days_in_month(year, month); day >= 1; --day) {
    const Date date{year, month, day};
    count -= is_working_day(date) ? 1 : 0;
    if (count == 0) {
      return date;
    }
  }
  return {year, month, 1};
}

Date WorkCalendar::add_working_days(const Date& date, int count) const {
  Date result = date;
  // A calendar that is nothing but holidays must not hold us for ever.
  constexpr int longest_walk = 3660;
  for (int step = 0; count > 0 && step < longest_walk; ++step) {
    result = next_day(result);
    count -= is_working_day(result) ? 1 : 0;
  }
  return result;
}

}  // namespace kehubu
