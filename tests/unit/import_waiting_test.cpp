// What a list may not do: choose between the sides of what waits for a decision. The plan says so of the row, and the other rows
// are taken.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/catalog/areas.h"
#include "tests/support/clerk_and_rep.h"
#include "tests/support/import_support.h"

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

}  // namespace kehubu::test
