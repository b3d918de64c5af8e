#include "app/pages/form_screen.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/pages/record_screen.h"
#include "app/pages/records/internal_fields.h"

namespace kehubu {
namespace {

constexpr char lines_mark = '\x1d';  // between a packed form and its packed lines
constexpr std::size_t lines_section = 1;  // a document's lines stand below its basics
constexpr std::size_t index_from = 4;  // sections; a shorter form is its own index

}  // namespace

FormScreen::FormScreen(App& app_, const Route& route) : Screen(app_, route), entity_(*route.entity), guard_(app_, entity_, route.id), drafts_(*this, {.content = [this] { return pack(); }, .title = [this] { return draft_title(); }}) {
  start();
  if (const auto draft = drafts_.take_resumed()) {
    waiting_ = *draft;
    unpack(*draft);
  }
}

void FormScreen::unpack(const std::string& draft) {
  const std::size_t mark = draft.find(lines_mark);
  form_->unpack(std::string_view(draft).substr(0, mark));
  if (lines_ && mark != std::string::npos) {
    lines_->unpack(std::string_view(draft).substr(mark + 1));
  }
}

std::string FormScreen::pack() const {
  if (guard_.refuses()) {
    return waiting_;
  }
  if (done_ || !(form_->changed() || (lines_ && lines_->changed()))) {
    return {};
  }
  return form_->pack() + lines_mark + (lines_ ? lines_->pack() : std::string());
}

std::string FormScreen::draft_title() {
  const std::string name = app.show(*entity_.find(entity_.title_field), form_->value(entity_.title_field));
  return name.empty() ? title() : title() + " · " + name;
}

void FormScreen::start() {
  form_ = std::make_unique<RecordForm>(app, drafts_, entity_, route().id);
  for (const Field& field : entity_.fields) {
    is_internal(field) ? form_->hide(field.id) : void();
  }
  if (!route().about.empty()) {
    form_->preset("customer", route().about);
  }
  if (const Entity* lines = lines_of(entity_)) {
    lines_ = std::make_unique<LineEditor>(app, drafts_, *lines, form_->id(), form_->is_new());
  }
}

std::string FormScreen::title() { return say(form_->is_new() ? Word::create_entity : Word::edit_entity, {say.inside(entity_)}); }

std::vector<BarAction> FormScreen::bar_actions() {
  if (guard_.refuses()) {
    return {};
  }
  return {{.key = "save", .label = std::string(say(Word::save)), .icon = Icon::check, .primary = true}};
}

void FormScreen::on_bar_action(std::string_view key) {
  if (key == "save") {
    save();
  }
}

// A strip of chips above a long form: its sections, one tap away. Answers the place that is left.
Rectangle FormScreen::draw_index(const Rectangle& place) {
  std::vector<std::string_view> sections = form_->sections();
  if (lines_) {
    sections.insert(sections.begin() + std::min<std::ptrdiff_t>(lines_section, std::ssize(sections)), say(Word::contract_lines));
  }
  if (sections.size() != sections_drawn_) {
    sections_drawn_ = sections.size();
    app.platform.request_frame();  // the sections of the frame before: they may just have been unfolded
  }
  if (sections.size() < index_from) {
    return place;
  }
  const float margin = pixels(ui.width_class() == WidthClass::phone ? Space::m : Space::l), inset = pixels(Space::s);
  const Rectangle strip{place.left, place.top, place.width, Metrics::touch_target + 2 * inset};
  const Rectangle inner{strip.left + margin, strip.top + inset, strip.width - 2 * margin, Metrics::touch_target};
  ui.area("index_ground", strip, {.scrolls = false, .padding = Space::none}, [] {});
  ui.area("index", inner, {.role = Role::group, .name = say(Word::form_sections), .scrolls = false, .padding = Space::none, .max_width = Metrics::reading_width}, [&] {
    ui.scroll_row("sections", Space::s, [&] {
      for (std::size_t section = 0; section < sections.size(); ++section) {
        if (ui.chip(std::to_string(section), sections[section])) {
          jump_to(section);
        }
      }
    });
  });
  return {place.left, place.top + strip.height, place.width, place.height - strip.height};
}

void FormScreen::jump_to(std::size_t section) {
  if (lines_ && section == lines_section) {
    jump_to_lines_ = true;
  } else {
    form_->jump_to(lines_ && section > lines_section ? section - 1 : section);
  }
}

void FormScreen::draw_lines() {
  if (!lines_) {
    return;
  }
  if (std::exchange(jump_to_lines_, false)) {
    ui.scroll_here();
  }
  lines_->draw();
  ui.space();
}

void FormScreen::follow_store() {
  guard_.look_again([this] { waiting_ = pack(); });
  if (!guard_.refuses() && form_->follow_store() && lines_) {
    lines_->follow_store();
  }
}

void FormScreen::draw(const Rectangle& place) {
  follow_store();
  if (guard_.refuses()) {
    std::vector<std::pair<std::string, std::string>> written = form_->written();
    if (lines_) {
      std::ranges::move(lines_->written(), std::back_inserter(written));
    }
    page_area(place, [&] { guard_.draw(route(), written); });
    return;
  }
  if (ui.shortcut('S', true)) {
    save();
  }
  page_area(draw_index(place), [&] {
    if (drafts_.draw_offer() != DraftAnswer::none) {
      start();
      if (const auto draft = drafts_.take_resumed()) {
        unpack(*draft);
      }
    }
    form_->draw_changes_since();
    form_->draw_problem_summary();
    if (lines_ && lines_->draw_problems()) {
      ui.space();
    }
    form_->draw([&] { draw_lines(); });
  });
  form_->draw_overlays();
  if (form_->take_agreed()) {
    save();
  }
  if (lines_) {
    lines_->draw_overlays();
  }
}

void FormScreen::save() {
  const bool lines_good = !lines_ || lines_->check();
  if (!form_->check() || !lines_good) {
    ui.scroll_area_to_top("page");
    return;
  }
  if (form_->holds_back()) {
    return;
  }
  std::vector<Edit> edits{form_->edit()};
  if (lines_) {
    lines_->collect(edits);
  }
  if (!form_->is_new() && edits.front().fields.empty()) {
    edits.erase(edits.begin());
  }
  if (edits.empty()) {
    drafts_.discard();
    done_ = true;
    app.router.leave();
    return;
  }
  const std::string name = app.show(*entity_.find(entity_.title_field), form_->value(entity_.title_field));
  const std::string told = say(form_->is_new() ? Word::created_entity : Word::saved_entity, {name.empty() ? std::string(say(entity_)) : name});
  if (!drafts_.settle([&] { return app.write(edits, told); })) {
    return;
  }
  done_ = true;
  const bool has_own_page = entity_.id != "contact" && entity_.id != "dict_item";
  if (form_->is_new() && (has_own_page || route().about.empty())) {
    app.router.replace(record_of(entity_, form_->id()));
  } else {
    app.router.leave();
  }
}

}  // namespace kehubu
