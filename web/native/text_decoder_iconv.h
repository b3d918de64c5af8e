// TextDecoder by the C library's iconv: for tests and the command line. The page has the browser's TextDecoder.
#pragma once

#include "core/importing/importing.h"

namespace kehubu {

// Replaces what cannot be decoded by U+FFFD, as the browser's decoder does.
class IconvTextDecoder final : public TextDecoder {
 public:
  [[nodiscard]] Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) override;
};

}  // namespace kehubu
