// The browser's history as the page writes it: every press of its Back, or of Android's, leads to another page.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct WanderingTablet : SampleTablet {
  // The addresses that Back and Forward lead to, the first one first.
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> all = platform.history;
    all.push_back(platform.route_now);
    all.insert(all.end(), platform.further.rbegin(), platform.further.rend());
    return all;
  }
  void browser_back() {
    platform.go_back();
    rest();
  }
  void browser_forward() {
    platform.go_forward();
    rest();
  }
  [[nodiscard]] std::ptrdiff_t over_the_page() const { return std::ranges::count_if(mirror.tree.nodes, &SemanticNode::modal); }
  // One press of the browser's Back, while something stands over the page.
  void back_closes_one() {
    const std::ptrdiff_t stands = over_the_page();
    const std::vector<std::string> before = entries();
    const std::string here = platform.route_now;
    REQUIRE_MESSAGE(stands > 0, outline());
    browser_back();
    CHECK_MESSAGE(over_the_page() == stands - 1, outline());
    CHECK(entries() == before);
    CHECK(platform.route_now == here);
  }
  void open_customer() {
    press(Role::link, "客户");
    press(Role::row, "博海餐饮");
  }
};

}  // namespace

TEST_CASE("who goes into a record and back by the page's own button has nothing to press twice in the browser's Back") {
  WanderingTablet tablet;
  tablet.press(Role::link, "客户");
  SUBCASE("in one go") {}
  SUBCASE("loaded anew in between") {
    tablet.press(Role::row, "博海餐饮");
    tablet.die_and_restart();
    tablet.press_button("返回");
  }
  SUBCASE("a form saved in between") {
    tablet.press(Role::row, "博海餐饮");
    tablet.press_button("编辑");
    tablet.type("邮编", "510620");
    tablet.press_button("保存");
    tablet.press_button("返回");
  }
  SUBCASE("a record made in between") {
    tablet.press_button("新建客户");
    tablet.type("客户名称", "长江酒店");
    tablet.press_button("保存");
    tablet.press_button("返回");
  }
  SUBCASE("the section pressed again") { tablet.press(Role::link, "客户"); }
  for (int times = 0; times < 5; ++times) {
    tablet.press(Role::row, "博海餐饮");
    tablet.press_button("返回");
  }
  REQUIRE(tablet.platform.route_now == "list/customer");
  tablet.browser_back();
  CHECK(tablet.platform.route_now == "today");
  CHECK_MESSAGE(tablet.find_like(Role::heading, "王敏") != nullptr, tablet.outline());
}

TEST_CASE("the question before unsaved work, asked by the browser's Back, leaves the history as it was, or goes on in it") {
  WanderingTablet tablet;
  tablet.open_customer();
  tablet.press_button("编辑");
  tablet.type("邮编", "510620");
  const std::vector<std::string> before = tablet.entries();
  tablet.browser_back();
  CHECK(tablet.entries() == before);
  SUBCASE("he stays, and leaves later") {
    tablet.press_button("继续填写");
    CHECK(tablet.typed("邮编") == "510620");
    CHECK(tablet.platform.history.size() == before.size() - 1);
    tablet.browser_back();
    tablet.press_button("放弃填写");
  }
  SUBCASE("he leaves") { tablet.press_button("放弃填写"); }
  SUBCASE("he leaves a draft") { tablet.press_button("存为草稿并离开"); }
  CHECK(tablet.entries() == before);
  CHECK(tablet.platform.route_now.starts_with("record/customer"));
  CHECK(tablet.platform.further.size() == 1);
  tablet.browser_back();
  CHECK(tablet.platform.route_now == "list/customer");
  CHECK(tablet.find_like(Role::row, "博海餐饮") != nullptr);
  tablet.browser_forward();
  CHECK(tablet.platform.route_now.starts_with("record/customer"));
  CHECK_MESSAGE(tablet.find_like(Role::heading, "博海餐饮") != nullptr, tablet.outline());
}

