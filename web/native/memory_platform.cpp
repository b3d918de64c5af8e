#include "web/native/memory_platform.h"

#include <algorithm>
#include <utility>

namespace kehubu {

namespace {
constexpr std::uint8_t stored_mark[] = {'s', 't', 'o', 'r', 'e', 'd', ':'};
}

void MemoryPlatform::random_bytes(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(random_());
  }
}

void MemoryPlatform::request_frame_after(double milliseconds) {
  frame_after_ms = frame_after_ms < 0 ? milliseconds : std::min(frame_after_ms, milliseconds);
}

std::string MemoryPlatform::read_local_setting(std::string_view key) {
  const auto found = settings_.find(key);
  return found == settings_.end() ? std::string() : found->second;
}

void MemoryPlatform::write_local_setting(std::string_view key, std::string_view value) {
  settings_.insert_or_assign(std::string(key), std::string(value));
}

void MemoryPlatform::pick_files(const FilePickOptions& options, std::function<void(Result<std::vector<PickedFile>>)> done) {
  ++file_pickers_opened;
  if (person_cancels) {
    return;
  }
  for (const PickedFile& file : files_to_pick) {
    if (file.bytes.size() > options.bytes_limit) {
      callbacks_.push_back([done = std::move(done), name = file.name] {
        done(fail(ErrorKind::refused, "文件“{}”太大，没有读取。", "The file \"{}\" is too large and was not read.", {name}));
      });
      return;
    }
  }
  callbacks_.push_back([done = std::move(done), files = std::exchange(files_to_pick, {})]() mutable { done(std::move(files)); });
}

void MemoryPlatform::save_file(std::string_view name, std::string_view media_type, Bytes bytes, bool share, std::function<void(Status)> done) {
  if (person_cancels) {
    callbacks_.push_back([done = std::move(done)] { done(fail(ErrorKind::cancelled, "没有分享：分享窗口已关闭。", "Not shared: the share sheet was closed.")); });
    return;
  }
  if (on_save_file) {
    on_save_file();
  }
  saved_files.push_back({std::string(name), std::string(media_type), std::move(bytes), share});
  callbacks_.push_back([done = std::move(done)] { done({}); });
}

void MemoryPlatform::compress(Bytes bytes, std::function<void(Result<Bytes>)> done) {
  bytes.insert(bytes.begin(), std::begin(stored_mark), std::end(stored_mark));
  callbacks_.push_back([done = std::move(done), bytes = std::move(bytes)]() mutable { done(std::move(bytes)); });
}

void MemoryPlatform::decompress(Bytes bytes, std::uint64_t bytes_limit, std::function<void(Result<Bytes>)> done) {
  constexpr std::size_t mark_size = std::size(stored_mark);
  const bool marked = bytes.size() >= mark_size && std::equal(std::begin(stored_mark), std::end(stored_mark), bytes.begin());
  callbacks_.push_back([done = std::move(done), bytes = std::move(bytes), marked, bytes_limit]() mutable {
    if (!marked) {
      done(fail(ErrorKind::corrupt, "压缩文件已损坏，无法展开。", "The compressed file is damaged and cannot be unpacked."));
      return;
    }
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(mark_size));
    if (bytes.size() > bytes_limit) {
      done(fail(ErrorKind::refused, "压缩文件展开后太大，没有读取。", "The compressed file is too large when unpacked and was not read."));
      return;
    }
    done(std::move(bytes));
  });
}

Result<std::string> MemoryPlatform::decode_text(std::span<const std::uint8_t> bytes, std::string_view encoding) {
  if (encoding != "utf-8") {
    return fail(ErrorKind::unsupported, "测试平台只认识 UTF-8。", "The test platform knows UTF-8 only.");
  }
  return std::string(bytes.begin(), bytes.end());
}

void MemoryPlatform::push_route(std::string_view route) {
  history.push_back(route_now);
  further.clear();
  route_now = route;
}

void MemoryPlatform::back_to_route(std::string_view route) {
  if (!history.empty() && history.back() == route) {
    walk_history(-1);
  } else {
    replace_route(route);
  }
}

void MemoryPlatform::walk_history(int steps) {
  for (; steps != 0; steps += steps < 0 ? 1 : -1) {
    std::vector<std::string>& from = steps < 0 ? history : further;
    (steps < 0 ? further : history).push_back(std::exchange(route_now, std::move(from.back())));
    from.pop_back();
  }
}

void MemoryPlatform::drop_files(std::vector<PickedFile> files) {
  if (drop_handler_) {
    drop_handler_(std::move(files));
  }
}

void MemoryPlatform::step(int steps) {
  if ((steps < 0 ? history : further).empty()) {
    return;
  }
  walk_history(steps);
  if (route_handler_) {
    route_handler_(route_now, steps);
  }
}

void MemoryPlatform::open_address(std::string_view address) {
  push_route(address);
  if (route_handler_) {
    route_handler_(route_now, 1);
  }
}

void MemoryPlatform::announce_update() {
  if (update_handler_) {
    update_handler_();
  }
}

void MemoryPlatform::run_callbacks() {
  while (!callbacks_.empty()) {
    const std::vector<std::function<void()>> due = std::exchange(callbacks_, {});
    for (const auto& callback : due) {
      callback();
    }
  }
}

}  // namespace kehubu
