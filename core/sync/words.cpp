#include "core/sync/words.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/rules/names.h"
#include "core/rules/payment_term.h"

namespace kehubu {
namespace {

Sentence both(std::string text) { return {text, std::move(text)}; }

Sentence choice_words(Store& store, const Field& field, std::string_view id) {
  if (field.list != nullptr) {
    for (const auto& choice : store.choices(*field.list)) {
      if (choice.id == id) {
        return choice.label;
      }
    }
  }
  return both(std::string{id});
}

// A value of a list names the list that it belongs to by the program's name for it.
const ChoiceList* named_list(const Field& field, const Value& value) {
  static const Field* const list = find_entity("dict_item")->find("list");
  return &field == list ? find_list(text_or_empty(value)) : nullptr;
}

Sentence choices_words(Store& store, const Field& field, std::string_view ids) {
  Sentence words;
  while (!ids.empty()) {
    const std::size_t comma = std::min(ids.find(','), ids.size());
    const Sentence one = choice_words(store, field, ids.substr(0, comma));
    words.zh += (words.zh.empty() ? "" : "、") + one.zh;
    words.en += (words.en.empty() ? "" : ", ") + one.en;
    ids.remove_prefix(std::min(comma + 1, ids.size()));
  }
  return words;
}

Sentence number_words(const Field& field, std::int64_t number) {
  switch (field.type) {
    case FieldType::money: return both("¥" + format_money(number));
    case FieldType::quantity: return both(format_quantity(number));
    case FieldType::basis_points: return both(format_percent(number));
    case FieldType::date_time: return both(format_date_time(number));
    case FieldType::boolean: return number != 0 ? Sentence{"是", "yes"} : Sentence{"否", "no"};
    default: return both(std::to_string(number));
  }
}

// What a person has to know of a record before it goes: how far it has come, what it is about, how much money.
bool tells_weight(const Entity& entity, const Field& field) {
  const bool is_line = !entity.part_of.empty();
  return field.in_list && field.id != entity.part_of && (is_line || field.workflow || field.type == FieldType::money || field.type == FieldType::date_time);
}

}  // namespace

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? std::string{} : std::string{separator}) + part;
  }
  return text;
}

Sentence value_words(Store& store, const Field& field, const Value& value) {
  if (const ChoiceList* list = named_list(field, value)) {
    return {std::string(list->zh), std::string(list->en)};
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return number_words(field, *number);
  }
  if (const auto* id = std::get_if<Id>(&value)) {
    const Entity* target = find_entity(field.references);
    const std::string title = target != nullptr ? store.title(*target, *id) : std::string{};
    return both(title.empty() ? id->text() : title);
  }
  const std::string& text = text_or_empty(value);
  if (text.empty()) {
    return {"（空）", "(empty)"};
  }
  if (is_payment_term(field)) {
    const Sentence label = choice_words(store, field, text);
    return {term_with_numbers(label.zh, nullptr), term_with_numbers(label.en, nullptr)};
  }
  if (field.type == FieldType::choice) {
    return choice_words(store, field, text);
  }
  return field.type == FieldType::choices ? choices_words(store, field, text) : both(text);
}

std::string person_title(Store& store, const Id& person) {
  const Entity* employee = find_entity("employee");
  return employee != nullptr && !person.empty() ? store.title(*employee, person) : std::string{};
}

Sentence author_words(StoreInternals& store, const Author& author) {
  if (!author.person_name.empty()) {
    return both(author.person_name);
  }
  if (author.device == store.identity().device) {
    return {"本机", "this device"};
  }
  return author.device_name.empty() ? Sentence{"另一台设备", "another device"} : both(author.device_name);
}

Sentence record_words(Store& store, const Entity& entity, const Id& row) {
  const std::string title = store.title(entity, row);
  if (title.empty()) {
    return {std::string{entity.zh}, std::string{entity.en}};
  }
  return {substitute("{}“{}”", {entity.zh, title}), substitute("{} \"{}\"", {entity.en, title})};
}

