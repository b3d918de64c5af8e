// Importing: a spreadsheet's rows become records (R-IMP-02), without a hand on the keyboard but for confirming.
//
//   bytes → detect_encoding → decode_text → parse_csv → find_table (title rows above, 合计 rows below) → propose_mapping
//         → plan (dry run: what each row would become, every problem with its line) → commit (one action, undoable)
//
// Nothing of a row is dropped in silence: what fits no field, or does not read as its field wants it, is kept in the
// remark as "heading：value". The plan writes nothing; it is valid for the store's revision that it was made at.
// Files are hostile input: sizes are limited by CsvLimits, bytes need not be text, and no row can harm another.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/store/store.h"

namespace kehubu {

enum class TextEncoding : std::uint8_t { utf8, utf8_with_mark, utf16_little_endian, utf16_big_endian, gb18030, big5, windows_1252 };

// By byte order mark, else by what the bytes are: UTF-8 (a few broken bytes do not make it another encoding), UTF-16 by its
// zero bytes, Western European by letters beyond ASCII that stand alone within words, Big5 or GB18030 by the ranges of their
// bytes. A guess, which the preview shows and a person may correct.
[[nodiscard]] TextEncoding detect_encoding(std::span<const std::uint8_t> bytes);

// Refuses files of other programs, with what each of them is and what to do: Excel's own, PDF, a web page that is called .xls,
// JSON, a picture.
[[nodiscard]] Status check_is_text_table(std::span<const std::uint8_t> bytes);

// Decodes what the C++ standard library cannot: the browser's TextDecoder, iconv natively.
class TextDecoder {
 public:
  virtual ~TextDecoder() = default;
  [[nodiscard]] virtual Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) = 0;
};

// Valid UTF-8 without a mark, whatever came in: Unicode and Windows-1252 are decoded here, with U+FFFD for what is broken; the decoder is
// asked for GB18030 and Big5 only, and gives U+FFFD for what is broken too.
[[nodiscard]] Result<std::string> decode_text(std::span<const std::uint8_t> bytes, TextEncoding encoding,
                                              TextDecoder& decoder);

struct CsvLimits {
  std::uint64_t bytes = 256ULL << 20;
  std::uint32_t rows = 1'000'000;
  std::uint32_t columns = 512;
  std::uint32_t cell_bytes = 1U << 20;  // Excel's longest cell, 32,767 characters, is at most 128 KiB
};

enum class RowDamage : std::uint8_t {
  none,
  stray_quote,  // a quote that closes nothing, or stands unescaped within a quoted cell: it is kept as a character
  too_wide,     // more cells than there are heads: a separator that is not quoted, most likely
  uneven,       // not as many cells as the header, where blanks or a second separator divide the columns or all of the row
};
struct CsvRow {
  std::uint32_t line = 0;  // as Excel numbers its rows: 1-based, blank ones and those above the table counted, "sep=;" not
  std::vector<std::string> cells;
  std::vector<std::uint16_t> texts;  // columns whose cells the file marks as text, ="00123" or '00123: taken as they are
  RowDamage damage = RowDamage::none;
};

// RFC 4180, and what programs really write: a separator out of nine (found out, or told by a first line "sep=;"), or blanks that line
// the columns up; quotes, '…' where the first row has them, blanks around quotes, \" where that makes the rows fit, line breaks within
// quotes, CR, LF or CRLF, ="00123" formulas that protect leading zeros. A quote that closes nothing is a character, and its row is
// marked. Refuses only what is beyond the limits.
[[nodiscard]] Result<std::vector<CsvRow>> parse_csv(std::string_view text, const CsvLimits& limits = {});

