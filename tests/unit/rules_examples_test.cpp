// An example of each rule that stands in no rule of the domain (those are in validation_test.cpp and rules_sales_test.cpp), named after it:
// the house check looks for one of every rule that core/rules registers.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/rules/rule.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct Book : StoreFixture {
  Id customer = create(catalog::customer, {{"name", "博海餐饮"}});
  Id other_customer = create(catalog::customer, {{"name", "恒通"}});

  std::string refusal_of(const Entity& entity, const Id& row, const GivenFields& fields) {
    const auto written = write(entity, row, fields);
    return written ? std::string() : written.error().message.zh;
  }
  Value value(const Entity& entity, const Id& row, std::string_view field) { return read(entity, row).value(field); }
  std::string text(const Entity& entity, const Id& row, std::string_view field) { return text_or_empty(value(entity, row, field)); }
  std::int64_t number(const Entity& entity, const Id& row, std::string_view field) { return integer_or(value(entity, row, field), -1); }
  std::vector<std::string> hints(const Entity& entity, const GivenFields& fields) {
    const auto written = write(entity, new_id(environment), fields);
    REQUIRE(written);
    std::vector<std::string> all;
    for (const Sentence& hint : written->hints) {
      all.push_back(hint.zh);
    }
    return all;
  }
  bool hints_at(const Entity& entity, const GivenFields& fields, std::string_view sentence) {
    const auto all = hints(entity, fields);
    return std::ranges::find(all, sentence) != all.end();
  }
  GivenFields call(GivenFields more) {
    GivenFields fields{{"customer", customer}, {"occurred_at", environment.wall_ms}, {"kind", "phone"}, {"contact_text", "张三"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
  }
};

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

}  // namespace

TEST_CASE("every rule has one identifier, an entity that has the fields it reads, and something to run") {
  std::set<std::string_view> identifiers;
  for (const std::span<const Rule> area : all_rules()) {
    for (const Rule& rule : area) {
      CAPTURE(rule.id);
      CHECK(identifiers.insert(rule.id).second);
      CHECK((rule.phase == Phase::check) == (rule.checks != nullptr));
      CHECK((rule.phase == Phase::check) == (rule.completes == nullptr));
      CHECK(rule.on != 0);
      for (const Field* field : rule.reads) {
        CHECK((field == nullptr || rule.entity->find(field->id) == field));
      }
    }
  }
  CHECK(identifiers.size() > 40);
}

// --- customers

TEST_CASE("customer.registered, employee.hired: not in the future") {
  Book book;
  CHECK(book.refusal(catalog::customer, {{"name", "甲"}, {"registered_date", "2026-11-21"}}) == "注册日期不能晚于今天");
  CHECK(book.refusal(catalog::customer, {{"name", "甲"}, {"registered_date", "2026-11-20"}}).empty());
  CHECK(book.refusal(catalog::employee, {{"code", "R08"}, {"name", "李伟"}, {"login_name", "liwei"}, {"hire_date", "2026-11-21"}}) == "入职日期不能晚于今天");
}

TEST_CASE("customer.business_dates: the end is not before the beginning") {
  Book book;
  CHECK(book.refusal(catalog::customer, {{"name", "甲"}, {"coop_start", "2026-02-01"}, {"coop_end", "2026-01-31"}}) == "业务结束日期不能早于开始日期");
  CHECK(book.refusal(catalog::customer, {{"name", "甲"}, {"coop_start", "2026-02-01"}, {"coop_end", "2026-02-01"}}).empty());
}

TEST_CASE("customer.merged: a merged customer says into which") {
  Book book;
  CHECK(book.refusal_of(catalog::customer, book.customer, {{"status", "merged"}}) == "并入客户不能为空");
  CHECK(book.refusal_of(catalog::customer, book.customer, {{"status", "merged"}, {"merged_into", book.other_customer}}).empty());
}

