// DurableStore: the lock, and from an unknown store to an image that can be believed.
#include <cassert>

#include "core/store/durable_engine.h"

namespace kehubu {

using namespace storage_limits;

namespace {

constexpr std::int64_t load_limit_ms = 30000;  // times the number of the attempt: a slow device must get through
constexpr std::int64_t lock_limit_ms = 5000;   // without an answer the epoch alone decides
constexpr std::int64_t yield_limit_ms = 3000;  // a frozen tab does not answer, and keeps its lock for ever
// Chromium closes a store 2 s after its last connection, and looks through all of it when it opens it again.
constexpr std::int64_t until_closed_ms = 3000;
constexpr int opening_attempts = 4;
// While the store has to be mended: so often, over 36 s, before it is done without a copy (of which a person is told).
constexpr int copies_before_risk = 6;
// A number above it is nonsense, and must not push ours to the end of the numbers.
constexpr std::int64_t highest_sensible_number = std::int64_t{1} << 53;

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
  rolled_back_image_.reset();
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
        note_number(meta_.commit_number);
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

void DurableStore::Engine::note_number(std::int64_t commit_number) {
  if (commit_number < highest_sensible_number) {
    highest_number_ = std::max(highest_number_, commit_number);
  }
}

// The store is empty, damaged, or (verdict good) older than it was. What cannot be read may be the newest state there is: it is
// never taken for absent, and never passed over for an older one.
void DurableStore::Engine::look_for_copy(MetaVerdict verdict) {
  copy_.read_newest([this, verdict](std::optional<SecondCopy::Found> found) {
    if (copy_.reading_failed() && ++open_attempts_ < opening_attempts) {
      repair_timer_.start(backoff_ms(open_attempts_), [this, verdict] { look_for_copy(verdict); });
      return;
    }
    if (copy_.reading_failed() && !rolled_back_image_) {
      health_.detail += "; a second copy could not be read";
      start_unusable(OpenOutcome::unavailable);
      return;
    }
    note_number(copy_.highest_commit_number());
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
  if (const std::optional<Sentinel> sentinel = decode_sentinel(backend_.read_sentinel())) {
    note_number(sentinel->commit_number);
  }
  image_.load({.commit_number = highest_number_, .pages = {}});  // the first commit's number is above all that is lost
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
  loaded_number_ = image_.commit_number();
  if (const std::optional<Sentinel> sentinel = decode_sentinel(backend_.read_sentinel()); sentinel && sentinel->store == meta_.store) {
    note_number(sentinel->commit_number);
  }
  if (notice_.zh.empty()) {
    notice_ = storage_messages::outcome(outcome);
  }
  if (meta_.saved_at_ms != 0) {
    health_.saved_at_ms = meta_.saved_at_ms;
  }
  query_platform();
  if (!at_rest_ && backend_.log_may_be_cut_short()) {
    unsecured_ = image_.snapshot();
    secure();
  } else {
    begin_writing();
    read_copy_heads();
  }
  write_sentinel(true);
  changed();
  open_callback_(outcome);
  yield_if_asked();
}

// The second copy first: should the browser die before the log is renewed, the store may be gone. Whatever fails is tried again
// for as long as the page lives; commits wait in memory meanwhile.
void DurableStore::Engine::secure() {
  phase_ = Phase::securing;
  if (log_renewed_) {
    prove_sound();
    return;
  }
  copy_.read_heads([this] {
    note_copy();
    note_number(copy_.highest_commit_number());
    const bool copied = copy_.holds(meta_.store, unsecured_->commit_number);
    if (copied || unsecured_->pages.empty() || !copy_.available()) {
      renew_log();
    } else {
      copy_to_secure();
    }
  });
}

void DurableStore::Engine::copy_to_secure() {
  copy_.write(*unsecured_, meta_.store, meta_.epoch, environment_.now_ms(), [this](const StorageAnswer& answer) {
    if (answer.ok() || !copy_.available()) {
      health_.at_risk = false;
      renew_log();
    } else if (answer.fault == StorageFault::quota || ++failed_copies_ < copies_before_risk) {
      securing_failed(answer, answer.fault == StorageFault::quota ? storage_messages::failure(answer.fault) : storage_messages::copy_comes_first());
    } else {
      // A place that fails for ever must not keep everything from being saved for ever.
      health_.at_risk = true;
      failure_ = storage_messages::no_copy_to_fall_back_on();
      changed();
      renew_log();
    }
  });
}

void DurableStore::Engine::renew_log() {
  if (reconnect_due_) {
    backend_.connect(operation_.start(answer_limit_ms, [this](const StorageAnswer& answer) {
      reconnect_due_ = !answer.ok();
      answer.ok() ? renew_log() : securing_failed(answer, storage_messages::failure(answer.fault));
    }));
    return;
  }
  backend_.renew_log(operation_.start(load_limit_ms, [this](const StorageAnswer& answer) {
    if (answer.ok()) {
      log_renewed_ = true;
      backend_.disconnect();
      closing_timer_.start(until_closed_ms, [this] { prove_sound(); });
      return;
    }
    securing_interrupted(answer);
  }));
}

// The list of files that the log stands in may be cut short as well, and cannot be renewed; what is noted behind that cut destroys the store when
// it is opened the next time. Renewing the log has noted something, so the store is opened that next time now, while the image is in
// memory and in the second copy: either it is still there and sound, or it is a new one, and everything is written into it.
void DurableStore::Engine::prove_sound() {
  const auto on_meta = [this](const StorageAnswer& answer, BytesView stored) {
    if (!answer.ok()) {
      securing_interrupted(answer);
      return;
    }
    StoreMeta found;
    const bool as_before = std::ranges::equal(stored, meta_record_);
    const MetaVerdict verdict = decode_meta(stored, found);
    if (!as_before && (verdict == MetaVerdict::good || verdict == MetaVerdict::newer_version)) {
      become_overtaken();
      return;
    }
    if (!as_before) {
      if (!replace_everything_) {
        image_.mark_all_dirty(std::min<std::int64_t>(image_.commit_number() - 1, 0));
      }
      rebuild(stored, meta_.epoch + 1);
    }
    secured();
  };
  const auto on_connected = [this, on_meta](const StorageAnswer& answer) {
    if (!answer.ok()) {
      securing_interrupted(answer);
      return;
    }
    backend_.read_meta(operation_.start<StorageBackend::DoneWithBytes>(answer_limit_ms, on_meta));
  };
  backend_.connect(operation_.start(answer_limit_ms, on_connected));
}

void DurableStore::Engine::securing_interrupted(const StorageAnswer& answer) {
  reconnect_due_ = true;
  backend_.disconnect();
  securing_failed(answer, storage_messages::failure(answer.fault));
}

void DurableStore::Engine::securing_failed(const StorageAnswer& answer, const Sentence& why) {
  ++health_.failed_attempts;
  health_.detail = answer.detail;
  failure_ = why;
  changed();
  repair_timer_.start(backoff_ms(health_.failed_attempts), [this] { secure(); });
}

void DurableStore::Engine::secured() {
  unsecured_.reset();
  health_.at_risk = false;
  health_.failed_attempts = 0;
  failure_ = {};
  begin_writing();
  note_copy();
  changed();
  yield_if_asked();
}

void DurableStore::Engine::begin_writing() {
  phase_ = Phase::ready;
  if (highest_number_ > loaded_number_) {
    image_.go_on_above(highest_number_);
  }
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
