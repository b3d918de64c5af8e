// ListFilters: the toolbar above a list: chips that narrow it, each opening its values with counts, in force as they are
// ticked; sorting; the bin. What does not fit into the width waits behind one chip. What was chosen is remembered for each
// list, over a restart too.
#pragma once

#include <string>
#include <vector>

#include "app/pages/records/record_list.h"

namespace kehubu {

class ListFilters {
 public:
  ListFilters(App& app, RecordList& list);

  // Side by side in the row that is being drawn. True when the query has changed.
  [[nodiscard]] bool draw();
  [[nodiscard]] bool any() const { return list_.query.deleted || !list_.query.filters.empty(); }
  void clear();
  // Sorting and filters as they were left, and as they are now.
  void restore();
  void remember();

 private:
  struct Value_ {
    Value value;  // null: the empty ones
    std::string label;
    std::string search;
    std::int64_t count = 0;
    bool chosen = false;
  };
  [[nodiscard]] bool is_offered(const Field& field) const;
  [[nodiscard]] bool press(const Field& field);
  void open(const Field& field);
  void load_values(const Field& field);
  void count_values(const Field& field);
  void apply();
  [[nodiscard]] const Filter* filter_of(const Field& field) const;
  [[nodiscard]] std::string chip_label(const Field& field) const;
  [[nodiscard]] std::string bound_of(const Field& field, Filter::Operator op) const;
  [[nodiscard]] float chip_width(std::string_view label, bool has_icon) const;
  [[nodiscard]] std::vector<const Field*> fields_in_order() const;
  [[nodiscard]] bool offers_mine() const;
  [[nodiscard]] bool is_mine() const;
  void turn_mine();
  [[nodiscard]] bool draw_mine();
  [[nodiscard]] bool draw_values();
  [[nodiscard]] bool draw_rest(const std::vector<const Field*>& hidden);
  [[nodiscard]] bool draw_more();
  [[nodiscard]] std::string setting_key() const;

  App& app_;
  RecordList& list_;
  const Field* opened_ = nullptr;
  std::vector<Value_> values_;
  std::string search_;
  bool more_open_ = false, rest_open_ = false;
};

}  // namespace kehubu
