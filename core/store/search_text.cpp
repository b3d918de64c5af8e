#include "core/store/search_text.h"

#include <algorithm>

#include "core/base/text.h"

namespace kehubu {

void append_search_text(std::string& search, const Field& field, std::string_view value) {
  if (value.empty()) {
    return;
  }
  const bool is_ascii = std::ranges::all_of(value, [](char character) { return static_cast<unsigned char>(character) < 0x80; });
  if (field.format == Format::phone) {
    std::ranges::copy_if(value, std::back_inserter(search), [](char character) { return character >= '0' && character <= '9'; });
  } else if (is_ascii || field.type == FieldType::long_text) {
    search += fold(value);
  } else {
    search += search_text(value);
  }
  search += '\n';
}

}  // namespace kehubu
