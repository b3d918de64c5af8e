// Who uses the device, when that person is deleted.
#include <doctest/doctest.h>

#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"

namespace kehubu::test {
namespace {

PickedFile file_of(const std::string& bundle) { return {.name = "kehubu.json", .bytes = {bundle.begin(), bundle.end()}}; }

}  // namespace

TEST_CASE("whoever uses the device is not deleted there; deleted elsewhere, it is asked who uses it now, and visits go on") {
  AppTablet tablet;
  TestDevice office{26, "办公室"};
  office.environment().now = tablet.platform.wall_clock_ms;
  office.use_as(office.create("employee", {{"code", "HQ1"}, {"name", "赵工"}, {"role", "admin"}}, {.skip_validation = true}));
  const Id li = office.create("employee", {{"code", "R15"}, {"name", "李强"}, {"role", "rep"}}, {.skip_validation = true});
  office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, {.skip_validation = true});
  const Id customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, {.skip_validation = true});
  tablet.platform.files_to_pick = {file_of(office.export_all())};
  tablet.press_button("从同步包开始");
  tablet.choose("这台设备归谁用", "李强");
  tablet.press_button("开始使用");

  tablet.go("record/employee/" + li.text() + "/-");
  tablet.press_button("更多操作");
  tablet.press(Role::menu_item, "删除");
  CHECK_MESSAGE(tablet.shows("“李强”正在使用这台设备，请先在“设置”里更换使用人，再删除"), tablet.outline());
  CHECK_FALSE(tablet.shows("删除“李强”？"));
  tablet.press_button("关闭");

  tablet.go("record/customer/" + customer.text() + "/-");
  tablet.press_button("记录拜访");
  tablet.type("联系人姓名", "张三");
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");  // the visit that 李强 began waits

  office.remove("employee", li);
  tablet.press(Role::link, "同步");
  tablet.platform.files_to_pick = {file_of(office.export_all())};
  tablet.press_button("选择文件");
  tablet.press_button("合并");
  CHECK_MESSAGE(tablet.shows("使用这台设备的“李强”已被删除"), tablet.outline());
  tablet.restart();
  CHECK_MESSAGE(tablet.shows("使用这台设备的“李强”已被删除"), tablet.outline());
  tablet.press_button("更换使用人");
  CHECK_FALSE(tablet.shows(li.text()));
  tablet.choose("这台设备归谁用", "王敏");
  tablet.press_button("保存");
  CHECK_MESSAGE(!tablet.shows("已被删除"), tablet.outline());

  tablet.press(Role::link, "今天");
  tablet.press_button("接着填写");
  tablet.press_button("保存");
  tablet.press_button("以后再说");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
  CHECK_FALSE(tablet.shows("所指的记录不存在"));
}

}  // namespace kehubu::test
