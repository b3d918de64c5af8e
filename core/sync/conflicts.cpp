#include "core/sync/conflicts.h"

#include <algorithm>

#include "core/base/sort.h"
#include "core/rules/merge_rules.h"
#include "core/store/choice_sides.h"
#include "core/store/conflict_keys.h"
#include "core/store/late_edits.h"
#include "core/store/sql.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t most_named = 3;  // of the records that a headline is about
constexpr std::string_view columns = "SELECT key, kind, entity, row, field, detail FROM conflict";

std::string kind_is(ConflictKind kind) { return "kind = " + std::to_string(static_cast<int>(kind)); }

}  // namespace

Result<std::vector<Conflicts::Row>> Conflicts::read_rows(Statement& select) {
  std::vector<Row> rows;
  while (select.row()) {
    Row row;
    row.key = select.text(0);
    row.kind = static_cast<ConflictKind>(select.integer(1));
    row.entity = log_.symbol_text(static_cast<SymbolNumber>(select.integer(2)));
    row.row = select.id(3);
    row.field = select.is_null(4) ? std::string_view{} : log_.symbol_text(static_cast<SymbolNumber>(select.integer(4)));
    row.detail = select.value(5);
    rows.push_back(std::move(row));
  }
  KEHUBU_TRY(select.status());
  return rows;
}

Result<std::vector<Conflicts::Row>> Conflicts::read_table(std::span<const Id> of_rows) {
  Database database{store_.connection()};
  // All members of a circle are in its detail; of records of which there may be only one, one stands for all.
  std::string condition;
  for (std::size_t index = 0; index < of_rows.size(); ++index) {
    const std::string id = "?" + std::to_string(2 * index + 1), text = "?" + std::to_string(2 * index + 2);
    condition += (index == 0 ? " WHERE row = " : " OR row = ") + id + " OR (" + kind_is(ConflictKind::circle) + " AND detail IS NOT NULL AND instr(detail, " + text + ") > 0)";
  }
  condition += of_rows.empty() ? "" : " OR (" + kind_is(ConflictKind::only_one) + " AND detail IS NOT NULL) OR (" + kind_is(ConflictKind::field) + " AND detail = '" + std::string(shared_mark) + "')";
  std::vector<std::string> texts;
  for (const Id& id : of_rows) {
    texts.push_back(id.text());
  }
  Statement& select = database.statement(std::string(columns) + condition + " ORDER BY key");
  for (std::size_t index = 0; index < of_rows.size(); ++index) {
    select.bind(static_cast<int>(2 * index) + 1, of_rows[index]).bind(static_cast<int>(2 * index) + 2, std::string_view(texts[index]));
  }
  KEHUBU_TRY_ASSIGN(rows, read_rows(select));
  KEHUBU_TRY(ask_as_one(rows));
  return rows;
}

Result<std::vector<Conflict>> Conflicts::all() {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  return assemble(std::move(rows));
}

// Of records of which there may be only one those are asked about that have the mark, not all that are alike.
bool Conflicts::is_side_of(const Conflict& conflict, const Id& row) {
  return std::ranges::any_of(conflict.sides, [&](const ConflictSide& side) { return side.cells.front().row == row; });
}

Result<std::vector<Conflict>> Conflicts::about(const Entity& entity, const Id& row) {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  if (rows.empty()) {
    return std::vector<Conflict>{};
  }
  KEHUBU_TRY_ASSIGN(record, store_.read(entity, row));
  KEHUBU_TRY_ASSIGN(groups, groups_about(entity, row));
  const Field* part_of = entity.part_of.empty() ? nullptr : entity.find(entity.part_of);
  std::erase_if(rows, [&](const Row& one) {
    const bool of_document = part_of != nullptr && one.entity == part_of->references && one.row == id_or_empty(record.value(part_of->id));
    if (one.entity != entity.id || one.row == row) {
      return one.entity != entity.id && !of_document;
    }
    const bool shares_number = one.kind == ConflictKind::duplicate_number && record.value(one.field) == one.detail;
    const bool is_in_circle = one.kind == ConflictKind::circle && text_or_empty(one.detail).find(row.text()) != std::string::npos;
    const bool is_of_group = std::ranges::find(groups, one.key) != groups.end();
    return !shares_number && !is_in_circle && !is_of_group;
  });
  KEHUBU_TRY_ASSIGN(conflicts, assemble(std::move(rows)));
  std::erase_if(conflicts, [&](const Conflict& one) { return one.kind == ConflictKind::only_one && !is_side_of(one, row); });
  return conflicts;
}

