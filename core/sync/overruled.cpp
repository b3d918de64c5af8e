// What a decision met of his: words that stood until then, and sides of documents in which he had part; and
// what became of a document by it.
#include <algorithm>
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
Result<std::vector<Version>> Concerns::taken_by(const FieldChange& cell) {
  std::vector<Version> taken;
  for (const Version& version : cell.replaced) {
    KEHUBU_TRY_ASSIGN(older, log_.read(version));
    const FieldChange* before = find_cell(older, cell.field);
    if (before != nullptr && before->value == cell.value) {
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
      KEHUBU_TRY_ASSIGN(taken, taken_by(*cell));
      waiting.insert(waiting.end(), taken.begin(), taken.end());
    }
  }
  return {};
}

// The same of the "#" that a change carries.
Status Concerns::collect_actions(const Change& change, std::vector<Version>& words) {
  const Entity* entity = find_entity(change.entity);
  if (entity != nullptr && entity->document) {
    KEHUBU_TRY_ASSIGN(marks, marks_of({entity, change.row}, change.version, false));
    std::ranges::copy(marks->words_in(change.version), std::back_inserter(words));
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
        KEHUBU_TRY(cell.field == document_field ? collect_actions(replaced, of_record) : collect_words(version, cell.field, of_record));
      }
    }
  }
  KEHUBU_TRY_ASSIGN(said, latest_of_his(of_cell));
  return said ? Result<std::optional<Version>>(said) : latest_of_his(of_record);
}

// What he had decided of the same cell, where neither knew of the other.
Result<std::optional<Version>> Concerns::his_decision_beside(const Change& decision, std::string_view field) {
  KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(*find_entity(decision.entity), decision.row, field));
  std::vector<Version> decided;
  bool stands = false;
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(head, field));
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    stands = stands || said == decision.version;
    change.kind == ChangeKind::resolve ? decided.push_back(said) : void();
  }
  return stands ? latest_of_his(decided) : Result<std::optional<Version>>(std::nullopt);
}

// Of each cell that it decided on what was his, where it is another value; and of a document the side in which he had part.
Status Concerns::remember_overruled(Version decision, const std::map<Version, Version>& lost_sides) {
  KEHUBU_TRY_ASSIGN(change, log_.read(decision));
  const Entity* entity = find_entity(change.entity);
  if (entity == nullptr || is_mine(decision, change.person)) {
    return {};
  }
  for (const FieldChange& cell : change.fields) {
    if (cell.field == document_field && entity->document) {
      const auto lost = lost_sides.find(decision);
      KEHUBU_TRY(lost != lost_sides.end() ? remember(false, *entity, change.row, document_field, lost->second) : Status());
      KEHUBU_TRY_ASSIGN(beside, his_decision_beside(change, document_field));
      KEHUBU_TRY(beside ? remember(false, *entity, change.row, document_field, *beside) : Status());
      continue;
    }
    const Field* field = entity->find(cell.field);
    if (cell.field != deleted_field && (field == nullptr || field->derived())) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(beside, his_decision_beside(change, cell.field));
    KEHUBU_TRY_ASSIGN(mine, beside ? Result<std::optional<Version>>(beside) : his_words(cell));
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

// Of each document the latest of these decisions that went against his side, with the latest action of that: what is remembered of a
// document is one action.
Result<std::map<Version, Version>> Concerns::lost_sides(std::span<const Version> decisions) {
  std::map<Id, std::pair<const Entity*, std::vector<Version>>> by_document;
  for (const Version decision : decisions) {
    KEHUBU_TRY_ASSIGN(change, log_.read(decision));
    const Entity* entity = find_entity(change.entity);
    const FieldChange* cell = find_cell(change, document_field);
    if (entity != nullptr && entity->document && cell != nullptr && cell->replaced.size() > 1 && !is_mine(decision, change.person)) {
      auto& [document, of_document] = by_document[change.row];
      document = entity;
      of_document.push_back(decision);
    }
  }
  std::map<Version, Version> lost;
  const auto is_his = [this](Version version, const Id& person) { return is_mine(version, person); };
  for (auto& [row, of_document] : by_document) {
    auto& [document, taken] = of_document;
    KEHUBU_TRY_ASSIGN(marks, DocumentMarks::read(store_, {document, row}, taken));
    bool found = !marks.any(is_his);
    for (; !found && !taken.empty(); taken.pop_back()) {
      const auto mine = marks.latest_lost(taken.back(), is_his);
      found = mine.has_value();
      mine ? void(lost.emplace(taken.back(), *mine)) : void();
    }
  }
  return lost;
}

// The mark is known to it then; as a decision, where it is asked about as one.
Result<const DocumentMarks*> Concerns::marks_of(const RecordName& document, std::optional<Version> mark, bool decides) {
  const auto known = marks_.find(document.row);
  const bool is_there = known != marks_.end() && (!mark || (decides ? known->second.knows_decision(*mark) : known->second.knows(*mark)));
  if (!is_there) {
    std::vector<Version>& beside = asked_about_[document.row];
    mark ? beside.push_back(*mark) : void();
    KEHUBU_TRY_ASSIGN(read, DocumentMarks::read(store_, document, beside));
    marks_.insert_or_assign(document.row, std::move(read));
  }
  return &marks_.at(document.row);
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
    KEHUBU_TRY_ASSIGN(marks, marks_of(document, mark->version, true));
    his = his_mark ? marks->lost_side_of(mark->version, his_mark->version) : std::nullopt;
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
