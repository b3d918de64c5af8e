// What a person typed is not lost, whatever ends the page; and what was saved or thrown away does not come back.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "app/shell/route.h"
#include "core/store/drafts.h"
#include "core/sync/sync.h"
#include "tests/support/sample_tablet.h"
#include "tests/support/store_fixture.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::int64_t pause_ms = 700;  // a person stops typing for a moment

struct Tablet : AppTablet {
  Tablet() {
    press_button("从空白开始");
    type("姓名", "王敏");
    type("业务代码", "R07");
    press_button("开始使用");
  }
  // Letters arrive, and the page dies before the field is left.
  void type_and_die(std::string_view label, std::string_view text, std::int64_t then_ms = pause_ms) {
    const SemanticNode* node = find_like(Role::text_box, label);
    REQUIRE_MESSAGE(node != nullptr, outline());
    send_event({.node = node->id, .kind = SemanticEvent::Kind::draft, .text = std::string(text)});
    pass(then_ms);
    die_and_restart();
  }
};

// With the sample company.
struct DraftTablet : SampleTablet {
  void type_and_die(std::string_view label, std::string_view text) {
    type(label, text);
    pass(pause_ms);
    die_and_restart();
  }
};

}  // namespace

TEST_CASE("F2: a tab that dies in the middle of a form comes back with what was typed; saved or discarded, nothing is offered") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type_and_die("客户名称", "半途而废公司");
  CHECK_MESSAGE(tablet.shows("已接着填写没保存的草稿"), tablet.outline());
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "半途而废公司", tablet.outline());

  SUBCASE("saved") {
    tablet.press_button("保存");
    REQUIRE_MESSAGE(tablet.find_like(Role::heading, "半途而废公司") != nullptr, tablet.outline());
    tablet.die_and_restart();
    tablet.press(Role::link, "今天");
    CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
    tablet.press_button("新建客户");
    CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value.empty(), tablet.outline());
  }
  SUBCASE("discarded") {
    tablet.press_button("丢弃草稿");
    CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value.empty(), tablet.outline());
    tablet.die_and_restart();
    CHECK_MESSAGE(!tablet.shows("半途而废公司"), tablet.outline());
    CHECK_MESSAGE(!tablet.shows("草稿"), tablet.outline());
  }
}

TEST_CASE("F2: what is pasted is kept at once, what follows after the pause") {
  Tablet tablet;
  tablet.go("form/customer");
  tablet.type_and_die("客户名称", "粘贴的一整段", 60);
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "粘贴的一整段", tablet.outline());
  tablet.pass(3000);
  for (const std::string_view text : {"一段一", "一段一二", "一段一二三"}) {
    tablet.send_event({.node = tablet.find_like(Role::text_box, "客户名称")->id, .kind = SemanticEvent::Kind::draft, .text = std::string(text)});
    tablet.pass(60);
  }
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "一段一", tablet.outline());  // not each letter is a commit
}

TEST_CASE("F2: who goes on typing without a pause loses two seconds at most") {
  Tablet tablet;
  tablet.press_button("新建客户");
  std::string name = "客";
  for (int letters = 0; letters < 12; ++letters) {
    const SemanticNode* node = tablet.find_like(Role::text_box, "客户名称");
    REQUIRE(node != nullptr);
    name += "户";
    tablet.send_event({.node = node->id, .kind = SemanticEvent::Kind::draft, .text = name});
    tablet.pass(300);
  }
  tablet.die_and_restart();
  const std::string back = tablet.find_like(Role::text_box, "客户名称")->value;
  CHECK_MESSAGE(back.size() + 7 * std::string_view("户").size() >= name.size(), back);
  CHECK(name.starts_with(back));
}

