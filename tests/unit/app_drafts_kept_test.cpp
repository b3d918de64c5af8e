// What a draft holds, of each form and dialog in which one types: what stood in its fields comes back, and nothing else.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/draft_tablet.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

TEST_CASE("F2: what cannot be read yet, the lines of a contract and a visit come back as they were typed") {
  EmptyTablet tablet;
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
    tablet.pass(typing_pause_ms);
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
  EmptyTablet tablet;
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
  EmptyTablet tablet;
  const std::string csv = "单位,谁,说明\n博海餐饮,张三,老客户\n长江酒店,李四,新客户\n";
  tablet.platform.files_to_pick = {{.name = "名单.csv", .bytes = Bytes(csv.begin(), csv.end())}};
  tablet.go("import/customer");
  tablet.press_button("选择表格文件");
  REQUIRE_MESSAGE(tablet.shows("名单.csv"), tablet.outline());
  tablet.choose("说明", "不导入");
  const std::string chosen = tablet.find_like(Role::combo_box, "说明")->value;
  tablet.pass(typing_pause_ms);
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

TEST_CASE("a visit that carries out a plan does so after a restart, too") {
  DraftTablet tablet;
  tablet.press(Role::link, "客户");
  tablet.press(Role::row, "东方酒店");
  tablet.press_button("记录拜访");
  tablet.type("一句话记下来", "谈妥小吧补货");
  tablet.press_button("就是它");
  REQUIRE_MESSAGE(tablet.find_like(Role::heading, "记录结果") != nullptr, tablet.outline());
  tablet.pass(typing_pause_ms);
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
    tablet.pass(typing_pause_ms);
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
