// Files of right form that no device wrote: branches without what they begin after, versions that nobody has, names that mean
// something else here. Each is refused with a sentence, changes nothing, and stands in no other file's way.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/store/log.h"
#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct History {
  Id device, root;  // the same: no branch
  std::int64_t base = 0, since = 0, have = 0;
};

const Id root = made_id(1, 0), one = made_id(1, 1), other = made_id(1, 2), third = made_id(1, 3), stranger = made_id(1, 9);

// Every change of every history makes a customer of its own. In the order of the devices' ids.
SampleBundle file_of(const std::vector<History>& histories, bool tells_of_branches = true) {
  SampleBundle file;
  BundleHeader& header = file.header;
  header.catalog = 1;
  header.version = tells_of_branches ? bundle_version : bundle_version_plain;
  for (const History& history : histories) {
    header.devices.push_back(history.device);
    header.since.push_back(history.since);
    header.have.push_back(history.have);
    if (tells_of_branches) {
      header.roots.push_back(history.root);
      header.bases.push_back(history.base);
    }
    for (std::int64_t sequence = history.since + 1; sequence <= history.have; ++sequence) {
      Change change;
      change.version = {static_cast<DeviceNumber>(header.devices.size() - 1), sequence};
      change.clock = 1'795'000'000'000 + sequence * 1000;
      change.action = sequence;
      change.entity = "customer";
      change.row = made_id(static_cast<std::uint8_t>(10 + history.device.bytes.back()), static_cast<std::uint8_t>(sequence));
      change.fields.push_back({"name", std::string("客户"), {}});
      file.changes.push_back(std::move(change));
    }
  }
  header.device = header.devices.front();
  header.device_name = "坏文件的平板";
  complete_header(file);
  return file;
}

SampleBundle two_branches() { return file_of({{root, root, 0, 0, 3}, {one, root, 3, 3, 5}, {other, root, 3, 3, 6}}); }

std::string honest_file(std::int64_t have = 2) { return write_sample(file_of({{stranger, stranger, 0, 0, have}}, false)); }

// Of several files the hostile one alone is refused, by its name, and the preview has said so before.
void check_refused(TestDevice& device, const std::string& hostile) {
  CHECK(device.preview(hostile).state == BundleState::refused);
  Progress progress;
  const std::int64_t known = device.store().count({.entity = find_entity("customer")}).value();
  const MergeReport report = device.import({hostile, honest_file()});
  CHECK(report.refused == 1);
  CHECK(report.bundles == 1);
  CHECK(report.waiting == 0);
  CHECK(device.store().count({.entity = find_entity("customer")}).value() == known + 2);
  const std::vector<Sync::BundleRecord> told = device.sync().bundle_history().value();
  const auto refusal = std::ranges::find(told, BundleState::refused, &Sync::BundleRecord::state);
  REQUIRE(refusal != told.end());
  CHECK(refusal->name == "file-1.json");
  CHECK(refusal->message.zh.contains("没有导入任何内容"));
  CHECK(refusal->message.en.contains("othing was imported"));
  CHECK(*device.store().verify() == "");
  TestDevice newcomer{77};
  CHECK(newcomer.import(device.export_all()).bundles == 1);  // what is here can be passed on
  CHECK(newcomer.content_hash() == device.content_hash());
}

// The id that a branch of the file gets here.
Id branch_of(const std::string& file) {
  TestDevice learner{55};
  learner.import(file);
  const std::string told = learner.export_all();
  BundleReader reader{told};
  REQUIRE(reader.read_header());
  for (std::size_t index = 0; index < reader.header().devices.size(); ++index) {
    if (reader.header().root(index) != reader.header().devices[index]) {
      return reader.header().devices[index];
    }
  }
  REQUIRE(false);
  return {};
}

