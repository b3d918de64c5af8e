// EntityView: how records of an entity like to be shown in lists: which columns, which filters, what stands where in a row
// of two lines. Data, not code; entities without a view of their own get one from the catalog's in_list marks.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/widgets/options.h"
#include "app/shell/app.h"

namespace kehubu {

struct EntityView {
  std::vector<const Field*> columns;    // of the table on wide screens, the title first
  std::vector<const Field*> filters;    // offered as chips
  std::vector<const Field*> subtitle;   // second line on narrow screens
  const Field* badge = nullptr;         // a choice, as a badge
  const Field* trailing = nullptr;      // at the end of the first line
  const Field* sort_by = nullptr;
  SortDirection direction = SortDirection::ascending;
  const Field* ended = nullptr;         // with one of these values a record is over and stands last, as long as the order is the view's own
  std::vector<std::string_view> ended_values;
  const Field* mine = nullptr;          // reference to the employee whose record it is
  bool can_import = false;
};

[[nodiscard]] const EntityView& view_of(const Entity& entity);

// The second line of a record's row: what it shows of the view's subtitle, but not of the field `without`.
[[nodiscard]] std::string subtitle_of(App& app, const Record& record, std::string_view without = {});

// What one can search records of it by: "名称、拼音、编号、电话", "name, pinyin, number".
[[nodiscard]] std::string search_words(App& app, const Entity& entity);

// A choice as a badge: won is green, lost is red. A customer's grade and a prospect's level are both letters: one says 客户 and is filled, the other says
// 有望 and is a frame.
struct BadgeLook {
  std::string text;
  Tone tone = Tone::neutral;
  bool outlined = false;
};
[[nodiscard]] BadgeLook badge_of(App& app, const Field& field, const Value& value);

// Icon of an entity, from the catalog's name for it.
[[nodiscard]] Icon icon_of(const Entity& entity);
[[nodiscard]] Icon icon_of_interaction_kind(std::string_view kind);

}  // namespace kehubu
