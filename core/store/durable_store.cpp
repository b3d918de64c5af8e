#include "core/store/durable_store.h"

#include <iterator>

#include "core/store/durable_engine.h"

namespace kehubu {

using namespace storage_limits;

namespace {

constexpr std::int64_t idle_before_tidying_ms = 2000;
constexpr std::int64_t between_tidyings_ms = 200;
constexpr std::int64_t erase_limit_ms = 30000;  // other tabs have to close their connections first
constexpr std::int64_t sentinel_interval_ms = 10000;
constexpr std::int64_t copy_after_idle_ms = 20000;
constexpr std::int64_t copy_interval_ms = 5 * 60 * 1000;
constexpr std::int64_t copy_interval_ms_per_mebibyte = 15 * 1000;  // flash wears; the larger the image, the rarer

}  // namespace

// --- Other tabs and the platform ------------------------------------------------------------------------------------------

void DurableStore::Engine::lock_lost() {
  switch (phase_) {
    case Phase::opening:
      operation_.cancel();
      copy_.cancel();
      repair_timer_.stop();
      backend_.disconnect();
      wait_for_other_tab();
      break;
    case Phase::securing:
    case Phase::ready:
    case Phase::repairing:
      // A transaction under way may still succeed: the other tab's claim comes after it.
      lock_lost_ = true;
      if (!attempt_) {
        become_overtaken();
      }
      break;
    default:
      break;
  }
}

void DurableStore::Engine::become_overtaken() {
  phase_ = Phase::overtaken;
  operation_.cancel();
  for (OneShotTimer* timer : {&lock_timer_, &closing_timer_, &repair_timer_, &tidy_timer_, &copy_timer_}) {
    timer->stop();
  }
  cancel_copy();
  backend_.disconnect();
  backend_.release_lock();
  notice_ = storage_messages::overtaken(image_.dirty());
  failure_ = {};
  changed();
  notify_waiters();
  fail_waiters(notice_);
}

// Politely: only what is saved is let go. In trouble we stay, and the other tab may take the lock by force.
void DurableStore::Engine::yield_if_asked() {
  if (yield_requested_ && phase_ == Phase::ready && !attempt_ && !image_.dirty()) {
    write_sentinel(true);
    hidden_ = true;
    mark_rest();
    become_overtaken();
  }
}

void DurableStore::Engine::connection_closed() {
  if (phase_ != Phase::ready) {
    return;  // whatever is under way will be told, or time out
  }
  if (attempt_) {
    operation_.cancel();
    flush_failed({StorageFault::connection_lost, "the connection was closed"});
    return;
  }
  // Not opened again before it is needed: another page may be waiting to delete the database.
  phase_ = Phase::repairing;
  backend_.disconnect();
  if (image_.dirty()) {
    repair();
  }
}

void DurableStore::Engine::page_hidden() {
  hidden_ = true;
  request_flush();
  write_sentinel(true);
  mark_rest();
}

// Nobody looks and nothing is left to write: should the browser die now, it does not die writing.
void DurableStore::Engine::mark_rest() {
  if (!hidden_ || at_rest_ || phase_ != Phase::ready || attempt_ || image_.dirty() || meta_record_.empty()) {
    return;
  }
  at_rest_ = true;
  backend_.write_rest_mark(rest_mark(meta_record_));
}

// --- Idle work ------------------------------------------------------------------------------------------------------------

void DurableStore::Engine::schedule_idle_work(bool tidied_just_now) {
  if (phase_ != Phase::ready || image_.dirty() || attempt_) {
    return;
  }
  if (ledger_.wants_tidying() && !tidy_timer_.running()) {
    tidy_timer_.start(tidied_just_now ? between_tidyings_ms : idle_before_tidying_ms, [this] { start_flush(true); });
  }
  if (copy_requested_) {
    start_copy();
  } else if (!copy_timer_.running()) {
    schedule_copy(copy_after_idle_ms);
  }
}

bool DurableStore::Engine::copy_is_current() const {
  const StoreMeta* const head = copy_.newest_head();
  return head != nullptr && head->store == meta_.store && head->commit_number == image_.commit_number();
}

void DurableStore::Engine::schedule_copy(std::int64_t at_least_ms) {
  if (!copy_.available() || copy_is_current() || image_.page_count() == 0) {
    return;
  }
  const std::int64_t interval = copy_interval_ms + health_.image_bytes * copy_interval_ms_per_mebibyte / mebibyte;
  const StoreMeta* const head = copy_.newest_head();
  const std::int64_t age = head == nullptr ? interval : environment_.now_ms() - head->saved_at_ms;
  // A clock that was set back must not postpone the copy for ever.
  const std::int64_t rest = age < 0 ? 0 : interval - age;
  copy_timer_.start(std::max(at_least_ms, rest), [this] { start_copy(); });
}

void DurableStore::Engine::read_copy_heads() {
  if (copy_.busy() || !copy_.available()) {
    return;
  }
  copy_.read_heads([this] {
    note_copy();
    // A copy that is ahead of what was loaded is of a state that was given up unseen: the store went back in time, and the sentinel lagged.
    if (copy_.highest_commit_number() > loaded_number_) {
      image_.go_on_above(copy_.highest_commit_number());
      start_flush();
    }
    copy_timer_.stop();
    schedule_idle_work();
    changed();
  });
}

void DurableStore::Engine::note_copy() {
  if (const StoreMeta* const head = copy_.newest_head()) {
    health_.second_copy_at_ms = head->saved_at_ms;
    health_.second_copy_commit_number = head->commit_number;
  }
}

// Copies only what is durable: a copy must never be ahead of the store. Otherwise it waits for the next idle moment.
void DurableStore::Engine::start_copy() {
  if (phase_ != Phase::ready || image_.dirty() || attempt_ || copy_.busy()) {
    copy_requested_ = true;
    return;
  }
  copy_requested_ = false;
  copy_timer_.stop();
  served_copy_waiters_ = std::exchange(copy_waiters_, {});
  if (copy_is_current() || image_.page_count() == 0) {
    copy_timer_.start(0, [this] { copy_finished({}); });
    return;
  }
  copy_.write(image_.snapshot(), meta_.store, meta_.epoch, environment_.now_ms(),
              [this](const StorageAnswer& answer) { copy_finished(answer); });
}

// Who is not the writer any more does not touch the files of the one who is.
void DurableStore::Engine::cancel_copy() {
  copy_.cancel();
  copy_requested_ = false;
  std::vector<StatusCallback> waiters = std::exchange(served_copy_waiters_, {});
  std::ranges::move(std::exchange(copy_waiters_, {}), std::back_inserter(waiters));
  for (const StatusCallback& callback : waiters) {
    callback(not_saved(storage_messages::no_second_copy()));
  }
}

void DurableStore::Engine::copy_finished(const StorageAnswer& answer) {
  note_copy();
  changed();
  for (const StatusCallback& callback : std::exchange(served_copy_waiters_, {})) {
    callback(answer.ok() ? Status{} : not_saved(storage_messages::no_second_copy()));
  }
  if (answer.ok()) {
    schedule_idle_work();
  } else {
    schedule_copy(copy_interval_ms);
  }
}

void DurableStore::Engine::write_second_copy(StatusCallback callback) {
  if (phase_ != Phase::ready && phase_ != Phase::repairing && phase_ != Phase::securing) {
    served_copy_waiters_.push_back(std::move(callback));
    copy_timer_.start(0, [this] { copy_finished({StorageFault::unavailable, "not the writer"}); });
    return;
  }
  copy_waiters_.push_back(std::move(callback));
  start_copy();
}

// --- Notices, sentinel, erasing ----------------------------------------------------------------------------------------------------

void DurableStore::Engine::acknowledge() {
  loss_unacknowledged_ = false;
  if (phase_ == Phase::ready || phase_ == Phase::repairing || phase_ == Phase::securing) {
    notice_ = {};
    write_sentinel(true);
  }
  changed();
}

void DurableStore::Engine::write_sentinel(bool now) {
  const std::int64_t durable = image_.durable_commit_number();
  const std::int64_t time = environment_.now_ms();
  const bool due = now || sentinel_commit_number_ < 0 || time - sentinel_written_at_ms_ >= sentinel_interval_ms ||
                   time < sentinel_written_at_ms_;
  const bool is_writer = phase_ == Phase::ready || phase_ == Phase::repairing || phase_ == Phase::securing;
  if (!due || !is_writer || loss_unacknowledged_ || durable <= 0 || durable == sentinel_commit_number_) {
    return;
  }
  sentinel_commit_number_ = durable;
  sentinel_written_at_ms_ = time;
  backend_.write_sentinel(encode_sentinel({.store = meta_.store, .commit_number = durable, .saved_at_ms = time}));
}

void DurableStore::Engine::erase_all(StatusCallback callback) {
  if (phase_ == Phase::waiting || phase_ == Phase::overtaken) {
    repair_timer_.start(0, [this, callback] { callback(std::unexpected(Error{ErrorKind::refused, health_.message, {}})); });
    return;
  }
  if (attempt_) {
    give_up_attempt();
  }
  phase_ = Phase::erased;
  cancel_copy();
  for (OneShotTimer* timer : {&lock_timer_, &closing_timer_, &repair_timer_, &tidy_timer_, &copy_timer_}) {
    timer->stop();
  }
  changed();
  backend_.erase(operation_.start(erase_limit_ms, [this, callback](const StorageAnswer& answer) {
    notice_ = answer.ok() ? storage_messages::erased() : storage_messages::not_erased();
    health_.detail = answer.detail;
    backend_.release_lock();
    changed();
    fail_waiters(notice_);
    callback(answer.ok() ? Status{} : not_saved(notice_));
  }));
}

// --- Health ---------------------------------------------------------------------------------------------------------------

DurableState DurableStore::Engine::state() const {
  switch (phase_) {
    case Phase::waiting:
    case Phase::overtaken:
      return DurableState::read_only;
    case Phase::unusable:
    case Phase::erased:
      return DurableState::lost;
    case Phase::created:
    case Phase::opening:
      return DurableState::saved;
    case Phase::securing:
    case Phase::ready:
    case Phase::repairing:
      break;
  }
  if (image_.dirty()) {
    return health_.failed_attempts > 0 ? DurableState::unsaved_error : DurableState::saving;
  }
  return data_lost_ ? DurableState::lost : DurableState::saved;
}

void DurableStore::Engine::changed() {
  health_.state = state();
  health_.commit_number = image_.commit_number();
  health_.durable_commit_number = image_.durable_commit_number();
  health_.image_bytes = std::int64_t{image_.page_count()} * page_bytes;
  health_.image_limit_bytes = std::int64_t{image_.page_limit()} * page_bytes;
  health_.stored_bytes = ledger_.stored_bytes();
  health_.message = failure_.zh.empty() ? notice_ : failure_;
  const bool warn = health_.unsaved() && phase_ != Phase::erased;
  if (std::exchange(warns_before_unload_, warn) != warn) {
    backend_.warn_before_unload(warn);
  }
  if (listener_) {
    listener_();
  }
}

// --- DurableStore ---------------------------------------------------------------------------------------------------------

DurableStore::DurableStore(StorageBackend& backend, PageImage& image, Environment& environment)
    : engine_(std::make_shared<Engine>(backend, image, environment)) {}

DurableStore::~DurableStore() = default;

void DurableStore::open(OpenCallback callback) { engine_->open(std::move(callback)); }
void DurableStore::take_over() { engine_->take_over(); }
void DurableStore::request_flush() { engine_->request_flush(); }
void DurableStore::wait_durable(std::int64_t commit_number, StatusCallback callback) {
  engine_->wait_durable(commit_number, std::move(callback));
}
void DurableStore::acknowledge() { engine_->acknowledge(); }
void DurableStore::request_persistence() { engine_->request_persistence(true); }
void DurableStore::write_second_copy(StatusCallback callback) { engine_->write_second_copy(std::move(callback)); }
void DurableStore::erase_all(StatusCallback callback) { engine_->erase_all(std::move(callback)); }
const StorageHealth& DurableStore::health() const { return engine_->health(); }
void DurableStore::set_listener(std::function<void()> listener) { engine_->set_listener(std::move(listener)); }

}  // namespace kehubu