TEST_CASE("customer.referral: who referred them is asked for") {
  Book book;
  constexpr std::string_view sentence = "转介绍的客户最好写明介绍人";
  CHECK(book.hints_at(catalog::customer, {{"name", "甲"}, {"source", "referral"}}, sentence));
  CHECK(!book.hints_at(catalog::customer, {{"name", "乙"}, {"source", "referral"}, {"source_note", "陈静"}}, sentence));
}

TEST_CASE("customer.payment_term, contract.payment_term: a term needs what it speaks of") {
  Book book;
  CHECK(book.refusal(catalog::customer, {{"name", "甲"}, {"payment_term", "monthly_cash"}}) == "固定结款日不能为空");
  CHECK(book.refusal(catalog::contract, {{"customer", book.customer}, {"payment_term", "net_days"}}) == "付款条件天数不能为空");
  CHECK(book.refusal(catalog::contract, {{"customer", book.customer}, {"payment_term", "net_days"}, {"term_days", 30}}).empty());
}

// --- contacts

TEST_CASE("R-REM-05 the animal of the year of birth is filled in, and a typed one stays") {
  Book book;
  const Id horse = book.create(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"birth_year", 1990}});
  const Id typed = book.create(catalog::contact, {{"customer", book.customer}, {"name", "李四"}, {"birth_year", 1990}, {"zodiac", "goat"}});
  CHECK(book.text(catalog::contact, horse, "zodiac") == "horse");
  CHECK(book.text(catalog::contact, typed, "zodiac") == "goat");
}

TEST_CASE("contact.consent: who agreed says when") {
  Book book;
  CHECK(book.refusal(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"consent", 1}}) == "同意日期不能为空");
  CHECK(book.refusal(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"consent", 1}, {"consent_on", "2026-11-20"}}).empty());
}

TEST_CASE("contact.superior, opportunity.contact, contract.opportunity, interaction.belonging: of the same customer") {
  Book book;
  const Id elsewhere = book.create(catalog::contact, {{"customer", book.other_customer}, {"name", "赵六"}});
  const Id deal = book.create(catalog::opportunity, {{"topic", "换供应商"}, {"customer", book.other_customer}});
  CHECK(book.refusal(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"reports_to", elsewhere}}) == "上级联系人必须属于同一客户");
  CHECK(book.refusal(catalog::opportunity, {{"topic", "一"}, {"customer", book.customer}, {"contact", elsewhere}}) == "联系人不属于该客户");
  CHECK(book.refusal(catalog::contract, {{"customer", book.customer}, {"opportunity", deal}}) == "销售机会不属于该客户");
  CHECK(book.refusal(catalog::interaction, book.call({{"contact", elsewhere}})) == "联系人不属于该客户");
  CHECK(book.refusal(catalog::interaction, book.call({{"opportunity", deal}})) == "销售机会不属于该客户");
}

TEST_CASE("R-DUP-06 the same name and the same number at one customer are told") {
  Book book;
  constexpr std::string_view sentence = "该客户已有同名同电话的联系人";
  book.create(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"mobile", "13800138000"}});
  CHECK(book.hints_at(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"mobile", "13800138000"}}, sentence));
  CHECK(!book.hints_at(catalog::contact, {{"customer", book.customer}, {"name", "张三"}, {"mobile", "13800138001"}}, sentence));
  CHECK(!book.hints_at(catalog::contact, {{"customer", book.other_customer}, {"name", "张三"}, {"mobile", "13800138000"}}, sentence));
}

// --- opportunities

TEST_CASE("opportunity.closed: a closed deal says when, and a lost one why") {
  Book book;
  const Id deal = book.create(catalog::opportunity, {{"topic", "换供应商"}, {"customer", book.customer}});
  const GivenFields lost{{"stage", "lost"}, {"closed_on", "2026-11-20"}, {"lost_reason", "price"}, {"lost_analysis", "太贵"}};
  CHECK(book.refusal_of(catalog::opportunity, deal, {{"stage", "lost"}, {"lost_reason", "price"}, {"lost_analysis", "价格高出竞品一成"}, {"closed_on", ""}}) != "");
  CHECK(book.refusal_of(catalog::opportunity, deal, lost) == "流失原因分析至少 5 个字");
}

