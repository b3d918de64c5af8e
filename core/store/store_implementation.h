// The Store behind open_store(), shared by its files: store.cpp (opening, transactions, single records), list.cpp
// (lists and search), write.cpp (actions), undo.cpp, history.cpp, truth.cpp (hashes, verifying).
#pragma once

#include <map>
#include <unordered_map>

#include "core/base/task.h"
#include "core/rules/rule.h"
#include "core/store/materialiser_parts.h"
#include "core/store/rehearsal.h"
#include "core/store/search_index.h"

namespace kehubu {

struct Deed;      // past.h
struct UndoStep;  // undo_steps.h

struct CloseConnection {
  void operator()(sqlite3* connection) const;
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

class StoreImplementation final : public StoreInternals, private RecordSource {
 public:
  StoreImplementation(Connection connection, Environment& environment);
  ~StoreImplementation() override;
  Status open(const OpenOptions& options);

  Result<Record> read(const Entity& entity, const Id& id) override;
  Result<Record> read_row(const Entity& entity, std::int64_t row_number, std::span<const Field* const> wanted) override;
  Result<std::vector<std::int64_t>> list(const ListQuery& query) override;
  Result<std::int64_t> count(const ListQuery& query) override;
  Result<std::vector<std::pair<Value, std::int64_t>>> tally(const ListQuery& query, const Field& field) override;
  std::string title(const Entity& entity, const Id& id) override;
  std::int64_t revision() const override { return revision_; }
  std::span<const ChoiceLabel> choices(const ChoiceList& list) override;

  Result<Written> write(std::span<const Edit> edits, const WriteOptions& options) override;
  Foresight foresee(const Edit& edit) override;
  std::vector<Obstacle> obstacles_to_removal(const Entity& entity, const Id& id, std::size_t limit) override;
  // Both kinds of writing. Without progress it runs through. `together`: the last thing in its transaction.
  Step<Result<Written>> write_steps(std::span<const Edit> edits, WriteOptions options, Progress* progress, const std::function<Status()>& together);

  UndoState undo_state() override;
  Result<Sentence> undo() override { return step_back(false, 0); }
  Result<Sentence> redo() override { return step_back(true, 0); }
  Result<std::vector<HistoryEntry>> history(const Entity& entity, const Id& id, std::string_view field) override;
  Result<Record> read_as_of(const Entity& entity, const Id& id, std::int64_t clock) override;
  Result<std::vector<Record>> list_as_of(const Entity& entity, std::int64_t clock) override;

  const DeviceIdentity& identity() const override { return identity_; }
  Status set_identity(const DeviceIdentity& identity) override;
  Result<std::string> content_hash() override;
  Result<std::string> table_hash() override;
  Result<std::string> verify() override;
  std::string setting(std::string_view key) override;
  Status set_setting(std::string_view key, std::string_view value) override;
  void on_commit(std::function<void()> handler) override { committed_ = std::move(handler); }
  sqlite3* connection() override { return connection_.get(); }

  Log& log() override { return *log_; }
  Materialiser& materialiser() override { return *materialiser_; }
  Environment& environment() override { return environment_; }
  Status begin() override;
  Status commit() override;
  void rollback() override;
  Status try_out(const std::function<Status()>& work) override;
  Status become_new_device(std::string_view letter, std::string_view name) override;
  Status begin_tables_anew(std::vector<std::int64_t> known_before) override;
  Status note_own_numbers(std::int64_t told) override;
  std::optional<std::pair<std::int64_t, std::int64_t>> missing_own_numbers() override;

 private:
  // --- store.cpp
  Status prepare_tables(bool create);
  Status load_identity();
  bool read_identity();
  [[nodiscard]] Result<std::int64_t> data_version();
  Status refuse_if_another_wrote();
  // row() for small questions to which no row is an answer: "nothing". That there was none because it could not be read is noted, and
  // an Error afterwards for everything that followed from it: before a person is told what is wrong, and before anything is committed.
  bool found(Statement& select);
  void note_failed_read(Error error);
  [[nodiscard]] Status everything_was_read(std::int64_t failed_reads_before) const;
  void forget_caches();
  Result<Record> read_where(const Table& table, std::string_view condition, const Value& key,
                            std::span<const Field* const> wanted = {});
  Result<bool> is_one_too_many(const Table& table, const Record& record);
  const Table& table_of(const Entity& entity) const { return materialiser_->tables().of(entity); }
  DeviceNumber own_device() { return log_->device_number(identity_.device); }
  // --- RecordSource
  std::optional<Record> read_stored(const Entity& entity, const Id& row) override;
  Value value(const Entity& entity, const Id& row, const Field& field) override;
  bool is_live(const Entity& entity, const Id& row) override;
  std::vector<Id> rows_with(const Entity& entity, const Field& field, const Value& value, std::size_t limit) override;
  std::string title_of(const Entity& entity, const Id& row) override { return title(entity, row); }
  Value derived_value(const Entity& entity, const Id& row, const Field& field, const std::deque<Draft>& drafts) override;

