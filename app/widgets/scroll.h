// Scrolling of one axis: dragged by a finger, flung, turned by a wheel. No ImGui, no clock of its own.
//
// Positions are doubles: a list of 1,000,000 rows of 64 CSS pixels is 64,000,000 pixels long, where a float moves in
// steps of 4. Drawing subtracts in double and only then goes to float, so that rows stand exact to the pixel.
#pragma once

#include <cstdint>

namespace kehubu {

class ScrollAxis {
 public:
  // Pixels a second below which a fling has ended: then no further frame is needed.
  static constexpr double resting_speed = 12;
  static constexpr double fastest_fling = 12000;

  [[nodiscard]] double position() const { return position_; }
  [[nodiscard]] double maximum() const { return extent_ > viewport_ ? extent_ - viewport_ : 0; }
  [[nodiscard]] double extent() const { return extent_; }
  [[nodiscard]] double viewport() const { return viewport_; }
  [[nodiscard]] bool can_scroll() const { return maximum() > 0.5; }
  [[nodiscard]] bool moving() const { return velocity_ != 0; }

  // Content and window changed. True when the position had to be moved into the new range.
  bool set_sizes(double extent, double viewport);
  void move_to(double position);
  void move_by(double pixels) { move_to(position_ + pixels); }
  // Moves as little as possible to show [start, end] of the content, with `margin` around it.
  void reveal(double start, double end, double margin);

  // A finger: positions in pixels of the screen, times in seconds.
  void begin_drag(double pointer, double seconds);
  void drag_to(double pointer, double seconds);
  void end_drag(double seconds);  // goes on as a fling if the finger was fast
  void stop() { velocity_ = 0; }

  // Moves a fling on by the time since the last frame.
  void step(double elapsed_seconds);

 private:
  double position_ = 0;
  double velocity_ = 0;  // pixels a second, positive towards the end of the content
  double extent_ = 0;
  double viewport_ = 0;

  struct Sample {
    double pointer = 0, seconds = 0;
  };
  static constexpr int sample_limit = 8;
  Sample samples_[sample_limit];
  int sample_count_ = 0;
};

// Which rows of equal height are seen, and where they stand.
struct VisibleRows {
  std::int64_t first = 0;
  std::int64_t end = 0;  // exclusive
};
[[nodiscard]] VisibleRows visible_rows(double scroll, double viewport, double row_height, std::int64_t count);
// Upper edge of a row relative to the viewport's: exact, since the difference of two near doubles is.
[[nodiscard]] double row_offset(std::int64_t row, double row_height, double scroll);

}  // namespace kehubu
