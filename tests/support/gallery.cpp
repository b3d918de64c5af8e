// The gallery: every widget on one page, without the product behind it. A page of its own (CMake: KEHUBU_GALLERY), for
// looking at widgets and for the browser tests that are about widgets.
#include "tests/support/gallery.h"

#include <string>
#include <vector>

namespace kehubu {

namespace {

constexpr std::int64_t long_list = 1'000'000;

std::string customer_name(std::int64_t index) {
  static constexpr const char* cities[] = {"广州", "深圳", "佛山", "东莞", "珠海", "中山", "惠州"};
  static constexpr const char* names[] = {"博海餐饮", "恒丰超市", "东方酒店", "华美宾馆", "锐达电子", "明辉商贸", "海味轩", "龘喆𬭛贸易"};
  return std::string(cities[index % 7]) + names[index % 8] + std::to_string(index + 1);
}

}  // namespace

Gallery::Gallery(Platform& platform, SemanticMirror& mirror) : platform_(platform), ui_(platform, mirror) {
  dark_ = platform.preferences().dark;
  ui_.set_theme(dark_ ? ThemeName::dark : ThemeName::light);
  platform.on_route_changed([this](std::string route, int) { route_ = std::move(route); platform_.request_frame(); });
  route_ = platform.route();
  platform.set_document(true, dark_ ? ThemeName::dark : ThemeName::light);
}

void Gallery::frame() {
  ui_.begin_frame();
  const Rectangle screen = ui_.screen();
  const bool phone = ui_.width_class() == WidthClass::phone;
  static constexpr NavigationItem pages[] = {
      {"buttons", "按钮", Icon::bolt}, {"fields", "表单", Icon::form}, {"list", "列表", Icon::list}, {"table", "表格", Icon::grid}, {"pieces", "组件", Icon::box}};
  std::vector<NavigationItem> items(std::begin(pages), std::end(pages));
  for (NavigationItem& item : items) {
    item.current = route_ == item.key || (route_.empty() && item.key == "buttons");
  }
  items[2].count = 12;
  const NavigationShape shape = phone ? NavigationShape::bottom_bar : ui_.width_class() == WidthClass::portrait ? NavigationShape::rail : NavigationShape::wide_rail;
  const float rail = phone ? 0 : shape == NavigationShape::rail ? Metrics::rail_width : Metrics::rail_wide_width;
  const Rectangle nav = phone ? Rectangle{screen.left, screen.top + screen.height - Metrics::bar_height - 6, screen.width, Metrics::bar_height + 6}
                              : Rectangle{screen.left, screen.top, rail, screen.height};
  const Rectangle content{screen.left + rail, screen.top, screen.width - rail, screen.height - (phone ? nav.height : 0)};
  ui_.area("nav", nav, {.scrolls = false, .background = ColorToken::surface, .padding = Space::none}, [&] {
    ui_.space(phone ? Space::xs : Space::l);
    if (const int pressed = ui_.navigation("pages", "主导航", shape, items); pressed >= 0) {
      route_ = items[static_cast<std::size_t>(pressed)].key;
      platform_.push_route(route_);
      platform_.request_frame();
    }
  });
  const bool is_list = route_ == "list" || route_ == "table";
  ui_.area("main", content, {.role = Role::main, .name = "内容", .scrolls = !is_list, .max_width = is_list ? 0.0F : Metrics::reading_width + 120}, [&] {
    if (route_ == "fields") {
      fields();
    } else if (route_ == "list") {
      list();
    } else if (route_ == "table") {
      table();
    } else if (route_ == "pieces") {
      pieces();
    } else {
      buttons();
    }
  });
  ui_.end_frame();
}

void Gallery::buttons() {
  ui_.heading("按钮与文字 Buttons", 1);
  ui_.row("kinds", {}, [&] {
    if (ui_.button("primary", "保存拜访", {.kind = ButtonKind::primary, .icon = Icon::check})) {
      ui_.toast({.message = "已保存：广州博海餐饮", .action_label = "撤销", .action = [this] { pressed_ = -100; }});
    }
    (void)ui_.button("secondary", "导出", {.icon = Icon::export_});
    if (ui_.button("danger", "删除客户", {.kind = ButtonKind::danger, .icon = Icon::trash})) {
      confirm_ = true;
    }
    (void)ui_.button("ghost", "了解更多", {.kind = ButtonKind::ghost});
    (void)ui_.button("off", "不可用", {.disabled = true});
  });
  if (ui_.confirm("sure", confirm_, {.title = "删除这个客户？", .sentence = "客户“广州博海餐饮”及其 12 次拜访将移入回收站，可以恢复。", .confirm_label = "删除", .danger = true}) == Confirmation::confirmed) {
    ++pressed_;
  }
  ui_.row("icons", {}, [&] {
    (void)ui_.icon_button("bell", Icon::bell, "通知", {.count = 3});
    if (ui_.icon_button("more", Icon::more, "更多", {.has_popup = true})) {
      menu_ = true;
    }
    const MenuItem items[] = {{"edit", "编辑", Icon::edit}, {"copy", "复制", Icon::copy, false, false, true}, {"del", "删除", Icon::trash, true, false, false, true}};
    (void)ui_.menu("menu", menu_, items);
    (void)ui_.icon_button("star", Icon::star, "收藏", {.selected = true});
    if (ui_.icon_button("theme", dark_ ? Icon::sun : Icon::moon, "切换主题")) {
      dark_ = !dark_;
      ui_.set_theme(dark_ ? ThemeName::dark : ThemeName::light);
      platform_.set_document(true, dark_ ? ThemeName::dark : ThemeName::light);
      platform_.request_frame();
    }
    (void)ui_.link("link", "查看全部");
  });
  const TabItem tabs[] = {{"all", "全部", Icon::none, 128}, {"mine", "我的", Icon::none, 12}, {"due", "到期", Icon::clock, 3}, {"won", "成交"}};
  if (const int tab = ui_.tabs("tabs", "客户分类", tabs, tab_); tab >= 0) {
    tab_ = tab;
  }
  ui_.scroll_row("chips", Space::s, [&] {
    static constexpr const char* names[] = {"A 级", "B 级", "C 级", "本周到期", "华南", "有商机", "有投诉", "三个月未拜访", "生日将近"};
    for (int index = 0; index < 9; ++index) {
      if (ui_.chip(names[index], names[index], {.selected = (chips_ >> index & 1) != 0})) {
        chips_ ^= 1 << index;
      }
    }
    (void)ui_.chip("removable", "负责人：王敏", {.removable = true});
  });
  ui_.row("badges", {.gap = Space::s}, [&] {
    ui_.badge("草稿");
    ui_.badge("进行中", {.tone = Tone::info});
    ui_.badge("已批准", {.tone = Tone::success, .icon = Icon::check});
    ui_.badge("即将到期", {.tone = Tone::warning});
    ui_.badge("逾期 2 天", {.tone = Tone::danger});
    ui_.badge("12", {.tone = Tone::danger, .strong = true});
  });
  ui_.grid("stats", {.min_column_width = 200}, 4, [&](int cell) {
    static constexpr StatisticOptions cells[] = {{"本月销售额", "¥1,234,567.00", "+12.4 %", Tone::success, "较上月", Icon::money, true},
                                                 {"拜访次数", "48", "-3", Tone::danger, "目标 60", Icon::visit, true},
                                                 {"待收款", "¥38,000.00", "", Tone::neutral, "", Icon::receipt, true},
                                                 {"客户数", "128", "", Tone::neutral, "其中 A 级 12", Icon::customers, false}};
    (void)ui_.statistic("s", cells[cell]);
  });
  ui_.card("text", {.name = "文字"}, [&] {
    ui_.heading("客情维护 Headings", 2);
    ui_.text("业务员应当在拜访之前做好准备：了解客户近况，检查样品、名片与彩页；拜访之后当天填写记录（包括下次拜访时间），“先记录，后总结”。The quick brown fox jumps over the lazy dog — AV To fi 1,234.50.");
    ui_.muted("次要文字：龘 喆 𬭛 㐱 · emoji 👍🎂👩‍🔬 · é ñ ü");
    ui_.text("单行省略：这是一段非常非常长的文字，它在一行里放不下，所以要在末尾用省略号表示还有更多的内容没有显示出来，真的很长很长很长很长。", {.max_lines = 1});
    ui_.divider();
    ui_.key_value({.label = "客户编号", .value = "K-R07A-261124-001"});
    ui_.key_value({.label = "地址", .value = "广东省广州市天河区体育西路 103 号维多利广场 A 塔 28 层 2801–2806 室"});
    if (ui_.key_value_button("call", {.label = "电话", .value = "138 0000 1234", .action_icon = Icon::phone, .action_name = "拨打"})) {
      ++pressed_;
    }
  });
}

void Gallery::fields() {
  ui_.heading("新建拜访 Fields", 1);
  ui_.card("form", {}, [&] {
    constexpr float halves[] = {1, 1};
    ui_.columns("line", halves, 260, [&](int column) {
      if (column == 0) {
        ui_.text_field("name", name_, {.field = {.label = "客户名称", .required = true, .error = name_.empty() ? "请填写客户名称。" : "", .placeholder = "公司全称"}});
      } else {
        ui_.text_field("phone", phone_, {.field = {.label = "电话", .hint = "手机或座机"}, .mode = InputMode::telephone, .icon = Icon::phone});
      }
    });
    ui_.columns("line2", halves, 260, [&](int column) {
      if (column == 0) {
        ui_.money_field("amount", amount_, {.field = {.label = "金额"}, .suffix = "元", .align_end = true});
      } else {
        ui_.date_field("date", date_, {.field = {.label = "下次拜访"}});
      }
    });
    static const std::vector<Option> levels = {{"o", "O 级（重点）"}, {"a", "A 级"}, {"b", "B 级"}, {"c", "C 级"}};
    static const std::vector<Option> cities = [] {
      std::vector<Option> made;
      static constexpr const char* names[] = {"北京", "上海", "广州", "深圳", "杭州", "成都", "重庆", "武汉", "西安", "南京", "苏州", "天津"};
      for (const char* name : names) {
        made.push_back({name, name, "直辖市或省会"});
      }
      return made;
    }();
    ui_.columns("line3", halves, 260, [&](int column) {
      if (column == 0) {
        (void)ui_.combo("level", level_, levels, {.field = {.label = "级别", .required = true}});
      } else {
        (void)ui_.combo("city", city_, cities, {.field = {.label = "城市", .placeholder = "请选择城市"}, .clearable = true});
      }
    });
    (void)ui_.lookup("customer", customer_, customer_shown_, {.field = {.label = "关联客户"}, .create_label = "新建客户"}, [&](std::string_view query) {
      std::vector<Option> found;
      for (std::int64_t index = 0; index < 40 && found.size() < 12; ++index) {
        const std::string name = customer_name(index);
        if (name.find(query) != std::string::npos) {
          found.push_back({std::to_string(index), name, "广东 · 王敏"});
        }
      }
      return found;
    });
    ui_.text_area("notes", notes_, {.field = {.label = "拜访内容", .hint = "一句话也可以。", .placeholder = "谈了什么，答应了什么"}});
    (void)ui_.multi_choice("materials", materials_, std::vector<Option>{{"s", "样品"}, {"c", "名片"}, {"b", "彩页"}, {"p", "报价单"}}, {.label = "携带资料"});
    const std::string_view ways[] = {"上门", "电话", "微信"};
    ui_.form_field({.label = "拜访方式"}, [&] {
      if (const int way = ui_.segmented("way", "拜访方式", ways, way_); way >= 0) {
        way_ = way;
      }
    });
    (void)ui_.check_box("primary", "设为主要联系人", checked_);
    (void)ui_.switch_control("remind", "到期提醒", switched_, "提前一天在“今天”页提示");
    ui_.row("actions", {.align = Align::end}, [&] {
      (void)ui_.button("cancel", "取消");
      if (ui_.button("open", "打开对话框")) {
        dialog_ = true;
      }
      (void)ui_.button("save", "保存", {.kind = ButtonKind::primary});
    });
  });
  const auto actions = [&] {
    if (ui_.button("no", "取消")) {
      dialog_ = false;
    }
    (void)ui_.button("yes", "确定", {.kind = ButtonKind::primary});
  };
  ui_.dialog("dialog", dialog_, {.title = "补充联系人", .full_on_phone = true, .icon = Icon::contact, .actions = actions}, [&] {
    ui_.text_field("contact", contact_, {.field = {.label = "姓名", .required = true}});
    ui_.text_field("title", job_, {.field = {.label = "职务"}});
    ui_.text("对话框打开时，后面的输入框不可点按。", {.color = ColorToken::text_muted});
  });
  ui_.text("草稿：" + name_ + " | " + notes_, {.style = TextStyle::caption, .color = ColorToken::text_muted, .role = Role::status});
}

void Gallery::list() {
  ui_.heading("1,000,000 个客户", 1);
  ui_.search_field("search", search_, {.field = {.label = "搜索客户", .placeholder = "名称、拼音、电话", .label_hidden = true}});
  (void)ui_.list("customers", {.count = long_list, .name = "客户"}, [&](std::int64_t index) {
    const std::string name = customer_name(index);
    const std::string subtitle = "王敏 · 上次拜访 " + std::to_string(index % 30 + 1) + " 天前";
    if (ui_.list_row("row", {.title = name, .subtitle = subtitle, .trailing = "¥" + std::to_string(index % 900 + 100) + ".00",
                             .badge = index % 5 == 0 ? "到期" : "", .badge_tone = Tone::warning, .avatar = name, .chevron = true, .selected = index == pressed_})) {
      pressed_ = index;
      return true;
    }
    return false;
  });
}

void Gallery::table() {
  ui_.heading("表格", 1);
  static constexpr TableColumn columns[] = {{"name", "客户", 0, 3, 180, Align::start, true}, {"owner", "负责人", 0, 1, 100},
                                            {"state", "状态", 100}, {"amount", "本月金额", 0, 1.5F, 130, Align::end, true}, {"date", "上次拜访", 0, 1.2F, 130, Align::start, true}};
  const TableResult result = ui_.table("table", {.row_count = long_list, .name = "客户表", .sort_column = sort_column_, .sort_descending = sort_descending_,
                                                 .selected_row = pressed_, .frozen_columns = 1, .checked = [&](std::int64_t row) { return row == checked_row_; }},
                                       columns, [&](std::int64_t row, int column) -> TableCell {
    switch (column) {
      case 0: return {.text = customer_name(row), .strong = true};
      case 1: return {.text = "王敏", .color = ColorToken::text_muted};
      case 2: return {.text = row % 3 == 0 ? "成交" : "跟进", .badge = true, .tone = row % 3 == 0 ? Tone::success : Tone::info};
      case 3: return {.text = "¥" + std::to_string(row % 9000 + 1000) + ".50"};
      default: return {.text = "2026-11-" + std::to_string(row % 20 + 10)};
    }
  });
  if (result.sort_clicked >= 0) {
    sort_descending_ = sort_column_ == result.sort_clicked && !sort_descending_;
    sort_column_ = result.sort_clicked;
    platform_.request_frame();
  }
  pressed_ = result.activated >= 0 ? result.activated : pressed_;
  checked_row_ = result.toggled >= 0 ? result.toggled : checked_row_;
}

void Gallery::pieces() {
  ui_.heading("组件 Pieces", 1);
  (void)ui_.banner("warn", {.tone = Tone::warning, .title = "3 天没有导出", .sentence = "上次导出是 11 月 21 日。请在有网络时导出，以免数据只存在这台平板上。", .action_label = "立即导出", .closable = true});
  (void)ui_.banner("info", {.sentence = "新版本已下载，重新载入后生效。", .action_label = "重新载入"});
  (void)ui_.progress("import", {.label = "正在导入", .detail = "1,200 / 30,000", .fraction = 0.34F, .cancel_label = "取消"});
  ui_.card("timeline", {}, [&] {
    ui_.heading("跟进记录", 2);
    (void)ui_.timeline_item({"1", "今天 10:00", "上门拜访", "客户答应试用 10 箱，下周二回访。需要带价格表和样品。", "王敏", Icon::visit, Tone::accent, true});
    (void)ui_.timeline_item({"2", "11 月 20 日", "报价 Q-R07A-261120-001", "10 × 7,600.00 = 76,000.00", "王敏", Icon::order, Tone::info, true});
    (void)ui_.timeline_item({"3", "11 月 12 日", "投诉：少送两箱", "已补送。", "刘芳", Icon::complaint, Tone::danger, false, true});
  });
  if (const int side = ui_.diff("conflict", {.field = "电话", .base = "020-1111", .mine = "020-2222", .theirs = "020-3333", .base_by = "11 月 20 日", .mine_by = "王敏 · 平板 · 24 日 10:00", .theirs_by = "刘芳 · 总部 · 24 日 10:05", .chosen = side_, .mine_title = "我的", .theirs_title = "对方", .base_title = "原来"}); side > 0) {
    side_ = side;
  }
  ui_.canvas("chart", "月销售额", "一月 12，二月 18，三月 9", 220, [&](const CanvasContext& context) {
    const Rectangle& box = context.rectangle;
    std::vector<Point> points;
    for (int index = 0; index < 12; ++index) {
      points.push_back({box.left + 20 + static_cast<float>(index) * (box.width - 40) / 11, box.top + 180 - static_cast<float>((index * 37) % 120)});
    }
    context.painter.area(points, box.top + 200, ColorToken::chart_1);
    context.painter.polyline(points, ColorToken::chart_1, 2.5F);
    context.painter.line({box.left, box.top + 200}, {box.left + box.width, box.top + 200}, ColorToken::border);
    context.painter.pie({box.left + box.width - 70, box.top + 60}, 26, 44, 0, 0.6F, ColorToken::chart_2);
    context.painter.pie({box.left + box.width - 70, box.top + 60}, 26, 44, 0.6F, 1, ColorToken::chart_3);
  });
  ui_.card("rows", {.padding = Space::s}, [&] {
    (void)ui_.list_row("a", {.title = "资料导出", .subtitle = "上行数据包 · 366 条记录 · 4 个附件", .icon = Icon::export_, .chevron = true});
    (void)ui_.list_row("b", {.title = "打包给总部", .subtitle = "这一行很长，会换行：业务员在没有网络的地方工作三天，回来之后把全部记录一次发给总部。", .icon = Icon::share, .icon_tone = Tone::success, .chevron = true, .wrap = true});
    (void)ui_.list_row("c", {.title = "设置", .icon = Icon::settings});
  });
  (void)ui_.empty_state("empty", {.icon = Icon::customers, .title = "还没有客户", .sentence = "新建第一个客户，或者从表格导入已有的客户名单。", .action_label = "新建客户", .action_icon = Icon::plus, .second_label = "导入"});
}

}  // namespace kehubu