Result<std::vector<Conflict>> Conflicts::assemble(std::vector<Row> rows) {
  std::vector<Conflict> conflicts;
  for (Row& row : rows) {
    KEHUBU_TRY_ASSIGN(conflict, conflict_of(std::move(row)));
    if (conflict) {
      conflicts.push_back(std::move(*conflict));
    }
  }
  return conflicts;
}

Result<std::optional<Conflict>> Conflicts::conflict_of(Row row) {
  Conflict conflict;
  conflict.key = std::move(row.key);
  conflict.kind = row.kind;
  conflict.entity = find_entity(row.entity);
  conflict.row = row.row;
  conflict.field = conflict.entity != nullptr && !row.field.empty() ? conflict.entity->find(row.field) : nullptr;
  if (conflict.entity == nullptr) {
    return std::optional<Conflict>();
  }
  if (!row.members.empty()) {
    KEHUBU_TRY(complete_only_one(conflict, std::move(row.members)));
    return conflict.sides.size() > 1 ? std::optional(std::move(conflict)) : std::nullopt;
  }
  KEHUBU_TRY_ASSIGN(complete_now, complete(conflict, row.detail));
  return complete_now ? std::optional(std::move(conflict)) : std::nullopt;
}

// The keys that a question has about which of several records there is to be, the record among them; of those about a mark only.
Result<std::vector<std::string>> Conflicts::groups_about(const Entity& entity, const Id& row, std::string_view mark) {
  std::vector<std::string> keys;
  for (const Table::OnlyOneRule& rule : materialiser_.tables().of(entity).only_ones) {
    if (!mark.empty() && (rule.mark < 0 || entity.fields[static_cast<std::size_t>(rule.mark)].id != mark)) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(record, store_.read(entity, row));
    std::vector<Value> alike;
    for (const std::size_t index : rule.alike) {
      alike.push_back(record.values[index]);
    }
    keys.push_back(conflict_key(StoredConflict::only_one, entity, {}, nullptr, only_one_detail(rule, alike)));
  }
  return keys;
}

Result<std::optional<Conflict>> Conflicts::question_about(const Entity& entity, const Id& row, std::string_view field) {
  KEHUBU_TRY_ASSIGN(document, document_of({&entity, row}));
  const std::vector<Id> concerned{row, document.row};
  KEHUBU_TRY_ASSIGN(rows, read_table(concerned));
  KEHUBU_TRY_ASSIGN(groups, groups_about(entity, row, field));
  for (Row& one : rows) {
    bool speaks_of_it = one.row == row;
    switch (one.kind) {
      case ConflictKind::field: speaks_of_it = speaks_of_it && (one.field == field || one.field == lead_of(one.entity, field)); break;
      case ConflictKind::document: speaks_of_it = one.row == document.row; break;
      case ConflictKind::delete_against_edit: break;
      case ConflictKind::missing_reference: speaks_of_it = speaks_of_it && field == deleted_field; break;
      case ConflictKind::circle: speaks_of_it = one.entity == entity.id && one.field == field; break;
      case ConflictKind::rule: {
        const MergeRule* rule = find_merge_rule(one.entity, text_or_empty(one.detail));
        speaks_of_it = speaks_of_it && rule != nullptr && ("|" + std::string(rule->fields) + "|").find("|" + std::string(field) + "|") != std::string::npos;
        break;
      }
      case ConflictKind::only_one: speaks_of_it = std::ranges::find(groups, one.key) != groups.end(); break;
      default: speaks_of_it = false;  // of several records, all of which live
    }
    if (speaks_of_it) {
      KEHUBU_TRY_ASSIGN(conflict, conflict_of(std::move(one)));
      if (conflict && (conflict->kind != ConflictKind::only_one || is_side_of(*conflict, row))) {
        return conflict;
      }
    }
  }
  return std::optional<Conflict>();
}

Result<std::int64_t> Conflicts::count() {
  KEHUBU_TRY_ASSIGN(rows, count_rows());
  KEHUBU_TRY_ASSIGN(parts, count_parts());
  return rows - parts;
}

