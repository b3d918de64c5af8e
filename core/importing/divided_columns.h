// Columns that hold several, because the file was written with two separators: 客户名称<tab>电话,地址. Private to importing/.
#pragma once

#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// A head whose parts are heads makes its column as many. Rows that do not divide so are marked.
void divide_columns(std::vector<CsvRow>& rows);

}  // namespace kehubu
