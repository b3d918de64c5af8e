// Names of organisations: what of them tells two of them apart.
#pragma once

#include <string>
#include <string_view>

#include "core/catalog/catalog.h"

namespace kehubu {

// What names a record to people rather than its title, where it is filled: of a visit what was said of it, and not what it had
// been planned for. Null where there is no such field.
[[nodiscard]] const Field* telling_field(const Entity& entity);
// The first line of it, as much as a title bears.
[[nodiscard]] std::string as_title(std::string_view words);

// R-VAL-10: without a leading province or city and without a trailing legal form. "上海博海餐饮有限公司" → "博海餐饮".
[[nodiscard]] std::string main_name(std::string_view name);

// R-DUP-02: two spellings of one organisation give the same. "上海市博海餐饮有限公司" → "上海博海餐饮".
[[nodiscard]] std::string normalised_organisation_name(std::string_view name);

// The same, but 集团 and 店 are part of the name: the group, its company and its shop are three customers.
[[nodiscard]] std::string organisation_identity(std::string_view name);

// 浙江, 浙江省, 杭州市: a province or city and nothing else.
[[nodiscard]] bool is_place(std::string_view name);

// A person's name without blanks and dots, whichever dot was typed: 阿依古丽·买买提, 阿依古丽・买买提.
[[nodiscard]] std::string person_identity(std::string_view name);

}  // namespace kehubu
