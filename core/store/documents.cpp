// Documents: a head record and its lines, which move together or wait together.
//
// Every action on any of them leaves a version of "#" on the head record, and each names those that it knew. Several
// heads of "#" are sides that met. What people see meanwhile is one side, whole: only versions of actions that the
// standing head of "#" builds on count, for the head record and for every line.
#include <algorithm>
#include <iterator>

#include "core/base/sort.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

bool least(const Log& log, Version a, Version b) {
  return a.device == b.device ? a.sequence < b.sequence : log.device_id(a.device) < log.device_id(b.device);
}

}  // namespace

Result<Ancestry> Materialiser::Parts::ancestry(Version head) {
  Ancestry actions;
  KEHUBU_TRY(for_each_built_upon(log, document_symbol, {head}, [&](Version version, const RawEntry& raw, bool, std::string_view, std::span<const Version>) {
    actions.emplace(version.device, raw.header.action);
  }));
  return actions;
}

Result<bool> Materialiser::Parts::is_inside(const Ancestry& side, Version version) {
  KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
  return side.contains({version.device, raw.header.action});
}

// The heads that each cell would have if there were only the changes of one side.
Result<std::vector<Head>> Materialiser::Parts::heads_inside(const Ancestry& side, const std::vector<Head>& all) {
  return heads_where(log, all, [&](Version version, const RawEntry& raw) { return side.contains({version.device, raw.header.action}); });
}

Result<std::vector<Materialiser::Parts::Target>> Materialiser::Parts::lines_of(const Target& document) {
  std::vector<Target> lines;
  for (const Table* table : document.table->lines) {
    const Field& part_of = table->entity->fields[static_cast<std::size_t>(table->part_of)];
    Statement& select =
        database.statement("SELECT id FROM " + table->name + " WHERE " + quoted(part_of.id) + " = ? ORDER BY id");
    select.bind(1, document.id);
    while (select.row()) {
      lines.push_back({table, select.id(0)});
    }
    KEHUBU_TRY(select.status());
  }
  return lines;
}

// Heads that lead to the same state, a decision taken at two places for example, are one side. People see the one of the least head
// that does not delete the document; of the least of all when all do.
Result<std::vector<DocumentSide>> Materialiser::Parts::sides_of(const Target& document, std::span<const Head> marks) {
  std::vector<Version> in_order = versions_of(marks);
  kehubu::sort(in_order, [this](Version a, Version b) { return least(log, a, b); });
  // Of decisions that were tried only a deletion: what else undoing one writes is in cells that wait with the document.
  constexpr std::size_t most_compared = 32;  // as without_undone() does
  for (std::size_t index = 0; in_order.size() > 1 && in_order.size() <= most_compared && index < in_order.size();) {
    const Version mark = in_order[index];
    KEHUBU_TRY_ASSIGN(behind, tried_behind(mark, document_field));
    KEHUBU_TRY_ASSIGN(decided, behind ? document_at(document, behind->tried.back()) : Result<std::vector<DocumentRecord>>());
    if (!behind || !decided.front().removed) {
      ++index;
      continue;
    }
    std::vector<Version> mark_first = in_order;
    std::ranges::rotate(mark_first, mark_first.begin() + static_cast<std::ptrdiff_t>(index));
    KEHUBU_TRY_ASSIGN(saying, without_undone(std::move(mark_first), document_field));
    const bool says_nothing = std::ranges::find(saying, mark) == saying.end();
    says_nothing ? void(in_order.erase(in_order.begin() + static_cast<std::ptrdiff_t>(index))) : void(++index);
  }
  KEHUBU_TRY_ASSIGN(states, states_of(document, in_order, true));
  std::vector<DocumentSide> sides(states.records.size());
  for (std::size_t index = 0; index < in_order.size(); ++index) {
    sides[states.of_marks[index]].heads.push_back(in_order[index]);
  }
  for (std::size_t index = 0; index < sides.size(); ++index) {
    sides[index].records = std::move(states.records[index]);
  }
  const auto keeps = std::ranges::find_if(sides, [](const DocumentSide& side) { return !side.records.front().removed; });
  const auto stands = keeps != sides.end() ? keeps : sides.begin();
  stands->stands = true;
  std::rotate(sides.begin(), stands, stands + 1);
  return sides;
}

