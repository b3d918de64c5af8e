// The difference between two frames' semantic trees, as the JSON that web/semantics/mirror.library.js reads:
//   {"nodes": [changed or new nodes], "orders": [[parent, [children in order]], …], "gone": [ids], "focus": [ids], "modal": id or null}
// Parts without content are left out. Ids are strings of decimal digits: JSON numbers do not hold 64 bits everywhere.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "app/widgets/semantics.h"

namespace kehubu {

// What the elements show now.
struct MirrorState {
  std::unordered_map<NodeId, SemanticNode> nodes;
  std::unordered_map<NodeId, std::vector<NodeId>> children;
  NodeId modal = 0;  // the uppermost modal node; everything outside of it is inert
};

// Brings `state` up to `tree`; answers what has to be done to the elements, or "" when nothing.
[[nodiscard]] std::string mirror_update(const SemanticTree& tree, MirrorState& state);

}  // namespace kehubu