enum class LeftReason : std::uint8_t { total, foot_note, repeated_header, page_mark, instruction, other_table, dividing_line, group_head, units };
[[nodiscard]] Sentence left_reason(LeftReason reason);
struct LeftRow : CsvRow {
  LeftReason reason = LeftReason::total;
};
// What a sheet's records are. Those that are no rows are turned, so that a record is a row of the table.
enum class TableLayout : std::uint8_t {
  rows,
  columns,  // a table on its side: a line of what it becomes is a column of the file, A being 1
  cards,    // each head is followed by its content; a line is where a record begins
};
struct ImportTable {
  TableLayout layout = TableLayout::rows;  // of the file
  bool turned = false;                     // by the layout; else it is read as it stands
  std::vector<CsvRow> title_rows;   // what stood above the header
  std::uint32_t header_line = 0;    // 0: the file has none
  std::vector<std::string> header;  // "" where a column has none
  std::vector<CsvRow> rows;         // without blank rows and those below; may have fewer cells than the header, never more
  std::vector<LeftRow> left_rows;   // 合计, 小计 with numbers only, 备注 and 制表人 at the foot, the header again, page numbers …
};
// What a person decided about the table, where find_table() would guess.
struct TableChoices {
  std::optional<std::uint32_t> header_line;  // 0: there is no header, every row is data
  std::vector<std::uint32_t> taken_in;       // lines of left_rows that are data after all
  bool as_it_stands = false;                 // not turned, whatever it looks like; so it is, too, where a header was chosen
};
// Finds the header: the row whose cells are names of our fields, else the first one about as wide as the table of which a cell
// ends like one and that does not look like those below. Two rows of heads become one. A file without a header gets one of
// empty texts, and is mapped by what the columns hold: its first row is a record like any other.
[[nodiscard]] Result<ImportTable> find_table(std::vector<CsvRow> rows, const TableChoices& choices = {});

enum class ColumnUse : std::uint8_t {
  field,    // becomes the field's value
  remark,   // is kept, as "heading: value" in the remark
  ignore,
};
struct ColumnMapping {
  ColumnUse use = ColumnUse::remark;
  const Field* field = nullptr;
  int confidence = 0;  // 0–100, for showing what to look at
  int person = 0;      // of a contact's field: 0 the first contact of a row, 1 the second (联系人2, 电话2) …
  bool of_person = false;           // what stands in the remark is that person's for certain: 张一的QQ
  bool perhaps_of_persons = false;  // it may be one of the row's persons', which the remark says
  Sentence doubt;                   // whose the column is, where that is not certain: "是单位的，还是张一的？"; it is nobody's then
};
// Marked for a person to check: a field that is not sure, or a column that stays in the remark although its heading names a
// field, or may mean several (日期). A remark's confidence is 0 where there is nothing to doubt.
inline constexpr int sure_from = 60;
[[nodiscard]] inline bool wants_a_look(const ColumnMapping& column) {
  return column.use != ColumnUse::ignore && column.confidence < sure_from && (column.use == ColumnUse::field || column.confidence > 0);
}
// By the catalog's labels and aliases, and by what the column holds. One column per field, and for each contact of a row.
[[nodiscard]] std::vector<ColumnMapping> propose_mapping(const ImportTable& table, const Entity& entity);
// The contacts whose names stand in a column of their own, each by the first of these names, in their order.
struct NamedPerson {
  int person = 0;  // ColumnMapping::person
  std::string name;
  friend bool operator==(const NamedPerson&, const NamedPerson&) = default;
};
[[nodiscard]] std::vector<NamedPerson> persons_of(const ImportTable& table, std::span<const ColumnMapping> mapping);

// What a column may be mapped to: the entity's own fields that are not derived, and, importing customers, those of
// their contact: a list of companies has a column 联系人, a list of persons 姓名, 性别, 年龄 (R-IMP-02, R-VAL-11).
struct MappableField {
  const Entity* entity = nullptr;
  const Field* field = nullptr;
};
[[nodiscard]] std::vector<MappableField> mappable_fields(const Entity& entity);