TEST_CASE("F2: a draft that was left is offered, on Today and on its page, and never put in place of what is typed now") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "先写的公司");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  CHECK_MESSAGE(tablet.shows("新建客户 · 先写的公司"), tablet.outline());

  tablet.press_button("新建客户");
  CHECK_MESSAGE(tablet.shows("您有一份没有保存的草稿：新建客户 · 先写的公司"), tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value.empty(), tablet.outline());
  tablet.type_and_die("客户名称", "后写的公司");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "后写的公司", tablet.outline());

  // Both are there; each is gone on with where it was.
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(tablet.shows("新建客户 · 先写的公司"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("新建客户 · 后写的公司"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称")->value == "后写的公司", tablet.outline());
  tablet.press_button("保存");
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("新建客户 · 后写的公司"), tablet.outline());
  tablet.press_button("丢弃草稿");
  tablet.die_and_restart();
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("F2: a draft that was begun before the record changed says so at the field, after restarts too, and when it was typed") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "东方酒店");
  tablet.press_button("保存");
  tablet.press_button("编辑");
  tablet.type("地址", "旧：一号门");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.pass(20 * 60'000);
  tablet.press_button("编辑");
  REQUIRE_MESSAGE(tablet.shows("您有一份没有保存的草稿"), tablet.outline());
  tablet.type("地址", "新：二号门");
  tablet.press_button("保存");

  tablet.press_button("编辑");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "地址")->value == "新：二号门", tablet.outline());
  CHECK_MESSAGE(!tablet.shows("您填写之后"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "地址")->value == "旧：一号门", tablet.outline());
  const auto warns = [&] { return tablet.find_like(Role::text_box, "地址")->description.contains("您填写之后，这里已改为“新：二号门”"); };
  CHECK_MESSAGE(warns(), tablet.outline());
  tablet.type("备注", "补一句");
  tablet.pass(pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(warns(), tablet.outline());
  tablet.type("地址", "新：二号门");
  CHECK_MESSAGE(!warns(), tablet.outline());
}

TEST_CASE("F2: what cannot be read yet, the lines of a contract and a visit come back as they were typed") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "博海餐饮");
  tablet.press_button("保存");
  tablet.press_button("记录拜访");
  tablet.type("联系人姓名", "张三");
  tablet.type_and_die("一句话记下来", "谈妥下月试销");
  CHECK_MESSAGE(tablet.shows("谈妥下月试销"), tablet.outline());
  CHECK_MESSAGE(tablet.shows("张三"), tablet.outline());
  tablet.press_button("丢弃草稿");
  tablet.press_button("返回");

  tablet.go("form/contract");
  tablet.type("合同名称", "年度供货");
  tablet.type("数量", "3");
  tablet.type_and_die("单价", "十二块");
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "合同名称")->value == "年度供货", tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "数量")->value == "3", tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "单价")->value == "十二块", tablet.outline());
}

TEST_CASE("F2: the dialog that asks why an opportunity was lost opens again with what was typed; saved or closed, it stays away") {
  DraftTablet tablet;
  tablet.press(Role::link, "机会");
  tablet.ask_for_menu(Role::button, "冬季团伴手礼");
  tablet.press(Role::menu_item, "流失");
  tablet.type_and_die("流失原因分析", "对手低两成");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "这单没成") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("流失原因分析") == "对手低两成", tablet.outline());
  SUBCASE("saved") {
    tablet.choose("流失原因", "价格");
    tablet.press_button("保存");
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "这单没成") == nullptr, tablet.outline());
  }
  SUBCASE("closed") {
    tablet.press_button("取消");
    tablet.press_button("放弃填写");
  }
  SUBCASE("the page is left, and its draft is gone on with from Today") {
    tablet.platform.open_address("today");
    tablet.rest();
    tablet.press_button("存为草稿并离开");
    REQUIRE_MESSAGE(tablet.shows("冬季团伴手礼 → 流失"), tablet.outline());
    tablet.press_button("接着填写");
    CHECK_MESSAGE(tablet.typed("流失原因分析") == "对手低两成", tablet.outline());
    tablet.press_button("取消");
    tablet.press_button("放弃填写");
  }
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "这单没成") == nullptr, tablet.outline());
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("F2: who leaves a form by the browser's own button or by another address has that page's address afterwards, and there opens it again") {
  Tablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press_button("新建客户");
  tablet.type("客户名称", "半途而废公司");
  std::string wanted = "list/customer";
  SUBCASE("back") { tablet.platform.go_back(); }
  SUBCASE("another address") {
    wanted = "sync";
    tablet.platform.open_address(wanted);
  }
  tablet.rest();
  CHECK_MESSAGE(tablet.platform.route_now == "form/customer", tablet.platform.route_now);  // it still asks
  tablet.press_button("存为草稿并离开");
  CHECK(tablet.platform.route_now == wanted);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "客户名称") == nullptr, tablet.outline());
}

