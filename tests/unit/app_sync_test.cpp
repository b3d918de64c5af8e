// The page 同步 as a person meets it: whom a bundle is for, tablets that were cloned, tablets that were restored.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <string>

#include "core/store/log.h"
#include "core/sync/bundle.h"
#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"
#include "tests/support/temporary_file.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

PickedFile file_of(const std::string& json) { return {.name = "kehubu.json", .bytes = Bytes(json.begin(), json.end())}; }

struct Tablet : AppTablet {
  Tablet() {
    press_button("从空白开始");
    type("姓名", "王敏");
    type("业务代码", "R07");
    press_button("开始使用");
    new_customer("博海餐饮");
  }
  void new_customer(std::string_view name) {
    press(Role::link, "客户");
    press_button("新建客户");
    type("客户名称", name);
    press_button("保存");
  }
  std::string send(bool everything = false) {
    press(Role::link, "同步");
    if (everything) {
      press_button("全部内容");
    }
    press_button("生成并发出");
    files = take_files();
    REQUIRE_MESSAGE(files.size() == 1, outline());
    return {files[0].bytes.begin(), files[0].bytes.end()};
  }
  void look_at(const std::string& bundle) {
    press(Role::link, "同步");
    platform.files_to_pick = {file_of(bundle)};
    press_button("选择文件");
  }
  void receive(const std::string& bundle) {
    look_at(bundle);
    press_button("合并");
    press_button("知道了");
  }
  void speak(bool chinese) {
    platform.preferences_now.chinese = chinese;
    platform.request_frame();
    rest();
  }
  std::vector<MemoryPlatform::SavedFile> files;
};

// What `device` would send if it had been told that everybody knows everything.
std::string header_only(TestDevice& device) {
  const std::string bundle = device.export_all();
  BundleReader reader{bundle};
  REQUIRE(reader.read_header());
  BundleHeader header = reader.header();
  header.since = header.have;
  header.chain_since = header.chain_have;
  header.people.clear();
  header.clock_first = header.clock_last = header.count = 0;
  std::string text;
  static_cast<void>(BundleWriter{header, text}.finish());
  return text;
}

// A change that the tablet had made and told before it was restored.
void remember_change_of(TestDevice& device, const Id& tablet) {
  StoreInternals& inside = internals(device.store());
  REQUIRE(inside.begin());
  const DeviceNumber number = inside.log().device_number(tablet);
  Change change;
  change.version = {number, inside.log().last_sequence(number) + 1};
  change.clock = inside.log().device(number).last_clock + 1;
  change.action = change.version.sequence;
  change.kind = ChangeKind::create;
  change.entity = "customer";
  change.row = new_id(device.environment());
  change.fields.push_back({"name", Value{std::string{"备份之后的客户"}}, {}});
  REQUIRE(inside.log().append({&change, 1}, &inside.materialiser()));
  REQUIRE(inside.materialiser().step(SIZE_MAX));
  REQUIRE(inside.materialiser().finish());
  REQUIRE(inside.commit());
}

Id sender_of(const std::string& bundle) {
  BundleReader reader{bundle};
  REQUIRE(reader.read_header());
  return reader.header().device;
}

}  // namespace

TEST_CASE("F15: a bundle is for whoever is known, not everything again, and says how much they lack") {
  Tablet tablet;
  TestDevice office{1, "总部电脑"};
  office.environment().now = tablet.platform.wall_clock_ms;
  office.import(tablet.send());
  office.create("customer", {{"name", "总部的客户"}}, as_it_is);
  CHECK_FALSE(tablet.files[0].name.contains("-to-"));
  tablet.receive(office.export_all());
  tablet.new_customer("长江酒店");
  tablet.press(Role::link, "同步");
  CHECK_MESSAGE(tablet.shows("还缺"), tablet.outline());
  CHECK(tablet.find_like(Role::button, "发给总部电脑") != nullptr);
  const std::string bundle = tablet.send();
  BundleReader reader{bundle};
  REQUIRE(reader.read_header());
  CHECK(reader.header().count < 4);
  CHECK_MESSAGE(tablet.files[0].name.contains("-to-"), tablet.files[0].name);
  CHECK(office.import(bundle).bundles == 1);
  CHECK(tablet.shows(tablet.files[0].name));  // the history
  // Everything is still a choice.
  CHECK(tablet.send(true).size() > bundle.size());
  CHECK_FALSE(tablet.files[0].name.contains("-to-"));
}

