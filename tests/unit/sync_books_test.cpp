// What a merge leaves behind beside the records: what is known of peers, which files wait and why, the register, and the
// places of the chain that later bundles are compared with.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/store/log.h"
#include "core/sync/exporter.h"
#include "core/sync/tables.h"
#include "tests/support/bundle_series.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

Id make_customer(TestDevice& device, const std::string& name) { return device.create("customer", {{"name", name}}, as_it_is); }

std::int64_t count_customers(TestDevice& device) { return *device.store().count({.entity = find_entity("customer")}); }

bool any_remark(const MergeReport& report, std::string_view words) {
  return std::ranges::any_of(report.remarks, [&](const Sentence& remark) { return remark.zh.contains(words); });
}

void execute(TestDevice& device, const char* sql) {
  REQUIRE(sqlite3_exec(device.store().connection(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

}  // namespace

TEST_CASE("a file whose whole content another file of the session has brought is told as known, and does not wait") {
  TestDevice office{1};
  TestDevice tablet{2};
  TestDevice colleague{3};
  make_customer(tablet, "一");
  const std::string from_tablet = tablet.export_all();
  colleague.environment().now += 60'000;
  colleague.import(from_tablet);
  const MergeReport report = office.import({from_tablet, colleague.export_all()});
  CHECK(report.bundles == 1);
  CHECK(report.already_known == 1);
  CHECK(report.waiting == 0);
  CHECK(report.remarks.empty());
  CHECK(office.sync().bundle_history()->size() == 1);
}

TEST_CASE("a file of which everything is known and that was changed on its way is refused; a sound one costs no reading") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "长江酒店");
  const std::string sound = tablet.export_all();
  office.import(sound);
  CHECK(office.import(sound).already_known == 1);
  const auto refused = [&](std::string altered) {
    const MergeReport report = office.import(std::move(altered));
    CHECK(report.already_known == 0);
    CHECK(report.bundles == 0);
    return report.refused == 1;
  };
  std::string other_name = sound;
  other_name.replace(other_name.find("长江酒店"), std::string("长江酒店").size(), "珠江酒店");
  CHECK(refused(other_name));
  CHECK(refused(sound + "{}"));
  std::string other_digest = sound;
  char& digit = other_digest[other_digest.find("\"digest\":\"") + 12];
  digit = digit == '0' ? '1' : '0';
  CHECK(refused(other_digest));
  std::string laid_out = sound;  // by another program: sound, though not laid out as ours
  laid_out.replace(laid_out.find("\"signature\":null"), std::string("\"signature\":null").size(), "\"signature\" : null");
  CHECK(office.import(laid_out).already_known == 1);
  CHECK(count_customers(office) == 1);
}

TEST_CASE("a waiting file whose content has come in another one waits no longer, and nothing is told of it") {
  const std::vector<std::string> bundles = bundle_series(2, "forwards");
  TestDevice office{1};
  TestDevice tablet{2};
  CHECK(office.import(bundles[1]).waiting == 1);
  tablet.import(bundles);
  const MergeReport report = office.import(tablet.export_all());
  CHECK(report.bundles == 1);
  CHECK(report.already_known == 0);
  CHECK(report.waiting == 0);
  CHECK(report.remarks.empty());
  CHECK(count_customers(office) == 2);
}

TEST_CASE("a waiting file that has been damaged meanwhile is refused once, and forgotten") {
  const std::vector<std::string> bundles = bundle_series(3, "forwards");
  TestDevice office{1};
  office.import(bundles[1]);
  execute(office, "UPDATE sync_waiting SET json = substr(json, 1, 100)");
  const MergeReport report = office.import(bundles[0]);
  CHECK(report.bundles == 1);
  CHECK(report.refused == 1);
  CHECK(report.waiting == 0);
  CHECK(any_remark(report, "文件不完整"));
  const MergeReport later = office.import(bundles[2]);
  CHECK(later.refused == 0);
  CHECK(later.waiting == 1);
}

TEST_CASE("files that wait for each other are told so, with the way out") {
  TestDevice first{1}, second{2}, third{3}, fourth{4}, office{5};
  make_customer(first, "一");
  make_customer(second, "二");
  fourth.import(first.export_all());
  third.import(second.export_all());
  first.import(third.export_all());
  second.import(fourth.export_all());
  // The one builds on what the other holds, and the other on it.
  const MergeReport report = office.import({first.export_for(third), second.export_for(fourth)});
  CHECK(report.waiting == 2);
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0].zh == "file-1.json 等 2 个文件：等待中的文件互相接在对方之后。请让其中一位发来“全部内容”。");
  CHECK(office.import(first.export_all()).waiting == 0);
  CHECK(count_customers(office) == 2);
}