Sentence record_with_number(Store& store, const Entity& entity, std::span<const Value> values) {
  std::string number, title;
  for (std::size_t index = 0; index < values.size(); ++index) {
    const Field& field = entity.fields[index];
    if (!is_null(values[index]) && (field.id == entity.title_field || field.id == entity.number_field)) {
      (field.id == entity.title_field ? title : number) = value_words(store, field, values[index]).zh;
    }
  }
  if (const Field* telling = telling_field(entity); telling != nullptr && !values.empty()) {
    const std::string told = as_title(text_or_empty(values[static_cast<std::size_t>(telling - entity.fields.data())]));
    title = told.empty() ? title : told;
  }
  Sentence name{std::string(entity.zh), std::string(entity.en)};
  // The line of a document has a number for its title.
  const bool quotes = entity.part_of.empty();
  for (const std::string& plain : {number, quotes ? std::string() : title}) {
    name.zh += plain.empty() ? "" : " " + plain;
    name.en += plain.empty() ? "" : " " + plain;
  }
  if (quotes && !title.empty()) {
    name.zh += "“" + title + "”";
    name.en += " \"" + title + "\"";
  }
  return name;
}

Sentence record_weight(Store& store, const Entity& entity, std::span<const Value> values) {
  Sentence details;
  for (std::size_t index = 0; index < values.size(); ++index) {
    const Field& field = entity.fields[index];
    if (!is_null(values[index]) && field.id != entity.title_field && field.id != entity.number_field && tells_weight(entity, field)) {
      const Sentence words = value_words(store, field, values[index]);
      details.zh += (details.zh.empty() ? "" : "，") + words.zh;
      details.en += (details.en.empty() ? "" : ", ") + words.en;
    }
  }
  return details;
}

Sentence record_in_full(Store& store, const Entity& entity, const Id& row, std::span<const Value> values) {
  std::vector<Value> stored;
  if (values.empty()) {
    if (auto record = store.read(entity, row)) {
      stored = std::move(record->values);
      values = stored;
    }
  }
  Sentence full = record_with_number(store, entity, values);
  const Sentence details = record_weight(store, entity, values);
  if (!details.zh.empty()) {
    full.zh += "（" + details.zh + "）";
    full.en += " (" + details.en + ")";
  }
  return full;
}

Sentence change_words(Store& store, const Field& field, const Sentence& subject, const Value& before, const Value& after) {
  const Sentence from = value_words(store, field, before), to = value_words(store, field, after);
  if (before == after) {  // a decision may leave what it found
    return {substitute("维持{}{}为“{}”", {subject.zh, field.zh, to.zh}), substitute("left {}{} as \"{}\"", {subject.en, field.en, to.en})};
  }
  if (is_null(after)) {
    return {substitute("清空{}{}（原来“{}”）", {subject.zh, field.zh, from.zh}), substitute("emptied {}{} (was \"{}\")", {subject.en, field.en, from.en})};
  }
  if (is_null(before)) {
    return {substitute("把{}{}填为“{}”", {subject.zh, field.zh, to.zh}), substitute("set {}{} to \"{}\"", {subject.en, field.en, to.en})};
  }
  return {substitute("把{}{}从“{}”改为“{}”", {subject.zh, field.zh, from.zh, to.zh}),
          substitute("changed {}{} from \"{}\" to \"{}\"", {subject.en, field.en, from.en, to.en})};
}

Result<Author> author_of(StoreInternals& store, Version version) {
  KEHUBU_TRY_ASSIGN(change, store.log().read(version));
  return Author{store.log().device_id(version.device), change.person, store.log().device(version.device).name,
                person_title(store, change.person), change.clock};
}

Result<Value> value_before(StoreInternals& store, const Entity& entity, const FieldChange& cell) {
  std::vector<Version> of_cell;
  for (const Version& version : cell.replaced) {
    KEHUBU_TRY_ASSIGN(older, store.log().read(version));
    if (std::ranges::find(older.fields, cell.field, &FieldChange::field) != older.fields.end()) {
      of_cell.push_back(version);
    }
  }
  return store.materialiser().standing_value(entity, cell.field, of_cell);
}

Result<HistoryEntry> history_entry(StoreInternals& store, const Entity& entity, Version version, std::string_view field) {
  KEHUBU_TRY_ASSIGN(change, store.log().read(version));
  HistoryEntry entry;
  entry.version = version;
  entry.device = store.log().device_id(version.device);
  entry.device_name = store.log().device(version.device).name;
  entry.person = change.person;
  entry.person_name = person_title(store, change.person);
  entry.clock = change.clock;
  entry.action = change.action;
  entry.kind = change.kind;
  entry.entity = &entity;
  entry.row = change.row;
  entry.field = field;
  entry.head = true;
  const auto cell = std::ranges::find(change.fields, field, &FieldChange::field);
  if (cell != change.fields.end()) {
    entry.value = cell->value;
    KEHUBU_TRY_ASSIGN(before, value_before(store, entity, *cell));
    entry.before = before;
  }
  return entry;
}

}  // namespace kehubu
