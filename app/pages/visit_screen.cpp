#include "app/pages/visit_screen.h"

#include <algorithm>
#include <array>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/list_card.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr int planned_hour = 10;  // plans without a time of their own are for ten o'clock
constexpr int other_day = -1;     // of the next contact: none of those offered
constexpr float visit_width = 680;
constexpr std::size_t recent_shown = 8;

// Ten o'clock, so many days from today, in UTC+8.
std::int64_t at_ten(const Date& today, int days) {
  return local_midnight(today) + days * milliseconds_per_day + planned_hour * 60 * minute_ms;
}

}  // namespace

VisitScreen::VisitScreen(App& app_, const Route& route)
    : Screen(app_, route),
      purpose_(route.detail == "plan"      ? Purpose::plan
               : route.detail == "execute" ? Purpose::execute
               : route.detail == "correct" ? Purpose::correct
                                           : Purpose::record),
      guard_(app_, entity_named("interaction"), route.detail == "execute" ? route.id : Id{}),
      drafts_(*this, {.content = [this] { return pack(); }, .title = [this] { return draft_title(); }}) {
  start();
  started_as_ = form_->pack();
  read_recent_customers();
  if (const auto draft = drafts_.take_resumed()) {
    unpack(*draft);
  }
}

void VisitScreen::unpack(const std::string& draft) {
  form_->unpack(draft);
  typed_contact_ = !is_null(form_->value("contact_text"));
  next_days_ = is_null(form_->value("next_at")) ? 0 : other_day;
  customer_changed();
}

std::string VisitScreen::pack() const {
  // While the question after Save stands, what was entered is as unsaved as before.
  return done_ || form_->pack() == started_as_ ? std::string() : form_->pack();
}

std::string VisitScreen::draft_title() {
  const std::string name = app.title_of(entity_named("customer"), customer());
  return name.empty() ? title() : title() + " · " + name;
}

void VisitScreen::start() {
  const Entity& interaction = entity_named("interaction");
  form_ = std::make_unique<RecordForm>(app, drafts_, interaction, purpose_ == Purpose::execute ? route().id : Id{});
  const std::int64_t now = app.platform.now_ms() / minute_ms * minute_ms;
  if (purpose_ == Purpose::correct) {
    copy_original();
  } else if (!route().about.empty()) {
    form_->preset("customer", route().about);
  }
  if (purpose_ == Purpose::plan) {
    form_->preset("status", std::string("planned"));
    form_->preset("planned_at", at_ten(app.today(), 1));
    form_->preset("occurred_at", Value());
  } else if (purpose_ == Purpose::record) {
    form_->preset("status", std::string("done"));
    form_->preset("occurred_at", now);
  } else if (purpose_ == Purpose::execute) {
    set_done(now);
  }
  customer_changed();
}

void VisitScreen::set_done(std::int64_t now) {
  form_->set("status", std::string("done"));
  form_->set("occurred_at", now);
}

void VisitScreen::copy_original() {
  const auto original = app.read(entity_named("interaction"), route().id);
  if (!original) {
    return;
  }
  for (const Field& field : original->entity->fields) {
    if (!field.derived()) {
      form_->preset(field.id, original->value(field.id));
    }
  }
  form_->preset("corrects", route().id);
  typed_contact_ = !is_null(original->value("contact_text"));
}

void VisitScreen::customer_changed() {
  contacts_ = customer().empty() ? std::vector<Record>() : contacts_of(app, customer());
  contacts_revision_ = app.store->revision();
  no_visit_time_.clear();
  if (const auto record = app.read(entity_named("customer"), customer())) {
    no_visit_time_ = text_or_empty(record->value("no_visit_time"));
  }
  const bool chosen = !is_null(form_->value("contact")) || !is_null(form_->value("contact_text"));
  if (!contacts_.empty() && !chosen) {
    form_->preset("contact", contacts_.front().id);
  }
  if (contacts_.empty()) {
    typed_contact_ = !customer().empty();
  }
  if (purpose_ == Purpose::record || purpose_ == Purpose::plan) {
    fill_scenario();
  }
  find_plan();
}

