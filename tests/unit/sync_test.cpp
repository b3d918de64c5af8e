// Bundles between devices: nothing lost, nothing twice, any order, and a sentence for everything that is odd.
#include "core/sync/sync.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/sync/bundle.h"
#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

Id make_customer(TestDevice& device, const std::string& name) {
  return device.create("customer", {{"name", name}}, as_it_is);
}

bool any_remark(const MergeReport& report, std::string_view words) {
  return std::ranges::any_of(report.remarks, [&](const Sentence& remark) { return remark.zh.find(words) != std::string::npos; });
}

std::int64_t count_customers(TestDevice& device) { return *device.store().count({.entity = find_entity("customer")}); }

// What a backup of the tablet's database holds.
std::string save(TestDevice& device, const std::string& name) {
  const std::string path = "build/" + name + ".backup";
  std::remove(path.c_str());
  const std::string sql = "VACUUM INTO '" + path + "'";
  REQUIRE(sqlite3_exec(device.store().connection(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  return path;
}

}  // namespace

TEST_CASE("two devices exchange what they know and then know the same") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  const Id first = make_customer(office, "博海餐饮");
  const Id second = make_customer(tablet, "长江酒店");

  const MergeReport report = tablet.import(office.export_all());
  CHECK(report.bundles == 1);
  CHECK(report.changes_applied == 1);
  CHECK(report.remarks.empty());
  CHECK(tablet.text("customer", first, "name") == "博海餐饮");

  office.import(tablet.export_all());
  CHECK(office.text("customer", second, "name") == "长江酒店");
  CHECK(office.content_hash() == tablet.content_hash());
  CHECK(office.table_hash() == tablet.table_hash());
  CHECK(office.sync().knowledge() == tablet.sync().knowledge());
}

TEST_CASE("R-SYNC-04: importing again changes nothing") {
  TestDevice office{1};
  TestDevice tablet{2};
  make_customer(tablet, "博海餐饮");
  const std::string bundle = tablet.export_all();
  office.import(bundle);
  const std::string before = office.table_hash();
  const auto revision = office.store().revision();
  const MergeReport again = office.import({bundle, bundle});
  CHECK(again.already_known == 2);
  CHECK(again.bundles == 0);
  CHECK(office.store().revision() == revision);
  CHECK(office.table_hash() == before);
  CHECK(office.preview(bundle).state == BundleState::already_known);
}

TEST_CASE("an export for a peer holds only what the peer has not acknowledged") {
  TestDevice office{1};
  TestDevice tablet{2};
  make_customer(tablet, "一");
  office.import(tablet.export_all());
  tablet.import(office.export_all());  // with it the acknowledgement
  make_customer(tablet, "二");
  const std::string bundle = tablet.export_for(office);
  BundleReader reader{bundle};
  REQUIRE(reader.read_header());
  CHECK(reader.header().count == 1);
  CHECK(office.import(bundle).changes_applied == 1);
  CHECK(count_customers(office) == 2);

  const auto peers = tablet.sync().peers();
  REQUIRE(peers.has_value());
  REQUIRE(peers->size() == 1);
  CHECK(peers->front().device == office.id());
  CHECK(peers->front().last_sent > 0);
}

TEST_CASE("an export for a device never heard of is refused with what to do") {
  TestDevice tablet{2};
  Progress progress;
  const auto bundle = run_to_end(tablet.sync().export_bundle({.receiver = Id{}}, progress));
  REQUIRE_FALSE(bundle.has_value());
  CHECK(bundle.error().message.zh == "还没有收到过这台设备的数据包，请导出全部内容给它。");
}

TEST_CASE("R-SYNC-04: a bundle with a gap waits, is told, and comes to life by itself") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  TestDevice third{3};
  make_customer(tablet, "一");
  make_customer(tablet, "二");
  const std::string early = tablet.export_all();
  office.import(early);
  tablet.import(office.export_all());
  make_customer(tablet, "三");
  const std::string late = tablet.export_for(office);  // builds on what the office acknowledged

  const Preview preview = third.preview(late);
  CHECK(preview.state == BundleState::waiting);
  const MergeReport waiting = third.import(late);
  CHECK(waiting.waiting == 1);
  CHECK(waiting.bundles == 0);
  REQUIRE(waiting.remarks.size() == 1);
  CHECK(waiting.remarks[0].zh == "file-1.json：这个文件是给“总部”做的，只有那台设备还没有的修改。请让“王敏的平板”在“同步”里选“设备 3”再发一次，那里没有这一项就选“全部内容”。缺少“王敏的平板”的序号 1–2。文件先保存着，收到缺少的数据包后会自动导入。");
  CHECK(count_customers(third) == 0);

  const MergeReport complete = third.import(early);
  CHECK(complete.bundles == 2);
  CHECK(any_remark(complete, "之前等待的 1 个文件现在也导入了"));
  CHECK(count_customers(third) == 3);
  CHECK(third.import(early).waiting == 0);
}

