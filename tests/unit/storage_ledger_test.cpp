#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "core/store/record_ledger.h"

using namespace kehubu;

namespace {

FrozenPage page_of(std::uint8_t byte) {
  auto page = std::make_shared<Page>();
  page->bytes.fill(byte);
  return page;
}

}  // namespace

TEST_CASE("a record is dead when the last of its pages was written again or cut off") {
  RecordLedger ledger;
  const RecordSummary first{.number = 1, .commit_number = 1, .pages = {1, 2, 3}};
  const RecordSummary second{.number = 2, .commit_number = 2, .pages = {1, 2}};
  ledger.apply({&first, 1}, 3);
  CHECK(ledger.live_digest() == record_mark(1, 1));
  ledger.apply({&second, 1}, 3);
  CHECK(ledger.live_count() == 2);
  CHECK(ledger.live_digest() == record_mark(1, 1) + record_mark(2, 2));
  ledger.apply({}, 2);
  CHECK(ledger.live_digest() == record_mark(2, 2));
  CHECK(ledger.dead_records(10) == std::vector<std::int64_t>{1});
  const std::int64_t dead[] = {1};
  ledger.forget(dead);
  CHECK(ledger.dead_count() == 0);
  CHECK(ledger.stored_bytes() == static_cast<std::int64_t>(record_bytes(2)));
}

TEST_CASE("random histories: taking back restores everything, tidying keeps the bounds, loading agrees") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Id store{};
  RecordLedger ledger;
  std::map<std::int64_t, Bytes> stored;
  std::vector<std::uint8_t> pages;  // the byte that fills each page
  std::int64_t next_number = 1;
  for (std::int64_t commit = 1; commit <= 400; ++commit) {
    if (random() % 20 == 0) {
      pages.resize(random() % 300 + 1);
    } else {
      pages.resize(pages.size() + random() % 4 + (pages.empty() ? 1 : 0));
    }
    std::vector<PageNumber> wanted;
    if (ledger.wants_tidying() && random() % 3 == 0) {
      wanted = ledger.pages_to_rewrite(224);
    }
    for (std::uint32_t number = 1; number <= pages.size(); ++number) {
      if (random() % 40 == 0 || ledger.holder(number) == 0) {
        pages[number - 1] = static_cast<std::uint8_t>(random());
        wanted.push_back(number);
      }
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::erase_if(wanted, [&](PageNumber number) { return number > pages.size(); });

    std::vector<RecordSummary> records;
    for (std::size_t at = 0; at < wanted.size(); at += pages_per_record) {
      const std::size_t end = std::min(wanted.size(), at + pages_per_record);
      records.push_back({.number = next_number++, .commit_number = commit, .pages = {&wanted[at], &wanted[0] + end}});
    }
    const auto page_count = static_cast<std::uint32_t>(pages.size());
    const std::uint64_t digest_before = ledger.live_digest();
    const std::int64_t bytes_before = ledger.stored_bytes();
    const auto undo = ledger.apply(records, page_count);
    if (random() % 4 == 0) {
      ledger.revert(undo);
      REQUIRE(ledger.live_digest() == digest_before);
      REQUIRE(ledger.stored_bytes() == bytes_before);
      ledger.apply(records, page_count);
    }
    REQUIRE(ledger.holds_every_page());
    for (const RecordSummary& record : records) {
      std::vector<FlushBatch::Entry> entries;
      for (const PageNumber number : record.pages) {
        entries.push_back({.number = number, .page = page_of(pages[number - 1])});
      }
      encode_record(store, record.number, commit, entries, stored[record.number]);
    }
    if (random() % 10 == 0) {
      const auto dead = ledger.dead_records(random() % 50);
      ledger.forget(dead);
      for (const std::int64_t number : dead) {
        stored.erase(number);
      }
    }
    if (commit % 20 != 0) {
      continue;
    }
    const StoreMeta meta{.store = store, .commit_number = commit, .next_record = next_number,
                         .live_digest = ledger.live_digest(), .page_count = page_count};
    ImageLoader loader(meta);
    std::vector<std::int64_t> numbers;
    for (const auto& [number, bytes] : stored) {
      numbers.push_back(number);
    }
    std::shuffle(numbers.begin(), numbers.end(), random);
    for (const std::int64_t any : numbers) {
      loader.add(stored.at(any));
    }
    const auto image = loader.finish();
    REQUIRE(image.has_value());
    for (std::size_t index = 0; index < pages.size(); ++index) {
      REQUIRE(image->pages[index]->bytes[100] == pages[index]);
    }
    REQUIRE(loader.ledger().stored_bytes() == ledger.stored_bytes());

    // Without any one live record the image is refused; without a dead one it is the same.
    const std::int64_t victim = ledger.holder(random() % page_count + 1);
    ImageLoader incomplete(meta);
    for (const auto& [number, bytes] : stored) {
      if (number != victim) {
        incomplete.add(bytes);
      }
    }
    REQUIRE_FALSE(incomplete.finish().has_value());
  }
}

TEST_CASE("rewriting the sparsest records comes down to the bound") {
  RecordLedger ledger;
  std::int64_t number = 1;
  for (PageNumber page = 1; page <= 1000; ++page) {
    const RecordSummary single{.number = number++, .commit_number = 1, .pages = {page}};
    ledger.apply({&single, 1}, page);
  }
  REQUIRE(ledger.wants_tidying());
  REQUIRE(ledger.needs_tidying());
  int rounds = 0;
  for (; ledger.wants_tidying() && rounds < 100; ++rounds) {
    const auto pages = ledger.pages_to_rewrite(224);
    std::vector<RecordSummary> records;
    for (std::size_t at = 0; at < pages.size(); at += pages_per_record) {
      const std::size_t end = std::min(pages.size(), at + pages_per_record);
      records.push_back({.number = number++, .commit_number = 2, .pages = {pages.begin() + static_cast<std::ptrdiff_t>(at), pages.begin() + static_cast<std::ptrdiff_t>(end)}});
    }
    ledger.apply(records, 1000);
    ledger.forget(ledger.dead_records(256));
  }
  CHECK(rounds <= 6);
  CHECK(ledger.live_count() <= 64 + 72 * 3 / 2);
  CHECK(ledger.holds_every_page());
}
