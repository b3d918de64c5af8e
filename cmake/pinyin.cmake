# The pinyin table: written at build time from the npm package pinyin-pro, so that no copy of its data lies in the repository.
find_program(KEHUBU_NODE NAMES node nodejs NO_CMAKE_FIND_ROOT_PATH REQUIRED)
set(pinyin_table "${CMAKE_BINARY_DIR}/generated/pinyin_table.cpp")
add_custom_command(
    OUTPUT "${pinyin_table}"
    COMMAND "${KEHUBU_NODE}" "${CMAKE_SOURCE_DIR}/tools/pinyin/generate.mjs" "${pinyin_table}"
    DEPENDS "${CMAKE_SOURCE_DIR}/tools/pinyin/generate.mjs" "${CMAKE_SOURCE_DIR}/node_modules/pinyin-pro/package.json"
    COMMENT "Writing the pinyin table"
    VERBATIM)
target_sources(kehubu_core PRIVATE "${pinyin_table}")
