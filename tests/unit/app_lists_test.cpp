// Lists and the board as a person uses them: narrowing, sorting, menus of rows, dragging, wiping; on a tablet in memory with
// the sample company.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr Viewport portrait{.width = 820, .height = 1180, .device_pixel_ratio = 1};
constexpr Viewport phone{.width = 390, .height = 844, .device_pixel_ratio = 1};

struct ListTablet : SampleTablet {
  [[nodiscard]] const SemanticNode& node(Role role, std::string_view part) const {
    const SemanticNode* found = find_like(role, part);
    REQUIRE_MESSAGE(found != nullptr, (std::string(part) + " is not on the screen:\n" + outline()));
    return *found;
  }
  // Where the list or the table begins.
  [[nodiscard]] float top_of_rows() const {
    const SemanticNode* list = find_like(Role::grid, "");
    list = list ? list : find_like(Role::list, "客户");
    REQUIRE_MESSAGE(list != nullptr, outline());
    return list->rectangle.top;
  }
  [[nodiscard]] Rectangle column(std::string_view stage) const {
    for (const SemanticNode& each : mirror.tree.nodes) {
      if (each.role == Role::group && each.name == stage) {
        return each.rectangle;
      }
    }
    REQUIRE_MESSAGE(false, (std::string(stage) + " is no column:\n" + outline()));
    return {};
  }
};

}  // namespace

TEST_CASE("rows of a list begin within 130 pixels of the upper edge, and nothing of its toolbar is cut") {
  ListTablet tablet;
  tablet.section("客户");
  for (const Viewport& viewport : {Viewport{.width = 1180, .height = 820, .device_pixel_ratio = 1}, portrait, phone}) {
    tablet.turn(viewport);
    for (const bool chinese : {true, false}) {
      tablet.platform.preferences_now.chinese = chinese;
      tablet.platform.request_frame();
      tablet.rest();
      CHECK_MESSAGE(tablet.find_like(Role::search_box, chinese ? "搜索客户" : "customer") != nullptr, tablet.outline());
      const auto rows = std::ranges::find_if(tablet.mirror.tree.nodes, [](const SemanticNode& node) { return (node.role == Role::grid || node.role == Role::list) && node.set_size > 10; });
      REQUIRE(rows != tablet.mirror.tree.nodes.end());
      CHECK(rows->rectangle.top <= 130);
      for (const SemanticNode& node : tablet.mirror.tree.nodes) {
        const bool in_toolbar = node.interactive && node.rectangle.top > 56 && node.rectangle.top < rows->rectangle.top;
        CHECK_MESSAGE((!in_toolbar || node.rectangle.left + node.rectangle.width <= viewport.width), node.name);
      }
    }
    tablet.platform.preferences_now.chinese = true;
  }
}

TEST_CASE("a filter says how many each value leaves, is in force as it is ticked, and is remembered with the sorting") {
  ListTablet tablet;
  tablet.section("客户");
  if (tablet.find_like(Role::button, "客户级别") != nullptr) {
    tablet.press_button("客户级别");
  } else {
    tablet.press_button("更多筛选");
    tablet.press(Role::menu_item, "客户级别");
  }
  const std::string name = tablet.node(Role::check_box, "A级").name;
  const std::string count = name.substr(name.rfind(' ') + 1);
  tablet.press(Role::check_box, "A级");
  CHECK_MESSAGE(tablet.shows("找到 " + count + " 条"), tablet.outline());
  CHECK_MESSAGE(tablet.node(Role::check_box, "A级").checked == Checked::on, tablet.outline());
  tablet.escape();
  tablet.press(Role::column_header, "客户编号");
  tablet.restart();
  tablet.section("客户");
  CHECK_MESSAGE(tablet.shows("找到 " + count + " 条"), tablet.outline());
  CHECK_MESSAGE(tablet.node(Role::column_header, "客户编号").sort == 1, tablet.outline());
}

TEST_CASE("where the last one was deleted, the bin is still to be reached") {
  AppTablet tablet;
  tablet.press_button("从空白开始");
  tablet.type("姓名", "王敏");
  tablet.type("业务代码", "R07");
  tablet.press_button("开始使用");
  tablet.press(Role::link, "客户");
  CHECK(tablet.find_like(Role::button, "排序和回收站") == nullptr);  // nothing there
  tablet.press_button("新建客户");
  tablet.type("客户名称", "博海餐饮");
  tablet.press_button("保存");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  tablet.press_button("删除");
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.shows("还没有客户"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "排序和回收站") != nullptr, tablet.outline());
}

