// Importing: a spreadsheet's rows become records (R-IMP-02), without a hand on the keyboard but for confirming.
//
//   bytes → detect_encoding → decode_text → parse_csv → find_table (title rows above, 合计 rows below) → propose_mapping
//         → plan (dry run: what each row would become, every problem with its line) → commit (one action, undoable)
//
// Nothing of a row is dropped in silence: what fits no field, or does not read as its field wants it, is kept in the
// remark as "heading：value". The plan writes nothing; it is valid for the store's revision that it was made at.
// Files are hostile input: sizes are limited by CsvLimits, bytes need not be text, and no row can harm another.
#pragma once

#include <cstdint>
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

enum class TextEncoding : std::uint8_t { utf8, utf8_with_mark, utf16_little_endian, utf16_big_endian, gb18030 };

// By byte order mark, else by validity: UTF-8, then UTF-16 by its zero bytes, else GB18030.
[[nodiscard]] TextEncoding detect_encoding(std::span<const std::uint8_t> bytes);

// Decodes what the C++ standard library cannot: the browser's TextDecoder, iconv natively.
class TextDecoder {
 public:
  virtual ~TextDecoder() = default;
  [[nodiscard]] virtual Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) = 0;
};

// Valid UTF-8 without a mark, whatever came in: Unicode is decoded here, with U+FFFD for what is broken; the decoder is
// asked for GB18030 only.
[[nodiscard]] Result<std::string> decode_text(std::span<const std::uint8_t> bytes, TextEncoding encoding,
                                              TextDecoder& decoder);

struct CsvLimits {
  std::uint64_t bytes = 256ULL << 20;
  std::uint32_t rows = 1'000'000;
  std::uint32_t columns = 512;
  std::uint32_t cell_bytes = 64U << 10;
};

struct CsvRow {
  std::uint32_t line = 0;  // 1-based line of the file where the row begins
  std::vector<std::string> cells;
};

// RFC 4180, and what Excel and WPS really write: separator , ; or tab (found out, or told by a first line "sep=;"),
// quotes, line breaks within quotes, CR, LF or CRLF, ="00123" formulas that protect leading zeros. A quote that is never
// closed is a character like any other. Refuses only what is beyond the limits.
[[nodiscard]] Result<std::vector<CsvRow>> parse_csv(std::string_view text, const CsvLimits& limits = {});

struct ImportTable {
  std::vector<std::string> title_rows;   // what stood above the header
  std::vector<std::string> header;       // "" where a column has none
  std::vector<CsvRow> rows;              // without blank and total rows; may have fewer cells than the header, never more
  std::vector<CsvRow> total_rows;        // 合计, 小计, 总计, and 备注, 制表人 at the foot: left out, and shown
};
// Finds the header by its shape: the first row about as wide as the table whose cells do not look like data. A file
// without one gets a header of empty texts, and is mapped by what the columns hold.
[[nodiscard]] Result<ImportTable> find_table(std::vector<CsvRow> rows);

enum class ColumnUse : std::uint8_t {
  field,    // becomes the field's value
  remark,   // is kept, as "heading: value" in the remark
  ignore,
};
struct ColumnMapping {
  ColumnUse use = ColumnUse::remark;
  const Field* field = nullptr;
  int confidence = 0;  // 0–100, for showing what to look at
};
// By the catalog's labels and aliases, and by what the column holds. One column per field.
[[nodiscard]] std::vector<ColumnMapping> propose_mapping(const ImportTable& table, const Entity& entity);

// What a column may be mapped to: the entity's own fields that are not derived, and, importing customers, those of
// their contact: a list of companies has a column 联系人, a list of persons 姓名, 性别, 年龄 (R-IMP-02, R-VAL-11).
struct MappableField {
  const Entity* entity = nullptr;
  const Field* field = nullptr;
};
[[nodiscard]] std::vector<MappableField> mappable_fields(const Entity& entity);

struct ImportProblem {
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // 0-based
  Sentence message;
  bool fatal = false;        // the row is left out; else it is imported with a hint
};
struct UnknownChoice {       // "家用电器" is not in 所属行业 yet
  const Field* field = nullptr;
  std::string text;
  std::int64_t rows = 0;
  std::string map_to;        // existing choice id, proposed where one is alike (汽车配件 → 汽车); empty: add it to the
                             // list, or, where the list is not editable, keep it in the remark
};
// Every row is counted once as good, left out, or (ExistingPolicy::skip) existing. Rows with hints are good ones; with
// ExistingPolicy::update the existing rows are good ones too.
struct ImportPlan {
  std::int64_t rows_good = 0, rows_with_hints = 0, rows_left_out = 0, rows_existing = 0;
  std::vector<ImportProblem> problems;  // the first 1,000; the counts above are complete
  std::int64_t problem_count = 0;
  std::vector<UnknownChoice> unknown_choices;
  std::vector<std::string> new_references;  // e.g. regions that will be created
  std::vector<Edit> edits;                  // what commit() will write
  std::int64_t revision = 0;                // of the store when the plan was made
};
enum class ExistingPolicy : std::uint8_t { skip, update };  // rows whose number or name is there already
// `decisions` are unknown choices as a person decided them; those not named are treated as proposed.
[[nodiscard]] Task<Result<ImportPlan>> plan_import(Store& store, Environment& environment, std::shared_ptr<const ImportTable> table, const Entity& entity,
                                                   std::vector<ColumnMapping> mapping, std::vector<UnknownChoice> decisions,
                                                   ExistingPolicy existing, Progress& progress);
// One action: all rows or none, undone whole by one undo. Refuses (conflict) when the store has changed since the plan.
[[nodiscard]] Task<Result<Written>> commit_import(Store& store, ImportPlan plan, Progress& progress);

// The query's records with the fields that people can read back in; round-trips through the functions above.
// CSV that Excel opens rightly: UTF-8 with mark, CRLF, headers in the language asked for; cells that a spreadsheet
// would take for a formula (= + - @) are defused with a leading apostrophe, long digits and leading zeros stay text.
[[nodiscard]] Task<Result<std::string>> export_csv(Store& store, ListQuery query, bool chinese, Progress& progress);

}  // namespace kehubu
