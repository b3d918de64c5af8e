// Lists handed over as files.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/app_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

std::string text_of(const MemoryPlatform::SavedFile& file) { return {file.bytes.begin(), file.bytes.end()}; }

}  // namespace

TEST_CASE("exporting a list hands over a file with a line for each of its records, in either language") {
  AppTablet tablet;
  tablet.press_button("带示例数据");
  for (const bool chinese : {true, false}) {
    tablet.platform.preferences_now.chinese = chinese;
    tablet.platform.request_frame();
    tablet.rest();
    tablet.press(Role::link, chinese ? "客户" : "Customers");
    const auto rows = std::ranges::find(tablet.mirror.tree.nodes, Role::grid, &SemanticNode::role);
    REQUIRE_MESSAGE(rows != tablet.mirror.tree.nodes.end(), tablet.outline());
    const auto count = rows->set_size;  // the row of headings among them
    tablet.press_button(chinese ? "导出" : "Export");
    const auto files = tablet.take_files();
    REQUIRE_MESSAGE(files.size() == 1, tablet.outline());
    const std::string csv = text_of(files.front());
    CHECK(files.front().name.ends_with(".csv"));
    const std::string head = csv.substr(0, csv.find("\r\n"));
    for (const SemanticNode& node : tablet.mirror.tree.nodes) {
      if (node.role == Role::column_header) {
        CHECK_MESSAGE(head.find(node.name) != std::string::npos, (node.name + " is shown, but not in the file: " + head));
      }
    }
    CHECK_MESSAGE(std::ranges::count(csv, '\n') >= count, count);
    CHECK(csv.find("博海餐饮") != std::string::npos);
  }
}

TEST_CASE("a file of contract lines names each contract by its number, as the heading says") {
  AppTablet tablet;
  tablet.press_button("带示例数据");
  tablet.go("list/contract_line");
  tablet.press_button("导出");
  const auto files = tablet.take_files();
  REQUIRE_MESSAGE(files.size() == 1, tablet.outline());
  const std::string csv = text_of(files.front());
  const std::size_t second = csv.find("\r\n") + 2;
  CHECK_MESSAGE(csv.find("合同编号") < second, csv.substr(0, second));
  CHECK_MESSAGE(csv.find("HT-", second) != std::string::npos, csv.substr(second, 200));
  CHECK_MESSAGE(csv.find("框架合同") == std::string::npos, csv);
}
