// What the pages say before something cannot be done or is gone: by name, once, and with the way on. The sample company.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "app/shell/route.h"
#include "tests/support/sample_tablet.h"
#include "tests/support/test_device.h"

namespace kehubu::test {
namespace {

constexpr Viewport phone{.width = 390, .height = 844, .device_pixel_ratio = 1};

struct MannersTablet : SampleTablet {
  void open(std::string_view section, std::string_view name) {
    press(Role::link, section);
    press(Role::row, name);
  }
  [[nodiscard]] std::size_t count(std::string_view part) const {
    return static_cast<std::size_t>(std::ranges::count_if(mirror.tree.nodes, [&](const SemanticNode& node) { return node.name.contains(part); }));
  }
};

}  // namespace

TEST_CASE("an opportunity that cannot be won yet: the dialog names the contracts that belong to it, and opens them") {
  MannersTablet tablet;
  tablet.open("合同", "HT-NY-074");
  const SemanticNode* link = tablet.find_like(Role::button, "机会");
  REQUIRE_MESSAGE(link != nullptr, tablet.outline());
  tablet.press_button("机会");
  tablet.press_button("成交");
  CHECK_MESSAGE(tablet.shows("下面的合同已经关联这个机会"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("草稿先改为待审批"), tablet.outline());  // the step that a draft can take
  tablet.press_button("华星科技礼品及下午茶框架合同");
  CHECK_MESSAGE(tablet.find_like(Role::heading, "华星科技礼品及下午茶框架合同") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
}

TEST_CASE("deleting the contract by which an opportunity is won says so first") {
  MannersTablet tablet;
  tablet.open("合同", "HT-NY-052");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("已成交，靠的就是这份合同"), tablet.outline());
  tablet.press_button("取消");
  tablet.speak(false);
  tablet.press_button("More actions");
  tablet.press(Role::menu_item, "Delete");
  CHECK_MESSAGE(tablet.shows("is won by this contract"), tablet.outline());
}

TEST_CASE("what stands in the way of deleting a customer is said with its day, and without the words of a table") {
  MannersTablet tablet;
  tablet.open("客户", "东方酒店");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("下面这些记录还与“东方酒店”关联"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("（单位名称）"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("它"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("2025-"), tablet.outline());
}

TEST_CASE("a visit that is planned asks about what is to come") {
  MannersTablet tablet;
  tablet.open("客户", "东方酒店");
  tablet.press_button("计划拜访");
  CHECK_MESSAGE(tablet.shows("打算见谁"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("打算怎么联系"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("见了谁"), tablet.outline());
  tablet.speak(false);
  CHECK_MESSAGE(tablet.shows("Who will you meet?"), tablet.outline());
}

TEST_CASE("a search that only the filters stop says so, and how much there is") {
  MannersTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press_button("生命周期阶段");
  tablet.press(Role::check_box, "流失客户");
  tablet.escape();
  tablet.enter("搜索", "东方酒店");
  CHECK_MESSAGE(tablet.shows("被筛选挡住了"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("不加筛选，能找到 1 条“东方酒店”"), tablet.outline());
  tablet.press_button("清除筛选");
  CHECK_MESSAGE(tablet.find_like(Role::row, "东方酒店") != nullptr, tablet.outline());
}

TEST_CASE("on a phone the sheet of filters has a title and what is one's own") {
  MannersTablet tablet;
  tablet.platform.viewport_now = phone;
  tablet.go("list/customer");
  tablet.press_button("筛选");
  CHECK_MESSAGE(tablet.find_like(Role::heading, "筛选") != nullptr, tablet.outline());
  tablet.press(Role::menu_item, "我的");
  tablet.press_button("筛选");
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "我的")->checked, tablet.outline());
}

TEST_CASE("leaving what is not saved: one button stands out") {
  MannersTablet tablet;
  tablet.go("form/customer");
  tablet.type("客户名称", "半途而废公司");
  tablet.press_button("返回");
  REQUIRE_MESSAGE(tablet.find_like(Role::button, "放弃填写") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::button, "存为草稿并离开")->primary);
}

TEST_CASE("bundles that were looked at are there again when one comes back; of what is refused nothing is offered") {
  MannersTablet tablet;
  TestDevice other(2, "刘芳的电脑");
  other.environment().now = tablet.platform.wall_clock_ms;
  other.create("customer", {{"code", "K-9"}, {"name", "远方客户"}}, {.skip_validation = true});
  const auto look_at = [&](const std::string& text) {
    tablet.press(Role::link, "同步");
    tablet.platform.files_to_pick = {{.name = "kehubu.json", .bytes = Bytes(text.begin(), text.end())}};
    tablet.press_button("选择文件");
  };
  look_at(other.export_all());
  REQUIRE_MESSAGE(tablet.find_like(Role::button, "合并") != nullptr, tablet.outline());
  tablet.press(Role::link, "客户");
  tablet.press(Role::link, "同步");
  REQUIRE_MESSAGE(tablet.find_like(Role::button, "合并") != nullptr, tablet.outline());
  tablet.press_button("取消");
  tablet.press(Role::link, "客户");
  tablet.press(Role::link, "同步");
  CHECK_MESSAGE(tablet.find_like(Role::button, "合并") == nullptr, tablet.outline());
  look_at("{\"format\":\"kehubu-bundle\"");
  CHECK_MESSAGE(tablet.find_like(Role::button, "合并") == nullptr, tablet.outline());
  tablet.press_button("关闭");
}

TEST_CASE("a report of a merge and the list below it do not say one thing twice, and say who") {
  MannersTablet tablet;
  TestDevice other(2, "李伟的平板");
  other.environment().now = tablet.platform.wall_clock_ms;
  const Id li = other.create("employee", {{"code", "R77"}, {"name", "李伟"}, {"login_name", "liwei"}}, {.skip_validation = true});
  other.use_as(li);
  tablet.go("form/customer");
  tablet.type("客户名称", "远方客户");
  tablet.type("电话", "020-80001101");
  tablet.press_button("保存");
  tablet.press(Role::link, "同步");
  tablet.press_button("全部内容");
  tablet.press_button("生成并发出");
  const auto files = tablet.take_files();
  REQUIRE(files.size() == 1);
  other.import(std::string(files[0].bytes.begin(), files[0].bytes.end()));
  const Entity& customer = *find_entity("customer");
  const auto rows = other.store().list({.entity = &customer, .search = "远方客户", .filters = {}});
  REQUIRE(rows->size() == 1);
  const Id row = other.store().read_row(customer, rows->front())->id;
  tablet.go(route_text(form_for(customer, row)));
  tablet.type("电话", "020-80001102");
  tablet.press_button("保存");
  other.environment().now = tablet.platform.wall_clock_ms + 60'000;
  other.edit("customer", row, {{"phone", "020-80001103"}});
  const std::string bundle = other.export_all();
  tablet.press(Role::link, "同步");
  tablet.platform.files_to_pick = {{.name = "kehubu.json", .bytes = Bytes(bundle.begin(), bundle.end())}};
  tablet.press_button("选择文件");
  tablet.press_button("合并");
  CHECK_MESSAGE(tablet.count("李伟写得比您晚（您写的是“020-80001102”") == 1, tablet.outline());
  tablet.press_button("知道了");
  CHECK_MESSAGE(tablet.count("李伟写得比您晚（您写的是“020-80001102”") == 1, tablet.outline());
}


TEST_CASE("the palette changes between light and dark where more contrast is asked for, too") {
  SampleTablet tablet;
  tablet.platform.preferences_now.more_contrast = true;
  for (const std::string_view expected : {"dark", "light", "dark"}) {
    tablet.command('K');
    tablet.type("搜索", "深色");
    tablet.press(Role::option, "深色");
    CHECK(tablet.platform.read_local_setting("theme") == expected);
  }
}

TEST_CASE("a missed visit stands on Today, however many were missed after it") {
  SampleTablet tablet;
  for (int number = 1; number <= 10; ++number) {
    tablet.go("list/customer");
    tablet.type("搜索客户", "海味轩");
    tablet.press(Role::row, "海味轩");
    tablet.press_button("计划拜访");
    tablet.type("目的", "第" + std::to_string(number) + "次补货");
    tablet.press_button("保存");
  }
  tablet.platform.wall_clock_ms += 10LL * 24 * 60 * 60 * 1000;
  tablet.go("today");
  for (int number = 1; number <= 10; ++number) {
    CHECK_MESSAGE(tablet.shows("第" + std::to_string(number) + "次补货"), tablet.outline());
  }
}

}  // namespace kehubu::test
