#include "app/pages/dictionary_screen.h"

#include <algorithm>

#include "app/pages/records/reference_picker.h"

namespace kehubu {
namespace {

// Every list that some field uses, editable ones first.
std::vector<const ChoiceList*> all_lists() {
  std::vector<const ChoiceList*> editable, fixed;
  for (const Entity* entity : entities()) {
    for (const Field& field : entity->fields) {
      auto& lists = field.list && field.list->editable ? editable : fixed;
      if (field.list && std::find(lists.begin(), lists.end(), field.list) == lists.end()) {
        lists.push_back(field.list);
      }
    }
  }
  editable.insert(editable.end(), fixed.begin(), fixed.end());
  return editable;
}

}  // namespace

DictionaryScreen::DictionaryScreen(App& app_, const Route& route)
    : Screen(app_, route), list_(route.detail.empty() ? nullptr : find_list(route.detail)) {}

std::string DictionaryScreen::title() { return list_ ? std::string(say.chinese() ? list_->zh : list_->en) : std::string(say(Word::dictionary)); }

std::vector<BarAction> DictionaryScreen::bar_actions() {
  if (!list_ || !list_->editable) {
    return {};
  }
  return {{.key = "add", .label = std::string(say(Word::dictionary_add)), .icon = Icon::plus, .primary = true}};
}

void DictionaryScreen::on_bar_action(std::string_view /*key*/) {
  adding_ = true;
  zh_.clear();
  en_.clear();
}

void DictionaryScreen::draw(const Rectangle& place) {
  page_area(place, [&] {
    if (list_) {
      draw_values();
    } else {
      draw_lists();
    }
  });
  draw_add_dialog();
}

void DictionaryScreen::draw_lists() {
  ui.muted(say(Word::dictionary_sentence));
  ui.space();
  ui.card("lists", {.padding = Space::xs}, [&] {
    for (const ChoiceList* list : all_lists()) {
      const std::string_view name = say.chinese() ? list->zh : list->en;
      const std::string count = say(Word::dictionary_count, {std::to_string(app.store->choices(*list).size())});
      if (ui.list_row(list->id, {.title = name, .trailing = count, .icon = list->editable ? Icon::edit : Icon::lock, .icon_tone = list->editable ? Tone::accent : Tone::neutral, .chevron = true})) {
        app.router.go({.place = Place::dictionary, .detail = std::string(list->id)});
      }
    }
  });
}

void DictionaryScreen::draw_values() {
  if (!list_->editable) {
    ui.muted(say(Word::dictionary_fixed));
    ui.space();
  }
  ui.card("values", {.padding = Space::xs}, [&] {
    for (const Store::ChoiceLabel& choice : app.store->choices(*list_)) {
      const bool built_in = list_->find(choice.id) != nullptr;
      const std::string_view badge = !choice.active ? say(Word::dictionary_inactive) : built_in ? say(Word::dictionary_built_in) : std::string_view();
      (void)ui.list_row(choice.id, {.title = say(choice.label), .subtitle = say.chinese() ? choice.label.en : choice.label.zh, .badge = badge, .icon = Icon::tag, .pressable = false});
    }
  });
}

void DictionaryScreen::draw_add_dialog() {
  if (!adding_) {
    return;
  }
  bool save = false;
  const auto actions = [&] {
    if (ui.button("cancel", say(Word::cancel))) {
      adding_ = false;
    }
    save = ui.button("save", say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check, .disabled = trim(zh_).empty()});
  };
  const Entity& item = entity_named("dict_item");
  ui.dialog("add", adding_, {.title = say(Word::dictionary_add), .actions = actions}, [&] {
    const FieldResult typed = ui.text_field("zh", zh_, {.field = {.label = say(*item.find("zh")), .required = true}, .length_limit = 40, .request_focus = true});
    ui.text_field("en", en_, {.field = {.label = say(*item.find("en"))}, .length_limit = 60});
    save = save || (typed.submitted && !trim(zh_).empty());
  });
  if (save) {
    add_value();
  }
}

void DictionaryScreen::add_value() {
  const Entity& item = entity_named("dict_item");
  const Id id = new_id(app.platform);
  ListQuery present{.entity = &item, .search = {}};
  add_filter(present, "list", std::string(list_->id));
  // The identifier never shows and never changes; made of the record's id it cannot collide with another device's.
  std::string identifier = "v" + id.text();
  std::replace(identifier.begin(), identifier.end(), '-', '_');
  const Edit edit{.entity = &item,
                  .row = id,
                  .fields = {{item.find("list"), std::string(list_->id)},
                             {item.find("ident"), identifier},
                             {item.find("zh"), std::string(trim(zh_))},
                             {item.find("en"), std::string(trim(en_.empty() ? zh_ : en_))},
                             {item.find("seq"), app.count(present) + 1000},
                             {item.find("active"), std::int64_t{1}}}};
  if (app.write({&edit, 1}, say(Word::created_entity, {zh_}))) {
    adding_ = false;
  }
}

}  // namespace kehubu
