// The product as a person meets it, on a tablet in memory: found by role and name, pressed, read.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"

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

PickedFile file_of(const std::string& json) { return {.name = "kehubu.json", .bytes = Bytes(json.begin(), json.end())}; }

Record only_record(TestDevice& device, std::string_view entity) {
  const auto rows = device.store().list({.entity = find_entity(entity), .search = {}, .filters = {}});
  REQUIRE(rows.value().size() == 1);
  return device.store().read_row(*find_entity(entity), rows->front()).value();
}

// Everything that the tablet knows, handed over as a bundle.
std::string bundle_of(AppTablet& tablet) {
  tablet.press(Role::link, "同步");
  tablet.press_button("全部内容");
  tablet.press_button("生成并发出");
  const auto files = tablet.take_files();
  REQUIRE(files.size() == 1);
  return {files[0].bytes.begin(), files[0].bytes.end()};
}

// The tablet of 王敏 and another device of hers, which has her one customer too.
struct TwoDevices : CustomerTablet {
  TestDevice other{2, "王敏的手机"};
  TwoDevices() {
    other.environment().now = platform.wall_clock_ms;
    other.import(bundle_of(*this));
    other.use_as(only_record(other, "employee").id);
  }
  void look_at_bundle() {
    press(Role::link, "同步");
    platform.files_to_pick = {file_of(other.export_all())};
    press_button("选择文件");
  }
  void speak(bool chinese) {
    platform.preferences_now.chinese = chinese;
    platform.request_frame();
    rest();
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
  tablet.press_button("排序和回收站");
  tablet.press(Role::menu_item, "已删除");
  CHECK(tablet.find_like(Role::row, "长江酒店") == nullptr);
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("恢复");
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.find_like(Role::row, "博海餐饮") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::row, "长江酒店") != nullptr);
  tablet.press_button("排序和回收站");
  tablet.press(Role::menu_item, "已删除");
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

TEST_CASE("a bundle says whose it is before one says who one is, and a second device of a person takes the next letter") {
  AppTablet tablet;
  TestDevice first{26, "王敏的平板"};
  first.environment().now = tablet.platform.wall_clock_ms;
  first.use_as(first.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, {.skip_validation = true}));
  first.create("employee", {{"code", "R15"}, {"name", "李强"}, {"role", "rep"}}, {.skip_validation = true});
  first.create("customer", {{"code", "K-R07A-251124-001"}, {"name", "博海餐饮"}}, {.skip_validation = true});
  tablet.platform.files_to_pick = {file_of(first.export_all())};
  tablet.press_button("从同步包开始");
  CHECK_MESSAGE(tablet.shows("来自王敏的平板，2025-"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("收到 3 处修改，1 个客户"), tablet.outline());

  const auto letter = [&] { return tablet.find_like(Role::combo_box, "设备字母")->value; };
  tablet.choose("这台设备归谁用", "李强");
  CHECK(letter() == "A");
  tablet.choose("这台设备归谁用", "王敏");
  CHECK(letter() == "B");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "设备名称")->value == "王敏的平板 B", tablet.outline());
  CHECK_FALSE(tablet.shows("编出重复的编号"));
  tablet.choose("设备字母", "A");
  CHECK_MESSAGE(tablet.shows("“王敏的平板”已在用 A，两台用同一个字母会编出重复的编号。请用 B"), tablet.outline());
  tablet.choose("设备字母", "B");
  tablet.press_button("开始使用");
  new_customer(tablet, "长江酒店");
  CHECK_MESSAGE(tablet.shows("K-R07B-"), tablet.outline());
}

