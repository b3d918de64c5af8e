// The StorageBackend of a browser page: IndexedDB for the store, Web Locks and BroadcastChannel among tabs, localStorage for
// the sentinel, OPFS for the second copy. The layout is specified in docs/storage.md; storage.library.js does the work.
//
// One per page. Everything that the platform lacks is answered with StorageFault::unavailable and, but for IndexedDB itself,
// done without: no Web Locks, then the epoch alone decides; no OPFS, then there is no second copy.
#pragma once

#include <memory>

#include "core/store/storage_backend.h"

namespace kehubu {

[[nodiscard]] std::unique_ptr<StorageBackend> make_browser_backend();

}  // namespace kehubu
