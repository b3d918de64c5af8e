#include <doctest/doctest.h>

#include <string_view>

#include "core/store/storage_format.h"

using namespace kehubu;

namespace {

BytesView view(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Id some_id() {
  Id id;
  for (std::size_t index = 0; index < id.bytes.size(); ++index) {
    id.bytes[index] = static_cast<std::uint8_t>(index + 1);
  }
  return id;
}

StoreMeta some_meta() {
  return {.store = some_id(), .epoch = 3, .commit_number = 70000, .next_record = 91, .live_digest = 0x1122334455667788,
          .page_count = 1234, .saved_at_ms = 1'700'000'000'123, .previous_checksum = 0x99AABBCCDDEEFF00};
}

FrozenPage page_of(std::uint8_t byte) {
  auto page = std::make_shared<Page>();
  page->bytes.fill(byte);
  return page;
}

}  // namespace

TEST_CASE("xxh64 gives the published values") {
  CHECK(xxh64(view(""), 0) == 0xEF46DB3751D8E999u);
  CHECK(xxh64(view("a"), 0) == 0xD24EC4F1A98C6E5Bu);
  CHECK(xxh64(view("abc"), 0) == 0x44BC2CF5AD770999u);
  CHECK(xxh64(view("The quick brown fox jumps over the lazy dog"), 0) == 0x0B242D361FDA71BCu);
}

TEST_CASE("a meta record survives writing and reading, and no flipped bit is believed") {
  const Bytes bytes = encode_meta(some_meta());
  REQUIRE(bytes.size() == meta_bytes);
  StoreMeta meta;
  REQUIRE(decode_meta(bytes, meta) == MetaVerdict::good);
  CHECK(meta == some_meta());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const MetaVerdict verdict = decode_meta(damaged, meta);
    CHECK_MESSAGE((verdict == MetaVerdict::damaged || (verdict == MetaVerdict::newer_version && bit / 8 == 7)), "bit ", bit);
  }
  CHECK(decode_meta({}, meta) == MetaVerdict::absent);
  CHECK(decode_meta(BytesView(bytes).first(50), meta) == MetaVerdict::damaged);
}

TEST_CASE("golden: the bytes of a meta record and of a page record never change") {
  CHECK(meta_checksum(encode_meta(some_meta())) == 0xDDC1AECB3CAABD0Eu);
  const FlushBatch::Entry entries[] = {{.number = 1, .page = page_of(7)}, {.number = 300, .page = page_of(9)}};
  Bytes record;
  encode_record(some_id(), 42, 70000, entries, record);
  CHECK(xxh64(record, 0) == 0x92712F20E0B08113u);
  CHECK(record_mark(42, 70000) == 0xEBA6E758C5E864D4u);
}

TEST_CASE("a page record survives, belongs to its store, and damage is refused") {
  const FlushBatch::Entry entries[] = {{.number = 5, .page = page_of(1)}, {.number = 9, .page = page_of(2)}};
  Bytes bytes;
  encode_record(some_id(), 42, 7, entries, bytes);
  REQUIRE(bytes.size() == record_bytes(2));
  const auto record = decode_record(some_id(), bytes);
  REQUIRE(record.has_value());
  CHECK(record->number == 42);
  CHECK(record->commit_number == 7);
  REQUIRE(record->page_count == 2);
  CHECK(record->page_number(1) == 9);
  CHECK(record->page(1)[4095] == 2);

  Id other = some_id();
  other.bytes[15] ^= 1;
  CHECK_FALSE(decode_record(other, bytes).has_value());
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    Bytes damaged = bytes;
    damaged[at] ^= 0x10;
    CHECK_FALSE(decode_record(some_id(), damaged).has_value());
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{4096}, bytes.size() - 1}) {
    CHECK_FALSE(decode_record(some_id(), BytesView(bytes).first(size)).has_value());
  }
}

TEST_CASE("the sentinel is a line of text, and rubbish is not one") {
  const Sentinel sentinel{.store = some_id(), .commit_number = 12, .saved_at_ms = 1700000000000};
  const std::string text = encode_sentinel(sentinel);
  const auto read = decode_sentinel(text);
  REQUIRE(read.has_value());
  CHECK(read->store == sentinel.store);
  CHECK(read->commit_number == 12);
  CHECK(read->saved_at_ms == 1700000000000);
  for (const std::string_view rubbish : {"", "kehubu1", "kehubu1 x 1 2", "kehubu2 AQIDBAUGBwgJCgsMDQ4PEA 1 2"}) {
    CHECK_FALSE(decode_sentinel(rubbish).has_value());
  }
  CHECK_FALSE(decode_sentinel(text.substr(0, text.size() - 14)).has_value());
  CHECK_FALSE(decode_sentinel(text + "x").has_value());
}
