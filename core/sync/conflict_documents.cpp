// A document and its lines, changed in two places: every side says what becomes of every line.
#include <algorithm>
#include <map>
#include <set>

#include "core/rules/approval.h"
#include "core/sync/conflicts.h"
#include "core/sync/document_words.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

// A record as the sides and the base have it; null where it is not there or removed.
using Present = const DocumentRecord*;

Present find_present(const std::vector<DocumentRecord>& records, const Id& row) {
  const auto found = std::ranges::find(records, row, &DocumentRecord::row);
  return found != records.end() && !found->removed ? &*found : nullptr;
}

bool is_removed(const std::vector<DocumentRecord>& records, const Id& document) { return find_present(records, document) == nullptr; }

// Every record that anybody has: the document, then its lines as they are numbered.
std::vector<RecordName> records_at_issue(const std::vector<DocumentRecord>& base, const std::vector<DocumentSide>& sides) {
  std::map<std::pair<std::int64_t, Id>, RecordName> lines;
  std::set<Id> seen;
  std::vector<RecordName> result;
  const auto collect = [&](const std::vector<DocumentRecord>& records) {
    for (const DocumentRecord& record : records) {
      if (record.entity->document) {
        result.assign(1, {record.entity, record.row});
      } else {
        const auto title = record.entity->find(record.entity->title_field) - record.entity->fields.data();
        if (seen.insert(record.row).second) {
          lines.emplace(std::pair{integer_or(record.values[static_cast<std::size_t>(title)], 0), record.row}, RecordName{record.entity, record.row});
        }
      }
    }
  };
  collect(base);
  for (const DocumentSide& side : sides) {
    collect(side.records);
  }
  for (const auto& [number, line] : lines) {
    result.push_back(line);
  }
  return result;
}

// Says what one side makes of a document, record by record, beside the base and the other sides. What several people made of
// it is told of each: who approves answers for the approval and not for what he approved, and who decides for neither.
class SideWords {
 public:
  // `alive`: what everybody had seen alive last; the base itself, but where that is deleted.
  SideWords(StoreInternals& store, const Id& document, const std::vector<DocumentRecord>& base, const std::vector<DocumentRecord>& alive,
            const std::vector<DocumentSide>& sides)
      : store_(store), document_(document), base_(base), alive_(alive), sides_(sides), records_(records_at_issue(alive, sides)) {}

  Status describe(const DocumentSide& state, ConflictSide& side) {
    said_.clear();
    whole_.clear();
    KEHUBU_TRY_ASSIGN(decided, is_decision(side));
    decided_ = decided;
    if (side.removed) {
      side.decided = decided_;
      KEHUBU_TRY(describe_removal(state, side));
      unnamed_ = side.effects;
      name_authors(side);
      return {};
    }
    KEHUBU_TRY_ASSIGN(values, document_values(store_, state.records));
    whole_ = std::move(values);
    KEHUBU_TRY(describe_records(state, side));
    unnamed_ = side.effects;
    side.decided = decided_;
    name_authors(side);
    KEHUBU_TRY(describe_lacking(state, side));
    return describe_whole(state, side);
  }

  // Of the side that was described last: its effects without their authors' names, and its amount ("，总价 ¥12,000.00").
  [[nodiscard]] const std::vector<Effect>& unnamed() const { return unnamed_; }
  // "，总价 ¥12,000.00": over what the document is, as that side has it; empty where it deletes it.
  [[nodiscard]] Sentence amount_words() const {
    for (std::size_t index = 0; index < whole_.size(); ++index) {
      const Field& field = sides_.front().records.front().entity->fields[index];
      if (field.derived() && field.in_list && field.type == FieldType::money && !is_null(whole_[index])) {
        const Sentence amount = value_words(store_, field, whole_[index]);
        return {substitute("，{} {}", {field.zh, amount.zh}), substitute(", {} {}", {field.en, amount.en})};
      }
    }
    return {};
  }

