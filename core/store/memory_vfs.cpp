#include "core/store/memory_vfs.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace kehubu {

namespace {

// The contents of a file that is not an image. In chunks, so that growing never moves what is there.
class PlainBytes {
 public:
  [[nodiscard]] std::int64_t size() const { return size_; }

  bool read(std::int64_t offset, std::span<std::uint8_t> into) const {
    const std::int64_t available = std::clamp<std::int64_t>(size_ - offset, 0, static_cast<std::int64_t>(into.size()));
    std::size_t done = 0;
    while (done < static_cast<std::size_t>(available)) {
      const std::size_t position = static_cast<std::size_t>(offset) + done;
      const std::size_t count =
          std::min(static_cast<std::size_t>(available) - done, chunk_bytes - position % chunk_bytes);
      std::memcpy(into.data() + done, chunks_[position / chunk_bytes]->data() + position % chunk_bytes, count);
      done += count;
    }
    std::memset(into.data() + done, 0, into.size() - done);
    return done == into.size();
  }

  void write(std::int64_t offset, std::span<const std::uint8_t> from) {
    grow_to(offset + static_cast<std::int64_t>(from.size()));
    std::size_t position = static_cast<std::size_t>(offset);
    while (!from.empty()) {
      const std::size_t count = std::min(from.size(), chunk_bytes - position % chunk_bytes);
      std::memcpy(chunks_[position / chunk_bytes]->data() + position % chunk_bytes, from.data(), count);
      from = from.subspan(count);
      position += count;
    }
  }

  void truncate(std::int64_t bytes) {
    if (bytes >= size_) {
      return;
    }
    size_ = bytes;
    const std::size_t kept = (static_cast<std::size_t>(bytes) + chunk_bytes - 1) / chunk_bytes;
    chunks_.resize(kept);
    if (const std::size_t used = static_cast<std::size_t>(bytes) % chunk_bytes; used != 0) {
      std::memset(chunks_.back()->data() + used, 0, chunk_bytes - used);  // a later growth must read as zero
    }
  }

 private:
  static constexpr std::size_t chunk_bytes = 65536;
  using Chunk = std::array<std::uint8_t, chunk_bytes>;

  void grow_to(std::int64_t bytes) {
    if (bytes <= size_) {
      return;
    }
    size_ = bytes;
    while (static_cast<std::int64_t>(chunks_.size() * chunk_bytes) < bytes) {
      chunks_.push_back(std::make_unique<Chunk>());
    }
  }

