// A person's decision between the sides of a conflict: otherwise as Store::write(). On the stack of undoing it is called by the
// question ("处理冲突 客户“长江酒店”"), whatever records the answer touches.
#pragma once

#include <span>

#include "core/store/store.h"

namespace kehubu {

[[nodiscard]] Result<Written> decide(Store& store, std::span<const Edit> edits, const WriteOptions& options, const Sentence& question);

}  // namespace kehubu
