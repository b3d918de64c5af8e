# Compile through ccache where there is one. base_dir and no hash_dir make objects shareable between build folders and between clones.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(kehubu_launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
        CCACHE_SLOPPINESS=time_macros,include_file_ctime CCACHE_MAXSIZE=10G CCACHE_COMPILERCHECK=mtime ${CCACHE_PROGRAM})
    set(CMAKE_C_COMPILER_LAUNCHER ${kehubu_launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${kehubu_launcher})
endif()
