#include "core/importing/furniture.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"
#include "core/rules/names.h"

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

constexpr std::array<std::string_view, 29> total_words = {"最大值", "最小值", "户数", "总户数", "家数", "总家数", "max", "min", "合计", "总计", "小计", "累计", "共计", "总合计", "总共", "本页合计", "本页小计", "平均", "平均值", "均值", "平均数", "共",
                                                          "total", "subtotal", "grandtotal", "sum", "average", "avg", "mean"};

// "华东小计", "浙江省 合计": of a part of the table.
bool ends_as_total(std::string_view folded) {
  static constexpr std::array<std::string_view, 6> endings = {"小计", "合计", "总计", "汇总", "subtotal", "total"};
  return std::ranges::any_of(endings, [folded](std::string_view ending) { return folded.ends_with(ending); });
}

// Behind the name of the part: 华东 | 小计 | 30.
bool is_bare_total(std::string_view text) {
  static constexpr std::array<std::string_view, 8> words = {"小计", "合计", "总计", "累计", "本页小计", "本页合计", "subtotal", "total"};
  constexpr std::size_t longest = 20;
  std::string folded = text.size() <= longest ? fold(text) : std::string();
  std::erase(folded, ':');
  return std::ranges::find(words, folded) != words.end();
}

bool is_number_or_nothing(std::string_view text) {
  return !looks_like_phone(text) && (looks_like_number(text) || fold(text).find_first_of("0123456789") == 0 || text == "-" || text == "/");
}

// A total says the word, in front of it at most of what it is one, and behind it only numbers; a customer of that name has a
// telephone or an address.
bool is_total(const CsvRow& row, std::string_view first_folded) {
  constexpr std::size_t longest = 40;
  if (first_folded.size() > longest) {
    return false;
  }
  const bool by_first = is_word(first_folded, total_words) || ends_as_total(first_folded);
  bool said = false;
  std::size_t position = 0, numbers = 0;
  for (const std::string& cell : row.cells) {
    const std::string_view text = trim(cell);
    if (text.empty()) {
      continue;
    }
    if (said) {
      if (!is_number_or_nothing(text)) {
        return false;
      }
      ++numbers;
    } else if (position == (by_first ? 0U : 1U)) {
      if (!by_first && !is_bare_total(text)) {
        return false;
      }
      said = true;
    } else if (looks_like_number(text)) {
      return false;  // 1, 合计: the number of a record
    }
    ++position;
  }
  return said && (by_first || numbers > 0);
}

// Every filled cell is the head of its column, and most columns have theirs.
bool repeats_header(const CsvRow& row, const std::vector<std::string>& header) {
  const auto heads = static_cast<std::size_t>(std::ranges::count_if(header, [](const std::string& head) { return !head.empty(); }));
  std::size_t same = 0;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string_view cell = trimmed_cell(row, column);
    if (cell.empty()) {
      continue;
    }
    if (column >= header.size() || (cell != header[column] && fold(cell) != fold(header[column]))) {
      return false;
    }
    ++same;
  }
  return same > 0 && same * 2 >= heads && (same > 1 || heads == 1);
}

// Without the marks that a line is drawn or a heading is adorned with.
std::string without_ornaments(std::string_view text) {
  static constexpr std::array<std::string_view, 17> ornaments = {"—", "─", "━", "═", "…", "·", "★", "☆", "■", "□", "●", "○", "◆", "◇", "▲", "△", "※"};
  std::string bare(text);
  for (const std::string_view ornament : ornaments) {
    for (std::size_t found = bare.find(ornament); found != std::string::npos; found = bare.find(ornament, found)) {
      bare.erase(found, ornament.size());
    }
  }
  return bare;
}

// |---|:--:|, =====, ————, a # alone: nothing but marks.
bool is_dividing_line(const CsvRow& row) {
  return std::ranges::all_of(row.cells, [](const std::string& cell) {
    const std::string_view text = trim(cell);
    constexpr std::size_t longest = 600;  // bytes
    return text.empty() || (text.size() <= longest && without_ornaments(text).find_first_not_of("-=:+_*#~. |") == std::string::npos);
  });
}

