#include "tests/support/oracle.h"

#include "tests/support/oracle_names.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/store/log.h"
#include "core/store/sql.h"

namespace kehubu::test {
namespace {

const std::string removal = "~";
const std::string mark_field = "#";

bool says_removed(const OracleChange& change) {
  const auto* value = std::get_if<std::int64_t>(&change.cells.at(removal).value);
  return value != nullptr && *value != 0;
}

bool is_unique(const Entity& entity, const Field& field) {
  return field.type != FieldType::reference && (field.unique || field.id == entity.number_field);
}

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*number);
  }
  if (const auto* id = std::get_if<Id>(&value)) {
    return id->text();
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : "";
}

std::string key_of(std::string_view kind, const OracleKey& record) {
  return std::string{kind} + "/" + record.first + "/" + record.second.text();
}

}  // namespace

// --- what is known --------------------------------------------------------------------------------------------------------

bool Oracle::learn(OracleChange change) {
  const auto [place, fresh] = changes_.emplace(change.version, change);
  of_record_[{change.entity, change.row}].insert(change.version);
  return fresh || place->second == change;
}

void Oracle::forget_after(const Id& device, std::int64_t sequence) {
  for (auto place = changes_.upper_bound({device, sequence}); place != changes_.end() && place->first.device == device;) {
    of_record_[{place->second.entity, place->second.row}].erase(place->first);
    place = changes_.erase(place);
  }
}

std::int64_t Oracle::last_of(const Id& device) const {
  const auto after = changes_.upper_bound({device, std::numeric_limits<std::int64_t>::max()});
  return after != changes_.begin() && std::prev(after)->first.device == device ? std::prev(after)->first.sequence : 0;
}

Id Oracle::root_of(const Id& device) const {
  const auto found = roots_.find(device);
  return found != roots_.end() ? found->second : device;
}

Oracle Oracle::under(const OracleNames& names) const {
  Oracle named;
  named.roots_ = names.roots();
  for (const auto& [version, change] : changes_) {
    if (!names.knows(version)) {
      continue;
    }
    OracleChange copy = change;
    copy.version = names.local(version);
    for (auto& [field, cell] : copy.cells) {
      cell.replaced.clear();
      for (const OracleVersion& replaced : change.cells.at(field).replaced) {
        cell.replaced.insert(names.local(replaced));
      }
    }
    static_cast<void>(named.learn(std::move(copy)));
  }
  return named;
}

const OracleChange* Oracle::find(const OracleVersion& version) const {
  const auto found = changes_.find(version);
  return found != changes_.end() ? &found->second : nullptr;
}

std::string Oracle::history(const Knowledge& known, std::string_view naming) const {
  std::string text;
  const auto named = [&](const Id& id) { return naming.contains(id.text()); };
  const auto words = [](const OracleVersion& version) { return version.device.text().substr(8, 8) + "·" + std::to_string(version.sequence); };
  for (const auto& [key, versions] : of_record_) {
    const Changes changes = known_of(known, key);
    const bool concerned = named(key.second) || std::ranges::any_of(changes, [&](const OracleChange* change) {
      return std::ranges::any_of(change->cells, [&](const auto& cell) { return named(id_or_empty(cell.second.value)); });
    });
    text += concerned ? "  " + key.first + " " + key.second.text() + "\n" : "";
    for (const OracleChange* change : concerned ? changes : Changes{}) {
      text += "    " + words(change->version) + " action " + std::to_string(change->action) + " kind " + std::to_string(static_cast<int>(change->kind)) + ":";
      for (const auto& [field, cell] : change->cells) {
        text += " " + field + "=" + text_of(cell.value) + "(";
        for (const OracleVersion& version : cell.replaced) {
          text += " " + words(version);
        }
        text += ")";
      }
      text += "\n";
    }
  }
  return text;
}

Oracle::Changes Oracle::known_of(const Knowledge& known, const OracleKey& record) const {
  Changes result;
  const auto versions = of_record_.find(record);
  if (versions == of_record_.end()) {
    return result;
  }
  for (const OracleVersion& version : versions->second) {
    const auto last = known.find(version.device);
    if (last != known.end() && version.sequence <= last->second) {
      result.push_back(&changes_.at(version));
    }
  }
  return result;
}