// A file in which the office's own history is named, up to what it has: for changes that build on it.
SampleBundle file_building_on(TestDevice& office, std::vector<History> histories) {
  histories.push_back({office.id(), office.id(), 0, 0, 0});
  SampleBundle file = file_of(histories);
  Log& log = internals(office.store()).log();
  file.header.since.back() = file.header.have.back() = log.last_sequence(log.find_device(office.id()).value());
  return file;
}

std::string written_for(TestDevice& office, SampleBundle file) {
  complete_header(file);
  Log& log = internals(office.store()).log();
  file.header.chain_since.back() = file.header.chain_have.back() = log.chain(log.find_device(office.id()).value());
  return write_sample(file);
}

}  // namespace

TEST_CASE("a file with all that its branches begin after is read: nothing of it was known here") {
  TestDevice office{1};
  const MergeReport report = office.import(write_sample(two_branches()));
  CHECK(report.refused == 0);
  CHECK(report.bundles == 1);
  CHECK(office.store().count({.entity = find_entity("customer")}).value() == 8);
  CHECK(*office.store().verify() == "");
  TestDevice newcomer{2};
  CHECK(newcomer.import(office.export_all()).bundles == 1);
  CHECK(newcomer.content_hash() == office.content_hash());
}

TEST_CASE("a branch without what it begins after is refused: nothing vouches for itself or for what comes before it") {
  const std::vector<std::pair<std::string, std::vector<History>>> files = {
      {"another that has nothing after its base claims to end there", {{one, root, 5, 5, 8}, {other, root, 5, 5, 5}}},
      {"they begin at each other", {{one, root, 5, 5, 8}, {other, root, 8, 8, 8}}},
      {"nothing of the root is told", {{one, root, 5, 5, 8}}},
      {"the root goes on beyond it", {{root, root, 0, 0, 6}, {one, root, 5, 5, 8}}},
      {"the root ends before it", {{root, root, 0, 0, 4}, {one, root, 5, 5, 8}}},
      {"the root is a branch itself", {{root, stranger, 0, 0, 5}, {one, root, 5, 5, 8}}},
      {"the root has changes and everything is in branches", {{root, root, 0, 0, 5}, {one, root, 0, 0, 8}}},
  };
  for (const auto& [what, histories] : files) {
    CAPTURE(what);
    TestDevice office{1};
    check_refused(office, write_sample(file_of(histories)));
  }
}

TEST_CASE("a history under two names is refused: it would be written twice") {
  SampleBundle file = file_of({{root, root, 0, 0, 3}, {one, root, 3, 3, 5}, {other, root, 3, 3, 5}});
  for (std::size_t place = 5; place < 7; ++place) {
    file.changes[place].row = file.changes[place - 2].row;
  }
  complete_header(file);
  TestDevice office{1};
  check_refused(office, write_sample(file));
}

TEST_CASE("a version at or before the base of the branch that it names is refused: nobody has it") {
  for (const std::int64_t sequence : {1, 3}) {
    SampleBundle file = two_branches();
    file.changes.back().fields[0].replaced = {{1, sequence}};
    complete_header(file);
    TestDevice office{1};
    check_refused(office, write_sample(file));
  }
  SampleBundle file = two_branches();
  file.changes.back().fields[0].replaced = {{1, 4}, {2, 4}};
  complete_header(file);
  TestDevice office{1};
  CHECK(office.import(write_sample(file)).bundles == 1);
}

TEST_CASE("a file that calls something else by a name that is known here is refused") {
  const std::string known = write_sample(two_branches());
  const Id branch = branch_of(known);
  std::vector<std::vector<History>> files{{{stranger, branch, 0, 0, 3}},               // a branch as the root of others
                                          {{branch, branch, 0, 0, 9}},                 // a branch as a device
                                          {{root, root, 0, 2, 2}, {branch, root, 2, 2, 4}}};  // that begins elsewhere
  for (std::size_t index = 0; index < files.size(); ++index) {
    CAPTURE(index);
    auto& histories = files[index];
    std::ranges::sort(histories, {}, &History::device);
    TestDevice office{1};
    office.import(known);
    check_refused(office, write_sample(file_of(histories, histories.size() > 1 || histories[0].device != histories[0].root)));
  }
}