TEST_CASE("of a peer its latest word counts, in whatever order its files come") {
  TestDevice office{1};
  TestDevice tablet{2, "旧名"};
  const Id wang = tablet.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is);
  tablet.use_as(wang);
  const std::string old = tablet.export_all();
  make_customer(tablet, "一");
  DeviceIdentity renamed = tablet.store().identity();
  renamed.name = "新名";
  renamed.letter = "Q";
  REQUIRE(tablet.store().set_identity(renamed));
  tablet.environment().now += 3'600'000;
  const std::string young = tablet.export_all();
  const std::int64_t moment = tablet.environment().now_ms();

  const auto check = [&] {
    const auto peers = office.sync().peers().value();
    REQUIRE(peers.size() == 1);
    CHECK(peers[0].device == tablet.id());
    CHECK(peers[0].name == "新名");
    CHECK(peers[0].letter == "Q");
    CHECK(peers[0].person == wang);
    CHECK(peers[0].person_name == "王敏");
    CHECK(peers[0].last_heard == moment);
    CHECK(peers[0].have == Knowledge{{tablet.id(), 2}});
    CHECK(peers[0].lacks == 0);
  };
  office.import(young);
  check();
  office.import(old);  // known already, and older than what is known of the sender
  check();
  CHECK(office.sync().peers().value()[0].last_sent == 0);
  const std::string answer = office.export_for(tablet);
  CHECK(office.sync().peers().value()[0].last_sent == office.environment().now_ms());
  office.import(young);
  CHECK(office.sync().peers().value()[0].last_sent == office.environment().now_ms());
}

TEST_CASE("places of the chain are remembered, each by its device and number") {
  TestDevice office{1};
  Database database{office.store().connection()};
  SyncTables tables{database.connection()};
  Digest first{}, second{};
  first.fill(1);
  second.fill(2);
  REQUIRE(tables.remember_chain(7, 100, first));
  REQUIRE(tables.remember_chain(7, 200, second));
  CHECK_FALSE(tables.place_before(7, 99).value());
  CHECK_FALSE(tables.place_before(8, 300).value());
  CHECK(tables.place_before(7, 199).value()->sequence == 100);
  CHECK(tables.place_before(7, 199).value()->chain == first);
  CHECK(tables.place_before(7, 300).value()->sequence == 200);
  CHECK(tables.place_before(7, 300).value()->chain == second);
}

TEST_CASE("the register keeps of each file what a person asks for later") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  const Id wang = tablet.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is);
  tablet.use_as(wang);
  const Id customer = make_customer(tablet, "一");
  office.import(tablet.export_all());
  tablet.import(office.export_all());
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "b"}});
  office.environment().now += 60'000;
  office.import(tablet.export_for(office));
  const auto records = office.sync().bundle_history().value();
  REQUIRE(records.size() == 3);
  const Sync::BundleRecord& latest = records.front();
  CHECK(latest.at == office.environment().now_ms());
  CHECK_FALSE(latest.outgoing);
  CHECK(latest.name == "file-1.json");
  CHECK(latest.digest.size() == 64);
  CHECK(latest.device_name == "王敏的平板");
  CHECK(latest.person_name == "王敏");
  CHECK(latest.changes == 1);
  CHECK(latest.conflicts == 1);
  CHECK(latest.state == BundleState::ready);
  Database database{office.store().connection()};
  Statement& select = database.statement("SELECT person FROM device WHERE id = ?").bind(1, tablet.id());
  REQUIRE(select.row());
  CHECK(select.id(0) == wang);
  CHECK(records[1].outgoing);
  CHECK(records[2].changes == 2);
  CHECK(records[2].conflicts == 0);
}

