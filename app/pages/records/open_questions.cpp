#include "app/pages/records/open_questions.h"

#include <algorithm>

#include "core/rules/merge_rules.h"

namespace kehubu {
namespace {

// Whether the field follows from the choice that is asked about: who edits it decides for the choice that stands.
bool follows(const Conflict& conflict, const Field& field) { return conflict.field != nullptr && lead_of(conflict.entity->id, field.id) == conflict.field->id; }

// Whether an edit of the field answers it: its own field, one that follows from it, or one of those that do not fit together.
bool is_about(const Conflict& conflict, const Field& field) {
  switch (conflict.kind) {
    case ConflictKind::field:
      return conflict.field == &field || follows(conflict, field);
    case ConflictKind::duplicate_number:
    case ConflictKind::circle:
      return conflict.field == &field;
    case ConflictKind::rule:
      return std::ranges::any_of(conflict.sides, [&](const ConflictSide& side) { return std::ranges::find(side.cells, &field, &ConflictSide::Cell::field) != side.cells.end(); });
    case ConflictKind::document:
    case ConflictKind::delete_against_edit:
    case ConflictKind::missing_reference:
    case ConflictKind::only_one:  // of several records: no field of this one answers it
      break;
  }
  return false;
}

}  // namespace

void OpenQuestions::refresh() {
  if (revision_ == app_.store->revision()) {
    return;
  }
  revision_ = app_.store->revision();
  conflicts_.clear();
  const auto record = app_.read(entity_, id_);
  if (record && record->in_conflict) {
    auto conflicts = app_.sync->conflicts_about(entity_, id_);
    conflicts_ = conflicts ? std::move(*conflicts) : std::vector<Conflict>();
  }
}

const Conflict* OpenQuestions::find(const Field& field) {
  refresh();
  const auto found = std::ranges::find_if(conflicts_, [&](const Conflict& conflict) { return is_about(conflict, field); });
  return found == conflicts_.end() ? nullptr : &*found;
}

std::string OpenQuestions::words(const Conflict& conflict) const {
  if (conflict.kind != ConflictKind::field) {
    return std::string(app_.say(conflict.headline));
  }
  const std::string_view separator = app_.say.list_separator();
  std::string values;
  for (const ConflictSide& side : conflict.sides) {
    std::string names;
    for (const Author& author : side.authors) {
      const std::string& name = author.person_name.empty() ? author.device_name : author.person_name;
      const std::string told = name.empty() ? std::string(app_.say(Word::first_letter_other_device)) : name;
      names += names.find(told) != std::string::npos ? "" : (names.empty() ? "" : std::string(separator)) + told;
    }
    const std::string value = app_.show(*conflict.field, side.cells.front().value);
    values += values.empty() ? "" : separator;
    values += app_.say(Word::question_value, {value.empty() ? std::string(app_.say(Word::history_empty_value)) : value, names});
  }
  return app_.say(Word::question_values, {std::to_string(conflict.sides.size()), values});
}

void OpenQuestions::draw(const Field& field, const Typed& typed) {
  const Conflict* conflict = find(field);
  if (conflict == nullptr) {
    return;
  }
  const auto shown_of = [&](const Field& of, const Value& value) {
    std::string text = app_.show(of, value);
    return text.empty() ? std::string(app_.say(Word::history_empty_value)) : text;
  };
  const Value* written = typed(field);
  std::string shown = written != nullptr ? shown_of(field, *written) : std::string();
  std::string asked = words(*conflict);
  if (conflict->kind == ConflictKind::field && follows(*conflict, field)) {  // the choice is decided for, too: what was chosen, else what stands
    const Value* chosen = typed(*conflict->field);
    asked = std::string(app_.say(*conflict->field)) + (app_.say.chinese() ? "：" : ": ") + asked;
    shown = shown_of(*conflict->field, chosen != nullptr ? *chosen : conflict->sides.front().cells.front().value) + std::string(app_.say.list_separator()) + shown;
  }
  const std::string sentence = app_.say.ended(std::move(asked)) + (written == nullptr ? std::string(app_.say(Word::question_settles)) : app_.say(Word::question_settling, {shown}));
  app_.ui.with_key(field.id, [&] {
    app_.ui.row("question", {.gap = Space::s, .wrap = false}, [&] {
      app_.ui.icon(Icon::conflict, ColorToken::warning, Metrics::icon_small);
      app_.ui.width_limit(app_.ui.available_width(), [&] {
        app_.ui.stack(Space::hair, [&] {
          app_.ui.text(sentence, {.style = TextStyle::caption, .color = ColorToken::on_warning_soft, .role = Role::status});
          if (app_.ui.link("settle", app_.say(Word::in_conflict_open))) {
            app_.router.look_at({.place = Place::conflict, .detail = conflict->key});
          }
        });
      });
    });
  });
}

void OpenQuestions::draw_of_record() {
  refresh();
  for (const Conflict& conflict : conflicts_) {
    if (conflict.kind != ConflictKind::delete_against_edit && conflict.kind != ConflictKind::missing_reference) {
      continue;
    }
    const BannerAction action = app_.ui.banner(conflict.key, {.tone = Tone::warning, .title = app_.say(Word::in_conflict), .sentence = app_.say(conflict.headline), .action_label = app_.say(Word::in_conflict_open)});
    app_.ui.space();
    if (action == BannerAction::action) {
      app_.router.look_at({.place = Place::conflict, .detail = conflict.key});
    }
  }
}

std::optional<EditRefusal> edit_refusal(App& app, const Entity& entity, const Id& id) {
  if (app.read_only()) {
    return EditRefusal{.sentence = std::string(app.say(Word::read_only_reason)), .action_label = {}, .action = {}};
  }
  const auto record = id.empty() ? std::optional<Record>() : app.read(entity, id);
  if (!record) {
    return std::nullopt;
  }
  const std::string title = app.title_of(entity, id);
  const std::string name = title.empty() ? std::string(app.say(entity)) : title;
  const auto to_record = [&](Word why) {
    return EditRefusal{.sentence = app.say(why, {name}), .action_label = std::string(app.say(Word::conflict_open_record)), .action = record_of(entity, id)};
  };
  if (record->deleted) {
    return to_record(Word::cannot_edit_deleted);
  }
  if (!entity.fact_field.empty() && text_or_empty(record->value(entity.fact_field)) == entity.fact_value) {
    return to_record(Word::cannot_edit_fact);
  }
  const auto conflicts = record->in_conflict ? app.sync->conflicts_about(entity, id) : Result<std::vector<Conflict>>();
  if (conflicts) {
    const auto waits = std::ranges::find(*conflicts, ConflictKind::document, &Conflict::kind);
    if (waits != conflicts->end()) {
      return EditRefusal{.sentence = app.say(Word::cannot_edit_document, {name}),
                         .action_label = std::string(app.say(Word::in_conflict_open)),
                         .action = {.place = Place::conflict, .detail = waits->key}};
    }
  }
  return std::nullopt;
}

bool refuse_edit(App& app, const Entity& entity, const Id& id) {
  const auto refusal = edit_refusal(app, entity, id);
  if (refusal) {
    app.ui.toast({.message = refusal->sentence, .action_label = refusal->action_label, .action = [&app, route = refusal->action] { app.router.go(route); }, .tone = Tone::danger, .seconds = 10});
  }
  return refusal.has_value();
}

void EditGuard::look_again(const std::function<void()>& before_refusing) {
  if (refusal_ || revision_ == app_.store->revision()) {
    return;
  }
  revision_ = app_.store->revision();
  if (auto refusal = edit_refusal(app_, entity_, id_)) {
    before_refusing();
    refusal_ = std::move(refusal);
  }
}

void EditGuard::draw(const Route& page, const std::vector<std::pair<std::string, std::string>>& written) {
  const bool of_tab = refusal_->action_label.empty();
  if (revision_ != app_.store->revision() || of_tab != app_.read_only()) {
    revision_ = app_.store->revision();
    refusal_ = edit_refusal(app_, entity_, id_);
    if (!refusal_) {
      app_.resumed_address = route_text(page);  // goes on with its draft
      app_.router.replace(page);
      return;
    }
  }
  const auto action = app_.ui.empty_state("refused", {.icon = Icon::warning, .title = app_.say(Word::cannot_edit), .sentence = refusal_->sentence, .action_label = refusal_->action_label, .second_label = app_.say(Word::back)});
  if (!written.empty()) {
    draw_written(written);
  }
  if (action == EmptyStateAction::first) {
    app_.router.replace(refusal_->action);
  } else if (action == EmptyStateAction::second) {
    app_.router.back();
  }
}

void EditGuard::draw_written(const std::vector<std::pair<std::string, std::string>>& written) {
  const std::string_view title = app_.say(Word::draft_is_kept);
  app_.ui.card("written", {.name = title}, [&] {
    app_.ui.heading(title, 3);
    std::string text;
    for (const auto& [field, value] : written) {
      app_.ui.key_value({.label = field, .value = value});
      text += (text.empty() ? "" : "\n") + app_.say(Word::conflict_line, {field, value});
    }
    if (app_.ui.button("copy", app_.say(Word::draft_copy), {.icon = Icon::copy})) {
      app_.platform.copy_to_clipboard(text);
      app_.notify(std::string(app_.say(Word::copied)));
    }
  });
}

}  // namespace kehubu
