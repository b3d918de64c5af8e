// What an action is called on the stack of undoing: by everything that the person asked for, since all of it is taken back.
// What follows from that by the rules (a plan, lines that go along) is not named.
#pragma once

#include "core/rules/action.h"

namespace kehubu {

// What becomes of a record, in an action of the given kind.
[[nodiscard]] ChangeKind kind_of(const Draft& draft, ChangeKind asked_kind);
// `asked`: so many drafts, the first ones, were asked for. Empty where there are none.
[[nodiscard]] Sentence action_label(Action& action, ChangeKind kind, std::size_t asked);

}  // namespace kehubu