// "A cell's heads are the versions that nothing replaced."
Oracle::Heads Oracle::heads_of(const Changes& changes) {
  Heads heads;
  for (const OracleChange* change : changes) {
    for (const auto& [field, cell] : change->cells) {
      heads[field].insert(change->version);
    }
  }
  for (const OracleChange* change : changes) {
    for (const auto& [field, cell] : change->cells) {
      std::set<OracleVersion>& of_cell = heads[field];
      for (const OracleVersion& version : cell.replaced) {
        of_cell.erase(version);
      }
    }
  }
  return heads;
}

std::set<OracleVersion> Oracle::heads(const Knowledge& known, const OracleKey& record, const std::string& field) const {
  return heads_of(known_of(known, record))[field];
}

std::set<OracleVersion> Oracle::all_heads(const Knowledge& known, const OracleKey& record) const {
  std::set<OracleVersion> all;
  for (const auto& [field, heads] : heads_of(known_of(known, record))) {
    all.insert(heads.begin(), heads.end());
  }
  return all;
}

// --- one record -----------------------------------------------------------------------------------------------------------

std::set<OracleVersion> Oracle::without_tried(std::set<OracleVersion> marks, const std::string& field, const std::function<bool(const OracleVersion& decision)>& counts) const {
  const auto cell_heads = [&](const OracleChange& change) {
    Changes before;
    for (const OracleVersion& version : change.cells.at(field).replaced) {
      changes_.at(version).cells.contains(field) ? before.push_back(&changes_.at(version)) : void();
    }
    return heads_of(before)[field];
  };
  const std::set<OracleVersion> all = marks;
  for (const OracleVersion& mark : all) {
    std::set<OracleVersion> tried;
    std::optional<OracleVersion> before = mark, decision;
    bool is_one = true;
    for (const OracleChange* undone = stepped_over(changes_.at(mark), field); undone != nullptr && is_one;
         undone = before ? stepped_over(changes_.at(*before), field) : nullptr) {
      decision = undone->version;
      tried.insert(undone->version);
      const std::set<OracleVersion> heads = cell_heads(*undone);
      is_one = heads.size() < 2;
      before = heads.empty() ? std::nullopt : std::optional(*heads.begin());
    }
    const bool restores = field != removal || !says_removed(changes_.at(mark));
    if (!decision || !is_one || !restores || changes_.at(*decision).kind != ChangeKind::resolve || !counts(*decision)) {
      continue;
    }
    const bool others_went_on = std::ranges::any_of(marks, [&](const OracleVersion& other) {
      if (other == mark || (field == removal && !says_removed(changes_.at(other)))) {
        return false;
      }
      std::set<OracleVersion> known;
      for (std::vector<OracleVersion> waiting{other}; !waiting.empty();) {
        const OracleChange& change = changes_.at(waiting.back());
        waiting.pop_back();
        for (const OracleVersion& version : change.cells.at(field).replaced) {
          changes_.at(version).cells.contains(field) && known.insert(version).second ? waiting.push_back(version) : void();
        }
      }
      return std::ranges::none_of(tried, [&](const OracleVersion& version) { return known.contains(version); }) && (!before || known.contains(*before));
    });
    others_went_on ? void(marks.erase(mark)) : void();
  }
  return marks;
}

// "All its heads 1: the record is removed, unless some other cell has a head that none of them replaced. Heads that differ:
// the same conflict." A change that removes knows of itself. "#" is no cell of the record's own: its lines write it, too; and
// a mark of closing says nothing by itself.
Oracle::Life Oracle::life_of(const Changes& changes) const {
  Heads heads = heads_of(changes);
  std::set<OracleVersion> marks = heads[removal];
  if (std::ranges::none_of(marks, [&](const OracleVersion& mark) { return says_removed(changes_.at(mark)); })) {
    return {};
  }
  marks = without_tried(std::move(marks), removal, [](const OracleVersion&) { return true; });
  std::set<OracleVersion> known = marks;
  for (const OracleVersion& mark : marks) {
    const OracleChange& change = changes_.at(mark);
    if (!says_removed(change)) {
      return {.removed = false, .conflict = true};
    }
    known.insert(change.cells.at(removal).replaced.begin(), change.cells.at(removal).replaced.end());
  }
  // "For a deletion that undoes a decision the other's knowledge does not count."
  for (const OracleVersion& mark : marks) {
    const OracleChange& deletion = changes_.at(mark);
    if (marks.size() > 1 && reopens(deletion)) {
      std::set<OracleVersion> knew = deletion.cells.at(removal).replaced;
      knew.insert(mark);
      std::erase_if(known, [&](const OracleVersion& version) { return !knew.contains(version); });
    }
  }
  for (const auto& [field, of_cell] : heads) {
    const bool counts = field != removal && field != mark_field && field != closed_field;
    if (counts && !std::ranges::all_of(of_cell, [&, &name = field](const OracleVersion& head) { return is_known(known, head, name); })) {
      return {.removed = false, .conflict = true};
    }
  }
  return {.removed = true, .conflict = false};
}

