// What comes back with a record that is kept: all that decisions to delete it took along and that is gone still.
//
// People decided differently, not knowing of each other, or an answer was taken back: then the record is in question, and the rest of
// what a decision for its deletion did is in none. A decision that was taken back and stands again is what it was, and one that was made over another
// deletion left as it was what that had taken along. What somebody has written since stays as it is, and the side says so.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "core/store/read_if_there.h"
#include "core/sync/bring_back.h"
#include "core/sync/conflicts.h"
#include "core/sync/document_words.h"
#include "core/sync/examination.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

const FieldChange* cell_of(const Change& change, std::string_view field) {
  const auto found = std::ranges::find(change.fields, field, &FieldChange::field);
  return found != change.fields.end() ? &*found : nullptr;
}

constexpr std::size_t most_told_of_bin = 3;  // of what does not come back from there

bool deletes(const Change& change) {
  const FieldChange* life = cell_of(change, deleted_field);
  return life != nullptr && integer_or(life->value, 0) != 0;
}

}  // namespace

// All that the actions wrote that decided to delete it.
Result<std::vector<Change>> Conflicts::decided_with_deletion_of(const RecordName& record) {
  std::vector<Change> changes;
  KEHUBU_TRY_ASSIGN(marks, deletion_marks(record));
  std::deque<Version> waiting(marks.begin(), marks.end());
  for (std::set<Version> seen; !waiting.empty(); waiting.pop_front()) {
    KEHUBU_TRY_ASSIGN(mark, materialiser_.said_by(waiting.front(), deleted_field));
    KEHUBU_TRY_ASSIGN(decision, log_.read(mark));
    if (decision.kind != ChangeKind::resolve || !deletes(decision) || !seen.insert(mark).second) {
      continue;
    }
    std::ranges::copy(cell_of(decision, deleted_field)->replaced, std::back_inserter(waiting));
    for (Version next{mark.device, decision.action}; log_.contains(next); ++next.sequence) {
      KEHUBU_TRY_ASSIGN(change, log_.read(next));
      if (change.action != decision.action) {
        break;
      }
      changes.push_back(std::move(change));
    }
  }
  return changes;
}

// The heads that the cell had before any of these, if it says by these what it says now and by nothing that was written since.
Result<std::optional<std::vector<Version>>> Conflicts::heads_before_these(const RecordName& record, std::string_view field, const std::set<Version>& said) {
  KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*record.entity, record.row, field));
  std::vector<Version> before;
  std::deque<Version> waiting(heads.begin(), heads.end());
  for (std::set<Version> seen; !waiting.empty(); waiting.pop_front()) {
    const Version version = waiting.front();
    if (!seen.insert(version).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(is_one, materialiser_.repeats(version, field, said));
    if (!is_one && std::ranges::find(heads, version) != heads.end()) {
      return std::optional<std::vector<Version>>();
    }
    KEHUBU_TRY_ASSIGN(older, is_one ? materialiser_.heads_before(version, field) : Result<std::vector<Version>>(std::vector<Version>{}));
    is_one ? void(std::ranges::copy(older, std::back_inserter(waiting))) : before.push_back(version);
  }
  return std::optional(std::move(before));
}

// A document that lost lines goes back whole to what it was, its approval included, or not at all.
Status Conflicts::add_gone_lines(const RecordName& document, std::span<const RecordName> lines, const std::set<Version>& marks, Gone& gone) {
  std::vector<RecordName> missing;
  for (const RecordName& line : lines) {
    KEHUBU_TRY_ASSIGN(now, read_if_there(store_, *line.entity, line.row));
    now && now->deleted && std::ranges::find(missing, line) == missing.end() ? missing.push_back(line) : void();
  }
  KEHUBU_TRY_ASSIGN(head, read_if_there(store_, *document.entity, document.row));
  if (missing.empty() || !head || head->deleted) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(sides, materialiser_.document_sides(*document.entity, document.row));
  KEHUBU_TRY_ASSIGN(before, heads_before_these(document, document_field, marks));
  const bool waits = sides.size() > 1;
  KEHUBU_TRY_ASSIGN(states, waits || !before ? Result<std::vector<std::size_t>>(std::vector<std::size_t>{})
                                             : materialiser_.document_states(*document.entity, document.row, *before));
  if (!waits && !states.empty() && std::ranges::all_of(states, [&](std::size_t state) { return state == states.front(); })) {
    gone.documents.emplace_back(document, before->front());
    std::ranges::copy(missing, std::back_inserter(gone.lines));
    return {};
  }
  const Sentence name = record_words(store_, *document.entity, document.row);
  Version since = sides.front().heads.front();  // what was written since, and not a decision beside it that led to the same
  for (const Version mark : sides.front().heads) {
    KEHUBU_TRY_ASSIGN(is_one, materialiser_.repeats(mark, document_field, marks));
    since = is_one ? since : mark;
  }
  KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(since, document_field));
  KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
  const Sentence who = author_words(store_, author);
  const Sentence why = waits     ? Sentence{substitute("{}自己还有冲突等您决定，请在那里选定", {name.zh}), substitute("{} itself waits for your decision; choose there", {name.en})}
                       : before ? Sentence{substitute("{}在几处失去明细，之前各不相同，需要的请打开它重新填写", {name.zh}),
                                           substitute("{} lost lines in several places and was not the same there before; open it and enter what is needed", {name.en})}
                                : Sentence{substitute("{}之后又被 {} 改过，需要的请打开它重新填写", {name.zh, who.zh}),
                                           substitute("{} was changed by {} since; open it and enter what is needed", {name.en, who.en})};
  for (const RecordName& line : missing) {
    KEHUBU_TRY_ASSIGN(what, in_place(line));
    gone.stays.push_back({Effect::Kind::changed, line, {substitute("{}不随之恢复：{}", {what.zh, why.zh}), substitute("{} does not come back with it: {}", {what.en, why.en})}});
  }
  return {};
}

