// Going on under a new device id: when changes of this device are missing here, or another machine has its id too.
#pragma once

#include "core/sync/tables.h"

namespace kehubu {

// Which history of its former name was this device's own: a local setting, empty where that name was not split.
inline constexpr std::string_view former_branch_setting = "former_branch";

// All that this machine has written, under the name before, too. `parted`: its own history of a name that is being split, while it still bears it.
[[nodiscard]] std::vector<DeviceNumber> own_histories(StoreInternals& store, std::optional<DeviceNumber> parted = {});

// A new id, a letter of its own and a name that says it. Within a transaction of the caller's. `rank`: of several machines that
// leave one name and do not know of each other's choice, how many choose before this one.
Status take_new_device(StoreInternals& store, SyncTables& tables, std::size_t rank = 0);

// The same device goes on with another letter, which no other device of its person uses as far as is known.
Status take_other_letter(StoreInternals& store, SyncTables& tables);

// As Sync::start_as_new_device().
Status start_as_new_device(StoreInternals& store, SyncTables& tables);

}  // namespace kehubu
