#include "app/pages/customer_screen.h"

#include <functional>

#include "app/pages/follow_ups.h"
#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr float summary_width = 360;
constexpr std::size_t related_shown = 200;  // in a tab; how many more there are is said
enum Tab { tab_timeline, tab_profile, tab_contacts, tab_opportunities, tab_contracts, tab_history };

}  // namespace

CustomerScreen::CustomerScreen(App& app_, const Route& route)
    : RecordScreenBase(app_, route), profile_(*this, entity_, route.id), history_(app_, entity_, route.id), timeline_(app_, route.id), call_(app_) {}

CustomerScreen::Related CustomerScreen::related(std::string_view entity_id, std::string_view sort_by, SortDirection direction) const {
  const Entity& entity = entity_named(entity_id);
  ListQuery query{.entity = &entity, .search = {}};
  add_filter(query, "customer", route().id);
  query.sort_by = entity.find(sort_by);
  query.direction = direction;
  return {.shown = app.records(query, related_shown), .count = app.count(query)};
}

void CustomerScreen::refreshed() {
  contacts_ = related("contact", "name", SortDirection::ascending);
  contracts_ = related("contract", "signed_on", SortDirection::descending);
  opportunities_ = related("opportunity", "expected_close", SortDirection::ascending);
  const Entity& interaction = entity_named("interaction");
  ListQuery plans{.entity = &interaction, .search = {}};
  add_filter(plans, "customer", route().id);
  add_filter(plans, "status", std::string("planned"));
  plans.sort_by = interaction.find("planned_at");
  next_plan_.reset();
  for (Record& plan : app.records(plans, 1)) {
    next_plan_ = std::move(plan);
  }
}

std::vector<BarAction> CustomerScreen::bar_actions() {
  if (!refresh() || record().deleted) {
    return {};
  }
  return {{.key = "edit", .label = std::string(say(Word::edit)), .icon = Icon::edit},
          {.key = "verify", .label = std::string(say(Word::verify_now)), .icon = Icon::check, .always_in_menu = true},
          {.key = "remove", .label = std::string(say(Word::remove)), .icon = Icon::trash, .danger = true, .always_in_menu = true}};
}

void CustomerScreen::on_bar_action(std::string_view key) {
  if (key == "edit") {
    app.router.go(form_for(entity_, route().id));
  } else if (key == "remove") {
    ask_to_remove();
  } else if (key == "verify") {
    if (app.later_time_known() != 0) {
      app.notify(std::string(say(Word::clock_not_now)), Tone::warning);
      return;
    }
    const Id& me = app.store->identity().person;
    const Edit edit{.entity = &entity_,
                    .row = route().id,
                    .fields = {{entity_.find("verified_on"), iso_date(app.today())}, {entity_.find("verified_by"), me.empty() ? Value() : Value(me)}}};
    app.write({&edit, 1}, std::string(say(Word::verified_done)));
  }
}

void CustomerScreen::draw(const Rectangle& place) {
  if (!refresh()) {
    draw_missing(place);
    return;
  }
  if (ui.width_class() == WidthClass::landscape) {
    const Rectangle left{place.left, place.top, summary_width, place.height};
    const Rectangle right{place.left + summary_width, place.top, place.width - summary_width, place.height};
    ui.area("summary", left, {.role = Role::region, .name = say(Word::record_basics), .background = ColorToken::surface, .padding = Space::l}, [&] { draw_summary(place.top); });
    ui.area("page", right, {.role = Role::main, .name = title(), .padding = Space::l, .max_width = Metrics::reading_width, .bottom_room = pixels(Space::xl)}, [&] {
      draw_banners();
      draw_tabs();
    });
  } else {
    page_area(place, [&] {
      draw_banners();
      draw_summary(place.top);
      ui.space();
      draw_tabs();
    });
  }
  draw_remove_question();
  profile_.draw_overlays();
  call_.draw();
}

void CustomerScreen::draw_summary(float page_top) {
  draw_identity(page_top);
  ui.space(Space::s);
  draw_actions();
  ui.space(Space::s);
  draw_facts();
}

void CustomerScreen::draw_identity(float page_top) {
  ui.row("identity", {.gap = Space::m, .cross = Align::start, .wrap = false}, [&] {
    ui.avatar(title(), Metrics::icon_huge);
    ui.width_limit(ui.available_width(), [&] {
      const std::string mnemonic = app.show(record(), "mnemonic");
      const std::string code = app.show(record(), "code");
      ui.stack(Space::hair, [&] {
        draw_name(1, page_top);
        ui.muted(mnemonic.empty() ? code : mnemonic + " · " + code);
      });
    });
  });
  ui.row("badges", {.gap = Space::xs}, [&] {
    for (const std::string_view id : {"grade", "lifecycle", "intent_level", "follow_bucket", "coop_status", "industry"}) {
      const Field* field = entity_.find(id);
      const std::string shown = field ? app.show(record(), id) : std::string();
      if (!shown.empty()) {
        const BadgeLook look = badge_of(app, *field, record().value(id));
        ui.badge(look.text, {.tone = look.tone, .outlined = look.outlined});
      }
    }
    const std::string tags = app.show(record(), "tags");
    if (!tags.empty()) {
      ui.badge(tags, {.tone = Tone::info, .icon = Icon::tag});
    }
  });
}

