// When a customer is due, in which bucket and stage it stands: R-LEV-04, R-OPP-04, R-CLS-03, R-VIS-01, R-VIS-05.
#include <doctest/doctest.h>

#include "core/base/date.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

// Noon of a day in China.
std::int64_t noon(std::string_view day) { return local_midnight(*parse_date(day)) + 12 * hour_ms; }

struct Customers : StoreFixture {
  explicit Customers(std::string_view today = "2026-11-21") { environment.wall_ms = noon(today); }

  Id customer(GivenFields fields = {}) {
    fields.push_back({"name", "客户" + std::to_string(++number)});
    fields.push_back({"filed_on", "2026-11-01"});
    return create(catalog::customer, fields);
  }
  Id contacted(const Id& customer, std::string_view day, GivenFields more = {}) {
    more.insert(more.end(), {{"customer", customer}, {"contact_text", "张三"}, {"kind", "phone"}, {"occurred_at", noon(day)}});
    return create(catalog::interaction, more);
  }
  Id planned(const Id& customer, std::string_view day) {
    return create(catalog::interaction, {{"customer", customer}, {"kind", "phone"}, {"status", "planned"}, {"planned_at", noon(day)}});
  }
  Id deal(const Id& customer, GivenFields fields) {
    fields.push_back({"topic", "供货"});
    fields.push_back({"customer", customer});
    return create(catalog::opportunity, fields);
  }
  void signed_contract(const Id& customer, const char* signed_on, const char* status = "completed", const char* end_on = "") {
    create(catalog::contract, {{"customer", customer}, {"title", "供货"}, {"status", status}, {"signed_on", signed_on}, {"end_on", end_on}});
  }
  std::string shown(const Id& customer, std::string_view field) { return text_or_empty(read(catalog::customer, customer).value(field)); }

  int number = 0;
};

}  // namespace

