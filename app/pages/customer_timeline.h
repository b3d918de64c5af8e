// CustomerTimeline: what happened with a customer, newest first: contacts with it, planned ones on top, and on demand the
// changes of its file.
#pragma once

#include <string>
#include <vector>

#include "app/shell/app.h"

namespace kehubu {

class CustomerTimeline {
 public:
  CustomerTimeline(App& app, const Id& customer) : app_(app), customer_(customer) {}
  void draw();

 private:
  struct Item {
    std::int64_t at = 0;
    std::string key, time, title, body, by;
    Icon icon = Icon::none;
    Tone tone = Tone::neutral;
    Id interaction;  // empty for changes of the file
  };
  void refresh();
  void add_interactions();
  void add_changes();
  [[nodiscard]] Item item_of(const Record& interaction, bool corrected) const;

  App& app_;
  Id customer_;
  std::int64_t revision_ = -1;
  bool with_changes_ = false;
  bool chinese_ = true;
  std::size_t shown_ = 40;
  std::vector<Item> items_;
};

}  // namespace kehubu
