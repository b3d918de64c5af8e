// Device letters: which of them a person's business numbers use already, so that a further device takes another one.
#pragma once

#include "core/sync/tables.h"

namespace kehubu {

// How the business numbers of a person's device begin: "K-R07B-".
struct NumberBeginning {
  const Entity* entity = nullptr;
  std::string text;
};
[[nodiscard]] std::vector<NumberBeginning> number_beginnings(Store& store, const Id& person, std::string_view letter);

// As Sync::letters_in_use().
[[nodiscard]] Result<std::vector<UsedLetter>> letters_in_use(StoreInternals& store, SyncTables& tables, const Id& person);

}  // namespace kehubu
