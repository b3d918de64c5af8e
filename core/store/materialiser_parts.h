// The inside of the Materialiser, shared by its files: materialiser.cpp (batches), record_merge.cpp (one record),
// record_store.cpp (its row), settle.cpp, settle_rules.cpp, settle_choice.cpp, settle_only_one.cpp (what spans records or fields), documents.cpp (documents and their history).
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/base/sort.h"
#include "core/store/conflict_keys.h"
#include "core/store/heads.h"
#include "core/store/late_edits.h"
#include "core/store/log_entry.h"
#include "core/store/tables.h"

namespace kehubu {

inline constexpr std::size_t most_fields = 192;
using FieldSet = std::bitset<most_fields>;

// A head with what it says. The views point into added changes or into `texts` of the merge.
struct Candidate {
  Version version;
  std::int64_t clock = 0;
  std::string_view value;  // packed
};

struct Assignment {
  std::size_t field = 0;
  std::string_view value;  // packed; empty: null
};

// A row as it lies in the table before it is written.
struct StoredRow {
  std::int64_t row_number = 0;  // 0: there is none yet
  bool live = false;
  std::int64_t flags = 0;
  Id document;                  // of a line: the value of part_of
};

// The actions that a "#" head builds on, itself included: (device, first sequence of the action).
using Ancestry = std::set<std::pair<DeviceNumber, std::int64_t>>;

struct Materialiser::Parts {
  Parts(Materialiser& whole_, sqlite3* connection, Log& log_) : whole(whole_), database(connection), log(log_), tables(log_) {
    removed_symbol = log.symbol(deleted_field);
    document_symbol = log.symbol(document_field);
    closed_symbol = log.symbol(closed_field);
  }

  Materialiser& whole;
  Database database;
  Log& log;
  Tables tables;
  SymbolNumber removed_symbol = 0, document_symbol = 0, closed_symbol = 0;

  // --- what was added
  struct Added {
    SymbolNumber entity = 0;
    std::uint32_t size = 0;
    Id row;
    std::uint64_t offset = 0;
  };
  std::string packed;
  std::string fields;  // of the change that is being added
  std::vector<Added> added;
  std::set<Id> unchecked;  // records of which something was undone, redone or decided: that heads are one device's does not say that it has checked them
  std::size_t next_added = 0;
  bool sorted = false;
  MaterialiseStatistics statistics;
  std::vector<DeviceNumber> told_devices;  // whose losses are told
  std::vector<std::int64_t> known_before;  // device number − 1 → last number that is no news, and of which nothing is counted or told
  [[nodiscard]] bool is_news(Version version) const {
    const auto device = static_cast<std::size_t>(version.device) - 1;
    return device >= known_before.size() || version.sequence > known_before[device];
  }
  [[nodiscard]] bool is_news(const Added& change) const;
  [[nodiscard]] bool is_news(SymbolNumber field) const;
  std::int64_t believed_until = INT64_MAX;  // a later clock is doubted

  // --- what finish() has to look at
  struct Target {
    const Table* table = nullptr;
    Id id;
    friend auto operator<=>(const Target&, const Target&) = default;
  };
  struct Number {
    const Table* table = nullptr;
    std::size_t field = 0;
    std::string value;  // packed
    friend auto operator<=>(const Number&, const Number&) = default;
  };
  struct Link {  // a reference that must not lead back
    const Table* table = nullptr;
    std::size_t field = 0;
    Id row;
    friend auto operator<=>(const Link&, const Link&) = default;
  };
  std::vector<Target> documents, references, ruled, chosen;
  std::vector<Link> links;
  std::vector<Number> numbers;
  struct Alike {  // records of which there may be only one
    const Table* table = nullptr;
    std::size_t rule = 0;
    std::string values;  // packed, of the fields that are alike
    friend auto operator<=>(const Alike&, const Alike&) = default;
  };
  std::vector<Alike> alikes;
  std::map<const Table*, std::vector<std::int64_t>> searched_rows, touched_rows;
  std::int64_t touched_epoch = 1;
  std::set<std::string> opened_now, closed_now;  // conflicts of documents and circles, which may open and close again

  // --- scratch of one record
  struct Fresh {
    Head head;
    std::int64_t clock = 0;
    std::string_view value;
  };
  StoredRow stored;
  std::vector<Head> heads, merged, replaced;
  std::vector<Head> shown;  // of a late fact: the heads by which it is shown
  std::vector<Fresh> fresh;
  std::vector<Assignment> assignments;
  std::vector<Candidate> candidates;
  std::vector<std::unique_ptr<std::string>> texts;
  std::size_t texts_used = 0;
  std::string packed_heads, search, sort_key;
  std::vector<Value> watched_before, watched_now;  // parallel to `watched` of the table

