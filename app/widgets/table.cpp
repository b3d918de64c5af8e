// Tables: a virtual list with columns, a head that sorts, and sideways scrolling when the columns need more room.
#include <algorithm>
#include <cmath>
#include <vector>

#include "app/widgets/list_parts.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

constexpr float least_table_height = 200;
constexpr float cell_padding = 12;
constexpr float check_column_width = 52;
constexpr float check_side = 22;
constexpr float head_height = 44;

struct TableFrame {
  UiState& state;
  Key key;
  const TableOptions& options;
  std::span<const TableColumn> columns;
  Rectangle box;
  std::vector<float> lefts, widths;  // of the columns, before sideways scrolling
  float total_width = 0;
  float check_width = 0;
  float frozen_width = 0;            // with the check boxes
  float shift = 0;                   // scrolled sideways
};

// A title of several words takes two lines where that is narrower.
struct Title {
  std::string_view first, second;
  float width = 0;
};

Title title_of(UiState& state, const TableColumn& column) {
  const auto measure = [&](std::string_view words) { return state.paint().measure(words, TextStyle::caption_strong); };
  Title best{column.title, {}, measure(column.title)};
  for (std::size_t blank = column.title.find(' '); blank != std::string_view::npos; blank = column.title.find(' ', blank + 1)) {
    const std::string_view first = column.title.substr(0, blank), second = column.title.substr(blank + 1);
    if (const float width = std::max(measure(first), measure(second)); width < best.width) {
      best = {first, second, width};
    }
  }
  return best;
}

float badge_width(UiState& state, std::string_view words) { return state.paint().measure(words, TextStyle::caption_strong) + 16; }

float least_width(UiState& state, const TableColumn& column) {
  if (column.width > 0) {
    return column.width;
  }
  const float sort_icon = column.sortable ? Metrics::icon_small + 2 : 0;
  const float title = title_of(state, column).width + sort_icon;
  const float content = column.badges ? badge_width(state, column.widest) : state.paint().measure(column.widest, TextStyle::body);
  return std::max(column.min_width, std::ceil(std::max(title, content) + 2 * cell_padding) + 1);
}

void measure_columns(TableFrame& table) {
  float weights = 0;
  table.check_width = table.options.checked ? check_column_width : 0;
  float room = table.box.width - table.check_width;
  for (const TableColumn& column : table.columns) {
    table.widths.push_back(least_width(table.state, column));
    room -= table.widths.back();
    weights += column.width > 0 ? 0 : column.weight;
  }
  float left = table.check_width;
  for (std::size_t index = 0; index < table.columns.size(); ++index) {
    const TableColumn& column = table.columns[index];
    if (room > 0 && column.width <= 0 && weights > 0) {
      table.widths[index] += room * column.weight / weights;
    }
    table.lefts.push_back(left);
    left += table.widths[index];
    if (static_cast<int>(index) < table.options.frozen_columns) {
      table.frozen_width = left;
    }
  }
  table.frozen_width = std::max(table.frozen_width, table.check_width);
  table.total_width = left;
}

bool is_frozen(const TableFrame& table, std::size_t column) { return static_cast<int>(column) < table.options.frozen_columns; }

Rectangle cell_place(const TableFrame& table, std::size_t column, float top, float height) {
  const float shift = is_frozen(table, column) ? 0 : table.shift;
  return {table.box.left + table.lefts[column] - shift, top, table.widths[column], height};
}

// What the edge of the table leaves to see of a cell: words end there with "…", so that half a number never reads as a whole one.
Rectangle seen_part(const TableFrame& table, const Rectangle& place) {
  const float edge = table.box.left + table.box.width;
  return {place.left, place.top, std::min(place.width, edge - place.left), place.height};
}

// Every column of a row in its order, which is also the order of reading. Those that scroll are clipped where the frozen
// ones, which come first, end.
void for_each_column(TableFrame& table, const Rectangle& row, FunctionRef<void(std::size_t, const Rectangle&)> draw) {
  std::size_t column = 0;
  for (; column < table.columns.size() && is_frozen(table, column); ++column) {
    draw(column, cell_place(table, column, row.top, row.height));
  }
  table.state.push_clip({table.box.left + table.frozen_width, row.top, table.box.width - table.frozen_width, row.height});
  for (; column < table.columns.size(); ++column) {
    draw(column, cell_place(table, column, row.top, row.height));
  }
  table.state.pop_clip();
}

