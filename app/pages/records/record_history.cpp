#include "app/pages/records/record_history.h"

#include <algorithm>

#include "app/pages/record_screen.h"
#include "app/pages/records/document_lines.h"
#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"
#include "core/base/sort.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t changes_at_once = 30;

// The last millisecond of a day in UTC+8.
std::int64_t end_of_day(const Date& date) { return local_midnight(date) + milliseconds_per_day - 1; }

Icon icon_of_kind(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::create:
      return Icon::plus;
    case ChangeKind::remove:
      return Icon::trash;
    case ChangeKind::import:
      return Icon::import;
    case ChangeKind::undo:
      return Icon::undo;
    case ChangeKind::redo:
      return Icon::redo;
    case ChangeKind::resolve:
      return Icon::merge;
    default:
      return Icon::edit;
  }
}

// People decide under their name; what devices settle by themselves goes by clocks (docs/merge.md).
bool is_by_program(const RecordHistory::Action& action) {
  return action.first.person.empty() && !action.changes.empty() && std::ranges::all_of(action.changes, [](const HistoryEntry& entry) {
    const Field* field = entry.entity->find(entry.field);
    return field != nullptr && field->merge == MergePolicy::later_clock;
  });
}

bool makes_records(ChangeKind kind) { return kind == ChangeKind::create || kind == ChangeKind::import || kind == ChangeKind::sample; }

using Action = RecordHistory::Action;

bool is_same_action(const Action& action, const HistoryEntry& entry) {
  return action.first.device == entry.device && action.first.action == entry.action;
}

std::vector<Action> own_actions_of(App& app, const Entity& entity, const Id& id) {
  std::vector<Action> actions;
  auto entries = app.store->history(entity, id);
  if (!entries) {
    app.show_error(entries.error());
    return actions;
  }
  for (HistoryEntry& entry : *entries) {
    if (actions.empty() || !is_same_action(actions.back(), entry)) {
      actions.push_back({.first = entry, .changes = {}, .made = false, .removed = {}, .lines = {}});
    }
    if (entry.field == deleted_field) {
      actions.back().removed = integer_or(entry.value, 0) != 0;
    } else if (entity.find(entry.field)) {
      actions.back().changes.push_back(std::move(entry));
    }
  }
  if (!actions.empty()) {
    actions.back().made = makes_records(actions.back().first.kind);
  }
  return actions;
}

// Those in the bin, too: that they went is part of the document's history.
std::vector<Record> all_lines(App& app, const Entity& lines, const Id& document) {
  std::vector<Record> all;
  for (const bool deleted : {false, true}) {
    ListQuery query{.entity = &lines, .search = {}};
    query.deleted = deleted;
    add_filter(query, lines.part_of, document);
    std::ranges::move(app.records(query), std::back_inserter(all));
  }
  return all;
}

// Into the document's action of which it is part; an action on a line alone becomes a change of the document.
void add_line(std::vector<Action>& actions, Action line) {
  auto place = std::ranges::find_if(actions, [&](const Action& action) { return is_same_action(action, line.first); });
  if (place == actions.end()) {
    place = actions.insert(place, {.first = line.first, .changes = {}, .made = false, .removed = {}, .lines = {}});
    const bool is_plain = line.first.kind == ChangeKind::create || line.first.kind == ChangeKind::remove || line.first.kind == ChangeKind::restore;
    place->first.kind = is_plain ? ChangeKind::update : line.first.kind;
  }
  place->lines.push_back(std::move(line));
}

}  // namespace

std::vector<RecordHistory::Action> RecordHistory::actions_of(App& app, const Entity& entity, const Id& id) {
  std::vector<Action> actions = own_actions_of(app, entity, id);
  const Entity* lines = entity.document ? lines_of(entity) : nullptr;
  if (lines == nullptr) {
    return actions;
  }
  for (const Record& line : all_lines(app, *lines, id)) {
    for (Action& action : own_actions_of(app, *lines, line.id)) {
      add_line(actions, std::move(action));
    }
  }
  kehubu::sort(actions, std::ranges::greater{}, [](const Action& action) {
    return std::tuple(action.first.clock, action.first.device, action.first.action);
  });
  return actions;
}

// What a decision made of the record. Of several fields the card lists each.
std::string RecordHistory::decided(App& app, const Action& action) {
  std::string what;
  if (action.removed) {
    what = app.say(*action.removed ? Word::history_decided_removed : Word::history_decided_kept);
  } else if (action.changes.size() == 1 && action.lines.empty()) {
    const HistoryEntry& change = action.changes.front();
    const Field& field = *change.entity->find(change.field);
    const std::string value = app.show(field, change.value);
    what = app.say(Word::history_decided_value, {app.say(field), value.empty() ? app.say(Word::history_empty_value) : std::string_view(value)});
  }
  return what.empty() ? std::string(app.say(Word::history_resolved)) : app.say(Word::history_decided, {what});
}

