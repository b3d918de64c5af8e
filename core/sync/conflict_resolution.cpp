// Conflicts, the other half: the sentences that people read, and the writes that their choices become.
#include <algorithm>

#include "core/rules/merge_rules.h"
#include "core/rules/names.h"
#include "core/store/decide.h"
#include "core/store/read_if_there.h"
#include "core/sync/conflicts.h"
#include "core/sync/document_words.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

WriteOptions options_of(const Conflict& conflict, bool skip_validation) {
  return {.kind = ChangeKind::resolve, .skip_validation = skip_validation, .side_of_document = conflict.kind == ConflictKind::document};
}

constexpr std::size_t sides_in_headline = 3;
constexpr std::size_t most_coming_back = 6;  // that are told of while it is open
constexpr std::size_t most_tried_out = 1'000;  // things that a side changes: a thirtieth of a second

// Of the side that keeps a record: a line or a reference that comes back with it, or a document that is what it was. Whole records are told
// of to whoever wrote on them.
bool comes_back_in_part(const Conflict& conflict, const Effect& effect) {
  const bool of_deletion = conflict.kind == ConflictKind::delete_against_edit || conflict.kind == ConflictKind::missing_reference;
  const bool in_part = effect.kind == Effect::Kind::changed || (effect.kind == Effect::Kind::added && !effect.record.entity->part_of.empty());
  return of_deletion && in_part && effect.record != RecordName{conflict.entity, conflict.row};
}

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

Result<bool> Conflicts::is_all(const ConflictSide& side, std::string_view field, ChangeKind kind) {
  for (const Version head : side.heads) {
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, field));
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    if (change.kind != kind) {
      return false;
    }
  }
  return true;
}

Status Conflicts::headline_of_field(Conflict& conflict) {
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const Sentence who = names_of(side);
    const Sentence what = value_words(store_, *conflict.field, side.cells.front().value);
    KEHUBU_TRY_ASSIGN(decided, is_all(side, conflict.field->id, ChangeKind::resolve));
    zh.push_back(substitute(decided ? "{} 裁定为“{}”" : "{} 改为“{}”", {who.zh, what.zh}));
    en.push_back(substitute(decided ? "{} decided on \"{}\"" : "{} set \"{}\"", {who.en, what.en}));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  Sentence follows;
  for (std::size_t index = 1; index < conflict.sides.front().cells.size(); ++index) {
    const Field& field = *conflict.sides.front().cells[index].field;
    follows.zh += (index > 1 ? "、" : "（") + std::string(field.zh);
    follows.en += (index > 1 ? ", " : " (with ") + std::string(field.en);
  }
  follows = follows.zh.empty() ? follows : Sentence{follows.zh + "随之而定）", follows.en + ")"};
  conflict.headline = {substitute("{}的{}被同时修改：{}。以哪个为准{}？", {record.zh, conflict.field->zh, joined(zh, "，"), follows.zh}),
                       substitute("The {} of {} was changed at the same time: {}. Which one is right{}?",
                                  {conflict.field->en, record.en, joined(en, ", "), follows.en})};
  return {};
}

