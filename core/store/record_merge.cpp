// Merging one record: its heads, what stands among several, whether it is deleted.
#include <algorithm>

#include "core/base/sort.h"
#include "core/rules/merge_rules.h"
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

std::vector<Version> versions_of(std::span<const Head> cell) {
  std::vector<Version> versions;
  for (const Head& head : cell) {
    versions.push_back(head.version);
  }
  return versions;
}

// heads' = (heads ∪ new versions) − replaced, each within its cell.
void Materialiser::Parts::merge_heads() {
  merged = heads;
  for (const Fresh& cell : fresh) {
    merged.push_back(cell.head);
  }
  kehubu::sort(fresh, {}, &Fresh::head);  // for find_fresh()
  kehubu::sort(merged);
  merged.erase(std::ranges::unique(merged).begin(), merged.end());
  kehubu::sort(replaced);
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

const Materialiser::Parts::Fresh* Materialiser::Parts::find_fresh(const Head& head) const {
  const auto found = std::ranges::lower_bound(fresh, head, {}, &Fresh::head);
  return found != fresh.end() && found->head == head ? &*found : nullptr;
}

Result<Candidate> Materialiser::Parts::candidate(SymbolNumber field, Version version) {
  if (const Fresh* cell = find_fresh({field, version})) {
    return Candidate{version, cell->clock, cell->value};
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
  const bool is_mark = candidates.size() > 1 && stands_where_given(field);
  return *std::ranges::max_element(candidates, [&](const Candidate& a, const Candidate& b) {
    if (is_mark && gives_mark(unpack_value(a.value)) != gives_mark(unpack_value(b.value))) {
      return gives_mark(unpack_value(b.value));
    }
    return a.clock != b.clock ? a.clock < b.clock : older(a, b);
  });
}

// Whether the candidates are these heads and no others.
bool Materialiser::Parts::candidates_hold(std::span<const Head> cell) const {
  return candidates.size() == cell.size() && std::ranges::all_of(cell, [this](const Head& head) {
           return std::ranges::find(candidates, head.version, &Candidate::version) != candidates.end();
         });
}

bool Materialiser::Parts::candidates_agree() const {
  return std::ranges::all_of(candidates, [this](const Candidate& one) { return one.value == candidates.front().value; });
}

// The document that a line belongs to is the one that it was born in: whatever moves it elsewhere was refused where it was
// written, or should have been.
Status Materialiser::Parts::load_births(SymbolNumber field, std::span<const Head> cell) {
  std::vector<Head> births;
  KEHUBU_TRY(for_each_built_upon(log, field, versions_of(cell), [&](Version version, const RawEntry&, bool of_cell, std::string_view, std::span<const Version> before) {
    if (of_cell && before.empty()) {
      births.push_back({field, version});
    }
  }));
  kehubu::sort(births);
  return load_candidates(field, births.empty() ? cell : std::span<const Head>(births));
}

Status Materialiser::Parts::load_candidates_of(const Table& table, std::size_t field, std::span<const Head> cell) {
  const SymbolNumber symbol = table.field_symbols[field];
  return static_cast<int>(field) == table.part_of ? load_births(symbol, cell) : load_candidates(symbol, cell);
}

// The values of the fields that the new changes wrote.
Status Materialiser::Parts::assign_touched(const Table& table, const Id& row, std::vector<std::size_t>& conflicting) {
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
    const bool is_birth = stored.row_number == 0 && standing_heads.size() == 1 && replaced.empty();
    KEHUBU_TRY_ASSIGN(waits, standing_heads.size() > 1 ? follows_question(table, field_index) : Result<bool>(false));
    KEHUBU_TRY(is_birth ? load_candidates(cell.head.field, standing_heads) : load_candidates_of(table, field_index, standing_heads));
    const Field& field = table.entity->fields[field_index];
    const Candidate& stands = standing(field);
    assignments.push_back({field_index, stands.value});
    if (index == table.part_of) {
      statistics.ruled_out += is_birth || candidates_hold(standing_heads) || !is_news(cell.head.field) ? 0 : 1;
      continue;
    }
    if (candidates.size() > 1 && !candidates_agree()) {
      if (field.merge == MergePolicy::person_decides) {
        conflicting.push_back(field_index);
      } else if (!waits && !stands_where_given(field) && is_news(cell.head.field)) {  // else no clock has settled anything, or it had before
        statistics.superseded += static_cast<std::int64_t>(candidates.size()) - 1;
        for (const Candidate& one : candidates) {
          if (one.version != stands.version) {
            note_loss(table, row, &field, one.version);
          }
        }
        if (stands.clock > believed_until) {
          note_doubt(table, row, field_index, stands);
        }
      }
    }
  }
  return {};
}

// All values from these heads, cells without any included.
Status Materialiser::Parts::assign_all(const Table& table, const std::vector<Head>& from) {
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    const SymbolNumber symbol = table.field_symbols[index];
    if (heads_of(heads, symbol).empty()) {
      continue;
    }
    const std::span<const Head> cell = heads_of(from, symbol);
    if (cell.empty()) {
      assignments.push_back({index, {}});
      continue;
    }
    KEHUBU_TRY(load_candidates_of(table, index, cell));
    assignments.push_back({index, standing(table.entity->fields[index]).value});
  }
  return {};
}

