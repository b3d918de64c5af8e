#include "tools/kehubu/files.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace kehubu::tool {
namespace {

constexpr int gzip_window = 15 + 16;              // zlib: gzip header and trailer
constexpr std::size_t piece_size = 1 << 18;
constexpr std::uint64_t ratio_matters_from = 1 << 20;  // small files may compress as well as they like

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin && file != stdout) {
      std::fclose(file);
    }
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::unexpected<Error> cannot(std::string_view zh, std::string_view en, const std::string& path) {
  return fail(ErrorKind::storage, zh, en, {path, std::strerror(errno)});
}

Result<std::string> read_all(const std::string& path, const Limits& limits) {
  const File file{path == "-" ? stdin : std::fopen(path.c_str(), "rb")};
  if (!file) {
    return cannot("{} 打不开：{}", "{} cannot be opened: {}", path);
  }
  std::string text;
  std::string piece(piece_size, '\0');
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece, 0, size);
    if (text.size() > limits.bundle_bytes) {
      return fail(ErrorKind::refused, "{} 太大", "{} is too large", {path});
    }
  }
  if (std::ferror(file.get()) != 0) {
    return cannot("{} 读不出来：{}", "{} cannot be read: {}", path);
  }
  return text;
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
  const File file{std::fopen(path.c_str(), "rb")};
  char start[16] = {};
  const std::size_t size = file ? std::fread(start, 1, sizeof start, file.get()) : 0;
  if (!file) {
    return FileKind::missing;
  }
  if (size == sizeof start && std::memcmp(start, "SQLite format 3", sizeof start) == 0) {
    return FileKind::database;
  }
  return size >= 2 && start[0] == '\x1f' && start[1] == '\x8b' ? FileKind::gzip : FileKind::text;
}

Result<std::string> unpack_gzip(std::string_view packed, const Limits& limits) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) {
    return fail(ErrorKind::storage, "内存不足", "Out of memory");
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
      return fail(ErrorKind::refused, "解压后太大，像是恶意文件", "It unpacks to more than a bundle can be; it looks malicious");
    }
  }
  if (state != Z_STREAM_END || stream.avail_in != 0) {
    return fail(ErrorKind::corrupt, "压缩文件已损坏，请让对方重新发送", "The packed file is damaged; ask the sender to send it again");
  }
  return text;
}

Result<std::string> pack_gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(ErrorKind::storage, "内存不足", "Out of memory");
  }
  const std::unique_ptr<z_stream, EndDeflate> guard{&stream};
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  give(stream, text);
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    return fail(ErrorKind::storage, "压缩失败", "Packing failed");
  }
  packed.resize(packed.size() - stream.avail_out);
  return packed;
}

Result<std::string> read_bundle(const std::string& path, const Limits& limits) {
  KEHUBU_TRY_ASSIGN(text, read_all(path, limits));
  const bool packed = text.starts_with("\x1f\x8b");
  return packed ? unpack_gzip(text, limits) : Result<std::string>(std::move(text));
}

Status write_bundle(const std::string& path, std::string_view text) {
  std::string packed;
  if (path.ends_with(".gz")) {
    KEHUBU_TRY_ASSIGN(bytes, pack_gzip(text));
    packed = std::move(bytes);
    text = packed;
  }
  if (path == "-") {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0
               ? Status{}
               : cannot("{} 写不出去：{}", "{} cannot be written: {}", path);
  }
  const std::string unfinished = path + ".part";
  std::FILE* file = std::fopen(unfinished.c_str(), "wb");
  if (file == nullptr) {
    return cannot("{} 写不出去：{}", "{} cannot be written: {}", path);
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    auto error = cannot("{} 写不出去：{}", "{} cannot be written: {}", path);
    std::remove(unfinished.c_str());
    return error;
  }
  return {};
}

}  // namespace kehubu::tool