// A reference to what was deleted, emptied with it.
Status Conflicts::add_emptied(const RecordName& record, const Field& field, const std::set<Version>& said, std::span<const RecordName> deleted, Gone& gone) {
  Value was;
  for (const Version& version : said) {
    KEHUBU_TRY_ASSIGN(older, materialiser_.heads_before(version, field.id));
    KEHUBU_TRY_ASSIGN(value, materialiser_.standing_value(*record.entity, field.id, older));
    was = std::ranges::find(deleted, RecordName{find_entity(field.references), id_or_empty(value)}) != deleted.end() ? std::move(value) : std::move(was);
  }
  KEHUBU_TRY_ASSIGN(now, read_if_there(store_, *record.entity, record.row));
  if (is_null(was) || !now || now->deleted || now->value(field.id) == was) {
    return {};
  }
  const Sentence value = value_words(store_, field, was);
  KEHUBU_TRY_ASSIGN(what, in_place(record));
  KEHUBU_TRY_ASSIGN(document, document_of(record));
  KEHUBU_TRY_ASSIGN(sides, document.entity->document ? materialiser_.document_sides(*document.entity, document.row) : Result<std::vector<DocumentSide>>());
  if (sides.size() > 1) {
    gone.stays.push_back({Effect::Kind::changed, record,
                          {substitute("{}的{}不会重新填上“{}”：它自己还有冲突等您决定，决定之后请打开它填写", {what.zh, field.zh, value.zh}),
                           substitute("{} of {} is not filled in with \"{}\" again: it waits for a decision itself; open it and fill it in after that", {field.en, what.en, value.en})}});
    return {};
  }
  KEHUBU_TRY_ASSIGN(before, heads_before_these(record, field.id, said));
  if (before) {
    gone.references.push_back({record.entity, record.row, &field, was});
    return {};
  }
  KEHUBU_TRY_ASSIGN(heads, heads_saying(record, field.id, now->value(field.id)));  // whose word it is, beside decisions that emptied it
  KEHUBU_TRY_ASSIGN(last, materialiser_.said_by(heads.front(), field.id));
  KEHUBU_TRY_ASSIGN(author, author_of(store_, last));
  const Sentence who = author_words(store_, author), is = value_words(store_, field, now->value(field.id));
  gone.stays.push_back({Effect::Kind::changed, record,
                        {substitute("{}的{}不会重新填上“{}”：{} 之后填的是“{}”", {what.zh, field.zh, value.zh, who.zh, is.zh}),
                         substitute("{} of {} is not filled in with \"{}\" again: {} entered \"{}\" since", {field.en, what.en, value.en, who.en, is.en})}});
  return {};
}

Result<Conflicts::Gone> Conflicts::gone_with(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(changes, decided_with_deletion_of(record));
  Gone gone;
  using Key = std::pair<const Entity*, Id>;
  std::vector<RecordName> deleted{record};
  std::map<Key, std::vector<RecordName>> lines;    // by document
  std::map<Key, std::set<Version>> marks;
  std::map<std::pair<Key, const Field*>, std::set<Version>> emptied;
  for (const Change& change : changes) {
    const RecordName other{find_entity(change.entity), change.row};
    if (other.entity == nullptr) {
      continue;  // a newer program's
    }
    const Key key{other.entity, other.row};
    if (cell_of(change, document_field) != nullptr) {
      marks[key].insert(change.version);
    }
    for (const FieldChange& cell : deletes(change) ? std::span<const FieldChange>() : std::span(change.fields)) {
      const Field* field = other.entity->find(cell.field);
      if (field != nullptr && field->type == FieldType::reference && is_null(cell.value)) {
        emptied[{key, field}].insert(change.version);
      }
    }
    if (!deletes(change) || std::ranges::find(deleted, other) != deleted.end()) {
      continue;
    }
    deleted.push_back(other);
    if (materialiser_.tables().of(*other.entity).document != nullptr) {
      KEHUBU_TRY_ASSIGN(document, document_of(other));
      lines[{document.entity, document.row}].push_back(other);
      continue;
    }
    KEHUBU_TRY_ASSIGN(now, read_if_there(store_, *other.entity, other.row));
    now && now->deleted ? gone.records.push_back(other) : void();
  }
  for (const auto& [document, its] : lines) {
    KEHUBU_TRY(add_gone_lines({document.first, document.second}, its, marks[document], gone));
  }
  for (const auto& [cell, said] : emptied) {
    KEHUBU_TRY(add_emptied({cell.first.first, cell.first.second}, *cell.second, said, deleted, gone));
  }
  return gone;
}

