// What is deleted on one side: deleted here and edited there, and deleted while others still need it. A side that deletes
// names every record that goes along and every field that lets go.
#include <algorithm>
#include <deque>
#include <set>

#include "core/store/heads.h"
#include "core/store/read_if_there.h"
#include "core/store/sql.h"
#include "core/store/tables.h"
#include "core/rules/approval.h"
#include "core/sync/conflicts.h"
#include "core/sync/document_words.h"
#include "core/sync/examination.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

void add_effect(ConflictSide& side, Effect::Kind kind, const RecordName& record, std::string zh, std::string en) {
  side.effects.push_back({kind, record, {std::move(zh), std::move(en)}});
}

}  // namespace

Result<Conflicts::Removal> Conflicts::removal_of(const RecordName& record) {
  Database database{store_.connection()};
  Removal removal;
  removal.removed.push_back(record);
  removal.rows.emplace(record.entity, record.row);
  for (std::size_t next = 0; next < removal.removed.size(); ++next) {
    const RecordName gone = removal.removed[next];
    for (const Referrer& referrer : materialiser_.tables().of(*gone.entity).referrers) {
      Statement& select = database.statement("SELECT id FROM " + quoted(referrer.entity->id) + " WHERE " + quoted(referrer.field->id) +
                                             " = ?1 AND flags & 1 = 0 AND id <> ?1 ORDER BY id");
      select.bind(1, gone.row);
      while (select.row()) {
        const RecordName found{referrer.entity, select.id(0)};
        if (referrer.field->required != Required::always) {
          removal.let_go.push_back({found, referrer.field});
        } else if (removal.rows.emplace(found.entity, found.row).second) {
          removal.removed.push_back(found);
        }
      }
      KEHUBU_TRY(select.status());
    }
  }
  std::erase_if(removal.let_go, [&](const Removal::LetGo& one) {
    return removal.removes(one.record);
  });
  return removal;
}

// The document that a record is a line of, else the record itself.
Result<RecordName> Conflicts::document_of(const RecordName& record) {
  const Table& table = materialiser_.tables().of(*record.entity);
  if (table.document == nullptr) {
    return record;
  }
  KEHUBU_TRY_ASSIGN(line, store_.read(*record.entity, record.row));
  return RecordName{table.document->entity, id_or_empty(line.value(record.entity->part_of))};
}

Result<Sentence> Conflicts::in_full(const RecordName& record) {
  if (record.entity->document) {
    KEHUBU_TRY_ASSIGN(records, document_last_alive(store_, *record.entity, record.row));
    if (!records.empty()) {
      KEHUBU_TRY_ASSIGN(values, document_values(store_, records));
      return record_in_full(store_, *record.entity, record.row, values);
    }
  }
  return record_in_full(store_, *record.entity, record.row);
}

// "合同 HT-118“年度供货”的合同明细 2（瓜子，20，¥100.00，¥2,000.00）": a line says nothing to who does not know whose it is.
Result<Sentence> Conflicts::in_place(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(what, in_full(record));
  KEHUBU_TRY_ASSIGN(document, document_of(record));
  if (document != record && !document.row.empty()) {
    KEHUBU_TRY_ASSIGN(head, read_if_there(store_, *document.entity, document.row));
    if (!head) {
      return what;  // a line of a document that nobody has seen yet
    }
    const Sentence name = record_with_number(store_, *document.entity, head->values);
    what = {substitute("{}的{}", {name.zh, what.zh}), substitute("{} of {}", {what.en, name.en})};
  }
  return what;
}

