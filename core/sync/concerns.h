// Concerns: what a merge has done to what this device, or its person, had written: decisions of others that went another way,
// and values that lost without anybody deciding. Remembered is only which value of his was met; what there is to say of it
// is worked out from the log whenever it is asked, so that nothing is told as in force that has been taken back, decided
// otherwise or opened again since.
//
//   sync_overruled(number, settled, entity, row, field, device, sequence, told)   local, the last 200; of more only how many (a local setting)
//     device, sequence: the value that was met · settled: by a rule, nobody decided · told: the sentence that was told last
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"
#include "core/sync/conflicts.h"
#include "core/sync/document_marks.h"
#include "core/sync/sync.h"

namespace kehubu {

[[nodiscard]] const FieldChange* find_cell(const Change& change, std::string_view field);

// Files: overruled.cpp (what a decision met, and what became of documents by it), concerns.cpp (what is remembered, and told now).
class Concerns {
 public:
  explicit Concerns(StoreInternals& store) : store_(store), log_(store.log()), database_(store.connection()), conflicts_(store) {}

  Status create();
  // After a merge, within its transaction: what of it is new to this person, what he was told before and is otherwise now
  // included; first, of how many there is too much to say. `decisions`: the changes of kind resolve that came in; `more_losses`: how many
  // beside those that are given. By Concerns made for it: what others were asked for has read the log as it was before.
  [[nodiscard]] Result<std::vector<Sentence>> note(std::span<const Version> decisions, std::span<const Loss> losses, std::int64_t more_losses);
  [[nodiscard]] Result<std::vector<Sync::Concern>> all();
  Status put_away();

 private:
  // A value of his that was met.
  struct Overruled {
    std::int64_t number = 0;
    bool settled = false;
    const Entity* entity = nullptr;
    Id row;
    std::string field;
    Version mine;
    std::string told;
  };
  // What there is to say of one such value now. Clauses of one group are one sentence.
  struct Clause {
    std::string group;
    Sentence lead, text;  // "李强 于 … 裁定：", "…定为“A级”（…）"; the lead may be a sentence, and all there is to say
    Sentence consequence{}; // of the whole group: what its document came to by it; may be empty
    std::int64_t at = 0;
  };
  struct Told {
    Sync::Concern concern;
    std::string group;
    std::vector<Sentence> clauses;
    Sentence lead, consequence;
    std::vector<std::int64_t> numbers;  // of the values that it speaks of
    bool is_new = false;                // not what was told of one of them last
  };

  [[nodiscard]] bool is_mine(Version version, const Id& person) const;
  Status remember_overruled(Version decision, const std::map<Version, Version>& lost_sides);
  [[nodiscard]] Result<std::map<Version, Version>> lost_sides(std::span<const Version> decisions);  // decision → his action
  [[nodiscard]] Result<const DocumentMarks*> marks_of(const RecordName& document, std::optional<Version> mark, bool decides);
  [[nodiscard]] Result<std::optional<Version>> his_words(const FieldChange& decided);
  [[nodiscard]] Result<std::optional<Version>> his_decision_beside(const Change& decision, std::string_view field);
  Status collect_words(Version version, std::string_view field, std::vector<Version>& words);
  Status collect_actions(const Change& change, std::vector<Version>& words);
  [[nodiscard]] Result<std::vector<Version>> taken_by(const FieldChange& cell);
  [[nodiscard]] Result<std::optional<Version>> latest_of_his(std::span<const Version> words);
  Status remember(bool settled, const Entity& entity, const Id& row, std::string_view field, Version mine);
  [[nodiscard]] Result<std::int64_t> leave_out_oldest();
  [[nodiscard]] std::string left_out_setting() const;
  [[nodiscard]] std::int64_t left_out() const;
  [[nodiscard]] Result<std::vector<Overruled>> overruled();
  [[nodiscard]] Result<std::vector<Told>> told_now();
  [[nodiscard]] Result<Value> value_of(const Overruled& one);
  // What an action made of a document, seen from his value that it met: `before` is the side that he had part in.
  struct Turn {
    std::vector<DocumentRecord> before, after;
    Sentence where;  // where_he_wrote() of his value
    bool between_sides = false;
  };
  [[nodiscard]] Result<std::optional<Turn>> turn_of(const Change& decision, const RecordName& document, Version mine);
  [[nodiscard]] Result<Sentence> consequence_of(const Turn& turn);
  [[nodiscard]] Result<Sentence> what_goes(const Overruled& one, const std::optional<Turn>& turn);
  [[nodiscard]] Result<std::optional<Value>> seen_before(const Overruled& one, const Change& mine, const Change& answer);
  // "在“王敏的手机”上" of what he wrote on another device, whose words this one may never have shown; else empty.
  [[nodiscard]] Sentence where_he_wrote(Version mine) const;
  [[nodiscard]] Result<std::optional<Clause>> deleted_with_document(const Overruled& line, const RecordName& document, const Record& record);
  [[nodiscard]] Result<std::optional<Clause>> restored_clause(const Overruled& one, const Change& decision);
  [[nodiscard]] Result<std::optional<Clause>> late_clause(const Overruled& one, const Record& record, const Sentence& where);
  [[nodiscard]] Result<std::int64_t> clock_ahead_of(const Overruled& one, const Change& decision);
  [[nodiscard]] Result<std::optional<Clause>> clause_of(const Overruled& one);
  [[nodiscard]] Clause clause_while_open(const Conflict& question);
  [[nodiscard]] Result<std::optional<Clause>> open_clause(const Overruled& one);
  [[nodiscard]] Result<std::optional<Conflict>> question_over(const Change& decision);
  [[nodiscard]] Result<std::optional<Conflict>> question_with(const Change& decision);
  [[nodiscard]] Result<std::optional<Clause>> decided_clause(const Overruled& one, const Record& record);
  [[nodiscard]] Result<std::optional<Clause>> lost_clause(const Overruled& one, const Record& record);
  [[nodiscard]] Result<Sentence> later_writer(const Overruled& one, const Record& record);
  [[nodiscard]] Result<std::optional<Version>> standing_head(const Overruled& one, const Record& record);
  [[nodiscard]] Result<Sentence> value_clause(const Overruled& one, const Record& record, const Change& answer, bool decided);
  [[nodiscard]] Result<Sentence> place_words(const Entity& entity, const Record& record);

  StoreInternals& store_;
  Log& log_;
  Database database_;
  Conflicts conflicts_;
  std::map<Id, DocumentMarks> marks_;  // while it is put together what there is to say now
  std::map<Id, std::vector<Version>> asked_about_;
  // By device and action, while there is said what there is to say now: of many records one decision may speak.
  std::map<std::pair<DeviceNumber, std::int64_t>, std::optional<Conflict>> questions_over_;
};

}  // namespace kehubu
