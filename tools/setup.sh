#!/usr/bin/env bash
# Makes a bare Debian 12 machine able to build and test Kehubu. Safe to run again at any time: every step looks first, and a step that
# was cut off starts over on the next run. Nothing is written outside the repository except missing Debian packages.
#
#   tools/setup.sh            what a build and the tests need
#   tools/setup.sh build      what a build needs, without the browsers
#
# Everything fetched goes to .toolchain/ and node_modules/, both ignored by git; package-lock.json and the versions below pin it.
set -euo pipefail

readonly emscripten_version=3.1.69
readonly emscripten_release=trixie
readonly imgui_minimum=1.92.2
readonly imgui_release=forky
readonly sqlite_minimum=3054000

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly toolchain="$root/.toolchain"
readonly emscripten_folder="$toolchain/emscripten/usr/share/emscripten"
readonly scope=${1:-all}

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

case "$scope" in all | build) ;; *) fail "unknown argument '$scope'; use no argument, or 'build'." ;; esac

build_packages=(clang-19 lld-19 llvm-19 libclang-rt-19-dev cmake ninja-build nlohmann-json3-dev doctest-dev zlib1g-dev python3 brotli ccache dpkg-dev xz-utils)
test_packages=(chromium firefox-esr webkit2gtk-driver xvfb xauth fonts-noto-cjk fonts-noto-color-emoji)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "this needs root once, to install Debian packages: $*"
    fi
}

install_debian_packages() {
    local wanted=("${build_packages[@]}") missing=() package
    [ "$scope" = all ] && wanted+=("${test_packages[@]}")
    # A node from elsewhere is as good as Debian's, so node is looked for by name and not by package.
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
    if ! command -v dpkg-query >/dev/null; then
        say "no Debian package manager here; going on with what is installed (needed: ${wanted[*]})."
        return
    fi
    for package in "${wanted[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "installing Debian packages: ${missing[*]}"
    as_root apt-get -o DPkg::Lock::Timeout=600 update -qq || fail "the Debian mirror of this machine cannot be reached; check the network and run this again."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" >"$toolchain/apt-install.log" 2>&1 \
        || { tail -n 20 "$toolchain/apt-install.log" >&2; fail "apt-get could not install: ${missing[*]} (log above; all of it in .toolchain/apt-install.log)."; }
}

install_npm_packages() {
    local stamp="$root/node_modules/.kehubu-lock"
    if cmp -s "$root/package-lock.json" "$stamp"; then return; fi
    say "installing npm packages from package-lock.json"
    # --ignore-scripts: nothing that npm brings has a reason to run on this machine.
    (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
        || fail "npm could not install what package-lock.json names; is the npm registry of this machine reachable ('npm config get registry')?"
    cp "$root/package-lock.json" "$stamp"
    local found
    found=$(sed -n 's/^#define SQLITE_VERSION_NUMBER *//p' "$root/node_modules/better-sqlite3/deps/sqlite3/sqlite3.h")
    [ "${found:-0}" -ge "$sqlite_minimum" ] || fail "the SQLite amalgamation has version ${found:-unknown}; at least $sqlite_minimum is needed."
}

# A private apt that reads later Debian releases. It takes mirror and keyring from the machine's own sources, checks signatures as apt always
# does, and keeps its lists and cache in .toolchain/, so that the system's apt never learns of it.
private_apt() {
    local tool=$1
    shift
    "$tool" -o Dir::Etc::SourceList="$toolchain/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$toolchain/apt/lists" -o Dir::Cache="$toolchain/apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Retries=3 "$@"
}

# Prints "<mirror> <keyring>" of the first Debian archive among the machine's apt sources, in either of apt's two notations.
debian_source_of_this_machine() {
    local keyring_default=/usr/share/keyrings/debian-archive-keyring.gpg file
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -r "$file" ] || continue
        awk -v fallback="$keyring_default" '
            function flush() { if (uri != "" && suites ~ /bookworm|trixie|forky|sid|stable|testing/ && suites !~ /security/ && components ~ /main/ && uri ~ /\/debian\/?$/) {
                                   print uri, (key == "" ? fallback : key); found = 1; exit }
                               uri = ""; suites = ""; components = ""; key = "" }
            /^#/ { next } /^[ \t]*$/ { flush(); next }
            tolower($1) == "uris:" { uri = $2 } tolower($1) == "suites:" { suites = $0 }
            tolower($1) == "components:" { components = $0 } tolower($1) == "signed-by:" { key = $2 }
            END { if (!found) flush() }' "$file"
    done | head -n 1 | grep . && return
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk -v fallback="$keyring_default" '
        $1 == "deb" { key = fallback; place = 2
            if ($0 ~ /\[/) { if (match($0, /signed-by=[^] ]+/)) key = substr($0, RSTART + 10, RLENGTH - 10)
                             sub(/\[[^]]*\]/, "") }
            if ($2 ~ /\/debian\/?$/ && $0 ~ / main/) { print $2, key; exit } }'
}

