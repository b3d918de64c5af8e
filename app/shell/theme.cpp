#include "app/shell/theme.h"

#include <cmath>
#include <initializer_list>

namespace kehubu {

namespace {

struct TokenColors {
  ColorToken token;
  std::uint32_t light;  // 0xRRGGBBAA
  std::uint32_t dark;
  std::uint32_t contrast_light;
  std::uint32_t contrast_dark;
};

// The one place where colours are written as numbers.
constexpr TokenColors token_table[] = {
    {ColorToken::page, 0xF5F6F8FF, 0x0F1115FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::surface, 0xFFFFFFFF, 0x171A20FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::surface_raised, 0xFFFFFFFF, 0x1F232BFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::surface_sunken, 0xF3F4F7FF, 0x12151AFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::hover, 0x1D21290A, 0xFFFFFF0D, 0x00000014, 0xFFFFFF24},
    {ColorToken::pressed, 0x1D212914, 0xFFFFFF1A, 0x00000024, 0xFFFFFF38},
    {ColorToken::selected, 0xEAEFFEFF, 0x1D2744FF, 0xDCE6FFFF, 0x00205CFF},
    {ColorToken::border, 0xE4E7ECFF, 0x2B3039FF, 0x000000FF, 0xFFFFFFFF},
    {ColorToken::border_control, 0x868E9CFF, 0x6B7585FF, 0x000000FF, 0xFFFFFFFF},
    {ColorToken::text, 0x1B1F27FF, 0xE9EBEFFF, 0x000000FF, 0xFFFFFFFF},
    {ColorToken::text_muted, 0x565F6EFF, 0xA6AEBBFF, 0x1F1F1FFF, 0xEDEDEDFF},
    {ColorToken::text_disabled, 0x9AA2AFFF, 0x646D7AFF, 0x595959FF, 0xA6A6A6FF},
    {ColorToken::accent, 0x2B57E0FF, 0x82A6FFFF, 0x0032A0FF, 0x8AB4FFFF},
    {ColorToken::accent_hover, 0x244BC6FF, 0x98B6FFFF, 0x00287FFF, 0xA6C6FFFF},
    {ColorToken::accent_pressed, 0x1D3EA8FF, 0x6E95F5FF, 0x001F66FF, 0xC2D8FFFF},
    {ColorToken::on_accent, 0xFFFFFFFF, 0x0A1330FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::accent_soft, 0xE8EDFDFF, 0x1E2A4DFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_accent_soft, 0x2447C0FF, 0xABC1FFFF, 0x0032A0FF, 0x8AB4FFFF},
    {ColorToken::success, 0x12783AFF, 0x56D08AFF, 0x00501FFF, 0x5CE38FFF},
    {ColorToken::on_success, 0xFFFFFFFF, 0x06210FFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::success_soft, 0xE2F5E9FF, 0x12331FFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_success_soft, 0x116B34FF, 0x82DBA5FF, 0x00501FFF, 0x5CE38FFF},
    {ColorToken::warning, 0xA94E05FF, 0xF3B33DFF, 0x6B3A00FF, 0xFFC24DFF},
    {ColorToken::on_warning, 0xFFFFFFFF, 0x2A1A00FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::warning_soft, 0xFFF1D8FF, 0x382908FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_warning_soft, 0x7F4700FF, 0xF5C570FF, 0x6B3A00FF, 0xFFC24DFF},
    {ColorToken::danger, 0xCC2A1EFF, 0xFF8A80FF, 0x930000FF, 0xFF9C94FF},
    {ColorToken::on_danger, 0xFFFFFFFF, 0x330806FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::danger_soft, 0xFDE9E7FF, 0x3D1B1AFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_danger_soft, 0xA92419FF, 0xFFA59DFF, 0x930000FF, 0xFF9C94FF},
    {ColorToken::info, 0x1B66C4FF, 0x7CB7FFFF, 0x003D7AFF, 0x8AC7FFFF},
    {ColorToken::on_info, 0xFFFFFFFF, 0x061A33FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::info_soft, 0xE4EFFDFF, 0x132A4BFF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_info_soft, 0x194F9BFF, 0x98C5FFFF, 0x003D7AFF, 0x8AC7FFFF},
    {ColorToken::neutral_soft, 0xEDEFF3FF, 0x292E37FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::on_neutral_soft, 0x414A58FF, 0xC6CCD6FF, 0x000000FF, 0xFFFFFFFF},
    {ColorToken::inverse, 0x252A33FF, 0xE4E7ECFF, 0x000000FF, 0xFFFFFFFF},
    {ColorToken::on_inverse, 0xF4F5F7FF, 0x1B1F27FF, 0xFFFFFFFF, 0x000000FF},
    {ColorToken::inverse_accent, 0xA3BDFFFF, 0x1F46BFFF, 0xA6C6FFFF, 0x0032A0FF},
    {ColorToken::focus_ring, 0x2B57E0FF, 0x9DB9FFFF, 0x0032A0FF, 0xFFD966FF},
    {ColorToken::scrim, 0x10131A73, 0x000000A6, 0x000000B3, 0x000000CC},
    {ColorToken::shadow, 0x10182819, 0x00000059, 0x00000000, 0x00000000},
    {ColorToken::chart_1, 0x2F5BEAFF, 0x7AA2FFFF, 0x0032A0FF, 0x8AB4FFFF},
    {ColorToken::chart_2, 0x0C8578FF, 0x2ED3B7FF, 0x005248FF, 0x2ED3B7FF},
    {ColorToken::chart_3, 0xC75D02FF, 0xFDB022FF, 0x7A3600FF, 0xFDB022FF},
    {ColorToken::chart_4, 0x7A5AF8FF, 0xA48AFBFF, 0x4A1FB8FF, 0xB9A3FFFF},
    {ColorToken::chart_5, 0xC11574FF, 0xF670C7FF, 0x8A0A50FF, 0xF98FD3FF},
    {ColorToken::chart_6, 0x4E7A1EFF, 0x86CB3CFF, 0x2F5200FF, 0x9BE24AFF},
    {ColorToken::chart_7, 0x0B78A8FF, 0x36BFFAFF, 0x004D70FF, 0x5CCBFFFF},
    {ColorToken::chart_8, 0x667085FF, 0x98A2B3FF, 0x333A45FF, 0xC4CCD8FF},
};
static_assert(std::size(token_table) == static_cast<std::size_t>(ColorToken::count_));

constexpr Rgba unpack(std::uint32_t rrggbbaa) {
  return Rgba{static_cast<std::uint8_t>(rrggbbaa >> 24), static_cast<std::uint8_t>(rrggbbaa >> 16),
              static_cast<std::uint8_t>(rrggbbaa >> 8), static_cast<std::uint8_t>(rrggbbaa)};
}

double linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Rgba color) {
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

}  // namespace

struct ThemeTables {
  std::array<Theme, std::size(all_themes)> themes;

