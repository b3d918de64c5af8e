// Examination: what a bundle's header means for this device, before anything of its changes is read.
#pragma once

#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/tables.h"
#include "core/sync/waiting_files.h"

namespace kehubu {

enum class Relation : std::uint8_t {
  applicable,  // all that it builds on is known, and it has something new
  covered,     // everything in it is known already
  waiting,     // it builds on something that is not known here
  branched,    // histories of one device part somewhere: all else that is told here follows from the changes (branches.h)
  unfit,       // it calls something else by a name that is known here: no device wrote it
};

struct Examination {
  Relation relation = Relation::applicable;
  Sentence why_unfit;
  std::vector<Gap> gaps;        // when waiting
  std::int64_t brings_back_own = 0; // changes of this device that it holds and this device does not have: restored from a backup
  std::int64_t own_told = 0;    // the sender knows this device's changes up to here, and this device does not: likewise
  std::int64_t new_changes = 0;
};

// The chain after a number that this log has: from the log, from what is remembered, else by a walk, then remembered.
[[nodiscard]] Result<Digest> known_chain(Log& log, SyncTables& tables, DeviceNumber device, std::int64_t sequence);

[[nodiscard]] Result<Examination> examine(const BundleHeader& header, Log& log, SyncTables& tables, const Id& own_device);

// False when the log has this change as its device's last one, but with another history behind it. `chain`: of the file.
[[nodiscard]] bool agrees_with_log(const BundleHeader& header, Version version, const Digest& chain, const Log& log);

// The refusal of a file whose histories are not what they claim to be: an Error of kind invalid_input, which is the file's own fault.
[[nodiscard]] std::unexpected<Error> history_refusal(const Sentence& device_title);

// The sentences for people. `name_of` the device: as this log knows it, else as the header says, else as one that nobody has told of.
[[nodiscard]] Sentence device_title(const Id& device, const BundleHeader& header, const Log& log);
// "“王敏的平板”的序号 1–400": as many of the ranges as a sentence bears.
[[nodiscard]] Sentence missing_words(const std::vector<Gap>& missing, const BundleHeader& header, const Log& log);
// What a file waits for: the numbers that no waiting file holds; of one that was made for another device also whom to ask for what.
enum class Keeping : std::uint8_t { kept, kept_before, too_large };
[[nodiscard]] Result<Sentence> waiting_sentence(const std::vector<Gap>& gaps, Keeping keeping, WaitingFiles& waiting,
                                                const BundleHeader& header, StoreInternals& store);
// A device whose histories part: before the import, and after it. `letter`: of this device from now on, where it is this one.
[[nodiscard]] Sentence parting_sentence(const Sentence& device_title, bool is_own);
[[nodiscard]] Sentence parted_sentence(const Sentence& device_title);
[[nodiscard]] Sentence renewed_sentence(std::string_view letter);
// Of a restored device's own changes: before the import, and after it.
[[nodiscard]] Sentence brings_back_sentence(std::int64_t changes);
[[nodiscard]] Sentence brought_back_sentence(std::int64_t changes);
// What a clock must be ahead by for nothing to be won by it as the later one.
inline constexpr std::int64_t doubted_clock_ms = 24LL * 3600 * 1000;
// Written by a device of its own accord where clocks differ by too much (merge_clocks.cpp). People decide under their name.
[[nodiscard]] inline bool is_settled_by_program(const Change& change, const Field& field) {
  return change.kind == ChangeKind::resolve && change.person.empty() && field.merge == MergePolicy::later_clock;
}
// "3 天", "2 小时": as people say how wrong a clock is; rounded.
[[nodiscard]] Sentence duration_words(std::int64_t milliseconds);
// By how much a clock is ahead; 0 when it is at most five minutes.
[[nodiscard]] std::int64_t clock_ahead_ms(std::int64_t clock, std::int64_t now_ms);
// Which of two clocks is wrong nobody can tell from them: no sentence blames one. `others`: how many more devices are ahead, by at
// most as much. When many are, it may be this one that is behind.
[[nodiscard]] Sentence clock_sentence(std::string_view device_name, std::int64_t ahead_ms, std::size_t others);
// Before a merge, of changes by somebody that the header does not name.
[[nodiscard]] Sentence changes_ahead_sentence(std::int64_t ahead_ms);
// The file holds what was written long after its own moment, on `other_name` (empty: on this device).
[[nodiscard]] Sentence clock_behind_sentence(std::string_view device_name, std::string_view other_name, std::int64_t behind_ms);

}  // namespace kehubu
