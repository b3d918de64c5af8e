// Oracle: what should stand, worked out from docs/store.md and docs/merge.md alone.
//
// It holds the set of all changes as a plain list, in the order of nothing, and answers for any knowledge (device → last
// sequence) what people must see: records with their values, which of them live, and what waits for a decision. It makes
// everything anew for each question, with nothing of core/store or core/sync but the declarations of the catalog; so a
// policy that all devices share and that is wrong differs from it.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/store/change.h"
#include "core/sync/sync.h"

namespace kehubu::test {

// Named by the device's id: numbers are local. Their order is that of "the least (device id, sequence)".
struct OracleVersion {
  Id device;
  std::int64_t sequence = 0;
  friend auto operator<=>(const OracleVersion&, const OracleVersion&) = default;
};

struct OracleCell {
  Value value;
  std::set<OracleVersion> replaced;
  friend bool operator==(const OracleCell&, const OracleCell&) = default;
};

struct OracleChange {
  OracleVersion version;
  std::int64_t clock = 0, action = 0;
  ChangeKind kind = ChangeKind::update;
  std::string entity;
  Id row;
  std::map<std::string, OracleCell> cells;
  friend bool operator==(const OracleChange&, const OracleChange&) = default;
};

using OracleKey = std::pair<std::string, Id>;  // entity, record

struct OracleRecord {
  bool live = true;
  bool out_of_sight = false;  // a line that only another side of its document has
  bool edited_late = false;   // a closed fact, by somebody who did not know
  std::map<std::string, Value> values;
  friend bool operator==(const OracleRecord&, const OracleRecord&) = default;
};

// Sides of a field or of a document: the versions of each, and whether it is the one that people see. Empty for other kinds.
struct OracleConflict {
  std::map<std::set<OracleVersion>, bool> sides;
  std::set<OracleKey> records;  // of which one too many share a number or a place
  friend bool operator==(const OracleConflict&, const OracleConflict&) = default;
};

struct OracleView {
  std::map<OracleKey, OracleRecord> records;
  std::map<std::string, OracleConflict> conflicts;  // by key
  std::int64_t edited_late = 0;                     // closed facts
};

class OracleNames;

class Oracle {
 public:
  // False when the same version was learnt with another content.
  [[nodiscard]] bool learn(OracleChange change);
  // Of a tablet that was restored: what nobody else has heard of.
  void forget_after(const Id& device, std::int64_t sequence);

  [[nodiscard]] std::int64_t last_of(const Id& device) const;
  // What somebody knows who uses these names.
  [[nodiscard]] Oracle under(const OracleNames& names) const;

  [[nodiscard]] OracleView view(const Knowledge& known) const;
  // The versions that a cell has for somebody who knows this: what one who writes it now must replace.
  [[nodiscard]] std::set<OracleVersion> heads(const Knowledge& known, const OracleKey& record, const std::string& field) const;
  // Of all its cells: what a deletion must replace.
  [[nodiscard]] std::set<OracleVersion> all_heads(const Knowledge& known, const OracleKey& record) const;
  [[nodiscard]] const OracleChange* find(const OracleVersion& version) const;
  // Every change of the records whose ids a text names, and of lines that belong to them, for who looks into a failed seed.
  [[nodiscard]] std::string history(const Knowledge& known, std::string_view naming) const;

 private:
  using Changes = std::vector<const OracleChange*>;
  using Side = std::set<std::pair<Id, std::int64_t>>;  // device and action
  struct Life {
    bool removed = false, conflict = false;
  };

  [[nodiscard]] Changes known_of(const Knowledge& known, const OracleKey& record) const;
  using Heads = std::map<std::string, std::set<OracleVersion>>;  // of each cell that was ever written
  [[nodiscard]] static Heads heads_of(const Changes& changes);
  [[nodiscard]] Heads shown_heads(const Entity& entity, const Changes& changes) const;
  [[nodiscard]] Life life_of(const Changes& changes) const;
  [[nodiscard]] const OracleChange* stepped_over(const OracleChange& change, const std::string& field) const;
  [[nodiscard]] bool is_known(const std::set<OracleVersion>& known, OracleVersion version, const std::string& field) const;
  [[nodiscard]] bool reopens(const OracleChange& deletion) const;
  [[nodiscard]] static Changes only(const Changes& changes, const Side& side);
  [[nodiscard]] Side side_of(const OracleVersion& mark) const;
  [[nodiscard]] OracleVersion standing(const Field& field, const std::set<OracleVersion>& heads) const;
  using State = std::map<OracleKey, std::map<std::string, Value>>;  // of a document and its lines: what lives
  [[nodiscard]] State state_of(const OracleKey& document, const Side& side, const std::map<OracleKey, Changes>& changes) const;
  void fill(OracleRecord& record, const Entity& entity, const Changes& changes) const;
  void find_field_conflicts(OracleView& view, const OracleKey& key, const Entity& entity, const Changes& changes) const;

  // oracle_rules.cpp: what docs/merge.md adds
  [[nodiscard]] Heads without_late_edits(const Entity& entity, Heads heads, const Changes& changes) const;
  [[nodiscard]] OracleVersion said_by(OracleVersion head, const std::string& field) const;
  [[nodiscard]] bool is_nobodys(OracleVersion head, const std::string& field) const;
  // "The undoing of a decision says no more than what was before it": without those beside which others went on from there.
  [[nodiscard]] std::set<OracleVersion> without_tried(std::set<OracleVersion> marks, const std::string& field, const std::function<bool(const OracleVersion& decision)>& counts) const;
  [[nodiscard]] OracleVersion repeated_by(const OracleVersion& head, const std::string& field, const OracleChange& undone) const;
  using ByRecord = std::map<OracleKey, Changes>;
  static void find_more_than_one(OracleView& view);
  static void ask_choices_as_one(OracleView& view);
  static void find_shared_numbers(OracleView& view);
  void empty_circles(OracleView& view, const ByRecord& changes, const std::set<OracleKey>& removed, std::set<std::pair<OracleKey, std::string>>& emptied) const;
  void find_broken_rules(OracleView& view, const ByRecord& changes, const std::set<OracleKey>& removed, const std::set<std::pair<OracleKey, std::string>>& emptied) const;

  [[nodiscard]] Id root_of(const Id& device) const;

  std::map<Id, Id> roots_;  // of branches
  std::map<OracleVersion, OracleChange> changes_;
  std::map<OracleKey, std::set<OracleVersion>> of_record_;
};

// What a record of these values `after` would be that no form lets pass: a rule that is broken though it was neither `before` a step was taken
// back nor `then`, in the state that the step gives back; "closed" where a fact changes that is closed and was not then.
[[nodiscard]] std::vector<std::string> newly_wrong(const Entity& entity, const std::map<std::string, Value>& then, const std::map<std::string, Value>& before,
                                                   const std::map<std::string, Value>& after);

// What a device shows, for comparing; what differs first, or "".
[[nodiscard]] std::string difference(Store& store, Sync& sync, const OracleView& expected);
// As the log of a device has it, with the names that it uses.
[[nodiscard]] OracleChange oracle_change(const Change& change, Store& store);

}  // namespace kehubu::test
