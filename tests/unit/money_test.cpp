// R-GEN-01 … R-GEN-04: how money, quantities and rates are read and written.
#include "core/base/money.h"

#include <doctest/doctest.h>

#include <cstdint>

#include "core/base/value.h"

using namespace kehubu;

TEST_CASE("R-GEN-01: money is fen, shown with two decimals and thousands separators") {
  CHECK(format_money(426000) == "4,260.00");
  CHECK(format_money(-4998) == "-49.98");
  CHECK(format_money(0) == "0.00");
  CHECK(format_money(5) == "0.05");
  CHECK(format_money(100000000) == "1,000,000.00");
  CHECK(format_money(INT64_MIN) == "-92,233,720,368,547,758.08");
}

TEST_CASE("money is read as people write it") {
  CHECK(parse_money("4260") == 426000);
  CHECK(parse_money("4,260.5") == 426050);
  CHECK(parse_money("¥4,260.00") == 426000);
  CHECK(parse_money("￥４，２６０．００") == 426000);
  CHECK(parse_money(" -49.98 元") == -4998);
  CHECK(parse_money("¥-49.98") == -4998);
  CHECK(parse_money("(49.98)") == -4998);
  CHECK(parse_money("−49.98") == -4998);
  CHECK(parse_money("+1") == 100);
  CHECK(parse_money("500万") == 500'000'000);
  CHECK(parse_money("1.25 万元") == 1'250'000);
  CHECK(parse_money("1.2亿") == 12'000'000'000);
  CHECK_FALSE(parse_money("万"));
  CHECK_FALSE(parse_money("1.0000001万"));
  CHECK_FALSE(parse_money("9999999999亿"));
  CHECK(parse_money(".5") == 50);
  CHECK(parse_money("609099.5600") == 60909956);
}

TEST_CASE("what is not money is refused with a sentence") {
  for (const char* text : {"", " ", "abc", "1.2.3", "1,23", "12,3456", ",123", "1,", "-", "¥", "1e5", "--1", "1-", "4 260"}) {
    CAPTURE(text);
    const auto parsed = parse_money(text);
    CHECK_FALSE(parsed);
    CHECK_FALSE(parsed.error().message.en.empty());
  }
  CHECK(parse_money("1.005").error().message.zh == "金额最多两位小数");
  CHECK(parse_money("90071992547409.91") == largest_integer);
  CHECK_FALSE(parse_money("90071992547409.92"));
  CHECK_FALSE(parse_money("999999999999999999999999999999"));
}

TEST_CASE("money in capitals, as cheques want it") {
  CHECK(money_in_capitals(426000) == "肆仟贰佰陆拾元整");
  CHECK(money_in_capitals(426005) == "肆仟贰佰陆拾元零伍分");
  CHECK(money_in_capitals(426050) == "肆仟贰佰陆拾元伍角整");
  CHECK(money_in_capitals(140950) == "壹仟肆佰零玖元伍角整");
  CHECK(money_in_capitals(600714) == "陆仟零柒元壹角肆分");
  CHECK(money_in_capitals(10700053) == "壹拾万柒仟元伍角叁分");
  CHECK(money_in_capitals(1640902) == "壹万陆仟肆佰零玖元零贰分");
  CHECK(money_in_capitals(32504) == "叁佰贰拾伍元零肆分");
  CHECK(money_in_capitals(0) == "零元整");
  CHECK(money_in_capitals(5) == "伍分");
  CHECK(money_in_capitals(50) == "伍角整");
  CHECK(money_in_capitals(-12345) == "负壹佰贰拾叁元肆角伍分");
  CHECK(money_in_capitals(1000000000) == "壹仟万元整");
  CHECK(money_in_capitals(10001000000) == "壹亿零壹万元整");
  CHECK(money_in_capitals(10000000100) == "壹亿零壹元整");
  CHECK(money_in_capitals(INT64_MAX) == "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分");
}

TEST_CASE("R-GEN-02: quantities are thousandths") {
  CHECK(parse_quantity("2.5") == 2500);
  const auto refused = parse_quantity("2.5001");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.zh == "数量最多三位小数");
  CHECK(format_quantity(2500) == "2.5");
  CHECK(format_quantity(1200000) == "1,200");
  CHECK(format_quantity(-1) == "-0.001");
  CHECK(format_quantity(0) == "0");
}

TEST_CASE("R-GEN-03: rates are basis points; a rate of nothing is unknown") {
  CHECK(format_percent(10000) == "100 %");
  CHECK(format_percent(1250) == "12.5 %");
  CHECK(format_percent(7778) == "77.78 %");
  CHECK(parse_percent("95 %") == 9500);
  CHECK(parse_percent("12.5％") == 1250);
  CHECK(parse_percent("95") == 9500);
  CHECK_FALSE(parse_percent("12.345%"));
  CHECK_FALSE(parse_percent("%"));
  CHECK_FALSE(multiply_divide(0, 10000, 0));
}

TEST_CASE("R-GEN-04: one rounding, half away from zero, 128 bits in between") {
  CHECK(multiply_divide(49975, 1, 10) == 4998);  // 49.975 yuan
  CHECK(multiply_divide(9405, 1, 100) == 94);    // 0.9405 yuan
  CHECK(multiply_divide(-5, 1, 10) == -1);       // −0.005 yuan
  CHECK(multiply_divide(5, 1, -10) == -1);
  CHECK(multiply_divide(-5, -1, 10) == 1);
  CHECK(multiply_divide(4, 1, 10) == 0);
  CHECK(multiply_divide(INT64_MAX, INT64_MAX, INT64_MAX) == INT64_MAX);
  CHECK(multiply_divide(INT64_MIN, 1, 1) == INT64_MIN);
  CHECK_FALSE(multiply_divide(INT64_MIN, -1, 1));
  CHECK_FALSE(multiply_divide(INT64_MAX, 2, 1));
  CHECK(multiply_divide(INT64_MIN, INT64_MIN, INT64_MIN) == INT64_MIN);
}

TEST_CASE("a number with a unit of its own: 万元 read as fen") {
  CHECK(parse_fixed("609099.56", 6) == 609099560000);
  CHECK(parse_fixed("24638546086.67", 2) == 2463854608667);
  CHECK(parse_fixed("1.1234567", 6).error().message.zh == "最多六位小数");
}
