// A tablet whose clock was reset, by an empty battery: what has been is still known by what it has heard.
#include <doctest/doctest.h>

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
  CHECK(tablet.record_visit(tablet.today_ms));
  CHECK(tablet.plan_visit(tablet.today_ms + 3 * day_ms));
  CHECK(tablet.write(catalog::customer, tablet.customer, {{"registered_date", iso_date(local_date(tablet.today_ms))}}));
  CHECK_FALSE(tablet.record_visit(tablet.today_ms + 2 * day_ms));
  CHECK_FALSE(tablet.plan_visit(tablet.today_ms + 20 * 365 * day_ms));
  CHECK_FALSE(tablet.write(catalog::customer, tablet.customer, {{"registered_date", iso_date(local_date(tablet.today_ms + 2 * day_ms))}}));
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
