// Action: what one person is about to write, as the rules see it before anything is written.
//
// The store turns each Edit into a Draft. Then prepare_*() rules fill in what follows from it — defaults, numbers,
// records that are made or changed along with it — and check_*() rules say what is wrong with the whole. Rules see
// records as they will be after the action. One file of rules for each business area; nothing here writes.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/catalog/catalog.h"
#include "core/store/store.h"

namespace kehubu {

// Records as they are stored now. Made by the store; every call is one indexed query.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  [[nodiscard]] virtual std::optional<Record> read_stored(const Entity& entity, const Id& row) = 0;
  // Null when there is no such record.
  [[nodiscard]] virtual Value value(const Entity& entity, const Id& row, const Field& field) = 0;
  [[nodiscard]] virtual bool is_live(const Entity& entity, const Id& row) = 0;
  // Living records with this value, in the order in which they came here; at most `limit`.
  [[nodiscard]] virtual std::vector<Id> rows_with(const Entity& entity, const Field& field, const Value& value,
                                                  std::size_t limit) = 0;
  [[nodiscard]] virtual std::string title_of(const Entity& entity, const Id& row) = 0;
};

struct Draft {
  const Entity* entity = nullptr;
  Id row;
  bool is_new = false;
  bool remove = false, restore = false;
  bool comes_with_document = false;                  // a line that is restored because its document is
  bool loses_approval = false;                       // a contract in force, an amount of which changes
  std::optional<Record> before;                      // of a record that is there already
  std::vector<std::pair<const Field*, Value>> cells; // what is to be written; a value may equal the one before

  // After the action.
  [[nodiscard]] const Value& value(const Field& field) const;
  [[nodiscard]] const Value& value(std::string_view field_id) const;
  [[nodiscard]] const std::string& text(std::string_view field_id) const { return text_or_empty(value(field_id)); }
  [[nodiscard]] Id reference(std::string_view field_id) const { return id_or_empty(value(field_id)); }
  [[nodiscard]] bool is_empty(std::string_view field_id) const { return is_null(value(field_id)); }
  // Null for a new record.
  [[nodiscard]] const Value& value_before(std::string_view field_id) const;
  [[nodiscard]] bool changes(std::string_view field_id) const;
  // Whether the edit names the field at all.
  [[nodiscard]] bool names(std::string_view field_id) const;
};

class Action {
 public:
  struct Person {
    Id employee;       // who writes; may be empty
    std::string code;  // for numbers: "R07"
    std::string letter;
  };

  // `heard_ms`: a time that has come for certain, whatever the clock of the environment says (core/store/known_time.h); 0 for none.
  Action(RecordSource& records, Environment& environment, Person person, std::int64_t heard_ms = 0);

  // --- drafts; references to them stay valid
  [[nodiscard]] std::deque<Draft>& drafts() { return drafts_; }
  [[nodiscard]] Draft* find(const Entity& entity, const Id& row);
  // The draft of a record, made empty if there is none yet; `is_new` only when it is made.
  Draft& open(const Entity& entity, const Id& row, bool is_new);
  void set(Draft& draft, std::string_view field_id, Value value);
  // Sets only what is empty and was not emptied on purpose.
  void set_default(Draft& draft, std::string_view field_id, Value value);

  // --- records as they will be
  [[nodiscard]] Value value(const Entity& entity, const Id& row, std::string_view field_id);
  [[nodiscard]] bool is_live(const Entity& entity, const Id& row);
  [[nodiscard]] std::vector<Id> referring(const Entity& entity, std::string_view field_id, const Id& target);
  // Of the drafts only those are seen whose field is a reference or must be unique.
  [[nodiscard]] std::vector<Id> rows_with(const Entity& entity, const Field& field, const Value& value);
  [[nodiscard]] std::string title(const Entity& entity, const Id& row) { return records_.title_of(entity, row); }
  // Whether a draft refers to the record.
  [[nodiscard]] bool is_referred_to(const Id& row) const { return by_reference_.contains(row); }
  // Whether following the reference from `start` comes back to `row`.
  [[nodiscard]] bool leads_to(const Entity& entity, const Id& start, std::string_view field_id, const Id& row);

  // --- what is wrong
  struct Problem {
    const Draft* draft;
    const Field* field;
    Sentence message;
    bool hint_only;
  };
  void problem(const Draft& draft, std::string_view field_id, std::string_view zh, std::string_view en,
               std::initializer_list<std::string_view> arguments = {});
  void hint(const Draft& draft, std::string_view field_id, std::string_view zh, std::string_view en,
            std::initializer_list<std::string_view> arguments = {});
  void hint(const Draft& draft, std::string_view field_id, Sentence sentence);
  void problem(const Draft& draft, std::string_view field_id, Sentence sentence);
  // The first "{}" is the field's label, the rest are the arguments.
  void problem_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en,
                     std::initializer_list<std::string_view> arguments);
  void hint_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en,
                  std::initializer_list<std::string_view> arguments);
  // "{label}不能为空"
  void require(const Draft& draft, std::string_view field_id);
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

  [[nodiscard]] const std::string& today() const { return today_; }  // ISO, in UTC+8
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  // What lies behind it has not come yet. Not before now; later where a clock was reset, and others were heard.
  [[nodiscard]] std::int64_t latest_ms() const { return latest_ms_; }
  [[nodiscard]] std::string latest_day() const;  // ISO, in UTC+8
  [[nodiscard]] const Person& person() const { return person_; }
  [[nodiscard]] Id make_id() { return new_id(environment_); }

 private:
  void index(const Draft& draft, const Field& field, const Value& value);

  RecordSource& records_;
  Environment& environment_;
  Person person_;
  std::int64_t now_ms_, latest_ms_;
  std::string today_;
  std::deque<Draft> drafts_;
  std::unordered_map<Id, std::vector<Draft*>, IdHash> by_row_;
  std::unordered_map<Id, std::vector<Draft*>, IdHash> by_reference_;   // target → drafts that name it
  std::unordered_map<std::string, std::vector<Draft*>> by_unique_value_;
  std::vector<Problem> problems_;
};

// All rules of all areas, in their order.
void prepare_draft(Action& action, Draft& draft);
void check_draft(Action& action, const Draft& draft);
// The part of check_draft() that holds for undo and redo as well: no hierarchy (merge_rules.h) leads back.
void check_hierarchies(Action& action, const Draft& draft);
// What was approved is not changed in silence: looks at all drafts and may add to them. For every action but the choice
// between a document's sides; runs after everything that follows from the drafts is among them.
void withdraw_approvals(Action& action);

}  // namespace kehubu
