// The switch of a mutant. Every copy of a source that generate.py writes includes it.
#pragma once

inline constexpr int most_mutants = 20000;
extern int kehubu_active_mutant;                       // 0: none
extern unsigned char kehubu_reached[most_mutants + 1];

inline bool kehubu_mutant(int number) {
  kehubu_reached[number] = 1;
  return number == kehubu_active_mutant;
}
