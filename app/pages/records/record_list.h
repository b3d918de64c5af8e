// RecordList: the records that a query finds, ready to be drawn a screenful at a time. 8 bytes a record, however many;
// what is drawn is read when it comes into view and kept until the store changes.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "app/pages/records/entity_view.h"
#include "app/shell/app.h"

namespace kehubu {

class RecordList {
 public:
  RecordList(App& app, const Entity& entity);

  ListQuery query;  // change it freely, then call refresh()
  // Runs the query again when the store or the query has changed since.
  void refresh(bool query_changed = false);

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(rows_.size()); }
  [[nodiscard]] std::int64_t total() const { return total_; }  // without search and filters

  // A record, of which only the fields that are shown were read, with its texts, by position. Null when it cannot be read (it vanished meanwhile).
  struct Row {
    Record record;
    std::vector<TableCell> cells;  // parallel to the view's columns
    std::string title, subtitle, trailing, badge, number;  // number: to call
    Tone badge_tone = Tone::neutral;
    bool badge_outlined = false;
    ColorToken trailing_color = ColorToken::text;
  };
  [[nodiscard]] const Row* row(std::int64_t index);
  // Of the table on wide screens, parallel to the view's.
  [[nodiscard]] const std::vector<TableColumn>& columns() const { return columns_; }

 private:
  void describe_columns();
  void put_ended_last();
  void fill(Row& row);
  [[nodiscard]] TableCell cell_of(const Field& field, const Value& value);

  App& app_;
  const Entity& entity_;
  const EntityView& view_;
  std::vector<const Field*> shown_;
  std::vector<std::int64_t> rows_;
  std::int64_t total_ = 0;
  std::int64_t revision_ = -1;
  bool chinese_ = true;
  std::vector<TableColumn> columns_;
  std::vector<std::string> widest_;  // what columns_ show by example
  std::unordered_map<std::int64_t, Row> cache_;
};

struct RecordListResult {
  Id pressed, menu;      // empty: none was
  std::string call;      // the number whose button was pressed
  bool sorted = false;   // by the head of a table
};
// Draws rows of two lines for narrow screens, a table for wide ones.
[[nodiscard]] RecordListResult draw_record_list(App& app, RecordList& list, std::string_view key, std::string_view name);

}  // namespace kehubu
