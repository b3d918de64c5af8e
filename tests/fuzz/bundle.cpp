// Hostile bundles: whatever the bytes, the reader refuses or reads, and what it reads it writes again the same.
//
// A digest that does not match is no obstacle here: nothing of the reading depends on it, only the verdict at the end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"

namespace {

using namespace kehubu;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void require_sentence(const Error& error) { require(!error.message.zh.empty() && !error.message.en.empty()); }

bool read_changes(BundleReader& reader, std::vector<Change>& changes) {
  BundleChain chain{reader.header()};
  Change change;
  while (true) {
    const auto more = reader.next(change);
    if (!more) {
      require_sentence(more.error());
      return false;
    }
    if (!*more) {
      return true;
    }
    static_cast<void>(chain.add(change));
    changes.push_back(change);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  BundleReader reader{text};
  if (const auto header = reader.read_header(); !header) {
    require_sentence(header.error());
    return 0;
  }
  std::vector<Change> changes;
  if (!read_changes(reader, changes)) {
    return 0;
  }
  if (const auto digest = reader.finish(); !digest) {
    require_sentence(digest.error());
  }
  for (const Change& change : changes) {  // the writer finds people by searching; a header may name them without need
    require(change.clock >= reader.header().clock_first && change.clock <= reader.header().clock_last);
  }
  std::string written;
  BundleWriter writer{reader.header(), written};
  for (const Change& change : changes) {
    writer.append(change);
  }
  const std::string digest = writer.finish();
  BundleReader again{written};
  require(again.read_header().has_value());
  std::vector<Change> reread;
  require(read_changes(again, reread) && reread.size() == changes.size());
  require(again.finish() == digest);
  return 0;
}
