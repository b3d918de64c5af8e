// What a decision met of his: words that stood until then, and sides of documents in which he had part; and
// what became of a document by it.
#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "core/base/sort.h"
#include "core/sync/concerns.h"
#include "core/sync/document_words.h"
#include "core/sync/words.h"

namespace kehubu {

const FieldChange* find_cell(const Change& change, std::string_view field) {
  const auto found = std::ranges::find(change.fields, field, &FieldChange::field);
  return found != change.fields.end() ? &*found : nullptr;
}

// --- words

// Of what a decision replaced in the cell that for which it was taken.
Result<std::vector<Version>> Concerns::taken_by(const Change& decision, const FieldChange& cell) {
  if (cell.field == document_field && cell.replaced.size() > 1) {
    KEHUBU_TRY_ASSIGN(taken, store_.materialiser().document_taken(*find_entity(decision.entity), decision.row, decision.version));
    return taken ? std::vector<Version>{*taken} : std::vector<Version>();
  }
  std::vector<Version> taken;
  for (const Version& version : cell.replaced) {
    KEHUBU_TRY_ASSIGN(older, log_.read(version));
    const FieldChange* before = find_cell(older, cell.field);
    if (before != nullptr && (cell.field == document_field || before->value == cell.value)) {
      taken.push_back(version);
    }
  }
  return taken;
}

// Whose words a version of the cell is: who wrote it, and, where that was a decision, all for whom it was taken, however many
// decisions lie between. What a side that is open again repeats counts as said by whoever said it first.
Status Concerns::collect_words(Version version, std::string_view field, std::vector<Version>& words) {
  std::vector<Version> waiting{version};
  std::set<Version> seen;
  while (!waiting.empty()) {
    KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(waiting.back(), field));
    waiting.pop_back();
    if (!seen.insert(said).second) {
      continue;
    }
    words.push_back(said);
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    const FieldChange* cell = find_cell(change, field);
    if (change.kind == ChangeKind::resolve && cell != nullptr && find_entity(change.entity) != nullptr) {
      KEHUBU_TRY_ASSIGN(taken, taken_by(change, *cell));
      waiting.insert(waiting.end(), taken.begin(), taken.end());
    }
  }
  return {};
}

Result<std::optional<Version>> Concerns::latest_of_his(std::span<const Version> words) {
  std::optional<Version> latest;
  std::int64_t clock = 0;
  for (const Version& version : words) {
    KEHUBU_TRY_ASSIGN(change, log_.read(version));
    if (is_mine(version, change.person) && (!latest || change.clock >= clock)) {
      latest = version;
      clock = change.clock;
    }
  }
  return latest;
}

// What he said last of the cell that a decision gave a value; of "~" whatever he said of the record, where he did not say whether it lives.
Result<std::optional<Version>> Concerns::his_words(const FieldChange& decided) {
  std::vector<Version> of_cell, of_record;
  for (const Version& version : decided.replaced) {
    KEHUBU_TRY_ASSIGN(replaced, log_.read(version));
    if (find_cell(replaced, decided.field) != nullptr) {
      KEHUBU_TRY(collect_words(version, decided.field, of_cell));
    } else if (decided.field == deleted_field) {
      for (const FieldChange& cell : replaced.fields) {
        KEHUBU_TRY(collect_words(version, cell.field, of_record));
      }
    }
  }
  KEHUBU_TRY_ASSIGN(said, latest_of_his(of_cell));
  return said ? Result<std::optional<Version>>(said) : latest_of_his(of_record);
}

