// A tablet whose clock was reset: the book knows of later days, and the page says so before anything false is taken down.
#include <doctest/doctest.h>

#include <string>

#include "core/base/date.h"
#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::int64_t hour_ms = 60LL * 60 * 1000;
constexpr std::int64_t day_ms = 24 * hour_ms;

struct ClockTablet : SampleTablet {
  ClockTablet() { turn({.width = 1180, .height = 820, .device_pixel_ratio = 1}); }
  void set_back(std::int64_t milliseconds) {
    platform.wall_clock_ms -= milliseconds;
    platform.request_frame();
    rest();
  }
  [[nodiscard]] bool warned() const { return shows("日期可能不对"); }
  void begin_visit() {
    section("客户");
    type("搜索客户", "博海餐饮");
    press(Role::row, "博海餐饮");
    press_button("记录拜访");
  }
};

}  // namespace

TEST_CASE("a clock that was reset is told of on every page, with the day that the book knows of, and what to do") {
  ClockTablet tablet;
  const std::string known = "账本里已有 " + iso_date(local_date(tablet.platform.wall_clock_ms)).substr(0, 7);
  CHECK_FALSE(tablet.warned());
  tablet.set_back(6 * 365 * day_ms);
  SUBCASE("while the page is open") {}
  SUBCASE("after a restart") { tablet.restart(); }
  for (const std::string_view section : {"今天", "客户", "设置"}) {
    tablet.section(section);
    CHECK_MESSAGE(tablet.warned(), tablet.outline());
    CHECK_MESSAGE(tablet.shows(known), tablet.outline());
    CHECK_MESSAGE(tablet.shows("系统设置"), tablet.outline());
  }
  tablet.section("今天");
  CHECK_MESSAGE(!tablet.shows("年后"), tablet.outline());  // what has been is not to come
  CHECK_MESSAGE(tablet.shows("本月拜访, 0"), tablet.outline());
  tablet.set_back(-6 * 365 * day_ms);
  CHECK_FALSE(tablet.warned());
}

TEST_CASE("a clock that was reset presets no day: a visit asks when it was, and what is said is taken down") {
  ClockTablet tablet;
  const auto counts_days = [&] { return tablet.shows("天后到期") || tablet.shows("逾期"); };
  const std::string day = iso_date(local_date(tablet.platform.wall_clock_ms - day_ms));  // that the book has heard of
  tablet.set_back(6 * 365 * day_ms);
  tablet.begin_visit();
  CHECK_MESSAGE(tablet.typed("时间") == "", tablet.outline());
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "时间") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "时间")->invalid, tablet.outline());
  tablet.type("时间", day + "T09:00");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("跟进期限"), tablet.outline());
  CHECK_MESSAGE(!counts_days(), tablet.outline());
  CHECK_MESSAGE(tablet.shows(day + " 09:00"), tablet.outline());
  tablet.press_button("计划拜访");
  CHECK_MESSAGE(tablet.typed("时间") == "", tablet.outline());
}

TEST_CASE("with a clock that was reset a true day that is later than all the book knows of is taken down, and doubted") {
  ClockTablet tablet;
  const std::string day = iso_date(local_date(tablet.platform.wall_clock_ms + 3 * day_ms));
  tablet.set_back(6 * 365 * day_ms);
  tablet.begin_visit();
  tablet.type("一句话记下来", "谈妥下月试销");
  tablet.type("时间", day + "T09:00");
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
  CHECK_MESSAGE(tablet.shows(day + " 09:00"), tablet.outline());
}

TEST_CASE("whoever says that the day is right is not asked again, unless the clock goes back once more") {
  ClockTablet tablet;
  tablet.set_back(20 * day_ms);
  tablet.press_button("日期没错");
  CHECK_FALSE(tablet.warned());
  tablet.restart();
  CHECK_FALSE(tablet.warned());
  tablet.begin_visit();
  CHECK_MESSAGE(tablet.typed("时间") != "", tablet.outline());
  tablet.go("today");
  tablet.set_back(6 * 365 * day_ms);
  CHECK_MESSAGE(tablet.warned(), tablet.outline());
}

TEST_CASE("a clock that is a few hours slow warns nobody") {
  ClockTablet tablet;
  tablet.set_back(5 * hour_ms);
  CHECK_FALSE(tablet.warned());
}
