// Making edits of drafts: what is there already, what the store would refuse, what is created.
#include <algorithm>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/importing/choices.h"
#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"

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

}  // namespace

// By number first; by name only where no other number, and for persons no other telephone, stands against it.
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
  return references_.known(entity_).by_name_key(draft.name_key, draft.owner, draft.marks);
}

// By what later rows find the record: by the name that the row gives it, and by none that it only keeps as text.
void Planner::note_names(const Draft& draft, const Id& id) {
  KnownRecords& records = references_.known(entity_);
  const bool is_its_name = !draft.name_key.empty() && text_of(plan_.edits[pending_.at(id).edit].fields, title_) == text_of(draft.fields, title_);
  if (is_its_name && records.marks_of(draft.name_key, draft.owner, id) == nullptr) {
    records.add_name_key(draft.name_key, draft.owner, {id, references_.is_new(id) ? pending_.at(id).line : 0}, draft.marks);
  }
}

// What the plan gives the record that no other may have.
void Planner::note_values(const Id& id) {
  const Pending& pending = pending_.at(id);
  if (const std::string key = product_key(plan_.edits[pending.edit]); !key.empty()) {
    products_.emplace(key, std::pair(id, pending.line));
  }
  for (const auto& [field, value] : plan_.edits[pending.edit].fields) {
    if (field->unique && !text_or_empty(value).empty()) {
      references_.known(entity_).add_unique(*field, text_or_empty(value), {id, references_.is_new(id) ? pending.line : 0});
    }
  }
}

// The same row twice, or the same number twice, leaves the later one out; the same name with other data is only said.
bool Planner::repeats_earlier_row(Draft& draft, const KnownRecords::Found& earlier) {
  const std::string line = std::to_string(earlier.line);
  for (const auto& [field, value] : draft.fields) {
    const std::string& text = text_or_empty(value);
    if (field->unique && !text.empty() && references_.known(entity_).by_unique(*field, text)) {
      const std::uint32_t column = column_of(field);
      note(draft, NoteKind::left_out, column, [&] {
        const std::string& head = table_.header[column];
        return Sentence{substitute("“{}”与第 {} 行重复", {head.empty() ? field->zh : head, line}), substitute("{} is the same as in line {}", {head.empty() ? field->en : head, line})};
      });
      return true;
    }
  }
  note(draft, NoteKind::check, column_of(title_), [&] { return sentence("与第 {} 行同名，作为另一家导入，请核对", "Has the same name as line {}; imported as another one. Please check", {line}); });
  return false;
}

bool Planner::repeats_whole_row(Draft& draft) {
  const auto same_row = lines_by_content_.find(row_content(*draft.row));
  if (same_row == lines_by_content_.end()) {
    return false;
  }
  const std::string line = std::to_string(same_row->second);
  note(draft, NoteKind::left_out, column_of(title_), [&] { return sentence("与第 {} 行完全相同", "Is the same as line {}", {line}); });
  return true;
}

void Planner::plan_new(Draft& draft) {
  Edit edit{.entity = &entity_, .row = new_id(environment_), .fields = draft.fields};
  const Id id = edit.row;
  references_.note_created(id);
  std::erase_if(edit.fields, [this](const auto& entry) { return entry.first == remark_; });
  const auto waits = problem_with_document(edit);
  if (const auto problem = waits ? waits : make_valid(draft, edit, 0)) {
    leave_out(draft, *problem);
    return;
  }
  const std::size_t position = plan_.edits.size();
  customer_above_ = id;
  if (entity_.id == "customer") {
    ++plan_.customers_new;
    set_owner(edit.fields);
    new_customers_.push_back(position);
  }
  plan_.edits.push_back(std::move(edit));
  pending_.emplace(id, Pending{.edit = position, .line = draft.row->line});
  note_names(draft, id);
  note_values(id);
  hand_over(draft, position);
  add_contacts(draft, id);
  keep_remarks(draft, position);
}

namespace {

// In what two of one name differ, as a person would say it.
Sentence difference(char tag) {
  switch (tag) {
    case Marks::branch_tag:
      return {"分店", "branch"};
    case Marks::area_tag:
      return {"电话区号", "area code"};
    case Marks::city_tag:
      return {"城市", "city"};
    case Marks::phones_tag:
      return {"电话", "telephone"};
    default:
      return {"编号", "number"};
  }
}

}  // namespace

