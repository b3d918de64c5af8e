// What was typed and neither saved nor discarded, wherever it was: to go on with or to throw away.
#pragma once

#include <vector>

#include "app/shell/app.h"
#include "core/store/drafts.h"

namespace kehubu {

class DraftsCard {
 public:
  explicit DraftsCard(App& app) : app_(app) {}
  // Draws nothing when there is none.
  void draw();

 private:
  struct Entry {
    KeptDraft draft;  // without its content
    bool lost_its_record = false;
  };
  void refresh();

  App& app_;
  std::int64_t revision_ = -1, store_revision_ = -1;
  std::vector<Entry> entries_;
};

}  // namespace kehubu
