// Merging one record: its heads, what stands among several, whether it is deleted.
#include <algorithm>

#include "core/store/materialiser_parts.h"

namespace kehubu {

bool find_packed_field(std::string_view fields, std::uint64_t count, SymbolNumber field, std::string_view& value,
                       std::vector<Version>& replaced) {
  Unpacker unpacker(fields);
  for (; count > 0 && !unpacker.failed(); --count) {
    const auto symbol = static_cast<SymbolNumber>(unpacker.read_unsigned());
    const std::string_view packed = unpacker.read_packed_value();
    const bool wanted = symbol == field;
    for (std::uint64_t remaining = unpacker.read_unsigned(); remaining > 0 && !unpacker.failed(); --remaining) {
      const Version version = unpacker.read_version();
      if (wanted) {
        replaced.push_back(version);
      }
    }
    if (wanted) {
      value = packed;
      return !unpacker.failed();
    }
  }
  return false;
}

// heads' = (heads ∪ new versions) − replaced, each within its cell.
void Materialiser::Parts::merge_heads() {
  merged = heads;
  for (const Fresh& cell : fresh) {
    merged.push_back(cell.head);
  }
  std::ranges::sort(merged);
  merged.erase(std::ranges::unique(merged).begin(), merged.end());
  std::ranges::sort(replaced);
  heads.clear();
  std::ranges::set_difference(merged, replaced, std::back_inserter(heads));
}

std::string_view Materialiser::Parts::keep_text(std::string_view bytes) {
  if (texts_used == texts.size()) {
    texts.push_back(std::make_unique<std::string>());
  }
  std::string& kept = *texts[texts_used++];
  kept.assign(bytes);
  return kept;
}

Result<Candidate> Materialiser::Parts::candidate(SymbolNumber field, Version version) {
  for (const Fresh& cell : fresh) {
    if (cell.head.field == field && cell.head.version == version) {
      return Candidate{version, cell.clock, cell.value};
    }
  }
  KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
  std::string_view value;
  std::vector<Version> ignored;
  find_packed_field(raw.fields, raw.header.field_count, field, value, ignored);
  return Candidate{version, raw.header.clock, keep_text(value)};
}

Status Materialiser::Parts::load_candidates(SymbolNumber field, std::span<const Head> cell) {
  candidates.clear();
  for (const Head& head : cell) {
    KEHUBU_TRY_ASSIGN(one, candidate(field, head.version));
    candidates.push_back(one);
  }
  return {};
}

const Candidate& Materialiser::Parts::standing(const Field& field) const {
  const auto older = [this](const Candidate& a, const Candidate& b) {
    if (a.version.device == b.version.device) {
      return a.version.sequence < b.version.sequence;
    }
    return log.device_id(a.version.device) < log.device_id(b.version.device);
  };
  if (field.merge == MergePolicy::person_decides) {
    return *std::ranges::min_element(candidates, older);  // no clock can win
  }
  return *std::ranges::max_element(candidates, [&](const Candidate& a, const Candidate& b) {
    return a.clock != b.clock ? a.clock < b.clock : older(a, b);
  });
}

bool Materialiser::Parts::candidates_agree() const {
  return std::ranges::all_of(candidates, [this](const Candidate& one) { return one.value == candidates.front().value; });
}

// The values of the fields that the new changes wrote.
Status Materialiser::Parts::assign_touched(const Table& table, std::vector<std::size_t>& conflicting) {
  FieldSet done;
  for (const Fresh& cell : fresh) {
    const int index = table.field_index(cell.head.field);
    if (index < 0 || done.test(static_cast<std::size_t>(index))) {
      continue;
    }
    const auto field_index = static_cast<std::size_t>(index);
    done.set(field_index);
    const std::span<const Head> standing_heads = heads_of(heads, cell.head.field);
    if (standing_heads.empty()) {
      assignments.push_back({field_index, {}});  // replaced by a change of a kind that is not understood here
      continue;
    }
    KEHUBU_TRY(load_candidates(cell.head.field, standing_heads));
    const Field& field = table.entity->fields[field_index];
    assignments.push_back({field_index, standing(field).value});
    if (candidates.size() > 1 && !candidates_agree()) {
      if (field.merge == MergePolicy::person_decides) {
        conflicting.push_back(field_index);
      } else {
        statistics.superseded += static_cast<std::int64_t>(candidates.size()) - 1;
      }
    }
  }
  return {};
}

Status Materialiser::Parts::find_all_conflicts(const Table& table, std::vector<std::size_t>& conflicting) {
  conflicting.clear();
  Status status;
  for_each_cell(heads, [&](SymbolNumber symbol, std::span<const Head> cell) {
    const int index = table.field_index(symbol);
    if (!status || cell.size() < 2 || index < 0 ||
        table.entity->fields[static_cast<std::size_t>(index)].merge != MergePolicy::person_decides) {
      return;
    }
    status = load_candidates(symbol, cell);
    if (status && !candidates_agree()) {
      conflicting.push_back(static_cast<std::size_t>(index));
    }
  });
  return status;
}

// Removed when every head of "~" says so. A conflict when they differ, or when some cell has a head that none of them
// knew of.
Result<Materialiser::Parts::Deletion> Materialiser::Parts::deletion(const std::vector<Head>& cells) {
  const std::span<const Head> marks = heads_of(cells, removed_symbol);
  if (marks.empty()) {
    return Deletion{};
  }
  std::size_t removing = 0;
  std::vector<Version> known;
  for (const Head& mark : marks) {
    std::string_view value;
    const auto found = std::ranges::find(fresh, mark, &Fresh::head);
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(mark.version));
    find_packed_field(raw.fields, raw.header.field_count, removed_symbol, value, known);
    if (found != fresh.end()) {
      value = found->value;
    }
    removing += integer_or(unpack_value(value), 0) != 0 ? 1 : 0;
    known.push_back(mark.version);
  }
  if (removing == 0) {
    return Deletion{};
  }
  if (removing < marks.size()) {
    return Deletion{.removed = false, .conflict = true};
  }
  std::ranges::sort(known);
  const bool all_known = std::ranges::all_of(cells, [&](const Head& head) {
    return head.field == removed_symbol || head.field == document_symbol ||
           std::ranges::binary_search(known, head.version);
  });
  return Deletion{.removed = true, .conflict = !all_known};
}

