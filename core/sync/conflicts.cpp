#include "core/sync/conflicts.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/store/sql.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

// The record's cells that a side gives other values than the base: what a person has to compare.
void add_differences(std::vector<ConflictSide::Cell>& cells, const DocumentRecord& record, const DocumentRecord* base) {
  for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
    const Field& field = record.entity->fields[index];
    const bool changed = base == nullptr ? !is_null(record.values[index]) : record.values[index] != base->values[index];
    if (!field.derived() && changed) {
      cells.push_back({record.entity, record.row, &field, record.values[index]});
    }
  }
}

using RecordsById = std::map<Id, const DocumentRecord*>;

RecordsById by_id(const std::vector<DocumentRecord>& records) {
  RecordsById result;
  for (const DocumentRecord& record : records) {
    result.emplace(record.row, &record);
  }
  return result;
}

// The longest enrolled device's side stands (change.h): least device id, then least sequence, of the heads and not of
// those whose word they are.
void put_standing_first(const Log& log, std::vector<ConflictSide>& sides) {
  std::ranges::sort(sides, {}, [&log](const ConflictSide& side) {
    return std::pair(log.device_id(side.heads.front().device), side.heads.front().sequence);
  });
  for (std::size_t index = 0; index < sides.size(); ++index) {
    sides[index].stands_now = index == 0;
  }
}

}  // namespace

Result<std::vector<Conflicts::Row>> Conflicts::read_table() {
  Database database{store_.connection()};
  std::vector<Row> rows;
  Statement& select = database.statement("SELECT key, kind, entity, row, field, detail FROM conflict ORDER BY key");
  while (select.row()) {
    Row row;
    row.key = select.text(0);
    row.kind = static_cast<ConflictKind>(select.integer(1));
    row.entity = log_.symbol_text(static_cast<SymbolNumber>(select.integer(2)));
    row.row = select.id(3);
    row.field = select.is_null(4) ? std::string_view{} : log_.symbol_text(static_cast<SymbolNumber>(select.integer(4)));
    row.detail = select.value(5);
    rows.push_back(std::move(row));
  }
  KEHUBU_TRY(select.status());
  return rows;
}

Result<std::vector<Conflict>> Conflicts::all() {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  std::vector<Conflict> conflicts;
  for (Row& row : rows) {
    Conflict conflict;
    conflict.key = std::move(row.key);
    conflict.kind = row.kind;
    conflict.entity = find_entity(row.entity);
    conflict.row = row.row;
    conflict.field = conflict.entity != nullptr && !row.field.empty() ? conflict.entity->find(row.field) : nullptr;
    if (conflict.entity == nullptr) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(complete_now, complete(conflict, row.detail));
    if (complete_now) {
      conflicts.push_back(std::move(conflict));
    }
  }
  return conflicts;
}

Result<std::int64_t> Conflicts::count() {
  Database database{store_.connection()};
  Statement& select = database.statement("SELECT count(*) FROM conflict");
  std::int64_t count = 0;
  while (select.row()) {
    count = select.integer(0);
  }
  KEHUBU_TRY(select.status());
  return count;
}

Result<bool> Conflicts::complete(Conflict& conflict, const Value& detail) {
  switch (conflict.kind) {
    case ConflictKind::field:
      if (conflict.field == nullptr) {
        return false;
      }
      KEHUBU_TRY(complete_field(conflict));
      break;
    case ConflictKind::document: KEHUBU_TRY(complete_document(conflict)); break;
    case ConflictKind::delete_against_edit: KEHUBU_TRY(complete_deletion(conflict)); break;
    case ConflictKind::missing_reference: KEHUBU_TRY(complete_reference(conflict)); break;
    case ConflictKind::duplicate_number:
      if (conflict.field == nullptr) {
        return false;
      }
      KEHUBU_TRY(complete_duplicate(conflict, detail));
      break;
  }
  return !conflict.sides.empty();
}

// The person, device and time are those of the side that the head repeats, where a decision was undone.
Result<ConflictSide> Conflicts::side_of(Version head, std::string_view field) {
  KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, field));
  KEHUBU_TRY_ASSIGN(change, log_.read(said));
  ConflictSide side;
  side.heads = {head};
  side.device = log_.device_id(said.device);
  side.device_name = log_.device(said.device).name;
  side.person = change.person;
  side.person_name = person_title(store_, change.person);
  side.clock = change.clock;
  return side;
}

// --- one field

