// A card of list rows under a heading. Rows have an inset of their own; with it their words stand where those of any card do.
#pragma once

#include <string_view>

#include "app/widgets/ui.h"

namespace kehubu {

inline void list_card(Ui& ui, std::string_view key, std::string_view heading, FunctionRef<void()> body) {
  ui.card(key, {.padding = Space::xs, .name = heading}, [&] {
    ui.space(Space::m);
    ui.indent(Space::m, [&] { ui.heading(heading, 2); });
    body();
  });
}

// Instead of rows: why there are none, and what to do about it.
inline void list_card_empty(Ui& ui, std::string_view words, std::string_view more = {}) {
  ui.indent(Space::m, [&] {
    ui.stack(Space::xs, [&] {
      ui.text(words, {.color = ColorToken::text_muted});
      if (!more.empty()) {
        ui.muted(more);
      }
    });
  });
  ui.space(Space::m);
}

}  // namespace kehubu