// What becomes of the documents that lose lines: their amount, and with it their approval.
Status Conflicts::add_document_effects(const Removal& removal, ConflictSide& side) {
  std::set<Id> told;
  for (const RecordName& record : removal.removed) {
    KEHUBU_TRY_ASSIGN(document, document_of(record));
    if (document == record || removal.removes(document) || !told.insert(document.row).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(sides, materialiser_.document_sides(*document.entity, document.row));
    if (sides.size() != 1) {
      continue;  // what waits is not decided by the way
    }
    std::vector<DocumentRecord>& records = sides.front().records;
    KEHUBU_TRY_ASSIGN(before, document_weight(store_, records));
    for (DocumentRecord& line : records) {
      line.removed = line.removed || removal.removes({line.entity, line.row});
    }
    DocumentRecord& head = records.front();
    const bool is_over = std::ranges::any_of(head.entity->fields, [&](const Field& field) {
      return keeps_amounts(*head.entity, field, head.values[static_cast<std::size_t>(&field - head.entity->fields.data())]);
    });
    if (is_over) {
      continue;  // it cannot come to that
    }
    const Sentence name = record_with_number(store_, *head.entity, head.values);
    for (std::size_t index = 0; index < head.values.size(); ++index) {
      head.values[index] = without_approval(*head.entity, head.entity->fields[index], head.values[index]);
    }
    KEHUBU_TRY_ASSIGN(after, document_weight(store_, records));
    side.effects.push_back({Effect::Kind::changed, document, weight_change_words(name, before, after)});
  }
  return {};
}

Status Conflicts::add_removal_effects(const Removal& removal, ConflictSide& side) {
  for (const RecordName& record : removal.removed) {
    KEHUBU_TRY_ASSIGN(document, document_of(record));
    const bool goes_with_it = document != record && removal.removes(document);
    KEHUBU_TRY_ASSIGN(what, goes_with_it ? Result<Sentence>(record_in_full(store_, *record.entity, record.row)) : in_place(record));
    const bool itself = record == removal.removed.front();
    add_effect(side, Effect::Kind::removed, record, substitute(itself ? "删除{}" : "一并删除{}", {what.zh}),
               substitute(itself ? "delete {}" : "delete {} with it", {what.en}));
  }
  for (const Removal::LetGo& one : removal.let_go) {
    const Sentence what = record_in_full(store_, *one.record.entity, one.record.row);
    add_effect(side, Effect::Kind::changed, one.record, substitute("清空{}的{}", {what.zh, one.field->zh}),
               substitute("empty {} of {}", {one.field->en, what.en}));
  }
  return add_document_effects(removal, side);
}

// A document that waits for a decision of its own must not get it by the way.
Result<Sentence> Conflicts::objection_of_open_documents(std::span<const RecordName> touched) {
  for (const RecordName& record : touched) {
    KEHUBU_TRY_ASSIGN(document, document_of(record));
    KEHUBU_TRY_ASSIGN(sides, materialiser_.document_sides(*document.entity, document.row));
    if (sides.size() > 1) {
      const Sentence what = record_words(store_, *document.entity, document.row);
      return Sentence{substitute("{}自己还有冲突等您决定，请先决定它。", {what.zh}),
                      substitute("{} itself waits for your decision; decide on it first.", {what.en})};
    }
  }
  return Sentence{};
}

// What a contract came to when it was over stays (docs/store.md, "What was approved"); it may go as a whole.
Result<Sentence> Conflicts::objection_of_documents_over(const Removal& removal) {
  for (const RecordName& record : removal.removed) {
    KEHUBU_TRY_ASSIGN(document, document_of(record));
    if (document == record || removal.removes(document)) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(head, read_if_there(store_, *document.entity, document.row));
    const bool is_over = head && std::ranges::any_of(document.entity->fields, [&](const Field& field) {
      return keeps_amounts(*document.entity, field, head->value(field.id));
    });
    if (is_over) {
      const Sentence what = record_in_full(store_, *document.entity, document.row);
      const RecordName& gone = removal.removed.front();
      const Sentence kept = record_words(store_, *gone.entity, gone.row);
      return Sentence{substitute("不能选这一边：{}会因此失去明细，而它的金额不能再改。请选另一边，留下{}。", {what.zh, kept.zh}),
                      substitute("This side cannot be chosen: {} would lose lines by it, and its amounts do not change any more. Choose the other side, which keeps {}.",
                                 {what.en, kept.en})};
    }
  }
  return Sentence{};
}

Result<Sentence> Conflicts::objection_to(const Removal& removal) {
  KEHUBU_TRY_ASSIGN(final_word, objection_of_documents_over(removal));
  std::vector<RecordName> touched = removal.removed;
  std::ranges::transform(removal.let_go, std::back_inserter(touched), &Removal::LetGo::record);
  return final_word.zh.empty() ? objection_of_open_documents(touched) : Result<Sentence>(final_word);
}

// Also where it is deleted already: who decides otherwise, not knowing of this, meets it there.
Result<std::vector<Edit>> Conflicts::edits_for_removal(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(removal, removal_of(record));
  KEHUBU_TRY_ASSIGN(objection, objection_to(removal));
  if (!objection.zh.empty()) {
    return std::unexpected(Error{ErrorKind::refused, objection, {}});
  }
  std::vector<Edit> edits;
  for (const RecordName& gone : removal.removed) {
    edits.push_back({.entity = gone.entity, .row = gone.row, .fields = {}, .remove = true});
  }
  for (const Removal::LetGo& one : removal.let_go) {
    const auto same = std::ranges::find_if(edits, [&](const Edit& edit) { return edit.entity == one.record.entity && edit.row == one.record.row; });
    Edit& edit = same != edits.end() ? *same : edits.emplace_back(Edit{.entity = one.record.entity, .row = one.record.row, .fields = {}});
    edit.fields.emplace_back(one.field, Value{});
  }
  return edits;
}

// --- deleted here, edited there

// In the order of the catalog; then those that only a newer program knows. Without what is said of the record as a whole.
Result<std::vector<std::string>> Conflicts::written_fields(const RecordName& record) {
  Database database{store_.connection()};
  Statement& select = database.statement("SELECT heads FROM " + quoted(record.entity->id) + " WHERE id = ?");
  std::vector<Head> heads;
  const bool readable = !select.bind(1, record.row).row() || unpack_heads(select.blob(0), heads);
  select.reset();
  KEHUBU_TRY(select.status());
  if (!readable) {
    return fail(ErrorKind::corrupt, "记录的版本信息已损坏", "The versions of a record are damaged");
  }
  std::vector<std::string> fields;
  for (const Field& field : record.entity->fields) {
    field.derived() ? void() : void(fields.emplace_back(field.id));
  }
  const std::size_t known = fields.size();
  for_each_cell(heads, [&](SymbolNumber symbol, std::span<const Head>) {
    const std::string_view name = log_.symbol_text(symbol);
    const bool is_of_record = name == deleted_field || name == document_field || name == closed_field;
    const bool is_known = std::ranges::find(std::span(fields).first(known), name) != std::span(fields).first(known).end();
    is_of_record || is_known ? void() : void(fields.emplace_back(name));
  });
  return fields;
}

// What the deletions did not know of: heads of cells that none of them replaced, and restorings.
Status Conflicts::find_unknown_edits(const Conflict& conflict, std::vector<ConflictSide>& removals, std::vector<Version>& unknown) {
  KEHUBU_TRY_ASSIGN(marks, materialiser_.heads(*conflict.entity, conflict.row, deleted_field));
  std::vector<Version> deletions;
  for (const Version mark : marks) {
    KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(mark, deleted_field));
    if (integer_or(value, 0) == 0) {
      unknown.push_back(mark);
      continue;
    }
    deletions.push_back(mark);
    KEHUBU_TRY(add_head(removals.empty() ? removals.emplace_back() : removals.front(), mark, deleted_field));
  }
  KEHUBU_TRY_ASSIGN(known, materialiser_.known_to_deletions(deletions));
  KEHUBU_TRY_ASSIGN(fields, written_fields({conflict.entity, conflict.row}));
  for (const std::string& field : fields) {
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, conflict.row, field));
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(knew_it, materialiser_.is_known(known, head, field));
      if (!knew_it && std::ranges::find(unknown, head) == unknown.end()) {
        unknown.push_back(head);
      }
    }
  }
  return {};
}

