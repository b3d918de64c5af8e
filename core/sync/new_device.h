// Going on under a new device id: when changes of this device are missing here, or another machine has its id too.
#pragma once

#include "core/sync/tables.h"

namespace kehubu {

// A new id, and the next letter of the person's. Within a transaction of the caller's.
Status take_new_device(StoreInternals& store, SyncTables& tables);

// As Sync::start_as_new_device().
Status start_as_new_device(StoreInternals& store, SyncTables& tables);

}  // namespace kehubu
