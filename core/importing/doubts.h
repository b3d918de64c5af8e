// What is uncertain about a table as a whole.
#pragma once

#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// What a person should look at before anything else, and what to do: no header was found, or nothing but one.
[[nodiscard]] std::vector<Sentence> doubts_about(const ImportTable& table, const Entity& entity);

}  // namespace kehubu
