# Toolchain file for the wasm presets: Emscripten's own, found where tools/setup.sh put it or on PATH.
set(kehubu_root "${CMAKE_CURRENT_LIST_DIR}/..")
set(emscripten_path_file "${kehubu_root}/.toolchain/emscripten.path")
if(NOT EXISTS "${emscripten_path_file}")
    message(FATAL_ERROR "Emscripten is not set up. Run tools/setup.sh once.")
endif()
file(STRINGS "${emscripten_path_file}" EMSCRIPTEN_ROOT_PATH LIMIT_COUNT 1)
include("${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake")
