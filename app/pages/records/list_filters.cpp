#include "app/pages/records/list_filters.h"

#include <algorithm>

namespace kehubu {
namespace {

constexpr std::size_t search_from = 12;       // lists at least this long get a search field
constexpr std::size_t referenced_limit = 500;

}  // namespace

ListFilters::ListFilters(App& app, RecordList& list) : app_(app), list_(list) {}

const Filter* ListFilters::filter_of(const Field& field) const {
  for (const Filter& filter : list_.query.filters) {
    if (filter.field == &field) {
      return &filter;
    }
  }
  return nullptr;
}

std::string ListFilters::chip_label(const Field& field) const {
  const Filter* filter = filter_of(field);
  if (!filter) {
    return std::string(app_.say(field));
  }
  std::string values;
  for (const Value& value : filter->operands) {
    values += (values.empty() ? std::string() : std::string(app_.say.list_separator())) + app_.show(field, value);
  }
  if (filter->op == Filter::Operator::is_empty) {
    values = app_.say(Word::filter_empty_value);
  }
  return app_.say(Word::filter_is, {app_.say(field), values});
}

bool ListFilters::draw_chips() {
  const EntityView& view = view_of(*list_.query.entity);
  bool changed = false;
  app_.ui.scroll_row("filters", Space::s, [&] {
    if (view.mine && !app_.store->identity().person.empty()) {
      const Filter* filter = filter_of(*view.mine);
      const Value me = app_.store->identity().person;
      const bool mine = filter && filter->operands.size() == 1 && filter->operands.front() == me;
      if (app_.ui.chip("mine", app_.say(Word::filter_mine), {.selected = mine, .icon = Icon::user})) {
        std::erase_if(list_.query.filters, [&](const Filter& entry) { return entry.field == view.mine; });
        if (!mine) {
          list_.query.filters.push_back({.field = view.mine, .op = Filter::Operator::any_of, .operands = {me}});
        }
        changed = true;
      }
    }
    for (const Field* field : view.filters) {
      if (app_.ui.chip(field->id, chip_label(*field), {.selected = filter_of(*field) != nullptr, .has_popup = true})) {
        open(*field);
      }
    }
    changed = draw_sort_menu() || changed;
    bool& deleted = list_.query.deleted;
    if (app_.ui.chip("deleted", app_.say(Word::filter_deleted), {.selected = deleted, .icon = Icon::trash})) {
      deleted = !deleted;
      changed = true;
    }
    if (any() && app_.ui.chip("clear", app_.say(Word::filters_clear), {.icon = Icon::close})) {
      clear();
      changed = true;
    }
  });
  return changed;
}

bool ListFilters::draw_sort_menu() {
  // Wide screens sort by the heads of the table.
  if (app_.ui.width_class() == WidthClass::landscape) {
    return false;
  }
  const Field* sorted = list_.query.sort_by;
  const std::string label = sorted ? app_.say(Word::sort_by, {app_.say(*sorted)}) : std::string(app_.say(Word::sort));
  const bool descending = list_.query.direction == SortDirection::descending;
  if (app_.ui.chip("sort", label, {.icon = descending ? Icon::sort_down : Icon::sort_up, .has_popup = true})) {
    sort_open_ = true;
  }
  const EntityView& view = view_of(*list_.query.entity);
  std::vector<MenuItem> items;
  for (const Field* field : view.columns) {
    items.push_back({.key = field->id, .label = app_.say(*field), .checked = field == sorted});
  }
  const int chosen = app_.ui.menu("sort_menu", sort_open_, items);
  if (chosen < 0) {
    return false;
  }
  const Field* field = view.columns[static_cast<std::size_t>(chosen)];
  list_.query.direction = field == sorted && !descending ? SortDirection::descending : SortDirection::ascending;
  list_.query.sort_by = field;
  return true;
}

void ListFilters::open(const Field& field) {
  opened_ = &field;
  search_.clear();
  load_values(field);
  const Filter* filter = filter_of(field);
  for (Value_& entry : values_) {
    entry.chosen = filter && (is_null(entry.value) ? filter->op == Filter::Operator::is_empty
                                                   : std::find(filter->operands.begin(), filter->operands.end(), entry.value) != filter->operands.end());
  }
}

void ListFilters::load_values(const Field& field) {
  values_.clear();
  if (field.type == FieldType::boolean) {
    values_.push_back({.value = std::int64_t{1}, .label = std::string(app_.say(Word::yes))});
    values_.push_back({.value = std::int64_t{0}, .label = std::string(app_.say(Word::no))});
  } else if (field.list) {
    for (const Store::ChoiceLabel& choice : app_.store->choices(*field.list)) {
      values_.push_back({.value = choice.id, .label = std::string(app_.say(choice.label))});
    }
  } else if (const Entity* target = find_entity(field.references)) {
    const ListQuery query{.entity = target, .search = {}, .filters = {}, .sort_by = target->find(target->title_field)};
    for (const Record& record : app_.records(query, referenced_limit)) {
      values_.push_back({.value = record.id, .label = app_.title_of(*target, record.id)});
    }
  }
  for (Value_& entry : values_) {
    entry.search = search_text(entry.label);
  }
  if (field.required != Required::always) {
    values_.push_back({.value = {}, .label = std::string(app_.say(Word::filter_empty_value))});
  }
}

void ListFilters::apply() {
  std::erase_if(list_.query.filters, [&](const Filter& filter) { return filter.field == opened_; });
  Filter filter{.field = opened_, .op = Filter::Operator::any_of, .operands = {}};
  for (const Value_& entry : values_) {
    if (entry.chosen && is_null(entry.value)) {
      filter.op = Filter::Operator::is_empty;
    } else if (entry.chosen) {
      filter.operands.push_back(entry.value);
    }
  }
  if (filter.op == Filter::Operator::is_empty) {
    filter.operands.clear();
  }
  if (filter.op == Filter::Operator::is_empty || !filter.operands.empty()) {
    list_.query.filters.push_back(std::move(filter));
  }
}

bool ListFilters::draw_sheet() {
  if (!opened_) {
    return false;
  }
  bool open = true, applied = false;
  const auto actions = [&] {
    if (app_.ui.button("clear", app_.say(Word::clear))) {
      for (Value_& entry : values_) {
        entry.chosen = false;
      }
      applied = true;
    }
    if (app_.ui.button("apply", app_.say(Word::confirm), {.kind = ButtonKind::primary})) {
      applied = true;
    }
  };
  const std::string title = app_.say(Word::filter_by, {app_.say(*opened_)});
  app_.ui.dialog("filter", open, {.title = title, .actions = actions}, [&] {
    if (values_.size() >= search_from) {
      app_.ui.search_field("search", search_, {.field = {.label = app_.say(Word::search), .label_hidden = true}});
    }
    const std::string wanted = fold(search_);
    std::int64_t index = 0;
    for (Value_& entry : values_) {
      app_.ui.with_key(index++, [&] {
        const bool matches = wanted.empty() || entry.search.find(wanted) != std::string::npos;
        if (matches && app_.ui.list_row("value", {.title = entry.label, .checked = entry.chosen})) {
          // "Empty" stands alone: a record cannot be empty and have a value.
          for (Value_& other : values_) {
            other.chosen = other.chosen && is_null(other.value) == is_null(entry.value);
          }
          entry.chosen = !entry.chosen;
        }
      });
    }
  });
  if (applied) {
    apply();
  }
  if (applied || !open) {
    opened_ = nullptr;
  }
  return applied;
}

}  // namespace kehubu
