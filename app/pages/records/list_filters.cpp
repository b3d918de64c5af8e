#include "app/pages/records/list_filters.h"

#include <algorithm>

#include "app/pages/records/field_draft.h"

namespace kehubu {
namespace {

constexpr std::size_t search_from = 12;       // lists at least this long get a search field
constexpr std::size_t referenced_limit = 500;
constexpr char entry_mark = '\x1e';  // between the entries of what is remembered
constexpr char part_mark = '\x1f';   // between the parts of an entry

// As they are remembered.
constexpr std::pair<Filter::Operator, std::string_view> operator_names[] = {
    {Filter::Operator::is_empty, "empty"}, {Filter::Operator::at_most, "most"}, {Filter::Operator::at_least, "least"}, {Filter::Operator::any_of, "any"}};

std::string_view name_of(Filter::Operator op) {
  const auto* const found = std::ranges::find(operator_names, op, &std::pair<Filter::Operator, std::string_view>::first);
  return found != std::end(operator_names) ? found->second : "any";
}

Filter::Operator operator_named(std::string_view name) {
  const auto* const found = std::ranges::find(operator_names, name, &std::pair<Filter::Operator, std::string_view>::second);
  return found != std::end(operator_names) ? found->first : Filter::Operator::any_of;
}

// "2026-11" says it, and leaves room for the chips beside it.
bool is_whole_month(std::string_view from, std::string_view until) {
  const auto first = parse_date(from), last = parse_date(until);
  return first && last && first->day == 1 && from.substr(0, 7) == until.substr(0, 7) && date_from_days(days_since_epoch(*last) + 1).day == 1;
}

std::vector<std::string_view> parts_of(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return parts;
}

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
  const std::string from = bound_of(field, Filter::Operator::at_least), until = bound_of(field, Filter::Operator::at_most);
  if (filter->op == Filter::Operator::is_empty) {
    values = app_.say(Word::filter_empty_value);
  } else if (!from.empty() && !until.empty()) {
    values = is_whole_month(from, until) ? from.substr(0, 7) : app_.say(Word::filter_between, {from, until});
  } else if (!from.empty() || !until.empty()) {
    values = app_.say(until.empty() ? Word::filter_from : Word::filter_until, {until.empty() ? from : until});
  }
  return app_.say(Word::filter_is, {app_.say(field), values});
}

// Of moments the day: what leads to a list here counts whole ones.
std::string ListFilters::bound_of(const Field& field, Filter::Operator op) const {
  for (const Filter& filter : list_.query.filters) {
    if (filter.field == &field && filter.op == op && !filter.operands.empty()) {
      const Value& bound = filter.operands.front();
      return field.type == FieldType::date_time ? iso_date(local_date(integer_or(bound, 0))) : app_.show(field, bound);
    }
  }
  return {};
}

float ListFilters::chip_width(std::string_view label, bool has_icon) const {
  constexpr float around = 2 * pixels(Space::m) + 8;  // what a chip is wider than its words, with a little to spare
  constexpr float sign = Metrics::icon_small + pixels(Space::xs);
  return app_.ui.text_width(label, TextStyle::body) + around + sign + (has_icon ? sign : 0);
}

bool ListFilters::is_offered(const Field& field) const { return std::ranges::find(view_of(*list_.query.entity).filters, &field) != view_of(*list_.query.entity).filters.end(); }

// One that is not offered came with the page, and can only be taken away. True when the query has changed.
bool ListFilters::press(const Field& field) {
  if (is_offered(field)) {
    open(field);
    return false;
  }
  std::erase_if(list_.query.filters, [&](const Filter& filter) { return filter.field == &field; });
  return true;
}

// Those in force first: they must be seen.
std::vector<const Field*> ListFilters::fields_in_order() const {
  std::vector<const Field*> fields;
  for (const Filter& filter : list_.query.filters) {
    const bool is_noted = std::ranges::find(fields, filter.field) != fields.end();  // two bounds of one field are one chip
    if (!is_noted && !is_offered(*filter.field) && filter.field != view_of(*list_.query.entity).mine) {
      fields.push_back(filter.field);
    }
  }
  for (const bool in_force : {true, false}) {
    for (const Field* field : view_of(*list_.query.entity).filters) {
      if ((filter_of(*field) != nullptr) == in_force) {
        fields.push_back(field);
      }
    }
  }
  return fields;
}

bool ListFilters::draw() {
  const float gap = pixels(Space::s), more_width = Metrics::touch_target + gap;
  const std::vector<const Field*> fields = fields_in_order();
  bool changed = false;
  std::size_t shown = 0;
  if (app_.ui.width_class() != WidthClass::phone) {
    changed = draw_mine();
    const std::string rest_label(app_.say(Word::filters_more));
    for (; shown < fields.size(); ++shown) {
      const Field& field = *fields[shown];
      const bool is_last = shown + 1 == fields.size();
      const std::string label = chip_label(field);
      const float needed = chip_width(label, filter_of(field) != nullptr) + gap + (is_last ? 0 : chip_width(rest_label, false) + gap) + more_width;
      if (needed > app_.ui.available_width()) {
        break;
      }
      if (app_.ui.chip(field.id, label, {.selected = filter_of(field) != nullptr, .has_popup = is_offered(field)})) {
        changed = press(field) || changed;
      }
      if (opened_ == &field) {
        changed = draw_values() || changed;
      }
    }
  }
  changed = draw_rest({fields.begin() + static_cast<std::ptrdiff_t>(shown), fields.end()}) || changed;
  changed = draw_more() || changed;
  if (changed) {
    remember();
  }
  return changed;
}

bool ListFilters::offers_mine() const { return view_of(*list_.query.entity).mine && !app_.store->identity().person.empty(); }

bool ListFilters::is_mine() const {
  const Filter* filter = filter_of(*view_of(*list_.query.entity).mine);
  return filter && filter->operands.size() == 1 && filter->operands.front() == Value(app_.store->identity().person);
}

void ListFilters::turn_mine() {
  const Field* field = view_of(*list_.query.entity).mine;
  const bool mine = is_mine();
  std::erase_if(list_.query.filters, [&](const Filter& entry) { return entry.field == field; });
  if (!mine) {
    list_.query.filters.push_back({.field = field, .op = Filter::Operator::any_of, .operands = {app_.store->identity().person}});
  }
}

bool ListFilters::draw_mine() {
  if (!offers_mine() || !app_.ui.chip("mine", app_.say(Word::filter_mine), {.selected = is_mine(), .icon = Icon::user})) {
    return false;
  }
  turn_mine();
  return true;
}

// One chip, on a phone one button, for the fields that have no chip of their own.
bool ListFilters::draw_rest(const std::vector<const Field*>& hidden) {
  const bool phone = app_.ui.width_class() == WidthClass::phone;
  const auto in_force = static_cast<int>(std::ranges::count_if(hidden, [this](const Field* field) { return filter_of(*field) != nullptr; }));
  if (hidden.empty()) {
    return false;
  }
  const bool pressed = phone ? app_.ui.icon_button("rest", Icon::filter, app_.say(Word::filters_all), {.selected = in_force > 0, .has_popup = true, .count = in_force, .count_tone = Tone::accent})
                             : app_.ui.chip("rest", app_.say(Word::filters_more), {.selected = in_force > 0, .has_popup = true});
  if (pressed) {
    rest_open_ = true;
  }
  std::vector<std::string> labels;
  labels.reserve(hidden.size());
  std::vector<MenuItem> items;
  // On a phone nothing else says it.
  const std::size_t before = phone && offers_mine() ? 1 : 0;
  if (before > 0) {
    items.push_back({.key = "mine", .label = app_.say(Word::filter_mine), .icon = Icon::user, .checked = is_mine()});
  }
  for (const Field* field : hidden) {
    labels.push_back(chip_label(*field));
    items.push_back({.key = field->id, .label = labels.back(), .checked = filter_of(*field) != nullptr, .opens = true});
  }
  if (phone && any()) {
    items.push_back({.key = "clear", .label = app_.say(Word::filters_clear), .icon = Icon::close, .divider_before = true});
  }
  bool changed = false;
  const bool opened_here = opened_ && std::ranges::find(hidden, opened_) != hidden.end();
  if (opened_here) {
    changed = draw_values();
  } else if (const int chosen = app_.ui.menu("rest_menu", rest_open_, items, app_.say(phone ? Word::filters_all : Word::filters_more)); chosen >= 0) {
    const auto index = static_cast<std::size_t>(chosen);
    if (index < before) {
      turn_mine();
      return true;
    }
    if (items[index].key == "clear") {
      clear();
      return true;
    }
    return press(*hidden[index - before]);
  }
  return changed;
}

// Sorting where no table head does it, the bin, and clearing.
bool ListFilters::draw_more() {
  if (app_.ui.icon_button("more", Icon::sort, app_.say(Word::list_more), {.has_popup = true})) {
    more_open_ = true;
  }
  const EntityView& view = view_of(*list_.query.entity);
  const bool descending = list_.query.direction == SortDirection::descending;
  std::vector<std::string> labels;
  labels.reserve(view.columns.size());
  std::vector<MenuItem> items;
  for (const Field* field : view.columns) {
    const bool sorted = field == list_.query.sort_by;
    labels.push_back(app_.say(Word::sort_by, {app_.say(*field)}));
    items.push_back({.key = field->id, .label = labels.back(), .icon = sorted && descending ? Icon::sort_down : Icon::sort_up, .checked = sorted});
  }
  items.push_back({.key = "deleted", .label = app_.say(Word::filter_deleted), .icon = Icon::trash, .checked = list_.query.deleted, .divider_before = true});
  if (any()) {
    items.push_back({.key = "clear", .label = app_.say(Word::filters_clear), .icon = Icon::close});
  }
  const int chosen = app_.ui.menu("more_menu", more_open_, items);
  if (chosen < 0) {
    return false;
  }
  const auto index = static_cast<std::size_t>(chosen);
  if (index < view.columns.size()) {
    const Field* field = view.columns[index];
    list_.query.direction = field == list_.query.sort_by && !descending ? SortDirection::descending : SortDirection::ascending;
    list_.query.sort_by = field;
  } else if (items[index].key == "deleted") {
    list_.query.deleted = !list_.query.deleted;
  } else {
    clear();
  }
  return true;
}

void ListFilters::clear() {
  list_.query.filters.clear();
  list_.query.deleted = false;
  remember();
}

std::string ListFilters::setting_key() const { return "list/" + std::string(list_.query.entity->id); }

// "sort:name,a" and "filter:grade,2" with its values, a line each.
void ListFilters::remember() {
  const ListQuery& query = list_.query;
  std::string packed;
  if (query.sort_by != nullptr) {
    packed += "sort" + std::string(1, part_mark) + std::string(query.sort_by->id) + part_mark + (query.direction == SortDirection::ascending ? "a" : "d") + entry_mark;
  }
  for (const Filter& filter : query.filters) {
    packed += "filter" + std::string(1, part_mark) + std::string(filter.field->id) + part_mark + std::string(name_of(filter.op));
    for (const Value& value : filter.operands) {
      packed += part_mark + pack_value(value);
    }
    packed += entry_mark;
  }
  if (packed != app_.store->setting(setting_key())) {
    (void)app_.store->set_setting(setting_key(), packed);
  }
}

void ListFilters::restore() {
  const Entity& entity = *list_.query.entity;
  const std::string packed = app_.store->setting(setting_key());
  for (const std::string_view entry : parts_of(packed, entry_mark)) {
    const std::vector<std::string_view> parts = parts_of(entry, part_mark);
    const Field* field = parts.size() >= 3 ? entity.find(parts[1]) : nullptr;
    if (field == nullptr) {
      continue;
    }
    if (parts[0] == "sort") {
      list_.query.sort_by = field;
      list_.query.direction = parts[2] == "a" ? SortDirection::ascending : SortDirection::descending;
      continue;
    }
    Filter filter{.field = field, .op = operator_named(parts[2]), .operands = {}};
    for (std::size_t index = 3; index < parts.size(); ++index) {
      if (auto value = unpack_value(parts[index])) {
        filter.operands.push_back(std::move(*value));
      }
    }
    if (filter.op == Filter::Operator::is_empty || !filter.operands.empty()) {
      list_.query.filters.push_back(std::move(filter));
    }
  }
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
  count_values(field);
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

// How many records each value would leave, the other filters and the search in force.
void ListFilters::count_values(const Field& field) {
  ListQuery query = list_.query;
  std::erase_if(query.filters, [&](const Filter& filter) { return filter.field == &field; });
  const auto counts = app_.store->tally(query, field);
  for (Value_& entry : values_) {
    entry.count = 0;
    for (const auto& [value, count] : counts ? *counts : std::vector<std::pair<Value, std::int64_t>>()) {
      entry.count += value == entry.value ? count : 0;
    }
  }
}

bool ListFilters::draw_values() {
  bool open = true, changed = false;
  const std::string title = app_.say(Word::filter_by, {app_.say(*opened_)});
  constexpr float width = 320;
  app_.ui.popover("values", open, title, width, [&] {
    app_.ui.indent(Space::m, [&] { app_.ui.heading(title, 3); });
    app_.ui.space(Space::s);
    bool entered = false;
    if (values_.size() >= search_from) {
      entered = app_.ui.search_field("search", search_, {.field = {.label = app_.say(Word::search), .label_hidden = true}, .request_focus = true, .unless_touched = true}).submitted;
      app_.ui.space(Space::s);
    }
    const std::string wanted = fold(search_);
    const auto matches = [&](const Value_& entry) { return wanted.empty() || entry.search.find(wanted) != std::string::npos; };
    entered = entered && std::ranges::count_if(values_, matches) == 1;
    std::int64_t index = 0;
    for (Value_& entry : values_) {
      app_.ui.with_key(index++, [&] {
        const std::string count = App::format_count(entry.count);
        if (matches(entry) && (app_.ui.list_row("value", {.title = entry.label, .trailing = count, .checked = entry.chosen, .trailing_color = ColorToken::text_muted}) || entered)) {
          // "Empty" stands alone: a record cannot be empty and have a value.
          for (Value_& other : values_) {
            other.chosen = other.chosen && is_null(other.value) == is_null(entry.value);
          }
          entry.chosen = !entry.chosen;
          changed = true;
        }
      });
    }
    if (std::ranges::any_of(values_, &Value_::chosen) && app_.ui.button("clear", app_.say(Word::clear), {.kind = ButtonKind::ghost, .fill_width = true})) {
      for (Value_& entry : values_) {
        entry.chosen = false;
      }
      changed = true;
    }
  });
  if (changed) {
    apply();
  }
  if (!open) {
    opened_ = nullptr;
  }
  return changed;
}

}  // namespace kehubu