// Of each cell that it decided on what was his, where it is another value; and of a document the side in which he had part.
Status Concerns::remember_overruled(Version decision) {
  KEHUBU_TRY_ASSIGN(change, log_.read(decision));
  const Entity* entity = find_entity(change.entity);
  if (entity == nullptr || is_mine(decision, change.person)) {
    return {};
  }
  for (const FieldChange& cell : change.fields) {
    if (cell.field == document_field && entity->document) {
      KEHUBU_TRY(remember_lost_side(change, *entity));
      continue;
    }
    const Field* field = entity->find(cell.field);
    if (cell.field != deleted_field && (field == nullptr || field->derived())) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(mine, his_words(cell));
    if (!mine) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(spoken, log_.read(*mine));
    const FieldChange* written = find_cell(spoken, cell.field);
    const Value value = written != nullptr ? written->value : Value(std::int64_t{0});  // of "~": whoever wrote anything keeps it
    if (value != cell.value) {
      KEHUBU_TRY(remember(false, *entity, change.row, cell.field, *mine));
    }
  }
  return {};
}

// --- sides of documents

// The actions, by their "#", whose words stand in a head, less those known: of a decision those of the side that it took.
Result<std::set<Version>> Concerns::marks_behind(Version head, const std::set<Version>& known) {
  std::set<Version> marks;
  std::vector<Version> waiting{head};
  while (!waiting.empty()) {
    KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(waiting.back(), document_field));
    waiting.pop_back();
    if (known.contains(said) || !marks.insert(said).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    const FieldChange* cell = find_cell(change, document_field);
    if (cell == nullptr) {
      continue;
    }
    const bool decided = change.kind == ChangeKind::resolve && find_entity(change.entity) != nullptr;
    KEHUBU_TRY_ASSIGN(taken, decided ? taken_by(change, *cell) : Result<std::vector<Version>>());
    const std::vector<Version>& before = taken.empty() ? cell->replaced : taken;
    waiting.insert(waiting.end(), before.begin(), before.end());
  }
  return marks;
}

// The sides between which a decision was made that it did not take, each with the actions that are in no side that it took.
Result<std::vector<Concerns::LostSide>> Concerns::lost_sides(const RecordName& document, Version decision) {
  Materialiser& materialiser = store_.materialiser();
  KEHUBU_TRY_ASSIGN(met, materialiser.heads_before(decision, document_field));
  KEHUBU_TRY_ASSIGN(decided, materialiser.document_state(*document.entity, document.row, decision));
  std::vector<LostSide> lost;
  std::set<Version> known;
  for (const Version head : met) {
    KEHUBU_TRY_ASSIGN(state, materialiser.document_state(*document.entity, document.row, head));
    if (state != decided) {
      lost.push_back({head, {}});
      continue;
    }
    KEHUBU_TRY_ASSIGN(standing, marks_behind(head, {}));
    known.merge(standing);
  }
  for (LostSide& side : lost) {
    KEHUBU_TRY_ASSIGN(marks, marks_behind(side.head, known));
    side.marks = std::move(marks);
  }
  return lost;
}

Status Concerns::remember_lost_side(const Change& decision, const Entity& document) {
  if (find_cell(decision, document_field)->replaced.size() < 2) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(lost, lost_sides({&document, decision.row}, decision.version));
  for (const LostSide& side : lost) {
    const std::vector<Version> words(side.marks.begin(), side.marks.end());
    KEHUBU_TRY_ASSIGN(mine, latest_of_his(words));
    if (mine) {
      KEHUBU_TRY(remember(false, document, decision.row, document_field, *mine));
    }
  }
  return {};
}

// The decisions between sides of a document that its head builds on, the latest first.
Result<std::vector<Version>> Concerns::decisions_on(const RecordName& document) {
  KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(*document.entity, document.row, document_field));
  std::vector<std::pair<std::int64_t, Version>> by_time;
  std::set<Version> seen;
  while (!heads.empty()) {
    KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(heads.back(), document_field));
    heads.pop_back();
    if (!seen.insert(said).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    const FieldChange* cell = find_cell(change, document_field);
    if (cell == nullptr) {
      continue;
    }
    if (change.kind == ChangeKind::resolve && cell->replaced.size() > 1) {
      by_time.emplace_back(change.clock, said);
    }
    heads.insert(heads.end(), cell->replaced.begin(), cell->replaced.end());
  }
  kehubu::sort(by_time, std::greater{});
  std::vector<Version> decisions;
  std::ranges::transform(by_time, std::back_inserter(decisions), &std::pair<std::int64_t, Version>::second);
  return decisions;
}

