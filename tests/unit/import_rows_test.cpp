// What several rows of a file, and what the book holds already, come to: no value goes to another record, none is written over or
// left away without a note, and what the plan calls good is what the commit takes.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/catalog/areas.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct RowsFixture : StoreFixture {
  ImportPlan plan(std::string_view text, const Entity& entity = catalog::customer, ExistingPolicy existing = ExistingPolicy::update) {
    return plan_text(*store, environment, text, entity, {.existing = existing});
  }
  ImportPlan import(std::string_view text, const Entity& entity = catalog::customer) {
    ImportPlan made = plan(text, entity);
    if (!made.edits.empty()) {
      commit(*store, made);
    }
    return made;
  }
  Record called(std::string_view name, const Entity& entity = catalog::customer) {
    std::vector<Record> found;
    for (const std::int64_t row : store->list({.entity = &entity}).value()) {
      Record record = store->read_row(entity, row).value();
      if (text_or_empty(record.value("name")) == name) {
        found.push_back(std::move(record));
      }
    }
    REQUIRE_MESSAGE(found.size() == 1, name);
    return found.front();
  }
  std::int64_t count(const Entity& entity) { return store->count({.entity = &entity}).value(); }
};

std::string text_of(const Record& record, std::string_view field) { return text_or_empty(record.value(field)); }

// Whether a note of this kind stands at the line, with these words.
bool tells(const ImportPlan& plan, NoteKind kind, std::uint32_t line, std::string_view words = {}) {
  return std::ranges::any_of(plan.problems, [&](const ImportProblem& problem) {
    return problem.kind == kind && problem.line == line && problem.message.zh.contains(words) && !problem.message.en.empty();
  });
}

}  // namespace

TEST_CASE("import rows: what belongs to a row that is left out goes nowhere else") {
  for (const ExistingPolicy existing : {ExistingPolicy::skip, ExistingPolicy::update}) {
    RowsFixture fixture;
    const ImportPlan plan = fixture.plan("客户名称,从属单位\n甲店,总部\n甲店,总部\n乙店,\n总部,\n丙店,没有的公司\n丙店,没有的公司\n", catalog::customer, existing);
    CHECK(plan.rows_left_out == 2);
    commit(*fixture.store, plan);
    CHECK(is_null(fixture.called("乙店").value("parent")));
    CHECK(text_of(fixture.called("乙店"), "remark").empty());
    CHECK(id_or_empty(fixture.called("甲店").value("parent")) == fixture.called("总部").id);
    CHECK(text_of(fixture.called("丙店"), "remark") == "从属单位：没有的公司");
  }
  // The last rows of the file are left out: their edits would be beyond the end.
  RowsFixture fixture;
  fixture.create(catalog::customer, {{"name", "甲公司"}});
  const ImportPlan plan = fixture.plan("单位名称,姓名,上级联系人\n甲公司,张三,没有此人\n甲公司,张三,没有此人\n", catalog::contact);
  CHECK(plan.rows_left_out == 1);
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::contact) == 1);
}

TEST_CASE("import rows: the parent that a further row of a company names is taken, or told") {
  RowsFixture fixture;
  fixture.import("客户名称,从属单位,联系人\n甲店,,张三\n甲店,总部,李四\n总部,,王五\n");
  const Id head = fixture.called("总部").id;
  CHECK(id_or_empty(fixture.called("甲店").value("parent")) == head);
  // Of a company that the book has, too, and another one than an earlier row says is kept as text.
  RowsFixture known;
  known.create(catalog::customer, {{"name", "甲店"}});
  const ImportPlan plan = known.import("客户名称,从属单位,联系人\n甲店,总部,张三\n甲店,别处,李四\n总部,,王五\n别处,,赵六\n");
  CHECK(id_or_empty(known.called("甲店").value("parent")) == known.called("总部").id);
  CHECK(tells(plan, NoteKind::kept_as_text, 3, "别处"));
  CHECK(text_of(known.called("甲店"), "remark").contains("从属单位：别处"));
  const ImportPlan again = known.import("客户名称,从属单位\n甲店,分部\n分部,\n");
  CHECK(tells(again, NoteKind::overwritten, 2, "总部"));
  CHECK(id_or_empty(known.called("甲店").value("parent")) == known.called("分部").id);
}

