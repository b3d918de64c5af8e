#include "app/pages/opportunities_screen.h"

#include <algorithm>
#include <utility>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr float views_height = 60;
constexpr float column_minimum_width = 160;
constexpr float card_minimum_width = 340;  // where cards stand side by side
constexpr float closed_height = Metrics::row_height + pixels(Space::l);  // the row, and the margin below it

}  // namespace

OpportunitiesScreen::OpportunitiesScreen(App& app_)
    : Screen(app_, {.place = Place::opportunities}),
      entity_(entity_named("opportunity")),
      stage_field_(*entity_.find("stage")),
      menu_(*this),
      list_(app_, list_of("opportunity"), &menu_) {}

void OpportunitiesScreen::refresh() {
  if (revision_ == app.store->revision() && chinese_ == say.chinese()) {
    return;
  }
  revision_ = app.store->revision();
  chinese_ = say.chinese();
  columns_.clear();
  for (const StageMove::Stage& stage : menu_.stages().stages()) {
    columns_.push_back({.stage = stage.id, .label = stage.label, .cards = {}});
  }
  const std::string today = iso_date(app.today());
  const ListQuery query{.entity = &entity_, .search = {}, .filters = {}, .sort_by = entity_.find("expected_close")};
  for (const Record& record : app.records(query)) {
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
                             .late = !close.empty() && close < today && !StageMove::is_closed(stage),
                             .stage = stage});
  }
}

std::vector<BarAction> OpportunitiesScreen::bar_actions() {
  if (as_list_) {
    return list_.bar_actions();
  }
  return {{.key = "new", .label = std::string(say(Word::opportunities_new)), .icon = Icon::plus, .primary = true}};
}

void OpportunitiesScreen::on_bar_action(std::string_view key) {
  if (as_list_) {
    list_.on_bar_action(key);
  } else {
    app.router.go(form_for(entity_));
  }
}

