// A company in which devices are cloned: everybody can exchange with everybody, all end with the same content, and no edit is lost.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/store/log.h"
#include "tests/support/temporary_file.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

// A company of devices that can be cloned, and what was written on all of them.
class Company {
 public:
  static constexpr WriteOptions unchecked{.skip_validation = true};

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
    return device.create("customer", {{"name", name}}, unchecked);
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
      CHECK(device->store().write({&nothing, 1}, unchecked));
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

}  // namespace kehubu::test