TEST_CASE("in one session the order of the files does not matter") {
  TestDevice office{1};
  TestDevice tablet{2};
  std::vector<std::string> bundles;
  for (int round = 0; round < 5; ++round) {
    make_customer(tablet, std::to_string(round));
    bundles.push_back(tablet.export_for(*[&] {
      office.import(tablet.export_all());
      tablet.import(office.export_all());
      return &office;
    }()));
    make_customer(tablet, "x" + std::to_string(round));
    bundles.push_back(tablet.export_for(office));
  }
  TestDevice forward{3};
  TestDevice backward{4};
  std::vector<std::string> reversed{bundles.rbegin(), bundles.rend()};
  bundles.push_back(office.export_all());
  reversed.insert(reversed.begin() + 3, office.export_all());
  CHECK(forward.import(bundles).waiting == 0);
  CHECK(backward.import(reversed).waiting == 0);
  CHECK(forward.content_hash() == backward.content_hash());
  CHECK(forward.content_hash() == tablet.content_hash());
  CHECK(forward.table_hash() == backward.table_hash());
}

TEST_CASE("one bad file is refused and told, the others are imported") {
  TestDevice office{1};
  TestDevice first{2};
  TestDevice second{3};
  make_customer(first, "一");
  make_customer(second, "二");
  std::string damaged = first.export_all();
  damaged.replace(damaged.find("一"), 3, "壹");
  const MergeReport report = office.import({damaged, second.export_all(), "not json", ""});
  CHECK(report.bundles == 1);
  CHECK(report.refused == 3);
  CHECK(any_remark(report, "文件在途中改变过或损坏了"));
  CHECK(count_customers(office) == 1);
}

TEST_CASE("a file whose digest is right and whose chain is not is refused, and the rest of the session is imported") {
  TestDevice office{1};
  TestDevice first{2, "王敏的平板"};
  TestDevice second{3};
  make_customer(first, "一");
  make_customer(second, "二");
  std::string forged = first.export_all();
  forged.replace(forged.find("一"), 3, "壹");
  forged = with_right_digest(forged);
  CHECK(office.preview(forged).state == BundleState::refused);
  const MergeReport report = office.import({forged, second.export_all()});
  CHECK(report.refused == 1);
  CHECK(report.bundles == 1);
  CHECK(any_remark(report, "与它的校验链不符"));
  CHECK(count_customers(office) == 1);
  // The right one is welcome afterwards.
  CHECK(office.import(first.export_all()).bundles == 1);
}

TEST_CASE("R4: a cloned tablet is detected, told, and what it wrote is kept beside the other's") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  const std::string path = save(tablet, "clone");
  TestDevice clone{20, "王敏的平板", path};
  REQUIRE(clone.id() == tablet.id());
  make_customer(tablet, "原来的");
  make_customer(clone, "克隆的");
  office.import(tablet.export_all());
  const std::string bundle = clone.export_all();
  const Preview preview = office.preview(bundle);
  CHECK(preview.state == BundleState::ready);
  CHECK(preview.keeps_both);
  CHECK(preview.new_changes == 1);
  CHECK(preview.lines.front().weight == PreviewLine::Weight::warning);
  CHECK(preview.lines.front().text.zh ==
        "设备“王敏的平板”的身份用在了两台机器上（平板被复制过，或从备份恢复后继续使用），两边各有对方没有的修改。合并后两边的修改都保留，相遇之处由您决定。");
  const MergeReport report = office.import(bundle);
  CHECK(report.refused == 0);
  CHECK(report.changes_applied == 1);
  CHECK(any_remark(report, "设备“王敏的平板”的身份用在了两台机器上：两边的修改都保留了"));
  CHECK(count_customers(office) == 3);
  CHECK(office.import(bundle).already_known == 1);
  CHECK_FALSE(office.preview(bundle).keeps_both);
  std::remove(path.c_str());
}

