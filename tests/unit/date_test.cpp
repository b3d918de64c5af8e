// R-GEN-05 and R-GEN-06: dates, times in UTC+8, working days.
#include "core/base/date.h"

#include <doctest/doctest.h>

#include <cstdint>

using namespace kehubu;

namespace {

std::int64_t at(const char* text) { return parse_date_time(text).value(); }

}  // namespace

TEST_CASE("R-GEN-05: instants are shown in UTC+8") {
  CHECK(format_date_time(at("2026-11-20T16:30:00Z")) == "2026-11-21 00:30");
  CHECK(local_date(at("2026-11-20T16:30:00Z")) == Date{2026, 11, 21});
  CHECK(at("2026-11-21 00:30") == at("2026-11-20T16:30:00Z"));
  CHECK(at("2026-11-21 00:30") == 1'795'192'200'000);
  CHECK(format_date_time(-1) == "1970-01-01 07:59");
  CHECK(format_date_time(0) == "1970-01-01 08:00");
}

TEST_CASE("dates are read in the forms that people write") {
  const Date expected{2026, 1, 5};
  for (const char* text : {"2026-01-05", "2026-1-5", "2026/1/5", "2026.1.5", "20260105", "2026年1月5日", "2026年1月5号",
                           "２０２６－０１－０５", " 2026-01-05 ", "2026 年 1 月 5 日", "2026年01月05"}) {
    CAPTURE(text);
    CHECK(parse_date(text) == expected);
  }
  CHECK(iso_date(expected) == "2026-01-05");
  for (const char* text : {"", "2026", "2026-1", "2026-13-01", "2026-02-29", "2026-1/5", "26-1-5", "2026-01-05x", "45000",
                           "2026-01-05 10:00", "0000-01-01", "20261301", "2026-11-31"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
  }
  CHECK(parse_date("2024-02-29") == Date{2024, 2, 29});
  CHECK_FALSE(parse_date("1900-02-29"));
}

TEST_CASE("spreadsheets hold serial numbers and times of day") {
  CHECK(parse_date("46347", true) == Date{2026, 11, 21});
  CHECK(parse_date("46347.020833", true) == Date{2026, 11, 21});
  CHECK(parse_date("1", true) == Date{1900, 1, 1});
  CHECK(parse_date("59", true) == Date{1900, 2, 28});
  CHECK_FALSE(parse_date("60", true));  // a day that never was
  CHECK(parse_date("61", true) == Date{1900, 3, 1});
  CHECK(parse_date("2958465", true) == Date{9999, 12, 31});
  CHECK_FALSE(parse_date("2958466", true));
  CHECK_FALSE(parse_date("0", true));
  CHECK(parse_date("2026/1/5 0:00:00", true) == Date{2026, 1, 5});
  CHECK(parse_date("2026-01-05T10:20:30.123Z", true) == Date{2026, 1, 5});
  CHECK_FALSE(parse_date("2026/1/5 25:00", true));
}

TEST_CASE("date-times in several forms") {
  CHECK(at("2026/11/21 0:30") == at("2026-11-21 00:30:00"));
  CHECK(at("2026-11-21T00:30") == at("2026年11月21日 00:30"));
  CHECK(at("2026-11-21 下午 3:05") == at("2026-11-21 15:05"));
  CHECK(at("2026-11-21 上午12:05") == at("2026-11-21 00:05"));
  CHECK(at("2026-11-21") == at("2026-11-21 00:00"));
  CHECK(at("2026-11-21 00:00:00.25") - at("2026-11-21") == 250);
  for (const char* text : {"", "10:00", "2026-11-21 24:00", "2026-11-21 10", "2026-11-21 10:60", "2026-11-21 10:00 x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date_time(text));
  }
}

TEST_CASE("the calendar: every day there and back") {
  bool right = true;
  Date previous = date_from_days(-400'000);
  for (std::int64_t day = -399'999; day < 400'000; ++day) {
    const Date date = date_from_days(day);
    right = right && days_since_epoch(date) == day && previous < date;
    previous = date;
  }
  CHECK(right);
  CHECK(date_from_days(0) == Date{1970, 1, 1});
  CHECK(weekday({1970, 1, 1}) == 4);
  CHECK(weekday({2026, 11, 21}) == 6);
  CHECK(weekday({1969, 12, 28}) == 7);
  CHECK(add_months({2026, 1, 31}, 1) == Date{2026, 2, 28});
  CHECK(add_months({2026, 1, 31}, -11) == Date{2025, 2, 28});
  CHECK(add_months({2026, 12, 15}, 1) == Date{2027, 1, 15});
  // Any 64 bits are an instant that can be shown.
  CHECK_FALSE(format_date_time(INT64_MAX).empty());
  CHECK_FALSE(format_date_time(INT64_MIN).empty());
}

TEST_CASE("relative times in both languages") {
  const std::int64_t now = at("2026-11-21 00:30");
  CHECK(relative_time(now, now, true) == "刚刚");
  CHECK(relative_time(at("2026-11-20 23:50"), now, true) == "40 分钟前");
  CHECK(relative_time(at("2026-11-20 10:00"), now, true) == "昨天");
  CHECK(relative_time(at("2026-11-20 10:00"), now, false) == "yesterday");
  CHECK(relative_time(at("2026-11-18 23:00"), now, true) == "3 天前");
  CHECK(relative_time(at("2026-11-18 23:00"), now, false) == "3 days ago");
  CHECK(relative_time(at("2026-11-21 09:00"), now, false) == "in 8 hours");
  CHECK(relative_time(at("2026-11-21 01:30"), now, false) == "in 1 hour");
  CHECK(relative_time(at("2026-11-22 09:00"), now, true) == "明天");
  CHECK(relative_time(at("2026-11-24 09:00"), now, true) == "3 天后");
  CHECK(relative_time(at("2026-09-01 09:00"), now, true) == "2 个月前");
  CHECK(relative_time(at("2024-09-01 09:00"), now, false) == "2 years ago");
  CHECK_FALSE(relative_time(INT64_MIN, INT64_MAX, true).empty());
}

TEST_CASE("R-GEN-06: working days") {
  const WorkCalendar plain;
  CHECK(plain.nth_working_day(2026, 12, 3) == Date{2026, 12, 3});
  CHECK(plain.nth_working_day(2026, 12, 8) == Date{2026, 12, 10});
  CHECK(plain.working_days({2026, 11, 1}, {2026, 11, 30}) == 21);
  CHECK(plain.last_working_days_begin(2026, 11, 5) == Date{2026, 11, 24});
  CHECK_FALSE(plain.nth_working_day(2026, 12, 24));
  CHECK(plain.add_working_days({2026, 11, 20}, 3) == Date{2026, 11, 25});

  WorkCalendar october;
  for (int day = 1; day <= 7; ++day) {
    october.holidays.push_back({2026, 10, day});
  }
  october.makeup_days = {{2026, 10, 10}};
  CHECK(october.nth_working_day(2026, 10, 3) == Date{2026, 10, 10});  // a Saturday made up
  CHECK(october.nth_working_day(2026, 10, 8) == Date{2026, 10, 16});
  CHECK(october.is_working_day({2026, 10, 10}));
  CHECK_FALSE(october.is_working_day({2026, 10, 11}));
}
