// refused: A Task owns its parameters
// What must not compile, one case a number; without a number everything does (tests/refused.sh).
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/task.h"
#include "core/store/store.h"

using namespace kehubu;

Task<int> everything_is_its_own(Store&, ListQuery, Progress&, const Entity&, std::vector<const Field*>, std::shared_ptr<const std::string>,
                                std::function<void(const ListQuery&)>) {
  co_return 1;
}
Step<int> a_step_may_borrow(const ListQuery&, std::string_view) { co_return 1; }
Task<int> a_step_is_awaited_on_the_spot(ListQuery query) { co_return co_await a_step_may_borrow(query, "words"); }
struct Room {
  Step<int> member(std::string_view) { co_return 1; }
};
int without_captures() {
  return run_to_end([](int number) static -> Task<int> { co_return number; }(1));
}

#if REFUSED == 1  // what every export did: the query lay in the lambda that had been called
Task<Result<std::string>> export_csv(Store& store, const ListQuery& query, bool chinese, Progress& progress) {
  co_await next_slice();
  progress.done = chinese ? 1 : 0;
  co_return store.title(*query.entity, {});
}
#elif REFUSED == 2
Task<std::size_t> length(std::string_view text) { co_return text.size(); }
#elif REFUSED == 3
Task<std::size_t> lengths(std::vector<std::string_view> texts) { co_return texts.size(); }
#elif REFUSED == 4
Task<int> follow(int* number) { co_return *number; }
#elif REFUSED == 5
Task<int> first(std::span<const Edit> edits) { co_return static_cast<int>(edits.size()); }
#elif REFUSED == 6  // the captures live in the lambda, and the lambda is gone
int with_captures(int number) {
  return run_to_end([number]() -> Task<int> { co_return number; }());
}
#elif REFUSED == 7  // nobody says that its object outlives it
struct Page {
  int rows = 0;
  Task<int> count() { co_return rows; }
};
#elif REFUSED == 8
Task<std::size_t> taken(std::string&& text) { co_return text.size(); }
#endif
