// What a list may not do: choose between the sides of what waits for a decision, or take a step whose amount nobody saw. The plan says
// so of the row, and the other rows are taken.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/catalog/areas.h"
#include "tests/support/clerk_and_rep.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

bool says(const ImportPlan& plan, NoteKind kind, std::uint32_t line, std::string_view words) {
  return std::ranges::any_of(plan.problems, [&](const ImportProblem& problem) {
    return problem.kind == kind && problem.line == line && problem.message.zh.contains(words) && !problem.message.en.empty();
  });
}

ImportPlan plan_update(TestDevice& device, std::string_view text, const Entity& entity) {
  return plan_text(device.store(), device.environment(), text, entity, {.existing = ExistingPolicy::update});
}

// What the plan calls good is taken, and decides nothing that it does not say.
void check_taken(TestDevice& device, std::string_view text, const Entity& entity) {
  CAPTURE(text);
  const ImportPlan plan = plan_update(device, text, entity);
  CHECK(plan.rows_left_out == 0);
  commit(device.store(), plan);
  CHECK(device.store().verify().value() == "");
}

struct ContractFixture : StoreFixture {
  ImportPlan plan(std::string_view text, const Entity& entity) { return plan_text(*store, environment, text, entity, {.existing = ExistingPolicy::update}); }
  Record called(const Entity& entity, const std::string& search) {
    const auto rows = store->list({.entity = &entity, .search = search}).value();
    REQUIRE(rows.size() == 1);
    return store->read_row(entity, rows.front()).value();
  }
};

}  // namespace

TEST_CASE("import: a contract whose sides wait for a decision is left out with what to do, its lines too, and nothing else is") {
  ClerkAndRep two;
  const Id other = two.clerk.create("contract", {{"contract_no", "HT-119"}, {"title", "另一份"}, {"customer", two.customer}, {"status", "draft"}}, as_it_is);
  two.differ_about_contract();
  exchange({&two.clerk, &two.rep});
  REQUIRE(two.clerk.conflicts().size() == 1);

  const ImportPlan plan = plan_update(two.clerk, "合同编号,合同名称,客户名称\nHT-118,改了名,博海餐饮\nHT-119,也改了名,博海餐饮\nHT-120,新的,博海餐饮\n", catalog::contract);
  CHECK(plan.rows_left_out == 1);
  CHECK(plan.rows_good == 2);
  CHECK(says(plan, NoteKind::left_out, 2, "合同“年度供货”"));
  CHECK(says(plan, NoteKind::left_out, 2, "它保持现在的样子"));
  CHECK(says(plan, NoteKind::left_out, 2, "请先在“冲突”里选定一边"));
  commit(two.clerk.store(), plan);
  CHECK(two.clerk.text("contract", two.contract, "title") == "年度供货");
  CHECK(two.clerk.text("contract", other, "title") == "也改了名");
  CHECK(two.clerk.store().count({.entity = &catalog::contract}).value() == 3);

  const ImportPlan lines = plan_update(two.clerk, "合同编号,行号,产品/服务名称,产品/服务数量,单价\nHT-118,2,瓜子,10,100\nHT-119,1,瓜子,10,100\n", catalog::contract_line);
  CHECK(lines.rows_left_out == 1);
  CHECK(says(lines, NoteKind::left_out, 2, "合同“年度供货”"));
  commit(two.clerk.store(), lines);
  CHECK(two.clerk.store().count({.entity = &catalog::contract_line}).value() == 2);
  CHECK(two.clerk.conflicts().size() == 1);
  CHECK(two.clerk.store().verify().value() == "");

  // Decided, it is changed like any other, once what is wrong with it is mended: until then no row can change it, and the row says so.
  REQUIRE(two.clerk.sync().resolve(two.clerk.conflicts().front(), 0));
  const ImportPlan undated = plan_update(two.clerk, "合同编号,合同名称,客户名称\nHT-118,改了名,博海餐饮\n", catalog::contract);
  CHECK(says(undated, NoteKind::left_out, 2, "合同日期不能为空；客户簿里的这条记录本来就是这样，它保持不变。请先改好它"));
  two.clerk.edit("contract", two.contract, {{"signed_on", "2026-01-05"}});
  check_taken(two.clerk, "合同编号,合同名称,客户名称\nHT-118,改了名,博海餐饮\n", catalog::contract);
  CHECK(two.clerk.text("contract", two.contract, "title") == "改了名");
}

