#include "app/pages/records/record_basis.h"

#include <algorithm>
#include <utility>

#include "app/pages/record_screen.h"
#include "app/pages/records/field_draft.h"
#include "app/pages/records/reference_picker.h"
#include "core/rules/approval.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr char row_mark = '\x10';    // before the identifier of a record
constexpr char cell_mark = '\x11';   // before the name of a field
constexpr char value_mark = '\x12';  // before its value

// What stands before the next mark; `rest` goes on behind it.
std::string_view take(std::string_view& rest, char mark) {
  const std::size_t end = rest.find(mark);
  const std::string_view taken = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return taken;
}

// What the lines of a document come to; null of what is no document.
const Field* amount_of(const Entity& entity) {
  const auto found = std::ranges::find_if(entity.fields, [](const Field& field) { return field.derived() && field.type == FieldType::money; });
  return entity.document && found != entity.fields.end() ? &*found : nullptr;
}

Value value_in(const std::map<std::string, Value, std::less<>>& values, std::string_view field) {
  const auto found = values.find(field);
  return found == values.end() ? Value() : found->second;
}

}  // namespace

RecordBasis::RecordBasis(App& app, const Entity& entity, const Id& id) : app_(app), entity_(entity), id_(id), rows_(read_rows()), now_(rows_), revision_(app.store->revision()) {
  for (const auto& [row, values] : rows_) {
    packed_ += row_mark + row;
    for (const auto& [field, value] : values) {
      packed_ += cell_mark + field + value_mark + pack_value(value);
    }
  }
}

RecordBasis::Values RecordBasis::values_of(const Record& record) {
  Values values;
  for (const Field& field : record.entity->fields) {
    const Value& value = record.value(field.id);
    if ((!field.derived() || &field == amount_of(*record.entity)) && !is_null(value)) {
      values.emplace(field.id, value);
    }
  }
  return values;
}

RecordBasis::Rows RecordBasis::read_rows() {
  Rows rows;
  if (const auto record = app_.read(entity_, id_)) {
    rows.emplace(id_.text(), values_of(*record));
  }
  if (const Entity* lines = entity_.document ? lines_of(entity_) : nullptr) {
    ListQuery query{.entity = lines, .search = {}};
    add_filter(query, lines->part_of, id_);
    for (const Record& line : app_.records(query)) {
      rows.emplace(line.id.text(), values_of(line));
    }
  }
  return rows;
}

void RecordBasis::unpack(std::string_view packed) {
  packed_ = packed;
  rows_.clear();
  (void)take(packed, row_mark);
  while (!packed.empty()) {
    std::string_view cells = take(packed, row_mark);
    Values& values = rows_[std::string(take(cells, cell_mark))];
    while (!cells.empty()) {
      std::string_view cell = take(cells, cell_mark);
      const std::string_view field = take(cell, value_mark);
      if (auto value = unpack_value(cell)) {
        values.emplace(field, std::move(*value));
      }
    }
  }
  compared_ = false;
}

void RecordBasis::look() {
  if (revision_ == app_.store->revision()) {
    return;
  }
  revision_ = app_.store->revision();
  Rows now = read_rows();
  if (now != now_) {
    now_ = std::move(now);
    moved_ = true;
    compared_ = false;
  }
}

bool RecordBasis::take_moved() {
  look();
  return std::exchange(moved_, false);
}

const std::vector<std::string>& RecordBasis::changes() {
  refresh();
  return changes_;
}

const std::optional<RecordBasis::Amount>& RecordBasis::changed_amount() {
  refresh();
  return amount_;
}

