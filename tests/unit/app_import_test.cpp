// The review of an import as a person sees it: what is asked, what is told, and what pressing does.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/app_tablet.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

// On the customers' import page with this file.
void open_import(AppTablet& tablet, const std::string& csv) {
  tablet.press_button("带示例数据");
  tablet.press(Role::link, "客户");
  tablet.press_button("导入");
  tablet.platform.files_to_pick = {{.name = "名单.csv", .bytes = Bytes(csv.begin(), csv.end())}};
  tablet.press_button("选择表格文件");
}

}  // namespace

TEST_CASE("import review: owner, follow-up and new choices are asked; notes unfold to lines as Excel numbers them") {
  AppTablet tablet;
  open_import(tablet, "客户名单\n客户名称,电话,所属行业,注册资金,备注\n新一商贸,010-61230001,家用电器,500万,\"两行\n备注\"\n新二商贸,010-61230002,家用电器,500万左右,\n合计,,,1000,\n");
  CHECK_MESSAGE(tablet.shows("没写业务员的 2 家归谁"), tablet.outline());
  CHECK(tablet.shows("2 家新客户什么时候跟进"));
  CHECK(tablet.shows("每家安排一次首次联系"));
  CHECK(tablet.shows("所属行业：1 个新选项怎么办"));
  // The second customer is Excel's row 4, though it stands in the file's fifth line.
  tablet.press_button("看不准、记入备注的内容");
  CHECK_MESSAGE(tablet.shows("第 4 行 · 新二商贸 · 注册资金 · “500万左右”"), tablet.outline());
  tablet.press_button("不像数据的行");
  CHECK(tablet.shows("第 5 行 · 合计行 · 合计"));
  tablet.press_button("也导入");
  CHECK_MESSAGE(tablet.shows("导入 3 条"), tablet.outline());
}

TEST_CASE("import review: without known heads there is no header, which is said; another row may be chosen, and the file is read anew") {
  AppTablet tablet;
  open_import(tablet, "甲商贸,天河路\n乙商贸,海珠路\n丙商贸,番禺路\n");
  CHECK_MESSAGE(tablet.shows("导入 3 条"), tablet.outline());
  CHECK(tablet.shows("没有标题行：第一行也当作数据"));
  tablet.choose("标题行", "第 1 行：甲商贸  天河路");
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("导入 2 条"), tablet.outline());
  CHECK_FALSE(tablet.shows("没有标题行：第一行也当作数据"));
}

TEST_CASE("import review: a sheet on its side is read turned, which is said; it may be read as it stands") {
  AppTablet tablet;
  open_import(tablet, "客户名称,甲竖商行,乙竖商行\n电话,010-61230001,010-61230002\n地址,北京1号,北京2号\n");
  CHECK_MESSAGE(tablet.shows("这张表是横着的"), tablet.outline());
  CHECK(tablet.shows("导入 2 条"));
  tablet.choose("标题行", "照原样，不转");
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("这张表可能是横着的"), tablet.outline());
  tablet.choose("标题行", "转过来读");
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("导入 2 条"), tablet.outline());
}

TEST_CASE("import review: a list of choices that is fixed says so instead of asking what it cannot do") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话,客户级别\n甲固商行,0571-61230001,重点维护\n乙固商行,0571-61230002,A\n");
  CHECK_MESSAGE(tablet.shows("客户级别：1 个新选项怎么办"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("这一项的选项是固定的"), tablet.outline());
}

TEST_CASE("import review: what merged cells mean is asked, and every blank one is told") {
  AppTablet tablet;
  open_import(tablet, "城市,客户名称,电话\n杭州,甲并商行,0571-61230001\n,乙并商行,0571-61230002\n宁波,丙并商行,0574-61230003\n");
  CHECK_MESSAGE(tablet.shows("“城市”有空着的格，像是合并的单元格"), tablet.outline());
  tablet.press_button("请核对的行");
  CHECK_MESSAGE(tablet.shows("第 3 行 · 乙并商行 · 城市 · 空着，像是与第 2 行的“杭州”合并的单元格"), tablet.outline());
  tablet.press(Role::radio, "按上面的填");
  tablet.rest();
  CHECK_FALSE(tablet.shows("请核对的行"));
  tablet.press_button("改写过的内容");
  CHECK_MESSAGE(tablet.shows("空着，按第 2 行的“杭州”填"), tablet.outline());
}

