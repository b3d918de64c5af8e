// Fields that follow from one choice (Together, core/rules/merge_rules.h) while that is a question: what each side has of them.
#pragma once

#include <span>
#include <vector>

#include "core/store/log.h"

namespace kehubu {

struct Together;

// What everybody had seen of a cell before these heads of it parted: where they parted from several that did not agree (several people
// decided one question), what was before those. Of several that agree, all.
[[nodiscard]] Result<std::vector<Version>> base_of_values(Materialiser& materialiser, std::string_view field, std::span<const Version> heads);

struct Following {
  const Field* field = nullptr;
  std::vector<Value> values;       // of each side that was asked for
  std::vector<Version> versions;   // that are shown now
};

// A side for each of these heads of the choice: of a field that follows it has what its device wrote in choosing or since, or who built on that
// alone; of one of which those wrote nothing what nobody who chose wrote, else what it was before the others wrote it. Only fields in which
// sides differ, or from what would stand by itself. Of the first so many sides: the first one is what people see.
[[nodiscard]] Result<std::vector<Following>> what_follows(Materialiser& materialiser, const Entity& entity, const Id& row, const Together& together,
                                                          std::span<const Version> heads, std::span<const Version> base, std::size_t sides = SIZE_MAX);

}  // namespace kehubu
