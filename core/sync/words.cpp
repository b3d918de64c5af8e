#include "core/sync/words.h"

#include <algorithm>

#include "core/base/text.h"

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

}  // namespace

Sentence value_words(Store& store, const Field& field, const Value& value) {
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
  if (field.type == FieldType::choice) {
    return choice_words(store, field, text);
  }
  return field.type == FieldType::choices ? choices_words(store, field, text) : both(text);
}

std::string person_title(Store& store, const Id& person) {
  const Entity* employee = find_entity("employee");
  return employee != nullptr && !person.empty() ? store.title(*employee, person) : std::string{};
}

Sentence author_words(StoreInternals& store, const Id& person, DeviceNumber device) {
  if (std::string name = person_title(store, person); !name.empty()) {
    return both(std::move(name));
  }
  if (store.log().device_id(device) == store.identity().device) {
    return {"本机", "this device"};
  }
  const std::string& name = store.log().device(device).name;
  return name.empty() ? Sentence{"另一台设备", "another device"} : both(name);
}

Sentence record_words(Store& store, const Entity& entity, const Id& row) {
  const std::string title = store.title(entity, row);
  if (title.empty()) {
    return {std::string{entity.zh}, std::string{entity.en}};
  }
  return {substitute("{}“{}”", {entity.zh, title}), substitute("{} \"{}\"", {entity.en, title})};
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
    if (!cell->replaced.empty()) {
      KEHUBU_TRY_ASSIGN(before, store.materialiser().value_at(cell->replaced.front(), field));
      entry.before = before;
    }
  }
  return entry;
}

}  // namespace kehubu
