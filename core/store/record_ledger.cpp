#include "core/store/record_ledger.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <ranges>

#include "core/base/sort.h"

namespace kehubu {

namespace {

// Stands for a page of a record that is garbage: written again since, or of a time when the file was longer.
constexpr PageNumber beyond_every_page = UINT32_MAX;

}  // namespace

void RecordLedger::gain(std::int64_t number) {
  const auto found = records_.find(number);
  assert(found != records_.end());
  if (found->second.live++ == 0) {
    --dead_count_;
    live_digest_ += record_mark(number, found->second.commit_number);
  }
}

void RecordLedger::lose(std::int64_t number) {
  const auto found = records_.find(number);
  assert(found != records_.end() && found->second.live > 0);
  if (--found->second.live == 0) {
    ++dead_count_;
    live_digest_ -= record_mark(number, found->second.commit_number);
  }
}

void RecordLedger::set_holder(PageNumber page, std::int64_t number, Undo* undo) {
  std::int64_t& holder = holder_[page - 1];
  if (undo != nullptr) {
    undo->former_holders.emplace_back(page, holder);
  }
  if (holder != 0) {
    lose(holder);
  }
  holder = number;
  if (number != 0) {
    gain(number);
  }
}

void RecordLedger::set_page_count(std::uint32_t page_count, Undo* undo) {
  for (std::size_t page = holder_.size(); page > page_count; --page) {
    set_holder(static_cast<PageNumber>(page), 0, undo);
  }
  holder_.resize(page_count, 0);
}

RecordLedger::Undo RecordLedger::apply(std::span<const RecordSummary> records, std::uint32_t page_count) {
  Undo undo{.former_holders = {}, .added = {}, .page_count = static_cast<std::uint32_t>(holder_.size())};
  set_page_count(page_count, &undo);
  for (const RecordSummary& record : records) {
    const auto total = static_cast<std::uint32_t>(record.pages.size());
    [[maybe_unused]] const bool added =
        records_.emplace(record.number, Holding{.commit_number = record.commit_number, .live = 0, .total = total}).second;
    assert(added && "a record's number is used once");
    undo.added.push_back(record.number);
    ++dead_count_;  // until it holds its first page
    stored_bytes_ += static_cast<std::int64_t>(record_bytes(total));
    for (const PageNumber page : record.pages) {
      if (page <= page_count) {
        set_holder(page, record.number, &undo);
      }
    }
  }
  return undo;
}

void RecordLedger::revert(const Undo& undo) {
  holder_.resize(std::max<std::size_t>(holder_.size(), undo.page_count), 0);
  for (const auto& [page, former] : std::views::reverse(undo.former_holders)) {
    set_holder(page, former, nullptr);
  }
  holder_.resize(undo.page_count);
  forget(undo.added);
}

void RecordLedger::clear() { *this = RecordLedger(); }

void RecordLedger::forget(std::span<const std::int64_t> dead) {
  for (const std::int64_t number : dead) {
    const auto found = records_.find(number);
    if (found == records_.end()) {
      continue;
    }
    assert(found->second.live == 0 && "only dead records are deleted");
    stored_bytes_ -= static_cast<std::int64_t>(record_bytes(found->second.total));
    records_.erase(found);
    --dead_count_;
  }
}

std::int64_t RecordLedger::holder(PageNumber page) const {
  return page >= 1 && page <= holder_.size() ? holder_[page - 1] : 0;
}

bool RecordLedger::holds_every_page() const { return std::ranges::find(holder_, 0) == holder_.end(); }

std::size_t RecordLedger::fewest_records() const { return (holder_.size() + pages_per_record - 1) / pages_per_record; }

bool RecordLedger::wants_tidying() const { return live_count() > idle_bound() || dead_count_ > 32; }

bool RecordLedger::needs_tidying() const {
  return live_count() > 256 + fewest_records() * 5 / 2 || dead_count_ > 256 + fewest_records();
}

std::vector<PageNumber> RecordLedger::pages_to_rewrite(std::size_t page_limit) const {
  if (live_count() <= idle_bound()) {
    return {};
  }
  std::vector<std::pair<std::uint32_t, std::int64_t>> sparsest;  // live pages, number
  sparsest.reserve(live_count());
  for (const auto& [number, holding] : records_) {
    if (holding.live > 0 && holding.live < pages_per_record) {
      sparsest.emplace_back(holding.live, number);
    }
  }
  kehubu::sort(sparsest);

  const std::size_t excess = live_count() - idle_bound();
  std::vector<std::int64_t> victims;
  std::size_t page_total = 0;
  for (const auto& [live, number] : sparsest) {
    const std::size_t saved = victims.size() - std::min(victims.size(), page_total / pages_per_record + 1);
    if (page_total + live > page_limit || saved >= excess) {
      break;
    }
    victims.push_back(number);
    page_total += live;
  }
  kehubu::sort(victims);

  std::vector<PageNumber> pages;
  pages.reserve(page_total);
  for (std::size_t index = 0; index < holder_.size(); ++index) {
    if (std::ranges::binary_search(victims, holder_[index])) {
      pages.push_back(static_cast<PageNumber>(index + 1));
    }
  }
  return pages;
}

std::vector<std::int64_t> RecordLedger::dead_records(std::size_t limit) const {
  std::vector<std::int64_t> dead;
  for (const auto& [number, holding] : records_) {
    if (dead.size() >= std::min(limit, dead_count_)) {
      break;
    }
    if (holding.live == 0) {
      dead.push_back(number);
    }
  }
  return dead;
}

// --- ImageLoader ---

ImageLoader::ImageLoader(const StoreMeta& meta) : meta_(meta), pages_(meta.page_count) {
  ledger_.apply({}, meta.page_count);
}

void ImageLoader::add(BytesView bytes) {
  const std::optional<RecordView> record = decode_record(meta_.store, bytes);
  // A record from next_record on was not written by a transaction that happened.
  if (!record || record->number < 1 || record->number >= meta_.next_record || ledger_.knows(record->number)) {
    ++unbelievable_;
    return;
  }
  summary_ = {.number = record->number, .commit_number = record->commit_number, .pages = {}};
  for (std::uint32_t index = 0; index < record->page_count; ++index) {
    const PageNumber number = record->page_number(index);
    const bool newest = number >= 1 && number <= meta_.page_count && ledger_.holder(number) < record->number;
    summary_.pages.push_back(newest ? number : beyond_every_page);
    if (newest) {
      std::shared_ptr<Page>& page = pages_[number - 1];
      if (page == nullptr) {
        page = std::make_shared_for_overwrite<Page>();
      }
      std::memcpy(page->bytes.data(), record->page(index).data(), page_bytes);
    }
  }
  ledger_.apply({&summary_, 1}, meta_.page_count);
}

std::string ImageLoader::difference() const {
  const auto missing = std::ranges::count(pages_, nullptr);
  return "commit " + std::to_string(meta_.commit_number) + ", next record " + std::to_string(meta_.next_record) + ": of " +
         std::to_string(meta_.page_count) + " pages " + std::to_string(missing) + " are missing; " +
         std::to_string(ledger_.live_count()) + " live and " + std::to_string(ledger_.dead_count()) + " dead records, " +
         std::to_string(unbelievable_) + " that cannot be believed; the digest " +
         (ledger_.live_digest() == meta_.live_digest ? "agrees" : "differs");
}

std::optional<ImageSnapshot> ImageLoader::finish() {
  if (ledger_.live_digest() != meta_.live_digest || !ledger_.holds_every_page()) {
    return std::nullopt;
  }
  ImageSnapshot image{.commit_number = meta_.commit_number, .pages = {}};
  image.pages.reserve(pages_.size());
  for (std::shared_ptr<Page>& page : pages_) {
    image.pages.push_back(std::move(page));
  }
  return image;
}

}  // namespace kehubu
