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
// it is told of each: who approves answers for the approval and not for what he approved.
class SideWords {
 public:
  SideWords(StoreInternals& store, const Id& document, const std::vector<DocumentRecord>& base, const std::vector<DocumentSide>& sides)
      : store_(store), document_(document), base_(base), sides_(sides), records_(records_at_issue(base, sides)) {}

  Status describe(const DocumentSide& state, ConflictSide& side) {
    said_.clear();
    whole_.clear();
    KEHUBU_TRY_ASSIGN(decided, is_decision(side));
    decided_ = decided;
    if (side.removed) {
      KEHUBU_TRY(describe_removal(state, side));
      unnamed_ = side.effects;
      return {};
    }
    KEHUBU_TRY_ASSIGN(values, document_values(store_, state.records));
    whole_ = std::move(values);
    KEHUBU_TRY(describe_records(state, side));
    unnamed_ = side.effects;
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

  // The last effect of the side is this version's doing.
  Status note_author(Version version, std::string_view field, const ConflictSide& side) {
    if (version != Version{}) {
      KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(version, field));
      KEHUBU_TRY_ASSIGN(change, store_.log().read(said));
      if (change.kind == ChangeKind::undo || change.kind == ChangeKind::redo || change.kind == ChangeKind::resolve) {
        return {};  // it may repeat what somebody else said: the side as a whole answers for it
      }
      KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
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
    if (decided_ || one_person) {
      return;
    }
    side.names_authors = true;
    for (const auto& [index, author] : said_) {
      const Sentence who = author_words(store_, author);
      Sentence& text = side.effects[index].text;
      text = {who.zh + " " + text.zh, who.en + " " + text.en};
      if (std::ranges::none_of(side.authors, [&](const Author& one) { return is_same(one, author); })) {
        side.authors.push_back(author);
      }
    }
  }

  Status describe_records(const DocumentSide& state, ConflictSide& side) {
    for (const RecordName& record : records_) {
      const Present here = find_present(state.records, record.row), before = find_present(base_, record.row);
      if (here != nullptr && before != nullptr) {
        KEHUBU_TRY(describe_values(*here, *before, side));
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
        KEHUBU_TRY(note_author(restored ? here->life : here->versions[index_of(*record.entity, born)], born, side));
      } else if (before != nullptr) {
        add(side, Effect::Kind::removed, record, in_full(*before), "删除{}", "deleted {}");
        const auto gone = std::ranges::find(state.records, record.row, &DocumentRecord::row);
        KEHUBU_TRY(note_author(gone != state.records.end() ? gone->life : Version{}, deleted_field, side));
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
  Status describe_removal(const DocumentSide& state, ConflictSide& side) const {
    for (const RecordName& record : records_) {
      const Present before = find_present(base_, record.row);
      const Present gone = before != nullptr ? before : find_elsewhere(record.row);
      if (gone == nullptr || find_present(state.records, record.row) != nullptr) {
        continue;
      }
      if (record.row == document_) {
        KEHUBU_TRY_ASSIGN(values, document_values(store_, before != nullptr ? base_ : holding(gone)));
        add(side, Effect::Kind::removed, record, record_in_full(store_, *gone->entity, gone->row, values), "删除{}", "deleted {}");
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
        if (puts_in_force(*here.entity, field, here.values[index])) {
          const Sentence amount = amount_words();
          change.zh += "，即批准" + amount.zh;
          change.en += ", which approves it" + amount.en;
        }
        side.effects.push_back({Effect::Kind::changed, record, std::move(change)});
        KEHUBU_TRY(note_author(here.versions[index], field.id, side));
        continue;
      }
      KEHUBU_TRY_ASSIGN(approval, new_approval(here, before, index));
      if (approval) {
        KEHUBU_TRY_ASSIGN(words, approval_words(*here.entity, *approval));
        side.effects.push_back({Effect::Kind::changed, record, std::move(words)});
        KEHUBU_TRY(note_author(*approval, field.id, side));
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
  [[nodiscard]] Result<std::optional<Version>> new_approval(const DocumentRecord& here, const DocumentRecord& before, std::size_t index) const {
    if (!puts_in_force(*here.entity, here.entity->fields[index], here.values[index]) || here.versions[index] == before.versions[index]) {
      return std::optional<Version>();
    }
    KEHUBU_TRY_ASSIGN(approval, approval_behind(here.versions[index], index));
    KEHUBU_TRY_ASSIGN(known, approval_behind(before.versions[index], index));
    return approval == known ? std::optional<Version>() : approval;
  }

  // The act of approving that a version goes back to: what was taken back and decided since repeats it.
  [[nodiscard]] Result<std::optional<Version>> approval_behind(Version version, std::size_t index) const {
    const Entity& document = *sides_.front().records.front().entity;
    Materialiser& materialiser = store_.materialiser();
    std::set<Version> seen;
    while (version != Version{} && seen.insert(version).second) {
      KEHUBU_TRY_ASSIGN(said, materialiser.said_by(version, document.fields[index].id));
      KEHUBU_TRY_ASSIGN(change, store_.log().read(said));
      if (change.kind == ChangeKind::update || change.kind == ChangeKind::import) {
        return std::optional(said);
      }
      KEHUBU_TRY_ASSIGN(taken, materialiser.document_taken(document, document_, said));
      if (!taken) {
        break;
      }
      KEHUBU_TRY_ASSIGN(records, materialiser.document_at(document, document_, *taken));
      version = records.front().versions.empty() ? Version{} : records.front().versions[index];
    }
    return std::optional<Version>();
  }

  // Who decides for an approval did not give it.
  [[nodiscard]] Result<Sentence> approval_words(const Entity& document, Version approval) const {
    const Sentence amount = amount_words();
    if (!decided_) {
      return Sentence{"批准了改动后的" + std::string(document.zh) + amount.zh, "approved the " + std::string(document.en) + " as changed" + amount.en};
    }
    KEHUBU_TRY_ASSIGN(author, author_of(store_, approval));
    const Sentence who = author_words(store_, author);
    return Sentence{substitute("维持 {} 对改动后的{}的批准{}", {who.zh, document.zh, amount.zh}),
                    substitute("kept {}'s approval of the {} as changed{}", {who.en, document.en, amount.en})};
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
  const std::vector<DocumentRecord>& base_;
  const std::vector<DocumentSide>& sides_;
  std::vector<RecordName> records_;
  std::vector<Value> whole_;  // of the document, as the side that is described has it
  std::vector<std::pair<std::size_t, Author>> said_;  // whose doing each effect of that side is
  std::vector<Effect> unnamed_;
  bool decided_ = false;  // it is the word of who decided
};

}  // namespace

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
  SideWords words{store_, conflict.row, base, states};
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
  for (const DocumentRecord& record : base) {
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
