// Reading what may not be there: that it is not is an answer, that it could not be read is an Error.
#pragma once

#include <optional>

#include "core/store/store.h"

namespace kehubu {

[[nodiscard]] inline Result<std::optional<Record>> read_if_there(Store& store, const Entity& entity, const Id& id) {
  auto record = store.read(entity, id);
  if (!record && record.error().kind != ErrorKind::not_found) {
    return std::unexpected(std::move(record.error()));
  }
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

}  // namespace kehubu