void CustomerScreen::draw_actions() {
  if (ui.button("visit", say(Word::record_visit), {.kind = ButtonKind::primary, .icon = Icon::visit, .fill_width = true})) {
    start_visit("");
  }
  ui.grid("actions", {.min_column_width = 132, .max_columns = 4, .gap = Space::s}, 4, [&](int cell) {
    switch (cell) {
      case 0: {
        const std::string phone = app.show(record(), "phone");
        if (ui.button("call", say(Word::call), {.icon = Icon::phone, .disabled = phone.empty(), .fill_width = true, .description = phone.empty() ? say(Word::no_phone) : std::string_view(phone)})) {
          call_.dial(phone);
        }
        break;
      }
      case 1:
        if (ui.button("plan", say(Word::plan_visit), {.icon = Icon::calendar, .fill_width = true})) {
          start_visit("plan");
        }
        break;
      case 2:
        if (ui.button("opportunity", say(Word::new_opportunity), {.icon = Icon::plus, .fill_width = true})) {
          app.router.go(form_for(entity_named("opportunity"), {}, route().id));
        }
        break;
      default:
        if (ui.button("contract", say(Word::new_contract), {.icon = Icon::plus, .fill_width = true})) {
          app.router.go(form_for(entity_named("contract"), {}, route().id));
        }
    }
  });
}

// Two columns where one would leave half of the width empty.
void CustomerScreen::draw_facts() {
  constexpr float column_width = 330;
  const bool beside_next = next_plan_.has_value() && ui.available_width() >= 2 * column_width + pixels(Space::xl);
  std::vector<std::function<void()>> facts;
  facts.emplace_back([this, beside_next] {
    const Value& last = record().value("last_contact_at");
    ui.space(beside_next ? Space::s : Space::none);  // on one line with the neighbour that can be pressed, which is higher
    ui.key_value({.label = say(Word::last_contact), .value = is_null(last) ? std::string(say(Word::never_contacted)) : app.since(integer_or(last, 0))});
  });
  facts.emplace_back([this] { draw_next_contact(); });
  // R-LEV-04: what level and grade ask for, whether or not something is planned.
  if (const auto due = days_until_follow_up(app, record())) {
    const std::string left = app.later_time_known() == 0 ? " · " + follow_up_words(app, *due) : std::string();  // by the clock
    facts.emplace_back([this, late = *due < 0, shown = app.show(record(), "next_follow_up") + left] {
      ui.key_value({.label = say(Word::next_follow_up), .value = shown, .value_color = late ? ColorToken::danger : ColorToken::text, .strong = late});
    });
  }
  // A phone shows what one needs at the door; the rest stands in the profile.
  const bool phone = ui.width_class() == WidthClass::phone;
  for (const std::string_view id : {"phone", "address", "no_visit_time", "owner", "region", "city", "completeness"}) {
    const Field* field = entity_.find(id);
    const std::string shown = field ? app.show(record(), id) : std::string();
    const bool everywhere = id == "phone" || id == "address" || id == "no_visit_time";
    if (!shown.empty() && (everywhere || !phone)) {
      facts.emplace_back([this, field, shown] { ui.key_value({.label = say(*field), .value = shown}); });
    }
  }
  ui.grid("facts", {.min_column_width = column_width, .max_columns = 2, .gap = Space::xl, .line_gap = Space::m}, static_cast<int>(facts.size()),
          [&](int cell) { facts[static_cast<std::size_t>(cell)](); });
}

void CustomerScreen::draw_next_contact() {
  if (!next_plan_) {
    ui.key_value({.label = say(Word::next_contact), .value = say(Word::not_planned), .value_color = ColorToken::text_muted});
    return;
  }
  // A plan whose day has passed is told by the days, and loudly.
  const std::int64_t planned_at = integer_or(next_plan_->value("planned_at"), 0);
  const std::int64_t late = days_since_epoch(app.today()) - days_since_epoch(local_date(planned_at));
  const std::string when = (late > 0 ? follow_up_words(app, -late) + " · " : std::string()) + app.show(*next_plan_, "planned_at");
  if (ui.key_value_button("next", {.label = say(Word::next_contact),
                                   .value = when,
                                   .action_name = say(Word::visit_execute),
                                   .value_color = late > 0 ? ColorToken::danger : ColorToken::text,
                                   .strong = late > 0})) {
    app.router.go(record_of(*next_plan_->entity, next_plan_->id));
  }
}