 private:
  // The document as it was to all, and as this side has it: number, status and amount.
  Status describe_whole(const DocumentSide& state, ConflictSide& side) const {
    const DocumentRecord& document = state.records.front();
    const Sentence name = record_with_number(store_, *document.entity, document.values), now = record_weight(store_, *document.entity, whole_);
    Sentence before = now;
    if (!base_.empty()) {
      KEHUBU_TRY_ASSIGN(told, document_weight(store_, base_));
      before = told;
    }
    if (!now.zh.empty()) {
      side.effects.push_back({Effect::Kind::kept, {document.entity, document.row}, weight_change_words(name, before, now)});
    }
    return {};
  }

  // What a decision to delete overruled is in no side any more: one that brings the document back says what it brings back without.
  Status describe_lacking(const DocumentSide& state, ConflictSide& side) const {
    Materialiser& materialiser = store_.materialiser();
    const Entity& entity = *state.records.front().entity;
    for (const DocumentSide& other : sides_) {
      const bool deletes = find_present(other.records, document_) == nullptr && find_present(base_, document_) == nullptr;
      KEHUBU_TRY_ASSIGN(said, materialiser.said_by(other.heads.front(), document_field));
      KEHUBU_TRY_ASSIGN(met, deletes ? materialiser.heads_before(said, document_field) : Result<std::vector<Version>>());
      for (const Version head : met.size() > 1 ? met : std::vector<Version>()) {
        KEHUBU_TRY_ASSIGN(overruled, materialiser.document_at(entity, document_, head));
        KEHUBU_TRY_ASSIGN(overruled_by, materialiser.said_by(head, document_field));
        KEHUBU_TRY_ASSIGN(author, author_of(store_, overruled_by));
        if (find_present(overruled, document_) != nullptr) {
          add_lacking(state, overruled, author_words(store_, author), side);
        }
      }
    }
    return {};
  }

  void add_lacking(const DocumentSide& state, const std::vector<DocumentRecord>& overruled, const Sentence& who, ConflictSide& side) const {
    const auto add_words = [&](const RecordName& record, const Sentence& what) {
      side.effects.push_back({Effect::Kind::kept, record, {substitute("不含 {} 的修改：{}", {who.zh, what.zh}), substitute("without what {} did: {}", {who.en, what.en})}});
    };
    for (const DocumentRecord& there : overruled) {
      const RecordName record{there.entity, there.row};
      const Present here = find_present(state.records, there.row);
      if (here == nullptr && !there.removed) {
        const Sentence line = in_full(there);
        add_words(record, {substitute("新增{}", {line.zh}), substitute("added {}", {line.en})});
      } else if (here != nullptr && there.removed) {
        const Sentence line = in_full(*here);
        add_words(record, {substitute("删除{}", {line.zh}), substitute("deleted {}", {line.en})});
      }
      for (std::size_t index = 0; here != nullptr && !there.removed && index < there.values.size(); ++index) {
        if (here->values[index] != there.values[index]) {
          add_words(record, change_words(store_, there.entity->fields[index], there.row == document_ ? Sentence{} : line_of(*here), here->values[index], there.values[index]));
        }
      }
    }
  }

  // Whose word a version of a cell is: of a decision, whoever had said before what it took, and of a decision's undoing, what it repeats;
  // its own where it took or repeats nothing.
  [[nodiscard]] Result<Version> first_said(Version version, const Id& row, std::string_view field) {
    Materialiser& materialiser = store_.materialiser();
    KEHUBU_TRY_ASSIGN(said, materialiser.said_by(version, field));
    for (int decisions = 0; decisions < Materialiser::most_disagreements; ++decisions) {
      KEHUBU_TRY_ASSIGN(change, store_.log().read(said));
      const bool may_repeat = change.kind == ChangeKind::resolve || change.kind == ChangeKind::undo;
      KEHUBU_TRY_ASSIGN(mark, may_repeat ? mark_in_action(store_.log(), change, document_) : Result<std::optional<Change>>());
      KEHUBU_TRY_ASSIGN(taken, mark ? repeated_by(*mark) : Result<const std::vector<DocumentRecord>*>(nullptr));
      const auto record = taken != nullptr ? std::ranges::find(*taken, row, &DocumentRecord::row) : std::vector<DocumentRecord>::const_iterator{};
      if (taken == nullptr || record == taken->end()) {
        break;
      }
      const Version before = field == deleted_field ? record->life : record->versions[index_of(*record->entity, field)];
      if (before == Version{} || before == said) {
        break;
      }
      KEHUBU_TRY_ASSIGN(said_before, materialiser.said_by(before, field));
      said = said_before;
    }
    return said;
  }

