#include "core/rules/findings.h"

#include <algorithm>

#include "core/base/text.h"

namespace kehubu {
namespace {

// substitute() with the label of the field as the first argument.
Sentence sentence_about(const Field& field, std::string_view zh, std::string_view en, Findings::Arguments arguments) {
  const auto fill = [&](std::string_view pattern, std::string_view label) {
    const std::size_t place = pattern.find("{}");
    std::string text(pattern.substr(0, place));
    if (place != std::string_view::npos) {
      text += label;
      text += substitute(pattern.substr(place + 2), arguments);
    }
    return text;
  };
  return {fill(zh, field.zh), fill(en, field.en)};
}

}  // namespace

void Findings::problem(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments) {
  add(draft, field, sentence(zh, en, arguments), false);
}

void Findings::hint(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments) {
  add(draft, field, sentence(zh, en, arguments), true);
}

void Findings::problem_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments) {
  add(draft, field, sentence_about(field, zh, en, arguments), false);
}

void Findings::hint_about(const Draft& draft, const Field& field, std::string_view zh, std::string_view en, Arguments arguments) {
  add(draft, field, sentence_about(field, zh, en, arguments), true);
}

void Findings::require(const Draft& draft, const Field& field) {
  const bool already =
      std::ranges::any_of(all_, [&](const Finding& one) { return one.draft == &draft && one.field == &field && !one.hint_only; });
  if (is_null(draft.value(field)) && !already) {
    problem_about(draft, field, "{}不能为空", "{} is required");
  }
}

}  // namespace kehubu
