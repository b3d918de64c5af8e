// What the makers of input events and the widget layer agree on.
#pragma once

namespace kehubu {

// One unit of ImGui's wheel is this many CSS pixels.
inline constexpr float wheel_unit = 100;

}  // namespace kehubu
