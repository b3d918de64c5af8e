#include <doctest/doctest.h>

#include <cfloat>
#include <set>
#include <string>
#include <utility>

#include "imgui.h"
#include "tests/support/gallery.h"
#include "tests/support/ui_fixture.h"

using namespace kehubu;
using namespace kehubu::test;

TEST_CASE_FIXTURE(UiFixture, "a button is pressed by a tap and by the keyboard, once each") {
  int presses = 0;
  const auto page = [&] { presses += ui.button("save", "保存") ? 1 : 0; };
  frame(page);
  tap(Role::button, "保存", page);
  CHECK(presses == 1);
  send({.node = mirror.find(Role::button, "保存")->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  frame(page);
  frame(page);
  CHECK(presses == 2);
}

TEST_CASE_FIXTURE(UiFixture, "a disabled button cannot be pressed") {
  int presses = 0;
  const auto page = [&] {
    presses += ui.button("save", "保存", {.disabled = true}) ? 1 : 0;
    ui.disabled(true, [&] { presses += ui.button("other", "其他") ? 1 : 0; });
  };
  frame(page);
  CHECK(mirror.find(Role::button, "保存")->disabled);
  CHECK(mirror.find(Role::button, "其他")->disabled);
  tap(Role::button, "保存", page);
  tap(Role::button, "其他", page);
  send({.node = mirror.find(Role::button, "保存")->id, .kind = SemanticEvent::Kind::activate, .text = {}});
  frame(page);
  CHECK(presses == 0);
}

TEST_CASE_FIXTURE(UiFixture, "a page at rest asks for no frame") {
  const auto page = [&] {
    ui.row("row", {.align = Align::end}, [&] { (void)ui.button("a", "甲"); });
    ui.card("card", {}, [&] { ui.text("文字"); });
    (void)ui.list_row("row2", {.title = "行"});
  };
  rest(page);
  platform.clear_requests();
  CHECK(frame(page) == 1);
  CHECK_FALSE(ui.wants_frame());
  CHECK_FALSE(platform.frame_requested);
  CHECK(platform.frame_after_ms < 0);
}

TEST_CASE_FIXTURE(UiFixture, "a row aligned to the end stands there in the very first frame that is shown") {
  const auto page = [&] {
    ui.row("row", {.align = Align::end}, [&] {
      (void)ui.button("a", "甲");
      (void)ui.button("b", "乙");
    });
  };
  frame(page);
  const Rectangle last = mirror.find(Role::button, "乙")->rectangle;
  CHECK(last.left + last.width == doctest::Approx(ui.screen().width));
}

TEST_CASE_FIXTURE(UiFixture, "a button at the end grows with its label, and is never squeezed to nothing") {
  std::string label = "导入";
  bool has_more = false;
  const auto page = [&] {
    ui.row("row", {.align = Align::end, .wrap = false}, [&] {
      (void)ui.button("a", "文件");
      if (has_more) {
        (void)ui.button("b", "更多");
      }
      (void)ui.button("c", label);
    });
  };
  frame(page);
  const float natural = mirror.find(Role::button, label)->rectangle.width;
  label = "导入六十一条客户记录";
  has_more = true;
  frame(page);
  const Rectangle grown = mirror.find(Role::button, label)->rectangle;
  CHECK(grown.width > natural + 50);
  CHECK(grown.left + grown.width == doctest::Approx(ui.screen().width));
  CHECK(mirror.find(Role::button, "更多")->rectangle.width >= Metrics::touch_target);
}

TEST_CASE_FIXTURE(UiFixture, "a stack has a gap of its own") {
  const auto page = [&] {
    ui.card("card", {}, [&] {
      ui.stack(Space::hair, [&] {
        ui.text("标题");
        ui.text("说明");
      });
      ui.text("下面");
    });
  };
  frame(page);
  const auto lower_edge = [&](std::string_view words) {
    const Rectangle& box = mirror.find(Role::text, words)->rectangle;
    return box.top + box.height;
  };
  CHECK(mirror.find(Role::text, "说明")->rectangle.top - lower_edge("标题") == doctest::Approx(pixels(Space::hair)));
  CHECK(mirror.find(Role::text, "下面")->rectangle.top - lower_edge("说明") > pixels(Space::hair));
}

TEST_CASE_FIXTURE(UiFixture, "a grid may set its lines closer than its columns") {
  const auto page = [&] {
    ui.grid("grid", {.min_column_width = 200, .max_columns = 2, .gap = Space::xl, .line_gap = Space::xs}, 4, [&](int cell) { (void)ui.button(std::to_string(cell), "格" + std::to_string(cell), {.fill_width = true}); });
  };
  frame(page);
  const Rectangle first = mirror.find(Role::button, "格0")->rectangle;
  CHECK(mirror.find(Role::button, "格1")->rectangle.left - (first.left + first.width) == doctest::Approx(pixels(Space::xl)));
  CHECK(mirror.find(Role::button, "格2")->rectangle.top - (first.top + first.height) == doctest::Approx(pixels(Space::xs)));
}

TEST_CASE_FIXTURE(UiFixture, "a wrapped row shows a long title whole") {
  platform.viewport_now.width = 200;
  const auto page = [&] {
    (void)ui.list_row("short", {.title = "短题", .subtitle = "客户", .wrap = true});
    (void)ui.list_row("long", {.title = "春节堆头与年货大礼包联合陈列以及试吃活动", .subtitle = "恒丰超市", .wrap = true});
  };
  frame(page);
  const auto height_of = [&](std::string_view name) { return mirror.find(Role::button, name)->rectangle.height; };
  CHECK(height_of("春节堆头与年货大礼包联合陈列以及试吃活动, 恒丰超市") >= height_of("短题, 客户") + Theme::text_style(TextStyle::body).line_height);
}

TEST_CASE_FIXTURE(UiFixture, "an index brings its section to the top of the page") {
  bool jump = false;
  const auto page = [&] {
    ui.area("page", ui.screen(), {.padding = Space::none}, [&] {
      for (int index = 0; index < 40; ++index) {
        if (index == 20 && std::exchange(jump, false)) {
          ui.scroll_here();
        }
        (void)ui.button(std::to_string(index), "第" + std::to_string(index));
      }
    });
  };
  frame(page);
  REQUIRE(mirror.find(Role::button, "第20")->rectangle.top > ui.screen().height / 2);
  jump = true;
  frame(page);
  CHECK(mirror.find(Role::button, "第20")->rectangle.top <= pixels(Space::m));
  CHECK(mirror.find(Role::button, "第20")->rectangle.top >= 0);
}

TEST_CASE_FIXTURE(UiFixture, "a toast stands above the bottom bar wherever there is one") {
  for (const float width : {390.0F, 820.0F}) {
    platform.viewport_now.width = width;
    platform.viewport_now.height = 1000;
    ui.toast({.message = "已保存"});
    const auto page = [] {};
    frame(page);
    const Rectangle words = mirror.find(Role::status, "已保存")->rectangle;
    CHECK(words.top + words.height <= 1000 - Metrics::bar_height);
  }
}

TEST_CASE_FIXTURE(UiFixture, "the parts of a segmented control are as wide as each other, as their words, or below each other: nothing is cut") {
  const std::string_view labels[] = {"不安排", "分到 10 个工作日", "下个工作日"};
  float width = 1000;
  frame([] {});  // letters have a size
  const auto parts = [&] {
    frame([&] { ui.width_limit(width, [&] { (void)ui.segmented("when", "什么时候", labels, 0); }); });
    std::vector<Rectangle> places;
    for (const std::string_view label : labels) {
      places.push_back(mirror.find(Role::radio, label)->rectangle);
      CHECK(places.back().width >= ui.text_width(label, TextStyle::body_strong) + 2 * 8);
      CHECK(places.back().left + places.back().width <= places.front().left + width + 0.5F);
    }
    return places;
  };
  const float words = ui.text_width(labels[1], TextStyle::body_strong);
  width = 3 * words + 200;
  const auto wide = parts();
  CHECK(wide[0].width == wide[1].width);
  CHECK(wide[0].top == wide[2].top);
  width = ui.text_width(labels[0], TextStyle::body_strong) + words + ui.text_width(labels[2], TextStyle::body_strong) + 80;
  REQUIRE(width < 3 * words + 80);
  const auto narrow = parts();
  CHECK(narrow[0].width < narrow[1].width);
  CHECK(narrow[0].top == narrow[2].top);
  width = words + 60;
  const auto stacked = parts();
  CHECK(stacked[1].top >= stacked[0].top + stacked[0].height);
  CHECK(stacked[2].top >= stacked[1].top + stacked[1].height);
}

TEST_CASE_FIXTURE(UiFixture, "a row wraps instead of squeezing") {
  platform.viewport_now.width = 390;
  const auto page = [&] {
    ui.row("row", {}, [&] {
      for (int index = 0; index < 6; ++index) {
        (void)ui.button("b" + std::to_string(index), "按钮" + std::to_string(index));
      }
    });
    ui.text("下面");
  };
  frame(page);
  float lowest = 0;
  for (const SemanticNode& node : mirror.tree.nodes) {
    if (node.role == Role::button) {
      CHECK(node.rectangle.left + node.rectangle.width <= 390);
      lowest = std::max(lowest, node.rectangle.top + node.rectangle.height);
    }
  }
  CHECK(lowest > Metrics::control_height);
  CHECK(mirror.find(Role::text, "下面")->rectangle.top >= lowest);
}

TEST_CASE_FIXTURE(UiFixture, "a field takes drafts, commits on blur, submits on Enter") {
  std::string value = "博海";
  FieldResult result;
  const auto page = [&] { result = ui.text_field("name", value, {.field = {.label = "名称", .required = true}}); };
  frame(page);
  const SemanticNode* node = mirror.find(Role::text_box, "名称");
  REQUIRE(node != nullptr);
  const NodeId id = node->id;
  CHECK(node->required);
  CHECK(node->text_field.draft_seed == "博海");
  send({.node = id, .kind = SemanticEvent::Kind::focus, .text = {}});
  frame(page);
  CHECK(result.focused);
  send({.node = id, .kind = SemanticEvent::Kind::draft, .text = "博海餐饮"});
  frame(page);
  CHECK(result.changed);
  CHECK_FALSE(result.committed);
  CHECK(value == "博海餐饮");
  send({.node = id, .kind = SemanticEvent::Kind::submit, .text = "博海餐饮"});
  frame(page);
  CHECK(result.submitted);
  CHECK_FALSE(result.changed);
  send({.node = id, .kind = SemanticEvent::Kind::blur, .text = "博海餐饮公司"});
  frame(page);
  CHECK(result.committed);
  CHECK(result.changed);
  CHECK(value == "博海餐饮公司");
  CHECK_FALSE(result.focused);
}

TEST_CASE_FIXTURE(UiFixture, "a dialog blocks what is below it and closes by Escape") {
  bool open = true;
  int below = 0;
  int inside = 0;
  const auto page = [&] {
    ui.area("main", ui.screen(), {}, [&] { below += ui.button("below", "下面") ? 1 : 0; });
    ui.dialog("dialog", open, {.title = "补充"}, [&] { inside += ui.button("inside", "里面") ? 1 : 0; });
  };
  rest(page);
  REQUIRE(mirror.find(Role::dialog, "补充") != nullptr);
  CHECK(mirror.find(Role::dialog, "补充")->modal);
  CHECK(mirror.find(Role::button, "里面")->layer == 1);
  tap(Role::button, "里面", page);
  CHECK(inside == 1);
  // The tap outside closes the dialog and presses nothing.
  tap(Role::button, "下面", page);
  CHECK(below == 0);
  CHECK_FALSE(open);
  open = true;
  rest(page);
  key(ImGuiKey_Escape, page);
  CHECK_FALSE(open);
  rest(page);
  tap(Role::button, "下面", page);
  CHECK(below == 1);
}

TEST_CASE_FIXTURE(UiFixture, "a finger scrolls a list and presses nothing while it does") {
  std::int64_t pressed = -1;
  const auto page = [&] {
    ui.area("main", ui.screen(), {.scrolls = false}, [&] {
      const ListResult result = ui.list("list", {.count = 1'000'000, .name = "客户"},
                                        [&](std::int64_t index) { return ui.list_row("row", {.title = "客户" + std::to_string(index)}); });
      pressed = result.activated >= 0 ? result.activated : pressed;
    });
  };
  rest(page);
  CHECK(mirror.count(Role::list_item) < 20);
  CHECK(mirror.find(Role::button, "客户0") != nullptr);
  pointer_down({500, 600}, true);
  frame(page);
  for (int step = 1; step <= 10; ++step) {
    pointer_move({500, 600.0F - static_cast<float>(step) * 30});
    frame(page);
  }
  pointer_up();
  frame(page);
  CHECK(pressed == -1);
  CHECK(mirror.find(Role::button, "客户0") == nullptr);
  CHECK(ui.wants_frame());  // it was flung
  rest(page);
  CHECK(pressed == -1);
}

TEST_CASE_FIXTURE(UiFixture, "a finger flings a list on a device that makes six frames a second") {
  const auto page = [&] {
    (void)ui.list("list", {.count = 1000, .name = "客户", .height = 640},
                  [&](std::int64_t index) { return ui.list_row("row", {.title = "客户" + std::to_string(index)}); });
  };
  const auto first_top = [&] {
    const SemanticNode* first = mirror.find(Role::list_item, "");
    return static_cast<float>(first->position - 1) * Metrics::row_height - first->rectangle.top;
  };
  rest(page);
  pointer_down({500, 600}, true);
  frame(page);
  for (int step = 1; step <= 10; ++step) {
    pointer_move({500, 600.0F - static_cast<float>(step) * 40});
    frame(page, 160);
  }
  const float before = first_top();
  pointer_up();
  frame(page, 20);
  pointer_move({-FLT_MAX, -FLT_MAX});
  rest(page);
  CHECK(first_top() > before + 50);
}

TEST_CASE_FIXTURE(UiFixture, "the keyboard reaches the last row of a million, and the row is there to be focused") {
  const auto page = [&] {
    (void)ui.list("list", {.count = 1'000'000, .name = "客户", .height = 640},
                  [&](std::int64_t index) { return ui.list_row("row", {.title = "客户" + std::to_string(index)}); });
  };
  rest(page);
  CHECK(mirror.find(Role::button, "客户0")->tab_stop);
  CHECK_FALSE(mirror.find(Role::button, "客户1")->tab_stop);
  send({.node = mirror.find(Role::button, "客户0")->id, .kind = SemanticEvent::Kind::focus, .text = {}, .from_keyboard = true});
  frame(page);
  key(ImGuiKey_End, page);
  rest(page);
  const SemanticNode* last = mirror.find(Role::button, "客户999999");
  REQUIRE(last != nullptr);
  CHECK(last->tab_stop);
  CHECK(last->rectangle.top == 640 - Metrics::row_height);
  const SemanticNode* item = mirror.find(Role::list_item, "");
  REQUIRE(item != nullptr);
  CHECK(item->set_size == 1'000'000);
}

TEST_CASE_FIXTURE(UiFixture, "a table sorts by its head and keeps its frozen column") {
  static constexpr TableColumn columns[] = {{"name", "客户", 0, 1, 400, Align::start, true}, {"amount", "金额", 0, 1, 400, Align::end}, {"date", "日期", 0, 1, 400}};
  TableResult result;
  const auto page = [&] {
    const TableResult now = ui.table("table", {.row_count = 5, .name = "表", .height = 400, .frozen_columns = 1}, columns, [](std::int64_t row, int column) -> TableCell {
      return {.text = std::to_string(row) + "/" + std::to_string(column)};
    });
    result.sort_clicked = std::max(result.sort_clicked, now.sort_clicked);
    result.activated = std::max(result.activated, now.activated);
  };
  platform.viewport_now.width = 820;
  rest(page);
  tap(Role::column_header, "客户", page);
  CHECK(result.sort_clicked == 0);
  tap(Role::row, "3/0, 3/1, 3/2", page);
  CHECK(result.activated == 3);
  const float frozen = mirror.find(Role::cell, "0/0")->rectangle.left;
  const float scrolled = mirror.find(Role::cell, "0/2")->rectangle.left;
  ImGui::GetIO().AddMouseWheelEvent(-2, 0);
  frame(page);
  CHECK(mirror.find(Role::cell, "0/0")->rectangle.left == frozen);
  CHECK(mirror.find(Role::cell, "0/2")->rectangle.left == scrolled - 200);
}

TEST_CASE_FIXTURE(UiFixture, "columns are as wide as their title and their widest content; what is left goes to those that ask for it") {
  static constexpr TableColumn columns[] = {{"name", "客户", 0, 1, 100}, {"number", "编号", 0, 0, 0, Align::start, true, "K-R07A-261122-001"}, {"state", "Waiting for approval", 0, 0, 0}};
  const auto page = [&] {
    (void)ui.table("table", {.row_count = 1, .name = "表", .height = 400}, columns, [](std::int64_t, int column) -> TableCell { return {.text = "cell " + std::to_string(column)}; });
  };
  const auto width = [&](std::string_view name) { return mirror.find(Role::cell, name)->rectangle.width; };
  platform.viewport_now.width = 1180;
  rest(page);
  const float number = width("cell 1"), state = width("cell 2");
  CHECK(number > 100);
  CHECK(mirror.find(Role::cell, "cell 2")->rectangle.left + state == doctest::Approx(1180));
  platform.viewport_now.width = 820;
  rest(page);
  CHECK(width("cell 1") == number);
  CHECK(width("cell 2") == state);
  CHECK(width("cell 0") == doctest::Approx(820 - number - state));
  platform.viewport_now.width = 200;  // too narrow for all: nothing shrinks, the rest is reached by scrolling
  rest(page);
  CHECK(width("cell 0") == 100);
  CHECK(width("cell 1") == number);
}

TEST_CASE_FIXTURE(UiFixture, "two buttons at the end of a row stand beside each other again as soon as there is room for both") {
  std::string label = "先不保存，等刘芳回来再说";
  const auto page = [&] {
    ui.width_limit(280, [&] {
      ui.row("actions", {.gap = Space::m, .align = Align::end}, [&] {
        (void)ui.button("cancel", "取消");
        (void)ui.button("confirm", label);
      });
    });
  };
  rest(page);
  REQUIRE(mirror.find(Role::button, label)->rectangle.top > mirror.find(Role::button, "取消")->rectangle.top);
  label = "保存";
  rest(page);
  const Rectangle cancel = mirror.find(Role::button, "取消")->rectangle, save = mirror.find(Role::button, "保存")->rectangle;
  CHECK(save.top == cancel.top);
  CHECK(save.left + save.width == doctest::Approx(280));
}

TEST_CASE_FIXTURE(UiFixture, "a value with a label of two lines begins where its neighbour of one line begins") {
  const auto page = [&] {
    (void)ui.key_value_button("one", {.label = "主题", .value = "甲"});
    (void)ui.key_value_button("two", {.label = "一个很长很长很长的字段名称", .value = "乙"});
  };
  rest(page);
  // Words stand in the middle of their button: another line makes it higher by a line, above and below as before.
  const float one = mirror.find(Role::button, "主题, 甲")->rectangle.height, two = mirror.find(Role::button, "一个很长很长很长的字段名称, 乙")->rectangle.height;
  CHECK(two - one == Theme::text_style(TextStyle::body).line_height);
}

TEST_CASE_FIXTURE(UiFixture, "a row's title is not cut while the second line has room for what stands at its end") {
  const std::string title = "Chancheng Co-op Foods";
  const auto drawn_letters = [&](std::string_view trailing, std::string_view badge) {
    const auto page = [&] {
      ui.width_limit(260, [&] { (void)ui.list_row("row", {.title = title, .subtitle = "0757", .trailing = trailing, .badge = badge}); });
    };
    rest(page);
    // Of the first line: a box each, of four corners, blanks left out.
    const Rectangle row = mirror.tree.nodes.back().rectangle;
    const float middle = row.top + row.height / 2;
    std::set<float> lefts;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
      for (const ImDrawVert& vertex : list->VtxBuffer) {
        if (vertex.pos.y > row.top + 4 && vertex.pos.y < middle - 2 && vertex.pos.x < row.left + 256) {
          lefts.insert(vertex.pos.x);
        }
      }
    }
    return lefts.size();
  };
  const std::size_t alone = drawn_letters("", "");
  CHECK(drawn_letters("¥1,502,000.00", "") == alone);
  CHECK(drawn_letters("¥1,502,000.00", "Active") == alone);
  CHECK(drawn_letters("", "Level O prospect") == alone);
  CHECK(drawn_letters("¥5", "") > alone);  // there is room beside it
}

TEST_CASE_FIXTURE(UiFixture, "a combo offers its options and takes the one that is pressed") {
  std::string value;
  const std::vector<Option> options = {{"a", "甲"}, {"b", "乙"}};
  bool changed = false;
  const auto page = [&] { changed = ui.combo("level", value, options, {.field = {.label = "级别"}}) || changed; };
  rest(page);
  tap(Role::combo_box, "级别", page);
  rest(page);
  REQUIRE(mirror.find(Role::option, "乙") != nullptr);
  tap(Role::option, "乙", page);
  rest(page);
  CHECK(changed);
  CHECK(value == "b");
  CHECK(mirror.find(Role::option, "乙") == nullptr);
  CHECK(mirror.find(Role::combo_box, "级别")->value == "乙");
}

TEST_CASE_FIXTURE(UiFixture, "a toast is announced, undone, and goes away by itself") {
  bool undone = false;
  const auto page = [&] {};
  ui.toast({.message = "已删除", .action_label = "撤销", .action = [&] { undone = true; }});
  frame(page);
  REQUIRE(mirror.find(Role::status, "已删除") != nullptr);
  tap(Role::button, "撤销", page);
  CHECK(undone);
  rest(page);
  CHECK(mirror.find(Role::status, "已删除") == nullptr);
  ui.toast({.message = "第二条", .seconds = 2});
  platform.clear_requests();
  frame(page);
  CHECK(platform.frame_after_ms > 1900);
  // And again when a frame comes in between, for that may have used up the timer.
  platform.clear_requests();
  frame(page, 500);
  CHECK(platform.frame_after_ms > 1400);
  frame(page, 1600);
  frame(page);
  CHECK(mirror.find(Role::status, "第二条") == nullptr);
}

TEST_CASE_FIXTURE(UiFixture, "a toast that comes up or changes while a finger is down does not take the tap") {
  int presses = 0;
  const auto page = [&] { presses += ui.button("save", "保存") ? 1 : 0; };
  rest(page);
  const Point button = center(mirror.find(Role::button, "保存")->rectangle);
  for (int round = 1; round <= 3; ++round) {
    pointer_down(button, true);
    frame(page);
    ui.toast({.message = "已保存", .seconds = 1});
    frame(page);
    pointer_up();
    frame(page);
    frame(page);
    CHECK(presses == round);
    if (round == 2) {
      frame(page, 1100);
      rest(page);
    }
  }
  // It goes away while the finger is down.
  pointer_down(button, true);
  frame(page);
  frame(page, 1100);
  frame(page);
  pointer_up();
  frame(page);
  frame(page);
  CHECK(presses == 4);
}

TEST_CASE_FIXTURE(UiFixture, "a tap presses what was under it, even when that moves away before it ends") {
  int presses = 0;
  bool finger = false;
  bool hint = false;
  const auto page = [&] {
    if (hint) {
      ui.text("至少一位\n提示\n提示\n提示\n提示\n提示");
    }
    presses += ui.button("save", "保存") ? 1 : 0;
    presses += ui.button("other", "别的") ? 100 : 0;
  };
  rest(page);
  const Point button = center(mirror.find(Role::button, "保存")->rectangle);
  for (int kind = 0; kind < 2; ++kind, finger = true, presses = 0) {
    pointer_down(button, finger);
    frame(page);
    hint = true;
    frame(page);
    pointer_up();
    frame(page);
    CHECK(presses == 1);
    // But who wanders off has changed his mind.
    hint = false;
    rest(page);
    pointer_down(button, finger);
    frame(page);
    pointer_move({button.x, button.y + 120});
    frame(page);
    pointer_up();
    frame(page);
    CHECK(presses == 1);
  }
}

TEST_CASE_FIXTURE(UiFixture, "a button that is pressed stays itself when another joins its row") {
  int presses = 0;
  bool more = false;
  const auto page = [&] {
    ui.row("end", {.align = Align::end, .wrap = false}, [&] {
      if (more) {
        presses += ui.button("export", "导出") ? 100 : 0;
      }
      presses += ui.button("new", "新建") ? 1 : 0;
    });
  };
  rest(page);
  pointer_down(center(mirror.find(Role::button, "新建")->rectangle));
  frame(page);
  more = true;
  frame(page);
  pointer_up();
  frame(page);
  CHECK(presses == 1);
}

TEST_CASE_FIXTURE(UiFixture, "a list that closes does not catch the next tap, however soon that comes") {
  std::string value;
  const std::vector<Option> options = {{"a", "甲"}, {"b", "乙"}};
  int presses = 0;
  const auto page = [&] {
    presses += ui.button("start", "开始") ? 1 : 0;
    static_cast<void>(ui.combo("level", value, options, {.field = {.label = "级别"}}));
  };
  rest(page);
  const Point button = center(mirror.find(Role::button, "开始")->rectangle);
  tap(Role::combo_box, "级别", page);
  rest(page);
  for (const Point point : {center(mirror.find(Role::option, "乙")->rectangle), button}) {
    pointer_down(point);
    frame(page);
    pointer_up();
    frame(page);
  }
  CHECK(value == "b");
  CHECK(presses == 1);
}

TEST_CASE_FIXTURE(UiFixture, "news gives way to newer news, a warning waits until it is read") {
  const auto page = [&] {};
  ui.toast({.message = "失败", .tone = Tone::danger, .seconds = 2});
  ui.toast({.message = "已保存甲"});
  ui.toast({.message = "已保存乙"});
  frame(page);
  CHECK(mirror.find(Role::alert, "失败") != nullptr);
  frame(page, 2100);
  frame(page);
  CHECK(mirror.find(Role::status, "已保存甲") == nullptr);
  CHECK(mirror.find(Role::status, "已保存乙") != nullptr);
}

TEST_CASE_FIXTURE(UiFixture, "what succeeds takes away the refusal that stood before it, not one that nobody has seen yet") {
  const auto page = [&] {};
  ui.toast({.message = "不能保存", .tone = Tone::danger, .seconds = 10});
  frame(page);
  REQUIRE(mirror.find(Role::alert, "不能保存") != nullptr);
  ui.toast({.message = "已换成新设备", .tone = Tone::success});
  frame(page);
  CHECK(mirror.find(Role::alert, "不能保存") == nullptr);
  CHECK(mirror.find(Role::status, "已换成新设备") != nullptr);
  ui.toast({.message = "请先选定一边", .tone = Tone::danger, .seconds = 10});
  frame(page);
  ui.toast({.message = "已重做", .action_label = "撤销", .action = [] {}});
  frame(page);
  CHECK(mirror.find(Role::alert, "请先选定一边") == nullptr);
  CHECK(mirror.find(Role::status, "已重做") != nullptr);
  ui.toast({.message = "没有登记", .tone = Tone::danger, .seconds = 10});
  ui.toast({.message = "已生成", .tone = Tone::success});
  frame(page);
  CHECK(mirror.find(Role::alert, "没有登记") != nullptr);
}

TEST_CASE_FIXTURE(UiFixture, "focus brings a field of a long form into view, above the soft keyboard") {
  std::string values[30];
  const auto page = [&] {
    ui.area("main", ui.screen(), {}, [&] {
      for (int index = 0; index < 30; ++index) {
        ui.text_field("f" + std::to_string(index), values[index], {.field = {.label = "字段" + std::to_string(index)}});
      }
    });
  };
  rest(page);
  platform.viewport_now.keyboard_height = 320;
  send({.node = mirror.find(Role::text_box, "字段25")->id, .kind = SemanticEvent::Kind::focus, .text = {}});
  frame(page);
  const Rectangle place = mirror.find(Role::text_box, "字段25")->rectangle;
  CHECK(place.top >= 0);
  CHECK(place.top + place.height <= 820 - 320);
}

namespace {

bool composite(Role role) {
  return role == Role::radio_group || role == Role::list_box || role == Role::menu || role == Role::grid || role == Role::row ||
         role == Role::list_item || role == Role::list;
}

// Everything that the semantic tree must promise, on every page and size.
void audit(const SemanticTree& tree) {
  std::set<NodeId> seen{0};
  for (const SemanticNode& node : tree.nodes) {
    INFO(static_cast<int>(node.role), " ", node.name);
    CHECK(seen.contains(node.parent));
    CHECK_FALSE(seen.contains(node.id));
    seen.insert(node.id);
    if (!node.interactive) {
      continue;
    }
    CHECK_FALSE(node.name.empty());
    CHECK(node.rectangle.width >= Metrics::touch_target);
    CHECK(node.rectangle.height >= Metrics::touch_target);
  }
  for (std::size_t first = 0; first < tree.nodes.size(); ++first) {
    for (std::size_t second = first + 1; second < tree.nodes.size(); ++second) {
      const SemanticNode& a = tree.nodes[first];
      const SemanticNode& b = tree.nodes[second];
      const auto parent = std::find_if(tree.nodes.begin(), tree.nodes.end(), [&](const SemanticNode& node) { return node.id == a.parent; });
      const bool together = parent != tree.nodes.end() && composite(parent->role);
      if (!a.interactive || !b.interactive || a.parent != b.parent || together || a.layer != b.layer) {
        continue;
      }
      const float across = std::max(a.rectangle.left, b.rectangle.left) - std::min(a.rectangle.left + a.rectangle.width, b.rectangle.left + b.rectangle.width);
      const float down = std::max(a.rectangle.top, b.rectangle.top) - std::min(a.rectangle.top + a.rectangle.height, b.rectangle.top + b.rectangle.height);
      INFO(a.name, " | ", b.name);
      CHECK(std::max(across, down) >= doctest::Approx(Metrics::touch_gap).epsilon(0.01));
    }
  }
}

}  // namespace

TEST_CASE("every control of the gallery is named, large enough and far enough from the next, at every size and pixel ratio") {
  for (const Viewport& viewport : {Viewport{1180, 820, 1}, Viewport{820, 1180, 1.25F}, Viewport{390, 844, 3}}) {
    for (const char* route : {"buttons", "fields", "list", "table", "pieces"}) {
      UiFixture fixture;
      fixture.platform.viewport_now = viewport;
      fixture.platform.route_now = route;
      Gallery gallery(fixture.platform, fixture.mirror);
      const auto draw = [&] { gallery.frame(); };
      const auto unsettled = [&] { return gallery.unsettled(); };
      INFO(route, " ", viewport.width);
      CHECK(fixture.whole_frame(draw, unsettled) < 4);
      CHECK(fixture.whole_frame(draw, unsettled) == 1);
      CHECK_FALSE(gallery.wants_frame());
      audit(fixture.mirror.tree);
    }
  }
}
