// refused: error:
// A step can be neither kept, moved nor started by a scheduler.
#include "core/base/task.h"

using namespace kehubu;

Step<int> borrow(const int& number) { co_return number; }

#if REFUSED == 1
Task<int> keeps() {
  auto kept = borrow(1);
  co_return co_await kept;
}
#elif REFUSED == 2
void starts(Scheduler& scheduler) { scheduler.spawn<int>(borrow(1), {}); }
#endif
