// What a row adds to a record that is there already, in the store or from an earlier row of the file: nothing is written over
// without a note that says what stood there.
#include <algorithm>
#include <array>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"
#include "core/store/decide.h"

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

// What the row keeps is added to the remark, once. `old`: the remark of the record in the store.
void Planner::append_kept(Draft& draft, Edit& edit, const std::string& old) {
  if (remark_ == nullptr) {
    return;
  }
  std::string text = old;
  for (const std::string& addition : {text_of(edit.fields, remark_), draft.kept}) {
    text = text.contains(addition) ? text : joined_lines(text, addition);
  }
  std::erase_if(edit.fields, [this](const auto& entry) { return entry.first == remark_; });
  const std::size_t limit = length_limit(*remark_);
  if (text.size() > limit && count_code_points(text) > limit) {
    std::size_t end = 0;
    for (std::size_t count = 0; count < limit; ++count) {
      static_cast<void>(next_code_point(text, end));
    }
    text.resize(end);
    note(draft, NoteKind::lost, column_of(remark_), [&] {
      return sentence("备注最多 {} 个字，后面的没有导入", "A remark holds {} characters; the rest is not imported", {std::to_string(limit)});
    });
  }
  if (text != old) {
    edit.fields.emplace_back(remark_, Value{text});
  }
}

// What stood there gives way; where several values wait for a decision, this row is the decision.
void Planner::note_overwritten(Draft& draft, const Edit& edit, const Record& record) {
  const auto disputed = disputed_fields(store_, record).value_or(std::vector<const Field*>());
  for (const auto& [field, value] : edit.fields) {
    const Value& old = record.value(field->id);
    const bool decides = std::ranges::find(disputed, field) != disputed.end();
    if ((is_null(old) && !decides) || field == remark_) {
      continue;
    }
    note(draft, decides ? NoteKind::decides : NoteKind::overwritten, column_of(field), [&] {
      const auto shown = [&](const Value& of, bool chinese) {
        return is_null(of) ? std::string(chinese ? "（空）" : "(empty)") : CellWriter(store_, chinese).shown(*field, of);
      };
      Sentence words{substitute("{}：“{}”改为“{}”", {field->zh, shown(old, true), shown(value, true)}),
                     substitute("{}: “{}” becomes “{}”", {field->en, shown(old, false), shown(value, false)})};
      if (decides) {
        words.zh += "。它有不同的值在等待裁定，导入这一行就是裁定，写了别的值的人会收到通知";
        words.en += ". Different values wait for a decision; importing this row is the decision, and whoever wrote another value will be told";
      }
      return words;
    });
  }
}

