// What forms and dialogs say, and when: as a person meets it, on a tablet in memory with the sample company.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/shell/route.h"
#include "tests/support/approving_tablet.h"
#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct FormTablet : SampleTablet {
  void open_customer(std::string_view name) {
    section("客户");
    type("搜索客户", name);
    press(find_like(Role::grid, "") ? Role::row : Role::button, name);
    REQUIRE_MESSAGE(find_like(Role::button, "记录拜访") != nullptr, outline());
  }
  [[nodiscard]] std::size_t invalid_fields() const {
    return static_cast<std::size_t>(std::ranges::count_if(mirror.tree.nodes, [](const SemanticNode& node) { return node.invalid; }));
  }
  void new_contract(std::string_view title) {
    open_customer("博海餐饮");
    press_button("新建合同");
    type("合同名称", title);
    choose("产品", "盐焗腰果");
  }
};

}  // namespace

TEST_CASE("a document's line that cannot be saved names the field that stands in the way") {
  FormTablet tablet;
  tablet.new_contract("年货合同");
  tablet.type("数量", "-3");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("第 1 行：产品/服务数量必须大于 0"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("请选择产品"), tablet.outline());
  tablet.type("数量", "3");
  CHECK_MESSAGE(!tablet.shows("第 1 行："), tablet.outline());
}

TEST_CASE("F16: a quantity that cannot be read is named as what it is, and nothing is reckoned with the one before") {
  FormTablet tablet;
  tablet.new_contract("年货合同");
  tablet.type("数量", "5");
  REQUIRE_MESSAGE(tablet.shows("大写：人民币"), tablet.outline());
  for (const char* const quantity : {"1.23456", "99999999999999"}) {
    CAPTURE(quantity);
    tablet.type("数量", quantity);
    CHECK_MESSAGE(tablet.shows("—"), tablet.outline());
    CHECK_MESSAGE(!tablet.shows("¥"), tablet.outline());
    tablet.press_button("保存");
    CHECK_MESSAGE(!tablet.shows("产品/服务数量不能为空"), tablet.outline());
    CHECK_MESSAGE((tablet.shows("数量最多三位小数") || tablet.shows("数字太大")), tablet.outline());
  }
}

TEST_CASE("C9: opportunities in a list are exported like every list") {
  FormTablet tablet;
  tablet.section("机会");
  CHECK_MESSAGE(tablet.find_like(Role::button, "导出") == nullptr, tablet.outline());
  tablet.press(Role::radio, "列表");
  tablet.press_button("导出");
  tablet.rest();
  const auto files = tablet.take_files();
  REQUIRE_MESSAGE(files.size() == 1, tablet.outline());
  CHECK(std::string(files[0].bytes.begin(), files[0].bytes.end()).contains("冬季团伴手礼"));
}

