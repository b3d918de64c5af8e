#include "app/pages/record_screen.h"

#include <algorithm>

#include "app/pages/records/document_lines.h"
#include "app/pages/records/bring_back.h"
#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {

const Entity* lines_of(const Entity& document) {
  for (const Entity* entity : entities()) {
    const Field* field = entity->part_of.empty() ? nullptr : entity->find(entity->part_of);
    if (field && field->references == document.id) {
      return entity;
    }
  }
  return nullptr;
}

RecordScreenBase::RecordScreenBase(App& app_, const Route& route) : Screen(app_, route), entity_(*route.entity), removal_(app_) {}

std::string RecordScreenBase::title() { return title_.empty() ? std::string(say(entity_)) : title_; }

void RecordScreenBase::draw_name(int level, float page_top) {
  constexpr float middle = 12;
  const bool in_view = ui.cursor().y + middle > page_top;
  if (in_view != name_in_view_) {
    name_in_view_ = in_view;
    app.platform.request_frame();  // the bar has been drawn already
  }
  ui.heading(title(), level);
}

bool RecordScreenBase::refresh() {
  if (revision_ != app.store->revision()) {
    revision_ = app.store->revision();
    record_ = app.read(entity_, route().id);
    title_ = app.title_of(entity_, route().id);
    auto questions = record_ && record_->in_conflict ? app.sync->conflicts_about(entity_, route().id) : Result<std::vector<Conflict>>();
    questions_ = questions ? std::move(*questions) : std::vector<Conflict>();
    if (record_) {
      refreshed();
    }
  }
  return record_.has_value();
}

void RecordScreenBase::draw_missing(const Rectangle& place) {
  page_area(place, [&] {
    const auto action = ui.empty_state("missing", {.icon = Icon::search,
                                                   .title = say(Word::page_not_found),
                                                   .sentence = say(Word::page_not_found_sentence),
                                                   .action_label = say(Word::back)});
    if (action == EmptyStateAction::first) {
      app.router.back();
    }
  });
}

void RecordScreenBase::draw_banners() {
  const UndoState undo = record_->deleted ? app.store->undo_state() : UndoState{};
  // Deleted by an undoing that can be taken back: by redoing and not by a restoring of its own.
  if (record_->deleted && undo.can_redo && !title_.empty() && undo.redo_label.zh.ends_with(title_) && was_undone()) {
    if (ui.banner("undone", {.tone = Tone::warning, .title = say(Word::is_undone), .sentence = say(Word::is_undone_sentence), .action_label = say(Word::redo)}) == BannerAction::action) {
      app.steps.next(true);
    }
    ui.space();
  } else if (record_->deleted) {
    if (ui.banner("deleted", {.tone = Tone::warning, .title = say(Word::is_deleted), .action_label = say(Word::restore_record)}) == BannerAction::action) {
      bring_back(app, entity_, record_->id);
    }
    ui.space();
  }
  if (record_->in_conflict) {
    draw_questions();
  }
}

// What is asked, in the words of each question: what has come about is not always that two changed the record.
void RecordScreenBase::draw_questions() {
  const auto banner = [&](std::string_view key, std::string_view sentence, const Route& where) {
    if (ui.banner(key, {.tone = Tone::warning, .title = say(Word::in_conflict), .sentence = sentence, .action_label = say(Word::in_conflict_open)}) == BannerAction::action) {
      app.router.go(where);
    }
    ui.space();
  };
  for (const Conflict& question : questions_) {
    banner(question.key, say(question.headline), {.place = Place::conflict, .detail = question.key});
  }
  if (questions_.empty()) {
    banner("conflict", say(Word::in_conflict_sentence), {.place = Place::conflicts});
  }
}

void RecordScreenBase::draw_remove_question() {
  if (removal_.draw()) {
    app.router.leave();
  }
}

// The action that deleted a record: a document and what went with it name the same.
std::optional<HistoryEntry> RecordScreenBase::deletion_of(const Entity& entity, const Id& id) const {
  const auto entries = app.store->history(entity, id, deleted_field);
  return entries && !entries->empty() ? std::optional(entries->front()) : std::nullopt;
}

bool RecordScreenBase::was_undone() const {
  const auto lives = app.store->history(entity_, record_->id, deleted_field);
  const auto is_step = [](const HistoryEntry& entry) { return entry.kind == ChangeKind::undo || entry.kind == ChangeKind::redo; };
  // Whoever undoes a restoring gives a deletion back that somebody meant.
  return lives && !lives->empty() && lives->front().kind == ChangeKind::undo && lives->front().device == app.store->identity().device && std::ranges::all_of(*lives, is_step);
}

bool RecordScreenBase::closed_fact() const {
  return !entity_.fact_field.empty() && record_ && text_or_empty(record_->value(entity_.fact_field)) == entity_.fact_value;
}

RecordScreen::RecordScreen(App& app_, const Route& route)
    : RecordScreenBase(app_, route), profile_(*this, entity_, route.id), history_(app_, entity_, route.id), line_entity_(lines_of(entity_)), stages_(*this) {}

void RecordScreen::refreshed() {
  if (line_entity_) {
    read_lines();
  }
}

// Of a deleted document: the lines that went with it, not those that had been removed before.
void RecordScreen::read_lines() {
  ListQuery query{.entity = line_entity_, .search = {}};
  add_filter(query, line_entity_->part_of, route().id);
  query.sort_by = line_entity_->find("line_no");
  query.deleted = record().deleted;
  lines_ = app.records(query);
  const auto deletion = record().deleted ? deletion_of(entity_, route().id) : std::nullopt;
  std::erase_if(lines_, [&](const Record& line) {
    const auto of_line = deletion ? deletion_of(*line_entity_, line.id) : std::nullopt;
    return deletion && (!of_line || of_line->device != deletion->device || of_line->action != deletion->action);
  });
}

