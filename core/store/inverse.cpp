// The inverse of an action (docs/store.md, "Undo and redo").
//
// For each cell one version for each head that the action replaced: one brings the value back, several leave the question
// open that the action had decided. A document goes back whole, to a state that it had, each of its sides in an action of
// its own. Where something else has happened to a cell or a document since, there is no inverse.
#include <algorithm>
#include <map>

#include "core/base/sort.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

// Whether beside the versions that were written stand decisions, of people who did not know of them, and nothing else. Gives one of those.
Result<std::optional<Change>> decided_beside(Log& log, std::span<const Version> written, std::span<const Head> heads) {
  std::optional<Change> other;
  std::size_t own = 0;
  for (const Head& head : heads) {
    if (std::ranges::find(written, head.version) != written.end()) {
      ++own;
      continue;
    }
    KEHUBU_TRY_ASSIGN(change, log.read(head.version));
    if (change.kind != ChangeKind::resolve) {
      return std::optional<Change>();
    }
    other = std::move(change);
  }
  return own == written.size() ? std::move(other) : std::optional<Change>();
}

}  // namespace

Result<std::vector<Change>> StoreImplementation::changes_of(const UndoEntry& entry) {
  std::vector<Change> changes;
  Status walked = log_->for_each(own_device(), entry.action, largest_sequence, [&](const Change& change) -> Status {
    if (change.action > entry.last_action) {
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

// Whether undoing opens a question again: a decision, or one that was done again. A line goes with its document: of a line that is deleted
// again its own mark does not tell what it repeats.
Result<bool> StoreImplementation::is_of_decision(const Change& change) {
  const auto repeats_decision = [&](Version version, std::string_view field) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(first_done, materialiser_->original(version, field));
    KEHUBU_TRY_ASSIGN(done, log_->read(first_done.value_or(version)));
    return done.kind == ChangeKind::resolve;
  };
  bool of_decision = change.kind == ChangeKind::resolve;
  if (change.kind == ChangeKind::redo && !change.fields.empty()) {
    KEHUBU_TRY_ASSIGN(repeats, repeats_decision(change.version, change.fields.front().field));
    of_decision = repeats;
  }
  const Entity* entity = find_entity(change.entity);
  const bool is_line = entity != nullptr && !entity->part_of.empty();
  for (Version next{change.version.device, change.action}; is_line && change.kind == ChangeKind::redo && !of_decision && log_->contains(next); ++next.sequence) {
    KEHUBU_TRY_ASSIGN(beside, log_->read(next));
    if (beside.action != change.action) {
      break;
    }
    if (std::ranges::find(beside.fields, document_field, &FieldChange::field) != beside.fields.end()) {
      KEHUBU_TRY_ASSIGN(repeats, repeats_decision(next, document_field));
      of_decision = repeats;
    }
  }
  return of_decision;
}

Result<bool> StoreImplementation::undid_decision(const Change& change) {
  if (change.kind != ChangeKind::undo || change.fields.empty()) {
    return false;
  }
  const std::string& field = change.fields.front().field;
  KEHUBU_TRY_ASSIGN(before, materialiser_->heads_before(change.version, field));
  if (before.empty()) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(undone, materialiser_->original(before.front(), field));
  if (!undone) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(decision, log_->read(*undone));
  return decision.kind == ChangeKind::resolve;
}

// `heads`: of what was to be inverted, other ones than were written.
std::unexpected<Error> StoreImplementation::built_upon(const Table& table, const Id& row, std::span<const Version> written, std::span<const Head> heads) {
  const auto is_other = [&](const Head& head) { return std::ranges::find(written, head.version) == written.end(); };
  const auto later = std::ranges::find_if(heads, is_other);
  const std::string name = title(*table.entity, row);
  if (later == heads.end()) {  // taken back and written again in another way
    return fail(ErrorKind::conflict, "“{}”之后又有改动", "“{}” has been changed again", {name});
  }
  const Sentence author = author_of(later->version);
  Sentence why{substitute("“{}”之后又被{}改过", {name, author.zh}), substitute("“{}” was changed again by {}", {name, author.en})};
  const bool is_own_step = later->version.device == own_device();
  why.zh += is_own_step ? "，请先撤销那一步" : "；要改回来，请直接编辑它";
  why.en += is_own_step ? "; undo that step first" : "; to change it back, edit the record itself";
  return std::unexpected(Error{ErrorKind::conflict, std::move(why), {}});
}

// What a record held is not brought back while it lies in the bin: that would be an edit which the deletion did not know of.
Status StoreImplementation::refuse_in_bin(const Table& table, const Id& row, const std::vector<Head>& heads) {
  const std::span<const Head> marks = heads_of(heads, log_->symbol(deleted_field));
  if (marks.empty()) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(record, read(*table.entity, row));
  if (!record.deleted) {
    return {};
  }
  const std::string name = title(*table.entity, row);
  const Sentence author = author_of(marks.back().version);
  return std::unexpected(Error{ErrorKind::conflict,
                               {substitute("“{}”之后被{}删除了，请先恢复它", {name, author.zh}),
                                substitute("“{}” was deleted by {} since; bring it back first", {name, author.en})},
                               {}});
}

// Of the heads of a "~" or "#" those that say nothing beside what was written: another's decision, taken back, gives back what this one replaced.
Status StoreImplementation::leave_out_tried(std::string_view field, std::span<const Version> written, std::vector<Version>& heads) {
  if (field != deleted_field && field != document_field) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(former, former_heads(field, written));
  const std::set<Version> replaced(former.begin(), former.end());
  std::vector<Version> saying;
  for (const Version& head : heads) {
    KEHUBU_TRY_ASSIGN(change, log_->read(head));
    const auto cell = std::ranges::find(change.fields, field, &FieldChange::field);
    bool took_decision_back = false;
    if (change.kind == ChangeKind::undo && std::ranges::find(written, head) == written.end() && cell != change.fields.end()) {
      for (const Version& version : cell->replaced) {  // "~" names versions of other cells, too
        KEHUBU_TRY_ASSIGN(before, log_->read(version));
        const bool is_decision = before.kind == ChangeKind::resolve || before.kind == ChangeKind::redo;
        took_decision_back = took_decision_back || (is_decision && !replaced.contains(version) && std::ranges::find(before.fields, field, &FieldChange::field) != before.fields.end());
      }
    }
    KEHUBU_TRY_ASSIGN(says_nothing, took_decision_back ? materialiser_->repeats(head, field, replaced) : Result<bool>(false));
    says_nothing ? void() : saying.push_back(head);
  }
  heads = std::move(saying);
  return {};
}

// Whether the cell's heads are the versions that were written, or repeat what those say.
Result<bool> StoreImplementation::still_stands(std::string_view field, std::vector<Version> written, std::span<const Head> heads) {
  std::vector<Version> standing;
  for (const Head& head : heads) {
    standing.push_back(head.version);
  }
  kehubu::sort(standing);
  kehubu::sort(written);
  if (standing == written) {
    return true;
  }
  KEHUBU_TRY(leave_out_tried(field, written, standing));
  std::vector<std::optional<Version>> said_by_heads, said_then;
  for (const auto& [versions, originals] : {std::pair{&standing, &said_by_heads}, {&written, &said_then}}) {
    for (const Version& version : *versions) {
      KEHUBU_TRY_ASSIGN(original, materialiser_->original(version, field));
      originals->push_back(original);
    }
    kehubu::sort(*originals);
  }
  return said_by_heads == said_then;
}

// The first sides of everything, then the second ones: an action each.
void StoreImplementation::put_sides_in_order(std::vector<RecordWrite>& writes) {
  std::vector<RecordWrite> ordered;
  for (std::size_t side = 0; ordered.size() < writes.size(); ++side) {
    std::ranges::copy_if(writes, std::back_inserter(ordered), [side](const RecordWrite& write) { return write.side == side; });
  }
  writes = std::move(ordered);
}

// The heads that the cell had before any of these versions.
Result<std::vector<Version>> StoreImplementation::former_heads(std::string_view field, std::span<const Version> written) {
  std::vector<Version> former;
  for (const Version& version : written) {
    KEHUBU_TRY_ASSIGN(before, materialiser_->heads_before(version, field));
    for (const Version& one : before) {
      if (std::ranges::find(former, one) == former.end()) {
        former.push_back(one);
      }
    }
  }
  return former;
}

// The record goes again, unless somebody else has written anything of it.
Status StoreImplementation::invert_birth(const Table& table, std::span<const Change> changes, Inverse& inverse) {
  const Id& row = changes.front().row;
  std::vector<Version> written;
  std::set<Version> own;
  for (const Change& change : changes) {
    own.insert(change.version);
    written.push_back(change.version);
  }
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, row));
  for (const Head& head : heads) {
    KEHUBU_TRY_ASSIGN(is_own, materialiser_->repeats(head.version, log_->symbol_text(head.field), own));
    if (!is_own) {
      return built_upon(table, row, written, {&head, 1});
    }
  }
  inverse.writes.push_back({&table, row, inverse.kind, {}, true});
  return {};
}

// Whether this device had the version when it wrote the change. Of others' versions it may name it; else the clock tells, which
// is ahead of all that was known but clocks that are wrong. Of a decision no clock is believed: there the version counts as older, for so
// somebody is asked.
Result<bool> StoreImplementation::is_older(Version version, const Change& change) {
  if (version.device == change.version.device) {
    return version.sequence < change.version.sequence;
  }
  if (std::ranges::any_of(change.fields, [&](const FieldChange& field) { return std::ranges::find(field.replaced, version) != field.replaced.end(); })) {
    return true;
  }
  KEHUBU_TRY_ASSIGN(of_decision, is_of_decision(change));
  KEHUBU_TRY_ASSIGN(raw, log_->read_raw(version));
  return of_decision || raw.header.clock <= change.clock;
}

// The same deletion again: it knows what it knew, in whatever versions that stands now, and nothing else. What it did not
// know when the present action was written was in question then, whatever it repeats. An edit that it did not know of is a
// conflict again where a decision is undone, and a reason to refuse elsewhere.
Status StoreImplementation::invert_deletion(const Table& table, std::span<const Change> changes, Version deletion,
                                            std::span<const Rewritten> rewritten, Inverse& inverse) {
  const Id& row = changes.front().row;
  KEHUBU_TRY_ASSIGN(change, log_->read(deletion));
  const auto mark = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
  std::set<Version> knew(mark->replaced.begin(), mark->replaced.end());
  knew.insert(deletion);
  std::set<Version> known;
  for (const Version& version : knew) {
    KEHUBU_TRY_ASSIGN(older, log_->read(version));
    if (std::ranges::find(older.fields, deleted_field, &FieldChange::field) == older.fields.end()) {
      known.insert(version);  // of "~" it names what it inverts, and no older ones
    }
  }
  const std::vector<Version> knew_then(knew.begin(), knew.end());
  const auto knew_in = [&](Version version, std::string_view field) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(knew_it, materialiser_->is_known(knew_then, version, field));
    if (knew_it) {
      return true;
    }
    for (const Change& change : changes) {
      KEHUBU_TRY_ASSIGN(was_in_question, is_older(version, change));
      if (was_in_question) {
        return false;
      }
    }
    return materialiser_->repeats(version, field, knew);
  };
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, row));
  for (const Head& head : heads) {
    const std::string_view field = log_->symbol_text(head.field);
    if (field == document_field || std::ranges::find(rewritten, field, &Rewritten::field) != rewritten.end()) {
      continue;
    }
    if (field == deleted_field) {
      known.insert(head.version);
      continue;
    }
    KEHUBU_TRY_ASSIGN(knew_it, knew_in(head.version, field));
    if (knew_it) {
      known.insert(head.version);
    } else if (!inverse.of_decision) {
      return built_upon(table, row, {}, {&head, 1});
    }
  }
  const std::int64_t next = log_->last_sequence(own_device()) + 1;
  for (const Rewritten& cell : rewritten) {
    bool knew_it = !cell.former;
    if (cell.former) {
      KEHUBU_TRY_ASSIGN(repeated, knew_in(*cell.former, cell.field));
      knew_it = repeated;
    }
    if (knew_it) {
      known.insert({own_device(), next + static_cast<std::int64_t>(cell.write)});  // writes become changes in their order
    }
  }
  inverse.writes.push_back({&table, row, inverse.kind, {}, true, {}, std::vector<Version>(known.begin(), known.end())});
  return {};
}