  // The document as the side had it that an action, by its "#", took or repeats; null where it did neither.
  [[nodiscard]] Result<const std::vector<DocumentRecord>*> repeated_by(const Change& mark) {
    if (const auto known = repeated_.find(mark.version); known != repeated_.end()) {
      return known->second.empty() ? nullptr : &known->second;
    }
    Materialiser& materialiser = store_.materialiser();
    const Entity& document = *sides_.front().records.front().entity;
    std::optional<Version> side;
    if (mark.kind == ChangeKind::resolve) {
      KEHUBU_TRY_ASSIGN(taken, materialiser.document_taken(document, document_, mark.version));
      side = taken;
    } else {
      KEHUBU_TRY_ASSIGN(said, materialiser.said_by(mark.version, document_field));
      side = said != mark.version ? std::optional(said) : std::nullopt;
    }
    KEHUBU_TRY_ASSIGN(records, side ? materialiser.document_at(document, document_, *side) : Result<std::vector<DocumentRecord>>());
    const std::vector<DocumentRecord>& kept = repeated_.emplace(mark.version, std::move(records)).first->second;
    return kept.empty() ? nullptr : &kept;
  }

  // The last effect of the side is this version's doing. Who takes back what he did has not done what he comes back to.
  Status note_author(Version version, const Id& row, std::string_view field, ConflictSide& side) {
    if (version != Version{}) {
      KEHUBU_TRY_ASSIGN(said, first_said(version, row, field));
      KEHUBU_TRY_ASSIGN(change, store_.log().read(said));
      KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
      if (change.kind == ChangeKind::undo) {
        Sentence& text = side.effects.back().text;
        text = {"撤销自己的修改，" + text.zh, "took back a change: " + text.en};
      }
      said_.emplace_back(side.effects.size() - 1, std::move(author));
    }
    return {};
  }

