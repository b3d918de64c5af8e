// Choices: what a cell means in a list of choices. Private to importing/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/catalog/catalog.h"

namespace kehubu {

// Splits a cell with several choices: 已报价、已打样.
[[nodiscard]] std::vector<std::string_view> split_choices(std::string_view cell);

class ChoiceMatcher {
 public:
  ChoiceMatcher() = default;
  explicit ChoiceMatcher(const ChoiceList& list);
  void add(std::string_view id, std::string_view zh, std::string_view en);

  // By identifier or label; "国有（国营）" is called 国有 and 国营 as well, "A级" also A.
  [[nodiscard]] std::optional<std::string> find(std::string_view text) const;
  // By a label that the text contains (汽车配件 → 汽车), the longest one, or the only label that contains the text
  // (食品 → 食品饮料). A proposal for a person to look at.
  [[nodiscard]] std::optional<std::string> find_alike(std::string_view text) const;

 private:
  void add_name(std::string_view id, std::string folded);

  std::unordered_map<std::string, std::string> id_by_name_;             // folded names
  std::vector<std::pair<std::string, std::string>> names_;              // folded name, id; in the order of the list
};

}  // namespace kehubu
