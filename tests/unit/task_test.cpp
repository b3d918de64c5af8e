#include <doctest/doctest.h>

#include "core/base/task.h"

using namespace kehubu;

namespace {

// Each reading of the monotonic clock costs one microsecond, so that budgets are exact in tests.
struct TickingEnvironment final : Environment {
  std::int64_t ticks = 0;
  std::int64_t now_ms() override { return ticks / 1000; }
  std::int64_t monotonic_us() override { return ++ticks; }
  void random_bytes(std::span<std::uint8_t>) override {}
};

Task<int> count_to(int limit, std::shared_ptr<int> reached) {
  for (int number = 1; number <= limit; ++number) {
    *reached = number;
    co_await next_slice();
  }
  co_return limit;
}

Task<int> sum_of_two(std::shared_ptr<int> reached) {
  const int first = co_await count_to(3, reached);
  const int second = co_await count_to(4, reached);
  co_return first + second;
}

Task<int> wait_for(Pending<int> pending) {
  const int value = co_await pending;
  co_return value + 1;
}

Task<Result<int>> stop_when_cancelled(Progress& progress, std::shared_ptr<bool> cleaned_up) {
  struct Cleanup {
    std::shared_ptr<bool> flag;
    ~Cleanup() { *flag = true; }
  } cleanup{cleaned_up};
  while (!progress.cancelled) {
    ++progress.done;
    co_await next_slice();
  }
  co_return fail(ErrorKind::cancelled, "已取消。", "Cancelled.");
}

}  // namespace

TEST_CASE("a long task is cut into slices of the budget and ends with its result") {
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  const auto reached = std::make_shared<int>(0);
  int result = 0;
  scheduler.spawn<int>(count_to(1000, reached), [&](int value) { result = value; });

  CHECK(scheduler.run(10));
  CHECK(*reached > 0);
  CHECK(*reached < 20);
  int frames = 1;
  while (scheduler.run(10)) {
    ++frames;
  }
  CHECK(result == 1000);
  CHECK(frames > 50);
  CHECK(scheduler.idle());
}

TEST_CASE("a task awaits another task") {
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  const auto reached = std::make_shared<int>(0);
  int result = 0;
  scheduler.spawn<int>(sum_of_two(reached), [&](int value) { result = value; });
  while (scheduler.run(2)) {
  }
  CHECK(result == 7);
}

TEST_CASE("outside of a scheduler a task runs to its end at once") {
  const auto reached = std::make_shared<int>(0);
  CHECK(run_to_end(count_to(5, reached)) == 5);
}

TEST_CASE("a pending value may be delivered before or after it is awaited") {
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  int early = 0;
  int late = 0;
  Pending<int> delivered;
  delivered.deliver(1);
  Pending<int> awaited;
  scheduler.spawn<int>(wait_for(delivered), [&](int value) { early = value; });
  scheduler.spawn<int>(wait_for(awaited), [&](int value) { late = value; });
  CHECK_FALSE(scheduler.run(100));
  CHECK(early == 2);
  CHECK(late == 0);
  CHECK_FALSE(scheduler.idle());
  awaited.deliver(10);
  CHECK_FALSE(scheduler.run(100));
  CHECK(late == 11);
  CHECK(scheduler.idle());
}

TEST_CASE("a cancelled task notices at its next slice and cleans up") {
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  Progress progress;
  const auto cleaned_up = std::make_shared<bool>(false);
  bool was_cancelled = false;
  scheduler.spawn<Result<int>>(stop_when_cancelled(progress, cleaned_up),
                               [&](Result<int> result) { was_cancelled = !result && result.error().kind == ErrorKind::cancelled; });
  CHECK(scheduler.run(10));
  progress.cancelled = true;
  CHECK_FALSE(scheduler.run(10));
  CHECK(was_cancelled);
  CHECK(*cleaned_up);
}

TEST_CASE("destroying a scheduler destroys what its unfinished tasks own") {
  TickingEnvironment environment;
  Progress progress;
  const auto cleaned_up = std::make_shared<bool>(false);
  {
    Scheduler scheduler(environment);
    scheduler.spawn<Result<int>>(stop_when_cancelled(progress, cleaned_up), {});
    CHECK(scheduler.run(5));
  }
  CHECK(*cleaned_up);
}

TEST_CASE("a step borrows from whoever awaits it, and goes on where its task was") {
  struct Steps {
    static Step<int> add(const std::vector<int>& numbers, std::string_view) {
      int sum = 0;
      for (const int number : numbers) {
        sum += number;
        co_await next_slice();
      }
      co_return sum;
    }
    static Task<int> both(std::vector<int> numbers) {
      const int once = co_await add(numbers, "lives as long as the expression");
      co_return once + co_await add({10, 20}, std::string(40, 'x'));
    }
  };
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  int result = 0;
  scheduler.spawn<int>(Steps::both({1, 2, 3}), [&](int value) { result = value; });
  int slices = 1;
  while (scheduler.run(1)) {
    ++slices;
  }
  CHECK(result == 36);
  CHECK(slices > 3);
  CHECK(run_to_end(Steps::add({4, 5}, {})) == 9);
}

TEST_CASE("ending all tasks destroys what they own, before what keeps it, and calls nobody back") {
  TickingEnvironment environment;
  Scheduler scheduler(environment);
  auto progress = std::make_shared<Progress>();
  const auto cleaned_up = std::make_shared<bool>(false);
  bool called = false;
  scheduler.spawn<Result<int>>(stop_when_cancelled(*progress, cleaned_up), [kept = progress, &called](Result<int>) { called = true; });
  progress.reset();
  CHECK(scheduler.run(5));
  scheduler.end_all();
  CHECK(*cleaned_up);
  CHECK(scheduler.idle());
  CHECK_FALSE(scheduler.run(5));
  CHECK_FALSE(called);
}