TEST_CASE("a narrow list shows level, phone and what is due, and calls from the row") {
  ListTablet tablet;
  tablet.turn(portrait);
  tablet.section("客户");
  tablet.type("搜索客户", "博海");
  const std::string& row = tablet.node(Role::button, "博海餐饮, ").name;
  CHECK_MESSAGE(row.find("020-80001001") != std::string::npos, row);
  CHECK_MESSAGE(row.find("B级客户") != std::string::npos, row);
  CHECK_MESSAGE(row.find("到期") != std::string::npos, row);
  tablet.press_button("打电话给博海餐饮");
  CHECK(tablet.platform.opened_link == "tel:02080001001");
}

TEST_CASE("of several numbers in one field one is asked for and dialled, wherever one calls from") {
  ListTablet tablet;
  tablet.section("客户");
  tablet.type("搜索客户", "博海");
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("编辑");
  tablet.type("电话", "0571-88010001转8001、13800138000");
  tablet.press_button("保存");
  std::function<void()> call;
  SUBCASE("on the customer's page") {
    call = [&] { tablet.press_button("打电话"); };
  }
  SUBCASE("from the row of a narrow list") {
    tablet.turn(portrait);
    tablet.section("客户");
    call = [&] { tablet.press_button("打电话给博海餐饮"); };
  }
  SUBCASE("from its menu") {
    tablet.section("客户");
    call = [&] {
      tablet.ask_for_menu(Role::row, "博海餐饮");
      tablet.press(Role::menu_item, "打电话");
    };
  }
  call();
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "打哪个号码") != nullptr, tablet.outline());
  tablet.escape();
  CHECK(tablet.platform.opened_link.empty());
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "打哪个号码") == nullptr, tablet.outline());
  call();
  tablet.press_last_button("0571-88010001转8001");
  CHECK(tablet.platform.opened_link == "tel:057188010001,8001");
  call();
  tablet.press_last_button("13800138000");
  CHECK(tablet.platform.opened_link == "tel:13800138000");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "打哪个号码") == nullptr, tablet.outline());
}

TEST_CASE("a row's menu opens by the menu key, by a long press and does what it says") {
  ListTablet tablet;
  tablet.section("客户");
  tablet.type("搜索客户", "博海");
  tablet.ask_for_menu(Role::row, "博海餐饮");
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "记录拜访") != nullptr, tablet.outline());
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("还在使用中"), tablet.outline());
  tablet.press_button("关闭");

  tablet.hold(tablet.node(Role::row, "博海餐饮").rectangle);
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "计划拜访") != nullptr, tablet.outline());
  tablet.pointer_up();
  tablet.rest();
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "计划拜访") != nullptr, tablet.outline());  // letting go presses nothing
  CHECK(tablet.find_like(Role::tab, "时间线") == nullptr);
  tablet.press(Role::menu_item, "打开");
  CHECK_MESSAGE(tablet.find_like(Role::tab, "时间线") != nullptr, tablet.outline());
}

TEST_CASE("a tap on a device so slow that its end waits behind a late frame is no long press") {
  ListTablet tablet;
  tablet.section("客户");
  tablet.type("搜索客户", "博海");
  tablet.pointer_down(center(tablet.node(Role::row, "博海餐饮").rectangle), true);
  tablet.pass(32);
  tablet.platform.monotonic_clock_us += 700'000;
  tablet.pass(16);  // the frame that was late
  tablet.pointer_up();
  tablet.rest();
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "计划拜访") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::tab, "时间线") != nullptr, tablet.outline());
}

TEST_CASE("a card is dragged into another column, with a mouse and with a finger") {
  for (const bool touch : {false, true}) {
    ListTablet tablet;
    tablet.section("机会");
    const SemanticNode card = tablet.node(Role::button, "直播间瓜子专场");
    tablet.drag(card.rectangle, tablet.column("交易谈判"), touch);
    CHECK_MESSAGE(tablet.shows("交易谈判 · 3 单"), tablet.outline());
    CHECK_MESSAGE(tablet.shows("已报价 · 1 单"), tablet.outline());
  }
}

TEST_CASE("a finger that only wipes over a card moves nothing, one that rests opens the card's menu") {
  ListTablet tablet;
  tablet.section("机会");
  const Rectangle card = tablet.node(Role::button, "直播间瓜子专场").rectangle;
  tablet.swipe(center(card), center(tablet.column("交易谈判")));
  CHECK_MESSAGE(tablet.shows("已报价 · 2 单"), tablet.outline());
  tablet.hold(tablet.node(Role::button, "直播间瓜子专场").rectangle);
  tablet.pointer_up();
  tablet.rest();
  tablet.press(Role::menu_item, "交易谈判");
  CHECK_MESSAGE(tablet.shows("交易谈判 · 3 单"), tablet.outline());
}