  ThemeTables() {
    for (const ThemeName name : all_themes) {
      Theme& theme = themes[static_cast<std::size_t>(name)];
      theme.name_ = name;
      for (const TokenColors& entry : token_table) {
        const std::uint32_t colors[] = {entry.light, entry.dark, entry.contrast_light, entry.contrast_dark};
        theme.colors_[static_cast<std::size_t>(entry.token)] = unpack(colors[static_cast<std::size_t>(name)]);
      }
    }
  }
};

const Theme& Theme::get(ThemeName name) {
  static const ThemeTables tables;
  return tables.themes[static_cast<std::size_t>(name)];
}

TextStyleMetrics Theme::text_style(TextStyle style) {
  switch (style) {
    case TextStyle::caption: return {13, 18, false};
    case TextStyle::caption_strong: return {13, 18, true};
    case TextStyle::body: return {15, 22, false};
    case TextStyle::body_strong: return {15, 22, true};
    case TextStyle::input: return {17, 24, false};
    case TextStyle::subtitle: return {17, 24, true};
    case TextStyle::title: return {20, 28, true};
    case TextStyle::display: return {26, 34, true};
    case TextStyle::count_: break;
  }
  return {};
}

TonePair Theme::soft(Tone tone) {
  switch (tone) {
    case Tone::neutral: return {ColorToken::neutral_soft, ColorToken::on_neutral_soft};
    case Tone::accent: return {ColorToken::accent_soft, ColorToken::on_accent_soft};
    case Tone::success: return {ColorToken::success_soft, ColorToken::on_success_soft};
    case Tone::warning: return {ColorToken::warning_soft, ColorToken::on_warning_soft};
    case Tone::danger: return {ColorToken::danger_soft, ColorToken::on_danger_soft};
    case Tone::info: return {ColorToken::info_soft, ColorToken::on_info_soft};
  }
  return {ColorToken::neutral_soft, ColorToken::on_neutral_soft};
}

TonePair Theme::strong(Tone tone) {
  switch (tone) {
    case Tone::neutral: return {ColorToken::inverse, ColorToken::on_inverse};
    case Tone::accent: return {ColorToken::accent, ColorToken::on_accent};
    case Tone::success: return {ColorToken::success, ColorToken::on_success};
    case Tone::warning: return {ColorToken::warning, ColorToken::on_warning};
    case Tone::danger: return {ColorToken::danger, ColorToken::on_danger};
    case Tone::info: return {ColorToken::info, ColorToken::on_info};
  }
  return {ColorToken::inverse, ColorToken::on_inverse};
}

ColorToken Theme::chart(int series) {
  constexpr int chart_colors = 8;
  const int first = static_cast<int>(ColorToken::chart_1);
  return static_cast<ColorToken>(first + (series % chart_colors + chart_colors) % chart_colors);
}

double contrast_ratio(Rgba a, Rgba b) {
  const double first = luminance(a);
  const double second = luminance(b);
  const double brighter = first > second ? first : second;
  const double darker = first > second ? second : first;
  return (brighter + 0.05) / (darker + 0.05);
}

Rgba blend(Rgba over, Rgba under) {
  const auto mix = [&](std::uint8_t top, std::uint8_t bottom) {
    return static_cast<std::uint8_t>((top * over.alpha + bottom * (255 - over.alpha) + 127) / 255);
  };
  return Rgba{mix(over.red, under.red), mix(over.green, under.green), mix(over.blue, under.blue), 255};
}

}  // namespace kehubu
