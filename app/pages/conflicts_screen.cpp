#include "app/pages/conflicts_screen.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/internal_fields.h"
#include "app/pages/records/list_card.h"

namespace kehubu {
namespace {

constexpr float sides_width = 1080;
constexpr float side_minimum_width = 250;
constexpr std::size_t effects_shown = 100;  // of one side; more than a person reads
constexpr char as_typed = 'x';              // in a draft: before what could not be read as a value

// The number that records share, as people read it; empty for conflicts of other kinds.
std::string shared_number(App& app, const Conflict& conflict) {
  return conflict.kind == ConflictKind::duplicate_number ? app.show(*conflict.field, conflict.sides.front().cells.front().value) : std::string();
}

}  // namespace

Word word_of(ConflictKind kind) {
  switch (kind) {
    case ConflictKind::document:
      return Word::conflict_document;
    case ConflictKind::delete_against_edit:
      return Word::conflict_delete;
    case ConflictKind::missing_reference:
      return Word::conflict_reference;
    case ConflictKind::duplicate_number:
      return Word::conflict_number;
    case ConflictKind::circle:
      return Word::conflict_circle;
    case ConflictKind::rule:
      return Word::conflict_rule;
    case ConflictKind::only_one:
      return Word::conflict_only_one;
    case ConflictKind::field:
      break;
  }
  return Word::conflict_field;
}

void ConflictsScreen::draw(const Rectangle& place) {
  if (revision_ != app.store->revision()) {
    revision_ = app.store->revision();
    auto conflicts = app.sync->conflicts();
    conflicts_ = conflicts ? std::move(*conflicts) : std::vector<Conflict>();
  }
  page_area(place, [&] {
    if (conflicts_.empty()) {
      (void)ui.empty_state("none", {.icon = Icon::check, .title = say(Word::conflicts_none), .sentence = say(Word::conflicts_none_sentence)});
      return;
    }
    ui.card("conflicts", {.padding = Space::xs}, [&] {
      for (const Conflict& conflict : conflicts_) {
        const std::string number = shared_number(app, conflict);
        const std::string name = !number.empty() ? number : conflict.entity ? app.title_of(*conflict.entity, conflict.row) : std::string();
        std::string heading = conflict.entity ? std::string(say(*conflict.entity)) + (name.empty() ? "" : " · " + name) : name;
        if (conflict.field && number.empty()) {
          heading += " · " + std::string(say(*conflict.field));
        }
        // What must be decided before it, or why one of its sides is none.
        const auto refused = std::ranges::find_if(conflict.sides, [this](const ConflictSide& side) { return !say(side.refused).empty(); });
        if (ui.list_row(conflict.key, {.title = heading,
                                       .subtitle = say(conflict.headline),
                                       .meta = refused == conflict.sides.end() ? std::string_view() : say(refused->refused),
                                       .badge = say(word_of(conflict.kind)),
                                       .badge_tone = Tone::warning,
                                       .icon = conflict.entity ? icon_of(*conflict.entity) : Icon::conflict,
                                       .icon_tone = Tone::warning,
                                       .chevron = true,
                                       .wrap = true})) {
          app.router.go({.place = Place::conflict, .detail = conflict.key});
        }
      }
    });
  });
}

ConflictScreen::ConflictScreen(App& app_, const Route& route)
    : Screen(app_, route),
      drafts_(*this, {.content = [this] { return !own_ || !own_->changed() ? std::string() : own_->misread ? as_typed + own_->text : pack_value(own_->value); },
                      .title = [this] { return title() + (conflict_ ? " · " + app.title_of(*conflict_->entity, conflict_->row) : std::string()); }}) {}

void ConflictScreen::refresh() {
  if (revision_ == app.store->revision()) {
    return;
  }
  revision_ = app.store->revision();
  conflict_.reset();
  next_key_.clear();
  open_documents_.clear();
  auto conflicts = app.sync->conflicts();
  if (!conflicts) {
    app.show_error(conflicts.error());
    return;
  }
  for (Conflict& conflict : *conflicts) {
    if (conflict.kind == ConflictKind::document) {
      open_documents_.emplace_back(RecordName{conflict.entity, conflict.row}, conflict.key);
    }
    if (conflict.key == route().detail) {
      conflict_ = std::move(conflict);
    } else if (next_key_.empty()) {
      next_key_ = conflict.key;
    }
  }
  foresee();
}

// What each side would open. Where nothing may be written, nobody decides here, and there is nothing to tell.
void ConflictScreen::foresee() {
  opens_.clear();
  for (std::size_t side = 0; conflict_ && !app.read_only() && side < conflict_->sides.size(); ++side) {
    auto opens = app.sync->would_open(*conflict_, side);
    if (!opens) {
      app.show_error(opens.error());
      return;
    }
    opens_.push_back(std::move(*opens));
  }
}

std::string ConflictScreen::title() {
  refresh();
  return std::string(say(conflict_ ? word_of(conflict_->kind) : Word::conflicts));
}

void ConflictScreen::draw(const Rectangle& place) {
  refresh();
  page_area(
      place,
      [&] {
        if (!conflict_) {
          const std::string_view action = next_key_.empty() ? say(Word::back) : say(Word::conflict_next);
          if (ui.empty_state("settled", {.icon = Icon::check, .title = say(Word::conflict_settled), .sentence = done_ + std::string(say(Word::conflict_settled_sentence)), .action_label = action}) == EmptyStateAction::first) {
            if (next_key_.empty()) {
              app.router.back();
            } else {
              app.router.replace({.place = Place::conflict, .detail = next_key_});
            }
          }
          return;
        }
        const std::string number = shared_number(app, *conflict_);
        if (conflict_->entity) {
          const std::string name = number.empty() ? app.title_of(*conflict_->entity, conflict_->row) : number;
          ui.row("head", {.gap = Space::m, .wrap = false}, [&] {
            ui.icon_tile(icon_of(*conflict_->entity));
            ui.width_limit(ui.available_width(), [&] { ui.heading(name.empty() ? std::string(say(*conflict_->entity)) : name, 1); });
          });
        }
        ui.text(say(conflict_->headline), {.color = ColorToken::text_muted});
        if (conflict_->entity && number.empty() && ui.link("open", say(Word::conflict_open_record))) {
          app.router.go(record_of(*conflict_->entity, conflict_->row));
        }
        ui.space();
        draw_sides();
        ui.space();
        draw_other_rows();
        draw_own_value();
      },
      sides_width);
}

// Whether its sides are records of which a person keeps one as it is, and not what people said about one record.
bool ConflictScreen::is_about_several() const {
  return conflict_->kind == ConflictKind::duplicate_number || conflict_->kind == ConflictKind::only_one;
}

void ConflictScreen::draw_sides() {
  const bool has_base = !conflict_->base.empty() || conflict_->kind == ConflictKind::field;
  const int count = static_cast<int>(conflict_->sides.size()) + (has_base ? 1 : 0);
  // Resolving changes the conflict: what was pressed is done after all sides have been drawn.
  ui.grid("sides", {.min_column_width = side_minimum_width, .max_columns = 4}, count, [&](int cell) {
    if (!conflict_) {
      return;
    }
    if (has_base && cell == 0) {
      draw_base();
    } else if (is_about_several()) {
      draw_holder(static_cast<std::size_t>(cell));
    } else {
      draw_side(static_cast<std::size_t>(cell - (has_base ? 1 : 0)));
    }
  });
}

void ConflictScreen::draw_base() {
  ui.card("base", {.fill = ColorToken::surface_sunken, .name = say(Word::conflict_base)}, [&] {
    ui.heading(say(Word::conflict_base), 3);
    if (conflict_->base.empty()) {
      ui.text(say(Word::history_empty_value), {.color = ColorToken::text_muted});
    }
    draw_cells(conflict_->base);
  });
}

bool ConflictScreen::is_mine(const ConflictSide& side) const {
  return !side.authors.empty() && std::ranges::all_of(side.authors, [this](const Author& author) { return author.device == app.store->identity().device; });
}

// Where the person's name does not tell the sides apart, or is not known.
bool ConflictScreen::goes_by_device(const ConflictSide& side, const Author& author) const {
  const bool several = std::ranges::any_of(conflict_->sides, [&](const ConflictSide& other) {
    return &other != &side && std::ranges::find(other.authors, author.person, &Author::person) != other.authors.end();
  });
  return author.person_name.empty() || (several && !author.device_name.empty());
}

// Where several are named alike, with a number: no two sides bear one heading, nor one button.
std::string ConflictScreen::name_of(const ConflictSide& side) const {
  const std::string name = authors_of(side);
  std::size_t alike = 0, place = 0;
  for (const ConflictSide& other : conflict_->sides) {
    alike += authors_of(other) == name ? 1 : 0;
    place = &other == &side ? alike : place;
  }
  return alike < 2 || place == 0 ? name : say(Word::conflict_side_of_several, {name, std::to_string(place)});
}

// By the persons, else by their devices.
std::string ConflictScreen::authors_of(const ConflictSide& side) const {
  if (is_mine(side)) {
    return std::string(say(Word::conflict_mine));
  }
  if (side.authors.empty()) {
    return std::string(say(Word::conflict_bring_back));  // what nobody has said yet goes by what it is
  }
  std::vector<std::string> names;
  for (const Author& author : side.authors) {
    const std::string& name = goes_by_device(side, author) ? author.device_name : author.person_name;
    const std::string told = name.empty() ? std::string(say(Word::first_letter_other_device)) : name;
    if (std::ranges::find(names, told) == names.end()) {
      names.push_back(told);
    }
  }
  std::string joined;
  for (const std::string& name : names) {
    joined += (joined.empty() ? "" : std::string(say.list_separator())) + name;
  }
  return joined;
}

std::string ConflictScreen::name_of(const Id& row) const {
  const std::string name = app.title_of(*conflict_->entity, row);
  return name.empty() ? std::string(say(*conflict_->entity)) : name;
}

std::string ConflictScreen::take_label(const ConflictSide& side) const {
  if (conflict_->kind == ConflictKind::circle) {
    return std::string(say(side.stands_now ? Word::conflict_leave_empty : Word::conflict_empty_this));
  }
  if (conflict_->kind == ConflictKind::missing_reference && !side.removed) {
    return std::string(say(Word::conflict_bring_back));
  }
  if (conflict_->kind == ConflictKind::delete_against_edit || conflict_->kind == ConflictKind::missing_reference) {
    const std::int64_t gone = std::ranges::count(side.effects, Effect::Kind::removed, &Effect::kind);
    return !side.removed ? std::string(say(Word::conflict_keep))
           : gone > 1    ? say(Word::conflict_delete_all, {std::to_string(gone)})
                         : std::string(say(Word::conflict_delete_it));
  }
  const bool device = std::ranges::any_of(side.authors, [&](const Author& author) { return goes_by_device(side, author); });
  const bool only_mine = is_mine(side) && std::ranges::count_if(conflict_->sides, [this](const ConflictSide& one) { return is_mine(one); }) == 1;
  return only_mine ? std::string(say(Word::conflict_take_mine)) : say(device && !is_mine(side) ? Word::conflict_take_device : Word::conflict_take_named, {name_of(side)});
}

// The question about a document that choosing this side would touch: it is decided first. "" where there is none.
std::string ConflictScreen::decided_first(const ConflictSide& side) {
  for (const Effect& effect : side.effects) {
    const auto [entity, row] = effect.record;
    const bool is_line = entity != nullptr && !entity->part_of.empty();
    const auto line = is_line ? app.read(*entity, row) : std::nullopt;
    const Id document = line ? id_or_empty(line->value(entity->part_of)) : row;
    const auto found = std::ranges::find(open_documents_, document, [](const auto& open) { return open.first.row; });
    if (found != open_documents_.end() && found->second != route().detail) {
      return found->second;
    }
  }
  return {};
}

void ConflictScreen::draw_authors(const ConflictSide& side) {
  for (const Author& author : side.authors) {
    const std::string who = author.person_name.empty() ? std::string(say(Word::unknown_person)) : author.person_name;
    const bool mine = author.device == app.store->identity().device;
    const std::string& name = author.device_name;
    const std::string device = mine ? std::string(say(Word::conflict_mine)) : name.empty() ? std::string(say(Word::first_letter_other_device)) : name;
    ui.muted(say(side.decided ? Word::conflict_who_decided_when : Word::conflict_who_when, {who, app.when_exactly(author.clock), device}));
  }
}

namespace {

struct EffectLook {
  Icon icon;
  ColorToken icon_color, text_color;
};

EffectLook look_of(Effect::Kind kind) {
  switch (kind) {
    case Effect::Kind::added:
      return {Icon::plus, ColorToken::success, ColorToken::text};
    case Effect::Kind::removed:
      return {Icon::trash, ColorToken::danger, ColorToken::danger};
    case Effect::Kind::kept:
      return {Icon::check, ColorToken::text_muted, ColorToken::text_muted};
    case Effect::Kind::changed:
      break;
  }
  return {Icon::edit, ColorToken::info, ColorToken::text};
}

}  // namespace

// Everything that the side changes, adds, removes and leaves.
void ConflictScreen::draw_effects(const ConflictSide& side) {
  for (std::size_t index = 0; index < std::min(side.effects.size(), effects_shown); ++index) {
    const Effect& effect = side.effects[index];
    const EffectLook look = look_of(effect.kind);
    ui.row("effect" + std::to_string(index), {.gap = Space::s, .wrap = false}, [&] {
      ui.icon(look.icon, look.icon_color, Metrics::icon_small);
      ui.width_limit(ui.available_width(), [&] { ui.text(say(effect.text), {.color = look.text_color}); });
    });
  }
  if (side.effects.size() > effects_shown) {
    ui.muted(say(Word::conflict_more_effects, {App::format_count(static_cast<std::int64_t>(side.effects.size() - effects_shown))}));
  }
}

void ConflictScreen::draw_opens(std::size_t index) {
  for (const Sentence& sentence : index < opens_.size() ? std::span<const Sentence>(opens_[index]) : std::span<const Sentence>()) {
    ui.row(say(sentence), {.gap = Space::s, .wrap = false}, [&] {
      ui.icon(Icon::conflict, ColorToken::warning, Metrics::icon_small);
      ui.width_limit(ui.available_width(), [&] { ui.text(say(sentence)); });
    });
  }
}

// One of the records that share a number, or of which there may be only one, with what its list shows of it, so that a person knows which is which.
void ConflictScreen::draw_holder(std::size_t index) {
  const ConflictSide& side = conflict_->sides[index];
  const Entity& entity = *conflict_->entity;
  const Id row = side.cells.front().row;
  const std::string name = name_of(row), number = shared_number(app, *conflict_);
  bool kept = false;
  ui.card("holder", {.name = name}, [&] {
    ui.heading(name, 3);
    draw_authors(side);
    if (const auto record = app.read(entity, row)) {
      for (const Field& field : entity.fields) {
        const std::string value = field.in_list && !is_internal(field) && field.id != entity.title_field && &field != conflict_->field ? app.show(*record, field.id) : std::string();
        if (!value.empty()) {
          ui.key_value({.label = say(field), .value = value});
        }
      }
    }
    const bool chooses = conflict_->kind == ConflictKind::only_one && !conflict_->by_hand;
    if (conflict_->kind == ConflictKind::only_one) {
      draw_effects(side);
    }
    draw_opens(index);
    if (!chooses && conflict_->spare_numbers.empty()) {
      if (ui.button("correct", say(Word::conflict_correct), {.icon = Icon::edit, .fill_width = true})) {
        app.router.go(form_for(entity, row));
      }
      return;
    }
    kept = ui.button("keep", chooses ? std::string(say(Word::conflict_choose_this)) + " · " + name : say(Word::conflict_keep_number, {number}), {.icon = Icon::check, .fill_width = true});
    std::string others;
    for (const std::string& other : conflict_->spare_numbers) {
      others += (others.empty() ? "" : std::string(say.list_separator())) + other;
    }
    if (!chooses) {
      ui.muted(say(conflict_->spare_numbers.size() == 1 ? Word::conflict_other_gets : Word::conflict_others_get, {others}));
    }
    if (ui.link("open", say(Word::conflict_open_record))) {
      app.router.go(record_of(entity, row));
    }
  });
  if (kept && app.may_write()) {
    std::string done = conflict_->kind == ConflictKind::duplicate_number ? numbers_given(index) : what_becomes_of_all(conflict_->sides[index]);
    settle([&] { return app.sync->resolve(*conflict_, index); }, std::move(done));
  }
}

// "“甲”保留 K-9，“乙”改为 K-9-2"
std::string ConflictScreen::numbers_given(std::size_t kept) const {
  std::string text = say(Word::conflict_number_kept, {name_of(conflict_->sides[kept].cells.front().row), shared_number(app, *conflict_)});
  std::size_t given = 0;
  for (std::size_t index = 0; index < conflict_->sides.size(); ++index) {
    if (index != kept && given < conflict_->spare_numbers.size()) {
      const std::string name = name_of(conflict_->sides[index].cells.front().row);
      text += std::string(say(Word::clause_separator)) + say(Word::conflict_number_changed, {name, conflict_->spare_numbers[given++]});
    }
  }
  return text;
}

// "联系人“甲”的主要联系人仍是“是”；联系人“乙”的主要联系人改为“否”", of as many as a toast holds.
std::string ConflictScreen::what_becomes_of_all(const ConflictSide& chosen) const {
  constexpr std::size_t most_told = 3;
  std::string text;
  for (std::size_t index = 0; index < std::min(most_told, chosen.effects.size()); ++index) {
    text += (text.empty() ? "" : std::string(say(Word::clause_separator))) + std::string(say(chosen.effects[index].text));
  }
  const std::size_t more = chosen.effects.size() - std::min(most_told, chosen.effects.size());
  return more == 0 ? text : text + std::string(say(Word::clause_separator)) + say(Word::conflict_more_effects, {App::format_count(static_cast<std::int64_t>(more))});
}

void ConflictScreen::draw_side(std::size_t index) {
  const ConflictSide& side = conflict_->sides[index];
  const std::string name = name_of(side);
  bool taken = false;
  ui.card("side", {.name = name}, [&] {
    ui.row("who", {.gap = Space::s}, [&] {
      ui.heading(name, 3);
      if (side.stands_now) {
        ui.badge(say(Word::conflict_stands), {.tone = Tone::accent});
      }
    });
    draw_authors(side);
    conflict_->kind == ConflictKind::field ? draw_cells(side.cells) : draw_effects(side);
    draw_opens(index);
    if (conflict_->by_hand) {
      if (ui.button("correct", say(Word::conflict_correct), {.icon = Icon::edit, .fill_width = true})) {
        app.router.go(form_for(*conflict_->entity, side.cells.empty() ? conflict_->row : side.cells.front().row));
      }
      return;
    }
    const std::string refused(say(side.refused));
    if (!refused.empty()) {
      ui.text(refused, {.color = ColorToken::danger});
      if (const std::string first = decided_first(side); !first.empty() && ui.link("first", say(Word::conflict_decide_first))) {
        app.router.go({.place = Place::conflict, .detail = first});
      }
    }
    taken = ui.button("take", take_label(side), {.icon = Icon::check, .disabled = !refused.empty(), .fill_width = true, .description = refused});
  });
  if (taken && app.may_write()) {
    const std::string done = say(Word::conflict_settled_as, {name_of(conflict_->row), take_label(side)});
    settle([&] { return app.sync->resolve(*conflict_, index); }, done);
  }
}

void ConflictScreen::draw_cells(const std::vector<ConflictSide::Cell>& cells) {
  const bool single = conflict_->kind == ConflictKind::field;
  const std::string_view empty = say(Word::history_empty_value);
  Id line;
  for (const ConflictSide::Cell& cell : cells) {
    if (!cell.field || !cell.entity) {
      continue;
    }
    const std::string shown = app.show(*cell.field, cell.value);
    const std::string_view value = shown.empty() ? empty : std::string_view(shown);
    if (single) {
      ui.muted(say(*cell.field));
      ui.text(value, {.style = TextStyle::title});
      continue;
    }
    if (cell.row != line && cell.row != conflict_->row) {
      ui.divider();
      ui.text(std::string(say(*cell.entity)) + " " + app.store->title(*cell.entity, cell.row), {.style = TextStyle::body_strong});
    }
    line = cell.row;
    ui.key_value({.label = say(*cell.field), .value = value});
  }
}

void ConflictScreen::draw_other_rows() {
  if (!conflict_ || is_about_several() || conflict_->others.empty()) {
    return;
  }
  list_card(ui, "others", say(Word::conflict_needed_by), [&] {
    for (const RecordName& other : conflict_->others) {
      const std::string name = app.title_of(*other.entity, other.row);
      const std::string titled = std::string(say(*other.entity)) + (name.empty() ? "" : " · " + name);
      if (ui.list_row(other.row.text(), {.title = titled, .icon = icon_of(*other.entity), .chevron = true})) {
        app.router.go(record_of(*other.entity, other.row));
      }
    }
  });
  ui.space();
}

// Of references and the like the sides are all there is.
bool ConflictScreen::takes_own_value() const {
  if (!conflict_ || conflict_->kind != ConflictKind::field || !conflict_->field) {
    return false;
  }
  const FieldType type = conflict_->field->type;
  return type != FieldType::reference && type != FieldType::choices && type != FieldType::boolean;
}

void ConflictScreen::start_own_value() {
  own_.emplace();
  own_->field = conflict_->field;
  set_draft(app, *own_, Value());
  const std::string draft = drafts_.take_resumed().value_or(std::string());
  if (draft.starts_with(as_typed)) {
    own_->text = draft.substr(1);
    read_draft(*own_);
  } else if (const auto value = unpack_value(draft)) {
    set_draft(app, *own_, *value);
  }
}

void ConflictScreen::draw_own_value() {
  if (!takes_own_value()) {
    return;
  }
  if (!own_) {
    start_own_value();
  }
  const FieldType type = conflict_->field->type;
  ui.card("own", {.name = say(Word::conflict_own_value)}, [&] {
    ui.heading(say(Word::conflict_own_value), 3);
    if (drafts_.draw_offer() != DraftAnswer::none) {
      start_own_value();
    }
    FieldDraft& draft = *own_;
    const std::string error = draft.misread ? std::string(say(*draft.misread)) : std::string();
    const FieldOptions options{.label = say(*draft.field), .error = error, .width = 320};
    bool changed = false;
    if (type == FieldType::choice) {
      std::vector<Option> choices;
      for (const Store::ChoiceLabel& choice : app.store->choices(*draft.field->list)) {
        if (choice.active) {
          choices.push_back({.key = choice.id, .label = std::string(say(choice.label))});
        }
      }
      changed = ui.combo("value", draft.text, choices, {.field = options});
    } else if (type == FieldType::date) {
      changed = ui.date_field("value", draft.text, {.field = options}).changed;
    } else if (type == FieldType::date_time) {
      changed = ui.date_time_field("value", draft.text, {.field = options}).changed;
    } else if (type == FieldType::money) {
      changed = ui.money_field("value", draft.text, {.field = options}).changed;
    } else {
      changed = ui.text_field("value", draft.text, {.field = options}).changed;
    }
    if (changed) {
      read_draft(draft);
    }
    if (ui.button("use", say(Word::conflict_use_value), {.icon = Icon::check, .disabled = draft.empty() || draft.misread.has_value()}) && app.may_write()) {
      settle([&] { return app.sync->resolve_with(*conflict_, draft.value); },
             say(Word::conflict_settled_as, {name_of(conflict_->row), app.show(*draft.field, draft.value)}));
    }
  });
}

// A value that was typed and not used goes with the question.
void ConflictScreen::settle(const std::function<Result<Written>()>& resolve, std::string done) {
  const bool settled = drafts_.settle([&] {
    const Result<Written> resolved = resolve();
    if (!resolved) {
      app.show_error(resolved.error());
      return false;
    }
    for (const Sentence& hint : resolved->hints) {  // what has become of documents
      done = (done.empty() ? std::string() : say.ended(std::move(done))) + std::string(say(hint));
    }
    return true;
  });
  if (!settled) {
    return;
  }
  app.steps.tell_undoable(done.empty() ? std::string(say(Word::conflict_settled)) : done);
  done_ = done.empty() ? std::string() : say.ended(std::move(done));
  own_.reset();
  revision_ = -1;
  app.platform.request_frame();
}

}  // namespace kehubu
