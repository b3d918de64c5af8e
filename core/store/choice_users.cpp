#include "core/store/choice_users.h"

#include <algorithm>

#include "core/catalog/areas.h"

namespace kehubu {
namespace {

bool has_choice(const Field& field, const Value& value, std::string_view ident) {
  const std::string& text = text_or_empty(value);
  return field.type == FieldType::choices ? ("," + text + ",").find("," + std::string(ident) + ",") != std::string::npos : text == ident;
}

// A list may come to have one identifier twice by a merge (docs/merge.md).
bool has_another_record(const World& world, DraftView<catalog::dict_item> item) {
  const std::vector<Id> same = world.rows_with(catalog::dict_item, StoredFieldOf<catalog::dict_item>("ident"), item.value_before("ident"));
  return std::ranges::any_of(same, [&](const Id& other) {
    return other != item->row && world.is_live(catalog::dict_item, other) && world.value<catalog::dict_item>(other, "list") == item.value_before("list");
  });
}

Result<std::vector<Id>> rows_with_choice(Database& database, const World& world, const Entity& entity, const Field& field, std::string_view ident) {
  const std::string column = quoted(field.id);
  Statement& select = database.statement("SELECT id FROM " + quoted(entity.id) + " WHERE live = 1 AND " +
                                         (field.type == FieldType::choices ? "instr(',' || " + column + " || ',', ',' || ? || ',') > 0" : column + " = ?") +
                                         " ORDER BY row_number");
  select.bind(1, ident);
  std::vector<Id> stored, rows;
  while (select.row()) {
    stored.push_back(select.id(0));
  }
  KEHUBU_TRY(select.status());
  for (const Id& row : stored) {
    const Draft* draft = world.find(entity, row);
    if (draft == nullptr || (!draft->remove && has_choice(field, draft->value(field), ident))) {
      rows.push_back(row);
    }
  }
  for (const Draft& draft : world.drafts()) {  // what the same action gives it, or brings back with it
    if (draft.entity == &entity && !draft.remove && has_choice(field, draft.value(field), ident) && world.is_live(entity, draft.row) &&
        std::ranges::find(rows, draft.row) == rows.end()) {
      rows.push_back(draft.row);
    }
  }
  return rows;
}

}  // namespace

Result<std::vector<Store::Obstacle>> users_of_choice(Database& database, const World& world, const Draft& draft, std::size_t limit) {
  const DraftView<catalog::dict_item> item(draft);
  const ChoiceList* list = find_list(item.text_before("list"));
  const std::string& ident = item.text_before("ident");
  std::vector<Store::Obstacle> users;
  if (list == nullptr || ident.empty() || list->find(ident) != nullptr || has_another_record(world, item)) {
    return users;
  }
  for (const Entity* entity : entities()) {
    for (const Field& field : entity->fields) {
      if (field.list != list || field.derived()) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(rows, rows_with_choice(database, world, *entity, field, ident));
      const std::size_t count = rows.size();
      rows.resize(std::min(count, limit));
      count > 0 ? users.push_back({entity, &field, count, std::move(rows)}) : void();
    }
  }
  return users;
}

}  // namespace kehubu