TEST_CASE("import rows: no reference makes a ring, and the row that would close it says so") {
  const auto check_ring = [](RowsFixture& fixture, std::string_view text) {
    const ImportPlan plan = fixture.import(text);
    CHECK(plan.rows_left_out == 0);
    CHECK(tells(plan, NoteKind::kept_as_text, 3, "甲"));
    CHECK(plan.rows_with_hints == 1);
    CHECK(id_or_empty(fixture.called("甲").value("parent")) == fixture.called("乙").id);
    CHECK(is_null(fixture.called("乙").value("parent")));
    CHECK(text_of(fixture.called("乙"), "remark").contains("从属单位：甲"));
  };
  RowsFixture fresh;
  check_ring(fresh, "客户名称,从属单位\n甲,乙\n乙,甲\n");
  RowsFixture known;
  known.create(catalog::customer, {{"name", "甲"}});
  known.create(catalog::customer, {{"name", "乙"}});
  check_ring(known, "客户名称,从属单位\n甲,乙\n乙,甲\n");
  CHECK(tells(known.import("客户名称,从属单位\n乙,甲\n"), NoteKind::kept_as_text, 2, "绕成一圈"));  // the other link is the book's
  // Itself.
  RowsFixture alone;
  CHECK(tells(alone.import("客户名称,从属单位\n丁,丁\n"), NoteKind::kept_as_text, 2, "自己"));
  CHECK(is_null(alone.called("丁").value("parent")));
}

TEST_CASE("import rows: a number that only a further row gives a company is known to the rows below") {
  RowsFixture fixture;
  const ImportPlan plan = fixture.plan("客户名称,纳税人识别号,联系人\n甲,,张三\n甲,91310000MA1FL1AB2C,李四\n乙,91310000MA1FL1AB2C,王五\n");
  CHECK(plan.rows_left_out == 1);
  CHECK(tells(plan, NoteKind::left_out, 4, "重复"));
  commit(*fixture.store, plan);
  CHECK(text_of(fixture.called("甲"), "tax_no") == "91310000MA1FL1AB2C");
  // A number of another record of the file does not come in by a row of this one.
  RowsFixture other;
  const ImportPlan taken = other.plan("客户编号,客户名称,纳税人识别号,联系人\n1,甲,,张三\n2,乙,91310000MA1FL1AB2C,李四\n1,甲,91310000MA1FL1AB2C,王五\n");
  CHECK(tells(taken, NoteKind::kept_as_text, 4, "第 3 行"));
  commit(*other.store, taken);
  CHECK(text_of(other.called("甲"), "remark").contains("91310000MA1FL1AB2C"));
  // So for companies of the book.
  RowsFixture known;
  known.create(catalog::customer, {{"name", "甲"}});
  const ImportPlan updated = known.plan("客户名称,纳税人识别号\n甲,91310000MA1FL1AB2C\n乙,91310000MA1FL1AB2C\n");
  commit(*known.store, updated);
  CHECK(known.count(catalog::customer) == 1);  // by its number the second row is the same one, called otherwise
  CHECK(tells(updated, NoteKind::kept_as_text, 3, "乙"));
  // Which is no name by which other rows mean it.
  const ImportPlan named = known.import("客户名称,纳税人识别号,从属单位\n甲,91310000MA1FL1AB2C,\n乙,91310000MA1FL1AB2C,\n丙,,乙\n");
  CHECK(tells(named, NoteKind::kept_as_text, 4, "乙"));
  CHECK(is_null(known.called("丙").value("parent")));
}

TEST_CASE("import rows: a number that the file has already is given to no other row") {
  RowsFixture from;
  const std::string number = text_of(from.read(catalog::customer, from.create(catalog::customer, {{"name", "甲"}})), "code");
  RowsFixture to;
  to.import("客户编号,客户名称\n,乙\n" + number + ",甲\n,丙\n");
  CHECK(text_of(to.called("甲"), "code") == number);
  CHECK(to.count(catalog::customer) == 3);
}

