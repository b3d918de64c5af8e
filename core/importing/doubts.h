// What is uncertain about a table as a whole.
#pragma once

#include <span>
#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// What a person should look at before anything else, and what to do: no header was found, or nothing but one; the table lies on
// its side; nothing is a name.
[[nodiscard]] std::vector<Sentence> doubts_about(const ImportTable& table, const Entity& entity, std::span<const ColumnMapping> mapping);

}  // namespace kehubu
