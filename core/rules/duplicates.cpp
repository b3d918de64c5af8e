#include "core/rules/duplicates.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/rules/names.h"

namespace kehubu {
namespace {

constexpr std::size_t most_looked_at = 100;   // of what the index finds; a stem that more share tells nothing apart
constexpr std::size_t stem_length = 3;        // letters of the name that are looked up; the rest is compared
constexpr std::size_t least_digits = 7;       // of a phone number

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char character) { return character >= '0' && character <= '9'; });
  return digits.size() > 11 && digits.starts_with("86") ? digits.substr(2) : digits;
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (std::size_t position = 0; position < text.size();) {
    points += next_code_point(text, position);
  }
  return points;
}

bool is_registration(const Field& field) { return field.format == Format::tax_number || field.format == Format::licence_number; }
bool is_number(const Field& field) { return field.format == Format::phone || field.format == Format::email; }
bool is_name(const Entity& entity, const Field& field) { return field.id == entity.title_field || field.id == "registered_name"; }

// Of two values of one kind of number.
bool same_number(const Field& field, std::string_view first, std::string_view second) {
  return field.format == Format::phone ? !first.empty() && digits_of(first) == digits_of(second) : fold(first) == fold(second);
}

class Search {
 public:
  Search(Store& store, const Id& self, std::size_t limit) : store_(store), self_(self), limit_(limit) {}

  // Calls `judge` with each record that the index finds for the words, living ones first.
  template <typename Judge>
  void among(const Entity& entity, std::string words, Judge judge) {
    std::vector<const Field*> wanted;
    for (const Field& field : entity.fields) {
      if (!field.derived() && (is_name(entity, field) || is_number(field) || is_registration(field))) {
        wanted.push_back(&field);
      }
    }
    for (const bool deleted : {false, true}) {
      const auto rows = store_.list({.entity = &entity, .search = words, .filters = {}, .deleted = deleted});
      if (!rows) {
        continue;
      }
      for (std::size_t index = 0; index < std::min(rows->size(), most_looked_at); ++index) {
        const auto record = store_.read_row(entity, (*rows)[index], wanted);
        if (record && record->id != self_) {
          if (const auto kind = judge(*record)) {
            add({.entity = &entity, .row = record->id, .kind = *kind, .deleted = deleted});
          }
        }
      }
    }
  }

  std::vector<Likeness> take() {
    std::vector<Likeness> best;
    for (int wanted = 0; wanted < ranks; ++wanted) {
      for (const Likeness& likeness : found_) {
        if (rank(likeness) == wanted && best.size() < limit_) {
          best.push_back(likeness);
        }
      }
    }
    return best;
  }

 private:
  static constexpr int ranks = 4;  // the surest first, the living before the bin
  static int rank(const Likeness& likeness) { return (likeness.kind == Likeness::Kind::near_name ? 2 : 0) + (likeness.deleted ? 1 : 0); }
  void add(const Likeness& likeness) {
    if (std::ranges::find(found_, likeness.row, &Likeness::row) == found_.end()) {
      found_.push_back(likeness);
    }
  }

  Store& store_;
  Id self_;
  std::size_t limit_;
  std::vector<Likeness> found_;
};

// Equal, or nearly: more than half of the longer name is the shorter one, or one letter differs.
std::optional<Likeness::Kind> compare_names(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) {
    return std::nullopt;
  }
  if (first == second) {
    return Likeness::Kind::same_name;
  }
  const std::size_t first_length = count_code_points(first), second_length = count_code_points(second);
  const auto& [shorter, longer] = first_length <= second_length ? std::pair(first, second) : std::pair(second, first);
  const bool within = longer.find(shorter) != std::string::npos && 2 * std::min(first_length, second_length) > std::max(first_length, second_length);
  const bool misspelt = std::min(first_length, second_length) > stem_length && letters_apart(first, second) <= 1;
  return within || misspelt ? std::optional(Likeness::Kind::near_name) : std::nullopt;
}