// 以下空白, which says where the table ends, and labels with their colons in a row of their own: 制表人：王芳, 审核：李伟.
bool is_closing_line(const CsvRow& row, std::string_view first_folded) {
  static constexpr std::array<std::string_view, 8> words = {"以下空白", "以下无正文", "以下无内容", "以下无数据", "此行以下空白", "无正文", "end", "eof"};
  std::string bare(first_folded);
  std::erase_if(bare, [](char character) { return std::string_view("()-*.").contains(character); });
  const bool all_labels = std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty() || fold(cell).contains(':'); });
  return (filled_cells(row) == 1 && std::ranges::find(words, bare) != words.end()) || (all_labels && is_foot_note(row, row.cells.size()));
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

// 续表, 接下页, Sheet2: what a program or a printer writes between the parts of a table.
bool is_mark_between_parts(std::string_view folded) {
  static constexpr std::array<std::string_view, 12> words = {"续表", "续", "续上表", "接上表", "续上页", "接上页", "续下页", "接下页", "转下页", "见下页", "下页续", "下一页"};
  std::string bare(folded);
  std::erase_if(bare, [](char character) { return std::string_view("()-*.:").contains(character); });
  if (std::ranges::find(words, bare) != words.end()) {
    return true;
  }
  for (const std::string_view sheet : {"sheet", "工作表"}) {
    if (bare.starts_with(sheet) && bare.size() <= sheet.size() + 2) {
      return bare.find_first_not_of("0123456789", sheet.size()) == std::string::npos;
    }
  }
  return false;
}

bool is_page_mark(const CsvRow& row, std::string_view first_folded) {
  const bool pages = is_page_number(first_folded) && std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty() || is_page_number(fold(cell)); });
  return pages || (is_alone(row) && is_mark_between_parts(first_folded));
}

// A row that says how the template is to be filled in, or shows an example of it.
bool is_instruction(const CsvRow& row, std::string_view first_folded) {
  static constexpr std::array<std::string_view, 6> examples = {"示例", "样例", "例", "例如", "填写示例", "填写说明"};
  static constexpr std::array<std::string_view, 5> rules = {"必填", "选填", "非必填", "下拉选择", "可不填"};
  const auto is_rule = [](std::string_view folded) { return std::ranges::any_of(rules, [folded](std::string_view rule) { return folded.starts_with(rule); }); };
  const auto told = std::ranges::count_if(row.cells, [&is_rule](const std::string& cell) { return is_rule(fold(cell)); });
  return is_word(first_folded, examples) || told >= 2 || (told == 1 && is_rule(first_folded));
}

// 番禺区(3家) → 番禺区: how many there are below.
std::string_view without_count(std::string_view folded) {
  const std::size_t open = folded.rfind('(');
  const bool counts = open != std::string_view::npos && open > 0 && folded.ends_with(')') && open + 1 < folded.size() && folded[open + 1] >= '0' && folded[open + 1] <= '9';
  return counts ? folded.substr(0, open) : folded;
}

// 华东, 华南大区, 浙江省, 重点客户, 一、, [01], ★海珠区★: what rows are sorted under.
bool names_a_group(std::string_view text) {
  const std::string bare = without_ornaments(text);
  const std::string_view folded = without_count(bare);
  static constexpr std::array<std::string_view, 9> regions = {"华东", "华南", "华北", "华中", "东北", "西北", "西南", "东南", "港澳台"};
  static constexpr std::array<std::string_view, 6> kinds = {"", "区", "大区", "片区", "地区", "区域"};
  static constexpr std::array<std::string_view, 4> endings = {"客户", "客户名单", "片区", "大区"};
  static constexpr std::array<std::string_view, 12> numbers = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"};
  constexpr std::size_t longest = 36;  // bytes: twelve hanzi
  const auto begins_as = [folded](std::string_view number) {
    return folded.starts_with(std::string(number) + "、") || folded.starts_with("(" + std::string(number) + ")");
  };
  if (std::ranges::any_of(numbers, begins_as) || folded.starts_with('[') || folded.starts_with("【")) {
    return true;
  }
  const auto is_region = [folded](std::string_view region) {
    return folded.starts_with(region) && std::ranges::find(kinds, folded.substr(region.size())) != kinds.end();
  };
  return std::ranges::any_of(regions, is_region) || is_place(folded) ||
         (folded.size() <= longest && std::ranges::any_of(endings, [folded](std::string_view ending) { return folded.ends_with(ending); }));
}

