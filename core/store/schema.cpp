// The schema: made from the catalog, migrated by adding only.
#include <sqlite3.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/store/tables.h"

namespace kehubu {
namespace {

constexpr std::string_view system_tables = R"sql(
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS device(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, person BLOB,
  last_sequence INTEGER NOT NULL, last_clock INTEGER NOT NULL, chain BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS branch(number INTEGER PRIMARY KEY, root BLOB NOT NULL, base INTEGER NOT NULL, chain BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS symbol(number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS person(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS log(key INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS conflict(key TEXT PRIMARY KEY, kind INTEGER NOT NULL, entity INTEGER NOT NULL,
  row BLOB NOT NULL, field INTEGER, detail) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conflict_row ON conflict(row);
CREATE TABLE IF NOT EXISTS local_setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undo_stack(position INTEGER PRIMARY KEY, action INTEGER NOT NULL, undone INTEGER NOT NULL,
  label_zh TEXT NOT NULL, label_en TEXT NOT NULL);
)sql";

std::string create_table_sql(const Table& table) {
  std::string sql = "CREATE TABLE " + table.name +
                    "(row_number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, live INTEGER NOT NULL,"
                    " flags INTEGER NOT NULL, heads BLOB NOT NULL, search TEXT, sort_key TEXT";
  for (const Field& field : table.entity->fields) {
    if (!field.derived()) {
      sql += ", " + quoted(field.id);
    }
  }
  return sql + ")";
}

Status create_indexes(Database& database, const Table& table) {
  for (const std::size_t index : table.indexed) {
    const Field& field = table.entity->fields[index];
    const std::string column = quoted(field.id);
    KEHUBU_TRY(database.execute("CREATE INDEX IF NOT EXISTS " +
                                quoted(std::string(table.entity->id) + "_" + std::string(field.id)) + " ON " +
                                table.name + "(" + column + ") WHERE " + column + " IS NOT NULL"));
  }
  return {};
}

std::set<std::string> columns_of(Database& database, const Table& table) {
  std::set<std::string> columns;
  Statement& select = database.statement("SELECT name FROM pragma_table_info(?)");
  select.bind(1, table.entity->id);
  while (select.row()) {
    columns.emplace(select.text(0));
  }
  return columns;
}

// True when something was added for which the log may already hold changes.
Result<bool> migrate_table(Database& database, const Table& table, const std::set<std::string>& known_symbols) {
  const std::set<std::string> columns = columns_of(database, table);
  bool grown = false;
  if (columns.empty()) {
    KEHUBU_TRY(database.execute(create_table_sql(table)));
    grown = known_symbols.contains(std::string(table.entity->id));
  } else {
    for (const Field& field : table.entity->fields) {
      const std::string name(field.id);
      if (!field.derived() && !columns.contains(name)) {
        KEHUBU_TRY(database.execute("ALTER TABLE " + table.name + " ADD COLUMN " + quoted(name)));
        grown = grown || known_symbols.contains(name);
      }
    }
  }
  KEHUBU_TRY(create_indexes(database, table));
  return grown;
}

Environment& environment_of(sqlite3_context* context) {
  return *static_cast<Environment*>(sqlite3_user_data(context));
}

void sql_today(sqlite3_context* context, int, sqlite3_value**) {
  const std::string today = iso_date(local_date(environment_of(context).now_ms()));
  sqlite3_result_text(context, today.data(), static_cast<int>(today.size()), SQLITE_TRANSIENT);
}

void sql_now_ms(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int64(context, environment_of(context).now_ms());
}

// The day of a moment; null where there is none.
void sql_local_day(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_INTEGER) {
    const std::string day = iso_date(local_date(sqlite3_value_int64(arguments[0])));
    sqlite3_result_text(context, day.data(), static_cast<int>(day.size()), SQLITE_TRANSIENT);
  }
}

void sql_multiply_divide(sqlite3_context* context, int, sqlite3_value** arguments) {
  for (int index = 0; index < 3; ++index) {
    if (sqlite3_value_type(arguments[index]) != SQLITE_INTEGER) {
      return;  // null
    }
  }
  if (sqlite3_value_int64(arguments[2]) == 0) {
    return;
  }
  const auto result = multiply_divide(sqlite3_value_int64(arguments[0]), sqlite3_value_int64(arguments[1]),
                                      sqlite3_value_int64(arguments[2]));
  if (result) {
    sqlite3_result_int64(context, *result);
  }
}

bool names_one_of(std::string_view sql, const std::vector<std::string_view>& fields) {
  static constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return std::ranges::any_of(fields, [sql](std::string_view field) {
    const std::string name = "r." + std::string(field);
    for (std::size_t at = sql.find(name); at != std::string_view::npos; at = sql.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if (end == sql.size() || name_characters.find(sql[end]) == std::string_view::npos) {
        return true;
      }
    }
    return false;
  });
}

// The table with its derived values. One that builds on another is worked out in a query around the other's.
std::string view_select(const Table& table) {
  std::string source = table.name;
  std::string columns = "r.*";
  std::vector<std::string_view> here;
  for (const Field& field : table.entity->fields) {
    if (!field.derived()) {
      continue;
    }
    if (names_one_of(field.derived_sql, here)) {
      source = "(SELECT " + columns + " FROM " + source + " AS r)";
      columns = "r.*";
      here.clear();
    }
    columns += ", " + std::string(field.derived_sql) + " AS " + quoted(field.id);
    here.push_back(field.id);
  }
  return "SELECT " + columns + " FROM " + source + " AS r";
}

}  // namespace

Status create_system_tables(Database& database) {
  KEHUBU_TRY(database.execute(system_tables));
  // Since an action may have an inverse of several. What an older program writes beside it is told apart by being less.
  Statement& columns = database.statement("SELECT count(*) FROM pragma_table_info('undo_stack') WHERE name = 'last_action'");
  const bool present = columns.row() && columns.integer(0) > 0;
  columns.reset();
  KEHUBU_TRY(columns.status());
  const bool may_write = sqlite3_db_readonly(database.connection(), "main") == 0;  // who only reads steps nowhere
  if (!may_write) {
    return {};
  }
  KEHUBU_TRY(database.execute("CREATE INDEX IF NOT EXISTS conflict_detail ON conflict(kind) WHERE detail IS NOT NULL"));
  return present ? Status() : database.execute("ALTER TABLE undo_stack ADD COLUMN last_action INTEGER NOT NULL DEFAULT 0");
}

Result<std::int64_t> stored_schema_version(Database& database, bool create) {
  Statement& tables = database.statement(
      "SELECT count(*), coalesce(sum(name IN ('meta', 'device', 'symbol', 'log')), 0) FROM sqlite_schema");
  const bool known = tables.row();
  const std::int64_t all = known ? tables.integer(0) : 0;
  const std::int64_t ours = known ? tables.integer(1) : 0;
  tables.reset();
  KEHUBU_TRY(tables.status());
  if (all == 0 && create) {
    return schema_version;
  }
  if (ours < 4) {
    return fail(ErrorKind::unsupported, "这不是客户簿的数据库，没有改动它。请换一个文件。",
                "This is not a database of Kehubu, and it was left alone. Choose another file.");
  }
  Statement& select = database.statement("SELECT value FROM meta WHERE key = 'schema_version'");
  const std::int64_t version = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  if (version > schema_version) {
    return fail(ErrorKind::unsupported, "这个数据库由更新版本的客户簿写成，请先更新程序。您的数据没有改动。",
                "This database was written by a newer version of Kehubu; please update first. Nothing was changed.");
  }
  return version;
}

Result<std::vector<const Table*>> migrate_tables(Database& database, const Tables& tables) {
  // Stored symbols only: interning the catalog's names has made all of them known in memory.
  std::set<std::string> known_symbols;
  Statement& select = database.statement("SELECT text FROM symbol");
  while (select.row()) {
    known_symbols.emplace(select.text(0));
  }
  KEHUBU_TRY(select.status());
  std::vector<const Table*> grown;
  for (const auto& table : tables.all()) {
    KEHUBU_TRY_ASSIGN(table_has_grown, migrate_table(database, *table, known_symbols));
    if (table_has_grown) {
      grown.push_back(table.get());
    }
  }
  return grown;
}

Status create_views(Database& database, const Tables& tables) {
  for (const auto& table : tables.all()) {
    KEHUBU_TRY(database.execute("CREATE TEMP VIEW IF NOT EXISTS " + table->view + " AS " + view_select(*table)));
  }
  return {};
}

Status register_functions(sqlite3* connection, Environment& environment) {
  constexpr int volatile_function = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  const int failed =
      sqlite3_create_function(connection, "today", 0, volatile_function, &environment, sql_today, nullptr, nullptr) |
      sqlite3_create_function(connection, "now_ms", 0, volatile_function, &environment, sql_now_ms, nullptr, nullptr) |
      sqlite3_create_function(connection, "local_day", 1, volatile_function | SQLITE_DETERMINISTIC, nullptr, sql_local_day,
                              nullptr, nullptr) |
      sqlite3_create_function(connection, "multiply_divide", 3, volatile_function | SQLITE_DETERMINISTIC, nullptr,
                              sql_multiply_divide, nullptr, nullptr);
  if (failed != SQLITE_OK) {
    return std::unexpected(storage_error(connection));
  }
  return {};
}

}  // namespace kehubu
