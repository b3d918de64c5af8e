// The rules of records, example by example: R-VAL, R-CON, R-NUM, R-VIS, R-DUP.
#include <doctest/doctest.h>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/rules/names.h"
#include "core/store/numbers.h"
#include "core/store/validation.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

std::int64_t at(std::string_view local) { return parse_date_time(local).value(); }

std::string text(StoreFixture& fixture, const Entity& entity, const Id& id, std::string_view field) {
  return text_or_empty(fixture.read(entity, id).value(field));
}

std::int64_t number(StoreFixture& fixture, const Entity& entity, const Id& id, std::string_view field) {
  return integer_or(fixture.read(entity, id).value(field), -1);
}

std::vector<Id> ids(StoreFixture& fixture, const ListQuery& query) {
  std::vector<Id> found;
  for (const std::int64_t row : fixture.store->list(query).value()) {
    found.push_back(fixture.store->read_row(*query.entity, row).value().id);
  }
  return found;
}

}  // namespace

TEST_CASE("R-VAL-01 a customer needs a name") {
  StoreFixture fixture;
  CHECK(fixture.refusal(catalog::customer, {{"name", "  "}}) == "单位名称不能为空");
  CHECK(fixture.refusal(catalog::customer, {{"name", "博海餐饮"}}).empty());
}

TEST_CASE("a row is read with the wanted fields only, and still says whether it is in conflict") {
  StoreFixture fixture;
  fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"remark", "老客户"}});
  const Field* wanted[] = {catalog::customer.find("name")};
  const std::int64_t row = fixture.store->list({.entity = &catalog::customer, .search = {}}).value().front();
  const Record read = fixture.store->read_row(catalog::customer, row, wanted).value();
  CHECK(text_or_empty(read.value("name")) == "博海餐饮");
  CHECK(is_null(read.value("remark")));
  CHECK(is_null(read.value("completeness")));
  CHECK(!read.in_conflict);
  const Record whole = fixture.store->read_row(catalog::customer, row).value();
  CHECK(text_or_empty(whole.value("remark")) == "老客户");
  CHECK(!is_null(whole.value("completeness")));
}

TEST_CASE("R-VAL-02 every missing field of a contact is listed at once") {
  StoreFixture fixture;
  CHECK(fixture.refusal(catalog::contact, {{"customer", ""}, {"name", ""}}) == "单位名称不能为空\n联系人姓名不能为空");
}

TEST_CASE("R-VAL-03 a done interaction needs time, customer and contact") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const std::int64_t now = fixture.environment.wall_ms;
  CHECK(fixture.refusal(catalog::interaction, {{"customer", customer}, {"occurred_at", now}, {"kind", "phone"}, {"contact_text", "张三"}}).empty());
  CHECK(fixture.refusal(catalog::interaction, {{"customer", customer}, {"occurred_at", now}, {"kind", "phone"}}) == "联系人姓名不能为空");
  CHECK(fixture.refusal(catalog::interaction, {{"customer", customer}, {"status", "planned"}, {"planned_at", now}, {"kind", "phone"}}).empty());
  CHECK(fixture.refusal(catalog::interaction, {{"customer", customer}, {"occurred_at", now + 600'000}, {"kind", "phone"}, {"contact_text", "张三"}}) ==
        "联系时间不能晚于现在");
}

TEST_CASE("R-VAL-07 phone numbers, a warning only") {
  for (const char* good : {"138-0013-8000", "13800138000", "021-12345678-801", "021-12345678", "0571 1234567", "+86 21 12345678"}) {
    CAPTURE(good);
    CHECK(is_phone_number(good));
  }
  for (const char* bad : {"12345", "1380013800", "23800138000", "abc", "021-12345678-"}) {
    CAPTURE(bad);
    CHECK(!is_phone_number(bad));
  }
  StoreFixture fixture;
  const auto written = fixture.write(catalog::customer, new_id(fixture.environment), {{"name", "博海餐饮"}, {"phone", "12345"}});
  REQUIRE(written);
  REQUIRE(written->hints.size() == 1);
  CHECK(written->hints[0].zh == "电话看起来不是有效的电话号码");
}

TEST_CASE("R-VAL-08 e-mail addresses, an error") {
  CHECK(is_email_address("li@x.cn"));
  CHECK(!is_email_address("li@x"));
  CHECK(!is_email_address("li x@x.cn"));
  CHECK(!is_email_address("li@@x.cn"));
  CHECK(!is_email_address("li@x..cn"));
  CHECK(!is_email_address("li.@x.cn"));
  CHECK(!is_email_address("ｌｉ＠ｘ.cn"));
  StoreFixture fixture;
  CHECK(fixture.refusal(catalog::customer, {{"name", "博海餐饮"}, {"email", "li@x"}}) == "电邮格式不正确");
}

TEST_CASE("R-VAL-09 gender from its list, age between 0 and 120") {
  StoreFixture fixture;
  fixture.environment.wall_ms = at("2026-11-21 10:00");
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  CHECK(!fixture.refusal(catalog::contact, {{"customer", customer}, {"name", "张三"}, {"gender", "男"}}).empty());
  CHECK(fixture.refusal(catalog::contact, {{"customer", customer}, {"name", "张三"}, {"birthday", "1890-01-01"}}) ==
        "生日不合理：年龄应在 0 至 120 岁之间");
  const Id contact = fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}, {"birthday", "1990-12-01"}});
  CHECK(number(fixture, catalog::contact, contact, "age") == 35);
  CHECK(text(fixture, catalog::contact, contact, "zodiac") == "horse");
  CHECK(text(fixture, catalog::contact, contact, "constellation") == "sagittarius");
}

