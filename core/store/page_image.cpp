#include "core/store/page_image.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "core/base/sort.h"

namespace kehubu {

namespace {

// Pages that a growing file has but nobody wrote; shared, since frozen pages are never changed.
const FrozenPage& zero_page() {
  static const FrozenPage page = std::make_shared<Page>();
  return page;
}

}  // namespace

PageImage::PageImage(std::uint32_t page_limit) : page_limit_(page_limit) {}

void PageImage::load(ImageSnapshot snapshot) {
  assert(!overlay_open_ && !flush_under_way_ && "an image is loaded before anyone uses it");
  committed_ = std::move(snapshot.pages);
  assert(std::ranges::none_of(committed_, [](const FrozenPage& page) { return page == nullptr; }));
  is_dirty_.assign(committed_.size(), false);
  dirty_.clear();
  commit_number_ = durable_commit_number_ = snapshot.commit_number;
}

// --- SQLite's side ---

std::int64_t PageImage::file_bytes() const {
  const std::size_t pages = overlay_open_ ? overlay_page_count_ : committed_.size();
  return static_cast<std::int64_t>(pages) * page_bytes;
}

const Page* PageImage::visible_page(std::size_t index) const {
  if (!overlay_open_) {
    return index < committed_.size() ? committed_[index].get() : nullptr;
  }
  if (index >= overlay_page_count_) {
    return nullptr;
  }
  if (const Page* written = overlay_[index].get()) {
    return written;
  }
  return index < overlay_kept_ ? committed_[index].get() : zero_page().get();
}

bool PageImage::read(std::int64_t offset, std::span<std::uint8_t> into) const {
  assert(offset >= 0);
  bool complete = true;
  while (!into.empty()) {
    const std::size_t index = static_cast<std::size_t>(offset / page_bytes);
    const std::size_t start = static_cast<std::size_t>(offset % page_bytes);
    const std::size_t count = std::min(into.size(), page_bytes - start);
    if (const Page* page = visible_page(index)) {
      std::memcpy(into.data(), page->bytes.data() + start, count);
    } else {
      std::memset(into.data(), 0, count);
      complete = false;
    }
    into = into.subspan(count);
    offset += static_cast<std::int64_t>(count);
  }
  return complete;
}

void PageImage::open_overlay() {
  if (overlay_open_) {
    return;
  }
  overlay_open_ = true;
  overlay_page_count_ = overlay_kept_ = committed_.size();
  overlay_.resize(committed_.size());
}

void PageImage::close_overlay() {
  for (const std::uint32_t index : overlay_written_) {
    if (index < overlay_.size()) {
      overlay_[index].reset();
    }
  }
  overlay_written_.clear();
  overlay_open_ = false;
}

Page& PageImage::overlay_page(std::size_t index, bool whole_page_follows) {
  std::shared_ptr<Page>& slot = overlay_[index];
  if (slot == nullptr) {
    if (whole_page_follows) {
      slot = std::make_shared_for_overwrite<Page>();
    } else {
      slot = std::make_shared<Page>(*visible_page(index));
    }
    overlay_written_.push_back(static_cast<std::uint32_t>(index));
  }
  return *slot;
}

bool PageImage::write(std::int64_t offset, std::span<const std::uint8_t> from) {
  assert(offset >= 0);
  const std::int64_t end = offset + static_cast<std::int64_t>(from.size());
  const std::int64_t end_page = (end + page_bytes - 1) / page_bytes;
  if (end_page > page_limit_) {
    return false;
  }
  open_overlay();
  if (static_cast<std::size_t>(end_page) > overlay_page_count_) {
    overlay_page_count_ = static_cast<std::size_t>(end_page);
    overlay_.resize(std::max(overlay_.size(), overlay_page_count_));
  }
  while (!from.empty()) {
    const std::size_t start = static_cast<std::size_t>(offset % page_bytes);
    const std::size_t count = std::min(from.size(), page_bytes - start);
    Page& page = overlay_page(static_cast<std::size_t>(offset / page_bytes), count == page_bytes);
    std::memcpy(page.bytes.data() + start, from.data(), count);
    from = from.subspan(count);
    offset += static_cast<std::int64_t>(count);
  }
  return true;
}

bool PageImage::truncate(std::int64_t bytes) {
  assert(bytes >= 0);
  const std::int64_t pages = (bytes + page_bytes - 1) / page_bytes;
  if (pages > page_limit_) {
    return false;
  }
  open_overlay();
  const std::size_t count = static_cast<std::size_t>(pages);
  for (std::size_t index = count; index < overlay_page_count_; ++index) {
    overlay_[index].reset();
  }
  overlay_page_count_ = count;
  overlay_kept_ = std::min(overlay_kept_, count);
  overlay_.resize(std::max(overlay_.size(), count));
  return true;
}

void PageImage::mark_dirty(std::size_t index) {
  if (!is_dirty_[index]) {
    is_dirty_[index] = true;
    dirty_.push_back(static_cast<std::uint32_t>(index));
  }
}

// Brings the number of pages to what the transaction left. Pages that it cut off and grew again without writing are zero.
bool PageImage::commit_file_size() {
  const std::size_t before = committed_.size();
  committed_.resize(overlay_kept_);
  is_dirty_.resize(overlay_kept_);
  committed_.resize(overlay_page_count_, zero_page());
  is_dirty_.resize(overlay_page_count_, false);
  for (std::size_t index = overlay_kept_; index < overlay_page_count_; ++index) {
    mark_dirty(index);
  }
  return overlay_kept_ != before || overlay_page_count_ != before;
}

// SQLite writes a page that it only touched, or rolled back, as it was before; such a page costs nothing further.
bool PageImage::commit_written_pages() {
  bool changed = false;
  for (const std::uint32_t index : overlay_written_) {
    if (index >= overlay_page_count_ || overlay_[index] == nullptr) {
      continue;  // cut off after it was written, or listed twice
    }
    if (std::memcmp(overlay_[index]->bytes.data(), committed_[index]->bytes.data(), page_bytes) != 0) {
      mark_dirty(index);
      committed_[index] = std::move(overlay_[index]);
      changed = true;
    }
    overlay_[index].reset();
  }
  return changed;
}

void PageImage::commit() {
  if (!overlay_open_) {
    return;
  }
  const bool resized = commit_file_size();
  const bool rewritten = commit_written_pages();
  close_overlay();
  if (!resized && !rewritten) {
    return;
  }
  ++commit_number_;
  if (commit_listener_) {
    commit_listener_();
  }
}

void PageImage::discard() {
  if (overlay_open_) {
    close_overlay();
  }
}

// --- The flush's side ---

ImageSnapshot PageImage::snapshot() const { return {.commit_number = commit_number_, .pages = committed_}; }

FlushBatch PageImage::take_flush(std::span<const PageNumber> also) {
  assert(!flush_under_way_ && "one flush at a time");
  flush_under_way_ = true;
  for (const PageNumber number : also) {
    if (number >= 1 && number <= committed_.size()) {
      mark_dirty(number - 1);
    }
  }
  in_flight_.clear();
  for (const std::uint32_t index : dirty_) {
    // The list may name a page twice, or one that is gone, after the file has shrunk; the flags are the truth.
    if (index < committed_.size() && is_dirty_[index]) {
      is_dirty_[index] = false;
      in_flight_.push_back(index);
    }
  }
  dirty_.clear();
  kehubu::sort(in_flight_);

  FlushBatch batch{.commit_number = commit_number_, .page_count = page_count(), .entries = {}};
  batch.entries.reserve(in_flight_.size());
  for (const std::uint32_t index : in_flight_) {
    batch.entries.push_back({.number = index + 1, .page = committed_[index]});
  }
  return batch;
}

void PageImage::flush_done(std::int64_t commit_number) {
  assert(flush_under_way_ && commit_number >= durable_commit_number_ && commit_number <= commit_number_);
  flush_under_way_ = false;
  in_flight_.clear();
  durable_commit_number_ = commit_number;
}

void PageImage::flush_failed() {
  assert(flush_under_way_);
  flush_under_way_ = false;
  for (const std::uint32_t index : in_flight_) {
    if (index < committed_.size()) {
      mark_dirty(index);
    }
  }
  in_flight_.clear();
}

void PageImage::mark_all_dirty(std::int64_t durable_commit_number) {
  assert(!flush_under_way_);
  for (std::size_t index = 0; index < committed_.size(); ++index) {
    mark_dirty(index);
  }
  durable_commit_number_ = durable_commit_number;
}

void PageImage::go_on_above(std::int64_t commit_number) {
  if (commit_number >= commit_number_) {
    commit_number_ = commit_number + 1;
  }
}

void PageImage::flush_done_late(std::int64_t commit_number) {
  assert(!flush_under_way_ && commit_number <= commit_number_);
  durable_commit_number_ = std::max(durable_commit_number_, commit_number);
}

}  // namespace kehubu