// The latest decision that went against the side that this action of his is part of; none where a later one took that side.
Result<std::optional<Version>> Concerns::deciding_mark(const Overruled& one) {
  const RecordName document{one.entity, one.row};
  KEHUBU_TRY_ASSIGN(decisions, decisions_on(document));
  for (const Version decision : decisions) {
    KEHUBU_TRY_ASSIGN(lost, lost_sides(document, decision));
    if (std::ranges::any_of(lost, [&](const LostSide& side) { return side.marks.contains(one.mine); })) {
      return std::optional(decision);
    }
    KEHUBU_TRY_ASSIGN(met, store_.materialiser().heads_before(decision, document_field));
    std::size_t holding = 0;
    for (const Version head : met) {
      KEHUBU_TRY_ASSIGN(standing, marks_behind(head, {}));
      holding += standing.contains(one.mine) ? 1 : 0;
    }
    if (holding > 0 && holding < met.size()) {
      break;  // it took his side
    }
  }
  return std::optional<Version>();
}

// --- what became of a document

Result<std::optional<Concerns::Turn>> Concerns::turn_of(const Change& decision, const RecordName& document, Version mine) {
  Materialiser& materialiser = store_.materialiser();
  KEHUBU_TRY_ASSIGN(mark, mark_in_action(log_, decision, document.row));
  KEHUBU_TRY_ASSIGN(met, mark ? materialiser.heads_before(mark->version, document_field) : Result<std::vector<Version>>());
  if (met.empty()) {
    return std::optional<Turn>();
  }
  Turn turn;
  turn.where = where_he_wrote(mine);
  turn.between_sides = met.size() > 1;
  std::optional<Version> his = met.front();
  if (turn.between_sides) {
    KEHUBU_TRY_ASSIGN(written, log_.read(mine));
    KEHUBU_TRY_ASSIGN(his_mark, mark_in_action(log_, written, document.row));
    KEHUBU_TRY_ASSIGN(lost, lost_sides(document, mark->version));
    const auto side = std::ranges::find_if(lost, [&](const LostSide& one) { return his_mark && one.marks.contains(his_mark->version); });
    his = side != lost.end() ? std::optional(side->head) : std::nullopt;
  }
  if (!his) {
    return std::optional<Turn>();
  }
  KEHUBU_TRY_ASSIGN(before, materialiser.document_at(*document.entity, document.row, *his));
  KEHUBU_TRY_ASSIGN(after, materialiser.document_at(*document.entity, document.row, mark->version));
  turn.before = std::move(before);
  turn.after = std::move(after);
  return std::optional(std::move(turn));
}

// "合同 HT-1“年度合同”从“执行中，¥1,100.00”变为“待审批，¥1,000.00”"; of a decision between its own sides what it is, and was on his. Empty
// where it stayed what it was, and where it is told already that it was deleted or kept.
Result<Sentence> Concerns::consequence_of(const Turn& turn) {
  if (turn.after.front().removed || turn.before.front().removed) {
    return Sentence{};
  }
  KEHUBU_TRY_ASSIGN(was, document_weight(store_, turn.before));
  KEHUBU_TRY_ASSIGN(is, document_weight(store_, turn.after));
  const Sentence name = record_with_number(store_, *turn.after.front().entity, turn.after.front().values);
  if (was.zh == is.zh && !turn.between_sides) {
    return Sentence{};
  }
  if (was.zh == is.zh || !turn.between_sides) {
    return weight_change_words(name, was, is);
  }
  return Sentence{substitute("{}定为“{}”（您{}那一边是“{}”）", {name.zh, is.zh, turn.where.zh, was.zh}),
                  substitute("{} is \"{}\" (on your side{} it was \"{}\")", {name.en, is.en, turn.where.en, was.en})};
}