// The latest that is due today or was missed.
void VisitScreen::find_plan() {
  plan_.reset();
  if (customer().empty() || purpose_ != Purpose::record) {
    return;
  }
  const Entity& interaction = form_->entity();
  ListQuery due{.entity = &interaction, .search = {}, .filters = {}, .sort_by = interaction.find("planned_at"), .direction = SortDirection::descending};
  add_filter(due, "customer", customer());
  add_filter(due, "status", std::string("planned"));
  add_filter(due, "planned_at", local_midnight(app.today()) + milliseconds_per_day - 1, Filter::Operator::at_most);
  for (Record& plan : app.records(due, 1)) {
    plan_ = std::move(plan);
  }
}

// R-VIS-01: a plan becomes the record of the visit by being filled in. What was typed already stays.
void VisitScreen::fill_in_plan() {
  const std::string typed = form_->pack();
  form_ = std::make_unique<RecordForm>(app, drafts_, form_->entity(), plan_->id);
  purpose_ = Purpose::execute;
  set_done(app.platform.now_ms() / minute_ms * minute_ms);
  started_as_ = form_->pack();
  form_->unpack(typed);
  customer_changed();
}

void VisitScreen::fill_scenario() {
  if (customer().empty() || !is_null(form_->value("scenario"))) {
    return;
  }
  ListQuery earlier{.entity = &form_->entity(), .search = {}};
  add_filter(earlier, "customer", customer());
  add_filter(earlier, "status", std::string("done"));
  const std::string scenario = app.count(earlier) > 0 ? "existing" : "cold";
  form_->preset("scenario", scenario);  // the rules fill in the purpose that goes with it (R-VIS-04)
}

std::string VisitScreen::title() {
  switch (purpose_) {
    case Purpose::plan:
      return std::string(say(Word::plan_visit));
    case Purpose::execute:
      return std::string(say(Word::visit_execute));
    case Purpose::correct:
      return std::string(say(Word::visit_correction));
    case Purpose::record:
      break;
  }
  return std::string(say(Word::record_visit));
}

std::vector<BarAction> VisitScreen::bar_actions() {
  if (guard_.refuses()) {
    return {};
  }
  return {{.key = "save", .label = std::string(say(Word::save)), .icon = Icon::check, .primary = true}};
}

void VisitScreen::on_bar_action(std::string_view key) {
  if (key == "save") {
    save();
  }
}

void VisitScreen::draw(const Rectangle& place) {
  if (guard_.refuses()) {
    page_area(place, [&] { guard_.draw(route()); });
    return;
  }
  if (ui.shortcut('S', true)) {
    save();
  }
  if (contacts_revision_ != app.store->revision() && !registering_) {
    customer_changed();
  }
  page_area(
      place,
      [&] {
        if (drafts_.draw_offer() != DraftAnswer::none) {
          start();
          started_as_ = form_->pack();
          if (const auto draft = drafts_.take_resumed()) {
            unpack(*draft);
          }
        }
        form_->draw_problem_summary();
        draw_heading();
        draw_warnings();
        if (customer().empty()) {
          return;
        }
        draw_contacts();
        ui.space();
        draw_kinds();
        ui.space();
        draw_sentence();
        ui.space();
        if (purpose_ != Purpose::plan) {
          draw_next();
          ui.space();
        }
        draw_more();
      },
      visit_width);
  form_->draw_overlays();
  draw_register_question();
}

void VisitScreen::draw_heading() {
  if (route().about.empty() && purpose_ != Purpose::execute && purpose_ != Purpose::correct) {
    if (form_->field("customer", say(entity_named("customer")))) {
      customer_changed();
    }
    ui.space();
    if (customer().empty()) {
      draw_recent_customers();
    }
    return;
  }
  const std::string name = app.title_of(entity_named("customer"), customer());
  ui.row("customer", {.gap = Space::m}, [&] {
    ui.avatar(name);
    ui.heading(name, 2);
  });
  ui.space();
}

