#include "core/store/numbers.h"

#include <algorithm>
#include <charconv>

#include "core/store/store_implementation.h"

namespace kehubu {

std::string number_stem(std::string_view prefix, const Action::Person& person, std::string_view today) {
  std::string stem(prefix);
  stem += '-';
  stem += person.code.empty() ? std::string("00") : person.code;
  stem += person.letter + "-";
  for (const char character : today.substr(2)) {  // the century goes, and the hyphens
    if (character != '-') {
      stem += character;
    }
  }
  return stem + "-";
}

namespace {

// What nobody counts up to in a day was typed, or came from elsewhere: counting goes on without it.
constexpr std::int64_t largest_stored_number = 999'999'999;
constexpr std::int64_t largest_kept_number = 999'999'999'999;  // this device's own counting may have gone beyond the largest stored

std::int64_t number_of(std::string_view digits, std::int64_t largest) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number <= largest ? number : 0;
}

}  // namespace

std::string number_text(std::string_view stem, std::int64_t sequence) {
  std::string digits = std::to_string(sequence);
  if (digits.size() < 3) {
    digits.insert(0, 3 - digits.size(), '0');
  }
  return std::string(stem) + digits;
}

// The greatest number of the day that is stored or drafted, and one more. A number that was given and then changed or
// deleted is never given again: its counter is kept beside the tables.
std::string StoreImplementation::next_number(const Entity& entity, Action& action, NumberCounters& counters) {
  const std::string stem = number_stem(entity.number_prefix, action.person(), action.today());
  std::int64_t& counter = counters[stem];
  if (counter == 0) {
    const std::string column = quoted(entity.number_field);
    Statement& select = database_->statement("SELECT " + column + " FROM " + table_of(entity).name + " WHERE " + column +
                                             " >= ?1 AND " + column + " < ?1 || ':'");
    select.bind(1, std::string_view(stem));
    while (found(select)) {
      counter = std::max(counter, number_of(select.text(0).substr(stem.size()), largest_stored_number));
    }
    counter = std::max(counter, number_of(setting("number/" + stem), largest_kept_number));
  }
  const Field& field = *entity.find(entity.number_field);
  std::string number;
  do {
    number = number_text(stem, ++counter);
  } while (!action.rows_with(entity, field, Value{number}).empty());  // another record of this action may bring it along
  return number;
}

// Part of the action's transaction: numbers that the action took.
Status StoreImplementation::keep_number_counters(const NumberCounters& counters) {
  for (const auto& [stem, counter] : counters) {
    KEHUBU_TRY(set_setting("number/" + stem, std::to_string(counter)));
  }
  return {};
}

}  // namespace kehubu
