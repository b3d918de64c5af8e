// What a row adds to a record that is there already, in the store or from an earlier row of the file: nothing is written over
// without a note that says what stood there.
#include <algorithm>
#include <array>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/cells.h"
#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"
#include "core/store/decide.h"
#include "core/store/known_time.h"

namespace kehubu {

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

Sentence Planner::overwritten(const Field& field, const Value& old, const Value& value, bool decides) const {
  const auto shown = [&](const Value& of, bool chinese) {
    return is_null(of) ? std::string(chinese ? "（空）" : "(empty)") : CellWriter(store_, chinese).shown(field, of);
  };
  Sentence words{substitute("{}：“{}”改为“{}”", {field.zh, shown(old, true), shown(value, true)}),
                 substitute("{}: “{}” becomes “{}”", {field.en, shown(old, false), shown(value, false)})};
  if (visible_text(shown(old, true)) == visible_text(shown(value, true))) {  // both sides look alike
    words = {substitute("{}：“{}”里看不见的字符按表里的改", {field.zh, shown(old, true)}), substitute("{}: marks in “{}” that nobody sees become those of the file", {field.en, shown(old, false)})};
  }
  if (decides) {
    words.zh += "。它有不同的值在等待裁定，导入这一行就是裁定，写了别的值的人会收到通知";
    words.en += ". Different values wait for a decision; importing this row is the decision, and whoever wrote another value will be told";
  }
  return words;
}

// What stood there gives way; where several values wait for a decision, this row is the decision.
void Planner::note_overwritten(Draft& draft, const Record& record, std::span<const std::pair<const Field*, Value>> values) {
  const auto disputed = values.empty() ? std::vector<const Field*>() : disputed_fields(store_, record).value_or(std::vector<const Field*>());
  for (const auto& [field, value] : values) {
    const Value& old = record.value(field->id);
    const bool decides = std::ranges::find(disputed, field) != disputed.end();
    if (is_null(old) && !decides) {
      continue;
    }
    const std::uint32_t column = source_of(draft, *field, value).column;
    note(draft, decides ? NoteKind::decides : NoteKind::overwritten, column, [&, one = field, &now = value] { return overwritten(*one, old, now, decides); });
  }
}

// Below a merged cell only the person is written: the row has no company of its own and nothing that a company has. In a list
// of persons, whose company stands behind them, a blank one is none.
bool Planner::is_merged_cell(const Draft& draft) const {
  return contact_ != nullptr && !persons_ && fate_above_ != RowFate::none && !draft.contact_name.empty() && column_of(title_) < column_of(contact_->find("name")) &&
         std::ranges::all_of(draft.fields, [this](const auto& entry) { return entry.first == remark_; });
}

// It fares like the row above that names the company.
void Planner::follow_row_above(Draft& draft) {
  const std::string line = std::to_string(line_above_);
  if (fate_above_ == RowFate::existing) {
    ++plan_.rows_existing;
    draft.notes.clear();
    note(draft, NoteKind::existing, column_of(title_), [&] {
      return sentence("没有单位名称，随第 {} 行一起跳过", "Names no company; skipped together with line {}", {line});
    });
    report_notes(draft);
    return;
  }
  draft.left_out = fate_above_ == RowFate::left_out;
  note(draft, draft.left_out ? NoteKind::left_out : NoteKind::check, column_of(title_), [&] {
    return draft.left_out ? sentence("没有单位名称，上面的第 {} 行也没有导入", "Names no company, and line {} above is not imported either", {line})
                          : sentence("没有单位名称，作为第 {} 行那家的联系人导入，请核对", "Names no company; imported as a contact of the one in line {}. Please check", {line});
  });
  if (!draft.left_out) {
    join(draft, customer_above_);
  }
  count(draft);
}

namespace {

// Columns that go to the remark, but tell one place of a company from another.
bool is_of_a_place(std::string_view heading) {
  static constexpr std::array<std::string_view, 8> endings = {"门店", "分店", "网点", "店铺", "分公司", "分部", "仓库", "地址"};
  const std::string name = read_heading(heading).name;
  return std::ranges::any_of(endings, [&name](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

const CsvRow* Planner::row_at(std::uint32_t line) const {
  const auto row = std::ranges::lower_bound(table_.rows, line, {}, &CsvRow::line);
  return row != table_.rows.end() && row->line == line ? &*row : nullptr;
}

// Nothing that both say is said differently.
bool Planner::agrees_with(const Draft& draft, const FieldValues& known, std::uint32_t line) const {
  const CsvRow* earlier = row_at(line);
  for (std::size_t column = 0; earlier != nullptr && column < columns_.size(); ++column) {
    const std::string_view own = trimmed_cell(*draft.row, column), other = trimmed_cell(*earlier, column);
    if (columns_[column].mapping.use == ColumnUse::remark && !own.empty() && !other.empty() && own != other && is_of_a_place(table_.header[column])) {
      return false;
    }
  }
  return std::ranges::all_of(draft.fields, [&](const auto& entry) {
    const auto other = std::ranges::find_if(known, [&entry](const auto& one) { return one.first == entry.first; });
    return entry.first == remark_ || entry.first == title_ || other == known.end() || other->second == entry.second;
  });
}

// A row repeats its company: the same name and a person who is not the customer, or the same name and something else that
// hardly two companies share, or nothing that differs, as in a list of orders. A person is the same by his telephone.
bool Planner::may_join(Draft& draft, const KnownRecords::Found& earlier) {
  const auto pending = pending_.find(earlier.id);
  if (entity_.id != "customer" || pending == pending_.end()) {
    return false;
  }
  const FieldValues& known = plan_.edits[pending->second.edit].fields;
  if (name_key(entity_, text_of(known, title_)) != draft.name_key) {
    return false;
  }
  const std::string line = std::to_string(pending->second.line);
  if (draft.is_person) {
    const Marks* marks = references_.known(entity_).marks_of(draft.name_key, draft.owner, earlier.id);
    const bool same = marks != nullptr && draft.marks.share_a_phone(*marks);
    if (same) {
      note(draft, NoteKind::check, column_of(title_), [&] { return sentence("与第 {} 行是同一个人、同一个电话，合并为一位，请核对", "Is the person of line {} by name and telephone; made one of them. Please check", {line}); });
    }
    return same;
  }
  if (!draft.contact_name.empty()) {
    return true;
  }
  static constexpr std::array<std::string_view, 6> telling = {"phone", "address", "tax_no", "license_no", "bank_account", "email"};
  for (const auto& [field, value] : draft.fields) {
    const std::string theirs = text_of(known, field), ours = text_or_empty(value);
    const bool same = theirs == ours || (field->format == Format::phone && !theirs.empty() && phone_key(theirs) == phone_key(ours));
    if (std::ranges::find(telling, field->id) != telling.end() && same) {
      note(draft, NoteKind::check, column_of(title_), [&] {
        const Sentence name = name_in_file(*field, draft.person);
        return Sentence{substitute("与第 {} 行同名，{}也相同，合并为一家，请核对", {line, name.zh}),
                        substitute("Has the same name and {} as line {}; made one of them. Please check", {name.en, line})};
      });
      return true;
    }
  }
  const bool agrees = agrees_with(draft, known, pending->second.line);
  if (agrees) {
    note(draft, NoteKind::check, column_of(title_), [&] { return sentence("与第 {} 行同名，别的也没有不同，合并为一家，请核对", "Has the name of line {} and differs in nothing; made one of them. Please check", {line}); });
  }
  return agrees;
}

// The record as the store has it; none of those that the plan makes.
std::optional<Record> Planner::record_in_store(const Edit& edit) {
  auto record = references_.is_new(edit.row) ? fail(ErrorKind::not_found, "", "") : store_.read(*edit.entity, edit.row);
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

// The edit of a record, made empty where no row has changed it yet.
Planner::Pending& Planner::pending_of(const Entity& entity, const Id& id, std::uint32_t line) {
  const auto [pending, is_first] = pending_.try_emplace(id, Pending{.edit = plan_.edits.size(), .line = line});
  if (is_first) {
    plan_.edits.push_back({.entity = &entity, .row = id});
  }
  return pending->second;
}

const Value* Planner::said_before(const Pending& pending, const Field& field) const {
  for (const FieldValues* values : {&plan_.edits[pending.edit].fields, &pending.confirmed}) {
    const auto found = std::ranges::find_if(*values, [&field](const auto& entry) { return entry.first == &field; });
    if (found != values->end()) {
      return &found->second;
    }
  }
  return nullptr;
}

std::uint32_t Planner::line_of(const Pending& pending, const Field& field) {
  const auto later = std::ranges::find(pending.later_lines, &field, &std::pair<const Field*, std::uint32_t>::first);
  return later != pending.later_lines.end() ? later->second : pending.line;
}

void Planner::note_line(Pending& pending, const Field& field, std::uint32_t line) {
  if (line != pending.line) {
    pending.later_lines.emplace_back(&field, line);
  }
}

void Planner::keep_what_differs(Draft& draft, const Field& field, const Value& value, std::uint32_t line) {
  const Source source = source_of(draft, field, value);
  keep_value(draft, field, source);
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, source.column, [&] {
    return sentence("“{}”与第 {} 行不同，已记入备注", "“{}” differs from line {}; kept in the remark", {source.text, std::to_string(line)});
  });
}

// A row's values come to a record that an earlier row or the store has. What an earlier row says stands, and the row's own is kept
// as text; what only the store says gives way with a note. What it gives makes the edit invalid, which is left as it was.
std::optional<Store::Problem> Planner::merge_into(Draft& draft, Pending& into, const FieldValues& values) {
  Edit merged = plan_.edits[into.edit];
  const std::size_t earlier = merged.fields.size();
  const auto record = record_in_store(merged);
  const Field* name = merged.entity->find(merged.entity->title_field);
  FieldValues confirmed;
  for (const auto& [field, value] : values) {
    if (field == remark_) {
      continue;  // keep_remarks() adds it
    }
    const Value* said = said_before(into, *field);
    if (said != nullptr) {
      const bool only_written_otherwise = field->id == "is_primary" || (field == name && (field != title_ || fold(text_or_empty(*said)) == fold(text_or_empty(value))));
      if (*said != value && !only_written_otherwise) {
        keep_what_differs(draft, *field, value, line_of(into, *field));
      }
    } else if (record && record->value(field->id) == value) {
      confirmed.emplace_back(field, value);
    } else {
      merged.fields.emplace_back(field, value);
    }
  }
  if (auto problem = make_valid(draft, merged, earlier)) {
    return problem;
  }
  if (record) {
    note_overwritten(draft, *record, std::span(merged.fields).subspan(earlier));
  }
  for (std::size_t index = earlier; index < merged.fields.size(); ++index) {
    note_line(into, *merged.fields[index].first, draft.row->line);
  }
  for (auto& entry : confirmed) {
    note_line(into, *entry.first, draft.row->line);
    into.confirmed.push_back(std::move(entry));
  }
  plan_.edits[into.edit] = std::move(merged);
  return std::nullopt;
}

// The row is a record that an earlier row makes, or one of the store.
void Planner::join(Draft& draft, const Id& id) {
  if (const auto waits = problem_with_document({.entity = &entity_, .row = id})) {
    leave_out(draft, *waits);
    return;
  }
  Pending& pending = pending_of(entity_, id, draft.row->line);
  customer_above_ = id;
  if (const auto problem = merge_into(draft, pending, draft.fields)) {
    leave_out(draft, *problem);
    return;
  }
  const std::size_t position = pending.edit;
  note_names(draft, id);
  note_values(id);
  hand_over(draft, position);
  add_contacts(draft, id);
  keep_remarks(draft, position);
}

// Whose customer it is, where the row does not say.
void Planner::set_owner(FieldValues& fields) {
  const Field* owner = entity_.find("owner");
  if (std::ranges::any_of(fields, [owner](const auto& entry) { return entry.first == owner; })) {
    return;
  }
  ++plan_.customers_without_owner;
  if (!options_.owner.empty()) {
    fields.emplace_back(owner, Value{options_.owner});
  }
}

// A first call for every new customer, so that they do not all fall due on one day a month after filing.
void Planner::plan_follow_ups() {
  if (options_.follow_up == FollowUpPlan::none || new_customers_.empty()) {
    return;
  }
  const Entity& interaction = *find_entity("interaction");
  const Field* owner = entity_.find("owner");
  const WorkCalendar calendar;
  const Date today = local_date(known_time(store_).now_ms);
  const auto days = static_cast<std::size_t>(options_.follow_up == FollowUpPlan::one_day ? 1 : std::max(options_.working_days, 1));
  constexpr std::int64_t nine_o_clock_ms = 9 * 3'600'000;
  for (std::size_t index = 0; index < new_customers_.size(); ++index) {
    const Edit& customer = plan_.edits[new_customers_[index]];
    const auto day = static_cast<int>(index * days / new_customers_.size()) + 1;
    Edit edit{.entity = &interaction, .row = new_id(environment_), .fields = {}};
    edit.fields = {{interaction.find("customer"), Value{customer.row}},
                   {interaction.find("status"), Value{std::string("planned")}},
                   {interaction.find("planned_at"), Value{local_midnight(calendar.add_working_days(today, day)) + nine_o_clock_ms}},
                   {interaction.find("kind"), Value{std::string("phone")}},
                   {interaction.find("purpose"), Value{std::string("首次联系")}}};
    for (const auto& [field, value] : customer.fields) {
      if (field == owner) {
        edit.fields.emplace_back(interaction.find("employee"), value);
      }
    }
    plan_.edits.push_back(std::move(edit));
  }
}

}  // namespace kehubu
