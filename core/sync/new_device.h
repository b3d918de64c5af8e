// The way out of a device number that two machines have used: how far their histories agree, and going on as a new device.
#pragma once

#include <string_view>

#include "core/sync/bundle.h"
#include "core/sync/tables.h"

namespace kehubu {

// A bundle that was refused because it tells another history of this device: notes up to which number both agree, if
// the bundle reaches back that far. Reads the whole bundle; that happens once in the life of a tablet.
Status remember_divergence(StoreInternals& store, std::string_view json, const Limits& limits);

// As Sync::start_as_new_device().
[[nodiscard]] Result<std::int64_t> start_as_new_device(StoreInternals& store, SyncTables& tables);

}  // namespace kehubu