prepare_private_apt() {
    [ -s "$toolchain/apt/prepared" ] && [ -n "$(find "$toolchain/apt/prepared" -mmin -60)" ] && return
    local source mirror keyring
    source=$(debian_source_of_this_machine)
    [ -n "$source" ] || fail "no Debian archive among this machine's apt sources; put an upstream emcc >= $emscripten_version on PATH and Dear ImGui >= $imgui_minimum in .toolchain/imgui."
    read -r mirror keyring <<<"$source"
    mkdir -p "$toolchain/apt/lists/partial" "$toolchain/apt/cache/archives/partial"
    printf 'deb [signed-by=%s] %s %s main\ndeb-src [signed-by=%s] %s %s main\n' \
        "$keyring" "$mirror" "$emscripten_release" "$keyring" "$mirror" "$imgui_release" >"$toolchain/apt/sources.list"
    say "reading the package lists of $emscripten_release and $imgui_release"
    private_apt apt-get -qq update || fail "this machine's Debian mirror does not answer for $emscripten_release and $imgui_release; check the network and run this again."
    date >"$toolchain/apt/prepared"
}

version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

emcc_on_path_is_new_enough() {
    local version
    command -v emcc >/dev/null || return 1
    version=$(emcc -dumpversion 2>/dev/null | head -n 1) || return 1
    version_at_least "${version%%-*}" "$emscripten_version"
}

install_emscripten() {
    if emcc_on_path_is_new_enough; then
        say "using the emcc that is on PATH ($(command -v emcc), $(emcc -dumpversion | head -n 1))"
        dirname "$(readlink -f "$(command -v emcc)")" >"$toolchain/emscripten.path"
        rm -f "$toolchain/emscripten.config"
        return
    fi
    if [ ! -s "$toolchain/emscripten.complete" ]; then
        prepare_private_apt
        say "fetching Emscripten $emscripten_version (237 MB)"
        rm -rf "$toolchain/emscripten" "$toolchain/download-emscripten"
        mkdir -p "$toolchain/download-emscripten"
        (cd "$toolchain/download-emscripten" && private_apt apt-get -qq download "emscripten/$emscripten_release") \
            || fail "the package emscripten of $emscripten_release could not be downloaded."
        local package
        package=$(echo "$toolchain"/download-emscripten/emscripten_*.deb)
        case "$(basename "$package")" in
            "emscripten_$emscripten_version"*) ;;
            *) fail "expected Emscripten $emscripten_version, the mirror has $(basename "$package")." ;;
        esac
        mkdir -p "$toolchain/emscripten"
        # The position-independent variants and Emscripten's own tests are half of the package and are never used here.
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$toolchain/emscripten" --exclude='*/wasm32-emscripten/pic' --exclude='*/wasm32-emscripten/lto-pic' \
            --exclude='*/share/emscripten/test' --exclude='*/share/doc/*'
        rm -rf "$toolchain/download-emscripten"
        basename "$package" >"$toolchain/emscripten.complete"
    fi
    # The repository is an ES module package; Emscripten's own tools are CommonJS and would inherit that without a nearer package.json.
    printf '{ "type": "commonjs" }\n' >"$toolchain/package.json"
    local config
    config=$(printf "LLVM_ROOT = '%s'\nBINARYEN_ROOT = '%s'\nNODE_JS = '%s'\nFROZEN_CACHE = True\n" \
        "$(llvm-config-19 --bindir)" "$root/node_modules/binaryen" "$(command -v node)")
    [ "$(cat "$toolchain/emscripten.config" 2>/dev/null)" = "$config" ] || printf '%s\n' "$config" >"$toolchain/emscripten.config"
    # Emscripten reads the file beside its programs when EM_CONFIG is not set, so nobody has to remember the variable.
    ln -sf "$toolchain/emscripten.config" "$emscripten_folder/.emscripten"
    [ "$(cat "$toolchain/emscripten.path" 2>/dev/null)" = "$emscripten_folder" ] || printf '%s\n' "$emscripten_folder" >"$toolchain/emscripten.path"
}

install_imgui() {
    if [ ! -s "$toolchain/imgui.complete" ]; then
        prepare_private_apt
        say "fetching Dear ImGui from $imgui_release"
        rm -rf "$toolchain/imgui" "$toolchain/download-imgui"
        mkdir -p "$toolchain/imgui" "$toolchain/download-imgui"
        (cd "$toolchain/download-imgui" && private_apt apt-get -qq source --download-only "imgui/$imgui_release" 2>/dev/null) \
            || fail "the source package imgui of $imgui_release could not be downloaded."
        tar -x -f "$toolchain"/download-imgui/imgui_*.orig.tar.* -C "$toolchain/imgui" --strip-components=1
        rm -rf "$toolchain/download-imgui"
        # forky still moves, so the version is a floor and not a pin; the interface that we build on is looked for by name.
        local version
        version=$(sed -n 's/^#define IMGUI_VERSION  *"\(.*\)".*/\1/p' "$toolchain/imgui/imgui.h")
        version_at_least "${version%%[a-z ]*}" "$imgui_minimum" || fail "Dear ImGui $version is too old; at least $imgui_minimum is needed."
        grep -q 'struct ImFontLoader' "$toolchain/imgui/imgui_internal.h" "$toolchain/imgui/imgui.h" \
            || fail "Dear ImGui $version has no ImFontLoader any more; web/text/ needs a change before this version can be used."
        say "Dear ImGui $version"
        printf '%s\n' "$version" >"$toolchain/imgui.complete"
    fi
}

mkdir -p "$toolchain"
# Two runs at once (two build scripts, say) would unpack into the same folder.
exec 9>"$toolchain/setup.lock"
if command -v flock >/dev/null; then flock 9; fi
install_debian_packages
command -v node >/dev/null || fail "node is needed and was not found."
install_npm_packages
install_emscripten
install_imgui
say "ready"
