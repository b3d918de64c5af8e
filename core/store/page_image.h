// PageImage: the pages of one SQLite database file, in memory, with a clear line between what SQLite has committed and
// what it is still writing.
//
// Three layers, from the newest to the oldest:
//
//   overlay     what the open transaction has written (SQLite spills its cache here, even in the middle of a long merge)
//   committed   what SQLite's last COMMIT made true; these pages are frozen: they are replaced, never changed in place
//   durable     what the browser has confirmed to be on disk; not kept as bytes, only as "which pages are dirty"
//
// SQLite reads overlay over committed, through MemoryVfs. A flush and a second copy take committed pages only, by
// reference, so a transaction that is open meanwhile can neither delay nor tear them.
//
// Ownership: the image owns its pages; a FlushBatch or an ImageSnapshot shares the frozen ones and keeps them alive.
// Limits: pages of 4096 bytes, at most page_limit of them (128 MiB unless told otherwise); one flush under way at a time.
// Errors: growing past the limit is refused by write() and truncate() (SQLite then reports "database or disk is full" and
// rolls back). Anything else that goes wrong here is a broken invariant and asserts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace kehubu {

inline constexpr std::uint32_t page_bytes = 4096;
inline constexpr std::uint32_t default_page_limit = 128u * 1024 * 1024 / page_bytes;

// SQLite's numbering: the first page is 1.
using PageNumber = std::uint32_t;

struct Page {
  std::array<std::uint8_t, page_bytes> bytes;
};
using FrozenPage = std::shared_ptr<const Page>;

// The committed state of one moment. Later commits do not change it.
struct ImageSnapshot {
  std::int64_t commit_number = 0;
  std::vector<FrozenPage> pages;  // pages[0] is page 1
};

// What one IndexedDB transaction has to make durable: every page that changed since the last one, as of commit_number.
struct FlushBatch {
  struct Entry {
    PageNumber number = 0;
    FrozenPage page;
  };
  std::int64_t commit_number = 0;
  std::uint32_t page_count = 0;  // of the whole file; pages above it no longer exist
  std::vector<Entry> entries;    // ascending page numbers, all ≤ page_count
};

class PageImage {
 public:
  explicit PageImage(std::uint32_t page_limit = default_page_limit);
  PageImage(const PageImage&) = delete;
  PageImage& operator=(const PageImage&) = delete;

  // --- Start ---

  // Replaces everything by what was read from storage; nothing is dirty afterwards. No page may be null, and no
  // SQLite connection may be open on the image.
  void load(ImageSnapshot snapshot);

  // --- SQLite's side, called by MemoryVfs ---

  [[nodiscard]] std::int64_t file_bytes() const;  // as the open transaction sees it
  // Copies from the file. Bytes beyond its end are filled with zero, and the answer is false.
  bool read(std::int64_t offset, std::span<std::uint8_t> into) const;
  // False when the image would grow past its limit; nothing was written then.
  [[nodiscard]] bool write(std::int64_t offset, std::span<const std::uint8_t> from);
  [[nodiscard]] bool truncate(std::int64_t bytes);
  // The open transaction becomes true. The commit number rises by one if any byte differs from before; then the commit
  // listener is called.
  void commit();
  // Forgets what the open transaction wrote.
  void discard();

  // --- State ---

  [[nodiscard]] std::int64_t commit_number() const { return commit_number_; }
  [[nodiscard]] std::uint32_t page_count() const { return static_cast<std::uint32_t>(committed_.size()); }
  [[nodiscard]] std::uint32_t page_limit() const { return page_limit_; }
  // True while some committed change has not been handed to a flush that was confirmed.
  [[nodiscard]] bool dirty() const { return commit_number_ != durable_commit_number_; }
  [[nodiscard]] std::int64_t durable_commit_number() const { return durable_commit_number_; }
  [[nodiscard]] ImageSnapshot snapshot() const;
  // Called after every commit that changed something, from inside SQLite's COMMIT: it must not use the database.
  void set_commit_listener(std::function<void()> listener) { commit_listener_ = std::move(listener); }

  // --- The flush's side, called by DurableStore ---

  // All dirty pages, and those of `also` (which the store wants to write again to tidy its records). Asserts that no
  // flush is under way. The pages stay dirty in the sense that flush_failed() gives them all back.
  [[nodiscard]] FlushBatch take_flush(std::span<const PageNumber> also = {});
  [[nodiscard]] bool flush_under_way() const { return flush_under_way_; }
  // The batch is durable.
  void flush_done(std::int64_t commit_number);
  // It is not, or nobody knows: its pages are dirty again.
  void flush_failed();
  // The stored state is older than was thought, or gone: every page is dirty again. Not while a flush is under way.
  void mark_all_dirty(std::int64_t durable_commit_number);
  // The numbers up to this one were used for states that are not in this one's past: goes on above them, so that of two states
  // the one with the higher number is always the newer. The image is dirty then, for its number has to be stored.
  void go_on_above(std::int64_t commit_number);
  // A flush that was given up turned out to have become durable after all. Its pages stay dirty, which costs only bytes.
  void flush_done_late(std::int64_t commit_number);

 private:
  [[nodiscard]] const Page* visible_page(std::size_t index) const;
  [[nodiscard]] Page& overlay_page(std::size_t index, bool whole_page_follows);
  void open_overlay();
  void close_overlay();
  [[nodiscard]] bool commit_written_pages();
  [[nodiscard]] bool commit_file_size();
  void mark_dirty(std::size_t index);

  std::uint32_t page_limit_;
  std::vector<FrozenPage> committed_;

  bool overlay_open_ = false;
  std::size_t overlay_page_count_ = 0;             // file size in pages as the open transaction sees it
  std::size_t overlay_kept_ = 0;                   // committed pages from here on were cut off by it, and read as zero
  std::vector<std::shared_ptr<Page>> overlay_;     // by page index; null where the transaction has not written
  std::vector<std::uint32_t> overlay_written_;     // indices of the non-null ones, in the order of their first write

  std::vector<bool> is_dirty_;                     // by page index
  std::vector<std::uint32_t> dirty_;               // indices, may hold some past the end after a truncation
  std::vector<std::uint32_t> in_flight_;           // indices handed to the flush under way
  bool flush_under_way_ = false;

  std::int64_t commit_number_ = 0;
  std::int64_t durable_commit_number_ = 0;
  std::function<void()> commit_listener_;
};

}  // namespace kehubu
