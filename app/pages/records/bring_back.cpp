#include "app/pages/records/bring_back.h"

#include "app/shell/app.h"
#include "core/sync/bring_back.h"

namespace kehubu {

bool bring_back(App& app, const Entity& entity, const Id& row) {
  if (!app.may_write()) {
    return false;
  }
  const auto written = bring_back(*app.store, entity, row);
  if (!written) {
    app.show_error(written.error());
    return false;
  }
  std::string message = app.say(Word::restored_record, {app.title_of(entity, row)});
  for (const Sentence& hint : written->hints) {
    message += "\n" + std::string(app.say(hint));
  }
  app.steps.tell_undoable(std::move(message));
  app.platform.request_frame();
  return true;
}

}  // namespace kehubu
