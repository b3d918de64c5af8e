#include "app/pages/today_screen.h"

#include <algorithm>
#include <utility>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/list_card.h"
#include "app/pages/records/list_filters.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr std::int64_t hour_ms = 60LL * 60 * 1000;
constexpr std::size_t plans_shown = 50;  // of each kind; how many more there are is said
constexpr std::int64_t days_ahead = 7;
constexpr std::size_t follow_ups_shown = 8;
constexpr std::size_t recent_shown = 6;
constexpr float today_width = 1080;

}  // namespace

void TodayScreen::refresh() {
  const Date today = app.today();
  if (revision_ == app.store->revision() && day_ == today) {
    return;
  }
  revision_ = app.store->revision();
  day_ = today;
  read_plans();
  follow_ups_ = read_follow_ups(app, follow_ups_shown);
  read_figures();
}

void TodayScreen::read_plans() {
  const Entity& interaction = entity_named("interaction");
  // The person's own; before anyone is named, those of all.
  const auto plans = [&](std::optional<std::int64_t> from, std::int64_t until, SortDirection direction) {
    ListQuery query{.entity = &interaction, .search = {}, .filters = {}, .sort_by = interaction.find("planned_at"), .direction = direction};
    add_filter(query, "status", std::string("planned"));
    if (const Id& me = app.store->identity().person; !me.empty()) {
      add_filter(query, "employee", me);
    }
    if (from) {
      add_filter(query, "planned_at", *from, Filter::Operator::at_least);
    }
    add_filter(query, "planned_at", until - 1, Filter::Operator::at_most);
    return Plans{.shown = app.records(query, plans_shown), .count = app.count(query)};
  };
  const std::int64_t begin = local_midnight(day_), end = begin + milliseconds_per_day;
  missed_ = plans(std::nullopt, begin, SortDirection::descending);
  due_ = plans(begin, end, SortDirection::ascending);
  later_ = plans(end, end + days_ahead * milliseconds_per_day, SortDirection::ascending);
  ListQuery done{.entity = &interaction, .search = {}};
  add_filter(done, "status", std::string("done"));
  done.sort_by = interaction.find("occurred_at");
  done.direction = SortDirection::descending;
  recent_ = app.records(done, recent_shown);
}

void TodayScreen::read_figures() {
  const auto all_of = [](std::string_view entity) { return ListQuery{.entity = &entity_named(entity), .search = {}}; };
  const auto only = [](ListQuery& query, std::string_view field, std::string_view value) {
    query.filters.push_back({.field = query.entity->find(field), .op = Filter::Operator::any_of, .operands = {std::string(value)}});
  };
  ListQuery visits = all_of("interaction"), open = all_of("opportunity"), contracts = all_of("contract");
  only(visits, "kind", "visit");
  only(visits, "status_now", "done");
  const bool is_december = day_.month == 12;
  const Date next_month{is_december ? day_.year + 1 : day_.year, is_december ? 1 : day_.month + 1, 1};
  add_filter(visits, "occurred_at", local_midnight({day_.year, day_.month, 1}), Filter::Operator::at_least);
  add_filter(visits, "occurred_at", local_midnight(next_month) - 1, Filter::Operator::at_most);
  add_filter(open, "stage", std::string("won"), Filter::Operator::not_equals);
  add_filter(open, "stage", std::string("lost"), Filter::Operator::not_equals);
  only(contracts, "status_now", "active");
  std::int64_t sum = 0;
  for (const Record& record : app.records(open)) {
    sum += integer_or(record.value("amount"), 0);
  }
  figures_ = {{.label = Word::figure_customers, .icon = Icon::customers, .counted = all_of("customer")},
              {.label = Word::figure_visits_month, .icon = Icon::visit, .counted = visits},
              {.label = Word::figure_open_opportunities, .icon = Icon::opportunity, .counted = open, .place = Place::opportunities},
              {.label = Word::figure_contracts, .icon = Icon::signature, .counted = contracts}};
  for (Figure& figure : figures_) {
    figure.count = app.count(figure.counted);
    figure.detail = figure.place == Place::opportunities && figure.count > 0 ? App::format_money_short(sum) : std::string();
  }
}

