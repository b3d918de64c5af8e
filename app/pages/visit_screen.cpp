#include "app/pages/visit_screen.h"

#include <algorithm>
#include <array>

#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr int planned_hour = 10;  // plans without a time of their own are for ten o'clock
constexpr int other_day = -1;     // of the next contact: none of those offered
constexpr float visit_width = 680;
constexpr std::size_t recent_shown = 8;
constexpr char plan_mark = '\x1c';  // around the plan that a visit carries out, before the packed form

// Ten o'clock of that day, in UTC+8.
std::int64_t at_ten(const Date& date) { return local_midnight(date) + planned_hour * 60 * minute_ms; }

// So many days from today; who says "in a week" on a Saturday means no weekend, who says "tomorrow" means tomorrow.
Date day_ahead(const Date& today, int days) {
  const Date date = date_from_days(days_since_epoch(today) + days);
  const WorkCalendar calendar;
  return days > 1 && !calendar.is_working_day(date) ? calendar.add_working_days(date, 1) : date;
}

}  // namespace

VisitScreen::VisitScreen(App& app_, const Route& route)
    : Screen(app_, route),
      purpose_(purpose_of(route)),
      guard_(app_, entity_named("interaction"), route.detail == "execute" ? route.id : Id{}),
      drafts_(*this, {.content = [this] { return pack(); }, .title = [this] { return draft_title(); }}) {
  start();
  started_as_ = form_->typed();
  read_recent_customers();
  if (const auto draft = drafts_.take_resumed()) {
    waiting_ = *draft;
    unpack(*draft);
  }
}

VisitScreen::Purpose VisitScreen::purpose_of(const Route& route) {
  return route.detail == "plan" ? Purpose::plan : route.detail == "execute" ? Purpose::execute : route.detail == "correct" ? Purpose::correct : Purpose::record;
}

void VisitScreen::unpack(const std::string& draft) {
  // A form begins with the same mark where only a record that it is to refer to was typed; no identifier follows there.
  const std::size_t end = draft.starts_with(plan_mark) ? draft.find(plan_mark, 1) : std::string::npos;
  const auto plan = end != std::string::npos ? Id::parse(std::string_view(draft).substr(1, end - 1)) : std::nullopt;
  if (plan) {
    take_up_plan(*plan);
  }
  form_->unpack(plan ? draft.substr(end + 1) : draft);
  // Whoever said "someone else" has not said whom yet, or has.
  typed_contact_ = !is_null(form_->value("contact_text")) || (form_->is_spoken_for("contact") && is_null(form_->value("contact")));
  next_days_ = is_null(form_->value("next_at")) ? 0 : other_day;
  more_ = std::ranges::any_of(fields_of_more(), [this](std::string_view field) { return form_->is_spoken_for(field); });
  customer_changed();
}

std::string VisitScreen::pack() const {
  if (guard_.refuses()) {
    return waiting_;
  }
  // While the question after Save stands, what was entered is as unsaved as before.
  if (done_ || (taken_plan_.empty() && form_->typed() == started_as_)) {
    return {};
  }
  return (taken_plan_.empty() ? std::string() : plan_mark + taken_plan_.text() + plan_mark) + form_->pack();
}

std::string VisitScreen::draft_title() {
  const std::string name = app.title_of(entity_named("customer"), customer());
  return name.empty() ? title() : title() + " · " + name;
}

void VisitScreen::start() {
  purpose_ = purpose_of(route());
  taken_plan_ = {};
  typed_contact_ = false;
  next_days_ = 0;
  const Entity& interaction = entity_named("interaction");
  form_ = std::make_unique<RecordForm>(app, drafts_, interaction, purpose_ == Purpose::execute ? route().id : Id{});
  if (purpose_ == Purpose::correct) {
    copy_original();
  } else if (!route().about.empty()) {
    form_->preset("customer", route().about);
  }
  if (purpose_ == Purpose::plan) {
    form_->preset("status", std::string("planned"));
    form_->preset("planned_at", app.later_time_known() != 0 ? Value() : Value(at_ten(WorkCalendar{}.add_working_days(app.today(), 1))));
    form_->preset("occurred_at", Value());
  } else if (purpose_ == Purpose::record) {
    form_->preset("status", std::string("done"));
    form_->preset("occurred_at", now());
  } else if (purpose_ == Purpose::execute) {
    set_done();
  }
  customer_changed();
}

