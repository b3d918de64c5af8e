// The steps of this device that can be taken back, or done again, one by one: which of them a person chooses. Store::undo() and
// Store::redo() take the first of them.
#pragma once

#include <vector>

#include "core/store/store.h"

namespace kehubu {

struct UndoStep {
  std::int64_t position = 0;
  Sentence label;  // "新建客户 博海餐饮"
};

// The next first. One that is refused stands in no other one's way.
[[nodiscard]] std::vector<UndoStep> undo_steps(Store& store, bool redo, std::size_t limit);
// Says what was undone, or done again; refuses where something later builds on it, by name.
[[nodiscard]] Result<Sentence> take_step(Store& store, bool redo, std::int64_t position);

}  // namespace kehubu
