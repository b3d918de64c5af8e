#include "core/importing/known_records.h"

#include "core/base/text.h"
#include "core/rules/names.h"
#include "core/store/sql.h"

namespace kehubu {
namespace {

// One map for all keys: the field's name or "" for the title, then what it holds.
std::string unique_key(const Field& field, std::string_view value) {
  std::string key(field.id);
  key += '\1';
  return key + fold(value);
}

std::string title_key(std::string_view name_key, const Id& of) {
  std::string key = "\2";
  if (!of.empty()) {
    key += std::string_view(reinterpret_cast<const char*>(of.bytes.data()), of.bytes.size());
  }
  key += name_key;
  return key;
}

}  // namespace

std::string name_key(const Entity& entity, std::string_view name) {
  return entity.id == "customer" ? normalised_organisation_name(name) : fold(name);
}

const Field* owner_field(const Entity& entity) { return entity.id == "contact" ? entity.find("customer") : nullptr; }

KnownRecords::KnownRecords(Store& store, const Entity& entity)
    : entity_(entity), title_(entity.find(entity.title_field)), owner_(owner_field(entity)) {
  for (const Field& field : entity.fields) {
    if (field.unique && !field.derived() && field.type == FieldType::text) {
      unique_fields_.push_back(&field);
    }
  }
  read(store);
}

void KnownRecords::read(Store& store) {
  std::string sql = "SELECT id, " + quoted(title_->id) + ", " + (owner_ != nullptr ? quoted(owner_->id) : "NULL");
  for (const Field* field : unique_fields_) {
    sql += ", " + quoted(field->id);
  }
  Statement select(store.connection(), sql + " FROM " + quoted(entity_.id) + " WHERE live = 1");
  while (select.row()) {
    const Found record{select.id(0), 0};
    if (!select.is_null(1) && title_->type == FieldType::text) {
      add_name(select.text(1), select.id(2), record);
    }
    for (std::size_t index = 0; index < unique_fields_.size(); ++index) {
      if (const int column = static_cast<int>(index) + 3; !select.is_null(column)) {
        add_unique(*unique_fields_[index], select.text(column), record);
      }
    }
  }
}

std::optional<KnownRecords::Found> KnownRecords::by_unique(const Field& field, std::string_view value) const {
  const auto found = by_key_.find(unique_key(field, value));
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<KnownRecords::Found> KnownRecords::by_name(std::string_view name, const Id& of) const {
  return by_name_key(name_key(entity_, name), of);
}

std::optional<KnownRecords::Found> KnownRecords::by_name_key(std::string_view key, const Id& of) const {
  const auto found = by_key_.find(title_key(key, of));
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<KnownRecords::Found> KnownRecords::by_any(std::string_view text) const {
  for (const Field* field : unique_fields_) {
    if (auto found = by_unique(*field, text)) {
      return found;
    }
  }
  return by_name(text);
}

std::string KnownRecords::number_of(const Id& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? std::string() : found->second;
}

void KnownRecords::add_unique(const Field& field, std::string_view value, const Found& record) {
  by_key_.emplace(unique_key(field, value), record);
  if (field.id == entity_.number_field) {
    numbers_.emplace(record.id, value);
  }
}

void KnownRecords::add_name(std::string_view name, const Id& of, const Found& record) {
  add_name_key(name_key(entity_, name), of, record);
}

void KnownRecords::add_name_key(std::string_view key, const Id& of, const Found& record) {
  by_key_.emplace(title_key(key, of), record);
  if (!of.empty()) {
    parts_.emplace(of, true);
  }
}

}  // namespace kehubu