  // A decision is the word of who decided, whatever he found.
  [[nodiscard]] Result<bool> is_decision(const ConflictSide& side) const {
    for (const Version head : side.heads) {
      KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(head, document_field));
      KEHUBU_TRY_ASSIGN(change, store_.log().read(said));
      if (change.kind == ChangeKind::resolve) {
        return true;
      }
    }
    return false;
  }

  void name_authors(ConflictSide& side) const {
    const auto is_same = [](const Author& a, const Author& b) { return a.person.empty() || b.person.empty() ? a.device == b.device : a.person == b.person; };
    const bool one_person = std::ranges::all_of(said_, [&](const auto& one) {
      return std::ranges::any_of(side.authors, [&](const Author& author) { return is_same(author, one.second); });
    }) && std::ranges::all_of(said_, [&](const auto& one) { return is_same(one.second, said_.front().second); });
    if (one_person) {
      return;
    }
    side.names_authors = true;
    for (const auto& [index, author] : said_) {
      const Sentence who = author_words(store_, author);
      Sentence& text = side.effects[index].text;
      text = {who.zh + " " + text.zh, who.en + " " + text.en};
      if (!decided_ && std::ranges::none_of(side.authors, [&](const Author& one) { return is_same(one, author); })) {
        side.authors.push_back(author);
      }
    }
  }

  Status describe_records(const DocumentSide& state, ConflictSide& side) {
    for (const RecordName& record : records_) {
      const Present here = find_present(state.records, record.row), before = find_present(alive_, record.row);
      const bool was_deleted = here != nullptr && before != nullptr && find_present(base_, record.row) == nullptr;
      if (was_deleted && record.row == document_) {
        KEHUBU_TRY_ASSIGN(values, document_values(store_, alive_));
        add(side, Effect::Kind::added, record, record_in_full(store_, *here->entity, here->row, values), "恢复{}", "restored {}");
        KEHUBU_TRY(note_author(here->life, record.row, deleted_field, side));
      }
      if (here != nullptr && before != nullptr) {
        const std::size_t told_before = side.effects.size();
        KEHUBU_TRY(describe_values(*here, *before, side));
        if (was_deleted && record.row != document_ && side.effects.size() == told_before) {
          add(side, Effect::Kind::added, record, in_full(*here), "恢复{}", "restored {}");
          KEHUBU_TRY(note_author(here->life, record.row, deleted_field, side));
        }
        const bool removed_elsewhere = std::ranges::any_of(
            sides_, [&](const DocumentSide& other) { return find_present(other.records, record.row) == nullptr; });
        const bool said = std::ranges::find(side.effects, record, &Effect::record) != side.effects.end();
        if (removed_elsewhere && !said) {
          add(side, Effect::Kind::kept, record, in_full(*here), "保留{}", "kept {}");
        }
      } else if (here != nullptr) {
        // What all had seen deleted is nobody's addition, whoever made it once.
        const bool restored = record.row == document_ || std::ranges::find(base_, record.row, &DocumentRecord::row) != base_.end();
        const Sentence what = record.row == document_ ? record_in_full(store_, *here->entity, here->row, whole_) : in_full(*here);
        add(side, Effect::Kind::added, record, what, restored ? "恢复{}" : "新增{}", restored ? "restored {}" : "added {}");
        const std::string_view born = restored ? deleted_field : record.entity->part_of;
        KEHUBU_TRY(note_author(restored ? here->life : here->versions[index_of(*record.entity, born)], record.row, born, side));
      } else if (before != nullptr) {
        add(side, Effect::Kind::removed, record, in_full(*before), "删除{}", "deleted {}");
        const auto gone = std::ranges::find(state.records, record.row, &DocumentRecord::row);
        KEHUBU_TRY(note_author(gone != state.records.end() ? gone->life : Version{}, record.row, deleted_field, side));
      } else if (Present elsewhere = find_elsewhere(record.row)) {
        add(side, Effect::Kind::kept, record, in_full(*elsewhere), "没有{}", "has no {}");
      }
    }
    return {};
  }

  [[nodiscard]] static std::size_t index_of(const Entity& entity, std::string_view field) {
    return static_cast<std::size_t>(entity.find(field) - entity.fields.data());
  }

  [[nodiscard]] Present find_elsewhere(const Id& row) const {
    for (const DocumentSide& side : sides_) {
      if (const Present present = find_present(side.records, row)) {
        return present;
      }
    }
    return nullptr;
  }

  [[nodiscard]] Sentence in_full(const DocumentRecord& record) const { return record_in_full(store_, *record.entity, record.row, record.values); }

  void add(ConflictSide& side, Effect::Kind kind, const RecordName& record, const Sentence& what, std::string_view zh, std::string_view en) const {
    side.effects.push_back({kind, record, {substitute(zh, {what.zh}), substitute(en, {what.en})}});
  }

  // The whole document goes, and its lines with it.
  Status describe_removal(const DocumentSide& state, ConflictSide& side) {
    for (const RecordName& record : records_) {
      const Present before = find_present(base_, record.row);
      const Present gone = before != nullptr ? before : find_elsewhere(record.row);
      if (gone == nullptr || find_present(state.records, record.row) != nullptr) {
        continue;
      }
      if (record.row == document_) {
        KEHUBU_TRY_ASSIGN(values, document_values(store_, before != nullptr ? base_ : holding(gone)));
        add(side, Effect::Kind::removed, record, record_in_full(store_, *gone->entity, gone->row, values), "删除{}", "deleted {}");
        KEHUBU_TRY(note_author(state.records.front().life, document_, deleted_field, side));
      } else {
        add(side, Effect::Kind::removed, record, in_full(*gone), "一并删除{}", "deleted {} with it");
      }
    }
    return {};
  }

  // The state that the record is part of.
  [[nodiscard]] const std::vector<DocumentRecord>& holding(Present record) const {
    const auto side = std::ranges::find_if(sides_, [record](const DocumentSide& one) { return find_present(one.records, record->row) == record; });
    return side->records;
  }

  // Every field in which this side or another one departs from the base.
  Status describe_values(const DocumentRecord& here, const DocumentRecord& before, ConflictSide& side) {
    const Sentence subject = here.row == document_ ? Sentence{} : line_of(before);
    for (std::size_t index = 0; index < here.values.size(); ++index) {
      const Field& field = here.entity->fields[index];
      const RecordName record{here.entity, here.row};
      if (here.values[index] != before.values[index]) {
        side.cells.push_back({here.entity, here.row, &field, here.values[index]});
        Sentence change = change_words(store_, field, subject, before.values[index], here.values[index]);
        KEHUBU_TRY_ASSIGN(approval, puts_in_force(*here.entity, field, here.values[index]) ? approval_behind(here.versions[index], field)
                                                                                           : Result<std::optional<Version>>());
        if (approval) {
          const Sentence amount = amount_words();
          change.zh += "，即批准" + amount.zh;
          change.en += ", which approves it" + amount.en;
        }
        side.effects.push_back({Effect::Kind::changed, record, std::move(change)});
        KEHUBU_TRY(note_author(here.versions[index], here.row, field.id, side));
        continue;
      }
      KEHUBU_TRY_ASSIGN(approval, new_approval(here, before, index));
      if (approval) {
        const Sentence amount = amount_words();
        side.effects.push_back({Effect::Kind::changed, record, {substitute("批准了改动后的{}{}", {here.entity->zh, amount.zh}), substitute("approved the {} as changed{}", {here.entity->en, amount.en})}});
        KEHUBU_TRY(note_author(*approval, here.row, field.id, side));
      } else if (differs_elsewhere(record.row, index, here.values[index])) {
        const Sentence value = value_words(store_, field, here.values[index]);
        side.effects.push_back({Effect::Kind::kept, record,
                                {substitute("{}{}仍是“{}”", {subject.zh, field.zh, value.zh}),
                                 substitute("left {}{} at \"{}\"", {subject.en, field.en, value.en})}});
      }
    }
    return {};
  }

  // In force as before, but by an approval that is younger than what all had seen: it was amended and approved again.
  [[nodiscard]] Result<std::optional<Version>> new_approval(const DocumentRecord& here, const DocumentRecord& before, std::size_t index) {
    const Field& field = here.entity->fields[index];
    if (!puts_in_force(*here.entity, field, here.values[index]) || here.versions[index] == before.versions[index]) {
      return std::optional<Version>();
    }
    KEHUBU_TRY_ASSIGN(approval, approval_behind(here.versions[index], field));
    KEHUBU_TRY_ASSIGN(known, approval_behind(before.versions[index], field));
    return approval == known ? std::optional<Version>() : approval;
  }

  // The act of approving that a version goes back to; none where it was taking something back.
  [[nodiscard]] Result<std::optional<Version>> approval_behind(Version version, const Field& field) {
    KEHUBU_TRY_ASSIGN(said, version != Version{} ? first_said(version, document_, field.id) : Result<Version>(version));
    KEHUBU_TRY_ASSIGN(change, said != Version{} ? store_.log().read(said) : Result<Change>());
    const bool approves = said != Version{} && change.kind != ChangeKind::undo && change.kind != ChangeKind::resolve;
    return approves ? std::optional(said) : std::nullopt;
  }

  [[nodiscard]] bool differs_elsewhere(const Id& row, std::size_t index, const Value& value) const {
    return std::ranges::any_of(sides_, [&](const DocumentSide& other) {
      const Present there = find_present(other.records, row);
      return there != nullptr && there->values[index] != value;
    });
  }

  // "合同明细 1 的": the number that it had when the sides parted.
  [[nodiscard]] Sentence line_of(const DocumentRecord& line) const {
    const Field& title = *line.entity->find(line.entity->title_field);
    const Sentence number = value_words(store_, title, line.values[static_cast<std::size_t>(&title - line.entity->fields.data())]);
    return {substitute("{} {} 的", {line.entity->zh, number.zh}), substitute("{} {}: ", {line.entity->en, number.en})};
  }

  StoreInternals& store_;
  const Id& document_;
  const std::vector<DocumentRecord>&base_, &alive_;
  const std::vector<DocumentSide>& sides_;
  std::vector<RecordName> records_;
  std::vector<Value> whole_;  // of the document, as the side that is described has it
  std::vector<std::pair<std::size_t, Author>> said_;  // whose doing each effect of that side is
  std::vector<Effect> unnamed_;
  std::map<Version, std::vector<DocumentRecord>> repeated_;  // repeated_by() of each "#"; empty where it is null
  bool decided_ = false;                                  // somebody decided for it
};

}  // namespace

