// Two small things for code that waits: a timer that dies with its owner, and an operation with a time limit.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/store/storage_backend.h"

namespace kehubu {

// A one-shot timer. Starting it again replaces the former start; destroying it stops it.
class OneShotTimer {
 public:
  explicit OneShotTimer(StorageBackend& backend) : backend_(backend) {}
  ~OneShotTimer() { stop(); }
  OneShotTimer(const OneShotTimer&) = delete;
  OneShotTimer& operator=(const OneShotTimer&) = delete;

  void start(std::int64_t milliseconds, std::function<void()> callback) {
    stop();
    running_ = true;
    id_ = backend_.start_timer(milliseconds, [this, callback = std::move(callback)] {
      running_ = false;
      callback();
    });
  }
  void stop() {
    if (std::exchange(running_, false)) {
      backend_.stop_timer(id_);
    }
  }
  [[nodiscard]] bool running() const { return running_; }

 private:
  StorageBackend& backend_;
  StorageBackend::TimerId id_ = 0;
  bool running_ = false;
};

// One asynchronous operation at a time. The first of its answer and its time limit counts, the limit as StorageFault::silent;
// whatever comes later is ignored. After cancel(), or destruction, nothing is called any more.
class WatchedOperation {
 public:
  explicit WatchedOperation(StorageBackend& backend) : timer_(backend) {}
  ~WatchedOperation() { cancel(); }
  WatchedOperation(const WatchedOperation&) = delete;
  WatchedOperation& operator=(const WatchedOperation&) = delete;

  // Begins an operation, cancelling one that is still under way. Give the returned callback to the backend. `Done` is a
  // std::function whose first parameter is a StorageAnswer; silence comes with the defaults of the others.
  template <typename Done = StorageBackend::Done>
  Done start(std::int64_t limit_ms, std::type_identity_t<Done> then) {
    return watch(limit_ms, std::move(then));
  }
  void cancel() {
    timer_.stop();
    if (current_ != nullptr) {
      *current_ = false;
      current_.reset();
    }
  }
  [[nodiscard]] bool under_way() const { return current_ != nullptr; }

 private:
  template <typename... More>
  std::function<void(const StorageAnswer&, More...)> watch(std::int64_t limit_ms,
                                                           std::function<void(const StorageAnswer&, More...)> then) {
    cancel();
    const auto current = current_ = std::make_shared<bool>(true);
    timer_.start(limit_ms, [this, then] {
      cancel();
      then(StorageAnswer{StorageFault::silent, "no answer in time"}, std::decay_t<More>{}...);
    });
    return [this, current, then = std::move(then)](const StorageAnswer& answer, More... more) {
      if (*current) {
        cancel();
        then(answer, more...);
      }
    };
  }

  OneShotTimer timer_;
  std::shared_ptr<bool> current_;
};

}  // namespace kehubu
