#include "app/pages/opportunities_screen.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr float views_height = 60;
constexpr float column_minimum_width = 160;
constexpr std::size_t opportunities_read = 2000;

bool is_closed(std::string_view stage) { return stage == "won" || stage == "lost"; }

}  // namespace

OpportunitiesScreen::OpportunitiesScreen(App& app_)
    : Screen(app_, {.place = Place::opportunities}),
      entity_(entity_named("opportunity")),
      stage_field_(*entity_.find("stage")),
      list_(app_, list_of("opportunity")) {}

void OpportunitiesScreen::refresh() {
  if (revision_ == app.store->revision() && chinese_ == say.chinese()) {
    return;
  }
  revision_ = app.store->revision();
  chinese_ = say.chinese();
  columns_.clear();
  for (const Store::ChoiceLabel& choice : app.store->choices(*stage_field_.list)) {
    // The heads of columns are narrow: "解决方案制定（已做方案）" loses its second name there.
    const std::string label(say(choice.label));
    columns_.push_back({.stage = choice.id, .label = label.substr(0, label.find("（")), .cards = {}});
  }
  const std::string today = iso_date(app.today());
  const ListQuery query{.entity = &entity_, .search = {}, .filters = {}, .sort_by = entity_.find("expected_close")};
  for (const Record& record : app.records(query, opportunities_read)) {
    const std::string stage = text_or_empty(record.value("stage"));
    const auto column = std::find_if(columns_.begin(), columns_.end(), [&](const Column& entry) { return entry.stage == stage; });
    if (column == columns_.end()) {
      continue;
    }
    const std::string close = text_or_empty(record.value("expected_close"));
    column->sum += integer_or(record.value("amount"), 0);
    column->cards.push_back({.id = record.id,
                             .topic = app.show(record, "topic"),
                             .customer = app.show(record, "customer"),
                             .amount = is_null(record.value("amount")) ? std::string() : App::format_money_short(integer_or(record.value("amount"), 0)),
                             .close = close,
                             .late = !close.empty() && close < today && !is_closed(stage),
                             .stage = stage});
  }
}

std::vector<BarAction> OpportunitiesScreen::bar_actions() {
  return {{.key = "new", .label = std::string(say(Word::opportunities_new)), .icon = Icon::plus, .primary = true}};
}

void OpportunitiesScreen::on_bar_action(std::string_view /*key*/) { app.router.go(form_for(entity_)); }

void OpportunitiesScreen::draw(const Rectangle& place) {
  refresh();
  const Rectangle head{place.left, place.top, place.width, views_height};
  const Rectangle body{place.left, place.top + views_height, place.width, place.height - views_height};
  draw_views(head);
  if (as_list_) {
    list_.draw(body);
  } else if (ui.width_class() == WidthClass::landscape) {
    draw_board(body);
  } else {
    draw_stages(body);
  }
  draw_move_dialog();
}

void OpportunitiesScreen::draw_views(const Rectangle& place) {
  // In line with the title above and the columns below.
  const float margin = board_margin();
  const Rectangle inner{place.left + margin, place.top + pixels(Space::s), place.width - 2 * margin, place.height - pixels(Space::s)};
  ui.area("views_ground", place, {.scrolls = false, .padding = Space::none}, [] {});
  ui.area("views", inner, {.role = Role::region, .name = say(Word::opportunities_views), .scrolls = false, .padding = Space::none}, [&] {
    const std::string_view labels[] = {say(Word::opportunities_board), say(Word::opportunities_list)};
    const int chosen = ui.segmented("view", say(Word::opportunities_views), labels, as_list_ ? 1 : 0);
    if (chosen >= 0) {
      as_list_ = chosen == 1;
    }
  });
}

float OpportunitiesScreen::board_margin() const { return pixels(ui.width_class() == WidthClass::phone ? Space::m : Space::l); }

void OpportunitiesScreen::draw_board(const Rectangle& place) {
  std::vector<const Column*> open;
  for (const Column& column : columns_) {
    if (!is_closed(column.stage)) {
      open.push_back(&column);
    }
  }
  const float margin = board_margin(), gap = pixels(Space::s);
  const auto count = static_cast<float>(open.size());
  const float width = std::max(column_minimum_width, (place.width - 2 * margin - gap * (count - 1)) / count);
  float left = place.left + margin;
  ui.area("board", place, {.role = Role::main, .name = title(), .scrolls = false, .padding = Space::none}, [&] {
    for (const Column* column : open) {
      const Rectangle strip{left, place.top, width, place.height - margin};
      ui.area(column->stage, strip, {.role = Role::group, .name = column->label, .background = ColorToken::surface_sunken, .padding = Space::s}, [&] {
        draw_column_head(*column);
        draw_cards(*column);
      });
      left += width + gap;
    }
  });
}

