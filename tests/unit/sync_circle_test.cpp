// Files of right form whose undo steps repeat each other in a circle: no device wrote them, and no walk may go round for ever.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

// Every device first names the customer, then takes back what the next device took back. What repeats itself after one step
// of two devices comes round after several where there are more, and after a stretch that is no part of the circle.
SampleBundle circle_of(int devices, ChangeKind kind, std::string_view field) {
  SampleBundle whole;
  whole.header.catalog = 1;
  for (int device = 0; device < devices; ++device) {
    whole.header.devices.push_back(made_id(1, static_cast<std::uint8_t>(device)));
    whole.header.since.push_back(0);
    whole.header.have.push_back(3);
    const auto own = static_cast<DeviceNumber>(device);
    const auto next = static_cast<DeviceNumber>((device + 1) % devices);
    const auto value = field == deleted_field ? Value(std::int64_t{1}) : Value(std::string("博海餐饮") + std::to_string(device));
    const std::vector<Version> replaced[] = {{}, {{next, 2}}, {{own, 2}}};
    for (std::int64_t sequence = 1; sequence <= 3; ++sequence) {
      Change change;
      change.version = {own, sequence};
      change.clock = 1'795'000'000'000 + sequence * 1000;
      change.action = sequence;
      change.kind = sequence == 1 ? ChangeKind::create : kind;
      change.entity = "customer";
      change.row = made_id(2, 1);
      change.fields.push_back(
          {std::string(sequence == 1 ? "name" : field), sequence == 1 ? Value(std::string("博海餐饮")) : value, replaced[sequence - 1]});
      whole.changes.push_back(change);
    }
  }
  whole.header.device = whole.header.devices.front();
  complete_header(whole);
  return whole;
}

}  // namespace

TEST_CASE("undo steps that repeat each other in a circle end: merging, deciding, history") {
  for (const int devices : {2, 3, 5}) {
    for (const ChangeKind kind : {ChangeKind::undo, ChangeKind::redo}) {
      for (const std::string_view field : {std::string_view("name"), std::string_view("phone"), std::string_view("settlement_time"), deleted_field}) {
        CAPTURE(devices);
        CAPTURE(static_cast<int>(kind));
        CAPTURE(field);
        const SampleBundle sample = circle_of(devices, kind, field);
        TestDevice office{1};
        REQUIRE(office.import(write_sample(sample)).bundles == 1);
        const Entity& customer = *find_entity("customer");
        CHECK(office.store().history(customer, made_id(2, 1)).has_value());
        CHECK(office.store().read_as_of(customer, made_id(2, 1), 1'795'000'003'000).has_value());
        CHECK((field != "settlement_time" || office.conflicts().size() == 1));  // and whose word each side is, is asked
        for (std::vector<Conflict> open = office.conflicts(); !open.empty() && open.front().sides.size() > 1; open = office.conflicts()) {
          if (!office.sync().resolve(open.front(), 0)) {
            break;
          }
        }
        CHECK(*office.store().verify() == "");
        TestDevice colleague{2};
        colleague.import(office.export_all());
        CHECK(colleague.content_hash() == office.content_hash());
        CHECK(colleague.table_hash() == office.table_hash());
      }
    }
  }
}
