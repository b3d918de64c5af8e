#include "core/importing/furniture.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {
namespace {

// The word alone, or with a colon, a number or a bracket behind it that ends the cell: "合计", "合 计：", "小计（元）", "共计12家",
// but not 合计科技公司 and not 合计（上海）会计事务所.
bool is_word(std::string_view folded, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [folded](std::string_view word) {
    if (!folded.starts_with(word)) {
      return false;
    }
    const std::string_view rest = folded.substr(word.size());
    const bool bracket = rest.starts_with('(') && rest.find(')') == rest.size() - 1;
    return rest.empty() || bracket || rest.starts_with(':') || looks_like_number(rest);
  });
}

// A total says the word and otherwise only numbers; a customer of that name has a telephone or an address.
bool is_total(const CsvRow& row, std::string_view first_folded) {
  static constexpr std::array<std::string_view, 21> words = {"合计", "总计", "小计", "累计", "共计", "总合计", "总共", "本页合计", "本页小计", "平均", "平均值", "均值", "平均数", "共",
                                                             "total", "subtotal", "grandtotal", "sum", "average", "avg", "mean"};
  constexpr std::size_t longest = 40;
  if (first_folded.size() > longest || !is_word(first_folded, words)) {
    return false;
  }
  bool first_seen = false;
  for (const std::string& cell : row.cells) {
    const std::string_view text = trim(cell);
    if (text.empty() || !std::exchange(first_seen, true)) {
      continue;
    }
    const bool number = looks_like_number(text) && !looks_like_phone(text);
    if (!number && fold(text).find_first_of("0123456789") != 0 && text != "-" && text != "/") {
      return false;
    }
    if (looks_like_phone(text)) {
      return false;
    }
  }
  return true;
}

bool repeats_header(const CsvRow& row, const std::vector<std::string>& header) {
  if (std::ranges::all_of(header, &std::string::empty)) {
    return false;
  }
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (trimmed_cell(row, column) != header[column]) {
      return false;
    }
  }
  return true;
}

// |---|:--:|, =====, a # alone: nothing but marks.
bool is_dividing_line(const CsvRow& row) {
  return std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).find_first_not_of("-=:+_*#~. |") == std::string_view::npos; });
}

// 以下空白, which says where the table ends, and a label with its colon in a row of its own: 制表人：王芳.
bool is_closing_line(const CsvRow& row, std::string_view first_folded) {
  static constexpr std::array<std::string_view, 8> words = {"以下空白", "以下无正文", "以下无内容", "以下无数据", "此行以下空白", "无正文", "end", "eof"};
  std::string bare(first_folded);
  std::erase_if(bare, [](char character) { return std::string_view("()-*.").contains(character); });
  return filled_cells(row) == 1 && (std::ranges::find(words, bare) != words.end() || (first_folded.contains(':') && is_foot_note(row)));
}

// The title of the first page, printed again on top of the next.
bool repeats_title(const CsvRow& row, std::span<const CsvRow> titles) {
  return std::ranges::any_of(titles, [&row](const CsvRow& title) {
    const std::size_t columns = std::max(row.cells.size(), title.cells.size());
    for (std::size_t column = 0; column < columns; ++column) {
      if (trimmed_cell(row, column) != trimmed_cell(title, column)) {
        return false;
      }
    }
    return true;
  });
}

// 第 1 页 共 3 页, 第1页/共3页, Page 1 of 3.
bool is_page_number(std::string_view folded) {
  const bool chinese = folded.starts_with("第") && folded.contains("页");
  if (!chinese && !folded.starts_with("page") && !folded.starts_with("共")) {
    return false;
  }
  std::string rest(folded);
  for (const std::string_view word : {"第", "共", "页", "page", "of", "，"}) {
    for (std::size_t found = rest.find(word); found != std::string::npos; found = rest.find(word)) {
      rest.erase(found, word.size());
    }
  }
  return rest.find_first_of("0123456789") != std::string::npos && rest.find_first_not_of("0123456789/,.-") == std::string::npos &&
         (chinese || folded.contains("页") || folded.starts_with("page"));
}

