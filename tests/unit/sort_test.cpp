#include "core/base/sort.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

using namespace kehubu;

TEST_CASE("sort puts in order what stands, and keeps the order of what compares alike") {
  std::mt19937 dice{20261126};
  for (std::size_t count = 0; count < 300; ++count) {
    const std::size_t values = 1 + dice() % (count + 1);  // few values: many alike
    std::vector<std::pair<std::size_t, std::size_t>> list;
    for (std::size_t place = 0; place < count; ++place) {
      list.emplace_back(dice() % values, place);
    }
    auto by_value = list;
    kehubu::sort(by_value, {}, &std::pair<std::size_t, std::size_t>::first);
    // The place was written in rising order, so the pairs themselves say what a stable sort makes.
    CHECK(std::ranges::is_sorted(by_value));
    auto expected = list;
    std::ranges::sort(expected);
    CHECK(by_value == expected);
    kehubu::sort(by_value, std::greater{});
    std::ranges::sort(expected, std::greater{});
    CHECK(by_value == expected);
  }
}

TEST_CASE("sort moves its elements, and takes a part of a list") {
  for (const int count : {5, 50}) {
    std::vector<std::unique_ptr<std::string>> list;
    for (int number = count; number > 0; --number) {
      list.push_back(std::make_unique<std::string>(std::string(static_cast<std::size_t>(number), 'x')));
    }
    kehubu::sort(std::ranges::subrange(list.begin() + 1, list.end()), {}, [](const auto& text) { return text->size(); });
    REQUIRE(std::ranges::all_of(list, [](const auto& text) { return text != nullptr; }));
    CHECK(list.front()->size() == static_cast<std::size_t>(count));
    CHECK(std::ranges::is_sorted(list.begin() + 1, list.end(), {}, [](const auto& text) { return text->size(); }));
  }
}