Result<std::vector<Version>> Conflicts::agreed_marks(const RecordName& document, std::span<const Version> marks) {
  return materialiser_.agreed_base(document_field, marks, [&](std::span<const Version> base) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(first, materialiser_.document_state(*document.entity, document.row, base.front()));
    for (const Version mark : base) {
      KEHUBU_TRY_ASSIGN(state, materialiser_.document_state(*document.entity, document.row, mark));
      if (state != first) {
        return false;
      }
    }
    return true;
  });
}

// Where everybody had seen it deleted: as it was before that. Empty where it never was alive to all.
Result<std::vector<DocumentRecord>> Conflicts::alive_before(const RecordName& document) {
  KEHUBU_TRY_ASSIGN(marks, materialiser_.heads(*document.entity, document.row, document_field));
  for (int deletions = 0; deletions < Materialiser::most_disagreements && !marks.empty(); ++deletions) {
    KEHUBU_TRY_ASSIGN(agreed, marks.size() > 1 ? agreed_marks(document, marks) : Result<std::vector<Version>>(marks));
    if (agreed.empty()) {
      break;
    }
    KEHUBU_TRY_ASSIGN(records, materialiser_.document_at(*document.entity, document.row, agreed.front()));
    if (!records.front().removed) {
      return records;
    }
    KEHUBU_TRY_ASSIGN(before, materialiser_.heads_before(agreed.front(), document_field));
    marks = std::move(before);
  }
  return std::vector<DocumentRecord>();
}

