// Files that build on what is not here yet: cost in every order, exact words of what is missing, and tablets that were
// restored from a backup and miss changes of their own.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <random>

#include "core/store/log.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/examination.h"
#include "core/sync/waiting_files.h"
#include "tests/support/bundle_series.h"
#include "tests/support/test_device.h"
#include "tests/support/temporary_file.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

Id make_customer(TestDevice& device, const std::string& name) { return device.create("customer", {{"name", name}}, as_it_is); }

std::int64_t count_customers(TestDevice& device) { return *device.store().count({.entity = find_entity("customer")}); }

bool any_remark(const MergeReport& report, std::string_view words) {
  return std::ranges::any_of(report.remarks, [&](const Sentence& remark) { return remark.zh.contains(words); });
}

std::string save(TestDevice& device, const std::string& name) {
  const std::string path = temporary_path(name + ".backup");
  std::remove(path.c_str());
  REQUIRE(sqlite3_exec(device.store().connection(), ("VACUUM INTO '" + path + "'").c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  return path;
}

// As TestDevice::import(), with limits of its own.
MergeReport import_within(TestDevice& device, const Limits& limits, std::vector<std::string> bundles) {
  const auto sync = make_sync(device.store(), device.environment(), limits);
  std::vector<std::pair<std::string, std::string>> files;
  for (std::string& bundle : bundles) {
    files.emplace_back("file-" + std::to_string(files.size() + 1) + ".json", std::move(bundle));
  }
  Progress progress;
  return run_to_end(sync->merge(std::move(files), progress)).value();
}

}  // namespace

TEST_CASE("a session looks at each file a few times, in whatever order the files were written") {
  constexpr int files = 300;
  std::vector<std::string> bundles;
  for (const std::string_view order : {"forwards", "backwards", "shuffled"}) {
    CAPTURE(order);
    TestDevice office{1};
    bundles = bundle_series(files, order);
    const MergeReport report = office.import(bundles);
    CHECK(report.bundles == files);
    CHECK(report.waiting == 0);
    CHECK(report.headers_examined <= 4 * files);
    CHECK(count_customers(office) == files);
  }
}

TEST_CASE("files that wait in the database are not read again before what they lack is here") {
  constexpr int files = 60;
  std::vector<std::string> bundles = bundle_series(files, "forwards");
  TestDevice office{1};
  for (std::size_t index = bundles.size() - 1; index > 0; --index) {
    const MergeReport report = office.import(bundles[index]);
    CHECK(report.headers_examined <= 5);
    CHECK(report.waiting == static_cast<std::int64_t>(bundles.size() - index));
  }
  const MergeReport report = office.import(bundles[0]);
  CHECK(report.bundles == files);
  CHECK(report.waiting == 0);
  CHECK(report.headers_examined <= 5 * files);
  CHECK(any_remark(report, "之前等待的 59 个文件现在也导入了"));
  CHECK(count_customers(office) == files);
  CHECK(office.store().verify().value() == "");
}

TEST_CASE("a gap of exactly one number waits") {
  const std::vector<std::string> bundles = bundle_series(3, "forwards");
  TestDevice office{1};
  office.import(bundles[0]);
  const MergeReport report = office.import(bundles[2]);
  CHECK(report.waiting == 1);
  CHECK(count_customers(office) == 1);
  CHECK(office.import(bundles[1]).bundles == 2);
  CHECK(count_customers(office) == 3);
}

TEST_CASE("an export counts up to the end of what it announced") {
  TestDevice tablet{1};
  TestDevice colleague{2};
  const auto count = [&](std::optional<Id> receiver) {
    Progress progress;
    REQUIRE(run_to_end(tablet.sync().export_bundle({.receiver = receiver}, progress)));
    CHECK(progress.done == progress.total);
    return progress.total;
  };
  make_customer(tablet, "一");
  make_customer(tablet, "二");
  CHECK(count(std::nullopt) == 4);  // each change is looked at, then written
  colleague.import(tablet.export_all());
  tablet.import(colleague.export_all());
  make_customer(tablet, "三");
  CHECK(count(colleague.id()) == 2);
}

TEST_CASE("a file that was made for another device says so, and whom to ask for what") {
  TestDevice office{1, "赵工的电脑"}, wang{2, "王敏的平板"}, li{3, "李强的平板"};
  make_customer(wang, "王敏的客户");
  make_customer(office, "总部的客户");
  (void)office.import(wang.export_all());
  make_customer(office, "给王敏的");
  const std::string for_wang = office.export_for(wang);
  const Preview preview = li.preview(for_wang);
  CHECK(preview.state == BundleState::waiting);
  CHECK(preview.lines.front().text.zh.starts_with("这个文件是给“王敏的平板”做的，只有那台设备还没有的修改。请让“赵工的电脑”在“同步”里选“李强的平板”再发一次，那里没有这一项就选“全部内容”。缺少“王敏的平板”的序号 1。"));
  CHECK(preview.lines.front().text.en.starts_with("This file was made for \"王敏的平板\" and holds only what that device lacked. Ask \"赵工的电脑\" to choose \"李强的平板\""));
  CHECK(li.import(for_wang).waiting == 1);
  CHECK(wang.preview(for_wang).state == BundleState::ready);
  CHECK(wang.import(for_wang).bundles == 1);
  // Whom it is for is nobody's business where it can be imported.
  CHECK(li.import(office.export_all()).waiting == 0);
  make_customer(office, "再一个");
  CHECK(li.preview(office.export_for(wang)).state == BundleState::ready);
}

TEST_CASE("a device that has told its name to nobody here is called as the one that went on from it says") {
  TestDevice newcomer{1};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  const std::string path = save(tablet, "unmet");
  TestDevice clone{20, "王敏的平板", path};
  make_customer(tablet, "原来的");
  make_customer(clone, "克隆的");
  TestDevice colleague{3, "李强的平板"};
  (void)colleague.import(clone.export_all());
  (void)newcomer.import(colleague.export_all());  // knows what it wrote, and not what it is called
  (void)tablet.import(colleague.export_all());    // goes on under a new identity
  const std::string bundle = tablet.export_all();
  const Preview preview = newcomer.preview(bundle);
  CHECK(preview.lines.front().text.zh.starts_with("设备“王敏的平板"));
  const MergeReport report = newcomer.import(bundle);
  CHECK(report.refused == 0);
  CHECK(any_remark(report, "的身份用在了两台机器上"));
  CHECK(!any_remark(report, "还没见过的设备"));
  std::remove(path.c_str());
}

TEST_CASE("a waiting file given again is told as kept, and counted once") {
  const std::vector<std::string> bundles = bundle_series(2, "forwards");
  TestDevice office{1};
  const MergeReport twice = office.import({bundles[1], bundles[1]});
  CHECK(twice.waiting == 1);
  const MergeReport again = office.import(bundles[1]);
  CHECK(again.waiting == 1);
  CHECK(again.refused == 0);
  REQUIRE(again.remarks.size() == 1);
  CHECK(again.remarks[0].zh == "file-1.json：缺少“平板”的序号 1。这个文件已经保存着，不必再给；收到缺少的数据包后会自动导入。");
  CHECK(again.remarks[0].en.contains("The file is kept already"));
  CHECK(office.sync().bundle_history()->size() == 1);
  CHECK(office.preview(bundles[1]).lines.front().text.zh.contains("已经保存着"));
}

TEST_CASE("what waits is counted in every report, also where a session brings nothing new") {
  TestDevice office{1};
  const std::vector<std::string> bundles = bundle_series(3, "forwards");
  CHECK(office.import(bundles[0]).waiting == 0);
  CHECK(office.import(bundles[2]).waiting == 1);
  const MergeReport report = office.import(bundles[0]);
  CHECK(report.already_known == 1);
  CHECK(report.waiting == 1);
  CHECK(office.import(bundles[1]).waiting == 0);
}

TEST_CASE("what waiting files hold themselves is not told as missing") {
  const std::vector<std::string> bundles = bundle_series(6, "forwards");
  TestDevice office{1};
  office.import(bundles[3]);
  const MergeReport report = office.import({bundles[5], bundles[1]});
  CHECK(report.waiting == 3);
  CHECK(any_remark(report, "缺少“平板”的序号 1、3、5"));
  CHECK(any_remark(report, "file-2.json：缺少“平板”的序号 1。"));
  // One sentence for all of which the same is to be said.
  TestDevice other{2};
  const MergeReport same = other.import(std::vector<std::string>{bundles[1], bundles[2], bundles[3]});
  CHECK(same.waiting == 3);
  REQUIRE(same.remarks.size() == 1);
  CHECK(same.remarks[0].zh.starts_with("file-1.json 等 3 个文件：缺少“平板”的序号 1。"));
  CHECK(same.remarks[0].en.starts_with("file-1.json and 2 more files: Missing: numbers 1 of"));
}

TEST_CASE("ranges that are held leave exactly the rest as missing") {
  const Id device{{1}};
  TestDevice office{1};
  WaitingFiles waiting{office.store().connection()};
  const auto hold = [&](const char* digest, std::int64_t since, std::int64_t have) {
    BundleHeader header;
    header.devices = {device};
    header.since = {since};
    header.have = {have};
    REQUIRE(waiting.keep(digest, "x", "{}", header, {{device, 1, since}}).has_value());
  };
  hold("a", 400, 159'600);
  hold("b", 500, 600);
  hold("c", 159'610, 159'620);
  const auto check = [&] {
    const auto missing = waiting.missing_of({device, 1, 159'615}, 9).value();
    REQUIRE(missing.size() == 2);
    CHECK(missing[0].first == 1);
    CHECK(missing[0].last == 400);
    CHECK(missing[1].first == 159'601);
    CHECK(missing[1].last == 159'610);
    CHECK(waiting.missing_of({device, 401, 159'600}, 9)->empty());
    CHECK(waiting.missing_of({device, 1, 159'615}, 1)->size() == 1);
    CHECK(waiting.missing_of({Id{{2}}, 3, 3}, 9)->size() == 1);
    CHECK(waiting.count() == 3);
    CHECK(waiting.bytes() == 6);
    REQUIRE(waiting.open_gaps()->size() == 1);
    CHECK(waiting.open_gaps()->front().last == 159'610);
  };
  check();
  REQUIRE(waiting.make_sums_anew().has_value());
  check();
  // Ranges that touch on both sides become one.
  hold("d", 159'600, 159'610);
  CHECK(waiting.missing_of({device, 1, 159'615}, 9)->size() == 1);
  REQUIRE(waiting.forget("d").has_value());
  REQUIRE(waiting.make_sums_anew().has_value());
  check();
}

TEST_CASE("a file given alone costs the same whether ten wait or three hundred") {
  constexpr int files = 300;
  for (const bool backwards : {false, true}) {
    CAPTURE(backwards);
    std::vector<std::string> bundles = bundle_series(files + 1, "forwards");
    bundles.erase(bundles.begin());
    if (backwards) {
      std::ranges::reverse(bundles);
    }
    TestDevice office{1};
    std::vector<std::int64_t> rows, headers;
    for (std::string& bundle : bundles) {
      const MergeReport report = office.import(std::move(bundle));
      rows.push_back(report.waiting_rows_read);
      headers.push_back(report.headers_examined);
      CHECK(report.waiting == static_cast<std::int64_t>(rows.size()));
      REQUIRE(report.remarks.size() == 1);
      CHECK(report.remarks[0].zh.contains("“平板”的序号 1"));
    }
    CHECK(rows.back() <= 12);
    CHECK(*std::ranges::max_element(rows.begin() + 10, rows.end()) <= rows[9] + 2);
    CHECK(headers.back() == headers[9]);
  }
}

TEST_CASE("an older program's database that may only be read tells what a file waits for, and whom it knows") {
  const std::vector<std::string> bundles = bundle_series(5, "forwards");
  const TemporaryFile file("older.db");
  {
    TestDevice office{1, "总部", file.path};
    CHECK(office.import({bundles[0], bundles[2]}).waiting == 1);
    REQUIRE(sqlite3_exec(office.store().connection(),
                         "DROP TABLE sync_waiting_held; DROP TABLE sync_waiting_total; DROP INDEX sync_waiting_ready; ALTER TABLE sync_waiting DROP COLUMN gaps;"
                         "ALTER TABLE sync_peer DROP COLUMN letter; DROP TABLE sync_overruled",
                         nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  SeededEnvironment environment{9};
  const auto store = open_store({.path = file.path, .vfs = {}, .create = false, .read_only = true}, environment);
  REQUIRE_MESSAGE(store.has_value(), store.error().message.zh);
  const auto sync = make_sync(**store, environment);
  Progress progress;
  const auto preview = run_to_end(sync->preview(bundles[4], progress));
  REQUIRE_MESSAGE(preview.has_value(), preview.error().message.zh);
  CHECK(preview->state == BundleState::waiting);
  CHECK(std::ranges::any_of(preview->lines, [](const PreviewLine& line) { return line.text.zh.contains("的序号 2、4"); }));  // 3 waits here
  CHECK(sync->peers().value().size() == 1);
  CHECK(sync->concerns().value().empty());
  CHECK(sync->letters_in_use({}).has_value());
}

TEST_CASE("a file too large to be kept is remembered, and asked for when it can be imported") {
  const std::vector<std::string> bundles = bundle_series(2, "forwards");
  const Limits tight{.waiting_bytes = 100};
  TestDevice office{1};
  const MergeReport waits = import_within(office, tight, {bundles[1]});
  CHECK(waits.waiting == 1);
  CHECK(waits.refused == 0);
  CHECK(any_remark(waits, "请留着它，收到缺少的数据包后会提醒您再选一次"));
  const MergeReport arrived = import_within(office, tight, {bundles[0]});
  CHECK(arrived.bundles == 1);
  CHECK(any_remark(arrived, "“file-1.json”缺少的都到了，现在可以导入"));
  CHECK(arrived.waiting == 1);
  const MergeReport complete = import_within(office, tight, {bundles[1]});
  CHECK(complete.bundles == 1);
  CHECK(complete.waiting == 0);
  CHECK_FALSE(any_remark(complete, "现在可以导入"));
  CHECK(count_customers(office) == 2);
}

TEST_CASE("both files of one session wait for each other's sender in no order: the larger one needs no keeping") {
  const std::vector<std::string> bundles = bundle_series(2, "backwards");
  TestDevice office{1};
  CHECK(import_within(office, {.waiting_bytes = 1}, bundles).bundles == 2);
}

TEST_CASE("clocks that are ahead are told in one remark, whatever the number of files and devices") {
  TestDevice office{1};
  std::vector<std::string> bundles;
  for (const std::uint64_t seed : {2UL, 3UL, 4UL}) {
    TestDevice tablet{seed};
    tablet.environment().skew = static_cast<std::int64_t>(seed) * 3'600'000;
    for (int file = 0; file < 3; ++file) {
      make_customer(tablet, std::to_string(file));
      bundles.push_back(tablet.export_all());
    }
  }
  const MergeReport report = office.import(bundles);
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0].zh.starts_with("“设备 4”的时钟比本机快"));
  CHECK(report.remarks[0].zh.contains("另有 2 台也快"));
}

TEST_CASE("S4: a restored tablet gets its own changes back before it writes anything new") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  const std::string path = save(tablet, "restored-own");
  make_customer(tablet, "备份之后");
  make_customer(tablet, "又一个");
  office.import(tablet.export_all());
  tablet.import(office.export_all());

  TestDevice restored{20, "王敏的平板", path};
  const std::string hash = restored.content_hash();
  // Head office believes that the tablet has everything: its bundle brings nothing, but proves what is missing.
  const std::string nothing_new = office.export_for(tablet);
  CHECK(restored.preview(nothing_new).state == BundleState::waiting);
  const auto missing = restored.sync().missing_own();  // looking was enough: nothing may be written from here on
  REQUIRE(missing);
  CHECK(missing->first == 2);
  CHECK(missing->last == 3);
  const MergeReport report = restored.import(nothing_new);
  CHECK(report.already_known == 0);
  CHECK(any_remark(report, "它自己做过的第 2–3 号修改别人那里有，这里没有"));
  const Edit edit{.entity = find_entity("customer"), .row = new_id(restored.environment()), .fields = {{find_entity("customer")->find("name"), Value{std::string{"新的"}}}}};
  const auto written = restored.store().write({&edit, 1}, as_it_is);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::refused);
  CHECK(written.error().message.en.contains("Nothing new can be saved before they are back"));
  CHECK(restored.content_hash() == hash);

  // What it sends tells head office what it lacks; the answer brings it back.
  office.environment().now = restored.environment().now + 60'000;
  restored.environment().now += 30'000;
  office.import(restored.export_all());
  const MergeReport back = restored.import(office.export_for(restored));
  CHECK(back.bundles >= 1);
  CHECK_FALSE(restored.sync().missing_own());
  CHECK(restored.content_hash() == office.content_hash());
  make_customer(restored, "之后");
  CHECK(office.import(restored.export_all()).refused == 0);
  CHECK(office.content_hash() == restored.content_hash());
  CHECK(count_customers(office) == 4);
  std::remove(path.c_str());
}

TEST_CASE("S4: a restored tablet that nobody can help goes on as a new device, and its old changes come back later") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  const std::string path = save(tablet, "restored-new");
  make_customer(tablet, "备份之后");
  office.import(tablet.export_all());
  tablet.import(office.export_all());
  TestDevice restored{20, "王敏的平板", path};
  const Id old = restored.id();
  restored.import(office.export_for(tablet));
  REQUIRE(restored.sync().missing_own());
  CHECK(restored.sync().start_as_new_device());
  CHECK(restored.id() != old);
  CHECK_FALSE(restored.sync().missing_own());
  make_customer(restored, "新的");
  CHECK(restored.import(office.export_all()).refused == 0);
  CHECK(office.import(restored.export_all()).refused == 0);
  CHECK(office.content_hash() == restored.content_hash());
  CHECK(count_customers(office) == 3);
  std::remove(path.c_str());
}

TEST_CASE("what was recorded as waiting says what became of it, once, when it is over") {
  for (const bool by_another_file : {true, false}) {
    CAPTURE(by_another_file);
    TestDevice office{1, "总部"}, rep{2, "王敏的平板"}, third{3, "李强的平板"};
    make_customer(office, "甲");
    const std::string first = office.export_all();
    third.import(first);
    office.import(third.export_all());
    make_customer(office, "乙");
    const std::string second = office.export_for(third);
    CHECK(rep.import(second).waiting == 1);
    REQUIRE(rep.sync().bundle_history().value().size() == 1);
    CHECK(rep.sync().bundle_history().value()[0].state == BundleState::waiting);
    const MergeReport report = rep.import(by_another_file ? office.export_all() : first);
    CHECK(report.waiting == 0);
    CHECK(count_customers(rep) == 2);
    const auto history = rep.sync().bundle_history().value();
    REQUIRE(history.size() == 2);
    CHECK(std::ranges::none_of(history, [](const Sync::BundleRecord& record) { return record.state == BundleState::waiting; }));
    CHECK(history[1].state == (by_another_file ? BundleState::already_known : BundleState::ready));
    CHECK(history[1].changes == (by_another_file ? 0 : 1));
  }
}

TEST_CASE("two bundles written within one minute have two names") {
  TestDevice office{1, "总部"};
  make_customer(office, "甲");
  Progress progress;
  const auto one = run_to_end(office.sync().export_bundle({}, progress)), two = run_to_end(office.sync().export_bundle({}, progress));
  REQUIRE(one.has_value());
  REQUIRE(two.has_value());
  CHECK(one->name != two->name);
  CHECK(two->name.ends_with("-2.json"));
}

TEST_CASE("what is missing is named as far as three ranges, and that there is more") {
  TestDevice office{1};
  WaitingFiles waiting{office.store().connection()};
  REQUIRE(waiting.create());
  std::vector<Gap> gaps;
  for (std::int64_t ranges = 1; ranges <= 5; ++ranges) {
    CAPTURE(ranges);
    gaps.push_back({new_id(office.environment()), 1, ranges});
    const Sentence told = waiting_sentence(gaps, Keeping::kept, waiting, {}, internals(office.store())).value();
    CHECK(told.zh.contains("等。文件先保存着") == (ranges > 3));
    CHECK(told.en.contains(" and more.") == (ranges > 3));
  }
}
