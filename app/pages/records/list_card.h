// A card of list rows under a heading. Rows have an inset of their own; the heading stands in line with their words.
#pragma once

#include <string_view>

#include "app/widgets/ui.h"

namespace kehubu {

inline void list_card(Ui& ui, std::string_view key, std::string_view heading, FunctionRef<void()> body) {
  ui.card(key, {.padding = Space::s, .name = heading}, [&] {
    ui.space(Space::xs);
    ui.indent(Space::m, [&] { ui.heading(heading, 2); });
    body();
  });
}

}  // namespace kehubu
