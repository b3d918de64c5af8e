# The page's program: kehubu.js (an ES module whose default export creates the module) and kehubu.wasm.
# JavaScript next to the C++ in web/: *.library.js are functions that C++ calls (--js-library), *.pre.js run before the module starts;
# everything else is a file of the site and is copied by tools/make-site.mjs.

kehubu_sources(page_sources web)
list(FILTER page_sources EXCLUDE REGEX "^${CMAKE_SOURCE_DIR}/web/native/")
if(NOT page_sources)
    message(STATUS "web/ has no C++ yet: the page's program is left out.")
    add_custom_target(kehubu)
    return()
endif()

add_executable(kehubu ${page_sources} ${KEHUBU_SQLITE_OS_SOURCE})
target_link_libraries(kehubu PRIVATE kehubu_app kehubu_core kehubu_strict kehubu_no_exceptions)
set_target_properties(kehubu PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

file(GLOB_RECURSE js_libraries CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/web/*.library.js")
file(GLOB_RECURSE js_before CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/web/*.pre.js")
list(SORT js_before)   # a numbered name says the order
foreach(file ${js_libraries})
    target_link_options(kehubu PRIVATE "SHELL:--js-library \"${file}\"")
endforeach()
foreach(file ${js_before})
    target_link_options(kehubu PRIVATE "SHELL:--pre-js \"${file}\"")
endforeach()
set_target_properties(kehubu PROPERTIES LINK_DEPENDS "${js_libraries};${js_before}")

target_link_options(kehubu PRIVATE
    -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=createKehubu -sENVIRONMENT=web
    -sWASM_BIGINT
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2
    -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB -sMAXIMUM_MEMORY=512MB -sSTACK_SIZE=1MB
    -sFILESYSTEM=0
    -sDYNAMIC_EXECUTION=0           # the Content-Security-Policy forbids eval
    -sSUPPORT_LONGJMP=0
    -sDISABLE_EXCEPTION_CATCHING=1
    -sTEXTDECODER=2
    "$<$<CONFIG:Debug>:-sASSERTIONS=2>" "$<$<NOT:$<CONFIG:Debug>>:-sASSERTIONS=0>"
)
