// Store: the one database of a device. Reads, writes, the change log, undo, history, the content hash.
//
// Nothing is written around the log. One call of write() is one action of one person: one SQLite transaction, applied
// whole or not at all, undoable whole. All calls are synchronous; the cost of write() grows with what it changes, not
// with the size of the database. The database file is made by open() from the catalog and migrated additively when the
// catalog has grown.
//
// A Store believes that nobody else writes its file: it remembers numbers and chains from one action to the next. Who opens
// one sees to that (the page by a lock of the browser, the command line by a lock on the file). Should another program
// have written all the same, the next action is refused with ErrorKind::conflict, and everything remembered is read anew.
//
// Ownership: the Store owns its SQLite connection. Single-threaded.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/catalog.h"
#include "core/store/change.h"

struct sqlite3;

namespace kehubu {

// A record as people see it: values by the catalog's order of fields, derived ones included.
struct Record {
  const Entity* entity = nullptr;
  Id id;
  std::int64_t row_number = 0;  // local, stable while the record lives; the key of lists
  bool deleted = false;
  bool in_conflict = false;     // some cell, the document or the deletion waits for a decision
  std::vector<Value> values;    // parallel to entity->fields

  [[nodiscard]] const Value& value(std::string_view field) const;
};

// What a caller wants to change. Fields not named stay as they are.
struct Edit {
  const Entity* entity = nullptr;
  Id row;                                                 // new_id() for a new record
  std::vector<std::pair<const Field*, Value>> fields;
  bool remove = false;
  bool restore = false;
};

struct WriteOptions {
  ChangeKind kind = ChangeKind::update;  // create/update/remove are told apart by the store; set it for import, sample …
  bool skip_validation = false;          // only for what was validated already (undo, resolution)
  bool side_of_document = false;         // of a decision between the sides of a document: the edits are the whole of one side
  // When and by whom each of the edits was written, where a past is made up (the sample company): parallel to the edits,
  // clocks ascending and not ahead of now. Empty: now, by the person of this device.
  struct Stamp {
    std::int64_t clock = 0;
    Id person;
  };
  std::vector<Stamp> stamps = {};
};

struct Written {
  std::int64_t action = 0;             // of this device
  std::vector<Sentence> hints;         // yellow hints (R-VAL-15): saved all the same
};

enum class SortDirection : std::uint8_t { ascending, descending };

struct Filter {
  const Field* field = nullptr;
  enum class Operator : std::uint8_t { equals, not_equals, contains, at_least, at_most, is_empty, is_not_empty, any_of } op =
      Operator::equals;
  std::vector<Value> operands;
};

struct ListQuery {
  const Entity* entity = nullptr;
  std::string search;  // words, all must be found: substring of searchable fields, pinyin, initials, digits of phones
  std::vector<Filter> filters;
  const Field* sort_by = nullptr;
  SortDirection direction = SortDirection::ascending;
  bool deleted = false;  // the bin instead of the living
};

// One value of one cell in the log, for history and conflicts.
struct HistoryEntry {
  Version version;
  Id device;
  std::string device_name;
  Id person;
  std::string person_name;
  std::int64_t clock = 0;
  std::int64_t action = 0;
  ChangeKind kind = ChangeKind::update;
  const Entity* entity = nullptr;  // null when this program does not know it
  Id row;
  std::string field;
  Value value;
  Value before;      // value that it replaced, null if none
  bool head = false; // still stands (or waits) today
};

struct UndoState {
  bool can_undo = false, can_redo = false;
  Sentence undo_label, redo_label;  // "撤销：新建客户 博海餐饮"
};

struct DeviceIdentity {
  Id device;
  std::string letter = "A";    // business numbers: employee code + letter (R-NUM-01)
  std::string name;            // "王敏的平板"
  Id person;                   // employee who uses it
};

class Store {
 public:
  static constexpr std::string_view outlives_tasks_because = "whoever closes the store ends the tasks first";
  virtual ~Store() = default;

