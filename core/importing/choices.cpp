#include "core/importing/choices.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace kehubu {

std::vector<std::string_view> split_choices(std::string_view cell) {
  static constexpr std::array<std::string_view, 8> separators = {"、", "，", ",", "；", ";", "|", "/", "\n"};
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t position = 0; position <= cell.size();) {
    const std::string_view rest = cell.substr(position);
    const auto* separator = std::ranges::find_if(separators, [rest](std::string_view mark) { return rest.starts_with(mark); });
    if (separator == separators.end() && !rest.empty()) {
      ++position;
      continue;
    }
    if (const std::string_view part = trim(cell.substr(begin, position - begin)); !part.empty()) {
      parts.push_back(part);
    }
    position += rest.empty() ? 1 : separator->size();
    begin = position;
  }
  return parts;
}

ChoiceMatcher::ChoiceMatcher(const ChoiceList& list) {
  for (const Choice& choice : list.choices) {
    add(choice.id, choice.zh, choice.en);
  }
  add_other_words(list);
}

// What people write into a column of such a list, though nobody offers it to them.
void ChoiceMatcher::add_other_words(const ChoiceList& list) {
  struct Words {
    std::string_view list, id, words;
  };
  static constexpr std::array<Words, 2> other_words = {
      {{"gender", "male", "先生|男士|男性|m|mr|mr."}, {"gender", "female", "女士|小姐|女性|f|ms|mrs|ms.|mrs."}}};
  for (const auto& [of, id, words] : other_words) {
    for (std::string_view rest = of == list.id ? words : std::string_view(); !rest.empty();) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      add_name(id, std::string(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

namespace {

std::string core_of(std::string folded) {
  static constexpr std::array<std::string_view, 10> endings = {"行业", "产业", "企业", "业", "类", "型", "客户", "单位", "industry", "sector"};
  for (const std::string_view ending : endings) {
    if (folded.ends_with(ending) && count_code_points(folded) >= count_code_points(ending) + 2) {
      folded.resize(folded.size() - ending.size());
      break;
    }
  }
  return folded;
}

}  // namespace

void ChoiceMatcher::add_name(std::string_view id, std::string folded) {
  if (folded.empty()) {
    return;
  }
  const auto [core, is_first] = id_by_core_.emplace(core_of(folded), id);
  if (!is_first && core->second != id) {
    core->second.clear();
  }
  id_by_name_.emplace(std::move(folded), id);
}

void ChoiceMatcher::add(std::string_view id, std::string_view zh, std::string_view en) {
  std::string label = fold(zh);
  const std::size_t open = label.find('(');
  if (open != std::string::npos && label.ends_with(')')) {
    add_name(id, label.substr(0, open));
    add_name(id, label.substr(open + 1, label.size() - open - 2));
  }
  if (label.ends_with("级")) {
    add_name(id, label.substr(0, label.size() - std::string_view("级").size()));
  }
  add_name(id, std::move(label));
  add_name(id, fold(en));
  add_name(id, std::string(id));
}

std::optional<std::string> ChoiceMatcher::find(std::string_view text) const {
  const auto found = id_by_name_.find(fold(text));
  return found == id_by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string_view> ChoiceMatcher::split(std::string_view cell) const {
  constexpr std::size_t most_in_name = 6;
  const std::vector<std::string_view> parts = split_choices(cell);
  std::vector<std::string_view> choices;
  for (std::size_t first = 0, end = 0; first < parts.size(); first = end) {
    const auto together = [&] { return std::string_view(parts[first].data(), parts[end - 1].data() + parts[end - 1].size()); };
    end = std::min(parts.size(), first + most_in_name);
    while (end > first + 1 && !find(together())) {
      --end;
    }
    choices.push_back(together());
  }
  return choices;
}

std::optional<std::string> ChoiceMatcher::find_alike(std::string_view text) const {
  const auto found = id_by_core_.find(core_of(fold(text)));
  return found == id_by_core_.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
}

}  // namespace kehubu
