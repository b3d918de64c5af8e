// Reading the cells of a row: what each says as a value, and what of it is told.
#include <algorithm>

#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/planner.h"
#include "core/rules/payment_term.h"

namespace kehubu {
namespace {

// A name stands in one line. Between hanzi a line break is only where the cell was narrow.
std::string in_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view part = trim(text.substr(0, end));
    const bool words = !line.empty() && !part.empty() && static_cast<unsigned char>(line.back()) < 0x80 && static_cast<unsigned char>(part.front()) < 0x80;
    line += words ? " " : "";
    line += part;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

bool is_marked_as_text(const CsvRow& row, std::size_t column) {
  return !row.texts.empty() && std::ranges::find(row.texts, column) != row.texts.end();
}

// 无 as a telephone, a date or a person is none.
bool says_none_of(const Field& field, std::string_view cell) {
  const bool person = &field == find_entity("contact")->find("name");
  return (person || takes_words_for_nothing(field)) && says_nothing(cell);
}

}  // namespace

// "进货后30天结现" as the list has it. What the numbers are, is kept for settle_term().
std::string Planner::without_its_numbers(Draft& draft, std::size_t column, const std::string& cell) const {
  for (const Store::ChoiceLabel& choice : store_.choices(*columns_[column].mapping.field->list)) {
    for (const std::string& label : {choice.label.zh, choice.label.en}) {
      if (term_without_numbers(label) == term_without_numbers(cell)) {
        draft.term = {static_cast<std::uint32_t>(column), cell, numbers_of_term(label, cell)};
        return label;
      }
    }
  }
  return cell;
}

// The numbers in the words of a payment term are fields. Where a column of their own says otherwise, it counts, and the words stay
// as text.
void Planner::settle_term(Draft& draft) {
  bool contradicts = false;
  for (const auto& [field_id, number] : draft.term.numbers) {
    const Field* field = entity_.find(field_id);
    const Value value = field == nullptr ? Value() : read_cell(number, *field, {}, this_year_).value;
    const auto own = std::ranges::find_if(draft.fields, [field](const auto& entry) { return entry.first == field; });
    if (is_null(value) || (own != draft.fields.end() && own->second != value)) {
      contradicts = true;
    } else if (own == draft.fields.end()) {
      draft.fields.emplace_back(field, value);
    }
  }
  if (contradicts) {
    keep_in_remark(draft, draft.term.column, draft.term.cell);
    note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, draft.term.column, [&] {
      return sentence("“{}”里的数与它那一列的不同，按那一列导入，原文已记入备注", "The numbers in “{}” are not those of their own columns, which are imported; the words are kept in the remark", {draft.term.cell});
    });
  }
}

// Of the list itself: who is meant may stand further down, and rings show when all rows are read. What a rule may ask for is wanted
// at once.
bool Planner::waits_for_all_rows(const Field& field) const {
  return field.type == FieldType::reference && field.references == entity_.id && field.required != Required::conditional;
}

CellValue Planner::read_value(Draft& draft, std::size_t column, const std::string& cell) {
  const Field& field = *columns_[column].mapping.field;
  if (field.type == FieldType::choice || field.type == FieldType::choices) {
    return choices_.resolve(is_payment_term(field) ? without_its_numbers(draft, column, cell) : cell, field);
  }
  if (field.type != FieldType::reference) {
    const ColumnFormat format = format_in_row(*draft.row, columns_[column]);
    CellValue read = read_cell(cell, field, format, this_year_);
    read.changed = read.changed || (!is_null(read.value) && format.extra_decimals != columns_[column].format.extra_decimals);
    return read;
  }
  const Field* owner = entity_.find("customer");
  Id of;
  for (const auto& [known_field, value] : draft.fields) {
    of = known_field == owner ? id_or_empty(value) : of;
  }
  if (waits_for_all_rows(field)) {
    draft.deferred.push_back({.field = &field, .text = cell, .of = of, .line = draft.row->line, .column = static_cast<std::uint32_t>(column)});
    return {};
  }
  return references_.resolve(cell, field, of);
}

// The cell without remains of other programs; what was taken away is noted.
CleanCell Planner::clean(Draft& draft, std::size_t column, std::string_view raw) {
  const auto number = static_cast<std::uint32_t>(column);
  const bool marked = is_marked_as_text(*draft.row, column);
  const Field* field = columns_[column].mapping.field;
  if (const auto link = marked ? std::nullopt : read_hyperlink(trim(raw))) {
    const bool wants_address = field != nullptr && field->format == Format::website;
    if (!wants_address && link->address != link->text) {
      keep_in_remark(draft, column, link->address);
      note(draft, NoteKind::kept_as_text, number, [&] { return sentence("链接地址“{}”已记入备注", "The link's address “{}” is kept in the remark", {link->address}); });
    }
    return {.text = wants_address ? link->address : link->text, .changed = true};
  }
  CleanCell cell = read_clean(raw, marked);
  if (!marked && !cell.text.empty() && field != nullptr && says_none_of(*field, cell.text)) {
    const bool is_choice = field->list != nullptr && choices_.knows(cell.text, *field);  // one may well be called 无
    cell = is_choice ? cell : CleanCell{.text = {}, .changed = false, .emptied = true};
  }
  if (cell.emptied) {
    note(draft, NoteKind::emptied, number, [raw] { return sentence("“{}”按空白处理", "“{}” counts as blank", {raw}); });
  }
  if (cell.text.contains("\xEF\xBF\xBD")) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”里有文件损坏、读不出的字（�），请核对", "“{}” holds letters that are damaged in the file (�); please check", {cell.text});
    });
  }
  constexpr std::size_t shortest_of_hashes = 3;
  if (cell.text.size() >= shortest_of_hashes && cell.text.find_first_not_of('#') == std::string::npos) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”是列太窄、表格没显示出来的内容，文件里没有存原来的值；请在原表里拉宽这一列再另存，或核对", "“{}” stands for what did not fit its column; the file does not hold the value. Widen the column in the spreadsheet and save it again, or check",
                      {cell.text});
    });
  }
  if (!marked && cell.text.size() > 1 && cell.text.starts_with('\'') && cell.text.find('\'', 1) == std::string::npos) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”开头的撇号照原样导入；如果只是表格里标记文本的，请去掉", "The apostrophe before “{}” is imported as it stands; take it away if it only marks a text in the spreadsheet", {cell.text.substr(0, 200)});
    });
  }
  if (looks_misread(cell.text)) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”像是用错编码读出的乱码，照原样导入；请在上面换一种文件编码，或核对", "“{}” looks as if it was read in the wrong encoding, and is imported as it stands; choose another encoding above, or check it",
                      {cell.text.substr(0, 200)});
    });
  }
  if (!marked && looks_like_formula(cell.text)) {
    note(draft, NoteKind::check, number, [&] {
      return sentence("“{}”是公式，不是算出来的内容，请核对", "“{}” is a formula, not what it gives; please check", {cell.text.substr(0, 200)});
    });
  }
  return cell;
}