TEST_CASE("a contract whose making was undone still shows its lines, says that it was undone, and comes back by redo") {
  FormTablet tablet;
  tablet.new_contract("年货合同");
  tablet.type("数量", "3");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "年货合同") != nullptr, tablet.outline());
  tablet.press_button("撤销");
  CHECK_MESSAGE(tablet.shows("新建已被撤销"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("盐焗腰果"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("还没有明细"), tablet.outline());
  tablet.press_button("重做");
  CHECK_MESSAGE(!tablet.shows("新建已被撤销"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("盐焗腰果"), tablet.outline());
}

TEST_CASE("a contract's history tells what happened to its lines, and no step is one press away from an amount that nobody saw") {
  FormTablet tablet;
  tablet.new_contract("年货合同");
  tablet.type("数量", "3");
  tablet.press_button("保存");
  for (const char* state : {"待审批", "执行中"}) {
    tablet.press_button("编辑");
    tablet.choose("合同状态", state);
    tablet.type("合同日期", "2025-11-25");
    tablet.press_button("保存");
  }
  tablet.press_button("编辑");
  tablet.type("第 1 行 数量", "500");
  tablet.press_button("添加一行");
  tablet.choose("第 2 行 产品", "椰子软糖");
  tablet.type("第 2 行 数量", "7");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.shows("待审批"), tablet.outline());
  tablet.press_button("编辑");
  tablet.press_button("删除第 1 行");
  tablet.press_button("保存");
  tablet.press(Role::tab, "修改历史");
  CHECK_MESSAGE(tablet.shows("删除明细"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("执行中 → 待审批"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("3 → 500"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("增加明细"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("椰子软糖"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "恢复为“") == nullptr, tablet.outline());
}

TEST_CASE("a dialog that asks for what is missing is not red before anybody has tried to save") {
  FormTablet tablet;
  tablet.section("机会");
  tablet.ask_for_menu(Role::button, "冬季团伴手礼");
  tablet.press(Role::menu_item, "流失");
  REQUIRE_MESSAGE(tablet.shows("这单没成"), tablet.outline());
  CHECK_MESSAGE(tablet.invalid_fields() == 0, tablet.outline());
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.invalid_fields() == 2, tablet.outline());
}

TEST_CASE("what saving fills in by itself stands in the form already, and gives way to what a person says") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");
  tablet.press_button("新建机会");
  const auto value = [&](Role role, std::string_view name) {
    const SemanticNode* node = tablet.find_like(role, name);
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    return node->value;
  };
  CHECK(!tablet.find_like(Role::combo_box, "有望度")->required);
  CHECK(value(Role::combo_box, "有望度").starts_with("C"));
  tablet.press_button("填写更多资料");
  CHECK_MESSAGE(value(Role::text_box, "成交概率") == "10", tablet.outline());
  tablet.choose("销售阶段", "已报价");
  CHECK(value(Role::text_box, "成交概率") == "50");
  tablet.type("成交概率", "35");
  tablet.choose("销售阶段", "客户需求分析");
  CHECK(value(Role::text_box, "成交概率") == "35");
  // Who empties the field leaves it to the rules again.
  tablet.type("成交概率", "");
  CHECK(value(Role::text_box, "成交概率") == "25");
}

TEST_CASE("before deleting is asked for, what stands in the way is shown, one tap away") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("“博海餐饮”还在使用中，不能删除"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("删除“博海餐饮”？"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("联系人 · 2 条"), tablet.outline());
  tablet.press_button("李四");
  CHECK_MESSAGE(tablet.find_like(Role::heading, "李四") != nullptr, tablet.outline());
  CHECK_MESSAGE(!tablet.shows("还在使用中"), tablet.outline());
}

TEST_CASE("what nothing refers to is deleted after one question; what is in use can be taken out of use") {
  FormTablet tablet;
  tablet.section("产品");
  tablet.type("搜索产品", "盐焗腰果");
  tablet.press(Role::row, "盐焗腰果");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  REQUIRE_MESSAGE(tablet.shows("还在使用中"), tablet.outline());
  tablet.press_button("停用");
  CHECK_MESSAGE(!tablet.shows("还在使用中"), tablet.outline());
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.find_like(Role::button, "停用") == nullptr, tablet.outline());
}

TEST_CASE("who is perhaps there already is shown while typing, one tap away; making another one takes a tap that means it") {
  FormTablet tablet;
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "博海餐饮有限公司");
  CHECK_MESSAGE(tablet.shows("可能已经有了"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("同名"), tablet.outline());
  // A look at it loses nothing of what was typed.
  tablet.press_button("博海餐饮, ");
  CHECK_MESSAGE(tablet.find_like(Role::tab, "时间线") != nullptr, tablet.outline());
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "博海餐饮有限公司", tablet.outline());
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.shows("可能已经有“博海餐饮”"), tablet.outline());
  tablet.press_button("仍然新建");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.find_like(Role::heading, "博海餐饮有限公司") != nullptr, tablet.outline());
}

TEST_CASE("a number that a contact has already, and a name in the bin, are hints and stop nobody") {
  FormTablet tablet;
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "珠江新饭店");
  CHECK_MESSAGE(!tablet.shows("可能已经有了"), tablet.outline());
  tablet.type("电话", "139 0001 0001");
  CHECK_MESSAGE(tablet.shows("号码相同"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "张三") != nullptr, tablet.outline());
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "珠江新饭店") != nullptr, tablet.outline());
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  tablet.press_button("删除");
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "珠江新饭店");
  CHECK_MESSAGE(tablet.shows("在回收站"), tablet.outline());
  CHECK(tablet.find_like(Role::button, "仍然新建") == nullptr);
}

TEST_CASE("a value is edited where it is read, with its group around it and nothing else") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改, 地址");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "修改：联系方式") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::text_box, "开户银行") == nullptr);
  tablet.type("邮编", "12");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("邮编应为6位数字"), tablet.outline());
  tablet.type("邮编", "510620");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "修改：联系方式") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("510620"), tablet.outline());
}

TEST_CASE("a form has one button that saves") {
  FormTablet tablet;
  const auto saves = [&] {
    return std::ranges::count_if(tablet.mirror.tree.nodes, [](const SemanticNode& node) { return node.role == Role::button && node.name == "保存"; });
  };
  tablet.open_customer("博海餐饮");
  tablet.press_button("记录拜访");
  CHECK(saves() == 1);
  tablet.press_button("返回");
  tablet.press_button("新建合同");
  CHECK(saves() == 1);
}

