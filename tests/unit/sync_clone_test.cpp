// Clones: one name used on two machines or more. Whoever has which of the histories, whoever built on which, in whatever
// order they meet: everybody can exchange with everybody, all end with the same content, and no edit is lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/store/log.h"
#include "core/sync/bundle.h"
#include "core/sync/merge_session.h"
#include "tests/support/company.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

}  // namespace

TEST_CASE("S3: head office and a colleague with the clone's history exchange again, whoever begins") {
  for (const bool office_first : {true, false}) {
    CAPTURE(office_first);
    ClonedTablet company;
    TestDevice& first = office_first ? company.office : company.colleague;
    TestDevice& second = office_first ? company.colleague : company.office;
    CHECK(second.preview(first.export_all()).keeps_both);
    Company::give(first, second);
    Company::give(second, first);
    CHECK(first.content_hash() == second.content_hash());
    CHECK(first.table_hash() == second.table_hash());
    CHECK(first.store().verify().value() == "");
    CHECK(first.conflicts().size() == 1);  // the tablet's and the colleague's, who knew the clone's
    company.settle();
  }
}

TEST_CASE("S3: in every order of the ways out the content is the same in the end") {
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    ClonedTablet company;
    const std::string taken = std::to_string(order[0]) + std::to_string(order[1]) + std::to_string(order[2]) + std::to_string(order[3]);
    CAPTURE(taken);
    for (std::size_t index = 0; index < order.size(); ++index) {
      Company::give(company.at(order[index]), company.at(order[(index + 1) % order.size()]));
    }
    company.settle();
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("S3: three histories of one name, the third parted from the second later") {
  for (int first = 0; first < 5; ++first) {
    CAPTURE(first);
    ClonedTablet company;
    TestDevice& third = company.clone(*company.twin);
    company.note(*company.twin, company.shared);
    company.address(third, company.shared);
    company.customer(third, "第三份");
    TestDevice& other = company.hire("赵云的平板");
    Company::give(third, other);
    company.note(other, company.shared);
    // The later parting is met first, or last.
    Company::give(company.at(static_cast<std::size_t>(first)), company.at(static_cast<std::size_t>(first) + 2));
    Company::give(company.at(static_cast<std::size_t>(first) + 3), company.at(static_cast<std::size_t>(first)));
    company.settle();
  }
}

TEST_CASE("S3: both histories in one merge, each with decisions, are told and counted as if they had come one after the other") {
  for (const bool at_once : {true, false}) {
    CAPTURE(at_once);
    ClonedTablet company;
    TestDevice& author = company.hire("赵云的平板");
    Company::give(company.office, author);
    company.address(author, company.shared);
    company.address(company.tablet, company.shared);
    Company::give(author, company.tablet);
    TestDevice& second = company.clone(company.tablet);
    for (TestDevice* device : {&company.tablet, &second}) {
      const std::vector<Conflict> open = device->conflicts();
      REQUIRE(open.size() == 1);
      const auto kept = std::ranges::find_if(open[0].sides, [&](const ConflictSide& side) { return side.authors[0].device != author.id(); });
      device->environment().now += device == &second ? 60'000 : 0;  // or both would write the very same change
      REQUIRE(device->sync().resolve(open[0], static_cast<std::size_t>(kept - open[0].sides.begin())));
      company.customer(*device, "裁定之后" + std::to_string(device->environment().below(1'000'000)));
    }
    const std::string one = company.tablet.export_all(), other = second.export_all();
    MergeReport report;
    if (at_once) {
      report = author.import({one, other});
    } else {
      report = author.import(one);
      CHECK(report.refused == 0);
      report = author.import(other);
    }
    CHECK(report.refused == 0);
    CHECK(report.waiting == 0);
    CHECK(report.records_touched >= 2);
    CHECK(author.store().verify().value() == "");
    CHECK(!author.sync().concerns().value().empty());
    company.settle();
  }
}

TEST_CASE("S3: of a file whose histories part no more is held in memory at a time than of any other, however much it tells") {
  Company company;
  TestDevice& office = company.hire("总部");
  TestDevice& tablet = company.hire("王敏的平板");
  constexpr std::int64_t told = 2'500;
  const Entity& customer = *find_entity("customer");
  const auto write = [&](TestDevice& device, std::int64_t customers) {
    std::vector<Edit> edits;
    for (std::int64_t index = 0; index < customers; ++index) {
      edits.push_back({.entity = &customer, .row = new_id(device.environment()), .fields = {{customer.find("name"), "客户 " + std::to_string(index)}}});
    }
    REQUIRE(device.store().write(edits, as_it_is));
  };
  write(tablet, 1);
  Company::give(tablet, office);
  TestDevice& twin = company.clone(tablet);
  write(twin, told);
  write(tablet, 1);
  Company::give(twin, office);
  CHECK(office.preview(tablet.export_all()).keeps_both);
  TestDevice& newcomer = company.hire("新来的平板");
  // Cut in the middle of what the twin told; and a branch that nobody there has heard of.
  for (const auto& [from, to] : {std::pair{&tablet, &office}, {&office, &newcomer}}) {
    StoreInternals& store = internals(to->store());
    SyncTables tables{store.connection()};
    WaitingFiles waiting{store.connection()};
    MergeSession session{store, tables, waiting, {}};
    Progress progress;
    const auto report = run_to_end(session.run({{"file.json", from->export_all()}}, progress));
    REQUIRE(report);
    CHECK(report->refused == 0);
    CHECK(report->changes_applied >= (to == &office ? 1 : told));
    CHECK(session.most_changes_held() <= 1'024);
  }
  CHECK(newcomer.content_hash() == office.content_hash());
}

TEST_CASE("S3: a device cloned before it wrote anything") {
  Company company;
  TestDevice& office = company.hire("总部");
  TestDevice& tablet = company.hire("王敏的平板");
  TestDevice& twin = company.clone(tablet);
  const Id one = company.customer(tablet, "一");
  const Id other = company.customer(twin, "另一");
  company.note(tablet, one);
  company.note(twin, other);
  Company::give(tablet, office);
  company.note(office, one);
  Company::give(twin, office);
  CHECK(*office.store().count({.entity = find_entity("customer")}) == 2);
  company.settle();
}

TEST_CASE("S3: who has not heard of the clone goes on sending under the old name") {
  ClonedTablet company;
  TestDevice& other = company.hire("赵云的平板");
  Company::give(company.tablet, other);
  Company::give(company.colleague, company.office);  // head office knows both from here on
  company.note(other, company.shared);
  company.customer(company.tablet, "又一个");  // the tablet has not heard of it either
  Company::give(company.tablet, other);
  Company::give(other, company.office);
  CHECK(company.office.import(Company::what_is_new(other, company.office)).refused == 0);
  company.settle();
}

TEST_CASE("S3: a bundle of another history that reaches back too little waits for what it builds on") {
  ClonedTablet company;
  TestDevice& other = company.hire("赵云的平板");
  Company::give(*company.twin, other);
  Company::give(other, *company.twin);
  company.customer(*company.twin, "最新的");
  const std::string late = company.twin->export_for(other);
  const std::string hash = company.office.content_hash();
  const Preview preview = company.office.preview(late);
  CHECK(preview.state == BundleState::waiting);
  const MergeReport waiting = company.office.import(late);
  CHECK(waiting.waiting == 1);
  CHECK(waiting.refused == 0);
  // Told as it was before: what it lacks, and not that waiting files build on each other.
  REQUIRE(waiting.remarks.size() == 1);
  CHECK(waiting.remarks[0].zh == "file-1.json：" + preview.lines.front().text.zh);
  CHECK(waiting.remarks[0].zh.contains("缺少“"));
  CHECK(company.office.content_hash() == hash);
  const MergeReport complete = company.office.import(other.export_all());
  CHECK(complete.bundles == 2);
  CHECK(complete.waiting == 0);
  company.settle();
}

TEST_CASE("S3: histories that part in the midst of a file, of which its header says nothing, are both kept and told before") {
  Company company;
  TestDevice& office = company.hire("总部");
  TestDevice& tablet = company.hire("王敏的平板");
  company.customer(tablet, "一");
  TestDevice& twin = company.clone(tablet);
  company.customer(tablet, "二");
  company.customer(tablet, "三");
  Company::give(tablet, office);
  for (const char* name : {"甲", "乙", "丙"}) {
    company.customer(twin, name);
  }
  const std::string bundle = twin.export_all();  // of numbers 1 to 4, where the office has 1 to 3
  const Preview preview = office.preview(bundle);
  CHECK(preview.state == BundleState::ready);
  CHECK(preview.keeps_both);
  CHECK(preview.new_changes == 3);
  CHECK(preview.records == 4);
  REQUIRE(preview.lines.size() == 3);
  CHECK(preview.lines[0].text.zh.starts_with("设备“王敏的平板”的身份用在了两台机器上"));
  CHECK(preview.lines[1].text.zh == "客户：3 个新建");
  CHECK(preview.lines[2].text.zh == "另有 1 处这里已经有了");
  const MergeReport report = office.import(bundle);
  CHECK(report.bundles == 1);
  CHECK(report.changes_applied == 3);
  CHECK(*office.store().count({.entity = find_entity("customer")}) == 6);
  company.settle();
}

TEST_CASE("S3: what a peer knows of both histories is remembered under the names that they have here") {
  ClonedTablet company;
  Company::give(company.colleague, company.office);
  const auto peers = company.office.sync().peers().value();
  const auto colleague = std::ranges::find(peers, company.colleague.id(), &Peer::device);
  REQUIRE(colleague != peers.end());
  CHECK(colleague->lacks == 4);  // three changes of the tablet after the parting, one of head office
  // And the branches are what they were when the log is read anew.
  const std::string hash = company.office.content_hash();
  StoreInternals& internal = internals(company.office.store());
  REQUIRE(internal.begin());
  internal.rollback();
  CHECK(company.office.content_hash() == hash);
  CHECK(company.office.store().verify().value() == "");
  company.settle();
}

TEST_CASE("S3: a newcomer takes both histories from one bundle") {
  ClonedTablet company;
  Company::give(company.colleague, company.office);
  const std::string bundle = company.office.export_all();
  CHECK(bundle.contains("\"version\":3,"));
  CHECK(bundle.contains("\"origins\":["));
  TestDevice& newcomer = company.hire("新来的");
  CHECK(newcomer.preview(bundle).state == BundleState::ready);
  CHECK(newcomer.import(bundle).bundles == 1);
  CHECK(newcomer.content_hash() == company.office.content_hash());
  CHECK(newcomer.store().verify().value() == "");
  CHECK(newcomer.import(bundle).already_known == 1);
  company.settle();
}

TEST_CASE("S3: random companies with clones of clones end with the same content") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    SeededEnvironment dice{seed};
    Company company;
    TestDevice& office = company.hire("总部");
    std::vector<Id> rows;
    rows.push_back(company.customer(office, "第一个"));
    for (const char* name : {"甲", "乙"}) {
      Company::give(office, company.hire(name));
    }
    for (int step = 0; step < 40; ++step) {
      TestDevice& device = company.at(dice.below(company.size()));
      const Id row = rows[dice.below(rows.size())];
      const bool known = device.store().read(*find_entity("customer"), row).has_value();
      switch (dice.below(8)) {
        case 0:
          if (company.size() < 6) {
            company.clone(device);
          }
          break;
        case 1:
          rows.push_back(company.customer(device, "客户 " + std::to_string(step)));
          break;
        case 2:
        case 3:
          known ? company.note(device, row) : void();
          break;
        case 4:
          known ? company.address(device, row) : void();
          break;
        default: {
          TestDevice& other = company.at(dice.below(company.size()));
          if (&other != &device) {
            Company::give(device, other);
          }
        }
      }
    }
    company.settle();
  }
}

