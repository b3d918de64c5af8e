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

// "李强" or "李强、赵工".
Sentence Conflicts::names_of(const ConflictSide& side) {
  std::vector<std::string> zh, en;
  for (const Author& author : side.authors) {
    const Sentence name = author_words(store_, author);
    if (std::ranges::find(zh, name.zh) == zh.end()) {
      zh.push_back(name.zh);
      en.push_back(name.en);
    }
  }
  return {joined(zh, "、"), joined(en, ", ")};
}

void Conflicts::headline_of_field(Conflict& conflict) {
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const Sentence who = names_of(side);
    const Sentence what = value_words(store_, *conflict.field, side.cells.front().value);
    zh.push_back(substitute("{} 改为“{}”", {who.zh, what.zh}));
    en.push_back(substitute("{} set \"{}\"", {who.en, what.en}));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {substitute("{}的{}被同时修改：{}。以哪个为准？", {record.zh, conflict.field->zh, joined(zh, "，")}),
                       substitute("The {} of {} was changed at the same time: {}. Which one is right?",
                                  {conflict.field->en, record.en, joined(en, ", ")})};
}

// Who did what, in a few words: the first thing that the side did, and how many there are.
void Conflicts::headline_of_document(Conflict& conflict) {
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const Sentence who = names_of(side);
    const auto does = [](const Effect& effect) { return effect.kind != Effect::Kind::kept; };
    const auto first = std::ranges::find_if(side.effects, does);
    if (first == side.effects.end()) {
      zh.push_back(substitute("{} 维持原样", {who.zh}));
      en.push_back(substitute("{} left it as it was", {who.en}));
      continue;
    }
    const std::int64_t count = std::ranges::count_if(side.effects, does);
    const std::string more = std::to_string(count);
    zh.push_back(substitute("{} {}", {who.zh, first->text.zh}) + (count > 1 ? substitute("（共 {} 处）", {more}) : ""));
    en.push_back(substitute("{} {}", {who.en, first->text.en}) + (count > 1 ? substitute(" ({} changes)", {more}) : ""));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {
      substitute("{}在两处被同时修改，整单一起等您决定：{}。以哪一边为准？", {record.zh, joined(zh, "；")}),
      substitute("{} was changed in two places at the same time and waits as a whole for your decision: {}. Which side is right?",
                 {record.en, joined(en, "; ")})};
}

void Conflicts::headline_of_deletion(Conflict& conflict) {
  const ConflictSide& keeping = conflict.sides[0];
  const Sentence remover = names_of(conflict.sides[1]);
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  const Sentence& what = keeping.effects.front().text;  // its author included
  const std::int64_t count = std::ranges::count_if(keeping.effects, [](const Effect& effect) { return effect.kind != Effect::Kind::kept; });
  const std::string more = std::to_string(count), along = std::to_string(conflict.others.size());
  const Sentence all = count > 1 ? Sentence{substitute("（共 {} 处）", {more}), substitute(" ({} changes)", {more})} : Sentence{};
  const Sentence goes = conflict.others.empty() ? Sentence{}
                                                : Sentence{substitute("（删除时另有 {} 条记录一并删除）", {along}),
                                                           substitute(" ({} more record{s} would go with it)", {along})};
  conflict.headline = {substitute("{} 删除了{}，同时 {}{}。保留还是删除{}？", {remover.zh, record.zh, what.zh, all.zh, goes.zh}),
                       substitute("{} deleted {}, while {}{}. Keep it or delete it{}?", {remover.en, record.en, what.en, all.en, goes.en})};
}

// The consequence first of all: what would go along.
void Conflicts::headline_of_reference(Conflict& conflict) {
  const Sentence who = names_of(conflict.sides[1]);
  const Sentence what = record_words(store_, *conflict.entity, conflict.row);
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.others.size()); ++index) {
    const Sentence needing = record_in_full(store_, *conflict.others[index].entity, conflict.others[index].row);
    zh.push_back(needing.zh);
    en.push_back(needing.en);
  }
  const std::string count = std::to_string(conflict.others.size());
  const bool more = conflict.others.size() > sides_in_headline;
  conflict.headline = {
      substitute("{} 删除了{}，但{}{}还要用到它。要恢复它，还是让它保持删除？", {who.zh, what.zh, joined(zh, "、"), more ? substitute("等 {} 条记录", {count}) : ""}),
      substitute("{} deleted {}, which {}{} still needed. Bring it back, or leave it deleted?",
                 {who.en, what.en, joined(en, ", "), more ? substitute(" and others, {} in all,", {count}) : ""})};
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

// One edit for each record that a side has cells of.
std::vector<Edit> Conflicts::edits_of_cells(std::span<const ConflictSide::Cell> cells) {
  std::vector<Edit> edits;
  for (const ConflictSide::Cell& cell : cells) {
    const auto same = std::ranges::find(edits, cell.row, &Edit::row);
    Edit& edit = same != edits.end() ? *same : edits.emplace_back(Edit{.entity = cell.entity, .row = cell.row, .fields = {}});
    edit.fields.emplace_back(cell.field, cell.value);
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
    case ConflictKind::missing_reference:
      if (chosen.removed) {
        return edits_for_removal({conflict.entity, conflict.row}, conflict.kind == ConflictKind::delete_against_edit);
      }
      return std::vector<Edit>{{.entity = conflict.entity, .row = conflict.row, .fields = {}, .restore = true}};
    case ConflictKind::duplicate_number: return edits_for_duplicate(conflict, side);
    case ConflictKind::only_one: return edits_for_only_one(conflict, side);
    case ConflictKind::circle:
    case ConflictKind::rule:
      if (conflict.by_hand) {
        return fail(ErrorKind::refused, "请打开这条记录改正。", "Open the record and correct it.");
      }
      return edits_of_cells(chosen.cells);
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
  if (conflict.kind == ConflictKind::duplicate_number && !conflict.others.empty()) {
    const Edit edit{.entity = conflict.entity, .row = conflict.others.front().row, .fields = {{conflict.field, value}}};
    return store_.write({&edit, 1}, {.kind = ChangeKind::resolve});
  }
  return fail(ErrorKind::invalid_input, "这里只能在两边之间选择。", "Here one of the sides must be chosen.");
}

}  // namespace kehubu
