// The one question that is open on a device, and its sides by whoever stands behind them.
#pragma once

#include "tests/support/conflict_properties.h"
#include "tests/support/firm.h"

namespace kehubu::test {

using Told = std::vector<std::string>;

inline Told told_by(const ConflictSide& side) {
  Told words;
  for (const Effect& effect : side.effects) {
    words.push_back(effect.text.zh);
  }
  return words;
}

inline Conflict only_conflict(TestDevice& device) {
  const auto open = device.conflicts();
  REQUIRE(open.size() == 1);
  CHECK(check_conflicts(device) == "");
  return open.front();
}

inline const ConflictSide& side_from(const Conflict& conflict, std::string_view person) { return conflict.sides[side_of(conflict, person)]; }

}  // namespace kehubu::test
