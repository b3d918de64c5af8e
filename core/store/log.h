// Log and Materialiser: what the rooms store/ and sync/ share. Nobody else includes this header.
//
// The Log is the truth: every change of every device that is known here, in one b-tree. The Materialiser makes the
// tables from it. docs/store.md describes the tables; docs/bundle.md builds on canonical() and the chain.
//
// How sync/ uses them (all in one transaction, see StoreInternals):
//   begin → for each device: append(changes in order of sequence) and add(change) for each → step() until finished →
//   finish() → commit. On any error: rollback, and nothing has happened.
//
// Single-threaded. Both belong to the Store and live as long as it does.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/store/change.h"
#include "core/store/store.h"

struct sqlite3;

namespace kehubu {

using Digest = std::array<std::uint8_t, 32>;  // of SHA-256
using SymbolNumber = std::int32_t;            // an entity or field name in the local table of symbols

// A pseudo-field beside those of change.h: "_closed" on a fact, 1 when it was closed. Like "~" it replaces every head of the
// record, so that an edit that the closing did not know of is seen as such, and changes nothing. To an older program it is a
// field like any other that it does not know.
inline constexpr std::string_view closed_field = "_closed";

// Sequence numbers lie within 1 … 2^40 − 1, device numbers within 1 … 2^22 − 1: both fit into one key of the log.
inline constexpr std::int64_t largest_sequence = (std::int64_t{1} << 40) - 1;

struct DeviceState {
  Id id;
  // Of a branch (docs/bundle.md): the device under whose name it was written, and what it begins after. Else id, 0, chain(0).
  Id root;
  std::int64_t base = 0;
  Digest base_chain{};
  std::string name;  // "王敏的平板": for people, not part of the truth
  Id person;
  std::int64_t last_sequence = 0;
  std::int64_t last_clock = 0;
  Digest chain{};  // after last_sequence

  [[nodiscard]] bool is_branch() const { return root != id; }
  [[nodiscard]] bool has_changes() const { return last_sequence > base; }
};

struct RawEntry;
class Materialiser;
class Tables;

class Log {
 public:
  explicit Log(sqlite3* connection);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // --- devices. Numbers are local, count from 1 and never change.
  [[nodiscard]] DeviceNumber device_number(const Id& id);  // interns: a device not seen before gets the next number
  [[nodiscard]] std::optional<DeviceNumber> find_device(const Id& id) const;
  [[nodiscard]] DeviceNumber device_count() const;         // numbers are 1 … device_count()
  [[nodiscard]] const DeviceState& device(DeviceNumber number) const;
  [[nodiscard]] const Id& device_id(DeviceNumber number) const { return device(number).id; }
  [[nodiscard]] std::int64_t last_sequence(DeviceNumber number) const { return device(number).last_sequence; }
  [[nodiscard]] const Digest& chain(DeviceNumber number) const { return device(number).chain; }
  void describe_device(DeviceNumber number, std::string_view name, const Id& person);

  // --- symbols: names of entities and fields, known to this program or not
  [[nodiscard]] SymbolNumber symbol(std::string_view text);  // interns
  [[nodiscard]] std::string_view symbol_text(SymbolNumber number) const;
  [[nodiscard]] SymbolNumber symbol_count() const;           // numbers are 1 … symbol_count()
  // Persons are interned too; 0 is nobody.
  [[nodiscard]] std::int32_t person_number(const Id& person);
  [[nodiscard]] const Id& person_id(std::int32_t number) const;

  // --- writing. Changes of one device, in order, the first one continuing that device's last sequence; the chain and
  // last_clock advance with them. A gap is a broken invariant of the caller (Error of kind corrupt, nothing appended).
  // Adds them to `materialiser` as well, if there is one: cheaper than Materialiser::add() for each.
  Status append(std::span<const Change> changes, Materialiser* materialiser = nullptr);

