# Globbed source lists. CONFIGURE_DEPENDS looks again before every build, so a new file needs no edit here.

set(kehubu_empty_source "${CMAKE_BINARY_DIR}/empty.cpp")
if(NOT EXISTS "${kehubu_empty_source}")
    file(WRITE "${kehubu_empty_source}" "")
endif()

# kehubu_sources(<variable> <folder>): every .cpp below the folder.
function(kehubu_sources variable folder)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
    set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# kehubu_library(<name> <folder> [FILTER_AREAS] [MAY_THROW]): a static library of everything below the folder; an empty folder gives an empty
# library. MAY_THROW is for what the tests share, natively.
function(kehubu_library name folder)
    kehubu_sources(sources ${folder})
    if("FILTER_AREAS" IN_LIST ARGN AND KEHUBU_CORE_AREAS)
        list(JOIN KEHUBU_CORE_AREAS "|" areas)
        list(FILTER sources INCLUDE REGEX "^${CMAKE_SOURCE_DIR}/${folder}/(${areas})/")
    endif()
    if(NOT sources)
        set(sources "${kehubu_empty_source}")
    endif()
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
    if(EMSCRIPTEN OR NOT "MAY_THROW" IN_LIST ARGN)
        target_link_libraries(${name} PRIVATE kehubu_no_exceptions)
    endif()
endfunction()
