// By what an action finds its own drafts with a value. Internal to core/rules.
#pragma once

#include <string>

#include "core/base/value.h"
#include "core/catalog/catalog.h"

namespace kehubu {

inline std::string unique_key(const Entity& entity, const Field& field, const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return std::string(entity.id) + '/' + std::string(field.id) + '/' +
         (integer != nullptr ? std::to_string(*integer) : text_or_empty(value));
}

}  // namespace kehubu
