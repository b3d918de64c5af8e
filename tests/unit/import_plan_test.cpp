// Importing into a store: the dry run, the one action, and lists that come back.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/date.h"
#include "core/catalog/areas.h"
#include "core/importing/resolvers.h"
#include "core/store/drafts.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"
#ifndef __EMSCRIPTEN__
#include "web/native/text_decoder_iconv.h"
#endif

namespace kehubu::test {
namespace {

struct ImportFixture : StoreFixture {
  ImportPlan plan(std::string_view text, const Entity& entity = catalog::customer, ImportOptions options = {}) {
    return plan_text(*store, environment, text, entity, std::move(options));
  }
  void import(std::string_view text, const Entity& entity = catalog::customer) { commit(*store, plan(text, entity)); }
  Record only(const Entity& entity, const std::string& search) {
    const auto rows = store->list({.entity = &entity, .search = search}).value();
    REQUIRE(rows.size() == 1);
    return store->read_row(entity, rows.front()).value();
  }
  std::int64_t count(const Entity& entity) { return store->count({.entity = &entity}).value(); }
  std::string export_list(const Entity& entity, bool chinese) {
    Progress progress;
    return run_to_end(export_csv(*store, {.entity = &entity}, chinese, progress)).value();
  }
};

std::string text_of(const Record& record, std::string_view field) { return text_or_empty(record.value(field)); }

}  // namespace

TEST_CASE("a list of contacts may name their company once for several of them; without its column nothing is taken from elsewhere") {
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan("单位名称,姓名,手机\n甲商行,张一,13800000001\n,李一,13800000002\n乙商行,王一,13800000003\n", catalog::contact);
  CHECK(plan.rows_good == 3);
  REQUIRE(plan.count(NoteKind::check) == 1);
  CHECK(plan.problems.front().line == 3);
  CHECK(plan.problems.front().message.zh == "空着，作为第 2 行的“甲商行”的联系人导入，请核对");
  CHECK(fixture.plan("姓名,手机\n张一,13800000001\n李一,\n", catalog::contact).rows_left_out == 2);
}

TEST_CASE("R-IMP-02: a hundred rows, three without a name") {
  ImportFixture fixture;
  std::string text = "客户名称,电话\n";
  for (int row = 1; row <= 100; ++row) {
    const bool nameless = row % 40 == 7;  // 7, 47, 87
    text += (nameless ? "" : "客户" + std::to_string(row)) + ",138001380" + std::to_string(10 + row % 90) + "\n";
  }
  const ImportPlan plan = fixture.plan(text);
  CHECK(plan.rows_good == 97);
  CHECK(plan.rows_left_out == 3);
  REQUIRE(plan.problem_count == 3);
  CHECK(plan.problems[0].line == 8);
  CHECK(plan.problems[1].line == 48);
  CHECK(plan.problems[2].line == 88);
  CHECK(plan.problems[0].fatal());
  CHECK(plan.problems[0].message.zh == "客户名称不能为空");  // as the file calls it
  CHECK(fixture.count(catalog::customer) == 0);  // the dry run writes nothing
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::customer) == 97);
  REQUIRE(fixture.store->undo());
  CHECK(fixture.count(catalog::customer) == 0);
}

TEST_CASE("R-IMP-02, R-VAL-11: a list of persons") {
  ImportFixture fixture;
  fixture.import("姓名,性别,年龄,联系方式,地址,邮箱,备注\n陈静,女,36,13800138000,广州天河,c@x.cn,会员\n");
  const Record customer = fixture.only(catalog::customer, "陈静");
  CHECK(text_of(customer, "nature") == "individual");
  CHECK(text_of(customer, "address") == "广州天河");
  CHECK(text_of(customer, "remark") == "会员");
  CHECK(fixture.count(catalog::contact) == 1);
  const Record contact = fixture.only(catalog::contact, "陈静");
  CHECK(id_or_empty(contact.value("customer")) == customer.id);
  CHECK(integer_or(contact.value("is_primary"), 0) == 1);
  CHECK(text_of(contact, "gender") == "female");
  CHECK(integer_or(contact.value("birth_year"), 0) == 1990);
  CHECK(text_of(contact, "mobile") == "13800138000");
  CHECK(text_of(contact, "email") == "c@x.cn");
}

