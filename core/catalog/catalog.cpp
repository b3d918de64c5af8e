#include "core/catalog/catalog.h"

#include "core/catalog/areas.h"

namespace kehubu {
namespace {

constexpr const Entity* all_entities[] = {
    &catalog::org_unit, &catalog::employee,    &catalog::dict_item,   &catalog::product,  &catalog::customer,
    &catalog::contact,  &catalog::opportunity, &catalog::interaction, &catalog::contract, &catalog::contract_line,
};

// Two or three dozen names of a dozen letters: comparing them in turn is as fast as hashing.
template <typename Item>
const Item* find_by_id(std::span<const Item> items, std::string_view id) {
  for (const Item& item : items) {
    if (item.id == id) {
      return &item;
    }
  }
  return nullptr;
}

}  // namespace

const Choice* ChoiceList::find(std::string_view choice_id) const { return find_by_id(choices, choice_id); }

const Field* Entity::find(std::string_view field_id) const { return find_by_id(fields, field_id); }

std::span<const Entity* const> entities() { return all_entities; }

const Entity* find_entity(std::string_view entity_id) {
  for (const Entity* entity : all_entities) {
    if (entity->id == entity_id) {
      return entity;
    }
  }
  return nullptr;
}

// Every list is the list of some field.
const ChoiceList* find_list(std::string_view list_id) {
  for (const Entity* entity : all_entities) {
    for (const Field& field : entity->fields) {
      if (field.list != nullptr && field.list->id == list_id) {
        return field.list;
      }
    }
  }
  return nullptr;
}

}  // namespace kehubu
