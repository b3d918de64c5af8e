// A small file may bring a question about thousands of records: what is written out of it is bounded, and the rest is counted.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <span>

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

// Pages of the database that are looked at meanwhile.
template <typename Work>
int pages_read(TestDevice& device, Work work) {
  int pages = 0, most = 0;
  sqlite3_db_status(device.store().connection(), SQLITE_DBSTATUS_CACHE_HIT, &pages, &most, 1);
  work();
  sqlite3_db_status(device.store().connection(), SQLITE_DBSTATUS_CACHE_HIT, &pages, &most, 1);
  return pages;
}

}  // namespace

TEST_CASE("counting questions looks at those that may be part of another one, and at no other") {
  TestDevice one{1, "办公室"}, other{2, "平板"};
  std::vector<Id> rows;
  for (std::int64_t number = 0; number < 600; ++number) {
    rows.push_back(one.create("customer", {{"code", "K-" + std::to_string(number)}, {"name", "客户"}}, as_it_is));
  }
  exchange({&one, &other});
  for (const Id& row : rows) {
    one.edit("customer", row, {{"grade", "a"}}, as_it_is);
    other.edit("customer", row, {{"grade", "b"}}, as_it_is);
  }
  exchange({&one, &other});
  const int of_rows = pages_read(one, [&] {
    CHECK(sqlite3_exec(one.store().connection(), "SELECT count(*) FROM conflict", nullptr, nullptr, nullptr) == SQLITE_OK);
  });
  const int of_counting = pages_read(one, [&] { CHECK(one.sync().conflict_count().value() == 600); });
  CHECK(of_counting <= of_rows + 10);
  one.edit("customer", rows[0], {{"payment_term", "net_days"}, {"term_days", std::int64_t{5}}}, as_it_is);
  other.edit("customer", rows[0], {{"payment_term", "bill_days"}, {"term_days", std::int64_t{7}}}, as_it_is);
  exchange({&one, &other});
  CHECK(one.sync().conflict_count().value() == 601);
  CHECK(one.conflicts().size() == 601);
}

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
