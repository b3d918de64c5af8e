// How values are shown: money, dates, choices, references, in the language of the page.
#include <algorithm>
#include <array>

#include "app/shell/app.h"
#include "core/rules/payment_term.h"

namespace kehubu {
namespace {

std::string show_choices(App& app, const Field& field, std::string_view identifiers) {
  std::string shown;
  while (!identifiers.empty()) {
    const std::size_t comma = identifiers.find(',');
    const std::string_view identifier = identifiers.substr(0, comma);
    if (!shown.empty()) {
      shown += app.say.list_separator();
    }
    shown += field.list ? app.choice_label(*field.list, identifier) : std::string(identifier);
    identifiers = comma == std::string_view::npos ? std::string_view() : identifiers.substr(comma + 1);
  }
  return shown;
}

std::string show_integer(App& app, const Field& field, std::int64_t number) {
  switch (field.type) {
    case FieldType::money:
      return "¥" + format_money(number);
    case FieldType::quantity:
      return format_quantity(number);
    case FieldType::basis_points:
      // What was agreed to the point; what is reckoned in whole percent.
      return format_percent(field.derived() ? (number + 50) / 100 * 100 : number);
    case FieldType::boolean:
      return std::string(app.say(number ? Word::yes : Word::no));
    case FieldType::date_time:
      return format_date_time(number);
    default:
      return std::to_string(number);
  }
}

}  // namespace

std::string App::show(const Field& field, const Value& value) {
  if (is_null(value)) {
    return {};
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return show_integer(*this, field, *number);
  }
  if (const auto* id = std::get_if<Id>(&value)) {
    const Entity* target = find_entity(field.references);
    return target ? title_of(*target, *id) : std::string();
  }
  const std::string& text = text_or_empty(value);
  if (is_payment_term(field)) {
    return term_with_numbers(choice_label(*field.list, text), nullptr);
  }
  if (field.list && (field.type == FieldType::choice || field.type == FieldType::choices)) {
    return show_choices(*this, field, text);
  }
  // A value of a list names the list that it belongs to by the program's name for it.
  const ChoiceList* list = &field == entity_named("dict_item").find("list") ? find_list(text) : nullptr;
  return list != nullptr ? std::string(say.chinese() ? list->zh : list->en) : text;
}

std::string App::show(const Record& record, std::string_view field_id) {
  const Field* field = record.entity->find(field_id);
  if (field == nullptr || !is_payment_term(*field) || is_null(record.value(field_id))) {
    return field != nullptr ? show(*field, record.value(field_id)) : std::string();
  }
  return term_with_numbers(choice_label(*field->list, text_or_empty(record.value(field_id))), &record);
}

std::string App::choice_label(const ChoiceList& list, std::string_view id) {
  if (store) {
    for (const Store::ChoiceLabel& choice : store->choices(list)) {
      if (choice.id == id) {
        return std::string(say(choice.label));
      }
    }
  }
  const Choice* choice = list.find(id);
  return choice ? std::string(say.chinese() ? choice->zh : choice->en) : std::string(id);
}

std::string App::when(std::int64_t milliseconds) const {
  return relative_time(milliseconds, platform.now_ms(), say.chinese());
}

std::string App::since(std::int64_t milliseconds) const {
  constexpr std::int64_t minute_ms = 60'000;
  return milliseconds > platform.now_ms() + minute_ms ? when_exactly(milliseconds) : when(milliseconds);
}

std::string App::when_exactly(std::int64_t milliseconds) const { return format_date_time(milliseconds); }

std::string App::format_count(std::int64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t end = text.size(); end > 3 && text[end - 4] != '-'; end -= 3) {
    text.insert(end - 3, ",");
  }
  return text;
}

std::string App::format_money_short(std::int64_t fen) {
  const std::string text = "¥" + format_money(fen);
  return text.ends_with(".00") ? text.substr(0, text.size() - 3) : text;
}

std::string App::byte_size(std::int64_t bytes) const {
  constexpr std::int64_t kibi = 1024;
  constexpr std::array units{"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  std::int64_t whole = bytes, rest = 0;
  while (whole >= kibi && unit + 1 < units.size()) {
    rest = whole % kibi;
    whole /= kibi;
    ++unit;
  }
  std::string text = std::to_string(whole);
  if (unit > 0 && whole < 100) {
    text += "." + std::to_string(rest * 10 / kibi);
  }
  return text + " " + units[unit];
}

Date App::today() const { return local_date(platform.now_ms()); }

std::string App::weekday(const Date& date) const {
  // 1970-01-01 was a Thursday.
  const std::int64_t day = ((days_since_epoch(date) + 4) % 7 + 7) % 7;
  return std::string(say(static_cast<Word>(static_cast<int>(Word::weekday_0) + static_cast<int>(day))));
}

}  // namespace kehubu
