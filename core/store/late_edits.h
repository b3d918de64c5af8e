// Edits of a fact that met its closing without knowing of it (docs/merge.md, "A fact, closed").
#pragma once

#include <functional>
#include <vector>

#include "core/store/heads.h"
#include "core/store/tables.h"

namespace kehubu {

struct LateEdits {
  std::vector<Head> late;
  std::vector<Head> shown;  // the heads that count instead of all, when there are late ones
};
// `heads`: of a record that is closed and done.
// What a mark of closing repeats, where a decision was undone (Materialiser::said_by).
using SaidBy = std::function<Result<Version>(Version mark)>;
[[nodiscard]] Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by);

}  // namespace kehubu
