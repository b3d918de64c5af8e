// Planner: makes an ImportPlan, row by row. Private to importing/; plan_import() in plan.cpp drives it in slices.
//
// A row is read into a Draft; the draft becomes an Edit of the entity (and, importing customers, one of their contact);
// the store says what it would refuse; what can be spared is moved into the remark, what cannot leaves the row out.
#pragma once

#include <map>
#include <optional>
#include <span>
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

[[nodiscard]] std::string joined_lines(std::string_view first, std::string_view second);
void set_field(FieldValues& fields, const Field* field, Value value);
// "3、甲商行" → 3, "甲商行"; 0 and the whole for what begins with no number and its mark.
[[nodiscard]] std::pair<std::int64_t, std::string_view> behind_count(std::string_view name);

class Planner {
 public:
  Planner(Store& store, Environment& environment, const ImportTable& table, const Entity& entity,
          std::vector<ColumnMapping> mapping, ImportOptions options);

  void add_row(const CsvRow& written);
  [[nodiscard]] ImportPlan finish();

 private:
  struct Column {
    ColumnMapping mapping;
    ColumnFormat format;
    bool of_contact = false;
    bool says_of_contact = false;           // in the remark it is said of whom: 张一的生日
    std::vector<std::size_t> unit_columns;  // where the row says in what the numbers are
    bool merged = false;                    // a blank cell most likely belongs to the one above
    std::string_view above;                 // of a merged column: what it is merged with, and where that stands
    std::uint32_t line_above = 0;
    std::string_view written;               // the last one that is neither blank nor a ditto
    std::uint32_t line_written = 0;
  };
  struct Person {        // a further contact of a row
    int place = 0;       // ColumnMapping::person of the columns that he stands in
    FieldValues fields;
    std::string name;
    bool named_beside = false;  // in a cell behind another person: what stands in the columns is not his
  };
  struct Deferred {  // a reference to a record of the list itself
    const Field* field = nullptr;
    std::string text;
    Id of;
    std::uint32_t line = 0, column = 0;
    std::size_t edit = 0;  // whose it is, once the row has one
  };
  struct TermInWords {  // a payment term's cell, and the numbers in it
    std::uint32_t column = 0;
    std::string cell;
    std::vector<std::pair<std::string_view, std::string>> numbers;
  };
  struct Draft {
    const CsvRow* row = nullptr;
    FieldValues fields;
    FieldValues contact_fields;
    std::string contact_name;
    std::vector<Person> others;
    int person = 0;                    // whose fields are being settled: ColumnMapping::person
    std::string person_name;           // "" for the company
    bool person_named_beside = false;
    std::vector<Deferred> deferred;    // gone with the row, unless it has an edit
    TermInWords term;
    std::string name_key;              // of the title, "" when it has none
    Marks marks;                       // what tells the record from namesakes
    bool is_person = false;            // a customer of nature individual
    Id owner;                          // of whom the record is a part, if names are compared within that
    std::string kept;                  // heading：cell；… for the remark
    std::vector<ImportProblem> notes;
    bool left_out = false;
  };
  struct Pending {   // the edit of a record that the plan makes or changes
    std::size_t edit = 0;
    std::uint32_t line = 0;
    std::vector<std::pair<const Field*, std::uint32_t>> later_lines;  // of values that a further row says first
    FieldValues confirmed;  // what rows say as the store has it: it stands in no edit, and for the rows below all the same
  };
  struct Links {  // who is below whom by what the plan does
    std::unordered_map<Id, Id, IdHash> above;
    std::unordered_set<Id, IdHash> somebody_above;
  };
  struct Source {  // of a value: the cell that it was read from, or the value itself where its cell holds more, or another's
    std::uint32_t column = 0;
    std::string text;
    bool is_cell = false;
  };