  // --- list.cpp
  struct CachedOrder {
    const Entity* entity = nullptr;
    std::string description;  // of the query, without its search
    std::int64_t revision = 0, epoch = 0;
    std::size_t touched_seen = 0;
    bool by_pinyin = false;
    std::vector<std::int64_t> rows;
  };
  Result<bool> bring_up_to_date(CachedOrder& order, const ListQuery& query, const std::string& sql,
                                const std::vector<Value>& operands, const std::string& key_sql);
  Result<std::vector<std::int64_t>> ordered_rows(const ListQuery& query);
  Result<SearchIndex*> search_index(const Table& table);

  // --- write.cpp
  // Cells of one record as an action writes them; what they replace is found when the change is made.
  struct RecordWrite {
    const Table* table = nullptr;
    Id row;
    ChangeKind kind = ChangeKind::update;
    std::vector<std::pair<SymbolNumber, Value>> cells;
    std::optional<bool> removed;
    std::vector<Version> inverts = {};  // of an inverse: named by the cells that these wrote, beside the heads
    // Of a deletion that is written again: what it knows. Else it knows every head of the record.
    std::optional<std::vector<Version>> known = {};
    // Which of several actions that are written together it belongs to; they do not know of each other.
    std::size_t side = 0;
    WriteOptions::Stamp stamp = {};  // its clock 0: now
  };
  // While a deed of the past is written (past.cpp): its author's device and day instead of this one's. Else null.
  struct Authorship;
  const Authorship* authorship_ = nullptr;
  friend Status write_past(Store& store, std::span<const Deed> deeds);
  friend Result<std::vector<const Field*>> disputed_fields(Store& store, const Record& record);
  Action make_action();
  DeviceNumber writing_device();
  Result<std::vector<SymbolNumber>> disputed_fields(const Record& record);
  Result<std::vector<std::pair<SymbolNumber, Value>>> choice_with(const Record& record, std::span<const std::pair<SymbolNumber, Value>> decided);
  Status part_decisions(Action& action, ChangeKind kind, std::vector<RecordWrite>& writes, Written& written);
  Status answer_whole_questions(ChangeKind kind, std::vector<RecordWrite>& writes);
  Result<std::vector<Id>> holders_of(const Table& table, SymbolNumber field, const Value& number);
  using NumberCounters = std::map<std::string, std::int64_t>;  // of one action: the last number taken, by stem
  void complete(Action& action, Draft& draft, NumberCounters& counters);
  Step<Status> complete_action(Action& action, NumberCounters& counters, Progress* progress);
  Step<Status> check_action(Action& action, Findings& found, Progress* progress);
  static Status refuse_problems(const Findings& found, Written& written);
  std::string next_number(const Entity& entity, Action& action, NumberCounters& counters);
  Status keep_number_counters(const NumberCounters& counters);
  void draft_edits(Action& action, std::span<const Edit> edits);
  Status take_lines_along(Action& action);
  std::vector<Obstacle> obstacles(const World& world, const Draft& draft, std::size_t limit);
  std::vector<std::string> waiting_users(const Draft& draft);
  void check_references_to_removed(const World& world, Findings& found);
  Status refuse_edits_of_deleted(Action& action, ChangeKind kind);
  std::vector<RecordWrite> writes_of(Action& action, ChangeKind kind);
  Result<std::int64_t> append_action(std::vector<RecordWrite> writes);
  Step<Result<std::int64_t>> append_steps(std::vector<RecordWrite> writes, bool decides_documents, Progress* progress);
  void add_document_marks(std::vector<RecordWrite>& writes);
  Status refuse_unsettled_documents(std::span<const RecordWrite> writes);
  Result<Change> make_change(const RecordWrite& write, const std::vector<Head>& heads, std::int64_t action, std::int64_t clock);
  Status name_inverted(Change& change, const std::vector<Version>& inverted);
  bool closes_fact(const RecordWrite& write);
  Result<std::vector<Head>> heads_in_table(const Table& table, const Id& row);

  Result<std::int64_t> flags_of(const Table& table, const Id& row);

  // --- restored_documents.cpp
  Result<std::vector<Sentence>> bring_back_sides(std::vector<RecordWrite>& writes);
  Status bring_back_sides_of(const RecordWrite& restored, std::span<const Version> states, std::vector<RecordWrite>& writes);

