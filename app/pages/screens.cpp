// Which page shows which route.
#include "app/pages/conflicts_screen.h"
#include "app/pages/customer_screen.h"
#include "app/pages/opportunities_screen.h"
#include "app/pages/dictionary_screen.h"
#include "app/pages/exchange_screen.h"
#include "app/pages/form_screen.h"
#include "app/pages/identity_screen.h"
#include "app/pages/import_screen.h"
#include "app/pages/list_screen.h"
#include "app/pages/more_screen.h"
#include "app/pages/record_screen.h"
#include "app/pages/settings_screen.h"
#include "app/pages/today_screen.h"
#include "app/pages/visit_screen.h"

namespace kehubu {

std::unique_ptr<Screen> make_screen(App& app, const Route& route) {
  switch (route.place) {
    case Place::today:
      return std::make_unique<TodayScreen>(app);
    case Place::list:
      return std::make_unique<ListScreen>(app, route);
    case Place::record:
      if (route.entity->id == "customer") {
        return std::make_unique<CustomerScreen>(app, route);
      }
      return std::make_unique<RecordScreen>(app, route);
    case Place::form:
      if (route.entity->id == "dict_item" && route.id.empty()) {
        return std::make_unique<DictionaryScreen>(app, route);  // a value is added to its list
      }
      return std::make_unique<FormScreen>(app, route);
    case Place::visit:
      return std::make_unique<VisitScreen>(app, route);
    case Place::opportunities:
      return std::make_unique<OpportunitiesScreen>(app);
    case Place::exchange:
      return std::make_unique<ExchangeScreen>(app);
    case Place::conflicts:
      return std::make_unique<ConflictsScreen>(app);
    case Place::conflict:
      return std::make_unique<ConflictScreen>(app, route);
    case Place::import:
      return std::make_unique<ImportScreen>(app, route);
    case Place::settings:
      return std::make_unique<SettingsScreen>(app);
    case Place::identity:
      return std::make_unique<IdentityScreen>(app);
    case Place::dictionary:
      return std::make_unique<DictionaryScreen>(app, route);
    case Place::more:
      return std::make_unique<MoreScreen>(app);
  }
  return std::make_unique<TodayScreen>(app);
}

}  // namespace kehubu