// "业务员：王敏", "部门：销售一部".
bool labels_a_group(std::string_view folded) {
  static constexpr std::array<std::string_view, 12> labels = {"部门", "分组", "组别", "类别", "类型", "片区", "大区", "渠道", "线路", "路线", "门市", "仓库"};
  const std::size_t colon = folded.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == folded.size()) {
    return false;
  }
  const std::string label(folded.substr(0, colon));
  return std::ranges::find(labels, label) != labels.end() || count_known_headings({&label, 1}) == 1;
}

// A sentence below the table, where a name would stand: 数据截至…, 本表由…导出, 电话以最新为准.
bool is_sentence(std::string_view folded) {
  static constexpr std::array<std::string_view, 17> parts = {"。",   "截至", "截止到", "以上共", "以上为", "以上数据", "以上客户", "本表", "本名单", "导出", "严禁",
                                                             "仅供", "为准", "如有",   "请勿",   "版权所有", "机密"};
  static constexpr std::array<std::string_view, 8> openings = {"generatedby", "exportedby", "printedby", "generatedon", "exportedon", "printedon", "confidential", "内部资料"};
  return std::ranges::any_of(parts, [folded](std::string_view part) { return folded.contains(part); }) ||
         std::ranges::any_of(openings, [folded](std::string_view opening) { return folded.starts_with(opening); });
}

// What no name is, wherever it stands alone.
bool is_certainly_a_sentence(std::string_view folded) {
  static constexpr std::array<std::string_view, 10> parts = {"。", "截至", "以上共", "以上为", "以上数据", "仅供", "为准", "请勿", "请联系", "严禁"};
  return folded.ends_with(';') || std::ranges::any_of(parts, [folded](std::string_view part) { return folded.contains(part); });
}

// 2、…, (2)…, ②…: one of several notes.
bool begins_with_number(std::string_view folded) {
  for (const std::string_view circled : {"①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"}) {
    if (folded.starts_with(circled)) {
      return true;
    }
  }
  folded.remove_prefix(folded.starts_with('(') ? 1 : 0);
  const std::size_t end = folded.find_first_not_of("0123456789");
  const std::string_view rest = end == std::string_view::npos || end == 0 ? std::string_view() : folded.substr(end);
  return rest.starts_with(")") || rest.starts_with("、") || rest.starts_with(".");
}

// A row that says under what the next ones are sorted, and nothing else.
bool is_group_head(const CsvRow& row, std::string_view first_folded) {
  return is_alone(row) && !first_folded.empty() && !is_sentence(first_folded) && (names_a_group(first_folded) || labels_a_group(first_folded));
}

// Heads of another table: every cell is the name of some field; below a gap, most are, and none looks like data.
bool is_all_heads(const CsvRow& row, const std::string& first_folded, bool below_gap) {
  if (filled_cells(row) < 2 || (!below_gap && !may_be_heading(first_folded))) {
    return false;
  }
  const auto known = static_cast<std::size_t>(count_known_headings(row.cells));
  const bool words = std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty() || look_of(cell) == Look::words; });
  return known == filled_cells(row) || (below_gap && words && known >= 2 && known * 5 >= filled_cells(row) * 3);
}

bool is_known_heading(std::string_view cell) {
  const std::string text(cell);
  return count_known_headings({&text, 1}) == 1;
}

}  // namespace