TEST_CASE("R-LEV-04 the next follow-up is the earlier of the cadence and of what is planned") {
  Customers office("2026-11-14");
  const Id customer = office.customer();
  office.deal(customer, {{"level", "a"}});
  office.contacted(customer, "2026-11-10");
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-13");
  const Id plan = office.planned(customer, "2026-11-12");
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-12");
  REQUIRE(office.write(catalog::interaction, plan, {{"planned_at", noon("2026-11-20")}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-13");
  // What was planned for before the last contact has been overtaken by it; what was planned for its day has not.
  REQUIRE(office.write(catalog::interaction, plan, {{"planned_at", noon("2026-11-09")}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-13");
  REQUIRE(office.write(catalog::interaction, plan, {{"planned_at", noon("2026-11-10") - 3 * hour_ms}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-10");
  REQUIRE(office.write(catalog::interaction, plan, {{"status", "cancelled"}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-13");
}

TEST_CASE("R-LEV-04 before the first contact a plan stands alone: nobody is late for the day on which he was filed years ago") {
  Customers office("2026-11-21");
  const Id customer = office.customer({{"grade", "a"}});  // filed on 2026-11-01
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-08");
  const Id plan = office.planned(customer, "2026-11-22");
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-22");
  // A plan that was missed is still what is due; one that was dropped leaves the filing.
  REQUIRE(office.write(catalog::interaction, plan, {{"planned_at", noon("2026-11-19")}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-19");
  REQUIRE(office.write(catalog::interaction, plan, {{"status", "cancelled"}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-08");
}

TEST_CASE("R-LEV-04 the days between contacts follow the level, else the grade") {
  Customers office;
  for (const auto& [level, due] : std::initializer_list<std::pair<const char*, const char*>>{
           {"o", "2026-11-12"}, {"a", "2026-11-13"}, {"b", "2026-11-17"}, {"c", "2026-11-25"}, {"none", "2026-12-10"}}) {
    CAPTURE(level);
    const Id customer = office.customer();
    office.deal(customer, {{"level", level}});
    office.contacted(customer, "2026-11-10");
    CHECK(office.shown(customer, "next_follow_up") == due);
  }
  for (const auto& [grade, due] : std::initializer_list<std::pair<const char*, const char*>>{
           {"a", "2026-11-08"}, {"b", "2026-11-15"}, {"c", "2026-12-01"}, {"d", "2026-12-31"}, {"e", "2027-01-30"}, {"", "2026-12-01"}}) {
    CAPTURE(grade);
    const Id customer = office.customer({{"grade", grade}});  // never contacted: from the day of filing
    CHECK(office.shown(customer, "next_follow_up") == due);
  }
}

TEST_CASE("R-LEV-04 lost, ended and archived customers are due only where somebody planned it") {
  Customers office;
  const Id ended = office.customer({{"coop_status", "ended"}});
  const Id archived = office.customer({{"status", "archived"}});
  CHECK(office.shown(ended, "next_follow_up").empty());
  CHECK(office.shown(archived, "next_follow_up").empty());
  office.planned(ended, "2026-11-25");
  CHECK(office.shown(ended, "next_follow_up") == "2026-11-25");
}

TEST_CASE("R-VIS-05 what a visit plans is the customer's next follow-up, and moves with it") {
  Customers office("2026-11-24");
  const Id customer = office.customer();
  const Id visit = office.contacted(customer, "2026-11-24", {{"next_at", noon("2026-11-27")}});
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-27");
  REQUIRE(office.write(catalog::interaction, visit, {{"next_at", noon("2026-11-28")}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-28");
  REQUIRE(office.write(catalog::interaction, visit, {{"next_at", ""}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-12-24");
  // Journey 7.1, step 5: level O beats the plan.
  office.deal(customer, {{"level", "o"}});
  REQUIRE(office.write(catalog::interaction, visit, {{"next_at", noon("2026-11-27")}}));
  CHECK(office.shown(customer, "next_follow_up") == "2026-11-26");
}

TEST_CASE("R-VIS-01 a plan whose day has passed is shown as missed") {
  Customers office("2026-11-20");
  const Id plan = office.planned(office.customer(), "2026-11-20");
  const auto status = [&] { return text_or_empty(office.read(catalog::interaction, plan).value("status_now")); };
  CHECK(status() == "planned");
  office.environment.wall_ms += 24 * hour_ms;
  CHECK(status() == "missed");
  REQUIRE(office.write(catalog::interaction, plan, {{"status", "done"}, {"occurred_at", office.environment.wall_ms}, {"contact_text", "张三"}}));
  CHECK(status() == "done");
  CHECK(integer_or(office.read(catalog::interaction, plan).value("planned_at"), 0) == noon("2026-11-20"));
}

TEST_CASE("R-OPP-04 the bucket of a customer is the best of its opportunities") {
  Customers office;
  const auto bucket_of = [&](GivenFields fields) {
    const Id customer = office.customer();
    office.deal(customer, std::move(fields));
    return office.shown(customer, "follow_bucket");
  };
  CHECK(bucket_of({{"expected_close", "2026-11-30"}}) == "this_month");
  CHECK(bucket_of({{"expected_close", "2026-12-31"}}) == "three_month");
  CHECK(bucket_of({{"expected_close", "2027-01-31"}}) == "three_month");
  CHECK(bucket_of({{"expected_close", "2027-02-01"}, {"level", "c"}}) == "long_term");
  CHECK(bucket_of({{"level", "c"}}) == "long_term");
  CHECK(bucket_of({{"level", "none"}}) == "screening");
  CHECK(office.shown(office.customer(), "follow_bucket") == "screening");
  CHECK(bucket_of({{"stage", "lost"}, {"closed_on", "2026-11-20"}, {"lost_reason", "price"}, {"lost_analysis", "价格高出一成"}}) == "screening");

  const Id customer = office.customer();
  office.deal(customer, {{"level", "c"}});
  office.deal(customer, {{"expected_close", "2026-12-31"}});
  CHECK(office.shown(customer, "follow_bucket") == "three_month");
}

TEST_CASE("R-CLS-03 life cycle") {
  Customers office;
  CHECK(office.shown(office.customer(), "lifecycle") == "potential");
  CHECK(office.shown(office.customer({{"coop_status", "ended"}}), "lifecycle") == "lost");
  const Id intent = office.customer();
  const Id deal = office.deal(intent, {{"level", "b"}});
  CHECK(office.shown(intent, "lifecycle") == "intent");
  REQUIRE(office.write(catalog::opportunity, deal, {{"level", "none"}}));
  CHECK(office.shown(intent, "lifecycle") == "potential");
  REQUIRE(office.write(catalog::opportunity, deal, {{"stage", "lost"}, {"closed_on", "2026-11-20"}, {"lost_reason", "price"}, {"lost_analysis", "价格高出一成"}}));
  CHECK(office.shown(intent, "lifecycle") == "lost");
  CHECK(office.shown(intent, "next_follow_up").empty());

  const auto stage_of = [&](std::initializer_list<const char*> signed_on) {
    const Id customer = office.customer();
    for (const char* day : signed_on) {
      office.signed_contract(customer, day);
    }
    return office.shown(customer, "lifecycle");
  };
  CHECK(stage_of({"2026-10-01"}) == "new");
  CHECK(stage_of({"2025-01-10", "2026-10-30"}) == "active");
  CHECK(stage_of({"2026-07-01"}) == "silent");
  CHECK(stage_of({"2026-05-01"}) == "lost");
}

TEST_CASE("a customer buys for as long as its contract runs") {
  Customers office;
  const Id running = office.customer();
  office.signed_contract(running, "2026-01-05", "active", "2026-12-31");
  CHECK(office.shown(running, "lifecycle") == "active");
  const Id over = office.customer();
  office.signed_contract(over, "2025-09-01", "active", "2026-08-01");
  CHECK(office.shown(over, "lifecycle") == "silent");
}

TEST_CASE("customers are found and sorted by what is derived, and that follows the day") {
  Customers office;
  const Id later = office.customer({{"grade", "c"}});
  const Id sooner = office.customer({{"grade", "a"}});
  const Field* due = catalog::customer.find("next_follow_up");
  const auto names = [&](const ListQuery& query) {
    std::string text;
    const auto rows = office.store->list(query);
    REQUIRE(rows);
    for (const std::int64_t row : *rows) {
      text += text_or_empty(office.store->read_row(catalog::customer, row)->value("name")) + " ";
    }
    return text;
  };
  CHECK(names({.entity = &catalog::customer, .sort_by = due}) == "客户2 客户1 ");
  CHECK(names({.entity = &catalog::customer, .filters = {{due, Filter::Operator::at_most, {std::string("2026-11-21")}}}}) == "客户2 ");
  office.deal(later, {{"level", "c"}, {"expected_close", "2026-12-31"}});
  const Field* bucket = catalog::customer.find("follow_bucket");
  const ListQuery this_month{.entity = &catalog::customer, .filters = {{bucket, Filter::Operator::equals, {std::string("this_month")}}}};
  CHECK(names(this_month).empty());
  office.environment.wall_ms = noon("2026-12-01");
  CHECK(names(this_month) == "客户1 ");
  CHECK(office.shown(sooner, "follow_bucket") == "screening");
}

}  // namespace kehubu::test
