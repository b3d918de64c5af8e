// A merge that keeps two histories of one name: what it counts, and whom it tells what of his lost by it.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/store/log.h"
#include "tests/support/company.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

}  // namespace

TEST_CASE("S3: whose note loses in a merge that keeps two histories is told, and a clock ahead wins nothing by it") {
  for (const bool ahead : {false, true}) {
    CAPTURE(ahead);
    ClonedTablet company;
    const Id mine = company.customer(company.office, "我的");
    Company::give(company.office, company.colleague);
    company.note(company.office, mine);
    const std::string before = company.office.text("customer", mine, "phone");
    company.colleague.environment().now = company.office.environment().now + 10'000;
    company.colleague.environment().skew = ahead ? 3LL * 86'400'000 : 0;
    company.note(company.colleague, mine);
    const MergeReport report = company.office.import(company.colleague.export_all());
    CHECK((company.office.text("customer", mine, "phone") == before) == ahead);
    const auto told = company.office.sync().concerns().value();
    const auto of_note = std::ranges::count_if(told, [&](const Sync::Concern& one) { return one.record.row == mine && one.text.zh.contains("写得比您晚"); });
    CHECK(of_note == (ahead ? 0 : 1));
    CHECK(report.superseded == (ahead ? 1 : 2));  // of the shared one it is somebody else's
    company.colleague.environment().skew = 0;
    company.settle();
  }
}

TEST_CASE("S3: who meets another history of its own name is told which of its notes and decided values lost by it, named or not") {
  for (const bool named : {true, false}) {
    for (const bool in_three : {false, true}) {
      CAPTURE(named);
      CAPTURE(in_three);
      Company company;
      TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
      if (named) {
        const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
        const Id li = office.create("employee", {{"code", "R01"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
        Company::give(office, tablet);
        tablet.use_as(wang);
        office.use_as(li);
      }
      const Id mine = company.customer(tablet, "我的"), shared = company.customer(tablet, "大家的");
      Company::give(tablet, office);
      company.note(tablet, shared);  // before the histories part
      TestDevice* third = in_three ? &company.clone(tablet) : nullptr;
      if (third != nullptr) {
        third->environment().now += 120'000;  // its file is the later one: what was cut is cut again, earlier
        company.customer(*third, "第三份的");
        company.customer(tablet, "后来的");
      }
      TestDevice& twin = company.clone(tablet);
      company.note(tablet, mine);
      for (TestDevice* device : {&twin, &office}) {
        device->environment().now = tablet.environment().now + 60'000;
      }
      company.note(twin, mine);
      company.note(office, shared);
      Company::give(office, twin);
      const MergeReport report = third != nullptr ? tablet.import({twin.export_all(), third->export_all()}) : tablet.import(twin.export_all());
      REQUIRE(report.refused == 0);
      CHECK(report.superseded == 2);
      for (const Id& row : {mine, shared}) {
        const auto told = tablet.sync().concerns().value();
        const auto of_row = std::ranges::find(told, row, [](const Sync::Concern& one) { return one.record.row; });
        REQUIRE(of_row != told.end());
        CHECK(of_row->text.zh.contains("写得比您晚"));
        CHECK(std::ranges::find(report.concerns, of_row->text) != report.concerns.end());
      }
      // It goes on under another name, and is still the one that wrote the rest.
      const Id later = company.customer(tablet, "换名之后");
      company.settle();
      CHECK(tablet.text("customer", later, "name") == "换名之后");
    }
  }
}

TEST_CASE("S3: what was written under a name that was left and loses later is told, too") {
  Company company;
  TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
  const Id mine = company.customer(tablet, "我的");
  Company::give(tablet, office);
  company.note(tablet, mine);
  REQUIRE(tablet.sync().start_as_new_device());
  office.environment().now = tablet.environment().now + 60'000;
  company.note(office, mine);
  CHECK(Company::give(office, tablet).concerns.size() == 1);
  CHECK(tablet.sync().concerns().value().size() == 1);
}

TEST_CASE("S3: a merge that keeps two histories counts what lost, what a rule left out and what was not understood like any other") {
  for (const bool is_clone : {true, false}) {  // of two devices that are none the same is said
    CAPTURE(is_clone);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
    std::vector<Id> customers, visits;
    for (int number = 0; number < 10; ++number) {
      customers.push_back(company.customer(tablet, "客户 " + std::to_string(number)));
    }
    for (int number = 0; number < 2; ++number) {
      visits.push_back(tablet.create("interaction", {{"customer", customers[0]}, {"status", "planned"}, {"planned_at", tablet.environment().now}, {"content", "原来"}}, as_it_is));
    }
    // What was settled and left out before is no part of it.
    company.note(tablet, customers[0]);
    Company::give(tablet, office);
    company.note(tablet, customers[1]);
    office.environment().now += 60'000;
    company.note(office, customers[1]);
    Company::give(office, tablet);
    TestDevice& other = is_clone ? company.clone(tablet) : company.hire("李强的平板");
    Company::give(tablet, other);
    for (const Id& visit : visits) {
      tablet.edit("interaction", visit, {{"status", std::string("done")}});
      other.edit("interaction", visit, {{"content", std::string("改了")}});
    }
    for (const Id& row : customers) {
      company.note(tablet, row);
    }
    other.environment().now = tablet.environment().now + 90'000;
    for (const Id& row : customers) {
      company.note(other, row);
    }
    StoreInternals& store = internals(other.store());
    REQUIRE(store.begin());
    const DeviceNumber number = store.log().device_number(other.id());
    const std::int64_t next = store.log().last_sequence(number) + 1;
    const Change strange{.version = {number, next}, .clock = other.environment().now, .action = next, .kind = ChangeKind::create, .person = {},
                         .entity = "of_a_newer_program", .row = customers[0], .fields = {{"name", std::string("未知"), {}}}};
    REQUIRE(store.log().append({&strange, 1}));
    REQUIRE(store.materialiser().apply({&strange, 1}));
    REQUIRE(store.commit());
    Company::give(tablet, office);
    const MergeReport report = Company::give(other, office);
    CHECK(report.superseded == 10);
    CHECK(report.ruled_out == 2);
    CHECK(report.parked == 1);
    CHECK(report.records_touched == 12);
    CHECK(report.conflicts_opened == 0);
    CHECK(office.sync().concerns().value().size() == 0);
  }
}