  // --- branches: two machines have written under one name, and their histories part after a number. Each goes on as a
  // branch, whose id follows from the history alone. Numbers stay; a branch has those after its base.
  [[nodiscard]] static Id branch_id(const Id& root, const Digest& first_chain);  // the chain after its first change
  // Interns a branch that has no changes yet.
  [[nodiscard]] DeviceNumber branch_number(const Id& id, const Id& root, std::int64_t base, const Digest& base_chain);
  // As another log has it.
  [[nodiscard]] DeviceNumber number_like(const DeviceState& state);
  [[nodiscard]] bool has_branches() const;
  [[nodiscard]] bool is_cut(DeviceNumber number) const;  // other histories begin where it ends: it never grows again
  [[nodiscard]] std::vector<DeviceNumber> branches_of(const Id& root) const;  // the root itself among them
  // A history and those at whose ends it and they begin, the youngest first: all that one machine has written under a name.
  [[nodiscard]] std::vector<DeviceNumber> histories_behind(DeviceNumber number) const;
  // What these devices say after these numbers becomes branches, each up to where the next one begins, and is named so in all of the
  // log, which is read once for all of them. Gives them sorted, with their numbers. The tables must be made anew.
  struct Cut {
    DeviceNumber from = 0;
    std::int64_t last_kept = 0;
    DeviceNumber tail = 0;  // the branch
    friend auto operator<=>(const Cut&, const Cut&) = default;
  };
  [[nodiscard]] Result<std::vector<Cut>> split(std::vector<Cut> cuts);

  // --- reading
  [[nodiscard]] bool contains(Version version) const;
  [[nodiscard]] Result<Change> read(Version version);
  // The same without making a Change, for store/: the packed form of core/store/log_entry.h.
  [[nodiscard]] Result<RawEntry> read_raw(Version version);
  [[nodiscard]] std::int64_t segments_read() const;  // so far: what a walk costs, counted
  // The changes from … to (inclusive) of a device, in order. The callback's Error ends the walk and is returned. The
  // Change is reused from call to call.
  Status for_each(DeviceNumber device, std::int64_t from, std::int64_t to,
                  const std::function<Status(const Change&)>& callback);

  // --- the chain: chain(0) = device id ‖ 16 zero bytes; chain(n) = SHA-256(canonical(change n)) with chain(n−1) in the
  // place of the initial hash value. canonical.h says what the canonical form is.
  void append_canonical(std::string& bytes, const Change& change) const;
  [[nodiscard]] static Digest first_chain(const Id& device);
  [[nodiscard]] static Digest next_chain(const Digest& chain, std::string_view canonical);
  // The chain as it was after `sequence`; walks the device's log unless it is the last.
  [[nodiscard]] Result<Digest> chain_at(DeviceNumber device, std::int64_t sequence);
  // After the canonical form itself has changed. Walks the whole log, and forgets what sync/ remembered of the old chains.
  Status make_chains_anew();
  // SHA-256 over id(16) ‖ last_sequence(8, big endian) ‖ chain(32) of each device with a change, sorted by id. Hex.
  [[nodiscard]] std::string content_hash() const;

  // --- clock of the next change: max(wall, own last, greatest of the others unless 5 minutes ahead of the wall)
  [[nodiscard]] std::int64_t next_clock(DeviceNumber own, std::int64_t wall_ms) const;

  // Writes what was interned or described meanwhile; part of append() and of commit.
  Status flush();
  // After a rollback: forgets everything cached and reads it again.
  Status reload();

