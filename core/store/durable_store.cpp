#include "core/store/durable_store.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "core/store/record_ledger.h"
#include "core/store/second_copy.h"
#include "core/store/storage_format.h"
#include "core/store/storage_messages.h"
#include "core/store/watched_operation.h"

namespace kehubu {

namespace {

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t answer_limit_ms = 10000;  // then it is called silence
constexpr std::int64_t load_limit_ms = 30000;  // times the number of the attempt: a slow device must get through
constexpr std::int64_t lock_limit_ms = 5000;   // without an answer the epoch alone decides
constexpr std::int64_t yield_limit_ms = 3000;  // a frozen tab does not answer, and keeps its lock for ever
constexpr int opening_attempts = 4;
constexpr std::int64_t idle_before_tidying_ms = 2000;
constexpr std::int64_t between_tidyings_ms = 200;
constexpr std::size_t pages_per_tidying = 16 * pages_per_record;  // under 1 MiB
constexpr std::size_t deletes_per_tidying = 256;
constexpr std::size_t deletes_per_commit = 64;
constexpr std::size_t deletes_when_full = 1024;
constexpr std::int64_t sentinel_interval_ms = 10000;
constexpr std::int64_t copy_after_idle_ms = 20000;
constexpr std::int64_t copy_interval_ms = 5 * 60 * 1000;
constexpr std::int64_t copy_interval_ms_per_mebibyte = 15 * 1000;  // flash wears; the larger the image, the rarer
constexpr std::size_t remembered_ghosts = 16;

std::int64_t backoff_ms(int failures) {
  constexpr std::int64_t delays[] = {0, 100, 1000, 5000, 15000};
  return delays[std::min(failures, 4)];
}

std::unexpected<Error> not_saved(const Sentence& reason) {
  return std::unexpected(Error{.kind = ErrorKind::storage, .message = reason, .field = {}});
}

}  // namespace

class DurableStore::Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(StorageBackend& backend, PageImage& image, Environment& environment)
      : backend_(backend), image_(image), environment_(environment), operation_(backend), copy_(backend),
        lock_timer_(backend), repair_timer_(backend), tidy_timer_(backend), copy_timer_(backend) {}
  ~Engine() { image_.set_commit_listener(nullptr); }

  void open(OpenCallback callback);
  void take_over();
  void request_flush();
  void wait_durable(std::int64_t commit_number, StatusCallback callback);
  void acknowledge();
  void request_persistence(bool ask);
  void write_second_copy(StatusCallback callback);
  void erase_all(StatusCallback callback);
  [[nodiscard]] const StorageHealth& health() const { return health_; }
  void set_listener(std::function<void()> listener) { listener_ = std::move(listener); }

 private:
  enum class Phase {
    created,
    waiting,    // for the lock
    opening,    // connecting, claiming, loading
    ready,      // the writer; the connection is believed to be good
    repairing,  // the writer; the connection has to be opened again, and what is stored to be read
    overtaken,  // another page is the writer
    unusable,   // nothing will be saved: unavailable, or a newer version's
    erased,
  };

  // One transaction: what it holds, and what it changes if it succeeds.
  struct Attempt {
    FlushBatch batch;
    std::vector<RecordSummary> records;
    std::vector<std::int64_t> deletes;
    bool replaces_everything = false;
    bool tidying = false;
    StoreMeta meta;
    Bytes meta_record;
    RecordLedger::Undo undo;
  };

  // Runs only while the engine lives.
  template <typename Callback>
  auto while_alive(Callback callback) {
    return [weak = weak_from_this(), callback = std::move(callback)](auto&&... arguments) {
      if (const auto self = weak.lock()) {
        callback(std::forward<decltype(arguments)>(arguments)...);
      }
    };
  }

  // Opening
  void listen();
  void lock_answered(bool granted);
  void wait_for_other_tab();
  void begin_opening();
  void connect_to_open();
  void retry_opening(const StorageAnswer& answer);
  void read_meta_to_open();
  void claim(const StoreMeta& found);
  void load();
  void loaded(ImageLoader& loader);
  [[nodiscard]] bool sentinel_is_of_another_store() const;
  [[nodiscard]] bool sentinel_is_ahead() const;
  void look_for_copy(MetaVerdict verdict);
  void start_from_copy(SecondCopy::Found found);
  void start_empty(OpenOutcome outcome);
  void start_unusable(OpenOutcome outcome);
  void finish_opening(OpenOutcome outcome);
  void query_platform();

