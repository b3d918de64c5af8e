// Reading rows into drafts. planner_edits.cpp makes edits of them.
#include "core/importing/planner.h"

#include <algorithm>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/headings.h"
#include "core/importing/sheet_rows.h"
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

std::string_view cell_at(const CsvRow& row, std::size_t column) {
  return column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view{};
}

bool belongs_to(const Entity& entity, const Field* field) {
  return std::ranges::any_of(entity.fields, [field](const Field& own) { return &own == field; });
}

bool is_marked_as_text(const CsvRow& row, std::size_t column) {
  return !row.texts.empty() && std::ranges::find(row.texts, column) != row.texts.end();
}

// 生日, 性别: what only a contact has.
bool names_a_contact_field(std::string_view heading, const Entity& entity) {
  constexpr int exact = 90;
  const Heading read = read_heading(heading);
  bool of_contact = false;
  for (const FieldNames& target : names_of_fields(entity)) {
    const bool named = score_heading(read, target) >= exact;
    if (named && target.target.entity == &entity) {
      return false;
    }
    of_contact = of_contact || named;
  }
  return of_contact;
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

// 无 as a telephone, a date or a person is none.
bool says_none_of(const Field& field, std::string_view cell) {
  const bool person = &field == find_entity("contact")->find("name");
  return (person || takes_words_for_nothing(field)) && says_nothing(cell);
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
  persons_ = contact_ != nullptr && !names_contact;
  for (std::size_t column = 0; contact_ != nullptr && column < columns_.size(); ++column) {
    columns_[column].says_of_contact = columns_[column].of_contact ? columns_[column].mapping.field->id != "name" : columns_[column].mapping.use == ColumnUse::remark && names_a_contact_field(table_.header[column], entity_);
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
  cells_left_.resize(columns_.size());
  plan_.revision = store.revision();
}

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
  const std::string cell = clean_cell(cell_at(*draft.row, column));
  fields.erase(year);
  keep_in_remark(draft, column, cell);
  std::erase_if(draft.notes, [column](const ImportProblem& problem) { return problem.column == column && problem.kind == NoteKind::changed; });
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, column, [&] {
    return sentence("“{}”与生日不是同一年，已记入备注", "“{}” is not the year of the birthday; kept in the remark", {cell});
  });
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
  } else if (draft.row->damage == RowDamage::uneven) {
    note(draft, NoteKind::check, 0, [] {
      return Sentence{"这一行分出的格数与标题不同，空着或多出的格可能使后面的错位，请核对",
                      "This row divides into more or fewer cells than there are heads; an empty cell may shift the others. Please check"};
    });
  }
}

