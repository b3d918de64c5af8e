// Reading rows into drafts. planner_edits.cpp makes edits of them.
#include "core/importing/planner.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace kehubu {
namespace {

std::string_view cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view{};
}

bool belongs_to(const Entity& entity, const Field* field) {
  return std::ranges::any_of(entity.fields, [field](const Field& own) { return &own == field; });
}

// "单位：万元" above the table counts for every column of money without a unit of its own.
int decimals_of_titles(const ImportTable& table) {
  for (const CsvRow& row : table.title_rows) {
    std::string folded;
    for (const std::string& cell : row.cells) {
      folded += fold(cell) + " ";
    }
    const std::size_t found = folded.find("单位:");
    if (found != std::string::npos) {
      std::string_view unit = std::string_view(folded).substr(found + std::string_view("单位:").size());
      for (const std::string_view known : {"百万元", "万元", "亿元", "千元"}) {
        if (unit.starts_with(known) || unit.starts_with("人民币" + std::string(known))) {
          return decimals_of_unit(known).value_or(0);
        }
      }
    }
  }
  return 0;
}

// Every filled cell of the column is a number from 0 to 1 without a percent sign, and some are not whole.
bool holds_fractions(const ImportTable& table, std::size_t column) {
  bool broken = false;
  for (const CsvRow& row : table.rows) {
    const std::string cell = clean_cell(cell_at(row, column));
    if (cell.empty()) {
      continue;
    }
    const auto value = parse_fixed(cell, 12);
    if (!value || *value < 0 || *value > 1'000'000'000'000) {
      return false;
    }
    broken = broken || (*value != 0 && *value != 1'000'000'000'000);
  }
  return broken;
}

// The share of the column's filled cells that are so, in percent.
template <typename Predicate>
int share(const ImportTable& table, std::size_t column, Predicate predicate) {
  std::size_t filled = 0;
  std::size_t found = 0;
  for (const CsvRow& row : table.rows) {
    const std::string_view cell = trim(cell_at(row, column));
    filled += cell.empty() ? 0U : 1U;
    found += !cell.empty() && predicate(cell) ? 1U : 0U;
  }
  return filled == 0 ? 0 : static_cast<int>(100 * found / filled);
}

// 2001.0, or one of the words that such programs write for nothing.
bool has_decimal_tail(std::string_view cell) {
  if (cell.ends_with(".0")) {
    return cell.find_first_not_of("0123456789") == cell.size() - 2;
  }
  return read_clean(cell, false).emptied;
}

bool some_decimal_tail(const ImportTable& table, std::size_t column) {
  return std::ranges::any_of(table.rows, [column](const CsvRow& row) { return cell_at(row, column).ends_with(".0"); });
}

bool is_marked_as_text(const CsvRow& row, std::size_t column) {
  return !row.texts.empty() && std::ranges::find(row.texts, column) != row.texts.end();
}

// Heads may stand beside a unit that is none: 注册资金（必填）, 金额(含税).
bool names_foreign_money(std::string_view unit) {
  static constexpr std::array<std::string_view, 18> words = {"美元", "美金", "usd", "$", "欧元", "eur", "€", "港元", "港币", "hkd", "日元", "jpy", "英镑", "gbp", "£", "台币", "韩元", "澳元"};
  return std::ranges::any_of(words, [unit](std::string_view word) { return unit.contains(word); });
}

}  // namespace

Planner::Planner(Store& store, Environment& environment, const ImportTable& table, const Entity& entity,
                 std::vector<ColumnMapping> mapping, ImportOptions options)
    : store_(store),
      environment_(environment),
      table_(table),
      entity_(entity),
      title_(entity.find(entity.title_field)),
      remark_(entity.find("remark")),
      options_(std::move(options)),
      this_year_(local_date(environment.now_ms()).year),
      choices_(store, environment, options_.decisions),
      references_(store, environment, options_.decisions),
      mark_fields_(mark_fields(entity)) {
  bool names_contact = false;
  for (std::size_t column = 0; column < mapping.size(); ++column) {
    Column made{mapping[column], {}, false};
    if (const Field* field = made.mapping.field; made.mapping.use == ColumnUse::field && field != nullptr) {
      made.of_contact = entity.id == "customer" && !belongs_to(entity, field);
      made.format = format_of(column, *field);
      contact_ = made.of_contact ? find_entity("contact") : contact_;
      names_contact = names_contact || (made.of_contact && field->id == "name");
    }
    columns_.push_back(made);
  }
  persons_ = contact_ != nullptr && !names_contact;
  plan_.revision = store.revision();
}

