// Follow-ups: which customers of the present person are to be contacted, and when (R-LEV-04, R-LEV-05).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/shell/app.h"

namespace kehubu {

struct FollowUp {
  Id customer;
  std::string name, industry;
  std::string level;           // "o", "a", "b", "c", or "" for none
  std::int64_t days_left = 0;  // negative: overdue
};

struct FollowUps {
  std::vector<FollowUp> due;   // overdue or due today, O first, then A, B, C, then by days overdue
  std::vector<FollowUp> soon;  // in the next seven days, the nearest first
  std::size_t due_count = 0, soon_count = 0;  // shown or not
};

// The detail of the route of the customers' list that shows all who are due, and what it lists.
constexpr std::string_view follow_ups_due_detail = "due";
[[nodiscard]] ListQuery follow_ups_due(App& app);

// At most `most` of each. Before anyone is named, the customers of all.
[[nodiscard]] FollowUps read_follow_ups(App& app, std::size_t most);

// Null when the customer has no date. Negative: overdue.
[[nodiscard]] std::optional<std::int64_t> days_until_follow_up(App& app, const Record& customer);
// "逾期 2 天", "今天到期", "明天到期", "3 天后到期"
[[nodiscard]] std::string follow_up_words(App& app, std::int64_t days_left);

}  // namespace kehubu
