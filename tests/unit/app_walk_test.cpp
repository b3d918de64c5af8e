// A walk over everything: every page visited, every control pressed once, natively, where AddressSanitizer watches.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "tests/support/app_walker.h"
#include "tests/support/storage_tab.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr Viewport landscape{.width = 1180, .height = 820, .device_pixel_ratio = 1};
constexpr Viewport phone{.width = 390, .height = 844, .device_pixel_ratio = 1};

FakeDisk with_sample_data() {
  AppTablet tablet;
  tablet.press_button("带示例数据");
  return tablet.disk();
}

FakeDisk empty() {
  AppTablet tablet;
  tablet.press_button("从空白开始");
  tablet.type("姓名", "王敏");
  tablet.type("业务代码", "R07");
  tablet.press_button("开始使用");
  return tablet.disk();
}

// Every address that could be typed, whether or not something leads there.
std::vector<std::string> all_addresses() {
  std::vector<std::string> addresses{"today", "opportunities", "sync", "conflicts", "settings", "identity", "lists", "more", "visit/interaction"};
  for (const Entity* entity : entities()) {
    for (const char* place : {"list/", "form/", "import/"}) {
      addresses.push_back(place + std::string(entity->id));
    }
  }
  return addresses;
}

std::vector<PickedFile> files_for(std::string_view page) {
  const std::string text = page.starts_with("import/") ? "客户名称,联系人,电话,所属行业\n长江酒店,李四,13800138000,餐饮\n,,,\n" : "{}";
  return {{.name = page.starts_with("import/") ? "名单.csv" : "kehubu.json", .bytes = Bytes(text.begin(), text.end())}};
}