// "A version that stands again since a decision was undone is known to who knew what it repeats."
bool Oracle::is_known(const std::set<OracleVersion>& known, OracleVersion version, const std::string& field) const {
  while (!known.contains(version)) {
    const OracleChange* undone = stepped_over(changes_.at(version), field);
    if (undone == nullptr || changes_.at(said_by(undone->version, field)).kind != ChangeKind::resolve) {
      return false;
    }
    const OracleVersion repeated = repeated_by(version, field, *undone);
    if (repeated == version) {
      return false;
    }
    version = repeated;
  }
  return true;
}

// "Kind undo or redo, what it inverts is originally of kind resolve." A line that was one and the same on several sides of a
// document is written once, and is not in question itself.
bool Oracle::reopens(const OracleChange& deletion) const {
  const OracleChange* undone = stepped_over(deletion, removal);
  if (undone == nullptr || changes_.at(said_by(undone->version, removal)).kind != ChangeKind::resolve) {
    return false;
  }
  const auto marks = std::ranges::count_if(undone->cells.at(removal).replaced, [&](const OracleVersion& version) { return changes_.at(version).cells.contains(removal); });
  const auto written = std::ranges::count_if(of_record_.at({deletion.entity, deletion.row}), [&](const OracleVersion& version) {
    const OracleChange& other = changes_.at(version);
    return other.kind == deletion.kind && other.cells.contains(removal) && stepped_over(other, removal) == undone;
  });
  return marks <= 1 || marks == written;
}

// "Of several heads stands, by the field's policy, the greatest (clock, device id, sequence) or the least (device id, sequence)."
OracleVersion Oracle::standing(const Field& field, const std::set<OracleVersion>& heads) const {
  if (field.merge == MergePolicy::person_decides) {
    return *heads.begin();
  }
  // "Of the mark of a primary contact, or of a value in use, stands the version that gives it, whatever the clocks say."
  const bool is_mark = field.id == "is_primary" || (field.id == "active" && find_entity("dict_item")->find("active") == &field);
  return *std::ranges::max_element(heads, {}, [&](const OracleVersion& head) {
    const OracleChange& change = changes_.at(head);
    return std::tuple{is_mark ? integer_or(change.cells.at(std::string(field.id)).value, 0) : 0, change.clock, head};  // nothing said gives no more than "no"
  });
}

// "A line stays in the document of its birth, the root of the field's versions, of several the least (device id, sequence)": of all
// versions, those that a side of a document does not build on included.
Oracle::Heads Oracle::shown_heads(const Entity& entity, const Changes& changes) const {
  Heads heads = heads_of(changes);
  if (!entity.fact_field.empty()) {
    heads = without_late_edits(entity, std::move(heads), changes);
  }
  const std::string part_of{entity.part_of};
  std::set<OracleVersion> births, seen;
  std::vector<OracleVersion> waiting(heads[part_of].begin(), heads[part_of].end());
  while (!waiting.empty()) {
    const OracleVersion version = waiting.back();
    waiting.pop_back();
    if (seen.insert(version).second) {
      const std::set<OracleVersion>& before = changes_.at(version).cells.at(part_of).replaced;
      before.empty() ? void(births.insert(version)) : void(waiting.insert(waiting.end(), before.begin(), before.end()));
    }
  }
  if (!births.empty()) {
    heads[part_of] = {*births.begin()};
  }
  return heads;
}

void Oracle::fill(OracleRecord& record, const Entity& entity, const Changes& changes) const {
  Heads all = shown_heads(entity, changes);
  for (const Field& field : entity.fields) {
    if (field.derived()) {
      continue;
    }
    const std::string name{field.id};
    const std::set<OracleVersion>& heads = all[name];
    record.values[name] = heads.empty() ? Value() : changes_.at(standing(field, heads)).cells.at(name).value;
  }
}

