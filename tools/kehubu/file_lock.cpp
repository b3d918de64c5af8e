#include "tools/kehubu/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "tools/kehubu/files.h"
#include "tools/kehubu/terminal.h"

namespace kehubu::tool {
namespace {

constexpr off_t locked_byte = off_t{1} << 62;  // SQLite's are around 2^30
constexpr auto between_attempts = std::chrono::milliseconds{50};

// Where there are locks of an open file they outlive the closing of another descriptor of the same file.
#ifdef F_OFD_SETLK
constexpr int set_lock = F_OFD_SETLK;
#else
constexpr int set_lock = F_SETLK;
#endif

bool is_taken(int error) { return error == EAGAIN || error == EACCES || error == EINTR; }

}  // namespace

FileLock::~FileLock() {
  if (file_ >= 0) {
    close(file_);
  }
}

Result<FileLock> FileLock::take(const std::string& path, Kind kind, int wait_seconds) {
  FileLock lock{open(path.c_str(), (kind == Kind::exclusive ? O_RDWR : O_RDONLY) | O_CLOEXEC)};
  if (lock.file_ < 0) {
    return std::unexpected(Error{ErrorKind::storage, about(path, system_words(errno)), {}});
  }
  struct flock wanted{};
  wanted.l_type = kind == Kind::exclusive ? F_WRLCK : F_RDLCK;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = locked_byte;
  wanted.l_len = 1;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{wait_seconds};
  for (bool told = false; fcntl(lock.file_, set_lock, &wanted) != 0; told = true) {
    if (!is_taken(errno)) {
      return std::unexpected(Error{ErrorKind::storage, about(path, system_words(errno)), {}});
    }
    if (std::chrono::steady_clock::now() >= until) {
      return fail(ErrorKind::storage, "{} 正被另一个 kehubu 使用，没有读也没有改动它。请等那边完成再试，或用 --wait 秒数 多等一会儿。",
                  "{} is in use by another kehubu; it was neither read nor changed. Try again when that has finished, or wait longer with --wait SECONDS.", {path});
    }
    if (!told) {
      complain(sentence("{} 正被另一个 kehubu 使用，等它完成…", "{} is in use by another kehubu; waiting for it …", {path}));
    }
    std::this_thread::sleep_for(between_attempts);
  }
  return lock;
}

}  // namespace kehubu::tool