TEST_CASE("R-VAL-10 the mnemonic is the city and the main name") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "上海博海餐饮有限公司"}, {"city", "上海"}});
  CHECK(text(fixture, catalog::customer, customer, "mnemonic") == "上海-博海餐饮");
  CHECK(main_name("博海餐饮") == "博海餐饮");
}

TEST_CASE("R-VAL-11 a person customer has a primary contact of the same name") {
  StoreFixture fixture;
  fixture.create(catalog::customer, {{"name", "陈静"}, {"nature", "individual"}});
  const std::vector<Id> contacts = ids(fixture, {.entity = &catalog::contact});
  REQUIRE(contacts.size() == 1);
  CHECK(text(fixture, catalog::contact, contacts[0], "name") == "陈静");
  CHECK(number(fixture, catalog::contact, contacts[0], "is_primary") == 1);
  REQUIRE(fixture.store->undo());
  CHECK(fixture.store->count({.entity = &catalog::contact}).value() == 0);
}

TEST_CASE("R-VAL-12 completeness") {
  StoreFixture fixture;
  const Id region = fixture.create(catalog::org_unit, {{"code", "R1"}, {"name", "华东"}, {"kind", "big_region"}});
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"address", "世纪大道"}, {"phone", "02112345678"}, {"industry", "retail"},
                                                         {"ownership", "private"}, {"region", region}, {"grade", "a"}, {"source", "web_info"}, {"payment_term", "cod"}});
  CHECK(number(fixture, catalog::customer, customer, "completeness") == 7500);
  const Id person = fixture.create(catalog::customer, {{"name", "陈静"}, {"nature", "individual"}, {"address", "世纪大道"}, {"phone", "13800138000"},
                                                       {"industry", "retail"}, {"region", region}, {"grade", "a"}, {"source", "web_info"}});
  fixture.create(catalog::interaction, {{"customer", person}, {"occurred_at", fixture.environment.wall_ms}, {"kind", "phone"}, {"contact_text", "陈静"}});
  CHECK(number(fixture, catalog::customer, person, "completeness") == 10000);
}

TEST_CASE("R-VAL-15 better filled in, but saved all the same") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const auto written = fixture.write(catalog::contact, new_id(fixture.environment), {{"customer", customer}, {"name", "李"}, {"email", "li@x.cn"}});
  REQUIRE(written);
  REQUIRE(written->hints.size() == 2);
  CHECK(written->hints[0].zh == "职务最好填写");
  CHECK(written->hints[1].zh == "联系人姓名最好写全名");
}

TEST_CASE("contact.one_primary, contact.primary_removed: exactly one, the first, until another is chosen, deleted or moved") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id first = fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}});
  const Id second = fixture.create(catalog::contact, {{"customer", customer}, {"name", "李四"}});
  CHECK(number(fixture, catalog::contact, first, "is_primary") == 1);
  CHECK(number(fixture, catalog::contact, second, "is_primary") == 0);
  REQUIRE(fixture.write(catalog::contact, second, {{"is_primary", 1}}));
  CHECK(number(fixture, catalog::contact, first, "is_primary") == 0);
  CHECK(number(fixture, catalog::contact, second, "is_primary") == 1);
  REQUIRE(fixture.write(catalog::contact, second, {{"is_primary", 0}}));
  CHECK(number(fixture, catalog::contact, first, "is_primary") == 1);
  REQUIRE(fixture.remove(catalog::contact, first));
  CHECK(number(fixture, catalog::contact, second, "is_primary") == 1);
}