  std::int64_t size_ = 0;
  std::vector<std::unique_ptr<Chunk>> chunks_;
};

struct OpenFile;

// A file, whoever has it open. Locks follow https://sqlite.org/lockingv3.html.
struct File {
  std::string name;
  PageImage* image = nullptr;  // null: plain bytes
  PlainBytes bytes;
  int connections = 0;
  int shared_locks = 0;
  const OpenFile* writer = nullptr;  // holds RESERVED, PENDING or EXCLUSIVE
  bool pending = false;              // the writer waits for the readers to leave; no new ones are let in
};

// SQLite allocates this; the base must come first.
struct OpenFile {
  sqlite3_file base{};
  std::shared_ptr<File> file;
  int lock = SQLITE_LOCK_NONE;
  bool delete_on_close = false;
};

using Files = std::map<std::string, std::shared_ptr<File>, std::less<>>;

Files& files() {
  static Files all;
  return all;
}

OpenFile& self(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

// --- Reading and writing ---

int vfs_read(sqlite3_file* base, void* into, int count, sqlite3_int64 offset) {
  const File& file = *self(base).file;
  const std::span<std::uint8_t> target(static_cast<std::uint8_t*>(into), static_cast<std::size_t>(count));
  const bool complete = file.image != nullptr ? file.image->read(offset, target) : file.bytes.read(offset, target);
  return complete ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int vfs_write(sqlite3_file* base, const void* from, int count, sqlite3_int64 offset) {
  File& file = *self(base).file;
  const std::span<const std::uint8_t> source(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(count));
  if (file.image != nullptr) {
    return file.image->write(offset, source) ? SQLITE_OK : SQLITE_FULL;
  }
  file.bytes.write(offset, source);
  return SQLITE_OK;
}

int vfs_truncate(sqlite3_file* base, sqlite3_int64 bytes) {
  File& file = *self(base).file;
  if (file.image != nullptr) {
    return file.image->truncate(bytes) ? SQLITE_OK : SQLITE_FULL;
  }
  file.bytes.truncate(bytes);
  return SQLITE_OK;
}

// Nothing to do: durability begins at COMMIT_PHASETWO and is DurableStore's business.
int vfs_sync(sqlite3_file*, int) { return SQLITE_OK; }

int vfs_file_size(sqlite3_file* base, sqlite3_int64* bytes) {
  const File& file = *self(base).file;
  *bytes = file.image != nullptr ? file.image->file_bytes() : file.bytes.size();
  return SQLITE_OK;
}

// --- Locks ---

int vfs_lock(sqlite3_file* base, int wanted) {
  OpenFile& open = self(base);
  File& file = *open.file;
  if (open.lock >= wanted) {
    return SQLITE_OK;
  }
  if (wanted == SQLITE_LOCK_SHARED) {
    if (file.pending) {
      return SQLITE_BUSY;
    }
    ++file.shared_locks;
    open.lock = SQLITE_LOCK_SHARED;
    return SQLITE_OK;
  }
  if (file.writer != nullptr && file.writer != &open) {
    return SQLITE_BUSY;
  }
  file.writer = &open;
  if (wanted == SQLITE_LOCK_RESERVED) {
    open.lock = SQLITE_LOCK_RESERVED;
    return SQLITE_OK;
  }
  file.pending = true;
  if (file.shared_locks > 1) {
    open.lock = SQLITE_LOCK_PENDING;
    return SQLITE_BUSY;
  }
  open.lock = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int vfs_unlock(sqlite3_file* base, int wanted) {
  OpenFile& open = self(base);
  File& file = *open.file;
  if (open.lock <= wanted) {
    return SQLITE_OK;
  }
  if (open.lock > SQLITE_LOCK_SHARED) {
    // Whatever was not committed until now was rolled back, or belongs to a connection that is giving up.
    if (file.image != nullptr) {
      file.image->discard();
    }
    file.writer = nullptr;
    file.pending = false;
  }
  if (wanted == SQLITE_LOCK_NONE) {
    --file.shared_locks;
  }
  open.lock = wanted;
  return SQLITE_OK;
}

int vfs_check_reserved_lock(sqlite3_file* base, int* reserved) {
  *reserved = self(base).file->writer != nullptr ? 1 : 0;
  return SQLITE_OK;
}

// --- Control ---

bool equal_ignoring_case(const char* one, const char* other) { return sqlite3_stricmp(one, other) == 0; }

bool any_of(const char* value, std::initializer_list<const char*> words) {
  return std::ranges::any_of(words, [value](const char* word) { return equal_ignoring_case(value, word); });
}

// The reason why a pragma may not run on an image, or null.
const char* refused_pragma(const char* name, const char* value) {
  if (value == nullptr) {
    return nullptr;  // a question
  }
  if (equal_ignoring_case(name, "journal_mode") && !any_of(value, {"memory"})) {
    return "journal_mode must be MEMORY here: another one would not be durable";
  }
  if (equal_ignoring_case(name, "synchronous") && any_of(value, {"off", "0", "no", "false"})) {
    return "synchronous must not be OFF here: saving depends on it";
  }
  if (equal_ignoring_case(name, "page_size") && std::strcmp(value, "4096") != 0) {
    return "page_size must be 4096 here: the stored format has no other";
  }
  return nullptr;
}

int vfs_file_control(sqlite3_file* base, int operation, void* argument) {
  const File& file = *self(base).file;
  if (file.image == nullptr) {
    return SQLITE_NOTFOUND;
  }
  if (operation == SQLITE_FCNTL_COMMIT_PHASETWO) {
    file.image->commit();
    return SQLITE_OK;
  }
  if (operation == SQLITE_FCNTL_PRAGMA) {
    char** const words = static_cast<char**>(argument);
    if (const char* reason = refused_pragma(words[1], words[2])) {
      words[0] = sqlite3_mprintf("%s", reason);
      return SQLITE_ERROR;
    }
  }
  return SQLITE_NOTFOUND;
}

int vfs_sector_size(sqlite3_file*) { return static_cast<int>(page_bytes); }

int vfs_device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL | SQLITE_IOCAP_POWERSAFE_OVERWRITE |
         SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

// --- Opening and closing ---

void forget_file(const File& file) {
  if (const auto found = files().find(file.name); found != files().end() && found->second.get() == &file) {
    files().erase(found);
  }
}

int vfs_close(sqlite3_file* base) {
  OpenFile& open = self(base);
  vfs_unlock(base, SQLITE_LOCK_NONE);
  --open.file->connections;
  if (open.delete_on_close) {
    forget_file(*open.file);
  }
  open.~OpenFile();
  return SQLITE_OK;
}

// Version 1: no shared memory, so no write-ahead logging among connections, and no memory mapping.
constexpr sqlite3_io_methods io_methods = {
    .iVersion = 1,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_file_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_unlock,
    .xCheckReservedLock = vfs_check_reserved_lock,
    .xFileControl = vfs_file_control,
    .xSectorSize = vfs_sector_size,
    .xDeviceCharacteristics = vfs_device_characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* base, int flags, int* flags_out) {
  base->pMethods = nullptr;  // until it is open, SQLite must not close it
  std::shared_ptr<File> file;
  if (name == nullptr) {
    file = std::make_shared<File>();
  } else if (const auto found = files().find(std::string_view(name)); found != files().end()) {
    if ((flags & SQLITE_OPEN_EXCLUSIVE) != 0) {
      return SQLITE_CANTOPEN;
    }
    file = found->second;
  } else if ((flags & SQLITE_OPEN_CREATE) != 0) {
    file = std::make_shared<File>();
    file->name = name;
    files().emplace(name, file);
  } else {
    return SQLITE_CANTOPEN;
  }
  ++file->connections;
  OpenFile* const open = new (base) OpenFile;
  open->file = std::move(file);
  open->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  open->base.pMethods = &io_methods;
  if (flags_out != nullptr) {
    *flags_out = flags;
  }
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs*, const char* name, int) {
  const auto found = files().find(std::string_view(name));
  if (found == files().end()) {
    return SQLITE_IOERR_DELETE_NOENT;
  }
  if (found->second->image != nullptr) {
    return SQLITE_IOERR_DELETE;  // an image is detached by its owner, never deleted by name
  }
  files().erase(found);
  return SQLITE_OK;
}

int vfs_access(sqlite3_vfs*, const char* name, int, int* result) {
  const auto found = files().find(std::string_view(name));
  *result = found != files().end() ? 1 : 0;
  return SQLITE_OK;
}

int vfs_full_pathname(sqlite3_vfs*, const char* name, int size, char* into) {
  if (std::strlen(name) >= static_cast<std::size_t>(size)) {
    return SQLITE_CANTOPEN;
  }
  std::strcpy(into, name);
  return SQLITE_OK;
}

// --- The platform, so that the VFS needs no other one below it ---

int vfs_randomness(sqlite3_vfs*, int count, char* into) {
  constexpr int entropy_limit = 256;  // of one getentropy() call
  for (int done = 0; done < count; done += entropy_limit) {
    if (getentropy(into + done, static_cast<std::size_t>(std::min(entropy_limit, count - done))) != 0) {
      return done;
    }
  }
  return count;
}

// A page's only thread must never sleep; a busy handler gives up instead.
int vfs_sleep(sqlite3_vfs*, int) { return 0; }

int vfs_current_time_ms(sqlite3_vfs*, sqlite3_int64* julian_ms) {
  constexpr sqlite3_int64 unix_epoch_julian_ms = 210866760000000;  // 1970-01-01 as milliseconds of the Julian day
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  *julian_ms = unix_epoch_julian_ms + std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  return SQLITE_OK;
}

int vfs_current_time(sqlite3_vfs* vfs, double* julian_days) {
  sqlite3_int64 julian_ms = 0;
  vfs_current_time_ms(vfs, &julian_ms);
  *julian_days = static_cast<double>(julian_ms) / 86400000.0;
  return SQLITE_OK;
}

int vfs_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void register_memory_vfs() {
  // Registering again would move it behind the others, and in wasm it must stay the default one.
  if (sqlite3_vfs_find(memory_vfs_name) != nullptr) {
    return;
  }
  static sqlite3_vfs vfs = {
      .iVersion = 2,
      .szOsFile = sizeof(OpenFile),
      .mxPathname = 512,
      .pNext = nullptr,
      .zName = memory_vfs_name,
      .pAppData = nullptr,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xDlOpen = nullptr,
      .xDlError = nullptr,
      .xDlSym = nullptr,
      .xDlClose = nullptr,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_last_error,
      .xCurrentTimeInt64 = vfs_current_time_ms,
      .xSetSystemCall = nullptr,
      .xGetSystemCall = nullptr,
      .xNextSystemCall = nullptr,
  };
  sqlite3_vfs_register(&vfs, 0);
}

void attach_image(std::string_view name, PageImage& image) {
  auto file = std::make_shared<File>();
  file->name = name;
  file->image = &image;
  [[maybe_unused]] const bool added = files().emplace(name, std::move(file)).second;
  assert(added && "a name is attached once");
}

void detach_image(std::string_view name) {
  const auto found = files().find(name);
  assert(found != files().end() && found->second->image != nullptr && "only what was attached is detached");
  assert(found->second->connections == 0 && "connections are closed before their image goes");
  files().erase(found);
}

}  // namespace kehubu
