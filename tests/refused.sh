#!/usr/bin/env bash
# What must not compile: every numbered case of tests/refused/*.cpp is refused with the words of the file's first line, and the
# rest of the file compiles.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0
compile() { clang++-19 -std=c++23 -I. -fsyntax-only -DREFUSED="$2" "$1" 2>&1; }
for source in tests/refused/*.cpp; do
    words=$(sed -n '1s,^// refused: ,,p' "$source")
    if output=$(compile "$source" 0); then passed=$((passed + 1)); else echo "$source does not compile without a case: $output"; failed=$((failed + 1)); fi
    for number in $(sed -nE 's/^#(el)?if REFUSED == ([0-9]+).*/\2/p' "$source"); do
        if ! output=$(compile "$source" "$number") && grep -qF -- "$words" <<<"$output"; then
            passed=$((passed + 1))
        else
            echo "$source, case $number: should have been refused with '$words'"
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
