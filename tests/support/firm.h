// Three who share a contract, and what each of them is told of what the others decide.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/test_device.h"

namespace kehubu::test {

inline constexpr WriteOptions as_it_is{.skip_validation = true};

// 赵工 in the office, 王敏 and 李强 on the road, and a contract that all of them know.
struct Firm {
  TestDevice office{1, "办公室"};
  TestDevice tablet{2, "王敏的平板"};
  TestDevice other{3, "李强的平板"};
  Id customer, product, contract, line;

  Firm() {
    const Id zhao = office.create("employee", {{"code", "HQ1"}, {"name", "赵工"}}, as_it_is);
    const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is);
    const Id li = office.create("employee", {{"code", "R15"}, {"name", "李强"}}, as_it_is);
    office.use_as(zhao);
    tablet.use_as(wang);
    other.use_as(li);
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"grade", "d"}}, as_it_is);
    product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度合同"}, {"customer", customer}, {"status", "active"}}, as_it_is);
    line = add_line(office, 1, 10'000);
    share();
  }
  Id add_line(TestDevice& device, std::int64_t number, std::int64_t quantity) {
    return device.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", quantity}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  }
  void share() { exchange({&office, &tablet, &other}); }
};

// The contract is in force, at ¥1,000.
struct FirmInForce : Firm {
  FirmInForce() {
    office.edit("contract", contract, {{"status", "active"}});
    share();
  }
};

inline std::size_t side_that(const Conflict& conflict, bool removes) {
  const auto found = std::ranges::find(conflict.sides, removes, &ConflictSide::removed);
  REQUIRE(found != conflict.sides.end());
  return static_cast<std::size_t>(found - conflict.sides.begin());
}

inline std::size_t side_of(const Conflict& conflict, std::string_view person) {
  const auto found = std::ranges::find_if(conflict.sides, [&](const ConflictSide& side) { return side.authors.front().person_name == person; });
  REQUIRE(found != conflict.sides.end());
  return static_cast<std::size_t>(found - conflict.sides.begin());
}

inline std::vector<std::string> told(TestDevice& device) {
  std::vector<std::string> texts;
  const auto concerns = device.sync().concerns();
  REQUIRE(concerns.has_value());
  for (const Sync::Concern& concern : *concerns) {
    CHECK_FALSE(concern.text.en.empty());
    texts.push_back(concern.text.zh);
  }
  return texts;
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline void decide(TestDevice& device, std::size_t side) {
  const std::vector<Conflict> open = device.conflicts();
  REQUIRE(open.size() == 1);
  REQUIRE(device.sync().resolve(open.front(), side).has_value());
}

}  // namespace kehubu::test
