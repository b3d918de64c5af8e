// Undo and redo: an action's inverse is an action of its own. The stack of this device's actions lies in the table
// undo_stack and survives a restart; `action` of an entry is the action that stepping back would invert.
#include <algorithm>

#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

constexpr std::int64_t longest_stack = 1000;

}  // namespace

Status StoreImplementation::push_undo(std::int64_t action, const Sentence& label) {
  KEHUBU_TRY(database_->execute("DELETE FROM undo_stack WHERE undone = 1"));
  Statement& insert = database_->statement(
      "INSERT INTO undo_stack(position, action, undone, label_zh, label_en)"
      " VALUES((SELECT coalesce(max(position), 0) + 1 FROM undo_stack), ?, 0, ?, ?)");
  KEHUBU_TRY(insert.bind(1, action).bind(2, std::string_view(label.zh)).bind(3, std::string_view(label.en)).run());
  Statement& forget = database_->statement(
      "DELETE FROM undo_stack WHERE position <= (SELECT max(position) FROM undo_stack) - ?");
  return forget.bind(1, longest_stack).run();
}

// The next to undo is the last that stands, the next to redo the first that does not.
std::optional<StoreImplementation::UndoEntry> StoreImplementation::undo_entry(bool undone) {
  Statement& select = database_->statement(
      undone ? "SELECT position, action, label_zh, label_en FROM undo_stack WHERE undone = 1 ORDER BY position LIMIT 1"
             : "SELECT position, action, label_zh, label_en FROM undo_stack WHERE undone = 0 ORDER BY position DESC LIMIT 1");
  if (!select.row()) {
    return std::nullopt;
  }
  UndoEntry entry{select.integer(0), select.integer(1), {std::string(select.text(2)), std::string(select.text(3))}};
  select.reset();
  return entry;
}

UndoState StoreImplementation::undo_state() {
  UndoState state;
  if (const auto entry = undo_entry(false)) {
    state.can_undo = true;
    state.undo_label = sentence("撤销：", "Undo: ");
    state.undo_label.zh += entry->label.zh;
    state.undo_label.en += entry->label.en;
  }
  if (const auto entry = undo_entry(true)) {
    state.can_redo = true;
    state.redo_label = sentence("重做：", "Redo: ");
    state.redo_label.zh += entry->label.zh;
    state.redo_label.en += entry->label.en;
  }
  return state;
}

// The version of the cell whose value an undoing or redoing of this device brought back: what had stood before the
// action that it inverted. Any other version is its own original. None: the cell was empty then.
Result<std::optional<Version>> StoreImplementation::original_of(Version version, std::string_view field) {
  const auto before = [&](Version of) -> Result<std::optional<Version>> {
    KEHUBU_TRY_ASSIGN(change, log_->read(of));
    std::optional<Version> found;
    for (const FieldChange& cell : change.fields) {
      for (const Version& older : cell.field == field ? cell.replaced : std::vector<Version>()) {
        KEHUBU_TRY_ASSIGN(candidate, log_->read(older));
        if (std::ranges::find(candidate.fields, field, &FieldChange::field) != candidate.fields.end()) {
          found = older;  // "~" replaces versions of other cells, too
        }
      }
    }
    return found;
  };
  while (version.device == own_device()) {
    KEHUBU_TRY_ASSIGN(change, log_->read(version));
    if (change.kind != ChangeKind::undo && change.kind != ChangeKind::redo) {
      break;
    }
    KEHUBU_TRY_ASSIGN(inverted, before(version));
    if (!inverted) {
      return std::optional<Version>();
    }
    KEHUBU_TRY_ASSIGN(original, before(*inverted));
    if (!original) {
      return std::optional<Version>();
    }
    version = *original;
  }
  return std::optional(version);
}

// What stands in the cells that the change wrote must be what it wrote. Where the inverse deletes the record, nothing
// else of it may be younger either.
Status StoreImplementation::refuse_if_built_upon(const Change& change, const std::vector<Head>& heads,
                                                 std::int64_t last_of_action, bool inverse_removes) {
  std::vector<Version> known;
  bool built_upon = false;
  for (const FieldChange& field : change.fields) {
    if (field.field == document_field) {
      continue;
    }
    const std::span<const Head> cell = heads_of(heads, log_->symbol(field.field));
    if (cell.size() == 1 && cell.front().version != change.version) {
      KEHUBU_TRY_ASSIGN(original, original_of(cell.front().version, field.field));
      built_upon = built_upon || original != change.version;
    }
    built_upon = built_upon || cell.size() != 1;
    if (field.field != deleted_field) {
      continue;
    }
    // A deletion that is done again knew of the same versions as the first time.
    for (const Version& version : field.replaced) {
      KEHUBU_TRY_ASSIGN(before, log_->read(version));
      for (const FieldChange& older : before.fields) {
        if (older.field == deleted_field) {
          known.insert(known.end(), older.replaced.begin(), older.replaced.end());
        }
      }
      known.push_back(version);
    }
  }
  for (const Head& head : inverse_removes ? heads : std::vector<Head>()) {
    const std::string_view field = log_->symbol_text(head.field);
    if (field == document_field) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(original, original_of(head.version, field));
    const bool own = !original || (original->device == change.version.device && original->sequence <= last_of_action);
    built_upon = built_upon || (!own && std::ranges::find(known, head.version) == known.end());
  }
  if (built_upon) {
    const Entity* entity = find_entity(change.entity);
    return fail(ErrorKind::conflict, "“{}”之后又被修改过，不能撤销", "“{}” has been changed since and cannot be undone",
                {entity != nullptr ? title(*entity, change.row) : std::string()});
  }
  return {};
}

