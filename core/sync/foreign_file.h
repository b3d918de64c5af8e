// What a file is that is no bundle, as people call it, and what to do with it. One wording for the page and for kehubu.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace kehubu {

// A sentence without the file's name; nothing for a bundle, whole or damaged. Looks at the beginning only.
[[nodiscard]] std::optional<Sentence> foreign_file(std::string_view bytes);

}  // namespace kehubu
