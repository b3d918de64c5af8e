// A write of very many records, as a task in slices of a frame: an import. Otherwise as Store::write(): one action, applied
// whole or not at all, one undo.
//
// While it runs nothing else may be written (the page shows a dialog). It refuses (conflict) when something was written
// between its check and its own first change. Cancelled or destroyed half way it leaves nothing.
// `together`: what else belongs into the transaction, as the last thing in it; when it fails, nothing of the write stands.
#pragma once

#include <functional>
#include <vector>

#include "core/base/task.h"
#include "core/store/store.h"

namespace kehubu {

[[nodiscard]] Task<Result<Written>> write_in_slices(Store& store, std::vector<Edit> edits, WriteOptions options, Progress& progress,
                                                    std::function<Status()> together = {});

}  // namespace kehubu