TEST_CASE("S3: a bundle whose branch has an origin that does not fit is refused with a sentence") {
  ClonedTablet company;
  Company::give(company.colleague, company.office);
  const std::string bundle = company.office.export_all();
  const std::size_t origins = bundle.find("\"origins\":[");
  const std::size_t end = bundle.find(']', bundle.find("],", origins));
  for (const std::string_view broken : {"\"origins\":[null]", "\"origins\":[[1,2]]", "\"origins\":{}"}) {
    std::string text = bundle;
    text.replace(origins, end - origins, broken);
    TestDevice newcomer{9};
    CHECK(newcomer.preview(text).state == BundleState::refused);
    CHECK(newcomer.import(text).refused == 1);
  }
}

TEST_CASE("histories that part are kept in slices, with progress: nothing stands still while the tables are made anew") {
  Company company;
  TestDevice& rep = company.hire("王敏的平板");
  TestDevice& office = company.hire("总部");
  for (int index = 0; index < 300; ++index) {
    company.customer(rep, "客户 " + std::to_string(index));
  }
  company.give(rep, office);
  TestDevice& clone = company.clone(rep);
  company.customer(rep, "平板的");
  company.customer(clone, "复制的");
  company.give(rep, office);
  Progress progress;
  Scheduler scheduler{office.environment()};
  std::optional<Result<MergeReport>> report;
  scheduler.spawn(office.sync().merge({{"clone.json", clone.export_all()}}, progress), std::function<void(Result<MergeReport>)>([&](Result<MergeReport> done) { report = std::move(done); }));
  std::set<std::int64_t> seen;
  while (scheduler.run(0)) {
    if (progress.activity.zh == "正在合并" && progress.total >= 200) {
      seen.insert(progress.done);
    }
  }
  REQUIRE(report.has_value());
  REQUIRE(report->has_value());
  CHECK((*report)->bundles == 1);
  CHECK(seen.size() >= 3);
  CHECK(office.store().verify().value() == "");
  CHECK(*office.store().count({.entity = find_entity("customer")}) == 302);
}

