#include "core/importing/doubts.h"

namespace kehubu {

std::vector<Sentence> doubts_about(const ImportTable& table) {
  std::vector<Sentence> doubts;
  if (table.header_line == 0) {
    doubts.push_back({"没有标题行：第一行也当作数据。如果它其实是标题，请在“标题行”里选它。", "No header row: the first row counts as data. If it is the header, choose it as “Header row”."});
  }
  if (table.rows.empty()) {
    doubts.push_back({"文件里没有数据行。", "The file holds no rows of data."});
  }
  return doubts;
}

}  // namespace kehubu
