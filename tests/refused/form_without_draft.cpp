// refused: no matching
// A form cannot be built without the keeper of its draft.
#include "app/pages/identity_form.h"
#include "app/pages/line_editor.h"
#include "app/pages/records/record_form.h"

namespace kehubu {

void build(App& app, const Entity& entity, const Id& id) {
#if REFUSED == 1
  RecordForm form(app, entity, id);
#elif REFUSED == 2
  LineEditor editor(app, entity, id, true);
#elif REFUSED == 3
  IdentityForm form(app);
#endif
  (void)app, (void)entity, (void)id;
}

}  // namespace kehubu
