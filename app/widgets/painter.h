// Painter: drawing in CSS pixels with theme tokens. What charts and custom pictures use; widgets draw with it too.
//
// Edges are snapped to device pixels, so hairlines stay sharp at every pixel ratio. Valid only inside the call that
// handed it out. Coordinates are those of the page (origin at the canvas's top left), as in Rectangle.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "app/shell/theme.h"
#include "app/widgets/icons.h"
#include "app/widgets/semantics.h"

struct ImDrawList;

namespace kehubu {

struct Point {
  float x = 0, y = 0;
};

enum class Align : std::uint8_t { start, center, end };

enum Corner : std::uint8_t { corner_none = 0, corner_top = 1, corner_bottom = 2, corner_left = 4, corner_right = 8, corner_all = 15 };

class Painter {
 public:
  Painter(ImDrawList* draw_list, const Theme& theme, float scale) : draw_list_(draw_list), theme_(&theme), scale_(scale) {}

  [[nodiscard]] const Theme& theme() const { return *theme_; }
  [[nodiscard]] float scale() const { return scale_; }
  [[nodiscard]] ImDrawList* draw_list() const { return draw_list_; }
  // All that follows is this opaque (0..1); for disabled parts and fades.
  void set_opacity(float opacity) { opacity_ = opacity; }

  void fill(const Rectangle& rectangle, ColorToken color, float radius = 0, int corners = corner_all);
  void outline(const Rectangle& rectangle, ColorToken color, float width = 1, float radius = 0);
  void gradient(const Rectangle& rectangle, ColorToken top, float top_opacity, float bottom_opacity);
  // From one side to the other.
  void fade(const Rectangle& rectangle, ColorToken color, float left_opacity, float right_opacity);
  void shadow(const Rectangle& rectangle, float radius, float spread);
  void line(Point from, Point to, ColorToken color, float width = 1);
  void polyline(std::span<const Point> points, ColorToken color, float width = 2);
  void area(std::span<const Point> points, float base_y, ColorToken color, float opacity = 0.15F);
  void circle(Point center, float radius, ColorToken color);
  void ring(Point center, float radius, ColorToken color, float width);
  // Angles in turns, 0 at twelve o'clock, clockwise: (0, 0.25) is the first quarter.
  void arc(Point center, float radius, float from_turn, float to_turn, ColorToken color, float width);
  void pie(Point center, float inner_radius, float outer_radius, float from_turn, float to_turn, ColorToken color);
  void triangle(Point a, Point b, Point c, ColorToken color);

  // One line of text, its line box starting at `at`; returns its width. Longer than `max_width` (> 0): ends with "…".
  float text(Point at, std::string_view words, TextStyle style, ColorToken color, float max_width = 0,
             Align align = Align::start);
  [[nodiscard]] float measure(std::string_view words, TextStyle style) const;
  // Centred in the rectangle, on one line.
  void text_centered(const Rectangle& rectangle, std::string_view words, TextStyle style, ColorToken color);
  void icon(Point at, Icon icon, ColorToken color, float size = Metrics::icon);
  void icon_centered(const Rectangle& rectangle, Icon icon, ColorToken color, float size = Metrics::icon);

  void push_clip(const Rectangle& rectangle);
  void pop_clip();

  // Device pixels, for the few who draw with ImDrawList themselves.
  [[nodiscard]] float device(float css) const { return css * scale_; }
  [[nodiscard]] float snapped(float css) const;
  [[nodiscard]] std::uint32_t packed(ColorToken token, float opacity = 1) const;

 private:
  ImDrawList* draw_list_;
  const Theme* theme_;
  float scale_;
  float opacity_ = 1;
};

}  // namespace kehubu
