// Writing down what several people did at other times and on other devices: for the sample company, whose year is made up.
// Rules, defaults and numbers are those of write(), as they would have been on that day for that person.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

struct Deed {
  Id device;                // whose change it is: this one or another, which becomes known here
  std::string device_name;  // of another
  std::string letter;       // of that device, for numbers
  Id person;                // may be one whom the deed itself makes
  std::int64_t clock = 0;   // ascending, and not ahead of now
  ChangeKind kind = ChangeKind::update;
  std::vector<Edit> edits;
};

// Each deed is an action of its own; all of them or nothing. None is this device's to undo.
[[nodiscard]] Status write_past(Store& store, std::span<const Deed> deeds);

}  // namespace kehubu
