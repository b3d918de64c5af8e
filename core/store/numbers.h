// Business numbers made offline (R-NUM-01): <prefix>-<employee code><device letter>-<yymmdd>-<sequence of the day>.
#pragma once

#include <string>

#include "core/rules/action.h"

namespace kehubu {

// "K-R07A-261124-": what all numbers of a prefix, person, device and day share. Without an employee the code is "00".
[[nodiscard]] std::string number_stem(std::string_view prefix, const Action::Person& person, std::string_view today);
// The stem and the sequence, at least three digits.
[[nodiscard]] std::string number_text(std::string_view stem, std::int64_t sequence);

}  // namespace kehubu