void TodayScreen::draw(const Rectangle& place) {
  refresh();
  page_area(
      place,
      [&] {
        draw_greeting();
        ui.space(Space::l);
        drafts_.draw();
        draw_figures();
        ui.space(Space::l);
        constexpr float weights[] = {1, 1};
        ui.columns("halves", weights, 340, [&](int column) {
          if (column == 0) {
            draw_plans(missed_, Word::planned_missed, true);
            draw_plans(due_, Word::planned_today, false);
            draw_plans(later_, Word::planned_later, false);
          } else {
            draw_follow_ups();
            draw_recent();
          }
        });
      },
      today_width);
}

void TodayScreen::draw_greeting() {
  const std::string name = app.title_of(entity_named("employee"), app.store->identity().person);
  const std::int64_t hour = (app.platform.now_ms() - local_midnight(app.today())) / hour_ms;
  const Word greeting = hour < 5 ? Word::greeting_evening : hour < 11 ? Word::greeting_morning : hour < 13 ? Word::greeting_noon : hour < 18 ? Word::greeting_afternoon : Word::greeting_evening;
  const std::string date = say(Word::date_long, {std::to_string(day_.year), std::to_string(day_.month), std::to_string(day_.day), app.weekday(day_)});
  const bool phone = ui.width_class() == WidthClass::phone;
  ui.muted(date);
  ui.heading(say(greeting, {name}), 1);
  ui.space(Space::s);
  ui.row("actions", {.gap = Space::s}, [&] {
    if (ui.button("visit", say(Word::record_visit), {.kind = ButtonKind::primary, .icon = Icon::visit})) {
      app.router.go({.place = Place::visit, .entity = &entity_named("interaction")});
    }
    if (ui.button("customer", say(Word::new_customer), {.icon = Icon::plus})) {
      app.router.go(form_for(entity_named("customer")));
    }
    if (!phone && ui.button("plan", say(Word::plan_visit), {.icon = Icon::calendar})) {
      app.router.go({.place = Place::visit, .entity = &entity_named("interaction"), .detail = "plan"});
    }
  });
}

void TodayScreen::draw_figures() {
  ui.grid("figures", {.min_column_width = 160, .max_columns = 4}, static_cast<int>(figures_.size()), [&](int cell) {
    const Figure& figure = figures_[static_cast<std::size_t>(cell)];
    const std::string value = App::format_count(figure.count);
    if (!ui.statistic(say(figure.label), {.label = say(figure.label), .value = value, .detail = figure.detail, .icon = figure.icon, .pressable = true})) {
      return;
    }
    if (figure.place == Place::list) {
      narrow_list(figure.counted);
      app.router.go(list_of(figure.counted.entity->id));
    } else {
      app.router.go({.place = figure.place});
    }
  });
}

// As if he had chosen these filters there, and no others: they are on its chips, and can be taken away.
void TodayScreen::narrow_list(const ListQuery& query) {
  RecordList list(app, *query.entity);
  ListFilters chips(app, list);
  chips.restore();
  list.query.filters = query.filters;
  chips.remember();
}

