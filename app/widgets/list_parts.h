// Parts that lists, tables and the bigger pieces share. Inside app/widgets only.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/widgets/ui_state.h"

namespace kehubu {

// lists.cpp: the keyboard in lists. mark_list_focus() before control() of a row's own control.
void mark_list_focus(UiState& state, Key key, SemanticNode& node);
// Sizes, scroll_to and the arrow keys of a virtual list or table.
ScrollAxis& begin_list_scroll(UiState& state, Key key, std::int64_t count, float row_height, float viewport, float bottom_room, std::int64_t scroll_to);

// parts.cpp
void draw_check_square(UiState& state, const Rectangle& square, bool checked, bool disabled);
void draw_avatar(UiState& state, const Rectangle& circle, std::string_view name);
void draw_icon_tile(UiState& state, const Rectangle& box, Icon icon, Tone tone);
[[nodiscard]] int wrapped_line_count(UiState& state, std::string_view words, TextStyle style, float width);
// Draws wrapped words from the top of the box; answers their height.
float draw_wrapped(UiState& state, const Rectangle& box, std::string_view words, TextStyle style, ColorToken color, int max_lines = 0);
[[nodiscard]] float wrapped_height(UiState& state, std::string_view words, TextStyle style, float width);

}  // namespace kehubu
