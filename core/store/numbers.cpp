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
    while (select.row()) {
      const std::string_view digits = select.text(0).substr(stem.size());
      std::int64_t sequence = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
      counter = std::max(counter, sequence);
    }
    const std::string kept = setting("number/" + stem);
    std::int64_t sequence = 0;
    std::from_chars(kept.data(), kept.data() + kept.size(), sequence);
    counter = std::max(counter, sequence);
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