TEST_CASE("two devices of one person and one name are told apart where a bundle is made") {
  Tablet tablet;
  for (const std::uint64_t seed : {1U, 3U}) {
    TestDevice began_anew{seed, "李强的平板"};
    began_anew.environment().now = tablet.platform.wall_clock_ms;
    began_anew.create("customer", {{"name", "客户" + std::to_string(seed)}}, as_it_is);
    tablet.receive(began_anew.export_all());
  }
  tablet.press(Role::link, "同步");
  std::vector<std::string> names;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    if (node.role == Role::button && node.name.starts_with("发给")) {
      names.push_back(node.name.substr(0, node.name.find("还缺")));
    }
  }
  REQUIRE_MESSAGE(names.size() == 2, tablet.outline());
  CHECK_MESSAGE(names[0] != names[1], names[0]);
}

TEST_CASE("who has been heard was not heard \"in ten days\", whatever his clock said, and several files are said to meet each other, too") {
  Tablet tablet;
  TestDevice office{1, "总部电脑"}, rep{3, "李强的平板"};
  office.environment().now = rep.environment().now = tablet.platform.wall_clock_ms;
  office.environment().skew = 10 * 86'400'000LL;
  office.create("customer", {{"name", "总部的客户"}}, as_it_is);
  rep.create("customer", {{"name", "李强的客户"}}, as_it_is);
  tablet.look_at(office.export_all());
  CHECK_FALSE(tablet.shows("每个文件是单独看的"));
  tablet.press_button("取消");
  tablet.platform.files_to_pick = {file_of(office.export_all()), file_of(rep.export_all())};
  tablet.press_button("选择文件");
  CHECK_MESSAGE(tablet.shows("同一处可能在几个文件里各数了一次，文件之间也可能还有需要您决定的地方"), tablet.outline());
  tablet.press_button("合并 2 个文件");
  tablet.press_button("知道了");
  CHECK_MESSAGE(tablet.shows("总部电脑 · 上次收到 20"), tablet.outline());
  CHECK_FALSE(tablet.shows("天后"));
}

