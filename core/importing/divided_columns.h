// Columns that are not what they should be: several in one, because the file was written with two separators (客户名称<tab>电话,地址),
// and one in two, 姓 and 名. Private to importing/.
#pragma once

#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// A head whose parts are heads makes its column as many. Rows that do not divide so are marked.
void divide_columns(std::vector<CsvRow>& rows);

// 姓 and 名, First Name and Last Name: one column of persons, whose head says of what it is made.
void join_name_columns(std::vector<CsvRow>& rows);

}  // namespace kehubu