TEST_CASE("import: a customer, a contact or a product about which something is open is updated, and the plan is taken") {
  {  // different values, of this field and of another one
    ClerkAndRep two;
    two.differ_about_grade();
    exchange({&two.clerk, &two.rep});
    REQUIRE(two.clerk.conflicts().size() == 1);
    check_taken(two.clerk, "客户编号,客户名称,电话\nK-1,博海餐饮,021-61230009\n", catalog::customer);
    CHECK(two.clerk.conflicts().size() == 1);
    const ImportPlan decides = plan_update(two.clerk, "客户编号,客户名称,客户级别\nK-1,博海餐饮,C\n", catalog::customer);
    CHECK(says(decides, NoteKind::decides, 2, "导入这一行就是裁定"));
    commit(two.clerk.store(), decides);
    CHECK(two.clerk.conflicts().empty());
  }
  {  // deleted on one device, edited on the other
    ClerkAndRep two;
    const Id lone = two.clerk.create("customer", {{"code", "K-2"}, {"name", "恒丰商行"}}, as_it_is);
    exchange({&two.clerk, &two.rep});
    two.clerk.remove("customer", lone);
    two.rep.edit("customer", lone, {{"phone", "021-61230001"}});
    exchange({&two.clerk, &two.rep});
    REQUIRE(two.clerk.conflicts().size() == 1);
    check_taken(two.clerk, "客户编号,客户名称,地址\nK-2,恒丰商行,人民路1号\n", catalog::customer);
  }
  {  // deleted on one device, needed on the other
    ClerkAndRep two;
    const Id spare = two.clerk.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
    exchange({&two.clerk, &two.rep});
    two.clerk.remove("product", spare);
    two.rep.create("contract_line", {{"contract", two.contract}, {"line_no", std::int64_t{2}}, {"product", spare}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100}}}, as_it_is);
    exchange({&two.clerk, &two.rep});
    REQUIRE_FALSE(two.clerk.conflicts().empty());
    check_taken(two.clerk, "产品编号,产品/服务名称,规格\nP-2,花生,散装\n", catalog::product);
  }
  {  // fields that do not fit together: no row changes the customer unless it mends that, and the other rows are taken
    ClerkAndRep two;
    two.clerk.edit("customer", two.customer, {{"coop_start", "2024-01-05"}});
    two.rep.edit("customer", two.customer, {{"coop_end", "2023-01-05"}});
    exchange({&two.clerk, &two.rep});
    REQUIRE(two.clerk.conflicts().size() == 1);
    const ImportPlan plan = plan_update(two.clerk, "客户名称,电话\n博海餐饮,021-61230001\n甲商行,021-61230002\n", catalog::customer);
    CHECK(plan.rows_left_out == 1);
    CHECK(says(plan, NoteKind::left_out, 2, "业务结束日期不能早于开始日期；客户簿里的这条记录本来就是这样"));
    commit(two.clerk.store(), plan);
    check_taken(two.clerk, "客户名称,电话,业务结束日期\n博海餐饮,021-61230001,2025-01-05\n", catalog::customer);
    CHECK(two.clerk.conflicts().empty());
  }
  {  // the same by a rule that does not look at what nobody touches
    ClerkAndRep two;
    two.clerk.edit("customer", two.customer, {{"payment_term", "net_days"}, {"term_days", std::int64_t{30}}});
    exchange({&two.clerk, &two.rep});
    two.clerk.edit("customer", two.customer, {{"payment_term", "bill_days"}});
    two.rep.edit("customer", two.customer, {{"term_days", Value()}});
    exchange({&two.clerk, &two.rep});
    REQUIRE(two.clerk.conflicts().size() == 1);
    REQUIRE(two.clerk.conflicts().front().kind == ConflictKind::rule);
    check_taken(two.clerk, "客户名称,电话\n博海餐饮,021-61230001\n甲商行,021-61230002\n", catalog::customer);
    CHECK(two.clerk.conflicts().size() == 1);
    check_taken(two.clerk, "客户名称,付款条件天数\n博海餐饮,60\n", catalog::customer);
    CHECK(two.clerk.conflicts().empty());
  }
  {  // one number for two, and two primary contacts
    ClerkAndRep two;
    two.clerk.create("customer", {{"code", "K-9"}, {"name", "甲商行"}}, as_it_is);
    two.rep.create("customer", {{"code", "K-9"}, {"name", "乙商行"}}, as_it_is);
    two.clerk.create("contact", {{"customer", two.customer}, {"name", "张三"}}, {});
    two.rep.create("contact", {{"customer", two.customer}, {"name", "李四"}}, {});
    exchange({&two.clerk, &two.rep});
    REQUIRE(two.clerk.conflicts().size() == 2);
    check_taken(two.clerk, "客户名称,电话\n甲商行,021-61230001\n乙商行,021-61230002\n", catalog::customer);
    check_taken(two.clerk, "单位名称,姓名,职务\n博海餐饮,张三,经理\n博海餐饮,李四,店长\n", catalog::contact);
  }
}

