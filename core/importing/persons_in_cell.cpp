#include "core/importing/persons_in_cell.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "core/base/text.h"
#include "core/importing/cells.h"

namespace kehubu {
namespace {

// Parts between any of the marks, trimmed; no empty ones.
std::vector<std::string> split_at(std::string_view text, std::span<const std::string_view> marks) {
  std::vector<std::string> parts(1);
  while (!text.empty()) {
    const auto mark = std::ranges::find_if(marks, [text](std::string_view one) { return text.starts_with(one); });
    if (mark != marks.end()) {
      parts.emplace_back();
      text.remove_prefix(mark->size());
    } else {
      parts.back() += text.front();
      text.remove_prefix(1);
    }
  }
  std::ranges::for_each(parts, [](std::string& part) { part = std::string(trim(part)); });
  std::erase(parts, std::string());
  return parts;
}

constexpr std::array<std::string_view, 4> between_persons = {";", ",", "、", "\n"};

std::optional<PersonInCell> read_person(std::string_view part) {
  const std::size_t digit = part.find_first_of("+0123456789");
  if (digit == std::string_view::npos || digit == 0) {
    return std::nullopt;
  }
  const auto strip = [](std::string_view text, std::string_view marks) {
    const std::size_t first = text.find_first_not_of(marks);
    const std::size_t last = text.find_last_not_of(marks);
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
  };
  std::string_view name = strip(part.substr(0, digit), " :/-_([|");
  for (const std::string_view label : {"手机", "电话", "联系电话", "tel", "Tel", "TEL"}) {
    name = name.size() > label.size() && name.ends_with(label) ? strip(name.substr(0, name.size() - label.size()), " :/-_([|") : name;
  }
  const std::string_view phone = strip(part.substr(digit), " )]");
  constexpr std::size_t longest_name = 12;  // code points
  const bool one_number = phone.find_first_not_of("+-0123456789 ()") == std::string_view::npos && looks_like_phone(phone);
  if (name.empty() || count_code_points(name) > longest_name || !one_number) {
    return std::nullopt;
  }
  return PersonInCell{std::string(name), std::string(phone)};
}

}  // namespace

namespace {

// "张三" above "13800620001", each in a line of its own, is one person.
std::vector<std::string> with_telephones_behind(std::vector<std::string> parts) {
  std::vector<std::string> persons;
  for (std::string& part : parts) {
    const bool continues = !persons.empty() && part.find_first_not_of("+-0123456789 ()") == std::string::npos && persons.back().find_first_of("0123456789") == std::string::npos;
    if (continues) {
      persons.back() += " " + part;
    } else {
      persons.push_back(std::move(part));
    }
  }
  return persons;
}

}  // namespace

std::vector<PersonInCell> split_persons(std::string_view cell) {
  std::vector<PersonInCell> persons;
  for (const std::string& part : with_telephones_behind(split_at(half_width(cell), between_persons))) {
    const auto person = read_person(part);
    if (!person) {
      return {};
    }
    persons.push_back(*person);
  }
  return persons;
}

namespace {

constexpr std::array<std::string_view, 5> between_names = {";", ",", "、", "\n", "/"};

bool is_short_name(const std::string& part) {
  constexpr std::size_t longest_name = 6;  // code points; "王女士" and "欧阳经理", no sentences
  const std::size_t length = count_code_points(part);
  return length >= 2 && length <= longest_name && static_cast<unsigned char>(part.front()) >= 0x80 && part.find_first_of("0123456789") == std::string::npos;
}

// The hundred commonest: 郑一 is a name, 经理 and 老板 are none.
bool begins_with_surname(std::string_view part) {
  static constexpr std::string_view surnames =
      "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文褚卫";
  constexpr std::size_t hanzi_bytes = 3;
  const std::size_t found = part.size() < hanzi_bytes ? std::string_view::npos : surnames.find(part.substr(0, hanzi_bytes));
  return found != std::string_view::npos && found % hanzi_bytes == 0;
}

// 陈四(财务)褚五(采购): somebody stands behind a bracket.
bool goes_on_behind_bracket(std::string_view text) {
  const std::size_t close = text.find(')');
  return close != std::string_view::npos && close + 1 < text.size() && begins_with_surname(trim(text.substr(close + 1)));
}

}  // namespace

std::vector<PersonInCell> pair_persons(std::string_view names, std::string_view phones) {
  static constexpr std::array<std::string_view, 6> between = {";", ",", "、", "\n", "/", " "};
  const auto name_parts = split_at(half_width(names), between), phone_parts = split_at(half_width(phones), between);
  const bool all_phones = std::ranges::all_of(phone_parts, [](const std::string& part) { return looks_like_mobile(part); });
  if (name_parts.size() < 2 || name_parts.size() != phone_parts.size() || !all_phones || !std::ranges::all_of(name_parts, is_short_name)) {
    return {};
  }
  std::vector<PersonInCell> persons;
  for (std::size_t index = 0; index < name_parts.size(); ++index) {
    persons.push_back({name_parts[index], phone_parts[index]});
  }
  return persons;
}

std::string without_having_left(std::string_view name) {
  const std::string text = half_width(name);
  for (const std::string_view mark : {"(已离职)", "(离职)", "(已辞职)", "(辞职)", "-已离职", "-离职"}) {
    if (text.size() > mark.size() && text.ends_with(mark)) {
      return std::string(trim(text.substr(0, text.size() - mark.size())));
    }
  }
  return {};
}

bool names_several_persons(std::string_view cell) {
  const std::string text = half_width(cell);
  if (const auto parts = split_at(text, between_names); parts.size() > 1) {
    return std::ranges::all_of(parts, is_short_name);
  }
  // With blanks between them only where each has a title or a surname: 张伟 经理 is one.
  static constexpr std::array<std::string_view, 1> blank = {" "};
  static constexpr std::array<std::string_view, 9> titles = {"总", "经理", "先生", "女士", "小姐", "老师", "主任", "店长", "老板"};
  const auto parts = split_at(text, blank);
  const auto is_person = [](const std::string& part) {
    constexpr std::size_t longest_bare_name = 3;
    const bool titled = std::ranges::any_of(titles, [&part](std::string_view title) { return part.size() > title.size() && part.ends_with(title); });
    return is_short_name(part) && (titled || (begins_with_surname(part) && count_code_points(part) <= longest_bare_name));
  };
  return goes_on_behind_bracket(text) || (parts.size() > 1 && std::ranges::all_of(parts, is_person));
}

}  // namespace kehubu