void Oracle::find_field_conflicts(OracleView& view, const OracleKey& key, const Entity& entity, const Changes& changes) const {
  Heads all = shown_heads(entity, changes);
  for (const Field& field : entity.fields) {
    const std::string name{field.id};
    const std::set<OracleVersion>& heads = all[name];
    if (field.merge != MergePolicy::person_decides || heads.size() < 2) {
      continue;
    }
    std::map<Value, std::set<OracleVersion>> by_value;
    for (const OracleVersion& head : heads) {
      by_value[changes_.at(head).cells.at(name).value].insert(head);
    }
    if (by_value.size() < 2) {
      continue;
    }
    OracleConflict& conflict = view.conflicts[key_of("field", key) + "/" + name];
    for (const auto& [value, versions] : by_value) {
      conflict.sides[versions] = versions.contains(standing(field, heads));
    }
  }
}

// --- documents ------------------------------------------------------------------------------------------------------------

// "An action belongs to a side when its # is an ancestor of that head."
Oracle::Side Oracle::side_of(const OracleVersion& mark) const {
  Side side;
  std::set<OracleVersion> seen;
  std::vector<OracleVersion> waiting{mark};
  while (!waiting.empty()) {
    const OracleVersion version = waiting.back();
    waiting.pop_back();
    if (seen.insert(version).second) {
      const OracleChange& change = changes_.at(version);
      side.emplace(version.device, change.action);
      const std::set<OracleVersion>& before = change.cells.at(mark_field).replaced;
      waiting.insert(waiting.end(), before.begin(), before.end());
    }
  }
  return side;
}

Oracle::Changes Oracle::only(const Changes& changes, const Side& side) {
  Changes inside;
  std::ranges::copy_if(changes, std::back_inserter(inside),
                       [&](const OracleChange* change) { return side.contains({change->version.device, change->action}); });
  return inside;
}

// "What is removed left aside."
Oracle::State Oracle::state_of(const OracleKey& document, const Side& side, const std::map<OracleKey, Changes>& changes) const {
  State state;
  const auto head = changes.find(document);
  if (head == changes.end() || life_of(only(head->second, side)).removed) {
    return state;
  }
  for (const auto& [key, of_this] : changes) {
    const Entity& entity = *find_entity(key.first);
    const bool may_be_line = !entity.part_of.empty() && entity.find(entity.part_of)->references == document.first;
    const Changes visible = key == document || may_be_line ? only(of_this, side) : Changes{};
    if (visible.empty() || life_of(visible).removed) {
      continue;
    }
    OracleRecord record;
    fill(record, entity, visible);
    if (key == document || record.values.at(std::string{entity.part_of}) == Value(document.second)) {
      state[key] = record.values;
    }
  }
  return state;
}

// --- everything -----------------------------------------------------------------------------------------------------------

