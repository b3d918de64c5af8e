#include "core/store/storage_format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>

namespace kehubu {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

namespace {

constexpr std::string_view meta_magic = "KHBMETA1";  // the last character is the version of the whole format
constexpr std::string_view record_magic = "KHBR";
constexpr std::uint16_t record_version = 1;

template <typename Number>
Number load(const std::uint8_t* from) {
  Number value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <typename Number>
void store(std::uint8_t* into, Number value) {
  std::memcpy(into, &value, sizeof(value));
}

// --- XXH64 ---

constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t prime_2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t prime_3 = 0x165667B19E3779F9u;
constexpr std::uint64_t prime_4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t prime_5 = 0x27D4EB2F165667C5u;

std::uint64_t mix_lane(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * prime_2, 31) * prime_1;
}

std::uint64_t merge_lane(std::uint64_t hash, std::uint64_t lane) {
  return (hash ^ mix_lane(0, lane)) * prime_1 + prime_4;
}

std::uint64_t avalanche(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * prime_2;
  hash = (hash ^ (hash >> 29)) * prime_3;
  return hash ^ (hash >> 32);
}

}  // namespace

std::uint64_t xxh64(BytesView bytes, std::uint64_t seed) {
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t hash = seed + prime_5;
  if (left >= 32) {
    std::array<std::uint64_t, 4> lanes = {seed + prime_1 + prime_2, seed + prime_2, seed, seed - prime_1};
    for (; left >= 32; left -= 32) {
      for (std::uint64_t& lane : lanes) {
        lane = mix_lane(lane, load<std::uint64_t>(at));
        at += 8;
      }
    }
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    for (const std::uint64_t lane : lanes) {
      hash = merge_lane(hash, lane);
    }
  }
  hash += bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    hash = std::rotl(hash ^ mix_lane(0, load<std::uint64_t>(at)), 27) * prime_1 + prime_4;
  }
  if (left >= 4) {
    hash = std::rotl(hash ^ (load<std::uint32_t>(at) * prime_1), 23) * prime_2 + prime_3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; --left, ++at) {
    hash = std::rotl(hash ^ (*at * prime_5), 11) * prime_1;
  }
  return avalanche(hash);
}

// --- The meta record ---

Bytes encode_meta(const StoreMeta& meta) {
  Bytes bytes(meta_bytes);
  std::uint8_t* const at = bytes.data();
  std::ranges::copy(meta_magic, at);
  std::ranges::copy(meta.store.bytes, at + 8);
  store(at + 24, meta.epoch);
  store(at + 32, meta.commit_number);
  store(at + 40, meta.next_record);
  store(at + 48, meta.live_digest);
  store(at + 56, meta.saved_at_ms);
  store(at + 64, meta.page_count);
  store(at + 68, page_bytes);
  store(at + 72, meta.previous_checksum);
  store(at + 80, std::uint64_t{0});  // reserved
  store(at + 88, xxh64(BytesView(bytes).first(meta_bytes - 8), 0));
  return bytes;
}

MetaVerdict decode_meta(BytesView bytes, StoreMeta& meta) {
  if (bytes.empty()) {
    return MetaVerdict::absent;
  }
  const std::size_t magic_letters = meta_magic.size() - 1;
  if (bytes.size() < meta_bytes || !std::equal(meta_magic.begin(), meta_magic.end() - 1, bytes.begin())) {
    return MetaVerdict::damaged;
  }
  if (bytes[magic_letters] > static_cast<std::uint8_t>(meta_magic.back())) {
    return MetaVerdict::newer_version;
  }
  const std::uint8_t* const at = bytes.data();
  const bool believable = bytes.size() == meta_bytes && bytes[magic_letters] == meta_magic.back() &&
                          load<std::uint64_t>(at + 88) == xxh64(bytes.first(meta_bytes - 8), 0) &&
                          load<std::uint32_t>(at + 68) == page_bytes;
  if (!believable) {
    return MetaVerdict::damaged;
  }
  std::ranges::copy(bytes.subspan(8, 16), meta.store.bytes.begin());
  meta.epoch = load<std::int64_t>(at + 24);
  meta.commit_number = load<std::int64_t>(at + 32);
  meta.next_record = load<std::int64_t>(at + 40);
  meta.live_digest = load<std::uint64_t>(at + 48);
  meta.saved_at_ms = load<std::int64_t>(at + 56);
  meta.page_count = load<std::uint32_t>(at + 64);
  meta.previous_checksum = load<std::uint64_t>(at + 72);
  return MetaVerdict::good;
}

