// From the bin.
#pragma once

#include "core/store/store.h"

namespace kehubu {

// The record comes back with all that decisions to delete it took along and nobody has changed since: records, references, lines of
// documents with their approval. What does not come back, and why, is among the hints.
[[nodiscard]] Result<Written> bring_back(Store& store, const Entity& entity, const Id& row);

}  // namespace kehubu
