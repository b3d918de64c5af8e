// Theme: every colour, distance, radius and letter size of the product, by name.
//
// Pages and widgets never write a literal colour or size; they name a token. tests/unit/widgets_theme.cpp asserts the
// contrasts that this table promises (4.5:1 for text, 3:1 for the borders of controls and for the focus ring; 7:1 and 4.5:1
// in the contrast themes). All lengths are CSS pixels; the widget layer multiplies them by the device's pixel ratio.
#pragma once

#include <array>
#include <cstdint>

namespace kehubu {

struct Rgba {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;
  friend bool operator==(const Rgba&, const Rgba&) = default;
};

enum class ColorToken : std::uint8_t {
  page,            // behind everything
  surface,         // cards, lists, bars
  surface_raised,  // dialogs, menus, sheets
  surface_sunken,  // fields, wells, table heads
  hover,           // laid over a surface under the pointer
  pressed,
  selected,        // behind the selected row or navigation entry
  border,          // between parts; decoration only
  border_control,  // around fields, check boxes, chips: 3:1 against its surface
  text,
  text_muted,  // second lines, labels, hints: still 4.5:1
  text_disabled,
  accent,          // the one colour: primary buttons, selected tabs, links
  accent_hover,
  accent_pressed,
  on_accent,       // text upon accent
  accent_soft,     // quiet fills in the accent's hue
  on_accent_soft,
  success, on_success, success_soft, on_success_soft,
  warning, on_warning, warning_soft, on_warning_soft,
  danger, on_danger, danger_soft, on_danger_soft,
  info, on_info, info_soft, on_info_soft,
  neutral_soft, on_neutral_soft,
  inverse, on_inverse, inverse_accent,  // toasts; the action upon a toast
  focus_ring,
  scrim,    // over the page behind a dialog
  shadow,
  chart_1, chart_2, chart_3, chart_4, chart_5, chart_6, chart_7, chart_8,
  count_,
};

// The contrast themes are for people who asked their system for more contrast, or for a palette of its own (forced colours,
// which a canvas cannot take over): 7:1 for text, 4.5:1 for borders of controls, and no tinted grounds.
enum class ThemeName : std::uint8_t { light, dark, contrast_light, contrast_dark };
inline constexpr ThemeName all_themes[] = {ThemeName::light, ThemeName::dark, ThemeName::contrast_light, ThemeName::contrast_dark};

// Spacing scale.
enum class Space : std::uint8_t { none = 0, hair = 2, xs = 4, s = 8, m = 12, l = 16, xl = 24, xxl = 32, huge = 48 };

enum class TextStyle : std::uint8_t {
  caption,         // 13 regular: second lines, hints
  caption_strong,  // 13 bold: badges, table heads
  body,            // 15 regular
  body_strong,     // 15 bold
  input,           // 17 regular: what is typed; below 16 iOS zooms the page
  subtitle,        // 17 bold: card titles, list titles
  title,           // 20 bold: page titles, dialog titles
  display,         // 26 bold: key figures
  count_,
};

struct TextStyleMetrics {
  float size = 15;         // CSS pixels
  float line_height = 22;
  bool bold = false;
};

// What a message or a badge means; picks the pair of colours.
enum class Tone : std::uint8_t { neutral, accent, success, warning, danger, info };

struct TonePair {
  ColorToken fill;
  ColorToken text;
};

struct Metrics {
  static constexpr float touch_target = 44;   // smallest height and width of anything that can be pressed
  static constexpr float touch_gap = 8;       // smallest distance between two of them
  static constexpr float control_height = 44;
  static constexpr float field_height = 48;
  static constexpr float row_height = 64;     // list row with two lines
  static constexpr float table_row_height = 48;
  static constexpr float bar_height = 56;     // top bar, bottom bar
  static constexpr float rail_width = 88;
  static constexpr float rail_wide_width = 216;
  static constexpr float radius_small = 6;    // badges, chips inside rows
  static constexpr float radius_control = 8;  // buttons, fields
  static constexpr float radius_card = 12;
  static constexpr float radius_sheet = 16;
  static constexpr float icon_small = 16;
  static constexpr float icon = 20;
  static constexpr float icon_large = 24;
  static constexpr float icon_huge = 48;
  static constexpr float avatar = 40;
  static constexpr float dialog_width = 480;
  static constexpr float reading_width = 840; // forms and prose do not grow wider
  static constexpr float phone_below = 600;   // width classes
  static constexpr float portrait_below = 1000;
};

class Theme {
 public:
  [[nodiscard]] static const Theme& get(ThemeName name);

  [[nodiscard]] ThemeName name() const { return name_; }
  [[nodiscard]] Rgba color(ColorToken token) const { return colors_[static_cast<std::size_t>(token)]; }

  [[nodiscard]] static TextStyleMetrics text_style(TextStyle style);
  // Soft fill and the text upon it: badges, banners, quiet chips.
  [[nodiscard]] static TonePair soft(Tone tone);
  // Strong fill and the text upon it: danger buttons, counters.
  [[nodiscard]] static TonePair strong(Tone tone);
  [[nodiscard]] static ColorToken chart(int series);

 private:
  ThemeName name_ = ThemeName::light;
  std::array<Rgba, static_cast<std::size_t>(ColorToken::count_)> colors_{};
  friend struct ThemeTables;
};

// WCAG 2.2 contrast ratio of two opaque colours, 1..21.
[[nodiscard]] double contrast_ratio(Rgba a, Rgba b);
// `over` laid upon the opaque `under`.
[[nodiscard]] Rgba blend(Rgba over, Rgba under);

[[nodiscard]] constexpr float pixels(Space space) { return static_cast<float>(static_cast<std::uint8_t>(space)); }

}  // namespace kehubu
