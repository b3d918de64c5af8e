// History: walking the log back from the heads of a record.
#include <algorithm>

#include "core/base/sort.h"
#include "core/catalog/areas.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

// The youngest version first: by clock, then in an order that every device shares.
bool is_newer(const HistoryEntry& a, const HistoryEntry& b) {
  return std::tie(a.clock, a.device, a.version.sequence, a.field) > std::tie(b.clock, b.device, b.version.sequence, b.field);
}

}  // namespace

// What stood in the cell before the version: what it replaced, or of several the one that the field's policy chose.
Result<Value> StoreImplementation::value_before(const Entity& entity, Version version, std::string_view field) {
  KEHUBU_TRY_ASSIGN(before, materialiser_->heads_before(version, field));
  return before.empty() ? Result<Value>(Value()) : materialiser_->standing_value(entity, field, before);
}

Result<std::vector<HistoryEntry>> StoreImplementation::history(const Entity& entity, const Id& id,
                                                               std::string_view field) {
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table_of(entity), id));
  std::vector<HistoryEntry> entries;
  std::set<Head> seen;
  std::vector<Head> waiting;
  for (const Head& head : heads) {
    const std::string_view name = log_->symbol_text(head.field);
    if (name != document_field && name != closed_field && (field.empty() || name == field)) {
      waiting.push_back(head);
    }
  }
  const std::vector<Head> standing = waiting;
  std::map<Id, std::string> person_names;
  while (!waiting.empty()) {
    const Head head = waiting.back();
    waiting.pop_back();
    if (!seen.insert(head).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(change, log_->read(head.version));
    const std::string_view name = log_->symbol_text(head.field);
    const auto cell = std::ranges::find(change.fields, name, &FieldChange::field);
    if (cell == change.fields.end()) {
      continue;  // "~" also replaces versions of other cells
    }
    for (const Version& version : cell->replaced) {
      waiting.push_back({head.field, version});
    }
    HistoryEntry entry;
    entry.version = head.version;
    entry.device = log_->device_id(head.version.device);
    entry.device_name = log_->device(head.version.device).name;
    entry.person = change.person;
    const auto [known, is_new] = person_names.try_emplace(change.person);
    if (is_new && !change.person.empty()) {
      known->second = title(catalog::employee, change.person);
    }
    entry.person_name = known->second;
    entry.clock = change.clock;
    entry.action = change.action;
    entry.kind = change.kind;
    entry.entity = &entity;
    entry.row = id;
    entry.field = name;
    KEHUBU_TRY_ASSIGN(before, value_before(entity, head.version, name));
    entry.before = std::move(before);
    entry.value = std::move(cell->value);
    entry.head = std::ranges::find(standing, head) != standing.end();
    entries.push_back(std::move(entry));
  }
  kehubu::sort(entries, is_newer);
  return entries;
}

// The heads that the cells had when only versions up to the moment were known. What a slow clock wrote came no earlier than what it
// was written upon.
Result<std::vector<Head>> StoreImplementation::heads_before(const std::vector<Head>& heads, std::int64_t clock) {
  std::map<Version, std::vector<Version>> written_upon;
  std::set<Version> late;
  std::vector<Version> waiting;
  Status status;
  for_each_cell(heads, [&](SymbolNumber field, std::span<const Head> cell) {
    const auto look = [&](Version version, const RawEntry& raw, bool, std::string_view, std::span<const Version> before) {
      for (const Version& older : before) {
        written_upon[older].push_back(version);
      }
      if (raw.header.clock > clock && late.insert(version).second) {
        waiting.push_back(version);
      }
    };
    status = status ? for_each_built_upon(*log_, field, versions_of(cell), look) : status;
  });
  KEHUBU_TRY(status);
  while (!waiting.empty()) {
    const Version version = waiting.back();
    waiting.pop_back();
    for (const Version& upon : written_upon[version]) {
      if (late.insert(upon).second) {
        waiting.push_back(upon);
      }
    }
  }
  return heads_where(*log_, heads, [&late](Version version, const RawEntry&) { return !late.contains(version); });
}

Result<Record> StoreImplementation::record_from(const Table& table, const Id& id, const std::vector<Head>& heads) {
  Record record;
  record.entity = table.entity;
  record.id = id;
  record.values.resize(table.entity->fields.size());
  Status status;
  for_each_cell(heads, [&](SymbolNumber symbol, std::span<const Head> cell) {
    const int index = table.field_index(symbol);
    if (!status || (index < 0 && symbol != log_->symbol(deleted_field))) {
      return;
    }
    std::vector<Version> versions;
    for (const Head& head : cell) {
      versions.push_back(head.version);
    }
    auto value = materialiser_->standing_value(*table.entity, log_->symbol_text(symbol), versions);
    if (!value) {
      status = std::unexpected(value.error());
    } else if (index >= 0) {
      record.values[static_cast<std::size_t>(index)] = std::move(*value);
    } else {
      record.deleted = *value == Value(std::int64_t{1});
    }
  });
  KEHUBU_TRY(status);
  return record;
}

Result<Record> StoreImplementation::read_as_of(const Entity& entity, const Id& id, std::int64_t clock) {
  const Table& table = table_of(entity);
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, id));
  KEHUBU_TRY_ASSIGN(then, heads_before(heads, clock));
  if (then.empty()) {
    return fail(ErrorKind::not_found, "当时还没有这条记录", "The record did not exist then");
  }
  KEHUBU_TRY_ASSIGN(shown, materialiser_->shown_of(entity, std::move(then)));  // of a fact that was done by then: as it was closed
  KEHUBU_TRY_ASSIGN(record, record_from(table, id, shown));
  Statement& select = database_->statement("SELECT row_number FROM " + table.name + " WHERE id = ?");
  select.bind(1, id);
  record.row_number = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return record;
}

Result<std::vector<Record>> StoreImplementation::list_as_of(const Entity& entity, std::int64_t clock) {
  const Table& table = table_of(entity);
  std::vector<Id> ids;
  Statement& select = database_->statement("SELECT id FROM " + table.name + " ORDER BY row_number");
  while (select.row()) {
    ids.push_back(select.id(0));
  }
  KEHUBU_TRY(select.status());
  std::vector<Record> records;
  for (const Id& id : ids) {
    auto record = read_as_of(entity, id, clock);
    if (record && !record->deleted) {
      records.push_back(std::move(*record));
    } else if (!record && record.error().kind != ErrorKind::not_found) {
      return std::unexpected(record.error());
    }
  }
  return records;
}

}  // namespace kehubu
