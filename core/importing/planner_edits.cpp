// Making edits of drafts: what is there already, what the store would refuse, what is created.
#include <algorithm>

#include "core/base/text.h"
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

// “0571”：电话看起来不是有效的电话号码.
Sentence about(const std::string& cell, Sentence message) {
  if (!cell.empty()) {
    message.zh.insert(0, "“" + cell + "”：");
    message.en.insert(0, "“" + cell + "”: ");
  }
  return message;
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

void Planner::note_record(const Draft& draft, const Id& id) {
  KnownRecords& records = references_.known(entity_);
  const KnownRecords::Found record{id, draft.row->line};
  for (const auto& [field, value] : draft.fields) {
    if (field->unique && !text_or_empty(value).empty()) {
      records.add_unique(*field, text_or_empty(value), record);
    }
  }
  if (!draft.name_key.empty()) {
    records.add_name_key(draft.name_key, draft.owner, record, draft.marks);
  }
  references_.note_created(id);
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

// What the record can do without.
bool Planner::may_spare(const Edit& edit, const Field* field) const {
  return field != nullptr && field->required != Required::always && field != remark_ && std::ranges::any_of(edit.fields, [field](const auto& entry) { return entry.first == field; });
}

// The value goes to the remark, with what is wrong with it.
void Planner::spare(Draft& draft, Edit& edit, const Field& field, const Sentence& why) {
  const std::uint32_t column = column_of(&field, draft.person);
  std::erase_if(edit.fields, [&field](const auto& entry) { return entry.first == &field; });
  const std::string cell = cell_of(draft, column);
  if (!cell.empty()) {
    keep_in_remark(draft, column, cell);
  }
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, column, [&] {
    Sentence message = about(cell, why);
    message.zh += remark_ != nullptr ? "，已记入备注" : "，没有导入";
    message.en += remark_ != nullptr ? "; kept in the remark" : "; not imported";
    return message;
  });
}

// The rule names a field that the row does not have: what it does have, and without which the rule holds, is at fault.
bool Planner::spare_what_breaks(Draft& draft, Edit& edit, const Store::Problem& problem) {
  if (problem.field != nullptr && problem.field->required == Required::always) {
    return false;
  }
  for (std::size_t index = edit.fields.size(); index-- > 0;) {
    const Field& field = *edit.fields[index].first;
    if (!may_spare(edit, &field)) {
      continue;
    }
    Edit without = edit;
    without.fields.erase(without.fields.begin() + static_cast<std::ptrdiff_t>(index));
    const auto problems = store_.validate(without);
    if (std::ranges::none_of(problems, [&problem](const Store::Problem& left) { return left.message == problem.message; })) {
      spare(draft, edit, field, problem.message);
      return true;
    }
  }
  return false;
}

bool Planner::make_valid(Draft& draft, Edit& edit) {
  constexpr int most_rounds = 4;  // sparing one field may break a rule about another
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<Store::Problem> unspared;
    bool changed = false;
    for (const Store::Problem& problem : store_.validate(edit)) {
      if (problem.field != nullptr && depends_on_new(edit, *problem.field)) {
        continue;
      }
      if (problem.hint_only) {
        note_hint(draft, edit, problem, round);
      } else if (!may_spare(edit, problem.field)) {
        unspared.push_back(problem);
      } else {
        spare(draft, edit, *problem.field, problem.message);
        changed = true;
      }
    }
    // A rule about two fields may be broken only by what is gone now.
    if (!changed && !unspared.empty() && !spare_what_breaks(draft, edit, unspared.front())) {
      const Store::Problem& problem = unspared.front();
      note(draft, NoteKind::left_out, problem.field != nullptr ? column_of(problem.field, draft.person) : 0, [&] { return problem.message; });
      return false;
    }
    if (!changed && unspared.empty()) {
      return true;
    }
  }
  return true;
}