// Who did what, in a few words: the first thing that this side did and no other one (the first two where the amount is the same on all),
// how many there are, and to what amount. Of a side that decided, that it did; of one that is as everybody had seen it, whether it got there by taking something back.
Status Conflicts::headline_of_document(Conflict& conflict, std::span<const SideInShort> in_short) {
  const auto does = [](const Effect& effect) { return effect.kind != Effect::Kind::kept; };
  const auto is_everybodys = [&](const Effect& effect) {
    return std::ranges::all_of(in_short, [&](const SideInShort& side) {
      return std::ranges::any_of(side.effects, [&](const Effect& other) { return does(other) && other.text == effect.text; });
    });
  };
  const bool amounts_differ = std::ranges::any_of(in_short, [&](const SideInShort& side) { return side.amount != in_short.front().amount; });
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.sides.size()); ++index) {
    const ConflictSide& side = conflict.sides[index];
    const std::vector<Effect>& effects = in_short[index].effects;
    KEHUBU_TRY_ASSIGN(decided, is_all(side, document_field, ChangeKind::resolve));
    const Sentence who = names_of(side);
    const auto tells_apart = [&](const Effect& effect) { return does(effect) && !is_everybodys(effect); };
    auto first = std::ranges::find_if(effects, tells_apart);
    const auto second = first == effects.end() || amounts_differ ? effects.end() : std::find_if(first + 1, effects.end(), tells_apart);
    first = first == effects.end() ? std::ranges::find_if(effects, does) : first;
    if (first == effects.end()) {
      KEHUBU_TRY_ASSIGN(took_back, is_all(side, document_field, ChangeKind::undo));
      zh.push_back(substitute(decided ? "{} 裁定维持原样" : took_back ? "{} 撤销了自己的修改" : "{} 维持原样", {who.zh}));
      en.push_back(substitute(decided ? "{} decided to leave it as it was" : took_back ? "{} took back a change of his own" : "{} left it as it was", {who.en}));
      continue;
    }
    Sentence told = side.effects[static_cast<std::size_t>(first - effects.begin())].text;
    if (second != effects.end()) {  // where the amounts do not tell them apart
      told.zh += "，" + second->text.zh;
      told.en += ", " + second->text.en;
    }
    const std::int64_t count = std::ranges::count_if(effects, does);
    const std::string more = std::to_string(count);
    const bool tells_amount = !amounts_differ || in_short[index].amount.zh.empty() || told.zh.ends_with(in_short[index].amount.zh);
    const Sentence amount = tells_amount ? Sentence{} : in_short[index].amount;
    const std::string_view how_zh = !decided ? "{} {}" : side.names_authors ? "{} 裁定采用：{}" : "{} 裁定：{}";
    const std::string_view how_en = !decided ? "{} {}" : side.names_authors ? "{} decided for: {}" : "{} decided: {}";
    const bool named = side.names_authors && !decided;
    zh.push_back((named ? told.zh : substitute(how_zh, {who.zh, told.zh})) + amount.zh + (count > 1 ? substitute("（共 {} 处）", {more}) : ""));
    en.push_back((named ? told.en : substitute(how_en, {who.en, told.en})) + amount.en + (count > 1 ? substitute(" ({} changes)", {more}) : ""));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  const bool in_two = conflict.sides.size() == 2;
  const std::string count = std::to_string(conflict.sides.size());
  const Sentence places{in_two ? "两处" : substitute(" {} 处", {count}), in_two ? "two" : count};
  conflict.headline = {
      substitute("{}在{}被同时修改，整单一起等您决定：{}。以哪一边为准？", {record.zh, places.zh, joined(zh, "；")}),
      substitute("{} was changed in {} places at the same time and waits as a whole for your decision: {}. Which side is right?",
                 {record.en, places.en, joined(en, "; ")})};
  return {};
}

// Whoever deleted it has not seen what it is called by edits that the deletion did not know of.
Result<Sentence> Conflicts::as_deleted(const Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(record, store_.read(*conflict.entity, conflict.row));
  KEHUBU_TRY_ASSIGN(known, materialiser_.known_to_deletions(conflict.sides[1].heads));
  bool has_other_name = false;
  for (std::size_t index = 0; index < record.values.size(); ++index) {
    const Field& field = conflict.entity->fields[index];
    KEHUBU_TRY_ASSIGN(versions, field.derived() ? Result<std::vector<Version>>() : materialiser_.heads(*conflict.entity, conflict.row, field.id));
    for (int steps = 0; steps < Materialiser::most_disagreements && !versions.empty(); ++steps) {
      KEHUBU_TRY_ASSIGN(was_known, materialiser_.is_known(known, versions.front(), field.id));
      if (was_known) {
        break;
      }
      KEHUBU_TRY_ASSIGN(before, materialiser_.heads_before(versions.front(), field.id));
      KEHUBU_TRY_ASSIGN(value, before.empty() ? Result<Value>(Value()) : materialiser_.value_at(before.front(), field.id));
      const bool names_it = field.id == conflict.entity->title_field || &field == telling_field(*conflict.entity);
      has_other_name = has_other_name || (names_it && value != record.values[index]);
      record.values[index] = value;
      versions = std::move(before);
    }
  }
  return has_other_name ? record_in_full(store_, *conflict.entity, conflict.row, record.values) : record_words(store_, *conflict.entity, conflict.row);
}

