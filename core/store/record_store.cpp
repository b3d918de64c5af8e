// The row of one record: loading what a merge needs of it and writing it once.
#include <algorithm>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/store/materialiser_parts.h"
#include "core/store/search_text.h"

namespace kehubu {
namespace {

// Positions of an UPDATE's and an INSERT's parameters: row_number or id, live, flags, heads, then the rest.
constexpr int first_column_parameter = 5;
constexpr std::size_t most_exact_updates = 48;
constexpr std::size_t most_updates = 256;
constexpr std::size_t most_touched_rows = 65'536;

void bind_packed(Statement& statement, int position, std::string_view packed) {
  Unpacker unpacker(packed);
  switch (static_cast<PackedType>(packed.empty() ? 0 : unpacker.read_byte())) {
    case PackedType::integer:
      statement.bind(position, unpacker.read_signed());
      return;
    case PackedType::text:
      statement.bind(position, unpacker.read_bytes(unpacker.read_unsigned()));
      return;
    case PackedType::reference:
      statement.bind_blob(position, unpacker.read_bytes(16));
      return;
    case PackedType::null:
      break;
  }
  statement.bind_null(position);
}

std::string_view packed_text(std::string_view packed) {
  Unpacker unpacker(packed);
  if (packed.empty() || static_cast<PackedType>(unpacker.read_byte()) != PackedType::text) {
    return {};
  }
  return unpacker.read_bytes(unpacker.read_unsigned());
}

std::string column_list(const Table& table, const std::vector<std::size_t>& fields) {
  std::string list;
  for (const std::size_t index : fields) {
    list += (list.empty() ? "" : ", ") + quoted(table.entity->fields[index].id);
  }
  return list.empty() ? "NULL" : list;
}

}  // namespace

Status Materialiser::Parts::load(const Table& table, const Id& row) {
  Statement& select = loads[&table];
  if (!select.prepared()) {
    const std::string document =
        table.part_of >= 0 ? quoted(table.entity->fields[static_cast<std::size_t>(table.part_of)].id) : "NULL";
    select = Statement(database.connection(), "SELECT row_number, live, flags, heads, " + document + " FROM " +
                                                  table.name + " WHERE id = ?");
  }
  stored = {};
  heads.clear();
  select.bind(1, row);
  if (!select.row()) {
    return select.status();
  }
  stored.row_number = select.integer(0);
  stored.live = select.integer(1) != 0;
  stored.flags = select.integer(2);
  const bool readable = unpack_heads(select.blob(3), heads);
  stored.document = select.id(4);
  select.reset();
  if (!readable) {
    return fail(ErrorKind::corrupt, "记录的版本信息已损坏", "The versions of a record are damaged");
  }
  return {};
}

Statement& Materialiser::Parts::insert_statement(const Table& table) {
  Statement& insert = inserts[&table];
  if (!insert.prepared()) {
    std::string columns = "id, live, flags, heads, search, sort_key";
    std::string values = "?, ?, ?, ?, ?, ?";
    for (const Field& field : table.entity->fields) {
      if (!field.derived()) {
        columns += ", " + quoted(field.id);
        values += ", ?";
      }
    }
    insert = Statement(database.connection(), "INSERT INTO " + table.name + "(" + columns + ") VALUES(" + values + ")");
  }
  insert.reset();
  return insert;
}

Materialiser::Parts::Update& Materialiser::Parts::update_statement(const Table& table, const FieldSet& columns,
                                                                   bool with_search, bool with_sort_key) {
  Updates& known = updates[&table];
  const auto key_of = [&](const FieldSet& set, bool wide) {
    FieldSet key = set;
    key.set(most_fields - 1, with_search);
    key.set(most_fields - 2, with_sort_key);
    key.set(most_fields - 3, wide);
    return key;
  };
  if (const auto exact = known.by_columns.find(key_of(columns, false)); exact != known.by_columns.end()) {
    return exact->second;
  }
  const bool wide = known.by_columns.size() >= most_exact_updates;
  FieldSet all = columns;
  if (wide) {
    FieldSet indexed;
    for (const std::size_t index : table.indexed) {
      indexed.set(index);
    }
    known.usual |= columns & ~indexed;
    all |= known.usual;
    if (const auto found = known.by_columns.find(key_of(all, true)); found != known.by_columns.end()) {
      return found->second;
    }
    if (known.by_columns.size() >= most_updates) {
      known.by_columns.clear();
    }
  }
  std::string sql = "UPDATE " + table.name + " SET live = ?2, flags = ?3, heads = ?4";
  int parameter = first_column_parameter;
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    if (!all.test(index)) {
      continue;
    }
    const std::string column = quoted(table.entity->fields[index].id);
    const std::string value = "?" + std::to_string(parameter++);
    sql += ", " + column + " = ";
    sql += wide ? "iif(?" + std::to_string(parameter++) + ", " + value + ", " + column + ")" : value;
  }
  if (with_search) {
    sql += ", search = ?" + std::to_string(parameter++);
  }
  if (with_sort_key) {
    sql += ", sort_key = ?" + std::to_string(parameter++);
  }
  Update update{Statement(database.connection(), sql + " WHERE row_number = ?1"), all, wide};
  return known.by_columns.insert_or_assign(key_of(all, wide), std::move(update)).first->second;
}