Status Materialiser::Parts::settle_document(const Target& document) {
  KEHUBU_TRY(load(*document.table, document.id));
  const std::vector<Head> all = heads;
  const std::span<const Head> marks = heads_of(all, document_symbol);
  const bool was_met = (stored.flags & flag_document_conflict) != 0;
  if (stored.row_number == 0 || (marks.size() < 2 && !was_met)) {
    return {};
  }
  Ancestry side;
  std::map<Id, const DocumentRecord*> elsewhere;  // on the first side that has it; what no side has any more is needed by nobody
  std::vector<DocumentSide> sides;
  bool met = false;
  if (marks.size() > 1) {
    KEHUBU_TRY_ASSIGN(met_sides, sides_of(document, marks));
    sides = std::move(met_sides);
    met = sides.size() > 1;
    for (const DocumentSide& one : met ? std::span(sides).subspan(1) : std::span<DocumentSide>()) {
      for (const DocumentRecord& record : one.records) {
        record.removed ? void() : void(elsewhere.try_emplace(record.row, &record));
      }
    }
    KEHUBU_TRY_ASSIGN(built_on, ancestry(sides.front().heads.front()));
    side = std::move(built_on);
  }
  if (!met && !was_met) {
    return {};
  }
  fresh.clear();
  KEHUBU_TRY(recompute(*document.table, document.id, met ? &side : nullptr));
  KEHUBU_TRY_ASSIGN(lines, lines_of(document));
  for (const Target& line : lines) {
    const auto other = elsewhere.find(line.id);
    KEHUBU_TRY(recompute(*line.table, line.id, met ? &side : nullptr, other != elsewhere.end() ? other->second : nullptr));
  }
  return settle_flag(*document.table, document.id, StoredConflict::document, was_met, met);
}

// --- questions ----------------------------------------------------------------------------------------------------------

Result<std::optional<DocumentRecord>> Materialiser::Parts::record_inside(const Target& target, const Ancestry& side) {
  KEHUBU_TRY(load(*target.table, target.id));
  KEHUBU_TRY_ASSIGN(visible, heads_inside(side, heads));
  if (visible.empty()) {
    return std::optional<DocumentRecord>();
  }
  KEHUBU_TRY_ASSIGN(record, record_from(target, visible));
  return std::optional(std::move(record));
}

// A record by these heads of its cells.
Result<DocumentRecord> Materialiser::Parts::record_from(const Target& target, const std::vector<Head>& visible) {
  fresh.clear();
  texts_used = 0;
  DocumentRecord record{.entity = target.table->entity, .row = target.id, .values = {}};
  record.values.resize(record.entity->fields.size());
  record.versions.resize(record.values.size());
  for (std::size_t index = 0; index < record.values.size(); ++index) {
    const SymbolNumber symbol = target.table->field_symbols[index];
    const std::span<const Head> cell = heads_of(visible, symbol);
    if (!cell.empty()) {
      KEHUBU_TRY(load_candidates_of(*target.table, index, cell));
      const Candidate& stands = standing(record.entity->fields[index]);
      record.values[index] = unpack_value(stands.value);
      record.versions[index] = stands.version;
    }
  }
  if (const std::span<const Head> marks = heads_of(visible, removed_symbol); !marks.empty()) {
    record.life = marks.front().version;
  }
  KEHUBU_TRY_ASSIGN(deleted, deletion(visible));
  record.removed = deleted.removed;
  return record;
}