 private:
  Result<Digest> chain_from_log(DeviceNumber device, std::int64_t sequence);
  Status rewrite(DeviceNumber number, const std::function<void(Change&)>& rename);
  Status name_tails(std::span<Cut> of_one_device);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A value of those that asked for them (Materialiser::tell_losses_of) that stands nowhere, and nobody has to decide.
struct Loss {
  const Entity* entity = nullptr;
  Id row;
  const Field* field = nullptr;
  Version version;
};

// A value that stands for its later clock alone, where that clock is beyond what was said to be believed (doubt_clocks_after),
// and the latest of those that met it whose clock is not.
struct Doubt {
  const Entity* entity = nullptr;
  Id row;
  const Field* field = nullptr;
  Version stands, believed;
};

struct MaterialiseStatistics {
  std::int64_t changes = 0;
  std::int64_t records_touched = 0;
  std::int64_t conflicts_opened = 0, conflicts_closed = 0;
  std::int64_t superseded = 0;  // values that lost to a later clock
  std::int64_t ruled_out = 0;   // values that a rule does not let stand: late edits of what is closed, moved lines
  std::int64_t parked = 0;      // changes (whole or in part) that this program does not understand
  std::vector<Loss> losses;     // the first thousand
  std::vector<Doubt> doubts;    // likewise
  std::int64_t more_losses = 0, more_doubts = 0;  // beyond those
};

// A document or one of its lines at some moment of its history.
struct DocumentRecord {
  const Entity* entity = nullptr;
  Id row;
  bool removed = false;
  std::vector<Value> values;  // parallel to entity->fields; derived ones null
  std::vector<Version> versions{};  // likewise: whose word the value is; {} where nobody wrote one
  Version life{};                   // who removed or restored it last; {} where nobody did
};

struct Head;  // heads.h

// One side of a document whose actions have met: the heads of "#" that lead to the same state of it, and that state.
struct DocumentSide {
  std::vector<Version> heads;           // sorted by (device id, sequence)
  std::vector<DocumentRecord> records;  // the document first, then its lines, removed ones included
  bool stands = false;                  // what the tables show meanwhile
};

class Materialiser {
 public:
  Materialiser(sqlite3* connection, Log& log);
  ~Materialiser();
  Materialiser(const Materialiser&) = delete;
  Materialiser& operator=(const Materialiser&) = delete;

  // New changes, in the log already (or appended before step()), in any order, none twice. Copied in packed form:
  // about 60 bytes a change, so a million of them may be added before the first step.
  void add(const Change& change);
  // The same for a change whose fields are packed already (log_entry.h).
  void add(const Change& change, std::string_view packed_fields);
  // Until finish(): the batch is to say what of these devices' values lost.
  void tell_losses_of(std::vector<DeviceNumber> devices);
  // Likewise: what stands by a clock later than this.
  void doubt_clocks_after(std::int64_t clock);
  // Brings up to `records` records up to date; true when all is done. Between steps the tables are unfinished: read
  // nothing from them.
  [[nodiscard]] Result<bool> step(std::size_t records);
  // After step() said so: settles what spans records (documents, references to deleted records, duplicate numbers).
  [[nodiscard]] Result<MaterialiseStatistics> finish();
  // All of it at once.
  [[nodiscard]] Result<MaterialiseStatistics> apply(std::span<const Change> changes);
  // Empties all tables of records and makes them again from the log.
  Status rebuild();
  // The first part of that: step() until finished, then finish(), as for any batch. Of what lies up to these numbers (device number − 1 →
  // sequence) the batch tells nothing but which questions are open: it is no news.
  Status begin_rebuild(std::vector<std::int64_t> known_before = {});
  // Rows whose search text was written since the last call, for the search index. Not to be believed after a rollback.
  [[nodiscard]] std::vector<std::int64_t> take_searched_rows(const Entity& entity);
  // Rows that were written, in that order, for lists that are kept. A list that has seen `touched_rows().size()` of
  // them in an epoch is brought up to date by the rest; a new epoch begins with nothing known.
  [[nodiscard]] std::span<const std::int64_t> touched_rows(const Entity& entity) const;
  [[nodiscard]] std::int64_t touched_epoch() const;
  // Forgets what was added (after a rollback).
  void discard();
  [[nodiscard]] std::int64_t records_waiting() const;  // changes not yet materialised, for progress
  [[nodiscard]] const Tables& tables() const;          // the catalog as SQL, core/store/tables.h

