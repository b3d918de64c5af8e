// How the fields of a RecordForm are drawn: one widget per type, groups in cards.
#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/record_form.h"
#include "core/store/validation.h"

namespace kehubu {
namespace {

constexpr float field_minimum_width = 240;
constexpr std::size_t own_group_from = 3;  // fewer fields before the first heading join what follows

bool takes_whole_width(const Field& field) {
  return field.type == FieldType::long_text || field.type == FieldType::choices;
}

InputMode input_mode(Format format) {
  switch (format) {
    case Format::phone:
      return InputMode::telephone;
    case Format::email:
      return InputMode::email;
    case Format::website:
      return InputMode::url;
    case Format::postcode:
    case Format::bank_account:
      return InputMode::numeric;
    default:
      return InputMode::text;
  }
}

}  // namespace

bool RecordForm::shown(const FieldDraft& draft) const { return !hidden_.contains(std::string(draft.field->id)); }

bool RecordForm::essential(const FieldDraft& draft) const {
  // What must be said and is not said by a default, and what the list shows; what stood in the way of saving or was filled in.
  const Field& field = *draft.field;
  const bool asked = field.required == Required::always && field.default_value.empty();
  return asked || field.in_list || field.id == entity_.title_field || draft.flagged || draft.filled_in;
}

void RecordForm::draw(FunctionRef<void()> after_first) {
  const auto is_shown = [this](const FieldDraft& draft) { return shown(draft) && (all_shown_ || !is_new_ || essential(draft)); };
  std::vector<FieldDraft*> group;
  std::string_view heading = app_.say(Word::record_basics);
  sections_.clear();
  const auto finish_group = [&] {
    if (group.empty()) {
      return;
    }
    const std::size_t number = sections_.size();
    sections_.push_back(heading);
    if (jump_to_ == number) {
      app_.ui.scroll_here();
      jump_to_.reset();
    }
    app_.ui.with_key(static_cast<std::int64_t>(number), [&] {
      app_.ui.card("group", {.name = heading}, [&] {
        app_.ui.heading(heading, 3);
        draw_fields(group);
      });
    });
    app_.ui.space();
    group.clear();
    if (number == 0) {
      after_first();
    }
  };
  for (FieldDraft& draft : drafts_) {
    const std::string_view next = app_.say.group(*draft.field);
    // A short form stays one card: headings over two fields each would be noise.
    if (!next.empty() && (all_shown_ || !is_new_)) {
      if (!sections_.empty() || group.size() >= own_group_from) {
        finish_group();
      }
      heading = next;
    }
    if (is_shown(draft)) {
      group.push_back(&draft);
    }
  }
  finish_group();
  if (is_new_) {
    draw_fold_button();
  }
}

void RecordForm::draw_fold_button() {
  const auto more = std::ranges::count_if(drafts_, [this](const FieldDraft& draft) { return shown(draft) && !essential(draft); });
  if (all_shown_) {
    if (app_.ui.button("fold", app_.say(Word::form_fold), {.icon = Icon::chevron_up, .fill_width = true})) {
      all_shown_ = false;
      for (FieldDraft& draft : drafts_) {
        draft.filled_in = draft.filled_in || draft.changed();
      }
    }
  } else if (more > 0 && app_.ui.button("more", app_.say(Word::form_show_all_count, {std::to_string(more)}), {.icon = Icon::chevron_down, .fill_width = true})) {
    all_shown_ = true;
  }
}

bool RecordForm::has_problem(const FieldDraft& draft) const {
  return draft.misread || std::any_of(problems_.begin(), problems_.end(), [&](const Store::Problem& problem) {
           return problem.field == draft.field && !problem.hint_only;
         });
}

void RecordForm::draw_essentials() {
  std::vector<FieldDraft*> fields;
  for (FieldDraft& draft : drafts_) {
    if (shown(draft) && (essential(draft) || (check_failed_ && has_problem(draft)))) {
      fields.push_back(&draft);
    }
  }
  draw_fields(fields);
}

void RecordForm::flag_problems() {
  for (FieldDraft& draft : drafts_) {
    draft.flagged = draft.flagged || has_problem(draft) || (draft.value != draft.original && questions_.about(*draft.field));
  }
}

void RecordForm::draw_problem_fields() {
  flag_problems();
  std::vector<FieldDraft*> fields;
  for (FieldDraft& draft : drafts_) {
    if (draft.flagged) {
      fields.push_back(&draft);
    }
  }
  draw_fields(fields);
}

void RecordForm::draw_fields(std::vector<FieldDraft*> drafts) {
  // The name comes first, whatever the paper form began with.
  if (const auto name = std::ranges::find(drafts, entity_.title_field, [](const FieldDraft* draft) { return draft->field->id; }); name != drafts.end()) {
    std::rotate(drafts.begin(), name, name + 1);
  }
  // Short fields flow in columns, long ones take the width.
  std::size_t index = 0;
  while (index < drafts.size()) {
    if (takes_whole_width(*drafts[index]->field)) {
      (void)draw_field(*drafts[index++]);
      continue;
    }
    std::size_t end = index;
    while (end < drafts.size() && !takes_whole_width(*drafts[end]->field)) {
      ++end;
    }
    app_.ui.grid(drafts[index]->field->id, {.min_column_width = field_minimum_width, .max_columns = 2, .gap = Space::l},
                 static_cast<int>(end - index),
                 [&](int cell) { (void)draw_field(*drafts[index + static_cast<std::size_t>(cell)]); });
    index = end;
  }
}

bool RecordForm::field(std::string_view field_id, std::string_view label, std::string_view placeholder) {
  FieldDraft* draft = find(field_id);
  return draft && draw_field(*draft, label, placeholder);
}

bool RecordForm::cell(std::string_view field_id, std::string_view name, std::string_view unit) {
  in_table_ = true;
  unit_ = unit;
  const bool changed = field(field_id, name);
  in_table_ = false;
  unit_ = {};
  return changed;
}

void RecordForm::draw_section(const std::vector<const Field*>& fields) {
  std::vector<FieldDraft*> drafts;
  for (FieldDraft& draft : drafts_) {
    if (std::ranges::find(fields, draft.field) != fields.end() || (check_failed_ && (draft.flagged || has_problem(draft)))) {
      drafts.push_back(&draft);
    }
  }
  draw_fields(drafts);
}

// Below the field: who it may be already, one tap away; and the tap that says that somebody else is meant.
void RecordForm::draw_likenesses(FieldDraft& draft) {
  app_.ui.with_key(draft.field->id, [&] {
    app_.ui.stack(Space::s, [&] {
      app_.ui.text(app_.say(Word::alike_title), {.style = TextStyle::caption_strong, .color = ColorToken::warning, .role = Role::status});
      for (const Likeness& likeness : draft.alike) {
        const auto record = app_.read(*likeness.entity, likeness.row);
        const std::string title = app_.title_of(*likeness.entity, likeness.row);
        const std::string subtitle = record ? subtitle_of(app_, *record) : std::string();
        const std::string_view badge = app_.say(likeness.deleted                                      ? Word::alike_deleted
                                                : likeness.kind == Likeness::Kind::same_name         ? Word::alike_same_name
                                                : likeness.kind == Likeness::Kind::same_number       ? Word::alike_same_number
                                                : likeness.kind == Likeness::Kind::same_registration ? Word::alike_same_registration
                                                                                                     : Word::alike_near_name);
        if (app_.ui.list_row(likeness.row.text(), {.title = title, .subtitle = subtitle, .badge = badge, .badge_tone = Tone::warning, .icon = icon_of(*likeness.entity), .chevron = true})) {
          app_.router.look_at(record_of(*likeness.entity, likeness.row));
        }
      }
      if (perhaps_there_already(draft) && app_.ui.button("meant", app_.say(Word::alike_new_all_the_same), {.icon = Icon::plus})) {
        draft.meant = true;
      }
    });
  });
}

bool RecordForm::draw_field(FieldDraft& draft, std::string_view label, std::string_view placeholder) {
  const Field& field = *draft.field;
  const bool numbered = field.id == entity_.number_field && !entity_.number_prefix.empty();
  draft.drawn = true;
  if (focus_ == field.id) {
    focus_ = {};
    app_.ui.request_focus(field.id);
  }
  std::string error, hint(app_.say.hint(field));
  bool warns = draft.overtaken();
  const std::string foreseen = app_.show(field, draft.foreseen);
  if (draft.touched && draft.misread) {
    error = app_.say(*draft.misread);
  }
  for (const Store::Problem& problem : problems_) {
    // What saving will bring about is said while one types; what is wrong, when one is done.
    if (problem.field == draft.field && (draft.touched || (problem.hint_only && draft.own))) {
      (problem.hint_only ? hint : error) = app_.say(problem.message);
      warns = warns || problem.hint_only;
    }
  }
  if (draft.overtaken()) {
    const std::string now = app_.show(field, draft.original);
    hint = app_.say(Word::draft_overtaken, {now.empty() ? std::string(app_.say(Word::history_empty_value)) : now});
  }
  const FieldOptions options{.label = label.empty() ? app_.say(field) : label,
                             .required = (field.required == Required::always || draft.demanded) && !numbered && !draft.automatic && is_null(draft.foreseen),
                             .error = error,
                             .hint = hint,
                             .hint_warns = warns,
                             .placeholder = numbered && is_new_ ? app_.say(Word::number_automatic) : is_null(draft.foreseen) ? placeholder : std::string_view(foreseen),
                             .label_hidden = in_table_};
  const bool changed = draw_widget(draft, options);
  if (changed) {
    after_change(draft);
  }
  if (!draft.alike.empty()) {
    draw_likenesses(draft);
  }
  questions_.draw(field, [this](const Field& one) -> const Value* {
    const FieldDraft* of = std::as_const(*this).find(one.id);
    return of != nullptr && of->value != of->original ? &of->value : nullptr;
  });
  return changed;
}

bool RecordForm::draw_widget(FieldDraft& draft, const FieldOptions& options) {
  switch (draft.field->type) {
    case FieldType::choice:
      return draw_choice(draft, options);
    case FieldType::choices:
      return draw_choices(draft, options);
    case FieldType::reference:
      return draw_reference(draft, options);
    case FieldType::boolean: {
      if (!app_.ui.switch_control(draft.field->id, options.label, draft.on, options.error.empty() ? options.hint : options.error)) {
        return false;
      }
      draft.touched = draft.own = true;
      read_draft(draft);
      return true;
    }
    default:
      return draw_text(draft, options);
  }
}

bool RecordForm::draw_text(FieldDraft& draft, const FieldOptions& options) {
  const Field& field = *draft.field;
  TextFieldOptions text{.field = options, .mode = input_mode(field.format), .suffix = unit_, .align_end = in_table_};
  FieldResult result;
  switch (field.type) {
    case FieldType::long_text:
      text.lines = 3;
      result = app_.ui.text_area(field.id, draft.text, text);
      break;
    case FieldType::money:
      result = app_.ui.money_field(field.id, draft.text, text);
      break;
    case FieldType::basis_points:
      text.suffix = "%";
      text.align_end = in_table_;
      result = app_.ui.number_field(field.id, draft.text, text);
      break;
    case FieldType::integer:
    case FieldType::quantity:
      result = app_.ui.number_field(field.id, draft.text, text);
      break;
    case FieldType::date:
      result = app_.ui.date_field(field.id, draft.text, text);
      break;
    case FieldType::date_time:
      result = app_.ui.date_time_field(field.id, draft.text, text);
      break;
    default:
      result = app_.ui.text_field(field.id, draft.text, text);
  }
  submitted_ = submitted_ || result.submitted;
  if (result.unreadable) {
    draft.half_typed = true;
    draft.misread = Sentence{std::string(word_in(Word::date_half_typed, true)), std::string(word_in(Word::date_half_typed, false))};
  } else if (draft.half_typed) {
    draft.half_typed = false;
    read_draft(draft);
  }
  if (result.changed) {
    draft.own = true;
    read_draft(draft);
  }
  if (result.committed) {
    draft.touched = true;
    draft.own = !draft.empty();  // who empties a field leaves it to the rules again
    if (!draft.misread) {
      set_draft(app_, draft, draft.value == draft.original ? draft.original : normalised(field, draft.value));  // shows it as it will be stored: 4260 becomes 4,260.00
    }
  }
  return result.changed || result.committed;
}

bool RecordForm::draw_choice(FieldDraft& draft, const FieldOptions& options) {
  const Field& field = *draft.field;
  std::vector<Option> choices;
  if (field.list) {
    for (const Store::ChoiceLabel& choice : app_.store->choices(*field.list)) {
      const bool offered = choice.active && (!field.workflow || std::ranges::find(draft.allowed, choice.id) != draft.allowed.end());
      if (offered || choice.id == draft.text || Value(choice.id) == draft.original) {  // what the record had can be chosen back
        choices.push_back({.key = choice.id, .label = std::string(app_.say(choice.label))});
      }
    }
  }
  if (!app_.ui.combo(field.id, draft.text, choices, {.field = options, .clearable = field.required == Required::no})) {
    return false;
  }
  draft.touched = draft.own = true;
  read_draft(draft);
  return true;
}

bool RecordForm::draw_choices(FieldDraft& draft, const FieldOptions& options) {
  const Field& field = *draft.field;
  std::vector<Option> choices;
  if (field.list) {
    const std::vector<std::string> stored = split_keys(text_or_empty(draft.original));
    const auto holds = [](const std::vector<std::string>& keys, const std::string& id) { return std::ranges::find(keys, id) != keys.end(); };
    for (const Store::ChoiceLabel& choice : app_.store->choices(*field.list)) {
      if (choice.active || holds(draft.keys, choice.id) || holds(stored, choice.id)) {
        choices.push_back({.key = choice.id, .label = std::string(app_.say(choice.label))});
      }
    }
  }
  if (!app_.ui.multi_choice(field.id, draft.keys, choices, options)) {
    return false;
  }
  draft.touched = draft.own = true;
  read_draft(draft);
  return true;
}

bool RecordForm::draw_reference(FieldDraft& draft, const FieldOptions& options) {
  const Field& field = *draft.field;
  const Entity* target = find_entity(field.references);
  if (!target) {
    return false;
  }
  const Id customer = id_or_empty(value("customer"));
  const std::string create_label = create_allowed_ ? app_.say(Word::picker_create_plain, {app_.say.inside(*target)}) : std::string();
  const LookupResult result =
      app_.ui.lookup(field.id, draft.text, draft.shown,
                     {.field = options, .clearable = field.required != Required::always, .create_label = create_label, .search_placeholder = app_.say(Word::search_by, {search_words(app_, *target)})},
                     [&](std::string_view query) { return picker_.search(*target, query, customer, id_); });
  if (result.create) {
    begin_quick_create(draft, result.query);
  }
  if (result.changed) {
    draft.touched = draft.own = true;
    read_draft(draft);
  }
  return result.changed;
}

void RecordForm::draw_overlays() {
  draw_amount_question();
  if (!quick_create_) {
    return;
  }
  const QuickCreate::Answer answer = quick_create_->draw();
  if (answer == QuickCreate::Answer::save) {
    const std::string text = typed();
    FieldDraft& target = quick_create_->target();
    const FieldDraft before = target;
    if (!keeper_.write_and_go_on([this] { return finish_quick_create(); }) && !quick_create_) {
      target = before;  // written, but the disk would not have it
      unpack(text);
    }
  } else if (answer == QuickCreate::Answer::close) {
    quick_create_.reset();
  }
}

}  // namespace kehubu
