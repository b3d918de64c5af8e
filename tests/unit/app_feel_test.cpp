// How the pages feel: one thing to do, nothing in the way, what is late is loud. On a tablet in memory with the sample company.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/shell/theme.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"
#include "tests/support/sample_tablet.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr Viewport viewports[] = {{.width = 1180, .height = 820, .device_pixel_ratio = 1},
                                  {.width = 820, .height = 1180, .device_pixel_ratio = 1},
                                  {.width = 390, .height = 844, .device_pixel_ratio = 1}};

struct FeelTablet : SampleTablet {
  void open_first(std::string_view list) {
    go(list);
    press(find_like(Role::grid, "") ? Role::row : Role::button, "博海餐饮");
  }
  // The buttons that say "this is what to do here", of the topmost layer.
  [[nodiscard]] std::vector<std::string> primaries() const {
    std::int8_t top = 0;
    for (const SemanticNode& node : mirror.tree.nodes) {
      top = std::max(top, node.layer);
    }
    std::vector<std::string> names;
    for (const SemanticNode& node : mirror.tree.nodes) {
      if (node.primary && node.layer == top) {
        names.push_back(node.name);
      }
    }
    return names;
  }
  void check_one_primary(std::string_view where) const {
    const std::vector<std::string> names = primaries();
    std::string told;
    for (const std::string& name : names) {
      told += name + " · ";
    }
    CHECK_MESSAGE(names.size() <= 1, (std::string(where) + ": " + told));
  }
};

bool overlap(const Rectangle& one, const Rectangle& other) {
  const Rectangle shared = intersection(one, other);
  return shared.width > 1 && shared.height > 1;
}

// Whether anything is drawn in this colour there.
bool shows_color(const Rectangle& place, ColorToken token) {
  const Rgba color = Theme::get(ThemeName::light).color(token);
  const ImU32 packed = IM_COL32(color.red, color.green, color.blue, color.alpha);
  const ImDrawData* data = ImGui::GetDrawData();
  for (const ImDrawList* list : data->CmdLists) {
    for (const ImDrawVert& vertex : list->VtxBuffer) {
      if (vertex.col == packed && contains_point(place, {vertex.pos.x, vertex.pos.y})) {
        return true;
      }
    }
  }
  return false;
}

PickedFile file_of(const std::string& text, std::string name) { return {.name = std::move(name), .bytes = Bytes(text.begin(), text.end())}; }

}  // namespace

TEST_CASE("F21: a page has one primary action, whatever its state") {
  FeelTablet tablet;
  for (const Viewport& viewport : viewports) {
    tablet.turn(viewport);
    for (const std::string_view address : {"today", "list/customer", "list/contract", "list/product", "opportunities", "sync", "conflicts", "import/customer",
                                           "settings", "identity", "lists", "lists/industry", "form/customer", "form/contract", "visit/interaction", "more"}) {
      tablet.go(address);
      tablet.check_one_primary(address);
    }
    tablet.open_first("list/customer");
    for (const std::string_view tab : {"时间线", "资料", "联系人", "机会", "合同", "历史"}) {
      tablet.press(Role::tab, tab);
      tablet.check_one_primary(tab);
    }
    tablet.go("list/customer");
    tablet.type("搜索客户", "没有这样的客户");
    tablet.check_one_primary("nothing found");
    tablet.type("搜索客户", "");
  }
}

TEST_CASE("F21: on the sync page and the import page the state decides which action is the primary one") {
  FeelTablet tablet;
  TestDevice other(2, "刘芳的电脑");
  other.environment().now = tablet.platform.wall_clock_ms;
  tablet.go("sync");
  CHECK_MESSAGE(tablet.primaries() == std::vector<std::string>{"生成并发出"}, tablet.outline());
  tablet.press_button("全部内容");
  tablet.press_button("生成并发出");
  const auto files = tablet.take_files();
  REQUIRE(files.size() == 1);
  Bytes json = files[0].bytes;
  other.import(std::string(json.begin(), json.end()));
  other.create("customer", {{"name", "珠江新饭店"}}, {.skip_validation = true});
  tablet.platform.files_to_pick = {file_of(other.export_all(), "kehubu.json")};
  tablet.press_button("选择文件");
  CHECK_MESSAGE(tablet.primaries() == std::vector<std::string>{"合并"}, tablet.outline());
  tablet.press_button("合并");
  tablet.check_one_primary("merged");
  tablet.press_button("知道了");
  tablet.press_button("刘芳的电脑");
  // She has all but what the merge itself may have told: nothing to send, so what is left is to hear from her.
  CHECK_MESSAGE(tablet.primaries() == std::vector<std::string>{"选择文件"}, tablet.outline());

  tablet.platform.files_to_pick = {file_of("客户名称,电话\n黄埔饭店,020-81112222\n", "名单.csv")};
  tablet.go("import/customer");
  CHECK(tablet.primaries().size() == 1);
  tablet.press_button("选择表格文件");
  CHECK_MESSAGE(tablet.primaries() == std::vector<std::string>{"导入 1 条"}, tablet.outline());
}