// A line where columns have gone below the frozen ones.
void draw_frozen_edge(const TableFrame& table, float top, float height) {
  if (table.shift > 0 && table.options.frozen_columns > 0) {
    const float edge = table.box.left + table.frozen_width - 1;
    table.state.paint().line({edge, top}, {edge, top + height}, ColorToken::border_control);
  }
}

void draw_head_cell(TableFrame& table, std::size_t index, const Rectangle& whole, TableResult& result) {
  UiState& state = table.state;
  const TableColumn& column = table.columns[index];
  const Rectangle place = seen_part(table, whole);
  const bool sorted = table.options.sort_column == static_cast<int>(index);
  SemanticNode node;
  node.role = Role::column_header;
  node.name = column.title;
  node.column = static_cast<std::int16_t>(index + 1 + (table.check_width > 0 ? 1 : 0));
  node.sort = static_cast<std::int8_t>(!sorted ? 0 : table.options.sort_descending ? -1 : 1);
  const Key key = state.derived(table.key, column.key);
  Interaction interaction;
  if (column.sortable) {
    interaction = state.control(key, std::move(node), whole, false);
    if (interaction.pressed) {
      result.sort_clicked = static_cast<int>(index);
    }
  } else {
    node.id = state.node_id(key, Role::column_header);
    node.rectangle = whole;
    state.add_node(std::move(node));
  }
  const float icon_room = sorted ? Metrics::icon_small + 2 : 0;
  const float room = place.width - 2 * cell_padding - icon_room;
  if (!state.visible(place) || room <= 0) {
    return;
  }
  Painter& painter = state.paint();
  state.draw_press_tint(interaction, inset(place, 2), Metrics::radius_small);
  const float line = Theme::text_style(TextStyle::caption_strong).line_height;
  const float whole_title = painter.measure(column.title, TextStyle::caption_strong);
  const Title title = whole_title <= room ? Title{column.title, {}, whole_title} : title_of(state, column);
  const float words = std::min(title.width, room);
  const float left = column.align == Align::end ? place.left + place.width - cell_padding - icon_room - words
                     : column.align == Align::center ? place.left + (place.width - words - icon_room) / 2 : place.left + cell_padding;
  const ColorToken color = sorted ? ColorToken::accent : ColorToken::text_muted;
  const float height = title.second.empty() ? line : 2 * line;
  float top = place.top + (place.height - height) / 2;
  for (const std::string_view part : {title.first, title.second}) {
    painter.text({left, top}, part, TextStyle::caption_strong, color, words + 1, column.align);
    top += line;
  }
  if (sorted) {
    painter.icon({left + words + 2, place.top + (place.height - Metrics::icon_small) / 2},
                 table.options.sort_descending ? Icon::sort_down : Icon::sort_up, color, Metrics::icon_small);
  }
  state.draw_focus_ring(interaction, inset(place, 3), Metrics::radius_small);
}

void draw_head(TableFrame& table, TableResult& result) {
  UiState& state = table.state;
  const Rectangle place{table.box.left, table.box.top, table.box.width, head_height};
  SemanticNode row;
  row.id = state.node_id(state.derived(table.key, "head"), Role::row);
  row.role = Role::row;
  row.rectangle = place;
  state.begin_node(std::move(row));
  state.paint().fill(place, ColorToken::surface_sunken);
  if (table.check_width > 0) {
    SemanticNode all;
    all.role = Role::check_box;
    all.name = state.word("全选", "Select all");
    all.checked = Checked::off;
    const Rectangle cell{place.left, place.top, table.check_width - Metrics::touch_gap, place.height};
    const Interaction interaction = state.control(state.derived(table.key, "all"), std::move(all), cell, false);
    const Rectangle square{place.left + cell_padding, place.top + (place.height - check_side) / 2, check_side, check_side};
    draw_check_square(state, square, false, false);
    state.draw_focus_ring(interaction, square, Metrics::radius_small);
    result.toggled_all = interaction.pressed;
  }
  for_each_column(table, place, [&](std::size_t index, const Rectangle& cell) { draw_head_cell(table, index, cell, result); });
  draw_frozen_edge(table, place.top, place.height);
  state.paint().line({place.left, place.top + place.height - 1}, {place.left + place.width, place.top + place.height - 1}, ColorToken::border);
  state.end_node();
}

