// Icons: drawn for this product on a grid of 24 × 24, as SVG path data that is stroked (or filled) in the text's colour.
//
// An Icon is a code point of the icon typeface; the platform's glyph rasteriser asks icon_shape() for its path.
#pragma once

#include <cstdint>
#include <string_view>

namespace kehubu {

enum class Icon : std::uint32_t {
  none = 0,
  home = 0x21,  // icon code points start here, so that the index of the icon typeface stays small
  customers, contact, phone, mail, map_pin, calendar, clock, visit, opportunity, order, money, receipt, invoice, stock, box,
  truck, service, complaint, gift, star, star_filled, heart, chart_bar, chart_line, chart_pie, target, trophy, report, form,
  approval, stamp, signature, conflict, merge, sync, import, export_, share, download, upload, cloud_off, saved, saving,
  lock, unlock, key, shield, user, users, organisation, building, settings, language, sun, moon, search, filter, sort,
  sort_up, sort_down, plus, minus, check, close, more, more_horizontal, edit, copy, trash, undo, redo, history, back, forward,
  up, down, chevron_right, chevron_left, chevron_down, chevron_up, menu, list, grid, kanban, tag, note, attachment, camera,
  image, link, external, info, warning, error, help, bell, eye, eye_off, pin, flag, bolt, calculator, percent, database,
  device, print, refresh, drag, command, idea, cake, wine, book,
  end_,
};

struct IconShape {
  std::string_view path;      // SVG path data in a box of 24 × 24
  bool filled = false;        // else stroked, 1.75 wide, round caps and joins
};

// The shape of an icon; an empty path for code points that are none.
[[nodiscard]] IconShape icon_shape(Icon icon);
// Code points of all icons, for warming and for tests.
inline constexpr std::uint32_t first_icon = 0x21;
inline constexpr std::uint32_t end_icon = static_cast<std::uint32_t>(Icon::end_);

}  // namespace kehubu
