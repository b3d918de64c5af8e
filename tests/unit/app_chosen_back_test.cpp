// Whoever chooses back what stood finds what stood with it.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/support/sample_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct ChoosingTablet : SampleTablet {
  void edit_contract(std::string_view name) {
    press(Role::link, "合同");
    press(Role::row, name);
    press_button("编辑");
  }
  [[nodiscard]] std::string chosen(std::string_view label) const {
    const SemanticNode* node = find_like(Role::combo_box, label);
    return node ? node->value : "(no such field)";
  }
};

}  // namespace

TEST_CASE("a product chosen by mistake and chosen back keeps the agreed price, and so nothing is changed") {
  ChoosingTablet tablet;
  tablet.edit_contract("博海餐饮年度供货合同");
  const std::string product = tablet.chosen("第 1 行 产品"), agreed = tablet.typed("第 1 行 单价");
  tablet.choose("第 1 行 产品", "盐焗腰果");
  const std::string other = tablet.typed("第 1 行 单价");
  REQUIRE(other != agreed);
  SUBCASE("at once") {}
  SUBCASE("after a reload") {
    tablet.pass(3000);
    tablet.die_and_restart();
    REQUIRE(tablet.typed("第 1 行 单价") == other);
  }
  tablet.choose("第 1 行 产品", product);
  CHECK_MESSAGE(tablet.typed("第 1 行 单价") == agreed, tablet.outline());
  tablet.press_button("返回");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") == nullptr, tablet.outline());
}

TEST_CASE("a price that was typed for one product is there again when that product is; another product brings its own") {
  ChoosingTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("新建合同");
  tablet.choose("第 1 行 产品", "盐焗腰果");
  tablet.type("第 1 行 单价", "12.50");
  tablet.choose("第 1 行 产品", "原味葵花籽");
  const std::string listed = tablet.typed("第 1 行 单价");
  CHECK(listed != "12.50");
  tablet.choose("第 1 行 产品", "盐焗腰果");
  CHECK_MESSAGE(tablet.typed("第 1 行 单价") == "12.50", tablet.outline());
  tablet.choose("第 1 行 产品", "原味葵花籽");
  CHECK_MESSAGE(tablet.typed("第 1 行 单价") == listed, tablet.outline());
}

TEST_CASE("a customer chosen by mistake and chosen back has his opportunity again") {
  ChoosingTablet tablet;
  tablet.edit_contract("博海餐饮年度供货合同");
  const std::string customer = tablet.chosen("客户名称"), opportunity = tablet.chosen("机会");
  REQUIRE(opportunity.find("餐前小食") != std::string::npos);
  tablet.choose("客户名称", "东方酒店");
  CHECK_MESSAGE(tablet.chosen("机会").empty(), tablet.outline());
  tablet.choose("客户名称", customer);
  CHECK_MESSAGE(tablet.chosen("机会") == opportunity, tablet.outline());
}
