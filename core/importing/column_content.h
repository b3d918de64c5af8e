// What a column holds, and what that says against a field that its heading names. Private to importing/.
#pragma once

#include "core/importing/importing.h"

namespace kehubu {

// What a column holds, as shares of its filled cells in percent.
struct ColumnContent {
  std::size_t filled = 0;
  int phone = 0, mobile = 0, email = 0, date = 0, day = 0, number = 0, digits = 0, distinct = 0, unit = 0;
  bool counts_up = false;  // 1, 2, 3 …
};

[[nodiscard]] ColumnContent look_at(const ImportTable& table, std::size_t column);

// 0, or below: what the content says against the field.
[[nodiscard]] int objection(const ImportTable& table, std::size_t column, const ColumnContent& content, const Field& field, const Entity& entity);

}  // namespace kehubu
