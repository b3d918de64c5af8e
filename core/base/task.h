// Task: work that takes longer than a frame, cut into slices.
//
// A Task<T> is a coroutine that starts when awaited or when a Scheduler is given it. Inside, `co_await next_slice()`
// gives the frame its time back whenever the budget of the present slice is used up, and costs a clock reading
// otherwise; `co_await` of a Pending<T> waits for a callback of the platform. One thread, one Scheduler, no locks.
//
// Cancelling: set Progress::cancelled; the task notices at its next slice, undoes what it began and ends with an Error
// of kind cancelled. Destroying a Task destroys its frame, and with it everything that it owns.
#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/task_ownership.h"

namespace kehubu {

struct Progress {
  static constexpr std::string_view outlives_tasks_because = "whoever starts a task keeps its progress until the task is gone";
  std::int64_t done = 0;
  std::int64_t total = 0;  // 0: not known yet
  Sentence activity;       // what is being done now
  bool cancelled = false;  // set by whoever wants it to stop
};

namespace coroutine {

// What Task and Step have in common: they start when awaited, and go on with whoever waits for them.
template <typename T>
struct Promise {
  std::optional<T> value;
  std::coroutine_handle<> continuation;

  std::suspend_always initial_suspend() noexcept { return {}; }
  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <typename Finished>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Finished> finished) noexcept {
      auto next = finished.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }
  template <typename U>
  void return_value(U&& result) { value.emplace(std::forward<U>(result)); }
  void unhandled_exception() noexcept { std::terminate(); }
};

}  // namespace coroutine

// A Task goes on after its caller has returned, so its parameters are its own; else it does not compile
// (core/base/task_ownership.h).
template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type : coroutine::Promise<T> {
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) {
      handle_.destroy();
    }
  }

  // Awaiting from another task runs this one to its end first.
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    handle_.promise().continuation = waiting;
    return handle_;
  }
  T await_resume() { return std::move(*handle_.promise().value); }

  [[nodiscard]] std::coroutine_handle<promise_type> handle() const { return handle_; }
  [[nodiscard]] bool finished() const { return handle_.done(); }
  [[nodiscard]] T take() { return std::move(*handle_.promise().value); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

// A part of a task, which may borrow: it can be neither kept nor moved, only awaited in the expression that made it, and
// what its parameters refer to lives as long as that.
template <typename T>
class [[nodiscard]] Step {
 public:
  struct promise_type : coroutine::Promise<T> {
    Step get_return_object() { return Step{std::coroutine_handle<promise_type>::from_promise(*this)}; }
  };

  Step(Step&&) = delete;
  ~Step() { handle_.destroy(); }

  struct Awaiter {
    std::coroutine_handle<promise_type> handle;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) const noexcept {
      handle.promise().continuation = waiting;
      return handle;
    }
    T await_resume() const { return std::move(*handle.promise().value); }
  };
  Awaiter operator co_await() && { return {handle_}; }

 private:
  template <typename U>
  friend U run_to_end(Step<U> step);
  explicit Step(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

// Runs tasks in turn, each for at most the budget of a slice.
class Scheduler {
 public:
  explicit Scheduler(Environment& environment) : environment_(environment) {}

  // Runs the task in slices; then calls `done` with its result.
  template <typename T>
  void spawn(Task<T> task, std::function<void(T)> done);

  // Continues what is ready for about `budget_us` microseconds. True while something is ready to go on (draw another
  // frame); false when everything is finished or waits for the platform.
  bool run(std::int64_t budget_us);
  [[nodiscard]] bool idle() const { return running_.empty(); }
  // Destroys every task, and with it what it owns; no callback comes. Before what tasks work on goes away.
  void end_all();
  // Something could go on at once.
  [[nodiscard]] bool ready() const { return !ready_.empty(); }

  // For next_slice() and Pending.
  [[nodiscard]] bool slice_is_over() { return environment_.monotonic_us() >= slice_ends_us_; }
  void resume_later(std::coroutine_handle<> handle) { ready_.push_back(handle); }
  [[nodiscard]] static Scheduler* current() { return current_; }

 private:
  struct Running {
    virtual ~Running() = default;
    virtual bool finish_if_done() = 0;
  };
  template <typename T>
  struct RunningTask final : Running {
    RunningTask(Task<T> started, std::function<void(T)> when_done) : done(std::move(when_done)), task(std::move(started)) {}
    bool finish_if_done() override {
      if (!task.finished()) {
        return false;
      }
      if (done) {
        done(task.take());
      }
      return true;
    }
    std::function<void(T)> done;  // keeps what the task refers to, its Progress above all: it goes after the task
    Task<T> task;
  };

  Environment& environment_;
  std::deque<std::coroutine_handle<>> ready_;
  std::vector<std::unique_ptr<Running>> running_;
  std::int64_t slice_ends_us_ = 0;
  static inline Scheduler* current_ = nullptr;
};

template <typename T>
void Scheduler::spawn(Task<T> task, std::function<void(T)> done) {
  ready_.push_back(task.handle());
  running_.push_back(std::make_unique<RunningTask<T>>(std::move(task), std::move(done)));
}

struct SliceAwaiter {
  bool await_ready() const {
    auto* scheduler = Scheduler::current();
    return scheduler == nullptr || !scheduler->slice_is_over();
  }
  void await_suspend(std::coroutine_handle<> waiting) const { Scheduler::current()->resume_later(waiting); }
  void await_resume() const {}
};

// Goes on at once while the slice lasts (or outside a scheduler, e.g. in the command line tool).
[[nodiscard]] inline SliceAwaiter next_slice() { return {}; }

// A value that a callback will deliver. deliver() may be called once, before or after someone awaits it.
template <typename T>
class Pending {
 public:
  Pending() : state_(std::make_shared<State>()) {}
  void deliver(T value) const {
    state_->value.emplace(std::move(value));
    if (state_->waiting && state_->scheduler) {
      state_->scheduler->resume_later(std::exchange(state_->waiting, nullptr));
    }
  }
  bool await_ready() const { return state_->value.has_value(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    state_->waiting = waiting;
    state_->scheduler = Scheduler::current();
  }
  T await_resume() const { return std::move(*state_->value); }

 private:
  struct State {
    std::optional<T> value;
    std::coroutine_handle<> waiting;
    Scheduler* scheduler = nullptr;
  };
  std::shared_ptr<State> state_;
};

// Runs a task or a step to its end at once. It must not wait for a Pending.
template <typename T>
[[nodiscard]] T run_to_end(Task<T> task) {
  task.handle().resume();
  return task.take();
}
template <typename T>
[[nodiscard]] T run_to_end(Step<T> step) {
  step.handle_.resume();
  return std::move(*step.handle_.promise().value);
}

}  // namespace kehubu

// The compiler asks here for the promise of every function that is a coroutine, and names its parameters, the object of a
// member function or a lambda first.
template <typename T, typename... Parameters>
struct std::coroutine_traits<kehubu::Task<T>, Parameters...> {
  static_assert(kehubu::owns_parameters<Parameters...>,
                "A Task owns its parameters (core/base/task_ownership.h): take a copy or a shared_ptr, or make it a Step.");
  using promise_type = typename kehubu::Task<T>::promise_type;
};
