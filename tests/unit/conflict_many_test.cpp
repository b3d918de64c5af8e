// A small file may bring a question about thousands of records: what is written out of it is bounded, and the rest is counted.
#include <doctest/doctest.h>

#include "tests/support/firm.h"

namespace kehubu::test {
namespace {

constexpr std::int64_t many = 2'000;
constexpr std::size_t most_sides = 20, most_effects = 20;

std::vector<Id> customers(TestDevice& device) {
  std::vector<Id> rows;
  for (std::int64_t number = 0; number < many; ++number) {
    rows.push_back(device.create("customer", {{"code", "K-" + std::to_string(number)}, {"name", "客户"}}, as_it_is));
  }
  return rows;
}

void check_bounded(TestDevice& device) {
  const std::vector<Conflict> open = device.conflicts();
  REQUIRE(open.size() == 1);
  CHECK(open[0].sides.size() <= most_sides);
  CHECK(open[0].others.size() <= most_sides);
  for (const ConflictSide& side : open[0].sides) {
    CHECK(side.effects.size() <= most_effects);
  }
  CHECK(device.sync().would_open(open[0], 0).value().empty());
  CHECK(open[0].by_hand);
  CHECK_MESSAGE(has(open[0].headline.zh, "等 2000 条记录"), open[0].headline.zh);
  CHECK_MESSAGE(has(open[0].headline.zh, "还有 1980 条没有逐条列出，请打开记录改正。"), open[0].headline.zh);
  CHECK(open[0].headline.zh.size() < 1'000);
  CHECK_FALSE(device.sync().resolve(open[0], 0).has_value());
}

}  // namespace

TEST_CASE("two thousand customers of one code are a question of twenty sides") {
  TestDevice device{1, "办公室"};
  for (std::int64_t number = 0; number < many; ++number) {
    device.create("customer", {{"code", "K-1"}, {"name", "客户"}}, as_it_is);
  }
  check_bounded(device);
}

TEST_CASE("two thousand customers in a ring are a question of twenty sides, the first of which is shown empty") {
  TestDevice device{1, "办公室"};
  const std::vector<Id> rows = customers(device);
  for (std::size_t index = 0; index < rows.size(); ++index) {
    device.edit("customer", rows[index], {{"parent", rows[(index + 1) % rows.size()]}}, as_it_is);
  }
  check_bounded(device);
  const Conflict conflict = device.conflicts().at(0);
  CHECK(conflict.sides.front().stands_now);
  CHECK(conflict.sides.front().cells.front().row == conflict.row);
}

TEST_CASE("two thousand primary contacts of one customer are a question of twenty sides") {
  TestDevice device{1, "办公室"};
  const Id customer = device.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
  for (std::int64_t number = 0; number < many; ++number) {
    device.create("contact", {{"customer", customer}, {"name", "张总"}, {"is_primary", std::int64_t{1}}}, as_it_is);
  }
  check_bounded(device);
}

}  // namespace kehubu::test
