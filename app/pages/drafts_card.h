// What was typed and neither saved nor discarded, wherever it was: to go on with or to throw away.
#pragma once

#include "app/shell/app.h"

namespace kehubu {

// Draws nothing when there is none.
void draw_drafts_card(App& app);

}  // namespace kehubu