bool is_label_line(const CsvRow& row, std::size_t columns) {
  const std::string folded = filled_cells(row) == 1 && columns > 1 ? fold(first_filled(row)) : std::string();
  const std::size_t colon = folded.find(':');
  return colon != std::string::npos && colon > 0 && (colon + 1 == folded.size() || is_known_heading(std::string_view(folded).substr(0, colon)));
}

bool is_foot_note(const CsvRow& row, std::size_t columns) {
  static constexpr std::array<std::string_view, 22> words = {"附件", "备注", "注", "说明", "填表人", "制表人", "制表", "审核", "审核人", "数据来源",
                                                             "打印日期", "填表日期", "制表日期", "导出时间", "经办人", "复核",
                                                             "打印人", "打印时间", "导出人", "制单人", "制单", "截止日期"};
  if (filled_cells(row) == 1 && looks_like_date(first_filled(row))) {
    return true;
  }
  if (const std::string folded = filled_cells(row) == 1 && columns > 1 ? fold(first_filled(row)) : std::string(); is_sentence(folded)) {
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
  const bool below_gap = row.line != line_before_ + 1 || left_before_;
  const std::optional<LeftReason> reason = reason_of(row, below_gap && records_ > 0);
  line_before_ = row.line;
  note_before_ = reason == LeftReason::foot_note;
  left_before_ = reason.has_value();
  records_ += reason ? 0U : 1U;
  return reason;
}

// Below a gap a row of some words that are headings, too, is the header of another table where it begins with one, and where they are
// not what other records have there: 首选联系方式 电话, 微信.
bool FurnitureFinder::is_other_header(const CsvRow& row, const std::string& first_folded, bool below_gap) const {
  if (!is_all_heads(row, first_folded, below_gap)) {
    return false;
  }
  if (static_cast<std::size_t>(count_known_headings(row.cells)) == filled_cells(row)) {
    return true;
  }
  const auto is_value = [this](const std::string& cell, std::size_t column) {
    return std::ranges::any_of(records_above_, [&](const CsvRow& record) { return trimmed_cell(record, column) == trim(cell); });
  };
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    if (is_known_heading(row.cells[column]) && is_value(row.cells[column], column)) {
      return false;
    }
  }
  return is_known_heading(first_filled(row));
}

// 一, 天河区 among rows that are counted 1, 2, 3.
bool FurnitureFinder::is_numbered_group(const CsvRow& row) const {
  static constexpr std::array<std::string_view, 10> numbers = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  std::size_t column = 0;
  while (column < row.cells.size() && trim(row.cells[column]).empty()) {
    ++column;
  }
  if (filled_cells(row) != 2 || column >= header_.size() || trimmed_cell(row, column + 1).empty() || !is_serial_number_heading(read_heading(header_[column])) ||
      std::ranges::find(numbers, trimmed_cell(row, column)) == numbers.end()) {
    return false;
  }
  return counted_in_figures_ || names_a_group(fold(trimmed_cell(row, column + 1)));
}

std::optional<LeftReason> FurnitureFinder::reason_of(const CsvRow& row, bool below_gap) {
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
  if (has_header && is_other_header(row, folded, below_gap)) {
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
  const bool alone = has_header && header_.size() > 1 && is_alone(row);
  constexpr std::size_t longest_note = 600;  // bytes
  const std::string note = alone && first.size() <= longest_note ? fold(first) : std::string();
  if (alone && (is_certainly_a_sentence(note) || (note_before_ && line_before_ + 1 == row.line && begins_with_number(note)))) {
    return LeftReason::foot_note;
  }
  if ((alone && is_group_head(row, folded)) || (has_header && is_numbered_group(row))) {
    return LeftReason::group_head;
  }
  constexpr std::size_t template_rows = 3;
  return has_header && records_ < template_rows && is_instruction(row, folded) ? std::optional(LeftReason::instruction) : std::nullopt;
}

}  // namespace kehubu
