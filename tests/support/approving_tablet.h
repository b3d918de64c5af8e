// ApprovingTablet: 王敏's tablet, on which a contract waits for approval that 李强 made on his; what he does there is heard of by a file.
#pragma once

#include <string>

#include "app/shell/route.h"
#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

struct ApprovingTablet : AppTablet {
  ApprovingTablet() {
    press_button("从空白开始");
    type("姓名", "王敏");
    type("业务代码", "R07");
    press_button("开始使用");
    rep.environment().now = platform.wall_clock_ms;
    li = rep.create("employee", {{"code", "R15"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
    rep.use_as(li);
    customer = rep.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"grade", "b"}, {"phone", "0755-1"}}, as_it_is);
    product = rep.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    contract = rep.create("contract", {{"contract_no", "HT-118"}, {"title", "年度供货"}, {"customer", customer}, {"kind", "sales"}, {"negotiator", li}, {"signed_on", "2026-11-01"}, {"billing_mode", "by_order"}, {"returns_allowed", std::int64_t{0}}, {"status", "pending_approval"}}, as_it_is);
    line = rep.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{12'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    hear();
  }
  void hear() {
    press(Role::link, "同步");
    platform.files_to_pick = {bundle()};
    press_button("选择文件");
    press_button("合并");
    press_button("知道了");
  }
  // The file is dropped upon the page, which stays open behind the one that merges.
  void hear_here() {
    platform.drop_files({bundle()});
    rest();
    press_button("合并");
    press_button("知道了");
    press_button("返回");
  }
  void keep_and_leave() {
    press_button("返回");
    press_button("存为草稿并离开");
  }
  void speak(bool chinese) {
    platform.preferences_now.chinese = chinese;
    platform.request_frame();
    rest();
  }
  [[nodiscard]] PickedFile bundle() {
    const std::string text = rep.export_all();
    return {.name = "kehubu.json", .bytes = Bytes(text.begin(), text.end())};
  }
  static constexpr WriteOptions as_it_is{.skip_validation = true};
  TestDevice rep{2, "李强的平板"};
  Id li, customer, product, contract, line;
};

}  // namespace kehubu::test