TEST_CASE("a contract's lines have one head, units, and numbers that say their line") {
  FormTablet tablet;
  tablet.new_contract("年货合同");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "第 1 行 数量") != nullptr, tablet.outline());
  tablet.press_button("添加一行");
  const auto heads = std::ranges::count_if(tablet.mirror.tree.nodes, [](const SemanticNode& node) { return node.role == Role::text && node.name == "数量"; });
  CHECK(heads == 1);
  tablet.type("第 1 行 数量", "3");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("3 箱"), tablet.outline());
}

TEST_CASE("grade and level of one customer are told apart in words") {
  FormTablet tablet;
  tablet.open_customer("海味轩");
  CHECK_MESSAGE(tablet.shows("级客户"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("有望"), tablet.outline());
}

TEST_CASE("a payment term is told with its number in it") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");
  tablet.press(Role::tab, "资料");
  CHECK_MESSAGE(!tablet.shows("后X天"), tablet.outline());
}

TEST_CASE("a contract's lines stand below its basics, before dates and terms, and are the second of its sections") {
  FormTablet tablet;
  tablet.go("list/contract");
  tablet.press(Role::row, "博海餐饮年度供货合同");
  tablet.press_button("编辑");
  const auto top_of = [&](std::string_view heading) {
    const SemanticNode* node = tablet.find_like(Role::heading, heading);
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    return node->rectangle.top;
  };
  CHECK(top_of("基本资料") < top_of("合同明细"));
  CHECK(top_of("合同明细") < top_of("日期"));
  const float before = top_of("付款");
  tablet.press_button("付款");
  CHECK(top_of("付款") < before);
  CHECK(top_of("付款") < 250);
  tablet.press_button("合同明细");
  CHECK(top_of("合同明细") > 100);
  CHECK(top_of("合同明细") < 250);
}

TEST_CASE("the name is the first field of a long form, too") {
  FormTablet tablet;
  tablet.go("form/customer");
  tablet.press_button("填写更多资料");
  const SemanticNode* name = tablet.find_like(Role::text_box, "客户名称");
  const SemanticNode* number = tablet.find_like(Role::text_box, "客户编号");
  REQUIRE_MESSAGE(name != nullptr, tablet.outline());
  REQUIRE_MESSAGE(number != nullptr, tablet.outline());
  const bool comes_first = name->rectangle.top < number->rectangle.top || (name->rectangle.top == number->rectangle.top && name->rectangle.left < number->rectangle.left);
  CHECK(comes_first);
}

TEST_CASE("a list of deals begins with those that go on; those that are over come last, unless one sorts by hand") {
  FormTablet tablet;
  tablet.section("机会");
  tablet.press(Role::radio, "列表");
  const auto over = [&] {
    std::vector<bool> rows;
    for (const SemanticNode& node : tablet.mirror.tree.nodes) {
      if (node.role == Role::row && node.name.contains("¥")) {
        rows.push_back(node.name.contains("成交, ") || node.name.contains("流失, "));
      }
    }
    REQUIRE_MESSAGE(rows.size() > 8, tablet.outline());
    return rows;
  };
  CHECK_MESSAGE(std::ranges::is_sorted(over()), tablet.outline());
  CHECK_FALSE(over().front());
  tablet.press(Role::column_header, "主题");
  CHECK_MESSAGE(!std::ranges::is_sorted(over()), tablet.outline());
}

TEST_CASE("a record's name is told once: by the page, and by the bar when the page has scrolled it away") {
  FormTablet tablet;
  for (const auto& [list, name] : {std::pair("list/customer", "博海餐饮"), std::pair("list/contract", "博海餐饮年度供货合同"), std::pair("list/product", "盐焗腰果")}) {
    tablet.go(list);
    tablet.press(Role::row, name);
    const auto told = std::ranges::count_if(tablet.mirror.tree.nodes, [&](const SemanticNode& node) { return node.role == Role::heading && node.name == name; });
    CHECK_MESSAGE(told == 1, tablet.outline());
  }
  tablet.go("list/contract");
  tablet.press(Role::row, "博海餐饮年度供货合同");
  for (int swipe = 0; swipe < 3; ++swipe) {
    tablet.swipe({600, 700}, {600, 100});
  }
  const SemanticNode* bar = tablet.find_like(Role::heading, "博海餐饮年度供货合同");
  REQUIRE_MESSAGE(bar != nullptr, tablet.outline());
  CHECK(bar->rectangle.top < 56);
}

