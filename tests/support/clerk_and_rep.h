// A clerk in the office and a rep on the road, for tests of what becomes of a question that both raise.
#pragma once

#include "tests/support/test_device.h"

namespace kehubu::test {

inline constexpr WriteOptions as_it_is{.skip_validation = true};

// Two who know one customer and one contract, and differ about the customer's grade.
struct ClerkAndRep {
  TestDevice clerk{1, "刘芳的电脑"}, rep{2, "王敏的平板"};
  Id liu, wang, customer, contract, line;

  ClerkAndRep() {
    liu = clerk.create("employee", {{"code", "R02"}, {"name", "刘芳"}, {"login_name", "liu"}}, as_it_is);
    wang = clerk.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    clerk.use_as(liu);
    rep.use_as(wang);
    customer = clerk.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"phone", "0755-1"}}, as_it_is);
    const Id product = clerk.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    contract = clerk.create("contract", {{"contract_no", "HT-118"}, {"title", "年度供货"}, {"customer", customer}, {"status", "pending_approval"}}, as_it_is);
    line = clerk.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{100'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    exchange({&clerk, &rep});
  }
  void differ_about_grade() {
    clerk.edit("customer", customer, {{"grade", "a"}});
    rep.edit("customer", customer, {{"grade", "b"}});
  }
  void differ_about_contract() {
    clerk.edit("contract", contract, {{"status", "active"}});
    rep.edit("contract_line", line, {{"qty", std::int64_t{50'000}}});
  }
};

}  // namespace kehubu::test