  // --- statements by the set of columns that they write. A merge meets thousands of sets and preparing is dear, so
  // beside those of the first sets there are wide ones: they name every column that a record of the table was seen to
  // write, and leave those as they are that this record does not write.
  struct Update {
    Statement statement;
    FieldSet columns;
    bool wide = false;
  };
  struct Updates {
    std::unordered_map<FieldSet, Update> by_columns;
    FieldSet usual;  // columns of the wide statements; none of an index, which would be written for nothing
  };
  std::map<const Table*, Updates> updates;
  std::map<const Table*, Statement> inserts, loads;

  // materialiser.cpp
  Status merge_group(std::span<const Added> group);
  bool collect_fresh(const Added& change, const Table& table);
  void forget_batch();

  void note_loss(const Table& table, const Id& row, const Field* field, Version version);  // no field: a deletion
  Status note_lost_deletions(const Table& table, const Id& row);  // of the record that is loaded, which is in question since now

  void note_doubt(const Table& table, const Id& row, std::size_t field, const Candidate& stands);

  // record_merge.cpp
  struct Deletion {
    bool removed = false, conflict = false;
  };
  bool is_one_device(std::span<const Head> some) const;
  Result<LateEdits> late_edits_of(const Table& table, const std::vector<Head>& all);
  Result<bool> find_late_edits(const Table& table, const Id& row);
  // Of these heads of a record, or of the one that is loaded, those of the field by which it is shown.
  Result<std::vector<Head>> shown_of(const Table& table, std::vector<Head> all);
  Result<std::vector<Head>> shown_cell(const Table& table, std::size_t field);
  Status load_births(SymbolNumber field, std::span<const Head> cell);
  Status load_candidates_of(const Table& table, std::size_t field, std::span<const Head> cell);
  Status assign_all(const Table& table, const std::vector<Head>& from);
  const Fresh* find_fresh(const Head& head) const;
  Result<Candidate> candidate(SymbolNumber field, Version version);
  Status load_candidates(SymbolNumber field, std::span<const Head> cell);
  const Candidate& standing(const Field& field) const;  // of the candidates
  bool candidates_agree() const;
  bool candidates_hold(std::span<const Head> cell) const;
  Result<std::vector<Version>> known_to_deletions(std::span<const Version> deletions);
  Result<bool> is_known(const std::vector<Version>& known, Version version, std::string_view field);
  Result<Deletion> deletion(const std::vector<Head>& cells);
  void merge_heads();
  Status assign_touched(const Table& table, const Id& row, std::vector<std::size_t>& conflicting);
  Status find_all_conflicts(const Table& table, const std::vector<Head>& from, std::vector<std::size_t>& conflicting);
  [[nodiscard]] static std::vector<Head> heads_on(const Table& table, const DocumentRecord& record);
  // All values of a record from its heads, as of a side of its document where one is given. A line that this side
  // has not (it knows nothing of it, or has deleted it) is out of sight; it may come back where another side has it, and holds
  // what it is there, `elsewhere`.
  Status recompute(const Table& table, const Id& row, const Ancestry* side, const DocumentRecord* elsewhere = nullptr);
  std::string_view keep_text(std::string_view bytes);

  // record_store.cpp
  void touch(const Table& table, std::int64_t row_number);
  Status load(const Table& table, const Id& row);
  Status store(const Table& table, const Id& row, bool live, std::int64_t flags);
  Status add_search_text(const Table& table, const FieldSet& touched, std::int64_t& flags);
  Status add_old_numbers(const Table& table);
  Status watch(const Table& table, const Id& row, bool live, std::int64_t flags);
  Status load_watched(const Table& table);
  Update& update_statement(const Table& table, const FieldSet& columns, bool with_search, bool with_sort_key);
  Status update_row(const Table& table, const FieldSet& columns, bool live, std::int64_t flags, bool with_search,
                    bool with_sort_key);
  Statement& insert_statement(const Table& table);

  // settle.cpp
  Status open_conflict(const Table& table, StoredConflict kind, const Id& row, const Field* field,
                       const Value& detail = {});
  Status close_conflict(const Table& table, StoredConflict kind, const Id& row, const Field* field,
                        const Value& detail = {});
  Status settle_field_conflicts(const Table& table, const Id& row, std::span<const std::size_t> conflicting);
  Status settle_flag(const Table& table, const Id& row, StoredConflict kind, bool before, bool now);
  Status settle_reference(const Target& target);
  Status settle_number(const Number& number);
  Result<bool> is_referred_to(const Target& target);

