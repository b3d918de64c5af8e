// RecordMenu: what can be done with one record of a list or a board, without opening it: a right click, a long press or the
// menu key opens it at the row.
#pragma once

#include <string>

#include "app/pages/records/phone_call.h"
#include "app/pages/records/record_removal.h"
#include "app/pages/records/stage_move.h"

namespace kehubu {

class RecordMenu {
 public:
  explicit RecordMenu(DraftHost& host) : app_(host.draft_app()), removal_(app_), stages_(host), call_(app_) {}

  void open_at(const Entity& entity, const Id& id);
  // The menu and the dialogs that follow from it. Once per frame, after what it belongs to.
  void draw();
  [[nodiscard]] StageMove& stages() { return stages_; }

 private:
  void choose(std::string_view key);

  App& app_;
  RecordRemoval removal_;
  StageMove stages_;
  PhoneCall call_;
  const Entity* entity_ = nullptr;
  Id id_;
  Rectangle place_;
  bool open_ = false;
};

// What the record's person is called under: its first field of telephone numbers, as it is written; "" when it has none.
[[nodiscard]] std::string number_to_call(App& app, const Record& record);

}  // namespace kehubu
