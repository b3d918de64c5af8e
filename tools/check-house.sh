#!/usr/bin/env bash
# House rules that a machine can check. Each rule is one check; prints what breaks it and, last, 'N passed, N failed'.
# Without -e: every rule is looked at, also after one that is broken.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0
# rule <sentence> <what breaks it, empty when nothing does>
rule() {
    if [ -z "$2" ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    printf 'House rule: %s\n%s\n' "$1" "$2" | head -n 12
}
# Untracked files count too: they are what is about to be committed.
files() { git ls-files --cached --others --exclude-standard -- "$@" | sort -u; }
found() { local pattern=$1; shift; files "$@" | tr '\n' '\0' | xargs -0 -r grep -nIE -- "$pattern" /dev/null 2>/dev/null | head -n 8; }

rule 'core/ knows no Dear ImGui, no Emscripten and nothing above it' \
    "$(found '#include *[<"](imgui|emscripten|app/|web/)|EM_(JS|ASM)|__EMSCRIPTEN__' 'core/*.h' 'core/*.cpp')"
rule 'app/ knows no Emscripten and not the browser side' \
    "$(found '#include *[<"](emscripten|web/)|EM_(JS|ASM)|__EMSCRIPTEN__' 'app/*.h' 'app/*.cpp')"
rule 'Dear ImGui is used only below app/ and web/' "$(found '#include *[<"]imgui' 'core' 'tools')"
# A form of records cannot be built without a keeper (tests/refused); of single fields this is the list. In the last three
# nothing is entered: a day to look at, the words that confirm an erasure, a fingerprint to compare with.
kept='record_form_draw|identity_form|conflicts_screen|record_history|settings_screen|fingerprint_card'
rule 'what is typed into a page is kept as a draft (app/shell/draft_keeper.h), or says here why not' \
    "$(found '(text|money|number|date|date_time)_field\(|text_area\(' 'app/pages/*.cpp' 'app/shell/*.cpp' | grep -vE "/($kept)\.cpp:")"
rule 'no dependency and no build output is committed' \
    "$(git ls-files | grep -E '(^|/)(node_modules|third_party|vendor|dist|build|\.toolchain)/' | head -n 8)"

# What tools leave beside the files they worked on, and what a fuzzer names by its hash.
rule 'nothing that a tool left behind is committed' \
    "$(files | grep -E '\.(orig|rej|bak|swp|log|tmp)$|~$|/zz_[^/]*$|/[0-9a-f]{40}$' | head -n 8)"

# The hosts are read from this machine, because a rule that named them would break itself.
hosts=$({ npm config get registry 2>/dev/null; cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null; } \
    | grep -oE 'https?://[^/ ]+' | sed 's#^https*://##' | sort -u | sed 's/\./\\./g' | paste -sd '|')
rule 'no registry or mirror host is named' "$([ -n "$hosts" ] && found "$hosts" .)"
rule 'no path of one machine' "$(found "(^|[^A-Za-z0-9_.~}\$-])/(home/[a-z]|root/|work/|Users/[A-Za-z])|$(printf '%s/' "$PWD" | sed 's/\./\\./g')" .)"
rule 'no JavaScript is evaluated from text, and no inline script or style (Content-Security-Policy)' \
    "$(found '[^A-Za-z.](eval|new Function)\(|<style|<script>|<[a-z][^>]* (style|on[a-z]+)=' 'web/*.js' 'web/*.html' 'index.html')"
rule 'no request to another origin' "$(found '(src|href|fetch\(|import ).{0,12}https?://' 'web/*.js' 'web/*.html' 'web/*.css' 'index.html')"
rule 'the lock file names no place to download from' "$(grep -n '"resolved"' package-lock.json | head -n 3)"
rule 'no conflict markers' "$(found '^(<<<<<<<|>>>>>>>) ' .)"
rule 'scripts stop at the first error' \
    "$(files '*.sh' '.ci/run' | while read -r script; do grep -qE '^set -[a-z]*u[a-z]*o pipefail' "$script" || echo "$script"; done)"

# What one device is refused, two can bring about together: each refusal has its answer in core/rules/refusals.txt.
refusals() {
    LC_ALL=C awk -v RS=';' '
        FNR == 1 { area = FILENAME; sub(/.*\//, "", area); sub(/(_rule\.h|\.cpp)$/, "", area) }
        {
            rest = $0
            while (match(rest, /found\.(problem|problem_about|require)\(|fail\(ErrorKind::(refused|conflict|invalid_input),/)) {
                call = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
                if (call ~ /require/) {
                    match(rest, /, *[^)]*\)/); field = substr(rest, RSTART + 1, RLENGTH - 2); gsub(/[ "*]/, "", field)
                    print area ": require " field
                    continue
                }
                # The first Chinese text of the call is its sentence.
                for (text = rest; match(text, /"[^"]*"/); text = substr(text, RSTART + RLENGTH)) {
                    words = substr(text, RSTART + 1, RLENGTH - 2)
                    if (words ~ /[\200-\377]/) { print area ": " words; break }
                }
            }
        }' core/rules/*.cpp core/rules/*_rule.h core/store/validation.cpp core/store/write.cpp | LC_ALL=C sort -u
}
listed=core/rules/refusals.txt
rule "what becomes of each refusal where two devices meet is decided ($listed, docs/merge.md)" \
    "$(LC_ALL=C diff <(refusals) <(sed -nE 's/^([a-z_]+: .*) \| .*/\1/p' "$listed" | LC_ALL=C sort -u) \
        | sed -nE 's/^< /not listed: /p; s/^> /no refusal any more: /p')"
rule 'what is said to be a question is declared as one (core/rules/merge_rules.cpp)' \
    "$(sed -nE 's/^[a-z_]+: .* \| (rule|only_one) ([a-z_]+)\/([a-z_]+)$/\1 \2 \3/p' "$listed" | while read -r kind entity id; do
        if [ "$kind" = rule ]; then declared="{\"$entity\", \"$id\","; else declared=".entity = \"$entity\", .id = \"$id\","; fi
        grep -qF "$declared" core/rules/merge_rules.cpp || echo "$kind $entity/$id"
    done
    grep -vE '^(#|$)|^[a-z_]+: .* \| ((rule|only_one) [a-z_]+/[a-z_]+|hierarchy|document|question|fact|birth|step|value|stands|edit)$' "$listed")"

# The rules are registered by "identifier", on_…; an example is a test case with the identifier in its name.
examples=$(grep -hoE 'TEST_CASE\("[^"]*"' tests/unit/*.cpp)
rule 'every registered rule has an example that is named after it (tests/unit, core/rules/rule.h)' \
    "$(cat core/rules/*.cpp | tr '\n' ' ' | grep -oE '\("[A-Za-z0-9_.-]+", +on_' | sed -E 's/^\("([^"]+)".*/\1/' | while read -r id; do
        grep -qE "[\" ,(]${id//./\\.}[\" ,:)]" <<<"$examples" || echo "$id"
    done)"

missing=''
for file in README.md ARCHITECTURE.md CONTRIBUTING.md .ci/run; do [ -e "$file" ] || missing+="$file is missing"$'\n'; done
rule 'a newcomer finds the way: README, ARCHITECTURE, CONTRIBUTING' "$missing"

# Not a failure, a question.
files '*.cpp' '*.h' '*.js' '*.mjs' | tr '\n' '\0' | xargs -0 -r wc -l 2>/dev/null \
    | awk '$2 != "total" && $1 > 800 { print "Worth a look: " $2 " has " $1 " lines; is it still one room?" }'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