TEST_CASE("a column that is given to the contact by hand makes no company a person; what the row says itself does") {
  ImportFixture fixture;
  const ImportTable table = table_of("客户名称,电话,手机,客户性质\n博海餐饮,020-87654321,13800138000,\n陈静,020-87654322,13800138001,个人\n");
  std::vector<ColumnMapping> mapping = propose_mapping(table, catalog::customer);
  mapping[2] = {ColumnUse::field, catalog::contact.find("mobile"), 100};
  Progress progress;
  const ImportPlan plan = run_to_end(plan_import(*fixture.store, fixture.environment, std::make_shared<const ImportTable>(table), catalog::customer, mapping, {}, progress)).value();
  CHECK(plan.count(NoteKind::kept_as_text) == 1);
  CHECK(plan.contacts_new == 1);
  commit(*fixture.store, plan);
  const Record company = fixture.only(catalog::customer, "博海餐饮");
  CHECK(text_of(company, "nature") == "organisation");
  CHECK(text_of(company, "remark") == "手机：13800138000");
  CHECK(text_of(fixture.only(catalog::contact, "陈静"), "mobile") == "13800138001");
}

TEST_CASE("a list of companies with a person each; a number of nobody is kept") {
  ImportFixture fixture;
  fixture.import("客户名称,联系人,职务,手机\n博海餐饮,张三,经理,13800138000\n恒丰超市,,,13900139000\n");
  CHECK(fixture.count(catalog::contact) == 1);
  const Record contact = fixture.only(catalog::contact, "张三");
  CHECK(id_or_empty(contact.value("customer")) == fixture.only(catalog::customer, "博海").id);
  CHECK(text_of(contact, "title") == "经理");
  CHECK(text_of(fixture.only(catalog::customer, "恒丰"), "remark") == "手机：13900139000");
  CHECK(text_of(fixture.only(catalog::customer, "恒丰"), "nature") == "organisation");
}

TEST_CASE("unknown choices and regions are asked about: kept in the remark, added, or mapped") {
  ImportFixture fixture;
  const std::string text =
      "客户名称,所属行业,所属区域,公司规模,总资产（万元）,股东户数\n澳柯玛,家用电器,山东,特大,609099.56,35072\n风神,汽车配件,山东,大,,\n海信,家用电器,山东,,,\n豪客来,餐饮住宿业,,,,\n";
  const ImportPlan asked = fixture.plan(text);
  CHECK(asked.rows_good == 4);
  CHECK(asked.rows_with_hints == 1);  // 特大 is no size, and sizes are not ours to add
  CHECK(asked.count(NoteKind::new_choice) == 6);
  REQUIRE(asked.unknown_choices.size() == 5);
  CHECK(asked.unknown_choices[0].text == "家用电器");
  CHECK(asked.unknown_choices[0].rows == 2);
  CHECK(asked.unknown_choices[2].text == "汽车配件");
  CHECK(asked.unknown_choices[2].map_to.empty());  // is not 汽车
  CHECK(asked.unknown_choices[3].map_to == "catering_lodging");
  CHECK(asked.unknown_choices[4].text == "山东");
  CHECK(asked.unknown_choices[4].rows == 3);
  CHECK(std::ranges::none_of(asked.unknown_choices, &UnknownChoice::add));
  CHECK(asked.edits.size() == 4);  // nothing is made that nobody asked for

  const ImportPlan plan = fixture.plan(text, catalog::customer, {.decisions = add_all(asked.unknown_choices)});
  CHECK(plan.count(NoteKind::new_choice) == 0);
  commit(*fixture.store, plan);
  const Record aucma = fixture.only(catalog::customer, "澳柯玛");
  CHECK(text_of(aucma, "industry") == "jiayongdianqi");
  CHECK(text_of(aucma, "remark") == "公司规模：特大；总资产（万元）：609099.56；股东户数：35072");
  CHECK(text_of(fixture.only(catalog::customer, "海信"), "industry") == "jiayongdianqi");
  CHECK(text_of(fixture.only(catalog::customer, "风神"), "industry") == "qichepeijian");
  CHECK(text_of(fixture.only(catalog::customer, "豪客来"), "industry") == "catering_lodging");
  const Record region = fixture.only(catalog::org_unit, "山东");
  CHECK(id_or_empty(aucma.value("region")) == region.id);
  CHECK(text_of(region, "kind") == "province_region");
  CHECK(fixture.count(catalog::dict_item) == 2);
  const auto choices = fixture.store->choices(*catalog::customer.find("industry")->list);
  CHECK(std::ranges::any_of(choices, [](const auto& choice) { return choice.label.zh == "家用电器"; }));

  // Next time everything is known, a province by its other spelling too.
  const ImportPlan again = fixture.plan("客户名称,所属行业,所属区域\n格力,家用电器,山东省\n");
  REQUIRE(again.unknown_choices.size() == 1);
  CHECK(again.unknown_choices[0].map_to == "山东");
  CHECK(again.count(NoteKind::new_choice) == 0);
  CHECK(again.edits.size() == 1);
}

