// Findings: what the checks find wrong with an action, and what they only mention. The sentences are for people; each stands beside
// the field that it is about.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/rules/draft.h"

namespace kehubu {

struct Finding {
  const Draft* draft;
  const Field* field;  // null: of no field
  Sentence message;
  bool hint_only;  // yellow (R-VAL-15): saved all the same
};

class Findings {
 public:
  using Arguments = std::initializer_list<std::string_view>;

  void problem(const Draft& draft, const Field& field, Sentence sentence) { add(draft, field, std::move(sentence), false); }
  void hint(const Draft& draft, const Field& field, Sentence sentence) { add(draft, field, std::move(sentence), true); }
  void problem(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments = {});
  void hint(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments = {});
  // The first "{}" is the field's label, the rest are the arguments.
  void problem_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments = {});
  void hint_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments = {});
  // "{label}不能为空"
  void require(const Draft& draft, const Field& field);

  template <const Entity& entity>
  void problem(DraftView<entity> draft, std::type_identity_t<FieldOf<entity>> field, std::string_view zh, std::string_view en,
               Arguments arguments = {}) {
    problem(static_cast<const Draft&>(draft), static_cast<const Field&>(field), zh, en, arguments);
  }
  template <const Entity& entity> void problem(DraftView<entity> draft, std::type_identity_t<FieldOf<entity>> field, Sentence sentence) {
    problem(static_cast<const Draft&>(draft), static_cast<const Field&>(field), std::move(sentence));
  }
  template <const Entity& entity>
  void hint(DraftView<entity> draft, std::type_identity_t<FieldOf<entity>> field, std::string_view zh, std::string_view en,
            Arguments arguments = {}) {
    hint(static_cast<const Draft&>(draft), static_cast<const Field&>(field), zh, en, arguments);
  }
  template <const Entity& entity> void require(DraftView<entity> draft, std::type_identity_t<StoredFieldOf<entity>> field) {
    require(static_cast<const Draft&>(draft), static_cast<const Field&>(field));
  }

  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }

 private:
  void add(const Draft& draft, const Field& field, Sentence sentence, bool hint_only) {
    all_.push_back({&draft, &field, std::move(sentence), hint_only});
  }
  std::vector<Finding> all_;
};

}  // namespace kehubu
