// The rules of opportunities and contracts, example by example: R-OPP-01, R-OPP-02, R-LEV, R-SAL-01.
#include <doctest/doctest.h>

#include "core/rules/areas.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

Value value(StoreFixture& fixture, const Entity& entity, const Id& id, std::string_view field) {
  return fixture.read(entity, id).value(field);
}

}  // namespace

TEST_CASE("R-LEV-01 and R-LEV-02: the level that odds and date suggest") {
  for (const auto& [odds, level] : std::initializer_list<std::pair<std::int64_t, const char*>>{
           {8000, "o"}, {7500, "o"}, {6000, "a"}, {5000, "a"}, {4900, "b"}, {2500, "b"}, {2400, "c"}, {1500, "c"}, {1000, "c"}, {0, "none"}}) {
    CAPTURE(odds);
    CHECK(suggested_level(odds, "2026-12-11", "2026-11-21") == level);
  }
  CHECK(suggested_level(8000, "2026-12-11", "2026-11-21") == "o");
  CHECK(suggested_level(8000, "2027-01-20", "2026-11-21") == "b");
  CHECK(suggested_level(8000, "2027-03-21", "2026-11-21") == "c");
  CHECK(suggested_level(8000, "", "2026-11-21") == "c");
}

TEST_CASE("R-OPP-01 odds follow the stage unless typed") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id id = fixture.create(catalog::opportunity, {{"topic", "换供应商"}, {"customer", customer}, {"stage", "needs"}, {"amount", 20'000'000}});
  CHECK(value(fixture, catalog::opportunity, id, "probability") == Value(std::int64_t{2500}));
  CHECK(value(fixture, catalog::opportunity, id, "weighted") == Value(std::int64_t{5'000'000}));
  CHECK(value(fixture, catalog::opportunity, id, "opp_no") == Value(std::string("J-R07A-261120-001")));
  CHECK(value(fixture, catalog::customer, customer, "intent_level") == Value(std::string("c")));
  fixture.environment.wall_ms += 3LL * 24 * 3600 * 1000;
  CHECK(value(fixture, catalog::opportunity, id, "days_in_stage") == Value(std::int64_t{3}));
  REQUIRE(fixture.write(catalog::opportunity, id, {{"stage", "quoted"}, {"expected_close", "2026-12-01"}}));
  CHECK(value(fixture, catalog::opportunity, id, "probability") == Value(std::int64_t{5000}));
  CHECK(value(fixture, catalog::opportunity, id, "stage_since") == Value(std::string("2026-11-23")));
  CHECK(value(fixture, catalog::opportunity, id, "level") == Value(std::string("a")));
  REQUIRE(fixture.write(catalog::opportunity, id, {{"level", "o"}}));
  CHECK(value(fixture, catalog::opportunity, id, "level") == Value(std::string("o")));
}

TEST_CASE("R-OPP-02 transitions") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id id = fixture.create(catalog::opportunity, {{"topic", "换供应商"}, {"customer", customer}, {"stage", "quoted"}, {"expected_close", "2026-12-01"}});
  const auto refusal = [&](const GivenFields& fields) {
    const auto written = fixture.write(catalog::opportunity, id, fields);
    return written ? std::string() : written.error().message.zh;
  };
  CHECK(refusal({{"stage", "won"}, {"closed_on", "2026-11-20"}}) == "没有执行中的合同或有效订单，不能标记为成交");
  CHECK(refusal({{"stage", "lost"}, {"closed_on", "2026-11-20"}}) == "流失原因不能为空\n流失原因分析不能为空");
  CHECK(refusal({{"stage", "needs"}}) == "退回较早的阶段需在备注中写明原因");
  CHECK(refusal({{"stage", "needs"}, {"remark", "需求变了"}}).empty());
  fixture.create(catalog::contract, {{"contract_no", "HT1"}, {"customer", customer}, {"opportunity", id}, {"status", "active"}, {"signed_on", "2026-11-19"}});
  CHECK(refusal({{"stage", "won"}, {"closed_on", "2026-11-20"}}).empty());
  CHECK(refusal({{"stage", "quoted"}}) == "已成交或流失的机会只能由销售部经理重新打开");
  CHECK(value(fixture, catalog::customer, customer, "has_contract") == Value(std::int64_t{1}));
  CHECK(is_null(value(fixture, catalog::customer, customer, "intent_level")));
}

TEST_CASE("R-LEV-03 a customer has the best level of its open opportunities") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  fixture.create(catalog::opportunity, {{"topic", "一"}, {"customer", customer}, {"level", "c"}});
  const Id better = fixture.create(catalog::opportunity, {{"topic", "二"}, {"customer", customer}, {"level", "a"}});
  CHECK(value(fixture, catalog::customer, customer, "intent_level") == Value(std::string("a")));
  REQUIRE(fixture.write(catalog::opportunity, better, {{"stage", "lost"}, {"closed_on", "2026-11-20"}, {"lost_reason", "price"}, {"lost_analysis", "价格高出竞品一成"}}));
  CHECK(value(fixture, catalog::customer, customer, "intent_level") == Value(std::string("c")));
}

TEST_CASE("interaction.level_after: the level found at a contact is the opportunity's") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id opportunity = fixture.create(catalog::opportunity, {{"topic", "一"}, {"customer", customer}});
  fixture.create(catalog::interaction, {{"customer", customer}, {"opportunity", opportunity}, {"occurred_at", fixture.environment.wall_ms}, {"kind", "phone"},
                                        {"contact_text", "张三"}, {"level_after", "a"}});
  CHECK(value(fixture, catalog::opportunity, opportunity, "level") == Value(std::string("a")));
}

