// A walk over everything: every page visited, every control pressed once, natively, where AddressSanitizer watches.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/support/app_walker.h"
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

void walk(const FakeDisk& disk, bool chinese, const Viewport& viewport) {
  AppWalker walker(disk, [&](MemoryPlatform& platform) {
    platform.preferences_now.chinese = chinese;
    platform.viewport_now = viewport;
  });
  walker.files = files_for;
  // The index of a form: its first section stands at the top already.
  walker.may_do_nothing = [](const std::string& press) {
    return press.starts_with("form/") && (press.ends_with("| button | 基本资料") || press.ends_with("| button | Basics"));
  };
  walker.walk(all_addresses());
  std::string findings;
  for (const std::string& finding : walker.findings()) {
    findings += finding + "\n";
  }
  CHECK_MESSAGE(walker.findings().empty(), findings);
  CHECK(walker.presses() > 0);
  MESSAGE(walker.presses() << " presses on " << walker.pages().size() << " kinds of page");
}

}  // namespace

TEST_CASE("a walk over everything: sample data, in Chinese") { walk(with_sample_data(), true, landscape); }
TEST_CASE("a walk over everything: nothing entered yet, in Chinese, on a phone") { walk(empty(), true, phone); }
TEST_CASE("a walk over everything: the other two, in English") {
  if (std::getenv("KEHUBU_LONG") != nullptr) {  // minutes under the sanitizers
    walk(with_sample_data(), false, phone);
    walk(empty(), false, landscape);
  }
}