TEST_CASE("import review: a column of which nobody can tell whose it is may be given to every person of the row") {
  AppTablet tablet;
  open_import(tablet, "客户名称,联系人,联系人2,手机\n甲双商行,张一,李一,13900010001\n乙双商行,张二,李二,13900010002\n");
  REQUIRE_MESSAGE(tablet.shows("张一的，还是李一的？"), tablet.outline());
  tablet.press(Role::combo_box, "手机");
  tablet.type("搜索选项", "手机");  // by any word that a heading may have for it
  CHECK_MESSAGE(tablet.find_like(Role::option, "联系人 张一 · 私人电话") != nullptr, tablet.outline());
  tablet.escape();
  tablet.choose("手机", "联系人 李一 · 私人电话");
  tablet.rest();
  SUBCASE("at once") {}
  SUBCASE("after a reload") { tablet.hide_and_restart(); }
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "手机")->value == "联系人 李一 · 私人电话", tablet.outline());
  tablet.press_button("导入 2 条");
  tablet.type("搜索客户", "乙双商行");
  tablet.press(Role::row, "乙双商行");
  tablet.press(Role::tab, "联系人");
  CHECK_MESSAGE(tablet.find_like(Role::button, "李二, 13900010002") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "张二, 13900010002") == nullptr, tablet.outline());
}

TEST_CASE("import review: whole columns that stay out are listed, and what is no table is refused with what it is") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话,生命周期阶段\n甲商贸,010-61230001,意向客户\n乙商贸,010-61230002,老客户\n");
  tablet.press_button("不导入的内容");
  CHECK_MESSAGE(tablet.shows("第 1 行 · 生命周期阶段 · 这一列不导入，有内容的 2 格"), tablet.outline());
  const std::string page = "<html><table><tr><td>客户名称</td></tr></table></html>";
  tablet.platform.files_to_pick = {{.name = "网页.csv", .bytes = Bytes(page.begin(), page.end())}};
  tablet.send_event({.node = tablet.find_like(Role::button, "选择文件")->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(400);
  CHECK_MESSAGE(tablet.shows("这个文件其实是网页"), tablet.outline());
}

TEST_CASE("import review: nothing is written while the rows are checked anew, and what is decided meanwhile stands") {
  AppTablet tablet;
  std::string csv = "客户名称,电话,所属行业\n";
  for (int number = 0; number < 3000; ++number) {
    csv += "商贸" + std::to_string(number) + "号,010-6123" + std::to_string(1000 + number) + "," + (number % 2 == 0 ? "家用电器" : "乐器") + "\n";
  }
  open_import(tablet, csv);
  const auto commit = [&] { return tablet.find_like(Role::button, "导入 3,000 条"); };
  REQUIRE_MESSAGE(commit() != nullptr, tablet.outline());
  CHECK_FALSE(commit()->disabled);
  const SemanticNode* add = tablet.find_like(Role::radio, "加入选项");
  REQUIRE_MESSAGE(add != nullptr, tablet.outline());
  tablet.send_event({.node = add->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(17);
  REQUIRE_MESSAGE(commit() != nullptr, tablet.outline());
  CHECK_MESSAGE(commit()->disabled, tablet.outline());
  tablet.rest();
  CHECK_FALSE(commit()->disabled);
}

TEST_CASE("import review: a file that is dropped on another one asks, and of several one is said to be read") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话\n新一商贸,010-61230001\n");
  const auto drop = [&](std::vector<PickedFile> files) {
    tablet.platform.drop_files(std::move(files));
    tablet.rest();
  };
  const std::string other = "客户名称,电话\n新二商贸,010-61230002\n新三商贸,010-61230003\n";
  const PickedFile file{.name = "第二份.csv", .bytes = Bytes(other.begin(), other.end())};
  drop({file, file});
  CHECK_MESSAGE(tablet.shows("改为导入“第二份.csv”？"), tablet.outline());
  tablet.press_button("继续原来的");
  CHECK_MESSAGE(tablet.shows("导入 1 条"), tablet.outline());
  drop({file});
  tablet.press_button("换成这个文件");
  CHECK_MESSAGE(tablet.shows("导入 2 条"), tablet.outline());
}

TEST_CASE("import review: a wrong file that is chosen costs nothing: what cannot be read leaves the review, another table asks") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话,楼层\n新一商贸,010-61230001,3\n");
  tablet.choose("楼层", "不导入");
  const auto choose = [&](std::string_view name, const std::string& csv) {
    tablet.platform.files_to_pick = {{.name = std::string(name), .bytes = Bytes(csv.begin(), csv.end())}};
    const SemanticNode* button = tablet.find_like(Role::button, "选择文件");
    REQUIRE_MESSAGE(button != nullptr, tablet.outline());
    tablet.send_event({.node = button->id, .kind = SemanticEvent::Kind::activate, .text = {}});
    tablet.pass(400);
  };
  const auto stands = [&](std::string_view when) {
    CHECK_MESSAGE(tablet.shows("名单.csv"), (std::string(when) + tablet.outline()));
    CHECK_MESSAGE(tablet.shows("导入 1 条"), (std::string(when) + tablet.outline()));
    const SemanticNode* column = tablet.find_like(Role::combo_box, "楼层");
    CHECK_MESSAGE((column != nullptr && column->value == "不导入"), (std::string(when) + tablet.outline()));
  };
  choose("空的.csv", "\n\n");
  CHECK_MESSAGE(tablet.shows("文件里没有数据"), tablet.outline());
  tablet.rest();
  stands("after an empty file: ");
  tablet.die_and_restart();
  stands("after a restart: ");
  choose("第二份.csv", "客户名称,电话\n新二商贸,010-61230002\n新三商贸,010-61230003\n");
  REQUIRE_MESSAGE(tablet.shows("改为导入“第二份.csv”？"), tablet.outline());
  tablet.press_button("继续原来的");
  stands("after the question: ");
  choose("第二份.csv", "客户名称,电话\n新二商贸,010-61230002\n新三商贸,010-61230003\n");
  tablet.press_button("换成这个文件");
  CHECK_MESSAGE(tablet.shows("导入 2 条"), tablet.outline());
}

TEST_CASE("import review: a draft that is discarded while its rows are checked takes the check with it") {
  AppTablet tablet;
  std::string csv = "客户名称,电话\n博海餐饮,020-1\n";
  for (int number = 0; number < 2000; ++number) {
    csv += "商贸" + std::to_string(number) + "号,010-6123" + std::to_string(1000 + number) + "\n";
  }
  open_import(tablet, csv);
  tablet.pass(2500);
  tablet.die_and_restart();
  const auto press_at_once = [&](Role role, std::string_view name) {
    const SemanticNode* node = tablet.find_like(role, name);
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    tablet.send_event({.node = node->id, .kind = SemanticEvent::Kind::activate, .text = {}});
    tablet.pass(50);
  };
  press_at_once(Role::radio, "已有的更新");
  press_at_once(Role::button, "丢弃草稿");
  tablet.rest();
  CHECK_MESSAGE(tablet.find_like(Role::button, "选择表格文件") != nullptr, tablet.outline());
}

TEST_CASE("import review: a table that is too large to be kept is asked for before the page is closed, and no update takes it away") {
  AppTablet tablet;
  std::string csv = "客户名称,备注\n";
  for (int number = 0; number < 1100; ++number) {
    csv += "商贸" + std::to_string(number) + "号," + std::string(2000, 'x') + "\n";
  }
  open_import(tablet, csv);
  REQUIRE_MESSAGE(tablet.shows("名单.csv"), tablet.outline());
  CHECK(tablet.platform.unsaved);
  tablet.platform.announce_update();
  tablet.pass(400);
  tablet.press_now(Role::button, "更新");
  CHECK_FALSE(tablet.platform.update_applied);
  CHECK_MESSAGE(tablet.shows("名单.csv"), tablet.outline());
  tablet.press_button("返回");
  tablet.press_button("离开");
  CHECK_FALSE(tablet.platform.unsaved);
}

TEST_CASE("import review: what an update replaces is shown as old and new, and the calls are spread over days") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话\n博海餐饮,020-00000000\n新一商贸,010-61230001\n");
  CHECK_MESSAGE(tablet.shows("已有、跳过的行"), tablet.outline());
  tablet.press(Role::radio, "已有的更新");
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("新增 1 条，更新 1 条（来自 2 行）"), tablet.outline());
  tablet.press_button("会改写的内容");
  CHECK_MESSAGE(tablet.shows("改为“020-00000000”"), tablet.outline());
  tablet.press_button("导入 2 条");
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("共 41 条"), tablet.outline());  // the sample company has forty
  tablet.type("搜索客户", "博海餐饮");
  tablet.press(Role::row, "博海餐饮");
  tablet.press(Role::tab, "修改历史");
  CHECK_MESSAGE(tablet.shows("→ 020-00000000"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::button, "恢复为“") != nullptr, tablet.outline());
}