  // Saving
  void committed();
  void start_flush(bool tidying = false);
  void prepare_records(Attempt& attempt);
  void choose_deletes(Attempt& attempt) const;
  void send(const Attempt& attempt);
  void flush_answered(const StorageAnswer& answer, const std::optional<Bytes>& other_meta);
  void flush_succeeded();
  void give_up_attempt();
  void notify_waiters();
  void fail_waiters(const Sentence& reason);

  // After a failure
  void flush_failed(const StorageAnswer& answer);
  void schedule_repair();
  void repair();
  void repair_failed(const StorageAnswer& answer);
  void settle(BytesView stored);
  [[nodiscard]] bool adopt_ghost(BytesView stored);
  void rebuild(BytesView stored, std::int64_t epoch);
  void repaired();

  // Other tabs and the platform
  void lock_lost();
  void become_overtaken();
  void yield_if_asked();
  void connection_closed();
  void page_hidden();

  // Idle work
  void schedule_idle_work(bool tidied_just_now = false);
  [[nodiscard]] bool copy_is_current() const;
  void read_copy_heads();
  void note_copy();
  void schedule_copy(std::int64_t at_least_ms);
  void start_copy();
  void copy_finished(const StorageAnswer& answer);
  void write_sentinel(bool now);

  // Health
  void changed();
  [[nodiscard]] DurableState state() const;

  StorageBackend& backend_;
  PageImage& image_;
  Environment& environment_;

  Phase phase_ = Phase::created;
  OpenCallback open_callback_;
  int open_attempts_ = 0;
  std::optional<ImageSnapshot> rolled_back_image_;  // loaded, but the sentinel knows of a newer commit

  // What is stored, as far as it is known.
  StoreMeta meta_;
  Bytes meta_record_;                // the very bytes, for the comparison inside the next transaction
  bool replace_everything_ = false;  // what is stored is not the ancestor of the image
  RecordLedger ledger_;
  std::int64_t next_record_ = 1;     // above every number ever tried, stored or not

  std::optional<Attempt> attempt_;
  // Attempts whose end is not known: a transaction that fell silent may still happen.
  std::vector<Attempt> ghosts_;
  bool full_ = false;  // the last failure was for want of space
  bool data_lost_ = false;           // and nothing has been saved since
  bool loss_unacknowledged_ = false;  // until then the sentinel stays that of the lost store, so that every visit tells of it
  bool yield_requested_ = false;
  bool lock_lost_ = false;
  bool persistence_asked_ = false;

  std::vector<std::pair<std::int64_t, StatusCallback>> waiters_;
  std::vector<StatusCallback> copy_waiters_;         // for the next copy
  std::vector<StatusCallback> served_copy_waiters_;  // for the one under way
  bool copy_requested_ = false;
  std::int64_t sentinel_commit_number_ = -1;
  std::int64_t sentinel_written_at_ms_ = 0;

  Sentence notice_;   // what opening found; stays until it is acknowledged
  Sentence failure_;  // why the last attempt failed
  StorageHealth health_;
  std::function<void()> listener_;
  bool warns_before_unload_ = false;

  WatchedOperation operation_;  // on the store
  SecondCopy copy_;
  OneShotTimer lock_timer_;
  OneShotTimer repair_timer_;
  OneShotTimer tidy_timer_;
  OneShotTimer copy_timer_;
};

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
                       .page_hidden = while_alive([this] { page_hidden(); })});
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
        claim(found);
        break;
      case MetaVerdict::absent:
      case MetaVerdict::damaged:
        meta_ = {};
        look_for_copy(verdict);
        break;
      case MetaVerdict::newer_version:
        start_unusable(OpenOutcome::newer_version);
        break;
    }
  };
  backend_.read_meta(operation_.start<StorageBackend::DoneWithBytes>(answer_limit_ms, on_meta));
}

// Raises the epoch before anything is read, so that a former writer can change nothing under us.
void DurableStore::Engine::claim(const StoreMeta& found) {
  meta_ = found;
  meta_.epoch = found.epoch + 1;
  meta_.previous_checksum = meta_checksum(meta_record_);
  StorageCommit commit{.expected_meta = meta_record_, .new_meta = encode_meta(meta_)};
  const auto on_claimed = [this, mine = commit.new_meta](const StorageAnswer& answer, const std::optional<Bytes>& other) {
    if (!answer.ok() || other) {
      retry_opening(answer.ok() ? StorageAnswer{StorageFault::aborted, "another page claimed the store"} : answer);
      return;
    }
    meta_record_ = mine;
    load();
  };
  backend_.commit(commit, operation_.start<StorageBackend::DoneCommit>(answer_limit_ms, on_claimed));
}