void Planner::read_column(Draft& draft, std::size_t column) {
  const Column& made = columns_[column];
  const auto number = static_cast<std::uint32_t>(column);
  const std::string_view raw = cell_above_or_own(draft, column);
  if (made.mapping.use == ColumnUse::ignore) {
    cells_left_[column] += trim(raw).empty() ? 0 : 1;
    return;
  }
  CleanCell clean_cell = clean(draft, column, raw);
  if (made.mapping.field == title_ && title_ != nullptr && clean_cell.text.contains('\n')) {
    clean_cell.text = in_one_line(clean_cell.text);
    clean_cell.changed = true;
  }
  if (made.mapping.field == title_ && counted_names_) {
    clean_cell.text = trim(behind_count(clean_cell.text).second);
    clean_cell.changed = true;
  }
  const std::string& cell = clean_cell.text;
  if (cell.empty()) {
    return;
  }
  const Value* value = nullptr;  // as it is imported
  if (made.mapping.use == ColumnUse::remark || made.mapping.field == nullptr) {
    keep_in_remark(draft, column, cell);
    if (was_mangled(cell)) {
      note(draft, NoteKind::check, number, [&] {
        return sentence("“{}”被电子表格改成了科学计数法，原来的数字已丢失，请核对", "“{}”: the spreadsheet has lost the digits of this number; please check", {cell});
      });
    }
  } else {
    CellValue read = read_value(draft, column, cell);
    clean_cell.changed = clean_cell.changed || read.changed;
    if (read.keep_text) {
      keep_in_remark(draft, column, cell);
    }
    if (read.hint) {
      const NoteKind kind = !read.keep_text ? NoteKind::changed : remark_ == nullptr ? NoteKind::lost : read.unknown_choice ? NoteKind::new_choice : NoteKind::kept_as_text;
      const bool names_a_kind = made.mapping.field->type == FieldType::reference;  // no such 业务员, whatever the column is called
      note(draft, kind, number, [&] { return names_a_kind ? *read.hint : in_words_of_file(*read.hint, *made.mapping.field, made.mapping.person); });
    }
    if (!is_null(read.value)) {
      FieldValues& fields = made.of_contact ? contact_fields_of(draft, made.mapping.person) : draft.fields;
      fields.emplace_back(made.mapping.field, std::move(read.value));
      value = &fields.back().second;
    }
  }
  if (clean_cell.changed) {
    note(draft, NoteKind::tidied, number, [&] {
      const auto shown = [&](bool chinese) { return value == nullptr ? cell : CellWriter(store_, chinese).shown(*made.mapping.field, *value); };
      const std::string before(raw.substr(0, 200));
      // What nobody sees looks the same before and after.
      if (visible_text(before) == shown(true)) {
        return sentence("“{}”里看不见的字符已去掉或换成空格", "Marks in “{}” that nobody sees are taken away or made blanks", {shown(true)});
      }
      return Sentence{substitute("“{}”整理为“{}”", {before, shown(true)}), substitute("“{}” becomes “{}”", {before, shown(false)})};
    });
  }
}

// An age gives a year only as long as no birthday says another.
void Planner::settle_birth_year(Draft& draft, FieldValues& fields) {
  const auto named = [&fields](std::string_view id) { return std::ranges::find_if(fields, [id](const auto& entry) { return entry.first->id == id; }); };
  const auto birthday = named("birthday");
  const auto year = named("birth_year");
  if (birthday == fields.end() || year == fields.end() || text_or_empty(birthday->second).starts_with(std::to_string(integer_or(year->second, 0)) + "-")) {
    return;
  }
  const std::uint32_t column = column_of(year->first);
  const std::string cell = cell_of(draft, column);
  fields.erase(year);
  keep_in_remark(draft, column, cell);
  std::erase_if(draft.notes, [column](const ImportProblem& problem) { return problem.column == column && problem.kind == NoteKind::changed; });
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, column, [&] {
    return sentence("“{}”与生日不是同一年，已记入备注", "“{}” is not the year of the birthday; kept in the remark", {cell});
  });
}

}  // namespace kehubu