// All of them keep the record, so they are one side, whoever made them.
Status Conflicts::add_edits(const Conflict& conflict, const std::vector<Version>& unknown, ConflictSide& side) {
  const RecordName record{conflict.entity, conflict.row};
  for (const Version version : unknown) {
    KEHUBU_TRY_ASSIGN(change, log_.read(version));
    // Where a decision was undone, who said it first said it of this cell.
    const auto is_shown = [&](const FieldChange& cell) { return cell.field == deleted_field || conflict.entity->find(cell.field) != nullptr; };
    const auto shown = std::ranges::find_if(change.fields, is_shown);
    const std::string spoken_of{shown != change.fields.end() ? shown->field : std::string(deleted_field)};
    KEHUBU_TRY(add_head(side, version, spoken_of));
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(version, spoken_of));
    KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
    Sentence who = author_words(store_, author);
    const std::size_t told_before = side.effects.size();
    for (const FieldChange& cell : change.fields) {
      const Field* field = conflict.entity->find(cell.field);
      if (field == nullptr || field->derived()) {
        continue;
      }
      side.cells.push_back({conflict.entity, conflict.row, field, cell.value});
      // What it was before is told as it was said first, where a decision was undone.
      KEHUBU_TRY_ASSIGN(spoken, materialiser_.said_by(version, cell.field));
      KEHUBU_TRY_ASSIGN(first, log_.read(spoken));
      KEHUBU_TRY_ASSIGN(writer, author_of(store_, spoken));
      who = author_words(store_, writer);
      const auto said_cell = std::ranges::find(first.fields, cell.field, &FieldChange::field);
      KEHUBU_TRY_ASSIGN(before, value_before(store_, *conflict.entity, said_cell != first.fields.end() ? *said_cell : cell));
      const Sentence what = change_words(store_, *field, {}, before, cell.value);
      const bool decided = first.kind == ChangeKind::resolve && !is_settled_by_program(first, *field);
      add_effect(side, Effect::Kind::changed, record, substitute(decided ? "{} 裁定：{}" : "{} {}", {who.zh, what.zh}),
                 substitute(decided ? "{} decided: {}" : "{} {}", {who.en, what.en}));
    }
    const auto mark = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
    if (mark != change.fields.end() && integer_or(mark->value, 0) == 0) {
      KEHUBU_TRY_ASSIGN(first, log_.read(said));
      const bool decided = first.kind == ChangeKind::resolve;
      add_effect(side, Effect::Kind::added, record, substitute(decided ? "{} 裁定保留它" : "{} 恢复了它", {who.zh}),
                 substitute(decided ? "{} decided to keep it" : "{} restored it", {who.en}));
    }
    if (side.effects.size() == told_before) {
      add_effect(side, Effect::Kind::changed, record, substitute("{} 用更新版本的程序改过它（改了什么，更新本机的程序后才看得到）", {who.zh}),
                 substitute("{} changed it with a newer version of the program (what, can be seen once this one is updated)", {who.en}));
    }
  }
  const Sentence what = record_in_full(store_, *conflict.entity, conflict.row);
  add_effect(side, Effect::Kind::kept, record, substitute("保留{}", {what.zh}), substitute("keep {}", {what.en}));
  return {};
}