  // --- reading
  [[nodiscard]] virtual Result<Record> read(const Entity& entity, const Id& id) = 0;
  // Reads only the `wanted` fields and leaves the others null; all when none is named. Derived fields are queries of their
  // own, so that what a list shows costs a fraction of the whole record.
  [[nodiscard]] virtual Result<Record> read_row(const Entity& entity, std::int64_t row_number,
                                                std::span<const Field* const> wanted = {}) = 0;
  // Row numbers in order: 8 bytes a record, so that a virtual list can hold 1,000,000 of them.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> list(const ListQuery& query) = 0;
  [[nodiscard]] virtual Result<std::int64_t> count(const ListQuery& query) = 0;
  // How many of what the query finds have each value of the field; of several choices each counts. One walk.
  [[nodiscard]] virtual Result<std::vector<std::pair<Value, std::int64_t>>> tally(const ListQuery& query, const Field& field) = 0;
  // How a record is called in lists and references ("博海餐饮"); "" when there is none.
  [[nodiscard]] virtual std::string title(const Entity& entity, const Id& id) = 0;
  // Grows with every write, undo and merge; lists are kept until it changes.
  [[nodiscard]] virtual std::int64_t revision() const = 0;
  // Choices of a list: the catalog's, then dict_item's, labels in both languages. Cached until revision() changes.
  struct ChoiceLabel { std::string id; Sentence label; bool active = true; };
  [[nodiscard]] virtual std::span<const ChoiceLabel> choices(const ChoiceList& list) = 0;

  // --- writing
  // Validates every edit (required fields, formats, unique values, references, facts, rules of R-VAL), fills defaults
  // and numbers of new records, writes rows and log. On an error nothing is changed and the message lists every problem.
  [[nodiscard]] virtual Result<Written> write(std::span<const Edit> edits, const WriteOptions& options = {}) = 0;
  // The problems that write() would refuse for, one per field, and the hints; of no field: that the database could not be read.
  struct Problem { const Field* field; Sentence message; bool hint_only; };
  [[nodiscard]] std::vector<Problem> validate(const Edit& edit) { return foresee(edit).problems; }
  // What write() would make of the edit: its problems, and what rules and defaults would write into this record besides.
  struct Foresight { std::vector<Problem> problems; std::vector<std::pair<const Field*, Value>> filled; };
  [[nodiscard]] virtual Foresight foresee(const Edit& edit) = 0;
  // The living records that refer to this one and would not go with it: while there are any, deleting it is refused
  // (R-GEN-07). By entity; at most `limit` rows are named of each, `count` says how many there are.
  struct Obstacle { const Entity* entity; const Field* field; std::size_t count; std::vector<Id> rows; };
  [[nodiscard]] virtual std::vector<Obstacle> obstacles_to_removal(const Entity& entity, const Id& id, std::size_t limit) = 0;

  // --- undo, history, past
  [[nodiscard]] virtual UndoState undo_state() = 0;
  [[nodiscard]] virtual Result<Sentence> undo() = 0;  // says what was undone; refuses when something later builds on it
  [[nodiscard]] virtual Result<Sentence> redo() = 0;
  [[nodiscard]] virtual Result<std::vector<HistoryEntry>> history(const Entity& entity, const Id& id,
                                                                  std::string_view field = {}) = 0;  // newest first
  [[nodiscard]] virtual Result<Record> read_as_of(const Entity& entity, const Id& id, std::int64_t clock) = 0;
  // The living records of that moment. Costs a walk over the entity's log.
  [[nodiscard]] virtual Result<std::vector<Record>> list_as_of(const Entity& entity, std::int64_t clock) = 0;

  // --- identity and truth
  [[nodiscard]] virtual const DeviceIdentity& identity() const = 0;
  virtual Status set_identity(const DeviceIdentity& identity) = 0;  // name, letter and person; the device id stays
  // SHA-256 over the log: the same on every device that knows the same changes (docs/bundle.md). 64 hex digits.
  [[nodiscard]] virtual Result<std::string> content_hash() = 0;
  // SHA-256 over the tables and open conflicts as people see them. Proves that tables and log agree across devices;
  // costs a walk over everything.
  [[nodiscard]] virtual Result<std::string> table_hash() = 0;
  // Rebuilds every table from the log in a scratch copy and compares; "" or what differs first.
  [[nodiscard]] virtual Result<std::string> verify() = 0;

  // --- local settings of this device that never travel (language, last export …)
  [[nodiscard]] virtual std::string setting(std::string_view key) = 0;
  virtual Status set_setting(std::string_view key, std::string_view value) = 0;

  // Called after each committed transaction (the page asks storage to flush).
  virtual void on_commit(std::function<void()> handler) = 0;
  [[nodiscard]] virtual sqlite3* connection() = 0;  // for sync/ and tools; the tables are described in docs/store.md
};

struct OpenOptions {
  std::string path;          // file name, given to SQLite
  std::string vfs;           // "" for the default, "kehubu" in the page
  bool create = true;
  bool read_only = false;    // for looking only, where the file or its folder may not be written
  int wait_ms = 0;           // how long to wait while another program writes the file
};

[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const OpenOptions& options, Environment& environment);

}  // namespace kehubu
