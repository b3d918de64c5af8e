#include "app/widgets/painter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/widgets/glyph_text.h"
#include "app/widgets/text_layout.h"
#include "app/widgets/typefaces.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr float full_turn = 2 * std::numbers::pi_v<float>;

ImDrawFlags rounding_flags(int corners) {
  if (corners == corner_all) {
    return ImDrawFlags_RoundCornersAll;
  }
  ImDrawFlags flags = ImDrawFlags_None;
  const bool top = (corners & corner_top) != 0;
  const bool bottom = (corners & corner_bottom) != 0;
  const bool left = (corners & corner_left) != 0;
  const bool right = (corners & corner_right) != 0;
  flags |= top || left ? ImDrawFlags_RoundCornersTopLeft : 0;
  flags |= top || right ? ImDrawFlags_RoundCornersTopRight : 0;
  flags |= bottom || left ? ImDrawFlags_RoundCornersBottomLeft : 0;
  flags |= bottom || right ? ImDrawFlags_RoundCornersBottomRight : 0;
  return flags == 0 ? static_cast<ImDrawFlags>(ImDrawFlags_RoundCornersNone) : flags;
}

float angle_of(float turn) { return (turn - 0.25F) * full_turn; }

}  // namespace

float Painter::snapped(float css) const { return std::floor(css * scale_ + 0.5F); }

std::uint32_t Painter::packed(ColorToken token, float opacity) const {
  const Rgba color = theme_->color(token);
  const float alpha = static_cast<float>(color.alpha) * opacity * opacity_;
  return IM_COL32(color.red, color.green, color.blue, static_cast<std::uint8_t>(std::lround(std::clamp(alpha, 0.0F, 255.0F))));
}

void Painter::fill(const Rectangle& rectangle, ColorToken color, float radius, int corners) {
  draw_list_->AddRectFilled({snapped(rectangle.left), snapped(rectangle.top)},
                            {snapped(rectangle.left + rectangle.width), snapped(rectangle.top + rectangle.height)},
                            packed(color), radius * scale_, rounding_flags(corners));
}

void Painter::outline(const Rectangle& rectangle, ColorToken color, float width, float radius) {
  // ImGui strokes centred on the path and moves it by half a pixel inwards only for widths of one.
  const float stroke = std::max(1.0F, std::round(width * scale_));
  const float inset = stroke / 2 - 0.5F;
  draw_list_->AddRect({snapped(rectangle.left) + inset, snapped(rectangle.top) + inset},
                      {snapped(rectangle.left + rectangle.width) - inset, snapped(rectangle.top + rectangle.height) - inset},
                      packed(color), std::max(0.0F, radius * scale_ - inset), ImDrawFlags_RoundCornersAll, stroke);
}

void Painter::gradient(const Rectangle& rectangle, ColorToken token, float top_opacity, float bottom_opacity) {
  const std::uint32_t top = packed(token, top_opacity);
  const std::uint32_t bottom = packed(token, bottom_opacity);
  draw_list_->AddRectFilledMultiColor({snapped(rectangle.left), snapped(rectangle.top)},
                                      {snapped(rectangle.left + rectangle.width), snapped(rectangle.top + rectangle.height)},
                                      top, top, bottom, bottom);
}

void Painter::fade(const Rectangle& rectangle, ColorToken token, float left_opacity, float right_opacity) {
  const std::uint32_t left = packed(token, left_opacity);
  const std::uint32_t right = packed(token, right_opacity);
  draw_list_->AddRectFilledMultiColor({snapped(rectangle.left), snapped(rectangle.top)},
                                      {snapped(rectangle.left + rectangle.width), snapped(rectangle.top + rectangle.height)},
                                      left, right, right, left);
}

void Painter::shadow(const Rectangle& rectangle, float radius, float spread) {
  // Stacked rounded rectangles: quadratic falloff without a texture.
  constexpr int layers = 6;
  for (int layer = layers; layer >= 1; --layer) {
    const float grow = spread * static_cast<float>(layer) / layers;
    const float opacity = 0.34F * static_cast<float>(layers + 1 - layer) / layers;
    const std::uint32_t color = packed(ColorToken::shadow, opacity);
    const float shift = spread * 0.3F;
    draw_list_->AddRectFilled(
        {snapped(rectangle.left - grow), snapped(rectangle.top - grow + shift)},
        {snapped(rectangle.left + rectangle.width + grow), snapped(rectangle.top + rectangle.height + grow + shift)}, color,
        (radius + grow) * scale_);
  }
}

void Painter::line(Point from, Point to, ColorToken color, float width) {
  const float stroke = std::max(1.0F, std::round(width * scale_));
  if (from.x == to.x || from.y == to.y) {
    // Upright and level lines as rectangles: exactly as many device pixels as asked for.
    const float left = snapped(std::min(from.x, to.x));
    const float top = snapped(std::min(from.y, to.y));
    const float right = from.x == to.x ? left + stroke : snapped(std::max(from.x, to.x));
    const float bottom = from.y == to.y ? top + stroke : snapped(std::max(from.y, to.y));
    draw_list_->AddRectFilled({left, top}, {right, bottom}, packed(color));
    return;
  }
  draw_list_->AddLine({device(from.x), device(from.y)}, {device(to.x), device(to.y)}, packed(color), stroke);
}

