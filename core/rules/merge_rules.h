// What is refused to one person on one device can come about when the work of two meets: each wrote what was allowed, and
// together it is not. These declarations say what a merge looks for; docs/merge.md says what becomes of each of them.
//
// Static data. Every condition depends on the log alone and on no clock, so that every device comes to the same answer.
#pragma once

#include <span>
#include <string_view>

namespace kehubu {

// A reference to a record of the same entity that must not lead back to where it began.
struct Hierarchy {
  std::string_view entity, field;
};
[[nodiscard]] std::span<const Hierarchy> hierarchies();

// Fields of one record that must fit together.
struct MergeRule {
  std::string_view entity, id;
  std::string_view fields;      // separated by |
  std::string_view broken_sql;  // an expression over the fields of the record r: true where they do not fit
  std::string_view zh, en;      // what is wrong, a clause
};
[[nodiscard]] std::span<const MergeRule> merge_rules();
[[nodiscard]] const MergeRule* find_merge_rule(std::string_view entity, std::string_view id);

}  // namespace kehubu