void draw_cell(TableFrame& table, std::size_t index, const Rectangle& whole, const TableCell& cell) {
  UiState& state = table.state;
  const Rectangle place = seen_part(table, whole);
  SemanticNode node;
  node.id = state.node_id(state.derived(state.keys.back(), table.columns[index].key), Role::cell);
  node.role = Role::cell;
  node.name = cell.text;
  node.rectangle = whole;
  node.column = static_cast<std::int16_t>(index + 1 + (table.check_width > 0 ? 1 : 0));
  state.add_node(std::move(node));
  if (!state.visible(place)) {
    return;
  }
  Painter& painter = state.paint();
  float left = place.left + cell_padding;
  float room = place.width - 2 * cell_padding;
  if (cell.icon != Icon::none) {
    painter.icon({left, place.top + (place.height - Metrics::icon) / 2}, cell.icon, cell.color);
    left += Metrics::icon + pixels(Space::xs);
    room -= Metrics::icon + pixels(Space::xs);
  }
  if (room <= 0) {
    return;
  }
  const TextStyle style = cell.badge ? TextStyle::caption_strong : cell.strong ? TextStyle::body_strong : TextStyle::body;
  const float line = Theme::text_style(style).line_height;
  const float top = place.top + (place.height - line) / 2;
  const Align align = table.columns[index].align;
  if (cell.badge && !cell.text.empty()) {
    constexpr float height = 22;
    const TonePair colors = Theme::soft(cell.tone);
    const float width = std::min(room, badge_width(state, cell.text));
    const float badge_left = align == Align::end ? left + room - width : align == Align::center ? left + (room - width) / 2 : left;
    const Rectangle badge{badge_left, place.top + (place.height - height) / 2, width, height};
    painter.fill(badge, colors.fill, Metrics::radius_small);
    painter.text_centered(badge, cell.text, style, colors.text);
    return;
  }
  painter.text({left, top}, cell.text, style, cell.color, room, align);
}

void draw_row_check(TableFrame& table, std::int64_t index, const Rectangle& place, TableResult& result) {
  UiState& state = table.state;
  const bool checked = table.options.checked(index);
  SemanticNode node;
  node.role = Role::check_box;
  node.name = std::string(state.word("选择第", "Select row ")) + std::to_string(index + 1) + std::string(state.word("行", ""));
  node.checked = checked ? Checked::on : Checked::off;
  node.tab_stop = false;
  const Interaction interaction = state.control(state.derived(state.keys.back(), "check"), std::move(node),
                                                {place.left, place.top, table.check_width - Metrics::touch_gap, place.height}, false);
  if (interaction.pressed) {
    result.toggled = index;
  }
  const Rectangle square{place.left + cell_padding, place.top + (place.height - check_side) / 2, check_side, check_side};
  draw_check_square(state, square, checked, false);
  state.draw_focus_ring(interaction, square, Metrics::radius_small);
}

