#!/usr/bin/env bash
# Passes the tests on a bare machine. The last line is 'N passed, N failed', alone, and the exit status says the same.
#
#   tests/run.sh                 house unit cli sim fuzz wasm browser kill: what continuous integration runs
#   tests/run.sh unit browser    only those parts
#
#   unit      doctest, native, with AddressSanitizer and UndefinedBehaviorSanitizer     wasm     the same tests as wasm, under node
#   sim       random histories of many devices (tests/sim)                              fuzz     hostile input (tests/fuzz)
#   browser   the page in real browsers (tests/browser/*.test.mjs), two files at once   house    rules that a machine can check
#   cli       the command line tool, as people and scripts run it (tests/cli/*.test.mjs)
#   kill      browsers killed while they write, 10 times (tests/browser/*.kill.mjs)
# and, only when asked for:
#   walk      every control of every page pressed once in Firefox and WebKit, and everything everywhere in Chromium (tests/browser/walk.engines.mjs)
#   bench     figures, never judged (tests/bench)
#   mutants   one-line faults put into core/sync and the log, merge, write and undo parts of core/store: does a unit test fail? KEHUBU_MUTANTS=40 tries
#             40 instead of 250; fails when fewer than 95 % are killed, or a survivor is not explained (CONTRIBUTING.md says what was measured)
#
# KEHUBU_LONG=1 runs sim and fuzz for hours instead of seconds, and kills 500 browsers. KEHUBU_SKIP_SETUP=1 trusts that tools/setup.sh has run.
# A browser test that hangs is ended after KEHUBU_BROWSER_SECONDS.
# Without -e: a part that fails is counted, and the others still run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0
long=${KEHUBU_LONG:-}
parts=("$@")
[ ${#parts[@]} -eq 0 ] && parts=(house unit cli sim fuzz wasm browser kill)
logs=build/test-logs
mkdir -p "$logs"

say() { printf '\n== %s (%d s)\n' "$*" $SECONDS; }
count() { passed=$((passed + $1)); failed=$((failed + $2)); }
lost() { echo "$1"; count 0 1; }

# Builds a preset, at most once in a run; the log is shown only when it fails.
built=' '
build() {
    local preset=$1
    shift
    case "$built" in *" $preset:$* "*) return 0 ;; esac
    if cmake --preset "$preset" >"$logs/build-$preset.log" 2>&1 && cmake --build "build/$preset" "$@" >>"$logs/build-$preset.log" 2>&1; then
        built+="$preset:$* "
    else
        grep -E -A 12 'error|FAILED|undefined symbol' "$logs/build-$preset.log" | head -n 60
        lost "The build '$preset' failed; all of it is in $logs/build-$preset.log."
        return 1
    fi
}

# Takes doctest's own total from a log. A program that ends without one has crashed, and that is a failure of its own.
count_doctest() {
    local log=$1 status=$2 line
    line=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '\[doctest\] test cases:' | tail -n 1)
    if [[ $line =~ ([0-9]+)\ passed\ *\|\ *([0-9]+)\ failed ]]; then
        count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        [ "$status" -ne 0 ] && [ "${BASH_REMATCH[2]}" -eq 0 ] && lost "The test program ended with status $status although every case passed; see $log."
        [ "$status" -ne 0 ] && sed 's/\x1b\[[0-9;]*m//g' "$log" | head -n 200
        echo "$line"
    else
        tail -n 60 "$log"
        lost "The test program ended with status $status and without a total; see $log."
    fi
}

part_unit() {
    say 'unit tests, native, with sanitizers'
    build_native || return
    # The walk over every page takes minutes: on the other core, beside all that is native and runs on one.
    build/native-debug/bin/unit_tests -tc='a walk over everything*' >"$logs/native-walk.log" 2>&1 &
    native_walk=$!
    build/native-debug/bin/unit_tests -tce='a walk over everything*' >"$logs/unit.log" 2>&1
    count_doctest "$logs/unit.log" $?
    run_counted refused tests/refused.sh
}