void Planner::plan_update(Draft& draft, const Id& id) {
  const auto record = store_.read(entity_, id);
  if (!record) {
    note(draft, NoteKind::left_out, 0, [&] { return record.error().message; });
    draft.left_out = true;
    return;
  }
  // The edit's place is not known before it is valid, so what waits for later rows is settled as text.
  for (const Deferred& reference : deferred_) {
    if (reference.line == draft.row->line) {
      keep_in_remark(draft, reference.column, reference.text);
      note(draft, NoteKind::kept_as_text, reference.column, [&] {
        return sentence("没有“{}”，已记入备注", "There is no “{}”; kept in the remark", {reference.text});
      });
    }
  }
  std::erase_if(deferred_, [&](const Deferred& reference) { return reference.line == draft.row->line; });
  Edit edit{.entity = &entity_, .row = id, .fields = draft.fields};
  std::erase_if(edit.fields, [&](const auto& entry) { return record->value(entry.first->id) == entry.second; });
  draft.left_out = !make_valid(draft, edit);
  if (draft.left_out) {
    return;
  }
  note_overwritten(draft, edit, *record);
  customer_above_ = id;
  const std::size_t position = plan_.edits.size();
  plan_.edits.push_back(std::move(edit));
  pending_.emplace(id, Pending{position, draft.row->line, draft.fields});
  add_contacts(draft, id);
  append_kept(draft, plan_.edits[position], remark_ != nullptr ? text_or_empty(record->value(remark_->id)) : std::string());
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
        return Sentence{substitute("与第 {} 行同名，{}也相同，合并为一家，请核对", {line, field->zh}),
                        substitute("Has the same name and {} as line {}; made one of them. Please check", {field->en, line})};
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

// Values that the earlier rows lack are added to the pending edit, and what they replace in the store is told; others are kept as
// text, for the earlier row stands.
void Planner::merge_into(Draft& draft, Pending& into, const FieldValues& values) {
  if (values.empty()) {
    return;
  }
  Edit& pending = plan_.edits[into.edit];
  const auto named = [](const FieldValues& fields, const Field* field) { return std::ranges::find_if(fields, [field](const auto& entry) { return entry.first == field; }); };
  Edit merged = pending;
  Edit added{.entity = pending.entity, .row = pending.row, .fields = {}};
  for (const auto& [field, value] : values) {
    const auto own = std::ranges::find_if(merged.fields, [one = field](const auto& entry) { return entry.first == one; });
    // What an earlier row says as the store has it stands nowhere in the edit.
    const auto stated = named(into.stated, field);
    const bool differs = own != merged.fields.end() ? own->second != value : stated != into.stated.end() && stated->second != value;
    if (field == remark_) {
      const std::string before = own != merged.fields.end() ? text_or_empty(own->second) : remark_in_store(pending.row);
      set_field(merged.fields, field, Value{before.contains(text_or_empty(value)) ? before : joined_lines(before, text_or_empty(value))});
    } else if (own == merged.fields.end() && stated == into.stated.end()) {
      merged.fields.emplace_back(field, value);
      added.fields.emplace_back(field, value);
    } else if (differs && field != title_ && field->id != "nature" && field->id != "is_primary") {
      const std::uint32_t column = column_of(field, draft.person);
      const std::string cell = cell_of(draft, column);
      keep_in_remark(draft, column, cell);
      note(draft, NoteKind::kept_as_text, column, [&] {
        return sentence("“{}”与第 {} 行不同，已记入备注", "“{}” differs from line {}; kept in the remark", {cell, std::to_string(into.line)});
      });
    }
  }
  if (!make_valid(draft, merged)) {
    draft.left_out = true;
    return;
  }
  if (const auto record = references_.is_new(pending.row) ? fail(ErrorKind::not_found, "", "") : store_.read(*pending.entity, pending.row)) {
    const auto as_it_was = [&record](const auto& entry) { return record->value(entry.first->id) == entry.second; };
    std::erase_if(added.fields, as_it_was);
    std::erase_if(merged.fields, as_it_was);
    note_overwritten(draft, added, *record);
  }
  for (const auto& [field, value] : values) {
    if (named(into.stated, field) == into.stated.end()) {
      into.stated.emplace_back(field, value);
    }
  }
  pending = std::move(merged);
}

void Planner::join(Draft& draft, const Id& id) {
  Pending& pending = pending_.at(id);
  customer_above_ = id;
  std::erase_if(deferred_, [&](const Deferred& reference) { return reference.line == draft.row->line; });
  merge_into(draft, pending, draft.fields);
  if (!draft.left_out) {
    add_contacts(draft, id);
    Edit& edit = plan_.edits[pending_.at(id).edit];
    append_kept(draft, edit, text_of(edit.fields, remark_).empty() ? remark_in_store(id) : std::string());
  }
}

// What stands there, where the plan has not read it yet.
std::string Planner::remark_in_store(const Id& row) {
  const auto record = remark_ == nullptr || references_.is_new(row) ? fail(ErrorKind::not_found, "", "") : store_.read(entity_, row);
  return record ? text_or_empty(record->value(remark_->id)) : std::string();
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
  const Date today = local_date(environment_.now_ms());
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
