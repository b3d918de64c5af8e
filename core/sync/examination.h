// Examination: what a bundle's header means for this device, before anything of its changes is read.
#pragma once

#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/tables.h"

namespace kehubu {

struct Gap {  // changes that must arrive first
  Id device;
  std::int64_t first = 0, last = 0;
};

enum class Relation : std::uint8_t {
  applicable,  // all that it builds on is known, and it has something new
  covered,     // everything in it is known already
  waiting,     // it builds on something that is not known here
  diverged,    // the same device and number, but another history
};

struct Examination {
  Relation relation = Relation::applicable;
  std::vector<Gap> gaps;        // when waiting
  Id diverged_device;           // when diverged
  std::int64_t diverged_at = 0; // at this number or before
  bool brings_back_own = false; // it holds changes of this device that this device does not have: restored from a backup
  std::int64_t new_changes = 0;
};

// The chain after a number that this log has: from the log, from what is remembered, else by a walk, then remembered.
[[nodiscard]] Result<Digest> known_chain(Log& log, SyncTables& tables, DeviceNumber device, std::int64_t sequence);

[[nodiscard]] Result<Examination> examine(const BundleHeader& header, Log& log, SyncTables& tables, const Id& own_device);

// False when the log has this change as its device's last one, but with another history behind it. `chain`: of the file.
[[nodiscard]] bool agrees_with_log(const BundleHeader& header, Version version, const Digest& chain, const Log& log);

// The sentences for people. `name_of` the device: as this log knows it, else as the header says, else its first letters.
[[nodiscard]] std::string device_title(const Id& device, const BundleHeader& header, const Log& log);
[[nodiscard]] Sentence waiting_sentence(const Examination& examination, const BundleHeader& header, const Log& log);
[[nodiscard]] Sentence diverged_sentence(const Examination& examination, const BundleHeader& header, const Log& log, const Id& own_device);
[[nodiscard]] Sentence brings_back_sentence(std::int64_t changes);
// Empty when the sender's clock is at most five minutes ahead.
[[nodiscard]] Sentence clock_sentence(const BundleHeader& header, std::int64_t now_ms);

}  // namespace kehubu