TEST_CASE("Back to a page from before a reload opens it above its section, and the page's own button leads there") {
  WanderingTablet tablet;
  tablet.open_customer();
  tablet.press_button("新建合同");
  tablet.die_and_restart();
  tablet.browser_back();
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "博海餐饮") != nullptr, tablet.outline());
  tablet.press_button("返回");
  CHECK(tablet.platform.route_now == "list/customer");
  tablet.browser_back();
  CHECK(tablet.platform.route_now == "today");
}

TEST_CASE("however one wanders, no two entries beside each other are of one page, and the address is that of the page") {
  WanderingTablet tablet;
  std::mt19937 dice{20'261'126};
  for (int step = 0; step < 60; ++step) {
    switch (dice() % 8) {
      case 0:
        tablet.press(Role::link, "客户");
        break;
      case 1:
        tablet.press(Role::link, dice() % 2 == 0 ? "合同" : "今天");
        break;
      case 2:
      case 3:
        if (tablet.find_like(Role::row, "博海餐饮") != nullptr) {
          tablet.press(Role::row, "博海餐饮");
        }
        break;
      case 4:
      case 5:
        if (tablet.find_like(Role::button, "返回") != nullptr) {
          tablet.press_button("返回");
        }
        break;
      case 6:
        dice() % 2 == 0 ? tablet.browser_back() : tablet.browser_forward();
        break;
      default:
        if (dice() % 4 == 0) {
          tablet.die_and_restart();
        }
    }
    const std::vector<std::string> entries = tablet.entries();
    CAPTURE(step);
    REQUIRE(std::ranges::adjacent_find(entries) == entries.end());
    const bool on_record = tablet.platform.route_now.starts_with("record/");
    REQUIRE_MESSAGE((tablet.find_like(Role::button, "返回") != nullptr) == on_record, tablet.outline());
  }
}

TEST_CASE("the browser's Back closes what stands uppermost over the page, and leads on when nothing does") {
  WanderingTablet tablet;
  tablet.turn({.width = 1180, .height = 820, .device_pixel_ratio = 1});
  tablet.section("客户");
  std::string leads_to = "today";
  SUBCASE("the palette") { tablet.command('K'); }
  SUBCASE("a menu") { tablet.press_button("排序和回收站"); }
  SUBCASE("the menu of a row") { tablet.ask_for_menu(Role::row, "博海餐饮"); }
  SUBCASE("the values of a filter") { tablet.press_button("生命周期阶段"); }
  SUBCASE("of a record") {
    tablet.press(Role::row, "博海餐饮");
    leads_to = "list/customer";
    SUBCASE("the menu of its bar") { tablet.press_button("更多操作"); }
    SUBCASE("a question") {
      tablet.press_button("更多操作");
      tablet.press(Role::menu_item, "删除");
    }
    SUBCASE("a dialog in which nothing is typed") {
      tablet.press(Role::tab, "资料");
      tablet.press_button("修改：联系方式");
    }
  }
  SUBCASE("of a form") {
    tablet.press_button("新建客户");
    leads_to = "list/customer";
    SUBCASE("a list of choices") { tablet.press(Role::combo_box, "所属行业"); }
    SUBCASE("a picker") { tablet.press(Role::combo_box, "业务员"); }
  }
  tablet.back_closes_one();
  REQUIRE(tablet.over_the_page() == 0);
  tablet.browser_back();
  CHECK(tablet.platform.route_now == leads_to);
  CHECK_MESSAGE(tablet.over_the_page() == 0, tablet.outline());
}

