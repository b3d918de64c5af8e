// How dialogs and forms are entered and left: the focus goes where one writes, nothing that was typed is lost unasked, and a
// draft whose record has gone is still shown.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/sample_tablet.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct LeavingTablet : SampleTablet {
  LeavingTablet() {
    mirror.on_publish = [this](const SemanticTree& tree) {
      for (const SemanticNode& node : tree.nodes) {
        if (node.request_focus) {
          focus_went_to = node.name;
        }
      }
    };
  }
  void open_profile(std::string_view name) {
    press(Role::link, "客户");
    press(Role::row, name);
    press(Role::tab, "资料");
  }
  void open_contract() {
    press(Role::link, "合同");
    press(Role::row, "冬季团伴手礼");
  }
  [[nodiscard]] bool in_view(std::string_view label) const {
    const SemanticNode* node = find_like(Role::text_box, label);
    return node != nullptr && node->rectangle.top >= node->clip.top && node->rectangle.top + node->rectangle.height <= node->clip.top + node->clip.height;
  }

  std::string focus_went_to;
};

}  // namespace

TEST_CASE("who leaves a dialog in which he has typed is asked what becomes of it, however he leaves it") {
  LeavingTablet tablet;
  tablet.open_profile("博海餐饮");
  tablet.press_button("修改, 地址");
  tablet.type("邮编", "510620");
  SUBCASE("by Cancel") { tablet.press_button("取消"); }
  SUBCASE("by Escape") { tablet.escape(); }
  SUBCASE("by the cross") { tablet.press_button("关闭"); }
  SUBCASE("by a tap beside it") {
    tablet.pointer_down({4, 4});
    tablet.rest();
    tablet.pointer_up();
    tablet.rest();
  }
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") != nullptr, tablet.outline());

  // Escape stays, as for a page.
  tablet.escape();
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("邮编") == "510620", tablet.outline());
  tablet.press_button("取消");
  tablet.press_button("继续填写");
  CHECK_MESSAGE(tablet.typed("邮编") == "510620", tablet.outline());

  // As a draft: offered in the dialog, and on Today.
  tablet.press_button("取消");
  tablet.press_button("存为草稿并离开");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  tablet.press_button("修改, 地址");
  CHECK_MESSAGE(tablet.typed("邮编") != "510620", tablet.outline());
  CHECK_MESSAGE(tablet.shows("您有一份没有保存的草稿"), tablet.outline());
  tablet.press_button("取消");  // nothing typed: no question
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  tablet.press(Role::link, "今天");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.typed("邮编") == "510620", tablet.outline());

  // Or not at all.
  tablet.press_button("取消");
  tablet.press_button("放弃填写");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("the other dialogs in which one types ask as well; where nothing can be kept, they say so") {
  LeavingTablet tablet;
  SUBCASE("a value added to a list of choices") {
    tablet.go("lists/industry");
    tablet.press_button("添加选项");
    tablet.type("中文", "直播电商");
    tablet.press_button("取消");
    CHECK_MESSAGE(tablet.find_like(Role::button, "存为草稿并离开") != nullptr, tablet.outline());
  }
  SUBCASE("why an opportunity was lost") {
    tablet.press(Role::link, "机会");
    tablet.ask_for_menu(Role::button, "冬季团伴手礼");
    tablet.press(Role::menu_item, "流失");
    tablet.type("流失原因分析", "对手低两成");
    tablet.escape();
    CHECK_MESSAGE(tablet.find_like(Role::button, "存为草稿并离开") != nullptr, tablet.outline());
  }
  SUBCASE("a record made in the middle of a form") {
    tablet.go("form/contact");
    tablet.press(Role::combo_box, "单位名称");
    tablet.press(Role::option, "新建客户");
    tablet.type("客户名称", "半途而废公司");
    tablet.press_button("取消");
    REQUIRE_MESSAGE(tablet.shows("现在离开，刚才做的不会保留"), tablet.outline());
    tablet.press_button("留在这里");
    CHECK_MESSAGE(tablet.typed("客户名称") == "半途而废公司", tablet.outline());
    tablet.escape();
    tablet.press_button("离开");
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "联系人姓名") != nullptr, tablet.outline());
  }
}

TEST_CASE("the pencil of a field opens its group with the focus in that field, whatever kind it is") {
  LeavingTablet tablet;
  tablet.open_profile("博海餐饮");
  SUBCASE("a line of text") {
    tablet.press_button("修改, 地址");
    CHECK(tablet.focus_went_to == "地址");
  }
  SUBCASE("a choice") {
    tablet.press_button("修改, 客户级别");
    CHECK(tablet.focus_went_to == "客户级别");
  }
  SUBCASE("several choices") {
    tablet.press_button("修改, 客户类型");
    CHECK(tablet.focus_went_to == "客户");
  }
  SUBCASE("the whole group: nobody has said where") {
    tablet.focus_went_to.clear();
    tablet.press_button("修改：联系方式");
    CHECK(tablet.focus_went_to.empty());
  }
}

