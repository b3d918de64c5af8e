// Action: what one person is about to write. The store turns each Edit into a Draft; rules complete them, and add drafts of what
// follows from them; then they are checked (rule.h). Nothing here writes.
#pragma once

#include "core/rules/world.h"

namespace kehubu {

class Action : public World {
 public:
  using World::World;

  // References to drafts stay valid.
  using World::drafts;
  using World::find;
  [[nodiscard]] std::deque<Draft>& drafts() { return drafts_; }
  [[nodiscard]] Draft* find(const Entity& entity, const Id& row) { return const_cast<Draft*>(World::find(entity, row)); }
  // The draft of a record, made empty if there is none yet; `is_new` only when it is made.
  Draft& open(const Entity& entity, const Id& row, bool is_new);
  template <const Entity& entity> DraftOf<entity> open(const Id& row, bool is_new = false) {
    return DraftOf<entity>(open(entity, row, is_new));
  }
  void remove(Draft& draft);

  // What the asker of the action says, and what a rule does.
  void say(Draft& draft, const Field& field, Value value) { put(draft, field, std::move(value), false); }
  void set(Draft& draft, const Field& field, Value value) { put(draft, field, std::move(value), true); }
  // Sets only what is empty.
  void set_default(Draft& draft, const Field& field, Value value);
  template <const Entity& entity> void set(DraftOf<entity> draft, std::type_identity_t<StoredFieldOf<entity>> field, Value value) {
    set(static_cast<Draft&>(draft), static_cast<const Field&>(field), std::move(value));
  }
  template <const Entity& entity> void set_default(DraftOf<entity> draft, std::type_identity_t<StoredFieldOf<entity>> field, Value value) {
    set_default(static_cast<Draft&>(draft), static_cast<const Field&>(field), std::move(value));
  }

  [[nodiscard]] Id make_id() { return new_id(environment_); }

 private:
  void put(Draft& draft, const Field& field, Value value, bool by_rule);
  void index(const Draft& draft, const Field& field, const Value& value);
};

}  // namespace kehubu
