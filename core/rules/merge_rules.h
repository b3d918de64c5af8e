// What is refused to one person on one device can come about when the work of two meets: each wrote what was allowed, and
// together it is not. These declarations say what a merge looks for; docs/merge.md says what becomes of each of them.
//
// Static data. Every condition depends on the log alone and on no clock, so that every device comes to the same answer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/value.h"

namespace kehubu {

struct Field;

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

// Fields that follow from one choice: two choices that meet are one question, and each of its sides is whole. `lead`: the choice, about
// which a person decides; `follow`: separated by |.
struct Together {
  std::string_view entity, lead, follow;
};
[[nodiscard]] std::span<const Together> togethers();
[[nodiscard]] const Together* find_together(std::string_view entity, std::string_view lead);
// The choice that a field follows; empty where it follows none.
[[nodiscard]] std::string_view lead_of(std::string_view entity, std::string_view field);

// Records of which there may be only one: living records of one entity that say the same in the fields `alike`, and where
// `mark` is not empty only those of them whose field of that name holds `marked`. The first of `alike` names a value that
// few records share; where it is empty, a record is like no other.
struct OnlyOne {
  enum class Remedy : std::uint8_t {
    by_hand,  // a person corrects or deletes one of them
    unmark,   // the one that is chosen keeps the mark, the others get `unmarked`
    remove,   // the others are deleted
  };
  std::string_view entity, id;
  std::string_view alike;  // separated by |
  std::string_view mark, marked, unmarked;
  bool at_least_one;  // and of several records that are alike one must have the mark
  std::string_view apart;  // where it is not empty: only those that differ in this field, for those that do not are another rule's
  Remedy remedy;
  std::string_view zh, en;            // what is wrong, a clause
  std::string_view none_zh, none_en;  // likewise, where none has the mark
};
[[nodiscard]] std::span<const OnlyOne> only_ones();
// Of the mark of an OnlyOne, where it is a yes or no: whoever gave it has chosen, and no later clock takes that back. Of several
// versions one that gives it stands; so all that were chosen have the mark, and a person decides which keeps it.
[[nodiscard]] bool stands_where_given(const Field& field);
// Whether a version of it gives such a mark: "no" and nothing are one here, and of those the later one stands.
[[nodiscard]] bool gives_mark(const Value& value);

}  // namespace kehubu
