// What the halves of a cloned device are called, and by which letters they number, so that people can tell them apart.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/support/company.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

}  // namespace

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

TEST_CASE("two devices of one person that took the same letter: the younger one sees it by the older one's numbers, whoever sends them") {
  Company company;
  TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板"), &phone = company.hire("王敏的手机");
  const Id wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
  for (TestDevice* machine : {&tablet, &phone}) {
    Company::give(office, *machine);
    REQUIRE(machine->store().set_identity({.letter = "A", .name = machine == &tablet ? "王敏的平板" : "王敏的手机", .person = wang}).has_value());
    machine->create("customer", {{"name", "编号的"}}, {});
  }
  TestDevice &older = tablet.id() < phone.id() ? tablet : phone, &younger = tablet.id() < phone.id() ? phone : tablet;
  const auto says_so = [](const MergeReport& report) {
    return std::ranges::any_of(report.remarks, [](const Sentence& remark) { return remark.zh.contains("您的另一台设备也在用：本机以后改用"); });
  };
  Company::give(younger, office);
  CHECK_FALSE(says_so(older.import(office.export_all())));
  CHECK(older.store().identity().letter == "A");
  Company::give(older, office);
  CHECK(says_so(younger.import(office.export_all())));
  CHECK(younger.store().identity().letter != "A");
}
