#include "core/importing/column_content.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/choices.h"
#include "core/rules/payment_term.h"

namespace kehubu {
namespace {

std::string_view cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view{};
}

// Cells of the column that say something, at most a few hundred, from the whole length of the table.
std::vector<std::string_view> sample_column(const ImportTable& table, std::size_t column, bool of_wide_rows) {
  constexpr std::size_t most = 400;
  const std::size_t step = std::max<std::size_t>(1, table.rows.size() / most);
  std::vector<std::string_view> sample;
  for (std::size_t index = 0; index < table.rows.size(); index += step) {
    const std::string_view cell = trim(cell_at(table.rows[index], column));
    if (!cell.empty() && !says_nothing(cell) && (of_wide_rows || table.rows[index].damage != RowDamage::too_wide)) {
      sample.push_back(cell);
    }
  }
  return sample;
}

// What stands in a row that is too wide belongs to another column, most likely: it counts only where there is nothing else.
std::vector<std::string_view> sample_column(const ImportTable& table, std::size_t column) {
  std::vector<std::string_view> sample = sample_column(table, column, false);
  return sample.empty() ? sample_column(table, column, true) : sample;
}

template <typename Predicate>
int percentage(const std::vector<std::string_view>& cells, Predicate predicate) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(cells, predicate));
  return cells.empty() ? 0 : static_cast<int>(100 * count / cells.size());
}

bool counts_up(const ImportTable& table, std::size_t column) {
  std::optional<std::int64_t> expected;
  for (const CsvRow& row : table.rows) {
    const auto number = parse_fixed(cell_at(row, column), 0);
    if (!number || (expected ? *number != *expected : *number > 1)) {
      return false;
    }
    expected = *number + 1;
  }
  return table.rows.size() > 1 || expected == 2;
}

int known_choices(const ImportTable& table, std::size_t column, const Field& field) {
  static std::map<const ChoiceList*, ChoiceMatcher> matchers;  // of the catalog's own choices, which are constant
  const ChoiceMatcher& matcher = matchers.try_emplace(field.list, *field.list).first->second;
  const auto is_term = [&field](std::string_view cell) {
    return std::ranges::any_of(field.list->choices, [words = term_without_numbers(cell)](const Choice& choice) {
      return term_without_numbers(choice.zh) == words || term_without_numbers(choice.en) == words;
    });
  };
  return percentage(sample_column(table, column), [&](std::string_view cell) {
    if (is_payment_term(field) && is_term(cell)) {
      return true;
    }
    return std::ranges::any_of(split_choices(cell), [&matcher](std::string_view part) { return matcher.find(part).has_value(); });
  });
}

bool is_numeric(FieldType type) {
  return type == FieldType::integer || type == FieldType::money || type == FieldType::quantity || type == FieldType::basis_points;
}

}  // namespace

ColumnContent look_at(const ImportTable& table, std::size_t column) {
  const std::vector<std::string_view> sample = sample_column(table, column);
  ColumnContent content;
  content.filled = sample.size();
  content.phone = percentage(sample, looks_like_phone);
  content.mobile = percentage(sample, looks_like_mobile);
  content.email = percentage(sample, looks_like_email);
  content.date = percentage(sample, looks_like_date);
  content.number = percentage(sample, looks_like_number);
  content.digits = percentage(sample, [](std::string_view cell) { return cell.find_first_not_of("0123456789.,-+ ") == std::string_view::npos; });
  content.day = percentage(sample, looks_like_day);
  content.unit = percentage(sample, [](std::string_view cell) { return count_code_points(cell) <= 2; });
  const std::unordered_set<std::string_view> different(sample.begin(), sample.end());
  content.distinct = sample.empty() ? 0 : static_cast<int>(100 * different.size() / sample.size());
  content.counts_up = counts_up(table, column);
  return content;
}

int objection(const ImportTable& table, std::size_t column, const ColumnContent& content, const Field& field, const Entity& entity) {
  constexpr int minority = 50;
  if (content.filled == 0) {
    return 0;
  }
  // Dates that cannot be told are kept as text; a column of dates with many of them is one all the same.
  constexpr int few = 25;
  if ((field.type == FieldType::date || field.type == FieldType::date_time) && content.day < few) {
    return -60;
  }
  if (is_numeric(field.type) && content.number < minority) {
    return -60;
  }
  if (field.format == Format::phone && content.phone < minority && content.number < minority) {
    return -40;
  }
  if (field.format == Format::email && content.email < minority) {
    return -50;
  }
  if (field.list != nullptr && !field.list->editable && known_choices(table, column, field) < minority) {
    return -45;
  }
  // 1919酒类直供 and 7天连锁 are names.
  if (field.id == entity.title_field && field.type == FieldType::text && content.digits >= 90) {
    return -60;
  }
  return 0;
}

}  // namespace kehubu