TEST_CASE("F21: what is said lies over no button and no heading, on no page and at no size") {
  FeelTablet tablet;
  for (const Viewport& viewport : viewports) {
    tablet.turn(viewport);
    for (const std::string_view address : {"today", "list/customer", "list/contract", "opportunities", "sync", "settings", "form/customer", "import/customer", "customer"}) {
      address == "customer" ? tablet.open_first("list/customer") : tablet.go(address);
      tablet.platform.announce_update();
      tablet.pass(200);
      const SemanticNode* said = tablet.find_like(Role::status, "新版本");
      REQUIRE_MESSAGE(said != nullptr, tablet.outline());
      for (const SemanticNode& node : tablet.mirror.tree.nodes) {
        // A field gives way: where a phone's form has no room between its fields, the lowest of them is covered until it is tapped.
        const bool is_row = node.rectangle.height > 49 || node.role == Role::row || node.role == Role::grid || node.role == Role::combo_box || node.role == Role::text_box;
        const bool its_own = node.rectangle.left >= said->rectangle.left && node.rectangle.top >= said->rectangle.top &&
                             node.rectangle.left + node.rectangle.width <= said->rectangle.left + said->rectangle.width &&
                             node.rectangle.top + node.rectangle.height <= said->rectangle.top + said->rectangle.height && node.name == "更新";
        if ((node.role == Role::heading || (node.interactive && !node.disabled && !is_row)) && !its_own) {
          CHECK_MESSAGE(!overlap(intersection(node.rectangle, node.clip), said->rectangle), (std::string(address) + ": " + node.name));
        }
      }
      tablet.rest();
    }
  }
}

TEST_CASE("F21: a prospect's level is told from a customer's grade wherever it is a badge") {
  FeelTablet tablet;
  tablet.go("today");
  CHECK_MESSAGE(tablet.find_like(Role::button, "有望A级") != nullptr, tablet.outline());
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    CHECK_MESSAGE(!(node.role == Role::button && node.name.contains(", A级")), node.name);
  }
}

TEST_CASE("no label of the bar is cut where the words are long; what is not the page's first action is a picture then") {
  FeelTablet tablet;
  tablet.platform.preferences_now.chinese = false;
  for (const std::string_view address : {"list/customer", "list/product", "import/customer"}) {
    tablet.turn(viewports[0]);
    tablet.go(address);
    const std::vector<std::string> names = tablet.primaries();
    REQUIRE_MESSAGE(names.size() == 1, tablet.outline());
    const float whole = tablet.find_like(Role::button, names[0])->rectangle.width;
    tablet.turn({.width = 660, .height = 1180, .device_pixel_ratio = 1});
    CHECK_MESSAGE(tablet.find_like(Role::button, names[0])->rectangle.width == whole, names[0]);
  }
}

TEST_CASE("F20: the stages of the board stand side by side on a tablet held upright, none is cut") {
  FeelTablet tablet;
  tablet.turn(viewports[1]);
  tablet.go("opportunities");
  const SemanticNode* lost = tablet.find_like(Role::tab, "流失");
  REQUIRE_MESSAGE(lost != nullptr, tablet.outline());
  CHECK(intersection(lost->rectangle, lost->clip).width == lost->rectangle.width);
}

