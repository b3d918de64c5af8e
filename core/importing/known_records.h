// KnownRecords: which records of an entity there are, by what people call them: number, or name. Private to importing/.
//
// Read once from the store's table when a plan is made, then kept up to date with the records that the plan will create,
// so that a row finds what an earlier row of the same file has made. Costs one pass over the table and some 100 bytes a
// record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

// How two names of records of this entity are compared: companies and persons by core/rules/names.h, all others folded.
[[nodiscard]] std::string name_key(const Entity& entity, std::string_view name);

// What tells two records of one name apart: numbers and places of which each record has one, and telephones of which persons may
// have several. What stands on one side only says nothing.
class Marks {
 public:
  static constexpr char phones_tag = 'p';
  static constexpr char branch_tag = 'b', area_tag = 'a', city_tag = 'o';  // of companies: 文三店, 0571, 杭州
  void add(char tag, std::string_view value);  // folded; "" is none
  void add_phones(std::string_view text);      // of a person
  // The tag of what differs; 0 where nothing speaks against the two being one.
  [[nodiscard]] char differ_in(const Marks& other) const;
  [[nodiscard]] bool share_something(const Marks& other) const;
  [[nodiscard]] bool share_a_phone(const Marks& other) const;
  [[nodiscard]] const std::vector<std::string>& phones() const { return phones_; }

 private:
  std::vector<std::string> single_;  // the tag, then the value
  std::vector<std::string> phones_;
};

class KnownRecords {
 public:
  struct Found {
    Id id;
    std::uint32_t line = 0;  // of the file, when the plan will create it; 0: it is in the store
    bool certain = true;     // false: another one has the name, too, and nothing tells which of them is meant
  };

  KnownRecords(Store& store, const Entity& entity);

  [[nodiscard]] const Entity& entity() const { return entity_; }
  [[nodiscard]] std::optional<Found> by_unique(const Field& field, std::string_view value) const;
  // `of` tells apart names that are only unique within something: contacts of a customer. Empty otherwise. Of several that have the
  // name the one whose marks say the same, else the first.
  [[nodiscard]] std::optional<Found> by_name(std::string_view name, const Id& of = {}, const Marks& marks = {}) const;
  // The same with a name_key() that the caller keeps, because making one costs as much as all the rest of a row.
  [[nodiscard]] std::optional<Found> by_name_key(std::string_view key, const Id& of, const Marks& marks) const;
  // A name that is not the same but hardly another: one letter apart that is no digit, the beginning of the other one, or the other
  // one without the place in front. Only of names with the same first letters behind the place, and not where so many have them
  // that they tell nothing apart.
  [[nodiscard]] std::optional<Found> near_name_key(const std::string& key) const;
  // A part of `of` that has one of the telephones.
  [[nodiscard]] std::optional<Found> by_phone(const Id& of, const Marks& marks) const;
  [[nodiscard]] bool has_name_key(std::string_view key, const Id& of) const { return by_name_key(key, of, {}).has_value(); }
  [[nodiscard]] const Marks* marks_of(std::string_view key, const Id& of, const Id& record) const;
  // By any unique field or by name: what a person may write in a column that refers to this entity.
  [[nodiscard]] std::optional<Found> by_any(std::string_view text) const;
  [[nodiscard]] bool has_part(const Id& of) const { return parts_.contains(of); }  // some record belongs to `of`

  void add_unique(const Field& field, std::string_view value, const Found& record);
  void add_name(std::string_view name, const Id& of, const Found& record, Marks marks = {});
  void add_name_key(std::string_view key, const Id& of, const Found& record, Marks marks);

 private:
  void read(Store& store);

  struct Named {
    Found record;
    Marks marks;
    std::optional<std::size_t> next;  // of the same name
  };
  const Entity& entity_;
  const Field* title_ = nullptr;
  const Field* owner_ = nullptr;            // the field that names the customer of a contact
  std::vector<const Field*> unique_fields_;
  std::unordered_map<std::string, Found> by_key_;
  std::unordered_map<std::string, std::size_t> first_of_name_;  // of named_
  std::vector<Named> named_;
  struct Near {
    std::string key, core;  // without the place in front
    std::size_t named = 0;
  };
  std::unordered_map<std::string, std::vector<Near>> by_stem_;  // of companies: those that begin alike
  std::unordered_map<Id, bool, IdHash> parts_;
  std::unordered_map<std::string, std::size_t> by_phone_;  // of parts: of whom, then the number; of named_
};

// The marks that a record of this entity has by its own fields. `is_made_up`: its number came from a device for want of one.
struct MarkField {
  char tag = 0;
  const Field* field = nullptr;
  bool phones = false;
};
[[nodiscard]] std::vector<MarkField> mark_fields(const Entity& entity);
[[nodiscard]] bool is_made_up(const Entity& entity, std::string_view number);

// The field that decides of whom a record is a part when names are compared; null for most entities.
[[nodiscard]] const Field* owner_field(const Entity& entity);

}  // namespace kehubu
