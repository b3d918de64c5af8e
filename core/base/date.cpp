#include "core/base/date.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace kehubu {
namespace {

constexpr std::int64_t china_offset_ms = 8 * 3'600'000;

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

std::int64_t floor_modulo(std::int64_t value, std::int64_t divisor) {
  return value % divisor + (value % divisor < 0 ? divisor : 0);
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::string padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

// Reads digits from the front of a text. The largest number of digits keeps values far from overflow.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<int> number(std::size_t most_digits) {
    std::size_t length = 0;
    int value = 0;
    while (length < text_.size() && length < most_digits && text_[length] >= '0' && text_[length] <= '9') {
      value = value * 10 + (text_[length++] - '0');
    }
    text_.remove_prefix(length);
    digits_ = length;
    return length > 0 ? std::optional(value) : std::nullopt;
  }
  bool skip(std::string_view token) {
    if (!text_.starts_with(token)) {
      return false;
    }
    text_.remove_prefix(token.size());
    return true;
  }
  void skip_blanks() { text_ = trim(text_); }
  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const { return text_; }
  [[nodiscard]] std::size_t digits() const { return digits_; }  // of the number read last

 private:
  std::string_view text_;
  std::size_t digits_ = 0;
};

std::optional<Date> take_compact_date(Reader& reader) {  // 20261121
  Reader copy = reader;
  const auto number = copy.number(8);
  if (!number || copy.digits() != 8) {
    return std::nullopt;
  }
  reader = copy;
  return Date{*number / 10000, *number / 100 % 100, *number % 100};
}

std::optional<Date> take_separated_date(Reader& reader) {
  const auto year = reader.number(4);
  if (!year || reader.digits() != 4) {
    return std::nullopt;
  }
  reader.skip_blanks();
  static constexpr std::array<std::array<std::string_view, 2>, 4> separators = {
      {{"-", "-"}, {"/", "/"}, {".", "."}, {"年", "月"}}};
  for (const auto& [first, second] : separators) {
    if (!reader.skip(first)) {
      continue;
    }
    reader.skip_blanks();
    const auto month = reader.number(2);
    reader.skip_blanks();
    if (!month || !reader.skip(second)) {
      return std::nullopt;
    }
    reader.skip_blanks();
    const auto day = reader.number(2);
    if (!day) {
      return std::nullopt;
    }
    if (first == "年") {
      reader.skip_blanks();
      static_cast<void>(reader.skip("日") || reader.skip("号"));
    }
    return Date{*year, *month, *day};
  }
  return std::nullopt;
}

std::optional<Date> take_date(Reader& reader) {
  auto date = take_compact_date(reader);
  if (!date) {
    date = take_separated_date(reader);
  }
  return date && is_valid(*date) ? date : std::nullopt;
}

// Excel counts days from 1899-12-31 and believes that 1900 was a leap year.
std::optional<Date> date_from_serial(std::string_view text) {
  Reader reader(text);
  const auto serial = reader.number(7);
  if (!serial || *serial < 1 || *serial == 60 || *serial > 2'958'465) {
    return std::nullopt;
  }
  if (reader.skip(".") && !reader.number(9)) {  // the fraction is the time of day
    return std::nullopt;
  }
  reader.number(9);
  return reader.at_end() ? std::optional(date_from_days(*serial - (*serial < 60 ? 25'568 : 25'569))) : std::nullopt;
}

// Milliseconds since midnight of "0:30", "00:30:15.250", "下午 3:05", "3:05 PM".
std::optional<std::int64_t> take_time(Reader& reader) {
  bool afternoon = reader.skip("下午") || reader.skip("晚上");
  bool morning = !afternoon && (reader.skip("上午") || reader.skip("凌晨"));
  reader.skip_blanks();
  auto hour = reader.number(2);
  if (!hour || !reader.skip(":")) {
    return std::nullopt;
  }
  const auto minute = reader.number(2);
  const auto second = reader.skip(":") ? reader.number(2) : std::optional(0);
  if (!minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  std::int64_t fraction_ms = 0;
  if (reader.skip(".")) {
    auto fraction = reader.number(3);
    if (!fraction) {
      return std::nullopt;
    }
    for (std::size_t digits = reader.digits(); digits < 3; ++digits) {
      *fraction *= 10;
    }
    fraction_ms = *fraction;
    reader.number(9);
  }
  Reader behind = reader;
  behind.skip_blanks();
  for (const auto& [mark, is_afternoon] : {std::pair{"PM", true}, {"pm", true}, {"AM", false}, {"am", false}}) {
    if (behind.skip(mark)) {
      (is_afternoon ? afternoon : morning) = true;
      reader = behind;
      break;
    }
  }
  if (afternoon && *hour < 12) {
    *hour += 12;
  } else if (morning && *hour == 12) {
    *hour = 0;
  }
  return ((*hour * 60LL + *minute) * 60 + *second) * 1000 + fraction_ms;
}

// How far the zone behind a time is from China's: Z, +08:00, +0800, -05; 0 when none is named. Empty for what is no zone.
std::optional<std::int64_t> take_zone(Reader& reader) {
  reader.skip_blanks();
  if (reader.at_end()) {
    return 0;
  }
  if (reader.skip("Z") || reader.skip("UTC") || reader.skip("GMT")) {
    return reader.at_end() ? std::optional(china_offset_ms) : std::nullopt;
  }
  const bool west = reader.skip("-");
  if (!west && !reader.skip("+")) {
    return std::nullopt;
  }
  const auto hours = reader.number(2);
  const auto minutes = reader.skip(":") || !reader.at_end() ? reader.number(2) : std::optional(0);
  constexpr int farthest_hours = 14;
  if (!hours || !minutes || *hours > farthest_hours || *minutes > 59 || !reader.at_end()) {
    return std::nullopt;
  }
  const std::int64_t offset = (*hours * 60LL + *minutes) * 60'000;
  return china_offset_ms - (west ? -offset : offset);
}

std::unexpected<Error> not_a_date(std::string_view text) {
  return fail(ErrorKind::invalid_input, "“{}”不是日期，请写成 2026-11-21", "“{}” is not a date; write it as 2026-11-21", {text});
}

}  // namespace

