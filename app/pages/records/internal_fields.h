// Fields that the program writes for itself, and that are no text for people.
#pragma once

#include "app/shell/route.h"

namespace kehubu {

// Of a value of a list: the program's name for the list that it belongs to, its identifier, its place.
[[nodiscard]] inline bool is_internal(const Field& field) {
  static const Entity& item = entity_named("dict_item");
  return &field == item.find("list") || &field == item.find("ident") || &field == item.find("seq");
}

}  // namespace kehubu