TEST_CASE("a tablet restored from a backup gets its own changes back") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  const std::string path = save(tablet, "restored");
  make_customer(tablet, "备份之后");
  office.import(tablet.export_all());
  TestDevice restored{20, "王敏的平板", path};
  CHECK(count_customers(restored) == 1);
  make_customer(office, "总部的");
  const std::string bundle = office.export_all();
  const Preview preview = restored.preview(bundle);
  CHECK(preview.state == BundleState::ready);
  CHECK(preview.lines.front().weight == PreviewLine::Weight::warning);
  CHECK_MESSAGE(preview.lines.front().text.zh.contains("本机已经没有的 1 处修改"), preview.lines.front().text.zh);  // that of head office is none of them
  const MergeReport report = restored.import(bundle);
  CHECK(any_remark(report, "这台平板是从备份恢复的：它自己做过、本机没有了的 1 处修改已经取回。"));
  CHECK_FALSE(any_remark(report, "会回到本机"));
  tablet.import(office.export_all());
  CHECK(restored.content_hash() == tablet.content_hash());
  make_customer(restored, "恢复之后");
  CHECK(office.import(restored.export_all()).changes_applied == 1);
  std::remove(path.c_str());
}

TEST_CASE("a tablet restored from a backup and used further goes on as a new device and loses nothing") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  const Id customer = make_customer(tablet, "一");
  const Id product = tablet.create("product", {{"name", "瓜子"}}, as_it_is);
  const Id contract = tablet.create("contract", {{"title", "供货"}, {"customer", customer}}, as_it_is);
  const std::string path = save(tablet, "renewed");
  make_customer(tablet, "备份之后");
  for (const char* phone : {"1", "11", "0", "1110", "1111", "111"}) {  // more than it writes after the backup
    tablet.edit("customer", customer, {{"phone", phone}});
  }
  office.import(tablet.export_all());

  TestDevice restored{20, "王敏的平板", path};
  const Id old = restored.id();
  const std::string letter = restored.store().identity().letter;
  const Id made = make_customer(restored, "恢复之后");
  restored.edit("customer", made, {{"phone", "222"}});
  const Id line = restored.create("contract_line", {{"contract", contract}, {"product", product}, {"qty", std::int64_t{1000}}}, as_it_is);
  restored.edit("contract", contract, {{"title", "供货二"}});
  const std::string bundle = office.export_all();
  for (const PreviewLine& told : restored.preview(bundle).lines) {
    CHECK_MESSAGE(!told.text.zh.contains("回到本机"), told.text.zh);
    CHECK_MESSAGE(!told.text.zh.contains("取回之前"), told.text.zh);
  }
  const MergeReport report = restored.import(bundle);
  CHECK(report.refused == 0);
  CHECK(any_remark(report, "本机从此以新设备的身份继续"));
  CHECK_FALSE(any_remark(report, "取回"));  // nothing is missing, and nothing came back: the other history stands beside this one
  CHECK_FALSE(any_remark(report, "回到本机"));
  CHECK(restored.id() != old);
  CHECK(restored.store().identity().letter != letter);
  CHECK_FALSE(restored.store().undo_state().can_undo);
  CHECK(restored.store().verify().value() == "");
  CHECK(restored.text("customer", made, "phone") == "222");
  CHECK(restored.text("contract", contract, "title") == "供货二");
  CHECK(office.import(restored.export_all()).bundles == 1);
  CHECK(restored.content_hash() == office.content_hash());
  CHECK(restored.table_hash() == office.table_hash());
  CHECK(count_customers(office) == 3);
  CHECK(restored.text("customer", customer, "phone") == "111");
  CHECK(office.value("contract_line", line, "qty") == Value(std::int64_t{1000}));
  CHECK(restored.conflicts().empty());
  CHECK(restored.store().verify().value() == "");

  // It goes on as itself.
  make_customer(restored, "之后");
  CHECK(office.import(restored.export_all()).changes_applied >= 1);
  CHECK(count_customers(office) == 4);
  std::remove(path.c_str());
}

