#include "core/store/row_order.h"

#include <algorithm>
#include <cstring>

#include "core/base/text.h"

namespace kehubu {
namespace {

// Added to integers, so that they sort as unsigned ones do.
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

std::uint64_t prefix_of(std::string_view text) {
  std::uint8_t bytes[8] = {};
  std::memcpy(bytes, text.data(), std::min<std::size_t>(text.size(), 8));
  std::uint64_t prefix = 0;
  for (const std::uint8_t byte : bytes) {
    prefix = (prefix << 8) | byte;
  }
  return prefix;
}

}  // namespace

RowKey::RowKey(const Statement& select, bool by_pinyin) : row_(select.integer(0)), key_(select.value(1)) {
  if (by_pinyin && std::holds_alternative<std::string>(key_)) {
    key_ = pinyin_sort_key(std::get<std::string>(key_));
  }
}

bool RowKey::comes_before(const RowKey& other, SortDirection direction) const {
  if (is_null(key_) || is_null(other.key_)) {
    return is_null(key_) == is_null(other.key_) ? row_ < other.row_ : is_null(other.key_);
  }
  const bool ascending = direction == SortDirection::ascending;
  if (key_ != other.key_) {
    return (key_ < other.key_) == ascending;
  }
  return (row_ < other.row_) == ascending;
}

void RowSorter::add(const Statement& select) {
  const std::int64_t row = select.integer(0);
  if (select.is_null(1)) {
    without_key_.push_back(row);
    return;
  }
  KeyedRow keyed;
  keyed.row = row;
  if (select.is_text(1)) {
    const std::string_view given = select.text(1);
    const std::string folded = by_pinyin_ ? pinyin_sort_key(given) : std::string();
    const std::string_view key = by_pinyin_ ? std::string_view(folded) : given;
    keyed.prefix = prefix_of(key);
    keyed.more = key.size() > 8 ? prefix_of(key.substr(8)) : 0;
    keyed.text_begin = static_cast<std::uint32_t>(texts_.size());
    keyed.text_size = static_cast<std::uint32_t>(key.size());
    texts_ += key;
  } else {
    keyed.prefix = static_cast<std::uint64_t>(select.integer(1)) ^ sign_bit;
  }
  rows_.push_back(keyed);
}

std::vector<std::int64_t> RowSorter::sorted(SortDirection direction) {
  const auto before = [this](const KeyedRow& a, const KeyedRow& b) {
    if (a.prefix != b.prefix) {
      return a.prefix < b.prefix;
    }
    if (a.more != b.more) {
      return a.more < b.more;
    }
    const int order = text(a).compare(text(b));
    return order != 0 ? order < 0 : a.row < b.row;
  };
  std::ranges::sort(rows_, before);  // every row of a list: the standard library's (core/base/sort.h)
  if (direction == SortDirection::descending) {
    std::ranges::reverse(rows_);
  }
  std::ranges::sort(without_key_);
  std::vector<std::int64_t> result;
  result.reserve(rows_.size() + without_key_.size());
  for (const KeyedRow& keyed : rows_) {
    result.push_back(keyed.row);
  }
  result.insert(result.end(), without_key_.begin(), without_key_.end());
  return result;
}

}  // namespace kehubu
