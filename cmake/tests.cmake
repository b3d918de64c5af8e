# Every test program. Run them from the repository root: test data is read as tests/data/….
# Natively the tests may throw (doctest's REQUIRE does); as wasm they may not, and a failed REQUIRE ends the run.

set(test_output_folder "${CMAKE_BINARY_DIR}/bin")

kehubu_library(kehubu_test_support tests/support MAY_THROW)
target_link_libraries(kehubu_test_support PUBLIC kehubu_app kehubu_platform_native doctest)
target_link_libraries(kehubu_test_support PRIVATE kehubu_strict)
if(EMSCRIPTEN)
    target_compile_definitions(kehubu_test_support PRIVATE DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS)
endif()

function(kehubu_test_program name)
    add_executable(${name} ${ARGN} ${KEHUBU_SQLITE_OS_SOURCE})
    target_link_libraries(${name} PRIVATE kehubu_test_support kehubu_platform_native kehubu_app kehubu_core doctest kehubu_strict)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${test_output_folder}")
    if(EMSCRIPTEN)
        target_link_libraries(${name} PRIVATE kehubu_no_exceptions)
        target_compile_definitions(${name} PRIVATE DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS)
        target_link_options(${name} PRIVATE -sENVIRONMENT=node -sNODERAWFS -sWASM_BIGINT -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=2GB
            -sSTACK_SIZE=4MB -sEXIT_RUNTIME -sASSERTIONS=1)
    endif()
endfunction()

kehubu_sources(unit_test_sources tests/unit)
if(KEHUBU_UNIT_TESTS)
    list(FILTER unit_test_sources INCLUDE REGEX "tests/unit/.*(${KEHUBU_UNIT_TESTS})")
endif()
file(WRITE "${CMAKE_BINARY_DIR}/unit_tests_main.cpp.in" "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n")
configure_file("${CMAKE_BINARY_DIR}/unit_tests_main.cpp.in" "${CMAKE_BINARY_DIR}/unit_tests_main.cpp" COPYONLY)
set_source_files_properties("${CMAKE_BINARY_DIR}/unit_tests_main.cpp" PROPERTIES COMPILE_OPTIONS "-O0;${KEHUBU_NOT_SANITIZED}")
kehubu_test_program(unit_tests "${CMAKE_BINARY_DIR}/unit_tests_main.cpp" ${unit_test_sources})
if(EMSCRIPTEN)
    # The objects are those of the page; that nothing is optimised across them saves a minute of linking.
    target_link_options(unit_tests PRIVATE -O1)
endif()

foreach(kind sim bench)
    file(GLOB programs CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${kind}/*.cpp")
    foreach(source ${programs})
        get_filename_component(stem "${source}" NAME_WE)
        kehubu_test_program(${kind}_${stem} "${source}")
    endforeach()
endforeach()

if(EMSCRIPTEN)
    # The repository is an ES module package; what Emscripten links for node is CommonJS.
    file(WRITE "${test_output_folder}/package.json" "{ \"type\": \"commonjs\" }\n")
else()
    file(GLOB programs CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/fuzz/*.cpp")
    foreach(source ${programs})
        get_filename_component(stem "${source}" NAME_WE)
        kehubu_test_program(fuzz_${stem} "${source}")
        # libFuzzer brings main(); each source defines LLVMFuzzerTestOneInput.
        target_compile_options(fuzz_${stem} PRIVATE -fsanitize=fuzzer)
        target_link_options(fuzz_${stem} PRIVATE -fsanitize=fuzzer)
    endforeach()
endif()
