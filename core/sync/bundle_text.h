// How single values are written in a bundle; shared by its writer and the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/value.h"
#include "core/store/log.h"

namespace kehubu {

void write_integer(std::string& output, std::int64_t value);
// Valid UTF-8 in, JSON's shortest escapes out: \" \\ \b \f \n \r \t, \u00xx for other control characters, all else raw.
void write_json_string(std::string& output, std::string_view text);
// null, an integer, "text", or {"r":"<22 characters>"} for a reference.
void write_value(std::string& output, const Value& value);

[[nodiscard]] std::string digest_text(const Digest& digest);  // 43 characters of base64url
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view text);

}  // namespace kehubu