  // settle_rules.cpp
  void note_for_rules(const Table& table, const Id& row, std::int64_t flags, bool late);
  Status settle_circles();
  Status dissolve_circles(const Link& link);
  Status restore_link(const Table& table, std::size_t field, const Id& row);
  Status cut_circle(const Table& table, std::size_t field, std::vector<Id> members);
  Result<Id> link_of(const Table& table, std::size_t field, const Id& row);
  Result<Id> link_by_log(const Table& table, std::size_t field, const Id& row);
  Status write_link(const Table& table, std::size_t field, const Id& row, const Id& target, std::int64_t set, std::int64_t cleared);
  Status settle_rules(const Target& target);
  Result<bool> is_broken(const Table& table, const Table::Rule& rule, const Id& row);
  // Who is answered for by one check of the rules: what a device wrote otherwise than by deciding (0), or one decision of it. Who answers a
  // question is told what will not fit, and no form refuses it.
  using Speaker = std::pair<DeviceNumber, std::int64_t>;
  Result<std::set<Speaker>> speakers_of(const Field& field, std::span<const Head> cell);

  // settle_choice.cpp: fields that follow from a choice (core/store/choice_sides.h)
  Result<bool> is_question(const Table& table, std::size_t field);  // of the record that is loaded
  Result<bool> follows_question(const Table& table, std::size_t field);
  Result<std::vector<std::pair<std::size_t, Value>>> following(const Table& table, const Table::Choice& choice, const Id& row);
  Status settle_choice(const Target& target);

  // settle_only_one.cpp
  void note_only_ones(const Table& table, bool was_live, bool live);
  Status settle_only_one(const Alike& alike);

  // documents.cpp
  Status settle_document(const Target& document);
  Result<Ancestry> ancestry(Version head);
  Result<bool> is_inside(const Ancestry& side, Version version);
  Result<std::vector<Head>> heads_inside(const Ancestry& side, const std::vector<Head>& all);
  Result<std::vector<DocumentSide>> sides_of(const Target& document, std::span<const Head> marks);
  Result<std::vector<Target>> lines_of(const Target& document);
  Result<std::optional<DocumentRecord>> record_inside(const Target& target, const Ancestry& side);  // none: the side knows nothing of it
  Result<std::vector<DocumentRecord>> document_at(const Target& document, Version mark);
  Result<DocumentRecord> record_from(const Target& target, const std::vector<Head>& visible);
  Result<std::vector<DocumentRecord>> document_inside(const Target& document, const Ancestry& side);

  // document_index.cpp: all that the sides of a document may consist of.
  struct DocumentIndex {
    using Action = std::pair<DeviceNumber, std::int64_t>;
    struct Mark {
      Action action;
      std::vector<Version> before;
    };
    struct Written {
      std::size_t record = 0;
      Head head;
      std::vector<Version> replaced;
    };
    std::vector<Target> records;  // the document, then its lines by id
    std::map<Version, Mark> marks;
    std::map<Action, std::vector<Written>> written;
    [[nodiscard]] Ancestry ancestry(Version mark) const;
    [[nodiscard]] std::map<Version, std::optional<Version>> alike() const;
  };
  Result<DocumentIndex> index_of(const Target& document, std::span<const Version> marks);
  Result<std::vector<DocumentRecord>> document_inside(const DocumentIndex& index, const Ancestry& side);
  struct DocumentStates {
    std::vector<std::size_t> of_marks;                 // which state each leads to, counted in the order of the first mark that does
    std::vector<std::vector<DocumentRecord>> records;  // of each state, where asked for
  };
  Result<DocumentStates> states_of(const Target& document, std::span<const Version> marks, bool with_records);
  Result<Edit> edit_towards(const Target& target, const Ancestry& side, bool goes);
  Result<Edit> edit_back_to(const Target& target, const Ancestry& side);

