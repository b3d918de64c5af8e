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

TEST_CASE("Ctrl+S saves what is typed in the dialog that makes a new record, and not the form below without it") {
  SampleTablet tablet;
  tablet.go("form/contact");
  tablet.type("联系人姓名", "赵钱");
  tablet.press(Role::combo_box, "单位名称");
  tablet.press(Role::option, "新建客户");
  SUBCASE("which is complete") {
    tablet.type("客户名称", "总部公司");
    tablet.command('S');
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "新建客户") == nullptr, tablet.outline());
    REQUIRE_MESSAGE(tablet.find_like(Role::combo_box, "单位名称") != nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::combo_box, "单位名称")->value == "总部公司", tablet.outline());
    CHECK(tablet.typed("联系人姓名") == "赵钱");
    tablet.command('S');  // now the page's own
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "联系人姓名") == nullptr, tablet.outline());
  }
  SUBCASE("which lacks its name") {
    tablet.type("所属城市", "杭州");
    tablet.command('S');
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "新建客户") != nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.typed("所属城市") == "杭州", tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->invalid, tablet.outline());
  }
}

TEST_CASE("Ctrl+S in the dialog over a visit does not close the visit") {
  SampleTablet tablet;
  tablet.go("list/customer");
  tablet.type("搜索客户", "东方酒店");
  tablet.press(Role::row, "东方酒店");
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "想上新系统");
  tablet.press_button("更多内容");
  tablet.press(Role::combo_box, "项目");
  tablet.press(Role::option, "新建销售机会");
  tablet.type("主题", "小吧新系统");
  tablet.command('S');
  CHECK_MESSAGE(tablet.typed("一句话记下来") == "想上新系统", tablet.outline());
}

TEST_CASE("Ctrl+S while a page asks what becomes of what was typed does nothing") {
  SampleTablet tablet;
  tablet.go("form/customer");
  tablet.type("客户名称", "半途而废公司");
  tablet.type("电话", "020-80001234");
  tablet.press_button("返回");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") != nullptr, tablet.outline());
  tablet.command('S');
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") != nullptr, tablet.outline());
  tablet.press_button("继续填写");
  CHECK_MESSAGE(tablet.typed("客户名称") == "半途而废公司", tablet.outline());
}

TEST_CASE("Ctrl+S saves the dialog in which a value is edited where it is read") {
  SampleTablet tablet;
  tablet.save_something();
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改：联系方式");
  tablet.type("电话", "020-82220000");
  tablet.command('S');
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("020-82220000"), tablet.outline());
}

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

TEST_CASE("Ctrl+Z in a dialog takes nothing back that was saved before it") {
  SampleTablet tablet;
  tablet.save_something();
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改：联系方式");
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "电话") != nullptr, tablet.outline());
  tablet.command('Z');
  tablet.command('K');
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "电话") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::search_box, "搜索") == nullptr, tablet.outline());
  tablet.press_button("取消");
  CHECK(tablet.kept_it());
}

TEST_CASE("where something is being filled in nothing is undone, by key, button or palette, and that is said") {
  SampleTablet tablet;
  tablet.save_something();
  const auto said = [&](std::string_view how, auto act) {
    act();
    tablet.pass(200);
    CHECK_MESSAGE(tablet.shows("先保存或放弃"), (std::string(how) + tablet.outline()));
    CHECK_MESSAGE(!tablet.shows("已撤销"), (std::string(how) + tablet.outline()));
    tablet.rest();
  };
  const auto press_quickly = [&](Role role, std::string_view name) {
    const SemanticNode* node = tablet.find_like(role, name);
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    tablet.send_event({.node = node->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  };
  const auto quick_palette = [&] {
    tablet.command('K');
    tablet.type("搜索", "撤销");
    press_quickly(Role::option, "撤销");
  };
  SUBCASE("an import that is looked over") {
    const std::string csv = "客户名称,电话\n新一商贸,010-61230001\n";
    tablet.go("list/customer");
    tablet.press_button("导入");
    tablet.platform.files_to_pick = {{.name = "名单.csv", .bytes = Bytes(csv.begin(), csv.end())}};
    tablet.press_button("选择表格文件");
    REQUIRE_MESSAGE(tablet.shows("导入 1 条"), tablet.outline());
    said("the palette: ", quick_palette);
    said("the button: ", [&] { press_quickly(Role::button, "撤销"); });
    tablet.command('Z');
    tablet.command('Y');
    CHECK_MESSAGE(tablet.shows("导入 1 条"), tablet.outline());
    tablet.press_button("返回");
    tablet.press_button("离开");
  }
  SUBCASE("a form") {
    tablet.go("form/customer");
    tablet.type("客户名称", "另一家公司");
    said("the palette: ", quick_palette);
    tablet.command('Z');
    tablet.press_button("返回");
    tablet.press_button("放弃填写");
  }
  CHECK(tablet.kept_it());
  tablet.command('Z');  // where nothing is being filled in it does what it always did
  CHECK_MESSAGE(!tablet.kept_it(), tablet.outline());
}