TEST_CASE("F2: who asks for the same dialog anew is offered what was typed before, and nothing is filled in") {
  DraftTablet tablet;
  tablet.press(Role::link, "机会");
  tablet.press_button("冬季团伴手礼");
  tablet.press_button("流失");
  tablet.type("流失原因分析", "对手低两成");
  tablet.platform.open_address("today");
  tablet.rest();
  tablet.press_button("存为草稿并离开");
  tablet.press(Role::link, "机会");
  tablet.press_button("冬季团伴手礼");
  tablet.press_button("流失");
  CHECK_MESSAGE(tablet.typed("流失原因分析").empty(), tablet.outline());
  REQUIRE_MESSAGE(tablet.shows("您有一份没有保存的草稿"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.typed("流失原因分析") == "对手低两成", tablet.outline());
}

TEST_CASE("F2: a value that is edited where it is read, and a value added to a list of choices, come back in their dialogs") {
  DraftTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "博海餐饮");
  tablet.press(Role::tab, "资料");
  tablet.press_button("修改, 地址");
  tablet.type_and_die("邮编", "12");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "修改：联系方式") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("邮编") == "12", tablet.outline());
  tablet.type("邮编", "510620");
  tablet.press_button("保存");
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "修改：联系方式") == nullptr, tablet.outline());

  tablet.go("lists/industry");
  tablet.press_button("添加选项");
  tablet.type_and_die("中文", "直播电商");
  REQUIRE_MESSAGE(tablet.typed("中文") == "直播电商", tablet.outline());
  tablet.press_button("保存");
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "添加选项") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.shows("直播电商"), tablet.outline());
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "添加选项") == nullptr, tablet.outline());
}

TEST_CASE("F2: a record that is created in the middle of a form comes back in its dialog, over the form; saved, the form refers to it") {
  DraftTablet tablet;
  tablet.go("form/contact");
  tablet.type("联系人姓名", "赵钱");
  tablet.press(Role::combo_box, "单位名称");
  tablet.press(Role::option, "新建客户");
  tablet.type_and_die("客户名称", "半途而废公司");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "新建客户") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("客户名称") == "半途而废公司", tablet.outline());
  tablet.press_last_button("保存");  // the dialog's, not the one in the bar below it
  // What is there as a record is not in the draft any more: also when the tab dies at once.
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::dialog, "新建客户") == nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("联系人姓名") == "赵钱", tablet.outline());
  REQUIRE_MESSAGE(tablet.find_like(Role::combo_box, "单位名称") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.find_like(Role::combo_box, "单位名称")->value == "半途而废公司", tablet.outline());
}

TEST_CASE("F2: a customer typed in a visit's dialog, before anything else of the visit, comes back in that dialog") {
  DraftTablet tablet;
  tablet.go("visit/interaction");
  tablet.press(Role::combo_box, "客户");
  tablet.press(Role::option, "新建客户");
  tablet.type("客户名称", "半途而废公司");
  tablet.type_and_die("电话", "020-80001234");
  REQUIRE_MESSAGE(tablet.find_like(Role::dialog, "新建客户") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("客户名称") == "半途而废公司", tablet.outline());
  CHECK_MESSAGE(tablet.typed("电话") == "020-80001234", tablet.outline());
}

