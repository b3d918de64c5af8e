#include "core/base/money.h"

#include <array>

#include "core/base/text.h"
#include "core/base/value.h"

namespace kehubu {
namespace {

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint64_t power_of_ten(int exponent) {
  std::uint64_t power = 1;
  while (exponent-- > 0) {
    power *= 10;
  }
  return power;
}

std::string group_by_thousands(std::uint64_t whole) {
  std::string digits = std::to_string(whole);
  for (std::size_t position = digits.size(); position > 3; position -= 3) {
    digits.insert(position - 3, 1, ',');
  }
  return digits;
}

// The value ÷ 10^decimals with at least `shown` decimals, and more only while they are not zero.
std::string format_fixed(std::int64_t value, int decimals, int shown) {
  const std::uint64_t unit = power_of_ten(decimals);
  const std::uint64_t size = magnitude(value);
  std::string fraction = std::to_string(size % unit);
  fraction.insert(0, static_cast<std::size_t>(decimals) - fraction.size(), '0');
  while (fraction.size() > static_cast<std::size_t>(shown) && fraction.back() == '0') {
    fraction.pop_back();
  }
  std::string text = value < 0 ? "-" : "";
  text += group_by_thousands(size / unit);
  return fraction.empty() ? text : text + "." + fraction;
}

// What is left of a number when signs, currency and separators are off.
struct Digits {
  bool negative = false;
  std::string whole;
  std::string fraction;
};

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text = trim(text.substr(prefix.size()));
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) {
    return false;
  }
  text = trim(text.substr(0, text.size() - suffix.size()));
  return true;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Digits in front of the point: all together, or in groups of three after the first.
bool take_whole(std::string_view text, std::string& whole) {
  std::size_t group = 0;
  bool grouped = false;
  for (const char character : text) {
    if (character == ',') {
      if (group == 0 || group > 3 || (grouped && group != 3)) {
        return false;
      }
      grouped = true;
      group = 0;
    } else if (is_digit(character)) {
      whole += character;
      ++group;
    } else {
      return false;
    }
  }
  return !grouped || group == 3;
}

std::optional<Digits> read_digits(std::string_view text) {
  Digits digits;
  if (text.size() > 1 && text.front() == '(' && text.back() == ')') {
    digits.negative = true;
    text = trim(text.substr(1, text.size() - 2));
  }
  // The currency may stand on either side of the sign.
  take_prefix(text, "¥");
  if (take_prefix(text, "-")) {
    digits.negative = !digits.negative;
  } else {
    take_prefix(text, "+");
  }
  take_prefix(text, "¥");
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    digits.fraction = text.substr(point + 1);
  }
  if (!take_whole(text.substr(0, point), digits.whole) || digits.whole.size() + digits.fraction.size() == 0) {
    return std::nullopt;
  }
  for (const char character : digits.fraction) {
    if (!is_digit(character)) {
      return std::nullopt;
    }
  }
  return digits;
}

std::unexpected<Error> too_many_decimals(int decimals) {
  static constexpr std::array<std::string_view, 13> numerals = {"零", "一", "两", "三", "四", "五",   "六",
                                                                "七", "八", "九", "十", "十一", "十二"};
  const std::string zh = "最多" + std::string(numerals[static_cast<std::size_t>(decimals)]) + "位小数";
  return fail(ErrorKind::invalid_input, zh, "at most {} decimals", {std::to_string(decimals)});
}

// Names what the number is in front of a problem: 数量最多三位小数.
Result<std::int64_t> about(Result<std::int64_t> parsed, std::string_view zh, std::string_view en) {
  if (!parsed) {
    parsed.error().message.zh.insert(0, zh);
    parsed.error().message.en = std::string(en) + ": " + parsed.error().message.en;
  }
  return parsed;
}

}  // namespace

Result<std::int64_t> parse_fixed(std::string_view text, int decimals) {
  const std::string normal = half_width(trim(text));
  auto digits = read_digits(normal);
  if (!digits) {
    return fail(ErrorKind::invalid_input, "“{}”不是数字", "“{}” is not a number", {text});
  }
  std::string& fraction = digits->fraction;
  while (fraction.size() > static_cast<std::size_t>(decimals) && fraction.back() == '0') {
    fraction.pop_back();
  }
  if (fraction.size() > static_cast<std::size_t>(decimals)) {
    return too_many_decimals(decimals);
  }
  fraction.resize(static_cast<std::size_t>(decimals), '0');
  std::int64_t value = 0;
  for (const char digit : digits->whole + fraction) {
    value = value * 10 + (digit - '0');
    if (value > largest_integer) {
      return fail(ErrorKind::invalid_input, "数字太大", "the number is too large");
    }
  }
  return digits->negative ? -value : value;
}