Result<std::vector<DocumentRecord>> Materialiser::Parts::document_inside(const Target& document, const Ancestry& side) {
  std::vector<DocumentRecord> records;
  KEHUBU_TRY_ASSIGN(head, record_inside(document, side));
  const Entity& entity = *document.table->entity;
  records.push_back(head ? std::move(*head) : DocumentRecord{&entity, document.id, false, std::vector<Value>(entity.fields.size())});
  KEHUBU_TRY_ASSIGN(lines, lines_of(document));
  for (const Target& line : lines) {
    KEHUBU_TRY_ASSIGN(record, record_inside(line, side));
    if (record) {
      records.push_back(std::move(*record));
    }
  }
  if (records.front().removed) {
    std::ranges::for_each(records, [](DocumentRecord& record) { record.removed = true; });  // a line that was brought back alone goes, too
  }
  return records;
}

Result<std::vector<DocumentRecord>> Materialiser::Parts::document_at(const Target& document, Version mark) {
  KEHUBU_TRY_ASSIGN(side, ancestry(mark));
  return document_inside(document, side);
}

// A side that is open again is told as it was: what a decision did to the others' lines is no part of it.
Result<std::vector<DocumentRecord>> Materialiser::document_at(const Entity& entity, const Id& row, Version head) {
  KEHUBU_TRY_ASSIGN(first_said, said_by(head, document_field));
  return parts_->document_at({&parts_->tables.of(entity), row}, first_said);
}

Result<std::vector<DocumentSide>> Materialiser::document_sides(const Entity& entity, const Id& row) {
  const Parts::Target document{&parts_->tables.of(entity), row};
  KEHUBU_TRY(parts_->load(*document.table, row));
  const std::vector<Head> all = parts_->heads;
  const std::span<const Head> marks = heads_of(all, parts_->document_symbol);
  return marks.empty() ? Result<std::vector<DocumentSide>>() : parts_->sides_of(document, marks);
}

// Back to where it was one and the same to all: a question that several people decided was none of theirs to begin with.
Result<std::vector<DocumentRecord>> Materialiser::document_base(const Entity& entity, const Id& row, std::vector<Version> parted) {
  if (parted.empty()) {
    KEHUBU_TRY_ASSIGN(now, heads(entity, row, document_field));
    parted = std::move(now);
  }
  const Parts::Target document{&parts_->tables.of(entity), row};
  std::optional<Version> agreed;
  const auto agree = [&](std::span<const Version> before) -> Result<bool> {
    std::vector<Head> marks;
    for (const Version& version : before) {
      marks.push_back({parts_->document_symbol, version});
    }
    KEHUBU_TRY_ASSIGN(sides, parts_->sides_of(document, marks));
    agreed = sides.front().heads.front();
    return sides.size() == 1;
  };
  KEHUBU_TRY_ASSIGN(base, agreed_base(document_field, parted, agree));
  return base.empty() ? Result<std::vector<DocumentRecord>>() : document_at(entity, row, *agreed);
}

Result<std::optional<Version>> Materialiser::document_taken(const Entity& entity, const Id& row, Version decision) {
  KEHUBU_TRY_ASSIGN(kind, parts_->kind_of(decision));
  KEHUBU_TRY_ASSIGN(met, heads_before(decision, document_field));
  if (kind != ChangeKind::resolve || met.size() < 2) {
    return std::optional<Version>();
  }
  std::vector<Version> marks;
  for (const Version head : met) {
    KEHUBU_TRY_ASSIGN(first_said, said_by(head, document_field));
    marks.push_back(first_said);
  }
  KEHUBU_TRY_ASSIGN(decided, said_by(decision, document_field));
  marks.push_back(decided);
  KEHUBU_TRY_ASSIGN(states, document_states(entity, row, marks));
  const auto taken = std::ranges::find(states, states.back()) - states.begin();
  return static_cast<std::size_t>(taken) < met.size() ? std::optional(met[static_cast<std::size_t>(taken)]) : std::nullopt;
}

