// The product as a person meets it, on a tablet in memory: found by role and name, pressed, read.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/app_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

void begin_as(AppTablet& tablet, std::string_view name, std::string_view code) {
  REQUIRE(tablet.shows("欢迎使用客户簿"));
  tablet.press_button("从空白开始");
  tablet.type("姓名", name);
  tablet.type("业务代码", code);
  tablet.press_button("开始使用");
  REQUIRE_MESSAGE(tablet.shows("今天"), tablet.outline());
}

void new_customer(AppTablet& tablet, std::string_view name) {
  tablet.press_button("新建客户");
  tablet.type("客户名称", name);
  tablet.press_button("保存");
  // The record itself, not the message that it was made: a tablet at rest has let its messages pass.
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, name) != nullptr, tablet.outline());
}

// A representative's tablet with one customer, whose page is open.
struct CustomerTablet : AppTablet {
  CustomerTablet() {
    begin_as(*this, "王敏", "R07");
    new_customer(*this, "博海餐饮");
  }
};

}  // namespace

TEST_CASE("a newcomer starts empty, makes a customer and records a visit in three taps and a sentence") {
  CustomerTablet tablet;
  CHECK(tablet.shows("博海餐饮"));

  tablet.press_button("记录拜访");
  tablet.type("联系人姓名", "张三");
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.press_button("保存");
  tablet.press_button("登记为联系人");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());

  // The second time the contact is known: tap, sentence, save.
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "送了样品");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("送了样品"), tablet.outline());

  tablet.restart();
  CHECK_MESSAGE(tablet.shows("博海餐饮"), tablet.outline());
}

TEST_CASE("a form that is left keeps its draft over a restart") {
  AppTablet tablet;
  begin_as(tablet, "王敏", "R07");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "半途而废公司");
  tablet.restart();
  CHECK_MESSAGE(tablet.shows("半途而废公司"), tablet.outline());
}

TEST_CASE("undo takes back a new customer and says so") {
  CustomerTablet tablet;
  tablet.press_button("撤销");
  CHECK_MESSAGE(tablet.shows("撤销"), tablet.outline());
}

TEST_CASE("what a visit plans stands on the customer's page and in Today, and is overdue when its day has passed") {
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  CustomerTablet tablet;
  tablet.press_button("记录拜访");
  tablet.type("联系人姓名", "张三");
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.press_button("三天后");
  tablet.press_button("保存");
  tablet.press_button("以后再说");
  CHECK_MESSAGE(!tablet.shows("未安排"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("3 天后到期"), tablet.outline());

  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("接下来几天"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("接下来该联系的"), tablet.outline());
  CHECK(!tablet.shows("该联系了"));

  tablet.platform.wall_clock_ms += 3 * day_ms;
  tablet.press(Role::link, "客户");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("该联系了"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("今天到期"), tablet.outline());

  tablet.platform.wall_clock_ms += 2 * day_ms;
  tablet.press(Role::link, "客户");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("错过的安排"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("逾期 2 天"), tablet.outline());
}

TEST_CASE("a visit that was planned is recorded upon its plan, which is done then; what was typed before stays") {
  CustomerTablet tablet;
  tablet.press_button("计划拜访");
  tablet.type("联系人姓名", "张三");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(!tablet.shows("以后再说"), tablet.outline());
  tablet.press_button("记录拜访");
  CHECK_MESSAGE(!tablet.shows("计划的拜访："), tablet.outline());  // it is for tomorrow
  tablet.press_button("返回");
  tablet.platform.wall_clock_ms += 24LL * 3600 * 1000;
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "送了样品");
  CHECK_MESSAGE(tablet.shows("计划的拜访："), tablet.outline());
  tablet.press_button("就是它");
  CHECK(!tablet.shows("计划的拜访："));
  tablet.press_button("保存");
  tablet.press_button("以后再说");
  CHECK_MESSAGE(tablet.shows("送了样品"), tablet.outline());
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("今天没有安排拜访"), tablet.outline());
}

