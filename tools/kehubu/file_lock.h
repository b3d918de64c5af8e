// FileLock: while one kehubu writes a database, no other reads or writes it.
//
// A lock of the operating system on the file itself, on one byte that lies far behind those that SQLite locks: it leaves
// nothing behind, ends with the process however that ends, and SQLite's own locks, which speak to all other programs,
// stay as they are. Keep it for as long as the database is open: closing the file may drop SQLite's locks.
#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"

namespace kehubu::tool {

class FileLock {
 public:
  enum class Kind : std::uint8_t { shared, exclusive };  // for reading, for writing

  // Waits up to `wait_seconds` for the others, saying so once; refuses afterwards.
  [[nodiscard]] static Result<FileLock> take(const std::string& path, Kind kind, int wait_seconds);

  FileLock() = default;
  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace kehubu::tool