  // --- undo.cpp
  struct UndoEntry {
    std::int64_t position = 0, action = 0, last_action = 0;
    Sentence label;
  };
  Status push_undo(std::int64_t action, std::int64_t last_action, const Sentence& label);
  std::optional<UndoEntry> undo_entry(bool undone, std::int64_t position);
  Result<std::set<std::string>> open_conflicts();  // their keys
  Status refuse_what_does_not_fit(const std::vector<RecordWrite>& writes);
  Status refuse_mixture(const Draft& draft, const Change& step);
  Result<std::optional<Version>> said_since(const Draft& draft, const Field& field, const Change& step);
  [[nodiscard]] std::optional<Error> in_use(Action& action, const Draft& draft);
  Sentence author_of(DeviceNumber device, const Id& person);
  Sentence author_of(Version version);
  Result<Sentence> take_step(bool redo, const UndoEntry& entry);
  Result<Sentence> step_back(bool redo, std::int64_t position);  // 0: the next
  friend std::vector<UndoStep> undo_steps(Store& store, bool redo, std::size_t limit);
  friend Result<Sentence> take_step(Store& store, bool redo, std::int64_t position);

  // --- inverse.cpp
  // A document that an inverse brings back, to be compared afterwards.
  struct Return {
    const Table* table = nullptr;
    Id row;
    std::optional<Version> mark;  // none: it was not there
    std::size_t side = 0;
  };
  struct Inverse {
    ChangeKind kind = ChangeKind::undo;
    bool of_decision = false;    // what was asked is open again
    bool decides_again = false;  // the inverse of such an inverse
    std::vector<RecordWrite> writes;
    std::vector<Return> returns;
  };
  // A cell that an inverse writes again, and in which write.
  struct Rewritten {
    std::string_view field;
    std::optional<Version> former;
    std::size_t write = 0;
  };
  Result<std::vector<Change>> changes_of(const UndoEntry& entry);
  Result<Inverse> inverse_of(const UndoEntry& entry, ChangeKind kind);
  Result<bool> is_of_decision(const Change& change);
  Result<bool> undid_decision(const Change& change);
  struct Asked {
    bool of_record = false, of_field = false;
  };
  Result<Asked> asked_about(const Inverse& inverse);
  Status refuse_without_question(const Inverse& inverse, const std::set<std::string>& open_before, Asked before);
  Result<bool> was_birth_of_record(const Entity& entity, const Change& change);
  Status invert_record(const Table& table, std::span<const Change> changes, Inverse& inverse);
  static void put_sides_in_order(std::vector<RecordWrite>& writes);
  Status invert_birth(const Table& table, std::span<const Change> changes, Inverse& inverse);
  Status invert_deletion(const Table& table, std::span<const Change> changes, Version deletion, std::span<const Rewritten> rewritten,
                         Inverse& inverse);
  Result<bool> is_older(Version version, const Change& change);
  RecordWrite write_returning(const Edit& edit, ChangeKind kind, std::size_t side);
  Status invert_document(const Table& table, std::span<const Change> changes, Inverse& inverse);
  Status leave_out_tried(std::string_view field, std::span<const Version> written, std::vector<Version>& heads);
  Result<bool> still_stands(std::string_view field, std::vector<Version> written, std::span<const Head> heads);
  Result<std::vector<Version>> former_heads(std::string_view field, std::span<const Version> written);
  std::unexpected<Error> built_upon(const Table& table, const Id& row, std::span<const Version> written, std::span<const Head> heads);
  Status refuse_in_bin(const Table& table, const Id& row, const std::vector<Head>& heads);
  Status refuse_what_never_was(const Inverse& inverse, std::int64_t first_sequence);

  // --- history.cpp
  Result<Value> value_before(const Entity& entity, Version version, std::string_view field);
  Result<std::vector<Head>> heads_before(const std::vector<Head>& heads, std::int64_t clock);
  Result<Record> record_from(const Table& table, const Id& id, const std::vector<Head>& heads);

  Connection connection_;
  Environment& environment_;
  std::unique_ptr<Database> database_;
  std::optional<Rehearsal> rehearsal_;  // while the rules of an action ask what will be
  std::unique_ptr<Log> log_;
  std::unique_ptr<Materialiser> materialiser_;
  DeviceIdentity identity_;
  std::int64_t revision_ = 1;
  int transaction_depth_ = 0;
  std::int64_t failed_reads_ = 0, failed_reads_before_ = 0;  // so far, and when the transaction began
  Error last_failed_read_;
  std::int64_t data_version_ = 0;  // SQLite's count of what other connections committed, when the caches were filled
  std::function<void()> committed_;

  struct CachedChoices {
    std::int64_t revision = 0;
    std::vector<ChoiceLabel> labels;
  };
  std::map<const ChoiceList*, CachedChoices> choices_;
  std::map<const Table*, std::unique_ptr<SearchIndex>> search_indexes_;
  std::vector<CachedOrder> orders_;
};

}  // namespace kehubu