void CustomerScreen::draw_tabs() {
  const TabItem tabs[] = {{.key = "timeline", .label = say(Word::tab_timeline)},
                          {.key = "profile", .label = say(Word::tab_profile)},
                          {.key = "contacts", .label = say(Word::tab_contacts), .count = static_cast<int>(contacts_.count)},
                          {.key = "opportunities", .label = say(Word::tab_opportunities), .count = static_cast<int>(opportunities_.count)},
                          {.key = "contracts", .label = say(Word::tab_contracts), .count = static_cast<int>(contracts_.count)},
                          {.key = "history", .label = say(Word::tab_history)}};
  if (const int pressed = ui.tabs("tabs", say(Word::customer_tabs), tabs, tab_); pressed >= 0) {
    tab_ = pressed;
  }
  ui.space();
  ui.with_key(std::int64_t{tab_}, [&] {
    switch (tab_) {
      case tab_timeline:
        timeline_.draw();
        break;
      case tab_profile:
        profile_.draw(record(), {}, !record().deleted);
        break;
      case tab_contacts:
        draw_contacts();
        break;
      case tab_opportunities:
        draw_records(opportunities_, entity_named("opportunity"), Word::opportunities_none, Word::opportunities_none_sentence);
        break;
      case tab_contracts:
        draw_records(contracts_, entity_named("contract"), Word::contracts_none, Word::contracts_none_sentence);
        break;
      default:
        history_.draw();
    }
  });
}

void CustomerScreen::draw_contacts() {
  const Entity& contact = entity_named("contact");
  if (contacts_.shown.empty()) {
    draw_records(contacts_, contact, Word::contacts_none, Word::contacts_none_sentence);
    return;
  }
  ui.card("contacts", {.padding = Space::xs}, [&] {
    for (const Record& person : contacts_.shown) {
      const std::string name = app.show(person, "name");
      const std::string mobile = app.show(person, "mobile"), office = app.show(person, "phone");
      std::string subtitle = app.show(person, "title");
      const std::string& number = mobile.empty() ? office : mobile;
      subtitle += (subtitle.empty() || number.empty() ? "" : " · ") + number;
      const bool primary = integer_or(person.value("is_primary"), 0) != 0;
      const bool left = integer_or(person.value("left"), 0) != 0;
      const std::string_view badge = left ? say(Word::contact_left) : primary ? say(Word::contact_primary) : std::string_view();
      if (ui.list_row(person.id.text(), {.title = name, .subtitle = subtitle, .badge = badge, .badge_tone = left ? Tone::neutral : Tone::accent, .avatar = name, .chevron = true})) {
        app.router.go(record_of(contact, person.id));
      }
    }
    draw_more(contacts_);
  });
  ui.space();
  if (ui.button("new", say(Word::create_entity, {say.inside(contact)}), {.icon = Icon::plus})) {
    app.router.go(form_for(contact, {}, route().id));
  }
}

void CustomerScreen::draw_more(const Related& records) {
  if (const auto more = records.count - static_cast<std::int64_t>(records.shown.size()); more > 0) {
    ui.indent(Space::m, [&] { ui.muted(say(Word::remove_obstacle_more, {App::format_count(more)})); });
  }
}

void CustomerScreen::draw_records(const Related& records, const Entity& entity, Word empty_title, Word empty_sentence) {
  const std::string create = say(Word::create_entity, {say.inside(entity)});
  if (records.shown.empty()) {
    if (ui.empty_state("empty", {.icon = icon_of(entity), .title = say(empty_title), .sentence = say(empty_sentence), .action_label = create, .action_icon = Icon::plus, .within_page = true}) == EmptyStateAction::first) {
      app.router.go(form_for(entity, {}, route().id));
    }
    return;
  }
  const EntityView& view = view_of(entity);
  ui.card("records", {.padding = Space::xs}, [&] {
    for (const Record& entry : records.shown) {
      const std::string name = app.title_of(entity, entry.id);
      const std::string subtitle = subtitle_of(app, entry, "customer");
      const std::string trailing = view.trailing ? app.show(entry, view.trailing->id) : std::string();
      const BadgeLook badge = view.badge ? badge_of(app, *view.badge, entry.value(view.badge->id)) : BadgeLook{};
      if (ui.list_row(entry.id.text(), {.title = name, .subtitle = subtitle, .trailing = trailing, .badge = badge.text, .badge_tone = badge.tone, .icon = icon_of(entity), .chevron = true})) {
        app.router.go(record_of(entity, entry.id));
      }
    }
    draw_more(records);
  });
  ui.space();
  if (ui.button("new", create, {.icon = Icon::plus})) {
    app.router.go(form_for(entity, {}, route().id));
  }
}

void CustomerScreen::start_visit(std::string_view detail) {
  app.router.go({.place = Place::visit, .entity = &entity_named("interaction"), .about = route().id, .detail = std::string(detail)});
}

}  // namespace kehubu
