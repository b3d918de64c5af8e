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
}

void ChoiceMatcher::add_name(std::string_view id, std::string folded) {
  if (!folded.empty() && id_by_name_.emplace(folded, id).second) {
    names_.emplace_back(std::move(folded), id);
  }
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

std::optional<std::string> ChoiceMatcher::find_alike(std::string_view text) const {
  constexpr std::size_t shortest = 2;  // code points: one hanzi says too little
  const std::string folded = fold(text);
  const std::pair<std::string, std::string>* contained = nullptr;
  const std::pair<std::string, std::string>* containing = nullptr;
  bool several = false;
  for (const auto& name : names_) {
    // Latin letters match by words only: "Retail" is not in "Detailer". 其他建材 is no kind of 其他.
    if (static_cast<unsigned char>(name.first.front()) < 0x80 || name.second == "other") {
      continue;
    }
    const bool longer = contained == nullptr || name.first.size() > contained->first.size();
    if (longer && folded.contains(name.first) && count_code_points(name.first) >= shortest) {
      contained = &name;
    }
    if (name.first.contains(folded)) {
      several = several || (containing != nullptr && containing->second != name.second);
      containing = &name;
    }
  }
  if (contained != nullptr) {
    return contained->second;
  }
  const bool usable = containing != nullptr && !several && count_code_points(folded) >= shortest;
  return usable ? std::optional(containing->second) : std::nullopt;
}

}  // namespace kehubu