TEST_CASE("R-CON-01 first and last contact come from done, living, uncorrected interactions") {
  StoreFixture fixture;
  fixture.environment.wall_ms = at("2026-11-21 10:00");
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const auto done = [&](std::string_view when) {
    return fixture.create(catalog::interaction, {{"customer", customer}, {"occurred_at", at(when)}, {"kind", "phone"}, {"contact_text", "张三"}});
  };
  CHECK(is_null(fixture.read(catalog::customer, customer).value("first_contact_at")));
  done("2026-03-02 09:00");
  const Id june = done("2026-06-15 14:00");
  fixture.create(catalog::interaction, {{"customer", customer}, {"status", "planned"}, {"planned_at", at("2026-12-01 09:00")}, {"kind", "phone"}});
  fixture.create(catalog::interaction, {{"customer", customer}, {"status", "cancelled"}, {"planned_at", at("2026-01-01 09:00")}, {"kind", "phone"}});
  CHECK(number(fixture, catalog::customer, customer, "first_contact_at") == at("2026-03-02 09:00"));
  CHECK(number(fixture, catalog::customer, customer, "last_contact_at") == at("2026-06-15 14:00"));
  const Id corrected = fixture.create(catalog::interaction, {{"customer", customer}, {"occurred_at", at("2026-06-16 14:00")}, {"kind", "phone"}, {"contact_text", "张三"}, {"corrects", june}});
  CHECK(number(fixture, catalog::customer, customer, "last_contact_at") == at("2026-06-16 14:00"));
  CHECK(fixture.store->count({.entity = &catalog::interaction}).value() == 4);
  REQUIRE(fixture.remove(catalog::interaction, corrected));
  REQUIRE(fixture.remove(catalog::interaction, june));
  CHECK(number(fixture, catalog::customer, customer, "last_contact_at") == at("2026-03-02 09:00"));
}

TEST_CASE("a done interaction is a fact: only its plans stay open") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id done = fixture.create(catalog::interaction, {{"customer", customer}, {"occurred_at", fixture.environment.wall_ms}, {"kind", "phone"}, {"contact_text", "赵六"}, {"content", "谈价格"}});
  const auto refused = fixture.write(catalog::interaction, done, {{"content", "谈交期"}});
  REQUIRE(!refused);
  CHECK(refused.error().message.zh == "这条记录已完成，不能修改；请新建一条更正记录");
  CHECK(fixture.write(catalog::interaction, done, {{"next_plan", "再谈"}}));
  // R-VAL-05: a typed name becomes a contact.
  const Id contact = fixture.create(catalog::contact, {{"customer", customer}, {"name", "赵六"}});
  REQUIRE(fixture.write(catalog::interaction, done, {{"contact", contact}}));
  CHECK(is_null(fixture.read(catalog::interaction, done).value("contact_text")));
}

TEST_CASE("R-NUM-01 numbers made offline") {
  CHECK(number_text(number_stem("K", {{}, "R07", "A"}, "2026-11-24"), 1) == "K-R07A-261124-001");
  StoreFixture fixture;
  fixture.environment.wall_ms = at("2026-11-24 09:00");
  const Id first = fixture.create(catalog::customer, {{"name", "甲"}});
  const Id second = fixture.create(catalog::customer, {{"name", "乙"}});
  CHECK(text(fixture, catalog::customer, first, "code") == "K-R07A-261124-001");
  CHECK(text(fixture, catalog::customer, second, "code") == "K-R07A-261124-002");
  fixture.environment.wall_ms = at("2026-11-25 09:00");
  CHECK(text(fixture, catalog::customer, fixture.create(catalog::customer, {{"name", "丙"}}), "code") == "K-R07A-261125-001");
  REQUIRE(fixture.write(catalog::customer, second, {{"code", "SH0457"}}));
  CHECK(fixture.refusal(catalog::customer, {{"name", "丁"}, {"code", "SH0457"}}) == "客户编号与“乙”重复");
  // R-NUM-02: the old number still finds it, and is not given again.
  CHECK(ids(fixture, {.entity = &catalog::customer, .search = "K-R07A-261124-002"}) == std::vector{second});
  fixture.environment.wall_ms = at("2026-11-24 10:00");
  CHECK(text(fixture, catalog::customer, fixture.create(catalog::customer, {{"name", "戊"}}), "code") == "K-R07A-261124-003");
}

