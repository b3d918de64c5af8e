// FakeStorage: a StorageBackend over plain memory, with faults, for native tests and the command line.
//
// A FakeWorld is a device: a clock that moves only when told to, a disk that survives crashes, and the lock that the tabs of
// one browser share. Each FakeStorage is one tab. Destroying it is a crash of that tab: what it had submitted and the disk
// had not yet done never happens, and nothing is answered any more.
//
//     FakeWorld world;
//     FakeStorage storage(world);
//     storage.inject([](FakeOperation operation, int index) { return index == 3 ? FakeFault::silence : FakeFault::none; });
//     DurableStore store(storage, image, environment);
//     store.open(…);
//     world.run_for(1000);
//
// What a browser cannot show, the fake does not do (docs/storage.md, "What browsers promise", has the sources):
//   - the transactions of the store happen in the order in which they were asked for, whichever tab asked: what is late holds up what
//     comes after it, and a tab that reads after another's death sees all that the dead one will ever have written;
//   - a file is closed by a tab that lives: a copy whose tab dies before it is late is not finished.
//
// Everything is deterministic. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/store/storage_backend.h"

namespace kehubu {

enum class FakeOperation {
  connect, read_meta, read_rest_mark, read_records, commit, remove_rest_mark, renew_log, erase, acquire_lock, read_copy, begin_copy, append_copy, finish_copy,
};

enum class FakeFault {
  none,
  abort,          // it does not happen, and says so
  quota,          // … for want of space
  connection,     // … and the connection is lost; what a thrown exception amounts to
  unavailable,    // the platform does not have it
  silence,        // it does not happen, and no answer comes
  done_silently,  // it happens, and no answer comes
  late_answer,    // it happens, and the answer comes after 15 s
  late,           // it happens after 15 s, and so does the answer
  crash_before,   // the tab dies before it happens
  crash_after,    // the tab dies after it has happened, before the answer
  crash_writing,  // the browser dies in the middle of writing: it does not happen, and the log is cut short
  crash_listing,  // … in the middle of noting which files the store has: the list of them is cut short
};

class FakeStorage;

// A log of Chromium's (docs/storage.md, "A log cut short"): what is written behind the cut makes the store destroy itself when it is
// opened the next time: by the next browser, or 2 s after the last connection was closed.
enum class FakeLog { sound, cut_short, poisoned };

// What survives the death of a tab.
struct FakeDisk {
  std::optional<Bytes> meta;
  std::optional<Bytes> rest_mark;
  std::map<std::int64_t, Bytes> records;
  std::array<std::optional<Bytes>, 2> copies;
  std::string sentinel;
  std::int64_t capacity_bytes = INT64_MAX;  // of the records; a commit that needs more fails with quota
  bool has_copies = true;                   // false: the platform has no OPFS
  bool exists = false;  // the database, be it empty
  FakeLog log = FakeLog::sound;
  FakeLog list = FakeLog::sound;            // of the files, the log among them: a log too, which is never renewed
  bool cuts_log_short = true;               // false: crash_writing and crash_listing leave both sound
  bool may_cut_log_short = true;            // what the platform says of itself

  void write();  // whatever is written
  void open();   // destroys what is poisoned

  [[nodiscard]] std::int64_t record_bytes_total() const;
};

class FakeWorld {
 public:
  FakeDisk disk;
  std::int64_t latency_ms = 1;  // of every operation

  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  std::int64_t schedule(std::int64_t delay_ms, std::function<void()> callback);
  void cancel(std::int64_t id);

  // Moves the clock, doing what is due on the way.
  void run_for(std::int64_t milliseconds);
  // True as soon as the condition holds; false after the limit, or when nothing is left to happen.
  bool run_until(const std::function<bool()>& condition, std::int64_t limit_ms = 600000);
  [[nodiscard]] bool idle() const { return events_.empty(); }
  [[nodiscard]] bool next_event_within(std::int64_t milliseconds) const {
    return !events_.empty() && events_.begin()->first.first <= now_ms_ + milliseconds;
  }

 private:
  friend class FakeStorage;
  bool step(std::int64_t until_ms);

  std::int64_t now_ms_ = 1'700'000'000'000;
  std::int64_t next_event_ = 1;
  std::map<std::pair<std::int64_t, std::int64_t>, std::function<void()>> events_;  // by time, then order
  std::map<std::int64_t, std::int64_t> event_times_;

  int browser_ = 0;                   // counts the deaths of the browser
  std::int64_t store_busy_until_ms_ = 0;  // when the last transaction that was asked for happens
  std::int64_t disconnected_at_ms_ = 0;   // the last of the tabs

