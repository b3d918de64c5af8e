// What a person typed is not lost, whatever ends the page; and what was saved or thrown away does not come back.
// What each form and dialog keeps: app_drafts_kept_test.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "core/store/drafts.h"
#include "core/sync/sync.h"
#include "tests/support/draft_tablet.h"
#include "tests/support/store_fixture.h"

using namespace kehubu;
using namespace kehubu::test;

TEST_CASE("F2: a tab that dies in the middle of a form comes back with what was typed; saved or discarded, nothing is offered") {
  EmptyTablet tablet;
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
  EmptyTablet tablet;
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
  EmptyTablet tablet;
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
  EmptyTablet tablet;
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
  EmptyTablet tablet;
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
  tablet.pass(typing_pause_ms);
  tablet.die_and_restart();
  CHECK_MESSAGE(warns(), tablet.outline());
  tablet.type("地址", "新：二号门");
  CHECK_MESSAGE(!warns(), tablet.outline());
}

TEST_CASE("F2: who leaves a form by the browser's own button or by another address has that page's address afterwards, and there opens it again") {
  EmptyTablet tablet;
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

TEST_CASE("F2: an update in the middle of a form keeps what was typed") {
  EmptyTablet tablet;
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
  REQUIRE(drafts.newest_of("form/customer").value());
  CHECK(drafts.newest_of("form/customer").value()->content == "name");
  CHECK(drafts.list().value().at(0).content.empty());
  CHECK(drafts.list().value().at(0).title.zh == "新建客户 · 秘密公司");
  CHECK(drafts.forget_by(kept.id, [&] { return fixture.create(catalog::customer, {{"name", "秘密公司"}}) != Id{}; }).value());
  CHECK(drafts.all().value().empty());
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("drafts that cannot be read are never taken for none") {
  StoreFixture fixture;
  Drafts drafts(internals(*fixture.store));
  REQUIRE(drafts.keep({.id = new_id(fixture.environment), .address = "form/customer", .title = {"新建客户", "New customer"}, .content = "name"}));
  const std::int64_t before = drafts.revision();
  REQUIRE(Database(internals(*fixture.store).connection()).execute("DROP TABLE local_draft"));
  CHECK_FALSE(drafts.all());
  CHECK_FALSE(drafts.list());
  CHECK_FALSE(drafts.newest_of("form/customer"));
  CHECK(drafts.revision() == before);
}

TEST_CASE("F3: a bundle is in the history on disk before the file leaves") {
  EmptyTablet tablet;
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
  EmptyTablet first;
  first.press_button("新建客户");
  first.type("客户名称", "半途而废公司");
  first.pass(typing_pause_ms);
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
  EmptyTablet tablet;
  tablet.platform.write_local_setting("take_over", "1");
  tablet.restart();  // the other tab was closed meanwhile
  CHECK(tablet.platform.read_local_setting("take_over").empty());
}

TEST_CASE("a draft has one time wherever it is told of, and a tap that discards it can be taken back") {
  EmptyTablet tablet;
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
  tablet.pass(typing_pause_ms);
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

TEST_CASE("a draft is called by its name in the language in which it is offered") {
  EmptyTablet tablet;
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