bool Materialiser::Parts::is_one_device(std::span<const Head> some) const {
  return std::ranges::all_of(some, [&](const Head& head) { return head.version.device == some.front().version.device; });
}

// Facts are added, never changed. An edit that met the closing of a record without knowing of it stays in the log and in the
// history; the record is shown as it was closed. None where the record is no closed fact.
Result<LateEdits> Materialiser::Parts::late_edits_of(const Table& table, const std::vector<Head>& all) {
  const std::span<const Head> marks = heads_of(all, closed_symbol);
  if (table.fact_field < 0 || marks.empty() || is_one_device(all)) {
    return LateEdits{};
  }
  KEHUBU_TRY(load_candidates(closed_symbol, marks));
  const bool closed = std::ranges::any_of(candidates, [](const Candidate& one) { return integer_or(unpack_value(one.value), 0) != 0; });
  const auto fact = static_cast<std::size_t>(table.fact_field);
  const std::span<const Head> states = heads_of(all, table.field_symbols[fact]);
  if (!closed || states.empty()) {
    return LateEdits{};
  }
  KEHUBU_TRY(load_candidates(table.field_symbols[fact], states));
  if (text_or_empty(unpack_value(standing(table.entity->fields[fact]).value)) != table.entity->fact_value) {
    return LateEdits{};
  }
  return late_edits(log, table, all, [this](Version version, std::string_view field) { return said_by(version, field); });
}

Result<std::vector<Head>> Materialiser::Parts::shown_of(const Table& table, std::vector<Head> all) {
  KEHUBU_TRY_ASSIGN(edits, late_edits_of(table, all));
  return edits.late.empty() ? std::move(all) : std::move(edits.shown);
}

Result<std::vector<Head>> Materialiser::Parts::shown_cell(const Table& table, std::size_t field) {
  fresh.clear();
  texts_used = 0;
  KEHUBU_TRY_ASSIGN(all, shown_of(table, heads));
  const std::span<const Head> cell = heads_of(all, table.field_symbols[field]);
  return std::vector<Head>(cell.begin(), cell.end());
}

// True when there is an edit that came late; `shown` then are the heads that count.
Result<bool> Materialiser::Parts::find_late_edits(const Table& table, const Id& row) {
  KEHUBU_TRY_ASSIGN(edits, late_edits_of(table, heads));
  if (edits.late.empty()) {
    return false;
  }
  shown = std::move(edits.shown);
  // Told when one of the two comes in: the late edit, or the closing that makes it one.
  const bool closes_now = std::ranges::any_of(fresh, [this](const Fresh& cell) { return cell.head.field == closed_symbol && is_news(cell.head.version); });
  for (const Head& head : edits.late) {
    const auto field = static_cast<std::size_t>(table.field_index(head.field));
    KEHUBU_TRY(load_candidates(head.field, heads_of(shown, head.field)));
    KEHUBU_TRY_ASSIGN(late, candidate(head.field, head.version));
    const bool is_same = !candidates.empty() && standing(table.entity->fields[field]).value == late.value;
    if (!is_same && (closes_now || (find_fresh(head) != nullptr && is_news(head.version)))) {
      ++statistics.ruled_out;
      note_loss(table, row, &table.entity->fields[field], head.version);
    }
  }
  return true;
}

