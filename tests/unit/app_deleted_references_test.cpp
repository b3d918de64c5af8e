// What a form refers to was deleted while its draft waited: the refusal names it, brings it back, and lets another one be chosen.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"

namespace kehubu::test {
namespace {

// A tablet that began with the office's book, and an office that goes on writing.
struct WaitingDraft {
  WaitingDraft() {
    office.environment().now = tablet.platform.wall_clock_ms;
    office.use_as(office.create("employee", {{"code", "HQ1"}, {"name", "赵工"}, {"role", "admin"}}, {.skip_validation = true}));
    office.create("employee", {{"code", "R15"}, {"name", "李强"}, {"role", "rep"}}, {.skip_validation = true});
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, {.skip_validation = true});
    contact = office.create("contact", {{"customer", customer}, {"name", "罗会计"}, {"is_primary", std::int64_t{1}}, {"left", std::int64_t{0}}}, {.skip_validation = true});
    office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, {.skip_validation = true});
    product = office.create("product", {{"code", "P-1"}, {"name", "瓜子"}, {"active", std::int64_t{1}}, {"list_price", std::int64_t{10'000}}}, {.skip_validation = true});
    give();
    tablet.press_button("从同步包开始");
    tablet.choose("这台设备归谁用", "李强");
    tablet.press_button("开始使用");
  }
  void give() {
    const std::string bundle = office.export_all();
    tablet.platform.files_to_pick = {{.name = "kehubu.json", .bytes = {bundle.begin(), bundle.end()}}};
  }
  void leave() {
    tablet.press_button("返回");
    tablet.press_button("存为草稿并离开");
  }
  void merge() {
    tablet.press(Role::link, "同步");
    give();
    tablet.press_button("选择文件");
    tablet.press_button("合并");
    tablet.restart();
    tablet.press(Role::link, "今天");
    tablet.press_button("接着填写");
  }
  void begin_visit() {
    tablet.go("record/customer/" + customer.text() + "/-");
    tablet.press_button("记录拜访");
    tablet.press_button("罗会计");
    tablet.type("一句话记下来", "谈妥下月试销");
    leave();
  }

  AppTablet tablet;
  TestDevice office{26, "办公室"};
  Id customer, contact, product;
};

}  // namespace

TEST_CASE("a visit whose customer and contact were deleted while it waited: both come back from where it is saved") {
  WaitingDraft waiting;
  AppTablet& tablet = waiting.tablet;
  waiting.begin_visit();
  waiting.office.remove("contact", waiting.contact);
  waiting.office.remove("customer", waiting.customer);
  waiting.merge();
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("“博海餐饮”已删除：请恢复它，或者另选"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("“罗会计”已删除：请恢复它，或者另选"), tablet.outline());
  tablet.press_button("恢复记录");
  CHECK_MESSAGE(!tablet.shows("“博海餐饮”已删除：请恢复它"), tablet.outline());
  tablet.press_button("恢复记录");
  tablet.press_button("保存");
  tablet.go("record/customer/" + waiting.customer.text() + "/-");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
}

TEST_CASE("a visit whose customer was deleted while it waited: another one can be chosen, although the page was opened for the first") {
  WaitingDraft waiting;
  AppTablet& tablet = waiting.tablet;
  waiting.begin_visit();
  waiting.office.remove("contact", waiting.contact);
  waiting.office.remove("customer", waiting.customer);
  waiting.merge();
  tablet.press_button("保存");
  tablet.choose("客户", "长江酒店");
  tablet.type("联系人姓名", "张三");
  tablet.press_button("保存");
  tablet.press_button("以后再说");
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "长江酒店");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
}

TEST_CASE("other forms with a deleted reference bring it back, too: a contact's customer, a product in a line of a contract") {
  WaitingDraft waiting;
  AppTablet& tablet = waiting.tablet;
  tablet.press(Role::link, "合同");
  tablet.press_button("新建合同");
  tablet.choose("客户", "博海餐饮");
  tablet.type("合同名称", "年度供货");
  tablet.choose("产品", "瓜子");
  tablet.type("数量", "3");
  waiting.leave();
  waiting.office.remove("contact", waiting.contact);
  waiting.office.remove("customer", waiting.customer);
  waiting.office.remove("product", waiting.product);
  waiting.merge();
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("“博海餐饮”已删除：请恢复它，或者另选"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("“瓜子”已删除：请恢复它，或者另选"), tablet.outline());
  tablet.press_button("恢复记录");
  tablet.press_button("恢复记录");
  CHECK_MESSAGE(!tablet.shows("请恢复它"), tablet.outline());
}

}  // namespace kehubu::test
