// Days as spreadsheets and programs write them. What names no day for certain is none.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/importing/cells.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// The number of days of a serial number, whose fraction is the time of day; empty when the cell is no number of five digits.
// Fewer digits would be a year, a month or a mistake; more would be 202405 or 20240105.
std::optional<std::int64_t> serial_days(std::string_view cell) {
  constexpr std::size_t digits = 5;
  const std::size_t point = std::min(cell.find('.'), cell.size());
  const bool fraction = point == cell.size() || (point + 1 < cell.size() && std::ranges::all_of(cell.substr(point + 1), is_digit));
  if (point != digits || !std::ranges::all_of(cell.substr(0, point), is_digit) || !fraction) {
    return std::nullopt;
  }
  std::int64_t days = 0;
  for (const char digit : cell.substr(0, point)) {
    days = days * 10 + (digit - '0');
  }
  return days;
}

std::optional<Date> date_of_serial(std::int64_t days, bool serial_dates) {
  constexpr std::int64_t year_1927 = 10'000;
  constexpr std::int64_t year_1990 = 32'874;
  constexpr std::int64_t year_2050 = 54'789;
  constexpr std::int64_t year_2099 = 73'050;
  constexpr std::int64_t epoch = 25'569;  // 1970-01-01 as Excel counts
  const bool plausible = serial_dates ? days >= year_1927 && days <= year_2099 : days >= year_1990 && days < year_2050;
  return plausible ? std::optional(date_from_days(days - epoch)) : std::nullopt;
}

// Without what repeats the day: 星期五, 周五, (五), Fri.
std::string without_weekday(std::string_view text) {
  std::string rest(text);
  static constexpr std::array<std::string_view, 9> openings = {"(星期", "（星期", "(周", "（周", "星期", "礼拜", "周", "(", "（"};
  static constexpr std::array<std::string_view, 8> days = {"一", "二", "三", "四", "五", "六", "日", "天"};
  for (const std::string_view opening : openings) {
    const std::size_t found = rest.find(opening);
    if (found == std::string::npos) {
      continue;
    }
    std::string_view behind = std::string_view(rest).substr(found + opening.size());
    const auto* day = std::ranges::find_if(days, [behind](std::string_view name) { return behind.starts_with(name); });
    if (day == days.end()) {
      continue;
    }
    behind.remove_prefix(day->size());
    for (const std::string_view closing : {")", "）"}) {
      behind.remove_prefix(behind.starts_with(closing) ? closing.size() : 0);
    }
    return std::string(trim(rest.substr(0, found) + " " + std::string(trim(behind))));
  }
  return rest;
}

// 20240105 alone and 20240105093000, as ERP programs write them.
std::optional<Date> compact_day(std::string_view text) {
  constexpr std::size_t day_digits = 8;
  if ((text.size() != day_digits && text.size() != 12 && text.size() != 14) || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  const auto date = parse_date(text.substr(0, day_digits));
  const std::string_view time = text.substr(day_digits);
  const bool possible = time.empty() || (time.substr(0, 2) < "24" && time.substr(2, 2) < "60" && (time.size() == 4 || time.substr(4) < "60"));
  constexpr int earliest = 1900;
  return date && possible && date->year >= earliest && date->year < 2100 ? std::optional(*date) : std::nullopt;
}

}  // namespace

bool is_serial_day(std::string_view cell) {
  const auto days = serial_days(trim(cell));
  return days && date_of_serial(*days, true).has_value();
}

std::optional<Date> read_day(std::string_view cell, bool serial_dates) {
  const std::string text(trim(half_width(cell)));
  if (text.size() < 5 || text.size() > 60) {
    return std::nullopt;
  }
  if (const auto days = serial_days(text)) {
    return date_of_serial(*days, serial_dates);
  }
  if (std::ranges::all_of(text, is_digit)) {
    return compact_day(text);
  }
  if (text.find_first_not_of("0123456789.") == std::string::npos && text.find('.') == text.rfind('.')) {
    return std::nullopt;  // 2024.5 is a month, or a number
  }
  const std::string plain = without_weekday(text);
  if (const auto date = parse_date(plain)) {
    return *date;
  }
  // With a time of day, and perhaps a zone: the day that it was in China.
  const auto instant = parse_date_time(plain);
  return instant ? std::optional(local_date(*instant)) : std::nullopt;
}

bool looks_like_date(std::string_view cell) {
  const std::string_view text = trim(cell);
  const bool digits_only = text.find_first_not_of("0123456789.") == std::string_view::npos && std::ranges::count(text, '.') < 2;
  return text.size() >= 8 && !digits_only && read_day(text, false).has_value();
}

bool looks_like_day(std::string_view cell) { return read_day(cell, true).has_value(); }

}  // namespace kehubu
