# SQLite, Dear ImGui, nlohmann/json and doctest as targets. tools/setup.sh has put the first two into ignored folders.

set(KEHUBU_TOOLCHAIN "${CMAKE_SOURCE_DIR}/.toolchain")
set(KEHUBU_SQLITE_FOLDER "${CMAKE_SOURCE_DIR}/node_modules/better-sqlite3/deps/sqlite3" CACHE PATH "folder with sqlite3.c and sqlite3.h")
set(KEHUBU_IMGUI_FOLDER "${KEHUBU_TOOLCHAIN}/imgui" CACHE PATH "folder with imgui.cpp and backends/")
foreach(needed "${KEHUBU_SQLITE_FOLDER}/sqlite3.c" "${KEHUBU_IMGUI_FOLDER}/imgui.cpp")
    if(NOT EXISTS "${needed}")
        message(FATAL_ERROR "${needed} is missing. Run tools/setup.sh once; it fetches every dependency.")
    endif()
endforeach()

# --- SQLite -----------------------------------------------------------------------------------------------------------------------------
add_library(sqlite STATIC "${KEHUBU_SQLITE_FOLDER}/sqlite3.c")
target_include_directories(sqlite SYSTEM PUBLIC "${KEHUBU_SQLITE_FOLDER}")
target_compile_definitions(sqlite PUBLIC
    SQLITE_THREADSAFE=0             # one thread uses the database; a browser tab has no other
    SQLITE_OMIT_LOAD_EXTENSION
    SQLITE_OMIT_DEPRECATED
    SQLITE_OMIT_SHARED_CACHE
    SQLITE_DQS=0                    # "text" in double quotes is an identifier, never silently a string
    SQLITE_DEFAULT_MEMSTATUS=0
    SQLITE_LIKE_DOESNT_MATCH_BLOBS
    SQLITE_DEFAULT_FOREIGN_KEYS=0   # bundles arrive in any order, so references are checked by the store and not by the table
    SQLITE_TEMP_STORE=3             # temporary tables and sorters in memory: a page has no other place, and native behaves the same
    SQLITE_MAX_ATTACHED=4
    SQLITE_STRICT_SUBTYPE=1
    # What no statement of ours uses and everybody would download. Only options that need no other parser: the amalgamation's is made already.
    SQLITE_OMIT_AUTHORIZATION
    SQLITE_OMIT_COMPILEOPTION_DIAGS
    SQLITE_OMIT_DECLTYPE
    SQLITE_OMIT_DESERIALIZE
    SQLITE_OMIT_GET_TABLE
    SQLITE_OMIT_INCRBLOB
    SQLITE_OMIT_INTROSPECTION_PRAGMAS
    SQLITE_OMIT_JSON
    SQLITE_OMIT_PROGRESS_CALLBACK
    SQLITE_OMIT_TCL_VARIABLE
    SQLITE_OMIT_TRACE
    SQLITE_OMIT_UTF16
    SQLITE_OMIT_WAL                 # a database of ours keeps its journal in memory
    SQLITE_UNTESTABLE
)
# Instrumented, SQLite alone takes over a minute to compile and halves the speed of every test. Its memory still comes from the sanitizer's
# allocator and our reads of it are checked; the long fuzzing campaigns instrument it as well.
if(KEHUBU_FUZZ_COVERAGE)
    set(sqlite_instrumentation "")
else()
    set(sqlite_instrumentation ${KEHUBU_NOT_SANITIZED})
endif()
target_compile_options(sqlite PRIVATE -w $<IF:$<CONFIG:Debug>,-O1,-O2> ${sqlite_instrumentation})
if(EMSCRIPTEN)
    # Every wasm program compiles cmake/sqlite_os.cpp in, which says why.
    target_compile_definitions(sqlite PRIVATE SQLITE_OS_OTHER=1)
    set(KEHUBU_SQLITE_OS_SOURCE "${CMAKE_SOURCE_DIR}/cmake/sqlite_os.cpp")
else()
    target_compile_definitions(sqlite PRIVATE HAVE_USLEEP=1)
    target_link_libraries(sqlite PUBLIC m)
endif()

# --- Dear ImGui ---------------------------------------------------------------------------------------------------------------------------
set(imgui_sources imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp)
if(EMSCRIPTEN AND NOT KEHUBU_WASM_TESTS)
    list(APPEND imgui_sources backends/imgui_impl_opengl3.cpp)
endif()
list(TRANSFORM imgui_sources PREPEND "${KEHUBU_IMGUI_FOLDER}/")
add_library(imgui STATIC ${imgui_sources} "${CMAKE_SOURCE_DIR}/cmake/imgui_no_typeface.cpp")
target_include_directories(imgui SYSTEM PUBLIC "${KEHUBU_IMGUI_FOLDER}" "${KEHUBU_IMGUI_FOLDER}/backends")
target_compile_definitions(imgui PUBLIC
    IMGUI_DISABLE_OBSOLETE_FUNCTIONS
    IMGUI_DISABLE_DEMO_WINDOWS
    IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
    IMGUI_DISABLE_FILE_FUNCTIONS
    IMGUI_DISABLE_DEFAULT_FONT      # letters come from the browser's Canvas2D through ImFontLoader
    IMGUI_ENABLE_FREETYPE           # cmake/imgui_no_typeface.cpp says why
    IMGUI_USE_WCHAR32               # names have hanzi beyond the basic plane
    IMGUI_IMPL_OPENGL_ES3
)
if(EXISTS "${CMAKE_SOURCE_DIR}/app/imgui_config.h")
    target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="app/imgui_config.h")
    target_include_directories(imgui PUBLIC "${CMAKE_SOURCE_DIR}")
endif()
target_compile_options(imgui PRIVATE -w $<$<CONFIG:Debug>:-O1>)
target_link_libraries(imgui PRIVATE kehubu_no_exceptions)

# --- Header-only ------------------------------------------------------------------------------------------------------------------------
# They lie in the native include folder. For wasm that folder as a whole must stay out of sight (it has the machine's libc), so the
# two headers' folders are linked into the build folder and only that is on the path.
set(header_only_folder "${CMAKE_BINARY_DIR}/header_only")
file(MAKE_DIRECTORY "${header_only_folder}")
foreach(name nlohmann doctest)
    # Not find_package: a cross build would look only inside Emscripten's own folder.
    find_path(KEHUBU_${name}_PARENT NAMES ${name} PATHS /usr/include /usr/local/include NO_CMAKE_FIND_ROOT_PATH)
    if(NOT KEHUBU_${name}_PARENT)
        message(FATAL_ERROR "The headers of ${name} were not found. Run tools/setup.sh (Debian packages nlohmann-json3-dev and doctest-dev).")
    endif()
    file(CREATE_LINK "${KEHUBU_${name}_PARENT}/${name}" "${header_only_folder}/${name}" SYMBOLIC)
endforeach()
add_library(nlohmann_json INTERFACE)
target_include_directories(nlohmann_json SYSTEM INTERFACE "${header_only_folder}")
target_compile_definitions(nlohmann_json INTERFACE JSON_NOEXCEPTION JSON_USE_IMPLICIT_CONVERSIONS=0)
add_library(doctest INTERFACE)
target_include_directories(doctest SYSTEM INTERFACE "${header_only_folder}")
