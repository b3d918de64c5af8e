#include "app/shell/route.h"

#include <cassert>

namespace kehubu {

const Entity& entity_named(std::string_view id) {
  const Entity* entity = find_entity(id);
  assert(entity && "the pages name an entity that the catalog does not declare");
  return *entity;
}

Route list_of(std::string_view entity) { return {.place = Place::list, .entity = &entity_named(entity), .id = {}, .about = {}, .detail = {}}; }

Route record_of(const Entity& entity, const Id& id) {
  return {.place = Place::record, .entity = &entity, .id = id, .about = {}, .detail = {}};
}

Route form_for(const Entity& entity, const Id& id, const Id& about) {
  return {.place = Place::form, .entity = &entity, .id = id, .about = about, .detail = {}};
}

}  // namespace kehubu
