#include "app/widgets/scroll.h"

#include <algorithm>
#include <cmath>

namespace kehubu {

namespace {
constexpr double friction_per_second = 2.1;  // of the exponential decay; a fling of 2000 px/s runs about 950 px
constexpr double sample_window_seconds = 0.1;
constexpr double slow_frame_seconds = 0.3;     // on a slow device two samples may lie this far apart
constexpr double resting_finger_seconds = 0.2;
constexpr double slowest_fling = 60;
}  // namespace

bool ScrollAxis::set_sizes(double extent, double viewport) {
  extent_ = extent;
  viewport_ = viewport;
  const double clamped = std::clamp(position_, 0.0, maximum());
  const bool moved = clamped != position_;
  position_ = clamped;
  return moved;
}

void ScrollAxis::move_to(double position) { position_ = std::clamp(position, 0.0, maximum()); }

void ScrollAxis::reveal(double start, double end, double margin) {
  velocity_ = 0;
  const double lowest = end + margin - viewport_;
  const double highest = start - margin;
  if (lowest > highest) {
    move_to(highest);  // larger than the window: its beginning counts
  } else if (position_ < lowest) {
    move_to(lowest);
  } else if (position_ > highest) {
    move_to(highest);
  }
}

void ScrollAxis::begin_drag(double pointer, double seconds) {
  velocity_ = 0;
  samples_[0] = {pointer, seconds};
  sample_count_ = 1;
}

void ScrollAxis::drag_to(double pointer, double seconds) {
  if (sample_count_ == 0) {
    begin_drag(pointer, seconds);
    return;
  }
  if (samples_[sample_count_ - 1].pointer == pointer) {
    return;  // a frame for another reason; whether the finger rests is seen when it is lifted
  }
  move_by(samples_[sample_count_ - 1].pointer - pointer);
  if (sample_count_ == sample_limit) {
    std::copy(samples_ + 1, samples_ + sample_limit, samples_);
    --sample_count_;
  }
  samples_[sample_count_++] = {pointer, seconds};
}

void ScrollAxis::end_drag(double seconds) {
  const int count = sample_count_;
  sample_count_ = 0;
  int oldest = count - 1;
  while (oldest > 0 && seconds - samples_[oldest - 1].seconds <= sample_window_seconds) {
    --oldest;
  }
  if (oldest == count - 1 && count >= 2 && seconds - samples_[count - 2].seconds <= slow_frame_seconds) {
    --oldest;
  }
  if (count < 2 || oldest == count - 1) {
    return;  // it rested before it was lifted
  }
  const Sample& from = samples_[oldest];
  const Sample& to = samples_[count - 1];
  const double elapsed = std::max(to.seconds - from.seconds, 0.008);
  const double speed = (from.pointer - to.pointer) / elapsed;
  if (std::abs(speed) >= slowest_fling && seconds - to.seconds <= resting_finger_seconds) {
    velocity_ = std::clamp(speed, -fastest_fling, fastest_fling);
  }
}

void ScrollAxis::step(double elapsed_seconds) {
  if (velocity_ == 0) {
    return;
  }
  // The integral of the decay, so that the distance does not depend on the frame rate.
  const double decay = std::exp(-friction_per_second * elapsed_seconds);
  const double before = position_;
  move_by(velocity_ * (1 - decay) / friction_per_second);
  velocity_ *= decay;
  const bool at_edge = position_ == before && (position_ == 0 || position_ == maximum());
  if (std::abs(velocity_) < resting_speed || at_edge) {
    velocity_ = 0;
  }
}

VisibleRows visible_rows(double scroll, double viewport, double row_height, std::int64_t count) {
  if (count <= 0 || row_height <= 0 || viewport <= 0) {
    return {};
  }
  const auto first = static_cast<std::int64_t>(std::floor(scroll / row_height));
  const auto end = static_cast<std::int64_t>(std::ceil((scroll + viewport) / row_height));
  return {std::clamp<std::int64_t>(first, 0, count), std::clamp<std::int64_t>(end, 0, count)};
}

double row_offset(std::int64_t row, double row_height, double scroll) {
  return static_cast<double>(row) * row_height - scroll;
}

}  // namespace kehubu