// "甲商行 张三13800180001": more than a name.
void Planner::note_name(Draft& draft, const std::string& name) {
  constexpr std::size_t mobile_digits = 11;
  std::size_t digits = 0;
  for (std::size_t position = 0; position <= name.size(); ++position) {
    const bool digit = position < name.size() && name[position] >= '0' && name[position] <= '9';
    if (!digit && digits == mobile_digits && looks_like_mobile(std::string_view(name).substr(position - digits, digits))) {
      note(draft, NoteKind::check, column_of(title_), [&] {
        return sentence("“{}”里有电话号码，整个当作名称导入，请核对", "“{}” holds a telephone number; all of it is imported as the name. Please check", {name});
      });
      return;
    }
    digits = digit ? digits + 1 : 0;
  }
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

// What a person who has the file before him calls the field.
Sentence Planner::name_in_file(const Field& field, int person) const {
  const auto column = find_column(&field, person);
  const std::string heading = column && *column < table_.header.size() ? std::string(trim(table_.header[*column])) : std::string();
  return heading.empty() ? Sentence{std::string(field.zh), std::string(field.en)} : Sentence{heading, heading};
}

// The rules and the store name the field as the program does, by its label or another of its names, at the beginning or in quotation
// marks.
Sentence Planner::in_words_of_file(Sentence message, const Field& field, int person) const {
  const Sentence name = name_in_file(field, person);
  const auto rename = [](std::string& words, std::string_view from, const std::string& to) {
    const std::string quoted = "“" + std::string(from) + "”";
    const std::size_t place = words.find(quoted);
    if (words.starts_with(from)) {
      words.replace(0, from.size(), to);
    } else if (place != std::string::npos) {
      words.replace(place, quoted.size(), "“" + to + "”");
    }
    return words.starts_with(to) || place != std::string::npos;
  };
  rename(message.en, field.en, name.en);
  std::string_view others = field.aliases;
  for (bool renamed = rename(message.zh, field.zh, name.zh); !renamed && !others.empty();) {
    const std::string_view other = others.substr(0, others.find('|'));
    others.remove_prefix(std::min(other.size() + 1, others.size()));
    renamed = rename(message.zh, other, name.zh);
  }
  return message;
}

void Planner::report(ImportProblem problem) {
  const auto kind = static_cast<std::size_t>(problem.kind);
  plan_.problem_count += is_problem(problem.kind) ? 1 : 0;
  if (plan_.counts[kind]++ < most_notes_kept) {
    plan_.problems.push_back(std::move(problem));
  }
}

// Each with the name of its record, or what the row begins with.
void Planner::report_notes(Draft& draft) {
  std::string name = text_of(draft.fields, title_);
  name = name.empty() ? std::string(first_filled(*draft.row)) : name;
  for (ImportProblem& problem : draft.notes) {
    problem.name = name;
    report(std::move(problem));
  }
}

void Planner::count(Draft& draft) {
  if (draft.left_out) {
    say_why_left_out(draft);
  }
  const bool hints = std::ranges::any_of(draft.notes, [](const ImportProblem& problem) { return is_problem(problem.kind) && !problem.fatal(); });
  report_notes(draft);
  if (draft.left_out) {
    ++plan_.rows_left_out;
  } else {
    ++plan_.rows_good;
    if (hints) {
      lines_with_hints_.insert(draft.row->line);
    }
  }
}

// Of a row that is not imported nothing stands in a remark. What was wrong with the very cell that is missed is added to the reason.
void Planner::say_why_left_out(Draft& draft) {
  for (ImportProblem& reason : draft.notes) {
    for (const ImportProblem& other : draft.notes) {
      if (reason.fatal() && !other.fatal() && other.kind == NoteKind::kept_as_text && other.column == reason.column && !other.message.zh.empty()) {
        constexpr std::string_view zh = "，已记入备注", en = "; kept in the remark";
        const auto without = [](std::string_view text, std::string_view end) { return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text; };
        reason.message.zh = std::string(without(other.message.zh, zh)) + "；" + reason.message.zh;
        reason.message.en = std::string(without(other.message.en, en)) + "; " + reason.message.en;
      }
    }
  }
  std::erase_if(draft.notes, [](const ImportProblem& problem) { return !problem.fatal(); });
}

// Whole columns that are not imported, so that none of them goes unseen.
void Planner::report_columns_left() {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (cells_left_[column] > 0) {
      report({table_.header_line, static_cast<std::uint32_t>(column),
              sentence("这一列不导入，有内容的 {} 格", "This column is not imported; {} cells are filled", {std::to_string(cells_left_[column])}), NoteKind::column_left, {}});
    }
  }
}

// Columns whose heading names something, and which stand in the remark all the same.
void Planner::report_doubtful_columns() {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const ColumnMapping& mapping = columns_[column].mapping;
    const bool is_unit = std::ranges::any_of(columns_, [column](const Column& other) { return std::ranges::find(other.unit_columns, column) != other.unit_columns.end(); });
    if (mapping.use == ColumnUse::remark && wants_a_look(mapping) && !is_unit && table_.header_line != 0) {
      report({table_.header_line, static_cast<std::uint32_t>(column),
              sentence("不能确定“{}”这一列是哪一项，整列记入备注，请核对列对应关系", "It is not certain what the column “{}” is; all of it is kept in the remark. Please check where it goes", {table_.header[column]}),
              NoteKind::check, {}});
    }
  }
}

}  // namespace kehubu