// Nobody has to search for a customer who was on the phone yesterday.
void VisitScreen::draw_recent_customers() {
  if (recent_customers_.empty()) {
    return;
  }
  list_card(ui, "recent", say(Word::visit_recent_customers), [&] {
    for (const Record& recent : recent_customers_) {
      const std::string name = app.title_of(*recent.entity, recent.id);
      const std::string last = app.when(integer_or(recent.value("last_contact_at"), 0));
      if (ui.list_row(recent.id.text(), {.title = name, .subtitle = last, .avatar = name, .chevron = true})) {
        form_->set("customer", recent.id);
        customer_changed();
      }
    }
  });
}

void VisitScreen::read_recent_customers() {
  const Entity& customer = entity_named("customer");
  const Field* last = customer.find("last_contact_at");
  if (!last || !route().about.empty()) {
    return;
  }
  for (Record& record : app.records({.entity = &customer, .search = {}, .filters = {}, .sort_by = last, .direction = SortDirection::descending}, recent_shown)) {
    if (!is_null(record.value(last->id))) {
      recent_customers_.push_back(std::move(record));
    }
  }
}

void VisitScreen::draw_warnings() {
  if (purpose_ == Purpose::correct) {
    (void)ui.banner("correction", {.tone = Tone::info, .title = say(Word::visit_correction), .sentence = say(Word::visit_correction_sentence)});
    ui.space();
  }
  if (plan_ && ui.banner("plan", {.tone = Tone::info,
                                  .title = say(Word::visit_has_plan, {app.when(integer_or(plan_->value("planned_at"), 0))}),
                                  .sentence = say(Word::visit_has_plan_sentence),
                                  .action_label = say(Word::visit_fill_in_plan)}) == BannerAction::action) {
    fill_in_plan();
  } else if (plan_) {
    ui.space();
  }
  if (!no_visit_time_.empty() && purpose_ == Purpose::plan) {
    (void)ui.banner("no_visit", {.tone = Tone::warning, .title = say(Word::visit_no_visit_time, {no_visit_time_})});
    ui.space();
  }
}

void VisitScreen::draw_contacts() {
  const bool missing = contact_missing_ && is_null(form_->value("contact")) && is_null(form_->value("contact_text"));
  ui.form_field({.label = say(Word::visit_who), .required = true, .error = missing ? say(Word::visit_contact_missing) : std::string_view()}, [&] {
    ui.row("contacts", {.gap = Space::s}, [&] {
      for (const Record& contact : contacts_) {
        const std::string name = app.show(contact, "name");
        const bool selected = !typed_contact_ && form_->value("contact") == Value(contact.id);
        if (ui.chip(contact.id.text(), name, {.selected = selected, .icon = selected ? Icon::check : Icon::contact})) {
          typed_contact_ = false;
          form_->set("contact", contact.id);
          form_->set("contact_text", Value());
        }
      }
      if (!contacts_.empty() && ui.chip("other", say(Word::visit_other_contact), {.selected = typed_contact_, .icon = Icon::plus})) {
        typed_contact_ = true;
        form_->set("contact", Value());
      }
    });
    if (typed_contact_) {
      (void)form_->field("contact_text", say(Word::visit_contact_name));
    }
  });
}

void VisitScreen::draw_kinds() {
  const Field& kind = *form_->entity().find("kind");
  ui.form_field({.label = say(Word::visit_how), .required = true}, [&] {
    const auto chips = [&] {
      for (const Store::ChoiceLabel& choice : app.store->choices(*kind.list)) {
        const bool selected = form_->value("kind") == Value(choice.id);
        if ((choice.active || selected) && ui.chip(choice.id, say(choice.label), {.selected = selected, .icon = icon_of_interaction_kind(choice.id)})) {
          form_->set("kind", choice.id);
        }
      }
    };
    // One line where room is scarce; all in view where there is plenty.
    if (ui.width_class() == WidthClass::phone) {
      ui.scroll_row("kinds", Space::s, chips);
    } else {
      ui.row("kinds", {.gap = Space::s}, chips);
    }
  });
}

void VisitScreen::draw_sentence() {
  if (purpose_ == Purpose::plan) {
    (void)form_->field("planned_at", say(Word::visit_when));
    (void)form_->field("purpose", say(Word::visit_purpose));
    return;
  }
  (void)form_->field("content", say(Word::visit_what), say(Word::visit_what_placeholder));
  (void)form_->field("occurred_at", say(Word::visit_when));
}

