// Reading rows into drafts, cell by cell (planner_cells.cpp). planner_edits.cpp makes edits of them.
#include "core/importing/planner.h"

#include <algorithm>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/importing/headings.h"
#include "core/store/known_time.h"

namespace kehubu {
namespace {

std::string_view cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view{};
}

bool belongs_to(const Entity& entity, const Field* field) {
  return std::ranges::any_of(entity.fields, [field](const Field& own) { return &own == field; });
}

// The area code that a land line begins with; "" for all other telephones.
std::string area_of(const std::string& phone) {
  const std::string digits = phone_kind(phone) == PhoneKind::land_line ? phone_key(phone) : std::string();
  constexpr std::size_t metropolis = 3, city = 4;
  return digits.starts_with("01") || digits.starts_with("02") ? digits.substr(0, metropolis) : digits.starts_with('0') ? digits.substr(0, city) : std::string();
}

std::string without_kind_of_city(std::string city) {
  constexpr std::string_view kind = "市";
  if (city.size() > kind.size() && city.ends_with(kind)) {
    city.resize(city.size() - kind.size());
  }
  return city;
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
      this_year_(local_date(known_time(store).now_ms).year),
      choices_(store, environment, options_.decisions),
      references_(store, environment, options_.decisions),
      mark_fields_(mark_fields(entity)) {
  bool names_contact = false;
  for (std::size_t column = 0; column < mapping.size(); ++column) {
    Column made{.mapping = mapping[column]};
    if (const Field* field = made.mapping.field; made.mapping.use == ColumnUse::field && field != nullptr) {
      made.of_contact = entity.id == "customer" && !belongs_to(entity, field);
      made.format = format_of(column, *field);
      contact_ = made.of_contact ? find_entity("contact") : contact_;
      names_contact = names_contact || (made.of_contact && field->id == "name");
    }
    columns_.push_back(made);
  }
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (const Field* field = columns_[column].mapping.field; columns_[column].mapping.use == ColumnUse::field && field != nullptr) {
      columns_[column].unit_columns = unit_columns_of(column, *field);
    }
  }
  const auto named = find_column(title_, 0);
  persons_ = contact_ != nullptr && !names_contact && named && is_person_heading(read_heading(table_.header[*named]));
  names_contact_ = names_contact;
  for (std::size_t column = 0; contact_ != nullptr && column < columns_.size(); ++column) {
    columns_[column].says_of_contact = columns_[column].of_contact ? columns_[column].mapping.field->id != "name" : columns_[column].mapping.use == ColumnUse::remark && columns_[column].mapping.of_person;
  }
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    columns_[column].merged = looks_merged(column);
    if (columns_[column].merged) {
      plan_.merged_columns.push_back(static_cast<std::uint32_t>(column));
    }
  }
  const std::uint32_t company = entity_.id == "contact" ? column_of(entity_.find("customer")) : 0;
  if (entity_.id == "contact" && company < column_of(title_) && columns_[company].mapping.field == entity_.find("customer")) {
    company_of_contacts_ = company;
  }
  find_remarks_of_persons();
  counted_names_ = names_count_up();
  names_alone_are_odd_ = others_are_full();
  cells_left_.resize(columns_.size());
  plan_.revision = store.revision();
}

void Planner::note_marks(Draft& draft) {
  draft.is_person = entity_.id == "customer" && text_of(draft.fields, entity_.find("nature")) == "individual";
  for (const MarkField& mark : mark_fields_) {
    if (const std::string text = text_of(draft.fields, mark.field); !text.empty()) {
      mark.phones ? draft.marks.add_phones(text) : draft.marks.add(mark.tag, text);
    }
  }
  // Of rows of one file only: a company that the book knows may have moved.
  if (entity_.id == "customer" && !draft.is_person) {
    draft.marks.add(Marks::area_tag, area_of(text_of(draft.fields, entity_.find("phone"))));
    draft.marks.add(Marks::city_tag, without_kind_of_city(text_of(draft.fields, entity_.find("city"))));
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
  settle_birth_year(draft, draft.fields);
  settle_birth_year(draft, draft.contact_fields);
  settle_term(draft);
  settle_contact(draft);
  name_whose_remark(draft);
  note_marks(draft);
  if (const std::string name = text_of(draft.fields, title_); !name.empty()) {
    draft.name_key = name_key(entity_, name);
    note_name(draft, name);
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

std::string Planner::cell_of(const Draft& draft, std::uint32_t column) const { return clean_cell(cell_at(*draft.row, column)); }

std::uint32_t Planner::column_of(const Field* field, int person) const { return find_column(field, person).value_or(0); }

std::optional<std::uint32_t> Planner::find_column(const Field* field, int person) const {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const ColumnMapping& mapping = columns_[column].mapping;
    if (mapping.use == ColumnUse::field && mapping.field == field && mapping.person == person) {
      return static_cast<std::uint32_t>(column);
    }
  }
  return std::nullopt;
}

}  // namespace kehubu
