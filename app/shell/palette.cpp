// The command palette: pages, actions and customers by a few letters of their name, pinyin or initials.
#include "app/shell/shell.h"

namespace kehubu {
namespace {

struct Command {
  std::string_view key;
  Word label;
  Word kind;
};

constexpr Command commands[] = {
    {"visit", Word::record_visit, Word::palette_actions},       {"plan", Word::plan_visit, Word::palette_actions},
    {"new_customer", Word::new_customer, Word::palette_actions}, {"import", Word::import_customers, Word::palette_actions},
    {"send", Word::sync_send, Word::palette_actions},           {"undo", Word::undo, Word::palette_actions},
    {"redo", Word::redo, Word::palette_actions},                {"theme", Word::palette_theme, Word::palette_actions},
    {"language", Word::palette_language, Word::palette_actions}, {"page/today", Word::today, Word::palette_pages},
    {"page/customer", Word::customers, Word::palette_pages},    {"page/opportunities", Word::opportunities, Word::palette_pages},
    {"page/contract", Word::contracts, Word::palette_pages},    {"page/product", Word::products, Word::palette_pages},
    {"page/exchange", Word::exchange, Word::palette_pages},     {"page/conflicts", Word::conflicts, Word::palette_pages},
    {"page/employee", Word::employees, Word::palette_pages},    {"page/org_unit", Word::regions, Word::palette_pages},
    {"page/dictionary", Word::dictionary, Word::palette_pages}, {"page/settings", Word::settings, Word::palette_pages},
};

constexpr std::size_t records_shown = 8;

}  // namespace

std::vector<Option> Shell::palette_options(std::string_view query) {
  std::vector<Option> options;
  const std::string wanted = fold(query);
  if (!wanted.empty()) {
    for (const std::string_view id : {"customer", "contact", "contract", "product"}) {
      const Entity& entity = entity_named(id);
      const ListQuery list{.entity = &entity, .search = std::string(query), .filters = {}, .sort_by = entity.find(entity.title_field)};
      for (const Record& record : app_.records(list, records_shown)) {
        options.push_back({.key = std::string(id) + "/" + record.id.text(), .label = app_.title_of(entity, record.id), .detail = std::string(app_.say(entity))});
      }
    }
  }
  for (const Command& command : commands) {
    // Found by either language's words, so that a name seen elsewhere works here.
    const std::string text = search_text(std::string(word_in(command.label, true))) + fold(word_in(command.label, false));
    if (wanted.empty() || text.find(wanted) != std::string::npos) {
      options.push_back({.key = std::string(command.key), .label = std::string(app_.say(command.label)), .detail = std::string(app_.say(command.kind))});
    }
  }
  return options;
}

void Shell::draw_palette() {
  if (!palette_open_) {
    return;
  }
  const int chosen = app_.ui.palette("palette", palette_open_, palette_query_, app_.say(Word::search_everything), [&](std::string_view query) {
    palette_shown_ = palette_options(query);
    return palette_shown_;
  });
  if (chosen >= 0 && static_cast<std::size_t>(chosen) < palette_shown_.size()) {
    palette_open_ = false;
    run_palette_choice(palette_shown_[static_cast<std::size_t>(chosen)].key);
  }
}

void Shell::run_palette_choice(const std::string& key) {
  const std::size_t slash = key.find('/');
  const std::string head = key.substr(0, slash), tail = slash == std::string::npos ? std::string() : key.substr(slash + 1);
  const Entity& interaction = entity_named("interaction");
  if (head == "page") {
    if (const Entity* entity = find_entity(tail)) {
      app_.router.go_root({.place = Place::list, .entity = entity});
      return;
    }
    const Place place = tail == "today"        ? Place::today
                        : tail == "opportunities"      ? Place::opportunities
                        : tail == "exchange"   ? Place::exchange
                        : tail == "conflicts"  ? Place::conflicts
                        : tail == "dictionary" ? Place::dictionary
                                               : Place::settings;
    app_.router.go_root({.place = place});
  } else if (head == "visit") {
    app_.router.go({.place = Place::visit, .entity = &interaction});
  } else if (head == "plan") {
    app_.router.go({.place = Place::visit, .entity = &interaction, .detail = "plan"});
  } else if (head == "new_customer") {
    app_.router.go(form_for(entity_named("customer")));
  } else if (head == "import") {
    app_.router.go({.place = Place::import, .entity = &entity_named("customer")});
  } else if (head == "send") {
    app_.router.go_root({.place = Place::exchange});
  } else if (head == "undo") {
    app_.steps.choose(false);
  } else if (head == "redo") {
    app_.steps.choose(true);
  } else if (head == "theme") {
    app_.set_preference("theme", app_.ui.theme().name() == ThemeName::dark || app_.ui.theme().name() == ThemeName::contrast_dark ? "light" : "dark");
  } else if (head == "language") {
    app_.set_preference("language", app_.say.chinese() ? "en" : "zh");
  } else if (const Entity* entity = find_entity(head)) {
    if (const auto id = Id::parse(tail)) {
      app_.router.go(record_of(*entity, *id));
    }
  }
}

}  // namespace kehubu
