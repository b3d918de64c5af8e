// The engine behind DurableStore. Private to core/store/durable_*.cpp: opening, saving (with repair), and everything else.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store/durable_store.h"
#include "core/store/record_ledger.h"
#include "core/store/second_copy.h"
#include "core/store/storage_format.h"
#include "core/store/storage_messages.h"
#include "core/store/watched_operation.h"

namespace kehubu {

namespace storage_limits {

inline constexpr std::int64_t mebibyte = 1024 * 1024;
inline constexpr std::int64_t answer_limit_ms = 10000;  // then it is called silence

// Before the next attempt, after so many failures in a row.
[[nodiscard]] constexpr std::int64_t backoff_ms(int failures) {
  constexpr std::int64_t delays[] = {0, 100, 1000, 5000, 15000};
  return delays[std::min(failures, 4)];
}

}  // namespace storage_limits

[[nodiscard]] inline std::unexpected<Error> not_saved(const Sentence& reason) {
  return std::unexpected(Error{.kind = ErrorKind::storage, .message = reason, .field = {}});
}

class DurableStore::Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(StorageBackend& backend, PageImage& image, Environment& environment)
      : backend_(backend), image_(image), environment_(environment), operation_(backend), copy_(backend),
        lock_timer_(backend), closing_timer_(backend), repair_timer_(backend), tidy_timer_(backend), copy_timer_(backend) {}
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
    securing,   // loaded after a writer that did not come to rest: nothing is written before the store is sound again. An image
                // that is not there a second time is copied first; both are tried for as long as the page lives
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
  void read_rest_mark();
  void load();
  void loaded(ImageLoader& loader);
  [[nodiscard]] bool sentinel_is_of_another_store() const;
  [[nodiscard]] bool sentinel_is_ahead() const;
  void look_for_copy(MetaVerdict verdict);
  void start_from_copy(SecondCopy::Found found);
  void start_empty(OpenOutcome outcome);
  void start_unusable(OpenOutcome outcome);
  void finish_opening(OpenOutcome outcome);
  void note_number(std::int64_t commit_number);
  void secure();
  void copy_to_secure();
  void renew_log();
  void securing_failed(const StorageAnswer& answer, const Sentence& why);
  void prove_sound();
  void securing_interrupted(const StorageAnswer& answer);
  void secured();
  void begin_writing();
  void query_platform();

  // Saving
  void committed();
  void start_flush(bool tidying = false);
  void prepare_records(Attempt& attempt);
  void choose_deletes(Attempt& attempt) const;
  void unmark_rest_and_send();
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
  void mark_rest();

  // Idle work
  void schedule_idle_work(bool tidied_just_now = false);
  [[nodiscard]] bool copy_is_current() const;
  void read_copy_heads();
  void note_copy();
  void schedule_copy(std::int64_t at_least_ms);
  void start_copy();
  void cancel_copy();
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
  // Commit numbers: that of the image as it was loaded, and the highest in any place, that of a state that was given up included.
  std::int64_t loaded_number_ = 0;
  std::int64_t highest_number_ = 0;
  std::optional<ImageSnapshot> unsecured_;  // as it was loaded, until the store is sound again
  int failed_copies_ = 0;                   // while securing
  bool reconnect_due_ = false;              // before the log can be renewed
  bool log_renewed_ = false;                // and the store is not yet proved sound
  std::optional<ImageSnapshot> rolled_back_image_;  // loaded, but the sentinel knows of a newer commit

  // What is stored, as far as it is known.
  StoreMeta meta_;
  Bytes meta_record_;                // the very bytes, for the comparison inside the next transaction
  bool replace_everything_ = false;  // what is stored is not the ancestor of the image
  bool claim_due_ = false;           // the next transaction raises the epoch, and is made even if nothing else is to be written
  bool at_rest_ = false;             // the store may carry a mark that says so
  bool hidden_ = false;
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
  OneShotTimer closing_timer_;  // until the browser has closed the store
  OneShotTimer repair_timer_;
  OneShotTimer tidy_timer_;
  OneShotTimer copy_timer_;
};

}  // namespace kehubu
