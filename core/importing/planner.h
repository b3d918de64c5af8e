// Planner: makes an ImportPlan, row by row. Private to importing/; plan_import() in plan.cpp drives it in slices.
//
// A row is read into a Draft; the draft becomes an Edit of the entity (and, importing customers, one of their contact);
// the store says what it would refuse; what can be spared is moved into the remark, what cannot leaves the row out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/importing/cells.h"
#include "core/importing/importing.h"
#include "core/importing/known_records.h"
#include "core/importing/resolvers.h"

namespace kehubu {

using FieldValues = std::vector<std::pair<const Field*, Value>>;

class Planner {
 public:
  Planner(Store& store, Environment& environment, const ImportTable& table, const Entity& entity,
          std::vector<ColumnMapping> mapping, std::vector<UnknownChoice> decisions, ExistingPolicy existing);

  void add_row(const CsvRow& row);
  [[nodiscard]] ImportPlan finish();

 private:
  struct Column {
    ColumnMapping mapping;
    ColumnFormat format;
    bool of_contact = false;
  };
  struct Draft {
    const CsvRow* row = nullptr;
    FieldValues fields;
    FieldValues contact_fields;
    std::string contact_name;
    std::string name_key;              // of the title, "" when it has none
    Id owner;                          // of whom the record is a part, if names are compared within that
    std::string kept;                  // heading：cell；… for the remark
    std::vector<ImportProblem> problems;
    bool left_out = false;
  };
  struct Deferred {  // a reference to a record that a later row may make
    std::size_t edit = 0;
    const Field* field = nullptr;
    std::string text;
    Id of;
    std::uint32_t line = 0, column = 0;
  };

  // --- reading a row
  [[nodiscard]] ColumnFormat format_of(std::size_t column, const Field& field) const;
  [[nodiscard]] Draft read_row(const CsvRow& row);
  void read_column(Draft& draft, std::size_t column);
  [[nodiscard]] CellValue read_value(Draft& draft, std::size_t column, const std::string& cell);
  void keep_in_remark(Draft& draft, std::size_t column, std::string_view cell) const;
  void settle_contact(Draft& draft);

  // --- finding what is there already
  [[nodiscard]] std::optional<KnownRecords::Found> find_known(Draft& draft);
  [[nodiscard]] std::optional<KnownRecords::Found> find_by_name(const Draft& draft);
  void note_record(const Draft& draft, const Id& id);
  [[nodiscard]] bool repeats_earlier_row(Draft& draft, const KnownRecords::Found& earlier);

  // --- making edits
  void plan_new(Draft& draft);
  void plan_update(Draft& draft, const Id& id);
  [[nodiscard]] bool make_valid(Draft& draft, Edit& edit);
  [[nodiscard]] bool settle_problem(Draft& draft, Edit& edit, const Store::Problem& problem);
  [[nodiscard]] bool depends_on_new(const Edit& edit, const Field& field) const;
  void add_contact(Draft& draft, const Id& customer, bool customer_is_new);
  void resolve_deferred();

  void count(Draft& draft);
  void report(ImportProblem problem);
  [[nodiscard]] std::uint32_t column_of(const Field* field) const;
  [[nodiscard]] static std::string text_of(const FieldValues& fields, const Field* field);

  Store& store_;
  Environment& environment_;
  const ImportTable& table_;
  const Entity& entity_;
  const Entity* contact_ = nullptr;      // when the file has columns of it
  const Field* title_ = nullptr;
  const Field* remark_ = nullptr;
  ExistingPolicy existing_;
  int this_year_ = 0;
  bool persons_ = false;                 // contact columns but no name of a contact: the customers are persons
  std::vector<Column> columns_;
  ChoiceResolver choices_;
  ReferenceResolver references_;
  std::unordered_map<std::string, std::uint32_t> lines_by_content_;  // whole rows of this file
  std::vector<Deferred> deferred_;
  ImportPlan plan_;
};

}  // namespace kehubu
