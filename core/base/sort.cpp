#include "core/base/sort.h"

#include <algorithm>
#include <numeric>

namespace kehubu::sorting {

// Merges runs of one, two, four, … places; a run that already follows the one before it is copied without being compared place by place.
std::vector<std::uint32_t> order_of(std::uint32_t count, const void* context, Precedes precedes) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::vector<std::uint32_t> merged(count);
  for (std::uint64_t length = 1; length < count; length *= 2) {
    for (std::uint64_t begin = 0; begin < count; begin += 2 * length) {
      const auto middle = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin + length, count));
      const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin + 2 * length, count));
      auto left = static_cast<std::uint32_t>(begin);
      auto right = middle;
      auto next = left;
      const bool in_order = right == end || !precedes(context, order[right], order[middle - 1]);
      while (!in_order && left < middle && right < end) {
        merged[next++] = precedes(context, order[right], order[left]) ? order[right++] : order[left++];
      }
      while (left < middle) {
        merged[next++] = order[left++];
      }
      while (right < end) {
        merged[next++] = order[right++];
      }
    }
    order.swap(merged);
  }
  return order;
}

}  // namespace kehubu::sorting