void Painter::polyline(std::span<const Point> points, ColorToken color, float width) {
  for (const Point& point : points) {
    draw_list_->PathLineTo({device(point.x), device(point.y)});
  }
  draw_list_->PathStroke(packed(color), ImDrawFlags_None, width * scale_);
}

void Painter::area(std::span<const Point> points, float base_y, ColorToken color, float opacity) {
  if (points.size() < 2) {
    return;
  }
  const std::uint32_t packed_color = packed(color, opacity);
  for (std::size_t index = 0; index + 1 < points.size(); ++index) {
    const Point& a = points[index];
    const Point& b = points[index + 1];
    const ImVec2 corners[4] = {{device(a.x), device(a.y)}, {device(b.x), device(b.y)}, {device(b.x), device(base_y)}, {device(a.x), device(base_y)}};
    // Without anti-aliasing between neighbours: their shared edges would show as seams.
    const ImDrawListFlags before = draw_list_->Flags;
    draw_list_->Flags &= ~ImDrawListFlags_AntiAliasedFill;
    draw_list_->AddConvexPolyFilled(corners, 4, packed_color);
    draw_list_->Flags = before;
  }
}

void Painter::circle(Point center, float radius, ColorToken color) {
  draw_list_->AddCircleFilled({device(center.x), device(center.y)}, device(radius), packed(color));
}

void Painter::ring(Point center, float radius, ColorToken color, float width) {
  draw_list_->AddCircle({device(center.x), device(center.y)}, device(radius), packed(color), 0, std::max(1.0F, device(width)));
}

void Painter::arc(Point center, float radius, float from_turn, float to_turn, ColorToken color, float width) {
  draw_list_->PathArcTo({device(center.x), device(center.y)}, device(radius), angle_of(from_turn), angle_of(to_turn));
  draw_list_->PathStroke(packed(color), ImDrawFlags_None, device(width));
}

void Painter::pie(Point center, float inner_radius, float outer_radius, float from_turn, float to_turn, ColorToken color) {
  arc(center, (inner_radius + outer_radius) / 2, from_turn, to_turn, color, outer_radius - inner_radius);
}

void Painter::triangle(Point a, Point b, Point c, ColorToken color) {
  draw_list_->AddTriangleFilled({device(a.x), device(a.y)}, {device(b.x), device(b.y)}, {device(c.x), device(c.y)}, packed(color));
}

float Painter::measure(std::string_view words, TextStyle style) const { return GlyphText(style, scale_).width(words) / scale_; }

float Painter::text(Point at, std::string_view words, TextStyle style, ColorToken color, float max_width, Align align) {
  const GlyphText letters(style, scale_);
  const auto advance = [&](Symbol symbol) { return letters.advance(symbol); };
  const TextLine line = max_width > 0 ? cut_to_width(words, max_width * scale_ + 0.5F, advance)
                                      : TextLine{0, words.size(), align == Align::start ? 0 : letters.width(words), false};
  const float total = line.cut ? line.width + letters.advance({0x2026, false}) : line.width;
  const float room = max_width > 0 ? max_width * scale_ : 0;
  float left = device(at.x);
  if (align != Align::start) {
    left += (room - total) * (align == Align::center ? 0.5F : 1.0F);
  }
  float drawn = letters.draw(draw_list_, left, snapped(at.y), packed(color), words.substr(line.begin, line.end - line.begin));
  if (line.cut) {
    drawn += letters.draw(draw_list_, left + drawn, snapped(at.y), packed(color), "…");
  }
  return drawn / scale_;
}

void Painter::text_centered(const Rectangle& rectangle, std::string_view words, TextStyle style, ColorToken color) {
  const float line_height = Theme::text_style(style).line_height;
  text({rectangle.left, rectangle.top + (rectangle.height - line_height) / 2}, words, style, color, rectangle.width, Align::center);
}

void Painter::icon(Point at, Icon icon, ColorToken color, float size) {
  if (icon == Icon::none) {
    return;
  }
  ImFontBaked* baked = typeface(Typeface::icons)->GetFontBaked(size * scale_);
  const ImFontGlyph glyph = *baked->FindGlyph(static_cast<ImWchar>(icon));
  if (!glyph.Visible) {
    return;
  }
  const float left = snapped(at.x);
  const float top = snapped(at.y);
  draw_list_->PrimReserve(6, 4);
  draw_list_->PrimRectUV({left + glyph.X0, top + glyph.Y0}, {left + glyph.X1, top + glyph.Y1}, {glyph.U0, glyph.V0},
                         {glyph.U1, glyph.V1}, packed(color));
}

void Painter::icon_centered(const Rectangle& rectangle, Icon icon_shape, ColorToken color, float size) {
  icon({rectangle.left + (rectangle.width - size) / 2, rectangle.top + (rectangle.height - size) / 2}, icon_shape, color, size);
}

void Painter::push_clip(const Rectangle& rectangle) {
  ImGui::PushClipRect({snapped(rectangle.left), snapped(rectangle.top)},
                      {snapped(rectangle.left + rectangle.width), snapped(rectangle.top + rectangle.height)}, true);
}

void Painter::pop_clip() { ImGui::PopClipRect(); }

}  // namespace kehubu