Status StoreImplementation::invert_record(const Table& table, std::span<const Change> changes, Inverse& inverse) {
  const Id& row = changes.front().row;
  KEHUBU_TRY_ASSIGN(was_birth, was_birth_of_record(*table.entity, changes.front()));
  if (was_birth) {
    return invert_birth(table, changes, inverse);
  }
  std::map<std::string_view, std::vector<Version>> written;
  for (const Change& change : changes) {
    for (const FieldChange& cell : change.fields) {
      written[cell.field].push_back(change.version);
    }
  }
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, row));
  if (!written.contains(deleted_field)) {
    KEHUBU_TRY(refuse_in_bin(table, row, heads));
  }
  const std::size_t first_write = inverse.writes.size();
  std::vector<RecordWrite> again;  // the first former heads of all cells, the second ones …
  std::vector<Rewritten> rewritten;
  std::vector<Version> deletions;
  std::size_t restorings = 0;
  const auto write_again = [&](std::size_t place) -> RecordWrite& {
    while (again.size() <= place) {
      again.push_back({&table, row, inverse.kind, {}, {}});
    }
    return again[place];
  };
  for (const auto& [field, versions] : written) {
    const SymbolNumber symbol = log_->symbol(field);
    KEHUBU_TRY_ASSIGN(stands, still_stands(field, versions, heads_of(heads, symbol)));
    if (!stands) {
      KEHUBU_TRY_ASSIGN(other, decided_beside(*log_, versions, heads_of(heads, symbol)));
      if (other && inverse.of_decision) {  // it stands by that, too
        const std::string name = title(*table.entity, row), who = other->person.empty() ? log_->device(other->version.device).name : title(*find_entity("employee"), other->person);
        return fail(ErrorKind::conflict, "“{}”的这个问题，{}也裁定了；只撤销您的裁定，问题不会重新打开。要改主意，请打开它修改",
                    "The question about “{}” was decided by {}, too; taking back your decision alone does not open it again. To change your mind, open it and edit it",
                    {name, who});
      }
      return built_upon(table, row, versions, heads_of(heads, symbol));
    }
    KEHUBU_TRY_ASSIGN(former, former_heads(field, versions));
    std::size_t place = 0;
    for (const Version& version : former) {
      KEHUBU_TRY_ASSIGN(value, materialiser_->value_at(version, field));
      if (field != deleted_field) {
        rewritten.push_back({field, version, first_write + place});
        write_again(place++).cells.emplace_back(symbol, std::move(value));
      } else if (integer_or(value, 0) != 0) {
        deletions.push_back(version);
      } else {
        ++restorings;
      }
    }
    if (former.empty() && field == deleted_field) {
      ++restorings;
    } else if (former.empty()) {
      rewritten.push_back({field, {}, first_write});
      write_again(0).cells.emplace_back(symbol, Value());
    }
  }
  // Of several each is a version of its own, first what restores (repeats.cpp): with no cells, which a deletion may have known.
  const bool alone = restorings == 1 && deletions.empty();
  alone ? void(write_again(0).removed = false) : void();
  std::ranges::move(again, std::back_inserter(inverse.writes));
  for (std::size_t index = 0; !alone && index < restorings; ++index) {
    inverse.writes.push_back({&table, row, inverse.kind, {}, false});
  }
  for (const Version& deletion : deletions) {
    KEHUBU_TRY(invert_deletion(table, changes, deletion, rewritten, inverse));
  }
  return {};
}

