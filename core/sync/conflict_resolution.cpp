// Conflicts, the other half: the sentences that people read, and the writes that their choices become.
#include <algorithm>

#include "core/sync/conflicts.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? std::string{} : std::string{separator}) + part;
  }
  return text;
}

constexpr std::size_t sides_in_headline = 3;

}  // namespace

void Conflicts::headline_of_field(Conflict& conflict) {
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const Sentence who = author_words(store_, side.person, log_.device_number(side.device));
    const Sentence what = value_words(store_, *conflict.field, side.cells.front().value);
    zh.push_back(substitute("{} 改为“{}”", {who.zh, what.zh}));
    en.push_back(substitute("{} set \"{}\"", {who.en, what.en}));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {substitute("{}的{}被同时修改：{}。以哪个为准？", {record.zh, conflict.field->zh, joined(zh, "，")}),
                       substitute("The {} of {} was changed at the same time: {}. Which one is right?",
                                  {conflict.field->en, record.en, joined(en, ", ")})};
}

void Conflicts::headline_of_document(Conflict& conflict) {
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const Sentence who = author_words(store_, side.person, log_.device_number(side.device));
    if (side.removed) {
      zh.push_back(substitute("{} 删除了它", {who.zh}));
      en.push_back(substitute("{} deleted it", {who.en}));
      continue;
    }
    if (side.cells.empty()) {
      continue;
    }
    const ConflictSide::Cell& cell = side.cells.front();
    const Sentence value = value_words(store_, *cell.field, cell.value);
    const std::string more = side.cells.size() > 1 ? std::to_string(side.cells.size()) : std::string{};
    zh.push_back(substitute("{} 把{}改为“{}”", {who.zh, cell.field->zh, value.zh}) + (more.empty() ? "" : substitute("（共 {} 处）", {more})));
    en.push_back(substitute("{} set {} to \"{}\"", {who.en, cell.field->en, value.en}) + (more.empty() ? "" : substitute(" ({} values)", {more})));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {
      substitute("{}在两处被同时修改，整单一起等您决定：{}。以哪一边为准？", {record.zh, joined(zh, "；")}),
      substitute("{} was changed in two places at the same time and waits as a whole for your decision: {}. Which side is right?",
                 {record.en, joined(en, "; ")})};
}

void Conflicts::headline_of_deletion(Conflict& conflict) {
  const auto removal = std::ranges::find(conflict.sides, true, &ConflictSide::removed);
  const auto edit = std::ranges::find(conflict.sides, false, &ConflictSide::removed);
  if (removal == conflict.sides.end() || edit == conflict.sides.end()) {
    return;
  }
  const Sentence remover = author_words(store_, removal->person, log_.device_number(removal->device));
  const Sentence editor = author_words(store_, edit->person, log_.device_number(edit->device));
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  Sentence what{"又恢复了它", "restored it"};
  if (!edit->cells.empty()) {
    const ConflictSide::Cell& cell = edit->cells.front();
    const Sentence value = value_words(store_, *cell.field, cell.value);
    what = {substitute("把{}改为“{}”", {cell.field->zh, value.zh}), substitute("set {} to \"{}\"", {cell.field->en, value.en})};
  }
  conflict.headline = {substitute("{} 删除了{}，同时 {} {}。保留还是删除？", {remover.zh, record.zh, editor.zh, what.zh}),
                       substitute("{} deleted {}, while {} {}. Keep it or delete it?", {remover.en, record.en, editor.en, what.en})};
}

Status Conflicts::still_open(const Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  if (std::ranges::find(rows, conflict.key, &Row::key) == rows.end()) {
    return fail(ErrorKind::conflict, "这个冲突已经有人解决了。", "This conflict has been settled meanwhile.");
  }
  return {};
}

Result<Written> Conflicts::write(std::span<const Edit> edits) {
  return store_.write(edits, {.kind = ChangeKind::resolve, .skip_validation = true});
}

// To delete or change a document while its sides are apart would choose between them without anybody seeing it.
Status Conflicts::refuse_if_document_waits(const Entity& entity, const Id& row) {
  const Entity* document = entity.document ? &entity : nullptr;
  Id head = row;
  if (!entity.part_of.empty()) {
    KEHUBU_TRY_ASSIGN(line, store_.read(entity, row));
    document = find_entity(entity.find(entity.part_of)->references);
    head = id_or_empty(line.value(entity.part_of));
  }
  if (document == nullptr || head.empty()) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(marks, materialiser_.heads(*document, head, document_field));
  if (marks.size() > 1) {
    const Sentence name = record_words(store_, *document, head);
    return std::unexpected(Error{ErrorKind::refused,
                                 {substitute("{}自己还有冲突等您决定，请先决定它。", {name.zh}),
                                  substitute("{} itself waits for your decision; decide on it first.", {name.en})}, {}});
  }
  return {};
}