Status Conflicts::complete_document(Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(states, materialiser_.document_sides(*conflict.entity, conflict.row));
  KEHUBU_TRY_ASSIGN(base, materialiser_.document_base(*conflict.entity, conflict.row));
  for (DocumentSide& state : states) {  // of a side that is open again: as it was said, by whoever said it
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(state.heads.front(), document_field));
    if (said != state.heads.front()) {
      KEHUBU_TRY_ASSIGN(records, materialiser_.document_at(*conflict.entity, conflict.row, said));
      state.records = std::move(records);
    }
  }
  KEHUBU_TRY_ASSIGN(alive, base.empty() || base.front().removed ? alive_before({conflict.entity, conflict.row}) : Result<std::vector<DocumentRecord>>(base));
  SideWords words{store_, conflict.row, base, alive, states};
  std::vector<SideInShort> in_short;
  std::set<std::pair<Id, const Field*>> changed;
  for (const DocumentSide& state : states) {
    ConflictSide side;
    for (const Version head : state.heads) {
      KEHUBU_TRY(add_head(side, head, document_field));
    }
    side.stands_now = state.stands;
    side.removed = is_removed(state.records, conflict.row);
    KEHUBU_TRY(words.describe(state, side));
    in_short.push_back({words.unnamed(), words.amount_words()});
    for (const ConflictSide::Cell& cell : side.cells) {
      changed.emplace(cell.row, cell.field);
    }
    conflict.sides.push_back(std::move(side));
  }
  for (const DocumentRecord& record : alive) {
    for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
      const Field& field = record.entity->fields[index];
      if (changed.contains({record.row, &field})) {
        conflict.base.push_back({record.entity, record.row, &field, record.values[index]});
      }
    }
  }
  return headline_of_document(conflict, in_short);
}

}  // namespace kehubu