void VisitScreen::draw_next() {
  struct Step {
    int days;
    Word label;
  };
  constexpr std::array steps{Step{0, Word::visit_next_none}, Step{1, Word::visit_next_tomorrow}, Step{3, Word::visit_next_three_days},
                             Step{7, Word::visit_next_week}, Step{30, Word::visit_next_month}};
  ui.form_field({.label = say(Word::visit_next)}, [&] {
    ui.scroll_row("next", Space::s, [&] {
      for (const Step& step : steps) {
        if (ui.chip(say(step.label), say(step.label), {.selected = next_days_ == step.days})) {
          next_days_ = step.days;
          form_->set("next_at", step.days == 0 ? Value() : Value(at_ten(app.today(), step.days)));
        }
      }
    });
  });
  if (next_days_ != 0 && form_->field("next_at")) {
    app.platform.request_frame();
  }
}

void VisitScreen::draw_more() {
  if (ui.button("more", say(more_ ? Word::show_less : Word::visit_more), {.kind = ButtonKind::ghost, .icon = more_ ? Icon::chevron_up : Icon::chevron_down})) {
    more_ = !more_;
  }
  if (!more_) {
    return;
  }
  (void)form_->field("scenario");
  if (purpose_ != Purpose::plan) {
    (void)form_->field("purpose");
    (void)form_->field("duration_min", say(Word::visit_duration));
    for (const std::string_view field : {"result", "customer_feedback", "countermeasure", "next_plan"}) {
      (void)form_->field(field);
    }
  }
  for (const std::string_view field : {"opportunity", "level_after", "materials", "place", "remark"}) {
    (void)form_->field(field);
  }
}

void VisitScreen::save() {
  contact_missing_ = true;
  if (!form_->check()) {
    more_ = true;
    ui.scroll_area_to_top("page");
    return;
  }
  // R-VAL-05: offered once Save is pressed. Asked before writing, because a recorded visit is a fact that nobody changes.
  if (purpose_ != Purpose::plan && !is_null(form_->value("contact_text"))) {
    registering_ = true;
    return;
  }
  write({});
}

void VisitScreen::write(std::vector<Edit> edits) {
  const bool registers = !edits.empty();
  edits.push_back(form_->edit());
  const std::string name = app.title_of(entity_named("customer"), customer());
  const Word told = purpose_ == Purpose::plan ? Word::visit_planned : registers ? Word::visit_saved_and_registered : Word::visit_saved;
  // What would be good to know about a contact is not asked at the door.
  const App::Hints hints = registers ? App::Hints::keep_back : App::Hints::tell;
  if (!drafts_.settle([&] { return app.write(edits, say(told, {name}), {}, hints); })) {
    return;
  }
  done_ = true;
  app.router.leave();
}

void VisitScreen::draw_register_question() {
  if (!registering_) {
    return;
  }
  const std::string name = text_or_empty(form_->value("contact_text"));
  bool open = true;
  const Confirmation answer = ui.confirm("register", open, {.title = say(Word::visit_register_contact, {name}),
                                                            .sentence = say(Word::visit_register_contact_sentence),
                                                            .confirm_label = say(Word::visit_register),
                                                            .cancel_label = say(Word::visit_not_now)});
  if (answer == Confirmation::waiting && open) {
    return;
  }
  registering_ = false;
  if (answer == Confirmation::confirmed) {
    write({register_contact()});
  } else if (answer == Confirmation::cancelled) {
    write({});
  }
}

// The new contact; the record then names it instead of the typed words.
Edit VisitScreen::register_contact() {
  const Entity& contact = entity_named("contact");
  const Id person = new_id(app.platform);
  const bool first = contacts_.empty();
  Edit edit{.entity = &contact,
            .row = person,
            .fields = {{contact.find("customer"), customer()},
                       {contact.find("name"), form_->value("contact_text")},
                       {contact.find("is_primary"), std::int64_t{first}}}};
  form_->set("contact_text", Value());
  form_->set("contact", person);
  return edit;
}

}  // namespace kehubu
