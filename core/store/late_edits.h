// Edits of a fact that met its closing without knowing of it, another closing included (docs/merge.md, "A fact, closed").
#pragma once

#include <functional>
#include <optional>
#include <span>
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

struct Closing {
  Version mark, said;  // the head, and who closed it first where that repeats
};
// Of several who closed one record without knowing of each other: whose closing stands, whole.
[[nodiscard]] Result<std::optional<Closing>> standing_closing(Log& log, std::span<const Version> marks, const SaidBy& said_by);
[[nodiscard]] Result<std::optional<Closing>> closing_of(Materialiser& materialiser, Log& log, const Entity& entity, const Id& row);

// `heads`: of a record that is closed and done.
[[nodiscard]] Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by);

}  // namespace kehubu