TEST_CASE("F2: who says who he is on a new device, or on one that has another, goes on after a restart") {
  AppTablet tablet;
  const auto die = [&] {
    tablet.pass(pause_ms);
    tablet.die_and_restart();
  };
  tablet.press_button("从空白开始");
  tablet.type("姓名", "王敏");
  tablet.type("公司名称", "珠江食品");
  die();
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "姓名") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::text_box, "姓名")->value == "王敏");
  CHECK(tablet.find_like(Role::text_box, "公司名称")->value == "珠江食品");
  tablet.type("业务代码", "R07");
  tablet.press_button("开始使用");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());

  tablet.go("identity");
  tablet.type("设备名称", "备用平板");
  die();
  CHECK_MESSAGE(tablet.find_like(Role::text_box, "设备名称")->value == "备用平板", tablet.outline());
  tablet.press_button("保存");
  tablet.die_and_restart();
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("F2: a value that is neither side's of a conflict comes back, and goes with the question") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "博海餐饮");
  tablet.choose("客户级别", "A级");
  tablet.press_button("保存");
  TestDevice other(2, "刘芳的电脑");
  other.environment().now = tablet.platform.wall_clock_ms;
  tablet.press(Role::link, "同步");
  tablet.press_button("全部内容");
  tablet.press_button("生成并发出");
  const auto files = tablet.take_files();
  REQUIRE(files.size() == 1);
  other.import(std::string(files[0].bytes.begin(), files[0].bytes.end()));
  const Entity& customer = *find_entity("customer");
  const auto rows = other.store().list({.entity = &customer, .search = {}, .filters = {}});
  other.edit("customer", other.store().read_row(customer, rows->front())->id, {{"code", "K-别的"}});
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "博海餐饮");
  tablet.press_button("编辑");
  tablet.type("客户编号", "K-本机");
  tablet.press_button("保存");
  tablet.press(Role::link, "同步");
  const std::string bundle = other.export_all();
  tablet.platform.files_to_pick = {{.name = "kehubu.json", .bytes = Bytes(bundle.begin(), bundle.end())}};
  tablet.press_button("选择文件");
  tablet.press_button("合并");
  tablet.press_button("处理冲突");
  tablet.press_button("客户 · 博海餐饮");
  tablet.type_and_die("客户编号", "K-都不");
  REQUIRE_MESSAGE(tablet.find_like(Role::text_box, "客户编号")->value == "K-都不", tablet.outline());
  SUBCASE("used") { tablet.press_button("用这个值"); }
  SUBCASE("a side taken") { tablet.press_button("采用"); }
  CHECK_MESSAGE(tablet.shows("已裁定"), tablet.outline());
  tablet.die_and_restart();
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("F2: a price that cannot be read yet comes back, and not the product's own in its place") {
  DraftTablet tablet;
  tablet.go("form/contract");
  tablet.choose("产品/服务名称", "五香葵花籽");
  tablet.type_and_die("单价", "十二块");
  CHECK_MESSAGE(tablet.typed("单价") == "十二块", tablet.outline());
}

TEST_CASE("F2: an import that is being looked over comes back with its file and what was decided about its columns") {
  Tablet tablet;
  const std::string csv = "单位,谁,说明\n博海餐饮,张三,老客户\n长江酒店,李四,新客户\n";
  tablet.platform.files_to_pick = {{.name = "名单.csv", .bytes = Bytes(csv.begin(), csv.end())}};
  tablet.go("import/customer");
  tablet.press_button("选择表格文件");
  REQUIRE_MESSAGE(tablet.shows("名单.csv"), tablet.outline());
  tablet.choose("说明", "不导入");
  const std::string chosen = tablet.find_like(Role::combo_box, "说明")->value;
  tablet.pass(pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.shows("名单.csv"), tablet.outline());
  REQUIRE_MESSAGE(tablet.find_like(Role::combo_box, "说明") != nullptr, tablet.outline());
  CHECK(tablet.find_like(Role::combo_box, "说明")->value == chosen);
  // The records and the end of the draft are one commit.
  const std::int64_t before = tablet.commit_number();
  tablet.press_button("导入 2");
  CHECK(tablet.commit_number() == before + 1);
  tablet.die_and_restart();
  tablet.press(Role::link, "今天");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("F2: an update in the middle of a form keeps what was typed") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "半途而废公司");
  tablet.platform.announce_update();
  tablet.pass(100);
  tablet.press_now(Role::button, "更新");
  REQUIRE(tablet.platform.update_applied);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.shows("半途而废公司"), tablet.outline());
}

