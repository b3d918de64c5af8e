// What must hold of every open conflict, whatever history led to it.
#pragma once

#include <string>

#include "tests/support/test_device.h"

namespace kehubu::test {

// What is wrong with how the conflicts of this device are put, or "": two sides or more, none without words, one that stands
// and says what the tables show.
[[nodiscard]] std::string check_conflicts(TestDevice& device);

// Everything that a person is told about the questions that are open: the sides, what they would do, who said so and when.
[[nodiscard]] std::string told_questions(TestDevice& device);

// Takes each side of each conflict, each on a device of its own that knows the same, and compares: no two sides may lead to
// the same tables, each must close its conflict and lead to what it says, and a device that hears of it must show the
// same. Where `undoes`: the answer taken back, everything is asked as it was before, to the word and here as there; done again,
// it is the same answer. `seed`: of devices that nobody else has. Returns what is wrong, or "".
[[nodiscard]] std::string check_choices(TestDevice& device, std::uint64_t seed, bool undoes = false);

}  // namespace kehubu::test
