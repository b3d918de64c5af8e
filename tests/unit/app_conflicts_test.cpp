// The page of conflicts as head office meets it: what each side means is on the screen, and what is pressed is what happens.
#include <doctest/doctest.h>

#include <string>

#include "app/shell/route.h"
#include "tests/support/app_tablet.h"
#include "tests/support/test_device.h"

namespace kehubu::test {
namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

PickedFile file_of(const std::string& json) { return {.name = "kehubu.json", .bytes = Bytes(json.begin(), json.end())}; }

// A tablet that hears of two others, who know the same contract of two lines.
struct HeadOffice : AppTablet {
  TestDevice clerk{1, "刘芳的电脑"};
  TestDevice rep{2, "王敏的平板"};
  Id customer, product, contract, line, second_line;

  HeadOffice() {
    press_button("从空白开始");
    type("姓名", "周宁");
    type("业务代码", "R00");
    press_button("开始使用");
    clerk.environment().now = rep.environment().now = platform.wall_clock_ms;
    const Id liu = clerk.create("employee", {{"code", "R02"}, {"name", "刘芳"}, {"login_name", "liu"}}, as_it_is);
    const Id wang = clerk.create("employee", {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wang"}}, as_it_is);
    clerk.use_as(liu);
    rep.use_as(wang);
    customer = clerk.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    product = clerk.create("product", {{"code", "P-1"}, {"name", "瓜子"}}, as_it_is);
    contract = clerk.create("contract", {{"contract_no", "HT-118"}, {"title", "年度供货"}, {"status", "pending_approval"}}, as_it_is);
    line = add_line(1, 100'000);
    second_line = add_line(2, 20'000);
    exchange({&clerk, &rep});
  }
  Id add_line(std::int64_t number, std::int64_t quantity) {
    return clerk.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", quantity}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  }
  void hear(std::vector<PickedFile> files) {
    press(Role::link, "同步");
    platform.files_to_pick = std::move(files);
    press_button("选择文件");
    press_button("合并");
  }
  void hear_of_a_needed_customer_deleted() {
    clerk.remove("customer", customer);
    rep.edit("contract", contract, {{"customer", customer}, {"status", "active"}});
    hear_of_both();
  }
  void hear_of_both() { hear({file_of(clerk.export_all()), file_of(rep.export_all())}); }
};

}  // namespace

TEST_CASE("a line deleted on one side: both sides say so on the page, and choosing it deletes the line") {
  HeadOffice office;
  office.rep.remove("contract_line", office.second_line);
  office.clerk.edit("contract", office.contract, {{"status", "active"}});
  office.hear_of_both();
  office.press_button("处理冲突");
  office.press_button("合同 · 年度供货");
  CHECK_MESSAGE(office.shows("删除合同明细 2（瓜子，20，¥100.00）"), office.outline());
  CHECK(office.shows("保留合同明细 2（瓜子，20，¥100.00）"));
  CHECK(office.shows("把合同状态从“待审批”改为“执行中”"));
  CHECK_FALSE(office.shows("（空）"));
  office.press_button("采用王敏的");
  CHECK_MESSAGE(office.shows("已裁定"), office.outline());
  office.press(Role::link, "同步");
  office.press_button("生成并发出");
  const auto files = office.take_files();
  REQUIRE(files.size() == 1);
  office.clerk.import(std::string(files[0].bytes.begin(), files[0].bytes.end()));
  CHECK(office.clerk.store().read(*find_entity("contract_line"), office.second_line)->deleted);
  CHECK(office.clerk.text("contract", office.contract, "status") == "pending_approval");
}

TEST_CASE("leaving a record deleted says on the page what goes with it, and what needs it opens as what it is") {
  HeadOffice office;
  office.hear_of_a_needed_customer_deleted();
  office.press_button("处理冲突");
  CHECK_MESSAGE(office.shows("合同 HT-118“年度供货”（执行中，¥12,000.00）还要用到它"), office.outline());
  office.press_button("客户 · 博海餐饮");
  CHECK_MESSAGE(office.shows("一并删除合同 HT-118“年度供货”（执行中，¥12,000.00）"), office.outline());
  CHECK(office.shows("一并删除合同明细 2（瓜子，20，¥100.00，¥2,000.00）"));
  REQUIRE(office.find_like(Role::button, "恢复它") != nullptr);
  CHECK(office.find_like(Role::button, "删除这 4 条记录") != nullptr);
  office.press_button("合同 · 年度供货");
  CHECK_MESSAGE(office.find_like(Role::heading, "年度供货") != nullptr, office.outline());
}

TEST_CASE("what was deleted with a record by a decision comes back with it from its page") {
  HeadOffice office;
  office.hear_of_a_needed_customer_deleted();
  office.press_button("处理冲突");
  office.press_button("客户 · 博海餐饮");
  office.press_button("删除这 4 条记录");
  office.go(route_text(record_of(*find_entity("customer"), office.customer)));
  office.press_button("恢复");
  CHECK_MESSAGE(office.shows("恢复客户 博海餐饮，恢复合同 年度供货"), office.outline());
  office.go(route_text(record_of(*find_entity("contract"), office.contract)));
  CHECK_MESSAGE(office.shows("执行中"), office.outline());
  CHECK_MESSAGE(office.shows("¥12,000.00"), office.outline());
}

TEST_CASE("a record that somebody deleted and others need says so on its page, and leads to that question") {
  HeadOffice office;
  office.hear_of_a_needed_customer_deleted();
  office.press(Role::link, "客户");
  office.press(Role::row, "博海餐饮");
  CHECK_MESSAGE(office.shows("刘芳 删除了客户“博海餐饮”，但合同 HT-118“年度供货”（执行中，¥12,000.00）还要用到它"), office.outline());
  CHECK_FALSE(office.shows("各自改过"));
  office.press_button("去处理");
  CHECK_MESSAGE(office.find_like(Role::button, "恢复它") != nullptr, office.outline());
}

TEST_CASE("a side that waits for another decision says so in the list and leads there; a line is called by its document") {
  HeadOffice office;
  const Id nuts = office.clerk.create("product", {{"code", "P-2"}, {"name", "陌生果仁"}}, as_it_is);
  exchange({&office.clerk, &office.rep});
  (void)office.clerk.create("contract_line", {{"contract", office.contract}, {"line_no", std::int64_t{4}}, {"product", nuts}, {"qty", std::int64_t{1'000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
  office.rep.remove("product", nuts);
  office.rep.edit("contract_line", office.line, {{"qty", std::int64_t{500'000}}});
  office.hear_of_both();
  office.press_button("处理冲突");
  const SemanticNode* listed = office.find_like(Role::button, "产品 · 陌生果仁");
  REQUIRE_MESSAGE(listed != nullptr, office.outline());
  CHECK_MESSAGE((listed->name + listed->description).find("请先决定") != std::string::npos, office.outline());
  CHECK_MESSAGE(office.shows("已删除，但还有记录要用它"), office.outline());
  office.press_button("产品 · 陌生果仁");
  CHECK_MESSAGE(office.find_like(Role::button, "合同明细 · 年度供货 · 第 4 行") != nullptr, office.outline());
  office.press(Role::link, "先去决定那一处");
  CHECK_MESSAGE(office.find_like(Role::heading, "年度供货") != nullptr, office.outline());
  CHECK_MESSAGE(office.find_like(Role::heading, "陌生果仁") == nullptr, office.outline());
}

TEST_CASE("what was decided is said: bringing back is told as such, and of which record") {
  HeadOffice office;
  office.hear_of_a_needed_customer_deleted();
  office.press_button("处理冲突");
  office.press_button("客户 · 博海餐饮");
  office.press_button("恢复它");
  CHECK_MESSAGE(office.shows("“博海餐饮”已裁定：恢复它"), office.outline());
}

TEST_CASE("a side that opens another question says so on its card, and the answer does") {
  HeadOffice office;
  const Id other = office.clerk.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  exchange({&office.clerk, &office.rep});
  office.clerk.edit("customer", other, {{"parent", office.customer}});
  office.clerk.remove("customer", other);
  office.rep.edit("customer", office.customer, {{"parent", other}});
  office.hear_of_both();
  office.press_button("处理冲突");
  office.press_button("客户 · 长江酒店");
  CHECK_MESSAGE(office.shows("选这一边会引出一个新的问题：几处修改合在一起"), office.outline());
  office.press_button("恢复它");
  CHECK_MESSAGE(office.shows("“长江酒店”已裁定：恢复它"), office.outline());
  CHECK(office.shows("又有一个问题等您决定：几处修改合在一起"));
}

TEST_CASE("what needs something that is gone is restored after that: no question opens that nobody met") {
  HeadOffice office;
  const Id deleted = office.clerk.create("contract", {{"contract_no", "HT-119"}, {"title", "作废的"}, {"customer", office.customer}, {"status", "draft"}}, as_it_is);
  office.clerk.remove("contract", deleted);
  office.clerk.remove("contract", office.contract);
  office.clerk.remove("customer", office.customer);
  exchange({&office.clerk, &office.rep});
  const auto press_and_read = [&](std::string_view button) {  // while the message stands
    const SemanticNode* node = office.find_like(Role::button, button);
    REQUIRE_MESSAGE(node != nullptr, office.outline());
    office.send_event({.node = node->id, .kind = SemanticEvent::Kind::activate, .text = {}});
    office.pass(400);
  };
  office.hear_of_both();
  office.go("record/contract/" + deleted.text() + "/-");
  press_and_read("恢复");
  CHECK_MESSAGE(office.shows("客户“博海餐饮”已删除，请先恢复它"), office.outline());
  CHECK_FALSE(office.shows("已恢复：作废的"));
  office.go("record/customer/" + office.customer.text() + "/-");
  press_and_read("恢复");
  CHECK_MESSAGE(office.shows("已恢复：博海餐饮"), office.outline());
  office.go("record/contract/" + deleted.text() + "/-");
  press_and_read("恢复");
  CHECK_MESSAGE(office.shows("已恢复：作废的"), office.outline());
}

TEST_CASE("two primary contacts: the page shows both as what they are, and choosing one leaves the other a contact like any") {
  HeadOffice office;
  const auto contact = [&](const char* name) { return office.clerk.create("contact", {{"customer", office.customer}, {"name", name}}, {}); };
  contact("张三");
  const Id second = contact("李四"), third = contact("王五");
  exchange({&office.clerk, &office.rep});
  office.clerk.edit("contact", second, {{"is_primary", 1}}, {});
  office.rep.edit("contact", third, {{"is_primary", 1}}, {});
  office.hear_of_both();
  office.press_button("处理冲突");
  CHECK_MESSAGE(office.shows("同一客户只能有一位主要联系人"), office.outline());
  office.press_button("联系人 · 李四 · 主要联系人");
  CHECK_MESSAGE(office.shows("联系人“王五”的主要联系人改为“否”"), office.outline());
  office.press_button("选这一个 · 王五");
  CHECK_MESSAGE(office.shows("联系人“王五”的主要联系人仍是“是”"), office.outline());
  CHECK(office.shows("联系人“李四”的主要联系人改为“否”"));
  office.press(Role::link, "同步");
  office.press_button("生成并发出");
  const auto files = office.take_files();
  REQUIRE(files.size() == 1);
  office.rep.import(std::string(files[0].bytes.begin(), files[0].bytes.end()));
  CHECK(office.rep.value("contact", second, "is_primary") == Value(std::int64_t{0}));
  CHECK(office.rep.value("contact", third, "is_primary") == Value(std::int64_t{1}));
}

TEST_CASE("who decides reads what has become of the contract by it") {
  HeadOffice office;
  office.hear_of_a_needed_customer_deleted();
  office.press_button("处理冲突");
  office.press_button("客户 · 博海餐饮");
  office.press_button("删除这 4 条记录");
  CHECK_MESSAGE(office.shows("合同 HT-118“年度供货”从“执行中，¥12,000.00”变为“已删除”"), office.outline());
}

TEST_CASE("a rep whose value lost by a decision elsewhere reads who decided what, not that there is no conflict") {
  HeadOffice office;
  office.clerk.edit("customer", office.customer, {{"grade", "b"}});
  office.hear({file_of(office.clerk.export_all())});
  office.press_button("知道了");
  office.press(Role::link, "客户");
  office.press(Role::row, "博海餐饮");
  office.press_button("编辑");
  office.choose("客户级别", "C级");
  office.press_button("保存");
  office.clerk.edit("customer", office.customer, {{"grade", "a"}});
  office.press(Role::link, "同步");
  office.press_button("生成并发出");
  const auto files = office.take_files();
  REQUIRE(files.size() == 1);
  office.clerk.import(std::string(files[0].bytes.begin(), files[0].bytes.end()));
  const auto conflicts = office.clerk.conflicts();
  REQUIRE(conflicts.size() == 1);
  const std::size_t own = text_or_empty(conflicts[0].sides[0].cells[0].value) == "a" ? 0 : 1;
  REQUIRE(office.clerk.sync().resolve(conflicts[0], own).has_value());
  office.hear({file_of(office.clerk.export_all())});
  CHECK_MESSAGE(office.shows("裁定：客户“博海餐饮”的客户级别定为“A级”（您写的是“C级”，原来是“B级”）"), office.outline());
  CHECK_FALSE(office.shows("没有冲突"));
  office.press_button("知道了");  // the report
  CHECK_MESSAGE(office.shows("与您有关的裁定和改动"), office.outline());
  office.restart();
  office.press(Role::link, "同步");
  CHECK_MESSAGE(office.shows("刘芳 于"), office.outline());
  office.press_button("知道了，收起");
  CHECK_FALSE(office.shows("刘芳 于"));
}

TEST_CASE("a visit that two completed: its history shows what the other wrote, and offers no way to put that into it") {
  HeadOffice office;
  const Id visit = office.clerk.create("interaction", {{"customer", office.customer}, {"status", "planned"}, {"kind", "phone"}, {"purpose", "送样"}, {"planned_at", office.clerk.environment().now}}, as_it_is);
  exchange({&office.clerk, &office.rep});
  for (const auto& [device, contact, content] : {std::tuple{&office.clerk, "张总", "总部已谈妥"}, {&office.rep, "李经理", "对方犹豫"}}) {
    device->edit("interaction", visit, {{"status", "done"}, {"occurred_at", device->environment().now - 60'000}, {"contact_text", contact}, {"content", content}}, {});
    office.rep.environment().now += 60'000;
  }
  office.hear_of_both();
  office.go("record/interaction/" + visit.text() + "/-");
  office.press(Role::tab, "历史");
  CHECK_MESSAGE(office.shows("李经理"), office.outline());
  CHECK_MESSAGE(office.shows("对方犹豫"), office.outline());
  CHECK_MESSAGE(office.find_like(Role::button, "采用它") == nullptr, office.outline());
}

}  // namespace kehubu::test
