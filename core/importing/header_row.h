// Where the header of a sheet is, and what it says when it has two rows. Private to importing/.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/importing/importing.h"

namespace kehubu {

// The row whose cells are names of our fields; rows.size() when none says a single one, for then the first row is as likely
// a record, which must not get lost. Blank rows are taken away before.
[[nodiscard]] std::size_t find_header(const std::vector<CsvRow>& rows);

// Without a header, everything from the first row of at least two cells on is data: a single cell above is a title.
[[nodiscard]] std::size_t first_data_row(const std::vector<CsvRow>& rows);

// A second row of heads fills gaps of the first or divides its cells, and holds nothing that looks like data: below
// "联系人", which spans two columns, stand 姓名 and 手机.
[[nodiscard]] bool continues_header(const CsvRow& header, const CsvRow& next);
void merge_heads(std::vector<std::string>& header, const CsvRow& next);

// A row below the header that says in what its columns are counted: 万元, (㎡), 人. Each unit goes into its head, in brackets.
[[nodiscard]] bool is_row_of_units(const std::vector<std::string>& header, const CsvRow& row);
void take_units(std::vector<std::string>& header, const CsvRow& row);

// The row above the header may say whose its columns are: 客户 above 名称 and 电话, 联系人 above 姓名 and 电话. A blank head takes
// what stands above it, and heads that stand there twice are told apart by it. Where heads are only halves, 人 below 联系, the
// two rows are read together.
void take_group_heads(std::vector<std::string>& header, const CsvRow& header_row, const CsvRow& above);

}  // namespace kehubu
