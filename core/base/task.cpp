#include "core/base/task.h"

#include <algorithm>

namespace kehubu {

bool Scheduler::run(std::int64_t budget_us) {
  Scheduler* outer = std::exchange(current_, this);
  slice_ends_us_ = environment_.monotonic_us() + budget_us;
  // Each handle that is ready now gets one turn at least, so that a slow task cannot starve the others for ever.
  std::size_t turns = ready_.size();
  while (!ready_.empty() && (turns > 0 || !slice_is_over())) {
    auto handle = ready_.front();
    ready_.pop_front();
    turns = turns > 0 ? turns - 1 : 0;
    handle.resume();
  }
  // A finished task's callback may spawn another: walk by index over what was there.
  for (std::size_t index = 0; index < running_.size();) {
    if (running_[index]->finish_if_done()) {
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(index));
    } else {
      ++index;
    }
  }
  current_ = outer;
  return !ready_.empty();
}

void Scheduler::end_all() {
  ready_.clear();
  running_.clear();
}

}  // namespace kehubu