TEST_CASE("F20: where words are long, the stages of the board stand closer before any of them is out of sight") {
  FeelTablet tablet;
  tablet.platform.preferences_now.chinese = false;
  tablet.turn({.width = 720, .height = 1180, .device_pixel_ratio = 1});
  tablet.go("opportunities");
  const SemanticNode* lost = tablet.find_like(Role::tab, "Lost");
  REQUIRE_MESSAGE(lost != nullptr, tablet.outline());
  CHECK(intersection(lost->rectangle, lost->clip).width == lost->rectangle.width);
}

TEST_CASE("a visit is called by what was said of it, a plan by what it is for") {
  FeelTablet tablet;
  tablet.open_first("list/customer");
  tablet.press(Role::button, "老批次已拉到前排");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  const SemanticNode* dialog = tablet.find_like(Role::dialog, "删除");
  REQUIRE_MESSAGE(dialog != nullptr, tablet.outline());
  CHECK_MESSAGE(dialog->name.contains("和张三一起点了库存"), dialog->name);
}

TEST_CASE("a payment term is told with its days, and where they are not known without a letter for them") {
  FeelTablet tablet;
  tablet.open_first("list/customer");
  tablet.press(Role::tab, "修改历史");
  CHECK_MESSAGE(tablet.shows("进货后…天结现或结…天票"), tablet.outline());
  CHECK_FALSE(tablet.shows("X天"));
  tablet.press(Role::tab, "资料");
  CHECK_MESSAGE(tablet.shows("进货后45天结现或结45天票"), tablet.outline());
}

TEST_CASE("F21: a plan whose day has passed is loud, one that is to come is calm") {
  FeelTablet tablet;
  const auto plan_of = [&](std::string_view customer) {
    tablet.go("list/customer");
    tablet.type("搜索客户", customer);
    tablet.press(Role::row, customer);
    const SemanticNode* plan = tablet.find_like(Role::button, "记录结果");
    REQUIRE_MESSAGE(plan != nullptr, tablet.outline());
    return *plan;
  };
  const SemanticNode late = plan_of("东方酒店");  // the one that was missed
  CHECK_MESSAGE((late.name + late.value + late.description).contains("逾期"), tablet.outline());
  CHECK(shows_color(late.rectangle, ColorToken::danger));
  const SemanticNode to_come = plan_of("海味轩");
  CHECK_FALSE((to_come.name + to_come.value + to_come.description).contains("逾期"));
  CHECK_FALSE(shows_color(to_come.rectangle, ColorToken::danger));
}

TEST_CASE("F21: a pencil opens what stands in its card: the same heading, the same fields") {
  FeelTablet tablet;
  tablet.open_first("list/customer");
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改, 客户编号");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "修改：基本信息") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::text_box, "客户名称") != nullptr);
}

TEST_CASE("F21: times not to visit are told of where one plans into them, and not after a visit on another day") {
  FeelTablet tablet;
  const auto record = [&](std::string_view next) {
    tablet.go("list/customer");
    tablet.type("搜索客户", "博海餐饮");  // Monday mornings: stock-taking
    tablet.press(Role::row, "博海餐饮");
    tablet.press_button("记录拜访");
    CHECK_FALSE(tablet.shows("不宜"));
    tablet.type("一句话记下来", "谈妥下月试销");
    tablet.press(Role::button, "明天");
    tablet.type("下次联系时间", next);
    CHECK_FALSE(tablet.shows("不宜"));
    const SemanticNode* save = tablet.find_like(Role::button, "保存");
    REQUIRE(save != nullptr);
    tablet.send_event({.node = save->id, .kind = SemanticEvent::Kind::activate, .text = {}});
    tablet.pass(300);
  };
  record("2026-01-09T10:00");  // a Friday
  CHECK_MESSAGE(!tablet.shows("不宜访问的时间"), tablet.outline());
  record("2026-01-12T10:00");  // a Monday
  CHECK_MESSAGE(tablet.shows("不宜访问的时间"), tablet.outline());
}

TEST_CASE("S7: that a removed line takes the contract out of force is said before it is saved, and again over a restart") {
  FeelTablet tablet;
  tablet.go("list/contract");
  tablet.press(Role::row, "博海餐饮年度供货合同");
  tablet.press_button("编辑");
  CHECK_FALSE(tablet.shows("状态退回“待审批”"));
  tablet.press_button("删除第 1 行");
  CHECK_MESSAGE(tablet.shows("合同“执行中”：改动金额后退回“待审批”"), tablet.outline());
  tablet.pass(700);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.shows("合同“执行中”：改动金额后退回“待审批”"), tablet.outline());
}

