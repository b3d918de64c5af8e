#include "app/pages/records/field_draft.h"

#include <algorithm>
#include <charconv>

namespace kehubu {
namespace {

std::string without(std::string text, std::string_view dropped) {
  std::erase_if(text, [&](char character) { return dropped.find(character) != std::string_view::npos; });
  return text;
}

std::string editable_number(const Field& field, std::int64_t number) {
  switch (field.type) {
    case FieldType::money:
      return format_money(number);
    case FieldType::quantity:
      return format_quantity(number);
    case FieldType::basis_points:
      return without(format_percent(number), " %");
    case FieldType::date_time: {
      // The field wants "YYYY-MM-DDTHH:MM", people read a blank instead of the T.
      std::string text = format_date_time(number);
      std::replace(text.begin(), text.end(), ' ', 'T');
      return text;
    }
    default:
      return std::to_string(number);
  }
}

std::string join_keys(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) {
    text += (text.empty() ? "" : ",") + key;
  }
  return text;
}

Result<std::int64_t> read_number(const Field& field, const std::string& text) {
  switch (field.type) {
    case FieldType::money:
      return parse_money(text);
    case FieldType::basis_points:
      return parse_percent(text);
    case FieldType::quantity:
      return parse_quantity(text);
    case FieldType::date_time: {
      std::string readable = text;
      std::replace(readable.begin(), readable.end(), 'T', ' ');
      return parse_date_time(readable);
    }
    default: {
      // Whole numbers are quantities without decimals, so that full-width digits and separators are read alike.
      auto quantity = parse_quantity(text);
      if (quantity && *quantity % 1000 != 0) {
        return fail(ErrorKind::invalid_input, "请填写整数", "Please enter a whole number.");
      }
      return quantity ? Result<std::int64_t>(*quantity / 1000) : quantity;
    }
  }
}

template <typename T>
void accept(FieldDraft& draft, Result<T> read) {
  if (read) {
    draft.value = std::move(*read);
    draft.misread.reset();
  } else {
    draft.misread = read.error().message;
  }
}

}  // namespace

std::vector<std::string> split_keys(std::string_view text) {
  std::vector<std::string> keys;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    keys.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return keys;
}

void set_draft(App& app, FieldDraft& draft, const Value& value) {
  const Field& field = *draft.field;
  draft.value = value;
  draft.misread.reset();
  draft.text.clear();
  draft.shown.clear();
  draft.keys.clear();
  draft.on = field.type == FieldType::boolean && integer_or(value, 0) != 0;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    draft.text = editable_number(field, *number);
  } else if (const auto* id = std::get_if<Id>(&value)) {
    draft.text = id->text();
    draft.shown = app.show(field, value);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    draft.text = *text;
    draft.keys = field.type == FieldType::choices ? split_keys(*text) : std::vector<std::string>();
  }
}

void read_draft(FieldDraft& draft) {
  const Field& field = *draft.field;
  if (field.type == FieldType::boolean) {
    accept<Value>(draft, Value(std::int64_t{draft.on}));
    return;
  }
  if (field.type == FieldType::choices) {
    accept<Value>(draft, draft.keys.empty() ? Value() : Value(join_keys(draft.keys)));
    return;
  }
  const std::string text(trim(draft.text));
  if (text.empty()) {
    accept<Value>(draft, Value());
    return;
  }
  switch (field.type) {
    case FieldType::reference: {
      const auto id = Id::parse(text);
      accept<Value>(draft, id ? Value(*id) : Value());
      return;
    }
    case FieldType::date: {
      auto date = parse_date(text);
      accept<std::string>(draft, date ? Result<std::string>(iso_date(*date)) : std::unexpected(date.error()));
      return;
    }
    case FieldType::text:
    case FieldType::choice:
      accept<Value>(draft, Value(text));
      return;
    case FieldType::long_text:
      accept<Value>(draft, Value(draft.text));
      return;
    default:
      accept(draft, read_number(field, text));
      return;
  }
}

Value default_of(App& app, const Field& field) {
  const std::string_view text = field.default_value;
  if (text.empty()) {
    return field.type == FieldType::boolean ? Value(std::int64_t{0}) : Value();
  }
  if ((text == "today" || text == "now") && app.later_time_known() != 0) {
    return {};
  }
  if (text == "today") {
    return iso_date(app.today());
  }
  if (text == "now") {
    // Whole minutes: that is what the field shows and what people mean.
    return app.platform.now_ms() / 60'000 * 60'000;
  }
  if (text == "me") {
    const Id& person = app.store->identity().person;
    return person.empty() ? Value() : Value(person);
  }
  if (text == "true" || text == "false") {
    return std::int64_t{text == "true"};
  }
  if (field.type == FieldType::text || field.type == FieldType::long_text || field.type == FieldType::choice ||
      field.type == FieldType::choices || field.type == FieldType::date) {
    return std::string(text);
  }
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> choices_allowed(App& app, const Entity& entity, const Id& row, const Field& field) {
  std::vector<std::string> allowed;
  const auto record = app.read(entity, row);
  for (const Store::ChoiceLabel& choice : app.store->choices(*field.list)) {
    const Edit edit{.entity = &entity, .row = row, .fields = {{&field, choice.id}}};
    const bool present = record && record->value(field.id) == Value(choice.id);
    const auto problems = present ? std::vector<Store::Problem>() : app.store->validate(edit);
    // What is missing elsewhere, a date or a reason, the form asks for.
    if (std::ranges::none_of(problems, [&](const Store::Problem& problem) { return problem.field == &field && !problem.hint_only; })) {
      allowed.push_back(choice.id);
    }
  }
  return allowed;
}

std::string pack_value(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return "i" + std::to_string(*number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return "t" + *text;
  }
  if (const auto* id = std::get_if<Id>(&value)) {
    return "r" + id->text();
  }
  return "n";
}

std::optional<Value> unpack_value(std::string_view packed) {
  if (packed.empty()) {
    return std::nullopt;
  }
  const std::string_view rest = packed.substr(1);
  switch (packed.front()) {
    case 'n':
      return Value();
    case 't':
      return Value(std::string(rest));
    case 'i': {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
      return error == std::errc() && end == rest.data() + rest.size() ? std::optional<Value>(number) : std::nullopt;
    }
    case 'r': {
      const auto id = Id::parse(rest);
      return id ? std::optional<Value>(*id) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace kehubu