Result<std::vector<Edit>> Conflicts::edits_for_reference(const Conflict& conflict, std::size_t side) {
  std::vector<Edit> edits;
  if (!conflict.sides[side].removed) {
    edits.push_back({.entity = conflict.entity, .row = conflict.row, .fields = {}, .restore = true});
    return edits;
  }
  // What cannot do without it goes with it; the rest lets go of it.
  KEHUBU_TRY_ASSIGN(found, referrers(conflict));
  for (const Referrer& referrer : found) {
    KEHUBU_TRY(refuse_if_document_waits(*referrer.entity, referrer.row));
    if (referrer.field->required == Required::always) {
      edits.push_back({.entity = referrer.entity, .row = referrer.row, .fields = {}, .remove = true});
    } else {
      edits.push_back({.entity = referrer.entity, .row = referrer.row, .fields = {{referrer.field, Value{}}}});
    }
  }
  return edits;
}

// The number with -2, -3 … appended, as far as that is free.
Result<std::vector<std::string>> Conflicts::spare_numbers(const Conflict& conflict, const Value& number) {
  std::vector<std::string> spare;
  const bool given_by_us = conflict.entity->number_field == conflict.field->id;
  for (int suffix = 2; given_by_us && spare.size() + 1 < conflict.sides.size(); ++suffix) {
    std::string candidate = text_or_empty(number) + "-" + std::to_string(suffix);
    KEHUBU_TRY_ASSIGN(taken, sharing(*conflict.entity, *conflict.field, candidate));
    if (taken.empty()) {
      spare.push_back(std::move(candidate));
    }
  }
  return spare;
}

Result<std::vector<Edit>> Conflicts::edits_for_duplicate(const Conflict& conflict, std::size_t side) {
  const ConflictSide::Cell& kept = conflict.sides[side].cells.front();
  KEHUBU_TRY_ASSIGN(spare, spare_numbers(conflict, kept.value));
  if (spare.empty()) {
    return fail(ErrorKind::refused, "请打开其中一条记录，把它的{}改正。", "Open one of the records and correct its {}.",
                {conflict.field->zh});
  }
  std::vector<Edit> edits;
  for (const ConflictSide& other : conflict.sides) {
    const Id& row = other.cells.front().row;
    if (row != kept.row) {
      edits.push_back({.entity = conflict.entity, .row = row, .fields = {{conflict.field, std::move(spare[edits.size()])}}});
    }
  }
  return edits;
}

Result<std::vector<Edit>> Conflicts::edits_for(const Conflict& conflict, std::size_t side) {
  const ConflictSide& chosen = conflict.sides[side];
  switch (conflict.kind) {
    case ConflictKind::field:
      return std::vector<Edit>{{.entity = conflict.entity, .row = conflict.row, .fields = {{conflict.field, chosen.cells.front().value}}}};
    case ConflictKind::document:
      return materialiser_.document_resolution(*conflict.entity, conflict.row, chosen.heads.front());
    case ConflictKind::delete_against_edit:
      return std::vector<Edit>{{.entity = conflict.entity, .row = conflict.row, .fields = {}, .remove = chosen.removed, .restore = !chosen.removed}};
    case ConflictKind::missing_reference: return edits_for_reference(conflict, side);
    case ConflictKind::duplicate_number: return edits_for_duplicate(conflict, side);
  }
  return std::vector<Edit>{};
}

Result<Written> Conflicts::resolve(const Conflict& conflict, std::size_t side) {
  if (side >= conflict.sides.size()) {
    return fail(ErrorKind::invalid_input, "没有这个选项。", "There is no such choice.");
  }
  KEHUBU_TRY(still_open(conflict));
  KEHUBU_TRY_ASSIGN(edits, edits_for(conflict, side));
  return write(edits);
}

Result<Written> Conflicts::resolve_with(const Conflict& conflict, const Value& value) {
  KEHUBU_TRY(still_open(conflict));
  if (conflict.kind == ConflictKind::field) {
    const Edit edit{.entity = conflict.entity, .row = conflict.row, .fields = {{conflict.field, value}}};
    return store_.write({&edit, 1}, {.kind = ChangeKind::resolve});
  }
  if (conflict.kind == ConflictKind::duplicate_number && !conflict.other_rows.empty()) {
    const Edit edit{.entity = conflict.entity, .row = conflict.other_rows.front(), .fields = {{conflict.field, value}}};
    return store_.write({&edit, 1}, {.kind = ChangeKind::resolve});
  }
  return fail(ErrorKind::invalid_input, "这里只能在两边之间选择。", "Here one of the sides must be chosen.");
}

}  // namespace kehubu