void RecordBasis::refresh() {
  look();
  if (compared_ && chinese_ == app_.say.chinese()) {
    return;
  }
  compared_ = true;
  chinese_ = app_.say.chinese();
  by_author_.clear();
  amounts_by_author_.clear();
  changes_.clear();
  amount_.reset();
  Rows before = rows_, now = now_;
  for (const auto& [row, values] : rows_) {
    now.try_emplace(row);
  }
  const std::string own = id_.text();
  compare(entity_, id_, before[own], now[own]);
  for (const auto& [row, values] : now) {
    if (row != own) {
      compare(*lines_of(entity_), Id::parse(row).value_or(Id{}), before[row], values);
    }
  }
  for (const auto& [who, what] : by_author_) {
    changes_.push_back(who + (app_.say.chinese() ? "" : " ") + what);
  }
  compare_amount(before[own], now[own]);
}

void RecordBasis::compare(const Entity& entity, const Id& row, const Values& before, const Values& now) {
  const bool is_line = &entity != &entity_;
  if (is_line && before.empty() != now.empty()) {
    const std::string line(app_.say(record_in_full(*app_.store, entity, row)));
    add_clause(entity, row, before.empty() ? entity.part_of : deleted_field, app_.say(before.empty() ? Word::draft_line_added : Word::draft_line_removed, {line}), true);
    return;
  }
  Sentence subject;
  if (is_line) {
    const std::string number = app_.show(*entity.find(entity.title_field), value_in(now, entity.title_field));
    subject = {substitute("{} {} 的", {entity.zh, number}), substitute("{} {}, ", {entity.en, number})};
  }
  for (const Field& field : entity.fields) {
    const Value was = value_in(before, field.id), is = value_in(now, field.id);
    if (!field.derived() && was != is) {
      add_clause(entity, row, field.id, std::string(app_.say(change_words(*app_.store, field, subject, was, is))), is_amount(entity, field));
    }
  }
}

void RecordBasis::compare_amount(const Values& before, const Values& now) {
  const Field* field = amount_of(entity_);
  if (field == nullptr) {
    return;
  }
  const std::int64_t was = integer_or(value_in(before, field->id), 0), is = integer_or(value_in(now, field->id), 0);
  if (was == is && amounts_by_author_.empty()) {
    return;
  }
  amount_ = Amount{.changes = {}, .now = app_.show(*field, is), .other_total = was != is};
  for (const auto& [who, what] : amounts_by_author_) {
    amount_->changes += who + (app_.say.chinese() ? "" : " ") + what + (app_.say.chinese() ? "。\n" : ".\n");
  }
  if (was != is) {
    const std::string name(app_.say(*field)), before_words = app_.show(*field, was);
    changes_.push_back(app_.say(Word::draft_amount_changed, {name, before_words, amount_->now}));
    amount_->changes += app_.say(Word::draft_amount_was, {name, before_words, amount_->now});
  }
}

void RecordBasis::add_clause(const Entity& entity, const Id& row, std::string_view field, const std::string& clause, bool of_amount) {
  const std::string who = author(entity, row, field);
  const auto add = [&](Clauses& clauses) {
    const auto found = std::ranges::find(clauses, who, &std::pair<std::string, std::string>::first);
    if (found == clauses.end()) {
      clauses.emplace_back(who, clause);
    } else {
      found->second += (app_.say.chinese() ? "；" : "; ") + clause;
    }
  };
  add(by_author_);
  if (of_amount) {
    add(amounts_by_author_);
  }
}

// Who wrote what stands there now.
std::string RecordBasis::author(const Entity& entity, const Id& row, std::string_view field) {
  const auto history = app_.store->history(entity, row, field);
  if (!history || history->empty()) {
    return std::string(app_.say(Word::draft_changed_by_somebody));
  }
  const auto head = std::ranges::find_if(*history, &HistoryEntry::head);
  const HistoryEntry& entry = head == history->end() ? history->front() : *head;
  const DeviceIdentity& here = app_.store->identity();
  if (entry.person.empty() || here.person.empty() ? entry.device == here.device : entry.person == here.person) {
    return std::string(app_.say(Word::draft_changed_by_you));
  }
  const std::string& name = entry.person_name.empty() ? entry.device_name : entry.person_name;
  return name.empty() ? std::string(app_.say(Word::draft_changed_by_somebody)) : name;
}

}  // namespace kehubu
