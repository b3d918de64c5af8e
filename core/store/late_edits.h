// Edits of a fact that met its closing without knowing of it (docs/merge.md, "A fact, closed").
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/store/heads.h"
#include "core/store/tables.h"

namespace kehubu {

struct LateEdits {
  std::vector<Head> late;
  std::vector<Head> shown;  // the heads that count instead of all, when there are late ones
};
// What a version repeats, where a decision was undone (Materialiser::said_by).
using SaidBy = std::function<Result<Version>(Version version, std::string_view field)>;
// `heads`: of a record that is closed and done.
[[nodiscard]] Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by);

}  // namespace kehubu
