// What an action opens is said with it: what is brought back may need what is gone by now, or be one too many.
#pragma once

#include <string>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

// Made before the action, asked after it.
class QuestionsOpened {
 public:
  explicit QuestionsOpened(Store& store);

  // Of the questions that are open and were not: the first two in their own words, and how many there are. Empty where there are none.
  [[nodiscard]] Result<Sentence> words() const;

 private:
  Store& store_;
  Result<std::vector<std::string>> open_before_;
};

}  // namespace kehubu
