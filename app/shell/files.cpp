// Files that come in: where they belong, and how they are unpacked.
#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "app/shell/app.h"
#include "app/shell/screen.h"
#include "core/sync/sync.h"

namespace kehubu {
namespace {

// What a compressed bundle may unpack to: docs/bundle.md, "Limits". What is inside is looked at by sync.
std::uint64_t most_unpacked(std::uint64_t packed_bytes) {
  constexpr std::uint64_t ratio_matters_from = 1ULL << 20;
  const Limits limits;
  return std::min<std::uint64_t>(limits.bundle_bytes, std::max(ratio_matters_from, packed_bytes * limits.compression_ratio));
}

bool is_gzip(const Bytes& bytes) { return bytes.size() > 2 && bytes[0] == 0x1F && bytes[1] == 0x8B; }

bool is_bundle(const PickedFile& file) {
  if (is_gzip(file.bytes)) {
    return true;
  }
  constexpr std::array<std::uint8_t, 3> order_mark{0xEF, 0xBB, 0xBF};
  const bool is_marked = std::ranges::equal(std::span(file.bytes).first(std::min(file.bytes.size(), order_mark.size())), order_mark);
  for (const std::uint8_t byte : std::span(file.bytes).subspan(is_marked ? order_mark.size() : 0)) {
    if (byte > ' ') {
      return byte == '{' || byte == '[';
    }
  }
  return false;
}

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

struct Unpacking {
  std::vector<std::pair<std::string, std::string>> files;
  std::size_t waiting = 0;
  std::function<void(std::vector<std::pair<std::string, std::string>>)> done;

  void finish_one() {
    if (--waiting == 0) {
      std::erase_if(files, [](const auto& file) { return file.first.empty(); });  // told of already
      done(std::move(files));
    }
  }
};

}  // namespace

bool App::refuses_files() {
  const Job* job = current_job();
  if (job != nullptr) {
    notify(say(Word::files_not_now, {job->title}), Tone::warning);
  }
  return job != nullptr;
}

void App::receive_files(std::vector<PickedFile> files) {
  if (files.empty() || refuses_files()) {
    return;
  }
  // Each by what it is: a table among bundles is none of theirs, whichever lay on top.
  const bool bundles = std::ranges::any_of(files, is_bundle);
  std::string names;
  for (const PickedFile& file : files) {
    names += is_bundle(file) ? std::string() : (names.empty() ? std::string() : std::string(say.list_separator())) + file.name;
  }
  if (bundles && !names.empty()) {
    notify(say(Word::files_of_two_kinds, {names}), Tone::warning);
    std::erase_if(files, [](const PickedFile& file) { return !is_bundle(file); });
  }
  waiting_files_ = std::move(files);
  const Route wanted = bundles ? Route{.place = Place::exchange} : Route{.place = Place::import, .entity = &entity_named("customer")};
  if (router.current() && router.current()->route() == wanted) {
    router.current()->resumed();
  } else {
    router.go(wanted);
  }
}

void App::unpack_bundles(std::vector<PickedFile> files, std::function<void(std::vector<std::pair<std::string, std::string>>)> done) {
  auto unpacking = std::make_shared<Unpacking>();
  unpacking->done = std::move(done);
  unpacking->waiting = files.size();
  unpacking->files.resize(files.size());
  for (std::size_t index = 0; index < files.size(); ++index) {
    unpacking->files[index].first = files[index].name;
    if (!is_gzip(files[index].bytes)) {
      unpacking->files[index].second = text_of(files[index].bytes);
      unpacking->finish_one();
      continue;
    }
    // What cannot be unpacked goes on as it is: whoever reads it says once, beside the file's name, that it is damaged.
    std::string packed = text_of(files[index].bytes);
    const std::uint64_t limit = most_unpacked(packed.size());
    platform.decompress(std::move(files[index].bytes), limit, [this, unpacking, index, packed = std::move(packed)](Result<Bytes> bytes) mutable {
      unpacking->files[index].second = bytes ? text_of(*bytes) : std::move(packed);
      if (!bytes && bytes.error().kind != ErrorKind::corrupt) {
        const std::string name = std::exchange(unpacking->files[index].first, {});
        const Sentence& why = bytes.error().message;
        show_error(Error{bytes.error().kind, {name + "：" + why.zh, name + ": " + why.en}, {}});
      }
      unpacking->finish_one();
      platform.request_frame();
    });
  }
}

}  // namespace kehubu