TEST_CASE("a dialog that is there to take down one thing has the focus where it is written") {
  LeavingTablet tablet;
  SUBCASE("a value added to a list of choices") {
    tablet.go("lists/industry");
    tablet.press_button("添加选项");
    CHECK(tablet.focus_went_to == "中文");
  }
  SUBCASE("a record made in the middle of a form") {
    tablet.go("form/contact");
    tablet.press(Role::combo_box, "单位名称");
    tablet.press(Role::option, "新建客户");
    CHECK(tablet.focus_went_to == "客户名称");
  }
}

TEST_CASE("what a state asks for is marked at once, and the refusal leads to it") {
  LeavingTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("新建合同");
  tablet.type("合同名称", "年货合同");
  tablet.choose("产品", "盐焗腰果");
  tablet.press_button("填写更多资料");
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "合同日期") != nullptr, tablet.outline());
  CHECK_MESSAGE(!tablet.find_like(Role::text_box, "合同日期")->required, tablet.outline());
  tablet.choose("合同状态", "执行中");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "合同日期")->required, tablet.outline());
  CHECK_MESSAGE(!tablet.find_like(Role::text_box, "合同日期")->invalid, tablet.outline());
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.shows("还差一点"), tablet.outline());
  tablet.press_button("去填写");
  CHECK(tablet.focus_went_to == "合同日期");
  CHECK_MESSAGE(tablet.in_view("合同日期"), tablet.outline());
  tablet.type("合同日期", "2025-11-20");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "合同日期")->required, tablet.outline());
  tablet.choose("合同状态", "草稿");
  CHECK_MESSAGE(!tablet.find_like(Role::text_box, "合同日期")->required, tablet.outline());
}

TEST_CASE("the refusal of a document's line leads to the field of that line") {
  LeavingTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("新建合同");
  tablet.type("合同名称", "年货合同");
  tablet.choose("产品", "盐焗腰果");
  tablet.type("数量", "-3");
  tablet.press_button("保存");
  tablet.press_button("去填写");
  CHECK_MESSAGE(tablet.focus_went_to.ends_with("数量"), tablet.focus_went_to);
}

TEST_CASE("a draft that was taken up goes on by itself after a restart, also before another letter is typed") {
  LeavingTablet tablet;
  const auto edit = [&] {
    tablet.press(Role::link, "客户");
    tablet.press(Role::row, "博海餐饮");
    tablet.press_button("编辑");
  };
  edit();
  tablet.type("地址", "一号门");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.press_button("编辑");
  tablet.press_button("接着填写");
  REQUIRE_MESSAGE(tablet.typed("地址") == "一号门", tablet.outline());
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.typed("地址") == "一号门", tablet.outline());
  CHECK_MESSAGE(tablet.shows("已接着填写没保存的草稿"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("您有一份没有保存的草稿"), tablet.outline());
}

TEST_CASE("a draft whose record was deleted meanwhile shows what was written, asks nothing that cannot be answered, and goes on once the record is back") {
  LeavingTablet tablet;
  tablet.press(Role::link, "合同");
  tablet.press(Role::row, "HT");
  const std::string contract = tablet.platform.route_now;
  tablet.press_button("编辑");
  tablet.type("备注", "草稿写在被删的合同上");
  tablet.type("数量", "77");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  tablet.press_last_button("删除");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("这条记录已删除，恢复之后才能保存"), tablet.outline());

  tablet.press_button("接着填写");
  REQUIRE_MESSAGE(tablet.shows("现在不能修改"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("您填写的内容没有丢，还在草稿里"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("草稿写在被删的合同上"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("77"), tablet.outline());
  tablet.press_button("复制这些内容");
  CHECK_MESSAGE(tablet.platform.clipboard.find("备注：草稿写在被删的合同上") != std::string::npos, tablet.platform.clipboard);

  // Left without a question, and after as many visits as one likes it is still there.
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("没有保存的草稿"), tablet.outline());
  tablet.press_button("接着填写");
  tablet.pass(3000);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.shows("草稿写在被删的合同上"), tablet.outline());

  tablet.go(contract);
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "") == nullptr, tablet.outline());
  tablet.press_button("恢复记录");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("这条记录已删除"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.typed("备注") == "草稿写在被删的合同上", tablet.outline());
  CHECK_MESSAGE(tablet.typed("数量") == "77", tablet.outline());
}

TEST_CASE("F17: the banner of a tab that was overtaken names the button that stands in it, and no other way") {
  AppTablet first;
  first.press_button("带示例数据");
  AppTablet second(first.world());
  second.press_button("在这里接管");
  first.rest();
  CHECK_MESSAGE(first.shows("要在这里继续，请接管"), first.outline());
  CHECK_MESSAGE(!first.shows("刷新"), first.outline());
}
