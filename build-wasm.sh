#!/usr/bin/env bash
# One command from a bare machine to the page in dist/:
#
#   ./build-wasm.sh                   fetch what is missing, build, put the site together
#   ./build-wasm.sh --serve [port]    the same, then serve it (default port 8080) and print the address
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

serve=false
port=8080
while [ $# -gt 0 ]; do
    case "$1" in
        --serve)
            serve=true
            if [[ ${2:-} =~ ^[0-9]+$ ]]; then port=$2; shift; fi
            ;;
        *) echo "build-wasm: unknown argument '$1'; usage: ./build-wasm.sh [--serve [port]]" >&2; exit 2 ;;
    esac
    shift
done

tools/setup.sh build
cmake --preset wasm >build-wasm.log 2>&1 || { cat build-wasm.log >&2; echo "build-wasm: CMake could not configure the build (above)." >&2; exit 1; }
cmake --build --preset wasm || { echo "build-wasm: the build failed (above)." >&2; exit 1; }
node tools/make-site.mjs build/wasm/bin dist
if $serve; then exec node tools/serve.mjs dist --port "$port"; fi
echo "The page is in dist/. Serve it with: ./build-wasm.sh --serve"
