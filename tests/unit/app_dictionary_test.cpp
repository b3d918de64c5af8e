// The page 数据字典: what people added to a list is opened, renamed, stopped, started again and deleted there.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct DictionaryTablet : SampleTablet {
  explicit DictionaryTablet(std::string_view list = "lists/customer_source") {
    turn({.width = 1180, .height = 820, .device_pixel_ratio = 1});
    go(list);
  }
  void add(std::string_view label) {
    press_button("添加选项");
    type("中文", label);
    press_button("保存");
    REQUIRE_MESSAGE(find_like(Role::dialog, "添加选项") == nullptr, outline());
  }
  void open(std::string_view label) {
    go("lists/customer_source");
    press(Role::button, label);
  }
  // Of the list: what is said of the value in one breath.
  [[nodiscard]] const SemanticNode* value(std::string_view label) const {
    const SemanticNode* own = find_like(Role::button, label);
    return own != nullptr ? own : find_like(Role::text, label);
  }
  void edit(std::string_view name) { press_button("修改, " + std::string(name)); }
};

}  // namespace

TEST_CASE("a refused name of a new value leaves no trace in the other language") {
  DictionaryTablet tablet;
  tablet.press_button("添加选项");
  tablet.type("中文", "转介绍");  // the list has it
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "添加选项") != nullptr, tablet.outline());
  CHECK(tablet.typed("英文") == "");
  tablet.type("中文", "直播带货");
  tablet.press_button("保存");
  const SemanticNode* row = tablet.value("直播带货");
  REQUIRE_MESSAGE(row != nullptr, tablet.outline());
  CHECK_MESSAGE(row->name.find("转介绍") == std::string::npos, row->name);
  CHECK_MESSAGE(row->name.find("Referral") == std::string::npos, row->name);
}

TEST_CASE("a value that people added is opened from its list, renamed, stopped, started again and deleted, and shows no identifier") {
  DictionaryTablet tablet;
  tablet.add("抖音");
  tablet.open("抖音");
  CHECK_MESSAGE(tablet.shows("抖音"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("customer_source"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("标识"), tablet.outline());
  tablet.edit("中文");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "标识") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "列表") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "顺序") == nullptr, tablet.outline());
  tablet.type("中文", "抖音店铺");
  tablet.press_button("保存");
  tablet.open("抖音店铺");
  tablet.edit("启用");
  tablet.press(Role::switch_control, "启用");
  tablet.press_button("保存");
  tablet.go("lists/customer_source");
  const SemanticNode* stopped = tablet.value("抖音店铺");
  REQUIRE(stopped != nullptr);
  CHECK_MESSAGE(stopped->name.find("已停用") != std::string::npos, stopped->name);
  tablet.open("抖音店铺");
  tablet.edit("中文");
  tablet.press(Role::switch_control, "启用");
  tablet.press_button("保存");
  tablet.go("lists/customer_source");
  CHECK_MESSAGE(tablet.value("已停用") == nullptr, tablet.outline());
  tablet.open("抖音店铺");
  tablet.speak(false);
  CHECK_MESSAGE(tablet.shows("Chinese label"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("Identifier"), tablet.outline());
  tablet.speak(true);
  tablet.press_button("更多");
  tablet.press(Role::menu_item, "删除");
  tablet.press_last_button("删除");
  tablet.go("lists/customer_source");
  CHECK_MESSAGE(tablet.value("抖音店铺") == nullptr, tablet.outline());
}

TEST_CASE("deleting a value that a customer has names the customer and offers to stop it, and he reads its word afterwards") {
  DictionaryTablet tablet;
  tablet.add("抖音");
  tablet.go("form/customer");
  tablet.type("客户名称", "长江酒店");
  if (tablet.find_like(Role::combo_box, "客户来源") == nullptr) {
    tablet.press_button("填写更多资料");
  }
  tablet.choose("客户来源", "抖音");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.shows("长江酒店"), tablet.outline());
  tablet.open("抖音");
  tablet.press_button("更多");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.find_like(Role::button, "长江酒店") != nullptr, tablet.outline());
  tablet.press_button("停用");
  tablet.go("lists/customer_source");
  const SemanticNode* stopped = tablet.value("抖音");
  REQUIRE_MESSAGE(stopped != nullptr, tablet.outline());
  CHECK_MESSAGE(stopped->name.find("已停用") != std::string::npos, stopped->name);
}

TEST_CASE("the lists belong to Settings, wherever one came from, and a value that was added is seen at once") {
  DictionaryTablet tablet;
  const auto lit = [&](std::string_view name) {
    const SemanticNode* link = tablet.find_like(Role::link, name);
    return link != nullptr && link->current;
  };
  for (const std::string_view address : {"lists", "lists/customer_source", "identity"}) {
    tablet.go("today");
    tablet.go(address);
    CHECK_MESSAGE(lit("设置"), tablet.outline());
    CHECK_MESSAGE(!lit("今天"), tablet.outline());
  }
  tablet.go("lists/customer_source");
  for (const Viewport& viewport : {Viewport{.width = 390, .height = 560, .device_pixel_ratio = 1}, Viewport{.width = 1180, .height = 460, .device_pixel_ratio = 1}}) {
    tablet.turn(viewport);
    const std::string label = "抖音" + std::to_string(static_cast<int>(viewport.width));
    tablet.add(label);
    const SemanticNode* row = tablet.value(label);
    REQUIRE_MESSAGE(row != nullptr, tablet.outline());
    CHECK_MESSAGE(row->rectangle.top >= row->clip.top, label);
    CHECK_MESSAGE(row->rectangle.top + row->rectangle.height <= row->clip.top + row->clip.height, label);
  }
  tablet.open("抖音390");
  CHECK(lit("设置"));
}

TEST_CASE("a value that was stopped, and that the record had when its form was opened, can be chosen back") {
  DictionaryTablet tablet("lists/customer_source");
  tablet.add("抖音");
  tablet.go("lists/business_form");
  tablet.add("直播基地");
  tablet.go("form/customer");
  tablet.type("客户名称", "长江酒店");
  tablet.press_button("填写更多资料");
  tablet.choose("客户来源", "抖音");
  tablet.press(Role::button, "直播基地");
  tablet.press_button("保存");
  for (const auto& [list, label] : {std::pair("lists/customer_source", "抖音"), std::pair("lists/business_form", "直播基地")}) {
    tablet.go(list);
    tablet.press(Role::button, label);
    tablet.edit("启用");
    tablet.press(Role::switch_control, "启用");
    tablet.press_button("保存");
  }
  tablet.go("list/customer");
  tablet.type("搜索客户", "长江酒店");
  tablet.press(Role::row, "长江酒店");
  tablet.press_button("编辑");
  tablet.choose("客户来源", "转介绍");
  tablet.choose("客户来源", "抖音");
  tablet.press(Role::button, "直播基地");
  REQUIRE_MESSAGE(tablet.find_like(Role::button, "直播基地") != nullptr, tablet.outline());
  tablet.press(Role::button, "直播基地");
  tablet.type("邮编", "510620");
  tablet.press_button("保存");
  tablet.press(Role::tab, "资料");
  CHECK_MESSAGE(tablet.shows("抖音"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("直播基地"), tablet.outline());
  tablet.go("form/customer");
  tablet.press_button("填写更多资料");
  CHECK_MESSAGE(tablet.find_like(Role::button, "直播基地") == nullptr, tablet.outline());  // new ones do without
}