Result<Version> Materialiser::document_standing_head(const Entity& entity, const Id& row) {
  KEHUBU_TRY_ASSIGN(sides, document_sides(entity, row));
  if (sides.empty()) {
    return fail(ErrorKind::not_found, "没有这份单据", "There is no such document");
  }
  return sides.front().heads.front();
}

// The edit after which every cell of the record has one head, with the value of the side. `goes`: with its document.
Result<Edit> Materialiser::Parts::edit_towards(const Target& target, const Ancestry& side, bool goes) {
  KEHUBU_TRY_ASSIGN(record, record_inside(target, side));
  const std::vector<Head> all = heads;
  Edit edit{target.table->entity, target.id, {}, false, false};
  const auto is_settled = [&](std::span<const Head> cell) -> Result<bool> {
    return cell.size() == 1 ? is_inside(side, cell.front().version) : Result<bool>(cell.empty());
  };
  const bool remove = goes || !record || record->removed;
  for (std::size_t index = 0; record && index < record->values.size(); ++index) {
    KEHUBU_TRY_ASSIGN(settled, is_settled(heads_of(all, target.table->field_symbols[index])));
    if (!settled) {
      edit.fields.emplace_back(&record->entity->fields[index], record->values[index]);
    }
  }
  KEHUBU_TRY_ASSIGN(life_settled, is_settled(heads_of(all, removed_symbol)));
  if (remove) {
    KEHUBU_TRY_ASSIGN(now, deletion(all));
    edit.remove = !life_settled || !now.removed || now.conflict || !edit.fields.empty();
  } else {
    edit.restore = !life_settled;
  }
  return edit;
}