void DurableStore::Engine::load() {
  const auto loader = std::make_shared<ImageLoader>(meta_);
  const auto on_end = [this, loader](const StorageAnswer& answer) {
    answer.ok() ? loaded(*loader) : retry_opening(answer);
  };
  backend_.read_records([loader](BytesView record) { loader->add(record); }, operation_.start(load_limit_ms * (open_attempts_ + 1), on_end));
}

void DurableStore::Engine::loaded(ImageLoader& loader) {
  std::optional<ImageSnapshot> image = loader.finish();
  if (!image) {
    health_.detail = "the records do not match the meta record; " + std::to_string(loader.unbelievable_records()) +
                     " of them cannot be believed";
    look_for_copy(MetaVerdict::damaged);
    return;
  }
  ledger_ = std::move(loader.ledger());
  next_record_ = meta_.next_record;
  if (sentinel_is_ahead()) {
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

void DurableStore::Engine::finish_opening(OpenOutcome outcome) {
  phase_ = Phase::ready;
  if (notice_.zh.empty()) {
    notice_ = storage_messages::outcome(outcome);
  }
  if (meta_.saved_at_ms != 0) {
    health_.saved_at_ms = meta_.saved_at_ms;
  }
  query_platform();
  write_sentinel(true);
  start_flush();
  read_copy_heads();
  schedule_idle_work();
  changed();
  open_callback_(outcome);
  yield_if_asked();
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
  } else {
    start_flush();
  }
}

void DurableStore::Engine::start_flush(bool tidying) {
  if (phase_ != Phase::ready || attempt_ || !(image_.dirty() || tidying)) {
    return;
  }
  Attempt attempt;
  attempt.tidying = tidying;
  choose_deletes(attempt);
  std::vector<PageNumber> also;
  if (tidying || ledger_.needs_tidying()) {
    also = ledger_.pages_to_rewrite(pages_per_tidying);
  }
  if (tidying && also.empty() && attempt.deletes.empty()) {
    return;
  }
  attempt.batch = image_.take_flush(also);
  prepare_records(attempt);
  attempt_ = std::move(attempt);
  send(*attempt_);
}

void DurableStore::Engine::choose_deletes(Attempt& attempt) const {
  attempt.replaces_everything = replace_everything_;
  if (full_) {
    attempt.deletes = ledger_.dead_records(deletes_when_full);
  } else if (attempt.tidying) {
    attempt.deletes = ledger_.dead_records(deletes_per_tidying);
  } else if (ledger_.needs_tidying()) {
    attempt.deletes = ledger_.dead_records(deletes_per_commit);
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
  ghosts_.clear();  // they expected an older meta record and can never happen now
  full_ = false;
  health_.failed_attempts = 0;
  failure_ = {};
  health_.detail.clear();
  health_.saved_at_ms = attempt.meta.saved_at_ms;
  data_lost_ = false;
  write_sentinel(false);
  if (lock_lost_) {
    become_overtaken();
    return;
  }
  if (!health_.persisted && !persistence_asked_) {
    request_persistence(true);
  }
  start_flush();
  schedule_idle_work(attempt.tidying);
  changed();
  notify_waiters();
  yield_if_asked();
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

// --- Other tabs and the platform ------------------------------------------------------------------------------------------

void DurableStore::Engine::lock_lost() {
  switch (phase_) {
    case Phase::opening:
      operation_.cancel();
      repair_timer_.stop();
      backend_.disconnect();
      wait_for_other_tab();
      break;
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
  for (OneShotTimer* timer : {&lock_timer_, &repair_timer_, &tidy_timer_, &copy_timer_}) {
    timer->stop();
  }
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
  request_flush();
  write_sentinel(true);
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
  if (phase_ != Phase::ready && phase_ != Phase::repairing) {
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
  if (phase_ == Phase::ready || phase_ == Phase::repairing) {
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
  const bool is_writer = phase_ == Phase::ready || phase_ == Phase::repairing;
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
  for (OneShotTimer* timer : {&lock_timer_, &repair_timer_, &tidy_timer_, &copy_timer_}) {
    timer->stop();
  }
  changed();
  backend_.erase(operation_.start(load_limit_ms, [this, callback](const StorageAnswer& answer) {
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
