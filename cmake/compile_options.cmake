# How everything is compiled (directory options) and what only our own code must satisfy (the interface target kehubu_strict).

# No path of the building machine may reach an object: builds are comparable between machines.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(EMSCRIPTEN)
    add_compile_options(-msimd128)
else()
    add_link_options(-fuse-ld=lld)
endif()

if(KEHUBU_LTO)
    add_compile_options(-flto)
    add_link_options(-flto)
endif()

# What is only a tool of the tests, or long proved and slow to instrument, is compiled without.
set(KEHUBU_NOT_SANITIZED "")
if(KEHUBU_SANITIZE)
    set(KEHUBU_NOT_SANITIZED -fno-sanitize=all)
    add_compile_options(-fsanitize=address -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(KEHUBU_FUZZ_COVERAGE)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Our code only. Dependencies are included as SYSTEM and compiled as their authors do.
add_library(kehubu_strict INTERFACE)
target_include_directories(kehubu_strict INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(kehubu_strict INTERFACE
    -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    -Wno-missing-field-initializers   # designated initialisers are how declarations are written; what is left out has its default
)
if(KEHUBU_SANITIZE)
    target_compile_options(kehubu_strict INTERFACE -fsanitize=undefined,float-divide-by-zero -fno-sanitize-recover=all)
endif()

# Expected failures are values, so nothing of ours throws; the tests are the exception, because doctest's REQUIRE leaves a test case by throwing.
add_library(kehubu_no_exceptions INTERFACE)
target_compile_options(kehubu_no_exceptions INTERFACE -fno-exceptions)

# kehubu_small(<target> [<source regular expression>]): what waits for a person's finger and not for a processor is compiled for size in the
# page, because everybody downloads it. What loops over many rows (core/base, most of core/store and core/sync, SQLite) stays at -O2.
function(kehubu_small target)
    if(NOT EMSCRIPTEN OR CMAKE_BUILD_TYPE STREQUAL "Debug")
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    if(ARGC GREATER 1)
        list(FILTER sources INCLUDE REGEX "${ARGV1}")
    endif()
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "-Oz")
endfunction()
