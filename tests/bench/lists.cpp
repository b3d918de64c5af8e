// P14 and P15: what a search keystroke, a sort and a filter cost over many customers, through the store as the pages use it.
//
//   bench_lists [--customers 200000] [--write-bundle <file>]
//
// Prints one line of JSON. --write-bundle instead exports the customers as a bundle, which tests/bench gives to the page.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/store/memory_vfs.h"
#include "core/store/page_image.h"
#include "core/store/store.h"
#include "core/sync/sync.h"

namespace {

using namespace kehubu;

constexpr std::uint32_t page_limit = 1024U * 1024 * 1024 / page_bytes;  // more than a tablet may hold, so that 200,000 fit
constexpr std::size_t customers_in_an_action = 1000;
constexpr std::size_t rows_on_screen = 30;

class BenchEnvironment final : public Environment {
 public:
  std::int64_t now_ms() override { return 1'795'000'000'000 + monotonic_us() / 1000; }
  std::int64_t monotonic_us() override {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  void random_bytes(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  }
  std::mt19937 random{20261121};  // NOLINT(cert-msc51-cpp): a benchmark repeats itself
};

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "bench_lists: %s\n", error.message.en.c_str());
  std::exit(1);
}
template <typename T>
T need(Result<T> result) {
  if (!result) stop(result.error());
  return std::move(*result);
}

// A made-up company: some two million different names, cities and phones as a national customer list has them.
Edit make_customer(const Entity& entity, std::uint32_t number, const Id& owner, BenchEnvironment& environment) {
  static constexpr std::array<std::string_view, 12> cities{"北京", "上海", "广州", "深圳", "成都", "重庆", "武汉", "西安", "杭州", "南京", "青岛", "厦门"};
  static constexpr std::array<std::string_view, 32> first{"博", "海", "天", "元", "华", "兴", "瑞", "丰", "金", "鼎", "盛", "和", "永", "泰", "宏", "达",
                                                          "嘉", "诚", "万", "利", "新", "世", "纪", "东", "方", "长", "江", "远", "景", "恒", "通", "顺"};
  static constexpr std::array<std::string_view, 10> trades{"餐饮", "贸易", "食品", "电子", "建材", "医药", "服饰", "物流", "百货", "农业"};
  static constexpr std::array<std::string_view, 4> forms{"有限公司", "商行", "集团", "超市"};
  static constexpr std::array<std::string_view, 8> industries{"food_beverage", "retail", "wholesale", "catering_lodging",
                                                              "manufacturing", "electronics", "automotive", "construction_property"};
  static constexpr std::array<std::string_view, 5> grades{"a", "b", "c", "d", "e"};
  auto& random = environment.random;
  const auto pick = [&random](const auto& words) { return std::string(words[random() % words.size()]); };
  const std::string city = pick(cities);
  const std::string digits = std::to_string(random() % 100'000'000 + 100'000'000).substr(1);
  Edit edit{.entity = &entity, .row = new_id(environment)};
  const auto set = [&](std::string_view field, Value value) {
    if (const Field* found = entity.find(field)) edit.fields.emplace_back(found, std::move(value));
  };
  set("code", "K" + std::to_string(1'000'000 + number));
  set("name", city + pick(first) + pick(first) + pick(first) + pick(trades) + pick(forms));
  set("party_types", std::string("customer"));
  set("nature", std::string("organisation"));
  set("industry", pick(industries));
  set("city", city);
  set("address", "解放路" + std::to_string(random() % 900 + 1) + "号");
  set("phone", "138" + digits);
  set("owner", owner);
  set("filed_on", std::string("2026-0") + std::to_string(random() % 9 + 1) + "-15");
  set("grade", pick(grades));
  set("status", std::string("active"));
  return edit;
}

void fill(Store& store, BenchEnvironment& environment, std::uint32_t customers) {
  const Entity& employee = *find_entity("employee");
  Edit me{.entity = &employee, .row = new_id(environment)};
  me.fields.emplace_back(employee.find("name"), std::string("王敏"));
  const WriteOptions as_import{.kind = ChangeKind::import, .skip_validation = true};
  need(store.write(std::span(&me, 1), as_import));
  const Entity& entity = *find_entity("customer");
  std::vector<Edit> edits;
  for (std::uint32_t number = 0; number < customers; ++number) {
    edits.push_back(make_customer(entity, number, me.row, environment));
    if (edits.size() == customers_in_an_action || number + 1 == customers) {
      need(store.write(edits, as_import));
      edits.clear();
    }
  }
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(static_cast<double>(values.size()) * share))];
}

