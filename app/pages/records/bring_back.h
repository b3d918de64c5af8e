// A record from the bin.
#pragma once

#include "core/store/store.h"

namespace kehubu {

class App;

// With what went along with it; told with what does not come back, undoable. False where it cannot be, which is told.
bool bring_back(App& app, const Entity& entity, const Id& row);

}  // namespace kehubu
