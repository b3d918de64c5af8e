#include "core/store/second_copy.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace kehubu {

namespace {

constexpr std::int64_t time_limit_ms = 30000;
constexpr std::size_t records_per_chunk = 18;  // about 1 MiB
constexpr std::int64_t full_record_bytes = static_cast<std::int64_t>(record_bytes(pages_per_record));

std::size_t records_for(std::uint32_t page_count) {
  return (std::size_t{page_count} + pages_per_record - 1) / pages_per_record;
}

std::int64_t record_offset(std::size_t index) {
  return static_cast<std::int64_t>(meta_bytes) + static_cast<std::int64_t>(index) * full_record_bytes;
}

// A copy's records are numbered from 1, each full but the last.
std::uint64_t digest_of(std::size_t records, std::int64_t commit_number) {
  std::uint64_t digest = 0;
  for (std::size_t number = 1; number <= records; ++number) {
    digest += record_mark(static_cast<std::int64_t>(number), commit_number);
  }
  return digest;
}

}  // namespace

bool SecondCopy::note(const StorageAnswer& answer) {
  if (answer.fault == StorageFault::unavailable) {
    available_ = false;
  }
  return answer.ok();
}

// --- Reading ---

void SecondCopy::read_heads(HeadCallback done) {
  assert(!busy_);
  busy_ = true;
  reading_failed_ = false;
  read_head(0, [this, done = std::move(done)] {
    read_head(1, [this, done] {
      busy_ = false;
      heads_known_ = !reading_failed_;
      done();
    });
  });
}

void SecondCopy::read_head(int slot, HeadCallback done) {
  backend_.read_copy(slot, 0, static_cast<std::int64_t>(meta_bytes),
                     operation_.start<StorageBackend::DoneWithBytes>(
                         time_limit_ms, [this, slot, done = std::move(done)](const StorageAnswer& answer, BytesView bytes) {
                           StoreMeta meta;
                           heads_[static_cast<std::size_t>(slot)].reset();
                           reading_failed_ = reading_failed_ || (!note(answer) && available_);
                           if (answer.ok() && decode_meta(bytes, meta) == MetaVerdict::good) {
                             heads_[static_cast<std::size_t>(slot)] = meta;
                           }
                           done();
                         }));
}

const StoreMeta* SecondCopy::newest_head() const {
  const StoreMeta* newest = nullptr;
  for (const std::optional<StoreMeta>& head : heads_) {
    if (head && (newest == nullptr || head->commit_number > newest->commit_number)) {
      newest = &*head;
    }
  }
  return newest;
}

bool SecondCopy::holds(const Id& store, std::int64_t commit_number) const {
  return std::ranges::any_of(heads_, [&](const std::optional<StoreMeta>& head) {
    return head && head->store == store && head->commit_number == commit_number;
  });
}

std::int64_t SecondCopy::highest_commit_number() const {
  const StoreMeta* const head = newest_head();
  return head == nullptr ? 0 : head->commit_number;
}

void SecondCopy::cancel() {
  operation_.cancel();
  busy_ = false;
  reading_ = {};
  writing_ = {};
}

void SecondCopy::read_newest(FoundCallback done) {
  read_heads([this, done = std::move(done)] {
    std::vector<int> slots;
    for (const int slot : {0, 1}) {
      if (heads_[static_cast<std::size_t>(slot)]) {
        slots.push_back(slot);
      }
    }
    if (slots.size() == 2 && heads_[1]->commit_number > heads_[0]->commit_number) {
      std::swap(slots[0], slots[1]);
    }
    busy_ = true;
    read_candidates(std::move(slots), done);
  });
}

void SecondCopy::read_candidates(std::vector<int> slots, FoundCallback done) {
  if (slots.empty()) {
    busy_ = false;
    done(std::nullopt);
    return;
  }
  const int slot = slots.front();
  slots.erase(slots.begin());
  const StoreMeta& meta = *heads_[static_cast<std::size_t>(slot)];
  reading_ = {.slot = slot,
              .loader = std::make_unique<ImageLoader>(meta),
              .next_record = 0,
              .record_count = records_for(meta.page_count)};
  read_chunk(std::move(slots), std::move(done));
}

