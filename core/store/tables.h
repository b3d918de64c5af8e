// Tables: the catalog as SQL. One table and one view for each entity, made from its declaration. Internal to core/store;
// docs/store.md describes every column.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/value.h"
#include "core/catalog/catalog.h"
#include "core/store/log.h"
#include "core/store/sql.h"

namespace kehubu {

// 2: the chain over the binary canonical form (canonical.h); of a file of version 1 it is made anew.
inline constexpr int schema_version = 2;

// What the tables and the open conflicts are made of the log by. Raised whenever the same log gives others: those of a file
// that was settled by less are made again when it is opened.
inline constexpr int settling_version = 10;

// Bits of the column `flags`.
enum RecordFlag : std::int64_t {
  flag_removed = 1,             // hidden, unless somebody misses it
  flag_delete_conflict = 2,     // deleted without knowledge of an edit, or restored elsewhere: it lives until somebody decides
  flag_missing_reference = 4,   // removed, but a living record refers to it
  flag_field_conflict = 8,
  flag_document_conflict = 16,  // on the document's head record
  flag_outside = 32,            // a line that another side of its document has, not the standing one
  flag_renumbered = 64,        // its number had other values before, by which search finds it too
  flag_late = 128,             // a closed fact that somebody edited without knowing of its closing
  flag_cut = 256 | 512,        // a reference that would lead back to the record is shown empty: a bit for each hierarchy of the entity
  flag_circle = 1024 | 2048,   // one of the records whose references lead in a circle: likewise
  flag_rule = 4096,            // its fields do not fit together
};
inline constexpr std::size_t most_hierarchies = 2;
// Numbers that two living records share, and records of which there may be only one, are not flagged but found in the table of conflicts.
inline constexpr std::int64_t conflict_flags =
    flag_delete_conflict | flag_missing_reference | flag_field_conflict | flag_document_conflict | flag_circle | flag_rule;

struct MergeRule;
struct OnlyOne;
struct Together;

// A field elsewhere that refers to records of this table.
struct Referrer {
  const Entity* entity = nullptr;
  const Field* field = nullptr;
};

struct Table {
  const Entity* entity = nullptr;
  SymbolNumber symbol = 0;
  std::string name;                        // quoted
  std::string view;                        // quoted
  std::vector<SymbolNumber> field_symbols; // parallel to entity->fields; 0 for derived ones
  std::vector<int> fields_by_symbol;       // symbol → index of field, −1 for those of others
  std::vector<std::size_t> searchable;     // indexes of fields
  std::vector<std::size_t> watched;        // fields that tie records together: those below, and all others of `only_ones`
  std::vector<std::size_t> indexed;        // references, fields that must be unique among the living, the first of each `alike`
  std::size_t title_field = 0;
  int number_field = -1;
  int part_of = -1;                        // field that names the document
  const Table* document = nullptr;         // of a line
  std::vector<const Table*> lines;         // of a document
  std::vector<Referrer> referrers;
  int fact_field = -1;                     // of a fact: the field that closes it
  std::vector<bool> frozen;                // of a fact: fields that its closing closes, parallel to entity->fields
  std::vector<std::size_t> hierarchies;    // fields that must not lead back (core/rules/merge_rules.h)
  struct Rule {
    const MergeRule* rule = nullptr;
    std::vector<std::size_t> fields;
  };
  std::vector<Rule> rules;
  struct OnlyOneRule {
    const OnlyOne* rule = nullptr;
    std::vector<std::size_t> alike;        // indexes of fields
    int mark = -1;
    int apart = -1;
    Value marked, unmarked;
  };
  std::vector<OnlyOneRule> only_ones;
  struct Choice {
    const Together* together = nullptr;
    std::size_t lead = 0;
    std::vector<std::size_t> follow;       // indexes of fields
  };
  std::vector<Choice> choices;
  std::vector<int> choice_of;              // parallel to entity->fields: the one that the field follows, else −1
  // Parallel to entity->fields: what a conflict about the field may be a part of, other fields' or other records' with it; else null.
  std::vector<Value> shared_question;

  [[nodiscard]] int field_index(SymbolNumber field) const {
    const auto index = static_cast<std::size_t>(field);
    return index < fields_by_symbol.size() ? fields_by_symbol[index] : -1;
  }
  [[nodiscard]] bool is_part_of_document() const { return entity->document || document != nullptr; }
};

[[nodiscard]] bool must_be_unique(const Entity& entity, const Field& field);

class Tables {
 public:
  // Interns the names of entities and fields; the log must be loaded.
  explicit Tables(Log& log);

  [[nodiscard]] const Table* find(SymbolNumber entity) const;
  [[nodiscard]] const Table& of(const Entity& entity) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Table>>& all() const { return tables_; }

 private:
  void connect_documents();
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<const Table*> by_symbol_;
};

// --- schema (schema.cpp)

// The tables that every database has: meta, device, symbol, person, log, conflict and the local ones.
Status create_system_tables(Database& database);
// Of an empty database this program's own. Refuses what a newer program wrote and this one cannot read.
[[nodiscard]] Result<std::int64_t> stored_schema_version(Database& database, bool create);
// Makes missing tables, columns and indexes; tells which entities have grown and must be made again from the log.
Result<std::vector<const Table*>> migrate_tables(Database& database, const Tables& tables);
Status create_views(Database& database, const Tables& tables);
// today(), now_ms(), local_day(ms) and multiply_divide(a, b, divisor), used by derived values.
Status register_functions(sqlite3* connection, Environment& environment);

}  // namespace kehubu
