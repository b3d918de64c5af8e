// The canonical form of a change, over which the chain runs (log.h, docs/bundle.md): the same bytes on every device,
// whatever numbers it gives to devices, people and names.
//
//   clock (signed), action as a sequence number (unsigned), kind (byte), person (16 bytes, zeros for none), entity
//   (length, UTF-8), row (16 bytes), number of fields (unsigned); each field, ascending by the bytes of its name: name
//   (length, UTF-8), value, number of replaced versions (unsigned); each of those, ascending by device id and sequence:
//   0 for the change's own device, or 1 and the device id (16 bytes), then the sequence (unsigned)
//
// Integers and values are written as packing.h does. The change's own device and sequence are not in it: its place in
// the chain says them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/sort.h"
#include "core/store/change.h"
#include "core/store/packing.h"

namespace kehubu {

inline void pack_text(std::string& bytes, std::string_view text) {
  pack_unsigned(bytes, text.size());
  bytes += text;
}

// `id_of` gives the id of a device number that the change uses; of a branch its root's, as whoever wrote it called it.
template <typename IdOf>
void append_canonical(std::string& bytes, const Change& change, const IdOf& id_of) {
  const auto append_version = [&](Version version) {
    const bool own = version.device == change.version.device || id_of(version.device) == id_of(change.version.device);
    bytes.push_back(own ? '\0' : '\1');
    if (!own) {
      pack_id(bytes, id_of(version.device));
    }
    pack_unsigned(bytes, static_cast<std::uint64_t>(version.sequence));
  };
  pack_signed(bytes, change.clock);
  pack_unsigned(bytes, static_cast<std::uint64_t>(change.action));
  bytes.push_back(static_cast<char>(change.kind));
  pack_id(bytes, change.person);
  pack_text(bytes, change.entity);
  pack_id(bytes, change.row);
  pack_unsigned(bytes, change.fields.size());
  for (const FieldChange& field : change.fields) {
    pack_text(bytes, field.field);
    pack_value(bytes, field.value);
    pack_unsigned(bytes, field.replaced.size());
    if (field.replaced.size() == 1) {
      append_version(field.replaced.front());
      continue;
    }
    std::vector<Version> sorted = field.replaced;
    kehubu::sort(sorted, [&](Version a, Version b) {
      const Id& id_of_a = id_of(a.device);
      const Id& id_of_b = id_of(b.device);
      return id_of_a == id_of_b ? a.sequence < b.sequence : id_of_a < id_of_b;
    });
    std::ranges::for_each(sorted, append_version);
  }
}

}  // namespace kehubu
