// DurableStore: keeps a PageImage durable. It loads the image at start, hands every commit to the browser's storage in one
// atomic, strict transaction, survives whatever that storage does, and always knows what is saved and what is not.
//
//     DurableStore store(backend, image, environment);
//     store.set_listener([] { redraw(); });
//     store.open([](OpenOutcome outcome) { … open SQLite on the image … });
//     … SQLite commits; the store notices by itself and saves …
//     store.wait_durable(image.commit_number(), [](Status saved) { … only now say "saved" … });
//
// What is promised:
//   - Atomic: after any crash the stored image is that of one commit, never a mixture.
//   - Durable: a commit number once reported as durable is never lost by a crash of the page or the browser. Where the crash of the
//     one before may have left storage that destroys itself, nothing is written or called durable before it is mended, and
//     nothing is mended before a second copy holds it (but see StorageHealth::at_risk).
//   - In order: of two states of a device the one with the higher commit number is the newer, whichever place it is in; numbers of a
//     state that was given up are not used again.
//   - One writer: a lock, and an epoch compared inside each transaction. A page that has been overtaken writes nothing.
//   - Never silent: an empty store is told apart from a wiped one, a damaged one from a good one.
//   - Nothing forgotten: after a failure the pages stay dirty, and the store re-opens the connection and tries again, for
//     as long as the page lives (0.1 s, 1 s, 5 s, then every 15 s).
//
// Cost: a commit writes the pages that changed, packed into records of at most 60 KiB, whatever the size of the database.
// Commits that come while a transaction is under way share the next one. When nothing happens there is no timer.
// The format is specified in docs/storage.md.
//
// Ownership: backend, image and environment are the caller's and outlive the store; callbacks are owned by the store, and
// none is called after its destruction. One thread. Callbacks never run inside the call that registered them, except that
// of wait_durable() for what is durable already.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/store/page_image.h"
#include "core/store/storage_backend.h"

namespace kehubu {

enum class OpenOutcome {
  first_run,       // nothing was ever stored here: the image is empty
  loaded,          // the image is that of the last durable commit
  recovered,       // the store was lost, damaged or older than the second copy, from which the image comes; see health().message
  wiped,           // there was data here once, and nothing of it is left: the image is empty, import a bundle. On the next
                   // visits it is `loaded` with the same message, until acknowledge() is called
  damaged,         // the store cannot be believed and there is no second copy: the image is empty, import a bundle. The
                   // damaged records stay where they are until the first commit replaces them
  newer_version,   // written by a newer version of this program: untouched, the image is empty, nothing will be saved
  busy_elsewhere,  // another tab is the writer: offer take_over(). Another outcome follows when it closes, or after take_over()
  unavailable,     // this browser gives no storage (private mode, disabled, broken): the image is empty, nothing will be saved
};

enum class DurableState {
  saved,          // everything committed is durable
  saving,         // a transaction is under way or about to be
  unsaved_error,  // the last attempt failed; another one follows by itself, and message says why
  read_only,      // another tab is the writer, or took over: what is committed here from now on is not saved
  lost,           // the outcome was wiped, damaged, newer_version or unavailable, or erase_all() was called, and nothing
                  // has been saved since
};

struct StorageHealth {
  DurableState state = DurableState::saved;
  std::int64_t commit_number = 0;          // the last SQLite commit
  std::int64_t durable_commit_number = 0;  // the last one that is known to be on disk
  std::int64_t image_bytes = 0;
  std::int64_t image_limit_bytes = 0;
  std::int64_t stored_bytes = 0;                  // what the records take, garbage included
  std::optional<std::int64_t> saved_at_ms;        // when the durable commit was written, wall clock
  std::optional<std::int64_t> second_copy_at_ms;  // when the newest second copy was written; none where there is no OPFS
  std::int64_t second_copy_commit_number = 0;
  bool persisted = false;                  // the browser has promised not to evict
  std::optional<StorageQuota> quota;
  int failed_attempts = 0;                 // in a row
  // The last browser died, and its storage is being mended without a second copy, because none could be written however often it
  // was tried: should this browser die at the same moment, what is stored may be gone. message says so. Nothing is called
  // durable meanwhile.
  bool at_risk = false;
  Sentence message;                        // for the user; empty when there is nothing to say
  std::string detail;                      // the platform's own words about the last failure, for a bug report

  // Committed changes exist that would be gone if the page closed now.
  [[nodiscard]] bool unsaved() const { return commit_number != durable_commit_number; }
};

class DurableStore {
 public:
  using OpenCallback = std::function<void(OpenOutcome)>;
  using StatusCallback = std::function<void(Status)>;

  DurableStore(StorageBackend& backend, PageImage& image, Environment& environment);
  ~DurableStore();
  DurableStore(const DurableStore&) = delete;
  DurableStore& operator=(const DurableStore&) = delete;

  // Loads the image. Called once. The callback comes once, or twice if its first answer is busy_elsewhere.
  void open(OpenCallback callback);

  // After busy_elsewhere: asks the other tab to save and let go; takes the lock by force after 3 s (a frozen tab keeps it for
  // ever). What that tab had not saved stays in its memory, and it says so. A tab that was overtaken later reloads its page
  // and then calls this.
  void take_over();

  // Starts a flush if there is something to save and none is under way; one under way is followed by another. Called
  // by itself after each commit. Call it after a failure to try again at once ("retry" button).
  void request_flush();

  // Calls back when the commit is durable, or with an Error when this page cannot make it so any more (read_only, erased).
  // While storage merely fails, it keeps waiting: health() says so, and a person may decide to go on.
  void wait_durable(std::int64_t commit_number, StatusCallback callback);

  // The person has read health().message about what opening found (and has imported a bundle, or goes on without): it is
  // not said again.
  void acknowledge();

  // Asks the browser not to evict the store. Call it from a user's gesture; the answer shows in health().
  void request_persistence();

  // Writes a second copy now if the newest one is older than the last durable commit. It is written by itself too, at most
  // every 5 minutes plus 15 s per MiB; call it after an export. Where there is no OPFS the answer is an Error.
  void write_second_copy(StatusCallback callback);

  // Deletes everything stored on this device: store, copies, sentinel. The image in memory stays as it is, nothing is saved
  // any more, and the page should be reloaded.
  void erase_all(StatusCallback callback);

  [[nodiscard]] const StorageHealth& health() const;
  // Called whenever health() has changed, so that the shell can redraw.
  void set_listener(std::function<void()> listener);

 private:
  class Engine;
  std::shared_ptr<Engine> engine_;
};

}  // namespace kehubu