TEST_CASE("F15: the history names the file as it was handed over, packed or not") {
  Tablet tablet;
  TestDevice office{1, "总部电脑"};
  office.environment().now = tablet.platform.wall_clock_ms;
  for (int number = 0; number < 60; ++number) {
    office.create("customer", {{"name", "客户 " + std::to_string(number)}, {"address", std::string(6'000, 'x')}}, as_it_is);
  }
  tablet.receive(office.export_all());
  static_cast<void>(tablet.send(true));
  CHECK(tablet.files[0].name.ends_with(".json.gz"));
  CHECK_MESSAGE(tablet.shows(tablet.files[0].name), tablet.outline());
}

TEST_CASE("S3: the page leads from a cloned tablet's bundle to keeping both, in both languages") {
  Tablet tablet;
  TestDevice original{2, "李强的平板"};
  original.environment().now = tablet.platform.wall_clock_ms;
  original.create("customer", {{"name", "共同的"}}, as_it_is);
  const TemporaryFile twin_file("app_clone.backup");
  const std::string& path = twin_file.path;
  REQUIRE(sqlite3_exec(original.store().connection(), ("VACUUM INTO '" + path + "'").c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  TestDevice twin{20, "李强的平板", path};
  twin.environment().now = tablet.platform.wall_clock_ms;
  original.create("customer", {{"name", "原来的"}}, as_it_is);
  twin.create("customer", {{"name", "克隆的"}}, as_it_is);
  tablet.receive(original.export_all());
  tablet.look_at(twin.export_all());
  CHECK_MESSAGE(tablet.shows("李强的平板”的身份用在了两台机器上"), tablet.outline());
  tablet.speak(false);
  CHECK(tablet.find_like(Role::button, "Keep both and merge") != nullptr);
  CHECK(tablet.shows("is in use on two machines"));
  tablet.speak(true);
  tablet.press_button("两边都保留，合并");
  CHECK_MESSAGE(tablet.shows("两边的修改都保留了"), tablet.outline());
  tablet.press_button("知道了");
  tablet.press(Role::link, "客户");
  CHECK(tablet.shows("原来的"));
  CHECK(tablet.shows("克隆的"));
}

TEST_CASE("S4: a restored tablet is told, keeps what is typed, and goes on as a new device by a button") {
  Tablet tablet;
  const std::string first = tablet.send();
  TestDevice office{1, "总部电脑"};
  office.environment().now = tablet.platform.wall_clock_ms;
  office.import(first);
  remember_change_of(office, sender_of(first));
  tablet.look_at(header_only(office));
  CHECK_MESSAGE(tablet.shows("它自己做过的第"), tablet.outline());
  tablet.press_button("取消");

  tablet.press(Role::link, "客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "打了一半的公司");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("打了一半的公司"), tablet.outline());
  tablet.press(Role::link, "同步");
  tablet.press_button("存为草稿并离开");
  CHECK(tablet.shows("本机缺少自己做过的修改"));
  tablet.speak(false);
  CHECK(tablet.shows("Changes of this tablet are missing on it"));
  CHECK(tablet.find_like(Role::button, "Go on as a new device") != nullptr);
  tablet.speak(true);
  tablet.press_button("以新设备的身份继续");
  tablet.press_button("以新设备的身份继续");  // the question
  CHECK_FALSE(tablet.shows("本机缺少自己做过的修改"));
  tablet.press(Role::link, "客户");
  tablet.press_button("新建客户");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("打了一半的公司"), tablet.outline());  // what was typed before
  tablet.press_button("保存");
  tablet.receive(office.export_all());
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.shows("备份之后的客户"), tablet.outline());
  CHECK(tablet.shows("打了一半的公司"));
}

TEST_CASE("a packed file that was cut is told of once on the page, beside its name") {
  AppTablet tablet;
  tablet.press_button("从空白开始");
  tablet.type("姓名", "王敏");
  tablet.type("业务代码", "R07");
  tablet.press_button("开始使用");
  tablet.press(Role::link, "同步");
  const std::string cut = std::string("\x1f\x8b\x08\0\0\0", 6);
  tablet.platform.files_to_pick = {{.name = "kehubu-cut.json.gz", .bytes = Bytes(cut.begin(), cut.end())}};
  tablet.press_button("选择文件");
  CHECK_MESSAGE(tablet.shows("压缩文件已损坏，可能没有传完"), tablet.outline());
  CHECK(tablet.shows("kehubu-cut.json.gz"));
  CHECK_FALSE(tablet.shows("无法展开"));
  CHECK_FALSE(tablet.shows("第 1 行"));
}

TEST_CASE("what is dropped while files are checked waits for its turn, what is dropped after that joins them, and what is merged is what was looked at") {
  Tablet tablet;
  TestDevice office(2, "总部"), colleague(3, "李强的平板");
  office.environment().now = colleague.environment().now = tablet.platform.wall_clock_ms;
  for (int number = 0; number < 300; ++number) {
    office.create("customer", {{"code", "K-H" + std::to_string(number)}, {"name", "总部客户" + std::to_string(number)}}, as_it_is);
  }
  colleague.create("customer", {{"code", "K-9"}, {"name", "李强的客户"}}, as_it_is);
  const auto named = [](std::string_view name, const std::string& json) { return PickedFile{.name = std::string(name), .bytes = Bytes(json.begin(), json.end())}; };
  const PickedFile large = named("total.json", office.export_all()), small = named("li.json", colleague.export_all());
  tablet.press(Role::link, "同步");
  tablet.platform.drop_files({large});
  tablet.pass(50);
  tablet.platform.drop_files({small});
  tablet.pass(50);
  CHECK_MESSAGE(tablet.shows("还没做完"), tablet.outline());
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("total.json"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("li.json"), tablet.outline());
  tablet.platform.drop_files({small});
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("total.json"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("li.json"), tablet.outline());
  tablet.press_button("合并");
  tablet.press_button("知道了");
  for (const std::string_view name : {"总部客户299", "李强的客户"}) {
    tablet.go("list/customer");
    tablet.type("搜索客户", name);
    CHECK_MESSAGE(tablet.find_like(Role::row, name) != nullptr, tablet.outline());
  }
}

TEST_CASE("checking files that is cancelled refuses none of them, and loses none") {
  Tablet tablet;
  TestDevice office(2, "总部");
  office.environment().now = tablet.platform.wall_clock_ms;
  for (int number = 0; number < 300; ++number) {
    office.create("customer", {{"code", "K-H" + std::to_string(number)}, {"name", "总部客户" + std::to_string(number)}}, as_it_is);
  }
  tablet.press(Role::link, "同步");
  tablet.platform.drop_files({file_of(office.export_all())});
  tablet.pass(50);
  const SemanticNode* cancel = tablet.find_like(Role::button, "取消");
  REQUIRE_MESSAGE(cancel != nullptr, tablet.outline());
  tablet.send_event({.node = cancel->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(50);
  tablet.rest();
  CHECK_MESSAGE(!tablet.shows("拒收"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "合并") == nullptr, tablet.outline());
  REQUIRE_MESSAGE(tablet.shows("有 1 个文件没有检查完"), tablet.outline());
  SUBCASE("they are checked after all") {
    tablet.press_button("重新检查");
    CHECK_MESSAGE(tablet.find_like(Role::button, "合并") != nullptr, tablet.outline());
  }
  SUBCASE("they are put away") {
    tablet.press_button("不要这些文件");
    CHECK_MESSAGE(tablet.find_like(Role::button, "合并") == nullptr, tablet.outline());
  }
  CHECK_MESSAGE(!tablet.shows("没有检查完"), tablet.outline());
}

TEST_CASE("where storage is ill what is only in memory can leave: that is said, and asked") {
  Tablet tablet;
  const auto is_handed_out = [&](std::string_view button) {
    for (int press = 0; press < 3; ++press) {
      tablet.press_button(button);
      REQUIRE_MESSAGE(tablet.find_like(Role::button, "仍然生成文件") != nullptr, tablet.outline());
      if (press < 2) {
        tablet.escape();
        CHECK(tablet.take_files().empty());
      }
    }
    tablet.press_button("仍然生成文件");
    const auto files = tablet.take_files();
    REQUIRE_MESSAGE(files.size() == 1, tablet.outline());
    const std::string text(files[0].bytes.begin(), files[0].bytes.end());
    CHECK(text.contains("只在内存里的客户"));
  };
  tablet.world().disk.capacity_bytes = 0;
  tablet.new_customer("只在内存里的客户");
  tablet.press(Role::link, "设置");
  is_handed_out("备份到文件");
  tablet.press(Role::link, "同步");
  is_handed_out("生成并发出");
}

TEST_CASE("a bundle with a byte order mark is one wherever it is given") {
  Tablet tablet;
  TestDevice office(2, "总部");
  office.environment().now = tablet.platform.wall_clock_ms;
  office.create("customer", {{"code", "K-9"}, {"name", "总部的客户"}}, as_it_is);
  tablet.platform.drop_files({file_of("\xEF\xBB\xBF" + office.export_all())});
  tablet.rest();
  CHECK_MESSAGE(tablet.find_like(Role::button, "合并") != nullptr, tablet.outline());
}

TEST_CASE("a bundle that is given twice, under whatever name, is looked at and merged once, and that is said") {
  Tablet tablet;
  TestDevice office(2, "总部");
  office.environment().now = tablet.platform.wall_clock_ms;
  office.create("customer", {{"code", "K-H"}, {"name", "总部客户"}}, as_it_is);
  const std::string json = office.export_all();
  const auto named = [&](std::string_view name) { return PickedFile{.name = std::string(name), .bytes = Bytes(json.begin(), json.end())}; };
  tablet.press(Role::link, "同步");
  const auto said = [&](std::vector<PickedFile> files) {
    tablet.platform.drop_files(std::move(files));
    tablet.pass(300);
    return tablet.shows("内容一样");
  };
  SUBCASE("one after the other") {
    CHECK_FALSE(said({named("总部.json")}));
    tablet.rest();
    CHECK_MESSAGE(said({named("总部(1).json")}), tablet.outline());
  }
  SUBCASE("together") { CHECK_MESSAGE(said({named("总部.json"), named("总部(1).json")}), tablet.outline()); }
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("总部.json"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("总部(1).json"), tablet.outline());
  tablet.press_button("合并");
  tablet.press_button("知道了");
  CHECK(std::ranges::count_if(tablet.mirror.tree.nodes, [](const SemanticNode& node) { return node.name.find("已合并") != std::string::npos; }) == 1);
}
