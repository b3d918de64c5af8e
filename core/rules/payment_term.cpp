#include "core/rules/payment_term.h"

#include <algorithm>

#include "core/base/money.h"

namespace kehubu {

bool is_payment_term(const Field& field) { return field.list != nullptr && field.list->id == "payment_term"; }

namespace {

constexpr std::string_view unknown_number = "…";

// "30", "5000", "12.5": without the sign, which is part of the label.
std::string plain_number(const Field& field, std::int64_t number) {
  std::string text = field.type == FieldType::money          ? format_money(number)
                     : field.type == FieldType::basis_points ? format_percent(number)
                                                             : std::to_string(number);
  std::erase_if(text, [](char character) { return character == '%' || character == ' '; });
  return text.ends_with(".00") ? text.substr(0, text.size() - 3) : text;
}

// What a place of the label stands for.
std::string_view field_of_place(std::string_view label, char letter) {
  const auto holds = [&label](std::string_view words) { return label.find(words) != std::string_view::npos; };
  if (letter == 'X' && (holds("X%") || holds("X %"))) {
    return "term_percent";
  }
  if (letter == 'X' && (holds("X元") || holds("X yuan"))) {
    return "term_floor";
  }
  return letter == 'Y' && (holds("Y%") || holds("Y %")) ? "term_percent2" : "term_days";
}

constexpr std::string_view number_characters = "0123456789.,";

}  // namespace

std::string term_with_numbers(std::string label, const Record* record) {
  const std::string places = label;
  const auto fill = [&](char letter) {
    const std::string_view field_id = field_of_place(places, letter);
    const Field* field = record != nullptr ? record->entity->find(field_id) : nullptr;
    const std::string number = field == nullptr || is_null(record->value(field_id))
                                   ? std::string(unknown_number)
                                   : plain_number(*field, integer_or(record->value(field_id), 0));
    for (std::size_t place = 0; (place = label.find(letter, place)) != std::string::npos; place += number.size()) {
      label.replace(place, 1, number);
    }
  };
  fill('Z');
  fill('Y');
  fill('X');
  return label;
}

std::string term_without_numbers(std::string_view words) {
  std::string without;
  while (!words.empty()) {
    const std::size_t digits = std::min(words.find_first_not_of(number_characters), words.size());
    const bool is_place = words.front() == 'X' || words.front() == 'Y' || words.front() == 'Z';
    const std::size_t number = words.starts_with(unknown_number)              ? unknown_number.size()
                               : is_place                                     ? 1
                               : words.front() >= '0' && words.front() <= '9' ? digits
                                                                              : 0;
    without += number > 0 ? std::string(unknown_number) : std::string(words.substr(0, 1));
    words.remove_prefix(std::max<std::size_t>(number, 1));
  }
  return without;
}

std::vector<std::pair<std::string_view, std::string>> numbers_of_term(std::string_view label, std::string_view words) {
  std::vector<std::pair<std::string_view, std::string>> numbers;
  const std::string_view whole_label = label;
  while (!label.empty() && !words.empty()) {
    const bool is_place = label.front() == 'X' || label.front() == 'Y' || label.front() == 'Z';
    const std::size_t digits = is_place ? std::min(words.find_first_not_of(number_characters), words.size()) : 0;
    if (digits > 0) {
      numbers.emplace_back(field_of_place(whole_label, label.front()), words.substr(0, digits));
    }
    const std::size_t unknown = is_place && words.starts_with(unknown_number) ? unknown_number.size() : 1;
    words.remove_prefix(digits > 0 ? digits : unknown);
    label.remove_prefix(1);
  }
  return numbers;
}

}  // namespace kehubu