Status Conflicts::headline_of_deletion(Conflict& conflict) {
  const ConflictSide& keeping = conflict.sides[0];
  const Sentence remover = names_of(conflict.sides[1]);
  KEHUBU_TRY_ASSIGN(decided, is_all(conflict.sides[1], deleted_field, ChangeKind::resolve));
  KEHUBU_TRY_ASSIGN(record, as_deleted(conflict));
  const Sentence& what = keeping.effects.front().text;  // its author included
  const RecordName itself{conflict.entity, conflict.row};
  const std::int64_t count = std::ranges::count_if(keeping.effects, [&](const Effect& effect) { return effect.kind != Effect::Kind::kept && effect.record == itself; });
  const std::string more = std::to_string(count), along = std::to_string(conflict.others.size());
  const Sentence all = count > 1 ? Sentence{substitute("（共 {} 处）", {more}), substitute(" ({} changes)", {more})} : Sentence{};
  const Sentence goes = conflict.others.empty() ? Sentence{}
                                                : Sentence{substitute("（删除时另有 {} 条记录一并删除）", {along}),
                                                           substitute(" ({} more record{s} would go with it)", {along})};
  conflict.headline = {substitute(decided ? "{} 裁定删除{}，同时 {}{}。保留还是删除{}？" : "{} 删除了{}，同时 {}{}。保留还是删除{}？",
                                  {remover.zh, record.zh, what.zh, all.zh, goes.zh}),
                       substitute(decided ? "{} decided to delete {}, while {}{}. Keep it or delete it{}?" : "{} deleted {}, while {}{}. Keep it or delete it{}?",
                                  {remover.en, record.en, what.en, all.en, goes.en})};
  return {};
}

// The consequence first of all: what would go along.
Status Conflicts::headline_of_reference(Conflict& conflict) {
  const Sentence who = names_of(conflict.sides[1]);
  const Sentence what = record_words(store_, *conflict.entity, conflict.row);
  std::vector<std::string> zh, en;
  for (std::size_t index = 0; index < std::min(sides_in_headline, conflict.others.size()); ++index) {
    KEHUBU_TRY_ASSIGN(needing, in_place(conflict.others[index]));
    zh.push_back(needing.zh);
    en.push_back(needing.en);
  }
  const std::string count = std::to_string(conflict.others.size());
  const bool more = conflict.others.size() > sides_in_headline;
  conflict.headline = {
      substitute("{} 删除了{}，但{}{}还要用到它。要恢复它，还是让它保持删除？", {who.zh, what.zh, joined(zh, "、"), more ? substitute("等 {} 条记录", {count}) : ""}),
      substitute("{} deleted {}, which {}{} still needed. Bring it back, or leave it deleted?",
                 {who.en, what.en, joined(en, ", "), more ? substitute(" and others, {} in all,", {count}) : ""})};
  return {};
}

Sentence Conflicts::words_while_open(const Conflict& conflict) {
  Sentence words{"还没有定下来：" + conflict.headline.zh, "Not settled yet: " + conflict.headline.en};
  const ConflictSide& stands = conflict.sides.front();
  if (conflict.kind == ConflictKind::field) {
    const Sentence value = value_words(store_, *conflict.field, stands.cells.front().value);
    words.zh += substitute("在此之前是“{}”。", {value.zh});
    words.en += substitute(" Until then it is \"{}\".", {value.en});
  } else if (stands.stands_now && conflict.kind != ConflictKind::circle) {
    const Sentence record = record_in_full(store_, *conflict.entity, conflict.row);
    words.zh += substitute("在此之前保留{}。", {record.zh});
    words.en += substitute(" Until then {} stays as it is.", {record.en});
    std::vector<std::string> zh, en;
    for (const Effect& effect : stands.effects) {
      if (comes_back_in_part(conflict, effect)) {
        zh.push_back(effect.text.zh);
        en.push_back(effect.text.en);
      }
    }
    if (const std::size_t count = zh.size(); count > 0) {
      zh.resize(std::min(count, most_coming_back));
      en.resize(zh.size());
      const std::string all = std::to_string(count);
      words.zh += substitute("裁定保留时：{}{}。", {joined(zh, "；"), count > zh.size() ? substitute("等 {} 处", {all}) : ""});
      words.en += substitute(" If it is kept: {}{}.", {joined(en, "; "), count > en.size() ? substitute(" and others, {} in all", {all}) : ""});
    }
  }
  return words;
}

