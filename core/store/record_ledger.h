// RecordLedger: which stored record holds the newest copy of each page.
//
// A commit appends records; the copies of the same pages in older records become garbage. A record all of whose pages are
// garbage is dead: it may be deleted at any time, and does no harm meanwhile, since a page always counts from the record
// with the highest number. The ledger knows what is live, what is dead, and which pages to write again so that sparse
// records die. It is a few bytes per page and per record, in memory only; loading the records rebuilds it.
//
// Bounds, with I = page_count / 14 rounded up, the fewest records that could hold the image:
//   live records   tidied in idle moments above 64 + 1.5 I, tidied within commits above 256 + 2.5 I
//   dead records   deleted in idle moments above 32, deleted within commits above 256 + I
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/store/storage_format.h"

namespace kehubu {

struct RecordSummary {
  std::int64_t number = 0;
  std::int64_t commit_number = 0;
  std::vector<PageNumber> pages;
};

class RecordLedger {
 public:
  // What apply() changed, to take it back.
  struct Undo {
    std::vector<std::pair<PageNumber, std::int64_t>> former_holders;  // in the order of the changes
    std::vector<std::int64_t> added;
    std::uint32_t page_count = 0;
  };

  // The records were stored, or are about to be, each with a number not used before, and are the newest holders of their
  // pages; the image has page_count pages now.
  Undo apply(std::span<const RecordSummary> records, std::uint32_t page_count);
  void revert(const Undo& undo);
  void clear();
  // The records were deleted. Unknown numbers are ignored.
  void forget(std::span<const std::int64_t> dead);

  // Sum of record_mark() over the live records.
  [[nodiscard]] std::uint64_t live_digest() const { return live_digest_; }
  [[nodiscard]] std::int64_t stored_bytes() const { return stored_bytes_; }
  [[nodiscard]] std::size_t live_count() const { return records_.size() - dead_count_; }
  [[nodiscard]] std::size_t dead_count() const { return dead_count_; }
  // 0 if no record holds the page.
  [[nodiscard]] std::int64_t holder(PageNumber page) const;
  [[nodiscard]] bool holds_every_page() const;
  [[nodiscard]] bool knows(std::int64_t record) const { return records_.contains(record); }

  [[nodiscard]] bool wants_tidying() const;  // in an idle moment
  [[nodiscard]] bool needs_tidying() const;  // now, within the next commit
  // The live pages of the sparsest records, enough to come down to the idle bound but at most page_limit.
  [[nodiscard]] std::vector<PageNumber> pages_to_rewrite(std::size_t page_limit) const;
  [[nodiscard]] std::vector<std::int64_t> dead_records(std::size_t limit) const;

 private:
  struct Holding {
    std::int64_t commit_number = 0;
    std::uint32_t live = 0;
    std::uint32_t total = 0;
  };

  void set_holder(PageNumber page, std::int64_t number, Undo* undo);
  void set_page_count(std::uint32_t page_count, Undo* undo);
  void gain(std::int64_t number);
  void lose(std::int64_t number);
  [[nodiscard]] std::size_t fewest_records() const;
  [[nodiscard]] std::size_t idle_bound() const { return 64 + fewest_records() * 3 / 2; }

  std::vector<std::int64_t> holder_;           // by page index
  std::map<std::int64_t, Holding> records_;
  std::size_t dead_count_ = 0;
  std::uint64_t live_digest_ = 0;
  std::int64_t stored_bytes_ = 0;
};

// Puts an image together from its records, whatever their order, and finds out whether they are complete.
class ImageLoader {
 public:
  explicit ImageLoader(const StoreMeta& meta);
  // A record that cannot be believed is left out; if it held a live page, finish() will tell.
  void add(BytesView record);
  // The image, or nothing if a live record is missing or another one came to light in its place.
  [[nodiscard]] std::optional<ImageSnapshot> finish();
  [[nodiscard]] RecordLedger& ledger() { return ledger_; }
  // Why finish() gave nothing, in numbers, for a bug report.
  [[nodiscard]] std::string difference() const;

 private:
  StoreMeta meta_;
  std::vector<std::shared_ptr<Page>> pages_;
  RecordLedger ledger_;
  RecordSummary summary_;
  int unbelievable_ = 0;
};

}  // namespace kehubu