Status Conflicts::add_what_comes_back(const RecordName& record, ConflictSide& side) {
  KEHUBU_TRY_ASSIGN(gone, gone_with(record));
  const auto add = [&side](Effect::Kind kind, const RecordName& of, Sentence text) { side.effects.push_back({kind, of, std::move(text)}); };
  for (const auto& all : {gone.records, gone.lines}) {
    for (const RecordName& other : all) {
      KEHUBU_TRY_ASSIGN(what, in_place(other));
      add(Effect::Kind::added, other, {substitute("一并恢复{}", {what.zh}), substitute("bring {} back with it", {what.en})});
    }
  }
  for (const ConflictSide::Cell& cell : gone.references) {
    KEHUBU_TRY_ASSIGN(what, in_place({cell.entity, cell.row}));
    const Sentence value = value_words(store_, *cell.field, cell.value);
    add(Effect::Kind::changed, {cell.entity, cell.row}, {substitute("{}的{}重新填上“{}”", {what.zh, cell.field->zh, value.zh}),
                                                         substitute("fill in {} of {} with \"{}\" again", {cell.field->en, what.en, value.en})});
  }
  for (const auto& [document, mark] : gone.documents) {
    KEHUBU_TRY_ASSIGN(head, store_.read(*document.entity, document.row));
    KEHUBU_TRY_ASSIGN(records, materialiser_.document_at(*document.entity, document.row, mark));
    KEHUBU_TRY_ASSIGN(then, document_weight(store_, records));
    add(Effect::Kind::changed, document, weight_change_words(record_with_number(store_, *document.entity, head.values), record_weight(store_, *document.entity, head.values), then));
  }
  std::ranges::move(gone.stays, std::back_inserter(side.effects));
  return {};
}

Result<std::vector<Edit>> Conflicts::edits_for_keeping(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(gone, gone_with(record));
  std::vector<Edit> edits{{.entity = record.entity, .row = record.row, .fields = {}, .restore = true}};
  for (const RecordName& other : gone.records) {
    edits.push_back({.entity = other.entity, .row = other.row, .fields = {}, .restore = true});
  }
  for (const auto& [document, mark] : gone.documents) {
    KEHUBU_TRY_ASSIGN(back, materialiser_.document_return(*document.entity, document.row, mark));
    std::ranges::move(back, std::back_inserter(edits));
  }
  std::ranges::move(edits_of_cells(gone.references), std::back_inserter(edits));
  return edits;
}

// The record itself is checked as any that comes back; what comes with it was so before.
Result<Written> Conflicts::bring_back(const RecordName& record) {
  KEHUBU_TRY_ASSIGN(gone, gone_with(record));
  KEHUBU_TRY_ASSIGN(edits, edits_for_keeping(record));
  const std::span<const Edit> alone = std::span(edits).first(1);
  if (edits.size() > 1) {
    KEHUBU_TRY(store_.try_out([&]() -> Status {
      KEHUBU_TRY(store_.write(alone));
      return {};
    }));
  }
  KEHUBU_TRY_ASSIGN(written, store_.write(edits, {.skip_validation = edits.size() > 1}));
  const std::size_t told = std::min(gone.stays.size(), most_told_of_bin);
  for (const Effect& effect : std::span(gone.stays).first(told)) {
    written.hints.push_back({effect.text.zh + "。", effect.text.en + "."});
  }
  if (const std::size_t more = gone.stays.size() - told; more > 0) {
    const std::string count = std::to_string(more);
    written.hints.push_back({substitute("另有 {} 处也不随之恢复，请打开用到它的记录核对。", {count}), substitute("{} more do not come back with it; check the records that used it.", {count})});
  }
  return written;
}

Result<Written> bring_back(Store& store, const Entity& entity, const Id& row) { return Conflicts{internals(store)}.bring_back({&entity, row}); }

}  // namespace kehubu