TEST_CASE("a visit of a year that cannot be right is refused with the year; plans, too") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.type("时间", "1970-01-02T10:00");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("时间的年份不对（1970 年）"), tablet.outline());
  tablet.type("时间", "2025-11-24T10:00");
  CHECK_MESSAGE(!tablet.shows("年份不对"), tablet.outline());
  tablet.press(Role::button, "明天");
  tablet.type("下次联系时间", "2205-11-26T10:00");
  CHECK_MESSAGE(tablet.shows("时间的年份不对（2205 年）"), tablet.outline());
}

TEST_CASE("times not to visit are loud on a plan that falls into them, and calm on one that does not") {
  FormTablet tablet;
  tablet.open_customer("博海餐饮");  // Monday mornings: stock-taking
  tablet.press_button("计划拜访");
  tablet.type("时间", "2025-12-02T10:00");  // a Tuesday
  CHECK_MESSAGE(tablet.shows("不宜访问时间：周一上午盘点"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("该客户不宜访问的时间"), tablet.outline());
  tablet.type("时间", "2025-12-01T10:00");
  CHECK_MESSAGE(tablet.shows("该客户不宜访问的时间：周一上午盘点"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("不宜访问时间：周一上午盘点"), tablet.outline());
  tablet.press_button("返回");
  tablet.press_button("放弃填写");
  tablet.platform.wall_clock_ms = 1'764'295'200'000;  // Friday: a plan is proposed for Monday, ten o'clock
  tablet.press_button("计划拜访");
  CHECK_MESSAGE(tablet.shows("该客户不宜访问的时间：周一上午盘点"), tablet.outline());
}

TEST_CASE("the next contact is on no weekend, and says its day") {
  FormTablet tablet;
  tablet.platform.wall_clock_ms = 1'764'208'800'000;  // Thursday, 2025-11-27 10:00
  tablet.open_customer("博海餐饮");
  tablet.press_button("记录拜访");
  tablet.press(Role::button, "三天后");
  CHECK_MESSAGE(tablet.shows("星期一"), tablet.outline());
  const SemanticNode* next = tablet.find_like(Role::text_box, "下次联系时间");
  REQUIRE_MESSAGE(next != nullptr, tablet.outline());
  CHECK(next->value.starts_with("2025-12-01"));
  tablet.platform.wall_clock_ms = 1'764'295'200'000;  // Friday
  tablet.press(Role::button, "明天");
  CHECK(tablet.find_like(Role::text_box, "下次联系时间")->value.starts_with("2025-11-29"));  // who says tomorrow means it
  tablet.press_button("返回");
  tablet.press_button("放弃填写");
  tablet.press_button("计划拜访");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "时间")->value.starts_with("2025-12-01"), tablet.outline());
}

TEST_CASE("contacts of one name are told apart on the page of a visit") {
  FormTablet tablet;
  const auto add = [&](std::string_view title, std::string_view mobile) {
    tablet.open_customer("博海餐饮");
    tablet.press(Role::tab, "联系人");
    tablet.press_button("新建联系人");
    tablet.press_button("填写更多资料");
    tablet.type("联系人姓名", "张三");
    tablet.type("职务", title);
    tablet.type("私人电话", mobile);
    tablet.press_button("保存");
  };
  add("库管", "13900010091");
  add("库管", "13900010092");
  tablet.open_customer("博海餐饮");
  tablet.press_button("记录拜访");
  std::vector<std::string> names;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    if (node.role == Role::button && node.name.starts_with("张三")) {
      names.push_back(node.name);
    }
  }
  std::ranges::sort(names);
  REQUIRE_MESSAGE(names.size() == 3, tablet.outline());
  CHECK(std::ranges::adjacent_find(names) == names.end());
  CHECK(std::ranges::any_of(names, [](const std::string& name) { return name.contains("0091"); }));
}

