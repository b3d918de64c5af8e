// Draft: one record as an action is about to write it. Made by the store of an Edit; completed and checked by the rules.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <vector>

#include "core/catalog/field_of.h"
#include "core/store/store.h"

namespace kehubu {

struct Draft {
  struct Cell {
    const Field* field;
    Value value;           // may equal the one before
    bool by_rule = false;  // a default, or what follows from something else: nobody has said it
  };

  const Entity* entity = nullptr;
  Id row;
  bool is_new = false;
  bool remove = false, restore = false;
  bool comes_with_document = false;  // a line that is restored because its document is
  bool loses_approval = false;       // a contract in force, an amount of which changes
  std::optional<Record> before;      // of a record that is there already
  std::vector<Cell> cells;           // what is to be written
  int revision = 0;                  // grows with whatever a rule may have to look at again

  // After the action. Of stored fields: what a derived one will be, the World says.
  [[nodiscard]] const Value& value(const Field& field) const;
  [[nodiscard]] const std::string& text(const Field& field) const { return text_or_empty(value(field)); }
  [[nodiscard]] Id reference(const Field& field) const { return id_or_empty(value(field)); }
  [[nodiscard]] bool is_empty(const Field& field) const { return is_null(value(field)); }
  // Null for a new record.
  [[nodiscard]] const Value& value_before(const Field& field) const;
  [[nodiscard]] bool changes(const Field& field) const { return value(field) != value_before(field); }
  // Whether the action writes the field at all, and whether who asked for the action named it.
  [[nodiscard]] bool writes(const Field& field) const { return find(field) != nullptr; }
  [[nodiscard]] bool names(const Field& field) const;
  [[nodiscard]] bool is_deleted() const { return before && before->deleted; }

 private:
  [[nodiscard]] const Cell* find(const Field& field) const;
};

struct Rule;
[[nodiscard]] bool may_read(const Rule& rule, const Field& field);  // rules.cpp

// A draft of one entity, as the rules of that entity see it: fields by literals that the compiler looks up.
template <const Entity& entity_> class DraftView {
 public:
  using Stored = StoredFieldOf<entity_>;
  // With the rule that reads it: that may read only what it declares.
  explicit DraftView(const Draft& draft, const Rule* rule = nullptr) : draft_(&draft), rule_(rule) {}
  operator const Draft&() const { return *draft_; }
  const Draft* operator->() const { return draft_; }

  [[nodiscard]] const Value& value(Stored field) const { return draft_->value(read(field)); }
  [[nodiscard]] const std::string& text(Stored field) const { return draft_->text(read(field)); }
  [[nodiscard]] Id reference(Stored field) const { return draft_->reference(read(field)); }
  [[nodiscard]] std::int64_t integer(Stored field, std::int64_t otherwise = 0) const {
    return integer_or(draft_->value(read(field)), otherwise);
  }
  [[nodiscard]] bool is_empty(Stored field) const { return draft_->is_empty(read(field)); }
  [[nodiscard]] const Value& value_before(Stored field) const { return draft_->value_before(read(field)); }
  [[nodiscard]] const std::string& text_before(Stored field) const { return text_or_empty(draft_->value_before(read(field))); }
  [[nodiscard]] bool changes(Stored field) const { return draft_->changes(read(field)); }
  [[nodiscard]] bool names(Stored field) const { return draft_->names(read(field)); }
  // It is made, or something of it is written.
  [[nodiscard]] bool touched() const { return draft_->is_new || !draft_->cells.empty(); }

 private:
  const Field& read(Stored field) const {
    assert((rule_ == nullptr || may_read(*rule_, field)) && "a rule reads what it declares");
    return field;
  }
  const Draft* draft_;
  const Rule* rule_;
};

// The same, to be completed.
template <const Entity& entity_> class DraftOf : public DraftView<entity_> {
 public:
  explicit DraftOf(Draft& draft, const Rule* rule = nullptr) : DraftView<entity_>(draft, rule), draft_(&draft) {}
  operator Draft&() const { return *draft_; }

 private:
  Draft* draft_;
};

}  // namespace kehubu
