// Small files with many actions on one contract: what is read of the log while they are merged, told of and written on grows with the file.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "core/store/log.h"
#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

const Id contract_id = numbered_id(2, 1), reader = numbered_id(3, 1);

// So many devices, each with so many actions on one contract, which `complete` makes out.
std::string file_of(DeviceNumber devices, std::int64_t actions, const std::function<void(Change&)>& complete) {
  SampleBundle file;
  file.header.catalog = 1;
  for (DeviceNumber device = 0; device < devices; ++device) {
    file.header.devices.push_back(numbered_id(1, device + 1));
    file.header.since.push_back(0);
    file.header.have.push_back(actions);
    for (std::int64_t sequence = 1; sequence <= actions; ++sequence) {
      Change change{.version = {device, sequence}, .clock = 1'795'000'000'000 + sequence, .action = sequence, .kind = ChangeKind::update, .person = {},
                    .entity = "contract", .row = contract_id, .fields = {{"#", sequence, {}}}};
      complete(change);
      file.changes.push_back(std::move(change));
    }
  }
  file.header.device = file.header.devices.front();
  file.header.device_name = "很忙的平板";
  complete_header(file);
  return write_sample(file);
}

std::int64_t segments_of(TestDevice& device, const std::function<void()>& work) {
  const Log& log = internals(device.store()).log();
  const std::int64_t before = log.segments_read();
  work();
  return log.segments_read() - before;
}

// Merging it, saying what became of the reader's own words, and one edit afterwards.
std::int64_t segments_for(const std::string& file) {
  TestDevice office{1};
  REQUIRE(office.store().set_identity({.letter = "A", .name = "总部", .person = reader}).has_value());
  const std::int64_t read = segments_of(office, [&] {
    CHECK(office.import(file).bundles == 1);
    CHECK(office.sync().concerns().has_value());
    const Edit edit{.entity = find_entity("contract"), .row = contract_id, .fields = {{find_entity("contract")->find("remark"), Value{std::string{"之后"}}}}};
    static_cast<void>(office.store().write({&edit, 1}, {.skip_validation = true}));
  });
  CHECK(office.store().verify().value() == "");
  return read;
}

// Four times as much: in proportion it is four times as many, and sixteen or sixty-four times where each step repeats those before it.
void check_grows_evenly(std::int64_t size, const std::function<std::string(std::int64_t)>& file_of_size) {
  const std::int64_t small = segments_for(file_of_size(size)), large = segments_for(file_of_size(4 * size));
  MESSAGE(size << ": " << small << ", " << 4 * size << ": " << large);
  CHECK(large < 7 * small);
}

}  // namespace

TEST_CASE("many actions on one contract that know nothing of each other are read in proportion") {
  for (const bool with_value : {false, true}) {
    CAPTURE(with_value);
    check_grows_evenly(with_value ? 100 : 300, [&](std::int64_t actions) {
      return file_of(1, actions, [&](Change& change) {
        with_value ? void(change.fields.push_back({"title", "第 " + std::to_string(change.version.sequence % 7), {}})) : void();
      });
    });
  }
}

TEST_CASE("many decisions about one contract, each upon the one before, are read in proportion, by whomever they were met") {
  for (const bool with_value : {false, true}) {
    for (const bool met_his : {false, true}) {
      CAPTURE(with_value);
      CAPTURE(met_his);
      check_grows_evenly(25, [&](std::int64_t decisions) {
        return file_of(2, decisions, [&](Change& change) {
          const std::int64_t sequence = change.version.sequence;
          const bool decides = change.version.device == 0;
          if (decides) {
            change.kind = sequence > 1 ? ChangeKind::resolve : ChangeKind::create;
            change.fields.front().replaced = sequence > 1 ? std::vector<Version>{{0, sequence - 1}, {1, sequence}} : std::vector<Version>();
          } else if (met_his && sequence == 2) {
            change.person = reader;
          }
          if (decides && with_value) {
            change.fields.push_back({"title", "第 " + std::to_string(sequence), sequence > 1 ? std::vector<Version>{{0, sequence - 1}} : std::vector<Version>()});
          }
        });
      });
    }
  }
}