TEST_CASE("opportunity.expected_close: from the offer on a deal says by when") {
  Book book;
  CHECK(book.refusal(catalog::opportunity, {{"topic", "一"}, {"customer", book.customer}, {"stage", "quoted"}}) == "预计成交时间不能为空");
  CHECK(book.refusal(catalog::opportunity, {{"topic", "一"}, {"customer", book.customer}, {"stage", "needs"}}).empty());
}

TEST_CASE("opportunity.opinion: the manager's opinion is the manager's") {
  Book book;
  const Id deal = book.create(catalog::opportunity, {{"topic", "换供应商"}, {"customer", book.customer}});
  CHECK(book.refusal_of(catalog::opportunity, deal, {{"lost_manager_opinion", "再谈"}}) == "主管意见只能由销售部经理填写");
  REQUIRE(book.write(catalog::employee, book.me, {{"role", "sales_manager"}}));
  CHECK(book.refusal_of(catalog::opportunity, deal, {{"lost_manager_opinion", "再谈"}}).empty());
}

// --- interactions

TEST_CASE("interaction.contact_kept: a chosen contact makes the typed name superfluous") {
  Book book;
  const Id contact = book.create(catalog::contact, {{"customer", book.customer}, {"name", "张三"}});
  const Id call = book.create(catalog::interaction, book.call({}));
  REQUIRE(book.write(catalog::interaction, call, {{"contact", contact}}));
  CHECK(is_null(book.value(catalog::interaction, call, "contact_text")));
}

TEST_CASE("interaction.years: a year that was mistyped is asked about") {
  Book book;
  CHECK(book.refusal(catalog::interaction, {{"customer", book.customer}, {"status", "planned"}, {"planned_at", 0}, {"kind", "phone"}}) == "时间的年份不对（1970 年），请核对");
}

TEST_CASE("R-VIS-01 a plan says when") {
  Book book;
  CHECK(book.refusal(catalog::interaction, {{"customer", book.customer}, {"status", "planned"}, {"kind", "phone"}}) == "计划时间不能为空");
}

TEST_CASE("interaction.purpose: a visit has one") {
  Book book;
  CHECK(book.refusal(catalog::interaction, {{"customer", book.customer}, {"status", "planned"}, {"planned_at", book.environment.wall_ms}, {"kind", "visit"}}) == "目的不能为空");
}

TEST_CASE("interaction.next_after: the next contact is after this one") {
  Book book;
  CHECK(book.refusal(catalog::interaction, book.call({{"next_at", book.environment.wall_ms - day_ms}})) == "下次联系时间必须晚于联系时间");
}

TEST_CASE("interaction.one_plan: what was done is followed by one plan") {
  Book book;
  const Id call = book.create(catalog::interaction, book.call({{"next_at", book.environment.wall_ms + day_ms}}));
  CHECK(book.refusal(catalog::interaction, {{"customer", book.customer}, {"status", "planned"}, {"planned_at", book.environment.wall_ms + day_ms}, {"kind", "phone"}, {"follows", call}}) ==
        "这次联系之后已有一个计划，请修改那个计划");
}

TEST_CASE("interaction.corrected: only what is done is corrected") {
  Book book;
  const Id plan = book.create(catalog::interaction, {{"customer", book.customer}, {"status", "planned"}, {"planned_at", book.environment.wall_ms + day_ms}, {"kind", "phone"}});
  CHECK(book.refusal(catalog::interaction, book.call({{"corrects", plan}})) == "只有已完成的记录需要更正，其他的可以直接修改");
}

// --- contracts