TEST_CASE("R4: a clock one year ahead is flagged and wins nothing that a person must decide") {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  const Id row = office.create("customer", {{"name", "博海餐饮"}, {"grade", "b"}}, as_it_is);
  tablet.import(office.export_all());
  tablet.environment().skew = 365LL * 86'400'000;
  office.edit("customer", row, {{"grade", "a"}});
  tablet.edit("customer", row, {{"grade", "c"}});
  const std::string bundle = tablet.export_all();
  CHECK(std::ranges::any_of(office.preview(bundle).lines, [](const PreviewLine& line) {
    return line.text.zh == "“王敏的平板”的时钟比本机快 364 天，其中一台不准，请核对两台设备的时间。先后次序不受影响，需要人来决定的内容也不会因此占先。" ||
           line.text.zh == "“王敏的平板”的时钟比本机快 365 天，其中一台不准，请核对两台设备的时间。先后次序不受影响，需要人来决定的内容也不会因此占先。";
  }));
  const MergeReport report = office.import(bundle);
  CHECK(any_remark(report, "的时钟比本机快"));
  CHECK(report.conflicts_opened == 1);
  CHECK(office.text("customer", row, "grade") == "a");
  tablet.import(office.export_all());
  CHECK(tablet.text("customer", row, "grade") == "a");
  CHECK(office.table_hash() == tablet.table_hash());
}

TEST_CASE("the preview says what an import will do, and does nothing") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  const Id known = make_customer(office, "已有");
  tablet.import(office.export_all());
  make_customer(tablet, "新一");
  make_customer(tablet, "新二");
  tablet.edit("customer", known, {{"phone", "13800001111"}});
  const Preview preview = office.preview(tablet.export_all());
  CHECK(preview.state == BundleState::ready);
  CHECK(preview.headline.zh == "王敏的平板：3 处修改，其中 2 个新客户");
  CHECK(preview.headline.en == "王敏的平板: 3 changes, 2 new customers among them");
  CHECK(preview.new_changes == 3);
  CHECK(preview.device_name == "王敏的平板");
  CHECK(std::ranges::any_of(preview.lines, [](const PreviewLine& line) { return line.text.zh == "客户：2 个新建，1 处修改"; }));
  CHECK(count_customers(office) == 1);
}

TEST_CASE("the preview tells of conflicts to come") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id row = make_customer(office, "博海餐饮");
  tablet.import(office.export_all());
  office.edit("customer", row, {{"grade", "a"}});
  tablet.edit("customer", row, {{"grade", "c"}, {"phone", "13800001111"}});
  const Preview preview = office.preview(tablet.export_all());
  CHECK(std::ranges::any_of(preview.lines, [](const PreviewLine& line) { return line.text.zh == "约 1 处与这里的修改相遇，需要您来决定"; }));
}

