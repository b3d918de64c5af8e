// Days as spreadsheets and programs write them. What names no day for certain is none.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

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

// 〇 … 九 at the front; their size, and 10 for 十.
std::pair<int, std::size_t> hanzi_digit(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 13> digits = {{{"〇", 0}, {"○", 0}, {"零", 0}, {"一", 1}, {"二", 2}, {"三", 3}, {"四", 4},
                                                                               {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}, {"十", 10}}};
  const auto* found = std::ranges::find_if(digits, [text](const auto& digit) { return text.starts_with(digit.first); });
  return found == digits.end() ? std::pair(0, std::size_t{0}) : std::pair(found->second, found->first.size());
}

// 二〇二四年三月二十一日 → 2024年3月21日. A day of the old calendar, 正月初五, keeps its letters and is none.
std::string with_figures(std::string_view text) {
  std::string figures;
  while (!text.empty()) {
    std::string digits;
    int tens = -1;
    for (auto [digit, size] = hanzi_digit(text); size > 0; std::tie(digit, size) = hanzi_digit(text)) {
      if (digit == 10) {
        tens = digits.empty() ? 1 : digits.back() - '0';
        digits.clear();
      } else {
        digits += static_cast<char>('0' + digit);
      }
      text.remove_prefix(size);
    }
    figures += tens < 0 ? digits : std::to_string(tens) + (digits.empty() ? "0" : digits);
    if (!text.empty()) {
      figures += text.front();
      text.remove_prefix(1);
    }
  }
  return figures;
}

// 民国113年3月5日 → 2024年3月5日.
std::string in_our_years(std::string text) {
  for (const std::string_view era : {"中华民国", "中華民國", "民国", "民國"}) {
    const std::size_t end = text.starts_with(era) ? std::min(text.find_first_not_of("0123456789", era.size()), text.size()) : 0;
    constexpr std::size_t most_digits = 3;
    constexpr int first_year = 1911;
    if (end > era.size() && end - era.size() <= most_digits) {
      int year = 0;
      for (const char digit : text.substr(era.size(), end - era.size())) {
        year = year * 10 + (digit - '0');
      }
      return std::to_string(year + first_year) + text.substr(end);
    }
  }
  return text;
}

// Mar 5, 2024 and 5-March-2024: which number is the year and which the day is certain.
std::optional<Date> day_with_named_month(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months = {"january", "february", "march",     "april",   "may",      "june",
                                                              "july",    "august",   "september", "october", "november", "december"};
  std::string year, day;
  int month = 0, parts = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,-/."), text.size());
    const std::string part = fold(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty()) {
      continue;
    }
    ++parts;
    constexpr std::size_t shortest = 3;
    const auto* named = std::ranges::find_if(months, [&part](std::string_view name) { return part.size() >= shortest && name.starts_with(part); });
    const bool number = std::ranges::all_of(part, is_digit);
    if (named != months.end()) {
      month = static_cast<int>(named - months.begin()) + 1;
    } else if (number && part.size() == 4) {
      year = part;
    } else if (number && part.size() <= 2) {
      day = part;
    }
  }
  const bool whole = parts == 3 && month > 0 && !year.empty() && !day.empty();
  const auto date = whole ? parse_date(year + "-" + std::to_string(month) + "-" + day) : fail(ErrorKind::invalid_input, "", "");
  return date ? std::optional(*date) : std::nullopt;
}

}  // namespace

// 1709568000000 and 1709568000, as programs count: of this half century.
std::optional<std::int64_t> milliseconds_of(std::string_view digits) {
  constexpr std::size_t of_seconds = 10, of_milliseconds = 13;
  constexpr std::int64_t year_2000 = 946'684'800'000, year_2050 = 2'524'608'000'000;
  if ((digits.size() != of_seconds && digits.size() != of_milliseconds) || !std::ranges::all_of(digits, is_digit)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char digit : digits) {
    value = value * 10 + (digit - '0');
  }
  value *= digits.size() == of_seconds ? 1000 : 1;
  return value >= year_2000 && value < year_2050 ? std::optional(value) : std::nullopt;
}

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
    const auto instant = milliseconds_of(text);
    return instant ? std::optional(local_date(*instant)) : compact_day(text);
  }
  if (text.find_first_not_of("0123456789.") == std::string::npos && text.find('.') == text.rfind('.')) {
    return std::nullopt;  // 2024.5 is a month, or a number
  }
  std::string plain = without_weekday(text);
  plain = plain.contains("月") ? in_our_years(with_figures(plain)) : plain;
  if (const auto date = parse_date(plain)) {
    return *date;
  }
  const bool has_letters = std::ranges::any_of(plain, [](char letter) { return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'); });
  if (const auto date = has_letters ? day_with_named_month(plain) : std::nullopt) {
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