class Measurement {
 public:
  Measurement(Store& store, BenchEnvironment& environment) : store_(store), environment_(environment) {}

  // What the list page does for one answer: the row numbers, and the records that the screen shows.
  double milliseconds(const ListQuery& query) {
    const std::int64_t before = environment_.monotonic_us();
    const std::vector<std::int64_t> rows = need(store_.list(query));
    for (std::size_t at = 0; at < std::min(rows.size(), rows_on_screen); ++at) need(store_.read_row(*query.entity, rows[at]));
    found_ += rows.size();
    return static_cast<double>(environment_.monotonic_us() - before) / 1000.0;
  }
  [[nodiscard]] std::size_t found() const { return found_; }

 private:
  Store& store_;
  BenchEnvironment& environment_;
  std::size_t found_ = 0;
};

// Every prefix of what a person types is a keystroke.
std::vector<double> search_keystrokes(Measurement& measurement, const Entity& entity) {
  static constexpr std::array<std::string_view, 8> typed{"海", "博海餐饮", "bohai", "bhcy", "上海 贸易", "1385", "0457", "tianyuan"};
  std::vector<double> costs;
  for (const std::string_view text : typed) {
    for (std::size_t size = 1; size <= text.size(); ++size) {
      if (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) continue;  // inside a character
      costs.push_back(measurement.milliseconds({.entity = &entity, .search = std::string(text.substr(0, size))}));
    }
  }
  return costs;
}

// The store keeps a list until something is written, so only the first time of a query is work: each is asked once, and the slowest counts.
double worst_sort(Measurement& measurement, const Entity& entity) {
  double worst = 0;
  for (const std::string_view field : {"name", "code", "city", "grade", "filed_on"}) {
    for (const SortDirection direction : {SortDirection::ascending, SortDirection::descending}) {
      worst = std::max(worst, measurement.milliseconds({.entity = &entity, .sort_by = entity.find(field), .direction = direction}));
    }
  }
  return worst;
}

double worst_filter(Measurement& measurement, const Entity& entity) {
  using enum Filter::Operator;
  const std::array<std::vector<Filter>, 3> filters{{
      {{.field = entity.find("grade"), .op = equals, .operands = {std::string("a")}}},
      {{.field = entity.find("city"), .op = contains, .operands = {std::string("州")}}},
      {{.field = entity.find("industry"), .op = any_of, .operands = {std::string("retail"), std::string("wholesale")}},
       {.field = entity.find("filed_on"), .op = at_least, .operands = {std::string("2026-06-01")}}},
  }};
  double worst = 0;
  for (const auto& filter : filters) worst = std::max(worst, measurement.milliseconds({.entity = &entity, .filters = filter}));
  return worst;
}

}  // namespace

int main(int count, char** words) {
  std::uint32_t customers = 200'000;
  std::string bundle_path;
  for (int at = 1; at + 1 < count; at += 2) {
    const std::string_view word = words[at];
    if (word == "--customers") customers = static_cast<std::uint32_t>(std::atoi(words[at + 1]));
    if (word == "--write-bundle") bundle_path = words[at + 1];
  }

  BenchEnvironment environment;
  PageImage image(page_limit);
  register_memory_vfs();
  attach_image("bench", image);
  auto store = need(open_store({.path = "bench", .vfs = memory_vfs_name}, environment));
  fill(*store, environment, customers);

  if (!bundle_path.empty()) {
    auto sync = make_sync(*store, environment);
    Progress progress;
    const ExportedBundle bundle = need(run_to_end(sync->export_bundle({}, progress)));
    std::ofstream(bundle_path, std::ios::binary) << bundle.json;
    std::printf("{\"changes\": %lld, \"bytes\": %zu, \"database_mib\": %.1f}\n", static_cast<long long>(bundle.changes), bundle.json.size(),
                static_cast<double>(image.page_count()) * page_bytes / (1 << 20));
    return 0;
  }

  const Entity& entity = *find_entity("customer");
  Measurement measurement(*store, environment);
  const double first = measurement.milliseconds({.entity = &entity, .search = "远"});  // builds what searching needs
  const std::vector<double> keystrokes = search_keystrokes(measurement, entity);
  const double sort = worst_sort(measurement, entity);
  const double filter = worst_filter(measurement, entity);
  std::printf("{\"search_first_ms\": %.3f, \"search_ms\": %.3f, \"search_p95_ms\": %.3f, \"sort_ms\": %.3f, \"filter_ms\": %.3f, \"found\": %zu}\n", first,
              quantile(keystrokes, 0.5), quantile(keystrokes, 0.95), sort, filter, measurement.found());
  return 0;
}
