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
  if (table.rows.empty()) {
    doubts.push_back({"文件里没有数据行。", "The file holds no rows of data."});
  }
  return doubts;
}

}  // namespace kehubu