// What happened to a row or a cell that is not simply imported as it stands. Nothing of a file is without one.
enum class NoteKind : std::uint8_t {
  left_out,       // the row is not imported
  existing,       // the row is a record that is there already, and is skipped
  overwritten,    // a value of such a record is replaced: old → new
  decides,        // that value is one of several that wait for a decision: the row is the decision
  kept_as_text,   // what could not be read for certain, or has no other place; it stands in the remark
  lost,           // what has not even a remark to stand in
  check,          // imported as it stands, but worth a look: same name, stray quotes, damaged letters
  changed,        // rounded, or read in a way that is likely but not said: an age as a year, 0.3 as 30 %
  new_choice,     // not in the list yet, and not to be added: it stands in the remark
  tidied,         // the same value without remains of other programs, or written in our way
  emptied,        // #N/A, nan, —, and 无 where it is no text: says nothing
  column_left,    // a whole column is not imported, by its mapping; one note a column, at the header's line
};
inline constexpr std::size_t note_kinds = 12;
// Something that a person may have to put right; the others are only told.
[[nodiscard]] constexpr bool is_problem(NoteKind kind) {
  return kind != NoteKind::existing && kind != NoteKind::new_choice && kind != NoteKind::tidied && kind != NoteKind::emptied &&
         kind != NoteKind::column_left;
}
struct ImportProblem {
  std::uint32_t line = 0;    // as Excel numbers its rows
  std::uint32_t column = 0;  // 0-based
  Sentence message;
  NoteKind kind = NoteKind::check;
  std::string name;          // of the row's record; "" for a note about a column
  [[nodiscard]] bool fatal() const { return kind == NoteKind::left_out; }
};
struct UnknownChoice {       // "家用电器" is not in 所属行业 yet, or "山东" is no region yet
  const Field* field = nullptr;
  std::string text;
  std::int64_t rows = 0;
  std::string map_to;        // existing choice id, or title of an existing record; proposed only where it is certain (餐饮业 → 餐饮)
  bool add = false;          // make it; else it stands in the remark. Proposed only where the field must not be empty
};
// What was decided already stands, also where the choices are those of another plan.
void keep_decisions(std::vector<UnknownChoice>& choices, std::span<const UnknownChoice> decided);
enum class ExistingPolicy : std::uint8_t { skip, update };  // rows whose number or name is there already
enum class FollowUpPlan : std::uint8_t {
  none,    // as the rules say: every new customer falls due on the same day, a month after filing
  spread,  // a first call for each, evenly over `working_days` from the next working day on
  one_day, // a first call for each on the next working day
};
struct ImportOptions {
  std::vector<UnknownChoice> decisions;  // as a person decided; those not named are treated as proposed
  ExistingPolicy existing = ExistingPolicy::skip;
  Id owner;                              // of customers whose row names nobody; empty: whoever imports
  FollowUpPlan follow_up = FollowUpPlan::none;
  int working_days = 10;
  std::vector<std::uint32_t> filled_down;  // of ImportPlan::merged_columns: blank cells take what stands above
};
// Every row is counted once as good, left out, or (ExistingPolicy::skip) existing. Rows with hints are good ones; with
// ExistingPolicy::update the existing rows are good ones too.
struct ImportPlan {
  std::int64_t rows_good = 0, rows_with_hints = 0, rows_left_out = 0, rows_existing = 0;
  std::int64_t records_new = 0, records_changed = 0;            // of the list's own entity: several rows may be one record
  std::int64_t contacts_changed = 0;                            // with customers, too
  std::int64_t contacts_new = 0;                                // with customers, those that a rule makes of a private person among them
  std::int64_t customers_new = 0, customers_without_owner = 0;  // of rows that name nobody
  std::vector<ImportProblem> problems;          // by line; the first 5,000 of each kind
  std::array<std::int64_t, note_kinds> counts{};  // complete, by kind
  std::int64_t problem_count = 0;               // of the kinds that are problems
  std::vector<UnknownChoice> unknown_choices;
  std::vector<std::string> new_references;      // customers that a list of contacts makes
  std::vector<std::uint32_t> merged_columns;    // whose cells look merged: written once for several rows
  std::vector<Edit> edits;                      // what commit() will write
  std::int64_t revision = 0;                    // of the store when the plan was made
  [[nodiscard]] std::int64_t count(NoteKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};
[[nodiscard]] Task<Result<ImportPlan>> plan_import(Store& store, Environment& environment, std::shared_ptr<const ImportTable> table, const Entity& entity,
                                                   std::vector<ColumnMapping> mapping, ImportOptions options, Progress& progress);
// "新增 2 条，更新 1 条（来自 5 行），另建 2 位联系人": what the plan makes, in records and not in rows.
[[nodiscard]] Sentence outcome_of(const ImportPlan& plan);
// One action: all rows or none, undone whole by one undo. Refuses (conflict) when the store has changed since the plan.
// `together`: what else belongs into its transaction (core/store/long_write.h): the end of the draft that it was.
[[nodiscard]] Task<Result<Written>> commit_import(Store& store, ImportPlan plan, Progress& progress, std::function<Status()> together = {});

// The query's records with the fields that people can read back in; round-trips through the functions above.
// CSV that Excel opens rightly: UTF-8 with mark, CRLF, headers in the language asked for; cells that a spreadsheet
// would take for a formula (= + - @) are defused with a leading apostrophe, long digits and leading zeros stay text.
// `shown`: columns of the list as it stands on the screen; they are in the file, computed ones too.
[[nodiscard]] Task<Result<std::string>> export_csv(Store& store, ListQuery query, bool chinese, Progress& progress,
                                                   std::vector<const Field*> shown = {});

}  // namespace kehubu
