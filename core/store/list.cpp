// Lists: filtering, sorting, searching. The order of a query is computed once and kept until the store changes; a search
// picks from it, so that a keystroke costs one scan over the search texts and no sorting.
#include <algorithm>

#include "core/base/text.h"
#include "core/store/row_order.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

constexpr std::size_t most_cached_orders = 8;
constexpr std::size_t most_rows_to_place = 64;
constexpr std::size_t most_words = 32;

struct Condition {
  std::string sql;
  std::vector<Value> operands;

  void add(std::string text, std::initializer_list<Value> values = {}) {
    sql += (sql.empty() ? "" : " AND ") + std::move(text);
    operands.insert(operands.end(), values.begin(), values.end());
  }
};

void add_any_of(Condition& condition, const Field& field, const std::string& column, const std::vector<Value>& values) {
  std::string sql = "(";
  for (const Value& value : values) {
    sql += sql.size() > 1 ? " OR " : "";
    // Several choices are joined by commas.
    sql += field.type == FieldType::choices ? "instr(',' || " + column + " || ',', ',' || ? || ',') > 0" : column + " = ?";
    condition.operands.push_back(value);
  }
  condition.add(sql == "(" ? "0" : sql + ")");
}

void add_filter(Condition& condition, const Filter& filter) {
  const std::string column = "r." + quoted(filter.field->id);
  const Value operand = filter.operands.empty() ? Value() : filter.operands.front();
  switch (filter.op) {
    case Filter::Operator::equals:
      is_null(operand) ? condition.add(column + " IS NULL") : condition.add(column + " = ?", {operand});
      break;
    case Filter::Operator::not_equals:
      condition.add(column + " IS NOT ?", {operand});
      break;
    case Filter::Operator::contains:
      filter.field->type == FieldType::choices ? add_any_of(condition, *filter.field, column, {operand})
                                               : condition.add("instr(lower(" + column + "), lower(?)) > 0", {operand});
      break;
    case Filter::Operator::at_least:
      condition.add(column + " >= ?", {operand});
      break;
    case Filter::Operator::at_most:
      condition.add(column + " <= ?", {operand});
      break;
    case Filter::Operator::is_empty:
      condition.add(column + " IS NULL");
      break;
    case Filter::Operator::is_not_empty:
      condition.add(column + " IS NOT NULL");
      break;
    case Filter::Operator::any_of:
      add_any_of(condition, *filter.field, column, filter.operands);
      break;
  }
}

Condition condition_of(const ListQuery& query, const Table& table) {
  Condition condition;
  // The bin holds what was removed, not lines that another side of their document has (flag_outside).
  condition.add(query.deleted ? "r.live = 0 AND r.flags & 33 = 1" : "r.live = 1");
  for (const Filter& filter : query.filters) {
    add_filter(condition, filter);
  }
  if (!query.entity->fact_field.empty() && query.entity->find("corrects") != nullptr) {
    condition.add("NOT EXISTS (SELECT 1 FROM " + table.name + " c WHERE c.corrects = r.id AND c.live = 1)");
  }
  return condition;
}

// How the values of a field sort: the expression, and whether it gives texts to be folded to pinyin.
struct SortKey {
  std::string sql = "r.row_number";  // the order in which they came
  bool by_pinyin = false;
};

SortKey sort_key_of(const Field& field, const Entity& entity) {
  const std::string column = "r." + quoted(field.id);
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text:
      if (field.id == entity.title_field) {
        return {"r.sort_key"};
      }
      return {column, true};
    case FieldType::reference: {
      const Entity* target = find_entity(field.references);
      return {"(SELECT t.sort_key FROM " + quoted(target->id) + " t WHERE t.id = " + column + ")"};
    }
    case FieldType::choice: {
      // In the order of the list, which people know; values that were added come last.
      std::string sql = "CASE " + column;
      for (std::size_t index = 0; index < field.list->choices.size(); ++index) {
        sql += " WHEN '" + std::string(field.list->choices[index].id) + "' THEN " + std::to_string(index);
      }
      return {sql + " ELSE iif(" + column + " IS NULL, NULL, 1000) END"};
    }
    default:
      return {column};
  }
}

bool uses_derived(const ListQuery& query) {
  return (query.sort_by != nullptr && query.sort_by->derived()) ||
         std::ranges::any_of(query.filters, [](const Filter& filter) { return filter.field->derived(); });
}

// Only what lies in the rows of the table itself: such an order is brought up to date row by row.
bool depends_on_own_rows_only(const ListQuery& query) {
  return query.entity->find("corrects") == nullptr && !uses_derived(query) &&
         (query.sort_by == nullptr || query.sort_by->type != FieldType::reference);
}

