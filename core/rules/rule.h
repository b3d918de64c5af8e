// Rules of the business that are more than a check on one value, each registered with what it looks at. One file for each business
// area holds its rules and the table that names them; the store runs them (write.cpp) and knows none.
//
//   constexpr Rule contract_rules[] = {
//       check<catalog::contract, check_validity>("contract.validity", on_write, "start_on", "end_on"),
//   };
//
// A rule runs for a draft of its entity where the action makes, deletes or restores the record, or writes one of the fields that the
// rule reads (on_touch: whatever it writes), as far as the rule is `on` that. It may read no other fields of the draft: in a debug build
// that ends the program. Three phases:
//   complete   what follows for the record itself: defaults, numbers, what is computed once and then kept
//   follow_up  what follows for other records: drafts are opened and set
//   check      what is wrong with the whole, and hints; it sees everything as it will be and can change nothing
// Completing and following up are repeated until nothing changes (most_rounds), so that a rule sees what a later one made of its
// draft; each must therefore come to rest: what it sets, it sets once, or to the same value again. What a rule has set does not count as
// named by a person (Draft::names).
//
// Every rule has an example: a test case with its identifier in its name (tests/unit/rules_registered_test.cpp fails for one without).
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "core/rules/action.h"
#include "core/rules/findings.h"

namespace kehubu {

enum On : unsigned {
  on_create = 1,
  on_change = 2,
  on_remove = 4,
  on_restore = 8,
  on_touch = 16,
  on_write = on_create | on_change | on_restore
};
enum class Phase : std::uint8_t { complete, follow_up, check };

struct Rule {
  static constexpr std::size_t most_fields = 24;

  std::string_view id;  // of the domain, "R-OPP-02", or of the area, "contract.validity"
  const Entity* entity = nullptr;
  Phase phase = Phase::check;
  unsigned on = on_write;
  std::array<const Field*, most_fields> reads{};                                // up to the first null
  void (*completes)(Action& action, Draft& draft, const Rule& rule) = nullptr;  // of the first two phases
  void (*checks)(const World& world, Findings& found, const Draft& draft, const Rule& rule) = nullptr;

  [[nodiscard]] bool concerns(const Draft& draft) const;
};

inline constexpr int most_rounds = 8;

[[nodiscard]] std::span<const std::span<const Rule>> all_rules();  // by area
[[nodiscard]] std::span<const Rule* const> rules_of(const Entity& entity, Phase phase);

// --- how the store runs them

void complete_draft(Action& action, Draft& draft, Phase phase);  // complete or follow_up
void check_draft(const World& world, Findings& found, const Draft& draft);
// The part of check_draft() that holds for undo and redo as well: no hierarchy (merge_rules.h) leads back.
void check_hierarchies(const World& world, Findings& found, const Draft& draft);

// --- how an area names its rules

template <const Entity& entity, std::size_t... sizes>
consteval std::array<const Field*, Rule::most_fields> fields_read(const char (&... ids)[sizes]) {
  static_assert(sizeof...(sizes) <= Rule::most_fields);
  return {static_cast<const Field*>(&static_cast<const Field&>(StoredFieldOf<entity>(ids)))...};
}

template <const Entity& entity, void (*function)(Action&, DraftOf<entity>), std::size_t... sizes>
consteval Rule complete(std::string_view id, unsigned on, const char (&... reads)[sizes]) {
  return {id,
          &entity,
          Phase::complete,
          on,
          fields_read<entity>(reads...),
          [](Action& action, Draft& draft, const Rule& rule) { function(action, DraftOf<entity>(draft, &rule)); },
          nullptr};
}

template <const Entity& entity, void (*function)(Action&, DraftOf<entity>), std::size_t... sizes>
consteval Rule follow_up(std::string_view id, unsigned on, const char (&... reads)[sizes]) {
  return {id,
          &entity,
          Phase::follow_up,
          on,
          fields_read<entity>(reads...),
          [](Action& action, Draft& draft, const Rule& rule) { function(action, DraftOf<entity>(draft, &rule)); },
          nullptr};
}

template <const Entity& entity, void (*function)(const World&, Findings&, DraftView<entity>), std::size_t... sizes>
consteval Rule check(std::string_view id, unsigned on, const char (&... reads)[sizes]) {
  return {id,
          &entity,
          Phase::check,
          on,
          fields_read<entity>(reads...),
          nullptr,
          [](const World& world, Findings& found, const Draft& draft, const Rule& rule) {
            function(world, found, DraftView<entity>(draft, &rule));
          }};
}

}  // namespace kehubu