TEST_CASE("a person may decide what an unknown choice means") {
  ImportFixture fixture;
  const Field* industry = catalog::customer.find("industry");
  const ImportPlan plan = fixture.plan("客户名称,所属行业\n澳柯玛,家用电器\n风神,汽车配件\n海信,电视\n", catalog::customer,
                                       {.decisions = {{industry, "家用电器", 0, "manufacturing"}, {industry, "汽车配件", 0, "", true}}});
  commit(*fixture.store, plan);
  CHECK(text_of(fixture.only(catalog::customer, "澳柯玛"), "industry") == "manufacturing");
  CHECK(text_of(fixture.only(catalog::customer, "风神"), "industry") == "qichepeijian");
  CHECK(text_of(fixture.only(catalog::customer, "海信"), "remark") == "所属行业：电视");
}

TEST_CASE("a column with as many texts as rows: each costs a look, however many there are and were decided") {
  const Field& source = *catalog::customer.find("source");
  constexpr int count = 2'000;
  std::vector<UnknownChoice> decisions;
  for (int number = 0; number < count; ++number) {
    decisions.push_back({.field = &source, .text = "渠道 " + std::to_string(number), .rows = 1, .map_to = "m" + std::to_string(number)});
  }
  decisions.push_back({.field = &source, .text = "渠道0", .rows = 1, .map_to = "later"});  // written alike: the first counts
  UnknownTexts texts(decisions);
  for (int number = 0; number < count; ++number) {
    CHECK(texts.of(source, "渠道" + std::to_string(number), [] { return std::string("proposed"); }).map_to == "m" + std::to_string(number));
  }
  CHECK(texts.of(source, "渠道新", [] { return std::string("proposed"); }).map_to == "proposed");
  CHECK(texts.texts_read() <= 3 * (count + 1));

  std::vector<UnknownChoice> asked{{.field = &source, .text = "渠道 7"}, {.field = &source, .text = "别的", .add = true}, {.field = catalog::customer.find("industry"), .text = "渠道7"}};
  keep_decisions(asked, decisions);
  CHECK(asked[0].map_to == "m7");
  CHECK(asked[1].add);
  CHECK(asked[2].map_to.empty());
}

