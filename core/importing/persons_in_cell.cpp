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

bool names_several_persons(std::string_view cell) {
  constexpr std::size_t longest_name = 6;  // code points; "王女士" and "欧阳经理", no sentences
  const auto is_name = [](const std::string& part) {
    const std::size_t length = count_code_points(part);
    return length >= 2 && length <= longest_name && static_cast<unsigned char>(part.front()) >= 0x80 && part.find_first_of("0123456789") == std::string::npos;
  };
  const std::string text = half_width(cell);
  if (const auto parts = split_at(text, between_persons); parts.size() > 1) {
    return std::ranges::all_of(parts, is_name);
  }
  // With blanks between them only where each has a title: 张伟 经理 is one.
  static constexpr std::array<std::string_view, 1> blank = {" "};
  static constexpr std::array<std::string_view, 9> titles = {"总", "经理", "先生", "女士", "小姐", "老师", "主任", "店长", "老板"};
  const auto parts = split_at(text, blank);
  return parts.size() > 1 && std::ranges::all_of(parts, [&is_name](const std::string& part) {
    return is_name(part) && std::ranges::any_of(titles, [&part](std::string_view title) { return part.size() > title.size() && part.ends_with(title); });
  });
}

}  // namespace kehubu