TEST_CASE("import rows: a remark that the book holds stays, whatever the rows add") {
  RowsFixture fixture;
  fixture.create(catalog::customer, {{"name", "甲公司"}, {"remark", "老客户，勿催款"}});
  fixture.import("客户名称,联系人,手机,备注,楼层\n甲公司,张三,13800138000,,\n甲公司,李四,13800138001,周五送货,\n甲公司,王五,13800138002,,3\n");
  CHECK(text_of(fixture.called("甲公司"), "remark").starts_with("老客户，勿催款\n"));
  CHECK(text_of(fixture.called("甲公司"), "remark").contains("周五送货"));
  CHECK(text_of(fixture.called("甲公司"), "remark").ends_with("\n楼层：3"));
  const std::string before = text_of(fixture.called("甲公司"), "remark");
  fixture.import("客户名称,联系人,手机,备注,楼层\n甲公司,张三,13800138000,,\n甲公司,李四,13800138001,周五送货,\n甲公司,王五,13800138002,,3\n");
  CHECK(text_of(fixture.called("甲公司"), "remark") == before);
}

TEST_CASE("import rows: a shorter text is not swallowed by a longer one") {
  RowsFixture fixture;
  fixture.import("客户名称,联系人,楼层\n甲公司,张三,12\n甲公司,李四,1\n甲公司,王五,12\n");
  CHECK(text_of(fixture.called("甲公司"), "remark") == "楼层：12\n楼层：1");
  RowsFixture known;
  known.create(catalog::customer, {{"name", "甲公司"}, {"remark", "楼层：120；仓库：有"}});
  known.import("客户名称,楼层\n甲公司,12\n");
  CHECK(text_of(known.called("甲公司"), "remark") == "楼层：120；仓库：有\n楼层：12");
  known.import("客户名称,仓库\n甲公司,有\n");
  CHECK(text_of(known.called("甲公司"), "remark") == "楼层：120；仓库：有\n楼层：12");
}

TEST_CASE("import rows: what stands in the book gives way only with a note, whichever row says so") {
  RowsFixture fixture;
  fixture.create(catalog::customer, {{"name", "甲公司"}, {"phone", "021-61230000"}, {"address", "人民路1号"}});
  const ImportPlan plan = fixture.import("客户名称,电话,地址,联系人\n甲公司,021-61230000,,张三\n甲公司,021-69990000,解放路2号,李四\n");
  CHECK(text_of(fixture.called("甲公司"), "phone") == "021-61230000");  // an earlier row of the file says the same
  CHECK(tells(plan, NoteKind::kept_as_text, 3, "021-69990000"));
  CHECK(text_of(fixture.called("甲公司"), "remark").contains("电话：021-69990000"));
  CHECK(tells(plan, NoteKind::overwritten, 3, "人民路1号"));
  CHECK(text_of(fixture.called("甲公司"), "address") == "解放路2号");
}

TEST_CASE("import rows: what is wrong with a contact costs neither the row nor what else is known of him") {
  RowsFixture fixture;
  const ImportPlan consent = fixture.import("姓名,手机,个人信息处理同意\n张三,13800138000,是\n");
  CHECK(consent.rows_left_out == 0);
  CHECK(consent.count(NoteKind::kept_as_text) == 1);
  CHECK(text_of(fixture.called("张三", catalog::contact), "mobile") == "13800138000");
  CHECK(text_of(fixture.called("张三"), "remark").contains("个人信息处理同意：是"));
  // His name is too long for a name: the beginning is one, and all of it stands in the remark.
  std::string name;
  for (int index = 0; index < 210; ++index) {
    name += "某";
  }
  const ImportPlan plan = fixture.import("客户名称,联系人,手机\n乙公司,李四,13800138007\n丙公司,王五,13800138008\n甲公司," + name + ",13800138009\n");
  CHECK(plan.rows_left_out == 0);
  CHECK(tells(plan, NoteKind::kept_as_text, 4));
  CHECK(text_of(fixture.called("甲公司"), "remark").contains(name));
  CHECK(fixture.count(catalog::contact) == 4);
}