TEST_CASE("what does not read as its field wants it is kept and said, and nothing of a row is lost") {
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan(
      "客户名称,电邮,电话,邮编,建档日期,业务员\n博海,not-mail,12345,99,2026/11/1,没有此人\n恒丰,a@b.cn,13800138000,510000,2026/11/2,王敏\n"
      "东方,c@d.cn,13800138001,510000,2026/11/3,R07\n");
  CHECK(plan.rows_good == 3);
  CHECK(plan.rows_left_out == 0);
  CHECK(plan.rows_with_hints == 1);
  commit(*fixture.store, plan);
  const Record bohai = fixture.only(catalog::customer, "博海");
  CHECK(is_null(bohai.value("email")));
  CHECK(text_of(bohai, "phone") == "12345");  // a hint only: old data must load
  const std::string remark = text_of(bohai, "remark");
  CHECK(remark.contains("电邮：not-mail"));
  CHECK(remark.contains("邮编：99"));
  CHECK(remark.contains("业务员：没有此人"));
  CHECK(id_or_empty(bohai.value("owner")) == fixture.me);  // R-IMP: the default
  CHECK(text_of(fixture.only(catalog::customer, "恒丰"), "filed_on") == "2026-11-02");
}

TEST_CASE("existing customers are found by number or by name, and skipped or updated") {
  ImportFixture fixture;
  fixture.create(catalog::customer, {{"name", "上海博海餐饮公司"}, {"city", "上海"}, {"remark", "老客户"}});
  fixture.create(catalog::customer, {{"name", "恒丰超市"}, {"code", "GZ-0002"}});
  const std::string text = "客户编号,客户名称,电话,门店\n,上海市博海餐饮有限公司,021-12345678,三家\nGZ-0002,恒丰连锁超市,020-87654321,\nGZ-0009,恒丰超市,,\n";
  const ImportPlan skipping = fixture.plan(text);
  CHECK(skipping.rows_existing == 2);
  CHECK(skipping.rows_good == 1);  // another number is another customer
  const ImportPlan updating = fixture.plan(text, catalog::customer, {.existing = ExistingPolicy::update});
  CHECK(updating.rows_existing == 2);
  CHECK(updating.rows_good == 3);
  commit(*fixture.store, updating);
  CHECK(fixture.count(catalog::customer) == 3);
  const Record bohai = fixture.only(catalog::customer, "博海");
  CHECK(text_of(bohai, "name") == "上海市博海餐饮有限公司");
  CHECK(text_of(bohai, "phone") == "021-12345678");
  CHECK(text_of(bohai, "city") == "上海");
  CHECK(text_of(bohai, "remark") == "老客户\n门店：三家");
  CHECK(fixture.plan(text, catalog::customer, {.existing = ExistingPolicy::update}).edits.empty());  // nothing is left to change
  REQUIRE(fixture.store->undo());
  CHECK(text_of(fixture.only(catalog::customer, "博海"), "remark") == "老客户");
}

TEST_CASE("duplicates within the file: the same number or row is left out, the same name is said") {
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan("客户编号,客户名称,电话\n1,博海,020-87654321\n1,恒丰,020-87654322\n,东方,020-87654323\n,东方,020-87654323\n,东方,020-87654324\n");
  CHECK(plan.rows_good == 3);
  CHECK(plan.rows_left_out == 2);
  REQUIRE(plan.problem_count == 3);
  CHECK(plan.problems[0].line == 3);
  CHECK(plan.problems[0].message.zh == "“客户编号”与第 2 行重复");
  CHECK(plan.problems[1].line == 5);
  CHECK(plan.problems[1].message.zh == "与第 4 行完全相同");
  CHECK_FALSE(plan.problems[2].fatal());
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::customer) == 3);
}

TEST_CASE("contacts find their customers, make them, and find each other") {
  ImportFixture fixture;
  const Id bohai = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const ImportPlan plan = fixture.plan("单位名称,姓名,手机,上级联系人\n博海餐饮,张三,13800138000,\n博海餐饮,李四,13800138001,张三\n海味轩,陈总,13800138002,\n", catalog::contact);
  CHECK(plan.new_references == std::vector<std::string>{"海味轩"});
  CHECK(plan.rows_good == 3);
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::customer) == 2);
  const Record boss = fixture.only(catalog::contact, "张三");
  CHECK(id_or_empty(boss.value("customer")) == bohai);
  CHECK(id_or_empty(fixture.only(catalog::contact, "李四").value("reports_to")) == boss.id);
  CHECK(fixture.plan("单位名称,姓名\n博海餐饮,张三\n", catalog::contact).rows_existing == 1);
}