TEST_CASE("R-DUP-01 and R-DUP-02: the same tax number is refused, names are compared without their trimmings") {
  StoreFixture fixture;
  fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"tax_no", "91310000MA1K00001X"}});
  CHECK(fixture.refusal(catalog::customer, {{"name", "恒通"}, {"tax_no", "91310000MA1K00001X"}}) == "税务编号与“博海餐饮”重复");
  CHECK(normalised_organisation_name("上海市博海餐饮有限公司") == "上海博海餐饮");
  CHECK(normalised_organisation_name("上海博海餐饮公司") == "上海博海餐饮");
  CHECK(normalised_organisation_name("ＡＢＣ 商店") == "abc商");
}

TEST_CASE("R-VIS-02 and R-VIS-04: unsuitable times are told, a scenario brings its aim") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"no_visit_time", "周五上午盘点"}});
  const Id elsewhere = fixture.create(catalog::customer, {{"name", "恒通"}, {"no_visit_time", "周一上午盘点"}});
  // It is a Friday morning, which is none of Monday's business.
  const auto free_time = fixture.write(catalog::interaction, new_id(fixture.environment), {{"customer", elsewhere}, {"status", "planned"}, {"planned_at", fixture.environment.wall_ms}, {"kind", "visit"}, {"scenario", "referral"}});
  REQUIRE(free_time);
  CHECK(free_time->hints.empty());
  const Id plan = new_id(fixture.environment);
  const auto written = fixture.write(catalog::interaction, plan, {{"customer", customer}, {"status", "planned"}, {"planned_at", fixture.environment.wall_ms}, {"kind", "visit"}, {"scenario", "referral"}});
  REQUIRE(written);
  REQUIRE(written->hints.size() == 1);
  CHECK(written->hints[0].zh == "该客户不宜访问的时间：周五上午盘点");
  CHECK(text(fixture, catalog::interaction, plan, "purpose") == "了解规模及需求、探索合作机会点");
  REQUIRE(fixture.write(catalog::interaction, plan, {{"purpose", "谈价格"}}));
  REQUIRE(fixture.write(catalog::interaction, plan, {{"scenario", "existing"}}));
  CHECK(text(fixture, catalog::interaction, plan, "purpose") == "谈价格");
}

TEST_CASE("R-VIS-05 the next contact time keeps one planned interaction") {
  StoreFixture fixture;
  fixture.environment.wall_ms = at("2026-11-21 10:00");
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id done = fixture.create(catalog::interaction, {{"customer", customer}, {"occurred_at", at("2026-11-21 09:00")}, {"kind", "phone"}, {"contact_text", "张三"},
                                                        {"next_at", at("2026-11-27 10:00")}});
  ListQuery planned{.entity = &catalog::interaction};
  planned.filters.push_back({catalog::interaction.find("status"), Filter::Operator::equals, {std::string("planned")}});
  std::vector<Id> rows = ids(fixture, planned);
  REQUIRE(rows.size() == 1);
  CHECK(number(fixture, catalog::interaction, rows[0], "planned_at") == at("2026-11-27 10:00"));
  CHECK(text(fixture, catalog::interaction, rows[0], "kind") == "phone");
  REQUIRE(fixture.write(catalog::interaction, done, {{"next_at", at("2026-11-28 10:00")}}));
  rows = ids(fixture, planned);
  REQUIRE(rows.size() == 1);
  CHECK(number(fixture, catalog::interaction, rows[0], "planned_at") == at("2026-11-28 10:00"));
  REQUIRE(fixture.write(catalog::interaction, done, {{"next_at", ""}}));
  CHECK(ids(fixture, planned).empty());
}

