// Conflicts: reads what waits for a person's decision, words it, and turns the decision into an ordinary write.
//
// The table `conflict` (log.h) says which conflicts are open; everything shown about them is read from the log at the
// moment of asking. What stands meanwhile is asked of the Materialiser, which decided it for the tables.
// Files: conflicts.cpp (reading, one field, numbers used twice), conflict_choices.cpp (fields that follow from one choice), conflict_documents.cpp, conflict_removals.cpp (what is
// deleted, and what goes along), conflict_returns.cpp (what comes back with what is kept), conflict_rules.cpp (what no one device would have allowed), conflict_only_one.cpp (records of which
// there may be only one), conflict_resolution.cpp (headlines and decisions).
#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/store/log.h"
#include "core/store/tables.h"
#include "core/sync/sync.h"

namespace kehubu {

struct MergeRule;
struct Together;

// Whether a record with these values would break the rule; values that are not given are empty.
[[nodiscard]] Result<bool> is_broken(Database& database, const MergeRule& rule, std::span<const ConflictSide::Cell> cells);

class Conflicts {
 public:
  // Of a question about more records than this so many are written out; the rest is counted, and it is answered by hand.
  static constexpr std::size_t most_sides = 20;

  explicit Conflicts(StoreInternals& store) : store_(store), log_(store.log()), materialiser_(store.materialiser()) {}

