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
  void add_other_words(const ChoiceList& list);  // 先生 for 男

  // By identifier or label; "国有（国营）" is called 国有 and 国营 as well, "A级" also A.
  [[nodiscard]] std::optional<std::string> find(std::string_view text) const;
  // Splits a cell with several choices, but none whose name holds a separator itself: 冷冻/冷藏、休闲食品.
  [[nodiscard]] std::vector<std::string_view> split(std::string_view cell) const;
  // A label that is the same but for a word that says nothing: 餐饮业 → 餐饮, 制造行业 → 制造. A part of a label is a guess and
  // no more: 汽车配件 is not 汽车.
  [[nodiscard]] std::optional<std::string> find_alike(std::string_view text) const;

 private:
  void add_name(std::string_view id, std::string folded);

  std::unordered_map<std::string, std::string> id_by_name_;  // folded names
  std::unordered_map<std::string, std::string> id_by_core_;  // the same without words that say nothing; "" where several agree
};

}  // namespace kehubu
