// Change: the unit of the log. One action of one person on one record: a set of fields, each with its new value and
// the versions that the value replaced.
//
// A change is named by its device and its sequence number on that device; sequence numbers are contiguous from 1. That
// name is also the version of every cell (record × field) that the change wrote. A cell's heads are the versions in the
// log that no other version of the cell replaced: one head is the ordinary case, several mean that devices wrote it
// without knowing of each other. The tables are a pure function of the set of changes:
//   heads(cell)   = versions(cell) − ⋃ replaced(version)
//   value(cell)   = the only head's, or by the field's MergePolicy among the heads:
//                   later_clock: greatest (clock, device id, sequence), of marks stands_where_given(); person_decides: least (device id, sequence) —
//                   no clock can win; UUIDv7 makes it the longest enrolled device — until a change replaces them all.
// Since a bundle is applied only when everything it builds on is there, applying in any order gives the same heads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/value.h"

namespace kehubu {

// A device's place in the local table of devices; means nothing outside this database.
using DeviceNumber = std::int32_t;

struct Version {
  DeviceNumber device = 0;
  std::int64_t sequence = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

enum class ChangeKind : std::uint8_t { create, update, remove, restore, import, undo, redo, resolve, sample };
// A greater number comes from a newer program: the change is kept in the log and its chain, but not materialised.
inline constexpr ChangeKind last_known_kind = ChangeKind::sample;

// Pseudo-fields beside those of the catalog.
//   "~"  deleted: 1 or 0. It replaces every head of the record, so that an edit it did not know of is seen as such.
//   "#"  on a document's head record: one version per action on the document or its lines; its heads tell whether two
//        actions met (decision 3: together or not at all). The value is the action's sequence.
inline constexpr std::string_view deleted_field = "~";
inline constexpr std::string_view document_field = "#";

struct FieldChange {
  std::string field;
  Value value;
  std::vector<Version> replaced;  // sorted
};

struct Change {
  Version version;
  std::int64_t clock = 0;   // hybrid logical clock, milliseconds: never decreases on a device
  std::int64_t action = 0;  // sequence of the action's first change on the same device
  ChangeKind kind = ChangeKind::update;
  Id person;                // employee, empty before anyone is named
  std::string entity;
  Id row;
  std::vector<FieldChange> fields;  // sorted by field
};

}  // namespace kehubu
