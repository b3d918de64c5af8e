#include "core/store/late_edits.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

// Every version of the record that somebody who closed it knew, the closings included. Undoing a closing and redoing it
// leaves a chain of them; a mark that stands again since a decision was undone knows what it knew at first.
Result<std::vector<Version>> known_at_closing(Log& log, std::span<const Head> marks, const SaidBy& said_by) {
  std::set<Version> known;
  std::vector<Version> closings;
  for (const Head& mark : marks) {
    known.insert(mark.version);
    KEHUBU_TRY_ASSIGN(first_said, said_by(mark.version));
    closings.push_back(first_said);
  }
  KEHUBU_TRY(for_each_built_upon(log, log.symbol(closed_field), std::move(closings), [&](Version version, const RawEntry&, bool closes, std::string_view, std::span<const Version> before) {
    if (closes) {
      known.insert(version);
      known.insert(before.begin(), before.end());
    }
  }));
  return std::vector<Version>(known.begin(), known.end());
}

// A closing that was taken back closes nothing.
Result<std::vector<DeviceNumber>> closed_by(Log& log, std::span<const Head> marks) {
  std::vector<DeviceNumber> devices;
  for (const Head& mark : marks) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(mark.version));
    std::string_view value;
    std::vector<Version> ignored;
    find_packed_field(raw.fields, raw.header.field_count, mark.field, value, ignored);
    integer_or(unpack_value(value), 0) != 0 ? devices.push_back(mark.version.device) : void();
  }
  return devices;
}

}  // namespace

Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by) {
  const std::span<const Head> marks = heads_of(heads, log.symbol(closed_field));
  KEHUBU_TRY_ASSIGN(known, known_at_closing(log, marks, said_by));
  KEHUBU_TRY_ASSIGN(closing_devices, closed_by(log, marks));
  const auto counts = [&](const Head& head) {
    const int index = table.field_index(head.field);
    return index < 0 || !table.frozen[static_cast<std::size_t>(index)] || std::ranges::binary_search(known, head.version) ||
           std::ranges::find(closing_devices, head.version.device) != closing_devices.end();
  };
  LateEdits edits;
  std::set<SymbolNumber> late_cells;
  for (const Head& head : heads) {
    if (counts(head)) {
      edits.shown.push_back(head);
    } else {
      edits.late.push_back(head);
      late_cells.insert(head.field);
    }
  }
  if (edits.late.empty()) {
    return edits;
  }
  // The cells that were edited late, as those who closed the record had them.
  std::vector<Head> then, overtaken;
  std::vector<Version> before, counting = known;  // what those who closed it wrote later counts, too
  for (const Head& head : edits.shown) {
    late_cells.contains(head.field) ? counting.push_back(head.version) : void();
  }
  for (const Version& version : counting) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
    for (const SymbolNumber cell : late_cells) {
      std::string_view value;
      before.clear();
      if (find_packed_field(raw.fields, raw.header.field_count, cell, value, before)) {
        then.push_back({cell, version});
      }
    }
  }
  std::ranges::sort(then);
  // What they build on has given way, also where what lies between does not count.
  for (const SymbolNumber cell : late_cells) {
    KEHUBU_TRY(for_each_built_upon(log, cell, versions_of(heads_of(then, cell)), [&](Version, const RawEntry&, bool of_cell, std::string_view, std::span<const Version> older) {
      of_cell ? void(std::ranges::transform(older, std::back_inserter(overtaken), [cell](Version one) { return Head{cell, one}; })) : void();
    }));
  }
  std::ranges::sort(overtaken);
  std::ranges::set_difference(then, overtaken, std::back_inserter(edits.shown));
  std::ranges::sort(edits.shown);
  edits.shown.erase(std::ranges::unique(edits.shown).begin(), edits.shown.end());
  return edits;
}

}  // namespace kehubu
