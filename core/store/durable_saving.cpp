// DurableStore: from committed pages to durable ones, and back on its feet after a failure.
#include <cassert>

#include "core/store/durable_engine.h"

namespace kehubu {

using namespace storage_limits;

namespace {

constexpr std::size_t pages_per_tidying = 16 * pages_per_record;  // under 1 MiB
constexpr std::size_t deletes_per_tidying = 256;
constexpr std::size_t least_deletes_per_commit = 64;
constexpr std::size_t deletes_when_full = 1024;
constexpr std::size_t remembered_ghosts = 16;

}  // namespace

// --- Saving ---------------------------------------------------------------------------------------------------------------

// Called from inside SQLite's COMMIT.
void DurableStore::Engine::committed() {
  tidy_timer_.stop();
  if (phase_ == Phase::repairing && !repair_timer_.running() && !operation_.under_way()) {
    repair();  // the connection was closed in an idle moment
  } else {
    start_flush();
  }
  changed();
}

void DurableStore::Engine::request_flush() {
  if (phase_ == Phase::repairing && !operation_.under_way()) {
    repair();
  } else if (phase_ == Phase::securing && repair_timer_.running()) {
    repair_timer_.stop();
    secure();
  } else {
    start_flush();
  }
}

void DurableStore::Engine::start_flush(bool tidying) {
  if (phase_ != Phase::ready || attempt_ || !(image_.dirty() || claim_due_ || tidying)) {
    return;
  }
  Attempt attempt;
  attempt.tidying = tidying;
  attempt.replaces_everything = replace_everything_;
  std::vector<PageNumber> also;
  if (tidying || ledger_.needs_tidying()) {
    also = ledger_.pages_to_rewrite(pages_per_tidying);
  }
  if (tidying && also.empty() && ledger_.dead_count() == 0) {
    return;
  }
  attempt.batch = image_.take_flush(also);
  prepare_records(attempt);
  choose_deletes(attempt);
  attempt_ = std::move(attempt);
  if (at_rest_) {
    unmark_rest_and_send();
  } else {
    send(*attempt_);
  }
}

// Should the browser die while it writes what follows, the mark would say of a log that is cut short that it is sound. So it is known
// to be gone before, whatever becomes of the connection; only the first transaction after a rest waits for it.
void DurableStore::Engine::unmark_rest_and_send() {
  backend_.remove_rest_mark(operation_.start(answer_limit_ms, [this](const StorageAnswer& answer) {
    if (!answer.ok()) {
      flush_failed(answer);
      return;
    }
    at_rest_ = false;
    send(*attempt_);
  }));
}

// What this attempt itself makes garbage may go with it: it happens as a whole, or not at all.
void DurableStore::Engine::choose_deletes(Attempt& attempt) const {
  if (full_) {
    attempt.deletes = ledger_.dead_records(deletes_when_full);
  } else if (attempt.tidying) {
    attempt.deletes = ledger_.dead_records(deletes_per_tidying);
  } else if (ledger_.needs_tidying()) {
    attempt.deletes = ledger_.dead_records(std::max(least_deletes_per_commit, 2 * attempt.records.size()));
  }
}

// Groups the pages into records and works out the meta record that will describe them.
void DurableStore::Engine::prepare_records(Attempt& attempt) {
  std::span<const FlushBatch::Entry> rest(attempt.batch.entries);
  while (!rest.empty()) {
    const std::size_t count = std::min<std::size_t>(rest.size(), pages_per_record);
    RecordSummary record{.number = next_record_++, .commit_number = attempt.batch.commit_number, .pages = {}};
    for (const FlushBatch::Entry& entry : rest.first(count)) {
      record.pages.push_back(entry.number);
    }
    attempt.records.push_back(std::move(record));
    rest = rest.subspan(count);
  }
  attempt.undo = ledger_.apply(attempt.records, attempt.batch.page_count);
  assert(ledger_.holds_every_page() && "every page of the image is stored, or in this batch");
  attempt.meta = meta_;
  attempt.meta.epoch += claim_due_ ? 1 : 0;
  attempt.meta.commit_number = attempt.batch.commit_number;
  attempt.meta.next_record = next_record_;
  attempt.meta.live_digest = ledger_.live_digest();
  attempt.meta.page_count = attempt.batch.page_count;
  attempt.meta.saved_at_ms = environment_.now_ms();
  attempt.meta.previous_checksum = meta_checksum(meta_record_);
  attempt.meta_record = encode_meta(attempt.meta);
}

void DurableStore::Engine::send(const Attempt& attempt) {
  StorageCommit commit{.expected_meta = meta_record_,
                       .new_meta = attempt.meta_record,
                       .clear_records = attempt.replaces_everything,
                       .puts = {},
                       .deletes = attempt.deletes};
  std::span<const FlushBatch::Entry> rest(attempt.batch.entries);
  for (const RecordSummary& record : attempt.records) {
    const auto entries = rest.first(record.pages.size());
    rest = rest.subspan(record.pages.size());
    commit.puts.push_back({.number = record.number, .encode = [this, &record, entries](Bytes& into) {
                             encode_record(meta_.store, record.number, record.commit_number, entries, into);
                           }});
  }
  const std::int64_t bytes = static_cast<std::int64_t>(attempt.batch.entries.size()) * page_bytes;
  const auto on_answer = [this](const StorageAnswer& answer, const std::optional<Bytes>& other_meta) {
    flush_answered(answer, other_meta);
  };
  backend_.commit(commit, operation_.start<StorageBackend::DoneCommit>(answer_limit_ms + bytes / mebibyte * 1000, on_answer));
}

void DurableStore::Engine::flush_answered(const StorageAnswer& answer, const std::optional<Bytes>& other_meta) {
  if (!answer.ok()) {
    flush_failed(answer);
  } else if (other_meta) {
    give_up_attempt();
    settle(*other_meta);
  } else {
    flush_succeeded();
  }
}

void DurableStore::Engine::flush_succeeded() {
  const Attempt attempt = std::move(*std::exchange(attempt_, std::nullopt));
  image_.flush_done(attempt.batch.commit_number);
  ledger_.forget(attempt.deletes);
  meta_ = attempt.meta;
  meta_record_ = attempt.meta_record;
  replace_everything_ = false;
  claim_due_ = false;
  ghosts_.clear();  // they expected an older meta record and can never happen now
  full_ = false;
  health_.failed_attempts = 0;
  failure_ = {};
  health_.saved_at_ms = attempt.meta.saved_at_ms;
  data_lost_ = false;
  write_sentinel(false);
  if (lock_lost_) {
    become_overtaken();
    return;
  }
  if (!health_.persisted && !persistence_asked_ && !attempt.records.empty()) {
    request_persistence(true);
  }
  start_flush();
  schedule_idle_work(attempt.tidying);
  changed();
  notify_waiters();
  yield_if_asked();
  mark_rest();
}

// The pages of the attempt are dirty again, and the ledger is as before it.
void DurableStore::Engine::give_up_attempt() {
  Attempt attempt = std::move(*std::exchange(attempt_, std::nullopt));
  ledger_.revert(attempt.undo);
  image_.flush_failed();
  attempt.batch.entries.clear();  // what a ghost needs is in its summaries
  if (ghosts_.size() >= remembered_ghosts) {
    ghosts_.erase(ghosts_.begin());
  }
  ghosts_.push_back(std::move(attempt));
}

void DurableStore::Engine::wait_durable(std::int64_t commit_number, StatusCallback callback) {
  if (commit_number <= image_.durable_commit_number()) {
    callback({});
    return;
  }
  waiters_.emplace_back(commit_number, std::move(callback));
  if (phase_ == Phase::overtaken || phase_ == Phase::unusable || phase_ == Phase::erased) {
    // Later, so that the caller may register before it acts.
    repair_timer_.start(0, [this] { fail_waiters(health_.message); });
  }
}

void DurableStore::Engine::notify_waiters() {
  std::vector<StatusCallback> ready;
  std::erase_if(waiters_, [this, &ready](auto& waiter) {
    if (waiter.first > image_.durable_commit_number()) {
      return false;
    }
    ready.push_back(std::move(waiter.second));
    return true;
  });
  for (const StatusCallback& callback : ready) {
    callback({});
  }
}

void DurableStore::Engine::fail_waiters(const Sentence& reason) {
  for (const auto& [commit_number, callback] : std::exchange(waiters_, {})) {
    callback(not_saved(reason));
  }
}

// --- After a failure ------------------------------------------------------------------------------------------------------

void DurableStore::Engine::flush_failed(const StorageAnswer& answer) {
  give_up_attempt();
  if (lock_lost_) {
    become_overtaken();
    return;
  }
  full_ = answer.fault == StorageFault::quota;
  if (full_) {
    query_platform();
  }
  repair_failed(answer);
}

void DurableStore::Engine::repair_failed(const StorageAnswer& answer) {
  ++health_.failed_attempts;
  health_.detail = answer.detail;
  failure_ = storage_messages::failure(answer.fault);
  schedule_repair();
  changed();
}

// A connection that has failed once is not used again: in the field, retrying on it fails in 97 of 100 cases.
void DurableStore::Engine::schedule_repair() {
  phase_ = Phase::repairing;
  operation_.cancel();
  backend_.disconnect();
  repair_timer_.start(backoff_ms(health_.failed_attempts), [this] { repair(); });
}

void DurableStore::Engine::repair() {
  repair_timer_.stop();
  const auto on_meta = [this](const StorageAnswer& answer, BytesView stored) {
    answer.ok() ? settle(stored) : repair_failed(answer);
  };
  const auto on_connected = [this, on_meta](const StorageAnswer& answer) {
    if (!answer.ok()) {
      repair_failed(answer);
      return;
    }
    backend_.read_meta(operation_.start<StorageBackend::DoneWithBytes>(answer_limit_ms, on_meta));
  };
  backend_.connect(operation_.start(answer_limit_ms, on_connected));
}

// Decides from the meta record that is stored now what became of the attempts, and goes on from there.
void DurableStore::Engine::settle(BytesView stored) {
  if (std::ranges::equal(stored, meta_record_) || adopt_ghost(stored)) {
    repaired();
    return;
  }
  StoreMeta found;
  switch (decode_meta(stored, found)) {
    case MetaVerdict::absent:
    case MetaVerdict::damaged:
      // We are the writer and hold everything in memory: write it all again.
      image_.mark_all_dirty(std::min<std::int64_t>(image_.commit_number() - 1, 0));
      rebuild(stored, meta_.epoch + 1);
      notice_ = storage_messages::rebuilt();
      repaired();
      return;
    case MetaVerdict::good:
    case MetaVerdict::newer_version:
      become_overtaken();
      return;
  }
}

// True if one of the attempts that were given up has become durable after all.
bool DurableStore::Engine::adopt_ghost(BytesView stored) {
  const auto ghost =
      std::ranges::find_if(ghosts_, [&](const Attempt& attempt) { return std::ranges::equal(attempt.meta_record, stored); });
  if (ghost == ghosts_.end()) {
    return false;
  }
  if (ghost->replaces_everything) {
    ledger_.clear();
    replace_everything_ = false;
  }
  claim_due_ = false;  // every attempt raises the epoch until one has
  ledger_.apply(ghost->records, ghost->batch.page_count);
  ledger_.forget(ghost->deletes);
  meta_ = ghost->meta;
  meta_record_ = ghost->meta_record;
  health_.saved_at_ms = meta_.saved_at_ms;
  image_.flush_done_late(ghost->batch.commit_number);
  ghosts_.clear();
  return true;
}

// From now on the whole image is written in place of what is stored, whatever that is.
void DurableStore::Engine::rebuild(BytesView stored, std::int64_t epoch) {
  meta_record_.assign(stored.begin(), stored.end());
  meta_.epoch = epoch;
  claim_due_ = false;
  replace_everything_ = true;
  ledger_.clear();
}

void DurableStore::Engine::repaired() {
  phase_ = Phase::ready;
  if (!image_.dirty()) {
    health_.failed_attempts = 0;
    failure_ = {};
  }
  start_flush();
  schedule_idle_work();
  changed();
  notify_waiters();
  yield_if_asked();
}

}  // namespace kehubu
