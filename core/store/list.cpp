// Lists: filtering, sorting, searching. The order of a query is computed once and kept until the store changes; a search
// picks from it, so that a keystroke costs one scan over the search texts and no sorting.
#include <algorithm>
#include <cstring>

#include "core/base/text.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

constexpr std::size_t most_cached_orders = 8;
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
  // The bin holds what was removed, not lines that belong to the other side of a document.
  condition.add(query.deleted ? "r.live = 0 AND r.flags & 1" : "r.live = 1");
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
  std::string sql = "NULL";
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
      return {sql + " ELSE " + column + " END"};
    }
    default:
      return {column};
  }
}

// Rows with their keys; comparing eight bytes at once decides nearly always.
struct KeyedRow {
  std::uint64_t prefix = 0;
  std::uint32_t text_begin = 0, text_size = 0;
  std::int64_t row = 0;
};

std::uint64_t prefix_of(std::string_view text) {
  std::uint8_t bytes[8] = {};
  std::memcpy(bytes, text.data(), std::min<std::size_t>(text.size(), 8));
  std::uint64_t prefix = 0;
  for (const std::uint8_t byte : bytes) {
    prefix = (prefix << 8) | byte;
  }
  return prefix;
}

class Sorter {
 public:
  void add(std::int64_t row, const Statement& select, bool by_pinyin) {
    if (select.is_null(1)) {
      without_key_.push_back(row);
      return;
    }
    KeyedRow keyed;
    keyed.row = row;
    const Value value = select.value(1);
    if (const auto* text = std::get_if<std::string>(&value)) {
      const std::string folded = by_pinyin ? pinyin_sort_key(*text) : std::string();
      const std::string_view key = by_pinyin ? std::string_view(folded) : std::string_view(*text);
      keyed.prefix = prefix_of(key);
      keyed.text_begin = static_cast<std::uint32_t>(texts_.size());
      keyed.text_size = static_cast<std::uint32_t>(key.size());
      texts_ += key;
    } else {
      keyed.prefix = static_cast<std::uint64_t>(integer_or(value, 0)) ^ (std::uint64_t{1} << 63);
    }
    rows_.push_back(keyed);
  }

  // Records without a value come last in both directions.
  std::vector<std::int64_t> sorted(SortDirection direction) {
    const auto before = [this](const KeyedRow& a, const KeyedRow& b) {
      if (a.prefix != b.prefix) {
        return a.prefix < b.prefix;
      }
      const int order = text(a).compare(text(b));
      return order != 0 ? order < 0 : a.row < b.row;
    };
    std::ranges::sort(rows_, before);
    if (direction == SortDirection::descending) {
      std::ranges::reverse(rows_);
    }
    std::vector<std::int64_t> result;
    result.reserve(rows_.size() + without_key_.size());
    for (const KeyedRow& keyed : rows_) {
      result.push_back(keyed.row);
    }
    result.insert(result.end(), without_key_.begin(), without_key_.end());
    return result;
  }

 private:
  [[nodiscard]] std::string_view text(const KeyedRow& keyed) const {
    return std::string_view(texts_).substr(keyed.text_begin, keyed.text_size);
  }
  std::vector<KeyedRow> rows_;
  std::vector<std::int64_t> without_key_;
  std::string texts_;
};

bool uses_derived(const ListQuery& query) {
  return (query.sort_by != nullptr && query.sort_by->derived()) ||
         std::ranges::any_of(query.filters, [](const Filter& filter) { return filter.field->derived(); });
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
  const std::string sql = "SELECT r.row_number, " + key.sql + " FROM " + (uses_derived(query) ? table.view : table.name) +
                          " r WHERE " + condition.sql;
  std::string description = description_of(sql, condition, query.direction);
  for (const CachedOrder& cached : orders_) {
    if (cached.revision == revision_ && cached.description == description) {
      return cached.rows;
    }
  }
  Statement& select = database_->statement(sql);
  int parameter = 1;
  for (const Value& operand : condition.operands) {
    select.bind(parameter++, operand);
  }
  Sorter sorter;
  while (select.row()) {
    sorter.add(select.integer(0), select, key.by_pinyin);
  }
  KEHUBU_TRY(select.status());
  std::vector<std::int64_t> rows = sorter.sorted(query.direction);
  if (query.sort_by == nullptr && query.direction == SortDirection::descending) {
    std::ranges::reverse(rows);
  }
  std::erase_if(orders_, [this](const CachedOrder& cached) { return cached.revision != revision_; });
  if (orders_.size() >= most_cached_orders) {
    orders_.erase(orders_.begin());
  }
  orders_.push_back({revision_, std::move(description), rows});
  return rows;
}

SearchIndex& StoreImplementation::search_index(const Table& table) {
  std::unique_ptr<SearchIndex>& index = search_indexes_[&table];
  const std::vector<std::int64_t> touched = materialiser_->take_searched_rows(*table.entity);
  if (index == nullptr) {
    index = std::make_unique<SearchIndex>();
    Statement& select = database_->statement("SELECT row_number, search FROM " + table.name);
    while (select.row()) {
      index->set(select.integer(0), select.text(1));
    }
    return *index;
  }
  for (const std::int64_t row : touched) {
    Statement& select = database_->statement("SELECT search FROM " + table.name + " WHERE row_number = ?");
    select.bind(1, row);
    index->set(row, select.row() ? select.text(0) : std::string_view());
    select.reset();
  }
  return *index;
}

Result<std::vector<std::int64_t>> StoreImplementation::list(const ListQuery& query) {
  KEHUBU_TRY_ASSIGN(rows, ordered_rows(query));
  const auto words = words_of(query.search);
  if (words.empty()) {
    return rows;
  }
  const std::vector<std::uint8_t>& found = search_index(table_of(*query.entity)).find(words);
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

}  // namespace kehubu
