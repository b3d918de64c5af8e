// Putting the rows of a list in order. A statement gives for each row its number and its key: null, integer or text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/store/sql.h"
#include "core/store/store.h"

namespace kehubu {

// The key of one row, to find its place among others. Rows without a key come last in both directions; equal keys are
// told apart by the row number.
class RowKey {
 public:
  RowKey() = default;
  RowKey(const Statement& select, bool by_pinyin);
  [[nodiscard]] bool comes_before(const RowKey& other, SortDirection direction) const;

 private:
  std::int64_t row_ = 0;
  Value key_;
};

// All rows at once: sixteen bytes of each key decide nearly always, where names begin with the same city, too.
class RowSorter {
 public:
  explicit RowSorter(bool by_pinyin) : by_pinyin_(by_pinyin) {}
  void add(const Statement& select);
  [[nodiscard]] std::vector<std::int64_t> sorted(SortDirection direction);

 private:
  struct KeyedRow {
    std::uint64_t prefix = 0, more = 0;
    std::uint32_t text_begin = 0, text_size = 0;
    std::int64_t row = 0;
  };
  [[nodiscard]] std::string_view text(const KeyedRow& keyed) const {
    return std::string_view(texts_).substr(keyed.text_begin, keyed.text_size);
  }
  bool by_pinyin_;
  std::vector<KeyedRow> rows_;
  std::vector<std::int64_t> without_key_;
  std::string texts_;
};

}  // namespace kehubu
