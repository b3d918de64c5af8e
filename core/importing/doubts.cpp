#include "core/importing/doubts.h"

#include <algorithm>

#include "core/importing/headings.h"

namespace kehubu {

std::vector<Sentence> doubts_about(const ImportTable& table, const Entity& entity, std::span<const ColumnMapping> mapping) {
  std::vector<Sentence> doubts;
  if (table.header_line == 0 && !table.title_rows.empty() && !table.rows.empty()) {
    const std::string above = std::to_string(table.title_rows.size()), first = std::to_string(table.rows.front().line);
    doubts.push_back({substitute("没有标题行：从第 {} 行起当作数据，上面的 {} 行没有导入。如果其中一行是标题，请在“标题行”里选它。", {first, above}),
                      substitute("No header row: what begins with line {} counts as data, and the {} line(s) above are not imported. If one of them is the header, choose it as “Header row”.", {first, above})});
  } else if (table.header_line == 0) {
    doubts.push_back({"没有标题行：第一行也当作数据。如果它其实是标题，请在“标题行”里选它。", "No header row: the first row counts as data. If it is the header, choose it as “Header row”."});
  }
  const auto is_of_products = [](const std::string& head) { return is_product_heading(read_heading(head)); };
  if (entity.id == "customer" && std::ranges::any_of(table.header, is_of_products)) {
    doubts.push_back({"这张表有产品的列，像是产品清单或订单；产品请到“产品”里导入，这里只导入客户。",
                      "This table has columns about products and may be a list of products or orders; import products under “Products”. Here only customers are imported."});
  }
  if (table.layout == TableLayout::columns) {
    doubts.push_back(table.turned ? Sentence{"这张表是横着的（每一列是一条记录），已经转过来读。下面说的“第 N 行”是原表的第 N 列：第 2 行就是 B 列。不对的话，请在“标题行”里选“照原样，不转”。",
                                             "This table lies on its side (each record is a column) and is read turned. A “line N” below is column N of the file: line 2 is column B. If that is wrong, choose “As it stands” as header row."}
                                  : Sentence{"每一行的开头像是标题，这张表可能是横着的：可以在“标题行”里选“转过来读”。",
                                             "Each row begins with what looks like a head; the table may lie on its side. It can be turned under “Header row”."});
  } else if (table.layout == TableLayout::cards) {
    doubts.push_back(table.turned ? Sentence{"这个文件像登记表：标题后面跟着内容，已经读成一条条记录，行号是每条记录开始的那一行。不对的话，请在“标题行”里选“照原样，不转”。",
                                             "This file looks like forms: each head is followed by its content. It is read as records, each numbered by the line that it begins at. If that is wrong, choose “As it stands” as header row."}
                                  : Sentence{"每一行的开头像是标题，这个文件像登记表：可以在“标题行”里选“转过来读”。",
                                             "Each row begins with what looks like a head; the file may hold forms. It can be turned under “Header row”."});
  }
  const Field* title = entity.find(entity.title_field);
  const bool named = std::ranges::any_of(mapping, [title](const ColumnMapping& column) { return column.use == ColumnUse::field && column.field == title; });
  if (!table.rows.empty() && title != nullptr && !named) {
    doubts.push_back({substitute("没有一列被认作“{}”，所以这些行都不能导入：请在下面的列对应关系里指定是哪一列。", {title->zh}),
                      substitute("No column was taken for “{}”, so none of the rows can be imported. Please choose it among the columns below.", {title->en})});
  }
  // What the form asks for and nothing makes up: number and category of a product, the company of a contact.
  for (const Field& field : entity.fields) {
    const bool asked = field.required == Required::always && field.id != entity.number_field && &field != title && field.default_value.empty() && !field.derived();
    const bool no_column = std::ranges::none_of(mapping, [&field](const ColumnMapping& column) { return column.use == ColumnUse::field && column.field == &field; });
    if (!table.rows.empty() && asked && no_column && (entity.id == "product" || entity.id == "contact") && field.type != FieldType::boolean) {
      doubts.push_back({substitute("没有一列被认作“{}”，没有它不能新建（已有的可以更新）：请在下面的列对应关系里指定，或在表里补上这一列。", {field.zh}),
                        substitute("No column was taken for “{}”, without which nothing new can be made (what is there can be updated). Choose it among the columns below, or add it to the table.", {field.en})});
    }
  }
  if (table.rows.empty()) {
    doubts.push_back({"文件里没有数据行。", "The file holds no rows of data."});
  }
  return doubts;
}

}  // namespace kehubu