std::vector<BarAction> RecordScreen::bar_actions() {
  if (!refresh() || record().deleted) {
    return {};
  }
  std::vector<BarAction> actions;
  const bool planned = entity_.id == "interaction" && text_or_empty(record().value("status")) == "planned";
  if (planned) {
    actions.push_back({.key = "execute", .label = std::string(say(Word::visit_execute)), .icon = Icon::check, .primary = true});
  }
  if (closed_fact()) {
    actions.push_back({.key = "correct", .label = std::string(say(Word::correct)), .icon = Icon::edit});
  } else {
    actions.push_back({.key = "edit", .label = std::string(say(Word::edit)), .icon = Icon::edit, .primary = !planned});
  }
  actions.push_back({.key = "remove", .label = std::string(say(Word::remove)), .icon = Icon::trash, .danger = true, .always_in_menu = true});
  return actions;
}

void RecordScreen::on_bar_action(std::string_view key) {
  if (key == "edit") {
    app.router.go(form_for(entity_, route().id));
  } else if (key == "remove") {
    ask_to_remove();
  } else {
    app.router.go({.place = Place::visit, .entity = &entity_, .id = route().id, .about = id_or_empty(record().value("customer")), .detail = std::string(key)});
  }
}

void RecordScreen::draw(const Rectangle& place) {
  if (!refresh()) {
    draw_missing(place);
    return;
  }
  page_area(place, [&] {
    draw_banners();
    draw_header(place.top);
    ui.space();
    if (entity_.id == "opportunity" && !record().deleted) {
      draw_stages();
    }
    const TabItem tabs[] = {{.key = "profile", .label = say(Word::tab_profile), .icon = Icon::form},
                            {.key = "history", .label = say(Word::tab_history), .icon = Icon::history}};
    if (const int pressed = ui.tabs("tabs", say(Word::parts_of_record), tabs, tab_); pressed >= 0) {
      tab_ = pressed;
    }
    ui.space();
    if (tab_ == 1) {
      history_.draw();
      return;
    }
    if (line_entity_) {
      draw_document_lines(app, *line_entity_, lines_);
    }
    profile_.draw(record(), said_above(), !record().deleted && !closed_fact());
  });
  draw_remove_question();
  profile_.draw_overlays();
  stages_.draw();
}

// The badge of the header, and the sum below the lines.
std::vector<const Field*> RecordScreen::said_above() const {
  const EntityView& view = view_of(entity_);
  std::vector<const Field*> said;
  for (const Field& field : entity_.fields) {
    const bool as_badge = view.badge && field.list == view.badge->list;  // also what it is computed of: one state, told once
    if (as_badge || (line_entity_ && &field == view.trailing)) {
      said.push_back(&field);
    }
  }
  return said;
}

void RecordScreen::draw_header(float page_top) {
  ui.row("header", {.gap = Space::m, .cross = Align::start, .wrap = false}, [&] {
    ui.icon_tile(icon_of(entity_));
    ui.width_limit(ui.available_width(), [&] {
      ui.stack(Space::hair, [&] {
        draw_name(2, page_top);
        draw_header_details();
      });
    });
  });
}

// State and number: below the title, which may be long.
void RecordScreen::draw_header_details() {
  const EntityView& view = view_of(entity_);
  const std::string badge = view.badge ? app.show(record(), view.badge->id) : std::string();
  const bool has_number = !entity_.number_field.empty() && entity_.number_field != entity_.title_field;
  const std::string number = has_number ? app.show(record(), entity_.number_field) : std::string();
  if (badge.empty() && number.empty()) {
    return;
  }
  ui.row("details", {.gap = Space::s}, [&] {
    if (!badge.empty()) {
      const BadgeLook look = badge_of(app, *view.badge, record().value(view.badge->id));
      ui.badge(look.text, {.tone = look.tone, .outlined = look.outlined});
    }
    if (!number.empty()) {
      ui.text(number, {.style = TextStyle::caption, .color = ColorToken::text_muted, .max_lines = 1});
    }
  });
}

// Where an opportunity stands, and the ways on from there.
void RecordScreen::draw_stages() {
  const std::string stage = text_or_empty(record().value("stage"));
  const StageMove::Stage next = stages_.next(stage);
  const bool open = !StageMove::is_closed(stage);
  ui.row("stages", {.gap = Space::s}, [&] {
    if (open && next.id != "won" && ui.button("next", say(Word::opportunities_next, {next.label}), {.icon = Icon::forward})) {
      stages_.move(route().id, next.id);
    }
    if (open && ui.button("won", say(Word::opportunities_won), {.icon = Icon::check})) {
      stages_.move(route().id, "won");
    }
    if (open && ui.button("lost", say(Word::opportunities_lost), {.icon = Icon::close})) {
      stages_.move(route().id, "lost");
    }
    if (ui.button("other", say(Word::opportunities_other_stage), {.icon = Icon::chevron_down, .has_popup = true})) {
      stages_open_ = true;
    }
    const std::vector<StageMove::Stage> others = stages_.stages_but(stage);
    std::vector<MenuItem> items;
    for (const StageMove::Stage& other : others) {
      items.push_back({.key = other.id, .label = other.label, .divider_before = other.id == "won"});
    }
    if (const int chosen = ui.menu("stage_menu", stages_open_, items); chosen >= 0) {
      stages_.move(route().id, others[static_cast<std::size_t>(chosen)].id);
    }
  });
  ui.space();
}

}  // namespace kehubu