  // --- reading a row
  [[nodiscard]] ColumnFormat format_of(std::size_t column, const Field& field) const;
  [[nodiscard]] bool looks_merged(std::size_t column) const;
  void find_remarks_of_persons();
  [[nodiscard]] bool names_count_up() const;
  [[nodiscard]] bool names_alone(const CsvRow& row) const;
  [[nodiscard]] bool others_are_full() const;
  [[nodiscard]] std::vector<std::size_t> unit_columns_of(std::size_t column, const Field& field) const;
  [[nodiscard]] ColumnFormat format_in_row(const CsvRow& row, const Column& column) const;
  [[nodiscard]] Draft read_row(const CsvRow& row);
  [[nodiscard]] CleanCell clean(Draft& draft, std::size_t column, std::string_view raw);
  void read_column(Draft& draft, std::size_t column);
  void settle_birth_year(Draft& draft, FieldValues& fields);
  [[nodiscard]] std::string without_its_numbers(Draft& draft, std::size_t column, const std::string& cell) const;
  void settle_term(Draft& draft);
  [[nodiscard]] bool waits_for_all_rows(const Field& field) const;
  [[nodiscard]] CellValue read_value(Draft& draft, std::size_t column, const std::string& cell);
  void keep_in_remark(Draft& draft, std::size_t column, std::string_view cell) const;
  [[nodiscard]] std::string perhaps_of(const Draft& draft) const;
  static void keep_entry(Draft& draft, std::string_view heading, std::string_view text);
  [[nodiscard]] Source source_of(const Draft& draft, const Field& field, const Value& value) const;
  void keep_value(Draft& draft, const Field& field, const Source& source) const;
  void note_row(Draft& draft);
  void note_name(Draft& draft, const std::string& name);
  [[nodiscard]] const CsvRow& without_dittos(const CsvRow& row);
  void note_dittos(Draft& draft);
  void take_groups_above(std::uint32_t line);
  [[nodiscard]] std::string_view cell_above_or_own(Draft& draft, std::size_t column);
  void name_whose_remark(Draft& draft);
  void note_marks(Draft& draft);
  [[nodiscard]] FieldValues& contact_fields_of(Draft& draft, int person) const;
  void settle_contact(Draft& draft);
  void keep_what_is_nobodys(Draft& draft, int person);
  void settle_who_left(Draft& draft, int person, std::string& name, FieldValues& fields);
  void split_contact(Draft& draft, int person, std::string& name, FieldValues& fields);

  // --- finding what is there already
  [[nodiscard]] std::optional<KnownRecords::Found> find_known(Draft& draft);
  [[nodiscard]] std::optional<KnownRecords::Found> find_by_name(const Draft& draft);
  void note_names(const Draft& draft, const Id& id);
  void note_values(const Id& id);
  [[nodiscard]] bool repeats_earlier_row(Draft& draft, const KnownRecords::Found& earlier);
  [[nodiscard]] bool repeats_whole_row(Draft& draft);

  // --- making edits
  void plan_new(Draft& draft);
  [[nodiscard]] bool is_merged_cell(const Draft& draft) const;
  void follow_row_above(Draft& draft);
  [[nodiscard]] bool may_join(Draft& draft, const KnownRecords::Found& earlier);
  [[nodiscard]] bool agrees_with(const Draft& draft, const FieldValues& known, std::uint32_t line) const;
  [[nodiscard]] const CsvRow* row_at(std::uint32_t line) const;
  void note_namesake(Draft& draft);
  void leave_out_uncertain(Draft& draft);
  void note_uncertain(Draft& draft, const KnownRecords::Found& known);
  void note_near_name(Draft& draft);
  void note_same_phone(Draft& draft, const KnownRecords& contacts, const Id& customer, const Marks& marks, std::uint32_t column);
  void note_name_of_another(Draft& draft, const Id& id);
  void skip_existing(Draft& draft, const Id& id);
  void join(Draft& draft, const Id& id);
  [[nodiscard]] Pending& pending_of(const Entity& entity, const Id& id, std::uint32_t line);
  [[nodiscard]] std::optional<Store::Problem> merge_into(Draft& draft, Pending& into, const FieldValues& values);
  [[nodiscard]] static std::uint32_t line_of(const Pending& pending, const Field& field);
  static void note_line(Pending& pending, const Field& field, std::uint32_t line);
  [[nodiscard]] const Value* said_before(const Pending& pending, const Field& field) const;
  [[nodiscard]] std::optional<Record> record_in_store(const Edit& edit);
  void keep_what_differs(Draft& draft, const Field& field, const Value& value, std::uint32_t line);
  void note_overwritten(Draft& draft, const Record& record, std::span<const std::pair<const Field*, Value>> values);
  [[nodiscard]] Sentence overwritten(const Field& field, const Value& old, const Value& value, bool decides) const;
  [[nodiscard]] std::string remark_of(const Edit& edit);
  [[nodiscard]] bool add_to_remark(Edit& edit, std::string_view addition);
  void keep_remarks(Draft& draft, std::size_t edit);
  [[nodiscard]] Sentence remark_is_full() const;
  void hand_over(Draft& draft, std::size_t edit);
  void set_owner(FieldValues& fields);
  void plan_follow_ups();
  [[nodiscard]] std::optional<Store::Problem> make_valid(Draft& draft, Edit& edit, std::size_t earlier);
  [[nodiscard]] std::vector<Store::Problem> problems_of(const Draft& draft, const Edit& edit, std::size_t earlier);
  [[nodiscard]] bool leads_back(const Edit& edit, const Field& field, const Value& value);
  [[nodiscard]] std::optional<Store::Problem> problem_with_document(const Edit& edit);
  [[nodiscard]] std::optional<Store::Problem> problem_with_step(const Edit& edit, const Field& field, const Value& value);
  [[nodiscard]] std::string product_key(const Edit& edit);
  [[nodiscard]] std::optional<Store::Problem> problem_with_plan(const Edit& edit, const Field& field, const Value& value);
  void leave_out(Draft& draft, const Store::Problem& problem);
  [[nodiscard]] bool may_spare(const Edit& edit, std::size_t index) const;
  void spare(Draft& draft, Edit& edit, std::size_t index, const Sentence& why);
  [[nodiscard]] bool is_broken_already(const Draft& draft, const Edit& edit, const Store::Problem& problem);
  [[nodiscard]] bool spare_what_breaks(Draft& draft, Edit& edit, std::size_t earlier, const Store::Problem& problem);
  void note_hint(Draft& draft, const Edit& edit, std::size_t earlier, const Store::Problem& problem);
  [[nodiscard]] bool depends_on_new(const Edit& edit, const Field& field) const;
  void add_contacts(Draft& draft, const Id& customer);
  void add_contact(Draft& draft, const FieldValues& fields, const Id& customer);
  void keep_contact(Draft& draft, const FieldValues& fields, const Sentence& why);
  void resolve_deferred();
  [[nodiscard]] std::optional<Sentence> set_reference(const Deferred& reference);
  [[nodiscard]] Id above_of(const Id& row, const Field& field) const;
  [[nodiscard]] bool closes_ring(const Id& row, const Field& field, const Id& target) const;
  void link(const Id& row, const Field& field, const Id& target);
  void report_late(const Deferred& reference, NoteKind kind, Sentence message);

