#include "app/pages/list_screen.h"

#include "app/pages/follow_ups.h"
#include "core/importing/importing.h"

namespace kehubu {

ListScreen::ListScreen(App& app_, const Route& route, RecordMenu* menu)
    : Screen(app_, route),
      entity_(*route.entity),
      list_(app_, entity_),
      filters_(app_, list_),
      own_menu_(menu ? nullptr : std::make_unique<RecordMenu>(*this)),
      menu_(menu ? *menu : *own_menu_),
      call_(app_) {
  filters_.restore();
  if (route.detail == follow_ups_due_detail && entity_.id == "customer") {
    list_.query = follow_ups_due(app_);
  } else if (const Field* sort_by = entity_.find(route.detail)) {
    list_.query.filters.clear();
    list_.query.sort_by = sort_by;
    list_.query.direction = SortDirection::ascending;
  }
}

std::string ListScreen::title() {
  struct Plural {
    std::string_view entity;
    Word word;
  };
  constexpr Plural plurals[] = {{"customer", Word::customers}, {"opportunity", Word::opportunities}, {"contract", Word::contracts},
                                {"product", Word::products},   {"employee", Word::employees},        {"org_unit", Word::regions},
                                {"contact", Word::tab_contacts}, {"interaction", Word::interactions}};
  for (const Plural& plural : plurals) {
    if (plural.entity == entity_.id) {
      return std::string(say(plural.word));
    }
  }
  return std::string(say(entity_));
}

std::vector<BarAction> ListScreen::bar_actions() {
  std::vector<BarAction> actions;
  if (view_of(entity_).can_import) {
    actions.push_back({.key = "import", .label = std::string(say(Word::import_list)), .icon = Icon::import});
  }
  if (list_.size() > 0) {
    actions.push_back({.key = "export", .label = std::string(say(Word::export_list)), .icon = Icon::export_});
  }
  actions.push_back({.key = "new", .label = say(Word::create_entity, {say.inside(entity_)}), .icon = Icon::plus, .primary = list_.size() > 0});  // else the page itself says what to do
  return actions;
}

void ListScreen::on_bar_action(std::string_view key) {
  if (key == "new") {
    app.router.go(form_for(entity_));
  } else if (key == "import") {
    app.router.go({.place = Place::import, .entity = &entity_});
  } else if (key == "export") {
    export_rows();
  }
}

void ListScreen::draw(const Rectangle& place) {
  list_.refresh();
  const bool phone = ui.width_class() == WidthClass::phone;
  // Close to the bar above: what the page is for are its rows.
  const float margin = pixels(phone ? Space::m : Space::l), top = pixels(Space::s);
  const float below = ui.width_class() == WidthClass::landscape ? margin : 0;  // a table has a frame; rows go on under the bar
  const Rectangle inner{place.left + margin, place.top + top, place.width - 2 * margin, place.height - top - below};
  ui.area("ground", place, {.scrolls = false, .padding = Space::none}, [] {});
  ui.area("page", inner, {.role = Role::main, .name = title(), .scrolls = false, .padding = Space::none}, [&] {
    if (list_.total() > 0 || list_.query.deleted || deleted_count() > 0) {
      draw_toolbar();
    }
    if (list_.size() == 0) {
      draw_empty();
      return;
    }
    const RecordListResult result = draw_record_list(app, list_, "list", title());
    if (result.sorted) {
      filters_.remember();
    }
    if (!result.pressed.empty()) {
      app.router.go(record_of(entity_, result.pressed));
    } else if (!result.menu.empty()) {
      menu_.open_at(entity_, result.menu);
    } else if (!result.call.empty()) {
      call_.dial(result.call);
    }
  });
  if (own_menu_) {
    own_menu_->draw();
  }
  call_.draw();
}

void ListScreen::draw_toolbar() {
  const bool phone = ui.width_class() == WidthClass::phone;
  const bool wide = ui.width_class() == WidthClass::landscape;
  constexpr float search_width = 280;
  constexpr float count_width = 72;
  bool changed = false;
  ui.stack(Space::none, [&] {
    ui.row("toolbar", {.gap = Space::s, .wrap = false}, [&] {
      const float buttons = 2 * (Metrics::touch_target + pixels(Space::s));
      ui.width_limit(phone ? ui.available_width() - buttons : search_width, [&] { changed = draw_search(); });
      if (wide) {
        ui.width_limit(count_width, [&] { ui.text(count_sentence(), {.style = TextStyle::caption, .color = ColorToken::text_muted, .role = Role::status}); });
      }
      changed = filters_.draw() || changed;
    });
    if (changed) {
      list_.refresh(true);
      app.platform.request_frame();  // the number has been drawn already
    }
  });
}

// Where room is scarce the field says the number of rows at its end.
bool ListScreen::draw_search() {
  const std::string words = search_words(app, entity_), count = App::format_count(list_.size()), sentence = count_sentence();
  const std::string label = say(Word::search_in, {say.inside(entity_), words}), placeholder = say(Word::search_by, {words});
  TextFieldOptions options{.field = {.label = label, .placeholder = placeholder, .label_hidden = true}};
  if (ui.width_class() != WidthClass::landscape) {
    options.suffix = count;
    options.suffix_says = sentence;
  }
  return ui.search_field("search", list_.query.search, options).changed;
}

std::string ListScreen::count_sentence() {
  const bool narrowed = !list_.query.search.empty() || filters_.any();
  return say(narrowed ? Word::count_found : Word::count_of, {App::format_count(list_.size())});
}

// Of what is searched for and not found: how much of it only the filters hide. Counted once.
std::int64_t ListScreen::found_without_filters() {
  ListQuery query = list_.query;
  if (query.filters.empty() || query.search.empty()) {
    return 0;
  }
  if (hidden_.search != query.search || hidden_.revision != app.store->revision() || hidden_.deleted != query.deleted) {
    hidden_ = {.search = query.search, .revision = app.store->revision(), .deleted = query.deleted};
    query.filters.clear();
    hidden_.count = app.count(query);
  }
  return hidden_.count;
}

// Asked where nothing lives: what was deleted is still to be reached. Counted once.
std::int64_t ListScreen::deleted_count() {
  if (in_bin_.revision != app.store->revision()) {
    ListQuery query{.entity = &entity_, .search = {}};
    query.deleted = true;
    in_bin_ = {.revision = app.store->revision(), .count = app.count(query)};
  }
  return in_bin_.count;
}

void ListScreen::draw_empty() {
  if (list_.query.deleted && list_.query.search.empty() && list_.query.filters.empty()) {
    (void)ui.empty_state("nothing", {.icon = Icon::trash, .title = say(Word::deleted_none), .sentence = say(Word::deleted_none_sentence)});
    return;
  }
  if (list_.total() > 0) {
    const std::int64_t hidden = found_without_filters();
    const std::string sentence = hidden > 0 ? say(Word::list_filtered_out_sentence, {App::format_count(hidden), list_.query.search}) : say(Word::list_nothing_found_sentence, {search_words(app, entity_)});
    const auto action = ui.empty_state("nothing", {.icon = hidden > 0 ? Icon::filter : Icon::search,
                                                   .title = say(hidden > 0 ? Word::list_filtered_out : Word::list_nothing_found),
                                                   .sentence = sentence,
                                                   .action_label = filters_.any() ? say(Word::filters_clear) : std::string_view()});
    if (action == EmptyStateAction::first) {
      filters_.clear();
      list_.refresh(true);
    }
    return;
  }
  const bool can_import = view_of(entity_).can_import;
  const auto action = ui.empty_state("empty", {.icon = icon_of(entity_),
                                               .title = say(Word::list_empty, {say.inside(entity_)}),
                                               .sentence = say(can_import ? Word::list_empty_sentence : Word::list_empty_plain),
                                               .action_label = say(Word::create_entity, {say.inside(entity_)}),
                                               .action_icon = Icon::plus,
                                               .second_label = can_import ? say(Word::import_list) : std::string_view()});
  if (action == EmptyStateAction::first) {
    on_bar_action("new");
  } else if (action == EmptyStateAction::second) {
    on_bar_action("import");
  }
}

void ListScreen::export_rows() {
  const ListQuery query = list_.query;
  const std::int64_t count = list_.size();
  app.start_job<Result<std::string>>(
      std::string(say(Word::export_list)),
      [this, query](Progress& progress) { return export_csv(*app.store, query, say.chinese(), progress, view_of(entity_).columns); },
      [application = &app, count, name = title() + "-" + iso_date(app.today()) + ".csv"](Result<std::string> csv) {
        if (!csv) {
          application->show_error(csv.error());
          return;
        }
        application->save_text_file(name, "text/csv", *csv, false);
        application->notify(application->say(Word::exported_rows, {App::format_count(count)}));
      });
}

}  // namespace kehubu