Status Conflicts::complete_field(Conflict& conflict) {
  const std::string_view field = conflict.field->id;
  KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, conflict.row, field));
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, field));
    const auto same = std::ranges::find_if(conflict.sides, [&](const ConflictSide& side) { return side.cells.front().value == value; });
    if (same != conflict.sides.end()) {
      same->heads.push_back(head);
      continue;
    }
    KEHUBU_TRY_ASSIGN(side, side_of(head, field));
    side.cells.push_back({conflict.entity, conflict.row, conflict.field, value});
    conflict.sides.push_back(std::move(side));
  }
  put_standing_first(log_, conflict.sides);
  KEHUBU_TRY_ASSIGN(base, materialiser_.common_base(field, heads));
  for (const Version version : base) {
    KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(version, field));
    conflict.base.push_back({conflict.entity, conflict.row, conflict.field, value});
  }
  headline_of_field(conflict);
  return {};
}

// --- a document and its lines

Status Conflicts::complete_document(Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(base, materialiser_.document_base(*conflict.entity, conflict.row));
  KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, conflict.row, document_field));
  const RecordsById base_records = by_id(base);
  std::set<std::pair<Id, const Field*>> shown;
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(side, side_of(head, document_field));
    KEHUBU_TRY_ASSIGN(records, materialiser_.document_at(*conflict.entity, conflict.row, head));
    for (const DocumentRecord& record : records) {
      const auto before = base_records.find(record.row);
      add_differences(side.cells, record, before == base_records.end() ? nullptr : before->second);
      side.removed = side.removed || (record.row == conflict.row && record.removed);
    }
    for (const ConflictSide::Cell& cell : side.cells) {
      shown.emplace(cell.row, cell.field);
    }
    conflict.sides.push_back(std::move(side));
  }
  for (const DocumentRecord& record : base) {
    for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
      const Field& field = record.entity->fields[index];
      if (shown.contains({record.row, &field})) {
        conflict.base.push_back({record.entity, record.row, &field, record.values[index]});
      }
    }
  }
  put_standing_first(log_, conflict.sides);
  headline_of_document(conflict);
  return {};
}

// --- deleted here, edited there

// The edits that a deletion did not know of, one side for each author.
Status Conflicts::add_edits(const Conflict& conflict, const std::vector<Version>& unknown, std::vector<ConflictSide>& sides) {
  for (const Version version : unknown) {
    const auto same = std::ranges::find_if(sides, [&](const ConflictSide& side) {
      return !side.removed && side.heads.front().device == version.device;
    });
    ConflictSide fresh;
    if (same == sides.end()) {
      KEHUBU_TRY_ASSIGN(side, side_of(version, deleted_field));
      fresh = std::move(side);
    }
    ConflictSide& side = same == sides.end() ? sides.emplace_back(std::move(fresh)) : *same;
    if (side.heads.back() != version) {
      side.heads.push_back(version);
    }
    KEHUBU_TRY_ASSIGN(change, log_.read(version));
    side.clock = std::max(side.clock, change.clock);
    for (const FieldChange& field : change.fields) {
      if (const Field* declared = conflict.entity->find(field.field)) {
        side.cells.push_back({conflict.entity, conflict.row, declared, field.value});
      }
    }
  }
  return {};
}

Status Conflicts::complete_deletion(Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(marks, materialiser_.heads(*conflict.entity, conflict.row, deleted_field));
  std::set<Version> known;
  std::vector<Version> unknown;
  std::vector<ConflictSide> removals;
  for (const Version mark : marks) {
    KEHUBU_TRY_ASSIGN(change, log_.read(mark));
    KEHUBU_TRY_ASSIGN(side, side_of(mark, deleted_field));
    const auto cell = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
    side.removed = cell != change.fields.end() && integer_or(cell->value, 0) != 0;
    if (side.removed) {
      known.insert(cell->replaced.begin(), cell->replaced.end());
      removals.push_back(std::move(side));
    } else {
      unknown.push_back(mark);
    }
    known.insert(mark);
  }
  for (const Field& field : conflict.entity->fields) {
    if (field.derived()) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, conflict.row, field.id));
    for (const Version head : heads) {
      if (!known.contains(head) && std::ranges::find(unknown, head) == unknown.end()) {
        unknown.push_back(head);
      }
    }
  }
  std::vector<ConflictSide> edits;
  KEHUBU_TRY(add_edits(conflict, unknown, edits));
  // The record lives until someone decides.
  put_standing_first(log_, edits);
  conflict.sides = std::move(edits);
  std::ranges::move(removals, std::back_inserter(conflict.sides));
  headline_of_deletion(conflict);
  return {};
}

// --- a living record refers to a removed one

Result<std::vector<Conflicts::Referrer>> Conflicts::referrers(const Conflict& conflict) {
  Database database{store_.connection()};
  std::vector<Referrer> found;
  for (const Entity* entity : entities()) {
    for (const Field& field : entity->fields) {
      if (field.references != conflict.entity->id || field.derived()) {
        continue;
      }
      Statement& select = database.statement("SELECT id FROM " + quoted(entity->id) + " WHERE " + quoted(field.id) +
                                             " = ?1 AND flags & 1 = 0 AND id <> ?1 ORDER BY id");
      select.bind(1, conflict.row);
      while (select.row()) {
        found.push_back({entity, &field, select.id(0)});
      }
      KEHUBU_TRY(select.status());
    }
  }
  return found;
}