void SecondCopy::read_chunk(std::vector<int> other_slots, FoundCallback done) {
  const StoreMeta& meta = *heads_[static_cast<std::size_t>(reading_.slot)];
  if (reading_.next_record == reading_.record_count) {
    std::optional<ImageSnapshot> image = reading_.loader->finish();
    if (!image) {
      read_candidates(std::move(other_slots), std::move(done));
      return;
    }
    reading_.loader.reset();
    busy_ = false;
    done(Found{.meta = meta, .image = std::move(*image)});
    return;
  }
  const std::int64_t offset = record_offset(reading_.next_record);
  auto on_bytes = [this, other_slots, done](const StorageAnswer& answer, BytesView bytes) {
    if (!answer.ok() || bytes.empty()) {
      reading_failed_ = reading_failed_ || !answer.ok();
      read_candidates(other_slots, done);
      return;
    }
    for (std::size_t at = 0; at < bytes.size(); at += static_cast<std::size_t>(full_record_bytes)) {
      reading_.loader->add(bytes.subspan(at, std::min(bytes.size() - at, static_cast<std::size_t>(full_record_bytes))));
    }
    reading_.next_record = std::min(reading_.next_record + records_per_chunk, reading_.record_count);
    read_chunk(other_slots, done);
  };
  // The last record may be shorter: the platform gives what there is.
  backend_.read_copy(reading_.slot, offset, static_cast<std::int64_t>(records_per_chunk) * full_record_bytes,
                     operation_.start<StorageBackend::DoneWithBytes>(time_limit_ms, std::move(on_bytes)));
}

// --- Writing ---

void SecondCopy::write(ImageSnapshot image, const Id& store, std::int64_t epoch, std::int64_t now_ms,
                       StorageBackend::Done done) {
  assert(!busy_ && !image.pages.empty());
  const auto page_count = static_cast<std::uint32_t>(image.pages.size());
  const std::size_t records = records_for(page_count);
  writing_ = {.slot = 0,
              .meta = {.store = store,
                       .epoch = epoch,
                       .commit_number = image.commit_number,
                       .next_record = static_cast<std::int64_t>(records) + 1,
                       .live_digest = digest_of(records, image.commit_number),
                       .page_count = page_count,
                       .saved_at_ms = now_ms},
              .entries = {},
              .next_record = 0,
              .done = std::move(done)};
  writing_.entries.reserve(page_count);
  for (std::uint32_t index = 0; index < page_count; ++index) {
    writing_.entries.push_back({.number = index + 1, .page = std::move(image.pages[index])});
  }
  if (heads_known_) {
    begin_writing();
  } else {
    read_heads([this] { begin_writing(); });
  }
}

void SecondCopy::begin_writing() {
  busy_ = true;
  // The newer one stays until this one is complete; a file that cannot be believed goes first.
  const auto age = [this](std::size_t slot) { return heads_[slot] ? heads_[slot]->commit_number : -1; };
  writing_.slot = age(0) <= age(1) ? 0 : 1;
  const auto on_head_written = [this](const StorageAnswer& answer) {
    answer.ok() ? write_chunk() : finish_writing(answer);
  };
  const auto on_begun = [this, on_head_written](const StorageAnswer& answer) {
    if (!answer.ok()) {
      finish_writing(answer);
      return;
    }
    backend_.append_copy(encode_meta(writing_.meta), operation_.start(time_limit_ms, on_head_written));
  };
  backend_.begin_copy(writing_.slot, operation_.start(time_limit_ms, on_begun));
}

void SecondCopy::write_chunk() {
  const std::size_t record_count = records_for(writing_.meta.page_count);
  if (writing_.next_record == record_count) {
    backend_.finish_copy(
        operation_.start(time_limit_ms, [this](const StorageAnswer& answer) { finish_writing(answer); }));
    return;
  }
  Bytes chunk, record;
  const std::size_t end = std::min(writing_.next_record + records_per_chunk, record_count);
  for (; writing_.next_record < end; ++writing_.next_record) {
    const std::span<const FlushBatch::Entry> rest =
        std::span(writing_.entries).subspan(writing_.next_record * pages_per_record);
    encode_record(writing_.meta.store, static_cast<std::int64_t>(writing_.next_record) + 1, writing_.meta.commit_number,
                  rest.first(std::min<std::size_t>(rest.size(), pages_per_record)), record);
    chunk.insert(chunk.end(), record.begin(), record.end());
  }
  backend_.append_copy(chunk, operation_.start(time_limit_ms, [this](const StorageAnswer& answer) {
    answer.ok() ? write_chunk() : finish_writing(answer);
  }));
}

void SecondCopy::finish_writing(const StorageAnswer& answer) {
  busy_ = false;
  if (note(answer)) {
    heads_[static_cast<std::size_t>(writing_.slot)] = writing_.meta;
  }
  writing_.entries.clear();
  const StorageBackend::Done done = std::move(writing_.done);
  done(answer);
}

}  // namespace kehubu