  [[nodiscard]] Result<std::vector<Conflict>> all();
  [[nodiscard]] Result<std::int64_t> count();
  [[nodiscard]] Result<std::int64_t> count_rows();  // of the table `conflict`: count() and count_parts() together
  // Of the rows of the table those that are part of another one's question. Costs what may be one.
  [[nodiscard]] Result<std::int64_t> count_parts();
  [[nodiscard]] Result<std::vector<Conflict>> about(const Entity& entity, const Id& row);
  [[nodiscard]] Result<std::vector<std::string>> keys();  // of all that are open
  struct Opened {
    std::vector<Sentence> headlines;
    std::size_t count = 0;
  };
  // What is open and was not; headlines of the first `most`.
  [[nodiscard]] Result<Opened> opened_since(std::span<const std::string> open_before, std::size_t most = SIZE_MAX);
  [[nodiscard]] Result<Written> resolve(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<std::vector<Sentence>> would_open(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<Written> resolve_with(const Conflict& conflict, const Value& value);
  // From the bin, with what decisions to delete it took along.
  [[nodiscard]] Result<Written> bring_back(const RecordName& record);
  [[nodiscard]] Result<std::vector<Sync::Superseded>> superseded(const Entity& entity, const Id& row);
  // The open question that a cell is part of ("~": whether the record lives), that of its document included.
  [[nodiscard]] Result<std::optional<Conflict>> question_about(const Entity& entity, const Id& row, std::string_view field);
  // The record in full; a document that is deleted as it was before.
  [[nodiscard]] Result<Sentence> in_full(const RecordName& record);
  // Likewise, a line with its document: a line says nothing to who does not know whose it is.
  [[nodiscard]] Result<Sentence> in_place(const RecordName& record);
  // The document that a record is a line of, else the record itself.
  [[nodiscard]] Result<RecordName> document_of(const RecordName& record);
  // What everybody had seen of a cell before these heads of it parted; of several versions that agree, all.
  [[nodiscard]] Result<std::vector<Version>> agreed_base(std::string_view field, std::span<const Version> heads);
  // The same of a document before these "#" heads of it parted.
  [[nodiscard]] Result<std::vector<Version>> agreed_marks(const RecordName& document, std::span<const Version> marks);
  // That it is open, who says what, and what stands until somebody decides.
  [[nodiscard]] Sentence words_while_open(const Conflict& conflict);

 private:
  struct Row {
    std::string key;
    ConflictKind kind = ConflictKind::field;
    std::string entity, field;
    Id row;
    Value detail;
    std::vector<Id> members{};  // of marks of which only one may be given, about which people decided differently
  };

  [[nodiscard]] Result<std::vector<std::string>> groups_about(const Entity& entity, const Id& row, std::string_view mark = {});
  [[nodiscard]] static bool is_side_of(const Conflict& conflict, const Id& row);
  [[nodiscard]] Result<std::vector<Row>> read_table(std::span<const Id> of_rows = {});  // none: all
  Status ask_as_one(std::vector<Row>& rows);
  [[nodiscard]] Result<std::vector<Row>> read_rows(Statement& select);
  [[nodiscard]] Result<std::optional<Conflict>> conflict_of(Row row);
  [[nodiscard]] Result<std::vector<Conflict>> assemble(std::vector<Row> rows);
  [[nodiscard]] Result<bool> complete(Conflict& conflict, const Value& detail);
  Status complete_field(Conflict& conflict);
  Status unite_sides(Conflict& conflict);
  [[nodiscard]] Result<std::map<DeviceNumber, std::int64_t>> first_chosen_since(std::span<const Version> base, std::span<const Version> heads,
                                                                                std::string_view lead);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_choice(const Conflict& conflict, const Value& value);
  Status complete_choice(Conflict& conflict, const Together& together, std::span<const Version> heads, std::span<const Version> base);
  Status complete_document(Conflict& conflict);
  [[nodiscard]] Result<std::vector<DocumentRecord>> alive_before(const RecordName& document);
  Status complete_deletion(Conflict& conflict);
  Status complete_reference(Conflict& conflict);
  Status complete_circle(Conflict& conflict, const Value& members);
  Status complete_rule(Conflict& conflict, const Value& rule);
  struct Writing;
  [[nodiscard]] Result<std::vector<Writing>> writings_of(const Conflict& conflict, const MergeRule& rule);
  [[nodiscard]] Result<bool> leads_back(const ConflictSide::Cell& cell);
  [[nodiscard]] Result<bool> fits(const Conflict& conflict, const MergeRule& rule, std::span<const ConflictSide::Cell> cells);
  [[nodiscard]] Result<std::vector<ConflictSide::Cell>> giving_way(const Conflict& conflict, const MergeRule& rule, std::span<const Writing> all,
                                                                   std::size_t kept);
  Status complete_duplicate(Conflict& conflict, const Value& detail);
  [[nodiscard]] Result<std::vector<std::pair<Id, bool>>> all_alike(const Conflict& conflict, const Table::OnlyOneRule& rule);
  [[nodiscard]] Result<std::vector<Id>> one_too_many(const Conflict& conflict, const Table::OnlyOneRule& rule, std::vector<Id> disputed);
  [[nodiscard]] Result<std::vector<Version>> heads_giving(const RecordName& record, std::string_view mark, const Value& marked);
  Status complete_only_one(Conflict& conflict, std::vector<Id> members);
  void tell_when(const Record& record, ConflictSide& side);
  [[nodiscard]] static Sentence too_many_words(std::size_t more);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_only_one(const Conflict& conflict, std::size_t side);

  void describe_holders(Conflict& conflict, const Value& number);
  Status add_head(ConflictSide& side, Version head, std::string_view field);
  // The heads of a cell, less those by which undoing emptied it again: what nobody had said is nobody's word.
  [[nodiscard]] Result<std::vector<Version>> spoken_heads(const RecordName& record, std::string_view field);
  // Of the heads of a cell those that say this value: who wrote another is no author of it. All where none does.
  [[nodiscard]] Result<std::vector<Version>> heads_saying(const RecordName& record, std::string_view field, const Value& value);
  [[nodiscard]] Sentence names_of(const ConflictSide& side);
  // Whether all that the side says was said by deciding, and whether by taking something back.
  [[nodiscard]] Result<bool> is_all(const ConflictSide& side, std::string_view field, ChangeKind kind);
  Status headline_of_field(Conflict& conflict);
  struct SideInShort {
    std::vector<Effect> effects;  // of a document's side, before its authors are named in them
    Sentence amount;              // "，总价 ¥12,000.00"; may be empty
  };
  Status headline_of_document(Conflict& conflict, std::span<const SideInShort> in_short);
  [[nodiscard]] Result<Sentence> as_deleted(const Conflict& conflict);
  Status headline_of_deletion(Conflict& conflict);
  Status headline_of_reference(Conflict& conflict);

  // Deleting a record: what cannot do without it goes with it, and so on; the rest lets go of it.
  struct Removal {
    struct LetGo {
      RecordName record;
      const Field* field = nullptr;
    };
    std::vector<RecordName> removed;  // the record itself first
    std::set<std::pair<const Entity*, Id>> rows{};  // the same, to look one up
    std::vector<LetGo> let_go;

    [[nodiscard]] bool removes(const RecordName& record) const { return rows.contains({record.entity, record.row}); }
  };
  [[nodiscard]] Result<Removal> removal_of(const RecordName& record);
  [[nodiscard]] Result<std::vector<std::string>> written_fields(const RecordName& record);
  Status find_unknown_edits(const Conflict& conflict, std::vector<ConflictSide>& removals, std::vector<Version>& unknown);
  Status add_edits(const Conflict& conflict, const std::vector<Version>& unknown, ConflictSide& side);
  Status add_removal_effects(const Removal& removal, ConflictSide& side);
  Status add_document_effects(const Removal& removal, ConflictSide& side);
  // Why this may not go, as things are: contracts that are over keep their lines, and what waits for a decision of its own is
  // not decided by the way. Empty where it may.
  [[nodiscard]] Result<Sentence> objection_to(const Removal& removal);
  [[nodiscard]] Result<Sentence> objection_of_documents_over(const Removal& removal);
  [[nodiscard]] Result<Sentence> objection_of_open_documents(std::span<const RecordName> touched);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_removal(const RecordName& record);
  [[nodiscard]] Result<std::vector<Version>> deletion_marks(const RecordName& record);
  // What decisions to delete a record took along and is gone still: whoever keeps the record brings it back with it.
  struct Gone {
    std::vector<RecordName> records;                        // but lines
    std::vector<std::pair<RecordName, Version>> documents;  // that lost lines: each with the "#" to which it goes back, whole
    std::vector<RecordName> lines;                          // those lines
    std::vector<ConflictSide::Cell> references;             // that were emptied: what they were
    std::vector<Effect> stays;                              // what does not come back, and why
  };
  [[nodiscard]] Result<Gone> gone_with(const RecordName& record);
  [[nodiscard]] Result<std::vector<Change>> decided_with_deletion_of(const RecordName& record);
  [[nodiscard]] Result<std::optional<std::vector<Version>>> heads_before_these(const RecordName& record, std::string_view field, const std::set<Version>& said);
  Status add_gone_lines(const RecordName& document, std::span<const RecordName> lines, const std::set<Version>& marks, Gone& gone);
  Status add_emptied(const RecordName& record, const Field& field, const std::set<Version>& said, std::span<const RecordName> deleted, Gone& gone);
  Status add_what_comes_back(const RecordName& record, ConflictSide& side);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_keeping(const RecordName& record);

  [[nodiscard]] Result<std::vector<Sync::Superseded>> against_rule(const Entity& entity, const Record& record, const Field& field,
                                                                   std::vector<Version>& heads);
  [[nodiscard]] Result<std::vector<std::string>> spare_numbers(const Conflict& conflict, const Value& number);
  [[nodiscard]] Result<std::vector<Id>> sharing(const Entity& entity, const Field& field, const Value& value);
  [[nodiscard]] static std::vector<Edit> edits_of_cells(std::span<const ConflictSide::Cell> cells);
  [[nodiscard]] Result<std::vector<Edit>> edits_for(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<std::vector<Edit>> edits_for_duplicate(const Conflict& conflict, std::size_t side);
  [[nodiscard]] Result<Written> write(const Conflict& conflict, std::span<const Edit> edits, bool skip_validation);
  [[nodiscard]] Status still_open(const Conflict& conflict);

  StoreInternals& store_;
  Log& log_;
  Materialiser& materialiser_;
};

}  // namespace kehubu