TEST_CASE("who is nobody, or not here, has no card") {
  TestDevice office{1};
  const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, as_it_is);
  CHECK(person_card(office.store(), wang).code == "R07");
  CHECK(person_card(office.store(), wang).name == "王敏");
  CHECK(person_card(office.store(), wang).role == "rep");
  CHECK(person_card(office.store(), {}).name == "");
  CHECK(person_card(office.store(), new_id(office.environment())).name == "");
}

TEST_CASE("where bundles end is remembered for those that build on them") {
  TestDevice office{1};
  TestDevice tablet{2};
  make_customer(tablet, "一");
  make_customer(tablet, "二");
  office.import(tablet.export_all());
  make_customer(tablet, "三");
  office.import(tablet.export_all());
  const Log& log = internals(office.store()).log();
  const DeviceNumber number = log.find_device(tablet.id()).value();
  CHECK(log.last_sequence(number) == 3);
  SyncTables tables{office.store().connection()};
  CHECK(tables.place_before(number, 2).value()->sequence == 2);
  CHECK(tables.place_before(number, 9).value()->chain == log.chain(number));
}

TEST_CASE("a merge touches each record once, and keeps what came together together") {
  TestDevice office{1};
  TestDevice tablet{2};
  std::vector<Id> rows;
  for (const char* name : {"一", "二", "三"}) {
    rows.push_back(make_customer(tablet, name));
  }
  for (int round = 0; round < 30; ++round) {
    for (const Id& row : rows) {
      tablet.edit("customer", row, {{"phone", std::to_string(round)}});
    }
  }
  const MergeReport report = office.import(tablet.export_all());
  CHECK(report.changes_applied == 93);
  CHECK(report.records_touched == 3);
  Database database{office.store().connection()};
  Statement& select = database.statement("SELECT count(*), max(length(entries)) FROM log");
  REQUIRE(select.row());
  CHECK(select.integer(0) <= 6);  // segments of at most 1,900 bytes, and not one for each change
  CHECK(select.integer(1) <= 1900);
  CHECK(office.content_hash() == tablet.content_hash());
}

