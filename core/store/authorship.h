// Whose deed is being written. Private to store/.
#pragma once

#include "core/store/past.h"
#include "core/store/store_implementation.h"

namespace kehubu {

struct StoreImplementation::Authorship {
  const Deed& deed;
  DeviceNumber device;
  Environment& environment;  // its now is the deed's
};

}  // namespace kehubu