std::string format_money(std::int64_t fen) { return format_fixed(fen, 2, 2); }
std::string format_quantity(std::int64_t thousandths) { return format_fixed(thousandths, 3, 0); }
std::string format_percent(std::int64_t basis_points) { return format_fixed(basis_points, 2, 0) + " %"; }

Result<std::int64_t> parse_money(std::string_view text) {
  std::string_view number = trim(text);
  take_suffix(number, "元");
  // 500万 is what people say: as many decimals more as the unit has zeros.
  const int zeros = take_suffix(number, "亿") ? 8 : take_suffix(number, "万") ? 4 : 0;
  return about(parse_fixed(number, 2 + zeros), "金额", "amount");
}

Result<std::int64_t> parse_quantity(std::string_view text) { return about(parse_fixed(text, 3), "数量", "quantity"); }

Result<std::int64_t> parse_percent(std::string_view text) {
  const std::string normal = half_width(text);
  std::string_view number = trim(normal);
  take_suffix(number, "%");
  return about(parse_fixed(number, 2), "百分比", "percentage");
}

namespace {

constexpr std::array<std::string_view, 10> capital_digits = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

// One to four digits: 1005 → 壹仟零伍.
std::string group_in_capitals(std::uint64_t group) {
  static constexpr std::array<std::string_view, 4> places = {"仟", "佰", "拾", ""};
  std::string text;
  bool skipped = false;
  std::uint64_t divisor = 1000;
  for (const std::string_view place : places) {
    const std::uint64_t digit = group / divisor % 10;
    divisor /= 10;
    if (digit == 0) {
      skipped = !text.empty();
      continue;
    }
    text += skipped ? capital_digits[0] : "";
    text += capital_digits[static_cast<std::size_t>(digit)];
    text += place;
    skipped = false;
  }
  return text;
}

// Joins what stands above a unit with what stands below it, with 零 for missing places.
std::string join_parts(const std::string& high, std::string_view unit, const std::string& low, bool gap) {
  return high + std::string(unit) + (gap && !low.empty() ? "零" : "") + low;
}

std::string whole_in_capitals(std::uint64_t whole) {
  if (whole >= 100'000'000) {
    const std::uint64_t low = whole % 100'000'000;
    return join_parts(whole_in_capitals(whole / 100'000'000), "亿", whole_in_capitals(low), low < 10'000'000);
  }
  if (whole >= 10'000) {
    const std::uint64_t low = whole % 10'000;
    return join_parts(group_in_capitals(whole / 10'000), "万", group_in_capitals(low), low < 1'000);
  }
  return group_in_capitals(whole);
}

}  // namespace

std::string money_in_capitals(std::int64_t fen) {
  const std::uint64_t size = magnitude(fen);
  const std::uint64_t yuan = size / 100;
  const std::uint64_t jiao = size / 10 % 10;
  const std::uint64_t last = size % 10;
  std::string text = fen < 0 ? "负" : "";
  if (size == 0) {
    return "零元整";
  }
  if (yuan > 0) {
    text += whole_in_capitals(yuan) + "元";
  }
  if (jiao > 0) {
    text += std::string(capital_digits[static_cast<std::size_t>(jiao)]) + "角";
  } else if (yuan > 0 && last > 0) {
    text += "零";
  }
  return last > 0 ? text + std::string(capital_digits[static_cast<std::size_t>(last)]) + "分" : text + "整";
}

std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor) {
  if (divisor == 0) {
    return std::nullopt;
  }
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(a) * b;
  const bool negative = (product < 0) != (divisor < 0) && product != 0;
  const Wide size = product < 0 ? -product : product;
  const Wide by = divisor < 0 ? -static_cast<Wide>(divisor) : static_cast<Wide>(divisor);
  Wide quotient = size / by;
  if (size % by >= by - size % by) {
    ++quotient;
  }
  const Wide result = negative ? -quotient : quotient;
  if (result > INT64_MAX || result < INT64_MIN) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(result);
}

}  // namespace kehubu
