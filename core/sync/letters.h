// Device letters: which of them a person's business numbers use already, so that a further device takes another one.
#pragma once

#include "core/sync/tables.h"

namespace kehubu {

// As Sync::letters_in_use().
[[nodiscard]] Result<std::vector<UsedLetter>> letters_in_use(StoreInternals& store, SyncTables& tables, const Id& person);

}  // namespace kehubu