TEST_CASE("a result that is being filled in on a plan survives a restart") {
  CustomerTablet tablet;
  tablet.press_button("计划拜访");
  tablet.type("联系人姓名", "张三");
  tablet.press_button("保存");
  tablet.press(Role::link, "今天");
  tablet.press_button("博海餐饮");
  tablet.press_button("记录结果");
  tablet.type("一句话记下来", "送了样品");
  tablet.restart();
  CHECK_MESSAGE(tablet.shows("送了样品"), tablet.outline());
}

TEST_CASE("what was deleted is found in its list and restored from there") {
  CustomerTablet tablet;
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  tablet.press_button("删除");
  tablet.press(Role::link, "客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "长江酒店");
  tablet.press_button("保存");
  tablet.press(Role::link, "客户");
  CHECK(tablet.find_like(Role::row, "博海餐饮") == nullptr);
  tablet.press_button("已删除");
  CHECK(tablet.find_like(Role::row, "长江酒店") == nullptr);
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("恢复");
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.find_like(Role::row, "博海餐饮") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::row, "长江酒店") != nullptr);
  tablet.press_button("已删除");
  CHECK_MESSAGE(tablet.shows("没有删除过的记录"), tablet.outline());
}

TEST_CASE("the lines of a contract that is being entered survive a restart, with what was typed above them") {
  CustomerTablet tablet;
  tablet.press_button("新建合同");
  tablet.type("合同名称", "年度供货");
  tablet.type("数量", "3");
  tablet.type("单价", "88.8");
  tablet.press_button("添加一行");
  tablet.restart();
  CHECK_MESSAGE(tablet.shows("年度供货"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("88.80"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("266.40"), tablet.outline());
  tablet.press_button("丢弃草稿");
  CHECK_MESSAGE(!tablet.shows("88.80"), tablet.outline());
}

TEST_CASE("a form offers only the states that a contract may go to") {
  CustomerTablet tablet;
  tablet.press_button("新建合同");
  tablet.type("合同名称", "年度供货");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "年度供货") != nullptr, tablet.outline());
  tablet.press_button("编辑");
  tablet.press(Role::combo_box, "合同状态");
  CHECK_MESSAGE(tablet.find_like(Role::option, "待审批") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::option, "草稿") != nullptr);
  for (const char* beyond : {"执行中", "已完成", "已终止", "已到期"}) {
    CHECK_MESSAGE(tablet.find_like(Role::option, beyond) == nullptr, tablet.outline());
  }
}

TEST_CASE("a new customer without a name: what is missing is asked for and the rest stays folded; unfolded, it folds back") {
  AppTablet tablet;
  begin_as(tablet, "王敏", "R07");
  tablet.press_button("新建客户");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("还差一点"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "填写更多资料") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::text_box, "传真") == nullptr);

  tablet.press_button("填写更多资料");
  tablet.type("传真", "020-88886666");
  CHECK(tablet.find_like(Role::text_box, "邮编") != nullptr);
  tablet.press_button("收起，只填常用的");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "邮编") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("020-88886666"), tablet.outline());  // what was filled in is not hidden
  tablet.restart();
  CHECK_MESSAGE(tablet.shows("020-88886666"), tablet.outline());
}

TEST_CASE("with sample data: settings say how to be rid of it, lists name what they search by, and nothing is said twice") {
  AppTablet tablet;
  tablet.press_button("带示例数据");
  CHECK_MESSAGE(tablet.shows("有望度高的在前"), tablet.outline());
  const SemanticNode* first = tablet.find_like(Role::button, "O级");
  const SemanticNode* second = tablet.find_like(Role::button, "A级");
  REQUIRE_MESSAGE(first != nullptr, tablet.outline());
  REQUIRE(second != nullptr);
  CHECK(first->rectangle.top < second->rectangle.top);

  tablet.press(Role::link, "设置");
  CHECK_MESSAGE(tablet.shows("这里现在是示例数据"), tablet.outline());
  tablet.press_button("产品");
  CHECK_MESSAGE(tablet.find_like(Role::search_box, "搜索产品：名称、拼音、编号") != nullptr, tablet.outline());
  CHECK_MESSAGE(!tablet.shows("电话"), tablet.outline());
  tablet.press(Role::link, "合同");
  tablet.press(Role::row, "执行中");
  int told = 0;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    told += node.name.find("执行中") != std::string::npos ? 1 : 0;
  }
  CHECK_MESSAGE(told == 1, tablet.outline());
}
