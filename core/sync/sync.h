// Sync: bundles out, bundles in, and what a person must decide (decision 3).
//
// A bundle is the difference between two states of knowledge: `since` and `have`, each a map from device to the last
// sequence number known. It holds every change in between, so that whoever knows at least `since` knows at least
// `have` afterwards. Importing is set union. docs/bundle.md specifies the file to the byte.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/store/store.h"

namespace kehubu {

using Knowledge = std::map<Id, std::int64_t>;  // device → last sequence known

struct Limits {  // of hostile input; docs/bundle.md lists them
  std::uint64_t bundle_bytes = 512ULL << 20;
  std::uint64_t line_bytes = 4ULL << 20;
  std::uint32_t depth = 8;
  std::uint64_t changes = 4'000'000;
  std::uint32_t compression_ratio = 200;
  std::uint64_t waiting_bytes = 64ULL << 20;  // of all files that wait; what exceeds it is remembered by name only
};

struct Peer {  // a device that we have had a bundle from
  Id device;
  std::string name, letter;
  Id person;
  std::string person_name;
  Knowledge have;             // what it said it knew, in its latest bundle
  std::int64_t last_heard = 0;
  std::int64_t last_sent = 0;
  Id former;                  // the device as which it wrote before it went on under a new name; empty where it did not
  std::int64_t lacks = 0;     // changes that are here and that it has not proved to know
};

// A letter that a person's business numbers have on another device, and that device's name where it has told its own.
struct UsedLetter {
  std::string letter, device_name;
};

// For one more device of that person: after the greatest that is used. A lesser one may be in use unseen.
[[nodiscard]] std::string next_letter(std::span<const UsedLetter> used);

struct ExportRequest {
  std::optional<Id> receiver;  // a peer: only what it lacks; none: everything
  std::size_t packed_from = 0;  // bytes from which the caller packs the text with gzip, and the name ends with .gz; 0: never
};

struct ExportedBundle {
  std::string name;            // "kehubu-R07A-20261126-1810.json", for a receiver "kehubu-R07A-to-HQA-20261126-1810.json"
  std::string json;
  std::int64_t changes = 0;
  std::string digest;          // hex
};

struct PreviewLine {  // what a bundle would do, for a person to agree to
  Sentence text;
  enum class Weight : std::uint8_t { plain, notable, warning } weight = Weight::plain;
};

enum class BundleState : std::uint8_t { ready, already_known, waiting, refused };

struct Preview {
  BundleState state = BundleState::refused;
  Sentence headline;              // "王敏的平板：366 处修改，其中 12 个新客户" or why it is refused
  std::string device_name, person_name;
  std::int64_t created_at = 0;
  std::int64_t changes = 0, new_changes = 0, records = 0;
  bool keeps_both = false;  // a device of which two histories are told: importing keeps both
  std::vector<PreviewLine> lines;
};

struct MergeReport {
  std::int64_t bundles = 0, refused = 0, already_known = 0;
  std::int64_t waiting = 0;           // files that wait now, each once, whenever they were given
  std::int64_t waiting_rows_read = 0; // of the register of what waits: it grows with what the session brings, not with what waits
  std::int64_t headers_examined = 0;  // how often: at most a few times a file, in whatever order they came
  std::int64_t changes_applied = 0, records_touched = 0, conflicts_opened = 0, superseded = 0, parked = 0;
  std::int64_t ruled_out = 0;         // that a rule did not let stand: late edits of what is closed, moved lines
  std::int64_t conflicts_closed = 0;  // that had been open
  std::int64_t conflicts_open = 0;    // when it was over: those opened now and those that had been waiting
  std::vector<Sentence> remarks;  // clocks that are wrong, a cloned tablet, gaps …; each once
  std::vector<Sentence> concerns; // decisions of others on what this person had written, and notes of his that lost
};

enum class ConflictKind : std::uint8_t {
  field, document, delete_against_edit, missing_reference, duplicate_number,
  circle,  // references that lead back to where they began; one of them is shown empty
  rule,    // fields of one record that do not fit together; what was written stands, until one of them gives way
  only_one,  // records of which there may be only one, two primary contacts for example; all live, until a person has chosen
};

struct RecordName {
  const Entity* entity = nullptr;
  Id row;
  friend bool operator==(const RecordName&, const RecordName&) = default;
};

// One thing that is so, or will be so, where a side of a conflict is chosen: a value, a line, a whole record. A sentence
// without its subject: "把单价从“¥100.00”改为“¥999.00”", "新增合同明细 2（…）", "删除合同 HT-118（执行中，¥12,000.00）".
struct Effect {
  enum class Kind : std::uint8_t { changed, added, removed, kept } kind = Kind::changed;
  RecordName record;
  Sentence text;
};

struct Author {
  Id device, person;
  std::string device_name, person_name;
  std::int64_t clock = 0;
};

// One side of a conflict, in words and values. No two sides of a conflict lead to the same state.
struct ConflictSide {
  std::vector<Version> heads;
  // Who said so, the first named first. Nobody where the side is what nobody has said yet: bringing back what others need.
  std::vector<Author> authors;
  bool names_authors = false;   // others than the authors made it what it is, or several: each effect is headed by its own
  bool decided = false;         // of a document: the authors decided for it, whoever made it
  bool stands_now = false;      // what the tables show meanwhile
  bool removed = false;         // this side deletes the record
  // Everything that this side changed, adds or removes, and what it leaves as it was where another side did not. Never empty.
  std::vector<Effect> effects;
  Sentence refused{};           // why the side cannot be chosen as things are, and what can be done; empty where it can
  // Field by field: what this side changed. For a document the lines' cells too, each with its record.
  struct Cell { const Entity* entity; Id row; const Field* field; Value value; };
  std::vector<Cell> cells;
};

struct Conflict {
  std::string key;     // stable name: the same conflict has the same key on every device
  ConflictKind kind = ConflictKind::field;
  const Entity* entity = nullptr;
  Id row;
  const Field* field = nullptr;  // of kind field, duplicate_number, circle, rule and only_one
  Sentence headline;             // the sentence that the person reads
  std::vector<ConflictSide::Cell> base;
  std::vector<ConflictSide> sides;  // two or more; the one that stands first (of duplicate_number, rule and only_one none stands)
  std::vector<RecordName> others;   // records beside this one that the conflict is about: duplicates, what refers to it
  // Of kind duplicate_number: what all but the chosen record get, in the order of the sides. Empty where the number is not
  // the program's to give; then a person corrects one of the records.
  std::vector<std::string> spare_numbers;
  bool by_hand = false;  // no side can be taken as it is: a person corrects one of the records
};

class Sync {
 public:
  static constexpr std::string_view outlives_tasks_because = "it lives and goes with its store";
  virtual ~Sync() = default;

