#include "app/pages/records/record_form.h"

#include <algorithm>
#include <utility>

#include "app/pages/records/bring_back.h"
#include "app/shell/leave_question.h"

namespace kehubu {
namespace {

constexpr char field_mark = '\x1e';  // between the fields of a packed draft
constexpr char as_typed = 'x';         // before a text that could not be read as a value
constexpr char value_mark = '\x1f';  // between a field's name and its value
constexpr char base_mark = '\x1a';   // between a value and the stored one that it was to replace
constexpr char basis_mark = '\x17';   // before what the form was begun from, at the end
constexpr char create_mark = '\x1c';  // before the name of the field that a record is being created for, and before that record's form

const Value no_value;

}  // namespace

RecordForm::RecordForm(App& app, DraftKeeper& keeper, const Entity& entity, const Id& id)
    : app_(app), keeper_(keeper), entity_(entity), id_(id.empty() ? new_id(app.platform) : id), is_new_(id.empty()), questions_(app, entity, id_), picker_(app) {
  for (const Field& field : entity.fields) {
    if (!field.derived()) {
      drafts_.push_back({.field = &field});
    }
  }
  read_record();
  validate();
}

RecordForm::~RecordForm() = default;

void RecordForm::read_record() {
  const auto record = is_new_ ? std::nullopt : app_.read(entity_, id_);
  if (record && entity_.part_of.empty() && !basis_) {
    basis_.emplace(app_, entity_, id_);
  }
  for (FieldDraft& draft : drafts_) {
    draft.original = record ? record->value(draft.field->id) : default_of(app_, *draft.field);
    draft.automatic = false;
    draft.begun_from.reset();
    put(draft, draft.original);
    if (draft.field->workflow) {
      draft.allowed = choices_allowed(app_, entity_, id_, *draft.field);
    }
  }
}

bool RecordForm::follow_store() {
  if (!basis_ || !basis_->take_moved()) {
    return false;
  }
  const std::string text = typed();
  read_record();
  unpack(text);
  return true;
}

FieldDraft* RecordForm::find(std::string_view field) {
  const auto found = std::find_if(drafts_.begin(), drafts_.end(), [&](const FieldDraft& draft) { return draft.field->id == field; });
  return found == drafts_.end() ? nullptr : &*found;
}

const FieldDraft* RecordForm::find(std::string_view field) const { return const_cast<RecordForm*>(this)->find(field); }

bool RecordForm::has(std::string_view field) const { return find(field) != nullptr; }

const Value& RecordForm::value(std::string_view field) const {
  const FieldDraft* draft = find(field);
  return draft ? draft->value : no_value;
}

bool RecordForm::is_spoken_for(std::string_view field) const {
  const FieldDraft* draft = find(field);
  return draft && draft->own && draft->changed();
}

bool RecordForm::is_readable(std::string_view field) const {
  const FieldDraft* draft = find(field);
  return draft && !draft->misread;
}

void RecordForm::set(std::string_view field, const Value& value) {
  if (FieldDraft* draft = find(field)) {
    draft->own = true;
    draft->automatic = false;
    set_draft(app_, *draft, value);
    note_change(*draft);
    look_for_likenesses(*draft);
    clear_dependants(*draft);
    validate();
  }
}

void RecordForm::follow(std::string_view field, std::string_view cause, const std::optional<Value>& value) {
  FieldDraft* draft = find(field);
  const FieldDraft* choice = find(cause);
  if (draft == nullptr || choice == nullptr) {
    return;
  }
  note_what_stood(*draft, *choice);
  if (stands_again(*draft, *choice)) {
    validate();
  } else if (value) {
    set(field, *value);
  }
}

void RecordForm::put(FieldDraft& draft, const Value& value) {
  set_draft(app_, draft, value);
  draft.settled = draft.left = value;
}

void RecordForm::note_what_stood(FieldDraft& draft, const FieldDraft& cause) {
  std::erase_if(draft.stood, [&](const FieldDraft::Stood& stood) { return stood.choice == cause.left; });
  draft.stood.push_back({.choice = cause.left, .value = draft.value, .own = draft.own, .automatic = draft.automatic});
}

// With the present choice: in this form, or in the stored record.
bool RecordForm::stands_again(FieldDraft& draft, const FieldDraft& cause) {
  const auto stood = std::ranges::find(draft.stood, cause.value, &FieldDraft::Stood::choice);
  const bool is_stored = !is_new_ && cause.value == cause.original;
  if (stood == draft.stood.end() && !is_stored) {
    return false;
  }
  const FieldDraft::Stood state = stood != draft.stood.end() ? *stood : FieldDraft::Stood{.choice = {}, .value = draft.original};
  set_draft(app_, draft, state.value);
  draft.own = state.own;
  draft.automatic = state.automatic;
  return true;
}

void RecordForm::preset(std::string_view field, const Value& value) {
  if (FieldDraft* draft = find(field)) {
    draft->original = value;
    draft->automatic = false;
    put(*draft, value);
    validate();
  }
}

bool RecordForm::focus_problem() {
  const auto drawn = std::ranges::find_if(drafts_, [this](const FieldDraft& draft) { return draft.drawn && has_problem(draft); });
  if (drawn != drafts_.end()) {
    focus(drawn->field->id);
  }
  return drawn != drafts_.end();
}

bool RecordForm::decides() {
  return std::ranges::any_of(drafts_, [this](const FieldDraft& draft) { return draft.value != draft.original && questions_.about(*draft.field); });
}

bool RecordForm::changed() const {
  return (quick_create_ && quick_create_->form().changed()) || std::any_of(drafts_.begin(), drafts_.end(), [](const FieldDraft& draft) { return draft.changed(); });
}

Edit RecordForm::edit() const {
  Edit edit{.entity = &entity_, .row = id_, .fields = {}};
  const bool says_something = changed();
  for (const FieldDraft& draft : drafts_) {
    // A new record says everything it starts with; an old one what was changed, and what the person wants as it was: rules leave that alone.
    const bool says = is_new_ ? !is_null(draft.value) : draft.value != draft.original || (draft.own && says_something);
    if (says && !draft.misread && !draft.automatic) {
      edit.fields.emplace_back(draft.field, draft.value);
    }
  }
  return edit;
}

void RecordForm::validate() {
  Store::Foresight foresight = app_.store->foresee(edit());
  problems_ = std::move(foresight.problems);
  // What cannot be read is not empty: of such a field only that is said.
  std::erase_if(problems_, [&](const Store::Problem& problem) {
    return problem.field != nullptr && std::ranges::any_of(drafts_, [&](const FieldDraft& draft) { return draft.field == problem.field && draft.misread; });
  });
  follow_rules(foresight.filled);
  find_demanded();
}

// What a rule asks for as things stand is marked before anybody tries to save, and stays so once it is filled in.
void RecordForm::find_demanded() {
  const auto asked_for = [](const std::vector<Store::Problem>& problems, const FieldDraft& draft) {
    return std::ranges::any_of(problems, [&](const Store::Problem& problem) { return problem.field == draft.field && !problem.hint_only; });
  };
  Edit without = edit();
  std::vector<FieldDraft*> filled;
  for (FieldDraft& draft : drafts_) {
    const bool conditional = draft.field->required == Required::conditional && !draft.misread;
    draft.demanded = conditional && is_null(draft.value) && asked_for(problems_, draft);
    if (conditional && !is_null(draft.value)) {
      std::erase_if(without.fields, [&](const auto& cell) { return cell.first == draft.field; });
      without.fields.emplace_back(draft.field, Value());
      filled.push_back(&draft);
    }
  }
  const std::vector<Store::Problem> problems = filled.empty() ? std::vector<Store::Problem>() : app_.store->validate(without);
  for (FieldDraft* draft : filled) {
    draft->demanded = asked_for(problems, *draft);
  }
}

// What saving will fill in stands in the form as long as nobody has said anything else: a field that is filled by itself
// must not look empty and asked for.
void RecordForm::follow_rules(const std::vector<std::pair<const Field*, Value>>& filled) {
  for (FieldDraft& draft : drafts_) {
    const auto found = std::ranges::find(filled, draft.field, [](const auto& cell) { return cell.first; });
    const bool follows = found != filled.end() && !draft.own && draft.field->id != entity_.number_field;
    const bool is_prose = draft.field->type == FieldType::text || draft.field->type == FieldType::long_text;
    draft.foreseen = follows && is_prose ? found->second : Value();
    if (follows && !is_prose) {
      if (draft.value != found->second) {
        put(draft, found->second);
        app_.platform.request_frame();  // it may have been drawn already
      }
      draft.automatic = draft.value != draft.original;
    } else if (draft.automatic) {
      draft.automatic = false;
      set_draft(app_, draft, draft.original);
      app_.platform.request_frame();
    }
  }
}

bool RecordForm::stands_in_the_way(const Store::Problem& problem) const {
  // A new line's document is written in the same action, so that only the store, seeing both, can judge the reference.
  const bool is_document = problem.field != nullptr && !entity_.part_of.empty() && problem.field->id == entity_.part_of;
  return !problem.hint_only && !is_document;
}

bool RecordForm::complete() {
  validate();
  return problem_sentences().empty();
}

bool RecordForm::check() {
  const bool good = complete();
  for (FieldDraft& draft : drafts_) {
    draft.touched = true;
    draft.flagged = draft.flagged || has_problem(draft);
  }
  check_failed_ = !good;
  return good;
}

std::vector<std::string> RecordForm::problem_sentences() const {
  std::vector<std::string> sentences;
  for (const FieldDraft& draft : drafts_) {
    if (draft.misread) {
      sentences.push_back(app_.say(Word::conflict_line, {app_.say(*draft.field), app_.say(*draft.misread)}));
    }
  }
  for (const Store::Problem& problem : problems_) {
    if (stands_in_the_way(problem)) {
      sentences.emplace_back(app_.say(problem.message));
    }
  }
  for (const FieldDraft& draft : drafts_) {
    if (perhaps_there_already(draft)) {
      sentences.push_back(app_.say(Word::alike_problem, {app_.title_of(*draft.alike.front().entity, draft.alike.front().row)}));
    }
  }
  return sentences;
}

void RecordForm::draw_changes_since() {
  const std::vector<std::string> changes = basis_ ? basis_->changes() : std::vector<std::string>();
  if (changes.empty()) {
    return;
  }
  std::string list;
  for (const std::string& change : changes) {
    list += (list.empty() ? "" : "\n") + change;
  }
  if (list == changes_read_) {
    return;
  }
  if (app_.ui.banner("changed_since", {.tone = Tone::warning, .title = app_.say(Word::draft_changed_since), .sentence = list, .closable = true}) == BannerAction::close) {
    changes_read_ = list;
    app_.platform.request_frame();
  }
  app_.ui.space();
}

bool RecordForm::holds_back() {
  const bool carries_on = std::ranges::any_of(drafts_, [](const FieldDraft& draft) { return draft.field->workflow && draft.value != draft.original; });
  const auto amount = basis_ && carries_on ? basis_->changed_amount() : std::optional<RecordBasis::Amount>();
  asks_about_amount_ = amount && amount->changes != agreed_amount_;
  return asks_about_amount_;
}

void RecordForm::draw_amount_question() {
  const auto moved = std::ranges::find_if(drafts_, [](const FieldDraft& draft) { return draft.field->workflow && draft.value != draft.original; });
  const auto amount = basis_ ? basis_->changed_amount() : std::optional<RecordBasis::Amount>();
  if (!asks_about_amount_ || !amount || moved == drafts_.end()) {
    asks_about_amount_ = false;
    return;
  }
  const std::string sentence = amount->changes + app_.say(Word::draft_amount_sentence, {app_.say(*moved->field), app_.show(*moved->field, moved->value)});
  const Confirmation answer = app_.ui.confirm("amount", asks_about_amount_, {.title = app_.say(amount->other_total ? Word::draft_amount_title : Word::draft_terms_title),
                                                                             .sentence = sentence,
                                                                             .confirm_label = app_.say(Word::draft_amount_agree, {amount->now}),
                                                                             .cancel_label = app_.say(Word::draft_amount_not_yet)});
  if (answer == Confirmation::waiting) {
    return;
  }
  asks_about_amount_ = false;
  if (answer == Confirmation::confirmed) {
    agreed_amount_ = amount->changes;
    agreed_ = true;
    app_.platform.request_frame();
  }
}

void RecordForm::draw_problem_summary() {
  questions_.draw_of_record();
  draw_problems();
  for (FieldDraft& draft : drafts_) {
    draft.drawn = false;
  }
}

void RecordForm::draw_problems() {
  if (!check_failed_) {
    return;
  }
  const std::vector<std::string> sentences = problem_sentences();
  if (sentences.empty()) {
    check_failed_ = false;
    return;
  }
  std::string list;
  for (const std::string& sentence : sentences) {
    list += (list.empty() ? "" : "\n") + sentence;
  }
  const std::string title = sentences.size() == 1 ? std::string(app_.say(Word::problem_count_one))
                                                  : app_.say(Word::problems_title, {std::to_string(sentences.size())});
  const bool leads = std::ranges::any_of(drafts_, [this](const FieldDraft& draft) { return draft.drawn && has_problem(draft); });
  const BannerAction pressed = app_.ui.banner("problems", {.tone = Tone::danger, .title = title, .sentence = list, .action_label = leads ? app_.say(Word::problems_go) : std::string_view()});
  app_.ui.space();
  if (pressed == BannerAction::action) {
    (void)focus_problem();
  }
  draw_deleted_references();
}

void RecordForm::draw_deleted_references() {
  for (const FieldDraft& draft : drafts_) {
    const Entity* target = find_entity(draft.field->references);
    const auto record = target && problem_of(draft.field->id) ? app_.read(*target, id_or_empty(draft.value)) : std::nullopt;
    if (!record || !record->deleted) {
      continue;
    }
    const std::string name = app_.title_of(*target, record->id), title = app_.say(Word::removed_entity, {name});
    BannerAction pressed = BannerAction::none;
    app_.ui.with_key(draft.field->id, [&] { pressed = app_.ui.banner("deleted", {.tone = Tone::warning, .title = title, .action_label = app_.say(Word::restore_record)}); });
    app_.ui.space();
    if (pressed == BannerAction::action && bring_back(app_, *target, record->id)) {
      validate();
      return;
    }
  }
}

const Store::Problem* RecordForm::problem_of(std::string_view field) const {
  const auto found = std::ranges::find_if(problems_, [&](const Store::Problem& problem) { return problem.field && problem.field->id == field && !problem.hint_only; });
  return found == problems_.end() ? nullptr : &*found;
}

const Store::Problem* RecordForm::hint_of(std::string_view field) const {
  const auto found = std::ranges::find_if(problems_, [&](const Store::Problem& problem) { return problem.field && problem.field->id == field && problem.hint_only; });
  return found == problems_.end() ? nullptr : &*found;
}

void RecordForm::look_for_likenesses(FieldDraft& draft) {
  constexpr std::size_t shown = 3;
  const std::vector<Likeness> before = std::exchange(draft.alike, {});
  if (draft.own && !draft.misread && draft.value != draft.original) {
    draft.alike = likenesses(*app_.store, entity_, id_, *draft.field, draft.value, shown);
  }
  // Another one is another question.
  const bool same = std::ranges::equal(before, draft.alike, {}, &Likeness::row, &Likeness::row);
  draft.meant = draft.meant && same;
}

bool RecordForm::perhaps_there_already(const FieldDraft& draft) const {
  return is_new_ && !draft.meant && std::ranges::any_of(draft.alike, &Likeness::strong) && entity_.id == "customer";
}

void RecordForm::after_change(FieldDraft& draft) {
  draft.automatic = false;
  note_change(draft);
  look_for_likenesses(draft);
  clear_dependants(draft);
  validate();
}

void RecordForm::clear_dependants(const FieldDraft& changed) {
  if (changed.field->references != "customer") {
    return;
  }
  // Another customer: whatever was chosen of the former one's does not fit any more (R-VAL-04).
  for (FieldDraft& draft : drafts_) {
    const Entity* target = draft.field->type == FieldType::reference ? find_entity(draft.field->references) : nullptr;
    if (!target || target->id == "customer" || !target->find("customer")) {
      continue;
    }
    const auto record = is_null(draft.value) ? std::nullopt : app_.read(*target, id_or_empty(draft.value));
    note_what_stood(draft, changed);
    if ((!record || record->value("customer") != changed.value) && !stands_again(draft, changed)) {
      set_draft(app_, draft, Value());
    }
  }
}

std::vector<std::pair<std::string, std::string>> RecordForm::written() const {
  std::vector<std::pair<std::string, std::string>> written;
  for (const FieldDraft& draft : drafts_) {
    if (draft.changed()) {
      const std::string value = draft.misread ? draft.text : app_.show(*draft.field, draft.value);
      written.emplace_back(app_.say(*draft.field), value.empty() ? std::string(app_.say(Word::history_empty_value)) : value);
    }
  }
  return written;
}

std::string RecordForm::typed() const { return pack_fields(false); }

std::string RecordForm::pack() const {
  // A line's are its document's.
  return pack_fields(is_new_ && entity_.part_of.empty()) + (basis_ ? basis_mark + basis_->pack() : std::string());
}

// What the person put back to what it was is said, too: a rule had made something else of it, and would again.
std::string RecordForm::pack_fields(bool with_defaults) const {
  std::string packed;
  const bool says_something = changed();
  for (const FieldDraft& draft : drafts_) {
    const bool put_back = draft.own && !draft.automatic && says_something;
    if (draft.changed() || put_back || (with_defaults && !draft.automatic && !is_null(draft.value))) {
      packed += std::string(draft.field->id) + value_mark + (draft.misread ? as_typed + draft.text : pack_value(draft.value)) +
                base_mark + pack_value(draft.begun_from.value_or(draft.original)) + field_mark;
    }
  }
  // A record that is being created in a dialog creates no other.
  if (quick_create_ && quick_create_->form().changed()) {
    packed += create_mark + std::string(quick_create_->target().field->id) + create_mark + quick_create_->form().pack();
  }
  return packed;
}

void RecordForm::unpack(std::string_view packed) {
  if (const std::size_t mark = packed.rfind(basis_mark); mark != std::string_view::npos) {
    if (basis_) {
      basis_->unpack(packed.substr(mark + 1));
    }
    packed = packed.substr(0, mark);
  }
  std::string_view created;
  if (const std::size_t mark = packed.find(create_mark); mark != std::string_view::npos) {
    created = packed.substr(mark + 1);
    packed = packed.substr(0, mark);
  }
  while (!packed.empty()) {
    const std::size_t end = packed.find(field_mark);
    const std::string_view entry = packed.substr(0, end);
    const std::size_t middle = entry.find(value_mark);
    if (middle != std::string_view::npos) {
      unpack_field(entry.substr(0, middle), entry.substr(middle + 1));
    }
    packed = end == std::string_view::npos ? std::string_view() : packed.substr(end + 1);
  }
  validate();
  const std::size_t mark = created.find(create_mark);
  if (FieldDraft* target = mark == std::string_view::npos ? nullptr : find(created.substr(0, mark))) {
    begin_quick_create(*target, {});
    quick_create_->form().unpack(created.substr(mark + 1));
  }
}

void RecordForm::unpack_field(std::string_view field, std::string_view packed) {
  FieldDraft* draft = find(field);
  if (!draft) {
    return;  // of a program that knew other fields
  }
  if (const std::size_t base = packed.rfind(base_mark); base != std::string_view::npos) {
    const auto before = unpack_value(packed.substr(base + 1));
    packed = packed.substr(0, base);
    if (!is_new_) {
      draft->begun_from = before;
    } else if (before) {
      draft->original = *before;
    }
  }
  if (packed.starts_with(as_typed)) {
    draft->text = packed.substr(1);
    draft->automatic = false;
    draft->own = draft->filled_in = true;  // what a rule would fill in does not take its place
    read_draft(*draft);
  } else if (const auto value = unpack_value(packed)) {
    put(*draft, *value);
    draft->automatic = false;
    if (!is_new_ || *value != draft->original) {  // else nobody has said it
      draft->own = draft->filled_in = true;
      look_for_likenesses(*draft);
    }
  }
}

void RecordForm::begin_quick_create(FieldDraft& target, std::string_view name) {
  const Entity& entity = entity_named(target.field->references);
  quick_create_ = std::make_unique<QuickCreate>(app_, keeper_, target, entity);
  if (!name.empty()) {
    quick_create_->form().set(entity.title_field, std::string(name));
  }
  if (const Id customer = id_or_empty(value("customer")); !customer.empty()) {
    quick_create_->form().preset("customer", customer);
  }
}

// The record is there, the field refers to it, and the draft has it no more: all of it or nothing.
bool RecordForm::finish_quick_create() {
  if (!quick_create_->write()) {
    return false;
  }
  FieldDraft& target = quick_create_->target();
  set_draft(app_, target, quick_create_->form().id());
  target.touched = target.own = true;
  after_change(target);
  quick_create_.reset();
  return true;
}

QuickCreate::QuickCreate(App& app, DraftKeeper& keeper, FieldDraft& target, const Entity& entity)
    : app_(app), target_(target), form_(app, keeper, entity, {}) {
  form_.allow_create(false);
  form_.focus(entity.title_field);
}

QuickCreate::Answer QuickCreate::draw() {
  Answer answer = Answer::none;
  bool open = true, saving = false;
  const std::string title = app_.say(Word::create_entity, {app_.say.inside(form_.entity())});
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::cancel))) {
      answer = Answer::close;
    }
    saving = app_.ui.button("create", app_.say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check}) || saving;
  };
  app_.ui.dialog("quick_create", open, {.title = title, .full_on_phone = true, .actions = actions}, [&] {
    form_.draw_problem_summary();
    form_.draw_essentials();
    saving = app_.ui.shortcut('S', true);  // before the buttons, which are drawn last
  });
  if (saving && form_.check()) {
    answer = Answer::save;
  }
  const bool leaves = !open || answer == Answer::close;
  if (leaves && form_.changed()) {
    asks_ = true;
  } else if (leaves || answer == Answer::save) {
    return leaves ? Answer::close : answer;
  }
  // Its draft is that of the form below, which goes on: what is left here cannot be kept by itself.
  switch (asks_ ? draw_leave_question(app_, false) : LeaveAnswer::none) {
    case LeaveAnswer::discard:
      return Answer::close;
    case LeaveAnswer::stay:
      asks_ = false;
      break;
    case LeaveAnswer::keep:
    case LeaveAnswer::none:
      break;
  }
  return Answer::none;
}

bool QuickCreate::write() {
  const Edit edit = form_.edit();
  return app_.write({&edit, 1}, app_.say(Word::created_entity, {app_.show(*form_.entity().find(form_.entity().title_field),
                                                                          form_.value(form_.entity().title_field))}));
}

}  // namespace kehubu