TEST_CASE("R-SAL-01 amounts of lines and the contract's total") {
  StoreFixture fixture;
  const auto [contract, line] = fixture.make_contract();
  CHECK(value(fixture, catalog::contract_line, line, "amount") == Value(std::int64_t{426'000}));
  const Id product = id_or_empty(value(fixture, catalog::contract_line, line, "product"));
  const Id second = fixture.create(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 10'000}, {"unit_price", 1280}});
  CHECK(value(fixture, catalog::contract_line, second, "line_no") == Value(std::int64_t{2}));
  CHECK(value(fixture, catalog::contract, contract, "total") == Value(std::int64_t{438'800}));
  const Id third = fixture.create(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 2500}, {"unit_price", 1999}});
  CHECK(value(fixture, catalog::contract_line, third, "amount") == Value(std::int64_t{4998}));
  CHECK(fixture.refusal(catalog::contract_line, {{"contract", contract}, {"line_no", 2}, {"product", product}, {"qty", 1000}}) == "行号重复");
  // An amount that is no number any more would be left out of the total without a word.
  const std::int64_t most = largest_integer / 1000;
  CHECK(fixture.refusal(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", largest_integer}, {"unit_price", largest_integer}}) == "数量乘单价最多 90,071,992,547.40，请核对");
  CHECK(fixture.refusal(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 1000}, {"unit_price", most + 1}}) != "");
  CHECK(fixture.refusal(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 1000}, {"unit_price", most}}) == "");
  CHECK(fixture.refusal(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 0}}) == "产品/服务数量必须大于 0");
}

TEST_CASE("contract.validity, contract.signed, contract.rebate, contract.returns, contract.term_of_customer: what belongs together is there") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"payment_term", "net_days"}, {"term_days", 30}});
  const auto refusal = [&](GivenFields fields) {
    fields.insert(fields.begin(), {"customer", customer});
    return fixture.refusal(catalog::contract, fields);
  };
  CHECK(refusal({{"start_on", "2026-12-01"}, {"end_on", "2026-11-01"}}) == "有效期止不能早于有效期起");
  CHECK(refusal({{"status", "active"}}) == "合同日期不能为空");
  CHECK(refusal({{"rebate_kind", "conditional"}}) == "返利比例不能为空\n返利条件销售额不能为空");
  CHECK(refusal({{"returns_allowed", 1}}) == "退换约定期限不能为空");
  const Id contract = fixture.create(catalog::contract, {{"customer", customer}});
  CHECK(value(fixture, catalog::contract, contract, "term_days") == Value(std::int64_t{30}));
  CHECK(value(fixture, catalog::contract, contract, "contract_no") == Value(std::string("HT-R07A-261120-001")));
}

TEST_CASE("contract.steps: from draft to approval to force to its end, and a refusal says where it may go") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id contract = fixture.create(catalog::contract, {{"customer", customer}});
  const auto refusal = [&](GivenFields fields) {
    const auto written = fixture.write(catalog::contract, contract, fields);
    return written ? std::string() : written.error().message.zh;
  };
  const auto english = [&](const char* status) { return fixture.write(catalog::contract, contract, {{"status", status}}).error().message.en; };
  CHECK(refusal({{"status", "active"}, {"signed_on", "2026-11-20"}}) == "合同状态不能从“草稿”改为“执行中”，只能改为“待审批”");
  CHECK(english("completed").starts_with("The state cannot go from “Draft” to “Completed”, only to “Waiting for approval”"));
  CHECK(refusal({{"status", "pending_approval"}}).empty());
  CHECK(refusal({{"status", "draft"}}) == "合同状态不能从“待审批”改为“草稿”，只能改为“执行中”");
  CHECK(refusal({{"status", "active"}, {"signed_on", "2026-11-20"}}).empty());
  CHECK(refusal({{"status", "draft"}}) == "合同状态不能从“执行中”改为“草稿”，只能改为“已完成”、“已终止”");
  CHECK(refusal({{"status", "expired"}}) == "“已到期”由有效期止自动得出，不能手工填写");
  CHECK(refusal({{"remark", "续签再谈"}}).empty());
  CHECK(refusal({{"status", "terminated"}}).empty());
  CHECK(refusal({{"status", "active"}}) == "合同“已终止”，状态不能再改");
  CHECK(english("active").starts_with("A contract that is “Terminated” does not change its state any more"));
}

TEST_CASE("a contract in force whose last day has passed is shown as expired, and can still be ended") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  // Signed on paper before: entered as it stands.
  const Id contract = fixture.create(catalog::contract, {{"customer", customer}, {"status", "active"}, {"signed_on", "2026-01-05"}, {"end_on", "2026-11-20"}});
  CHECK(value(fixture, catalog::contract, contract, "status_now") == Value(std::string("active")));
  fixture.environment.wall_ms += 24LL * 3600 * 1000;
  CHECK(value(fixture, catalog::contract, contract, "status_now") == Value(std::string("expired")));
  CHECK(value(fixture, catalog::contract, contract, "status") == Value(std::string("active")));
  CHECK(fixture.write(catalog::contract, contract, {{"status", "completed"}}));
}

TEST_CASE("merging brings any state that others wrote: rules judge what is done here") {
  StoreFixture here(31), there(32);
  const Id customer = here.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id contract = here.create(catalog::contract, {{"customer", customer}, {"status", "active"}, {"signed_on", "2026-01-05"}});
  carry(*here.store, *there.store);
  REQUIRE(there.write(catalog::contract, contract, {{"status", "draft"}}, {.skip_validation = true}));  // an older program let that pass
  carry(*there.store, *here.store);
  carry(*here.store, *there.store);
  CHECK(value(here, catalog::contract, contract, "status") == Value(std::string("draft")));
  CHECK(here.store->table_hash().value() == there.store->table_hash().value());
}

}  // namespace kehubu::test
