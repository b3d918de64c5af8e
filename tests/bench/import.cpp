// P16: importing a spreadsheet of 100,000 rows, preview, commit and undo. bench_import [rows]
// Tells a person how it went on standard error, and prints the same as one line of JSON.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/catalog/areas.h"
#include "core/importing/importing.h"
#include "tests/support/test_environment.h"

using namespace kehubu;

namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Names, phones, industries and regions as varied as a real list's.
std::string make_csv(int rows) {
  static constexpr const char* places[] = {"广州", "深圳", "佛山", "上海", "北京", "成都", "武汉", "南宁"};
  static constexpr const char* words[] = {"博海", "恒丰", "东方", "华星", "明辉", "锐达", "金穗", "云山", "天河", "绿洲", "宝丰", "和济"};
  static constexpr const char* trades[] = {"餐饮", "超市", "酒店", "电子", "商贸", "食品", "物流", "百货", "药房"};
  static constexpr const char* industries[] = {"食品", "家用电器", "汽车配件", "批发业", "软件服务", "酒店餐饮", "互联网", "纺织"};
  std::string text = "客户名单,,,,,,,,\n客户编号,单位名称,所属行业,所属区域,联系电话,地址,首次交易日期,总资产（万元）,股东户数\n";
  for (int row = 0; row < rows; ++row) {
    const std::string place = places[row % 8];
    text += "C" + std::to_string(100000 + row) + "," + place + words[row % 12] + trades[row / 12 % 9] + std::to_string(row / 108) + "有限公司," +
            industries[row % 8] + "," + place + ",138" + std::to_string(10000000 + row) + "," + place + "市中山路" + std::to_string(row % 900 + 1) + "号,20" +
            std::to_string(10 + row % 16) + "/" + std::to_string(row % 12 + 1) + "/" + std::to_string(row % 28 + 1) + "," + std::to_string(row % 9000) + ".56," +
            std::to_string(row * 7 % 90000) + "\n";
  }
  return text;
}

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.zh.substr(0, 2000).c_str());
    std::exit(1);
  }
  return std::move(*result);
}

}  // namespace

int main(int argument_count, char** arguments) {
  const int rows = argument_count > 1 ? std::atoi(arguments[1]) : 100'000;
  test::TestEnvironment environment;
  const auto store = must(open_store({.path = ":memory:"}, environment));
  Edit me{.entity = &catalog::employee, .row = new_id(environment)};
  me.fields = {{catalog::employee.find("code"), Value{std::string("R07")}},
               {catalog::employee.find("name"), Value{std::string("王敏")}},
               {catalog::employee.find("login_name"), Value{std::string("wangmin")}}};
  must(store->write({&me, 1}));
  if (!store->set_identity({.letter = "A", .name = "bench", .person = me.row})) {
    return 1;
  }
  const std::string text = make_csv(rows);
  Progress progress;
  const double start = seconds();
  const auto table = std::make_shared<const ImportTable>(must(find_table(must(parse_csv(text)))));
  auto mapping = propose_mapping(*table, catalog::customer);
  const double parsed = seconds();
  ImportPlan plan = must(run_to_end(plan_import(*store, environment, table, catalog::customer, mapping, {}, progress)));
  const std::int64_t good = plan.rows_good;
  const double planned = seconds();
  must(run_to_end(commit_import(*store, std::move(plan), progress)));
  const double committed = seconds();
  const ImportPlan again = must(run_to_end(plan_import(*store, environment, table, catalog::customer, mapping, {}, progress)));
  const double planned_again = seconds();
  const std::string csv = must(run_to_end(export_csv(*store, {.entity = &catalog::customer}, true, progress)));
  const double exported = seconds();
  must(store->undo());
  const double undone = seconds();
  std::fprintf(stderr, "%d rows, %lld good: parse %.2f s, plan %.2f s, commit %.2f s (together %.2f s); plan again %.2f s (%lld existing), export %.2f s (%.1f MB), undo %.2f s\n",
              rows, static_cast<long long>(good), parsed - start, planned - parsed, committed - planned, committed - start, planned_again - committed,
              static_cast<long long>(again.rows_existing), exported - planned_again, static_cast<double>(csv.size()) / 1e6, undone - exported);
  std::printf("{\"import_s\": %.3f, \"again_s\": %.3f, \"export_s\": %.3f, \"undo_s\": %.3f}\n", committed - start, planned_again - committed,
              exported - planned_again, undone - exported);
  return 0;
}
