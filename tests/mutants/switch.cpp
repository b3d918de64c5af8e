#include "tests/mutants/switch.h"

#include <cstdlib>

namespace {

int from_environment() {
  const char* number = std::getenv("KEHUBU_MUTANT");
  return number == nullptr ? 0 : std::atoi(number);
}

}  // namespace

int kehubu_active_mutant = from_environment();
unsigned char kehubu_reached[most_mutants + 1];