TEST_CASE("F21: the number of rows found has its place where the toolbar is narrow, and is announced") {
  FeelTablet tablet;
  for (const Viewport& viewport : viewports) {
    tablet.turn(viewport);
    tablet.go("list/customer");
    tablet.type("搜索客户", "博海");
    const SemanticNode* count = tablet.find_like(Role::status, "找到 1");
    REQUIRE_MESSAGE(count != nullptr, tablet.outline());
    CHECK(count->rectangle.width > 8);
    CHECK(count->rectangle.height > 8);
    tablet.type("搜索客户", "");
  }
}

TEST_CASE("F20: Enter takes the only match of every picker, and nothing where several are left") {
  FeelTablet tablet;
  const auto search = [&](std::string_view words) {
    const SemanticNode* box = nullptr;
    for (const SemanticNode& node : tablet.mirror.tree.nodes) {
      box = node.role == Role::search_box ? &node : box;
    }
    REQUIRE_MESSAGE(box != nullptr, tablet.outline());
    const NodeId id = box->id;
    tablet.send_event({.node = id, .kind = SemanticEvent::Kind::focus, .text = {}});
    tablet.send_event({.node = id, .kind = SemanticEvent::Kind::draft, .text = std::string(words)});
    tablet.pass(50);
    tablet.send_event({.node = id, .kind = SemanticEvent::Kind::submit, .text = std::string(words)});
    tablet.rest();
  };
  const auto value_of = [&](std::string_view field) {
    const SemanticNode* box = tablet.find_like(Role::combo_box, field);
    REQUIRE_MESSAGE(box != nullptr, tablet.outline());
    return box->value;
  };
  tablet.go("form/contact");
  tablet.press(Role::combo_box, "单位名称");  // of thousands
  search("酒店");
  CHECK_MESSAGE(value_of("单位名称").empty(), tablet.outline());
  CHECK(tablet.find_like(Role::list_box, "") != nullptr);
  search("东方酒店");
  CHECK_MESSAGE(value_of("单位名称") == "东方酒店", tablet.outline());
  CHECK(tablet.find_like(Role::list_box, "") == nullptr);

  tablet.go("form/customer");
  tablet.press_button("存为草稿并离开");
  tablet.press(Role::combo_box, "所属行业");  // of a list
  REQUIRE_MESSAGE(tablet.find_like(Role::search_box, "搜索选项") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::search_box, "搜索选项")->request_focus);
  search("零售");
  CHECK_MESSAGE(value_of("所属行业").contains("零售"), tablet.outline());
}

TEST_CASE("on a phone the button that saves keeps its distance from the edge, as what stands below does") {
  FeelTablet tablet;
  tablet.turn(viewports[2]);
  tablet.go("form/customer");
  const SemanticNode* save = tablet.find_like(Role::button, "保存");
  REQUIRE_MESSAGE(save != nullptr, tablet.outline());
  const float edge = viewports[2].width - (save->rectangle.left + save->rectangle.width);
  CHECK(edge == doctest::Approx(pixels(Space::m)));
}

TEST_CASE("what tells shops apart comes before their telephone number, which has a button of its own") {
  FeelTablet tablet;
  tablet.turn(viewports[2]);
  tablet.go("list/customer");
  CHECK_MESSAGE(tablet.find_like(Role::button, "禅城供销食品, 佛山 · 批发") != nullptr, tablet.outline());
}

TEST_CASE("the name stands first in a card and in the dialog that edits it, as in the form of the whole") {
  FeelTablet tablet;
  tablet.open_first("list/customer");
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改：基本信息");
  const auto place = [&](Role role, std::string_view part) { return tablet.find_like(role, part)->rectangle; };
  const Rectangle name = place(Role::text_box, "客户名称"), number = place(Role::text_box, "客户编号");
  CHECK(name.top == number.top);
  CHECK(name.left < number.left);
  tablet.press_button("取消");
  const Rectangle shown = place(Role::button, "客户名称"), below = place(Role::button, "客户编号");
  CHECK(shown.top == below.top);
  CHECK(shown.left < below.left);
}