// What of a name is looked up: its first letters behind the place, or its first word where it is written in letters.
std::string stem_of(std::string_view name) {
  const std::string main = fold(main_name(name));
  std::string stem;
  std::size_t taken = 0;
  for (std::size_t position = 0; position < main.size();) {
    const char32_t character = next_code_point(main, position);
    const bool is_letter = character < 0x80;
    if (character <= U' ' || character == U'　' || (!is_letter && taken == stem_length)) {
      break;
    }
    append_utf8(stem, character);
    taken += is_letter ? 0 : 1;
  }
  return count_code_points(stem) >= 2 ? stem : std::string();
}

void search_names(Search& search, const std::string& name) {
  const std::string stem = stem_of(name);
  if (stem.empty()) {
    return;
  }
  const std::string normalised = normalised_organisation_name(name);
  const std::string main = normalised_organisation_name(main_name(name));
  search.among(catalog::customer, stem, [&](const Record& record) -> std::optional<Likeness::Kind> {
    std::optional<Likeness::Kind> best;
    for (const std::string_view field : {"name", "registered_name"}) {
      const std::string& other = text_or_empty(record.value(field));
      auto kind = compare_names(normalised, normalised_organisation_name(other));
      if (!kind && compare_names(main, normalised_organisation_name(main_name(other)))) {
        kind = Likeness::Kind::near_name;  // the same name in another place, or with its place left out
      }
      best = kind == Likeness::Kind::same_name || !best ? (kind ? kind : best) : best;
    }
    return best;
  });
}

void search_numbers(Search& search, const Field& field, const std::string& value) {
  const std::string words = field.format == Format::phone ? digits_of(value) : fold(value);
  if (field.format == Format::phone ? words.size() < least_digits : words.empty()) {
    return;
  }
  const std::array targets{&catalog::customer, &catalog::contact};
  for (const Entity* entity : targets) {
    search.among(*entity, words, [&](const Record& record) -> std::optional<Likeness::Kind> {
      for (const Field& other : entity->fields) {
        if (!other.derived() && other.format == field.format && same_number(field, value, text_or_empty(record.value(other.id)))) {
          return Likeness::Kind::same_number;
        }
      }
      return std::nullopt;
    });
  }
}

}  // namespace

int letters_apart(std::string_view first, std::string_view second) {
  const std::u32string a = code_points(first), b = code_points(second);
  const std::size_t shorter = std::min(a.size(), b.size()), longer = std::max(a.size(), b.size());
  if (longer - shorter > 1) {
    return 2;
  }
  std::size_t front = 0, back = 0;
  while (front < shorter && a[front] == b[front]) {
    ++front;
  }
  while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) {
    ++back;
  }
  return longer - front - back == 0 ? 0 : longer - front - back == 1 ? 1 : 2;
}

bool tells_apart(const Entity& entity, const Field& field) {
  if (&entity == &catalog::contact) {
    return field.format == Format::phone && field.searchable;
  }
  return &entity == &catalog::customer && field.searchable && (is_name(entity, field) || is_number(field) || is_registration(field));
}

std::vector<Likeness> likenesses(Store& store, const Entity& entity, const Id& self, const Field& field, const Value& value, std::size_t limit) {
  const std::string& text = text_or_empty(value);
  if (text.empty() || !tells_apart(entity, field)) {
    return {};
  }
  Search search(store, self, limit);
  if (is_name(entity, field)) {
    search_names(search, text);
  } else if (is_registration(field)) {
    search.among(catalog::customer, fold(text), [&](const Record& record) {
      return fold(text_or_empty(record.value(field.id))) == fold(text) ? std::optional(Likeness::Kind::same_registration) : std::nullopt;
    });
  } else {
    search_numbers(search, field, text);
  }
  return search.take();
}

}  // namespace kehubu
