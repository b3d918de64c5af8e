#include "app/pages/records/record_form.h"

#include <algorithm>

namespace kehubu {
namespace {

constexpr char field_mark = '\x1e';  // between the fields of a packed draft
constexpr char as_typed = 'x';         // before a text that could not be read as a value
constexpr char value_mark = '\x1f';  // between a field's name and its value

const Value no_value;

}  // namespace

RecordForm::RecordForm(App& app, const Entity& entity, const Id& id)
    : app_(app), entity_(entity), id_(id.empty() ? new_id(app.platform) : id), is_new_(id.empty()), picker_(app) {
  const auto record = is_new_ ? std::nullopt : app.read(entity, id);
  for (const Field& field : entity.fields) {
    if (field.derived()) {
      continue;
    }
    FieldDraft& draft = drafts_.emplace_back();
    draft.field = &field;
    draft.original = record ? record->value(field.id) : default_of(app, field);
    set_draft(app, draft, draft.original);
    if (field.workflow) {
      draft.allowed = choices_allowed(app, entity, id_, field);
    }
  }
  validate();
}

RecordForm::~RecordForm() = default;

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

void RecordForm::set(std::string_view field, const Value& value) {
  if (FieldDraft* draft = find(field)) {
    set_draft(app_, *draft, value);
    clear_dependants(*draft);
    validate();
  }
}

void RecordForm::preset(std::string_view field, const Value& value) {
  if (FieldDraft* draft = find(field)) {
    draft->original = value;
    set_draft(app_, *draft, value);
    validate();
  }
}

bool RecordForm::changed() const {
  return std::any_of(drafts_.begin(), drafts_.end(), [](const FieldDraft& draft) { return draft.changed(); });
}

Edit RecordForm::edit() const {
  Edit edit{.entity = &entity_, .row = id_, .fields = {}};
  for (const FieldDraft& draft : drafts_) {
    // A new record says everything it starts with; an old one only what was changed.
    if (draft.misread ? false : is_new_ ? !is_null(draft.value) : draft.value != draft.original) {
      edit.fields.emplace_back(draft.field, draft.value);
    }
  }
  return edit;
}

void RecordForm::validate() { problems_ = app_.store->validate(edit()); }

bool RecordForm::check() {
  validate();
  bool good = true;
  for (FieldDraft& draft : drafts_) {
    draft.touched = true;
    draft.flagged = draft.flagged || has_problem(draft);
    good = good && !draft.misread;
  }
  for (const Store::Problem& problem : problems_) {
    // A new line's document is written in the same action, so that only the store, seeing both, can judge the reference.
    const bool is_document = problem.field != nullptr && !entity_.part_of.empty() && problem.field->id == entity_.part_of;
    good = good && (problem.hint_only || is_document);
  }
  check_failed_ = !good;
  return good;
}

void RecordForm::draw_problem_summary() {
  if (!check_failed_) {
    return;
  }
  std::string list;
  int count = 0;
  const auto add = [&](std::string_view sentence) {
    list += (list.empty() ? "" : "\n") + std::string(sentence);
    ++count;
  };
  for (const FieldDraft& draft : drafts_) {
    if (draft.misread) {
      add(app_.say(Word::conflict_line, {app_.say(*draft.field), app_.say(*draft.misread)}));
    }
  }
  for (const Store::Problem& problem : problems_) {
    if (!problem.hint_only) {
      add(app_.say(problem.message));
    }
  }
  if (count == 0) {
    check_failed_ = false;
    return;
  }
  const std::string title = count == 1 ? std::string(app_.say(Word::problem_count_one))
                                       : app_.say(Word::problems_title, {std::to_string(count)});
  (void)app_.ui.banner("problems", {.tone = Tone::danger, .title = title, .sentence = list});
  app_.ui.space();
}

void RecordForm::after_change(FieldDraft& draft) {
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
    if (target && target->id != "customer" && target->find("customer") && !is_null(draft.value)) {
      const auto record = app_.read(*target, id_or_empty(draft.value));
      if (!record || record->value("customer") != changed.value) {
        set_draft(app_, draft, Value());
      }
    }
  }
}

std::string RecordForm::pack() const {
  std::string packed;
  for (const FieldDraft& draft : drafts_) {
    if (draft.misread) {
      packed += std::string(draft.field->id) + value_mark + as_typed + draft.text + field_mark;
    } else if (draft.value != draft.original) {
      packed += std::string(draft.field->id) + value_mark + pack_value(draft.value) + field_mark;
    }
  }
  return packed;
}

void RecordForm::unpack(std::string_view packed) {
  while (!packed.empty()) {
    const std::size_t end = packed.find(field_mark);
    const std::string_view entry = packed.substr(0, end);
    const std::size_t middle = entry.find(value_mark);
    if (middle != std::string_view::npos) {
      FieldDraft* draft = find(entry.substr(0, middle));
      if (draft && entry.substr(middle + 1).starts_with(as_typed)) {
        draft->text = entry.substr(middle + 2);
        draft->filled_in = true;
        read_draft(*draft);
        packed = end == std::string_view::npos ? std::string_view() : packed.substr(end + 1);
        continue;
      }
      const auto value = unpack_value(entry.substr(middle + 1));
      if (draft && value) {
        set_draft(app_, *draft, *value);
        draft->filled_in = true;
      }
    }
    packed = end == std::string_view::npos ? std::string_view() : packed.substr(end + 1);
  }
  validate();
}

QuickCreate::QuickCreate(App& app, const Entity& entity, std::string_view name) : app_(app), form_(app, entity, {}) {
  form_.allow_create(false);
  if (!name.empty()) {
    form_.set(entity.title_field, std::string(name));
  }
}

Id QuickCreate::draw(bool& open) {
  Id created;
  const std::string title = app_.say(Word::create_entity, {app_.say.inside(form_.entity())});
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::cancel))) {
      open = false;
    }
    if (app_.ui.button("create", app_.say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check}) && form_.check()) {
      const Edit edit = form_.edit();
      if (app_.write({&edit, 1}, app_.say(Word::created_entity, {app_.show(*form_.entity().find(form_.entity().title_field),
                                                                           form_.value(form_.entity().title_field))}))) {
        created = form_.id();
        open = false;
      }
    }
  };
  app_.ui.dialog("quick_create", open, {.title = title, .full_on_phone = true, .actions = actions}, [&] {
    form_.draw_problem_summary();
    form_.draw_essentials();
  });
  return created;
}

}  // namespace kehubu