OracleView Oracle::view(const Knowledge& known) const {
  OracleView view;
  std::set<OracleKey> removed, not_removed;
  std::map<OracleKey, OracleRecord> out_of_sight;  // with the values of their own side, by which they refer to others
  std::map<OracleKey, Side> waiting;  // documents with several sides, and what the standing one consists of
  std::map<OracleKey, std::map<std::string, Value>> on_some_side;  // of their records: by the first of the others that has it
  std::map<OracleKey, Changes> changes;
  for (const auto& [key, versions] : of_record_) {
    Changes of_this = known_of(known, key);
    if (!of_this.empty() && find_entity(key.first) != nullptr) {
      changes.emplace(key, std::move(of_this));
    }
  }
  for (const auto& [key, of_this] : changes) {
    std::set<OracleVersion> marks = find_entity(key.first)->document ? heads_of(of_this)[mark_field] : std::set<OracleVersion>{};
    if (marks.size() < 2) {
      continue;
    }
    marks = without_tried(std::move(marks), mark_field, [&, &document = key](const OracleVersion& decision) { return state_of(document, side_of(decision), changes).empty(); });
    // "Heads that lead to the same state are one side, and one side waits for nobody."
    std::map<State, std::set<OracleVersion>> sides;
    for (const OracleVersion& mark : marks) {
      sides[state_of(key, side_of(mark), changes)].insert(mark);
    }
    if (sides.size() < 2) {
      continue;
    }
    // "The least of those whose side does not delete the document": two that delete it would be one.
    const std::set<OracleVersion>* stands = nullptr;
    for (const auto& [state, of_side] : sides) {
      stands = !state.empty() && (stands == nullptr || *of_side.begin() < *stands->begin()) ? &of_side : stands;
    }
    waiting[key] = side_of(*stands->begin());  // "of a side with several heads the least": the others lead to the same
    OracleConflict& conflict = view.conflicts[key_of("document", key)];
    std::map<OracleVersion, const State*> in_order;
    for (const auto& [state, of_side] : sides) {
      in_order[*of_side.begin()] = &state;
      conflict.sides[of_side] = &of_side == stands;
    }
    for (const auto& [first, state] : in_order) {
      first == *stands->begin() ? void() : on_some_side.insert(state->begin(), state->end());
    }
  }
  for (const auto& [key, of_this] : changes) {
    const Entity& entity = *find_entity(key.first);
    OracleRecord& record = view.records[key];
    OracleKey document = key;
    if (!entity.part_of.empty()) {
      fill(record, entity, of_this);
      const auto* head = std::get_if<Id>(&record.values.at(std::string{entity.part_of}));
      document = {std::string{entity.find(entity.part_of)->references}, head != nullptr ? *head : Id{}};
    }
    const auto side = waiting.find(document);
    const Changes visible = side != waiting.end() ? only(of_this, side->second) : of_this;
    fill(record, entity, visible);
    if (!entity.fact_field.empty()) {
      const Heads heads = heads_of(visible);
      const Heads shown = without_late_edits(entity, heads, visible);
      record.edited_late = std::ranges::any_of(heads, [&](const auto& cell) { return shown.at(cell.first) != cell.second; });
      view.edited_late += record.edited_late ? 1 : 0;
    }
    const Life life = life_of(visible);
    record.out_of_sight = visible.empty() || (life.removed && on_some_side.contains(key));
    if (record.out_of_sight) {
      on_some_side.contains(key) ? void(out_of_sight[key].values = on_some_side.at(key)) : fill(out_of_sight[key], entity, of_this);
    }
    record.live = !life.removed && !record.out_of_sight;
    if (side == waiting.end() && life.conflict) {
      view.conflicts[key_of("delete", key)];
    }
    if (side == waiting.end() && !life.removed) {
      find_field_conflicts(view, key, entity, visible);
    }
    if (life.removed && side == waiting.end()) {
      removed.insert(key);
    }
    if (record.out_of_sight ? on_some_side.contains(key) : !life.removed) {
      not_removed.insert(key);
    }
  }
  // "Circles are settled before references, the rest after."
  std::set<std::pair<OracleKey, std::string>> emptied;
  empty_circles(view, changes, removed, emptied);
  // "A removed record that a record which is not removed refers to stays visible and is a conflict. Lines out of sight that
  // some side has refer, too: they may come back."
  for (const OracleKey& referring : not_removed) {
    const auto hidden = out_of_sight.find(referring);
    const OracleRecord& shown = hidden != out_of_sight.end() ? hidden->second : view.records.at(referring);
    for (const Field& field : find_entity(referring.first)->fields) {
      if (field.type != FieldType::reference || field.derived()) {
        continue;
      }
      const auto* target = std::get_if<Id>(&shown.values.at(std::string{field.id}));
      const OracleKey key{std::string{field.references}, target != nullptr ? *target : Id{}};
      if (target != nullptr && removed.contains(key) && *target != referring.second) {
        view.records.at(key).live = true;
        view.conflicts[key_of("reference", key)];
      }
    }
  }
  find_broken_rules(view, changes, removed, emptied);
  find_more_than_one(view);
  ask_choices_as_one(view);
  find_shared_numbers(view);
  return view;
}

// "A number that several living records share is a conflict; all of them live."
void Oracle::find_shared_numbers(OracleView& view) {
  std::map<std::string, std::set<OracleKey>> sharing;
  for (const auto& [key, record] : view.records) {
    const Entity& entity = *find_entity(key.first);
    for (const Field& field : entity.fields) {
      if (record.live && !field.derived() && is_unique(entity, field) && !is_null(record.values.at(std::string{field.id}))) {
        sharing["duplicate/" + key.first + "/" + std::string{field.id} + "/" + text_of(record.values.at(std::string{field.id}))].insert(key);
      }
    }
  }
  for (const auto& [key, records] : sharing) {
    if (records.size() > 1) {
      view.conflicts[key].records = records;
    }
  }
}

// --- against a device -----------------------------------------------------------------------------------------------------

