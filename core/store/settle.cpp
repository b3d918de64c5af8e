// What a merge settles after the records themselves: open conflicts, references to removed records, numbers used twice.
#include <algorithm>

#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

std::string text_of(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*integer);
  }
  return text_or_empty(value);
}

}  // namespace

std::string conflict_key(StoredConflict kind, const Entity& entity, const Id& row, const Field* field,
                         const Value& detail) {
  const std::string where = "/" + std::string(entity.id) + "/";
  switch (kind) {
    case StoredConflict::field:
      return "field" + where + row.text() + "/" + std::string(field->id);
    case StoredConflict::document:
      return "document" + where + row.text();
    case StoredConflict::delete_against_edit:
      return "delete" + where + row.text();
    case StoredConflict::missing_reference:
      return "reference" + where + row.text();
    case StoredConflict::duplicate_number:
      return "duplicate" + where + std::string(field->id) + "/" + text_of(detail);
    case StoredConflict::circle:
      return "circle" + where + std::string(field->id) + "/" + text_of(detail).substr(0, row.text().size());
    case StoredConflict::rule:
      return "rule" + where + row.text() + "/" + text_of(detail);
    case StoredConflict::only_one:
      return "only_one" + where + text_of(detail);
  }
  return {};
}

Status Materialiser::Parts::open_conflict(const Table& table, StoredConflict kind, const Id& row, const Field* field,
                                          const Value& detail) {
  const std::string key = conflict_key(kind, *table.entity, row, field, detail);
  Statement& insert = database.statement(
      "INSERT INTO conflict(key, kind, entity, row, field, detail) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  insert.bind(1, std::string_view(key)).bind(2, static_cast<std::int64_t>(kind)).bind(3, std::int64_t{table.symbol});
  insert.bind(4, row);
  field != nullptr ? insert.bind(5, std::int64_t{log.symbol(field->id)}) : insert.bind_null(5);
  const bool may_be_shared = kind == StoredConflict::field;
  KEHUBU_TRY(insert.bind(6, may_be_shared ? table.shared_question[static_cast<std::size_t>(field - table.entity->fields.data())] : detail).run());
  if (database.changed_rows() > 0 && closed_now.erase(key) == 0) {
    ++statistics.conflicts_opened;
    if (table.is_part_of_document() || kind == StoredConflict::circle) {
      opened_now.insert(key);
    }
  } else if (database.changed_rows() > 0) {
    --statistics.conflicts_closed;
  }
  return {};
}

Status Materialiser::Parts::close_conflict(const Table& table, StoredConflict kind, const Id& row, const Field* field,
                                           const Value& detail) {
  const std::string key = conflict_key(kind, *table.entity, row, field, detail);
  KEHUBU_TRY(database.statement("DELETE FROM conflict WHERE key = ?").bind(1, std::string_view(key)).run());
  if (database.changed_rows() > 0 && opened_now.erase(key) == 0) {
    ++statistics.conflicts_closed;
    if (table.is_part_of_document() || kind == StoredConflict::circle) {
      closed_now.insert(key);
    }
  } else if (database.changed_rows() > 0) {
    --statistics.conflicts_opened;
  }
  return {};
}

// `conflicting`: all fields of the record that wait for a decision now.
Status Materialiser::Parts::settle_field_conflicts(const Table& table, const Id& row, std::span<const std::size_t> conflicting) {
  std::vector<const Field*> before, now;
  if ((stored.flags & flag_field_conflict) != 0) {
    Statement& select = database.statement("SELECT field FROM conflict WHERE row = ? AND entity = ? AND kind = 0");
    select.bind(1, row).bind(2, std::int64_t{table.symbol});
    while (select.row()) {
      before.push_back(table.entity->find(log.symbol_text(static_cast<SymbolNumber>(select.integer(0)))));
    }
    KEHUBU_TRY(select.status());
    std::erase(before, nullptr);  // a newer program's, which stays open
  }
  for (const std::size_t index : conflicting) {
    now.push_back(&table.entity->fields[index]);
  }
  for (const Field* field : before) {
    if (std::ranges::find(now, field) == now.end()) {
      KEHUBU_TRY(close_conflict(table, StoredConflict::field, row, field));
    }
  }
  for (const Field* field : now) {
    if (std::ranges::find(before, field) == before.end()) {
      KEHUBU_TRY(open_conflict(table, StoredConflict::field, row, field));
    }
  }
  return {};
}

Status Materialiser::Parts::settle_flag(const Table& table, const Id& row, StoredConflict kind, bool before, bool now) {
  if (before == now) {
    return {};
  }
  return now ? open_conflict(table, kind, row, nullptr) : close_conflict(table, kind, row, nullptr);
}

// Whether some record that is not itself removed refers to the target.
Result<bool> Materialiser::Parts::is_referred_to(const Target& target) {
  for (const Referrer& referrer : target.table->referrers) {
    const Table& from = tables.of(*referrer.entity);
    Statement& select = database.statement("SELECT id FROM " + from.name + " WHERE " + quoted(referrer.field->id) +
                                           " = ?1 AND flags & 1 = 0 AND id <> ?1 LIMIT 1");
    select.bind(1, target.id);
    const bool found = select.row();
    select.reset();
    if (found) {
      return true;
    }
    KEHUBU_TRY(select.status());
  }
  return false;
}

Status Materialiser::Parts::settle_reference(const Target& target) {
  const Table& table = *target.table;
  KEHUBU_TRY(load(table, target.id));
  const bool hidden_by_deletion =
      (stored.flags & (flag_removed | flag_document_conflict | flag_outside)) == flag_removed;
  const bool was_missed = (stored.flags & flag_missing_reference) != 0;
  bool missed = false;
  if (hidden_by_deletion) {
    KEHUBU_TRY_ASSIGN(referred, is_referred_to(target));
    missed = referred;
  }
  if (missed == was_missed) {
    return {};
  }
  KEHUBU_TRY(settle_flag(table, target.id, StoredConflict::missing_reference, was_missed, missed));
  if (missed && known_before.empty()) {
    fresh.clear();
    texts_used = 0;
    KEHUBU_TRY(note_lost_deletions(table, target.id));
  }
  Statement& update = database.statement("UPDATE " + table.name + " SET live = ?, flags = ? WHERE row_number = ?");
  const std::int64_t flags =
      (stored.flags & ~std::int64_t{flag_missing_reference}) | (missed ? flag_missing_reference : 0);
  const bool live = ((flags & flag_removed) == 0 || missed) && (flags & flag_outside) == 0;
  KEHUBU_TRY(update.bind(1, std::int64_t{live}).bind(2, flags).bind(3, stored.row_number).run());
  touch(table, stored.row_number);
  if (live == stored.live) {
    return {};
  }
  KEHUBU_TRY(load_watched(table));
  watched_now = watched_before;
  note_only_ones(table, stored.live, live);
  for (std::size_t column = 0; column < table.watched.size(); ++column) {
    const Field& field = table.entity->fields[table.watched[column]];
    if (must_be_unique(*table.entity, field) && !is_null(watched_before[column])) {
      std::string packed_value;
      pack_value(packed_value, watched_before[column]);
      numbers.push_back({&table, table.watched[column], std::move(packed_value)});
    }
  }
  return {};
}

// Living records that share a number both live; one conflict stands for all of them.
Status Materialiser::Parts::settle_number(const Number& number) {
  const Table& table = *number.table;
  const Field& field = table.entity->fields[number.field];
  const Value value = unpack_value(number.value);
  Statement& select = database.statement("SELECT min(id), count(*) FROM " + table.name + " WHERE " + quoted(field.id) +
                                         " = ? AND live = 1");
  select.bind(1, value);
  const bool found = select.row();
  const Id least = found ? select.id(0) : Id{};
  const bool shared = found && select.integer(1) > 1;
  select.reset();
  KEHUBU_TRY(select.status());
  if (!shared) {
    return close_conflict(table, StoredConflict::duplicate_number, {}, &field, value);
  }
  KEHUBU_TRY(open_conflict(table, StoredConflict::duplicate_number, least, &field, value));
  const std::string key = conflict_key(StoredConflict::duplicate_number, *table.entity, {}, &field, value);
  return database.statement("UPDATE conflict SET row = ? WHERE key = ?").bind(1, least).bind(2, std::string_view(key)).run();
}

}  // namespace kehubu
