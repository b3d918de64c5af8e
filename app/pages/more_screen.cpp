#include "app/pages/more_screen.h"

namespace kehubu {

void MoreScreen::draw(const Rectangle& place) {
  struct Entry {
    Word label;
    Icon icon;
    Route route;
  };
  const std::int64_t conflicts = app.conflict_count();
  const Entry entries[] = {{Word::exchange, Icon::sync, {.place = Place::exchange}},
                           {Word::conflicts, Icon::conflict, {.place = Place::conflicts}},
                           {Word::products, Icon::box, list_of("product")},
                           {Word::employees, Icon::users, list_of("employee")},
                           {Word::regions, Icon::organisation, list_of("org_unit")},
                           {Word::dictionary, Icon::tag, {.place = Place::dictionary}},
                           {Word::settings, Icon::settings, {.place = Place::settings}}};
  page_area(place, [&] {
    ui.card("entries", {.padding = Space::xs}, [&] {
      for (const Entry& entry : entries) {
        const std::string count = entry.label == Word::conflicts && conflicts > 0 ? std::to_string(conflicts) : std::string();
        if (ui.list_row(say(entry.label), {.title = say(entry.label), .badge = count, .badge_tone = Tone::warning, .icon = entry.icon, .icon_tone = Tone::accent, .chevron = true})) {
          app.router.go(entry.route);
        }
      }
    });
  });
}

}  // namespace kehubu
