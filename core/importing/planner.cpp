// Reading rows into drafts. planner_edits.cpp makes edits of them.
#include "core/importing/planner.h"

#include <algorithm>

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
  for (const std::string& title : table.title_rows) {
    const std::string folded = fold(title);
    const std::size_t found = folded.find("单位:");
    if (found != std::string::npos) {
      std::string_view unit = std::string_view(folded).substr(found + std::string_view("单位:").size());
      for (const std::string_view known : {"百万元", "万元", "亿元", "千元"}) {
        if (unit.starts_with(known) || unit.starts_with("人民币" + std::string(known))) {
          return decimals_of_unit(known);
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

}  // namespace

Planner::Planner(Store& store, Environment& environment, const ImportTable& table, const Entity& entity,
                 std::vector<ColumnMapping> mapping, std::vector<UnknownChoice> decisions, ExistingPolicy existing)
    : store_(store),
      environment_(environment),
      table_(table),
      entity_(entity),
      title_(entity.find(entity.title_field)),
      remark_(entity.find("remark")),
      existing_(existing),
      this_year_(local_date(environment.now_ms()).year),
      choices_(store, environment, std::move(decisions)),
      references_(store, environment) {
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
    format.extra_decimals = unit.empty() ? decimals_of_titles(table_) : decimals_of_unit(unit);
  } else if (field.type == FieldType::basis_points) {
    format.fractions = !unit.contains('%') && holds_fractions(table_, column);
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
  const std::string cell = clean_cell(cell_at(*draft.row, column));
  if (cell.empty() || made.mapping.use == ColumnUse::ignore) {
    return;
  }
  if (made.mapping.use == ColumnUse::remark || made.mapping.field == nullptr) {
    keep_in_remark(draft, column, cell);
    return;
  }
  CellValue read = read_value(draft, column, cell);
  if (read.hint) {
    draft.problems.push_back({draft.row->line, static_cast<std::uint32_t>(column), std::move(*read.hint), false});
  }
  if (read.keep_text) {
    keep_in_remark(draft, column, cell);
  }
  if (!is_null(read.value)) {
    (made.of_contact ? draft.contact_fields : draft.fields).emplace_back(made.mapping.field, std::move(read.value));
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
      }
    }
  }
}

Planner::Draft Planner::read_row(const CsvRow& row) {
  Draft draft;
  draft.row = &row;
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
  constexpr std::size_t most = 1000;
  ++plan_.problem_count;
  if (plan_.problems.size() < most) {
    plan_.problems.push_back(std::move(problem));
  }
}

void Planner::count(Draft& draft) {
  bool hints = false;
  for (ImportProblem& problem : draft.problems) {
    hints = hints || !problem.fatal;
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