Result<std::vector<Edit>> Materialiser::document_resolution(const Entity& entity, const Id& row, Version head) {
  const Parts::Target document{&parts_->tables.of(entity), row};
  KEHUBU_TRY_ASSIGN(side, parts_->ancestry(head));
  std::vector<Edit> edits;
  KEHUBU_TRY_ASSIGN(whole, parts_->record_inside(document, side));
  const bool goes = whole && whole->removed;
  KEHUBU_TRY_ASSIGN(head_edit, parts_->edit_towards(document, side, goes));
  edits.push_back(std::move(head_edit));  // even when it has no field: "#" is written with it
  KEHUBU_TRY_ASSIGN(lines, parts_->lines_of(document));
  for (const Parts::Target& line : lines) {
    KEHUBU_TRY_ASSIGN(edit, parts_->edit_towards(line, side, goes));
    if (edit.remove || edit.restore || !edit.fields.empty()) {
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

Result<std::vector<Version>> Materialiser::heads(const Entity& entity, const Id& row, std::string_view field) {
  KEHUBU_TRY(parts_->load(parts_->tables.of(entity), row));
  std::vector<Version> versions;
  for (const Head& head : heads_of(parts_->heads, parts_->log.symbol(field))) {
    versions.push_back(head.version);
  }
  kehubu::sort(versions, [this](Version a, Version b) { return least(parts_->log, a, b); });
  return versions;
}

Result<std::vector<Version>> Materialiser::shown_heads(const Entity& entity, const Id& row, std::string_view field) {
  const Table& table = parts_->tables.of(entity);
  const Field* declared = entity.find(field);
  if (table.fact_field < 0 || declared == nullptr) {
    return heads(entity, row, field);
  }
  KEHUBU_TRY(parts_->load(table, row));
  KEHUBU_TRY_ASSIGN(cell, parts_->shown_cell(table, static_cast<std::size_t>(declared - entity.fields.data())));
  std::vector<Version> versions = versions_of(cell);
  kehubu::sort(versions, [this](Version a, Version b) { return least(parts_->log, a, b); });
  return versions;
}

Result<std::vector<Head>> Materialiser::shown_of(const Entity& entity, std::vector<Head> heads) {
  parts_->fresh.clear();
  parts_->texts_used = 0;
  return parts_->shown_of(parts_->tables.of(entity), std::move(heads));
}

Result<Value> Materialiser::value_at(Version version, std::string_view field) {
  KEHUBU_TRY_ASSIGN(raw, parts_->log.read_raw(version));
  std::string_view value;
  std::vector<Version> ignored;
  find_packed_field(raw.fields, raw.header.field_count, parts_->log.symbol(field), value, ignored);
  return unpack_value(value);
}

Result<Value> Materialiser::standing_value(const Entity& entity, std::string_view field, std::span<const Version> heads) {
  const SymbolNumber symbol = parts_->log.symbol(field);
  std::vector<Head> cell;
  for (const Version& version : heads) {
    cell.push_back({symbol, version});
  }
  parts_->fresh.clear();
  parts_->texts_used = 0;
  KEHUBU_TRY(parts_->load_candidates(symbol, cell));
  if (parts_->candidates.empty()) {
    return Value();
  }
  if (field == deleted_field) {
    const bool removed = std::ranges::all_of(
        parts_->candidates, [](const Candidate& one) { return integer_or(unpack_value(one.value), 0) != 0; });
    return Value(std::int64_t{removed});
  }
  const Field* declared = entity.find(field);
  return unpack_value(declared != nullptr ? parts_->standing(*declared).value : parts_->candidates.front().value);
}

// Everything that all heads build on, less what is itself replaced within it; in the same order on every device.
Result<std::vector<Version>> Materialiser::common_base(std::string_view field, std::span<const Version> heads) {
  const SymbolNumber symbol = parts_->log.symbol(field);
  std::map<Version, std::size_t> reached;  // by how many heads
  std::map<Version, std::vector<Version>> before;
  std::map<Version, Version> spoken;       // what steps repeat
  for (const Version& head : heads) {
    std::vector<Version> waiting{head}, replaced;
    std::set<Version> seen;
    while (!waiting.empty()) {
      Version version = waiting.back();
      waiting.pop_back();
      if (!spoken.contains(version)) {
        KEHUBU_TRY_ASSIGN(first_said, said_by(version, field));
        spoken[version] = first_said;
      }
      version = spoken[version];
      if (!seen.insert(version).second) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(raw, parts_->log.read_raw(version));
      std::string_view value;
      replaced.clear();
      // "~" and "_closed" replace versions of other cells, too.
      if (find_packed_field(raw.fields, raw.header.field_count, symbol, value, replaced)) {
        ++reached[version];
        before[version] = replaced;
      }
      waiting.insert(waiting.end(), replaced.begin(), replaced.end());
    }
  }
  std::set<Version> base;
  for (const auto& [version, count] : reached) {
    if (count == heads.size()) {
      base.insert(version);
    }
  }
  std::set<Version> youngest = base;
  for (const Version& version : base) {
    for (const Version& older : before[version]) {
      youngest.erase(spoken[older]);
    }
  }
  std::vector<Version> in_order(youngest.begin(), youngest.end());
  kehubu::sort(in_order, [this](Version a, Version b) { return least(parts_->log, a, b); });
  return in_order;
}

// What all of several build on is older than any of them, so this ends; a limit keeps it from walking all of the log again for
// each of the disagreements that a hostile file may stack.
Result<std::vector<Version>> Materialiser::agreed_base(std::string_view field, std::span<const Version> heads, const Agree& agree) {
  std::vector<Version> base(heads.begin(), heads.end());
  for (int disagreements = 0; disagreements < most_disagreements; ++disagreements) {
    KEHUBU_TRY_ASSIGN(before, common_base(field, base));
    KEHUBU_TRY_ASSIGN(agreed, before.empty() ? Result<bool>(true) : agree(before));
    if (agreed) {
      return before;
    }
    base = std::move(before);
  }
  return std::vector<Version>();
}

}  // namespace kehubu
