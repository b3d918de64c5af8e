#include "tools/kehubu/files.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "core/sync/foreign_file.h"

namespace kehubu::tool {
namespace {

constexpr int gzip_window = 15 + 16;              // zlib: gzip header and trailer
constexpr std::size_t piece_size = 1 << 18;
constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t ratio_matters_from = 1 << 20;  // small files may compress as well as they like

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin && file != stdout) {
      std::fclose(file);
    }
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Of what the system refused last.
std::unexpected<Error> refused_by_system(const std::string& path) {
  const Sentence words = system_words(errno);
  return std::unexpected(Error{ErrorKind::storage, path == "-" ? Sentence{"标准输入或标准输出：" + words.zh, "standard input or output: " + words.en} : about(path, words), {}});
}

std::unexpected<Error> too_large(const std::string& path, const Limits& limits) {
  return fail(ErrorKind::refused, "{}：太大，数据包不能超过 {} MiB，没有读它。请让对方用 --for 只导出这里缺少的。",
              "{}: too large: a bundle may have {} MiB; it was not read. Ask the sender to export only what is missing here, with --for.",
              {path, std::to_string(limits.bundle_bytes / mib)});
}

Result<std::string> read_all(const std::string& path, const Limits& limits) {
  const File file{path == "-" ? stdin : std::fopen(path.c_str(), "rb")};
  struct stat status{};
  if (!file || fstat(fileno(file.get()), &status) != 0) {
    return refused_by_system(path);
  }
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return refused_by_system(path);
  }
  std::string text;
  if (S_ISREG(status.st_mode)) {
    if (static_cast<std::uint64_t>(status.st_size) > limits.bundle_bytes) {
      return too_large(path, limits);
    }
    text.reserve(static_cast<std::size_t>(status.st_size) + 1);
  }
  std::string piece(piece_size, '\0');
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece, 0, size);
    if (text.size() > limits.bundle_bytes) {
      return too_large(path, limits);
    }
  }
  return std::ferror(file.get()) == 0 ? Result<std::string>{std::move(text)} : refused_by_system(path);
}

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};
struct EndDeflate {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

void give(z_stream& stream, std::string_view input) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));  // zlib reads only, but is not const-correct
  stream.avail_in = static_cast<uInt>(input.size());
}

}  // namespace

FileKind kind_of(const std::string& path) {
  if (path == "-") {
    return FileKind::text;
  }
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? FileKind::missing : FileKind::unreadable;
  }
  if (S_ISDIR(status.st_mode)) {
    return FileKind::folder;
  }
  if (!S_ISREG(status.st_mode)) {
    return FileKind::text;  // a pipe, from which nothing may be taken yet
  }
  const File file{std::fopen(path.c_str(), "rb")};
  char start[16] = {};
  const std::size_t size = file ? std::fread(start, 1, sizeof start, file.get()) : 0;
  if (!file || std::ferror(file.get()) != 0) {
    return FileKind::unreadable;
  }
  if (size == sizeof start && std::memcmp(start, "SQLite format 3", sizeof start) == 0) {
    return FileKind::database;
  }
  return size >= 2 && start[0] == '\x1f' && start[1] == '\x8b' ? FileKind::gzip : FileKind::text;
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  return std::filesystem::equivalent(one, other, error) && !error;
}

bool may_write(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  return access(path.c_str(), W_OK) == 0 && access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

Sentence about(const std::string& path, const Sentence& sentence) { return {path + "：" + sentence.zh, path + ": " + sentence.en}; }

Sentence system_words(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return sentence("没有这个文件或文件夹。请检查名称。", "There is no such file or folder. Check the name.");
    case EACCES:
    case EPERM: return sentence("没有权限。请检查文件和文件夹的权限。", "Permission denied. Check the permissions of the file and its folder.");
    case EISDIR: return sentence("这是文件夹，不是文件。请指明其中的文件。", "This is a folder and not a file. Name a file in it.");
    case EROFS: return sentence("这个磁盘是只读的。请换一个可以写的地方。", "This disk is read-only. Choose a place that may be written.");
    case ENOSPC:
    case EDQUOT: return sentence("存储空间已满，没有写出。请腾出空间再试。", "There is no space left; nothing was written. Free some and try again.");
    case EFBIG:
      return sentence("文件大小到了系统允许的上限，没有写出。请在没有这个限制的地方再试。",
                      "The file has reached the size that the system allows; nothing was written. Try again where there is no such limit.");
    case ENAMETOOLONG: return sentence("名称太长。请用短一些的名称。", "The name is too long. Use a shorter one.");
    case EMFILE:
    case ENFILE:
    case ENOMEM: return sentence("系统资源不够。请关掉别的程序再试。", "The system has too little left. Close other programs and try again.");
    case EIO: return sentence("磁盘读写出错。请检查磁盘，或换一个地方再试。", "The disk could not be read or written. Check the disk, or try in another place.");
    case EPIPE: return sentence("接收输出的程序已经结束。", "The program that was to receive the output has ended.");
    default:
      return sentence("系统拒绝了（编号 {}）。请换一个文件或文件夹再试。", "The system refused (number {}). Try another file or folder.", {std::to_string(error)});
  }
}

