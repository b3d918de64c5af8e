// Value: what one field of one record holds.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/base/id.h"

namespace kehubu {

// null · integer (also booleans as 0/1, money in fen, quantities in thousandths, basis points, date-times in
// milliseconds UTC) · text (also dates as YYYY-MM-DD, choices by identifier, several choices joined by commas) ·
// reference to a record.
// Integers that travel in bundles lie within ±(2^53 − 1), so that every JSON tool reads them exactly.
using Value = std::variant<std::monostate, std::int64_t, std::string, Id>;

inline constexpr std::int64_t largest_integer = (std::int64_t{1} << 53) - 1;

[[nodiscard]] inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }
[[nodiscard]] inline std::int64_t integer_or(const Value& value, std::int64_t otherwise) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer ? *integer : otherwise;
}
[[nodiscard]] inline const std::string& text_or_empty(const Value& value) {
  static const std::string empty;
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : empty;
}
[[nodiscard]] inline Id id_or_empty(const Value& value) {
  const auto* id = std::get_if<Id>(&value);
  return id ? *id : Id{};
}

}  // namespace kehubu
