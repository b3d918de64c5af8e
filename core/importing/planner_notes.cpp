// What a row and the columns are told, in the words of the file, and how it is counted.
#include <algorithm>

#include "core/base/text.h"
#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {

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
  } else if (names_alone_are_odd_ && names_alone(*draft.row)) {
    note(draft, NoteKind::check, column_of(title_), [] {
      return Sentence{"只有名称，别的行都填满了：可能是分组的标题或说明；照原样导入，请核对", "Only a name, where all other rows are full: perhaps a heading or a note. Imported as it stands; please check"};
    });
  }
}

// "甲商行 张三13800180001": more than a name.
void Planner::note_name(Draft& draft, const std::string& name) {
  if (says_nothing(name) || looks_like_date(name)) {
    note(draft, NoteKind::check, column_of(title_), [&] { return sentence("“{}”不像名称，照原样导入，请核对", "“{}” does not look like a name; imported as it stands. Please check", {name}); });
  }
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
    choices_.unknown().take_back_row();
    references_.unknown().take_back_row();
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

// Columns whose heading names something and which stand in the remark all the same, and those of which it is not said for certain what
// they are.
void Planner::report_doubtful_columns() {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const ColumnMapping& mapping = columns_[column].mapping;
    const bool is_unit = std::ranges::any_of(columns_, [column](const Column& other) { return std::ranges::find(other.unit_columns, column) != other.unit_columns.end(); });
    if (mapping.use == ColumnUse::remark && wants_a_look(mapping) && !mapping.doubt.zh.empty() && table_.header_line != 0) {
      report({table_.header_line, static_cast<std::uint32_t>(column),
              Sentence{substitute("“{}”这一列{}表头看不出来，整列先记入备注，请核对列对应关系", {table_.header[column], mapping.doubt.zh}),
                       substitute("The column “{}”: {} The heads do not tell; all of it is kept in the remark. Please check where it goes", {table_.header[column], mapping.doubt.en})},
              NoteKind::check, {}});
    } else if (mapping.use == ColumnUse::remark && wants_a_look(mapping) && !is_unit && table_.header_line != 0) {
      report({table_.header_line, static_cast<std::uint32_t>(column),
              sentence("不能确定“{}”这一列是哪一项，整列记入备注，请核对列对应关系", "It is not certain what the column “{}” is; all of it is kept in the remark. Please check where it goes", {table_.header[column]}),
              NoteKind::check, {}});
    } else if (mapping.use == ColumnUse::field && wants_a_look(mapping) && table_.header_line != 0 && !table_.header[column].empty()) {
      const Entity& of = columns_[column].of_contact ? *contact_ : entity_;
      report({table_.header_line, static_cast<std::uint32_t>(column),
              Sentence{substitute("“{}”这一列按{}的“{}”导入，不能确定，请核对列对应关系", {table_.header[column], of.zh, mapping.field->zh}),
                       substitute("The column “{}” is imported as “{}” of the {}, which is not certain. Please check where it goes", {table_.header[column], mapping.field->en, of.en})},
              NoteKind::check, {}});
    }
  }
}

}  // namespace kehubu