TEST_CASE("F2: drafts are this device's: not in the log, not in a bundle, gone with the write that saves them or not at all") {
  StoreFixture fixture;
  const std::string before = fixture.store->content_hash().value();
  const std::string tables_before = fixture.store->table_hash().value();
  Drafts drafts(internals(*fixture.store));
  const KeptDraft kept{.id = new_id(fixture.environment), .address = "form/customer", .title = {"新建客户 · 秘密公司", "新建客户 · 秘密公司"}, .kept_at_ms = 5, .open = true, .content = "name"};
  REQUIRE(drafts.keep(kept));
  CHECK(fixture.store->content_hash().value() == before);
  CHECK(fixture.store->table_hash().value() == tables_before);
  auto sync = make_sync(*fixture.store, fixture.environment);
  Progress progress;
  CHECK(run_to_end(sync->export_bundle({}, progress)).value().json.find("秘密公司") == std::string::npos);

  CHECK_FALSE(drafts.forget_by(kept.id, [] { return false; }).value());
  REQUIRE(drafts.newest_of("form/customer"));
  CHECK(drafts.newest_of("form/customer")->content == "name");
  CHECK(drafts.forget_by(kept.id, [&] { return fixture.create(catalog::customer, {{"name", "秘密公司"}}) != Id{}; }).value());
  CHECK(drafts.all().empty());
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("F3: a bundle is in the history on disk before the file leaves") {
  Tablet tablet;
  tablet.press(Role::link, "同步");
  tablet.platform.on_save_file = [&] {
    AppTablet restored(tablet.disk());  // as if the page had been closed at this moment
    restored.press(Role::link, "同步");
    CHECK_MESSAGE(restored.shows("已生成"), restored.outline());
  };
  tablet.press_button("生成并发出");
  CHECK(tablet.take_files().size() == 1);
  tablet.press(Role::link, "设置");
  tablet.press_button("备份");
  CHECK(tablet.take_files().size() == 1);
}

TEST_CASE("F17: a tab that was overtaken shows no active Save, says why, and takes over again with what is stored") {
  Tablet first;
  first.press_button("新建客户");
  first.type("客户名称", "半途而废公司");
  first.pass(pause_ms);
  AppTablet second(first.world());
  second.press_button("在这里接管");
  REQUIRE_MESSAGE(second.shows("今天"), second.outline());
  first.rest();
  CHECK_MESSAGE(first.shows("只读：另一个标签页正在使用"), first.outline());
  for (const SemanticNode& node : first.mirror.tree.nodes) {
    if (node.name == "保存" || node.role == Role::text_box) {
      CHECK_MESSAGE(node.disabled, first.outline());
    }
  }
  CHECK_MESSAGE(second.shows("新建客户 · 半途而废公司"), second.outline());  // what was typed there is offered here
  first.press_button("在这里接管");
  CHECK(first.platform.reloaded);
}

TEST_CASE("an answer to take over is for the page that is loaded next, whatever it finds") {
  Tablet tablet;
  tablet.platform.write_local_setting("take_over", "1");
  tablet.restart();  // the other tab was closed meanwhile
  CHECK(tablet.platform.read_local_setting("take_over").empty());
}

TEST_CASE("a visit that carries out a plan does so after a restart, too") {
  DraftTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "东方酒店");
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "谈妥小吧补货");
  tablet.press_button("就是它");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "记录结果") != nullptr, tablet.outline());
  tablet.pass(pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(tablet.find_like(Role::heading, "记录结果") != nullptr, tablet.outline());
  CHECK_MESSAGE(tablet.typed("一句话记下来") == "谈妥小吧补货", tablet.outline());
  SUBCASE("saved: the plan is done") {
    tablet.press_button("保存");
    tablet.go("today");
    tablet.press(Role::link, "客户");
    tablet.press(Role::row, "东方酒店");
    tablet.press_button("记录拜访");
    CHECK_MESSAGE(tablet.find_like(Role::button, "就是它") == nullptr, tablet.outline());
  }
  SUBCASE("discarded: a visit of its own again") {
    tablet.press_button("丢弃草稿");
    CHECK_MESSAGE(tablet.find_like(Role::button, "就是它") != nullptr, tablet.outline());
  }
}

