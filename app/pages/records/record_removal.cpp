#include "app/pages/records/record_removal.h"

#include <algorithm>
#include <span>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/open_questions.h"
#include "app/pages/records/reference_picker.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t rows_named = 8;  // of each entity that refers to the record

// Where something is in use, it is taken out of use instead: it is offered no more, and what refers to it stays whole.
struct Retirement {
  std::string_view entity, field, choice;
  std::int64_t number;
};
constexpr Retirement retirements[] = {
    {"product", "active", "", 0}, {"org_unit", "active", "", 0}, {"employee", "status", "left", 0}, {"contact", "left", "", 1}, {"dict_item", "active", "", 0}};

}  // namespace

void RecordRemoval::ask(const Entity& entity, const Id& id) {
  if (entity.document && refuse_edit(app_, entity, id)) {  // it waits as a whole for a decision
    open_ = false;
    return;
  }
  entity_ = &entity;
  id_ = id;
  name_ = app_.title_of(entity, id);
  name_ = name_.empty() ? std::string(app_.say(entity)) : name_;
  obstacles_ = app_.store->obstacles_to_removal(entity, id, rows_named);
  revision_ = app_.store->revision();
  // Where that could not be read, nothing would seem to be in the way.
  const std::vector<Store::Problem> problems = app_.store->validate({.entity = &entity, .row = id, .fields = {}, .remove = true});
  const auto unread = std::ranges::find_if(problems, [](const Store::Problem& problem) { return problem.field == nullptr && !problem.hint_only; });
  if (unread != problems.end()) {
    open_ = false;
    app_.show_error({ErrorKind::storage, unread->message, {}});
    return;
  }
  const auto refused = std::ranges::find(problems, false, &Store::Problem::hint_only);
  refusal_ = obstacles_.empty() && refused != problems.end() ? std::string(app_.say(refused->message)) : std::string();
  what_goes_ = entity.document ? document_in_full() : std::string();
  what_goes_ += won_by_it();
  question_ = open_question();
  for (const Store::Problem& problem : problems) {
    question_ += problem.hint_only ? std::string(app_.say(problem.message)) + "\n" : std::string();
  }
  retirement_.clear();
  const auto record = app_.read(entity, id);
  for (const Retirement& way : retirements) {
    const Field* field = way.entity == entity.id ? entity.find(way.field) : nullptr;
    const Value value = way.choice.empty() ? Value(way.number) : Value(std::string(way.choice));
    if (field && record && record->value(field->id) != value) {
      retirement_.emplace_back(field, value);
    }
  }
  open_ = true;
}

bool RecordRemoval::draw() {
  if (!open_) {
    return false;
  }
  if (revision_ != app_.store->revision()) {
    ask(*entity_, id_);
  }
  if (obstacles_.empty() && refusal_.empty()) {
    return draw_question();
  }
  obstacles_.empty() ? draw_refusal() : draw_obstacles();
  return false;
}

// What a document is worth is in its number, state, total and lines, and not in its name.
std::string RecordRemoval::document_in_full() const {
  std::int64_t lines = 0;
  for (const Entity* entity : entities()) {
    const Field* part_of = entity->part_of.empty() ? nullptr : entity->find(entity->part_of);
    if (part_of != nullptr && part_of->references == entity_->id) {
      ListQuery query{.entity = entity, .search = {}};
      query.filters.push_back({.field = part_of, .op = Filter::Operator::equals, .operands = {id_}});
      lines += app_.count(query);
    }
  }
  return app_.say(Word::remove_document_sentence, {app_.say(record_in_full(*app_.store, *entity_, id_)), App::format_count(lines)});
}

// R-OPP-02: an opportunity is won by a contract that is in force. That the last one goes is said before.
std::string RecordRemoval::won_by_it() const {
  const auto contract = entity_->id == "contract" ? app_.read(*entity_, id_) : std::nullopt;
  const Id opportunity = contract ? id_or_empty(contract->value("opportunity")) : Id{};
  const auto deal = app_.read(entity_named("opportunity"), opportunity);
  if (!deal || deal->deleted || text_or_empty(deal->value("stage")) != "won" || text_or_empty(contract->value("status")) != "active") {
    return {};
  }
  ListQuery in_force{.entity = entity_, .search = {}};
  add_filter(in_force, "opportunity", opportunity);
  add_filter(in_force, "status", std::string("active"));
  return app_.count(in_force) > 1 ? std::string() : "\n" + app_.say(Word::remove_won_contract, {app_.title_of(*deal->entity, opportunity)});
}

