#include "app/shell/shell.h"

#include <algorithm>

#include "app/pages/first_run_page.h"
#include "app/pages/startup_pages.h"

namespace kehubu {
namespace {

// Of one call of work(): short enough that a finger is never felt to wait.
constexpr std::int64_t task_budget_us = 10'000;
// Progress is redrawn this often, not after every slice: drawing may cost more than the slice.
constexpr std::int64_t progress_interval_us = 100'000;

}  // namespace

Shell::Shell(const ApplicationHost& host)
    : app_(host), startup_(app_), first_run_(std::make_unique<FirstRunPage>(app_, startup_)), startup_pages_(std::make_unique<StartupPages>(app_, startup_)) {
  startup_.begin();
  app_.platform.on_route_changed([this](const std::string& address, int steps) { app_.router.on_address_changed(address, steps); });
  app_.platform.on_update_ready([this] {
    app_.ui.toast({.message = std::string(app_.say(Word::update_ready)),
                   .action_label = std::string(app_.say(Word::update_now)),
                   .action =
                       [this] {
                         if (app_.router.would_lose()) {
                           app_.notify(std::string(app_.say(Word::update_not_now)), Tone::warning);
                           return;
                         }
                         app_.router.keep_drafts();
                         app_.when_durable([this] { app_.platform.apply_update(); });
                       },
                   .seconds = 30,
                   .everywhere = true});
    app_.platform.request_frame();
  });
  app_.platform.on_files_dropped([this](Result<std::vector<PickedFile>> files) {
    if (!files) {
      app_.show_error(files.error());
    } else if (startup_.state() == StartupState::ready && app_.router.current()) {
      app_.receive_files(std::move(*files));
    } else if (startup_.state() == StartupState::first_run && !app_.refuses_files()) {
      first_run_->take(std::move(*files));
    }
    app_.platform.request_frame();
  });
}

Shell::~Shell() = default;

bool Shell::opening() const { return startup_.state() == StartupState::opening; }

bool Shell::wants_frame() const { return app_.ui.wants_frame(); }

bool Shell::unsettled() const { return app_.ui.unsettled(); }

bool Shell::has_work() const { return app_.scheduler.ready(); }

void Shell::work() {
  const bool goes_on = app_.scheduler.run(task_budget_us);
  const std::int64_t now_us = app_.platform.monotonic_us();
  if (!goes_on || now_us - progress_drawn_us_ > progress_interval_us) {
    progress_drawn_us_ = now_us;
    app_.platform.request_frame();
  }
}

void Shell::on_hidden() {
  if (startup_.state() == StartupState::ready) {
    app_.router.keep_drafts();
  } else if (startup_.state() == StartupState::first_run) {
    first_run_->keep_drafts();
  }
  app_.journal.note();
  app_.durable.request_flush();
}

void Shell::frame() {
  app_.router.settle();
  app_.apply_preferences();
  app_.ui.begin_frame();
  draw();
  app_.ui.end_frame();
  app_.router.watch_layers();
  tell_platform();
}

// The tab's title, and whether closing it would lose something.
void Shell::tell_platform() {
  Screen* screen = startup_.state() == StartupState::ready ? app_.router.current() : nullptr;
  const std::string product(app_.say(Word::product_name));
  const std::string title = screen ? screen->title() + " · " + product : product;
  if (title != title_told_) {
    title_told_ = title;
    app_.platform.set_title(title);
  }
  app_.journal.forget_durable();
  const bool unsaved = app_.durable.health().unsaved() || app_.router.would_lose();
  if (unsaved != unsaved_told_) {
    unsaved_told_ = unsaved;
    app_.platform.set_unsaved(unsaved);
  }
}

void Shell::draw() {
  switch (startup_.state()) {
    case StartupState::ready:
      draw_product();
      break;
    case StartupState::first_run:
      first_run_->draw(app_.ui.screen());
      break;
    default:
      startup_pages_->draw(app_.ui.screen());
  }
  draw_job();
}

void Shell::draw_product() {
  Screen* screen = app_.router.current();
  if (!screen) {
    app_.platform.request_frame();  // the router settles before the next frame
    return;
  }
  app_.ui.set_page(screen->serial());
  take_shortcuts();
  const Rectangle whole = app_.ui.screen();
  const float keyboard = whole.top + whole.height - (app_.ui.visible_screen().top + app_.ui.visible_screen().height);
  const bool rail = app_.ui.width_class() == WidthClass::landscape;
  const bool bottom_bar = !rail && !screen->is_form() && keyboard <= 0;
  const float left = rail ? Metrics::rail_width : 0;
  if (rail) {
    draw_navigation({whole.left, whole.top, left, whole.height}, NavigationShape::rail);
  }
  draw_top_bar({whole.left + left, whole.top, whole.width - left, Metrics::bar_height}, *screen);
  Rectangle page{whole.left + left, whole.top + Metrics::bar_height, whole.width - left, whole.height - Metrics::bar_height - keyboard};
  if (bottom_bar) {
    page.height -= Metrics::bar_height;
    draw_navigation({whole.left, whole.top + whole.height - Metrics::bar_height, whole.width, Metrics::bar_height}, NavigationShape::bottom_bar);
  }
  draw_banners(page, *screen);
  app_.ui.with_key("screen", [&] {
    // What is entered where nothing is saved would be lost without a word.
    app_.ui.with_key(screen->serial(), [&] { app_.ui.disabled(app_.read_only() && screen->is_form(), [&] { screen->draw(page); }); });
  });
  screen->watch_drafts();
  app_.router.draw_guard();
  app_.draw_hand_out_question();
  app_.steps.draw(*screen);
  draw_palette();
}

std::vector<Shell::Section> Shell::sections() const {
  std::vector<Section> all{{Word::today, Icon::home, {.place = Place::today}},
                           {Word::customers, Icon::customers, list_of("customer")},
                           {Word::pipeline, Icon::opportunity, {.place = Place::opportunities}},
                           {Word::contracts, Icon::signature, list_of("contract")}};
  if (app_.ui.width_class() == WidthClass::phone) {
    all.push_back({Word::more, Icon::more_horizontal, {.place = Place::more}});
  } else {
    all.push_back({Word::products, Icon::box, list_of("product")});
    all.push_back({Word::exchange, Icon::sync, {.place = Place::exchange}});
    all.push_back({Word::settings, Icon::settings, {.place = Place::settings}});
  }
  return all;
}

void Shell::draw_navigation(const Rectangle& place, NavigationShape shape) {
  const std::vector<Section> entries = sections();
  const bool phone = app_.ui.width_class() == WidthClass::phone;
  // Conflicts are told of on every page, lists and who uses the device are asked about anywhere: wherever they are opened from, each
  // is a matter of one section. A customer or a contract is found from many.
  const Route& here = app_.router.current()->route();
  const bool has_one_section = here.entity == nullptr || here.entity->id == "dict_item";
  Route root = section_of(has_one_section ? here : app_.router.root());
  if (phone && (root.place == Place::exchange || root.place == Place::settings || root == list_of("product"))) {
    root = {.place = Place::more};
  }
  std::vector<NavigationItem> items;
  std::vector<std::string> keys;
  keys.reserve(entries.size());
  for (const Section& section : entries) {
    const bool counts = section.route.place == Place::exchange || section.route.place == Place::more;
    keys.push_back(std::to_string(static_cast<int>(section.label)));
    items.push_back({.key = keys.back(),
                     .label = app_.say(section.label),
                     .icon = section.icon,
                     .current = section.route.place == root.place && section.route.entity == root.entity,
                     .count = counts ? static_cast<int>(app_.conflict_count()) : 0});
  }
  const bool rail = shape != NavigationShape::bottom_bar;
  app_.ui.area("navigation", place, {.role = Role::group, .scrolls = false, .background = ColorToken::surface, .padding = Space::none}, [&] {
    if (rail) {
      app_.ui.space(Space::s);
    }
    const int pressed = app_.ui.navigation("sections", app_.say(Word::navigation), shape, items);
    if (pressed >= 0) {
      app_.router.go_root(entries[static_cast<std::size_t>(pressed)].route);
    }
  });
  const Rectangle edge = rail ? Rectangle{place.left + place.width - 1, place.top, 1, place.height} : Rectangle{place.left, place.top, place.width, 1};
  app_.ui.area("navigation_edge", edge, {.scrolls = false, .background = ColorToken::border, .padding = Space::none}, [] {});
}

// Above the page, as high as its words are: what is to be known before anything else is done. True when its button was pressed.
bool Shell::draw_banner(Rectangle& place, std::string_view key, const BannerOptions& options) {
  const float margin = pixels(Space::s);
  const float side = pixels(app_.ui.width_class() == WidthClass::phone ? Space::m : Space::l);  // as the page below
  const float width = place.width - 2 * side;
  const float height = std::min(app_.ui.banner_height(options, width) + 2 * margin, place.height / 2);
  const Rectangle top{place.left + side - margin, place.top, width + 2 * margin, height};
  place.top += height;
  place.height -= height;
  bool pressed = false;
  app_.ui.area(key, top, {.role = Role::alert, .name = options.title, .padding = Space::s}, [&] { pressed = app_.ui.banner(key, options) == BannerAction::action; });
  return pressed;
}

void Shell::draw_banners(Rectangle& place, const Screen& screen) {
  draw_storage_banner(place);
  if (!app_.read_only()) {
    draw_person_banner(place, screen);
    draw_clock_banner(place);
  }
}

void Shell::draw_storage_banner(Rectangle& place) {
  const StorageHealth& health = app_.durable.health();
  const bool failing = health.state == DurableState::unsaved_error;
  const bool read_only = health.state == DurableState::read_only;
  // What opening found: a loss or a recovery, told until somebody has read it.
  const bool found = !failing && !read_only && !health.message.zh.empty();
  if (!failing && !read_only && !found) {
    return;
  }
  const Word heading = failing ? Word::unsaved_banner : read_only ? Word::read_only_banner : Word::storage_found;
  const Word button = failing ? Word::retry : read_only ? Word::read_only_take_over : Word::understood;
  const std::string_view more = health.message.zh.empty() ? app_.say(failing ? Word::unsaved_banner_sentence : Word::read_only_banner_sentence) : app_.say(health.message);
  if (!draw_banner(place, "storage", {.tone = found ? Tone::warning : Tone::danger, .title = app_.say(heading), .sentence = more, .action_label = app_.say(button)})) {
    return;
  }
  if (failing) {
    app_.durable.request_flush();
  } else if (read_only) {
    app_.platform.write_local_setting(take_over_setting, "1");
    app_.platform.reload();
  } else {
    app_.durable.acknowledge();
  }
}

// Nothing can be recorded in the name of a deleted person: it is asked who uses the device, wherever one is.
void Shell::draw_person_banner(Rectangle& place, const Screen& screen) {
  if (screen.route().place == Place::identity || !app_.person_is_gone()) {
    return;
  }
  const std::string name = app_.title_of(entity_named("employee"), app_.store->identity().person);
  const std::string heading = app_.say(Word::person_gone, {name.empty() ? std::string(app_.say(Word::person_gone_unnamed)) : name});
  if (draw_banner(place, "person", {.tone = Tone::warning, .title = heading, .sentence = app_.say(Word::person_gone_sentence), .action_label = app_.say(Word::settings_person_change)})) {
    app_.router.go({.place = Place::identity});
  }
}

// A clock that was reset, by an empty battery: what it says would be taken down for true.
void Shell::draw_clock_banner(Rectangle& place) {
  const std::int64_t later = app_.later_time_known();
  if (later == 0) {
    return;
  }
  const std::string heading = app_.say(Word::clock_behind, {iso_date(app_.today())});
  const std::string sentence = app_.say(Word::clock_behind_sentence, {iso_date(local_date(later))});
  if (draw_banner(place, "clock", {.tone = Tone::warning, .title = heading, .sentence = sentence, .action_label = app_.say(Word::clock_right)})) {
    app_.trust_clock();
  }
}

void Shell::draw_job() {
  Job* job = app_.current_job();
  if (!job) {
    return;
  }
  const Progress& progress = job->progress;
  bool open = true;
  app_.ui.dialog("job", open, {.title = job->title, .dismissible = false}, [&] {
    // Of the work, which is gone over several times: its pieces are nobody's rows.
    const std::string detail = progress.total > 0 ? std::to_string(100 * progress.done / progress.total) + " %" : std::string();
    const float fraction = progress.total > 0 ? static_cast<float>(progress.done) / static_cast<float>(progress.total) : -1;
    const std::string_view activity = progress.activity.zh.empty() ? std::string_view(job->title) : app_.say(progress.activity);
    if (app_.ui.progress("progress", {.label = activity, .detail = detail, .fraction = fraction, .cancel_label = job->can_cancel ? app_.say(Word::cancel) : std::string_view()})) {
      job->progress.cancelled = true;
    }
  });
}

void Shell::take_shortcuts() {
  if (app_.current_job() || app_.router.asks()) {
    return;
  }
  if (app_.ui.shortcut('K', true)) {
    palette_open_ = true;
    palette_query_.clear();
  }
  if (app_.ui.shortcut('Z', true)) {
    app_.steps.next(false);
  }
  if (app_.ui.shortcut('Y', true)) {
    app_.steps.next(true);
  }
  if (app_.ui.escape_pressed() && app_.router.can_go_back()) {
    app_.router.back();
  }
}

}  // namespace kehubu
