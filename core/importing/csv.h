// How one file writes its table. Private to importing/.
#pragma once

#include <cstddef>
#include <string>

namespace kehubu {

struct CsvDialect {
  std::string separator = ",";
  bool backslashes = false;  // \" within quotes is a quote
  std::size_t width = 0;     // cells of most rows; 0 when not known
  char quote = '"';
};

}  // namespace kehubu