  void count(Draft& draft);
  void take_what_is_needed();
  void count_records();
  void count_contacts();
  static void say_why_left_out(Draft& draft);
  void report_columns_left();
  void report_doubtful_columns();
  static constexpr std::int64_t most_notes_kept = 5'000;  // of each kind
  // The sentence is only made when there is room for it.
  template <typename MakeSentence>
  void note(Draft& draft, NoteKind kind, std::uint32_t column, const MakeSentence& make) const {
    const bool room = plan_.counts[static_cast<std::size_t>(kind)] < most_notes_kept;
    draft.notes.push_back({draft.row->line, column, room ? make() : Sentence{}, kind, {}});
  }
  void report(ImportProblem problem);
  void report_notes(Draft& draft);
  [[nodiscard]] std::string cell_of(const Draft& draft, std::uint32_t column) const;
  [[nodiscard]] std::uint32_t column_of(const Field* field, int person = 0) const;  // 0 where no column has it
  [[nodiscard]] std::optional<std::uint32_t> find_column(const Field* field, int person) const;
  [[nodiscard]] static std::string text_of(const FieldValues& fields, const Field* field);
  [[nodiscard]] Sentence name_in_file(const Field& field, int person) const;
  [[nodiscard]] Sentence in_words_of_file(Sentence message, const Field& field, int person) const;

  Store& store_;
  Environment& environment_;
  const ImportTable& table_;
  const Entity& entity_;
  const Entity* contact_ = nullptr;      // when the file has columns of it
  const Field* title_ = nullptr;
  const Field* remark_ = nullptr;
  ImportOptions options_;
  int this_year_ = 0;
  bool persons_ = false;                 // contact columns, no name of a contact, and the names headed as a person's: the customers are persons
  bool names_contact_ = false;           // some column does
  std::vector<Column> columns_;
  struct Ditto {
    std::size_t column = 0;
    std::string mark;
  };
  std::vector<Ditto> dittos_;            // of the row that is read
  std::optional<std::size_t> company_of_contacts_;  // its column in a list of contacts, where the person stands behind it: a blank cell is merged
  CsvRow row_without_dittos_;
  std::size_t next_left_ = 0;            // of the table's left rows: the first below the row that is read
  bool names_alone_are_odd_ = false;     // all other rows are full: what only names a record may be a heading or a note
  bool counted_names_ = false;           // 1、甲商行, 2、乙商行 …
  std::unordered_set<std::string_view> remarks_of_persons_;  // names of companies whose rows have different remarks
  std::vector<std::int64_t> cells_left_;  // filled cells of the columns that are not imported
  ChoiceResolver choices_;
  ReferenceResolver references_;
  std::unordered_map<std::string, std::uint32_t> lines_by_content_;  // whole rows of this file
  enum class RowFate : std::uint8_t { none, written, existing, left_out };
  RowFate fate_above_ = RowFate::none;   // of the last row that names a customer
  Id customer_above_;
  std::string name_above_;
  std::uint32_t line_above_ = 0;
  std::vector<MarkField> mark_fields_;
  std::unordered_map<Id, Pending, IdHash> pending_;  // customers and contacts, where a later row may add to them
  std::vector<std::size_t> new_customers_;           // their edits
  std::vector<Deferred> deferred_;
  std::unordered_map<std::string, std::pair<Id, std::uint32_t>> products_;  // by name and specification, with their lines
  std::map<const Field*, Links> links_;
  std::unordered_set<std::uint32_t> lines_with_hints_;
  ImportPlan plan_;
};

}  // namespace kehubu
