#include <doctest/doctest.h>

#include <cmath>

#include "app/widgets/scroll.h"

using namespace kehubu;

TEST_CASE("the last of a million rows stands exact to the pixel") {
  constexpr std::int64_t count = 1'000'000;
  constexpr double row_height = 64;
  constexpr double viewport = 700;
  ScrollAxis axis;
  axis.set_sizes(count * row_height, viewport);
  axis.move_to(1e18);
  CHECK(axis.position() == count * row_height - viewport);
  const VisibleRows rows = visible_rows(axis.position(), viewport, row_height, count);
  CHECK(rows.end == count);
  CHECK(row_offset(count - 1, row_height, axis.position()) == viewport - row_height);
  // One pixel up moves every row by one pixel, not by a float's step of four.
  axis.move_by(-1);
  CHECK(row_offset(count - 1, row_height, axis.position()) == viewport - row_height + 1);
}

TEST_CASE("only rows that are seen are drawn") {
  CHECK(visible_rows(0, 100, 40, 10).first == 0);
  CHECK(visible_rows(0, 100, 40, 10).end == 3);
  CHECK(visible_rows(39.5, 100, 40, 10).first == 0);
  CHECK(visible_rows(40, 100, 40, 10).first == 1);
  CHECK(visible_rows(40, 80, 40, 10).end == 3);
  CHECK(visible_rows(0, 100, 40, 0).end == 0);
  CHECK(visible_rows(0, 100, 40, 1).end == 1);
}

TEST_CASE("a drag follows the finger and a fling runs on and stops") {
  ScrollAxis axis;
  axis.set_sizes(100'000, 500);
  axis.begin_drag(400, 0);
  for (int step = 1; step <= 10; ++step) {
    axis.drag_to(400 - step * 20, step * 0.016);
  }
  CHECK(axis.position() == doctest::Approx(200));
  axis.end_drag(0.16);
  CHECK(axis.moving());
  int frames = 0;
  double last = axis.position();
  while (axis.moving() && frames < 1000) {
    axis.step(0.016);
    CHECK(axis.position() >= last);
    last = axis.position();
    ++frames;
  }
  CHECK(frames < 200);
  CHECK(axis.position() > 600);
}

TEST_CASE("a fling goes as far at 30 frames a second as at 120") {
  const auto distance = [](double elapsed) {
    ScrollAxis axis;
    axis.set_sizes(1e6, 500);
    axis.begin_drag(400, 0);
    axis.drag_to(300, 0.016);
    axis.drag_to(200, 0.032);
    axis.end_drag(0.032);
    while (axis.moving()) {
      axis.step(elapsed);
    }
    return axis.position();
  };
  CHECK(distance(1.0 / 30) == doctest::Approx(distance(1.0 / 120)).epsilon(0.02));
}

TEST_CASE("a finger that rests before it is lifted does not fling") {
  ScrollAxis axis;
  axis.set_sizes(10'000, 500);
  axis.begin_drag(400, 0);
  axis.drag_to(300, 0.016);
  axis.end_drag(0.5);
  CHECK_FALSE(axis.moving());
}

TEST_CASE("a position never leaves its range, also when the content shrinks") {
  ScrollAxis axis;
  axis.set_sizes(1000, 100);
  axis.move_to(-5);
  CHECK(axis.position() == 0);
  axis.move_to(5000);
  CHECK(axis.position() == 900);
  CHECK(axis.set_sizes(300, 100));
  CHECK(axis.position() == 200);
  CHECK_FALSE(axis.set_sizes(300, 100));
  axis.set_sizes(50, 100);
  CHECK_FALSE(axis.can_scroll());
}

TEST_CASE("revealing moves no more than it must") {
  ScrollAxis axis;
  axis.set_sizes(1000, 100);
  axis.reveal(20, 60, 0);
  CHECK(axis.position() == 0);
  axis.reveal(150, 190, 10);
  CHECK(axis.position() == 100);
  axis.reveal(105, 120, 10);
  CHECK(axis.position() == 95);
}