// Open conflicts, one of every kind, as two people make them who know nothing of each other. Answers where each is decided.
std::vector<std::string> make_conflicts(FakeDisk& disk) {
  constexpr WriteOptions as_it_is{.skip_validation = true};
  AppTablet head_office(empty());
  TestDevice office(1, "刘芳的电脑"), tablet(2, "王敏的平板");
  office.environment().now = tablet.environment().now = head_office.platform.wall_clock_ms;
  office.use_as(office.create("employee", {{"code", "R02"}, {"name", "刘芳"}, {"login_name", "liu"}}, as_it_is));
  tablet.use_as(office.create("employee", {{"code", "R08"}, {"name", "赵军"}, {"login_name", "zhao"}}, as_it_is));
  const auto customer = [&](const char* code, const char* name) { return office.create("customer", {{"code", code}, {"name", name}}, as_it_is); };
  const Id graded = customer("K-1", "博海餐饮"), deleted = customer("K-2", "长江酒店"), parent = customer("K-3", "甲"), child = customer("K-4", "乙");
  const Id dated = customer("K-5", "丙");
  office.edit("customer", dated, {{"coop_start", "2026-01-01"}, {"coop_end", "2026-12-31"}});
  const Id product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
  const Id contract = office.create("contract", {{"contract_no", "HT-118"}, {"title", "年度供货"}, {"status", "pending_approval"}}, as_it_is);
  const Id line = office.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  const Id nuts = office.create("product", {{"code", "P-2"}, {"name", "花生"}}, as_it_is);
  exchange({&office, &tablet});

  office.edit("customer", graded, {{"grade", "a"}});
  tablet.edit("customer", graded, {{"grade", "c"}});
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract_line", line, {{"unit_price", std::int64_t{999'00}}});
  office.remove("product", nuts);
  tablet.edit("product", nuts, {{"list_price", std::int64_t{10'00}}});
  office.remove("customer", deleted);
  tablet.create("contact", {{"customer", deleted}, {"name", "张三"}}, as_it_is);
  office.create("customer", {{"code", "K-9"}, {"name", "丁"}}, as_it_is);
  tablet.create("customer", {{"code", "K-9"}, {"name", "戊"}}, as_it_is);
  office.edit("customer", child, {{"parent", parent}});
  tablet.edit("customer", parent, {{"parent", child}});
  office.edit("customer", dated, {{"coop_start", "2026-06-01"}});
  tablet.edit("customer", dated, {{"coop_end", "2026-03-01"}});
  exchange({&office, &tablet});

  std::set<ConflictKind> kinds;
  std::vector<std::string> addresses;
  for (const Conflict& conflict : office.conflicts()) {
    kinds.insert(conflict.kind);
    addresses.push_back("conflict/" + conflict.key);
  }
  CHECK(kinds.size() == 7);

  const std::string everything = office.export_all();
  head_office.go("sync");
  head_office.platform.files_to_pick = {{.name = "kehubu.json", .bytes = Bytes(everything.begin(), everything.end())}};
  head_office.press_button("选择文件");
  head_office.press_button("合并");
  disk = head_office.disk();
  return addresses;
}

// What stands on buttons differs from language to language and from state to state; what fields and lists do does not.
bool is_pressed_in_a_short_walk(Role role) {
  return role == Role::button || role == Role::link || role == Role::tab || role == Role::menu_item || role == Role::radio;
}
// Lists, forms and imports of all entities are one page each; the longer walks see all of them.
const std::vector<std::string> one_of_each_page{"today", "opportunities", "sync", "conflicts", "settings", "identity", "lists", "more",
                                                "list/customer", "form/contract", "import/customer", "visit/interaction"};

struct Walk {
  FakeDisk disk;
  bool chinese = true;
  Viewport viewport = landscape;
  std::vector<std::string> addresses;
  bool short_walk = false;   // the pages that it is given, and what stands on their buttons
  bool overtaken = false;    // by another tab, before anything is pressed
};

// Answers how many presses it made.
int walk(const Walk& wanted) {
  std::unique_ptr<StorageTab> other;
  AppWalker walker(wanted.disk, [&](MemoryPlatform& platform) {
    other.reset();
    platform.preferences_now.chinese = wanted.chinese;
    platform.viewport_now = wanted.viewport;
  });
  walker.files = files_for;
  // The index of a form: its first section stands at the top already. The number of conflicts leads to their page: one is there.
  walker.may_do_nothing = [](const std::string& press) {
    return (press.starts_with("form/") && (press.ends_with("| button | 基本资料") || press.ends_with("| button | Basics"))) ||
           (press.starts_with("conflicts") && press.ends_with(" 个冲突待处理"));
  };
  if (wanted.short_walk) {
    walker.presses_role = is_pressed_in_a_short_walk;
    walker.stays = true;
  }
  if (wanted.overtaken) {
    walker.prepare = [&](AppTablet& tablet) {
      other = std::make_unique<StorageTab>(tablet.world());
      (void)other->open();
      other->store.take_over();
      tablet.rest();
      CHECK_MESSAGE(tablet.shows("只读：另一个标签页正在使用"), tablet.outline());
    };
  }
  walker.walk(wanted.addresses);
  other.reset();
  std::string findings;
  for (const std::string& finding : walker.findings()) {
    findings += finding + "\n";
  }
  CHECK_MESSAGE(walker.findings().empty(), findings);
  MESSAGE(walker.presses() << " presses on " << walker.pages().size() << " kinds of page");
  return walker.presses();
}

}  // namespace

TEST_CASE("a walk over everything: sample data, in Chinese") { CHECK(walk({.disk = with_sample_data(), .addresses = all_addresses()}) > 3000); }
TEST_CASE("a walk over everything: nothing entered yet, in Chinese, on a phone") { CHECK(walk({.disk = empty(), .viewport = phone, .addresses = all_addresses()}) > 1000); }
TEST_CASE("a walk over everything: open conflicts of every kind") {
  FakeDisk disk;
  const std::vector<std::string> addresses = make_conflicts(disk);
  CHECK(walk({.disk = disk, .addresses = {"conflicts", "sync"}, .short_walk = true}) > 10);
  for (const std::string& address : addresses) {
    CAPTURE(address);
    CHECK(walk({.disk = disk, .addresses = {address}, .short_walk = true}) > 3);
  }
}
TEST_CASE("a walk over everything: in a tab that was overtaken") { CHECK(walk({.disk = with_sample_data(), .addresses = one_of_each_page, .short_walk = true, .overtaken = true}) > 50); }
TEST_CASE("a walk over everything: in English, what stands on buttons") { CHECK(walk({.disk = with_sample_data(), .chinese = false, .viewport = phone, .addresses = one_of_each_page, .short_walk = true}) > 100); }
TEST_CASE("a walk over everything: the other two, in English") {
  if (std::getenv("KEHUBU_LONG") != nullptr) {  // minutes under the sanitizers
    walk({.disk = with_sample_data(), .chinese = false, .viewport = phone, .addresses = all_addresses()});
    walk({.disk = empty(), .chinese = false, .addresses = all_addresses()});
  }
}