TEST_CASE("S3: of a merge that keeps two histories the report counts what it opened, not what was open already") {
  ClonedTablet company;
  TestDevice& other = company.hire("赵云的平板");
  const Id row = company.customer(company.office, "有争议的");
  Company::give(company.office, other);
  company.address(company.office, row);
  company.address(other, row);
  Company::give(other, company.office);
  REQUIRE(company.office.conflicts().size() == 1);
  const MergeReport report = company.office.import(company.colleague.export_all());
  CHECK(report.conflicts_open == 2);
  CHECK(report.conflicts_opened == 1);
  CHECK(report.conflicts_closed == 0);
  company.settle();
}

TEST_CASE("S3: a file with many histories of one name costs one walk along the log, however many they are") {
  std::int64_t reads[2] = {};
  for (const int variants : {4, 16}) {
    CAPTURE(variants);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板"), &collector = company.hire("李强的平板");
    const Entity& customer = *find_entity("customer");
    std::vector<Edit> edits;
    for (int number = 0; number < 1'000; ++number) {
      edits.push_back({.entity = &customer, .row = new_id(office.environment()), .fields = {{customer.find("name"), Value("客户 " + std::to_string(number))}}});
    }
    REQUIRE(office.store().write(edits, as_it_is));
    const Id shared = company.customer(tablet, "共同的");
    for (int number = 0; number < 16; ++number) {
      company.note(tablet, shared);
      if (number < variants) {
        TestDevice& twin = company.clone(tablet);
        company.customer(twin, "第 " + std::to_string(number) + " 份");
        Company::give(twin, collector);
      }
    }
    Company::give(tablet, office);
    const std::string file = collector.export_all();
    Log& log = internals(office.store()).log();
    const std::int64_t before = log.segments_read();
    const MergeReport report = office.import(file);
    CHECK(report.refused == 0);
    reads[variants == 4 ? 0 : 1] = log.segments_read() - before;
    CHECK(office.store().verify().value() == "");
    REQUIRE(collector.import(office.export_all()).refused == 0);
    CHECK(office.content_hash() == collector.content_hash());
    CHECK(office.table_hash() == collector.table_hash());
  }
  MESSAGE(reads[0] << " segments for 4 histories, " << reads[1] << " for 16");
  CHECK(reads[1] < 3 * reads[0]);  // one after the other it was four times as many
}