ColumnFormat Planner::format_of(std::size_t column, const Field& field) const {
  const std::string unit = column < table_.header.size() ? read_heading(table_.header[column]).unit : std::string();
  ColumnFormat format;
  if (field.type == FieldType::money) {
    format.extra_decimals = unit.empty() ? decimals_of_titles(table_) : decimals_of_unit(unit).value_or(0);
    format.foreign_unit = names_foreign_money(unit);
  } else if (field.type == FieldType::basis_points) {
    format.fractions = !unit.contains('%') && holds_fractions(table_, column);
  } else if (field.type == FieldType::date || field.type == FieldType::date_time) {
    constexpr int majority = 60;
    format.serial_dates = share(table_, column, is_serial_day) >= majority;
  } else if (field.type == FieldType::text) {
    format.decimal_tails = some_decimal_tail(table_, column) && share(table_, column, has_decimal_tail) == 100;
  }
  return format;
}

void Planner::keep_in_remark(Draft& draft, std::size_t column, std::string_view cell) const {
  const std::string heading = column < table_.header.size() ? table_.header[column] : std::string();
  draft.kept += draft.kept.empty() ? "" : "；";
  draft.kept += heading.empty() ? "第" + std::to_string(column + 1) + "列" : heading;
  draft.kept += "：";
  draft.kept += cell;
}

CellValue Planner::read_value(Draft& draft, std::size_t column, const std::string& cell) {
  const Field& field = *columns_[column].mapping.field;
  if (field.type == FieldType::choice || field.type == FieldType::choices) {
    return choices_.resolve(cell, field);
  }
  if (field.type != FieldType::reference) {
    return read_cell(cell, field, columns_[column].format, this_year_);
  }
  const Field* owner = entity_.find("customer");
  Id of;
  for (const auto& [known_field, value] : draft.fields) {
    of = known_field == owner ? id_or_empty(value) : of;
  }
  if (field.references == entity_.id && !references_.find(entity_, cell, of)) {
    deferred_.push_back({plan_.edits.size(), &field, cell, of, draft.row->line, static_cast<std::uint32_t>(column)});
    return {};
  }
  return references_.resolve(cell, field, of);
}

void Planner::read_column(Draft& draft, std::size_t column) {
  const Column& made = columns_[column];
  if (made.mapping.use == ColumnUse::ignore) {
    return;
  }
  const auto number = static_cast<std::uint32_t>(column);
  const std::string_view raw = cell_at(*draft.row, column);
  CleanCell clean = read_clean(raw, is_marked_as_text(*draft.row, column));
  if (clean.emptied) {
    note(draft, NoteKind::emptied, number, [raw] { return sentence("“{}”按空白处理", "“{}” counts as blank", {raw}); });
  }
  const std::string& cell = clean.text;
  if (cell.empty()) {
    return;
  }
  if (cell.contains("\xEF\xBF\xBD")) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”里有文件损坏、读不出的字（�），请核对", "“{}” holds letters that are damaged in the file (�); please check", {cell});
    });
  }
  if (made.mapping.use == ColumnUse::remark || made.mapping.field == nullptr) {
    keep_in_remark(draft, column, cell);
  } else {
    CellValue read = read_value(draft, column, cell);
    clean.changed = clean.changed || read.changed;
    if (read.keep_text) {
      keep_in_remark(draft, column, cell);
    }
    if (read.hint) {
      const NoteKind kind = !read.keep_text ? NoteKind::changed : remark_ == nullptr ? NoteKind::lost : read.unknown_choice ? NoteKind::new_choice : NoteKind::kept_as_text;
      note(draft, kind, number, [&] { return *read.hint; });
    }
    if (!is_null(read.value)) {
      (made.of_contact ? draft.contact_fields : draft.fields).emplace_back(made.mapping.field, std::move(read.value));
    }
  }
  if (clean.changed) {
    note(draft, NoteKind::tidied, number, [&] { return sentence("“{}”已整理", "“{}” was tidied", {raw.substr(0, 200)}); });
  }
}

