// What stands over a page is what keys and closing mean: a shortcut never reaches below a dialog, a question that is closed is
// not answered, and nothing that was saved before is taken back behind what is being filled in.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/support/app_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct SampleTablet : AppTablet {
  SampleTablet() { press_button("带示例数据"); }
  [[nodiscard]] std::string typed(std::string_view label) const {
    std::string found = "(no such field)";
    for (const SemanticNode& node : mirror.tree.nodes) {  // the uppermost
      found = node.role == Role::text_box && node.name.contains(label) ? node.value : found;
    }
    return found;
  }
  // Something that Ctrl+Z would take back.
  void save_something() {
    go("form/customer");
    type("客户名称", "早上新建的公司");
    type("电话", "020-81110000");
    press_button("保存");
    REQUIRE_MESSAGE(find_like(Role::heading, "早上新建的公司") != nullptr, outline());
  }
  [[nodiscard]] bool kept_it() {
    go("list/customer");
    type("搜索客户", "早上新建的公司");
    return find_like(Role::row, "早上新建的公司") != nullptr;
  }
  void tap_beside() {
    pointer_down({4, 4});
    rest();
    pointer_up();
    rest();
  }
};

}  // namespace

TEST_CASE("the question whether to register a contact can be left: nothing is recorded before a button says so") {
  SampleTablet tablet;
  tablet.go("list/customer");
  tablet.type("搜索客户", "东方酒店");
  tablet.press(Role::row, "东方酒店");
  tablet.press_button("记录拜访");
  tablet.press_button("其他人…");
  tablet.type("联系人姓名", "王五");
  tablet.type("一句话记下来", "写错了一半");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::button, "登记为联系人") != nullptr, tablet.outline());
  SUBCASE("by Escape") { tablet.escape(); }
  SUBCASE("by the cross") { tablet.press_button("关闭"); }
  SUBCASE("by a tap beside it") { tablet.tap_beside(); }
  CHECK_MESSAGE(tablet.find_like(Role::button, "登记为联系人") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("一句话记下来") == "写错了一半", tablet.outline());
  tablet.type("一句话记下来", "这样才对");
  tablet.press_button("保存");
  tablet.press_button("以后再说");
  CHECK_MESSAGE(tablet.shows("这样才对"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("写错了一半"), tablet.outline());
}