// Another company of the same name: only its number or its place says so, which may be a slip.
void Planner::note_namesake(Draft& draft) {
  if (entity_.id != "customer" || draft.is_person || draft.name_key.empty()) {
    return;
  }
  const KnownRecords& records = references_.known(entity_);
  if (const auto other = records.by_name_key(draft.name_key, draft.owner, {})) {
    note(draft, NoteKind::check, column_of(title_), [&] {
      const Marks* marks = records.marks_of(draft.name_key, draft.owner, other->id);
      const Sentence what = difference(marks != nullptr ? draft.marks.differ_in(*marks) : '\0');
      const std::string name = text_of(draft.fields, title_), line = std::to_string(other->line);
      return other->line == 0 ? Sentence{substitute("已有同名、{}不同的“{}”，作为另一家导入，请核对", {what.zh, name}), substitute("There is a “{}” with another {}; imported as another one. Please check", {name, what.en})}
                              : Sentence{substitute("与第 {} 行同名、{}不同，作为另一家导入，请核对", {line, what.zh}), substitute("Has the name of line {} and another {}; imported as another one. Please check", {line, what.en})};
    });
  }
}

// A name that differs in one letter, or is the beginning of the other one: perhaps the same company, written otherwise.
void Planner::note_near_name(Draft& draft) {
  if (entity_.id != "customer" || draft.is_person || draft.name_key.empty()) {
    return;
  }
  if (const auto near = references_.known(entity_).near_name_key(draft.name_key)) {
    note(draft, NoteKind::check, column_of(title_), [&] {
      const bool in_store = near->line == 0 && !references_.is_new(near->id);
      const std::string line = std::to_string(near->line);
      return in_store ? sentence("客户簿里有名称很像的“{}”，作为另一家导入，请核对", "The book has “{}”, which is nearly the same name; imported as another one. Please check", {store_.title(entity_, near->id)})
                      : sentence("与第 {} 行名称很像，作为另一家导入，请核对", "Has nearly the name of line {}; imported as another one. Please check", {line});
    });
  }
}

// GZ-0001,东方酒店 where GZ-0001 is 博海餐饮, and 东方酒店 another one: which of them is meant?
void Planner::note_name_of_another(Draft& draft, const Id& id) {
  const std::string theirs = store_.title(entity_, id);
  if (entity_.id != "customer" || draft.name_key.empty() || name_key(entity_, theirs) == draft.name_key) {
    return;
  }
  if (const auto other = references_.known(entity_).by_name_key(draft.name_key, draft.owner, {}); other && other->id != id) {
    note(draft, NoteKind::check, column_of(title_), [&] {
      return sentence("编号是“{}”的，名称却是另一家“{}”的，按编号更新，请核对", "Its number is that of “{}”, but its name that of another one, “{}”; updated by the number. Please check", {theirs, text_of(draft.fields, title_)});
    });
  }
}

// The row is a record of the store and changes nothing. That its number belongs to another name is worth a look.
void Planner::skip_existing(Draft& draft, const Id& id) {
  draft.notes.clear();
  const std::string own = text_of(draft.fields, title_);
  const std::string theirs = store_.title(entity_, id);
  note(draft, NoteKind::existing, column_of(title_), [&] {
    return own.empty() || own == theirs ? sentence("已有“{}”，跳过", "“{}” is there already; skipped", {theirs})
                                        : sentence("已有“{}”，跳过（表里写的是“{}”）", "“{}” is there already; skipped (the row says “{}”)", {theirs, own});
  });
  if (!own.empty() && name_key(entity_, theirs) != name_key(entity_, own)) {
    note(draft, NoteKind::check, column_of(title_), [&] {
      return sentence("编号相同的是“{}”，表里写的是“{}”；跳过，请核对", "Its number is that of “{}”, but the row says “{}”; skipped. Please check", {theirs, own});
    });
  }
  report_notes(draft);
}

void Planner::add_row(const CsvRow& written) {
  take_groups_above(written.line);
  choices_.unknown().begin_row();
  references_.unknown().begin_row();
  const CsvRow& row = without_dittos(written);
  Draft draft = read_row(row);
  note_dittos(draft);
  if (is_merged_cell(draft)) {
    follow_row_above(draft);
    return;
  }
  line_above_ = row.line;
  const auto known = find_known(draft);
  const bool in_store = known && known->line == 0 && !references_.is_new(known->id);
  if (in_store) {
    ++plan_.rows_existing;
    if (options_.existing == ExistingPolicy::skip) {
      fate_above_ = RowFate::existing;
      skip_existing(draft, known->id);
      return;
    }
    note_name_of_another(draft, known->id);
    known->certain ? join(draft, known->id) : leave_out_uncertain(draft);
  } else if (known && known->line != 0) {
    if (repeats_whole_row(draft)) {
      draft.left_out = true;
    } else if (may_join(draft, *known)) {
      note_uncertain(draft, *known);
      join(draft, known->id);
    } else if (repeats_earlier_row(draft, *known)) {
      draft.left_out = true;
    } else {
      plan_new(draft);
    }
  } else {
    note_namesake(draft);
    note_near_name(draft);
    if (entity_.id == "contact") {
      note_same_phone(draft, references_.known(entity_), draft.owner, draft.marks, column_of(title_));
    }
    plan_new(draft);
  }
  fate_above_ = draft.left_out ? RowFate::left_out : RowFate::written;
  if (!draft.left_out) {
    lines_by_content_.emplace(row_content(row), row.line);
  }
  count(draft);
}

