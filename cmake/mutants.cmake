# The tests over sources in which every mutant is present, behind a switch (tests/mutants). The copies take the place of their originals, which are
# not compiled here.
file(GLOB_RECURSE mutated CONFIGURE_DEPENDS "${KEHUBU_MUTANTS}/core/*.cpp")
get_target_property(originals kehubu_core SOURCES)
foreach(copy ${mutated})
    file(RELATIVE_PATH original "${KEHUBU_MUTANTS}" "${copy}")
    list(REMOVE_ITEM originals "${original}" "${CMAKE_SOURCE_DIR}/${original}")
endforeach()
set_property(TARGET kehubu_core PROPERTY SOURCES ${originals})
add_library(kehubu_mutated OBJECT EXCLUDE_FROM_ALL ${mutated} tests/mutants/switch.cpp)
target_link_libraries(kehubu_mutated PUBLIC kehubu_core PRIVATE kehubu_no_exceptions)
# All errors of a file at once: run.py takes out what they name.
target_compile_options(kehubu_mutated PRIVATE -w -O1 -ferror-limit=0)

# kehubu_without_app(<list>): takes out what needs app/ or web/; the mutants are tested without a page.
function(kehubu_without_app variable)
    set(kept "")
    foreach(source ${${variable}})
        string(REGEX REPLACE "[.]cpp$" ".h" header "${source}")
        set(needs "")
        foreach(file "${source}" "${header}")
            if(EXISTS "${file}")
                file(STRINGS "${file}" found REGEX "#include \"((app|web)/|tests/support/(app_|approving_tablet|gallery|sample_tablet|storage_tab|ui_))")
                list(APPEND needs ${found})
            endif()
        endforeach()
        if(NOT needs)
            list(APPEND kept "${source}")
        endif()
    endforeach()
    set(${variable} "${kept}" PARENT_SCOPE)
endfunction()

file(GLOB mutant_support CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/support/*.cpp")
kehubu_without_app(mutant_support)
file(GLOB mutant_test_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/unit/*_test.cpp")
# All but those of parts in which there are no mutants: a list of those that are wanted would leave out the next new one.
list(FILTER mutant_test_sources EXCLUDE REGEX
    "/(date|id|import_[a-z_]*|money|pinyin|sample|sort|storage_(durable|faults|format|image|order)|text)_test[.]cpp$")
kehubu_without_app(mutant_test_sources)
add_executable(mutant_tests EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/unit_tests_main.cpp" tests/mutants/reach.cpp ${mutant_test_sources} ${mutant_support} ${KEHUBU_SQLITE_OS_SOURCE})
target_link_libraries(mutant_tests PRIVATE kehubu_mutated kehubu_core doctest)
target_compile_options(mutant_tests PRIVATE -w -O0)
set_target_properties(mutant_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${test_output_folder}")
