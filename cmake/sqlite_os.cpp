// Natively SQLite brings its own operating-system layer. In wasm there is no file to open, and that layer over Emscripten's stubs even loops
// for ever (it opens /dev/urandom, is given descriptor 0, and tries again), so SQLite is built with SQLITE_OS_OTHER and asks for its layer
// here: the in-memory file system of core/store, which is thereby the default one.
#include <sqlite3.h>

#include "core/store/memory_vfs.h"

extern "C" int sqlite3_os_init() {
    kehubu::register_memory_vfs();
    return SQLITE_OK;
}

extern "C" int sqlite3_os_end() {
    return SQLITE_OK;
}
