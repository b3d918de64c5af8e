// What the order of files costs: bundles of one device, each building on the one before, whose moments of writing run
// forwards, backwards and shuffled, all in one session; and given one at a time from the last to the first, so that all wait.
//
//   bench_orders [--files N]…      (2000, 4000 and 10000 when none is named)
//
// Prints one line of JSON a size: seconds on the processor and how many headers were examined.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "core/sync/sync.h"
#include "tests/support/bundle_series.h"

using namespace kehubu;

namespace {

struct Cost {
  double seconds = 0;
  std::int64_t headers = 0;
};

class Office {
 public:
  void give(std::vector<std::pair<std::string, std::string>> files) {
    Progress progress;
    const std::clock_t started = std::clock();
    const auto report = run_to_end(device_.sync().merge(std::move(files), progress));
    cost_.seconds += static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    if (!report) {
      std::fprintf(stderr, "bench_orders: %s\n", report.error().message.en.c_str());
      std::exit(1);
    }
    cost_.headers += report->headers_examined;
  }
  Cost finish(std::int64_t files) {
    if (*device_.store().count({.entity = find_entity("customer")}) != files) {
      std::fprintf(stderr, "bench_orders: not everything was imported\n");
      std::exit(1);
    }
    return cost_;
  }

 private:
  test::TestDevice device_{1};
  Cost cost_;
};

Cost at_once(int files, std::string_view order) {
  std::vector<std::pair<std::string, std::string>> named;
  for (std::string& bundle : test::bundle_series(files, order)) {
    named.emplace_back(std::to_string(named.size()), std::move(bundle));
  }
  Office office;
  office.give(std::move(named));
  return office.finish(files);
}

Cost one_at_a_time(int files) {
  std::vector<std::string> bundles = test::bundle_series(files, "forwards");
  Office office;
  for (std::size_t index = bundles.size(); index-- > 0;) {
    office.give({{std::to_string(index), std::move(bundles[index])}});
  }
  return office.finish(files);
}

}  // namespace

int main(int count, char** words) {
  std::vector<int> sizes;
  for (int index = 1; index + 1 < count; index += 2) {
    if (std::string_view{words[index]} == "--files") {
      sizes.push_back(std::atoi(words[index + 1]));
    }
  }
  for (const int files : sizes.empty() ? std::vector<int>{2000, 4000, 10'000} : sizes) {
    std::printf("{\"files\":%d", files);
    for (const std::string_view order : {"forwards", "backwards", "shuffled"}) {
      const Cost cost = at_once(files, order);
      std::printf(",\"%s_cpu_s\":%.2f,\"%s_headers\":%lld", order.data(), cost.seconds, order.data(), static_cast<long long>(cost.headers));
    }
    const Cost waiting = one_at_a_time(files);
    std::printf(",\"waiting_cpu_s\":%.2f,\"waiting_headers\":%lld}\n", waiting.seconds, static_cast<long long>(waiting.headers));
    std::fflush(stdout);
  }
  return 0;
}