bool is_page_mark(const CsvRow& row, std::string_view first_folded) {
  return is_page_number(first_folded) && std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty() || is_page_number(fold(cell)); });
}

// A row that says how the template is to be filled in, or shows an example of it.
bool is_instruction(const CsvRow& row, std::string_view first_folded) {
  static constexpr std::array<std::string_view, 6> examples = {"示例", "样例", "例", "例如", "填写示例", "填写说明"};
  static constexpr std::array<std::string_view, 5> rules = {"必填", "选填", "非必填", "下拉选择", "可不填"};
  const auto is_rule = [](std::string_view folded) { return std::ranges::any_of(rules, [folded](std::string_view rule) { return folded.starts_with(rule); }); };
  const auto told = std::ranges::count_if(row.cells, [&is_rule](const std::string& cell) { return is_rule(fold(cell)); });
  return is_word(first_folded, examples) || told >= 2 || (told == 1 && is_rule(first_folded));
}

// Every cell of it is the name of some field, and it has several.
bool is_all_heads(const CsvRow& row, const std::string& first_folded) {
  if (!may_be_heading(first_folded) || filled_cells(row) < 2) {
    return false;
  }
  return static_cast<std::size_t>(count_known_headings(row.cells)) == filled_cells(row);
}

}  // namespace

bool is_foot_note(const CsvRow& row) {
  static constexpr std::array<std::string_view, 21> words = {"备注", "注", "说明", "填表人", "制表人", "制表", "审核", "审核人", "数据来源",
                                                             "打印日期", "填表日期", "制表日期", "导出时间", "经办人", "复核",
                                                             "打印人", "打印时间", "导出人", "制单人", "制单", "截止日期"};
  if (filled_cells(row) == 1 && looks_like_date(first_filled(row))) {
    return true;
  }
  constexpr std::size_t most_cells = 6;  // 填表人：, 张三, 审核：, 李四 …
  if (filled_cells(row) > most_cells || !is_word(fold(first_filled(row)), words)) {
    return false;
  }
  std::size_t labels = 0;
  for (const std::string& cell : row.cells) {
    if (looks_like_phone(cell) || looks_like_email(cell)) {
      return false;
    }
    labels += fold(cell).contains(':') ? 1U : 0U;
  }
  return filled_cells(row) == 1 || labels * 2 >= filled_cells(row);
}

std::optional<LeftReason> FurnitureFinder::judge(const CsvRow& row) {
  constexpr std::size_t longest_mark = 60;  // bytes
  const std::string_view first = first_filled(row);
  const std::string folded = first.size() <= longest_mark ? fold(first) : std::string();
  const bool has_header = !std::ranges::all_of(header_, &std::string::empty);
  if (!folded.empty() && is_total(row, folded)) {
    return LeftReason::total;
  }
  if (has_header && repeats_header(row, header_)) {
    in_other_table_ = false;
    return LeftReason::repeated_header;
  }
  if (repeats_title(row, titles_)) {
    return LeftReason::repeated_header;
  }
  if (is_page_mark(row, folded)) {
    return LeftReason::page_mark;
  }
  if (has_header && is_all_heads(row, folded)) {
    // Right below the header they are the same heads in another language.
    in_other_table_ = records_ > 0;
    return records_ > 0 ? LeftReason::other_table : LeftReason::repeated_header;
  }
  if (in_other_table_) {
    return LeftReason::other_table;
  }
  if (is_dividing_line(row)) {
    return LeftReason::dividing_line;
  }
  if (has_header && header_.size() > 1 && is_closing_line(row, folded)) {
    return LeftReason::foot_note;
  }
  constexpr std::size_t template_rows = 3;
  if (has_header && records_ < template_rows && is_instruction(row, folded)) {
    return LeftReason::instruction;
  }
  ++records_;
  return std::nullopt;
}

}  // namespace kehubu