Status Materialiser::Parts::update_row(const Table& table, const FieldSet& columns, bool live, std::int64_t flags,
                                       bool with_search, bool with_sort_key) {
  Update& update = update_statement(table, columns, with_search, with_sort_key);
  Statement& statement = update.statement;
  statement.bind(1, stored.row_number).bind(2, std::int64_t{live}).bind(3, flags).bind_blob(4, packed_heads);
  int parameter = first_column_parameter;
  auto next = assignments.begin();
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    if (!update.columns.test(index)) {
      continue;
    }
    const bool written = columns.test(index);
    written ? bind_packed(statement, parameter++, (next++)->value) : void(statement.bind_null(parameter++));
    if (update.wide) {
      statement.bind(parameter++, std::int64_t{written});
    }
  }
  if (with_search) {
    statement.bind(parameter++, std::string_view(search));
    searched_rows[&table].push_back(stored.row_number);
  }
  if (with_sort_key) {
    statement.bind(parameter++, std::string_view(sort_key));
  }
  return statement.run();
}

Status Materialiser::Parts::load_watched(const Table& table) {
  watched_before.assign(table.watched.size(), {});
  if (stored.row_number == 0) {
    return {};
  }
  Statement& select = database.statement("SELECT " + column_list(table, table.watched) + " FROM " + table.name +
                                         " WHERE row_number = ?");
  select.bind(1, stored.row_number);
  if (select.row()) {
    for (std::size_t column = 0; column < table.watched.size(); ++column) {
      watched_before[column] = select.value(static_cast<int>(column));
    }
  }
  select.reset();
  return select.status();
}

// Notes what finish() has to look at because of this record: its document, records that it refers to or no longer
// refers to, numbers that it has or no longer has.
Status Materialiser::Parts::watch(const Table& table, const Id& row, bool live, std::int64_t flags) {
  const bool life_changed = stored.row_number == 0 || stored.live != live ||
                            ((stored.flags ^ flags) & (flag_removed | flag_delete_conflict)) != 0;
  if (table.entity->document) {
    documents.push_back({&table, row});
  } else if (table.document != nullptr && !stored.document.empty()) {
    documents.push_back({table.document, stored.document});
  }
  // While a document waits for a decision, or a line is out of sight, nothing misses it.
  const bool sight_changed = life_changed || ((stored.flags ^ flags) & (flag_document_conflict | flag_outside)) != 0;
  if (sight_changed && (flags & flag_removed) != 0) {
    references.push_back({&table, row});
  }
  const auto is_watched = [&](const Assignment& one) { return std::ranges::find(table.watched, one.field) != table.watched.end(); };
  if (!life_changed && std::ranges::none_of(assignments, is_watched)) {
    return {};
  }
  KEHUBU_TRY(load_watched(table));
  watched_now = watched_before;
  for (std::size_t column = 0; column < table.watched.size(); ++column) {
    const auto assigned = std::ranges::find(assignments, table.watched[column], &Assignment::field);
    if (assigned != assignments.end()) {
      watched_now[column] = unpack_value(assigned->value);
    }
  }
  note_only_ones(table, stored.row_number != 0 && stored.live, live);
  for (std::size_t column = 0; column < table.watched.size(); ++column) {
    const std::size_t index = table.watched[column];
    const Field& field = table.entity->fields[index];
    const Value &before = watched_before[column], &now = watched_now[column];
    if (!life_changed && now == before) {
      continue;
    }
    for (const Value* value : {&before, &now}) {
      if (is_null(*value) || (value == &now && now == before)) {
        continue;
      }
      if (field.type == FieldType::reference) {
        const Entity* target = find_entity(field.references);
        if (target != nullptr) {
          references.push_back({&tables.of(*target), id_or_empty(*value)});
        }
        if (static_cast<int>(index) == table.part_of && table.document != nullptr) {
          documents.push_back({table.document, id_or_empty(*value)});
        }
      } else if (must_be_unique(*table.entity, field)) {
        std::string packed_value;
        pack_value(packed_value, *value);
        numbers.push_back({&table, index, std::move(packed_value)});
      }
    }
  }
  return {};
}

