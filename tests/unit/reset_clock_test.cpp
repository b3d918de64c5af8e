// A tablet whose clock was reset, by an empty battery: what has been is still known by what it has heard.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/date.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;

struct ResetTablet : StoreFixture {
  ResetTablet() {
    customer = create(catalog::customer, {{"name", "博海餐饮"}, {"phone", "020-80001001"}});
    today_ms = environment.wall_ms;
    environment.wall_ms -= 11 * 365 * day_ms;
  }
  Result<Written> record_visit(std::int64_t at) {
    return write(catalog::interaction, new_id(environment), {{"customer", customer}, {"status", "done"}, {"kind", "phone"}, {"occurred_at", at}, {"contact_text", "张三"}, {"content", "续约"}, {"purpose", "续约"}});
  }
  Result<Written> plan_visit(std::int64_t at) {
    return write(catalog::interaction, new_id(environment), {{"customer", customer}, {"status", "planned"}, {"kind", "phone"}, {"planned_at", at}, {"purpose", "续约"}});
  }
  Id customer;
  std::int64_t today_ms = 0;  // in truth
};

}  // namespace

TEST_CASE("on a tablet whose clock was reset a visit and a plan of today are taken down, a mistyped year is not") {
  ResetTablet tablet;
  const auto doubted = [](const Result<Written>& written) {
    return written && std::ranges::any_of(written->hints, [](const Sentence& hint) { return hint.zh.contains("这台设备的日期不对"); });
  };
  const auto register_on = [&](std::int64_t at) { return tablet.write(catalog::customer, tablet.customer, {{"registered_date", iso_date(local_date(at))}}); };
  const auto known = tablet.record_visit(tablet.today_ms);
  CHECK(known);
  CHECK_FALSE(doubted(known));
  // It may have lain for a while: what is later than all that was heard is true more likely than not.
  for (const std::int64_t days : {2, 90}) {
    CHECK(doubted(tablet.record_visit(tablet.today_ms + days * day_ms)));
    CHECK(register_on(tablet.today_ms + days * day_ms));
  }
  CHECK(tablet.plan_visit(tablet.today_ms + 3 * day_ms));
  const auto mistyped = tablet.record_visit(tablet.today_ms + 365 * day_ms);
  REQUIRE_FALSE(mistyped);
  CHECK_MESSAGE(mistyped.error().message.zh.contains("先调准设备的日期"), mistyped.error().message.zh);
  CHECK_FALSE(tablet.plan_visit(tablet.today_ms + 20 * 365 * day_ms));
  CHECK_FALSE(register_on(tablet.today_ms + 365 * day_ms));
}

TEST_CASE("on a tablet whose clock was reset numbers and the days that follow by themselves are of the last day that is known, unless a person says that the clock is right") {
  ResetTablet tablet;
  const auto number_of_new = [&](std::string_view name) { return text_or_empty(tablet.read(catalog::customer, tablet.create(catalog::customer, {{"name", std::string(name)}})).value("code")); };
  const auto stem_of = [](std::int64_t at) {
    std::string day = iso_date(local_date(at)).substr(2);
    std::erase(day, '-');
    return "K-R07A-" + day + "-";
  };
  CHECK(number_of_new("恒通超市") == stem_of(tablet.today_ms) + "002");
  const Id opportunity = tablet.create(catalog::opportunity, {{"topic", "冬季供货"}, {"customer", tablet.customer}, {"owner", tablet.me}});
  CHECK(text_or_empty(tablet.read(catalog::opportunity, opportunity).value("stage_since")) == iso_date(local_date(tablet.today_ms)));
  REQUIRE(tablet.store->set_setting("clock/trusted", std::to_string(tablet.environment.wall_ms)));
  CHECK(number_of_new("长江酒店") == stem_of(tablet.environment.wall_ms) + "001");
}

TEST_CASE("a clock that is some hours slow is believed") {
  ResetTablet tablet;
  tablet.environment.wall_ms = tablet.today_ms - 20 * 60 * 60 * 1000;
  const Id customer = tablet.create(catalog::customer, {{"name", "恒通超市"}});
  CHECK(text_or_empty(tablet.read(catalog::customer, customer).value("filed_on")) == iso_date(local_date(tablet.environment.wall_ms)));
}

TEST_CASE("one clock that runs years ahead makes no room for what has not been") {
  ResetTablet tablet;
  tablet.environment.wall_ms = tablet.today_ms;
  StoreFixture ahead(2);
  ahead.environment.wall_ms = tablet.today_ms + 3 * 365 * day_ms;
  ahead.create(catalog::customer, {{"name", "恒通超市"}});
  carry(*ahead.store, *tablet.store);
  CHECK_FALSE(tablet.record_visit(tablet.today_ms + 300 * day_ms));
  CHECK(tablet.record_visit(tablet.today_ms));
}

}  // namespace kehubu::test