int days_in_month(int year, int month) {
  static constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool is_valid(const Date& date) {
  return date.year >= 1000 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
}

Result<Date> parse_date(std::string_view text, bool spreadsheet) {
  const std::string normal = half_width(text);
  Reader reader(trim(normal));
  if (const auto date = take_date(reader)) {
    if (reader.at_end()) {
      return *date;
    }
    reader.skip("T");
    reader.skip_blanks();
    const auto time = spreadsheet ? take_time(reader) : std::nullopt;
    const auto zone = time ? take_zone(reader) : std::nullopt;
    if (zone) {
      return local_date(local_midnight(*date) + *time + *zone);  // the day that it was in China
    }
  } else if (spreadsheet) {
    if (const auto from_serial = date_from_serial(trim(normal))) {
      return *from_serial;
    }
  }
  return not_a_date(text);
}

std::string iso_date(const Date& date) {
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

// Howard Hinnant's days_from_civil and its inverse: years begin in March, so that the leap day comes last.
std::int64_t days_since_epoch(const Date& date) {
  const std::int64_t year = std::int64_t{date.year} - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

Date date_from_days(std::int64_t days) {
  constexpr std::int64_t farthest = 200'000'000'000;  // keeps the year within int whatever comes in
  days = std::clamp(days, -farthest, farthest) + 719'468;
  const std::int64_t era = floor_divide(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int>(year), static_cast<int>(month), static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

int weekday(const Date& date) {
  const std::int64_t days = days_since_epoch(date) + 3;  // 1970-01-01 was a Thursday
  return static_cast<int>(floor_modulo(days, 7)) + 1;
}

Date add_months(const Date& date, int months) {
  const std::int64_t count = date.year * 12LL + date.month - 1 + months;
  const auto year = static_cast<int>(floor_divide(count, 12));
  const auto month = static_cast<int>(floor_modulo(count, 12)) + 1;
  return {year, month, std::min(date.day, days_in_month(year, month))};
}

Date local_date(std::int64_t milliseconds_utc) {
  // Divided before the offset is added, so that no instant overflows.
  const std::int64_t day = floor_divide(milliseconds_utc, milliseconds_per_day);
  const std::int64_t rest = floor_modulo(milliseconds_utc, milliseconds_per_day);
  return date_from_days(day + (rest + china_offset_ms >= milliseconds_per_day ? 1 : 0));
}

std::int64_t local_midnight(const Date& date) { return days_since_epoch(date) * milliseconds_per_day - china_offset_ms; }

std::string format_date_time(std::int64_t milliseconds_utc) {
  const std::int64_t of_day = (floor_modulo(milliseconds_utc, milliseconds_per_day) + china_offset_ms) % milliseconds_per_day;
  const std::int64_t minutes = of_day / 60'000;
  return iso_date(local_date(milliseconds_utc)) + " " + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2);
}

Result<std::int64_t> parse_date_time(std::string_view text) {
  const std::string normal = half_width(text);
  Reader reader(trim(normal));
  const auto date = take_date(reader);
  if (!date) {
    return not_a_date(text);
  }
  reader.skip("T");
  reader.skip_blanks();
  if (reader.at_end()) {
    return local_midnight(*date);
  }
  const auto time = take_time(reader);
  const auto zone = time ? take_zone(reader) : std::nullopt;
  if (!zone) {
    return fail(ErrorKind::invalid_input, "“{}”不是时间，请写成 2026-11-21 09:30",
                "“{}” is not a date and time; write it as 2026-11-21 09:30", {text});
  }
  return local_midnight(*date) + *time + *zone;
}

namespace {

struct TimeUnit {
  std::string_view zh, en;
};

std::string count_of(std::int64_t count, const TimeUnit& unit, bool future, bool chinese) {
  const std::string number = std::to_string(count);
  if (chinese) {
    return number + " " + std::string(unit.zh) + (future ? "后" : "前");
  }
  const std::string text = number + " " + std::string(unit.en) + (count == 1 ? "" : "s");
  return future ? "in " + text : text + " ago";
}

}  // namespace

std::string relative_time(std::int64_t then, std::int64_t now, bool chinese) {
  constexpr std::int64_t farthest = 4'000'000'000'000'000;  // differences below stay far from overflow
  then = std::clamp(then, -farthest, farthest);
  now = std::clamp(now, -farthest, farthest);
  const bool future = then > now;
  const std::int64_t minutes = (future ? then - now : now - then) / 60'000;
  const std::int64_t days_apart = days_since_epoch(local_date(then)) - days_since_epoch(local_date(now));
  const std::int64_t days = future ? days_apart : -days_apart;
  if (minutes < 1) {
    return chinese ? "刚刚" : "just now";
  }
  if (minutes < 60) {
    return count_of(minutes, {"分钟", "minute"}, future, chinese);
  }
  if (days == 0) {
    return count_of(minutes / 60, {"小时", "hour"}, future, chinese);
  }
  if (days == 1) {
    return future ? (chinese ? "明天" : "tomorrow") : (chinese ? "昨天" : "yesterday");
  }
  if (days < 31) {
    return count_of(days, {"天", "day"}, future, chinese);
  }
  if (days < 365) {
    return count_of(days / 30, {"个月", "month"}, future, chinese);
  }
  return count_of(days / 365, {"年", "year"}, future, chinese);
}

}  // namespace kehubu