Status Conflicts::still_open(const Conflict& conflict) {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  if (std::ranges::find(rows, conflict.key, &Row::key) == rows.end()) {
    return fail(ErrorKind::conflict, "这个冲突已经有人解决了。", "This conflict has been settled meanwhile.");
  }
  return {};
}

// On the stack of undoing it is called by what was asked, whatever records the answer touches; who decides is told what has
// become of documents by it.
Result<Written> Conflicts::write(const Conflict& conflict, std::span<const Edit> edits, bool skip_validation) {
  struct Told {
    RecordName document;
    Sentence name, weight;
  };
  const auto weigh = [this](const RecordName& document) -> Result<Told> {
    KEHUBU_TRY_ASSIGN(record, store_.read(*document.entity, document.row));
    return Told{document, record_with_number(store_, *document.entity, record.values),
                record.deleted ? Sentence{"已删除", "deleted"} : record_weight(store_, *document.entity, record.values)};
  };
  std::vector<RecordName> touched;
  std::ranges::transform(conflict.kind != ConflictKind::document ? edits : std::span<const Edit>(), std::back_inserter(touched),
                         [](const Edit& edit) { return RecordName{edit.entity, edit.row}; });
  KEHUBU_TRY_ASSIGN(objection, objection_of_open_documents(touched));
  if (!objection.zh.empty()) {
    return std::unexpected(Error{ErrorKind::refused, objection, {}});
  }
  std::vector<Told> before;
  for (const Edit& edit : edits) {
    KEHUBU_TRY_ASSIGN(document, document_of({edit.entity, edit.row}));
    const bool is_document = document.entity->document && !document.row.empty();
    KEHUBU_TRY_ASSIGN(head, is_document ? read_if_there(store_, *document.entity, document.row) : Result<std::optional<Record>>());
    if (head && std::ranges::find(before, document, &Told::document) == before.end()) {
      KEHUBU_TRY_ASSIGN(told, weigh(document));
      before.push_back(std::move(told));
    }
  }
  Sentence question = record_words(store_, *conflict.entity, conflict.row);
  if (conflict.field != nullptr) {
    question.zh += "：" + std::string(conflict.field->zh);
    question.en += ": " + std::string(conflict.field->en);
  }
  KEHUBU_TRY_ASSIGN(open_before, keys());
  KEHUBU_TRY_ASSIGN(written, decide(store_, edits, options_of(conflict, skip_validation), question));
  std::vector<Sentence> hints;
  KEHUBU_TRY_ASSIGN(opened, opened_since(open_before));
  for (const Sentence& one : opened.headlines) {
    hints.push_back({"又有一个问题等您决定：" + one.zh, "Another question now waits for you: " + one.en});
  }
  for (const Told& told : before) {
    KEHUBU_TRY_ASSIGN(after, weigh(told.document));
    if (conflict.kind == ConflictKind::document || after.weight.zh != told.weight.zh) {
      hints.push_back(weight_change_words(told.name, told.weight, after.weight));
    }
  }
  written.hints.insert(written.hints.begin(), hints.begin(), hints.end());
  return written;
}

Result<std::vector<std::string>> Conflicts::keys() {
  KEHUBU_TRY_ASSIGN(rows, read_table());
  std::vector<std::string> keys;
  std::ranges::transform(rows, std::back_inserter(keys), &Row::key);
  return keys;
}

