// P3: the app's own time for a frame while a table scrolls, at 1,000 rows and at 1,000,000: layout, letters, draw lists and the semantic tree.
// Without a browser and without a graphics card; letters are boxes, so rasterising them is not in it.
//
//   bench_scroll [--frames 400]
//
// Prints one line of JSON.
#define DOCTEST_CONFIG_IMPLEMENT  // the fixture checks itself with doctest
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/ui_fixture.h"

namespace {

using namespace kehubu;

constexpr float wheel_pixels = 700;  // most of a screen: nearly every row of a frame is new
constexpr int warming_frames = 30;

struct Cost {
  double median_ms = 0, p95_ms = 0;
};

TableCell cell_of(std::int64_t row, int column) {
  static constexpr std::array<std::string_view, 6> texts{"上海博海餐饮有限公司", "上海", "13800138000", "食品饮料", "王敏", "3 天前"};
  TableCell cell{.text = std::string(texts[static_cast<std::size_t>(column)])};
  cell.text += std::to_string(row);
  cell.badge = column == 3;
  return cell;
}

Cost measure(std::int64_t rows, int frames) {
  static constexpr TableColumn columns[] = {{.key = "name", .title = "客户名称", .weight = 2.4F, .min_width = 200, .sortable = true},
                                            {.key = "city", .title = "所属城市"},
                                            {.key = "phone", .title = "电话"},
                                            {.key = "industry", .title = "所属行业"},
                                            {.key = "owner", .title = "业务员"},
                                            {.key = "last", .title = "最后联系时间"}};
  test::UiFixture fixture;
  fixture.platform.viewport_now.width = 1180;
  fixture.platform.viewport_now.height = 820;
  const auto page = [&] {
    fixture.ui.area("page", fixture.ui.screen(), {.scrolls = false},
                    [&] { (void)fixture.ui.table("table", {.row_count = rows, .name = "客户", .frozen_columns = 1}, columns,
                                                  [](std::int64_t row, int column) { return cell_of(row, column); }); });
  };
  fixture.rest(page);
  std::vector<double> costs;
  for (int frame = 0; frame < frames + warming_frames; ++frame) {
    // Down and up again, so that a thousand rows are enough.
    fixture.wheel({600, 400}, frame % 40 < 20 ? wheel_pixels : -wheel_pixels);
    const auto before = std::chrono::steady_clock::now();
    fixture.frame(page);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
    if (frame >= warming_frames) costs.push_back(taken.count());
  }
  std::sort(costs.begin(), costs.end());
  return {costs[costs.size() / 2], costs[costs.size() * 95 / 100]};
}

}  // namespace

int main(int count, char** words) {
  doctest::Context fixture_checks;
  fixture_checks.setAsDefaultForAssertsOutOfTestCases();
  fixture_checks.setAssertHandler([](const doctest::AssertData& check) {
    if (check.m_failed) {
      std::fprintf(stderr, "bench_scroll: %s is not so (%s:%d)\n", check.m_expr, check.m_file, check.m_line);
      std::exit(1);
    }
  });
  int frames = 400;
  if (count == 3 && std::string_view(words[1]) == "--frames") frames = std::atoi(words[2]);
  const Cost small = measure(1'000, frames);
  const Cost large = measure(1'000'000, frames);
  std::printf("{\"frame_ms\": %.4f, \"frame_p95_ms\": %.4f, \"small_frame_ms\": %.4f, \"small_frame_p95_ms\": %.4f}\n", large.median_ms, large.p95_ms,
              small.median_ms, small.p95_ms);
  return 0;
}
