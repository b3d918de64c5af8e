// Two offices and a tablet of one company, for tests of what becomes of their work when it meets.
#pragma once

#include <doctest/doctest.h>

#include "core/store/log.h"
#include "tests/support/conflict_properties.h"

namespace kehubu::test {

inline constexpr WriteOptions as_it_is{.skip_validation = true};

struct Three {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "王敏的平板"};
  TestDevice branch{3, "分部"};
  Id li, wang;
  bool undoes = false;  // each answer that is tried out, too

  Three() {
    li = office.create("employee", {{"code", "R01"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
    wang = office.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    office.use_as(li);
    tablet.use_as(wang);
  }
  // In an order of their own each; a late one hears of everything at once.
  void share() {
    exchange({&office, &tablet, &branch});
    TestDevice latecomer{77};
    latecomer.import({branch.export_all()});
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(device->table_hash() == latecomer.table_hash());
      CHECK(device->store().verify().value() == "");
      CHECK(check_conflicts(*device) == "");
    }
    CHECK(check_choices(office, 1000, undoes) == "");
  }
  Id make_customer(const char* code, const char* name) { return office.create("customer", {{"code", code}, {"name", name}}, as_it_is); }
  Value parent(const Id& row) { return tablet.value("customer", row, "parent"); }
  void check_none_open() {
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(device->conflicts().empty());
    }
  }
  // Refused on one device, with the rules on.
  static void edit_as_a_person(TestDevice& device, std::string_view entity, const Id& row, const TestDevice::FieldValues& fields) {
    device.edit(entity, row, fields, {});
  }
};

}  // namespace kehubu::test