  // One lock for all tabs.
  FakeStorage* lock_holder_ = nullptr;
  std::vector<std::pair<FakeStorage*, std::function<void(bool)>>> lock_queue_;
  std::vector<FakeStorage*> tabs_;
};

class FakeStorage final : public StorageBackend {
 public:
  using Inject = std::function<FakeFault(FakeOperation, int index)>;

  explicit FakeStorage(FakeWorld& world);
  ~FakeStorage() override;

  // Asked before each operation; `index` counts them from 0.
  void inject(Inject inject) { inject_ = std::move(inject); }
  [[nodiscard]] int operation_count() const { return operation_count_; }
  // After a crash fault: nothing happens and nothing is answered any more.
  [[nodiscard]] bool crashed() const { return crashed_; }
  void crash();
  void show_page();
  // A frozen tab does not react to anything.
  void set_frozen(bool frozen) { frozen_ = frozen; }
  [[nodiscard]] bool warns_before_unload() const { return warns_before_unload_; }
  [[nodiscard]] int commits_done() const { return commits_done_; }
  // What the browser does without being asked.
  void close_connection();
  void hide_page();

  void set_events(StorageEvents events) override;
  void connect(Done done) override;
  void disconnect() override;
  void read_meta(DoneWithBytes done) override;
  void read_records(std::function<void(BytesView record)> each, Done done) override;
  void commit(const StorageCommit& commit, DoneCommit done) override;
  void read_rest_mark(DoneWithBytes done) override;
  void write_rest_mark(BytesView mark) override;
  void remove_rest_mark(Done done) override;
  [[nodiscard]] bool log_may_be_cut_short() const override { return world_.disk.may_cut_log_short && !created_store_; }
  void renew_log(Done done) override;
  void erase(Done done) override;
  void acquire_lock(LockMode mode, std::function<void(bool granted)> done) override;
  void release_lock() override;
  void ask_to_yield() override;
  [[nodiscard]] std::string read_sentinel() override;
  void write_sentinel(std::string_view text) override;
  void read_copy(int slot, std::int64_t offset, std::int64_t length, DoneWithBytes done) override;
  void begin_copy(int slot, Done done) override;
  void append_copy(BytesView bytes, Done done) override;
  void finish_copy(Done done) override;
  void query_persistence(bool request, std::function<void(bool persisted)> done) override;
  void query_quota(std::function<void(std::optional<StorageQuota>)> done) override;
  void warn_before_unload(bool warn) override;
  TimerId start_timer(std::int64_t milliseconds, std::function<void()> callback) override;
  void stop_timer(TimerId timer) override;

 private:
  // Carries out one operation with its fault. `work` does it on the disk and says what came of it; `answer` tells the caller.
  void perform(FakeOperation operation, std::function<StorageAnswer()> work, std::function<void(const StorageAnswer&)> answer);
  // Runs only while the tab lives and is not frozen.
  std::function<void()> in_tab(std::function<void()> callback);
  // Runs only while the browser lives, with or without the tab.
  std::function<void()> in_browser(std::function<void()> callback);
  // When the work of an operation is done: at once for what is not the store's, else after all that was asked of the store before.
  void schedule_work(FakeOperation operation, std::int64_t delay_ms, std::function<void()> work);
  // The browser and all its tabs, in the middle of writing to the store.
  void browser_dies_writing(FakeLog FakeDisk::* cut);
  void grant_lock(std::function<void(bool)> done);
  [[nodiscard]] static StorageAnswer apply(FakeDisk& disk, const StorageCommit& commit,
                                           const std::vector<std::pair<std::int64_t, Bytes>>& puts, std::optional<Bytes>& other);

  FakeWorld& world_;
  Inject inject_;
  StorageEvents events_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  int operation_count_ = 0;
  int commits_done_ = 0;
  bool connected_ = false;
  bool created_store_ = false;
  bool crashed_ = false;
  bool frozen_ = false;
  bool warns_before_unload_ = false;
  int copy_slot_ = 0;
  Bytes copy_;
};

// A deterministic Environment on the world's clock.
class FakeEnvironment final : public Environment {
 public:
  FakeEnvironment(FakeWorld& world, std::uint64_t seed) : world_(world), state_(seed) {}
  [[nodiscard]] std::int64_t now_ms() override { return world_.now_ms(); }
  [[nodiscard]] std::int64_t monotonic_us() override { return world_.now_ms() * 1000; }
  void random_bytes(std::span<std::uint8_t> bytes) override;

 private:
  FakeWorld& world_;
  std::uint64_t state_;
};

}  // namespace kehubu
