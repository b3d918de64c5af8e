// What search looks in: the searchable fields of a record, folded, in one text. Fields end with a line feed, so that no
// word is found across two of them.
#pragma once

#include <string>
#include <string_view>

#include "core/catalog/catalog.h"

namespace kehubu {

// Texts with hanzi come with their pinyin and initials, phone numbers as their digits, long texts as they are.
void append_search_text(std::string& search, const Field& field, std::string_view value);

}  // namespace kehubu