StoreImplementation::RecordWrite StoreImplementation::write_returning(const Edit& edit, ChangeKind kind, std::size_t side) {
  const Table& table = table_of(*edit.entity);
  RecordWrite write{&table, edit.row, kind, {}, {}, {}, {}, side};
  for (const auto& [field, value] : edit.fields) {
    write.cells.emplace_back(table.field_symbols[static_cast<std::size_t>(field - edit.entity->fields.data())], value);
  }
  if (edit.remove || edit.restore) {
    write.removed = edit.remove;
  }
  return write;
}

Status StoreImplementation::invert_document(const Table& table, std::span<const Change> changes, Inverse& inverse) {
  const Id& row = changes.front().row;
  std::vector<Version> written;
  for (const Change& change : changes) {
    written.push_back(change.version);
  }
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table, row));
  const std::span<const Head> marks = heads_of(heads, log_->symbol(document_field));
  KEHUBU_TRY_ASSIGN(stands, still_stands(document_field, written, marks));
  KEHUBU_TRY_ASSIGN(flags, flags_of(table, row));
  if (!stands && (flags & flag_document_conflict) != 0) {
    return fail(ErrorKind::conflict, "“{}”被不同设备改得不一样，还没有裁定，请先选定一边", "“{}” was changed differently on several devices; choose a side first",
                {title(*table.entity, row)});
  }
  if (!stands) {
    return built_upon(table, row, written, marks);
  }
  KEHUBU_TRY_ASSIGN(former, former_heads(document_field, written));
  for (std::size_t side = 0; side < std::max<std::size_t>(former.size(), 1); ++side) {
    const std::optional<Version> mark = former.empty() ? std::optional<Version>() : former[side];
    KEHUBU_TRY_ASSIGN(edits, materialiser_->document_return(*table.entity, row, mark));
    for (const Edit& edit : edits) {
      inverse.writes.push_back(write_returning(edit, inverse.kind, side));
    }
    inverse.returns.push_back({&table, row, mark, side});
  }
  return {};
}