namespace {

std::string compare_record(Store& store, const OracleKey& key, const OracleRecord& expected) {
  const Entity& entity = *find_entity(key.first);
  const std::string what = key.first + " " + key.second.text();
  std::vector<const Field*> stored;
  for (const Field& field : entity.fields) {
    if (!field.derived()) {
      stored.push_back(&field);
    }
  }
  Database database{store.connection()};
  Statement& select = database.statement("SELECT row_number FROM " + quoted(entity.id) + " WHERE id = ?");
  const bool there = select.bind(1, key.second).row();
  const std::int64_t row_number = there ? select.integer(0) : 0;
  select.reset();
  const auto record = there ? store.read_row(entity, row_number, stored) : Result<Record>{fail(ErrorKind::not_found, "没有", "not there")};
  if (!record) {
    return what + ": " + record.error().message.en;
  }
  if (record->deleted == expected.live) {
    return what + (expected.live ? " is deleted and should live" : " lives and should not");
  }
  for (const Field* field : expected.out_of_sight ? std::vector<const Field*>{} : stored) {
    const auto stored_value = expected.values.find(std::string{field->id});
    if (stored_value == expected.values.end()) {
      continue;  // it follows from a choice that is a question: as the card has it
    }
    const Value& value = stored_value->second;
    if (record->value(field->id) != value) {
      return what + " " + std::string{field->id} + " is \"" + text_of(record->value(field->id)) + "\" and should be \"" + text_of(value) + "\"";
    }
  }
  return {};
}

std::string compare_conflict(Store& store, const Conflict& shown, const OracleConflict& expected) {
  if (shown.sides.size() < 2) {
    return shown.key + ": a conflict with one side";
  }
  if (expected.sides.empty()) {
    return {};
  }
  OracleConflict there;
  // The oracle knows who chose what; sides of one choice that differ in what follows from it are one to it.
  std::map<Value, std::pair<std::set<OracleVersion>, bool>> choices;
  for (const ConflictSide& side : shown.sides) {
    std::set<OracleVersion> heads;
    for (const Version& head : side.heads) {
      heads.insert({internals(store).log().device_id(head.device), head.sequence});
    }
    for (const ConflictSide::Cell& cell : side.stands_now && shown.kind == ConflictKind::field ? std::span(side.cells).subspan(1) : std::span<const ConflictSide::Cell>()) {
      const auto record = store.read(*cell.entity, cell.row);
      if (!record || record->value(cell.field->id) != cell.value) {
        return shown.key + ": the side that stands says \"" + text_of(cell.value) + "\" of " + std::string{cell.field->id} + ", and the record does not";
      }
    }
    if (shown.kind == ConflictKind::field) {
      auto& [of_choice, stands] = choices[side.cells.front().value];
      of_choice.merge(heads);
      stands = stands || side.stands_now;
    } else {
      there.sides[heads] = side.stands_now;
    }
  }
  for (const auto& [value, choice] : choices) {
    there.sides[choice.first] = choice.second;
  }
  return there.sides == expected.sides ? "" : shown.key + ": other sides, or another one stands";
}

}  // namespace

std::string difference(Store& store, Sync& sync, const OracleView& expected) {
  for (const auto& [key, record] : expected.records) {
    if (std::string differs = compare_record(store, key, record); !differs.empty()) {
      return differs;
    }
  }
  const auto conflicts = sync.conflicts();
  if (!conflicts) {
    return conflicts.error().message.en;
  }
  std::set<std::string> shown;
  for (const Conflict& conflict : *conflicts) {
    shown.insert(conflict.key);
    const auto place = expected.conflicts.find(conflict.key);
    if (place == expected.conflicts.end()) {
      return conflict.key + " is open and should not be";
    }
    if (std::string differs = compare_conflict(store, conflict, place->second); !differs.empty()) {
      return differs;
    }
  }
  for (const auto& [key, conflict] : expected.conflicts) {
    if (!shown.contains(key)) {
      return key + " should be open";
    }
  }
  return {};
}

OracleChange oracle_change(const Change& change, Store& store) {
  const Log& log = internals(store).log();
  const auto named = [&](Version version) { return OracleVersion{log.device_id(version.device), version.sequence}; };
  OracleChange result{named(change.version), change.clock, change.action, change.kind, change.entity, change.row, {}};
  for (const FieldChange& field : change.fields) {
    OracleCell& cell = result.cells[field.field];
    cell.value = field.value;
    for (const Version& version : field.replaced) {
      cell.replaced.insert(named(version));
    }
  }
  return result;
}

}  // namespace kehubu::test