Status Materialiser::Parts::find_all_conflicts(const Table& table, const std::vector<Head>& from, std::vector<std::size_t>& conflicting) {
  conflicting.clear();
  Status status;
  for_each_cell(from, [&](SymbolNumber symbol, std::span<const Head> cell) {
    const int index = table.field_index(symbol);
    if (!status || cell.size() < 2 || index < 0 || index == table.part_of ||
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

// What deletions knew, sorted; themselves included. Where a decision to keep the record was undone, the question is open again:
// that deletion knows what it knew at first, and whoever decided meanwhile has not decided for it.
Result<std::vector<Version>> Materialiser::Parts::known_to_deletions(std::span<const Version> deletions) {
  std::vector<Version> known, by_all;
  bool reopened = false;
  for (const Version& deletion : deletions) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(deletion));
    std::string_view value;
    std::vector<Version> knew{deletion};
    find_packed_field(raw.fields, raw.header.field_count, removed_symbol, value, knew);
    known.insert(known.end(), knew.begin(), knew.end());
    const auto kind = static_cast<ChangeKind>(raw.header.kind);
    const bool is_step = deletions.size() > 1 && (kind == ChangeKind::undo || kind == ChangeKind::redo);
    KEHUBU_TRY_ASSIGN(reopens, is_step ? undoes_decision(deletion, deleted_field) : Result<bool>(false));
    if (reopens) {
      kehubu::sort(knew);
      std::vector<Version> both;
      std::ranges::set_intersection(by_all, knew, std::back_inserter(both));
      by_all = reopened ? std::move(both) : std::move(knew);
      reopened = true;
    }
  }
  kehubu::sort(known);
  if (!reopened) {
    return known;
  }
  std::vector<Version> both;
  std::ranges::set_intersection(known, by_all, std::back_inserter(both));
  return both;
}

// Whether the version is among those that are known. What a decision gives back when it is undone is what it was before: whoever
// knew that, knows it.
Result<bool> Materialiser::Parts::is_known(const std::vector<Version>& known, Version version, std::string_view field) {
  for (std::set<Version> seen; !std::ranges::binary_search(known, version);) {
    KEHUBU_TRY_ASSIGN(given_back, undoes_decision(version, field));
    KEHUBU_TRY_ASSIGN(step, given_back && seen.insert(version).second ? step_of(version, field) : Result<std::optional<Step>>());
    if (!step) {
      return false;
    }
    version = *step->repeated;
  }
  return true;
}

Result<std::vector<Version>> Materialiser::known_to_deletions(std::span<const Version> deletions) { return parts_->known_to_deletions(deletions); }

Result<bool> Materialiser::is_known(const std::vector<Version>& known, Version version, std::string_view field) { return parts_->is_known(known, version, field); }

// Removed when every head of "~" says so. Not removed but a conflict when they differ, or when some cell has a head that none
// of them knew of: it lives until somebody decides.
Result<Materialiser::Parts::Deletion> Materialiser::Parts::deletion(const std::vector<Head>& cells) {
  const std::span<const Head> marks = heads_of(cells, removed_symbol);
  std::size_t removing = 0;
  std::vector<Version> deletions;
  for (const Head& mark : marks) {
    KEHUBU_TRY_ASSIGN(one, candidate(removed_symbol, mark.version));
    removing += integer_or(unpack_value(one.value), 0) != 0 ? 1 : 0;
    deletions.push_back(mark.version);
  }
  if (removing == 0) {
    return Deletion{};
  }
  if (removing < marks.size()) {
    KEHUBU_TRY_ASSIGN(saying, without_undone(deletions, deleted_field));
    std::size_t deleting = 0;
    for (const Version& version : saying) {
      KEHUBU_TRY_ASSIGN(one, candidate(removed_symbol, version));
      deleting += integer_or(unpack_value(one.value), 0) != 0 ? 1 : 0;
    }
    if (deleting < saying.size()) {
      return Deletion{.removed = false, .conflict = true};
    }
    deletions = std::move(saying);
  }
  KEHUBU_TRY_ASSIGN(known, known_to_deletions(deletions));
  for (const Head& head : cells) {
    if (head.field == removed_symbol || head.field == document_symbol || head.field == closed_symbol) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(knew_it, is_known(known, head.version, log.symbol_text(head.field)));
    if (!knew_it) {
      return Deletion{.removed = false, .conflict = true};
    }
  }
  return Deletion{.removed = true, .conflict = false};
}

// What a side of a document says of the cells of one of its records.
std::vector<Head> Materialiser::Parts::heads_on(const Table& table, const DocumentRecord& record) {
  std::vector<Head> cells;
  for (std::size_t index = 0; index < record.versions.size(); ++index) {
    if (record.versions[index].sequence > 0) {
      cells.push_back({table.field_symbols[index], record.versions[index]});
    }
  }
  kehubu::sort(cells);
  return cells;
}

Status Materialiser::Parts::recompute(const Table& table, const Id& row, const Ancestry* side, const DocumentRecord* elsewhere) {
  KEHUBU_TRY(load(table, row));
  fresh.clear();
  replaced.clear();
  texts_used = 0;
  std::vector<Head> visible = heads;
  if (side != nullptr) {
    KEHUBU_TRY_ASSIGN(inside, heads_inside(*side, heads));
    visible = std::move(inside);
  }
  KEHUBU_TRY_ASSIGN(deleted, deletion(visible));
  const bool out_of_sight = visible.empty() || (elsewhere != nullptr && deleted.removed);
  deleted.removed = out_of_sight ? elsewhere == nullptr : deleted.removed;
  if (out_of_sight) {
    visible = elsewhere != nullptr ? heads_on(table, *elsewhere) : heads;
  }
  assignments.clear();
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    const SymbolNumber symbol = table.field_symbols[index];
    if (heads_of(heads, symbol).empty()) {
      continue;
    }
    // The document that a line belongs to never depends on the side: it is how the line is found.
    const std::span<const Head> cell = heads_of(static_cast<int>(index) == table.part_of ? heads : visible, symbol);
    if (cell.empty()) {
      assignments.push_back({index, {}});
      continue;
    }
    KEHUBU_TRY(load_candidates_of(table, index, cell));
    assignments.push_back({index, standing(table.entity->fields[index]).value});
  }
  std::vector<std::size_t> conflicting;
  if (side == nullptr && !deleted.removed) {
    KEHUBU_TRY(find_all_conflicts(table, heads, conflicting));
  }
  const bool delete_conflict = deleted.conflict && side == nullptr;
  std::int64_t flags = stored.flags & (flag_missing_reference | flag_renumbered);
  flags |= (deleted.removed ? flag_removed : 0) | (delete_conflict ? flag_delete_conflict : 0) |
           (conflicting.empty() ? 0 : flag_field_conflict) | (side != nullptr ? flag_document_conflict : 0) |
           (out_of_sight ? flag_outside : 0);
  if (!deleted.removed) {
    KEHUBU_TRY(settle_flag(table, row, StoredConflict::missing_reference, (flags & flag_missing_reference) != 0, false));
    flags &= ~std::int64_t{flag_missing_reference};
  }
  KEHUBU_TRY(settle_field_conflicts(table, row, conflicting));
  KEHUBU_TRY(settle_flag(table, row, StoredConflict::delete_against_edit, (stored.flags & flag_delete_conflict) != 0,
                         delete_conflict));
  const bool live = (!deleted.removed || (flags & flag_missing_reference) != 0) && !out_of_sight;
  return store(table, row, live, flags);
}

}  // namespace kehubu
