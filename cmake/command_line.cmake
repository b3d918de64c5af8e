# The native command line tool, bin/kehubu.
kehubu_sources(command_line_sources tools/kehubu)
if(command_line_sources)
    find_package(ZLIB REQUIRED)   # bundles as .json.gz; in the page the browser does it
    add_executable(kehubu ${command_line_sources})
    target_link_libraries(kehubu PRIVATE kehubu_core ZLIB::ZLIB kehubu_strict kehubu_no_exceptions)
    set_target_properties(kehubu PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endif()