  // repeats.cpp
  // What a change of kind undo or redo did to one cell.
  struct Step {
    std::vector<Version> inverted;
    std::optional<Version> repeated;  // none: the cell was empty
    bool of_several = false;          // one of several sides that are open again
    std::optional<Version> said_alike;  // of a "~" that repeats none, because fewer were written: whose word it is
  };
  Result<std::optional<Step>> step_of(Version version, std::string_view field);
  // Found by one walk along the repetitions: what it leads to, or that it comes round. Kept for further walks along the same.
  struct Original {
    std::optional<Version> version;
    bool comes_round = true;  // as long as the walk has not ended
  };
  using Originals = std::map<Version, Original>;
  Result<std::optional<Version>> original(Version version, std::string_view field, Originals& known);
  Result<Version> said_by(Version head, std::string_view field);
  Result<std::vector<Version>> named_versions(const Change& change, std::string_view field);
  Result<std::vector<Version>> built_upon(const std::vector<Version>& versions, std::string_view field);
  Result<std::vector<Version>> stepped_over(const Change& step, std::span<const Version> named);
  Result<std::vector<Version>> replaced_heads(const Change& change, std::string_view field);
  Result<std::vector<Version>> restorings_first(const std::vector<Version>& versions);
  Result<std::optional<Version>> said_alike(const Change& change, std::span<const Version> former);
  Result<std::vector<Version>> with_same_inverse(const Change& change, std::string_view field);
  // Of many that were written together each is asked about, and each in turn: what was found of all of them is kept until something is added.
  using CellVersion = std::pair<Version, std::string>;  // and the field
  std::map<CellVersion, std::shared_ptr<const std::vector<Version>>> written_together;
  std::map<CellVersion, std::optional<Step>> steps_of_several;
  std::map<CellVersion, std::vector<Version>> named_versions_of;
  Result<const std::vector<Version>*> named_by(Version version, std::string_view field);
  void forget_steps();
  Status sort_as_restated(std::vector<Version>& versions, const Entity* entity, std::string_view field);
  Result<ChangeKind> kind_of(Version version);
  // Whether the version is the inverse of a decision: what was asked is open again.
  Result<bool> undoes_decision(Version version, std::string_view field, Originals& known);
  Result<bool> undoes_decision(Version version, std::string_view field);
  // These heads of a "~" or "#", in their order, without those that say nothing: the undoing of a decision says no more than what was
  // before it, and others, who knew that and not the decision, have gone on from there. Of "~" only deletions go on.
  Result<std::vector<Version>> without_undone(std::vector<Version> marks, std::string_view field);
  // What lies behind the undoing of a decision, however often it was done and undone; none where the version is no such undoing.
  struct TriedDecision {
    std::vector<Version> tried;      // the decision last
    std::optional<Version> before;  // none: the cell was empty
  };
  Result<std::optional<TriedDecision>> tried_behind(Version mark, std::string_view field);
};

// The packed value and the replaced versions that a change's packed fields give to a field; false when it gives none.
bool find_packed_field(std::string_view fields, std::uint64_t count, SymbolNumber field, std::string_view& value,
                       std::vector<Version>& replaced);

[[nodiscard]] std::vector<Version> versions_of(std::span<const Head> cell);

// What people would see of a document, to compare two states: its records that are not removed, whatever became of the others.
[[nodiscard]] std::string packed_state(std::span<const DocumentRecord> records);

// Calls visit(version, raw entry, whether it is of the cell, packed value, versions replaced) for every version of a cell that
// these build on, themselves included, each once. Views hold until the next one is read.
template <typename Visit>
Status for_each_built_upon(Log& log, SymbolNumber field, std::vector<Version> waiting, Visit visit) {
  std::set<Version> seen;
  std::vector<Version> replaced;
  while (!waiting.empty()) {
    const Version version = waiting.back();
    waiting.pop_back();
    if (!seen.insert(version).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
    std::string_view value;
    replaced.clear();
    const bool of_cell = find_packed_field(raw.fields, raw.header.field_count, field, value, replaced);
    visit(version, raw, of_cell, value, std::span<const Version>(replaced));
    waiting.insert(waiting.end(), replaced.begin(), replaced.end());
  }
  return {};
}

// The heads that each cell would have if there were only the versions of it that count: counts(version, raw entry).
template <typename Counts>
Result<std::vector<Head>> heads_where(Log& log, const std::vector<Head>& heads, Counts counts) {
  std::vector<Head> counting, overtaken, result;
  Status status;
  for_each_cell(heads, [&](SymbolNumber field, std::span<const Head> cell) {
    const auto look = [&](Version version, const RawEntry& raw, bool of_cell, std::string_view, std::span<const Version> before) {
      if (of_cell && counts(version, raw)) {
        counting.push_back({field, version});
        std::ranges::transform(before, std::back_inserter(overtaken), [field](Version older) { return Head{field, older}; });
      }
    };
    status = status ? for_each_built_upon(log, field, versions_of(cell), look) : status;
  });
  KEHUBU_TRY(status);
  kehubu::sort(counting);
  kehubu::sort(overtaken);
  std::ranges::set_difference(counting, overtaken, std::back_inserter(result));
  return result;
}

}  // namespace kehubu
