// Clones: one name used on two machines or more. Whoever has which of the histories, whoever built on which, in whatever
// order they meet: everybody can exchange with everybody, all end with the same content, and no edit is lost.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/store/log.h"
#include "core/sync/bundle.h"
#include "tests/support/temporary_file.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

// A company of devices that can be cloned, and what was written on all of them.
class Company {
 public:
  Company() = default;
  ~Company() {
    for (const std::string& path : backups_) {
      std::remove(path.c_str());
    }
  }

  TestDevice& hire(std::string name) {
    devices_.push_back(std::make_unique<TestDevice>(devices_.size() + 1, std::move(name)));
    return *devices_.back();
  }
  TestDevice& clone(TestDevice& original) {
    backups_.push_back(temporary_path("clone_" + std::to_string(backups_.size()) + ".backup"));
    std::remove(backups_.back().c_str());
    REQUIRE(sqlite3_exec(original.store().connection(), ("VACUUM INTO '" + backups_.back() + "'").c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    devices_.push_back(std::make_unique<TestDevice>(20 + devices_.size(), original.store().identity().name, backups_.back()));
    devices_.back()->environment().now = original.environment().now;
    return *devices_.back();
  }
  Id customer(TestDevice& device, const std::string& name) {
    written_.insert(name);
    return device.create("customer", {{"name", name}}, as_it_is);
  }
  // Notes that the later clock settles, and a value that a person decides.
  void note(TestDevice& device, const Id& row) {
    const std::string text = "修改 " + std::to_string(written_.size());
    written_.insert(text);
    device.edit("customer", row, {{"phone", text}});
  }
  void address(TestDevice& device, const Id& row) {
    const std::string text = "修改 " + std::to_string(written_.size());
    written_.insert(text);
    device.edit("customer", row, {{"settlement_time", text}});
  }
  static MergeReport give(TestDevice& from, TestDevice& to) {
    const MergeReport report = to.import(from.export_all());
    CHECK_MESSAGE(report.refused == 0, (report.remarks.empty() ? std::string() : report.remarks[0].zh));
    CHECK(report.waiting == 0);
    return report;
  }

  // Everybody gives everything to everybody; then all know the same, and every edit stands, lost to a later one that knew
  // of it, or waits beside others.
  void settle() {
    for (int round = 0; round < 2; ++round) {
      for (const auto& from : devices_) {
        for (const auto& to : devices_) {
          if (from != to) {
            give(*from, *to);
          }
        }
      }
    }
    for (const auto& device : devices_) {
      CHECK(device->content_hash() == devices_[0]->content_hash());
      CHECK(device->table_hash() == devices_[0]->table_hash());
      CHECK(device->store().verify().value() == "");
    }
    count_edits(*devices_[0]);
    for (const auto& device : devices_) {
      const Edit nothing{.entity = find_entity("customer"), .row = new_id(device->environment()), .fields = {{find_entity("customer")->find("name"), Value{std::string{"之后"}}}}};
      CHECK(device->store().write({&nothing, 1}, as_it_is));
    }
    // They go on, and send each other what the other lacks.
    for (const auto& from : devices_) {
      CHECK(devices_[0]->import(what_is_new(*from, *devices_[0])).refused == 0);
    }
    for (const auto& to : devices_) {
      CHECK(to->import(what_is_new(*devices_[0], *to)).refused == 0);
      CHECK(to->content_hash() == devices_[0]->content_hash());
    }
  }
  static std::string what_is_new(TestDevice& from, TestDevice& to) {
    const std::vector<Peer> peers = from.sync().peers().value();
    const bool known = std::ranges::find(peers, to.id(), &Peer::device) != peers.end();
    return known ? from.export_for(to) : from.export_all();
  }
  [[nodiscard]] TestDevice& at(std::size_t index) { return *devices_[index % devices_.size()]; }
  [[nodiscard]] std::size_t size() const { return devices_.size(); }

 private:
  void count_edits(TestDevice& device) {
    Log& log = internals(device.store()).log();
    std::map<std::pair<Id, std::string>, std::set<Version>> versions, replaced;
    std::set<std::string> found;
    std::map<Id, std::string> entity_of;
    for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
      REQUIRE(log.for_each(number, 1, largest_sequence, [&](const Change& change) -> Status {
        entity_of.emplace(change.row, change.entity);
        for (const FieldChange& field : change.fields) {
          const auto cell = std::pair(change.row, field.field);
          versions[cell].insert(change.version);
          replaced[cell].insert(field.replaced.begin(), field.replaced.end());
          found.insert(text_or_empty(field.value));
        }
        return {};
      }));
    }
    for (const std::string& text : written_) {
      CHECK_MESSAGE(found.contains(text), text);
    }
    std::int64_t open = 0;
    for (const auto& [cell, all] : versions) {
      std::vector<Version> expected;
      std::ranges::set_difference(all, replaced[cell], std::back_inserter(expected));
      auto heads = internals(device.store()).materialiser().heads(*find_entity(entity_of[cell.first]), cell.first, cell.second).value();
      std::ranges::sort(heads);
      CHECK(heads == expected);
      for (const Version& version : replaced[cell]) {
        CHECK(all.contains(version));  // what replaced it knew it under the name that it has now
      }
      open += cell.second == "settlement_time" && heads.size() > 1 ? 1 : 0;
    }
    const auto conflicts = device.conflicts();
    CHECK(std::ranges::count(conflicts, ConflictKind::field, &Conflict::kind) == open);
  }

  std::vector<std::unique_ptr<TestDevice>> devices_;
  std::vector<std::string> backups_;
  std::set<std::string> written_;
};

// Head office, a tablet, its clone, and a colleague who has the clone's history and built on it.
struct ClonedTablet : Company {
  TestDevice& office = hire("总部");
  TestDevice& tablet = hire("王敏的平板");
  TestDevice& colleague = hire("李强的平板");
  Id shared = customer(tablet, "共同的");
  TestDevice* twin = nullptr;
  explicit ClonedTablet(bool meet_first = true) {
    if (meet_first) {
      give(tablet, office);
      give(office, colleague);
      give(office, tablet);
    }
    twin = &clone(tablet);
    note(tablet, shared);
    address(tablet, shared);
    customer(tablet, "原来的");
    const Id made = customer(*twin, "克隆的");
    note(*twin, shared);
    address(*twin, shared);
    give(tablet, office);
    give(*twin, colleague);
    note(colleague, made);     // built on what only the clone wrote
    address(colleague, shared);
    note(office, shared);
  }
};

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

TEST_CASE("S3: tablet and clone themselves take new names when they meet the other's history, and write on") {
  ClonedTablet company;
  const Id old = company.tablet.id();
  const std::string letter = company.tablet.store().identity().letter;
  const MergeReport report = Company::give(*company.twin, company.tablet);
  CHECK(std::ranges::any_of(report.remarks, [](const Sentence& remark) { return remark.zh.contains("本机从此以新设备的身份继续"); }));
  CHECK(company.tablet.id() != old);
  CHECK(company.tablet.store().identity().letter != letter);
  company.customer(company.tablet, "换名之后");
  company.customer(*company.twin, "还不知道");  // the clone goes on meanwhile
  Company::give(*company.twin, company.office);
  company.settle();
  CHECK(company.twin->id() != old);
  CHECK(company.twin->id() != company.tablet.id());
}

TEST_CASE("the halves of a split device are two devices to people: letters, numbers, files and names differ, and the dead name is offered no more") {
  for (const bool halves_meet : {true, false}) {
    CAPTURE(halves_meet);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
    const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    Company::give(office, tablet);
    tablet.use_as(wang);
    company.customer(tablet, "共同的");
    Company::give(tablet, office);
    const Id old = tablet.id();
    TestDevice& twin = company.clone(tablet);
    company.customer(tablet, "原来的");
    company.customer(twin, "克隆的");
    Company::give(tablet, office);
    const MergeReport split = Company::give(twin, office);
    CHECK(split.changes_applied >= 1);
    CHECK(split.records_touched == 1);  // the customer of the clone
    // Each hears of the other by head office alone, and neither what the other is called now.
    const std::string everything = office.export_all();
    tablet.import(everything);
    twin.import(everything);
    const DeviceIdentity one = tablet.store().identity(), other = twin.store().identity();
    CHECK(one.device != old);
    CHECK(other.device != old);
    CHECK(one.letter != other.letter);
    CHECK(one.letter != "A");
    CHECK(other.letter != "A");
    CHECK(one.name == "王敏的平板（" + one.letter + "）");
    CHECK(other.name == "王敏的平板（" + other.letter + "）");
    const Id first = tablet.create("customer", {{"name", "之后甲"}}, {}), second = twin.create("customer", {{"name", "之后乙"}}, {});
    CHECK(tablet.text("customer", first, "code") != twin.text("customer", second, "code"));
    if (halves_meet) {
      Company::give(tablet, twin);
    }
    Company::give(tablet, office);
    const auto peers_in_between = office.sync().peers().value();
    CHECK(std::ranges::any_of(peers_in_between, [&](const Peer& peer) { return peer.device == old; }));  // the other half goes by it still, for all one knows
    Company::give(twin, office);
    const auto peers = office.sync().peers().value();
    CHECK(std::ranges::none_of(peers, [&](const Peer& peer) { return peer.device == old; }));
    CHECK(std::ranges::count(peers, one.device, &Peer::device) == 1);
    CHECK(std::ranges::count(peers, other.device, &Peer::device) == 1);
    CHECK(office.conflicts().empty());
    company.settle();
  }
}

TEST_CASE("a half of a split device has one name everywhere: in conflicts what it is sent to by") {
  Company company;
  TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
  const Id row = company.customer(tablet, "共同的");
  Company::give(tablet, office);
  TestDevice& twin = company.clone(tablet);
  company.address(tablet, row);
  company.address(twin, row);
  Company::give(tablet, office);
  Company::give(twin, office);
  const std::string everything = office.export_all();
  tablet.import(everything);
  twin.import(everything);
  Company::give(tablet, office);
  Company::give(twin, office);
  const std::string one = tablet.store().identity().name, other = twin.store().identity().name;
  REQUIRE(one != other);
  const auto names_at = [](TestDevice& device) {
    std::set<std::string> names;
    const Conflict conflict = device.conflicts().at(0);
    for (const ConflictSide& side : conflict.sides) {
      names.insert(side.authors.at(0).device_name);
    }
    return names;
  };
  CHECK(names_at(office) == std::set<std::string>{one, other});
  CHECK(names_at(tablet).contains(one));  // of the other's letter it has not heard
  Company::give(office, tablet);
  TestDevice newcomer{90, "新来的"};
  newcomer.import(tablet.export_all());
  CHECK(names_at(newcomer).contains(one));
  company.settle();
}

TEST_CASE("three machines of one name that hear of each other's letters late end with three letters, and say so") {
  for (const bool halves_write_first : {true, false}) {
    CAPTURE(halves_write_first);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
    const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    Company::give(office, tablet);
    tablet.use_as(wang);
    company.customer(tablet, "共同的");
    Company::give(tablet, office);
    TestDevice& twin = company.clone(tablet);
    TestDevice& third = company.clone(tablet);
    const std::vector<TestDevice*> machines{&tablet, &twin, &third};
    for (TestDevice* machine : machines) {
      company.customer(*machine, "各写各的" + std::to_string(machine - machines.front()));
    }
    // Two leave the name by a file that knows of two histories, the third by one that knows of three.
    Company::give(tablet, office);
    Company::give(twin, office);
    const std::string of_two = office.export_all();
    tablet.import(of_two);
    twin.import(of_two);
    Company::give(third, office);
    third.import(office.export_all());
    const auto write_numbers = [&] {
      for (TestDevice* machine : machines) {
        machine->create("customer", {{"name", "编号的"}}, {});
      }
    };
    if (halves_write_first) {
      write_numbers();
    }
    // By head office alone.
    std::size_t told = 0;
    for (int round = 0; round < 3; ++round) {
      for (TestDevice* machine : machines) {
        Company::give(*machine, office);
      }
      for (TestDevice* machine : machines) {
        const MergeReport report = machine->import(office.export_all());
        told += static_cast<std::size_t>(std::ranges::count_if(report.remarks, [](const Sentence& remark) { return remark.zh.contains("您的另一台设备也在用：本机以后改用"); }));
      }
      write_numbers();
    }
    std::set<std::string> letters, names;
    for (TestDevice* machine : machines) {
      const DeviceIdentity identity = machine->store().identity();
      letters.insert(identity.letter);
      names.insert(identity.name);
      CHECK(identity.name == "王敏的平板（" + identity.letter + "）");
    }
    CHECK(letters.size() == 3);
    CHECK(names.size() == 3);
    CHECK(told <= 2);
  }
}

TEST_CASE("two devices of one person that took the same letter, not knowing of each other: the younger one takes the next, and says so") {
  for (const bool older_hears_first : {true, false}) {
    CAPTURE(older_hears_first);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板"), &phone = company.hire("王敏的手机");
    const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    for (TestDevice* machine : {&tablet, &phone}) {
      Company::give(office, *machine);
      REQUIRE(machine->store().set_identity({.letter = "A", .name = machine == &tablet ? "王敏的平板" : "王敏的手机", .person = wang}).has_value());
      machine->create("customer", {{"name", "编号的"}}, {});
    }
    TestDevice &older = tablet.id() < phone.id() ? tablet : phone, &younger = tablet.id() < phone.id() ? phone : tablet;
    const std::string letter = older.store().identity().letter;
    const auto says_so = [](const MergeReport& report) {
      return std::ranges::any_of(report.remarks, [](const Sentence& remark) { return remark.zh.contains("您的另一台设备也在用：本机以后改用"); });
    };
    const std::string of_older = older.export_all(), of_younger = younger.export_all();
    if (older_hears_first) {
      CHECK_FALSE(says_so(older.import(of_younger)));
      CHECK(says_so(younger.import(of_older)));
    } else {
      CHECK(says_so(younger.import(of_older)));
      CHECK_FALSE(says_so(older.import(of_younger)));
    }
    CHECK(older.store().identity().letter == letter);
    CHECK(younger.store().identity().letter != letter);
    // Once is enough, and what they number from now on is not the same.
    CHECK_FALSE(says_so(younger.import(older.export_all())));
    CHECK_FALSE(says_so(older.import(younger.export_all())));
    const auto next_number = [](TestDevice& device) { return device.text("customer", device.create("customer", {{"name", "新的"}}), "code"); };
    CHECK(next_number(older) != next_number(younger));
  }
}

TEST_CASE("a device that went on under a new name is offered under that name only") {
  Company company;
  TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板");
  company.customer(tablet, "之前的");
  Company::give(tablet, office);
  const Id old = tablet.id();
  REQUIRE(tablet.sync().start_as_new_device().has_value());
  company.customer(tablet, "之后的");
  Company::give(tablet, office);
  const auto peers = office.sync().peers().value();
  REQUIRE(peers.size() == 1);
  CHECK(peers[0].device == tablet.id());
  CHECK(peers[0].former == old);
  CHECK(peers[0].name == "王敏的平板（" + tablet.store().identity().letter + "）");
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