Result<std::int64_t> Conflicts::count_rows() {
  Database database{store_.connection()};
  Statement& select = database.statement("SELECT count(*) FROM conflict");
  std::int64_t count = 0;
  while (select.row()) {
    count = select.integer(0);
  }
  KEHUBU_TRY(select.status());
  return count;
}

// Rows that are part of another one's question: looked for among those that may be.
Result<std::int64_t> Conflicts::count_parts() {
  Database database{store_.connection()};
  Statement& select = database.statement(std::string(columns) + " WHERE detail IS NOT NULL AND (" + kind_is(ConflictKind::field) + " OR " + kind_is(ConflictKind::only_one) + ") ORDER BY key");
  KEHUBU_TRY_ASSIGN(rows, read_rows(select));
  const std::size_t may_be_parts = rows.size();
  KEHUBU_TRY(ask_as_one(rows));
  return static_cast<std::int64_t>(may_be_parts - rows.size());
}

Result<bool> Conflicts::complete(Conflict& conflict, const Value& detail) {
  switch (conflict.kind) {
    case ConflictKind::field:
      if (conflict.field == nullptr) {
        return false;
      }
      KEHUBU_TRY(complete_field(conflict));
      break;
    case ConflictKind::document: KEHUBU_TRY(complete_document(conflict)); break;
    case ConflictKind::delete_against_edit: KEHUBU_TRY(complete_deletion(conflict)); break;
    case ConflictKind::missing_reference: KEHUBU_TRY(complete_reference(conflict)); break;
    case ConflictKind::duplicate_number:
      if (conflict.field == nullptr) {
        return false;
      }
      KEHUBU_TRY(complete_duplicate(conflict, detail));
      break;
    case ConflictKind::circle:
      if (conflict.field == nullptr) {
        return false;
      }
      KEHUBU_TRY(complete_circle(conflict, detail));
      break;
    case ConflictKind::rule: KEHUBU_TRY(complete_rule(conflict, detail)); break;
    case ConflictKind::only_one: KEHUBU_TRY(complete_only_one(conflict, {})); break;
  }
  return conflict.sides.size() > 1;
}

// One more version of what the side says. Its author is named once: of a decision that was undone, whoever said it first.
Status Conflicts::add_head(ConflictSide& side, Version head, std::string_view field) {
  KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, field));
  KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
  side.heads.push_back(head);
  const auto same = std::ranges::find_if(side.authors, [&](const Author& one) { return one.device == author.device && one.person == author.person; });
  if (same == side.authors.end()) {
    side.authors.push_back(std::move(author));
  } else {
    same->clock = std::max(same->clock, author.clock);
  }
  return {};
}

Result<std::vector<Version>> Conflicts::spoken_heads(const RecordName& record, std::string_view field) {
  KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*record.entity, record.row, field));
  std::vector<Version> spoken;
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(first_said, materialiser_.original(head, field));
    first_said ? spoken.push_back(head) : void();
  }
  return spoken;
}

Result<std::vector<Version>> Conflicts::heads_saying(const RecordName& record, std::string_view field, const Value& value) {
  KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*record.entity, record.row, field));
  std::vector<Version> saying;
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(said, materialiser_.value_at(head, field));
    if (said == value) {
      saying.push_back(head);
    }
  }
  return saying.empty() ? heads : saying;
}

// --- one field

Result<std::vector<Version>> Conflicts::agreed_base(std::string_view field, std::span<const Version> heads) {
  return base_of_values(materialiser_, field, heads);
}

Status Conflicts::complete_field(Conflict& conflict) {
  const std::string_view field = conflict.field->id;
  const Together* together = find_together(conflict.entity->id, field);
  KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*conflict.entity, conflict.row, field));
  KEHUBU_TRY_ASSIGN(standing, materialiser_.standing_value(*conflict.entity, field, heads));
  KEHUBU_TRY_ASSIGN(base, agreed_base(field, heads));
  Value before;
  if (!base.empty()) {  // of several that agree the first
    KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(base.front(), field));
    before = value;
    conflict.base.push_back({conflict.entity, conflict.row, conflict.field, before});
  }
  for (const Version head : heads) {  // the least is the first, and what stands
    KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, field));
    auto side = std::ranges::find_if(conflict.sides, [&](const ConflictSide& one) { return one.cells.front().value == value; });
    if (side == conflict.sides.end() || together != nullptr) {
      ConflictSide fresh;
      fresh.stands_now = value == standing && conflict.sides.empty();
      fresh.cells.push_back({conflict.entity, conflict.row, conflict.field, value});
      fresh.effects.push_back({value == before ? Effect::Kind::kept : Effect::Kind::changed, {conflict.entity, conflict.row}, value_words(store_, *conflict.field, value)});
      conflict.sides.push_back(std::move(fresh));
      side = conflict.sides.end() - 1;
    }
    KEHUBU_TRY(add_head(*side, head, field));
  }
  if (together != nullptr) {
    KEHUBU_TRY(complete_choice(conflict, *together, heads, base));
    KEHUBU_TRY(unite_sides(conflict));
  }
  return headline_of_field(conflict);
}

