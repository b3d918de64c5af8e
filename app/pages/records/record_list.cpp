#include "app/pages/records/record_list.h"

#include <algorithm>

namespace kehubu {
namespace {

// Enough for many screens; beyond it everything is read again when it comes into view.
constexpr std::size_t cached_rows = 2000;

bool is_number(const Field& field) {
  return field.type == FieldType::money || field.type == FieldType::quantity || field.type == FieldType::integer ||
         field.type == FieldType::basis_points;
}

float column_weight(const Field& field, bool first) {
  if (first) {
    return 2.4F;
  }
  switch (field.type) {
    case FieldType::long_text:
      return 2.4F;
    case FieldType::boolean:
      return 0.6F;
    case FieldType::choice:
      return 0.9F;
    default:
      return 1.1F;
  }
}

float column_minimum(const Field& field, bool first) {
  if (first) {
    return 200;
  }
  if (field.format == Format::phone) {
    return 148;
  }
  return field.type == FieldType::date_time || field.type == FieldType::money ? 128 : 88;
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
}

void RecordList::refresh(bool query_changed) {
  const std::int64_t revision = app_.store->revision();
  if (app_.say.chinese() != chinese_) {
    chinese_ = app_.say.chinese();
    cache_.clear();
  }
  if (revision == revision_ && !query_changed) {
    return;
  }
  if (revision != revision_) {
    cache_.clear();
    total_ = app_.count({.entity = &entity_, .search = {}});
  }
  revision_ = revision;
  if (auto rows = app_.store->list(query)) {
    rows_ = std::move(*rows);
  } else {
    rows_.clear();
    app_.show_error(rows.error());
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
    cell.tone = tone_of_choice(field, text_or_empty(value));
  } else if (field.type == FieldType::date_time && !is_null(value)) {
    cell.text = app_.when(integer_or(value, 0));
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
  for (const Field* field : view_.subtitle) {
    std::string text = text_of(*field);
    std::replace(text.begin(), text.end(), '\n', ' ');
    if (!text.empty()) {
      row.subtitle += (row.subtitle.empty() ? "" : " · ") + text;
    }
  }
  if (view_.trailing) {
    row.trailing = text_of(*view_.trailing);
  }
  if (view_.badge) {
    row.badge = text_of(*view_.badge);
    row.badge_tone = tone_of_choice(*view_.badge, text_or_empty(record.value(view_.badge->id)));
  }
  if (record.in_conflict) {
    row.badge = std::string(app_.say(Word::in_conflict));
    row.badge_tone = Tone::warning;
    if (!row.cells.empty()) {
      row.cells.front().icon = Icon::conflict;
    }
  }
}

namespace {

Id draw_table(App& app, RecordList& list, std::string_view key, std::string_view name) {
  const EntityView& view = view_of(*list.query.entity);
  std::vector<TableColumn> columns;
  int sort_column = -1;
  for (const Field* field : view.columns) {
    const bool first = columns.empty();
    if (field == list.query.sort_by) {
      sort_column = static_cast<int>(columns.size());
    }
    columns.push_back({.key = field->id,
                       .title = app.say(*field),
                       .weight = column_weight(*field, first),
                       .min_width = column_minimum(*field, first),
                       .align = is_number(*field) ? Align::end : Align::start,
                       .sortable = true});
  }
  const TableResult result =
      app.ui.table(key,
                   {.row_count = list.size(),
                    .name = name,
                    .sort_column = sort_column,
                    .sort_descending = list.query.direction == SortDirection::descending,
                    .frozen_columns = 1},
                   columns, [&](std::int64_t index, int column) {
                     const RecordList::Row* row = list.row(index);
                     return row ? row->cells[static_cast<std::size_t>(column)] : TableCell{};
                   });
  if (result.sort_clicked >= 0) {
    const Field* field = view.columns[static_cast<std::size_t>(result.sort_clicked)];
    const bool again = field == list.query.sort_by;
    list.query.direction = again && list.query.direction == SortDirection::ascending ? SortDirection::descending : SortDirection::ascending;
    list.query.sort_by = field;
    list.refresh(true);
  }
  const RecordList::Row* row = list.row(result.activated);
  return row ? row->record.id : Id{};
}

Id draw_rows(App& app, RecordList& list, std::string_view key, std::string_view name) {
  const Entity& entity = *list.query.entity;
  const bool has_faces = entity.id == "customer" || entity.id == "contact" || entity.id == "employee";
  const ListResult result = app.ui.list(key, {.count = list.size(), .row_height = Metrics::row_height, .name = name, .bottom_room = 80}, [&](std::int64_t index) {
    const RecordList::Row* row = list.row(index);
    if (!row) {
      return app.ui.list_row("row", {.title = app.say(Word::dash), .disabled = true});
    }
    return app.ui.list_row("row", {.title = row->title,
                                   .subtitle = row->subtitle,
                                   .trailing = row->trailing,
                                   .badge = row->badge,
                                   .badge_tone = row->badge_tone,
                                   .avatar = has_faces ? std::string_view(row->title) : std::string_view(),
                                   .icon = has_faces ? Icon::none : icon_of(entity),
                                   .chevron = false});
  });
  const RecordList::Row* row = list.row(result.activated);
  return row ? row->record.id : Id{};
}

}  // namespace

Id draw_record_list(App& app, RecordList& list, std::string_view key, std::string_view name) {
  return app.ui.width_class() == WidthClass::landscape ? draw_table(app, list, key, name) : draw_rows(app, list, key, name);
}

}  // namespace kehubu
