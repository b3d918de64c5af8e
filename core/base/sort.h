// sort: as std::ranges::sort, with little code for each further place that sorts, and stable.
//
// The standard library's sort is written out anew for each type and each comparison, 10 to 25 kB of the page each time. This one is written
// once over places, and asks its caller which of two places comes first. What compares alike keeps its order, so that the outcome is the
// same with every library. n log2 n questions through a pointer and 8 n bytes while it works; up to 32 elements, as most lists of heads
// are, are put in order where they stand. Where hundreds of thousands are sorted at once the standard library's is used, and says why.
#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <utility>
#include <vector>

namespace kehubu {

namespace sorting {

using Precedes = bool (*)(const void* context, std::uint32_t a, std::uint32_t b);

// Which place's element comes first, second, …
[[nodiscard]] std::vector<std::uint32_t> order_of(std::uint32_t count, const void* context, Precedes precedes);

inline constexpr std::uint32_t few = 32;

}  // namespace sorting

template <std::ranges::random_access_range Range, typename Less = std::ranges::less, typename Projection = std::identity>
void sort(Range&& range, Less less = {}, Projection projection = {}) {
  const auto first = std::ranges::begin(range);
  using Step = std::iter_difference_t<decltype(first)>;
  const auto count = static_cast<std::uint32_t>(std::ranges::distance(range));
  const auto precedes = [&](const auto& a, const auto& b) { return bool(std::invoke(less, std::invoke(projection, a), std::invoke(projection, b))); };
  if (count <= sorting::few) {
    for (Step next = 1; next < static_cast<Step>(count); ++next) {
      if (precedes(first[next], first[next - 1])) {
        auto held = std::move(first[next]);
        Step hole = next;
        do {
          first[hole] = std::move(first[hole - 1]);
          --hole;
        } while (hole > 0 && precedes(held, first[hole - 1]));
        first[hole] = std::move(held);
      }
    }
    return;
  }
  const auto by_place = [&](std::uint32_t a, std::uint32_t b) { return precedes(first[static_cast<Step>(a)], first[static_cast<Step>(b)]); };
  auto order = sorting::order_of(count, &by_place, [](const void* context, std::uint32_t a, std::uint32_t b) {
    return (*static_cast<const decltype(by_place)*>(context))(a, b);
  });
  for (std::uint32_t start = 0; start < count; ++start) {  // one circle of places after another
    if (order[start] == start) {
      continue;
    }
    auto held = std::move(first[static_cast<Step>(start)]);
    std::uint32_t hole = start;
    while (order[hole] != start) {
      const std::uint32_t source = order[hole];
      first[static_cast<Step>(hole)] = std::move(first[static_cast<Step>(source)]);
      order[hole] = hole;
      hole = source;
    }
    first[static_cast<Step>(hole)] = std::move(held);
    order[hole] = hole;
  }
}

}  // namespace kehubu
