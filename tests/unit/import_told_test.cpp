// What a plan must say before it is carried out: what several records would share, what nobody needs, what cannot be read.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "core/catalog/areas.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

bool is_said(const ImportPlan& plan, std::uint32_t line, NoteKind kind, std::string_view words) {
  return std::ranges::any_of(plan.problems, [&](const ImportProblem& problem) { return problem.line == line && problem.kind == kind && problem.message.zh.contains(words); });
}

}  // namespace

TEST_CASE("import told: two products of one name and specification are one product, which the preview says and no conflict") {
  StoreFixture fixture;
  const ImportPlan plan = plan_text(*fixture.store, fixture.environment,
                                    "产品编号,产品名称,产品类别,规格,单位,售价\nS1,葵花籽,坚果,500g,袋,12.5\nS2,葵花籽,坚果,250g,袋,7\nS3,葵花籽,坚果,500g,箱,200\n", catalog::product,
                                    {.decisions = {{.field = catalog::product.find("category"), .text = "坚果", .rows = 0, .map_to = {}, .add = true}}});
  CHECK(plan.records_new == 2);
  CHECK(is_said(plan, 4, NoteKind::left_out, "已有名称和规格相同的产品：第 2 行"));
  commit(*fixture.store, plan);
  CHECK(fixture.store->count({.entity = &catalog::product}).value() == 2);
  const ImportPlan again = plan_text(*fixture.store, fixture.environment, "产品编号,产品名称,产品类别,规格,单位,售价\nS4,葵花籽,坚果,250g,箱,100\n", catalog::product);
  CHECK(again.rows_left_out == 1);
}

TEST_CASE("import told: new choices and companies are made only where a row that is imported needs them") {
  StoreFixture fixture;
  const ImportPlan products = plan_text(*fixture.store, fixture.environment, "产品名称,产品类别,单位,售价\n甲糖,新糖果,袋,1\n乙糖,新饼干,袋,2\n", catalog::product);
  CHECK(products.rows_left_out == 2);
  CHECK(products.edits.empty());
  const ImportPlan contacts = plan_text(*fixture.store, fixture.environment, "单位名称,姓名,手机\n新公司一,张三,13800138000\n新公司二,,13800138001\n", catalog::contact);
  CHECK(contacts.new_references == std::vector<std::string>{"新公司一"});
  CHECK(contacts.edits.size() == 2);
}

TEST_CASE("import told: what is no longer sold is not on sale, and what cannot be read says what stands instead") {
  StoreFixture fixture;
  const ImportPlan plan = plan_text(*fixture.store, fixture.environment, "产品编号,产品名称,产品类别,单位,售价,在售\nF1,甲糖,糖果,袋,1,停产\nF2,乙糖,糖果,袋,2,下架\nF3,丙糖,糖果,袋,3,在售\nF4,丁糖,糖果,袋,4,再议\n", catalog::product);
  CHECK(is_said(plan, 5, NoteKind::kept_as_text, "按“是”导入"));
  commit(*fixture.store, plan);
  for (const std::int64_t row : fixture.store->list({.entity = &catalog::product}).value()) {
    const Record product = fixture.store->read_row(catalog::product, row).value();
    const bool sold = text_or_empty(product.value("code")) > "F2";
    CHECK(integer_or(product.value("active"), -1) == (sold ? 1 : 0));
  }
}

TEST_CASE("import told: a choice whose name holds a separator comes back from an export") {
  StoreFixture from;
  Id choice = from.create(catalog::dict_item, {{"list", "segment_tag"}, {"ident", "cold"}, {"zh", "冷冻/冷藏"}, {"seq", 90}, {"active", 1}});
  CHECK_FALSE(choice.empty());
  choice = from.create(catalog::dict_item, {{"list", "segment_tag"}, {"ident", "snack"}, {"zh", "休闲食品"}, {"seq", 91}, {"active", 1}});
  CHECK_FALSE(choice.empty());
  const ImportPlan plan = plan_text(*from.store, from.environment, "客户名称,细分标签\n甲店,冷冻/冷藏、休闲食品\n乙店,休闲食品;冷冻/冷藏\n", catalog::customer);
  CHECK(plan.unknown_choices.empty());
  commit(*from.store, plan);
  for (const std::int64_t row : from.store->list({.entity = &catalog::customer}).value()) {
    const std::string tags = text_or_empty(from.store->read_row(catalog::customer, row).value().value("segments"));
    CHECK((tags == "cold,snack" || tags == "snack,cold"));
  }
}

TEST_CASE("import told: contacts of companies that are there are counted, new ones and changed ones") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}, {"title", "老板"}});
  const ImportPlan plan = plan_text(*fixture.store, fixture.environment, "客户名称,联系人,职务\n博海餐饮,张三,总经理\n博海餐饮,李四,财务\n", catalog::customer, {.existing = ExistingPolicy::update});
  CHECK(outcome_of(plan).zh == "给已有的客户另建 1 位联系人，改动 1 位（来自 2 行）");
}

TEST_CASE("import told: second persons of known companies are what the outcome speaks of, for nothing else is made") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}});
  const ImportPlan plan = plan_text(*fixture.store, fixture.environment, "客户名称,联系人,手机\n博海餐饮,李四,13800138001\n博海餐饮,王五,13800138002\n", catalog::customer, {.existing = ExistingPolicy::update});
  CHECK(outcome_of(plan).zh == "给已有的客户另建 2 位联系人（来自 2 行）");
  CHECK(outcome_of(plan).en == "2 contacts of known customers made (from 2 rows)");
}

TEST_CASE("import told: what only rows have that are not imported is offered as no new choice, but for what they are left out for") {
  StoreFixture fixture;
  const ImportPlan plan = plan_text(*fixture.store, fixture.environment, "片区,客户名称,联系人,电话\n广州片区,甲店,张一,13854000001\n广州片区汇总：2,,,\n深圳片区,乙店,张二,13854000002\n", catalog::customer);
  REQUIRE(plan.rows_left_out == 1);
  std::vector<std::string> offered;
  std::ranges::transform(plan.unknown_choices, std::back_inserter(offered), &UnknownChoice::text);
  CHECK(offered == std::vector<std::string>{"广州片区", "深圳片区"});
  // A product is left out for want of its category: the category is asked about.
  const ImportPlan products = plan_text(*fixture.store, fixture.environment, "产品编号,产品名称,产品类别,单位,售价\nA1,甲糖,新糖果,袋,\n", catalog::product,
                                        {.decisions = {{.field = catalog::product.find("category"), .text = "新糖果", .rows = 0, .map_to = {}, .add = false}}});
  CHECK(products.unknown_choices.size() == 1);
}

TEST_CASE("import told: a file in a Japanese encoding is refused with what to do, one in a Chinese one is read") {
  // 会社名,担当者 and two rows in Shift-JIS.
  const std::string japanese = "\x89\xEF\x8E\xD0\x96\xBC,\x92\x53\x93\x96\x8E\xD2\n\x93\x8C\x8B\x9E\x8F\xA4\x8E\x96,\x93\x63\x92\x86\n\x91\xE5\x8D\xE3\x93\x58,\x82\xB3\x82\xAD\x82\xE7\n";
  const auto refused = check_is_text_table(as_bytes(japanese));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.zh.contains("Shift-JIS"));
  for (const char* name : {"01-gb18030-rare.csv", "42-big5.csv", "72b-western.csv", "32-unicode-text.txt"}) {
    CHECK_MESSAGE(check_is_text_table(as_bytes(read_bytes(std::string("tests/data/import/cases/") + name))), name);
  }
}

}  // namespace kehubu::test