TEST_CASE("a parent company may stand further down in the file") {
  ImportFixture fixture;
  fixture.import("客户名称,从属单位\n恒丰天河店,恒丰总部\n恒丰总部,\n恒丰海珠店,恒丰总部\n孤儿店,没有的公司\n");
  const Id head = fixture.only(catalog::customer, "恒丰总部").id;
  CHECK(id_or_empty(fixture.only(catalog::customer, "天河").value("parent")) == head);
  CHECK(id_or_empty(fixture.only(catalog::customer, "海珠").value("parent")) == head);
  CHECK(text_of(fixture.only(catalog::customer, "孤儿"), "remark") == "从属单位：没有的公司");
}

TEST_CASE("products, prices and units") {
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan("价格表,,,,,\n产品编号,品名,规格,产品类别,单位,单价\nP1,原味瓜子,500g,炒货,袋,12.5\nP2,夏威夷果,5kg,进口坚果,箱,360\nP3,话梅,,蜜饯,,19.2\n", catalog::product);
  CHECK(plan.rows_good == 2);
  CHECK(plan.rows_left_out == 1);  // no unit
  REQUIRE_FALSE(plan.problems.empty());
  CHECK(plan.problems.back().line == 5);
  commit(*fixture.store, plan);
  CHECK(integer_or(fixture.only(catalog::product, "瓜子").value("list_price"), 0) == 1250);
}

TEST_CASE("a row that is left out says why, and nothing of it is said to stand in a remark") {
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan("产品编号,品名,产品类别,单位,单价\n6.90123E+12,原味瓜子,炒货,箱,128元/箱\nP2,奶油瓜子,炒货,袋,12.345\n", catalog::product);
  CHECK(plan.rows_left_out == 1);
  REQUIRE(plan.problems.size() == 2);
  CHECK(plan.problems[0].fatal());
  CHECK(plan.problems[0].message.zh == "“6.90123E+12”被电子表格改成了科学计数法，原来的数字已丢失；产品编号不能为空");
  CHECK(plan.problems[1].line == 3);
}

TEST_CASE("what changed since the check is checked again") {
  ImportFixture fixture;
  ImportPlan plan = fixture.plan("客户名称\n博海餐饮\n恒丰超市\n");
  fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  Progress progress;
  const auto written = run_to_end(commit_import(*fixture.store, std::move(plan), progress));
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::conflict);
}

TEST_CASE("planning can be cancelled and leaves nothing") {
  ImportFixture fixture;
  const auto table = std::make_shared<const ImportTable>(table_of("客户名称\n博海餐饮\n恒丰超市\n"));
  Progress progress{.cancelled = true};
  const auto plan = run_to_end(plan_import(*fixture.store, fixture.environment, table, catalog::customer,
                                           propose_mapping(*table, catalog::customer), {}, progress));
  REQUIRE_FALSE(plan);
  CHECK(plan.error().kind == ErrorKind::cancelled);
}