// The contact's name: its own column, or the person's who is the customer.
void Planner::settle_contact(Draft& draft) {
  if (contact_ == nullptr) {
    return;
  }
  const Field* name = contact_->find("name");
  draft.contact_name = text_of(draft.contact_fields, name);
  if (persons_) {
    draft.contact_name = text_of(draft.fields, title_);
    draft.contact_fields.emplace_back(name, Value{draft.contact_name});
    const Field* nature = entity_.find("nature");
    if (text_of(draft.fields, nature).empty()) {
      draft.fields.emplace_back(nature, Value{std::string("individual")});
    }
  }
  if (draft.contact_name.empty() && !draft.contact_fields.empty()) {
    // A mobile number of nobody: it must not get lost.
    draft.contact_fields.clear();
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const std::string cell = columns_[column].of_contact ? clean_cell(cell_at(*draft.row, column)) : std::string();
      if (!cell.empty()) {
        keep_in_remark(draft, column, cell);
        note(draft, NoteKind::kept_as_text, static_cast<std::uint32_t>(column), [&cell] {
          return sentence("没有联系人姓名，“{}”已记入备注", "No contact is named; “{}” is kept in the remark", {cell});
        });
      }
    }
  }
}

// What is odd about the row as a whole.
void Planner::note_row(Draft& draft) {
  if (draft.row->damage == RowDamage::stray_quote) {
    note(draft, NoteKind::check, 0, [] {
      return Sentence{"这一行有不成对的引号，按普通字符处理，请核对", "This row has quotation marks that do not match; they are kept as characters. Please check"};
    });
  } else if (draft.row->damage == RowDamage::too_wide) {
    note(draft, NoteKind::check, 0, [] {
      return Sentence{"这一行的格数比标题多，可能有分隔符没加引号而错位，请核对", "This row has more cells than there are heads; a separator may be unquoted. Please check"};
    });
  }
}

void Planner::note_marks(Draft& draft) {
  draft.is_person = entity_.id == "customer" && text_of(draft.fields, entity_.find("nature")) == "individual";
  for (const MarkField& mark : mark_fields_) {
    if (const std::string text = text_of(draft.fields, mark.field); !text.empty()) {
      mark.phones ? draft.marks.add_phones(text) : draft.marks.add(mark.tag, text);
    }
  }
  if (draft.is_person) {
    for (const FieldValues* values : {&draft.fields, &draft.contact_fields}) {
      for (const auto& [field, value] : *values) {
        if (field->id == "phone" || field->id == "mobile") {
          draft.marks.add_phones(text_or_empty(value));
        }
      }
    }
  }
}

Planner::Draft Planner::read_row(const CsvRow& row) {
  Draft draft;
  draft.row = &row;
  note_row(draft);
  // References to the owner first: those to its parts need it.
  for (const bool owners : {true, false}) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const Field* field = columns_[column].mapping.field;
      if (owners == (field != nullptr && field->id == "customer" && field->type == FieldType::reference)) {
        read_column(draft, column);
      }
    }
  }
  settle_contact(draft);
  note_marks(draft);
  if (const std::string name = text_of(draft.fields, title_); !name.empty()) {
    draft.name_key = name_key(entity_, name);
  }
  const Field* owner = owner_field(entity_);
  for (const auto& [field, value] : draft.fields) {
    draft.owner = field == owner ? id_or_empty(value) : draft.owner;
  }
  return draft;
}

std::string Planner::text_of(const FieldValues& fields, const Field* field) {
  for (const auto& [known, value] : fields) {
    if (known == field) {
      return text_or_empty(value);
    }
  }
  return {};
}

std::uint32_t Planner::column_of(const Field* field) const {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (columns_[column].mapping.use == ColumnUse::field && columns_[column].mapping.field == field) {
      return static_cast<std::uint32_t>(column);
    }
  }
  return 0;
}

void Planner::report(ImportProblem problem) {
  const auto kind = static_cast<std::size_t>(problem.kind);
  plan_.problem_count += is_problem(problem.kind) ? 1 : 0;
  if (plan_.counts[kind]++ < most_notes_kept) {
    plan_.problems.push_back(std::move(problem));
  }
}

void Planner::count(Draft& draft) {
  bool hints = false;
  for (ImportProblem& problem : draft.notes) {
    hints = hints || (is_problem(problem.kind) && !problem.fatal());
    report(std::move(problem));
  }
  if (draft.left_out) {
    ++plan_.rows_left_out;
  } else {
    ++plan_.rows_good;
    plan_.rows_with_hints += hints ? 1 : 0;
  }
}

}  // namespace kehubu
