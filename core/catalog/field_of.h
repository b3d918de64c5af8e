// A field that is named by a literal, looked up by the compiler: who names one that its entity has not does not compile.
//
//   value_of(FieldOf<catalog::contract> field);      value_of("status");    // "stauts": no_such_field() is not constant
//
// A StoredFieldOf is one that is written: derived ones are refused in the same way.
#pragma once

#include "core/catalog/catalog.h"

namespace kehubu {

// Not constant on purpose: their names are what the compiler says.
void no_such_field();
void derived_fields_are_not_written();

template <const Entity& entity> consteval const Field& field_of(std::string_view id) {
  for (const Field& field : entity.fields) {
    if (field.id == id) {
      return field;
    }
  }
  no_such_field();
  return entity.fields[0];
}

template <const Entity& entity> class FieldOf {
 public:
  template <std::size_t size> consteval FieldOf(const char (&id)[size]) : field_(&field_of<entity>({id, size - 1})) {}
  constexpr operator const Field&() const { return *field_; }
  constexpr const Field* operator->() const { return field_; }

 private:
  const Field* field_;
};

template <const Entity& entity> class StoredFieldOf {
 public:
  template <std::size_t size> consteval StoredFieldOf(const char (&id)[size]) : field_(&field_of<entity>({id, size - 1})) {
    if (field_->derived()) {
      derived_fields_are_not_written();
    }
  }
  constexpr operator const Field&() const { return *field_; }
  constexpr const Field* operator->() const { return field_; }

 private:
  const Field* field_;
};

}  // namespace kehubu
