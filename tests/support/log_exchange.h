// Carrying changes from one Store to another without bundles: what one knows and the other does not.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/store/log.h"

namespace kehubu::test {

using KnownSequences = std::map<Id, std::int64_t>;

inline KnownSequences known_by(Store& store) {
  KnownSequences known;
  Log& log = internals(store).log();
  for (DeviceNumber device = 1; device <= log.device_count(); ++device) {
    known[log.device_id(device)] = log.last_sequence(device);
  }
  return known;
}

// The change as the other log numbers devices.
inline Change renumbered(const Change& change, Log& from, Log& to) {
  Change copy = change;
  copy.version.device = to.device_number(from.device_id(change.version.device));
  for (FieldChange& field : copy.fields) {
    for (Version& version : field.replaced) {
      version.device = to.device_number(from.device_id(version.device));
    }
    std::ranges::sort(field.replaced);
  }
  return copy;
}

// Everything that `from` knew at the moment of `until` (all that it knows when empty), in one transaction.
inline MaterialiseStatistics carry(Store& from_store, Store& to_store, const KnownSequences& until = {}) {
  StoreInternals& from = internals(from_store);
  StoreInternals& to = internals(to_store);
  REQUIRE(to.begin());
  for (const auto& [device, sequence] : until.empty() ? known_by(from_store) : until) {
    const DeviceNumber source = from.log().device_number(device);
    const DeviceNumber target = to.log().device_number(device);
    REQUIRE(from.log().for_each(source, to.log().last_sequence(target) + 1, sequence, [&](const Change& change) -> Status {
      const Change copy = renumbered(change, from.log(), to.log());
      to.materialiser().add(copy);
      return to.log().append({&copy, 1});
    }));
  }
  REQUIRE(to.materialiser().step(SIZE_MAX));
  const auto statistics = to.materialiser().finish();
  REQUIRE(statistics);
  REQUIRE(to.commit());
  return *statistics;
}

}  // namespace kehubu::test
