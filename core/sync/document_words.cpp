#include "core/sync/document_words.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/store/sql.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t most_records = 3000;  // SQLite takes 32,766 values at once; of longer documents nothing is worked out

// A table of given records in the place of the stored one: what is derived is worked out by the catalog's own SQL.
class GivenTable {
 public:
  GivenTable(const Entity& entity, int first_parameter) : entity_(entity), next_parameter_(first_parameter) {
    columns_ = "\"id\", \"live\"";
    for (const Field& field : entity.fields) {
      columns_ += field.derived() ? "" : ", " + quoted(field.id);
    }
  }

  void add(const DocumentRecord& record) {
    std::string row = place(Value(record.row)) + ", 1";
    for (std::size_t index = 0; index < record.values.size(); ++index) {
      row += entity_.fields[index].derived() ? "" : ", " + place(record.values[index]);
    }
    rows_ += (rows_.empty() ? "VALUES (" : ", (") + row + ")";
  }

  [[nodiscard]] std::string sql() const {
    const std::string none = "SELECT " + columns_ + " FROM main." + quoted(entity_.id) + " WHERE 0";
    return quoted(entity_.id) + "(" + columns_ + ") AS (" + (rows_.empty() ? none : rows_) + ")";
  }
  void bind(Statement& statement) const {
    for (const auto& [parameter, value] : values_) {
      statement.bind(parameter, value);
    }
  }
  [[nodiscard]] int next_parameter() const { return next_parameter_; }

 private:
  std::string place(Value value) {
    values_.emplace_back(next_parameter_, std::move(value));
    return "?" + std::to_string(next_parameter_++);
  }

  const Entity& entity_;
  int next_parameter_;
  std::string columns_, rows_;
  std::vector<std::pair<int, Value>> values_;
};

}  // namespace

Result<std::vector<Value>> document_values(Store& store, const std::vector<DocumentRecord>& records) {
  const DocumentRecord& document = records.front();
  std::vector<Value> values = document.values;
  std::vector<GivenTable> tables;
  tables.emplace_back(*document.entity, 1).add(document);
  for (const Entity* entity : entities()) {
    if (entity->part_of.empty() || entity->find(entity->part_of)->references != document.entity->id) {
      continue;
    }
    GivenTable& lines = tables.emplace_back(*entity, tables.back().next_parameter());
    for (const DocumentRecord& record : records) {
      record.entity == entity && !record.removed ? lines.add(record) : void();
    }
  }
  std::string given, derived;
  for (const GivenTable& table : tables) {
    given += (given.empty() ? "WITH " : ", ") + table.sql();
  }
  std::vector<std::size_t> worked_out;
  for (std::size_t index = 0; index < values.size(); ++index) {
    const Field& field = document.entity->fields[index];
    if (field.derived() && field.in_list) {
      derived += (derived.empty() ? "" : ", ") + std::string(field.derived_sql);
      worked_out.push_back(index);
    }
  }
  if (worked_out.empty() || records.size() > most_records) {
    return values;
  }
  Database database{store.connection()};
  Statement& select = database.statement(given + " SELECT " + derived + " FROM " + quoted(document.entity->id) + " AS r");
  for (const GivenTable& table : tables) {
    table.bind(select);
  }
  while (select.row()) {
    for (std::size_t column = 0; column < worked_out.size(); ++column) {
      values[worked_out[column]] = select.value(static_cast<int>(column));
    }
  }
  KEHUBU_TRY(select.status());
  return values;
}

Result<std::vector<DocumentRecord>> document_last_alive(StoreInternals& store, const Entity& entity, const Id& row) {
  Materialiser& materialiser = store.materialiser();
  KEHUBU_TRY_ASSIGN(sides, materialiser.document_sides(entity, row));
  std::set<Version> seen;
  std::vector<Version> marks = sides.size() == 1 ? sides.front().heads : std::vector<Version>();
  while (!marks.empty() && seen.insert(marks.front()).second) {  // before a deletion that was decided, as one of its sides had it
    KEHUBU_TRY_ASSIGN(records, materialiser.document_at(entity, row, marks.front()));
    if (!records.front().removed) {
      return records;
    }
    KEHUBU_TRY_ASSIGN(before, materialiser.heads_before(marks.front(), document_field));
    marks = std::move(before);
  }
  return std::vector<DocumentRecord>();
}

Result<std::optional<Change>> mark_in_action(Log& log, const Change& one, const Id& document) {
  const std::int64_t first = std::max(one.action, log.device(one.version.device).base + 1);  // the beginning may lie before a branch's own
  for (std::int64_t sequence = first; sequence <= log.last_sequence(one.version.device); ++sequence) {
    KEHUBU_TRY_ASSIGN(change, log.read({one.version.device, sequence}));
    if (change.action != one.action) {
      break;
    }
    if (change.row == document && std::ranges::find(change.fields, document_field, &FieldChange::field) != change.fields.end()) {
      return std::optional(std::move(change));
    }
  }
  return std::optional<Change>();
}

Result<Sentence> document_weight(Store& store, const std::vector<DocumentRecord>& records) {
  if (records.empty() || records.front().removed) {
    return Sentence{"已删除", "deleted"};
  }
  KEHUBU_TRY_ASSIGN(values, document_values(store, records));
  return record_weight(store, *records.front().entity, values);
}

Sentence weight_change_words(const Sentence& name, const Sentence& before, const Sentence& after) {
  if (before.zh == after.zh) {
    return {substitute("{}仍是“{}”", {name.zh, after.zh}), substitute("{} stays \"{}\"", {name.en, after.en})};
  }
  return {substitute("{}从“{}”变为“{}”", {name.zh, before.zh, after.zh}), substitute("{} goes from \"{}\" to \"{}\"", {name.en, before.en, after.en})};
}

}  // namespace kehubu