Result<std::vector<Change>> StoreImplementation::changes_of(std::int64_t action) {
  std::vector<Change> changes;
  Status walked = log_->for_each(own_device(), action, largest_sequence, [&](const Change& change) -> Status {
    if (change.action != action) {
      return fail(ErrorKind::cancelled, "下一个动作", "The next action");
    }
    changes.push_back(change);
    return {};
  });
  if (!walked && walked.error().kind != ErrorKind::cancelled) {
    return std::unexpected(walked.error());
  }
  return changes;
}

// Whether the change made the record. An import may also have filled empty fields of one that was there before.
Result<bool> StoreImplementation::was_birth_of_record(const Entity& entity, const Change& change) {
  const bool replaces_nothing =
      std::ranges::all_of(change.fields, [](const FieldChange& field) { return field.replaced.empty(); });
  if (change.kind == ChangeKind::create || !replaces_nothing) {
    return replaces_nothing;
  }
  if (change.kind != ChangeKind::import && change.kind != ChangeKind::sample) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(versions, history(entity, change.row, {}));
  return std::ranges::all_of(versions, [&](const HistoryEntry& entry) { return entry.clock >= change.clock; });
}

Result<std::vector<StoreImplementation::RecordWrite>> StoreImplementation::inverse_of(std::int64_t action) {
  KEHUBU_TRY_ASSIGN(changes, changes_of(action));
  std::vector<RecordWrite> writes;
  for (const Change& change : changes) {
    const Entity* entity = find_entity(change.entity);
    if (entity == nullptr) {
      return fail(ErrorKind::unsupported, "此动作由更新的版本写成，不能撤销", "This action was written by a newer version");
    }
    const Table& table = table_of(*entity);
    KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, change.row));
    KEHUBU_TRY_ASSIGN(was_birth, was_birth_of_record(*entity, change));
    RecordWrite write{&table, change.row, ChangeKind::undo, {}, {}};
    if (was_birth) {
      write.removed = true;
    }
    for (const FieldChange& field : change.fields) {
      if (field.field == document_field || was_birth) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(before, value_before(*entity, field));
      if (field.field == deleted_field) {
        write.removed = integer_or(before, 0) != 0;
      } else {
        write.cells.emplace_back(log_->symbol(field.field), std::move(before));
      }
    }
    KEHUBU_TRY(refuse_if_built_upon(change, heads, changes.back().version.sequence, write.removed == true));
    if (!write.cells.empty() || write.removed) {
      writes.push_back(std::move(write));
    }
  }
  return writes;
}

// What stood in the cell before: the replaced version, or of several the one that the field's policy chose.
Result<Value> StoreImplementation::value_before(const Entity& entity, const FieldChange& change) {
  std::vector<Version> of_cell;
  for (const Version& version : change.replaced) {
    KEHUBU_TRY_ASSIGN(older, log_->read(version));
    if (std::ranges::find(older.fields, change.field, &FieldChange::field) != older.fields.end()) {
      of_cell.push_back(version);  // "~" replaces versions of other cells, too
    }
  }
  if (of_cell.empty()) {
    return Value();
  }
  return materialiser_->standing_value(entity, change.field, of_cell);
}

Result<Sentence> StoreImplementation::step_back(bool redo) {
  const auto entry = undo_entry(redo);
  if (!entry) {
    return redo ? fail(ErrorKind::refused, "没有可以重做的操作", "There is nothing to redo")
                : fail(ErrorKind::refused, "没有可以撤销的操作", "There is nothing to undo");
  }
  KEHUBU_TRY_ASSIGN(writes, inverse_of(entry->action));
  // Deleting by undoing is refused like any other deleting while something refers to the record.
  Action action = make_action();
  for (RecordWrite& write : writes) {
    write.kind = redo ? ChangeKind::redo : ChangeKind::undo;
    Draft& draft = action.open(*write.table->entity, write.row, false);
    draft.remove = write.removed == true;
    draft.restore = write.removed == false;
    for (const auto& [symbol, value] : write.cells) {
      const int index = write.table->field_index(symbol);
      if (index >= 0) {
        action.set(draft, write.table->entity->fields[static_cast<std::size_t>(index)].id, value);
      }
    }
  }
  check_references_to_removed(action);
  if (!action.problems().empty()) {
    return std::unexpected(Error{ErrorKind::refused, action.problems().front().message, {}});
  }
  KEHUBU_TRY(begin());
  const auto write_all = [&]() -> Status {
    KEHUBU_TRY_ASSIGN(inverse, append_action(std::move(writes), redo ? ChangeKind::redo : ChangeKind::undo));
    Statement& update = database_->statement("UPDATE undo_stack SET action = ?, undone = ? WHERE position = ?");
    return update.bind(1, inverse).bind(2, std::int64_t{!redo}).bind(3, entry->position).run();
  };
  if (Status status = write_all(); !status) {
    rollback();
    return std::unexpected(status.error());
  }
  KEHUBU_TRY(commit());
  Sentence done = redo ? sentence("已重做：", "Redone: ") : sentence("已撤销：", "Undone: ");
  done.zh += entry->label.zh;
  done.en += entry->label.en;
  return done;
}

Result<Sentence> StoreImplementation::undo() { return step_back(false); }
Result<Sentence> StoreImplementation::redo() { return step_back(true); }

}  // namespace kehubu