native_walk=
finish_native_walk() {
    [ -n "$native_walk" ] || return 0
    wait "$native_walk"
    local status=$?
    native_walk=
    say 'the native walk over every page'
    count_doctest "$logs/native-walk.log" "$status"
}

# All that runs natively in a test; the benchmarks are not built.
build_native() {
    local programs=(tests/sim/*.cpp tests/fuzz/*.cpp) targets=(unit_tests kehubu) program
    for program in "${programs[@]}"; do targets+=("$(basename "$(dirname "$program")")_$(basename "$program" .cpp)"); done
    build native-debug --target "${targets[@]}"
}

part_cli() {
    say 'the command line tool'
    build_native || return
    run_node_tests cli tests/cli/*.test.mjs
}

part_wasm() {
    say 'unit tests as wasm, under node'
    build wasm-tests --target unit_tests || return
    # The walk over every page is native only: it is there for the sanitizers.
    node --stack-size=4000 build/wasm-tests/bin/unit_tests.js --no-colors -tce='a walk over everything*' >"$logs/wasm.log" 2>&1
    count_doctest "$logs/wasm.log" $?
}

# Runs one program as one test, unless its last line is a total of its own.
run_counted() {
    local name=$1 log="$logs/$1.log" line started=$SECONDS status
    shift
    "$@" >"$log" 2>&1
    status=$?
    line=$(tail -n 1 "$log")
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        [ "$status" -ne 0 ] && [ "${BASH_REMATCH[2]}" -eq 0 ] && lost "$name ended with status $status although every case passed."
    elif [ "$status" -eq 0 ]; then count 1 0
    else count 0 1
    fi
    echo "$name: status $status, $((SECONDS - started)) s${line:+: $line}"
    if [ "$status" -ne 0 ]; then grep '^Base64: ' "$log"; tail -n 40 "$log"; fi
}

part_sim() {
    say 'simulated histories'
    build_native || return
    local program
    for program in build/native-debug/bin/sim_*; do
        [ -x "$program" ] && run_counted "$(basename "$program")" "$program" ${long:+--long}
    done
}

# The usual run tries the same inputs every time, so that the same program passes or fails everywhere; KEHUBU_FUZZ_SECONDS=600 and the
# long run look for new ones, from a seed that the log names.
part_fuzz() {
    say 'hostile input'
    local preset=native-debug program name corpus seeds how
    local seconds=${KEHUBU_FUZZ_SECONDS:-${long:+3600}}
    local -A runs=([bundle]=60000 [csv]=4000 [merge]=120 [two_programs]=30 [undo]=60)
    if [ -n "$long" ]; then
        preset=native-fuzz
        build "$preset" || return
    else
        build_native || return
    fi
    for program in "build/$preset"/bin/fuzz_*; do
        [ -x "$program" ] || continue
        name=$(basename "$program")
        corpus="build/corpus/$name"
        how=(-max_total_time="$seconds")
        if [ -z "$seconds" ]; then
            corpus=$(mktemp -d)
            how=(-seed=1 -runs="${runs[${name#fuzz_}]:-100}")
        fi
        mkdir -p "$corpus"
        seeds=()
        [ -d "tests/data/fuzz/${name#fuzz_}" ] && seeds=("tests/data/fuzz/${name#fuzz_}")
        # Every seed must pass, every time; then others. Crashing inputs are kept beside the log, short ones are printed.
        run_counted "$name" "$program" "${how[@]}" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
            -artifact_prefix="$logs/$name-" "$corpus" ${seeds[@]+"${seeds[@]}"}
        [ -n "$seconds" ] || rm -rf "$corpus"
    done
}

# Node's own test runner over some files; browsers with a window get a virtual screen.
run_node_tests() {
    local name=$1 tap="$logs/$1.tap" pass fail cancelled
    shift
    local screen=()
    [ -z "${DISPLAY:-}" ] && command -v xvfb-run >/dev/null && screen=(xvfb-run -a -s '-screen 0 2600x2000x24')
    rm -f "$tap"
    ${screen[@]+"${screen[@]}"} env LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1 KEHUBU_DIST="$PWD/dist" \
        timeout --kill-after=20 "${KEHUBU_BROWSER_SECONDS:-2700}" node --test --test-concurrency=2 --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$tap" "$@" 2>&1 | tee "$logs/$name.log" | grep -vE '^ℹ (suites|todo|duration)'
    pass=$(sed -n 's/^# pass //p' "$tap" 2>/dev/null | tail -n 1)
    fail=$(sed -n 's/^# fail //p' "$tap" 2>/dev/null | tail -n 1)
    cancelled=$(sed -n 's/^# cancelled //p' "$tap" 2>/dev/null | tail -n 1)
    if [ -z "$pass" ]; then lost "The $name tests ended without a total; see $logs/$name.log."; return; fi
    count "$pass" $((fail + cancelled))
}

build_site() {
    case "$built" in *' site '*) return 0 ;; esac
    if ./build-wasm.sh >"$logs/build-site.log" 2>&1; then built+='site '; tail -n 1 "$logs/build-site.log"; return 0; fi
    grep -E -A 12 'error|FAILED|undefined symbol' "$logs/build-site.log" | head -n 60
    lost "The page could not be built; see $logs/build-site.log."
    return 1
}

part_browser() {
    say 'the page in real browsers'
    build_site || return
    build_native || return  # one of the tests exchanges bundles with the command line
    finish_native_walk
    local tests=(tests/browser/*.test.mjs)
    if [ -e "${tests[0]}" ]; then run_node_tests browser "${tests[@]}"; else echo 'There are no browser tests yet.'; fi
}

part_kill() {
    say 'browsers killed while they write'
    build_site || return
    local tests=(tests/browser/*.kill.mjs)
    if [ -n "$long" ]; then export KEHUBU_KILL_ROUNDS=${KEHUBU_KILL_ROUNDS:-500} KEHUBU_BROWSER_SECONDS=${KEHUBU_BROWSER_SECONDS:-7200}; fi
    if [ -e "${tests[0]}" ]; then run_node_tests kill "${tests[@]}"; else echo 'There are no kill tests yet.'; fi
}

part_walk() {
    say 'a walk over everything, in all browsers'
    build_site || return
    KEHUBU_BROWSER_SECONDS=${KEHUBU_BROWSER_SECONDS:-7200} KEHUBU_LONG=1 run_node_tests walk tests/browser/walk.engines.mjs tests/browser/walk.test.mjs
}

part_house() {
    say 'house rules'
    run_counted house tools/check-house.sh
}

# KEHUBU_BENCH='--quick' (or other options and sections of tests/bench/run.mjs) narrows it.
part_bench() {
    say 'figures, beside those of others'
    local preset
    for preset in native-release wasm-tests; do build "$preset" --target bench_merge bench_lists bench_import bench_scroll || return; done
    build_site || return
    # The peers are a package of their own, installed only here.
    if ! cmp -s tests/bench/package-lock.json tests/bench/node_modules/.kehubu-lock; then
        (cd tests/bench && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.kehubu-lock) \
            || { lost 'The peers could not be installed from tests/bench/package-lock.json.'; return; }
    fi
    # shellcheck disable=SC2086  # several words on purpose
    if node tests/bench/run.mjs ${KEHUBU_BENCH:-} 2> >(tee "$logs/bench.log" >&2); then count 1 0; else lost 'A section of the benchmark ended early (above).'; fi
}

part_mutants() {
    say 'faults that the tests must find'
    run_counted mutants tests/mutants/run.py
    echo "Who was not killed is listed in $logs/mutants.log."
}

if [ -z "${KEHUBU_SKIP_SETUP:-}" ]; then
    tools/setup.sh || { echo '0 passed, 1 failed'; exit 1; }
fi
for part in "${parts[@]}"; do
    if [ "$(type -t "part_$part")" != function ]; then
        echo "There is no part '$part'; the parts are unit cli wasm sim fuzz browser house kill bench mutants walk." >&2
        exit 2
    fi
    "part_$part"
done
finish_native_walk

printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