TEST_CASE("import: a list approves no contract, neither one that is there nor a new one, and says so at the row") {
  ContractFixture fixture;
  const auto [contract, line] = fixture.make_contract();
  REQUIRE(fixture.write(catalog::contract, contract, {{"status", "pending_approval"}, {"signed_on", "2026-01-05"}}));
  const ImportPlan plan = fixture.plan("合同编号,合同名称,客户名称,合同状态,合同日期\nHT-1,供货,博海餐饮,执行中,2026-01-05\nHT-2,新签,博海餐饮,执行中,2026-01-05\nHT-3,起草,博海餐饮,待审批,\n", catalog::contract);
  CHECK(plan.rows_left_out == 0);
  for (const std::uint32_t at : {2U, 3U}) {
    CAPTURE(at);
    CHECK((says(plan, NoteKind::kept_as_text, at, "“执行中”：合同状态要在合同自己的页面上看着金额改，名单不替人决定") || says(plan, NoteKind::lost, at, "“执行中”：合同状态要在合同自己的页面上看着金额改，名单不替人决定")));
  }
  CHECK_FALSE(says(plan, NoteKind::kept_as_text, 4, "名单"));
  commit(*fixture.store, plan);
  CHECK(text_or_empty(fixture.read(catalog::contract, contract).value("status")) == "pending_approval");
  CHECK(text_or_empty(fixture.called(catalog::contract, "HT-2").value("status")) == "draft");
  CHECK(text_or_empty(fixture.called(catalog::contract, "HT-3").value("status")) == "pending_approval");
  // A line that comes by a list changes what was approved: it goes back, and the row says so.
  REQUIRE(fixture.write(catalog::contract, contract, {{"status", "active"}}));
  const ImportPlan lines = fixture.plan("合同编号,行号,产品/服务名称,产品/服务数量,单价\nHT-1,2,瓜子,10,100\n", catalog::contract_line);
  CHECK(says(lines, NoteKind::check, 2, "改动金额后退回“待审批”"));
  commit(*fixture.store, lines);
  CHECK(text_or_empty(fixture.read(catalog::contract, contract).value("status")) == "pending_approval");
}

TEST_CASE("import: an opportunity that is there takes no step by a list; a new one begins where the list says") {
  ContractFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id deal = fixture.create(catalog::opportunity, {{"opp_no", "J-1"}, {"topic", "供货"}, {"customer", customer}, {"amount", 100'000}});
  fixture.create(catalog::contract, {{"contract_no", "HT-1"}, {"customer", customer}, {"title", "供货"}, {"opportunity", deal}, {"status", "active"}, {"signed_on", "2026-01-05"}});
  const ImportPlan plan = fixture.plan("机会编号,主题,客户,销售阶段,成交,预计金额\nJ-1,供货,博海餐饮,成交,2026-01-05,8000\nJ-2,新的,博海餐饮,客户需求分析,,9000\n", catalog::opportunity);
  CHECK(plan.rows_left_out == 0);
  CHECK(says(plan, NoteKind::kept_as_text, 2, "销售阶段要在销售机会自己的页面上看着金额改，名单不替人决定，已记入备注"));
  commit(*fixture.store, plan);
  const Record still = fixture.read(catalog::opportunity, deal);
  CHECK(text_or_empty(still.value("stage")) == "prospecting");
  CHECK(text_or_empty(still.value("remark")).contains("销售阶段：成交"));
  CHECK(text_or_empty(fixture.called(catalog::opportunity, "J-2").value("stage")) == "needs");
}

}  // namespace kehubu::test
