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
