# Compile through ccache where there is one. base_dir and no hash_dir make objects shareable between build folders and between clones.
# No sloppiness about time stamps: a header that is edited while it is being compiled must never leave an object behind that others
# then get (seen here: tables that forgot conflicts, from a cache that several people filled).
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(kehubu_launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
        CCACHE_NAMESPACE=kehubu-2 CCACHE_MAXSIZE=10G CCACHE_COMPILERCHECK=mtime ${CCACHE_PROGRAM})
    set(CMAKE_C_COMPILER_LAUNCHER ${kehubu_launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${kehubu_launcher})
endif()