TEST_CASE("a number that two records share is foreseen, and decided by what each of them is and will be called") {
  TwoDevices devices;
  const std::string number = text_or_empty(only_record(devices.other, "customer").value("code"));
  devices.other.create("customer", {{"code", number}, {"name", "长江酒店"}, {"city", "武汉"}}, {.skip_validation = true});
  CHECK_MESSAGE(devices.shows("已生成"), devices.outline());
  devices.look_at_bundle();
  CHECK_MESSAGE(devices.shows("1 个编号这里已有别的记录在用，如客户编号“" + number), devices.outline());
  CHECK_MESSAGE(devices.shows("处这里已经有了"), devices.outline());
  devices.press_button("合并");
  CHECK_MESSAGE(devices.shows("1 个冲突需要裁定"), devices.outline());

  devices.press(Role::link, "客户");
  devices.press_button("1 个冲突待处理");
  CHECK(devices.find_like(Role::link, "同步")->current);
  CHECK_FALSE(devices.find_like(Role::link, "客户")->current);
  devices.press_button("客户 · " + number);
  CHECK(devices.find_like(Role::link, "同步")->current);
  CHECK_FALSE(devices.shows("当前生效"));
  CHECK_MESSAGE(devices.find_like(Role::heading, "博海餐饮") != nullptr, devices.outline());
  CHECK(devices.find_like(Role::heading, "长江酒店") != nullptr);
  CHECK(devices.shows("武汉"));
  CHECK(devices.shows("王敏的手机"));
  CHECK(devices.shows("另一条改为：" + number + "-2"));
  devices.speak(false);
  CHECK(devices.shows("Keep " + number + " here"));
  devices.speak(true);
  devices.press_button("这条保留 " + number);  // the first card's, 博海餐饮
  CHECK_MESSAGE(devices.shows("“博海餐饮”保留 " + number + "，“长江酒店”改为 " + number + "-2"), devices.outline());
  devices.press(Role::link, "客户");
  devices.press(Role::row, "长江酒店");
  CHECK_MESSAGE(devices.shows(number + "-2"), devices.outline());
}

TEST_CASE("of two devices of one person a conflict takes mine or the other device's") {
  TwoDevices devices;
  devices.other.edit("customer", only_record(devices.other, "customer").id, {{"grade", "c"}});
  devices.press(Role::link, "客户");
  devices.press(Role::row, "博海餐饮");
  devices.press_button("编辑");
  devices.choose("客户级别", "A级");
  devices.press_button("保存");
  devices.look_at_bundle();
  devices.press_button("合并");
  devices.press_button("处理冲突");
  devices.press_button("客户 · 博海餐饮");
  CHECK_MESSAGE(devices.shows("采用本机的"), devices.outline());
  CHECK_MESSAGE(devices.shows("采用王敏的手机上的"), devices.outline());
  devices.speak(false);
  CHECK_MESSAGE(devices.shows("Take mine"), devices.outline());
  CHECK_FALSE(devices.shows("This device's"));
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

TEST_CASE("a device that has received a bundle is not offered the sample company, after going back and after a restart") {
  TestDevice office{2, "总部"};
  AppTablet tablet;
  office.environment().now = tablet.platform.wall_clock_ms;
  office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, {.skip_validation = true});
  const std::string bundle = office.export_all();
  const PickedFile file{.name = "kehubu.json", .bytes = Bytes(bundle.begin(), bundle.end())};
  CHECK(tablet.find_like(Role::button, "带示例数据") != nullptr);
  SUBCASE("by its button") {
    tablet.platform.files_to_pick = {file};
    tablet.press_button("从同步包开始");
  }
  SUBCASE("dropped upon the page") {
    tablet.platform.drop_files({file});
    tablet.rest();
  }
  REQUIRE_MESSAGE(tablet.shows("您是谁"), tablet.outline());
  tablet.press_button("返回");
  for (int restarts = 0; restarts < 2; ++restarts) {
    CHECK_MESSAGE(tablet.find_like(Role::button, "带示例数据") == nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::button, "从空白开始") == nullptr, tablet.outline());
    CHECK_MESSAGE(tablet.shows("1 个客户"), tablet.outline());
    CHECK_MESSAGE(tablet.shows("总部"), tablet.outline());
    tablet.restart();
  }
  tablet.press_button("填写您是谁");
  tablet.type("姓名", "王敏");
  tablet.type("业务代码", "R07");
  tablet.press_button("开始使用");
  tablet.press(Role::link, "客户");
  CHECK_MESSAGE(tablet.find_like(Role::row, "博海餐饮") != nullptr, tablet.outline());
}

TEST_CASE("a plan that was cancelled is marked in the customer's timeline, as one that was missed is") {
  CustomerTablet tablet;
  tablet.press_button("计划拜访");
  tablet.type("联系人姓名", "张三");
  tablet.press_button("保存");
  const auto of_plan = [&]() -> std::string {
    const SemanticNode* node = tablet.find_like(Role::button, "张三");
    return node != nullptr ? node->name : tablet.outline();
  };
  CHECK_MESSAGE(of_plan().find("计划") != std::string::npos, of_plan());
  tablet.press(Role::button, of_plan());
  tablet.press_button("修改：");
  tablet.choose("联系状态", "取消");
  tablet.press_button("保存");
  tablet.press_button("返回");
  CHECK_MESSAGE(of_plan().find("取消") != std::string::npos, of_plan());
  tablet.platform.preferences_now.chinese = false;
  tablet.platform.request_frame();
  tablet.rest();
  CHECK_MESSAGE(of_plan().find("Cancelled") != std::string::npos, of_plan());
}