  // --- questions about history, for conflicts
  // Heads of a cell, sorted by (device id, sequence); `field` may be "~" or "#". Empty when never written.
  [[nodiscard]] Result<std::vector<Version>> heads(const Entity& entity, const Id& row, std::string_view field);
  // Those by which the cell is shown, likewise sorted: of a closed fact without late edits (docs/merge.md), else its heads.
  [[nodiscard]] Result<std::vector<Version>> shown_heads(const Entity& entity, const Id& row, std::string_view field);
  // The same of all cells of a record, of these heads of some moment.
  [[nodiscard]] Result<std::vector<Head>> shown_of(const Entity& entity, std::vector<Head> heads);
  // The value that a version gave to a field; null when it gave none.
  [[nodiscard]] Result<Value> value_at(Version version, std::string_view field);
  // What deletions knew, sorted, themselves included: an edit that is not among it meets them.
  [[nodiscard]] Result<std::vector<Version>> known_to_deletions(std::span<const Version> deletions);
  // Whether a version is among these (sorted), or stands again for one of them since a decision was undone.
  [[nodiscard]] Result<bool> is_known(const std::vector<Version>& known, Version version, std::string_view field);
  // What stands among these versions of a cell, by the field's policy ("~": deleted only when all say so).
  [[nodiscard]] Result<Value> standing_value(const Entity& entity, std::string_view field, std::span<const Version> heads);
  // Youngest versions of the cell that all of these heads build on (usually one; empty when there is none). What undoing a
  // decision wrote is the words that it repeats, and does not build on the decision.
  [[nodiscard]] Result<std::vector<Version>> common_base(std::string_view field, std::span<const Version> heads);
  // The same, and where those do not agree (several people decided one question), what was before those. Empty also where they did
  // not agree again and again, most_disagreements times.
  using Agree = std::function<Result<bool>(std::span<const Version> base)>;
  static constexpr int most_disagreements = 16;
  [[nodiscard]] Result<std::vector<Version>> agreed_base(std::string_view field, std::span<const Version> heads, const Agree& agree);

  // --- what undo and redo wrote (docs/store.md, "Undo and redo"); `field` may be "~" or "#"
  // The heads of the cell that a version replaced, in the order in which an inverse writes them again; without what an
  // inverse names beside them.
  [[nodiscard]] Result<std::vector<Version>> heads_before(Version version, std::string_view field);
  // The version that this one repeats after all stepping back and forth; itself where nobody stepped. None: the cell was
  // empty then.
  [[nodiscard]] Result<std::optional<Version>> original(Version version, std::string_view field);
  // Whether the version is one of these or repeats one of them; an empty cell that is empty again does.
  [[nodiscard]] Result<bool> repeats(Version version, std::string_view field, const std::set<Version>& any_of);
  // The version whose person, device and time a head is to be shown with: that of the side which it repeats, where it is
  // a decision that was undone, or a thing that was done again. Who takes his own edit back speaks for himself.
  [[nodiscard]] Result<Version> said_by(Version head, std::string_view field);