void Planner::note_hint(Draft& draft, const Edit& edit, const Store::Problem& problem, int round) {
  const bool about_cell = problem.field != nullptr && std::ranges::any_of(edit.fields, [&](const auto& entry) { return entry.first == problem.field; });
  if (round == 0 && about_cell) {
    const std::uint32_t column = column_of(problem.field, draft.person);
    note(draft, NoteKind::check, column, [&] {
      Sentence message = about(cell_of(draft, column), problem.message);
      message.zh += "，照原样导入，请核对";
      message.en += "; imported as it stands. Please check";
      return message;
    });
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
  customer_above_ = id;
  if (entity_.id == "customer") {
    ++plan_.customers_new;
    set_owner(edit.fields);
    new_customers_.push_back(position);
  }
  plan_.edits.push_back(std::move(edit));
  references_.note_created(id);
  pending_.emplace(id, Pending{position, draft.row->line, draft.fields});
  add_contacts(draft, id);
  // Last, for the contact too may have left something to keep.
  append_kept(draft, plan_.edits[position], {});
  note_record(draft, id);
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

// The row is a record of the store and changes nothing. That its number belongs to another name is worth a look.
void Planner::skip_existing(Draft& draft, const Id& id) {
  std::erase_if(deferred_, [&](const Deferred& reference) { return reference.line == draft.row->line; });
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
    pending_.contains(known->id) ? join(draft, known->id) : plan_update(draft, known->id);
  } else if (known && known->line != 0) {
    if (repeats_whole_row(draft)) {
      draft.left_out = true;
    } else if (may_join(draft, *known)) {
      join(draft, known->id);
    } else if (repeats_earlier_row(draft, *known)) {
      draft.left_out = true;
    } else {
      plan_new(draft);
    }
  } else {
    note_namesake(draft);
    note_near_name(draft);
    plan_new(draft);
  }
  fate_above_ = draft.left_out ? RowFate::left_out : RowFate::written;
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
    report({reference.line, reference.column, sentence("没有“{}”，已记入备注", "There is no “{}”; kept in the remark", {reference.text}),
            remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, text_of(edit.fields, title_)});
    if (remark_ != nullptr) {
      const std::string text = std::string(reference.field->zh) + "：" + reference.text;
      set_field(edit.fields, remark_, Value{joined_lines(text_of(edit.fields, remark_), text)});
    }
  }
}

// Above whom a record stands once the plan is carried out.
Id Planner::referred_to(const Id& row, const Field& field) const {
  if (const auto pending = pending_.find(row); pending != pending_.end()) {
    for (const auto& [own, value] : plan_.edits[pending->second.edit].fields) {
      if (own == &field) {
        return id_or_empty(value);
      }
    }
  }
  const auto record = references_.is_new(row) ? fail(ErrorKind::not_found, "", "") : store_.read(entity_, row);
  return record ? id_or_empty(record->value(field.id)) : Id{};
}

// 甲 below 乙 below 甲: the store would refuse all of it. The link that closes the ring is kept as text.
void Planner::break_rings() {
  for (auto& [row, pending] : pending_) {
    Edit& edit = plan_.edits[pending.edit];
    for (std::size_t index = 0; edit.entity == &entity_ && index < edit.fields.size(); ++index) {
      const Field& field = *edit.fields[index].first;
      if (field.references != entity_.id || field.type != FieldType::reference) {
        continue;
      }
      constexpr int deepest = 100;
      Id above = id_or_empty(edit.fields[index].second);
      for (int steps = 0; steps < deepest && !above.empty() && above != row; ++steps) {
        above = referred_to(above, field);
      }
      if (above == row) {
        keep_instead(edit, index, pending.line);
        break;
      }
    }
  }
}

void Planner::keep_instead(Edit& edit, std::size_t index, std::uint32_t line) {
  const Field& field = *edit.fields[index].first;
  const std::uint32_t column = column_of(&field);
  const CsvRow* row = row_at(line);
  const std::string text = row == nullptr ? std::string() : clean_cell(trimmed_cell(*row, column));
  edit.fields.erase(edit.fields.begin() + static_cast<std::ptrdiff_t>(index));
  report({line, column, sentence("“{}”会使上下级绕成一圈，已记入备注", "“{}” would make a ring of who belongs to whom; kept in the remark", {text}),
          remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, text_of(edit.fields, title_)});
  if (remark_ != nullptr) {
    set_field(edit.fields, remark_, Value{joined_lines(text_of(edit.fields, remark_), std::string(field.zh) + "：" + text)});
  }
}

// Several rows may be one record, and a row that changes nothing is none.
void Planner::count_records() {
  for (const Edit& edit : plan_.edits) {
    if (edit.entity == &entity_) {
      ++(references_.is_new(edit.row) ? plan_.records_new : plan_.records_changed);
    }
  }
}

ImportPlan Planner::finish() {
  resolve_deferred();
  break_rings();
  plan_follow_ups();
  report_columns_left();
  report_doubtful_columns();
  std::erase_if(plan_.edits, [](const Edit& edit) { return edit.fields.empty(); });  // records that are already as the file has them
  count_records();
  plan_.unknown_choices = choices_.take_unknown();
  std::ranges::move(references_.take_unknown(), std::back_inserter(plan_.unknown_choices));
  plan_.new_references = references_.take_names();
  // The rows come first: they give the action its name. What they need is checked together with them.
  std::ranges::move(choices_.take_edits(), std::back_inserter(plan_.edits));
  std::ranges::move(references_.take_edits(), std::back_inserter(plan_.edits));
  std::ranges::sort(plan_.problems, {}, [](const ImportProblem& problem) { return std::pair(problem.line, problem.column); });
  return std::move(plan_);
}

}  // namespace kehubu
