// How the page of a visit is drawn, part by part; what the parts do is in visit_screen.cpp.
#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/list_card.h"
#include "app/pages/visit_screen.h"

namespace kehubu {

void VisitScreen::draw_heading() {
  chooses_customer_ = chooses_customer_ || route().about.empty() || form_->problem_of("customer") != nullptr;
  if (chooses_customer_ && purpose_ != Purpose::execute && purpose_ != Purpose::correct) {
    if (form_->field("customer", say(entity_named("customer")))) {
      typed_contact_ = !is_null(form_->value("contact_text"));
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
      const std::string last = app.since(integer_or(recent.value("last_contact_at"), 0));
      if (ui.list_row(recent.id.text(), {.title = name, .subtitle = last, .avatar = name, .chevron = true})) {
        form_->set("customer", recent.id);
        typed_contact_ = !is_null(form_->value("contact_text"));
        customer_changed();
      }
    }
  });
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
    fill_in_plan(Id(plan_->id));
  } else if (plan_) {
    ui.space();
  }
  if (no_visit_time_.empty() || purpose_ != Purpose::plan) {
    return;
  }
  // Loud where the plan falls into them; else something to know while one chooses.
  if (const Store::Problem* clash = form_->hint_of("planned_at")) {
    (void)ui.banner("no_visit", {.tone = Tone::warning, .title = say(clash->message)});
  } else {
    ui.muted(say(Word::visit_no_visit_time, {no_visit_time_}));
  }
  ui.space();
}

void VisitScreen::draw_contacts() {
  const bool missing = contact_missing_ && is_null(form_->value("contact")) && is_null(form_->value("contact_text"));
  ui.form_field({.label = say(purpose_ == Purpose::plan ? Word::visit_who_plan : Word::visit_who), .required = true, .error = missing ? say(purpose_ == Purpose::plan ? Word::visit_contact_missing_plan : Word::visit_contact_missing) : std::string_view()}, [&] {
    ui.row("contacts", {.gap = Space::s}, [&] {
      for (const Record& contact : contacts_) {
        const std::string name = contact_label(contact);
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

// People of one name are told apart by what else is known of them.
std::string VisitScreen::contact_label(const Record& contact) {
  const std::string name = app.show(contact, "name");
  const auto namesakes = std::ranges::count_if(contacts_, [&](const Record& other) { return other.value("name") == contact.value("name"); });
  if (namesakes < 2) {
    return name;
  }
  for (const std::string_view field : {"title", "department", "mobile", "phone"}) {
    const Value& own = contact.entity->find(field) ? contact.value(field) : Value();
    const bool tells = !is_null(own) && std::ranges::count_if(contacts_, [&](const Record& other) { return other.value("name") == contact.value("name") && other.value(field) == own; }) == 1;
    if (tells) {
      return name + " · " + app.show(contact, field);
    }
  }
  return name;
}

void VisitScreen::draw_kinds() {
  const Field& kind = *form_->entity().find("kind");
  ui.form_field({.label = say(purpose_ == Purpose::plan ? Word::visit_how_plan : Word::visit_how), .required = true}, [&] {
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

// What is rarely said; a plan has no outcome yet, and its purpose stands above.
std::vector<std::string_view> VisitScreen::fields_of_more() const {
  if (purpose_ == Purpose::plan) {
    return {"scenario", "opportunity", "level_after", "materials", "place", "remark"};
  }
  return {"scenario", "purpose", "duration_min", "result", "customer_feedback", "countermeasure", "next_plan", "opportunity", "level_after", "materials", "place", "remark"};
}

void VisitScreen::draw_more() {
  if (ui.button("more", say(more_ ? Word::show_less : Word::visit_more), {.kind = ButtonKind::ghost, .icon = more_ ? Icon::chevron_up : Icon::chevron_down})) {
    more_ = !more_;
  }
  if (!more_) {
    return;
  }
  for (const std::string_view field : fields_of_more()) {
    (void)form_->field(field, field == "duration_min" ? say(Word::visit_duration) : std::string_view());
  }
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
  if (answer == Confirmation::waiting) {
    return;
  }
  registering_ = false;
  if (answer == Confirmation::confirmed) {
    write({register_contact()});
  } else if (answer == Confirmation::cancelled) {  // closed: back to the visit, which is a fact once it is written
    write({});
  }
}

}  // namespace kehubu