Status Materialiser::Parts::recompute(const Table& table, const Id& row, const Ancestry* side) {
  KEHUBU_TRY(load(table, row));
  fresh.clear();
  replaced.clear();
  texts_used = 0;
  std::vector<Head> visible = heads;
  if (side != nullptr) {
    KEHUBU_TRY_ASSIGN(inside, heads_inside(*side, heads));
    visible = std::move(inside);
  }
  const bool born_outside = visible.empty();
  assignments.clear();
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    const SymbolNumber symbol = table.field_symbols[index];
    if (symbol == 0 || heads_of(heads, symbol).empty()) {
      continue;
    }
    // The document that a line belongs to never depends on the side: it is how the line is found. A line of the other
    // side keeps its values, out of sight.
    const bool on_any_side = born_outside || static_cast<int>(index) == table.part_of;
    const std::span<const Head> cell = heads_of(on_any_side ? heads : visible, symbol);
    if (cell.empty()) {
      assignments.push_back({index, {}});
      continue;
    }
    KEHUBU_TRY(load_candidates(symbol, cell));
    assignments.push_back({index, standing(table.entity->fields[index]).value});
  }
  KEHUBU_TRY_ASSIGN(deleted, deletion(visible));
  std::vector<std::size_t> conflicting;
  if (side == nullptr && (!deleted.removed || deleted.conflict)) {
    KEHUBU_TRY(find_all_conflicts(table, conflicting));
  }
  const bool delete_conflict = deleted.conflict && side == nullptr;
  std::int64_t flags = stored.flags & (flag_missing_reference | flag_renumbered);
  flags |= (deleted.removed ? flag_removed : 0) | (delete_conflict ? flag_delete_conflict : 0) |
           (conflicting.empty() ? 0 : flag_field_conflict) | (side != nullptr ? flag_document_conflict : 0) |
           (born_outside ? flag_outside : 0);
  if (!deleted.removed || delete_conflict) {
    KEHUBU_TRY(settle_flag(table, row, StoredConflict::missing_reference, (flags & flag_missing_reference) != 0, false));
    flags &= ~std::int64_t{flag_missing_reference};
  }
  KEHUBU_TRY(settle_field_conflicts(table, row, std::move(conflicting)));
  KEHUBU_TRY(settle_flag(table, row, StoredConflict::delete_against_edit, (stored.flags & flag_delete_conflict) != 0,
                         delete_conflict));
  const bool live = (!deleted.removed || delete_conflict || (flags & flag_missing_reference) != 0) && !born_outside;
  return store(table, row, live, flags);
}

}  // namespace kehubu
