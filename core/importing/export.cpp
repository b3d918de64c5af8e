// CSV out: what Excel and WPS open rightly, and what our own import reads back.
#include <algorithm>

#include "core/base/text.h"
#include "core/importing/cell_writer.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::string_view line_end = "\r\n";

std::string quoted_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos && trim(text).size() == text.size()) {
    return text;
  }
  std::string cell = "\"";
  for (const char character : text) {
    cell += character == '"' ? "\"\"" : std::string(1, character);
  }
  return cell + "\"";
}

// Filled cells of a record by the number of their field. Most fields of most records are empty.
using FilledCells = std::vector<std::pair<std::uint16_t, std::string>>;

FilledCells fill(const Record& record, CellWriter& writer) {
  FilledCells cells;
  for (std::size_t index = 0; index < record.values.size(); ++index) {
    if (std::string text = writer.write(record, record.entity->fields[index], record.values[index]); !text.empty()) {
      cells.emplace_back(static_cast<std::uint16_t>(index), quoted_cell(text));
    }
  }
  return cells;
}

// A column for every field of the list, and for every other that holds something anywhere. Computed ones only where the
// list shows them; an import knows them by their heading and leaves them alone.
std::vector<std::uint16_t> columns_of(const Entity& entity, const std::vector<bool>& used, const std::vector<const Field*>& shown) {
  std::vector<std::uint16_t> columns;
  for (std::size_t index = 0; index < entity.fields.size(); ++index) {
    const Field& field = entity.fields[index];
    if (field.in_list || std::ranges::find(shown, &field) != shown.end() || (used[index] && !field.derived())) {
      columns.push_back(static_cast<std::uint16_t>(index));
    }
  }
  return columns;
}

void append_header(std::string& csv, const Entity& entity, const std::vector<std::uint16_t>& columns, bool chinese) {
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const Field& field = entity.fields[columns[column]];
    csv += column > 0 ? "," : "";
    csv += quoted_cell(std::string(chinese ? field.zh : field.en));
  }
  csv += line_end;
}

void append_row(std::string& csv, const FilledCells& cells, const std::vector<std::uint16_t>& columns) {
  auto cell = cells.begin();
  for (std::size_t column = 0; column < columns.size(); ++column) {
    csv += column > 0 ? "," : "";
    while (cell != cells.end() && cell->first < columns[column]) {
      ++cell;
    }
    if (cell != cells.end() && cell->first == columns[column]) {
      csv += cell->second;
    }
  }
  csv += line_end;
}

}  // namespace

Task<Result<std::string>> export_csv(Store& store, ListQuery query, bool chinese, Progress& progress, std::vector<const Field*> shown) {
  const Entity& entity = *query.entity;
  progress.activity = sentence("正在导出", "Exporting");
  const auto rows = store.list(query);
  if (!rows) {
    co_return std::unexpected(rows.error());
  }
  progress.total = static_cast<std::int64_t>(rows->size());
  CellWriter writer(store, chinese);
  std::vector<bool> used(entity.fields.size());
  std::vector<FilledCells> filled;
  filled.reserve(rows->size());
  for (const std::int64_t row : *rows) {
    const auto record = store.read_row(entity, row);
    if (!record) {
      co_return std::unexpected(record.error());
    }
    filled.push_back(fill(*record, writer));
    for (const auto& [field, text] : filled.back()) {
      used[field] = true;
    }
    ++progress.done;
    co_await next_slice();
    if (progress.cancelled) {
      co_return fail(ErrorKind::cancelled, "已取消导出", "Export cancelled");
    }
  }
  const std::vector<std::uint16_t> columns = columns_of(entity, used, shown);
  std::string csv(utf8_mark);
  append_header(csv, entity, columns, chinese);
  for (const FilledCells& cells : filled) {
    append_row(csv, cells, columns);
    co_await next_slice();
  }
  co_return csv;
}

}  // namespace kehubu
