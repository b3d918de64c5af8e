#include "core/rules/merge_rules.h"
#include "core/sync/met_questions.h"

#include <algorithm>
#include <set>

#include "core/store/tables.h"

namespace kehubu {
namespace {

constexpr std::int64_t most_looked_up = 20'000;

bool removes(const FieldChange& cell) { return cell.field == deleted_field && integer_or(cell.value, 0) != 0; }

}  // namespace

void MetQuestions::forget() {
  looked_up_ = references_looked_up_ = 0;
  cells_.clear();
  documents_.clear();
  needed_here_.clear();
  needing_.clear();
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
  KEHUBU_TRY(note_references(*entity, change));
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
  // What meets a closing is settled by that (docs/merge.md, "A fact, closed").
  const bool of_fact = !entity->fact_field.empty();
  const bool closes = of_fact && std::ranges::find(change.fields, closed_field, &FieldChange::field) != change.fields.end();
  KEHUBU_TRY_ASSIGN(closings, of_fact ? unknown_heads(*entity, change.row, closed_field) : Result<std::vector<Version>>());
  const Table& table = store_.materialiser().tables().of(*entity);
  const auto is_settled = [&](std::string_view name) {
    const int index = table.field_index(log_.symbol(name));
    const bool may_be = of_fact && index >= 0 && index != table.fact_field;
    return may_be && (table.frozen[static_cast<std::size_t>(index)] ? closes || !closings.empty() : closes && !closings.empty());
  };
  std::erase_if(asked, [&](const auto& one) { return is_settled(one.first); });
  for (const FieldChange& cell : change.fields) {
    const Field* field = entity->find(cell.field);
    if (field == nullptr || field->merge != MergePolicy::person_decides || is_settled(cell.field)) {
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

Result<bool> MetQuestions::is_needed_here(const Entity& entity, const Id& row) {
  for (const Referrer& referrer : store_.materialiser().tables().of(entity).referrers) {
    Statement& select = database_.statement("SELECT id FROM " + quoted(referrer.entity->id) + " WHERE " + quoted(referrer.field->id) + " = ?1 AND flags & " +
                                            std::to_string(flag_removed) + " = 0 AND id <> ?1");
    select.bind(1, row);
    std::vector<Id> users;
    while (select.row()) {
      users.push_back(select.id(0));
    }
    KEHUBU_TRY(select.status());
    for (const Id& user : users) {
      KEHUBU_TRY_ASSIGN(unheard, unknown_heads(*referrer.entity, user, referrer.field->id));
      if (!unheard.empty()) {
        return true;
      }
    }
  }
  return false;
}

Result<bool> MetQuestions::is_gone_here(const Entity& entity, const Id& row) {
  KEHUBU_TRY_ASSIGN(flags, shown(entity, row, "flags"));
  if (!flags || (integer_or(*flags, 0) & (flag_removed | flag_missing_reference)) != flag_removed) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(deletions, unknown_heads(entity, row, deleted_field));
  return !deletions.empty();
}

// Of a record that the file deletes or points elsewhere later on, what it said before needs nothing.
Status MetQuestions::note_references(const Entity& entity, const Change& change) {
  const auto life = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
  const bool is_written = life != change.fields.end(), goes = is_written && removes(*life);
  const Record record{&entity, change.row};
  for (auto at = needing_.lower_bound({&entity, change.row, {}}); at != needing_.end() && Record{std::get<0>(at->first), std::get<1>(at->first)} == record;) {
    const bool answered = goes || std::ranges::find(change.fields, std::get<2>(at->first), &FieldChange::field) != change.fields.end();
    at = answered ? needing_.erase(at) : std::next(at);
  }
  if (is_written) {
    KEHUBU_TRY_ASSIGN(needed, goes ? is_needed_here(entity, change.row) : Result<bool>(false));
    needed_here_[record] = needed;
  }
  for (const FieldChange& cell : change.fields) {
    const Field* field = entity.find(cell.field);
    const Id target = id_or_empty(cell.value);
    const Entity* referred = !goes && field != nullptr && !target.empty() && target != change.row ? find_entity(field->references) : nullptr;
    if (referred == nullptr || ++references_looked_up_ > most_looked_up) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(gone, is_gone_here(*referred, target));
    if (gone) {
      needing_[{&entity, change.row, cell.field}] = {referred, target};
    }
  }
  return {};
}

// Unless the record's deletion is a question already, because somebody edited it.
Result<std::int64_t> MetQuestions::count_missed() {
  std::set<Record> missed;
  for (const auto& [record, needed] : needed_here_) {
    needed ? void(missed.insert(record)) : void();
  }
  for (const auto& [user, record] : needing_) {
    missed.insert(record);
  }
  std::int64_t count = 0;
  for (const Record& record : missed) {
    const auto cells = cells_.find(record);
    const auto of_life = cells != cells_.end() ? cells->second.find(std::string(deleted_field)) : std::map<std::string, bool>::iterator();
    const bool asked = cells != cells_.end() && of_life != cells->second.end() && of_life->second;
    const auto document = documents_.find(record);
    KEHUBU_TRY_ASSIGN(asked_as_whole, document != documents_.end() ? is_asked(record, document->second) : Result<bool>(false));
    count += asked || asked_as_whole ? 0 : 1;
  }
  return count;
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
    count += std::ranges::count_if(cells, [&](const auto& cell) {
      const auto lead = cells.find(std::string(lead_of(record.first->id, cell.first)));
      return cell.second && (lead == cells.end() || !lead->second);  // what follows from a choice is asked with it
    });
  }
  for (const auto& [name, document] : documents_) {
    if (looked_up_ > most_looked_up) {
      count += document.met ? 1 : 0;
      continue;
    }
    KEHUBU_TRY_ASSIGN(asked, is_asked(name, document));
    count += asked ? 1 : 0;
  }
  KEHUBU_TRY_ASSIGN(missed, count_missed());
  return count + missed;
}

}  // namespace kehubu