TEST_CASE("a file that waited and turns out to be a bad one is refused when its turn comes, and is gone: merging goes on") {
  const std::string known = write_sample(two_branches());
  const Id branch = branch_of(known);
  std::vector<History> histories{{made_id(1, 20), branch, 0, 0, 3}, {stranger, stranger, 0, 2, 3}};
  std::ranges::sort(histories, {}, &History::device);
  TestDevice office{1};
  SampleBundle hostile = file_of(histories);
  {  // what it waits for is the stranger's
    const SampleBundle before = file_of({{stranger, stranger, 0, 0, 2}}, false);
    const std::size_t place = histories[0].device == stranger ? 0 : 1;
    complete_header(hostile);
    hostile.header.chain_since[place] = before.header.chain_have[0];
    Digest chain = before.header.chain_have[0];
    const SampleBundle whole = file_of({{stranger, stranger, 0, 0, 3}}, false);
    chain = whole.header.chain_have[0];
    hostile.header.chain_have[place] = chain;
  }
  const MergeReport first = office.import(write_sample(hostile));
  REQUIRE(first.waiting == 1);
  const MergeReport second = office.import({known, honest_file()});
  CHECK(second.bundles == 2);
  CHECK(second.waiting == 0);
  CHECK(second.refused == 1);
  CHECK(office.import(honest_file(4)).bundles == 1);
  CHECK(*office.store().verify() == "");
}

TEST_CASE("undo steps that lead to a decision about another record: who was overruled is told without it") {
  TestDevice office{1};
  const Id customer = office.create("customer", {{"name", "博海餐饮"}}, {.skip_validation = true});
  office.edit("customer", customer, {{"phone", "我写的"}});
  SampleBundle file = file_building_on(office, {{stranger, stranger, 0, 0, 5}});
  const Version mine{1, file.header.have.back()};
  const auto make = [&](std::size_t place, ChangeKind kind, std::string text, std::vector<Version> replaced) {
    Change& change = file.changes[place];
    change.kind = kind;
    change.clock = office.environment().now + (place < 3 ? static_cast<std::int64_t>(place + 1) * 1000 : 9000);
    if (place > 0) {
      change.row = customer;
      change.fields = {{"phone", std::move(text), std::move(replaced)}};
    }
  };
  make(0, ChangeKind::resolve, {}, {});
  make(1, ChangeKind::update, "别人的", {{0, 1}, mine});
  make(2, ChangeKind::resolve, "定下的", {mine});
  file.changes[2].person = made_id(3, 1);
  make(3, ChangeKind::undo, "撤销一", {{0, 2}, {0, 3}});
  make(4, ChangeKind::undo, "撤销二", {{0, 2}, {0, 3}});
  CHECK(office.import(written_for(office, file)).bundles == 1);
  CHECK(office.sync().concerns().has_value());
  CHECK(*office.store().verify() == "");
}

TEST_CASE("a decision whose action seems to begin before its branch does: what it did to a contract is told without what is not there") {
  TestDevice office{1};
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度合同"}, {"status", "draft"}}, {.skip_validation = true});
  SampleBundle file = file_building_on(office, {{root, root, 0, 0, 3}, {one, root, 3, 3, 5}});
  Change& decision = file.changes[3];
  decision.action = 2;
  decision.kind = ChangeKind::resolve;
  decision.person = made_id(3, 1);
  decision.entity = "contract";
  decision.row = contract;
  decision.clock = file.changes[4].clock = office.environment().now;
  decision.fields = {{"title", std::string("定下的"), {{2, 1}}}};
  const MergeReport report = office.import(written_for(office, file));
  CHECK(report.bundles == 1);
  CHECK(report.concerns.size() == 1);
  CHECK(office.sync().concerns().has_value());
}
