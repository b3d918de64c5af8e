// StorageBackend: the few asynchronous things that DurableStore needs of the place where bytes survive a restart.
//
// web/storage implements it over IndexedDB, Web Locks, localStorage and OPFS; web/native/storage implements it over plain
// memory with injected faults. All decisions (what to write when, what to believe, what to do after a failure) are
// DurableStore's; a backend only does what it is told and says what came of it.
//
// Rules for an implementation:
//   - no callback runs before the call that registered it has returned;
//   - an operation may be answered late or never: DurableStore has its own watchdog and ignores late answers;
//   - a failure is an answer, never a crash or an exception.
// Bytes given to a callback are valid only during that callback.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kehubu {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

enum class StorageFault {
  none,
  aborted,          // the transaction did not happen; the connection may be broken too
  quota,            // … because the browser's space is exhausted
  connection_lost,  // the connection is gone
  unavailable,      // the platform does not have this, or forbids it (private mode, no OPFS)
  silent,           // no answer in time: it may or may not have happened, or happen later
};

struct StorageAnswer {
  StorageFault fault = StorageFault::none;
  std::string detail;  // for diagnostics only, in the platform's own words

  [[nodiscard]] bool ok() const { return fault == StorageFault::none; }
};

// One atomic, strictly durable transaction: compare the stored meta record with `expected_meta` (empty: there must be
// none) and, only if they are equal, put the records and the new meta record and delete what is listed.
struct StorageCommit {
  struct Put {
    std::int64_t number = 0;
    // Writes the record's bytes into the buffer (cleared before). Called once for each record, in order, during
    // StorageBackend::commit(), so that a big commit needs no second copy of itself in memory.
    std::function<void(Bytes&)> encode;
  };
  Bytes expected_meta;
  Bytes new_meta;
  bool clear_records = false;  // delete every record before the puts
  std::vector<Put> puts;
  std::vector<std::int64_t> deletes;
};

enum class LockMode {
  if_free,  // answer false at once when somebody else has it
  wait,     // answer true when it becomes free
  steal,    // take it; the former holder is told
};

struct StorageQuota {
  std::int64_t usage_bytes = 0;
  std::int64_t quota_bytes = 0;
};

// What happens without having been asked for.
struct StorageEvents {
  std::function<void()> connection_closed;  // the browser closed it, or another page wants to delete the database
  std::function<void()> lock_lost;          // another tab has taken the lock
  std::function<void()> yield_requested;    // another tab asks for the lock, politely
  std::function<void()> page_hidden;        // the page may be frozen or thrown away at any moment from now on
  std::function<void()> page_shown;
};

class StorageBackend {
 public:
  using Done = std::function<void(const StorageAnswer&)>;
  using DoneWithBytes = std::function<void(const StorageAnswer&, BytesView)>;
  // other_meta is set if the stored meta record was not the expected one but this (empty: none); nothing was written then.
  using DoneCommit = std::function<void(const StorageAnswer&, const std::optional<Bytes>& other_meta)>;
  using TimerId = std::int64_t;

  virtual ~StorageBackend() = default;
  virtual void set_events(StorageEvents events) = 0;

  // --- The store ---

  // Opens a connection, closing the one before, if any. Creates an empty store when there is none.
  virtual void connect(Done done) = 0;
  virtual void disconnect() = 0;
  virtual void read_meta(DoneWithBytes done) = 0;
  // Every readable record, in any order; unreadable ones are left out (the digest in the meta record finds them).
  virtual void read_records(std::function<void(BytesView record)> each, Done done) = 0;
  virtual void commit(const StorageCommit& commit, DoneCommit done) = 0;
  // Operations on the store happen in the order in which they were asked for, those of other pages included.
  // A small value beside the meta record, to say that the writer had come to rest. Written without an answer; but it must be known
  // to be gone before anything else is written.
  virtual void read_rest_mark(DoneWithBytes done) = 0;
  virtual void write_rest_mark(BytesView mark) = 0;
  virtual void remove_rest_mark(Done done) = 0;
  // True where a browser that dies while writing may leave a store that destroys itself some writes later (docs/storage.md,
  // "A log cut short"), and the store was not made just now. renew_log() makes the log sound again, and whether the store is sound shows when it is
  // opened the next time, more than 2 s after disconnect(); until then every write makes things worse.
  [[nodiscard]] virtual bool log_may_be_cut_short() const = 0;
  virtual void renew_log(Done done) = 0;
  // Deletes the store, both copies and the sentinel.
  virtual void erase(Done done) = 0;

  // --- One writer ---

  // `granted` may come much later for LockMode::wait. At most one request at a time; a new one replaces a waiting one.
  virtual void acquire_lock(LockMode mode, std::function<void(bool granted)> done) = 0;
  virtual void release_lock() = 0;
  // Asks whoever holds the lock to save and release it.
  virtual void ask_to_yield() = 0;

  // --- The sentinel: a short text in another kind of storage, which tells "new" from "wiped". Empty: none ---

  [[nodiscard]] virtual std::string read_sentinel() = 0;
  virtual void write_sentinel(std::string_view text) = 0;

  // --- The second copy: two files, slot 0 and slot 1. A file is replaced at finish_copy(), or not at all ---

  virtual void read_copy(int slot, std::int64_t offset, std::int64_t length, DoneWithBytes done) = 0;
  virtual void begin_copy(int slot, Done done) = 0;
  virtual void append_copy(BytesView bytes, Done done) = 0;
  virtual void finish_copy(Done done) = 0;

  // --- The platform ---

  // Whether the browser promises not to evict the store; asks for it when `request` is true.
  virtual void query_persistence(bool request, std::function<void(bool persisted)> done) = 0;
  virtual void query_quota(std::function<void(std::optional<StorageQuota>)> done) = 0;
  // While true, closing the page asks the user first.
  virtual void warn_before_unload(bool warn) = 0;
  virtual TimerId start_timer(std::int64_t milliseconds, std::function<void()> callback) = 0;
  virtual void stop_timer(TimerId timer) = 0;  // unknown ones are ignored
};

}  // namespace kehubu