TEST_CASE("an import is written in slices, and cancelling it at any of them leaves nothing") {
  std::string csv = "客户名称\n";
  for (int row = 0; row < 700; ++row) {
    csv += "客户" + std::to_string(row) + "\n";
  }
  // Time goes on by itself, so that each slice is over at once.
  struct Ticking final : Environment {
    std::int64_t now_ms() override { return 0; }
    std::int64_t monotonic_us() override { return ++time; }
    void random_bytes(std::span<std::uint8_t>) override {}
    std::int64_t time = 0;
  };
  constexpr int past_the_checks = 40;  // the log is written by then, and some of the tables
  int slices = 0;
  for (int cancel_after = 1; cancel_after == 1 || cancel_after < slices; cancel_after += 7) {
    ImportFixture fixture;
    ImportPlan plan = fixture.plan(csv);
    const std::string before = fixture.store->table_hash().value();
    const std::string log_before = fixture.store->content_hash().value();
    Ticking clock;
    Scheduler scheduler(clock);
    Progress progress;
    std::optional<Result<Written>> written;
    scheduler.spawn<Result<Written>>(commit_import(*fixture.store, std::move(plan), progress), [&](Result<Written> result) { written = std::move(result); });
    for (int slice = 1; scheduler.run(0); ++slice) {
      progress.cancelled = slices > 0 && slice == cancel_after;
      if (slices == 0 && slice > past_the_checks) {
        slices = slice;  // the first round only counts, and is cancelled late
        progress.cancelled = true;
      }
    }
    REQUIRE(written);
    REQUIRE_FALSE(*written);
    CHECK(written->error().kind == ErrorKind::cancelled);
    CHECK(fixture.store->table_hash().value() == before);
    CHECK(fixture.store->content_hash().value() == log_before);
    CHECK(fixture.store->verify().value().empty());
    CHECK(fixture.create(catalog::customer, {{"name", "之后"}}) != Id{});
  }
  CHECK(slices > past_the_checks);
}

TEST_CASE("an import and the end of the draft that it was are one transaction: both, or neither") {
  StoreFixture fixture;
  Drafts drafts(internals(*fixture.store));
  const KeptDraft draft{.id = new_id(fixture.environment), .address = "import/customer", .title = {"导入", "Import"}, .kept_at_ms = 5, .open = true, .content = "名单"};
  REQUIRE(drafts.keep(draft));
  const std::string text = "客户名称\n甲商行\n乙商行\n";
  Progress progress;
  const auto refused = run_to_end(commit_import(*fixture.store, plan_text(*fixture.store, fixture.environment, text, catalog::customer), progress,
                                                [] { return Status(fail(ErrorKind::storage, "磁盘已满", "The disk is full")); }));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.zh == "磁盘已满");
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 0);
  CHECK(drafts.all().value().size() == 1);

  int commits = 0;
  fixture.store->on_commit([&] {
    ++commits;
    CHECK(drafts.all().value().empty());
    CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 2);
  });
  REQUIRE(run_to_end(commit_import(*fixture.store, plan_text(*fixture.store, fixture.environment, text, catalog::customer), progress, [&] { return drafts.forget(draft.id); })));
  CHECK(commits == 1);
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("export: Excel opens it rightly and nothing becomes a formula") {
  ImportFixture fixture;
  fixture.create(catalog::customer, {{"name", "=HYPERLINK(\"x\")"}, {"code", "000720"}, {"phone", "+8613800138000"}, {"remark", "一行\n二行,\"引\""}});
  const std::string csv = fixture.export_list(catalog::customer, true);
  CHECK(csv.starts_with("\xEF\xBB\xBF客户编号,客户名称"));
  CHECK(csv.contains("\r\n"));
  CHECK(csv.contains("\"=\"\"000720\"\"\""));
  CHECK(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""));
  CHECK(csv.contains("'+8613800138000"));
  CHECK(fixture.export_list(catalog::customer, false).starts_with("\xEF\xBB\xBF" "Customer no.,Name"));
}

TEST_CASE("export and import again: every field comes back") {
  for (const bool chinese : {true, false}) {
    ImportFixture from;
    from.create(catalog::customer, {{"name", "'=1+1"}, {"code", "000720"}, {"phone", "020-87654321"}, {"industry", "retail"}, {"business_forms", "hotel,guesthouse"},
                                    {"registered_capital", 609099560000}, {"settlement_discount", 9750}, {"floor_area", 1200500}, {"store_count", 12}, {"consent", 1},
                                    {"coop_start", "2000-12-29"}, {"remark", "一行\n二行,\"引\"\n'三"}, {"tags", "quoted,visited"}, {"bank_account", "6222021234567890123"}});
    from.create(catalog::customer, {{"name", "新 希 望"}, {"code", "1-2"}, {"phone", "+8613800138000"}, {"ownership", "state_owned"}});
    const std::string csv = from.export_list(catalog::customer, chinese);
    ImportFixture to;
    const ImportPlan plan = to.plan(csv);
    CHECK(plan.rows_good == 2);
    CHECK(plan.problem_count == 0);
    CHECK(plan.unknown_choices.empty());
    commit(*to.store, plan);
    CHECK(to.export_list(catalog::customer, chinese) == csv);
  }
}

