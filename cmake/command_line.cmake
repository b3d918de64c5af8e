# The native command line tool, bin/kehubu.
kehubu_sources(command_line_sources tools/kehubu)
if(command_line_sources)
    add_executable(kehubu ${command_line_sources})
    target_link_libraries(kehubu PRIVATE kehubu_core kehubu_strict kehubu_no_exceptions)
    set_target_properties(kehubu PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endif()
