// What of a row has no other place stands in the remark, as "heading：value": once, and beside what the remark holds already.
#include <algorithm>

#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/planner.h"

namespace kehubu {
namespace {

// Whether the text has the addition as a line, or an entry of a line, of its own: "楼层：1" is not in "楼层：12".
bool has_entry(std::string_view text, std::string_view addition) {
  constexpr std::string_view between = "；";
  for (std::size_t place = text.find(addition); place != std::string_view::npos; place = text.find(addition, place + 1)) {
    const std::string_view front = text.substr(0, place), back = text.substr(place + addition.size());
    const bool begins = front.empty() || front.ends_with('\n') || front.ends_with(between);
    if (begins && (back.empty() || back.starts_with('\n') || back.starts_with(between))) {
      return true;
    }
  }
  return false;
}

}  // namespace

void Planner::keep_in_remark(Draft& draft, std::size_t column, std::string_view cell) const {
  std::string heading = column < table_.header.size() ? table_.header[column] : std::string();
  // In the remark of a company it is said of whom it is: "张一的生日".
  if (column < columns_.size() && columns_[column].says_of_contact) {
    const auto named = find_column(contact_->find("name"), columns_[column].mapping.person);
    const std::string name = named ? cell_of(draft, *named) : std::string();
    heading.insert(0, name.empty() || says_nothing(name) ? std::string() : name + "的");
  } else if (column < columns_.size() && columns_[column].mapping.use == ColumnUse::remark && columns_[column].mapping.perhaps_of_persons) {
    heading += perhaps_of(draft);
  }
  keep_entry(draft, heading.empty() ? "第" + std::to_string(column + 1) + "列" : heading, cell);
}

// "电话（张一、李一？）": where nobody could tell whose it is, who stands in the row.
std::string Planner::perhaps_of(const Draft& draft) const {
  std::string names;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const bool of_person = columns_[column].of_contact && columns_[column].mapping.field->id == "name";
    const std::string name = of_person ? cell_of(draft, static_cast<std::uint32_t>(column)) : std::string();
    names += name.empty() || says_nothing(name) ? "" : (names.empty() ? "" : "、") + name;
  }
  return names.empty() ? std::string() : "（" + names + "？）";
}

void Planner::keep_entry(Draft& draft, std::string_view heading, std::string_view text) {
  draft.kept += draft.kept.empty() ? "" : "；";
  draft.kept += heading;
  draft.kept += "：";
  draft.kept += text;
}

// The telephone of "张总 021-61234567" has no cell of its own.
Planner::Source Planner::source_of(const Draft& draft, const Field& field, const Value& value) const {
  const auto column = find_column(&field, draft.person);
  std::string cell = column && !draft.person_named_beside ? cell_of(draft, *column) : std::string();
  if (!cell.empty()) {
    return {*column, std::move(cell), true};
  }
  const Field* named_in = draft.person_name.empty() ? &field : contact_->find("name");
  return {find_column(named_in, draft.person).value_or(column_of(title_)), CellWriter(store_, true).shown(field, value), false};
}

void Planner::keep_value(Draft& draft, const Field& field, const Source& source) const {
  if (source.is_cell) {
    keep_in_remark(draft, source.column, source.text);
  } else {
    keep_entry(draft, (draft.person_name.empty() ? "" : draft.person_name + "的") + std::string(field.zh), source.text);
  }
}

// As it will be: the edit's, else the store's.
std::string Planner::remark_of(const Edit& edit) {
  const bool named = std::ranges::any_of(edit.fields, [this](const auto& entry) { return entry.first == remark_; });
  const auto record = named ? std::nullopt : record_in_store(edit);
  return record ? text_or_empty(record->value(remark_->id)) : text_of(edit.fields, remark_);
}

// Once. False when it does not fit whole.
bool Planner::add_to_remark(Edit& edit, std::string_view addition) {
  if (remark_ == nullptr || addition.empty()) {
    return true;
  }
  const std::string before = remark_of(edit);
  if (has_entry(before, addition)) {
    return true;
  }
  std::string text = joined_lines(before, addition);
  const std::size_t limit = length_limit(*remark_);
  const bool fits = text.size() <= limit || count_code_points(text) <= limit;
  if (!fits) {
    std::size_t end = 0;
    for (std::size_t count = 0; count < limit; ++count) {
      static_cast<void>(next_code_point(text, end));
    }
    text.resize(end);
  }
  if (text != before) {
    set_field(edit.fields, remark_, Value{std::move(text)});
  }
  return fits;
}

Sentence Planner::remark_is_full() const {
  return sentence("备注最多 {} 个字，后面的没有导入", "A remark holds {} characters; the rest is not imported", {std::to_string(length_limit(*remark_))});
}

// The row's own remark, and what of it has no other place. Last, for its contacts too may have left something to keep.
void Planner::keep_remarks(Draft& draft, std::size_t edit) {
  const std::string own = text_of(draft.fields, remark_);
  const std::string before = remark_ == nullptr ? std::string() : remark_of(plan_.edits[edit]);
  const bool own_fits = add_to_remark(plan_.edits[edit], own);
  if (!add_to_remark(plan_.edits[edit], draft.kept) || !own_fits) {
    note(draft, NoteKind::lost, column_of(remark_), [&] { return remark_is_full(); });
  }
  const std::string now = before.empty() ? std::string() : remark_of(plan_.edits[edit]);
  const auto record = now == before ? std::nullopt : record_in_store(plan_.edits[edit]);
  if (const std::string stood = record ? text_or_empty(record->value(remark_->id)) : std::string(); !stood.empty()) {
    note(draft, NoteKind::overwritten, find_column(remark_, 0).value_or(column_of(title_)), [&] {
      const std::string added = now.substr(std::min(before.size() + 1, now.size()));
      return Sentence{substitute("{}：“{}”后面加上“{}”", {remark_->zh, stood, added}), substitute("{}: “{}” is followed by “{}”", {remark_->en, stood, added})};
    });
  }
}

}  // namespace kehubu