TEST_CASE("contract.term_of_customer, contract.payment_term: a new contract takes the customer's terms; a typed one stays") {
  Book book;
  REQUIRE(book.write(catalog::customer, book.customer, {{"payment_term", "net_days"}, {"term_days", 30}}));
  const Id taken = book.create(catalog::contract, {{"customer", book.customer}});
  CHECK(book.text(catalog::contract, taken, "payment_term") == "net_days");
  CHECK(book.number(catalog::contract, taken, "term_days") == 30);
  const Id typed = book.create(catalog::contract, {{"customer", book.customer}, {"payment_term", "cod"}});
  CHECK(book.text(catalog::contract, typed, "payment_term") == "cod");
  CHECK(book.number(catalog::contract, typed, "term_days") == -1);
}

TEST_CASE("contract_line.number, contract_line.price, contract_line.number_once, contract_line.document, contract_line.product: a line of a contract") {
  Book book;
  const auto [contract, first] = book.make_contract();
  const Id product = id_or_empty(book.value(catalog::contract_line, first, "product"));
  const Id second = book.create(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 1000}});
  CHECK(book.number(catalog::contract_line, second, "line_no") == 2);
  CHECK(book.number(catalog::contract_line, second, "unit_price") == 3550);
  CHECK(book.refusal_of(catalog::contract_line, second, {{"line_no", 1}}) == "行号重复");
  const Id other = book.create(catalog::contract, {{"customer", book.customer}});
  CHECK(book.refusal_of(catalog::contract_line, second, {{"contract", other}}) == "明细不能移到另一份合同");
  REQUIRE(book.write(catalog::product, product, {{"active", 0}}));
  CHECK(book.refusal(catalog::contract_line, {{"contract", contract}, {"product", product}, {"qty", 1000}}) == "该产品已停售，不能用于新的明细");
  CHECK(book.refusal_of(catalog::contract_line, second, {{"qty", 2000}}).empty());
}

// --- the organisation and lists

TEST_CASE("org_unit.name, product.name: not twice") {
  Book book;
  const Id east = book.create(catalog::org_unit, {{"code", "R1"}, {"name", "华东"}, {"kind", "big_region"}});
  book.create(catalog::org_unit, {{"code", "R2"}, {"name", "上海"}, {"kind", "province_region"}, {"parent", east}});
  CHECK(book.refusal(catalog::org_unit, {{"code", "R3"}, {"name", "上海"}, {"kind", "province_region"}, {"parent", east}}) == "同一上级下已有同名机构");
  GivenFields nuts{{"code", "P1"}, {"name", "瓜子"}, {"spec", "500g"}, {"category", "roasted_nuts"}, {"unit", "箱"}, {"list_price", 3550}};
  book.create(catalog::product, nuts);
  nuts.front().second = "P2";
  CHECK(book.refusal(catalog::product, nuts) == "已有名称和规格相同的产品");
}

TEST_CASE("employee.login_name: small letters and digits") {
  Book book;
  CHECK(book.refusal(catalog::employee, {{"code", "R08"}, {"name", "李伟"}, {"login_name", "Li Wei"}}) == "登录名只能用小写字母和数字");
}

TEST_CASE("dict_item.list, dict_item.identifier, dict_item.name: a value of one's own") {
  Book book;
  const Id toys = book.create(catalog::dict_item, {{"list", "industry"}, {"ident", "toys"}, {"zh", "玩具"}});
  CHECK(book.refusal(catalog::dict_item, {{"list", "customer_grade"}, {"ident", "f"}, {"zh", "F级"}}) == "这个列表不能增加选项");
  CHECK(book.refusal_of(catalog::dict_item, toys, {{"ident", "games"}}) == "标识一经使用不能修改");
  CHECK(book.refusal(catalog::dict_item, {{"list", "industry"}, {"ident", "toys"}, {"zh", "积木"}}) == "列表中已有这个标识");
  CHECK(book.refusal(catalog::dict_item, {{"list", "industry"}, {"ident", "toys2"}, {"zh", "玩具"}}) == "列表中已有这个选项，名称请写得不一样");
}

}  // namespace kehubu::test