TEST_CASE("changing the customer of a plan clears a contact of the other one (R-VAL-04)") {
  StoreFixture fixture;
  const Id a = fixture.create(catalog::customer, {{"name", "甲"}});
  const Id b = fixture.create(catalog::customer, {{"name", "乙"}});
  const Id contact = fixture.create(catalog::contact, {{"customer", a}, {"name", "张三"}});
  const Id plan = fixture.create(catalog::interaction, {{"customer", a}, {"contact", contact}, {"status", "planned"}, {"planned_at", std::int64_t{1'764'000'000'000}}, {"kind", "phone"}});
  REQUIRE(fixture.write(catalog::interaction, plan, {{"customer", b}}));
  CHECK(is_null(fixture.read(catalog::interaction, plan).value("contact")));
  CHECK(fixture.refusal(catalog::interaction, {{"customer", b}, {"contact", contact}, {"status", "planned"}, {"planned_at", std::int64_t{1'764'000'000'000}}, {"kind", "phone"}}) == "联系人不属于该客户");
}

TEST_CASE("customer.payment_term: a term needs what it speaks of") {
  StoreFixture fixture;
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"payment_term", "monthly_cash"}}) == "固定结款日不能为空");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"term_percent", 6000}, {"term_percent2", 5000}}) ==
        "两个付款条件百分比之和不能超过 100 %");
}

TEST_CASE("values are normalised and limited") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", " 博海餐饮 "}, {"website", "bohai.cn"}, {"bank_account", "6222 0000 1111"}});
  CHECK(text(fixture, catalog::customer, customer, "name") == "博海餐饮");
  CHECK(text(fixture, catalog::customer, customer, "website") == "https://bohai.cn");
  CHECK(text(fixture, catalog::customer, customer, "bank_account") == "622200001111");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"website", "无"}}) == "公司网址不是网址，应如 www.example.com");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"postcode", "2000"}}) == "邮编应为6位数字");
  // A Chinese keyboard writes full-width digits and letters.
  const Id typed = fixture.create(catalog::customer, {{"name", "乙"}, {"postcode", "５１００００"}, {"email", "Ｌｉ＠ｘ．ｃｎ"}, {"code", "Ｋ－８８"}});
  CHECK(text_or_empty(fixture.store->read(catalog::customer, typed)->value("postcode")) == "510000");
  CHECK(text_or_empty(fixture.store->read(catalog::customer, typed)->value("email")) == "Li@x.cn");
  CHECK(text_or_empty(fixture.store->read(catalog::customer, typed)->value("code")) == "K-88");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"registered_capital", -1}}) == "注册资金不能小于0.00");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"grade", "z"}}) == "客户级别没有“z”这个选项");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"owner", new_id(fixture.environment)}}) == "业务员所指的记录不存在或已删除");
  CHECK(fixture.refusal(catalog::customer, {{"name", std::string(201, 'x')}, {"mnemonic", "x"}}) == "客户名称最多200个字");
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"filed_on", "2026-02-30"}}) == "建档日期不是有效日期");
}

TEST_CASE("validate() tells the problems beside their fields and writes nothing") {
  StoreFixture fixture;
  const Edit edit = edit_of(catalog::customer, new_id(fixture.environment), {{"name", ""}, {"email", "x"}, {"phone", "1"}});
  const auto problems = fixture.store->validate(edit);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].field->id == "name");
  CHECK(problems[1].field->id == "phone");
  CHECK(problems[1].hint_only);
  CHECK(problems[2].field->id == "email");
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 0);
}

TEST_CASE("people add values to editable lists") {
  StoreFixture fixture;
  CHECK(!fixture.refusal(catalog::customer, {{"name", "甲"}, {"industry", "toys"}}).empty());
  fixture.create(catalog::dict_item, {{"list", "industry"}, {"ident", "toys"}, {"zh", "玩具"}, {"en", "Toys"}});
  CHECK(fixture.refusal(catalog::customer, {{"name", "甲"}, {"industry", "toys"}}).empty());
  CHECK(fixture.refusal(catalog::dict_item, {{"list", "industry"}, {"ident", "toys2"}, {"zh", "玩具"}, {"en", "Toys"}}) == "列表中已有这个选项，名称请写得不一样");
  CHECK(fixture.refusal(catalog::dict_item, {{"list", "industry"}, {"ident", "own"}, {"zh", std::string(find_list("industry")->choices.front().zh)}, {"en", "x"}}) == "列表中已有这个选项，名称请写得不一样");
  CHECK(fixture.refusal(catalog::dict_item, {{"list", "customer_grade"}, {"ident", "f"}, {"zh", "F级"}}) == "这个列表不能增加选项");
}

}  // namespace kehubu::test
