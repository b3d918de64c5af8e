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
    KEHUBU_TRY_ASSIGN(first_said, said_by(mark.version, closed_field));
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

// Of these versions those that write the cell and that no other of them builds on, also where what lies between is none of them.
Result<std::vector<Version>> latest_in(Log& log, SymbolNumber cell, std::span<const Version> versions) {
  std::vector<Version> writing, overtaken, latest;
  for (const Version& version : versions) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
    std::string_view value;
    std::vector<Version> before;
    find_packed_field(raw.fields, raw.header.field_count, cell, value, before) ? writing.push_back(version) : void();
  }
  KEHUBU_TRY(for_each_built_upon(log, cell, writing, [&](Version, const RawEntry&, bool of_cell, std::string_view, std::span<const Version> older) {
    of_cell ? void(std::ranges::copy(older, std::back_inserter(overtaken))) : void();
  }));
  std::ranges::sort(writing);
  writing.erase(std::ranges::unique(writing).begin(), writing.end());
  std::ranges::sort(overtaken);
  std::ranges::set_difference(writing, overtaken, std::back_inserter(latest));
  return latest;
}

// What a closing left open a person may answer afterwards: a decision counts where it was made in knowledge of all that those who
// closed the record had of the field.
Result<bool> decides_what_was_left_open(Log& log, SymbolNumber cell, Version decision, std::span<const Version> known) {
  KEHUBU_TRY_ASSIGN(raw, log.read_raw(decision));
  if (static_cast<ChangeKind>(raw.header.kind) != ChangeKind::resolve) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(left_open, latest_in(log, cell, known));
  std::set<Version> decided_upon;
  KEHUBU_TRY(for_each_built_upon(log, cell, {decision}, [&](Version version, const RawEntry&, bool, std::string_view, std::span<const Version>) {
    decided_upon.insert(version);
  }));
  return std::ranges::includes(decided_upon, left_open);
}

}  // namespace

Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by) {
  const std::span<const Head> marks = heads_of(heads, log.symbol(closed_field));
  KEHUBU_TRY_ASSIGN(known, known_at_closing(log, marks, said_by));
  KEHUBU_TRY_ASSIGN(closing_devices, closed_by(log, marks));
  const auto was_known = [&](Version version) {
    return std::ranges::binary_search(known, version) || std::ranges::find(closing_devices, version.device) != closing_devices.end();
  };
  const auto counts = [&](const Head& head) -> Result<bool> {
    const int index = table.field_index(head.field);
    if (index < 0 || !table.frozen[static_cast<std::size_t>(index)] || was_known(head.version)) {
      return true;
    }
    KEHUBU_TRY_ASSIGN(said, said_by(head.version, log.symbol_text(head.field)));
    return was_known(said) ? Result<bool>(true) : decides_what_was_left_open(log, head.field, said, known);
  };
  LateEdits edits;
  std::set<SymbolNumber> late_cells;
  for (const Head& head : heads) {
    KEHUBU_TRY_ASSIGN(counting, counts(head));
    (counting ? edits.shown : edits.late).push_back(head);
    counting ? void() : void(late_cells.insert(head.field));
  }
  // The cells that were edited late, as those who closed the record had them, and by what they and decisions say of them since.
  for (const SymbolNumber cell : late_cells) {
    std::vector<Version> counting = known;
    std::ranges::copy(versions_of(heads_of(edits.shown, cell)), std::back_inserter(counting));
    KEHUBU_TRY_ASSIGN(standing, latest_in(log, cell, counting));
    std::erase_if(edits.shown, [cell](const Head& head) { return head.field == cell; });
    std::ranges::transform(standing, std::back_inserter(edits.shown), [cell](Version version) { return Head{cell, version}; });
    std::ranges::sort(edits.shown);
  }
  return edits;
}

}  // namespace kehubu