// Side 0: the removed record comes back. Side 1: it stays removed, and nothing refers to it any more.
Status Conflicts::complete_reference(Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(marks, materialiser_.heads(*conflict.entity, conflict.row, deleted_field));
  KEHUBU_TRY_ASSIGN(found, referrers(conflict));
  if (marks.empty() || found.empty()) {
    return {};
  }
  ConflictSide keeping;
  for (const Referrer& referrer : found) {
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*referrer.entity, referrer.row, referrer.field->id));
    if (keeping.heads.empty() && !heads.empty()) {
      KEHUBU_TRY_ASSIGN(side, side_of(heads.front(), referrer.field->id));
      keeping = std::move(side);
    }
    keeping.cells.push_back({referrer.entity, referrer.row, referrer.field, conflict.row});
    if (std::ranges::find(conflict.other_rows, referrer.row) == conflict.other_rows.end()) {
      conflict.other_rows.push_back(referrer.row);
    }
  }
  keeping.stands_now = true;
  KEHUBU_TRY_ASSIGN(removing, side_of(marks.front(), deleted_field));
  removing.removed = true;
  const Sentence who = author_words(store_, removing.person, log_.device_number(removing.device));
  const Sentence what = record_words(store_, *conflict.entity, conflict.row);
  const std::string count = std::to_string(conflict.other_rows.size());
  conflict.headline = {
      substitute("{} 删除了{}，但还有 {} 条记录要用到它。要恢复它，还是让它保持删除？", {who.zh, what.zh, count}),
      substitute("{} deleted {}, which {} other record{s} still had in use. Bring it back, or leave it deleted?", {who.en, what.en, count})};
  conflict.sides = {std::move(keeping), std::move(removing)};
  return {};
}

// --- the same number twice

Result<std::vector<Id>> Conflicts::sharing(const Entity& entity, const Field& field, const Value& value) {
  Database database{store_.connection()};
  std::vector<Id> rows;
  Statement& select =
      database.statement("SELECT id FROM " + quoted(entity.id) + " WHERE " + quoted(field.id) + " = ? AND live = 1 ORDER BY id");
  select.bind(1, value);
  while (select.row()) {
    rows.push_back(select.id(0));
  }
  KEHUBU_TRY(select.status());
  return rows;
}

// One side a record: choosing it lets that record keep the number.
Status Conflicts::complete_duplicate(Conflict& conflict, const Value& detail) {
  KEHUBU_TRY_ASSIGN(rows, sharing(*conflict.entity, *conflict.field, detail));
  for (const Id& row : rows) {
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, row, conflict.field->id));
    if (heads.empty()) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(side, side_of(heads.front(), conflict.field->id));
    side.heads = heads;
    side.cells.push_back({conflict.entity, row, conflict.field, detail});
    side.stands_now = true;  // both live
    conflict.sides.push_back(std::move(side));
    if (row != conflict.row) {
      conflict.other_rows.push_back(row);
    }
  }
  KEHUBU_TRY_ASSIGN(spare, spare_numbers(conflict, detail));
  conflict.spare_numbers = std::move(spare);
  const Sentence value = value_words(store_, *conflict.field, detail);
  const std::string count = std::to_string(rows.size());
  conflict.headline = {substitute("{} 条{}用了同一个{}“{}”。哪一条保留这个号码？", {count, conflict.entity->zh, conflict.field->zh, value.zh}),
                       substitute("{} records of {} share the {} \"{}\". Which one keeps it?",
                                  {count, conflict.entity->en, conflict.field->en, value.en})};
  return {};
}

// --- later clocks

Result<std::vector<Sync::Superseded>> Conflicts::superseded(const Entity& entity, const Id& row) {
  std::vector<Sync::Superseded> result;
  for (const Field& field : entity.fields) {
    if (field.derived() || field.merge != MergePolicy::later_clock) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(entity, row, field.id));
    if (heads.size() < 2) {
      continue;
    }
    std::vector<HistoryEntry> entries;
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(entry, history_entry(store_, entity, head, field.id));
      entries.push_back(std::move(entry));
    }
    std::ranges::sort(entries, [](const HistoryEntry& a, const HistoryEntry& b) {
      return std::tie(a.clock, a.device, a.version.sequence) > std::tie(b.clock, b.device, b.version.sequence);
    });
    for (std::size_t index = 1; index < entries.size(); ++index) {
      if (entries[index].value != entries.front().value) {
        result.push_back({entries.front(), entries[index]});
      }
    }
  }
  return result;
}

}  // namespace kehubu
