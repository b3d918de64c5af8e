// Who has a value that people added to a list. Records name it by its identifier, which is no reference of the catalog.
#pragma once

#include "core/rules/world.h"
#include "core/store/sql.h"

namespace kehubu {

// The records that have the value, as they will be after the action; by field, at most `limit` rows named of each. None where the
// list has it otherwise, too: from the program, or by another record of its identifier.
[[nodiscard]] Result<std::vector<Store::Obstacle>> users_of_choice(Database& database, const World& world, const Draft& draft, std::size_t limit);

}  // namespace kehubu
