#include "core/sync/met_questions.h"

#include <algorithm>

#include "core/store/tables.h"

namespace kehubu {
namespace {

constexpr std::int64_t most_looked_up = 20'000;

bool removes(const FieldChange& cell) { return cell.field == deleted_field && integer_or(cell.value, 0) != 0; }

}  // namespace

void MetQuestions::forget() {
  looked_up_ = 0;
  cells_.clear();
  documents_.clear();
}

// Whether the sender had not heard of it.
bool MetQuestions::is_unknown(Version head) const {
  const auto place = std::ranges::lower_bound(header_.devices, log_.device_id(head.device));
  const bool listed = place != header_.devices.end() && *place == log_.device_id(head.device);
  return !listed || head.sequence > header_.have[static_cast<std::size_t>(place - header_.devices.begin())];
}

Result<std::vector<Version>> MetQuestions::unknown_heads(const Entity& entity, const Id& row, std::string_view field) {
  ++looked_up_;
  KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(entity, row, field));
  std::erase_if(heads, [this](Version head) { return !is_unknown(head); });
  return heads;
}

Result<bool> MetQuestions::has_unknown_head(const Entity& entity, const Id& row) {
  for (const Field& field : entity.fields) {
    if (!field.derived()) {
      KEHUBU_TRY_ASSIGN(heads, unknown_heads(entity, row, field.id));
      if (!heads.empty()) {
        return true;
      }
    }
  }
  return false;
}

Result<std::optional<Value>> MetQuestions::shown(const Entity& entity, const Id& row, const std::string& column) {
  Statement& select = database_.statement("SELECT " + quoted(column) + " FROM " + quoted(entity.id) + " WHERE id = ?");
  select.bind(1, row);
  const bool found = select.row();
  std::optional<Value> value = found ? std::optional(select.value(0)) : std::nullopt;
  select.reset();
  KEHUBU_TRY(select.status());
  return value;
}

Result<bool> MetQuestions::is_removed(const Entity& entity, const Id& row) {
  KEHUBU_TRY_ASSIGN(flags, shown(entity, row, "flags"));
  return flags && (integer_or(*flags, 0) & flag_removed) != 0;
}

Status MetQuestions::note(const Change& change) {
  const Entity* entity = find_entity(change.entity);
  if (entity == nullptr || looked_up_ > most_looked_up) {
    return {};
  }
  if (entity->document || !entity->part_of.empty()) {
    return note_document(*entity, change);
  }
  if (change.kind == ChangeKind::create) {
    return {};
  }
  std::map<std::string, bool>& asked = cells_[{entity, change.row}];
  KEHUBU_TRY_ASSIGN(removed_here, is_removed(*entity, change.row));
  KEHUBU_TRY_ASSIGN(deletions, unknown_heads(*entity, change.row, deleted_field));
  if (std::ranges::any_of(change.fields, removes)) {
    asked.clear();  // of what was deleted after it was edited, only that is asked
    KEHUBU_TRY_ASSIGN(met, has_unknown_head(*entity, change.row));
    asked[std::string(deleted_field)] = met && !removed_here;
    return {};
  }
  if (removed_here && !deletions.empty()) {
    asked[std::string(deleted_field)] = true;
    return {};
  }
  for (const FieldChange& cell : change.fields) {
    const Field* field = entity->find(cell.field);
    if (field == nullptr || field->merge != MergePolicy::person_decides) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(heads, unknown_heads(*entity, change.row, cell.field));
    bool differs = false;
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(value, store_.materialiser().value_at(head, cell.field));
      differs = differs || value != cell.value;
    }
    asked[cell.field] = differs;
  }
  return {};
}

// A document is one question, whatever of it and of its lines was written.
Status MetQuestions::note_document(const Entity& entity, const Change& change) {
  Record name{&entity, change.row};
  if (!entity.part_of.empty()) {
    const auto written = std::ranges::find(change.fields, entity.part_of, &FieldChange::field);
    KEHUBU_TRY_ASSIGN(stored, shown(entity, change.row, std::string(entity.part_of)));
    name = {find_entity(entity.find(entity.part_of)->references), id_or_empty(stored ? *stored : written != change.fields.end() ? written->value : Value())};
  }
  Document& document = documents_[name];
  KEHUBU_TRY_ASSIGN(removed_here, is_removed(entity, change.row));
  for (const FieldChange& cell : change.fields) {
    const Field* field = entity.find(cell.field);
    if (cell.field == document_field) {
      KEHUBU_TRY_ASSIGN(heads, unknown_heads(entity, change.row, document_field));
      document.met = document.met || !heads.empty();
    } else if (cell.field == deleted_field) {
      document.cells[{&entity, change.row, cell.field}] = removes(cell) != removed_here;
    } else if (field != nullptr && !field->derived()) {
      KEHUBU_TRY_ASSIGN(now, shown(entity, change.row, cell.field));
      document.cells[{&entity, change.row, cell.field}] = !now || *now != cell.value;
    }
  }
  return {};
}

// Unless both come to the same: whatever the file writes is so here, and whatever was written here the file writes, too.
Result<bool> MetQuestions::is_asked(const Record& name, const Document& document) {
  KEHUBU_TRY_ASSIGN(removed_here, is_removed(*name.first, name.second));
  const auto deletion = document.cells.find({name.first, name.second, std::string(deleted_field)});
  const bool both_delete = removed_here && deletion != document.cells.end() && !deletion->second;
  if (!document.met || both_delete) {
    return false;
  }
  if (std::ranges::any_of(document.cells, [](const auto& cell) { return cell.second; })) {
    return true;
  }
  KEHUBU_TRY_ASSIGN(sides, store_.materialiser().document_sides(*name.first, name.second));
  for (const DocumentRecord& record : sides.empty() ? std::vector<DocumentRecord>() : sides.front().records) {
    for (const Field& field : record.entity->fields) {
      if (field.derived() || document.cells.contains({record.entity, record.row, std::string(field.id)})) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(heads, unknown_heads(*record.entity, record.row, field.id));
      if (!heads.empty()) {
        return true;
      }
    }
    KEHUBU_TRY_ASSIGN(marks, unknown_heads(*record.entity, record.row, deleted_field));
    if (!marks.empty() && !document.cells.contains({record.entity, record.row, std::string(deleted_field)})) {
      return true;
    }
  }
  return false;
}

Result<std::int64_t> MetQuestions::count() {
  std::int64_t count = 0;
  for (const auto& [record, cells] : cells_) {
    count += std::ranges::count_if(cells, [](const auto& cell) { return cell.second; });
  }
  for (const auto& [name, document] : documents_) {
    if (looked_up_ > most_looked_up) {
      count += document.met ? 1 : 0;
      continue;
    }
    KEHUBU_TRY_ASSIGN(asked, is_asked(name, document));
    count += asked ? 1 : 0;
  }
  return count;
}

}  // namespace kehubu