Result<Conflicts::Opened> Conflicts::opened_since(std::span<const std::string> open_before, std::size_t most) {
  KEHUBU_TRY_ASSIGN(now, read_table());
  std::erase_if(now, [&](const Row& row) { return std::ranges::binary_search(open_before, row.key); });  // both are sorted
  Opened opened{.headlines = {}, .count = now.size()};
  now.resize(std::min(now.size(), most));
  KEHUBU_TRY_ASSIGN(conflicts, assemble(std::move(now)));
  for (Conflict& conflict : conflicts) {
    opened.headlines.push_back(std::move(conflict.headline));
  }
  return opened;
}

// The store itself knows what would come of it: the choice is written, looked at and taken back.
Result<std::vector<Sentence>> Conflicts::would_open(const Conflict& conflict, std::size_t side) {
  if (side >= conflict.sides.size() || conflict.by_hand || !conflict.sides[side].refused.zh.empty()) {
    return std::vector<Sentence>();
  }
  if (const std::size_t changed = conflict.sides[side].effects.size(); changed > most_tried_out) {
    const std::string count = std::to_string(changed);
    return std::vector<Sentence>{{substitute("这一边要改动 {} 处，会不会引出新的问题，选定之后才知道；引出了会告诉您。", {count}),
                                  substitute("This side changes {} things; whether that opens another question is known once it is chosen, and told then.", {count})}};
  }
  std::vector<Sentence> opened;
  KEHUBU_TRY(store_.try_out([&]() -> Status {
    KEHUBU_TRY_ASSIGN(before, keys());
    KEHUBU_TRY_ASSIGN(edits, edits_for(conflict, side));
    KEHUBU_TRY(store_.write(edits, options_of(conflict, true)));
    KEHUBU_TRY_ASSIGN(questions, opened_since(before));
    opened = std::move(questions.headlines);
    return {};
  }));
  for (Sentence& one : opened) {
    one = {"选这一边会引出一个新的问题：" + one.zh, "Choosing this side opens another question: " + one.en};
  }
  return opened;
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
  KEHUBU_TRY_ASSIGN(spare, conflict.by_hand ? Result<std::vector<std::string>>() : spare_numbers(conflict, kept.value));
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
  if (!chosen.refused.zh.empty()) {
    return std::unexpected(Error{ErrorKind::refused, chosen.refused, {}});
  }
  switch (conflict.kind) {
    case ConflictKind::field:
      return edits_of_cells(chosen.cells);
    case ConflictKind::document:
      return materialiser_.document_resolution(*conflict.entity, conflict.row, chosen.heads.front());
    case ConflictKind::delete_against_edit:
    case ConflictKind::missing_reference:
      return chosen.removed ? edits_for_removal({conflict.entity, conflict.row}) : edits_for_keeping({conflict.entity, conflict.row});
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
  return write(conflict, edits, true);
}

Result<Written> Conflicts::resolve_with(const Conflict& conflict, const Value& value) {
  KEHUBU_TRY(still_open(conflict));
  if (conflict.kind != ConflictKind::field) {
    return fail(ErrorKind::invalid_input, "这里只能在两边之间选择。", "Here one of the sides must be chosen.");
  }
  const auto says_so = [&](const ConflictSide& side) { return side.cells.front().value == value; };
  if (const auto side = std::ranges::find_if(conflict.sides, says_so); side != conflict.sides.end() && std::ranges::count_if(conflict.sides, says_so) == 1) {
    return resolve(conflict, static_cast<std::size_t>(side - conflict.sides.begin()));
  }
  const bool is_choice = find_together(conflict.entity->id, conflict.field->id) != nullptr;
  const std::vector<Edit> alone{{.entity = conflict.entity, .row = conflict.row, .fields = {{conflict.field, value}}}};
  Result<std::vector<Edit>> edits = is_choice ? edits_for_choice(conflict, value) : alone;
  Result<Written> written = edits ? write(conflict, *edits, false) : std::unexpected(edits.error());
  const bool needs_more = !written && is_choice && !written.error().field.empty() && written.error().field != conflict.field->id;
  if (needs_more) {  // for which there is no place here
    written.error().message.zh += "。请打开这条记录，在表单里和它需要的内容一起填写，保存就是裁定。";
    written.error().message.en += ". Open the record and give it there, with what it needs; saving decides.";
  }
  return written;
}

}  // namespace kehubu
