#include "core/importing/cell_writer.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/rules/payment_term.h"

namespace kehubu {
namespace {

std::string without_grouping(std::string text) {
  std::erase(text, ',');
  return text;
}

std::string percent(std::int64_t basis_points) {
  std::string text = without_grouping(format_percent(basis_points));
  std::erase(text, ' ');
  return text;
}

// Texts that a spreadsheet would read as a number or a date and so change: 000720, 6222021234567890, 1-2, 12E3.
bool would_be_changed(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '9' || text.find_first_not_of("0123456789.-/:eE+ ") != std::string_view::npos) {
    return false;
  }
  constexpr std::size_t longest_shown = 11;  // digits that Excel shows in full
  const bool plain = text.find_first_not_of("0123456789") == std::string_view::npos;
  return !plain || text.size() > longest_shown || (text[0] == '0' && text.size() > 1);
}

// What an import would take for remains of other programs, or for nothing: nan, a mark that nobody sees.
bool would_be_tidied(std::string_view text) {
  const CleanCell clean = read_clean(text, false);
  return clean.emptied || clean.text != text;
}

std::string as_formula(std::string_view text) {
  std::string formula = "=\"";
  for (const char character : text) {
    formula += character == '"' ? "\"\"" : std::string(1, character);
  }
  return formula + "\"";
}

std::string protect(const std::string& plain, const Field& field) {
  if (would_be_changed(plain) || is_ditto(plain) || (field.type == FieldType::text && says_nothing(plain) && !plain.empty())) {
    return as_formula(plain);
  }
  const std::string text = escape_remains(plain);
  constexpr std::size_t longest_in_formula = 255;  // what Excel accepts as one text
  if (text == plain && would_be_tidied(text) && count_code_points(text) <= longest_in_formula) {
    return as_formula(text);
  }
  // A leading apostrophe is doubled, so that reading takes exactly one away.
  const bool formula = !text.empty() && std::string_view("=+-@'\t").contains(text[0]);
  return formula ? "'" + text : text;
}

}  // namespace

std::string CellWriter::shown(const Field& field, const Value& value) const {
  if (is_null(value)) {
    return {};
  }
  const std::int64_t number = integer_or(value, 0);
  switch (field.type) {
    case FieldType::text:
    case FieldType::long_text:
    case FieldType::date:
      return text_or_empty(value);
    case FieldType::integer:
      return std::to_string(number);
    case FieldType::money:
      return without_grouping(format_money(number));
    case FieldType::quantity:
      return without_grouping(format_quantity(number));
    case FieldType::basis_points:
      return percent(number);
    case FieldType::date_time:
      return format_date_time(number);
    case FieldType::boolean:
      return number != 0 ? (chinese_ ? "是" : "Yes") : (chinese_ ? "否" : "No");
    case FieldType::choice:
    case FieldType::choices:
      return labels(*field.list, text_or_empty(value));
    case FieldType::reference:
      return title(field, id_or_empty(value));
  }
  return {};
}

std::string CellWriter::write(const Field& field, const Value& value) const {
  const bool free_text = field.type == FieldType::text || field.type == FieldType::long_text || field.type == FieldType::choice ||
                         field.type == FieldType::choices || field.type == FieldType::reference;
  std::string text = shown(field, value);
  return free_text && !text.empty() ? protect(text, field) : text;
}

std::string CellWriter::write(const Record& record, const Field& field, const Value& value) const {
  return is_payment_term(field) && !is_null(value) ? protect(term_with_numbers(label(*field.list, text_or_empty(value)), &record), field) : write(field, value);
}

std::string CellWriter::labels(const ChoiceList& list, std::string_view ids) const {
  std::string text;
  while (!ids.empty()) {
    const std::size_t end = std::min(ids.find(','), ids.size());
    text += text.empty() ? "" : (chinese_ ? "、" : "; ");
    text += label(list, ids.substr(0, end));
    ids.remove_prefix(std::min(end + 1, ids.size()));
  }
  return text;
}

std::string CellWriter::label(const ChoiceList& list, std::string_view id) const {
  for (const Store::ChoiceLabel& choice : store_.choices(list)) {
    if (choice.id == id) {
      const std::string& label = choice.label.in(chinese_);
      return label.empty() ? choice.label.zh : label;
    }
  }
  return std::string(id);
}

std::string CellWriter::title(const Field& field, const Id& id) const {
  const Entity* target = find_entity(field.references);
  if (target == nullptr) {
    return {};
  }
  const auto document = target->document ? store_.read(*target, id) : fail(ErrorKind::not_found, "", "");  // a document is known by its number
  const std::string number = document ? text_or_empty(document->value(target->number_field)) : std::string();
  return number.empty() ? store_.title(*target, id) : number;
}

}  // namespace kehubu