void OpportunitiesScreen::draw(const Rectangle& place) {
  refresh();
  const Rectangle head{place.left, place.top, place.width, views_height};
  const Rectangle body{place.left, place.top + views_height, place.width, place.height - views_height};
  draw_views(head);
  if (as_list_) {
    list_.draw(body);
  } else if (ui.width_class() == WidthClass::landscape && !shows_closed_) {
    draw_board(body);
  } else {
    draw_stages(body);
  }
  menu_.draw();
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

void OpportunitiesScreen::draw_board(const Rectangle& whole) {
  std::vector<const Column*> open, closed;
  for (const Column& column : columns_) {
    (StageMove::is_closed(column.stage) ? closed : open).push_back(&column);
  }
  const Rectangle place{whole.left, whole.top, whole.width, whole.height - closed_height};
  const float margin = board_margin(), gap = pixels(Space::s);
  const auto count = static_cast<float>(open.size());
  const float width = std::max(column_minimum_width, (place.width - 2 * margin - gap * (count - 1)) / count);
  float left = place.left + margin;
  ui.area("board", whole, {.role = Role::main, .name = title(), .scrolls = false, .padding = Space::none}, [&] {
    for (const Column* column : open) {
      const Rectangle strip{left, place.top, width, place.height - margin};
      const bool over = ui.drop_target(strip) == DropState::over;
      ui.area(column->stage, strip, {.role = Role::group, .name = column->label, .background = over ? ColorToken::selected : ColorToken::surface_sunken, .radius = Metrics::radius_card, .padding = Space::s}, [&] {
        draw_column_head(*column);
        draw_cards(*column);
      });
      draw_drop_target(*column, strip);
      left += width + gap;
    }
    draw_closed(closed, {whole.left, whole.top + place.height, whole.width, closed_height});
  });
}

// Below the open stages, where a deal ends: won and lost, each one tap or one drop away.
void OpportunitiesScreen::draw_closed(const std::vector<const Column*>& closed, const Rectangle& place) {
  const float margin = board_margin(), gap = pixels(Space::s);
  const float width = (place.width - 2 * margin - gap * static_cast<float>(closed.size() - 1)) / static_cast<float>(closed.size());
  float left = place.left + margin;
  for (const Column* column : closed) {
    const Rectangle strip{left, place.top, width, Metrics::row_height};
    const bool over = ui.drop_target(strip) == DropState::over;
    ui.area("end/" + column->stage, strip, {.role = Role::group, .name = column->label, .scrolls = false, .background = over ? ColorToken::selected : ColorToken::surface, .radius = Metrics::radius_card, .padding = Space::none}, [&] {
      const std::string title = say(Word::opportunities_stage_count, {column->label, std::to_string(column->cards.size())});
      const std::string sum = say(Word::opportunities_sum, {App::format_money_short(column->sum)});
      if (ui.list_row("show", {.title = title, .trailing = sum, .icon = column->stage == "won" ? Icon::check : Icon::close, .icon_tone = column->stage == "won" ? Tone::success : Tone::danger})) {
        const auto found = std::ranges::find(columns_, column->stage, &Column::stage);
        stage_shown_ = static_cast<int>(found - columns_.begin());
        shows_closed_ = true;
      }
    });
    draw_drop_target(*column, strip);
    left += width + gap;
  }
}

void OpportunitiesScreen::draw_stages(const Rectangle& place) {
  if (const int swiped = ui.swiped(); swiped != 0) {
    stage_shown_ = std::clamp(stage_shown_ + swiped, 0, static_cast<int>(columns_.size()) - 1);
  }
  page_area(place, [&] {
    if (shows_closed_ && ui.button("board", say(Word::opportunities_board), {.icon = Icon::back})) {
      shows_closed_ = false;
    }
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
  // Side by side where one would leave half of the width empty.
  ui.grid("cards", {.min_column_width = card_minimum_width, .max_columns = 3}, static_cast<int>(column.cards.size()), [&](int cell) {
    const Card& card = column.cards[static_cast<std::size_t>(cell)];
    ui.with_key(card.id.text(), [&] { draw_card(card); });
  });
}

void OpportunitiesScreen::draw_card(const Card& card) {
  bool wants_menu = false;
  ui.card("opportunity", {.padding = Space::xs, .name = card.topic}, [&] {
    ui.stack(Space::none, [&] {
      if (ui.list_row("open", {.title = card.topic, .subtitle = card.customer, .wrap = true, .menu = &wants_menu})) {
        app.router.go(record_of(entity_, card.id));
      }
      ui.indent(Space::m, [&] { draw_card_foot(card); });
      ui.space(Space::s);
    });
  });
  const HoldResult held = ui.hold("card", {.draggable = true, .label = card.topic});
  if (held.dragged) {
    dragged_ = card.id;
  }
  if (held.menu || wants_menu) {
    menu_.open_at(entity_, card.id);
  }
}

// The column under what is dragged takes it: shown while it hangs there, moved when it is let go.
void OpportunitiesScreen::draw_drop_target(const Column& column, const Rectangle& place) {
  const DropState drop = ui.drop_target(place);
  if (drop == DropState::dropped && !dragged_.empty()) {
    menu_.stages().move(std::exchange(dragged_, Id{}), column.stage);
  }
}

// Amount and date beside the button that takes the card one stage further.
void OpportunitiesScreen::draw_card_foot(const Card& card) {
  const StageMove::Stage next = menu_.stages().next(card.stage);
  ui.row("foot", {.gap = Space::none, .wrap = false}, [&] {
    ui.width_limit(ui.available_width() - Metrics::touch_target, [&] {
      ui.stack(Space::none, [&] {
        ui.text(card.amount, {.style = TextStyle::body_strong, .max_lines = 1});
        ui.text(card.close, {.style = TextStyle::caption, .color = card.late ? ColorToken::danger : ColorToken::text_muted, .max_lines = 1});
      });
    });
    if (!next.id.empty() && ui.icon_button("next", Icon::forward, say(Word::opportunities_next_named, {card.topic, next.label}))) {
      menu_.stages().move(card.id, next.id);
    }
  });
}

}  // namespace kehubu