// Which of several records the row would change, nothing in it says.
void Planner::leave_out_uncertain(Draft& draft) {
  draft.left_out = true;
  note(draft, NoteKind::left_out, column_of(title_), [&] {
    const std::string name = text_of(draft.fields, title_);
    return Sentence{substitute("叫“{}”的{}不止一个，不能确定要更新哪一个；请在表里写上编号或电话", {name, entity_.zh}),
                    substitute("More than one {} is called “{}”, and it is not certain which to update; give its number or telephone in the file", {entity_.en, name})};
  });
}

void Planner::note_uncertain(Draft& draft, const KnownRecords::Found& known) {
  if (!known.certain) {
    note(draft, NoteKind::check, column_of(title_), [&] {
      const std::string line = std::to_string(known.line);
      const std::string name = text_of(draft.fields, title_);
      return Sentence{substitute("叫“{}”的{}不止一个，归到第 {} 行的那个，请核对", {name, entity_.zh, line}), substitute("More than one {} is called “{}”; taken for that of line {}. Please check", {entity_.en, name, line})};
    });
  }
}

// Several rows may be one record, and a row that changes nothing is none.
void Planner::count_records() {
  for (const Edit& edit : plan_.edits) {
    if (edit.entity == &entity_) {
      ++(references_.is_new(edit.row) ? plan_.records_new : plan_.records_changed);
    }
  }
  count_contacts();
}

// Those of the rows, and those that the rules make of private persons who have none.
void Planner::count_contacts() {
  if (entity_.id != "customer") {
    return;
  }
  const Entity& contact = *find_entity("contact");
  const Field *customer = contact.find("customer"), *nature = entity_.find("nature");
  std::unordered_set<Id, IdHash> have_one;
  for (const Edit& edit : plan_.edits) {
    plan_.contacts_changed += edit.entity == &contact && !references_.is_new(edit.row) ? 1 : 0;
    if (edit.entity == &contact && references_.is_new(edit.row)) {
      ++plan_.contacts_new;
      for (const auto& [field, value] : edit.fields) {
        field == customer ? void(have_one.insert(id_or_empty(value))) : void();
      }
    }
  }
  for (const Edit& edit : plan_.edits) {
    const bool is_person = edit.entity == &entity_ && text_of(edit.fields, nature) == "individual";
    const bool has_one = is_person && (have_one.contains(edit.row) || (!references_.is_new(edit.row) && references_.known(contact).has_part(edit.row)));
    plan_.contacts_new += is_person && !has_one ? 1 : 0;
  }
}

// New choices, regions and companies, of which some record of the plan says that it has them: rows that are left out need none. The
// rows come first: they give the action its name. What they need is checked together with them.
void Planner::take_what_is_needed() {
  std::unordered_set<Id, IdHash> referred;
  std::unordered_set<std::string> chosen;  // list, then choice
  const auto key_of = [](std::string_view list, std::string_view choice) { return std::string(list) + "\1" + std::string(choice); };
  for (const Edit& edit : plan_.edits) {
    for (const auto& [field, value] : edit.fields) {
      if (field->type == FieldType::reference) {
        referred.insert(id_or_empty(value));
      } else if (field->list != nullptr) {
        for (const std::string_view choice : split_choices(text_or_empty(value))) {
          chosen.insert(key_of(field->list->id, choice));
        }
      }
    }
  }
  for (Edit& choice : choices_.take_edits()) {
    if (chosen.contains(key_of(text_of(choice.fields, choice.entity->find("list")), text_of(choice.fields, choice.entity->find("ident"))))) {
      plan_.edits.push_back(std::move(choice));
    }
  }
  for (Edit& made : references_.take_edits()) {
    if (referred.contains(made.row)) {
      if (made.entity->id != "org_unit") {
        plan_.new_references.push_back(text_of(made.fields, made.entity->find(made.entity->title_field)));
      }
      plan_.edits.push_back(std::move(made));
    }
  }
}

ImportPlan Planner::finish() {
  resolve_deferred();
  plan_follow_ups();
  report_columns_left();
  report_doubtful_columns();
  std::erase_if(plan_.edits, [](const Edit& edit) { return edit.fields.empty(); });  // records that are already as the file has them
  count_records();
  plan_.rows_with_hints = static_cast<std::int64_t>(lines_with_hints_.size());
  plan_.unknown_choices = choices_.take_unknown();
  std::ranges::move(references_.take_unknown(), std::back_inserter(plan_.unknown_choices));
  take_what_is_needed();
  kehubu::sort(plan_.problems, {}, [](const ImportProblem& problem) { return std::pair(problem.line, problem.column); });
  return std::move(plan_);
}

}  // namespace kehubu
