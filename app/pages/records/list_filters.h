// ListFilters: the chips above a list, and the sheet in which the values of one filter are ticked.
#pragma once

#include <string>
#include <vector>

#include "app/pages/records/record_list.h"

namespace kehubu {

class ListFilters {
 public:
  ListFilters(App& app, RecordList& list);

  // The line of chips. True when the query has changed.
  [[nodiscard]] bool draw_chips();
  // The open sheet, if any. True when the query has changed.
  [[nodiscard]] bool draw_sheet();
  [[nodiscard]] bool any() const { return list_.query.deleted || !list_.query.filters.empty(); }
  void clear() {
    list_.query.filters.clear();
    list_.query.deleted = false;
  }

 private:
  struct Value_ {
    Value value;  // null: the empty ones
    std::string label;
    std::string search;
    bool chosen = false;
  };
  void open(const Field& field);
  void load_values(const Field& field);
  void apply();
  [[nodiscard]] const Filter* filter_of(const Field& field) const;
  [[nodiscard]] std::string chip_label(const Field& field) const;
  [[nodiscard]] bool draw_sort_menu();

  App& app_;
  RecordList& list_;
  const Field* opened_ = nullptr;
  std::vector<Value_> values_;
  std::string search_;
  bool sort_open_ = false;
};

}  // namespace kehubu