std::string description_of(const std::string& sql, const Condition& condition, SortDirection direction) {
  std::string description = sql;
  description += direction == SortDirection::ascending ? "|a" : "|d";
  for (const Value& value : condition.operands) {
    pack_value(description, value);
  }
  return description;
}

// A word as it may be spelled in search texts. Phone numbers lie there as bare digits.
std::vector<std::string> spellings_of(std::string_view word) {
  std::vector<std::string> spellings{fold(word)};
  std::string digits;
  bool is_number = true;
  for (const char character : spellings.front()) {
    is_number = is_number && std::string_view("0123456789-+()").find(character) != std::string_view::npos;
    if (character >= '0' && character <= '9') {
      digits += character;
    }
  }
  if (is_number && digits.size() >= 3 && digits != spellings.front()) {
    spellings.push_back(std::move(digits));
  }
  return spellings;
}

std::vector<std::vector<std::string>> words_of(std::string_view search) {
  std::vector<std::vector<std::string>> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && words.size() < most_words) {
      words.push_back(spellings_of(word));
    }
    word.clear();
  };
  for (std::size_t position = 0; position < search.size();) {
    const char32_t character = next_code_point(search, position);
    if (character <= U' ' || character == U'\u3000' || character == U'\u00a0') {
      end_word();
    } else {
      append_utf8(word, character);
    }
  }
  end_word();
  std::erase_if(words, [](const auto& spellings) { return spellings.front().empty(); });
  return words;
}

}  // namespace

Result<std::vector<std::int64_t>> StoreImplementation::ordered_rows(const ListQuery& query) {
  const Table& table = table_of(*query.entity);
  const Condition condition = condition_of(query, table);
  const SortKey key = query.sort_by != nullptr ? sort_key_of(*query.sort_by, *query.entity) : SortKey{};
  const std::string from = " FROM " + (uses_derived(query) ? table.view : table.name) + " r WHERE ";
  const std::string sql = "SELECT r.row_number, " + key.sql + from + condition.sql;
  std::string description = description_of(sql, condition, query.direction);
  if (uses_derived(query)) {
    description += iso_date(local_date(environment_.now_ms()));  // what is derived may be another tomorrow
  }
  const auto cached = std::ranges::find(orders_, description, &CachedOrder::description);
  if (cached != orders_.end()) {
    if (cached->revision == revision_) {
      return cached->rows;
    }
    if (depends_on_own_rows_only(query)) {
      KEHUBU_TRY_ASSIGN(is_current, bring_up_to_date(*cached, query, sql, condition.operands,
                                                     "SELECT r.row_number, " + key.sql + from + "r.row_number = ?"));
      if (is_current) {
        return cached->rows;
      }
    }
    orders_.erase(cached);
  }
  Statement& select = database_->statement(sql);
  int parameter = 1;
  for (const Value& operand : condition.operands) {
    select.bind(parameter++, operand);
  }
  RowSorter sorter(key.by_pinyin);
  while (select.row()) {
    sorter.add(select);
  }
  KEHUBU_TRY(select.status());
  if (orders_.size() >= most_cached_orders) {
    orders_.erase(orders_.begin());
  }
  orders_.push_back({query.entity, std::move(description), revision_, materialiser_->touched_epoch(),
                     materialiser_->touched_rows(*query.entity).size(), key.by_pinyin, sorter.sorted(query.direction)});
  return orders_.back().rows;
}

// Takes the rows that were written meanwhile out of the order and puts them where they belong now. False when they are
// too many for that.
Result<bool> StoreImplementation::bring_up_to_date(CachedOrder& order, const ListQuery& query, const std::string& sql,
                                                   const std::vector<Value>& operands, const std::string& key_sql) {
  std::span<const std::int64_t> touched = materialiser_->touched_rows(*query.entity);
  if (order.epoch != materialiser_->touched_epoch() || touched.size() - order.touched_seen > most_rows_to_place) {
    return false;
  }
  std::set<std::int64_t> rows(touched.begin() + static_cast<std::ptrdiff_t>(order.touched_seen), touched.end());
  std::erase_if(order.rows, [&rows](std::int64_t row) { return !rows.empty() && rows.contains(row); });
  Statement& probe = database_->statement(key_sql);
  const auto key_of = [&](std::int64_t row) {
    probe.bind(1, row);
    const RowKey key = found(probe) ? RowKey(probe, order.by_pinyin) : RowKey();
    probe.reset();
    return key;
  };
  const std::int64_t failed_reads_before = failed_reads_;
  for (const std::int64_t row : rows) {
    Statement& select = database_->statement(sql + " AND r.row_number = ?");
    int parameter = 1;
    for (const Value& operand : operands) {
      select.bind(parameter++, operand);
    }
    select.bind(parameter, row);
    const bool belongs = select.row();
    const RowKey key = belongs ? RowKey(select, order.by_pinyin) : RowKey();
    select.reset();
    KEHUBU_TRY(select.status());
    if (belongs) {
      const auto place = std::ranges::partition_point(
          order.rows, [&](std::int64_t other) { return key_of(other).comes_before(key, query.direction); });
      order.rows.insert(place, row);
    }
  }
  KEHUBU_TRY(everything_was_read(failed_reads_before));
  order.revision = revision_;
  order.touched_seen = touched.size();
  return true;
}