TEST_CASE("import rows: a telephone that a name's cell holds is kept as itself") {
  const auto check = [](std::string_view text, bool by_column) {
    CAPTURE(text);
    RowsFixture fixture;
    const ImportPlan plan = fixture.import(text);
    const std::string remark = text_of(fixture.called("甲公司"), "remark");
    CHECK_MESSAGE(remark.contains("021-88889999"), remark);
    CHECK_MESSAGE(!remark.contains("客户名称"), remark);
    CHECK(tells(plan, NoteKind::kept_as_text, by_column ? 2 : 3, "021-88889999"));
  };
  check("客户名称,联系人\n甲公司,张总 021-61234567\n甲公司,张总 021-88889999\n", false);
  check("客户名称,联系人,联系人电话\n甲公司,张总 021-61234567,\n甲公司,张总 021-88889999,\n", false);
  check("客户名称,联系人\n甲公司,张总 021-61234567；张总 021-88889999\n", true);
}

TEST_CASE("import rows: of two customers of one name none is taken silently") {
  RowsFixture fixture;
  const Id first = fixture.create(catalog::customer, {{"name", "东方贸易"}, {"code", "A1"}, {"tax_no", "91310000MA1FL1AB2C"}});
  fixture.create(catalog::customer, {{"name", "东方贸易"}, {"code", "A2"}, {"tax_no", "91310000MA1FL1AB3C"}});
  const ImportPlan contacts = fixture.plan("单位名称,姓名\n东方贸易,张三\nA2,李四\n", catalog::contact);
  CHECK(tells(contacts, NoteKind::changed, 2, "不止一个"));
  CHECK_FALSE(tells(contacts, NoteKind::changed, 3));
  const ImportPlan parents = fixture.plan("客户名称,从属单位\n甲店,东方贸易\n");
  CHECK(tells(parents, NoteKind::kept_as_text, 2, "不止一个"));
  // Which of them the row would change is not certain, unless it says so.
  const ImportPlan updates = fixture.plan("客户名称,客户编号,电话\n东方贸易,,021-61230000\n东方贸易,A1,021-61230001\n");
  CHECK(tells(updates, NoteKind::left_out, 2, "不止一个"));
  CHECK(updates.rows_good == 1);
  REQUIRE(updates.edits.size() == 1);
  CHECK(updates.edits.front().row == first);
}

TEST_CASE("import rows: what a row is told uses the heads of the file, and says what kind of thing was looked for") {
  RowsFixture fixture;
  fixture.create(catalog::employee, {{"code", "R08"}, {"name", "李伟"}, {"login_name", "liwei"}});
  fixture.create(catalog::employee, {{"code", "R09"}, {"name", "李伟"}, {"login_name", "liwei2"}});
  const ImportPlan plan = fixture.plan("客户名称,统一社会信用代码,行业,业务员,片区\n,91310000MA1FL1AB2C,,,\n甲,91310000MA1FL1AB2C,,李伟,\n乙,91310000MA1FL1AB2C,没听过的行业,没有此人,没有此地\n");
  CHECK(tells(plan, NoteKind::left_out, 2, "客户名称不能为空"));
  CHECK(tells(plan, NoteKind::changed, 3, "叫“李伟”的业务员不止一个"));
  CHECK((tells(plan, NoteKind::left_out, 4, "“统一社会信用代码”与第 3 行重复") || tells(plan, NoteKind::kept_as_text, 4, "统一社会信用代码与第 3 行重复")));
  const ImportPlan others = fixture.plan("客户名称,行业,业务员\n丙,没听过的行业,没有此人\n");
  CHECK(tells(others, NoteKind::new_choice, 2, "“没听过的行业”不在“行业”的选项里"));
  CHECK(tells(others, NoteKind::kept_as_text, 2, "没有“没有此人”这个业务员"));
}

TEST_CASE("import rows: where both sides look alike, it is said that marks were changed which nobody sees") {
  RowsFixture fixture;
  fixture.create(catalog::customer, {{"name", "甲商行"}, {"address", "环市西路\u00A09号"}});
  fixture.create(catalog::customer, {{"name", "乙商行"}, {"address", "环市西路 9号"}});
  const ImportPlan plan = fixture.plan("客户名称,地址,电话\n甲商行,环市西路 9号,020\u00A08123\u00A00001\n乙商行,环市西路\u20099号,\n");
  CHECK(tells(plan, NoteKind::overwritten, 2, "看不见的字符"));
  CHECK(tells(plan, NoteKind::overwritten, 3, "看不见的字符"));
  CHECK(tells(plan, NoteKind::tidied, 2, "看不见的字符"));
}