TEST_CASE("one tap takes a card to the next stage; won says what it needs; lost asks why") {
  ListTablet tablet;
  tablet.section("机会");
  tablet.press_button("“直播间瓜子专场”进入下一阶段：交易谈判");
  CHECK_MESSAGE(tablet.shows("交易谈判 · 3 单"), tablet.outline());
  tablet.ask_for_menu(Role::button, "直播间瓜子专场");
  tablet.press(Role::menu_item, "成交");
  CHECK_MESSAGE(tablet.shows("没有执行中的合同"), tablet.outline());
  tablet.press_button("新建合同");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "合同名称") != nullptr, tablet.outline());
}

TEST_CASE("an opportunity's own page moves it on") {
  ListTablet tablet;
  tablet.section("机会");
  tablet.press_button("直播间瓜子专场");
  tablet.press_button("进入：交易谈判");
  CHECK_MESSAGE(tablet.find_like(Role::button, "进入：合同签约") != nullptr, tablet.outline());
  tablet.press(Role::button, "流失");
  CHECK_MESSAGE(tablet.shows("这单没成"), tablet.outline());
}

TEST_CASE("on a phone a wipe across the stages shows the next one") {
  ListTablet tablet;
  tablet.turn(phone);
  tablet.section("机会");
  REQUIRE_MESSAGE(tablet.shows("潜在客户挖掘 · 3 单"), tablet.outline());
  tablet.swipe({300, 700}, {80, 705});
  CHECK_MESSAGE(tablet.shows("客户需求分析 · 3 单"), tablet.outline());
  tablet.swipe({80, 700}, {300, 705});
  CHECK_MESSAGE(tablet.shows("潜在客户挖掘 · 3 单"), tablet.outline());
}

TEST_CASE("buttons that stood below each other on a narrow screen stand side by side when it is turned") {
  UiFixture fixture;
  float width = 90;
  const auto draw = [&] {
    fixture.ui.width_limit(width, [&] {
      fixture.ui.row("actions", {.gap = Space::m, .align = Align::end}, [&] {
        (void)fixture.ui.button("cancel", "取消");
        (void)fixture.ui.button("save", "保存");
      });
    });
  };
  const auto apart = [&] {
    fixture.rest(draw);
    return fixture.mirror.find(Role::button, "保存")->rectangle.top - fixture.mirror.find(Role::button, "取消")->rectangle.top;
  };
  REQUIRE(apart() > 20);
  width = 500;
  CHECK(apart() == 0);
}

TEST_CASE("what is said goes with the page that it was said about") {
  UiFixture fixture;
  std::int64_t page = 1;
  const auto draw = [&] { fixture.ui.set_page(page); };
  fixture.frame(draw);
  fixture.ui.toast({.message = "已保存"});
  page = 2;  // saving leads to another page
  fixture.frame(draw);
  CHECK(fixture.mirror.find(Role::status, "已保存") != nullptr);
  page = 3;
  fixture.frame(draw);
  CHECK(fixture.mirror.find(Role::status, "已保存") == nullptr);
}

TEST_CASE("a phone's sheet of filters says what opens a further one and what is in force, and clears them all; the town tells shops apart") {
  ListTablet tablet;
  tablet.section("客户");
  tablet.turn(phone);
  tablet.press_button("筛选");
  CHECK_MESSAGE(tablet.node(Role::menu_item, "客户级别").has_popup, tablet.outline());
  CHECK_MESSAGE(!tablet.node(Role::menu_item, "我的").has_popup, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::menu_item, "清除筛选") == nullptr, tablet.outline());  // there is nothing to clear
  tablet.press(Role::menu_item, "客户级别");
  tablet.press(Role::check_box, "A级");
  tablet.escape();
  tablet.press_button("筛选");
  CHECK_MESSAGE(tablet.node(Role::menu_item, "客户级别：A级").checked == Checked::on, tablet.outline());
  tablet.press(Role::menu_item, "清除筛选");
  tablet.press_button("筛选");
  CHECK_MESSAGE(tablet.node(Role::menu_item, "客户级别").checked != Checked::on, tablet.outline());
  tablet.escape();

  tablet.type("搜索客户", "东方酒店");
  const std::string row = tablet.node(Role::button, "东方酒店").name + tablet.node(Role::button, "东方酒店").description;
  const auto town = row.find("广州"), level = row.find("有望");
  CHECK_MESSAGE(town != std::string::npos, tablet.outline());
  CHECK_MESSAGE(town < level, row);
}

TEST_CASE("a figure of today's page leads to what it counts, and the list says by its chips what it shows") {
  ListTablet tablet;
  const SemanticNode* figure = tablet.find_like(Role::button, "执行中合同");
  REQUIRE_MESSAGE(figure != nullptr, tablet.outline());
  const std::string number = figure->name.substr(figure->name.find_first_of("0123456789"));
  tablet.press_button("执行中合同");
  CHECK_MESSAGE(tablet.shows("当前状态：执行中"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("找到 " + number + " 条"), (number + "\n" + tablet.outline()));
}
