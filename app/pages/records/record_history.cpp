#include "app/pages/records/record_history.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"

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

}  // namespace

std::vector<RecordHistory::Action> RecordHistory::actions_of(App& app, const Entity& entity, const Id& id) {
  std::vector<Action> actions;
  auto entries = app.store->history(entity, id);
  if (!entries) {
    app.show_error(entries.error());
    return actions;
  }
  for (HistoryEntry& entry : *entries) {
    const bool same = !actions.empty() && actions.back().first.device == entry.device && actions.back().first.action == entry.action;
    if (!same) {
      actions.push_back({.first = entry, .changes = {}});
    }
    if (entity.find(entry.field)) {
      actions.back().changes.push_back(std::move(entry));
    }
  }
  return actions;
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
      return std::string(app.say(is_by_program(action) ? Word::history_settled : Word::history_resolved));
    case ChangeKind::sample:
      return std::string(app.say(Word::history_sample));
    case ChangeKind::update:
      break;
  }
  return app.say(Word::history_changed, {std::to_string(action.changes.size())});
}

std::string RecordHistory::who_and_when(App& app, const HistoryEntry& entry) {
  const std::string who = entry.person_name.empty() ? std::string(app.say(Word::unknown_person)) : entry.person_name;
  std::string text = app.say(Word::history_by, {who, app.when_exactly(entry.clock)});
  if (!entry.device_name.empty() && entry.device != app.store->identity().device) {
    text = app.say(Word::history_by, {text, entry.device_name});
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
  if (past_) {
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
    past_.reset();
    const auto date = parse_date(day_);
    if (!date) {
      return;
    }
    auto record = app_.store->read_as_of(entity_, id_, end_of_day(*date));
    if (record) {
      past_ = std::move(*record);
    } else {
      app_.notify(std::string(app_.say(Word::history_not_yet)));
    }
  });
  app_.ui.space();
}

void RecordHistory::draw_past() {
  const std::string title = app_.say(Word::history_as_of_banner, {day_});
  if (app_.ui.banner("past", {.tone = Tone::info, .title = title, .action_label = app_.say(Word::history_back_to_today)}) == BannerAction::action) {
    past_.reset();
    day_.clear();
    return;
  }
  app_.ui.space();
  app_.ui.with_key("past", [&] { past_profile_.draw(*past_); });
}

// Two devices wrote a note without knowing of each other; the later one stands, the other is one press away.
void RecordHistory::draw_superseded() {
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
      if (app_.ui.banner("superseded", {.tone = Tone::info, .title = title, .sentence = sentence, .action_label = app_.say(Word::history_take_other)}) == BannerAction::action) {
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
    // The first entry of a record lists all its values; that is what the profile shows already.
    const bool wholesale = action.first.kind == ChangeKind::create || action.first.kind == ChangeKind::import || action.first.kind == ChangeKind::sample;
    if (wholesale) {
      return;
    }
    for (const HistoryEntry& change : action.changes) {
      app_.ui.with_key(change.field, [&] { draw_change(change); });
    }
  });
  app_.ui.space(Space::s);
}

void RecordHistory::draw_change(const HistoryEntry& change) {
  const Field& field = *entity_.find(change.field);
  const std::string_view empty = app_.say(Word::history_empty_value);
  const std::string before = app_.show(field, change.before);
  const std::string after = app_.show(field, change.value);
  const std::string line = (before.empty() ? std::string(empty) : before) + " → " + (after.empty() ? std::string(empty) : after);
  app_.ui.key_value({.label = app_.say(field), .value = line});
  const bool restorable = !field.derived() && present_ && !present_->deleted && present_->value(field.id) != change.before && entity_.fact_field.empty();
  if (!restorable) {
    return;
  }
  const std::string label = before.empty() ? std::string(app_.say(Word::history_restore_to_empty)) : app_.say(Word::history_restore_to, {before});
  if (app_.ui.button("restore", label, {.kind = ButtonKind::ghost, .icon = Icon::history})) {
    const Edit edit{.entity = &entity_, .row = id_, .fields = {{&field, change.before}}};
    app_.write({&edit, 1}, app_.say(Word::history_value_restored, {app_.say(field)}));
  }
}

}  // namespace kehubu