TEST_CASE("the latest two hundred concerns are kept, and how many more there were is said until they are put away") {
  constexpr int rows = 210;
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  const Entity& customer = *find_entity("customer");
  std::vector<Edit> edits;
  for (int number = 0; number < rows; ++number) {
    edits.push_back({.entity = &customer, .row = new_id(office.environment()), .fields = {{customer.find("name"), Value(std::to_string(number))}}});
  }
  REQUIRE(office.store().write(edits, as_it_is));
  exchange({&office, &tablet});
  const auto call = [&](TestDevice& device, const std::string& phone) {
    for (Edit& edit : edits) {
      edit.fields = {{customer.find("phone"), Value(phone)}};
    }
    device.environment().now += 1000;
    REQUIRE(device.store().write(edits, as_it_is));
  };
  call(tablet, "1");
  office.environment().now = tablet.environment().now + 60'000;
  call(office, "2");
  const auto told = tablet.import(office.export_all()).concerns;
  REQUIRE(told.size() == 201);
  CHECK(told.front().zh.starts_with("另有至多 10 处您写的值也没有保留"));
  CHECK(told.front().en.starts_with("Up to 10 more values of yours"));
  const auto kept = tablet.sync().concerns().value();
  REQUIRE(kept.size() == 201);
  CHECK(kept.front().text == told.front());
  CHECK(kept.front().record.entity == nullptr);
  CHECK(kept[1].number == rows);
  CHECK(kept[1].kind == Sync::Concern::Kind::superseded);
  CHECK(kept[1].text.en.contains("wrote it later than you"));
  const Id li = office.create("employee", {{"code", "R01"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
  CHECK(tablet.import(office.export_all()).concerns.empty());
  CHECK(tablet.sync().concerns().value().size() == 201);
  tablet.use_as(li);
  CHECK(tablet.sync().concerns().value().front().record.entity == &customer);  // what nobody signed is this device's; how many more was said to nobody
  REQUIRE(tablet.sync().put_away_concerns());
  CHECK(tablet.sync().concerns().value().empty());
}

TEST_CASE("beyond a thousand values that lose, or stand by a clock that is ahead, how many there are is said") {
  constexpr int rows = 1'003;
  TestDevice office{1, "总部"}, tablet{2, "王敏的平板"};
  const Entity& customer = *find_entity("customer");
  std::vector<Edit> edits;
  for (int number = 0; number < rows; ++number) {
    edits.push_back({.entity = &customer, .row = new_id(office.environment()), .fields = {{customer.find("name"), Value(std::to_string(number))}}});
  }
  REQUIRE(office.store().write(edits, as_it_is));
  exchange({&office, &tablet});
  const auto call = [&](TestDevice& device, const std::string& phone) {
    for (Edit& edit : edits) {
      edit.fields = {{customer.find("phone"), Value(phone)}};
    }
    REQUIRE(device.store().write(edits, as_it_is));
  };
  call(office, "1");
  tablet.environment().now += 3LL * 86'400'000;
  call(tablet, "2");
  const std::string ahead = tablet.export_all();
  {
    TestDevice branch{3, "分部"};
    branch.environment().now = office.environment().now;
    REQUIRE(branch.import(office.export_all()).refused == 0);
    const MergeReport report = branch.import(ahead);
    CHECK(std::ranges::any_of(report.remarks, [](const Sentence& one) { return one.zh.contains("有 1000 处没有让它占先"); }));
    CHECK(std::ranges::any_of(report.remarks, [](const Sentence& one) { return one.zh.contains("有 3 处暂以它写的为准"); }));
  }
  office.environment().now = tablet.environment().now;  // and now the tablet's clock is right
  const MergeReport report = office.import(ahead);
  REQUIRE(report.concerns.size() == 201);
  CHECK(report.concerns.front().zh.starts_with("另有至多 803 处"));
}

TEST_CASE("a number that the file itself takes from the record that has it here is told as shared by nobody") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id holder = office.create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
  tablet.import(office.export_all());
  tablet.create("customer", {{"code", "K-9"}, {"name", "乙"}}, as_it_is);
  CHECK(office.preview(tablet.export_for(office)).lines.size() == 2);
  tablet.edit("customer", holder, {{"code", "K-10"}});
  const Preview preview = office.preview(tablet.export_for(office));
  REQUIRE(preview.lines.size() == 1);
  CHECK(preview.lines[0].text.zh == "客户：1 个新建，2 处修改");  // that the other one keeps it was decided, and is written with it
}

TEST_CASE("the preview of what meets nothing speaks of no meeting; of what is no bundle it says where") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id row = make_customer(office, "博海餐饮");
  tablet.import(office.export_all());
  tablet.edit("customer", row, {{"grade", "c"}, {"phone", "13800001111"}});
  const std::string bundle = tablet.export_for(office);
  const Preview preview = office.preview(bundle);
  REQUIRE(preview.lines.size() == 1);
  CHECK(preview.lines[0].text.zh == "客户：1 处修改");
  std::string damaged = bundle;
  damaged.replace(damaged.find("13800001111"), 1, "7");
  CHECK(office.preview(damaged).state == BundleState::refused);
  CHECK(office.preview(damaged).headline.zh.contains("没有导入任何内容"));
  CHECK(office.preview("\xFF\xFE").headline.zh.contains("另一种编码的文字或表格"));
  CHECK(office.preview("\x1f\x8b").headline.en.contains("The packed file is damaged"));
  CHECK(office.preview("x").headline.zh.contains("是文字文件"));
  CHECK(count_customers(office) == 1);
  office.import(bundle);
  tablet.remove("customer", row);
  CHECK(office.preview(tablet.export_for(office)).lines.at(0).text.zh == "客户：1 个删除");
  office.import(tablet.export_for(office));
  tablet.restore("customer", row);
  CHECK(office.preview(tablet.export_for(office)).lines.at(0).text.zh == "客户：1 处修改");
}
