// MemoryVfs: the SQLite virtual file system "kehubu". Synchronous, all in memory, the same code in wasm and natively.
//
// Two kinds of files, told apart by name:
//
//   images      A main database whose name was given to attach_image(). Its pages live in that PageImage, a transaction's
//               writes become true at SQLITE_FCNTL_COMMIT_PHASETWO, and what was not committed when the lock is dropped is
//               forgotten. Open it with memory_vfs_pragmas (below); what would break durability is refused with a
//               sentence: another page_size, journal_mode other than MEMORY, synchronous OFF, and write-ahead logging.
//   the rest    Journals, temporary files and databases of other names: plain memory, shared by name among the
//               connections of the process until they are deleted. Anything SQLite does with a file works there; nothing
//               of it is ever durable. Tests and previews may open any name.
//
//     kehubu::register_memory_vfs();
//     kehubu::attach_image("customers", image);
//     sqlite3_open_v2("customers", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kehubu::memory_vfs_name);
//     sqlite3_exec(db, kehubu::memory_vfs_pragmas, nullptr, nullptr, nullptr);
//
// Ownership: the caller owns the image and keeps it alive, attached, until its last connection is closed.
// Threads: none; one thread uses the VFS. Locks between several connections of that thread follow SQLite's protocol.
// Errors: SQLITE_FULL when an image would pass its limit; SQLITE_CANTOPEN for a name that does not exist and may not be made.
#pragma once

#include <string_view>

#include "core/store/page_image.h"

namespace kehubu {

inline constexpr const char* memory_vfs_name = "kehubu";

// Run once on every new connection to an image, before anything else.
//   page_size, synchronous  fixed by the format and by durability
//   journal_mode MEMORY     rollback needs a journal, but a crash does not: the image dies with the page
//   locking_mode EXCLUSIVE  saves re-reading page 1 at every transaction
//   temp_store MEMORY       temporary tables would go to memory through the VFS anyway; this is shorter
//   cache_size 8 MiB        a miss costs no more than a copy of 4 KiB, so a larger cache would mostly hold the image twice
//   auto_vacuum INCREMENTAL freed space can be given back in small steps; a full VACUUM rewrites and doubles everything
inline constexpr const char* memory_vfs_pragmas =
    "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;";

// Makes the VFS known to SQLite, not as the default one. May be called again.
void register_memory_vfs();

// Connections to `name` use `image` from now on. The name must be free of '/' and not end in "-journal" or "-wal".
void attach_image(std::string_view name, PageImage& image);
// Asserts that no connection is open on it.
void detach_image(std::string_view name);

}  // namespace kehubu
