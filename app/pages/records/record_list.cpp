#include "app/pages/records/record_list.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "app/pages/follow_ups.h"
#include "app/pages/records/record_menu.h"

namespace kehubu {
namespace {

// Enough for many screens; beyond it everything is read again when it comes into view.
constexpr std::size_t cached_rows = 2000;

bool is_number(const Field& field) {
  return field.type == FieldType::money || field.type == FieldType::quantity || field.type == FieldType::integer ||
         field.type == FieldType::basis_points;
}

// Room for words of any length; what has a known widest content takes no share of the rest.
struct Room {
  float least = 0, weight = 0;
};

Room room_of(const Field& field, const Entity& entity) {
  if (field.id == entity.title_field) {
    return {.least = 180, .weight = 2.4F};
  }
  switch (field.type) {
    case FieldType::long_text:
      return {.least = 200, .weight = 2.4F};
    case FieldType::reference:
      return field.references == "employee" ? Room{.least = 100, .weight = 0.2F} : Room{.least = 120, .weight = 1.2F};
    case FieldType::text:
      return {.least = 88, .weight = field.format == Format::any ? 1.0F : 0};
    case FieldType::choice:
    case FieldType::choices:
      return {.least = 72, .weight = 0.6F};
    default:
      return {};
  }
}

// The widest content to be expected, of fields whose content has a shape.
std::string widest_of(App& app, const Field& field, const Entity& entity, bool badge) {
  if (field.id == entity.number_field && !entity.number_prefix.empty()) {
    return std::string(entity.number_prefix) + "-R07A-261122-001";
  }
  if (field.format == Format::phone) {
    return "0755-88888888";
  }
  switch (field.type) {
    case FieldType::date:
      return "2026-11-22";
    case FieldType::date_time:
      return app.say.chinese() ? "59 分钟前" : "59 minutes ago";
    case FieldType::money:
      return "¥1,234,567.00";
    default:
      break;
  }
  std::string widest;
  if (badge && field.list) {
    for (const Store::ChoiceLabel& choice : app.store->choices(*field.list)) {
      const std::string_view label = app.say(choice.label);
      widest = label.size() > widest.size() ? std::string(label) : widest;
    }
  }
  return widest;
}

}  // namespace

RecordList::RecordList(App& app, const Entity& entity) : app_(app), entity_(entity), view_(view_of(entity)) {
  query.entity = &entity;
  query.sort_by = view_.sort_by;
  query.direction = view_.direction;
  shown_ = view_.columns;
  shown_.insert(shown_.end(), view_.subtitle.begin(), view_.subtitle.end());
  for (const Field* field : {view_.trailing, view_.badge}) {
    if (field != nullptr) {
      shown_.push_back(field);
    }
  }
  for (const Field& field : entity.fields) {
    if (field.format == Format::phone && field.searchable) {
      shown_.push_back(&field);
    }
  }
}

void RecordList::refresh(bool query_changed) {
  const std::int64_t revision = app_.store->revision();
  if (app_.say.chinese() != chinese_) {
    chinese_ = app_.say.chinese();
    describe_columns();
    cache_.clear();
  }
  if (revision == revision_ && !query_changed) {
    return;
  }
  if (revision != revision_) {
    describe_columns();
    cache_.clear();
    total_ = app_.count({.entity = &entity_, .search = {}});
  }
  revision_ = revision;
  if (auto rows = app_.store->list(query)) {
    rows_ = std::move(*rows);
    put_ended_last();
  } else {
    rows_.clear();
    app_.show_error(rows.error());
  }
}

// Deals that are over are not what a list of deals by their closing day is opened for.
void RecordList::put_ended_last() {
  if (view_.ended == nullptr || query.sort_by != view_.sort_by || query.direction != view_.direction) {
    return;
  }
  ListQuery going_on = query;
  for (const std::string_view value : view_.ended_values) {
    add_filter(going_on, view_.ended->id, std::string(value), Filter::Operator::not_equals);
  }
  auto first = app_.store->list(going_on);
  if (!first) {
    app_.show_error(first.error());
    return;
  }
  const std::unordered_set<std::int64_t> open(first->begin(), first->end());
  std::ranges::copy_if(rows_, std::back_inserter(*first), [&](std::int64_t row) { return !open.contains(row); });
  rows_ = std::move(*first);
}

void RecordList::describe_columns() {
  widest_.clear();
  columns_.clear();
  for (const Field* field : view_.columns) {
    widest_.push_back(widest_of(app_, *field, entity_, field == view_.badge));
  }
  for (const Field* field : view_.columns) {
    const Room room = room_of(*field, entity_);
    columns_.push_back({.key = field->id,
                        .title = app_.say(*field),
                        .weight = room.weight,
                        .min_width = room.least,
                        .align = is_number(*field) ? Align::end : Align::start,
                        .sortable = true,
                        .widest = widest_[columns_.size()],
                        .badges = field == view_.badge});
  }
}

const RecordList::Row* RecordList::row(std::int64_t index) {
  if (index < 0 || index >= size()) {
    return nullptr;
  }
  const std::int64_t number = rows_[static_cast<std::size_t>(index)];
  if (const auto found = cache_.find(number); found != cache_.end()) {
    return &found->second;
  }
  auto record = app_.store->read_row(entity_, number, shown_);
  if (!record) {
    return nullptr;
  }
  if (cache_.size() >= cached_rows) {
    cache_.clear();
  }
  Row& row = cache_[number];
  row.record = std::move(*record);
  fill(row);
  return &row;
}

TableCell RecordList::cell_of(const Field& field, const Value& value) {
  TableCell cell{.text = app_.show(field, value)};
  const bool is_title = field.id == entity_.title_field;
  cell.strong = is_title;
  cell.color = is_title || is_number(field) ? ColorToken::text : ColorToken::text_muted;
  if (field.type == FieldType::choice && !cell.text.empty()) {
    cell.badge = &field == view_.badge;
    cell.tone = cell.badge ? badge_of(app_, field, value).tone : Tone::neutral;
  } else if (field.type == FieldType::date_time && !is_null(value)) {
    cell.text = app_.since(integer_or(value, 0));
  } else if (field.id == "next_follow_up" && !is_null(value)) {
    const std::string today = iso_date(app_.today());
    const std::string& due = text_or_empty(value);
    cell.color = due < today ? ColorToken::danger : due == today ? ColorToken::warning : cell.color;
  }
  return cell;
}

void RecordList::fill(Row& row) {
  const Record& record = row.record;
  const auto text_of = [&](const Field& field) { return cell_of(field, record.value(field.id)).text; };
  for (const Field* column : view_.columns) {
    row.cells.push_back(cell_of(*column, record.value(column->id)));
  }
  row.title = app_.title_of(entity_, record.id);
  if (!row.cells.empty() && view_.columns.front()->id == entity_.title_field && row.cells.front().text.empty()) {
    row.cells.front().text = row.title;
  }
  row.subtitle = subtitle_of(app_, record);
  if (view_.trailing) {
    row.trailing = text_of(*view_.trailing);
    if (const auto days = view_.trailing->id == "next_follow_up" && app_.later_time_known() == 0 ? days_until_follow_up(app_, record) : std::nullopt) {
      row.trailing = follow_up_words(app_, *days);
      row.trailing_color = *days < 0 ? ColorToken::danger : *days == 0 ? ColorToken::warning : ColorToken::text_muted;
    }
  }
  if (view_.badge) {
    const BadgeLook look = badge_of(app_, *view_.badge, record.value(view_.badge->id));
    row.badge = look.text;
    row.badge_tone = look.tone;
    row.badge_outlined = look.outlined;
  }
  row.number = number_to_call(app_, record);
  if (record.in_conflict) {
    row.badge = std::string(app_.say(Word::in_conflict));
    row.badge_tone = Tone::warning;
    if (!row.cells.empty()) {
      row.cells.front().icon = Icon::conflict;
    }
  }
}

namespace {

RecordListResult draw_table(App& app, RecordList& list, std::string_view key, std::string_view name) {
  const EntityView& view = view_of(*list.query.entity);
  const auto sorted = std::ranges::find(view.columns, list.query.sort_by);
  const TableResult result =
      app.ui.table(key,
                   {.row_count = list.size(),
                    .name = name,
                    .sort_column = sorted == view.columns.end() ? -1 : static_cast<int>(sorted - view.columns.begin()),
                    .sort_descending = list.query.direction == SortDirection::descending,
                    .frozen_columns = 1},
                   list.columns(), [&](std::int64_t index, int column) {
                     const RecordList::Row* row = list.row(index);
                     return row ? row->cells[static_cast<std::size_t>(column)] : TableCell{};
                   });
  if (result.sort_clicked >= 0) {
    const Field* field = view.columns[static_cast<std::size_t>(result.sort_clicked)];
    const bool again = field == list.query.sort_by;
    list.query.direction = again && list.query.direction == SortDirection::ascending ? SortDirection::descending : SortDirection::ascending;
    list.query.sort_by = field;
    list.refresh(true);
    return {.pressed = {}, .menu = {}, .call = {}, .sorted = true};
  }
  RecordListResult answer;
  if (const RecordList::Row* row = list.row(result.activated)) {
    answer.pressed = row->record.id;
  }
  if (const RecordList::Row* row = list.row(result.menu)) {
    answer.menu = row->record.id;
  }
  return answer;
}

RecordListResult draw_rows(App& app, RecordList& list, std::string_view key, std::string_view name) {
  const Entity& entity = *list.query.entity;
  const bool has_faces = entity.id == "customer" || entity.id == "contact" || entity.id == "employee";
  RecordListResult answer;
  const ListResult result = app.ui.list(key, {.count = list.size(), .row_height = Metrics::row_height, .name = name, .bottom_room = 80}, [&](std::int64_t index) {
    const RecordList::Row* row = list.row(index);
    if (!row) {
      return app.ui.list_row("row", {.title = app.say(Word::dash), .disabled = true});
    }
    bool calls = false, wants_menu = false;
    const std::string call_name = app.say(Word::call_named, {row->title});
    const bool pressed = app.ui.list_row("row", {.title = row->title,
                                   .subtitle = row->subtitle,
                                   .trailing = row->trailing,
                                   .badge = row->badge,
                                   .badge_tone = row->badge_tone,
                                   .avatar = has_faces ? std::string_view(row->title) : std::string_view(),
                                   .icon = has_faces ? Icon::none : icon_of(entity),
                                   .chevron = false,
                                   .trailing_color = row->trailing_color,
                                   .badge_outlined = row->badge_outlined,
                                   .action = row->number.empty() ? Icon::none : Icon::phone,
                                   .action_name = call_name,
                                   .acted = &calls,
                                   .menu = &wants_menu});
    if (calls) {
      answer.call = row->number;
    }
    if (wants_menu) {
      answer.menu = row->record.id;
    }
    return pressed;
  });
  if (const RecordList::Row* row = list.row(result.activated)) {
    answer.pressed = row->record.id;
  }
  return answer;
}

}  // namespace

RecordListResult draw_record_list(App& app, RecordList& list, std::string_view key, std::string_view name) {
  return app.ui.width_class() == WidthClass::landscape ? draw_table(app, list, key, name) : draw_rows(app, list, key, name);
}

}  // namespace kehubu
