#include "core/importing/doubts.h"

#include <algorithm>

#include "core/importing/headings.h"

namespace kehubu {

std::vector<Sentence> doubts_about(const ImportTable& table, const Entity& entity) {
  std::vector<Sentence> doubts;
  if (table.header_line == 0) {
    doubts.push_back({"没有标题行：第一行也当作数据。如果它其实是标题，请在“标题行”里选它。", "No header row: the first row counts as data. If it is the header, choose it as “Header row”."});
  }
  const auto is_of_products = [](const std::string& head) { return is_product_heading(read_heading(head)); };
  if (entity.id == "customer" && std::ranges::any_of(table.header, is_of_products)) {
    doubts.push_back({"这张表有产品的列，像是产品清单或订单；产品请到“产品”里导入，这里只导入客户。",
                      "This table has columns about products and may be a list of products or orders; import products under “Products”. Here only customers are imported."});
  }
  // 客户名称 | 甲 | 乙, 电话 | … | …: each record is a column.
  const auto begins_with_head = [](const CsvRow& row) { return !row.cells.empty() && count_known_headings({&row.cells.front(), 1}) == 1; };
  const auto heads_below = static_cast<std::size_t>(std::ranges::count_if(table.rows, begins_with_head));
  if (heads_below >= 2 && heads_below * 2 > table.rows.size()) {
    doubts.push_back({"每一行的开头像是标题，这张表可能横竖颠倒了：请在 Excel 或 WPS 里“选择性粘贴 → 转置”，另存后再导入。",
                      "Each row begins with what looks like a head; the table may lie on its side. Transpose it in Excel or WPS, save it and import that."});
  }
  if (table.rows.empty()) {
    doubts.push_back({"文件里没有数据行。", "The file holds no rows of data."});
  }
  return doubts;
}

}  // namespace kehubu
