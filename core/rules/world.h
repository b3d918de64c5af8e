// World: records as they will be after an action, its drafts laid over what is stored. Rules read it and nothing else.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/date.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/rules/draft.h"
#include "core/store/known_time.h"

namespace kehubu {

// Records as they are stored now. Made by the store; every call is one indexed query. What cannot be read is "nothing" here and an
// error of the whole action afterwards (StoreImplementation::everything_was_read).
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  [[nodiscard]] virtual std::optional<Record> read_stored(const Entity& entity, const Id& row) = 0;
  // Null when there is no such record. Of stored fields.
  [[nodiscard]] virtual Value value(const Entity& entity, const Id& row, const Field& field) = 0;
  [[nodiscard]] virtual bool is_live(const Entity& entity, const Id& row) = 0;
  // Living records with this value, in the order in which they came here; at most `limit`.
  [[nodiscard]] virtual std::vector<Id> rows_with(const Entity& entity, const Field& field, const Value& value, std::size_t limit) = 0;
  [[nodiscard]] virtual std::string title_of(const Entity& entity, const Id& row) = 0;
  // What a derived field will be when the drafts are written: they are rehearsed, the view is asked, and nothing of it stays. The first
  // question of an action costs a write of its drafts, each further one a query.
  [[nodiscard]] virtual Value derived_value(const Entity& entity, const Id& row, const Field& field, const std::deque<Draft>& drafts) = 0;
};

class World {
 public:
  struct Person {
    Id employee;       // who writes; may be empty
    std::string code;  // for numbers: "R07"
    std::string letter;
  };

  World(RecordSource& records, Environment& environment, Person person, KnownTime time);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const std::deque<Draft>& drafts() const { return drafts_; }
  [[nodiscard]] const Draft* find(const Entity& entity, const Id& row) const;

  // Derived fields, too.
  [[nodiscard]] Value value(const Entity& entity, const Id& row, const Field& field) const;
  template <const Entity& entity> [[nodiscard]] Value value(const Id& row, std::type_identity_t<FieldOf<entity>> field) const {
    return value(entity, row, field);
  }
  template <const Entity& entity> [[nodiscard]] std::string text(const Id& row, std::type_identity_t<FieldOf<entity>> field) const {
    return text_or_empty(value(entity, row, field));
  }
  template <const Entity& entity>
  [[nodiscard]] std::int64_t integer(const Id& row, std::type_identity_t<FieldOf<entity>> field, std::int64_t otherwise = 0) const {
    return integer_or(value(entity, row, field), otherwise);
  }
  [[nodiscard]] bool is_live(const Entity& entity, const Id& row) const;
  // Living records whose field refers to the target.
  [[nodiscard]] std::vector<Id> referring(const Entity& entity, const Field& field, const Id& target) const;
  template <const Entity& entity>
  [[nodiscard]] std::vector<Id> referring(std::type_identity_t<StoredFieldOf<entity>> field, const Id& target) const {
    return referring(entity, field, target);
  }
  // Of the drafts only those are seen whose field is a reference or must be unique.
  [[nodiscard]] std::vector<Id> rows_with(const Entity& entity, const Field& field, const Value& value) const;
  [[nodiscard]] std::string title(const Entity& entity, const Id& row) const { return records_.title_of(entity, row); }
  // Whether a draft refers to the record.
  [[nodiscard]] bool is_referred_to(const Id& row) const { return by_reference_.contains(row); }
  // Whether following the reference from `start` comes back to `row`.
  [[nodiscard]] bool leads_to(const Entity& entity, const Id& start, const Field& field, const Id& row) const;

  // As far as they are known (core/store/known_time.h).
  [[nodiscard]] const std::string& today() const { return today_; }  // ISO, in UTC+8
  [[nodiscard]] std::int64_t now_ms() const { return time_.now_ms; }
  [[nodiscard]] bool clock_is_wrong() const { return time_.clock_is_wrong; }
  // What lies behind it cannot have come yet. Not before now; later where the clock is wrong.
  [[nodiscard]] std::int64_t latest_ms() const { return time_.latest_ms; }
  [[nodiscard]] std::string latest_day() const { return iso_date(local_date(time_.latest_ms)); }  // ISO, in UTC+8
  [[nodiscard]] const Person& person() const { return person_; }

 protected:
  RecordSource& records_;
  Environment& environment_;
  std::deque<Draft> drafts_;
  std::unordered_map<Id, std::vector<Draft*>, IdHash> by_row_;
  std::unordered_map<Id, std::vector<const Draft*>, IdHash> by_reference_;  // target → drafts that name it
  std::unordered_map<std::string, std::vector<const Draft*>> by_unique_value_;

 private:
  Person person_;
  KnownTime time_;
  std::string today_;
};

}  // namespace kehubu