std::string RecordHistory::describe(App& app, const Action& action) {
  switch (action.first.kind) {
    case ChangeKind::create:
      return std::string(app.say(Word::history_created));
    case ChangeKind::remove:
      return std::string(app.say(Word::history_removed));
    case ChangeKind::restore:
      return std::string(app.say(Word::history_restored));
    case ChangeKind::import:
      return std::string(app.say(Word::history_imported));
    case ChangeKind::undo:
      return std::string(app.say(Word::history_undid));
    case ChangeKind::redo:
      return std::string(app.say(Word::history_redid));
    case ChangeKind::resolve:
      return is_by_program(action) ? std::string(app.say(Word::history_settled)) : decided(app, action);
    case ChangeKind::sample:
      return std::string(app.say(Word::history_sample));
    case ChangeKind::update:
      break;
  }
  std::size_t count = action.changes.size();
  for (const Action& line : action.lines) {
    count += line.removed || line.made ? 1 : line.changes.size();
  }
  return app.say(Word::history_changed, {std::to_string(count)});
}

std::string RecordHistory::who_and_when(App& app, const HistoryEntry& entry) {
  const std::string who = entry.person_name.empty() ? std::string(app.say(Word::unknown_person)) : entry.person_name;
  std::string text = app.say(Word::and_beside, {who, app.when_exactly(entry.clock)});
  if (!entry.device_name.empty() && entry.device != app.store->identity().device) {
    text = app.say(Word::and_beside, {text, entry.device_name});
  }
  return text;
}

void RecordHistory::refresh() {
  if (revision_ == app_.store->revision()) {
    return;
  }
  revision_ = app_.store->revision();
  actions_ = actions_of(app_, entity_, id_);
  present_ = app_.read(entity_, id_);
  auto superseded = app_.sync->superseded(entity_, id_);
  superseded_ = superseded ? std::move(*superseded) : std::vector<Sync::Superseded>();
}

void RecordHistory::draw() {
  refresh();
  draw_time_machine();
  if (past_day_) {
    draw_past();
    return;
  }
  draw_superseded();
  if (actions_.empty()) {
    app_.ui.muted(app_.say(Word::history_empty));
    return;
  }
  std::int64_t number = 0;
  for (const Action& action : actions_) {
    if (static_cast<std::size_t>(number) == shown_) {
      if (app_.ui.button("more", app_.say(Word::show_more), {.fill_width = true})) {
        shown_ += changes_at_once;
      }
      break;
    }
    app_.ui.with_key(number++, [&] { draw_action(action); });
  }
}

void RecordHistory::draw_time_machine() {
  app_.ui.width_limit(320, [&] {
    const FieldResult result = app_.ui.date_field("day", day_, {.field = {.label = app_.say(Word::history_as_of)}});
    if (!result.changed && !result.committed) {
      return;
    }
    const auto day = parse_date(day_);
    past_day_ = day ? std::optional(*day) : std::nullopt;
    if (day) {
      look_at(*day);
    }
  });
  app_.ui.space();
}

void RecordHistory::look_at(const Date& day) {
  const auto read = [&](const Entity& entity, const Id& id) -> std::optional<Record> {
    auto record = app_.store->read_as_of(entity, id, end_of_day(day));
    if (!record && record.error().kind != ErrorKind::not_found) {
      app_.show_error(record.error());
    }
    return record ? std::optional(std::move(*record)) : std::nullopt;
  };
  past_ = read(entity_, id_);
  past_lines_.clear();
  const Entity* lines = entity_.document ? lines_of(entity_) : nullptr;
  for (const Record& line : lines != nullptr ? all_lines(app_, *lines, id_) : std::vector<Record>()) {
    if (auto then = read(*lines, line.id); then && !then->deleted) {
      past_lines_.push_back(std::move(*then));
    }
  }
  kehubu::sort(past_lines_, {}, [](const Record& line) { return integer_or(line.value("line_no"), 0); });
}

void RecordHistory::draw_past() {
  const std::string title = app_.say(past_ ? Word::history_as_of_banner : Word::history_not_yet, {day_});
  const std::string_view sentence = past_ && past_->deleted ? app_.say(Word::history_was_deleted) : std::string_view();
  if (app_.ui.banner("past", {.tone = Tone::info, .title = title, .sentence = sentence, .action_label = app_.say(Word::history_back_to_today)}) == BannerAction::action) {
    past_day_.reset();
    day_.clear();
    app_.platform.request_frame();
    return;
  }
  app_.ui.space();
  if (!past_) {
    return;
  }
  app_.ui.with_key("past", [&] {
    if (const Entity* lines = entity_.document ? lines_of(entity_) : nullptr) {
      draw_document_lines(app_, *lines, past_lines_);
    }
    past_profile_.draw(*past_);
  });
}

