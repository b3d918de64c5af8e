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

constexpr std::string_view part_name = "add";  // of the dialog

}  // namespace

DictionaryScreen::DictionaryScreen(App& app_, const Route& route)
    : Screen(app_, route), list_(route.detail.empty() ? nullptr : find_list(route.detail)) {
  if (list_ && !resumed_part(part_name).empty()) {
    begin();
  }
}

std::string DictionaryScreen::title() { return list_ ? std::string(say.chinese() ? list_->zh : list_->en) : std::string(say(Word::dictionary)); }

std::vector<BarAction> DictionaryScreen::bar_actions() {
  if (!list_ || !list_->editable) {
    return {};
  }
  return {{.key = "add", .label = std::string(say(Word::dictionary_add)), .icon = Icon::plus, .primary = true}};
}

void DictionaryScreen::on_bar_action(std::string_view /*key*/) { begin(); }

void DictionaryScreen::begin() {
  const Entity& item = entity_named("dict_item");
  const auto start = [this, &item](RecordForm& form) {
    ListQuery present{.entity = &item, .search = {}};
    add_filter(present, "list", std::string(list_->id));
    // The identifier never shows and never changes; made of the record's id it cannot collide with another device's.
    std::string identifier = "v" + form.id().text();
    std::replace(identifier.begin(), identifier.end(), '-', '_');
    form.preset("list", std::string(list_->id));
    form.preset("ident", identifier);
    form.preset("seq", app.count(present) + 1000);
    form.preset("active", std::int64_t{1});
    form.focus("zh");
  };
  dialog_ = std::make_unique<DialogForm>(*this, item, Id{}, DialogForm::Options{.part = std::string(part_name), .title = [this] { return title() + " · " + std::string(say(Word::dictionary_add)); }, .start = start});
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

// The list's values with the records of those that people added, each of these: a merge may bring two of one identifier. What is
// deleted is none of them.
const DictionaryScreen::Values& DictionaryScreen::values_of(const ChoiceList& list) {
  if (revision_ != app.store->revision()) {
    revision_ = app.store->revision();
    values_.clear();
  }
  const auto [position, is_first] = values_.try_emplace(&list);
  Values& values = position->second;
  if (!is_first) {
    return values;
  }
  const Entity& entity = entity_named("dict_item");
  ListQuery own{.entity = &entity, .search = {}};
  add_filter(own, "list", std::string(list.id));
  own.sort_by = entity.find("seq");
  const std::vector<Record> items = app.records(own, static_cast<std::size_t>(app.count(own)));
  for (const Store::ChoiceLabel& choice : app.store->choices(list)) {
    const std::size_t before = values.size();
    for (const Record& item : items) {
      if (text_or_empty(item.value("ident")) == choice.id) {
        const std::string &zh = text_or_empty(item.value("zh")), &en = text_or_empty(item.value("en"));
        values.push_back({{choice.id, {zh, en.empty() ? zh : en}, integer_or(item.value("active"), 1) != 0}, item.id});
      }
    }
    if (values.size() == before && list.find(choice.id) != nullptr) {
      values.push_back({choice, Id{}});
    }
  }
  return values;
}

void DictionaryScreen::draw_lists() {
  ui.muted(say(Word::dictionary_sentence));
  ui.space();
  ui.card("lists", {.padding = Space::xs}, [&] {
    for (const ChoiceList* list : all_lists()) {
      const std::string_view name = say.chinese() ? list->zh : list->en;
      const std::string count = say(Word::dictionary_count, {std::to_string(values_of(*list).size())});
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
    for (const auto& [choice, record] : values_of(*list_)) {
      const bool own = !record.empty();
      const std::string_view badge = !choice.active ? say(Word::dictionary_inactive) : own ? std::string_view() : say(Word::dictionary_built_in);
      // Twice: the page is as long as it was until it has been drawn with what is new.
      if (own && record == added_ && added_frames_-- > 0) {
        ui.scroll_here();
      }
      if (ui.list_row(own ? record.text() : choice.id, {.title = say(choice.label), .subtitle = say.chinese() ? choice.label.en : choice.label.zh, .badge = badge, .icon = Icon::tag, .chevron = own, .pressable = own})) {
        app.router.go(record_of(entity_named("dict_item"), record));
      }
    }
  });
}

void DictionaryScreen::draw_add_dialog() {
  if (!dialog_) {
    return;
  }
  const auto fields = [this] {
    (void)dialog_->form().field("zh");
    (void)dialog_->form().field("en");
  };
  const DialogForm::Answer answer = dialog_->draw({.key = "add", .title = say(Word::dictionary_add), .full_on_phone = false, .enter_saves = true}, fields);
  if (answer == DialogForm::Answer::closed || (answer == DialogForm::Answer::save && add_value())) {
    dialog_.reset();
  }
}

bool DictionaryScreen::add_value() {
  RecordForm& form = dialog_->form();
  return dialog_->save([&] {  // where no English word is given, Store::choices() reads the Chinese one in both languages
    const Edit edit = form.edit();
    added_ = edit.row;
    added_frames_ = 2;
    return app.write({&edit, 1}, say(Word::created_entity, {text_or_empty(form.value("zh"))}));
  });
}

}  // namespace kehubu