// Of a question about more records than are written out.
Sentence Conflicts::too_many_words(std::size_t more) {
  const std::string count = std::to_string(more);
  return {substitute("还有 {} 条没有逐条列出，请打开记录改正。", {count}), substitute("{} more not listed; open the records and correct them.", {count})};
}

// --- the same number twice

Result<std::vector<Id>> Conflicts::sharing(const Entity& entity, const Field& field, const Value& value) {
  Database database{store_.connection()};
  std::vector<Id> rows;
  Statement& select =
      database.statement("SELECT id FROM " + quoted(entity.id) + " WHERE " + quoted(field.id) + " = ? AND live = 1 ORDER BY id");
  select.bind(1, value);
  while (select.row()) {
    rows.push_back(select.id(0));
  }
  KEHUBU_TRY(select.status());
  return rows;
}

// One side a record: choosing it lets that record keep the number.
Status Conflicts::complete_duplicate(Conflict& conflict, const Value& detail) {
  KEHUBU_TRY_ASSIGN(rows, sharing(*conflict.entity, *conflict.field, detail));
  const std::size_t unwritten = rows.size() - std::min(rows.size(), most_sides);
  for (const Id& row : std::span(rows).first(rows.size() - unwritten)) {
    KEHUBU_TRY_ASSIGN(heads, heads_saying({conflict.entity, row}, conflict.field->id, detail));
    if (heads.empty()) {
      continue;
    }
    ConflictSide side;
    for (const Version head : heads) {
      KEHUBU_TRY(add_head(side, head, conflict.field->id));
    }
    side.cells.push_back({conflict.entity, row, conflict.field, detail});
    conflict.sides.push_back(std::move(side));
    if (row != conflict.row) {
      conflict.others.push_back({conflict.entity, row});
    }
  }
  KEHUBU_TRY_ASSIGN(spare, unwritten == 0 ? spare_numbers(conflict, detail) : Result<std::vector<std::string>>());
  conflict.spare_numbers = std::move(spare);
  conflict.by_hand = conflict.spare_numbers.empty();
  describe_holders(conflict, detail);
  const bool may_wait = conflict.entity->document && !conflict.by_hand;
  for (ConflictSide& side : may_wait ? std::span(conflict.sides) : std::span<ConflictSide>()) {
    std::vector<RecordName> renumbered;
    for (const ConflictSide& other : conflict.sides) {
      &other == &side ? void() : renumbered.push_back({conflict.entity, other.cells.front().row});
    }
    KEHUBU_TRY_ASSIGN(objection, objection_of_open_documents(renumbered));
    side.refused = std::move(objection);
  }
  const Sentence value = value_words(store_, *conflict.field, detail);
  Sentence names;
  for (std::size_t index = 0; index < std::min(most_named, rows.size()); ++index) {
    const Sentence name = record_words(store_, *conflict.entity, rows[index]);
    names.zh += (names.zh.empty() ? "" : "、") + name.zh;
    names.en += (names.en.empty() ? "" : ", ") + name.en;
  }
  const std::string count = std::to_string(rows.size());
  const bool more = rows.size() > most_named;
  const Sentence question = unwritten > 0 ? too_many_words(unwritten) : Sentence{"哪一条保留这个号码？", "Which one keeps it?"};
  conflict.headline = {substitute("{}{}用了同一个{}“{}”。{}", {names.zh, more ? substitute("等 {} 条记录", {count}) : "", conflict.field->zh, value.zh, question.zh}),
                       substitute("{}{} share the {} \"{}\". {}",
                                  {names.en, more ? substitute(" and others, {} in all,", {count}) : "", conflict.field->en, value.en, question.en})};
  return {};
}