TEST_CASE("import rows: what a spreadsheet could not show and how it marks a text is told, in remarks as elsewhere") {
  RowsFixture fixture;
  const ImportPlan plan = fixture.import("客户名称,成立日期,备注\n甲商行,########,'备注\n'90后'饮品店,2018-03-05,########\n");
  CHECK(tells(plan, NoteKind::check, 2, "“'备注”开头的撇号照原样导入"));  // it may be part of a word: 't Hart
  CHECK(text_of(fixture.called("甲商行"), "remark").starts_with("'备注"));
  fixture.called("'90后'饮品店");
  CHECK(tells(plan, NoteKind::check, 2, "列太窄"));
  CHECK(tells(plan, NoteKind::check, 3, "列太窄"));
}

TEST_CASE("import rows: contacts that an import makes are counted, those of private persons among them") {
  RowsFixture fixture;
  fixture.create(catalog::customer, {{"name", "老王"}});
  const ImportPlan plan = fixture.plan("客户名称,客户性质,电话,联系人,手机\n张三,个人,13800138001,,\n甲商行,企业,021-61230001,李四,13800138002\n老王,个人,,,\n乙商行,,,,\n");
  CHECK(plan.contacts_new == 3);
  CHECK(outcome_of(plan).zh == "新增 3 条，更新 1 条（来自 4 行），另建 3 位联系人");
  CHECK(outcome_of(plan).en == "3 new, 1 updated (from 4 rows), and 3 contacts");
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::contact) == 3);
  // A list of persons makes one of each.
  RowsFixture persons;
  const ImportPlan list = persons.plan("姓名,手机\n张三,13800138001\n李四,13800138002\n");
  CHECK(list.contacts_new == 2);
  commit(*persons.store, list);
  CHECK(persons.count(catalog::contact) == 2);
}

TEST_CASE("import rows: a payment term's numbers come from its words where no column has them, and never fall off") {
  const std::string term = "进货后30天结现或结30天票";
  RowsFixture fixture;
  const ImportPlan plan = fixture.import("客户名称,付款条件,付款条件天数\n甲,进货后30天结现或结30天票,45\n乙,进货后60天结现或结60天票,\n丙,进货后X天结现或结X天票,\n丁,进货后15天结现或结15天票,15\n");
  CHECK(plan.rows_left_out == 0);
  CHECK(tells(plan, NoteKind::kept_as_text, 2, term));
  CHECK(integer_or(fixture.called("甲").value("term_days"), 0) == 45);
  CHECK(text_of(fixture.called("甲"), "remark") == "付款条件：" + term);
  CHECK(text_of(fixture.called("乙"), "payment_term") == "net_days");
  CHECK(integer_or(fixture.called("乙").value("term_days"), 0) == 60);
  CHECK(tells(plan, NoteKind::kept_as_text, 4));  // how many days, nobody says
  CHECK(text_of(fixture.called("丙"), "remark").contains("进货后X天"));
  CHECK_FALSE(tells(plan, NoteKind::kept_as_text, 5));
  CHECK(text_of(fixture.called("丁"), "remark").empty());
}

TEST_CASE("import rows: 85 under a year of birth is no age") {
  RowsFixture fixture;
  const ImportPlan years = fixture.plan("姓名,出生年份\n张三,85年\n李四,88\n王五,1990\n赵六,36岁\n");
  CHECK(tells(years, NoteKind::kept_as_text, 2, "85年"));
  CHECK(tells(years, NoteKind::kept_as_text, 3, "88"));
  CHECK_FALSE(tells(years, NoteKind::kept_as_text, 4));
  CHECK(tells(years, NoteKind::changed, 5));
  CHECK(years.rows_left_out == 0);
  const ImportPlan ages = fixture.plan("姓名,年龄\n张三,36\n李四,85年\n");
  CHECK(tells(ages, NoteKind::changed, 2));
  CHECK(tells(ages, NoteKind::kept_as_text, 3));
}

}  // namespace kehubu::test