  // Without those under whose name nobody goes on.
  [[nodiscard]] virtual Result<std::vector<Peer>> peers() = 0;
  [[nodiscard]] virtual Knowledge knowledge() = 0;
  // Of the person's devices but this one: from what they told of themselves, and from the numbers that records have.
  [[nodiscard]] virtual Result<std::vector<UsedLetter>> letters_in_use(const Id& person) = 0;

  // Long work, in slices within the frame's budget; all of its result or none (decision 7).
  [[nodiscard]] virtual Task<Result<ExportedBundle>> export_bundle(ExportRequest request, Progress& progress) = 0;
  [[nodiscard]] virtual Step<Result<Preview>> preview(std::string_view json, Progress& progress) = 0;
  // Every bundle of one session in one transaction: checked first, then merged together with those that waited.
  // `files`: (name, JSON). Refused ones are told in the report's remarks and change nothing.
  [[nodiscard]] virtual Task<Result<MergeReport>> merge(std::vector<std::pair<std::string, std::string>> files,
                                                        Progress& progress) = 0;

  [[nodiscard]] virtual Result<std::vector<Conflict>> conflicts() = 0;
  [[nodiscard]] virtual Result<std::int64_t> conflict_count() = 0;
  // Those about the record, or about the document that it is a line of: what an editor of it must show.
  [[nodiscard]] virtual Result<std::vector<Conflict>> conflicts_about(const Entity& entity, const Id& row) = 0;
  // A person's choice: a side (by index), or for fields a value of their own. The choice is a change like any other,
  // it replaces every head, travels, and can be undone.
  [[nodiscard]] virtual Result<Written> resolve(const Conflict& conflict, std::size_t side) = 0;
  // Questions that choosing the side would open, each a sentence: the choice is tried and taken back, so that nothing is
  // written, but revision() is raised. What the chooser reads afterwards is among the hints of resolve().
  [[nodiscard]] virtual Result<std::vector<Sentence>> would_open(const Conflict& conflict, std::size_t side) = 0;
  [[nodiscard]] virtual Result<Written> resolve_with(const Conflict& conflict, const Value& value) = 0;
  // Values that lost without anybody deciding, one tap away: concurrent notes where a later clock stood, an edit of a record
  // that was closed meanwhile, a line that was moved. `stands.value` is what the tables show.
  struct Superseded { HistoryEntry stands, other; };
  [[nodiscard]] virtual Result<std::vector<Superseded>> superseded(const Entity& entity, const Id& row) = 0;

  // What others did to what this device (or its person, on any of his) had written: a decision that went another way, or a
  // note that stood against his own. Told after a merge, kept until it is put away.
  struct Concern {
    std::int64_t number = 0;
    enum class Kind : std::uint8_t { decided, superseded } kind = Kind::decided;
    RecordName record;
    Sentence text;          // "李强 于 … 裁定：客户“博海餐饮”的客户级别为“A级”。您写的是“C级”，原来是“B级”。"
    std::int64_t at = 0;    // of the decision or of the note
  };
  [[nodiscard]] virtual Result<std::vector<Concern>> concerns() = 0;  // the latest first
  virtual Status put_away_concerns() = 0;

  // Goes on under a new device id and letter; what was written before stays with the old one, whose changes travel like
  // any other's. For a tablet that misses changes of its own and cannot get them now. One whose id two machines have used
  // needs no asking: importing what the other wrote does the same (docs/bundle.md, Branches).
  virtual Status start_as_new_device() = 0;

  // Changes that this very device made and no longer has, as bundles of others prove: it was restored from a backup. Until
  // a bundle brings them back, or the device goes on as a new one, nothing can be written: two things would bear one name.
  struct MissingOwn {
    std::int64_t first = 0, last = 0;
    Sentence sentence;
  };
  [[nodiscard]] virtual std::optional<MissingOwn> missing_own() = 0;

  struct BundleRecord {  // the register of bundles, local to this device
    std::int64_t at = 0;
    bool outgoing = false;
    std::string name, digest, device_name, person_name;
    std::int64_t changes = 0, conflicts = 0;
    BundleState state = BundleState::ready;
    Sentence message;
  };
  [[nodiscard]] virtual Result<std::vector<BundleRecord>> bundle_history() = 0;
};

[[nodiscard]] std::unique_ptr<Sync> make_sync(Store& store, Environment& environment, const Limits& limits = {});

}  // namespace kehubu