TEST_CASE("a plan that was missed, and a contract that has run out, have one state upon their page") {
  FormTablet tablet;
  tablet.go("today");
  tablet.press_button("东方酒店, 拜访");
  CHECK_MESSAGE(tablet.shows("未执行"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("联系状态"), tablet.outline());
}

TEST_CASE("a customer whose restoring was undone is deleted, and the page does not say that his making was undone") {
  SampleTablet tablet;
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "珠江新饭店");
  tablet.press_button("保存");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  tablet.press_button("删除");
  tablet.section("客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "珠江新饭店");
  tablet.press_button("珠江新饭店");
  tablet.press_button("恢复");
  CHECK_MESSAGE(!tablet.shows("已删除"), tablet.outline());
  tablet.press_button("撤销");
  CHECK_MESSAGE(tablet.shows("已删除"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("新建已被撤销"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "恢复") != nullptr, tablet.outline());
}

TEST_CASE("a date that is half typed, or that there is none of, leaves the one that stands there, says so and is not saved") {
  ApprovingTablet tablet;
  tablet.go(route_text(record_of(entity_named("contract"), tablet.contract)));
  tablet.press_button("编辑");
  const auto field = [&] {
    const SemanticNode* node = tablet.find_like(Role::text_box, "合同日期");
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    return *node;
  };
  const auto typed = [&](SemanticEvent::Kind kind, std::string text, bool unreadable) {
    tablet.send_event({.node = field().id, .kind = kind, .text = std::move(text), .unreadable = unreadable});
    tablet.rest();
  };
  REQUIRE(field().value == "2026-11-01");
  typed(SemanticEvent::Kind::focus, {}, false);
  typed(SemanticEvent::Kind::draft, {}, true);  // the day is 30, the month 2
  typed(SemanticEvent::Kind::blur, {}, true);
  CHECK_MESSAGE(field().value == "2026-11-01", tablet.outline());
  CHECK_MESSAGE(field().invalid, tablet.outline());
  CHECK_MESSAGE(field().description.contains("没有这一天"), tablet.outline());
  tablet.press_button("保存");
  CHECK_MESSAGE(field().value == "2026-11-01", tablet.outline());
  CHECK_MESSAGE(tablet.shows("合同日期：日期没有填完整"), tablet.outline());
  SUBCASE("typed to its end") {
    typed(SemanticEvent::Kind::focus, {}, false);
    typed(SemanticEvent::Kind::draft, "2026-11-02", false);
    typed(SemanticEvent::Kind::blur, "2026-11-02", false);
    CHECK_MESSAGE(!field().invalid, tablet.outline());
    tablet.press_button("保存");
    CHECK_MESSAGE(tablet.shows("2026-11-02"), tablet.outline());
  }
  SUBCASE("as it was") {
    typed(SemanticEvent::Kind::focus, {}, false);
    typed(SemanticEvent::Kind::draft, "2026-11-01", false);
    typed(SemanticEvent::Kind::blur, "2026-11-01", false);
    CHECK_MESSAGE(!field().invalid, tablet.outline());
    tablet.press_button("返回");
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") == nullptr, tablet.outline());
  }
  SUBCASE("emptied") {
    typed(SemanticEvent::Kind::focus, {}, false);
    typed(SemanticEvent::Kind::blur, {}, false);
    CHECK_MESSAGE(field().value.empty(), tablet.outline());
    CHECK_MESSAGE(!field().description.contains("没有这一天"), tablet.outline());
  }
}

TEST_CASE("a text that is longer than its field takes is kept as it was typed, and the form says how long it may be") {
  FormTablet tablet;
  tablet.go("form/customer");
  std::string code;
  for (int digit = 0; digit < 60; ++digit) {
    code += static_cast<char>('0' + digit % 10);
  }
  tablet.type("客户名称", "长编号公司");
  tablet.type("客户编号", code);
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.typed("客户编号") == code, tablet.outline());
  CHECK_MESSAGE(tablet.shows("客户编号最多40个字"), tablet.outline());
}

TEST_CASE("names of a person and a device that are too long are said to be, and not cut") {
  FormTablet tablet;
  tablet.go("identity");
  std::string name;
  for (int syllable = 0; syllable < 60; ++syllable) {
    name += "长";
  }
  tablet.type("设备名称", name);
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.typed("设备名称") == name, tablet.outline());
  CHECK_MESSAGE(tablet.shows("设备名称最多40个字"), tablet.outline());
}

TEST_CASE("what is typed in full-width characters stands in the field as it is stored, as soon as the field is left") {
  FormTablet tablet;
  tablet.go("form/customer");
  tablet.type("客户名称", "全角公司");
  tablet.press_button("填写更多资料");
  for (const auto& [label, typed, stored] : {std::tuple("电邮", "Ａ＠ｂ．ｃｎ", "A@b.cn"), std::tuple("邮编", "５１０６２０", "510620"), std::tuple("电话", "０２０－８１１１００００", "020-81110000")}) {
    CAPTURE(label);
    tablet.type(label, typed);
    CHECK(tablet.typed(label) == stored);
  }
}
