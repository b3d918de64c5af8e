// DurableStore: the lock, and from an unknown store to an image that can be believed.
#include <cassert>

#include "core/store/durable_engine.h"

namespace kehubu {

using namespace storage_limits;

namespace {

constexpr std::int64_t load_limit_ms = 30000;  // times the number of the attempt: a slow device must get through
constexpr std::int64_t lock_limit_ms = 5000;   // without an answer the epoch alone decides
constexpr std::int64_t yield_limit_ms = 3000;  // a frozen tab does not answer, and keeps its lock for ever
constexpr int opening_attempts = 4;

}  // namespace

// --- Opening --------------------------------------------------------------------------------------------------------------

void DurableStore::Engine::open(OpenCallback callback) {
  assert(phase_ == Phase::created && "a store is opened once");
  open_callback_ = std::move(callback);
  phase_ = Phase::waiting;
  listen();
  lock_timer_.start(lock_limit_ms, [this] { begin_opening(); });
  backend_.acquire_lock(LockMode::if_free, while_alive([this](bool granted) { lock_answered(granted); }));
}

void DurableStore::Engine::listen() {
  backend_.set_events({.connection_closed = while_alive([this] { connection_closed(); }),
                       .lock_lost = while_alive([this] { lock_lost(); }),
                       .yield_requested = while_alive([this] {
                         yield_requested_ = true;
                         yield_if_asked();
                       }),
                       .page_hidden = while_alive([this] { page_hidden(); }),
                       .page_shown = while_alive([this] { hidden_ = false; })});
  image_.set_commit_listener([this] { committed(); });
}

void DurableStore::Engine::lock_answered(bool granted) {
  if (phase_ != Phase::waiting) {
    return;
  }
  if (granted) {
    begin_opening();
  } else {
    wait_for_other_tab();
  }
}

void DurableStore::Engine::wait_for_other_tab() {
  phase_ = Phase::waiting;
  lock_timer_.stop();
  notice_ = storage_messages::outcome(OpenOutcome::busy_elsewhere);
  backend_.acquire_lock(LockMode::wait, while_alive([this](bool granted) {
                          if (granted) {
                            lock_answered(true);
                          }
                        }));
  changed();
  open_callback_(OpenOutcome::busy_elsewhere);
}

void DurableStore::Engine::take_over() {
  if (phase_ != Phase::waiting) {
    return;
  }
  backend_.ask_to_yield();
  lock_timer_.start(yield_limit_ms, [this] {
    backend_.acquire_lock(LockMode::steal, while_alive([this](bool granted) {
                            if (granted) {
                              lock_answered(true);
                            }
                          }));
  });
}

void DurableStore::Engine::begin_opening() {
  lock_timer_.stop();
  phase_ = Phase::opening;
  notice_ = {};
  open_attempts_ = 0;
  changed();
  connect_to_open();
}

void DurableStore::Engine::connect_to_open() {
  backend_.connect(operation_.start(answer_limit_ms, [this](const StorageAnswer& answer) {
    answer.ok() ? read_meta_to_open() : retry_opening(answer);
  }));
}

void DurableStore::Engine::retry_opening(const StorageAnswer& answer) {
  health_.detail = answer.detail;
  backend_.disconnect();
  if (answer.fault == StorageFault::unavailable || ++open_attempts_ >= opening_attempts) {
    start_unusable(OpenOutcome::unavailable);
    return;
  }
  repair_timer_.start(backoff_ms(open_attempts_), [this] { connect_to_open(); });
}

void DurableStore::Engine::read_meta_to_open() {
  const auto on_meta = [this](const StorageAnswer& answer, BytesView bytes) {
    if (!answer.ok()) {
      retry_opening(answer);
      return;
    }
    meta_record_.assign(bytes.begin(), bytes.end());
    StoreMeta found;
    const MetaVerdict verdict = decode_meta(bytes, found);
    switch (verdict) {
      case MetaVerdict::good:
        meta_ = found;
        read_rest_mark();
        break;
      case MetaVerdict::absent:
      case MetaVerdict::damaged:
        meta_ = {};
        health_.detail = verdict == MetaVerdict::absent ? "there is no meta record" : "the meta record is damaged";
        look_for_copy(verdict);
        break;
      case MetaVerdict::newer_version:
        start_unusable(OpenOutcome::newer_version);
        break;
    }
  };
  backend_.read_meta(operation_.start<StorageBackend::DoneWithBytes>(answer_limit_ms, on_meta));
}

// The mark is the checksum of the meta record that the writer rested on.
void DurableStore::Engine::read_rest_mark() {
  const auto on_mark = [this](const StorageAnswer& answer, BytesView mark) {
    if (!answer.ok()) {
      retry_opening(answer);
      return;
    }
    at_rest_ = std::ranges::equal(mark, rest_mark(meta_record_));
    load();
  };
  backend_.read_rest_mark(operation_.start<StorageBackend::DoneWithBytes>(answer_limit_ms, on_mark));
}

void DurableStore::Engine::load() {
  const auto loader = std::make_shared<ImageLoader>(meta_);
  const auto on_end = [this, loader](const StorageAnswer& answer) {
    answer.ok() ? loaded(*loader) : retry_opening(answer);
  };
  backend_.read_records([loader](BytesView record) { loader->add(record); },
                        operation_.start(load_limit_ms * (open_attempts_ + 1), on_end));
}

void DurableStore::Engine::loaded(ImageLoader& loader) {
  std::optional<ImageSnapshot> image = loader.finish();
  if (!image) {
    const std::string detail = loader.difference();
    if (open_attempts_ + 1 < opening_attempts) {
      retry_opening({StorageFault::aborted, detail});  // reading may have failed, and not the store
      return;
    }
    health_.detail = detail;
    look_for_copy(MetaVerdict::damaged);
    return;
  }
  ledger_ = std::move(loader.ledger());
  next_record_ = meta_.next_record;
  if (sentinel_is_ahead()) {
    health_.detail = "the store is at commit " + std::to_string(meta_.commit_number) + ", the sentinel says " +
                     backend_.read_sentinel();
    rolled_back_image_ = std::move(image);
    look_for_copy(MetaVerdict::good);
    return;
  }
  image_.load(std::move(*image));
  if (sentinel_is_of_another_store()) {
    loss_unacknowledged_ = true;
    notice_ = storage_messages::outcome(OpenOutcome::wiped);
  }
  finish_opening(OpenOutcome::loaded);
}

// A store was begun here after the loss of another one.
bool DurableStore::Engine::sentinel_is_of_another_store() const {
  const std::string text = backend_.read_sentinel();
  const std::optional<Sentinel> sentinel = decode_sentinel(text);
  return sentinel ? sentinel->store != meta_.store : !text.empty();
}

bool DurableStore::Engine::sentinel_is_ahead() const {
  const std::optional<Sentinel> sentinel = decode_sentinel(backend_.read_sentinel());
  return sentinel && sentinel->store == meta_.store && sentinel->commit_number > meta_.commit_number;
}

// The store is empty, damaged, or (verdict good) older than it was.
void DurableStore::Engine::look_for_copy(MetaVerdict verdict) {
  copy_.read_newest([this, verdict](std::optional<SecondCopy::Found> found) {
    if (!found && copy_.reading_failed() && ++open_attempts_ < opening_attempts) {
      repair_timer_.start(backoff_ms(open_attempts_), [this, verdict] { look_for_copy(verdict); });
      return;
    }
    const std::int64_t have = rolled_back_image_ ? rolled_back_image_->commit_number : -1;
    if (found && found->meta.commit_number > have) {
      start_from_copy(std::move(*found));
    } else if (rolled_back_image_) {
      image_.load(std::move(*std::exchange(rolled_back_image_, std::nullopt)));
      notice_ = storage_messages::rolled_back();
      finish_opening(OpenOutcome::loaded);
    } else if (verdict == MetaVerdict::damaged) {
      start_empty(OpenOutcome::damaged);
    } else {
      start_empty(backend_.read_sentinel().empty() ? OpenOutcome::first_run : OpenOutcome::wiped);
    }
  });
}

void DurableStore::Engine::start_from_copy(SecondCopy::Found found) {
  rolled_back_image_.reset();
  const std::int64_t commit_number = found.meta.commit_number;
  image_.load(std::move(found.image));
  image_.mark_all_dirty(commit_number - 1);  // nothing of it is in the store yet
  rebuild(meta_record_, std::max(meta_.epoch, found.meta.epoch) + 1);
  meta_.store = found.meta.store;
  finish_opening(OpenOutcome::recovered);
}

void DurableStore::Engine::start_empty(OpenOutcome outcome) {
  rebuild(meta_record_, meta_.epoch + 1);
  meta_.store = new_id(environment_);
  data_lost_ = loss_unacknowledged_ = outcome != OpenOutcome::first_run;
  finish_opening(outcome);
}

void DurableStore::Engine::start_unusable(OpenOutcome outcome) {
  phase_ = Phase::unusable;
  notice_ = storage_messages::outcome(outcome);
  backend_.release_lock();
  changed();
  open_callback_(outcome);
}

// Nothing was written until now. Whoever writes between our reading and our first transaction makes that one abort, so what
// was read is either the truth or never written on.
void DurableStore::Engine::finish_opening(OpenOutcome outcome) {
  claim_due_ = !replace_everything_;
  if (notice_.zh.empty()) {
    notice_ = storage_messages::outcome(outcome);
  }
  if (meta_.saved_at_ms != 0) {
    health_.saved_at_ms = meta_.saved_at_ms;
  }
  query_platform();
  if (!at_rest_ && backend_.log_may_be_cut_short()) {
    secure(image_.snapshot());
  } else {
    begin_writing();
    read_copy_heads();
  }
  write_sentinel(true);
  changed();
  open_callback_(outcome);
  yield_if_asked();
}

// The second copy first: should the browser die before the log is renewed, the store may be gone.
void DurableStore::Engine::secure(ImageSnapshot as_loaded) {
  phase_ = Phase::securing;
  copy_.read_heads([this, as_loaded = std::move(as_loaded)]() mutable {
    if (phase_ != Phase::securing) {
      return;
    }
    const StoreMeta* const head = copy_.newest_head();
    const bool copied = head != nullptr && head->store == meta_.store && head->commit_number == as_loaded.commit_number;
    if (copied || as_loaded.pages.empty() || !copy_.available()) {
      renew_log();
      return;
    }
    copy_.write(std::move(as_loaded), meta_.store, meta_.epoch, environment_.now_ms(), [this](const StorageAnswer&) {
      if (phase_ == Phase::securing) {
        renew_log();
      }
    });
  });
}

void DurableStore::Engine::renew_log() {
  backend_.renew_log(operation_.start(load_limit_ms, [this](const StorageAnswer& answer) { log_renewed(answer); }));
}

void DurableStore::Engine::log_renewed(const StorageAnswer& answer) {
  const bool again = !answer.ok() && answer.fault != StorageFault::quota && ++renewal_attempts_ < opening_attempts;
  if (!again) {
    begin_writing();  // should it have failed for good: better to save on a doubtful log than not at all
    note_copy();
    changed();
    yield_if_asked();
    return;
  }
  health_.detail = answer.detail;
  backend_.disconnect();
  repair_timer_.start(backoff_ms(renewal_attempts_), [this] {
    backend_.connect(operation_.start(answer_limit_ms, [this](const StorageAnswer& connected) {
      connected.ok() ? renew_log() : log_renewed(connected);
    }));
  });
}

void DurableStore::Engine::begin_writing() {
  phase_ = Phase::ready;
  start_flush();
  schedule_idle_work();
}

void DurableStore::Engine::query_platform() {
  request_persistence(false);
  backend_.query_quota(while_alive([this](std::optional<StorageQuota> quota) {
    health_.quota = quota;
    changed();
  }));
}

void DurableStore::Engine::request_persistence(bool ask) {
  persistence_asked_ = persistence_asked_ || ask;
  backend_.query_persistence(ask, while_alive([this](bool persisted) {
                               health_.persisted = persisted;
                               changed();
                             }));
}

}  // namespace kehubu