TEST_CASE("a draft has one time wherever it is told of, and a tap that discards it can be taken back") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "先写的公司");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.press(Role::link, "今天");
  const auto told = std::ranges::find(tablet.mirror.tree.nodes, "新建客户 · 先写的公司", &SemanticNode::name);
  REQUIRE_MESSAGE(told != tablet.mirror.tree.nodes.end(), tablet.outline());
  const std::string kept = std::next(told)->name.substr(std::string_view("2025-11-25 ").size());
  tablet.pass(20 * 60'000);
  tablet.send_event({.node = tablet.find_like(Role::button, "丢弃草稿")->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(100);
  CHECK_MESSAGE(!tablet.shows("先写的公司"), tablet.outline());
  NodeId undo{};  // the message's, not the one of the bar above
  for (const SemanticNode& node : tablet.mirror.tree.nodes) {
    undo = node.role == Role::button && node.name == "撤销" ? node.id : undo;
  }
  tablet.send_event({.node = undo, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.rest();
  CHECK_MESSAGE(tablet.shows("先写的公司"), tablet.outline());
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.shows("已接着填写没保存的草稿（" + kept + "）"), tablet.outline());
}

TEST_CASE("what is typed in the very last moment of a page is there on the next one, however slow the disk is") {
  DraftTablet tablet;
  const auto letters = [&](std::string_view label, std::string_view text) {
    const SemanticNode* node = tablet.find_like(Role::text_box, label);
    REQUIRE_MESSAGE(node != nullptr, tablet.outline());
    tablet.send_event({.node = node->id, .kind = SemanticEvent::Kind::draft, .text = std::string(text)});
    tablet.pass(1);
  };
  tablet.go("form/product");
  tablet.type("产品/服务名称", "话梅");
  tablet.world().latency_ms = 3'000;
  letters("规格", "40g*36");
  tablet.hide_and_restart();
  CHECK_MESSAGE(tablet.typed("规格") == "40g*36", tablet.outline());
  CHECK_MESSAGE(tablet.typed("产品/服务名称") == "话梅", tablet.outline());
  tablet.world().latency_ms = 3'000;  // the next page gets no further, either
  letters("规格", "40g*48");
  tablet.hide_and_restart();
  CHECK_MESSAGE(tablet.typed("规格") == "40g*48", tablet.outline());
  tablet.world().latency_ms = 1;
  tablet.restart();
  CHECK_MESSAGE(tablet.typed("规格") == "40g*48", tablet.outline());
  CHECK(tablet.platform.read_local_setting("drafts").empty());
  // Thrown away, and the disk has no time for that, either.
  tablet.world().latency_ms = 3'000;
  const SemanticNode* discard = tablet.find_like(Role::button, "丢弃草稿");
  REQUIRE_MESSAGE(discard != nullptr, tablet.outline());
  tablet.send_event({.node = discard->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(20);
  tablet.hide_and_restart();
  CHECK_MESSAGE(tablet.typed("规格").empty(), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("a record whose saving the disk had no time for comes back as the draft that it was") {
  DraftTablet tablet;
  tablet.go("form/customer");
  tablet.type("客户名称", "来不及公司");
  tablet.pass(pause_ms);
  tablet.world().latency_ms = 3'000;
  const SemanticNode* save = tablet.find_like(Role::button, "保存");
  REQUIRE(save != nullptr);
  tablet.send_event({.node = save->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  tablet.pass(50);
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "来不及公司") != nullptr, tablet.outline());
  tablet.hide_and_restart();
  tablet.world().latency_ms = 1;
  tablet.rest();
  tablet.go("today");
  tablet.press_button("接着填写");
  CHECK_MESSAGE(tablet.typed("客户名称") == "来不及公司", tablet.outline());
  tablet.press_button("保存");
  tablet.restart();
  tablet.go("today");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
}

TEST_CASE("what was noted in a page's last moment does not come back once it is saved, although the note was left behind") {
  DraftTablet tablet;
  tablet.go("form/customer");
  tablet.type("客户名称", "已经保存公司");
  tablet.world().latency_ms = 3'000;
  const SemanticNode* phone = tablet.find_like(Role::text_box, "电话");
  tablet.send_event({.node = phone->id, .kind = SemanticEvent::Kind::draft, .text = "020-80001101"});
  tablet.pass(1);
  tablet.hide_and_restart();
  const std::string note = tablet.platform.read_local_setting("drafts");
  tablet.world().latency_ms = 1;
  tablet.rest();
  tablet.press_button("保存");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "已经保存公司") != nullptr, tablet.outline());
  tablet.platform.write_local_setting("drafts", note);
  tablet.die_and_restart();
  tablet.go("today");
  CHECK_MESSAGE(!tablet.shows("没有保存的草稿"), tablet.outline());
  for (const std::string_view damaged : {"7:nonsense", "3:9992:xx", ":", "999"}) {
    tablet.platform.write_local_setting("drafts", damaged);
    tablet.die_and_restart();
    CHECK_MESSAGE(tablet.find_like(Role::link, "客户") != nullptr, tablet.outline());
  }
}

TEST_CASE("who says who he is on a new device, and reloads in that moment, finds his name again") {
  AppTablet tablet;
  tablet.press_button("从空白开始");
  tablet.world().latency_ms = 3'000;
  const SemanticNode* name = tablet.find_like(Role::text_box, "姓名");
  REQUIRE(name != nullptr);
  tablet.send_event({.node = name->id, .kind = SemanticEvent::Kind::draft, .text = "王敏"});
  tablet.pass(1);
  tablet.hide_and_restart();
  const SemanticNode* again = tablet.find_like(Role::text_box, "姓名");
  REQUIRE_MESSAGE(again != nullptr, tablet.outline());
  CHECK(again->value == "王敏");
}

TEST_CASE("a draft is called by its name in the language in which it is offered") {
  Tablet tablet;
  tablet.press_button("新建客户");
  tablet.type("客户名称", "先写的公司");
  tablet.press_button("返回");
  tablet.press_button("存为草稿并离开");
  tablet.platform.preferences_now.chinese = false;
  tablet.platform.request_frame();
  tablet.rest();
  tablet.go("today");
  CHECK_MESSAGE(tablet.shows("New customer · 先写的公司"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("新建客户"), tablet.outline());
}

TEST_CASE("a visit's somebody else stays chosen over a restart, with a name and without, and what was folded out stays out") {
  DraftTablet tablet;
  const auto visit = [&] {
    tablet.go("list/customer");
    tablet.type("搜索客户", "东方酒店");
    tablet.press(Role::row, "东方酒店");
    tablet.press_button("记录拜访");
    tablet.press_button("其他人…");
  };
  const auto chosen = [&](std::string_view name) {
    const SemanticNode* chip = tablet.find_like(Role::button, name);
    return chip && chip->checked == Checked::on;
  };
  visit();
  REQUIRE_MESSAGE(chosen("其他人…"), tablet.outline());
  tablet.type_and_die("一句话记下来", "和新人谈");
  CHECK_MESSAGE(tablet.typed("一句话记下来") == "和新人谈", tablet.outline());
  CHECK_MESSAGE(chosen("其他人…"), tablet.outline());
  CHECK_MESSAGE(!chosen("冯国栋"), tablet.outline());
  tablet.type_and_die("联系人姓名", "赵六");
  CHECK_MESSAGE(tablet.typed("联系人姓名") == "赵六", tablet.outline());
  CHECK_MESSAGE(!chosen("冯国栋"), tablet.outline());
  tablet.press_button("更多内容");
  tablet.type_and_die("客户反馈", "反馈很长一句");
  CHECK_MESSAGE(tablet.typed("客户反馈") == "反馈很长一句", tablet.outline());
  tablet.press_button("返回");
  tablet.press_button("放弃填写");
  tablet.go("visit/interaction");  // nobody chosen yet: the customer's first contact is proposed as ever
  tablet.press_button("博海餐饮");
  CHECK_MESSAGE(chosen("张三"), tablet.outline());
}

TEST_CASE("a draft that is gone on with on another day holds what stood in its fields: day, plan, person") {
  SampleTablet tablet;
  constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;
  const auto visit = [&](std::string_view how) {
    tablet.go("list/customer");
    tablet.type("搜索客户", "东方酒店");
    tablet.press(Role::row, "东方酒店");
    tablet.press_button(how);
  };
  const auto days_pass = [&] {
    tablet.pass(pause_ms);
    tablet.platform.wall_clock_ms += 3 * day_ms;
    tablet.die_and_restart();
  };
  SUBCASE("a visit") {
    visit("记录拜访");
    const std::string when = tablet.typed("时间");
    tablet.type("一句话记下来", "写到一半平板没电了");
    days_pass();
    CHECK_MESSAGE(tablet.typed("一句话记下来") == "写到一半平板没电了", tablet.outline());
    CHECK_MESSAGE(tablet.typed("时间") == when, tablet.outline());
    tablet.press_button("返回");
    tablet.press_button("存为草稿并离开");
    visit("记录拜访");
    CHECK_MESSAGE(tablet.typed("时间") != when, tablet.outline());
    tablet.press_button("接着填写");
    CHECK_MESSAGE(tablet.typed("时间") == when, tablet.outline());
    CHECK_MESSAGE(tablet.find_like(Role::button, "更多内容") != nullptr, tablet.outline());  // nobody has said anything there
    tablet.type("一句话记下来", "");
    tablet.press_button("返回");  // nothing is typed any more: what only stood there is no reason to ask
    CHECK_MESSAGE(tablet.find_like(Role::dialog, "还有没保存的内容") == nullptr, tablet.outline());
  }
  SUBCASE("a plan") {
    visit("计划拜访");
    const std::string when = tablet.typed("时间");
    tablet.type("目的", "谈小吧补货");
    days_pass();
    CHECK_MESSAGE(tablet.typed("时间") == when, tablet.outline());
  }
  SUBCASE("the person who was proposed") {
    visit("记录拜访");
    tablet.type("一句话记下来", "写到一半平板没电了");
    const auto chosen = [&](std::string_view name) {
      const SemanticNode* chip = tablet.find_like(Role::button, name);
      return chip && chip->checked == Checked::on;
    };
    REQUIRE_MESSAGE(chosen("冯国栋"), tablet.outline());
    tablet.press_button("返回");
    tablet.press_button("存为草稿并离开");
    tablet.go("form/contact");
    tablet.type("联系人姓名", "新来的总经理");
    tablet.press(Role::combo_box, "单位名称");
    tablet.press(Role::option, "东方酒店");
    tablet.press(Role::switch_control, "主要联系人");
    tablet.press_button("保存");
    visit("记录拜访");
    CHECK_MESSAGE(!chosen("冯国栋"), tablet.outline());
    tablet.press_button("接着填写");
    CHECK_MESSAGE(chosen("冯国栋"), tablet.outline());
    CHECK_MESSAGE(!chosen("新来的总经理"), tablet.outline());
  }
  SUBCASE("a form with a day in it") {
    tablet.go("form/customer");
    tablet.type("客户名称", "半途而废公司");
    tablet.press_button("填写更多资料");
    const std::string when = tablet.typed("建档日期");
    days_pass();
    CHECK_MESSAGE(tablet.typed("客户名称") == "半途而废公司", tablet.outline());
    tablet.press_button("填写更多资料");
    CHECK_MESSAGE(tablet.typed("建档日期") == when, tablet.outline());
  }
}

TEST_CASE("whom a plan names by hand is shown when its result is recorded") {
  SampleTablet tablet;
  const auto visit = [&](std::string_view how) {
    tablet.go("list/customer");
    tablet.type("搜索客户", "新开的餐厅");
    tablet.press(Role::row, "新开的餐厅");
    tablet.press_button(how);
  };
  tablet.go("form/customer");
  tablet.type("客户名称", "新开的餐厅");
  tablet.type("电话", "020-83330000");
  tablet.press_button("保存");
  tablet.go("form/contact");
  tablet.type("联系人姓名", "李一");
  tablet.press(Role::combo_box, "单位名称");
  tablet.enter("", "新开的餐厅");
  tablet.press_button("保存");
  visit("计划拜访");
  tablet.press_button("其他人…");
  tablet.type("联系人姓名", "王五");
  tablet.type("目的", "谈小吧补货");
  tablet.press_button("保存");
  SUBCASE("from the plan itself") {
    tablet.press_button("记录结果");  // upon the customer's page, to the plan
    tablet.press_button("记录结果");
  }
  SUBCASE("from a visit that turns out to be the plan") {
    tablet.platform.wall_clock_ms += 5LL * 24 * 60 * 60 * 1000;
    visit("记录拜访");
    tablet.press_button("就是它");
    CHECK_MESSAGE(tablet.find_like(Role::heading, "记录结果") != nullptr, tablet.outline());
  }
  CHECK_MESSAGE(tablet.typed("联系人姓名") == "王五", tablet.outline());
}

TEST_CASE("every draft stands on Today, however many there are") {
  SampleTablet tablet;
  for (int number = 1; number <= 7; ++number) {
    tablet.go("form/customer");
    tablet.type("客户名称", "没写完的公司" + std::to_string(number));
    tablet.press_button("返回");
    tablet.press_button("存为草稿并离开");
  }
  tablet.go("today");
  for (int number = 1; number <= 7; ++number) {
    CHECK_MESSAGE(tablet.shows("没写完的公司" + std::to_string(number)), tablet.outline());
  }
}

TEST_CASE("F2: what a person puts back to what it was, after a rule had made something else of it, is so after a reload, and saved so") {
  SampleTablet tablet;
  tablet.section("机会");
  tablet.press_button("冬季团伴手礼");
  tablet.press_button("编辑");
  const auto level = [&] { return tablet.find_like(Role::combo_box, "有望度")->value; };
  REQUIRE_MESSAGE(level().starts_with("A"), tablet.outline());
  tablet.choose("销售阶段", "客户需求分析");
  REQUIRE(level().starts_with("B"));
  tablet.choose("有望度", "A级");
  tablet.type("备注", "客户换了负责人，要重新谈需求");
  CHECK(level().starts_with("A"));
  tablet.pass(3000);
  tablet.die_and_restart();
  REQUIRE_MESSAGE(tablet.find_like(Role::combo_box, "有望度") != nullptr, tablet.outline());
  CHECK_MESSAGE(level().starts_with("A"), tablet.outline());
  CHECK(tablet.typed("备注") == "客户换了负责人，要重新谈需求");
  tablet.press_button("保存");
  tablet.press_button("冬季团伴手礼");  // saved: back on the board
  CHECK_MESSAGE(tablet.shows("A级"), tablet.outline());
  CHECK_MESSAGE(!tablet.shows("B级"), tablet.outline());
}