Status Conflicts::complete_deletion(Conflict& conflict) {
  std::vector<ConflictSide> removals;
  std::vector<Version> unknown;
  KEHUBU_TRY(find_unknown_edits(conflict, removals, unknown));
  if (removals.empty() || unknown.empty()) {
    return {};
  }
  ConflictSide keeping;
  KEHUBU_TRY(add_edits(conflict, unknown, keeping));
  KEHUBU_TRY(add_what_comes_back({conflict.entity, conflict.row}, keeping));
  keeping.stands_now = true;  // the record lives until someone decides
  KEHUBU_TRY_ASSIGN(removal, removal_of({conflict.entity, conflict.row}));
  removals.front().removed = true;
  KEHUBU_TRY(add_removal_effects(removal, removals.front()));
  KEHUBU_TRY_ASSIGN(objection, objection_to(removal));
  removals.front().refused = std::move(objection);
  conflict.others.assign(removal.removed.begin() + 1, removal.removed.end());
  conflict.sides = {std::move(keeping), std::move(removals.front())};
  return headline_of_deletion(conflict);
}

// --- a living record refers to a removed one

// By which a record is deleted. A document that goes back to a state in which it is deleted already has no mark of that written again: it
// is by whoever deleted it on the side that came back.
Result<std::vector<Version>> Conflicts::deletion_marks(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(sides, record.entity->document ? materialiser_.heads(*record.entity, record.row, document_field) : Result<std::vector<Version>>());
  std::vector<Version> marks;
  std::deque<Version> waiting(sides.begin(), sides.end());
  for (std::set<Version> seen; !waiting.empty(); waiting.pop_front()) {
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(waiting.front(), document_field));
    if (!seen.insert(said).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    const auto life = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
    const auto side = std::ranges::find(change.fields, document_field, &FieldChange::field);
    if (life == change.fields.end() && side != change.fields.end()) {
      std::ranges::copy(side->replaced, std::back_inserter(waiting));
    } else if (life != change.fields.end() && integer_or(life->value, 0) != 0) {
      marks.push_back(said);
    }
  }
  return marks.empty() ? materialiser_.heads(*record.entity, record.row, deleted_field) : Result<std::vector<Version>>(std::move(marks));
}