TEST_CASE("import review: a list does not approve a contract, which is said at its line; the contract comes in as a draft") {
  AppTablet tablet;
  tablet.press_button("带示例数据");
  tablet.go("import/contract");
  const std::string csv = "合同编号,客户名称,合同名称,合同状态,合同日期\nHT-LB-1,博海餐饮,年度供货,执行中,2026-01-05\n";
  tablet.platform.files_to_pick = {{.name = "合同.csv", .bytes = Bytes(csv.begin(), csv.end())}};
  tablet.press_button("选择表格文件");
  tablet.press_button("看不准、记入备注的内容");
  CHECK_MESSAGE(tablet.shows("第 2 行 · 年度供货 · 合同状态 · “执行中”：合同状态要在合同自己的页面上看着金额改，名单不替人决定"), tablet.outline());
  tablet.press_button("导入 1 条");
  tablet.rest();
  tablet.press(Role::row, "年度供货");
  CHECK_MESSAGE(tablet.shows("草稿"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("合同状态：执行中"), tablet.outline());
}

TEST_CASE("import review: columns of one name, and without a name, are columns of their own in the preview") {
  AppTablet tablet;
  open_import(tablet, "客户名称,电话,电话,,\n新一商贸,010-61230001,010-61230002,甲,乙\n新二商贸,010-61230003,010-61230004,丙,丁\n");
  std::vector<NodeId> cells;
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    if (node.role == Role::cell || node.role == Role::column_header) {
      CHECK_MESSAGE(std::ranges::find(cells, node.id) == cells.end(), node.name);
      cells.push_back(node.id);
    }
  }
  CHECK(cells.size() >= 10);
}