// What is deleted or kept, with what hangs on it as it was to him.
Result<Sentence> Concerns::what_goes(const Overruled& one, const std::optional<Turn>& turn) {
  if (one.entity->document && turn && !turn->before.front().removed) {
    KEHUBU_TRY_ASSIGN(values, document_values(store_, turn->before));
    return record_in_full(store_, *one.entity, one.row, values);
  }
  return conflicts_.in_place({one.entity, one.row});
}

// What everybody had seen in the cell before his word parted from those that it met: of the decisions that the answer builds on the one
// that met it. Where none did, before his own decision; else before he wrote it. None where it was never anything else.
Result<std::optional<Value>> Concerns::seen_before(const Overruled& one, const Change& mine, const Change& answer) {
  const FieldChange* cell = find_cell(mine, one.field);
  if (cell == nullptr) {
    return std::optional<Value>();
  }
  KEHUBU_TRY_ASSIGN(document, conflicts_.document_of({one.entity, one.row}));
  Materialiser& materialiser = store_.materialiser();
  const std::string_view field = document.entity->document ? document_field : std::string_view(one.field);
  const auto mark_of = [&](const Change& change) -> Result<std::optional<Version>> {
    if (!document.entity->document) {
      return std::optional(change.version);
    }
    KEHUBU_TRY_ASSIGN(mark, mark_in_action(log_, change, document.row));
    return mark ? std::optional(mark->version) : std::nullopt;
  };
  KEHUBU_TRY_ASSIGN(his, mark_of(mine));
  KEHUBU_TRY_ASSIGN(at, mark_of(answer));
  for (int steps = 0; his && at && *at != *his && steps < Materialiser::most_disagreements; ++steps) {
    KEHUBU_TRY_ASSIGN(met, materialiser.heads_before(*at, field));
    at = met.empty() ? std::nullopt : std::optional(met.front());
    if (met.size() < 2) {
      continue;
    }
    if (std::ranges::find(met, *his) == met.end()) {
      met.push_back(*his);
    }
    KEHUBU_TRY_ASSIGN(base, document.entity->document ? conflicts_.agreed_marks(document, met) : conflicts_.agreed_base(field, met));
    if (base.empty()) {
      return std::optional<Value>();
    }
    if (std::ranges::find(base, *his) != base.end()) {
      continue;  // a later question: all sides of it knew his word
    }
    if (!document.entity->document) {
      KEHUBU_TRY_ASSIGN(value, materialiser.value_at(base.front(), one.field));
      return std::optional(value);
    }
    KEHUBU_TRY_ASSIGN(records, materialiser.document_at(*document.entity, document.row, base.front()));
    const auto record = std::ranges::find(records, one.row, &DocumentRecord::row);
    const auto index = static_cast<std::size_t>(one.entity->find(one.field) - one.entity->fields.data());
    return record != records.end() ? std::optional(record->values[index]) : std::nullopt;
  }
  if (mine.kind == ChangeKind::resolve && !document.entity->document) {
    KEHUBU_TRY_ASSIGN(met, materialiser.heads_before(one.mine, one.field));
    KEHUBU_TRY_ASSIGN(base, conflicts_.agreed_base(one.field, met));
    KEHUBU_TRY_ASSIGN(value, base.empty() ? Result<Value>(Value()) : materialiser.value_at(base.front(), one.field));
    return base.empty() ? std::nullopt : std::optional(value);
  }
  KEHUBU_TRY_ASSIGN(before, value_before(store_, *one.entity, *cell));
  return cell->replaced.empty() ? std::nullopt : std::optional(before);
}

}  // namespace kehubu