// Two devices wrote a note without knowing of each other; the later one stands, the other is one press away. Not of what took
// place: a fact is corrected by a record of its own.
void RecordHistory::draw_superseded() {
  const bool may_take = !present_ || entity_.fact_field.empty() || text_or_empty(present_->value(entity_.fact_field)) != entity_.fact_value;
  std::int64_t number = 0;
  for (const Sync::Superseded& pair : superseded_) {
    const Field* field = entity_.find(pair.other.field);
    if (!field) {
      continue;
    }
    app_.ui.with_key(number++, [&] {
      const std::string value = app_.show(*field, pair.other.value);
      const std::string sentence = value + "\n" + who_and_when(app_, pair.other);
      const std::string title = app_.say(Word::history_superseded, {app_.say(*field)});
      if (app_.ui.banner("superseded", {.tone = Tone::info, .title = title, .sentence = sentence, .action_label = may_take ? app_.say(Word::history_take_other) : std::string_view()}) == BannerAction::action) {
        const Edit edit{.entity = &entity_, .row = id_, .fields = {{field, pair.other.value}}};
        app_.write({&edit, 1}, app_.say(Word::history_value_restored, {app_.say(*field)}));
      }
    });
    app_.ui.space(Space::s);
  }
}

void RecordHistory::draw_action(const Action& action) {
  const std::string title = describe(app_, action);
  const std::string by = who_and_when(app_, action.first);
  app_.ui.card("action", {.padding = Space::m, .name = title}, [&] {
    app_.ui.row("head", {.gap = Space::m}, [&] {
      app_.ui.icon(icon_of_kind(action.first.kind));
      app_.ui.text(title, {.style = TextStyle::body_strong});
      app_.ui.text(by, {.style = TextStyle::caption, .color = ColorToken::text_muted});
    });
    if (action.made) {
      return;  // that is what the profile shows already
    }
    for (const HistoryEntry& change : action.changes) {
      app_.ui.with_key(change.field, [&] { draw_change(change); });
    }
    for (const Action& line : action.lines) {
      app_.ui.with_key(line.first.row.text(), [&] { draw_line(line); });
    }
  });
  app_.ui.space(Space::s);
}

// Put right on the document's page, where its amount is seen: nothing is one press away here.
void RecordHistory::draw_line(const Action& action) {
  const Entity& entity = *action.first.entity;
  const Id& row = action.first.row;
  if (action.made || action.removed) {
    const Word what = action.made || !*action.removed ? Word::history_line_added : Word::history_line_removed;
    app_.ui.key_value({.label = app_.say(what), .value = std::string(app_.say(record_in_full(*app_.store, entity, row)))});
    return;
  }
  const auto line = app_.read(entity, row);
  const std::string name(line ? app_.say(record_with_number(*app_.store, entity, line->values)) : std::string_view());
  for (const HistoryEntry& change : action.changes) {
    app_.ui.with_key(change.field, [&] {
      const std::string label = app_.say(Word::and_beside, {name, std::string(app_.say(*entity.find(change.field)))});
      app_.ui.key_value({.label = label, .value = before_and_after(change)});
    });
  }
}

std::string RecordHistory::before_and_after(const HistoryEntry& change) {
  const Field& field = *change.entity->find(change.field);
  const std::string_view empty = app_.say(Word::history_empty_value);
  const std::string before = app_.show(field, change.before);
  const std::string after = app_.show(field, change.value);
  return (before.empty() ? std::string(empty) : before) + " → " + (after.empty() ? std::string(empty) : after);
}

// A step (of a contract, an opportunity) is taken where it is seen what it leads to: a contract that was changed since would be
// approved at another amount.
bool RecordHistory::can_restore(const HistoryEntry& change) const {
  const Field& field = *entity_.find(change.field);
  return !field.derived() && !field.workflow && entity_.fact_field.empty() && present_ && !present_->deleted &&
         present_->value(field.id) != change.before;
}

void RecordHistory::draw_change(const HistoryEntry& change) {
  const Field& field = *entity_.find(change.field);
  app_.ui.key_value({.label = app_.say(field), .value = before_and_after(change)});
  if (!can_restore(change)) {
    return;
  }
  const std::string before = app_.show(field, change.before);
  const std::string label = before.empty() ? std::string(app_.say(Word::history_restore_to_empty)) : app_.say(Word::history_restore_to, {before});
  if (app_.ui.button("restore", label, {.kind = ButtonKind::ghost, .icon = Icon::history})) {
    const Edit edit{.entity = &entity_, .row = id_, .fields = {{&field, change.before}}};
    app_.write({&edit, 1}, app_.say(Word::history_value_restored, {app_.say(field)}));
  }
}

}  // namespace kehubu