  // --- documents
  // The document (first) and its lines as the actions up to and including a "#" head left them. Lines born outside of
  // its ancestry are absent.
  [[nodiscard]] Result<std::vector<DocumentRecord>> document_at(const Entity& entity, const Id& row, Version head);
  // All sides, the one that stands first. Heads that agree are one side; a document with one side waits for nobody.
  [[nodiscard]] Result<std::vector<DocumentSide>> document_sides(const Entity& entity, const Id& row);
  // The head whose side people see meanwhile: the least (device id, sequence) of those that do not delete the document.
  [[nodiscard]] Result<Version> document_standing_head(const Entity& entity, const Id& row);
  // As everybody saw it before these "#" heads parted (none given: its heads now): where they parted from several that did not
  // agree, before those did. Empty when they have nothing in common.
  [[nodiscard]] Result<std::vector<DocumentRecord>> document_base(const Entity& entity, const Id& row, std::vector<Version> parted = {});
  // Of a decision between sides, by its "#": the head of the side that it took. None where it took none as it was, or is no such
  // decision.
  [[nodiscard]] Result<std::optional<Version>> document_taken(const Entity& entity, const Id& row, Version decision);
  // The edits that make the side of `head` stand: write them with kind resolve and skip_validation as one action; then
  // "#" and every cell have one head.
  [[nodiscard]] Result<std::vector<Edit>> document_resolution(const Entity& entity, const Id& row, Version head);
  // The edits after which the document is what it was at `mark` (none: not there yet), cell by cell where it differs now.
  // The first is the head record's, also when it is empty.
  [[nodiscard]] Result<std::vector<Edit>> document_return(const Entity& entity, const Id& row, std::optional<Version> mark);
  // What is alive of a document at a mark and how, to compare two moments; "" when it is not there or deleted.
  [[nodiscard]] Result<std::string> document_state(const Entity& entity, const Id& row, std::optional<Version> mark);
  // Of these "#" which lead to the same state: those with the same number. What is read is read once for all of them.
  [[nodiscard]] Result<std::vector<std::size_t>> document_states(const Entity& entity, const Id& row, std::span<const Version> marks);
  // Marks at which the document, which is deleted now, was alive last: of several where several deleted it, each with another
  // state before that. The least (device id, sequence) first.
  [[nodiscard]] Result<std::vector<Version>> states_before_deletion(const Entity& entity, const Id& row);
  // Lines that were alive at the first of them.
  [[nodiscard]] Result<std::vector<std::pair<const Entity*, Id>>> lines_before_deletion(const Entity& entity, const Id& row);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The table of open conflicts, derived like all others:
//   conflict(key TEXT PRIMARY KEY, kind INTEGER, entity INTEGER, row BLOB, field INTEGER, detail)
// kind: number of sync's ConflictKind; entity, field: symbols (field null unless of kind field and duplicate_number);
// row: of duplicate_number the least id of the group, detail then the value that they share; of a field what it may share a question
// with (conflict_keys.h), else null.
// key: "field/customer/<row>/grade", "document/contract/<row>", "delete/customer/<row>", "reference/customer/<row>",
//      "duplicate/customer/code/<value>", "only_one/contact/primary/<values that are alike>".

inline constexpr std::string_view former_device_setting = "former_device";

// The Store as store/ and sync/ see it.
class StoreInternals : public Store {
 public:
  [[nodiscard]] virtual Log& log() = 0;
  [[nodiscard]] virtual Materialiser& materialiser() = 0;
  [[nodiscard]] virtual Environment& environment() = 0;
  virtual Status begin() = 0;
  virtual Status commit() = 0;    // flushes the log's caches, raises revision(), calls on_commit
  virtual void rollback() = 0;    // forgets caches and what was added to the materialiser
  // To see what would come of it: whatever `work` writes is taken back, and all is as it was, revision() and what is remembered between
  // questions included. What the caller has written before within his transaction stays, unless `work` fails so that all of it is rolled back.
  virtual Status try_out(const std::function<Status()>& work) = 0;
  // A new device id and a letter of its own, within a transaction of the caller's. What was written before stays with the
  // old one, whose id is kept under former_device_setting, and cannot be undone any more.
  virtual Status become_new_device(std::string_view letter, std::string_view name) = 0;
  // After Log::split(): empties the tables and adds all of the log to the materialiser, which the caller then steps and
  // finishes. Costs a walk over the log. `known_before`: Materialiser::begin_rebuild().
  virtual Status begin_tables_anew(std::vector<std::int64_t> known_before) = 0;
  // A restored tablet: others prove that this device has written up to `told`. Until those changes are here nothing is
  // written, which would give their numbers to other changes. 0 only looks whether they have come meanwhile.
  virtual Status note_own_numbers(std::int64_t told) = 0;
  [[nodiscard]] virtual std::optional<std::pair<std::int64_t, std::int64_t>> missing_own_numbers() = 0;  // first, last
  // Sync-owned tables are made by sync/ in the same file, with names that begin with "sync_".
};

// What a person reads while changes of this device are missing here.
[[nodiscard]] Sentence missing_own_sentence(std::int64_t first, std::int64_t last);

// Every Store that open_store() returns is one.
[[nodiscard]] inline StoreInternals& internals(Store& store) { return static_cast<StoreInternals&>(store); }

}  // namespace kehubu
