#include "core/base/text.h"

namespace kehubu {

std::string search_text(std::string_view text) { return fold(text); }

std::string pinyin_sort_key(std::string_view text) { return fold(text); }

}  // namespace kehubu
