// Making edits of drafts: what is there already, what the store would refuse, what is created.
#include <algorithm>

#include "core/base/text.h"
#include "core/importing/planner.h"

namespace kehubu {
namespace {

std::string row_content(const CsvRow& row) {
  std::string content;
  for (const std::string& cell : row.cells) {
    content += trim(cell);
    content += '\1';
  }
  while (content.ends_with("\1")) {
    content.pop_back();
  }
  return content;
}

std::string joined_lines(std::string_view first, std::string_view second) {
  return std::string(first) + (first.empty() || second.empty() ? "" : "\n") + std::string(second);
}

void set_field(FieldValues& fields, const Field* field, Value value) {
  for (auto& [known, old] : fields) {
    if (known == field) {
      old = std::move(value);
      return;
    }
  }
  fields.emplace_back(field, std::move(value));
}

}  // namespace

// By number first; by name only where no other number stands against it.
std::optional<KnownRecords::Found> Planner::find_known(Draft& draft) {
  const KnownRecords& records = references_.known(entity_);
  for (const auto& [field, value] : draft.fields) {
    const std::string& text = text_or_empty(value);
    if (field->unique && !text.empty()) {
      if (auto found = records.by_unique(*field, text)) {
        return found;
      }
    }
  }
  return find_by_name(draft);
}

std::optional<KnownRecords::Found> Planner::find_by_name(const Draft& draft) {
  const bool named_once = entity_.id == "customer" || entity_.id == "contact" || entity_.id == "product" ||
                          entity_.id == "org_unit" || entity_.id == "employee";
  if (!named_once || draft.name_key.empty()) {
    return std::nullopt;
  }
  const KnownRecords& records = references_.known(entity_);
  const auto found = records.by_name_key(draft.name_key, draft.owner);
  if (!found || entity_.number_field.empty()) {
    return found;
  }
  // Two numbers, two customers, unless the old number was only made up by a device for want of one.
  const std::string own = text_of(draft.fields, entity_.find(entity_.number_field));
  const std::string theirs = records.number_of(found->id);
  const bool made_up = theirs.starts_with(std::string(entity_.number_prefix) + "-");
  return own.empty() || theirs.empty() || own == theirs || (made_up && found->line == 0) ? found : std::nullopt;
}

void Planner::note_record(const Draft& draft, const Id& id) {
  KnownRecords& records = references_.known(entity_);
  const KnownRecords::Found record{id, draft.row->line};
  for (const auto& [field, value] : draft.fields) {
    if (field->unique && !text_or_empty(value).empty()) {
      records.add_unique(*field, text_or_empty(value), record);
    }
  }
  if (!draft.name_key.empty()) {
    records.add_name_key(draft.name_key, draft.owner, record);
  }
  references_.note_created(id);
}

// The same row twice, or the same number twice, leaves the later one out; the same name with other data is only said.
bool Planner::repeats_earlier_row(Draft& draft, const KnownRecords::Found& earlier) {
  const std::string line = std::to_string(earlier.line);
  for (const auto& [field, value] : draft.fields) {
    const bool same = field->unique && references_.known(entity_).by_unique(*field, text_or_empty(value)).has_value();
    if (same && !text_or_empty(value).empty()) {
      Sentence message{substitute("“{}”与第 {} 行重复", {field->zh, line}),
                       substitute("{} is the same as in line {}", {field->en, line})};
      draft.problems.push_back({draft.row->line, column_of(field), std::move(message), true});
      return true;
    }
  }
  const auto same_row = lines_by_content_.find(row_content(*draft.row));
  if (same_row != lines_by_content_.end()) {
    const std::string same_line = std::to_string(same_row->second);
    draft.problems.push_back({draft.row->line, column_of(title_),
                              sentence("与第 {} 行完全相同", "Is the same as line {}", {same_line}), true});
    return true;
  }
  draft.problems.push_back({draft.row->line, column_of(title_),
                            sentence("与第 {} 行同名，请核对", "Has the same name as line {}; please check", {line}), false});
  return false;
}

// A value that the plan itself will make: the store cannot know it yet.
bool Planner::depends_on_new(const Edit& edit, const Field& field) const {
  for (const auto& [own, value] : edit.fields) {
    if (own == &field) {
      return field.type == FieldType::reference ? references_.is_new(id_or_empty(value))
                                                : field.list != nullptr && choices_.is_new(field, text_or_empty(value));
    }
  }
  return false;
}

// True when the edit has been changed so that the problem is gone; false leaves the row out.
bool Planner::settle_problem(Draft& draft, Edit& edit, const Store::Problem& problem) {
  const std::uint32_t column = problem.field != nullptr ? column_of(problem.field) : 0;
  const auto own = std::ranges::find_if(edit.fields, [&](const auto& entry) { return entry.first == problem.field; });
  const bool spare = problem.field != nullptr && own != edit.fields.end() && problem.field->required != Required::always &&
                     problem.field != remark_;
  if (!spare) {
    draft.problems.push_back({draft.row->line, column, problem.message, true});
    return false;
  }
  edit.fields.erase(own);
  if (column < draft.row->cells.size()) {
    keep_in_remark(draft, column, clean_cell(draft.row->cells[column]));
  }
  Sentence message = problem.message;
  message.zh += "，已记入备注";
  message.en += "; kept in the remark";
  draft.problems.push_back({draft.row->line, column, std::move(message), false});
  return true;
}

bool Planner::make_valid(Draft& draft, Edit& edit) {
  constexpr int most_rounds = 4;  // sparing one field may break a rule about another
  for (int round = 0; round < most_rounds; ++round) {
    bool changed = false;
    for (const Store::Problem& problem : store_.validate(edit)) {
      if (problem.field != nullptr && depends_on_new(edit, *problem.field)) {
        continue;
      }
      if (problem.hint_only) {
        const bool about_cell = problem.field != nullptr && std::ranges::any_of(edit.fields, [&](const auto& entry) {
          return entry.first == problem.field;
        });
        if (round == 0 && about_cell) {
          draft.problems.push_back({draft.row->line, column_of(problem.field), problem.message, false});
        }
      } else if (!settle_problem(draft, edit, problem)) {
        return false;
      } else {
        changed = true;
      }
    }
    if (!changed) {
      return true;
    }
  }
  return true;
}

void Planner::add_contact(Draft& draft, const Id& customer, bool customer_is_new) {
  if (draft.contact_name.empty()) {
    return;
  }
  KnownRecords& contacts = references_.known(*contact_);
  const auto found = customer_is_new ? std::nullopt : contacts.by_name(draft.contact_name, customer);
  Edit edit{.entity = contact_, .row = found ? found->id : new_id(environment_), .fields = draft.contact_fields};
  if (!found) {
    edit.fields.emplace_back(contact_->find("customer"), Value{customer});
    edit.fields.emplace_back(contact_->find("is_primary"), Value{std::int64_t{contacts.has_part(customer) ? 0 : 1}});
  }
  if (make_valid(draft, edit)) {
    contacts.add_name(draft.contact_name, customer, {edit.row, draft.row->line});
    references_.note_created(edit.row);
    plan_.edits.push_back(std::move(edit));
  } else {
    draft.left_out = true;
  }
}

void Planner::plan_new(Draft& draft) {
  Edit edit{.entity = &entity_, .row = new_id(environment_), .fields = draft.fields};
  const std::size_t position = plan_.edits.size();
  draft.left_out = !make_valid(draft, edit);
  if (draft.left_out) {
    std::erase_if(deferred_, [&](const Deferred& reference) { return reference.edit == position; });
    return;
  }
  const Id id = edit.row;
  plan_.edits.push_back(std::move(edit));
  references_.note_created(id);
  add_contact(draft, id, true);
  if (draft.left_out) {
    plan_.edits.resize(position);
    return;
  }
  // Last, for the contact too may have left something to keep.
  if (remark_ != nullptr && !draft.kept.empty()) {
    FieldValues& fields = plan_.edits[position].fields;
    set_field(fields, remark_, Value{joined_lines(text_of(fields, remark_), draft.kept)});
  }
  note_record(draft, id);
}

void Planner::plan_update(Draft& draft, const Id& id) {
  const auto record = store_.read(entity_, id);
  if (!record) {
    draft.problems.push_back({draft.row->line, 0, record.error().message, true});
    draft.left_out = true;
    return;
  }
  Edit edit{.entity = &entity_, .row = id, .fields = draft.fields};
  std::erase_if(edit.fields, [&](const auto& entry) { return record->value(entry.first->id) == entry.second; });
  draft.left_out = !make_valid(draft, edit);
  if (draft.left_out) {
    return;
  }
  if (remark_ != nullptr) {
    // Nothing that is there is written over; what is new is added once.
    const std::string& old = text_or_empty(record->value(remark_->id));
    std::string text = old;
    for (const std::string& addition : {text_of(edit.fields, remark_), draft.kept}) {
      text = old.contains(addition) ? text : joined_lines(text, addition);
    }
    std::erase_if(edit.fields, [this](const auto& entry) { return entry.first == remark_; });
    if (text != old) {
      edit.fields.emplace_back(remark_, Value{text});
    }
  }
  if (!edit.fields.empty()) {
    plan_.edits.push_back(std::move(edit));
  }
  add_contact(draft, id, false);
}

void Planner::add_row(const CsvRow& row) {
  Draft draft = read_row(row);
  const auto known = find_known(draft);
  const bool in_store = known && known->line == 0 && !references_.is_new(known->id);
  if (in_store) {
    ++plan_.rows_existing;
    std::erase_if(deferred_, [&](const Deferred& reference) { return reference.line == row.line; });
    if (existing_ == ExistingPolicy::skip) {
      return;
    }
    plan_update(draft, known->id);
  } else if (known && known->line != 0 && repeats_earlier_row(draft, *known)) {
    draft.left_out = true;
  } else {
    plan_new(draft);
  }
  if (!draft.left_out) {
    lines_by_content_.emplace(row_content(row), row.line);
  }
  count(draft);
}

void Planner::resolve_deferred() {
  for (const Deferred& reference : deferred_) {
    Edit& edit = plan_.edits[reference.edit];
    const std::optional<Id> found = references_.find(entity_, reference.text, reference.of);
    if (found && *found != edit.row) {
      edit.fields.emplace_back(reference.field, Value{*found});
      continue;
    }
    report({reference.line, reference.column,
            sentence("没有“{}”，已记入备注", "There is no “{}”; kept in the remark", {reference.text}), false});
    if (remark_ != nullptr) {
      const std::string text = std::string(reference.field->zh) + "：" + reference.text;
      set_field(edit.fields, remark_, Value{joined_lines(text_of(edit.fields, remark_), text)});
    }
  }
}

ImportPlan Planner::finish() {
  resolve_deferred();
  plan_.unknown_choices = choices_.take_unknown();
  plan_.new_references = references_.take_names();
  // The rows come first: they give the action its name. What they need is checked together with them.
  std::ranges::move(choices_.take_edits(), std::back_inserter(plan_.edits));
  std::ranges::move(references_.take_edits(), std::back_inserter(plan_.edits));
  std::ranges::sort(plan_.problems, {}, [](const ImportProblem& problem) { return std::pair(problem.line, problem.column); });
  return std::move(plan_);
}

}  // namespace kehubu
