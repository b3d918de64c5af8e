#include <doctest/doctest.h>

#include <string>

#include "app/shell/theme.h"
#include "app/widgets/icons.h"

using namespace kehubu;

namespace {

constexpr double text_contrast = 4.5;
constexpr double control_contrast = 3.0;

void check_pair(const Theme& theme, ColorToken front, ColorToken back, double least) {
  const double ratio = contrast_ratio(theme.color(front), theme.color(back));
  INFO("theme ", static_cast<int>(theme.name()), " front ", static_cast<int>(front), " back ", static_cast<int>(back));
  CHECK(ratio >= least);
}

}  // namespace

TEST_CASE("every text has a contrast of 4.5 : 1 upon every ground it stands on, in every theme") {
  for (const ThemeName name : all_themes) {
    const Theme& theme = Theme::get(name);
    for (const ColorToken back : {ColorToken::page, ColorToken::surface, ColorToken::surface_raised, ColorToken::surface_sunken, ColorToken::selected}) {
      check_pair(theme, ColorToken::text, back, text_contrast);
      check_pair(theme, ColorToken::text_muted, back, text_contrast);
      check_pair(theme, ColorToken::accent, back, text_contrast);
      check_pair(theme, ColorToken::danger, back, text_contrast);
      check_pair(theme, ColorToken::success, back, text_contrast);
      check_pair(theme, ColorToken::warning, back, text_contrast);
    }
    for (const Tone tone : {Tone::neutral, Tone::accent, Tone::success, Tone::warning, Tone::danger, Tone::info}) {
      check_pair(theme, Theme::soft(tone).text, Theme::soft(tone).fill, text_contrast);
      check_pair(theme, Theme::strong(tone).text, Theme::strong(tone).fill, text_contrast);
    }
    check_pair(theme, ColorToken::on_accent, ColorToken::accent_hover, text_contrast);
    check_pair(theme, ColorToken::on_accent, ColorToken::accent_pressed, text_contrast);
    check_pair(theme, ColorToken::accent, ColorToken::accent_soft, text_contrast);
    check_pair(theme, ColorToken::text, ColorToken::accent_soft, text_contrast);
    check_pair(theme, ColorToken::text_muted, ColorToken::accent_soft, text_contrast);
    check_pair(theme, ColorToken::inverse_accent, ColorToken::inverse, text_contrast);
  }
}

TEST_CASE("text keeps its contrast under the pointer") {
  for (const ThemeName name : all_themes) {
    const Theme& theme = Theme::get(name);
    for (const ColorToken tint : {ColorToken::hover, ColorToken::pressed}) {
      for (const ColorToken ground : {ColorToken::surface, ColorToken::page, ColorToken::surface_raised}) {
        const Rgba back = blend(theme.color(tint), theme.color(ground));
        CHECK(contrast_ratio(theme.color(ColorToken::text), back) >= text_contrast);
        CHECK(contrast_ratio(theme.color(ColorToken::text_muted), back) >= text_contrast);
      }
    }
  }
}

TEST_CASE("borders of controls, the focus ring and chart colours have a contrast of 3 : 1") {
  for (const ThemeName name : all_themes) {
    const Theme& theme = Theme::get(name);
    for (const ColorToken back : {ColorToken::page, ColorToken::surface, ColorToken::surface_raised}) {
      check_pair(theme, ColorToken::border_control, back, control_contrast);
      check_pair(theme, ColorToken::focus_ring, back, control_contrast);
      for (int series = 0; series < 8; ++series) {
        check_pair(theme, Theme::chart(series), back, control_contrast);
      }
    }
  }
}

TEST_CASE("the contrast themes keep what they promise: 7 : 1 for text, 4.5 : 1 for borders, and every part has an edge") {
  for (const ThemeName name : {ThemeName::contrast_light, ThemeName::contrast_dark}) {
    const Theme& theme = Theme::get(name);
    CHECK(theme.name() == name);
    for (const ColorToken back : {ColorToken::page, ColorToken::surface, ColorToken::surface_raised, ColorToken::surface_sunken, ColorToken::selected}) {
      for (const ColorToken front : {ColorToken::text, ColorToken::text_muted, ColorToken::accent, ColorToken::danger, ColorToken::success, ColorToken::warning, ColorToken::info}) {
        check_pair(theme, front, back, 7.0);
      }
      check_pair(theme, ColorToken::border, back, text_contrast);
      check_pair(theme, ColorToken::border_control, back, text_contrast);
      check_pair(theme, ColorToken::text_disabled, back, text_contrast);
    }
    for (const Tone tone : {Tone::neutral, Tone::accent, Tone::success, Tone::warning, Tone::danger, Tone::info}) {
      check_pair(theme, Theme::soft(tone).text, Theme::soft(tone).fill, 7.0);
      check_pair(theme, Theme::strong(tone).text, Theme::strong(tone).fill, 7.0);
    }
  }
}

TEST_CASE("the contrast formula is that of WCAG") {
  CHECK(contrast_ratio({0, 0, 0}, {255, 255, 255}) == doctest::Approx(21));
  CHECK(contrast_ratio({119, 119, 119}, {255, 255, 255}) == doctest::Approx(4.48).epsilon(0.01));
}

TEST_CASE("every icon has a shape, and no two are the same") {
  std::string_view before;
  for (std::uint32_t code = first_icon; code < end_icon; ++code) {
    const IconShape shape = icon_shape(static_cast<Icon>(code));
    INFO(code);
    CHECK_FALSE(shape.path.empty());
    CHECK(shape.path != before);
    before = shape.path;
  }
}