// What was written is compared with what was to come back, before it is committed.
Status StoreImplementation::refuse_what_never_was(const Inverse& inverse, std::int64_t first_sequence) {
  for (const Return& back : inverse.returns) {
    const auto head = std::ranges::find_if(inverse.writes, [&](const RecordWrite& write) {
      return write.table == back.table && write.row == back.row && write.side == back.side;
    });
    const Version mark{own_device(), first_sequence + (head - inverse.writes.begin())};
    KEHUBU_TRY_ASSIGN(wanted, materialiser_->document_state(*back.table->entity, back.row, back.mark));
    KEHUBU_TRY_ASSIGN(reached, materialiser_->document_state(*back.table->entity, back.row, mark));
    if (wanted != reached) {
      return fail(ErrorKind::refused, "“{}”不能整单回到当时的样子，没有改动任何数据",
                  "“{}” cannot go back to what it was as a whole; nothing was changed", {title(*back.table->entity, back.row)});
    }
  }
  return {};
}

Result<StoreImplementation::Inverse> StoreImplementation::inverse_of(const UndoEntry& entry, ChangeKind kind) {
  KEHUBU_TRY_ASSIGN(changes, changes_of(entry));
  if (changes.empty()) {
    return fail(ErrorKind::corrupt, "找不到要撤销的内容", "What is to be undone cannot be found");
  }
  Inverse inverse{.kind = kind};
  bool any_of_decision = false;  // an import answers questions about some of its records
  std::set<Id> documents;
  for (const Change& change : changes) {
    if (std::ranges::find(change.fields, document_field, &FieldChange::field) != change.fields.end()) {
      documents.insert(change.row);
    }
  }
  // Record by record, in the order in which the action came to them; documents with all their lines at the end.
  std::map<std::pair<std::string_view, Id>, std::size_t> places;
  std::vector<std::vector<Change>> records;
  for (const Change& change : changes) {
    const auto [found, is_new] = places.try_emplace({change.entity, change.row}, records.size());
    if (is_new) {
      records.emplace_back();
    }
    records[found->second].push_back(change);
  }
  for (const bool whole_documents : {false, true}) {
    for (const std::vector<Change>& record : records) {
      const Entity* entity = find_entity(record.front().entity);
      if (entity == nullptr) {
        return fail(ErrorKind::unsupported, "它由更新的版本写成，请先更新客户簿", "it was written by a newer version of Kehubu: update first");
      }
      const Table& table = table_of(*entity);
      const bool is_document = entity->document && documents.contains(record.front().row);
      if (is_document != whole_documents) {
        continue;
      }
      inverse.of_decision = false;
      for (const Change& change : record) {
        KEHUBU_TRY_ASSIGN(of_decision, is_of_decision(change));
        KEHUBU_TRY_ASSIGN(decides_again, undid_decision(change));
        inverse.of_decision = inverse.of_decision || of_decision;
        inverse.decides_again = inverse.decides_again || decides_again;
      }
      any_of_decision = any_of_decision || inverse.of_decision;
      if (is_document) {
        KEHUBU_TRY(invert_document(table, record, inverse));
        continue;
      }
      if (!entity->part_of.empty() && documents.contains(id_or_empty(value(*entity, record.front().row, *entity->find(entity->part_of))))) {
        continue;  // goes with its document
      }
      KEHUBU_TRY(invert_record(table, record, inverse));
    }
  }
  inverse.of_decision = any_of_decision;
  for (RecordWrite& write : inverse.writes) {
    const auto place = places.find({write.table->entity->id, write.row});
    for (const Change& change : place != places.end() ? records[place->second] : std::vector<Change>()) {
      write.inverts.push_back(change.version);
    }
  }
  put_sides_in_order(inverse.writes);
  return inverse;
}

}  // namespace kehubu