void OpportunitiesScreen::draw_stages(const Rectangle& place) {
  page_area(place, [&] {
    std::vector<TabItem> tabs;
    for (const Column& column : columns_) {
      tabs.push_back({.key = column.stage, .label = column.label, .count = static_cast<int>(column.cards.size())});
    }
    if (const int pressed = ui.tabs("stages", say(stage_field_), tabs, stage_shown_); pressed >= 0) {
      stage_shown_ = pressed;
    }
    ui.space();
    const Column& column = columns_[static_cast<std::size_t>(stage_shown_)];
    draw_column_head(column);
    ui.with_key(column.stage, [&] { draw_cards(column); });
  });
}

void OpportunitiesScreen::draw_column_head(const Column& column) {
  ui.stack(Space::none, [&] {
    ui.heading(say(Word::opportunities_stage_count, {column.label, std::to_string(column.cards.size())}), 3);
    ui.muted(say(Word::opportunities_sum, {App::format_money_short(column.sum)}));
  });
}

void OpportunitiesScreen::draw_cards(const Column& column) {
  if (column.cards.empty()) {
    ui.muted(say(Word::opportunities_column_empty));
  }
  for (const Card& card : column.cards) {
    ui.with_key(card.id.text(), [&] { draw_card(card); });
  }
}

void OpportunitiesScreen::draw_card(const Card& card) {
  ui.card("opportunity", {.padding = Space::xs, .name = card.topic}, [&] {
    ui.stack(Space::none, [&] {
      if (ui.list_row("open", {.title = card.topic, .subtitle = card.customer, .wrap = true})) {
        app.router.go(record_of(entity_, card.id));
      }
      ui.indent(Space::m, [&] { draw_card_foot(card); });
      ui.space(Space::s);
    });
  });
}

// Amount and date beside the button that moves the card: they share its height.
void OpportunitiesScreen::draw_card_foot(const Card& card) {
  ui.row("foot", {.gap = Space::none, .wrap = false}, [&] {
    ui.width_limit(ui.available_width() - Metrics::touch_target, [&] {
      ui.stack(Space::none, [&] {
        ui.text(card.amount, {.style = TextStyle::body_strong, .max_lines = 1});
        ui.text(card.close, {.style = TextStyle::caption, .color = card.late ? ColorToken::danger : ColorToken::text_muted, .max_lines = 1});
      });
    });
    if (ui.icon_button("move", Icon::forward, say(Word::opportunities_move_named, {card.topic}), {.has_popup = true})) {
      menu_of_ = card.id;
      allowed_ = choices_allowed(app, entity_, card.id, stage_field_);
    }
    draw_move_menu(card);
  });
}

void OpportunitiesScreen::draw_move_menu(const Card& card) {
  if (menu_of_ != card.id) {
    return;
  }
  std::vector<MenuItem> items;
  std::vector<std::string_view> stages;
  for (const Column& target : columns_) {
    if (std::ranges::find(allowed_, target.stage) == allowed_.end()) {
      continue;
    }
    stages.push_back(target.stage);
    items.push_back({.key = target.stage, .label = target.label, .checked = target.stage == card.stage, .divider_before = target.stage == "won"});
  }
  bool open = true;
  const int chosen = ui.menu("stages", open, items);
  if (!open) {
    menu_of_ = {};
  }
  if (chosen >= 0) {
    menu_of_ = {};
    move(card, std::string(stages[static_cast<std::size_t>(chosen)]));
  }
}

void OpportunitiesScreen::move(const Card& card, const std::string& stage) {
  if (stage == card.stage) {
    return;
  }
  moving_ = std::make_unique<RecordForm>(app, entity_, card.id);
  moving_->set("stage", stage);
  moving_->set("stage_since", iso_date(app.today()));
  moving_->set("closed_on", is_closed(stage) ? Value(iso_date(app.today())) : Value());
  if (moving_->complete()) {
    write_move();
  }
}

void OpportunitiesScreen::write_move() {
  const Edit edit = moving_->edit();
  const std::string topic = text_or_empty(moving_->value("topic"));
  const std::string stage = app.show(stage_field_, moving_->value("stage"));
  if (app.write({&edit, 1}, say(Word::opportunities_moved, {topic, stage}))) {
    moving_.reset();
  }
}

void OpportunitiesScreen::draw_move_dialog() {
  if (!moving_) {
    return;
  }
  bool open = true, saving = false;
  const auto actions = [&] {
    if (ui.button("cancel", say(Word::cancel))) {
      open = false;
    }
    saving = ui.button("save", say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check});
  };
  const std::string stage = app.show(stage_field_, moving_->value("stage"));
  const bool lost = text_or_empty(moving_->value("stage")) == "lost";
  const std::string heading = lost ? std::string(say(Word::opportunities_lost_title)) : text_or_empty(moving_->value("topic")) + " → " + stage;
  ui.dialog("move", open, {.title = heading, .full_on_phone = true, .actions = actions}, [&] { moving_->draw_problem_fields(); });
  moving_->draw_overlays();
  if (!open) {
    moving_.reset();
  } else if (saving && moving_->check()) {
    write_move();
  }
}

}  // namespace kehubu
