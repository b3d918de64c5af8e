// Company names: when two of them mean the same company (R-DUP-02), and what is short for one (R-VAL-10).
#pragma once

#include <string>
#include <string_view>

namespace kehubu {

// Half-width, lower case, without blanks and punctuation, without 省/市/区/县 behind a place name at the front and
// without legal forms at the end: 上海市博海餐饮有限公司 and 上海博海餐饮公司 → "上海博海餐饮". Never empty unless the
// name holds neither letter nor digit.
[[nodiscard]] std::string normalised_company_name(std::string_view name);

// The name without a place at the front and a legal form at the end, otherwise as written: 上海博海餐饮有限公司 → 博海餐饮.
[[nodiscard]] std::string main_company_name(std::string_view name);

}  // namespace kehubu