TEST_CASE("Back over a dialog is that dialog's own way back: what is typed is asked about once, there, and the page stays") {
  WanderingTablet tablet;
  tablet.turn({.width = 1180, .height = 820, .device_pixel_ratio = 1});
  SUBCASE("whether to register a contact") {
    tablet.section("客户");
    tablet.type("搜索客户", "东方酒店");
    tablet.press(Role::row, "东方酒店");
    tablet.press_button("记录拜访");
    tablet.press_button("其他人…");
    tablet.type("联系人姓名", "王五");
    tablet.type("一句话记下来", "谈妥下月试销");
    tablet.press_button("保存");
    REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "登记为联系人") != nullptr, tablet.outline());
    tablet.back_closes_one();
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "没保存") == nullptr, tablet.outline());
    CHECK(tablet.typed("一句话记下来") == "谈妥下月试销");
  }
  SUBCASE("a value that is being added") {
    tablet.section("设置");
    tablet.go("lists/customer_source");
    tablet.press_button("添加选项");
    tablet.type("中文", "抖音");
    tablet.browser_back();
    CHECK_MESSAGE(tablet.over_the_page() == 2, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "没保存") != nullptr, tablet.outline());
    tablet.back_closes_one();  // the question: he stays
    CHECK_MESSAGE(tablet.typed("中文") == "抖音", tablet.outline());
    CHECK(tablet.platform.route_now == "lists/customer_source");
  }
  SUBCASE("a record that is being made for a form") {
    tablet.go("form/contact");
    tablet.press(Role::combo_box, "单位名称");
    tablet.press(Role::option, "新建客户");
    tablet.type("客户名称", "总部公司");
    tablet.browser_back();
    CHECK_MESSAGE(tablet.over_the_page() == 2, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "还没有完成") != nullptr, tablet.outline());
    tablet.back_closes_one();
    CHECK_MESSAGE(tablet.typed("客户名称") == "总部公司", tablet.outline());
    CHECK(tablet.platform.route_now == "form/contact");
  }
  SUBCASE("the question before unsaved work") {
    tablet.open_customer();
    tablet.press_button("编辑");
    tablet.type("邮编", "510620");
    tablet.browser_back();
    tablet.back_closes_one();
    CHECK(tablet.typed("邮编") == "510620");
  }
}

TEST_CASE("nothing floats over a page that it was not opened on, nor stands open again when one comes back") {
  for (const bool is_dropped : {true, false}) {
    for (const std::string_view opened : {"the palette", "a menu", "the menu of a row", "the values of a filter"}) {
      CAPTURE(opened);
      CAPTURE(is_dropped);
      WanderingTablet tablet;
      tablet.turn({.width = 1180, .height = 820, .device_pixel_ratio = 1});
      tablet.section("客户");
      opened == "the palette"         ? tablet.command('K')
      : opened == "a menu"            ? tablet.press_button("排序和回收站")
      : opened == "the menu of a row" ? tablet.ask_for_menu(Role::row, "博海餐饮")
                                      : tablet.press_button("生命周期阶段");
      REQUIRE_MESSAGE(tablet.over_the_page() == 1, tablet.outline());
      if (is_dropped) {
        const std::string bundle = "{}";
        tablet.platform.drop_files({{.name = "同步.json", .bytes = Bytes(bundle.begin(), bundle.end())}});
        tablet.rest();
      } else {
        tablet.go("sync");
      }
      REQUIRE(tablet.platform.route_now == "sync");
      CHECK_MESSAGE(tablet.over_the_page() == 0, tablet.outline());
      tablet.browser_back();
      REQUIRE(tablet.platform.route_now == "list/customer");
      CHECK_MESSAGE(tablet.over_the_page() == 0, tablet.outline());
      tablet.press_button("排序和回收站");  // and opens when it is asked for
      CHECK_MESSAGE(tablet.over_the_page() == 1, tablet.outline());
    }
  }
}

TEST_CASE("on the very first page Back closes what stands over it, one after the other, and leaves nothing behind") {
  WanderingTablet tablet;
  tablet.platform.history.clear();
  SUBCASE("the palette") { tablet.command('K'); }
  SUBCASE("a dialog and the list in it") {
    tablet.go("form/contact");
    tablet.platform.history.clear();
    tablet.press(Role::combo_box, "单位名称");
    tablet.press(Role::option, "新建客户");
    tablet.press(Role::combo_box, "客户级别");
  }
  const std::string page = tablet.platform.route_now;
  for (std::ptrdiff_t stands = tablet.over_the_page(); stands > 0; --stands) {
    tablet.browser_back();
    CHECK_MESSAGE(tablet.over_the_page() == stands - 1, tablet.outline());
    CHECK(tablet.platform.route_now == page);
  }
  CHECK(tablet.platform.history.empty());
  tablet.command('K');
  tablet.type("搜索", "产品");
  tablet.press(Role::option, "产品");
  CHECK(tablet.platform.history == std::vector<std::string>{page});
}