// Side 0, which nobody has proposed: the removed record comes back. Side 1: it stays removed, and nothing refers to it any more.
Status Conflicts::complete_reference(Conflict& conflict) {
  const RecordName record{conflict.entity, conflict.row};
  KEHUBU_TRY_ASSIGN(marks, deletion_marks(record));
  KEHUBU_TRY_ASSIGN(removal, removal_of(record));
  Database database{store_.connection()};
  std::set<std::pair<const Entity*, Id>> needing_it;
  ConflictSide keeping;
  keeping.stands_now = true;
  KEHUBU_TRY_ASSIGN(what, in_full(record));
  add_effect(keeping, Effect::Kind::added, record, substitute("恢复{}", {what.zh}), substitute("bring {} back", {what.en}));
  KEHUBU_TRY(add_what_comes_back(record, keeping));
  for (const Referrer& referrer : materialiser_.tables().of(*conflict.entity).referrers) {
    std::vector<Id> rows;
    Statement& select = database.statement("SELECT id FROM " + quoted(referrer.entity->id) + " WHERE " + quoted(referrer.field->id) +
                                           " = ?1 AND flags & 1 = 0 AND id <> ?1 ORDER BY id");
    select.bind(1, conflict.row);
    while (select.row()) {
      rows.push_back(select.id(0));
    }
    KEHUBU_TRY(select.status());
    for (const Id& row : rows) {
      const RecordName needing{referrer.entity, row};
      KEHUBU_TRY_ASSIGN(heads, heads_saying({referrer.entity, row}, referrer.field->id, conflict.row));
      std::vector<Sentence> chosen_by;
      for (const Version head : heads) {
        keeping.heads.push_back(head);  // nobody has said yet that it is to come back
        KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, referrer.field->id));
        KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
        chosen_by.push_back(author_words(store_, author));
      }
      keeping.cells.push_back({referrer.entity, row, referrer.field, conflict.row});
      if (needing_it.emplace(needing.entity, needing.row).second) {
        conflict.others.push_back(needing);
        KEHUBU_TRY_ASSIGN(who, in_place(needing));
        const Sentence by = chosen_by.empty() ? Sentence{} : chosen_by.front();
        add_effect(keeping, Effect::Kind::kept, needing, substitute("{}以它为{}（{} 填的）", {who.zh, referrer.field->zh, by.zh}),
                   substitute("{} has it as {} (filled in by {})", {who.en, referrer.field->en, by.en}));
      }
    }
  }
  if (marks.empty() || conflict.others.empty()) {
    return {};
  }
  ConflictSide removing;
  for (const Version mark : marks) {
    KEHUBU_TRY(add_head(removing, mark, deleted_field));
  }
  removing.removed = true;
  KEHUBU_TRY(add_removal_effects(removal, removing));
  KEHUBU_TRY_ASSIGN(objection, objection_to(removal));
  removing.refused = std::move(objection);
  conflict.sides = {std::move(keeping), std::move(removing)};
  return headline_of_reference(conflict);
}

}  // namespace kehubu