TEST_CASE("the preview asks about as many things as are open afterwards: none where both came to the same") {
  for (const int how : {0, 1, 2, 3, 4, 5, 6, 7}) {
    CAPTURE(how);
    TestDevice office{1};
    TestDevice tablet{2};
    const Id row = make_customer(office, "博海餐饮");
    const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度合同"}, {"customer", row}, {"status", "pending_approval"}}, as_it_is);
    const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    tablet.import(office.export_all());
    switch (how) {
      case 0:  // the same value
        office.edit("customer", row, {{"grade", "a"}, {"nature", "individual"}});
        tablet.edit("customer", row, {{"grade", "a"}, {"nature", "individual"}});
        break;
      case 1:  // other values, the second of them twice
        office.edit("customer", row, {{"grade", "a"}});
        tablet.edit("customer", row, {{"grade", "c"}});
        tablet.edit("customer", row, {{"grade", "b"}});
        break;
      case 2:  // the document as a whole, and no more than that
        office.edit("contract", contract, {{"status", "active"}});
        tablet.edit("contract_line", line, {{"qty", std::int64_t{2000}}, {"unit_price", std::int64_t{90'00}}});
        tablet.edit("contract", contract, {{"remark", "改"}});
        break;
      case 3:  // the same of a document
        office.edit("contract_line", line, {{"qty", std::int64_t{2000}}});
        tablet.edit("contract_line", line, {{"qty", std::int64_t{2000}}});
        break;
      case 4:  // both delete
        office.remove("contract", contract);
        tablet.remove("contract", contract);
        break;
      case 5:  // deleted there, edited here
        office.edit("contract", contract, {{"customer", Value{}}});
        tablet.import(office.export_all());
        office.edit("customer", row, {{"phone", "2222"}});
        tablet.remove("customer", row);
        break;
      case 7:  // the same of a document there, and here something beside it
        office.edit("contract_line", line, {{"qty", std::int64_t{2000}}});
        office.edit("contract", contract, {{"remark", "急"}});
        tablet.edit("contract_line", line, {{"qty", std::int64_t{2000}}});
        break;
      default:  // deleted here, edited there
        office.edit("contract", contract, {{"customer", Value{}}});
        tablet.import(office.export_all());
        office.remove("customer", row);
        tablet.edit("customer", row, {{"phone", "2222"}, {"grade", "a"}});
        break;
    }
    const Preview preview = office.preview(tablet.export_all());
    const auto asks = [&](const std::string& count) {
      return std::ranges::any_of(preview.lines, [&](const PreviewLine& line) { return line.text.zh.starts_with("约 " + count); });
    };
    office.import(tablet.export_all());
    const std::size_t open = office.conflicts().size();
    CHECK(open == (how == 0 || how == 3 || how == 4 ? 0 : 1));
    CHECK(asks(std::to_string(open)) == (open > 0));
    CHECK(asks("") == (open > 0));
  }
}

TEST_CASE("the preview foresees a deletion that meets a use, there or here, beside what else is asked, and none where the use is gone") {
  for (const int how : {0, 1, 2, 3, 4, 5}) {
    CAPTURE(how);
    TestDevice office{1};
    TestDevice tablet{2};
    const Id row = make_customer(office, "博海餐饮");
    const Id product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度合同"}, {"customer", row}, {"status", "pending_approval"}}, as_it_is);
    tablet.import(office.export_all());
    const auto use = [&](TestDevice& device) {
      return device.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    };
    std::size_t expected = 1;
    switch (how) {
      case 0:  // deleted there, used here
        use(office);
        tablet.remove("product", product);
        break;
      case 1:  // used there, deleted here, and the contract changed on both sides
        office.remove("product", product);
        office.edit("contract", contract, {{"remark", "急"}});
        use(tablet);
        expected = 2;
        break;
      case 2: {  // used there, deleted here, and the use is gone again
        office.remove("product", product);
        const Id line = use(tablet);
        tablet.remove("contract_line", line);
        expected = 0;
        break;
      }
      case 3: {  // there it points elsewhere in the end
        office.remove("product", product);
        const Id line = use(tablet), other = tablet.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
        tablet.edit("contract_line", line, {{"product", other}});
        expected = 0;
        break;
      }
      case 4:  // edited, too: that it lives is asked once
        office.remove("product", product);
        use(tablet);
        tablet.edit("product", product, {{"spec", "500g"}});
        break;
      default:  // deleted there and brought back
        use(office);
        tablet.remove("product", product);
        tablet.restore("product", product);
        expected = 0;
        break;
    }
    const Preview preview = office.preview(tablet.export_all());
    const auto asks = [&](const std::string& count) {
      return std::ranges::any_of(preview.lines, [&](const PreviewLine& line) { return line.text.zh.starts_with("约 " + count); });
    };
    office.import(tablet.export_all());
    CHECK(office.conflicts().size() == expected);
    CHECK(asks(std::to_string(expected)) == (expected > 0));
    CHECK(asks("") == (expected > 0));
  }
}

TEST_CASE("of a file with more than can be looked up the preview counts a document that met once") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度合同"}, {"status", "pending_approval"}}, as_it_is);
  const Entity& customers = *find_entity("customer");
  std::vector<Edit> edits;
  for (int number = 0; number < 20'000 / static_cast<int>(customers.fields.size()) + 500; ++number) {
    edits.push_back({.entity = &customers, .row = new_id(office.environment()), .fields = {{customers.find("name"), Value(std::to_string(number))}}});
  }
  REQUIRE(office.store().write(edits, as_it_is));
  tablet.import(office.export_all());
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract", contract, {{"remark", "改"}});
  for (Edit& edit : edits) {
    edit = {.entity = edit.entity, .row = edit.row, .fields = {}, .remove = true};
  }
  REQUIRE(tablet.store().write(edits, as_it_is));
  const Preview preview = office.preview(tablet.export_all());
  CHECK(std::ranges::any_of(preview.lines, [](const PreviewLine& line) { return line.text.zh == "约 1 处与这里的修改相遇，需要您来决定"; }));
}

TEST_CASE("the preview tells of a number that two records will share, unless the file itself settles it") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  const auto tells = [](const Preview& preview) {
    return std::ranges::any_of(preview.lines, [](const PreviewLine& line) {
      return line.text == Sentence{"1 个编号这里已有别的记录在用，如客户编号“K-9”；合并后请决定哪一条保留",
                                   "1 number in use here by another record, such as Customer no. \"K-9\"; decide after merging which record keeps it"};
    });
  };
  office.create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
  const Id there = tablet.create("customer", {{"code", "K-9"}, {"name", "乙"}}, as_it_is);
  const Preview preview = office.preview(tablet.export_all());
  CHECK(tells(preview));
  CHECK(preview.headline.en == "王敏的平板: 1 change, 1 new customer among them");
  tablet.edit("customer", there, {{"code", "K-10"}});
  CHECK_FALSE(tells(office.preview(tablet.export_all())));
  tablet.edit("customer", there, {{"code", "K-9"}});
  CHECK(office.import(tablet.export_all()).conflicts_opened == 1);
}

TEST_CASE("the preview counts what is here already, this device's own changes among it") {
  TestDevice office{1};
  TestDevice tablet{2};
  make_customer(office, "博海餐饮");
  tablet.import(office.export_all());
  make_customer(tablet, "新一");
  const Preview preview = office.preview(tablet.export_all());
  CHECK(std::ranges::any_of(preview.lines, [](const PreviewLine& line) { return line.text == Sentence{"另有 1 处这里已经有了", "1 more already here"}; }));
}

TEST_CASE("a person's letters are known from what devices tell and from the numbers of records") {
  const auto used = [](TestDevice& device, const Id& person) {
    std::string letters;
    for (const UsedLetter& one : device.sync().letters_in_use(person).value()) {
      letters += one.letter + (one.device_name.empty() ? " " : "（" + one.device_name + "） ");
    }
    return letters;
  };
  TestDevice tablet{26, "王敏的平板"};
  const Id wang = tablet.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, as_it_is);
  const Id li = tablet.create("employee", {{"code", "R0"}, {"name", "李强"}, {"role", "rep"}}, as_it_is);
  tablet.use_as(wang);
  CHECK(used(tablet, wang).empty());
  tablet.create("customer", {{"code", "K-R07A-261126-001"}, {"name", "甲"}}, as_it_is);
  tablet.create("contract", {{"contract_no", "HT-R07C-261126-001"}, {"title", "乙"}}, as_it_is);
  CHECK(used(tablet, wang) == "C ");  // A is this device's own
  // A file from before letters were kept.
  TestDevice second{2};
  REQUIRE(sqlite3_exec(second.store().connection(), "ALTER TABLE sync_peer DROP COLUMN letter", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto sync = make_sync(second.store(), second.environment());
  second.import(tablet.export_all());
  CHECK(used(second, wang) == "A（王敏的平板） C ");
  CHECK(used(second, li).empty());
  CHECK(next_letter(second.sync().letters_in_use(wang).value()) == "D");
  CHECK(next_letter({}) == "A");
  const UsedLetter last[] = {{"A", {}}, {"Z", {}}};
  CHECK(next_letter(last) == "B");
}

TEST_CASE("what this version does not know is kept, passed on and counted") {
  TestDevice office{1};
  TestDevice tablet{2};
  const SampleBundle sample = make_sample(77, {.devices = 1, .changes = 30});
  SampleBundle from_zero = sample;
  for (Change& change : from_zero.changes) {
    change.version.sequence -= sample.header.since[0];
    change.action -= sample.header.since[0];
    for (FieldChange& field : change.fields) {
      std::erase_if(field.replaced, [&](Version& version) { return (version.sequence -= sample.header.since[0]) < 1; });
    }
  }
  from_zero.header.have[0] -= sample.header.since[0];
  from_zero.header.since[0] = 0;
  complete_header(from_zero);
  const MergeReport report = office.import(write_sample(from_zero));
  REQUIRE(report.bundles == 1);
  CHECK(report.parked > 0);
  CHECK(tablet.import(office.export_all()).parked == report.parked);
  CHECK(office.content_hash() == tablet.content_hash());
  CHECK(office.table_hash() == tablet.table_hash());
  CHECK(*office.store().verify() == "");
}

TEST_CASE("R-SYNC-10: a session that is cancelled or dropped half way leaves nothing") {
  TestDevice office{1};
  TestDevice tablet{2};
  for (int number = 0; number < 400; ++number) {
    make_customer(tablet, std::to_string(number));
  }
  const std::string bundle = tablet.export_all();
  const auto slices_until_done = [&](int cancel_after, int drop_after) {
    Scheduler scheduler{office.environment()};
    Progress progress;
    int slices = 0;
    bool done = false;
    auto* waiting = new std::optional<Result<MergeReport>>;
    {
      auto task = office.sync().merge({{"a.json", bundle}}, progress);
      if (drop_after > 0) {
        Scheduler dropped{office.environment()};
        dropped.spawn<Result<MergeReport>>(std::move(task), [&](Result<MergeReport>) { done = true; });
        for (; slices < drop_after && !done; ++slices) {
          dropped.run(1);
        }
      } else {
        scheduler.spawn<Result<MergeReport>>(std::move(task), [&](Result<MergeReport> result) {
          waiting->emplace(std::move(result));
          done = true;
        });
        while (!done) {
          scheduler.run(1);
          if (++slices == cancel_after) {
            progress.cancelled = true;
          }
        }
        if (cancel_after > 0) {
          REQUIRE_FALSE((*waiting)->has_value());
          CHECK((*waiting)->error().kind == ErrorKind::cancelled);
        }
      }
    }
    delete waiting;
    return slices;
  };
  for (const int slices : {1, 2, 3, 5, 8}) {
    CAPTURE(slices);
    const std::string before = office.table_hash();
    slices_until_done(slices, 0);
    CHECK(office.table_hash() == before);
    slices_until_done(0, slices);
    CHECK(office.table_hash() == before);
    make_customer(office, "照常");
    CHECK(office.store().undo().has_value());
  }
  CHECK(slices_until_done(0, 0) > 5);
  CHECK(count_customers(office) == 400);
}

TEST_CASE("the register remembers what went in and out") {
  TestDevice office{1};
  TestDevice tablet{2, "王敏的平板"};
  make_customer(tablet, "一");
  office.import({tablet.export_all(), "damaged"});
  const auto records = office.sync().bundle_history();
  REQUIRE(records.has_value());
  REQUIRE(records->size() == 2);
  CHECK(std::ranges::count(*records, BundleState::ready, &Sync::BundleRecord::state) == 1);
  CHECK(std::ranges::count(*records, BundleState::refused, &Sync::BundleRecord::state) == 1);
  const auto sent = tablet.sync().bundle_history();
  REQUIRE(sent->size() == 1);
  CHECK(sent->front().outgoing);
  CHECK(sent->front().name.starts_with("kehubu-C-2026"));
}

TEST_CASE("a bundle is named after who wrote it and when: kehubu-R07A-20261126-1810.json") {
  TestDevice tablet{2};
  tablet.use_as(tablet.create("employee", {{"code", "R07"}, {"name", "王敏"}}, as_it_is));
  for (const char* end : {".json", "-2.json"}) {  // the second within a minute
    Progress progress;
    std::string name = run_to_end(tablet.sync().export_bundle({}, progress)).value().name;
    std::ranges::transform(name, name.begin(), [](char character) { return character >= '0' && character <= '9' ? '0' : character; });
    CHECK(name == "kehubu-R00" + tablet.store().identity().letter + "-00000000-0000" + (end == std::string(".json") ? ".json" : "-0.json"));
  }
}
