// What becomes of what was typed and not saved, asked wherever it is left: a page by its Back, a dialog by its Cancel, its
// cross, Escape or a tap beside it.
#pragma once

#include <cstdint>

#include "app/shell/app.h"

namespace kehubu {

enum class LeaveAnswer : std::uint8_t { none, keep, stay, discard };

// Every frame until it is answered. `can_keep`: as a draft; else leaving means losing it, and the question says so.
[[nodiscard]] LeaveAnswer draw_leave_question(App& app, bool can_keep);

}  // namespace kehubu
