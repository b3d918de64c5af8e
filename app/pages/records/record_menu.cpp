#include "app/pages/records/record_menu.h"

#include <algorithm>
#include <vector>

#include "app/pages/records/bring_back.h"
#include "app/pages/records/entity_view.h"

namespace kehubu {
namespace {

constexpr std::string_view stage_prefix = "stage/";

}  // namespace

std::string number_to_call(App& app, const Record& record) {
  // A contact's mobile rather than the office where it is one of many.
  for (const bool mobile : {true, false}) {
    for (const Field& field : record.entity->fields) {
      const bool wanted = field.format == Format::phone && field.searchable && (field.id == "mobile") == mobile;
      if (wanted && !is_null(record.value(field.id))) {
        return app.show(field, record.value(field.id));
      }
    }
  }
  return {};
}

void RecordMenu::open_at(const Entity& entity, const Id& id) {
  entity_ = &entity;
  id_ = id;
  place_ = app_.ui.context_place();
  open_ = true;
  app_.platform.request_frame();
}

void RecordMenu::draw() {
  if (open_) {
    const auto record = app_.read(*entity_, id_);
    if (!record) {
      open_ = false;
      return;
    }
    const std::string number = number_to_call(app_, *record);
    const std::string stage = entity_->id == "opportunity" ? text_or_empty(record->value("stage")) : std::string();
    const bool fact = !entity_->fact_field.empty() && text_or_empty(record->value(entity_->fact_field)) == entity_->fact_value;
    const auto others = stage.empty() ? std::vector<StageMove::Stage>() : stages_.stages_but(stage);
    std::vector<std::string> keys;  // borrowed by the items
    keys.reserve(others.size());
    std::vector<MenuItem> items{{.key = "open", .label = app_.say(Word::menu_open), .icon = Icon::forward}};
    if (record->deleted) {
      items.push_back({.key = "restore", .label = app_.say(Word::restore_record), .icon = Icon::undo});
    } else {
      if (!number.empty()) {
        items.push_back({.key = "call", .label = app_.say(Word::call), .icon = Icon::phone, .detail = number});
      }
      if (entity_->id == "customer") {
        items.push_back({.key = "visit", .label = app_.say(Word::record_visit), .icon = Icon::visit});
        items.push_back({.key = "plan", .label = app_.say(Word::plan_visit), .icon = Icon::calendar});
      }
      for (const StageMove::Stage& other : others) {
        keys.push_back(std::string(stage_prefix) + other.id);
        items.push_back({.key = keys.back(), .label = other.label, .icon = other.id == "won" ? Icon::check : other.id == "lost" ? Icon::close : Icon::opportunity,
                         .divider_before = &other == &others.front() || other.id == "won"});
      }
      if (!fact) {
        items.push_back({.key = "edit", .label = app_.say(Word::edit), .icon = Icon::edit, .divider_before = true});
      }
      items.push_back({.key = "remove", .label = app_.say(Word::remove), .icon = Icon::trash, .danger = true, .divider_before = fact});
    }
    app_.ui.anchor(place_);
    const int chosen = app_.ui.menu("record_menu", open_, items);
    if (chosen >= 0) {
      choose(items[static_cast<std::size_t>(chosen)].key);
    }
  }
  (void)removal_.draw();
  stages_.draw();
  call_.draw();
}

void RecordMenu::choose(std::string_view key) {
  if (key == "open") {
    app_.router.go(record_of(*entity_, id_));
  } else if (key == "edit") {
    app_.router.go(form_for(*entity_, id_));
  } else if (key == "remove") {
    removal_.ask(*entity_, id_);
  } else if (key == "restore") {
    bring_back(app_, *entity_, id_);
  } else if (key == "call") {
    if (const auto record = app_.read(*entity_, id_)) {
      call_.dial(number_to_call(app_, *record));
    }
  } else if (key.starts_with(stage_prefix)) {
    stages_.move(id_, std::string(key.substr(stage_prefix.size())));
  } else {
    app_.router.go({.place = Place::visit, .entity = &entity_named("interaction"), .about = id_, .detail = key == "plan" ? "plan" : ""});
  }
}

}  // namespace kehubu