// Search finds a record by the numbers that it had before, too (R-NUM-02).
Status Materialiser::Parts::add_old_numbers(const Table& table) {
  const auto number_field = static_cast<std::size_t>(table.number_field);
  const SymbolNumber symbol = table.field_symbols[number_field];
  std::set<std::string> values;
  KEHUBU_TRY(for_each_built_upon(log, symbol, versions_of(heads_of(heads, symbol)), [&](Version, const RawEntry&, bool, std::string_view value, std::span<const Version>) {
    values.emplace(packed_text(value));
  }));
  for (const std::string& value : values) {
    append_search_text(search, table.entity->fields[number_field], value);
  }
  return {};
}

// Builds `search` where a searchable field was written.
Status Materialiser::Parts::add_search_text(const Table& table, const FieldSet& touched, std::int64_t& flags) {
  search.clear();
  std::vector<std::size_t> others;
  for (const std::size_t index : table.searchable) {
    if (!touched.test(index)) {
      others.push_back(index);
    }
  }
  for (const Assignment& assignment : assignments) {
    const Field& field = table.entity->fields[assignment.field];
    if (field.searchable) {
      append_search_text(search, field, packed_text(assignment.value));
    }
  }
  if (stored.row_number != 0 && !others.empty()) {
    Statement& select = database.statement("SELECT " + column_list(table, others) + " FROM " + table.name +
                                           " WHERE row_number = ?");
    select.bind(1, stored.row_number);
    if (select.row()) {
      for (std::size_t column = 0; column < others.size(); ++column) {
        append_search_text(search, table.entity->fields[others[column]], select.text(static_cast<int>(column)));
      }
    }
    select.reset();
    KEHUBU_TRY(select.status());
  }
  if (table.number_field >= 0) {
    const SymbolNumber symbol = table.field_symbols[static_cast<std::size_t>(table.number_field)];
    const bool replaces = std::ranges::any_of(replaced, [&](const Head& head) { return head.field == symbol; });
    if (replaces || heads_of(heads, symbol).size() > 1) {
      flags |= flag_renumbered;
    }
    if ((flags & flag_renumbered) != 0) {
      KEHUBU_TRY(add_old_numbers(table));
    }
  }
  return {};
}

void Materialiser::Parts::touch(const Table& table, std::int64_t row_number) {
  std::vector<std::int64_t>& rows = touched_rows[&table];
  if (rows.size() >= most_touched_rows) {
    touched_rows.clear();
    ++touched_epoch;
    return touch(table, row_number);
  }
  rows.push_back(row_number);
}

Status Materialiser::Parts::store(const Table& table, const Id& row, bool live, std::int64_t flags) {
  kehubu::sort(assignments, {}, &Assignment::field);
  KEHUBU_TRY(watch(table, row, live, flags));
  FieldSet columns;
  bool with_search = false, with_sort_key = false;
  for (const Assignment& assignment : assignments) {
    const Field& field = table.entity->fields[assignment.field];
    columns.set(assignment.field);
    with_search = with_search || field.searchable;
    if (assignment.field == table.title_field) {
      with_sort_key = true;
      sort_key = pinyin_sort_key(packed_text(assignment.value));
    }
  }
  if (with_search) {
    KEHUBU_TRY(add_search_text(table, columns, flags));
  }
  pack_heads(packed_heads, heads);
  if (stored.row_number != 0) {
    touch(table, stored.row_number);
    return update_row(table, columns, live, flags, with_search, with_sort_key);
  }
  Statement& insert = insert_statement(table);
  insert.bind(1, row).bind(2, std::int64_t{live}).bind(3, flags).bind_blob(4, packed_heads);
  with_search ? insert.bind(5, std::string_view(search)) : insert.bind_null(5);
  with_sort_key ? insert.bind(6, std::string_view(sort_key)) : insert.bind_null(6);
  int parameter = 7;
  auto next = assignments.begin();
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    if (table.field_symbols[index] == 0) {
      continue;
    }
    if (next != assignments.end() && next->field == index) {
      bind_packed(insert, parameter++, (next++)->value);
    } else {
      insert.bind_null(parameter++);
    }
  }
  KEHUBU_TRY(insert.run());
  touch(table, database.last_row_number());
  if (with_search) {
    searched_rows[&table].push_back(database.last_row_number());
  }
  return {};
}

}  // namespace kehubu