void draw_row(TableFrame& table, std::int64_t index, const Rectangle& place, FunctionRef<TableCell(std::int64_t, int)> cell, TableResult& result) {
  UiState& state = table.state;
  std::vector<TableCell> cells;
  cells.reserve(table.columns.size());
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    cells.push_back(cell(index, static_cast<int>(column)));
  }
  SemanticNode row;
  row.role = Role::row;
  row.position = static_cast<std::int32_t>(std::min<std::int64_t>(index + 2, INT32_MAX));  // the head is row 1
  row.set_size = static_cast<std::int32_t>(std::min<std::int64_t>(table.options.row_count + 1, INT32_MAX));
  row.selected = index == table.options.selected_row;
  const Key key = state.keys.back();
  Interaction interaction;
  if (table.options.rows_pressable) {
    // Its words, so that tests and screen readers find the row by what it says.
    for (const TableCell& each : cells) {
      row.name = joined({row.name, each.text});
    }
    if (row.name.empty()) {
      row.name = std::to_string(index + 1);
    }
    mark_list_focus(state, key, row);
    const Rectangle hit{place.left + table.check_width, place.top, place.width - table.check_width, place.height};
    interaction = state.control(key, std::move(row), hit, false);
    if (interaction.pressed) {
      result.activated = index;
    }
    if (state.asks_for_menu(key, interaction.node, hit, false)) {
      result.menu = index;
    }
    state.parents.push_back(interaction.node);
  } else {
    row.id = state.node_id(key, Role::row);
    row.rectangle = place;
    state.begin_node(std::move(row));
  }
  if (index == table.options.selected_row) {
    state.paint().fill(place, ColorToken::selected);
  }
  state.draw_press_tint(interaction, place, 0);
  if (table.check_width > 0) {
    draw_row_check(table, index, place, result);
  }
  for_each_column(table, place, [&](std::size_t column, const Rectangle& cell_box) { draw_cell(table, column, cell_box, cells[column]); });
  draw_frozen_edge(table, place.top, place.height);
  const float line = place.top + place.height - 0.5F;
  state.paint().line({place.left, line}, {place.left + place.width, line}, ColorToken::border);
  state.draw_focus_ring(interaction, inset(place, 3), Metrics::radius_small);
  state.end_node();
}

}  // namespace

TableResult Ui::table(std::string_view name_key, const TableOptions& options, std::span<const TableColumn> columns,
                      FunctionRef<TableCell(std::int64_t row, int column)> cell) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  const float height = options.height > 0 ? options.height : std::max(least_table_height, available_height());
  TableFrame table{state, key, options, columns, state.place_rest(height), {}, {}};
  measure_columns(table);
  state.keys.push_back(key);
  ScrollMemory& memory = state.scrolls[key];
  memory.horizontal.set_sizes(static_cast<double>(table.total_width), static_cast<double>(table.box.width));
  table.shift = static_cast<float>(memory.horizontal.position());

  SemanticNode grid;
  grid.id = state.node_id(key, Role::grid);
  grid.role = Role::grid;
  grid.name = options.name;
  grid.rectangle = table.box;
  grid.set_size = static_cast<std::int32_t>(std::min<std::int64_t>(options.row_count + 1, INT32_MAX));
  grid.column = static_cast<std::int16_t>(columns.size() + (table.check_width > 0 ? 1 : 0));
  state.begin_node(std::move(grid));
  state.paint().fill(table.box, ColorToken::surface, Metrics::radius_control);
  state.push_clip(table.box);
  TableResult result;
  draw_head(table, result);

  const Rectangle body{table.box.left, table.box.top + head_height, table.box.width, table.box.height - head_height};
  ScrollAxis& axis = begin_list_scroll(state, key, options.row_count, options.row_height, body.height, 0, options.scroll_to);
  const double scroll = axis.position();
  const VisibleRows rows = visible_rows(scroll, static_cast<double>(body.height), static_cast<double>(options.row_height), options.row_count);
  result.first_visible = rows.first;
  result.end_visible = rows.end;
  if (options.prepare && rows.end > rows.first) {
    options.prepare(rows.first, rows.end);
  }
  state.push_clip(body);
  state.scroll_frames.push_back({key, body, true, false});
  ListContext context{key, 0, rows.first, rows.end};
  ListContext* const outer = state.list_context;
  state.list_context = &context;
  for (std::int64_t index = rows.first; index < rows.end; ++index) {
    context.row = index;
    const float top = body.top + static_cast<float>(row_offset(index, static_cast<double>(options.row_height), scroll));
    state.keys.push_back(state.key_of(index));
    draw_row(table, index, {body.left, top, body.width, options.row_height}, cell, result);
    state.keys.pop_back();
  }
  state.list_context = outer;
  state.scroll_frames.pop_back();
  state.pop_clip();
  state.register_scroll(key, table.box, true, true);
  state.draw_scroll_bar(key, state.scrolls[key].vertical, body);
  state.paint().outline(table.box, ColorToken::border, 1, Metrics::radius_control);
  state.pop_clip();
  state.end_node();
  state.keys.pop_back();
  state.last_rectangle = table.box;
  return result;
}

}  // namespace kehubu