TEST_CASE("export: a payment term has its numbers in it, and comes back as the term it was") {
  for (const bool chinese : {true, false}) {
    ImportFixture from;
    from.create(catalog::customer, {{"name", "甲"}, {"code", "1"}, {"payment_term", "net_days"}, {"term_days", 30}});
    from.create(catalog::customer, {{"name", "乙"}, {"code", "2"}, {"payment_term", "prepaid_then_batch"}, {"term_percent", 3000}, {"term_percent2", 7000}, {"term_days", 45}});
    from.create(catalog::customer, {{"name", "丙"}, {"code", "3"}, {"payment_term", "floor_stock"}, {"term_floor", 500000}});
    from.create(catalog::customer, {{"name", "丁"}, {"code", "4"}, {"payment_term", "cod"}});
    const std::string csv = from.export_list(catalog::customer, chinese);
    CHECK_MESSAGE(csv.contains(chinese ? "进货后30天结现或结30天票" : "30 days after purchase"), csv);
    CHECK_MESSAGE(csv.contains(chinese ? "30%款到发货70%押下批进货时付现，超过45天无进货亦付现" : "30 % prepaid, 70 % with the next batch, at most 45 days"), csv);
    CHECK_MESSAGE(csv.contains(chinese ? "押5,000元铺底数超额付现" : "Above a floor stock of 5,000 yuan"), csv);
    ImportFixture to;
    const ImportPlan plan = to.plan(csv);
    CHECK(plan.problem_count == 0);
    commit(*to.store, plan);
    CHECK(to.export_list(catalog::customer, chinese) == csv);
    // Without a column for the days they come from the words.
    ImportFixture alone;
    alone.import("客户名称,付款条件\n甲,进货后30天结现或结30天票\n");
    CHECK(text_of(alone.only(catalog::customer, "甲"), "payment_term") == "net_days");
    CHECK(integer_or(alone.only(catalog::customer, "甲").value("term_days"), 0) == 30);
  }
}

#ifndef __EMSCRIPTEN__
namespace {

void import_listed_companies(const std::string& path, std::int64_t companies) {
  const std::string bytes = read_bytes(path);
  REQUIRE_FALSE(bytes.empty());
  IconvTextDecoder decoder;
  const std::string text = decode_text(as_bytes(bytes), detect_encoding(as_bytes(bytes)), decoder).value();
  ImportFixture fixture;
  const ImportPlan plan = fixture.plan(text, catalog::customer, {.decisions = add_all(fixture.plan(text).unknown_choices)});
  CHECK(plan.rows_good == companies);
  CHECK(plan.rows_left_out == 0);
  CHECK(plan.rows_existing == 0);
  CHECK(plan.rows_with_hints == 0);
  commit(*fixture.store, plan);
  CHECK(fixture.count(catalog::customer) == companies);
  const Record hope = fixture.only(catalog::customer, "000876");
  CHECK(text_of(hope, "name") == "新 希 望");
  CHECK(text_of(hope, "remark").starts_with("总资产（万元）："));
  CHECK(fixture.plan(text).rows_existing == companies);
  REQUIRE(fixture.store->undo());
  CHECK(fixture.count(catalog::customer) == 0);
  CHECK(fixture.count(catalog::org_unit) == 0);
}

}  // namespace

TEST_CASE("a list of companies as it was sent is imported whole") {
  import_listed_companies("tests/data/import/listed-companies-gb18030.csv", 61);
  // The whole file does not belong to the repository; who has it names its folder.
  if (const char* shared = std::getenv("KEHUBU_SHARED")) {
    import_listed_companies(std::string(shared) + "/客户名单-GB18030.csv", 3621);
  }
}
#endif

}  // namespace kehubu::test
