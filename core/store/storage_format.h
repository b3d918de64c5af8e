// The stored format: meta record, page records, sentinel. docs/storage.md specifies the same bytes in prose.
//
// Everything is little-endian. A record that is not exactly what it claims to be is refused as a whole; nothing in here
// repairs or guesses. Buffers belong to the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/id.h"
#include "core/store/page_image.h"
#include "core/store/storage_backend.h"

namespace kehubu {

// A record must stay below 60 KiB: Chromium moves larger IndexedDB values into files of their own, which are slower and
// have been lost by disk cleaners.
inline constexpr std::uint32_t pages_per_record = 14;
inline constexpr std::size_t meta_bytes = 96;
inline constexpr std::size_t record_overhead_bytes = 32;
[[nodiscard]] constexpr std::size_t record_bytes(std::size_t pages) {
  return record_overhead_bytes + pages * (sizeof(PageNumber) + page_bytes);
}
static_assert(record_bytes(pages_per_record) <= 60 * 1024);

// XXH64 (https://github.com/Cyan4973/xxHash), a checksum against accidents, not against people.
[[nodiscard]] std::uint64_t xxh64(BytesView bytes, std::uint64_t seed);

// The one meta record of a store, and the head of a second copy.
struct StoreMeta {
  Id store;                             // made with the store, never changed
  std::int64_t epoch = 0;               // rises whenever a page becomes the writer
  std::int64_t commit_number = 0;       // of the image that the records hold
  std::int64_t next_record = 1;         // numbers of records are never used twice
  std::uint64_t live_digest = 0;        // sum of record_mark() over the records that hold a live page
  std::uint32_t page_count = 0;
  std::int64_t saved_at_ms = 0;         // wall clock
  std::uint64_t previous_checksum = 0;  // of the meta record that this one replaced; 0 for the first

  friend bool operator==(const StoreMeta&, const StoreMeta&) = default;
};

enum class MetaVerdict { good, absent, damaged, newer_version };

[[nodiscard]] Bytes encode_meta(const StoreMeta& meta);
// `meta` is set only when the verdict is good.
[[nodiscard]] MetaVerdict decode_meta(BytesView bytes, StoreMeta& meta);
// The checksum of an encoded meta record; 0 if there is none.
[[nodiscard]] std::uint64_t meta_checksum(BytesView encoded);

// What stands beside the meta record while its writer rests: nothing was written since that very meta record.
[[nodiscard]] Bytes rest_mark(BytesView encoded);

// What a record contributes to live_digest.
[[nodiscard]] std::uint64_t record_mark(std::int64_t number, std::int64_t commit_number);

// Writes a record of 1 … pages_per_record pages into `into`, replacing what was there.
void encode_record(const Id& store, std::int64_t number, std::int64_t commit_number,
                   std::span<const FlushBatch::Entry> entries, Bytes& into);

// A record in the caller's buffer.
struct RecordView {
  std::int64_t number = 0;
  std::int64_t commit_number = 0;
  std::uint32_t page_count = 0;

  [[nodiscard]] PageNumber page_number(std::uint32_t index) const;
  [[nodiscard]] std::span<const std::uint8_t, page_bytes> page(std::uint32_t index) const;

  BytesView bytes;
};
[[nodiscard]] std::optional<RecordView> decode_record(const Id& store, BytesView bytes);

// The sentinel: "kehubu1 <store> <commit number> <saved at, ms>".
struct Sentinel {
  Id store;
  std::int64_t commit_number = 0;
  std::int64_t saved_at_ms = 0;
};
[[nodiscard]] std::string encode_sentinel(const Sentinel& sentinel);
// Nothing if the text is not a sentinel. A text that is present but unreadable still tells that there was data once.
[[nodiscard]] std::optional<Sentinel> decode_sentinel(std::string_view text);

}  // namespace kehubu