// Which record keeps the number, and what the others get; or that one of them has to be corrected by hand.
void Conflicts::describe_holders(Conflict& conflict, const Value& number) {
  const Sentence value = value_words(store_, *conflict.field, number);
  for (ConflictSide& side : conflict.sides) {
    std::size_t given = 0;
    for (const ConflictSide& other : conflict.sides) {
      const RecordName record{conflict.entity, other.cells.front().row};
      const bool keeps = &other == &side || conflict.spare_numbers.empty();
      const std::string& fresh = keeps ? value.zh : conflict.spare_numbers[given++];
      const Sentence what = record_words(store_, *record.entity, record.row);
      side.effects.push_back({keeps ? Effect::Kind::kept : Effect::Kind::changed, record,
                              {substitute(keeps ? "{}保留{}“{}”" : "{}的{}改为“{}”", {what.zh, conflict.field->zh, fresh}),
                               substitute(keeps ? "{} keeps {} \"{}\"" : "{} gets {} \"{}\"", {what.en, conflict.field->en, fresh})}});
    }
  }
}

// --- later clocks

// Heads that the tables do not show because the record was closed, or because a line stays where it was born; taken from
// `heads`, which then are those that count.
Result<std::vector<Sync::Superseded>> Conflicts::against_rule(const Entity& entity, const Record& record, const Field& field, std::vector<Version>& heads) {
  std::vector<Sync::Superseded> result;
  const bool of_line = field.id == entity.part_of;
  KEHUBU_TRY_ASSIGN(closing, of_line ? Result<std::optional<Closing>>() : closing_of(materialiser_, log_, entity, record.id));
  if (heads.empty() || (!of_line && !closing)) {
    return result;
  }
  const Value& shown = record.value(field.id);
  const Version ruling = of_line ? heads.front() : closing->said;
  KEHUBU_TRY_ASSIGN(counting, of_line ? heads_saying({&entity, record.id}, field.id, shown) : materialiser_.shown_heads(entity, record.id, field.id));
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(other, history_entry(store_, entity, head, field.id));
    if (other.value != shown && (of_line || std::ranges::find(counting, head) == counting.end())) {
      KEHUBU_TRY_ASSIGN(stands, history_entry(store_, entity, ruling, field.id));
      stands.value = shown;
      result.push_back({std::move(stands), std::move(other)});
    }
  }
  heads = std::move(counting);
  return result;
}

Result<std::vector<Sync::Superseded>> Conflicts::superseded(const Entity& entity, const Id& row) {
  std::vector<Sync::Superseded> result;
  KEHUBU_TRY_ASSIGN(record, store_.read(entity, row));
  const auto is_question = [&](std::string_view lead) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(heads, lead.empty() ? Result<std::vector<Version>>() : materialiser_.heads(entity, row, lead));
    KEHUBU_TRY_ASSIGN(saying, heads.size() < 2 ? Result<std::vector<Version>>(heads) : heads_saying({&entity, row}, lead, record.value(lead)));
    return saying.size() < heads.size();
  };
  for (const Field& field : entity.fields) {
    if (field.derived()) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(entity, row, field.id));
    KEHUBU_TRY_ASSIGN(waits, heads.size() < 2 ? Result<bool>(false) : is_question(lead_of(entity.id, field.id)));
    if (waits) {
      continue;  // what follows from a choice that is a question no clock settles
    }
    const bool settled_by_rule = field.id == entity.part_of || (!entity.fact_field.empty() && field.id != entity.fact_field);
    KEHUBU_TRY_ASSIGN(ruled_out, settled_by_rule ? against_rule(entity, record, field, heads) : Result<std::vector<Sync::Superseded>>());
    std::ranges::move(ruled_out, std::back_inserter(result));
    if (heads.size() < 2 || field.merge != MergePolicy::later_clock || stands_where_given(field)) {
      continue;
    }
    std::vector<HistoryEntry> entries;
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(entry, history_entry(store_, entity, head, field.id));
      entries.push_back(std::move(entry));
    }
    kehubu::sort(entries, [](const HistoryEntry& a, const HistoryEntry& b) {
      return std::tie(a.clock, a.device, a.version.sequence) > std::tie(b.clock, b.device, b.version.sequence);
    });
    for (std::size_t index = 1; index < entries.size(); ++index) {
      if (entries[index].value != entries.front().value) {
        result.push_back({entries.front(), entries[index]});
      }
    }
  }
  return result;
}

}  // namespace kehubu
