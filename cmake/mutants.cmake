# The tests over sources in which every mutant is present, behind a switch (tests/mutants). The copies are linked before kehubu_core, from which only
# the objects that they do not replace are then taken.
file(GLOB_RECURSE mutated CONFIGURE_DEPENDS "${KEHUBU_MUTANTS}/core/*.cpp")
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
                file(STRINGS "${file}" found REGEX "#include \"((app|web)/|tests/support/(app_|gallery|storage_tab|ui_))")
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
list(FILTER mutant_test_sources INCLUDE REGEX
    "/(amendment|bundle|clone|conflict|decision|document|follow_up|history|materialiser|merge|storage_ledger|store|sync|task|two_programs|undo)[a-z_]*_test[.]cpp$")
kehubu_without_app(mutant_test_sources)
add_executable(mutant_tests EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/unit_tests_main.cpp" tests/mutants/reach.cpp ${mutant_test_sources} ${mutant_support} ${KEHUBU_SQLITE_OS_SOURCE})
target_link_libraries(mutant_tests PRIVATE kehubu_mutated kehubu_core doctest)
target_compile_options(mutant_tests PRIVATE -w -O0)
set_target_properties(mutant_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${test_output_folder}")
