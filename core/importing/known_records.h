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

// How two names of records of this entity are compared: companies by R-DUP-02, all others folded.
[[nodiscard]] std::string name_key(const Entity& entity, std::string_view name);

class KnownRecords {
 public:
  struct Found {
    Id id;
    std::uint32_t line = 0;  // of the file, when the plan will create it; 0: it is in the store
  };

  KnownRecords(Store& store, const Entity& entity);

  [[nodiscard]] const Entity& entity() const { return entity_; }
  [[nodiscard]] std::optional<Found> by_unique(const Field& field, std::string_view value) const;
  // `of` tells apart names that are only unique within something: contacts of a customer. Empty otherwise.
  [[nodiscard]] std::optional<Found> by_name(std::string_view name, const Id& of = {}) const;
  // The same with a name_key() that the caller keeps, because making one costs as much as all the rest of a row.
  [[nodiscard]] std::optional<Found> by_name_key(std::string_view key, const Id& of) const;
  // By any unique field or by name: what a person may write in a column that refers to this entity.
  [[nodiscard]] std::optional<Found> by_any(std::string_view text) const;
  [[nodiscard]] std::string number_of(const Id& id) const;  // "" when it has none
  [[nodiscard]] bool has_part(const Id& of) const { return parts_.contains(of); }  // some record belongs to `of`

  void add_unique(const Field& field, std::string_view value, const Found& record);
  void add_name(std::string_view name, const Id& of, const Found& record);
  void add_name_key(std::string_view key, const Id& of, const Found& record);

 private:
  void read(Store& store);

  const Entity& entity_;
  const Field* title_ = nullptr;
  const Field* owner_ = nullptr;            // the field that names the customer of a contact
  std::vector<const Field*> unique_fields_;
  std::unordered_map<std::string, Found> by_key_;
  std::unordered_map<Id, std::string, IdHash> numbers_;
  std::unordered_map<Id, bool, IdHash> parts_;
};

// The field that decides of whom a record is a part when names are compared; null for most entities.
[[nodiscard]] const Field* owner_field(const Entity& entity);

}  // namespace kehubu