TEST_CASE("S3: two histories that end with the same number, each cloned again there: who takes all from one file has what each goes on from") {
  Company company;
  TestDevice &collector = company.hire("总部"), &tablet = company.hire("王敏的平板");
  const Id shared = company.customer(tablet, "共同的");
  Company::give(tablet, collector);
  TestDevice& twin = company.clone(tablet);
  company.address(tablet, shared);
  company.address(twin, shared);
  TestDevice &tablet_again = company.clone(tablet), &twin_again = company.clone(twin);
  for (TestDevice* machine : {&tablet, &tablet_again, &twin, &twin_again}) {
    company.address(*machine, shared);  // over what its own history has there
    Company::give(*machine, collector);
  }
  TestDevice& newcomer = company.hire("新来的");
  Company::give(collector, newcomer);
  CHECK(newcomer.content_hash() == collector.content_hash());
  CHECK(newcomer.table_hash() == collector.table_hash());
  CHECK(newcomer.store().verify().value() == "");
  company.settle();
}

TEST_CASE("S3: a file in which another's histories part brings a restored tablet its own changes back, too: told before and after") {
  Company company;
  TestDevice &office = company.hire("总部"), &tablet = company.hire("王敏的平板"), &colleague = company.hire("李强的平板");
  company.customer(office, "备份之前");
  TestDevice& restored = company.clone(office);  // and what it is a copy of is gone
  company.customer(office, "备份之后甲");
  company.customer(office, "备份之后乙");
  Company::give(office, colleague);
  company.customer(tablet, "一");
  TestDevice& twin = company.clone(tablet);
  company.customer(tablet, "二");
  for (const char* name : {"甲", "乙", "丙"}) {
    company.customer(twin, name);
  }
  Company::give(tablet, restored);
  Company::give(twin, colleague);
  const std::string file = colleague.export_all();
  const Preview preview = restored.preview(file);
  CHECK(preview.keeps_both);
  CHECK(std::ranges::any_of(preview.lines, [](const PreviewLine& line) { return line.text.zh.starts_with("其中有本机自己做过、但本机已经没有的 2 处修改"); }));
  const MergeReport report = restored.import(file);
  CHECK(report.refused == 0);
  CHECK(std::ranges::any_of(report.remarks, [](const Sentence& remark) { return remark.zh.contains("它自己做过、本机没有了的 2 处修改已经取回"); }));
  Company::give(restored, colleague);
  CHECK(restored.content_hash() == colleague.content_hash());
}