void TodayScreen::draw_plans(const Plans& plans, Word heading, bool late) {
  const bool today = heading == Word::planned_today;
  if (plans.shown.empty() && !today) {
    return;
  }
  list_card(ui, say(heading), say(heading), [&] {
    if (plans.shown.empty()) {
      list_card_empty(ui, say(Word::planned_none), say(Word::planned_none_sentence));
    }
    for (const Record& plan : plans.shown) {
      const std::string customer = app.show(plan, "customer");
      const std::string kind = app.show(plan, "kind"), contact = app.show(plan, "contact"), purpose = app.show(plan, "purpose");
      const std::string subtitle = kind + (contact.empty() ? "" : " · " + contact) + (purpose.empty() ? "" : " · " + purpose);
      const std::string when = app.show(plan, "planned_at");
      const std::string shown = today && when.size() > 11 ? when.substr(11) : app.when(integer_or(plan.value("planned_at"), 0));
      if (ui.list_row(plan.id.text(), {.title = customer, .subtitle = subtitle, .trailing = shown, .icon = Icon::calendar, .icon_tone = late ? Tone::danger : Tone::info, .chevron = true, .trailing_color = late ? ColorToken::danger : ColorToken::text})) {
        app.router.go(record_of(*plan.entity, plan.id));
      }
    }
    draw_more(plans.count - static_cast<std::int64_t>(plans.shown.size()));
  });
  ui.space();
}

// How many there are beyond those shown.
void TodayScreen::draw_more(std::int64_t more) {
  if (more > 0) {
    ui.indent(Space::m, [&] { ui.muted(say(Word::remove_obstacle_more, {App::format_count(more)})); });
  }
}

void TodayScreen::draw_follow_ups() {
  if (!follow_ups_.due.empty()) {
    list_card(ui, "follow_ups", say(Word::follow_up_overdue), [&] {
      if (!follow_ups_.due.front().level.empty()) {
        ui.indent(Space::m, [&] { ui.muted(say(Word::follow_up_order)); });
      }
      draw_follow_up_rows(follow_ups_.due);
      if (follow_ups_.due_count > follow_ups_.due.size() &&
          ui.button("all", say(Word::follow_up_all, {App::format_count(static_cast<std::int64_t>(follow_ups_.due_count))}), {.kind = ButtonKind::ghost, .fill_width = true})) {
        Route customers = list_of("customer");
        customers.detail = follow_ups_due_detail;
        app.router.go(customers);
      }
    });
    ui.space();
  }
  if (!follow_ups_.soon.empty()) {
    list_card(ui, "soon", say(Word::follow_up_soon), [&] {
      draw_follow_up_rows(follow_ups_.soon);
      draw_more(static_cast<std::int64_t>(follow_ups_.soon_count - follow_ups_.soon.size()));
    });
    ui.space();
  }
}

void TodayScreen::draw_follow_up_rows(const std::vector<FollowUp>& entries) {
  const Field& level_field = *entity_named("customer").find("intent_level");
  for (const FollowUp& entry : entries) {
    const std::string when = follow_up_words(app, entry.days_left);
    const BadgeLook level = badge_of(app, level_field, entry.level.empty() ? Value() : Value(entry.level));
    if (ui.list_row(entry.customer.text(), {.title = entry.name,
                                            .subtitle = entry.industry,
                                            .trailing = when,
                                            .badge = level.text,
                                            .badge_tone = level.tone,
                                            .avatar = entry.name,
                                            .chevron = true,
                                            .trailing_color = entry.days_left < 0 ? ColorToken::danger : ColorToken::text_muted,
                                            .badge_outlined = level.outlined})) {
      app.router.go(record_of(entity_named("customer"), entry.customer));
    }
  }
}

void TodayScreen::draw_recent() {
  list_card(ui, "recent", say(Word::recent_records), [&] {
    if (recent_.empty()) {
      list_card_empty(ui, say(Word::recent_none));
    }
    for (const Record& record : recent_) {
      const std::string customer = app.show(record, "customer");
      std::string content = app.show(record, "content");
      if (content.empty()) {
        content = app.show(record, "purpose");
      }
      const std::string when = app.since(integer_or(record.value("occurred_at"), 0));
      const Icon icon = icon_of_interaction_kind(text_or_empty(record.value("kind")));
      if (ui.list_row(record.id.text(), {.title = customer, .subtitle = content, .trailing = when, .icon = icon, .icon_tone = Tone::accent})) {
        app.router.go(record_of(*record.entity, record.id));
      }
    }
  });
}

}  // namespace kehubu