Result<std::string> unpack_gzip(std::string_view packed, const Limits& limits) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) {
    return fail(ErrorKind::storage, "内存不够。请关掉别的程序再试。", "There is not enough memory. Close other programs and try again.");
  }
  const std::unique_ptr<z_stream, EndInflate> guard{&stream};
  std::string text;
  std::string piece(piece_size, '\0');
  int state = Z_OK;
  give(stream, packed);
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(piece, 0, piece.size() - stream.avail_out);
    const bool too_dense = text.size() > ratio_matters_from && text.size() / limits.compression_ratio > packed.size();
    if (text.size() > limits.bundle_bytes || too_dense) {
      return fail(ErrorKind::refused, "解压后太大，像是恶意文件，没有读它。请向发送的人确认。", "It unpacks to more than a bundle can be and looks malicious; it was not read. Ask the sender about it.");
    }
  }
  if (state != Z_STREAM_END || stream.avail_in != 0) {
    return std::unexpected(Error{ErrorKind::corrupt, *foreign_file(packed), {}});
  }
  return text;
}

Result<std::string> pack_gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(ErrorKind::storage, "内存不够。请关掉别的程序再试。", "There is not enough memory. Close other programs and try again.");
  }
  const std::unique_ptr<z_stream, EndDeflate> guard{&stream};
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  give(stream, text);
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    return fail(ErrorKind::storage, "没能压缩。请换一个不以 .gz 结尾的文件名。", "It could not be packed. Choose a name that does not end in .gz.");
  }
  packed.resize(packed.size() - stream.avail_out);
  return packed;
}

Result<std::string> read_bundle(const std::string& path, const Limits& limits) {
  KEHUBU_TRY_ASSIGN(text, read_all(path, limits));
  if (!text.starts_with("\x1f\x8b")) {
    return text;
  }
  auto unpacked = unpack_gzip(text, limits);
  if (!unpacked) {
    return std::unexpected(Error{unpacked.error().kind, about(path, unpacked.error().message), {}});
  }
  return unpacked;
}

namespace {

// The number of the error that stopped it, or 0.
int write_through(std::FILE* file, std::string_view text, bool to_disk) {
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0 && (!to_disk || fsync(fileno(file)) == 0);
  const int error = written ? 0 : errno;
  const bool closed = file == stdout || std::fclose(file) == 0;
  return error != 0 || closed ? error : errno;
}

// Written beside its place under a name of its own, then moved there.
int write_whole_file(const std::string& path, std::string_view text) {
  const std::string unfinished = path + "." + std::to_string(getpid()) + ".part";
  std::FILE* file = std::fopen(unfinished.c_str(), "wb");
  if (file == nullptr) {
    return errno;
  }
  int error = write_through(file, text, true);
  if (error == 0 && std::rename(unfinished.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    std::remove(unfinished.c_str());
  }
  return error;
}

// A device or a pipe is written to and not replaced.
int write_device(const std::string& path, std::string_view text) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
  return file != nullptr ? write_through(file, text, false) : errno;
}

bool is_device(const std::string& path) {
  struct stat status{};
  return path == "-" || (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

}  // namespace

Status write_bundle(const std::string& path, std::string_view text) {
  std::string packed;
  if (path.ends_with(".gz")) {
    KEHUBU_TRY_ASSIGN(bytes, pack_gzip(text));
    packed = std::move(bytes);
    text = packed;
  }
  errno = is_device(path) ? write_device(path, text) : write_whole_file(path, text);
  return errno == 0 ? Status{} : refused_by_system(path);
}

}  // namespace kehubu::tool