// Deleting answers what is asked about the record.
std::string RecordRemoval::open_question() const {
  const auto record = app_.read(*entity_, id_);
  const auto conflicts = record && record->in_conflict ? app_.sync->conflicts_about(*entity_, id_) : Result<std::vector<Conflict>>();
  std::string words;
  for (const Conflict& conflict : conflicts ? *conflicts : std::vector<Conflict>()) {
    words += app_.say(Word::remove_question_open, {app_.say(conflict.headline)}) + "\n";
  }
  return words;
}

bool RecordRemoval::draw_question() {
  const std::string sentence = question_ + what_goes_ + (what_goes_.empty() ? "" : "\n") + std::string(app_.say(Word::remove_sentence));
  const Confirmation answer = app_.ui.confirm("remove", open_, {.title = app_.say(Word::remove_question, {name_}),
                                                                .sentence = sentence,
                                                                .confirm_label = app_.say(Word::remove),
                                                                .cancel_label = app_.say(Word::cancel),
                                                                .danger = true});
  if (answer != Confirmation::confirmed) {
    return false;
  }
  const Edit edit{.entity = entity_, .row = id_, .fields = {}, .remove = true};
  return app_.write({&edit, 1}, app_.say(Word::removed_entity, {name_}));
}

void RecordRemoval::draw_refusal() {
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::close))) {
      open_ = false;
    }
  };
  app_.ui.dialog("refusal", open_, {.title = app_.say(Word::remove_refused, {name_}), .tone = Tone::warning, .icon = Icon::warning, .actions = actions}, [&] { app_.ui.text(refusal_); });
}

void RecordRemoval::draw_obstacles() {
  const std::string title = app_.say(Word::remove_refused, {name_});
  bool retires = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::close))) {
      open_ = false;
    }
    retires = !retirement_.empty() && app_.ui.button("retire", app_.say(Word::remove_retire), {.kind = ButtonKind::primary});
  };
  app_.ui.dialog("obstacles", open_, {.title = title, .actions = actions}, [&] {
    app_.ui.text(app_.say(retirement_.empty() ? Word::remove_refused_sentence : Word::remove_refused_retire, {name_}), {.color = ColorToken::text_muted});
    for (const Store::Obstacle& obstacle : obstacles_) {
      app_.ui.with_key(obstacle.entity->id, [&] { app_.ui.with_key(obstacle.field->id, [&] { draw_obstacle(obstacle); }); });
    }
  });
  if (retires) {
    retire();
  }
}

void RecordRemoval::draw_obstacle(const Store::Obstacle& obstacle) {
  const std::string count = App::format_count(static_cast<std::int64_t>(obstacle.count));
  app_.ui.space(Space::s);
  // By which field is said only where records of one kind do it in two ways.
  const bool two_ways = std::ranges::count(obstacles_, obstacle.entity, &Store::Obstacle::entity) > 1;
  app_.ui.heading(two_ways ? app_.say(Word::remove_obstacle, {app_.say(*obstacle.entity), count, app_.say(*obstacle.field)}) : app_.say(Word::remove_obstacle_plain, {app_.say(*obstacle.entity), count}), 3);
  for (const Id& row : obstacle.rows) {
    const auto record = app_.read(*obstacle.entity, row);
    const std::string title = app_.title_of(*obstacle.entity, row);
    const std::string subtitle = record ? subtitle_of(app_, *record, obstacle.field->id) : std::string();
    const Field* trailing = view_of(*obstacle.entity).trailing;
    std::string when = record && trailing ? app_.show(*record, trailing->id) : std::string();
    when = when.empty() && record && obstacle.entity->find("planned_at") ? app_.show(*record, "planned_at") : when;
    const std::string name = title.empty() ? std::string(app_.say(*obstacle.entity)) : title;
    if (app_.ui.list_row(row.text(), {.title = name, .subtitle = subtitle, .trailing = when, .icon = icon_of(*obstacle.entity), .chevron = true})) {
      open_ = false;
      app_.router.go(record_of(*obstacle.entity, row));
    }
  }
  if (obstacle.count > obstacle.rows.size()) {
    app_.ui.muted(app_.say(Word::remove_obstacle_more, {App::format_count(static_cast<std::int64_t>(obstacle.count - obstacle.rows.size()))}));
  }
}

void RecordRemoval::retire() {
  const Edit edit{.entity = entity_, .row = id_, .fields = retirement_};
  if (app_.write({&edit, 1}, app_.say(Word::saved_entity, {name_}))) {
    open_ = false;
  }
}

}  // namespace kehubu