// What could not be read is looked for again when it is asked for next.
Result<SearchIndex*> StoreImplementation::search_index(const Table& table) {
  std::unique_ptr<SearchIndex>& index = search_indexes_[&table];
  const std::vector<std::int64_t> touched = materialiser_->take_searched_rows(*table.entity);
  const auto read_rows = [&](Statement& select) -> Status {
    while (select.row()) {
      index->set(select.integer(0), select.text(1));
    }
    return select.status();
  };
  Status status;
  if (index == nullptr) {
    index = std::make_unique<SearchIndex>();
    status = read_rows(database_->statement("SELECT row_number, search FROM " + table.name));
  } else {
    for (std::size_t next = 0; next < touched.size() && status; ++next) {
      index->set(touched[next], {});
      status = read_rows(database_->statement("SELECT row_number, search FROM " + table.name + " WHERE row_number = ?").bind(1, touched[next]));
    }
  }
  if (!status) {
    index.reset();
    return std::unexpected(std::move(status.error()));
  }
  return index.get();
}

Result<std::vector<std::int64_t>> StoreImplementation::list(const ListQuery& query) {
  KEHUBU_TRY_ASSIGN(rows, ordered_rows(query));
  const auto words = words_of(query.search);
  if (words.empty()) {
    return rows;
  }
  KEHUBU_TRY_ASSIGN(index, search_index(table_of(*query.entity)));
  const std::vector<std::uint8_t>& found = index->find(words);
  std::erase_if(rows, [&](std::int64_t row) {
    const auto index = static_cast<std::size_t>(row);
    return index >= found.size() || found[index] == 0;
  });
  return rows;
}

Result<std::int64_t> StoreImplementation::count(const ListQuery& query) {
  if (!words_of(query.search).empty()) {
    KEHUBU_TRY_ASSIGN(rows, list(query));
    return static_cast<std::int64_t>(rows.size());
  }
  const Table& table = table_of(*query.entity);
  const Condition condition = condition_of(query, table);
  Statement& select = database_->statement("SELECT count(*) FROM " + (uses_derived(query) ? table.view : table.name) +
                                           " r WHERE " + condition.sql);
  int parameter = 1;
  for (const Value& operand : condition.operands) {
    select.bind(parameter++, operand);
  }
  const std::int64_t counted = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return counted;
}

Result<std::vector<std::pair<Value, std::int64_t>>> StoreImplementation::tally(const ListQuery& query, const Field& field) {
  const Table& table = table_of(*query.entity);
  const Condition condition = condition_of(query, table);
  const auto words = words_of(query.search);
  KEHUBU_TRY_ASSIGN(index, words.empty() ? Result<SearchIndex*>(nullptr) : search_index(table));
  const std::vector<std::uint8_t>* found = index == nullptr ? nullptr : &index->find(words);
  const bool derived = uses_derived(query) || field.derived();
  // Without a search SQLite counts by itself; with one, the index says row by row which count.
  const std::string column = "r." + quoted(field.id);
  Statement& select = database_->statement("SELECT " + column + (found == nullptr ? ", count(*)" : ", r.row_number") + " FROM " +
                                           (derived ? table.view : table.name) + " r WHERE " + condition.sql +
                                           (found == nullptr ? " GROUP BY 1" : ""));
  int parameter = 1;
  for (const Value& operand : condition.operands) {
    select.bind(parameter++, operand);
  }
  std::map<Value, std::int64_t> counts;
  const auto add = [&](const Value& value, std::int64_t number) {
    const std::string* several = field.type == FieldType::choices ? std::get_if<std::string>(&value) : nullptr;
    for (std::size_t begin = 0; several != nullptr && begin <= several->size();) {
      const std::size_t end = std::min(several->find(',', begin), several->size());
      counts[several->substr(begin, end - begin)] += number;
      begin = end + 1;
    }
    if (several == nullptr) {
      counts[value] += number;
    }
  };
  while (select.row()) {
    const auto number = static_cast<std::size_t>(select.integer(1));
    if (found == nullptr) {
      add(select.value(0), select.integer(1));
    } else if (number < found->size() && (*found)[number] != 0) {
      add(select.value(0), 1);
    }
  }
  KEHUBU_TRY(select.status());
  return std::vector<std::pair<Value, std::int64_t>>(counts.begin(), counts.end());
}

}  // namespace kehubu