std::uint64_t meta_checksum(BytesView encoded) {
  return encoded.size() == meta_bytes ? load<std::uint64_t>(encoded.data() + 88) : 0;
}

Bytes rest_mark(BytesView encoded) {
  Bytes mark(sizeof(std::uint64_t));
  store(mark.data(), meta_checksum(encoded));
  return mark;
}

// --- Page records ---

std::uint64_t record_mark(std::int64_t number, std::int64_t commit_number) {
  std::array<std::uint8_t, 16> bytes;
  store(bytes.data(), number);
  store(bytes.data() + 8, commit_number);
  return xxh64(bytes, 0);
}

void encode_record(const Id& store_id, std::int64_t number, std::int64_t commit_number,
                   std::span<const FlushBatch::Entry> entries, Bytes& into) {
  assert(!entries.empty() && entries.size() <= pages_per_record);
  into.resize(record_bytes(entries.size()));
  std::uint8_t* at = into.data();
  std::ranges::copy(record_magic, at);
  store(at + 4, record_version);
  store(at + 6, static_cast<std::uint16_t>(entries.size()));
  store(at + 8, number);
  store(at + 16, commit_number);
  at += 24;
  for (const FlushBatch::Entry& entry : entries) {
    store(at, entry.number);
    at += sizeof(PageNumber);
  }
  for (const FlushBatch::Entry& entry : entries) {
    std::memcpy(at, entry.page->bytes.data(), page_bytes);
    at += page_bytes;
  }
  store(at, xxh64(BytesView(into).first(into.size() - 8), load<std::uint64_t>(store_id.bytes.data() + 8)));
}

std::optional<RecordView> decode_record(const Id& store_id, BytesView bytes) {
  if (bytes.size() < record_bytes(1) || !std::equal(record_magic.begin(), record_magic.end(), bytes.begin())) {
    return std::nullopt;
  }
  const std::uint8_t* const at = bytes.data();
  const std::uint16_t pages = load<std::uint16_t>(at + 6);
  if (load<std::uint16_t>(at + 4) != record_version || pages == 0 || pages > pages_per_record ||
      bytes.size() != record_bytes(pages)) {
    return std::nullopt;
  }
  const std::uint64_t seed = load<std::uint64_t>(store_id.bytes.data() + 8);
  if (load<std::uint64_t>(at + bytes.size() - 8) != xxh64(bytes.first(bytes.size() - 8), seed)) {
    return std::nullopt;
  }
  return RecordView{.number = load<std::int64_t>(at + 8),
                    .commit_number = load<std::int64_t>(at + 16),
                    .page_count = pages,
                    .bytes = bytes};
}

PageNumber RecordView::page_number(std::uint32_t index) const {
  assert(index < page_count);
  return load<PageNumber>(bytes.data() + 24 + index * sizeof(PageNumber));
}

std::span<const std::uint8_t, page_bytes> RecordView::page(std::uint32_t index) const {
  assert(index < page_count);
  const std::size_t start = 24 + page_count * sizeof(PageNumber) + std::size_t{index} * page_bytes;
  return bytes.subspan(start).first<page_bytes>();
}

// --- The sentinel ---

std::string encode_sentinel(const Sentinel& sentinel) {
  return "kehubu1 " + sentinel.store.text() + " " + std::to_string(sentinel.commit_number) + " " +
         std::to_string(sentinel.saved_at_ms);
}

std::optional<Sentinel> decode_sentinel(std::string_view text) {
  constexpr std::string_view start = "kehubu1 ";
  constexpr std::size_t id_letters = 22;
  if (!text.starts_with(start) || text.size() < start.size() + id_letters + 1) {
    return std::nullopt;
  }
  const std::optional<Id> id = Id::parse(text.substr(start.size(), id_letters));
  if (!id) {
    return std::nullopt;
  }
  Sentinel sentinel{.store = *id};
  const char* const end = text.data() + text.size();
  const auto commit = std::from_chars(text.data() + start.size() + id_letters + 1, end, sentinel.commit_number);
  if (commit.ec != std::errc{} || commit.ptr == end || *commit.ptr != ' ') {
    return std::nullopt;
  }
  const auto time = std::from_chars(commit.ptr + 1, end, sentinel.saved_at_ms);
  if (time.ec != std::errc{} || time.ptr != end) {
    return std::nullopt;
  }
  return sentinel;
}

}  // namespace kehubu