// In whole minutes; nothing where the clock is known to be wrong.
Value VisitScreen::now() const { return app.later_time_known() != 0 ? Value() : Value(app.platform.now_ms() / minute_ms * minute_ms); }

void VisitScreen::set_done() {
  form_->set("status", std::string("done"));
  form_->set("occurred_at", now());
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
  typed_contact_ = typed_contact_ || !is_null(form_->value("contact_text"));  // also of a plan that names somebody by hand
  const bool chosen = typed_contact_ || !is_null(form_->value("contact"));
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
void VisitScreen::fill_in_plan(const Id& plan) {
  const std::string typed = form_->typed();
  form_ = std::make_unique<RecordForm>(app, drafts_, form_->entity(), plan);
  purpose_ = Purpose::execute;
  taken_plan_ = plan;
  set_done();
  started_as_ = form_->typed();
  form_->unpack(typed);
  if (form_->is_spoken_for("contact") && !is_null(form_->value("contact"))) {
    form_->set("contact_text", Value());  // whom the plan names by hand: it was somebody else
  }
  customer_changed();
}

// The draft says that it carries out a plan. Where that has been carried out or deleted since, it is a visit of its own.
void VisitScreen::take_up_plan(const Id& kept) {
  const auto plan = app.read(entity_named("interaction"), kept);
  if (plan && !plan->deleted && text_or_empty(plan->value("status")) == "planned") {
    fill_in_plan(kept);
  } else if (plan) {
    form_->preset("customer", plan->value("customer"));
  }
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
  guard_.look_again([this] { waiting_ = pack(); });
  if (guard_.refuses()) {
    page_area(place, [&] { guard_.draw(route(), waiting_.empty() ? std::vector<std::pair<std::string, std::string>>() : form_->written()); });
    return;
  }
  if (ui.shortcut('S', true)) {
    save();
  }
  (void)form_->follow_store();  // of a plan that is carried out
  if (contacts_revision_ != app.store->revision() && !registering_) {
    customer_changed();
  }
  page_area(
      place,
      [&] {
        if (drafts_.draw_offer() != DraftAnswer::none) {
          start();
          started_as_ = form_->typed();
          if (const auto draft = drafts_.take_resumed()) {
            unpack(*draft);
          }
        }
        form_->draw_changes_since();
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

void VisitScreen::draw_next() {
  struct Step {
    int days;
    Word label;
  };
  constexpr std::array steps{Step{0, Word::visit_next_none}, Step{1, Word::visit_next_tomorrow}, Step{3, Word::visit_next_three_days},
                             Step{7, Word::visit_next_week}, Step{30, Word::visit_next_month}};
  // Where the clock is wrong nobody knows what tomorrow is: it is the day after the visit.
  const std::int64_t later = app.later_time_known();
  const Date from = later == 0 ? app.today() : local_date(integer_or(form_->value("occurred_at"), later));
  if (const Value next = at_ten(day_ahead(from, next_days_)); later != 0 && next_days_ > 0 && form_->value("next_at") != next) {
    form_->set("next_at", next);
  }
  ui.form_field({.label = say(Word::visit_next)}, [&] {
    ui.scroll_row("next", Space::s, [&] {
      for (const Step& step : steps) {
        if (ui.chip(say(step.label), say(step.label), {.selected = next_days_ == step.days})) {
          next_days_ = step.days;
          form_->set("next_at", step.days == 0 ? Value() : Value(at_ten(day_ahead(from, step.days))));
        }
      }
    });
  });
  if (next_days_ != 0 && form_->field("next_at")) {
    app.platform.request_frame();
  }
  if (next_days_ > 0) {
    ui.muted(app.weekday(day_ahead(from, next_days_)));
  }
}

void VisitScreen::save() {
  contact_missing_ = true;
  // The page has no field for whose visit it is: whoever uses the device now, where the one who began it was deleted meanwhile.
  const auto employee = app.read(entity_named("employee"), id_or_empty(form_->value("employee")));
  if (!is_null(form_->value("employee")) && (!employee || employee->deleted) && !app.person_is_gone()) {
    form_->set("employee", app.store->identity().person);
  }
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
