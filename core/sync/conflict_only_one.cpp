// Records of which there may be only one: a side for each of them, which is the one there.
#include <algorithm>
#include <set>
#include <utility>

#include "core/rules/merge_rules.h"
#include "core/store/sql.h"
#include "core/store/tables.h"
#include "core/sync/conflicts.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

// The key goes on with the rule's name: "only_one/contact/primary/…".
const Table::OnlyOneRule* find_rule(const Table& table, std::string_view key) {
  constexpr std::string_view begins = "only_one/";
  key.remove_prefix(begins.size() + table.entity->id.size() + 1);
  const std::string_view id = key.substr(0, key.find('/'));
  const auto found = std::ranges::find_if(table.only_ones, [&](const Table::OnlyOneRule& one) { return one.rule->id == id; });
  return found != table.only_ones.end() ? &*found : nullptr;
}

// What its fields say in which they are alike: "名称“瓜子”、规格“500克”".
Sentence alike_words(Store& store, const Entity& entity, const Table::OnlyOneRule& rule, const Record& record) {
  Sentence words;
  for (const std::size_t index : rule.alike) {
    const Field& field = entity.fields[index];
    const Sentence value = value_words(store, field, record.values[index]);
    words.zh += (words.zh.empty() ? "" : "、") + substitute("{}“{}”", {field.zh, value.zh});
    words.en += (words.en.empty() ? "" : ", ") + substitute("{} \"{}\"", {field.en, value.en});
  }
  return words;
}

// Whose word it is: of values of one name nothing else tells one from another.
Sentence users_of(Store& store, const Record& record) {
  constexpr std::size_t most_named = 3;
  Sentence users;
  for (const Store::Obstacle& users_here : record.entity->id == "dict_item" ? store.obstacles_to_removal(*record.entity, record.id, most_named) : std::vector<Store::Obstacle>()) {
    Sentence names;
    for (const Id& row : users_here.rows) {
      const Sentence name = record_words(store, *users_here.entity, row);
      names.zh += (names.zh.empty() ? "" : "、") + name.zh;
      names.en += (names.en.empty() ? "" : ", ") + name.en;
    }
    const std::string count = std::to_string(users_here.count);
    users.zh += substitute("；{} 条记录在用：{}", {count, names.zh});
    users.en += substitute("; in use by {} record{s}: {}", {count, names.en});
  }
  return users;
}

// What becomes of one of them where another, or itself, is chosen.
Effect effect_of(Store& store, const Table::OnlyOneRule& rule, const Record& record, bool chosen) {
  const Entity& entity = *record.entity;
  const Sentence what = record_in_full(store, entity, record.id);
  Effect effect{Effect::Kind::kept, {&entity, record.id}, {}};
  switch (rule.rule->remedy) {
    case OnlyOne::Remedy::by_hand: {
      const Sentence alike = alike_words(store, entity, rule, record);
      effect.text = {substitute("{}：{}", {what.zh, alike.zh}), substitute("{}: {}", {what.en, alike.en})};
      return effect;
    }
    case OnlyOne::Remedy::remove:
      effect.kind = chosen ? Effect::Kind::kept : Effect::Kind::removed;
      effect.text = {substitute(chosen ? "保留{}" : "删除{}", {what.zh}), substitute(chosen ? "keep {}" : "delete {}", {what.en})};
      return effect;
    case OnlyOne::Remedy::unmark:
      break;
  }
  const Field& mark = entity.fields[static_cast<std::size_t>(rule.mark)];
  const Value& given = chosen ? rule.marked : rule.unmarked;
  const bool stays = record.value(mark.id) == given;
  const Sentence value = value_words(store, mark, given);
  effect.kind = stays ? Effect::Kind::kept : Effect::Kind::changed;
  const Sentence users = users_of(store, record);
  effect.text = {substitute(stays ? "{}的{}仍是“{}”" : "{}的{}改为“{}”", {what.zh, mark.zh, value.zh}) + users.zh,
                 substitute(stays ? "{}: {} stays \"{}\"" : "{}: {} becomes \"{}\"", {what.en, mark.en, value.en}) + users.en};
  return effect;
}

Sentence question_of(OnlyOne::Remedy remedy) {
  switch (remedy) {
    case OnlyOne::Remedy::by_hand:
      return {"请改正其中一条，或删除它。", "Correct one of them, or delete it."};
    case OnlyOne::Remedy::remove:
      return {"保留哪一条？其余的会删除。", "Which one stays? The others will be deleted."};
    case OnlyOne::Remedy::unmark:
      break;
  }
  return {"选哪一个？", "Which one is it?"};
}

}  // namespace

// When it is to be or was, where its list does not say so: often all that tells two plans apart.
void Conflicts::tell_when(const Record& record, ConflictSide& side) {
  for (const Field& field : record.entity->fields) {
    if (field.type == FieldType::date_time && !field.in_list && !field.derived() && !is_null(record.value(field.id))) {
      const Sentence value = value_words(store_, field, record.value(field.id));
      side.effects.push_back({Effect::Kind::kept, {record.entity, record.id}, {substitute("{}：{}", {field.zh, value.zh}), substitute("{}: {}", {field.en, value.en})}});
    }
  }
}

// Those that are alike, and whether each has the mark.
Result<std::vector<std::pair<Id, bool>>> Conflicts::all_alike(const Conflict& conflict, const Table::OnlyOneRule& rule) {
  KEHUBU_TRY_ASSIGN(first, store_.read(*conflict.entity, conflict.row));
  Database database{store_.connection()};
  const std::string mark = rule.mark < 0 ? "1" : quoted(conflict.entity->fields[static_cast<std::size_t>(rule.mark)].id) + " IS ?" + std::to_string(rule.alike.size() + 1);
  std::string sql = "SELECT id, " + mark + " FROM " + quoted(conflict.entity->id) + " WHERE live = 1";
  for (std::size_t index = 0; index < rule.alike.size(); ++index) {
    sql += " AND " + quoted(conflict.entity->fields[rule.alike[index]].id) + (index == 0 ? " = ?" : " IS ?") + std::to_string(index + 1);
  }
  Statement& select = database.statement(sql + " ORDER BY id");
  for (std::size_t index = 0; index < rule.alike.size(); ++index) {
    select.bind(static_cast<int>(index) + 1, first.values[rule.alike[index]]);
  }
  rule.mark < 0 ? void() : void(select.bind(static_cast<int>(rule.alike.size()) + 1, rule.marked));
  std::vector<std::pair<Id, bool>> rows;
  while (select.row()) {
    rows.emplace_back(select.id(0), select.integer(1) != 0);
  }
  KEHUBU_TRY(select.status());
  return rows;
}

// Of those that are alike the ones that have the mark, or all where none has; those about whose mark people decided differently; and those
// from whom these decisions took it, which stand no more than the decisions do.
Result<std::vector<Id>> Conflicts::one_too_many(const Conflict& conflict, const Table::OnlyOneRule& rule, std::vector<Id> disputed) {
  KEHUBU_TRY_ASSIGN(alike, all_alike(conflict, rule));
  const bool any_marked = std::ranges::any_of(alike, &std::pair<Id, bool>::second);
  const auto is_member = [&](const Id& row) { return std::ranges::find(disputed, row) != disputed.end(); };
  std::vector<Id> members = disputed;
  for (const auto& [row, marked] : alike) {
    (marked || (!any_marked && disputed.empty())) && !is_member(row) ? members.push_back(row) : void();
  }
  if (rule.mark < 0 || (disputed.empty() && !any_marked)) {
    return members;
  }
  const std::string_view mark = conflict.entity->fields[static_cast<std::size_t>(rule.mark)].id;
  using Decision = std::pair<DeviceNumber, std::int64_t>;
  const auto decisions_of = [&](const Id& row, bool giving) -> Result<std::set<Decision>> {
    std::set<Decision> decisions;
    KEHUBU_TRY_ASSIGN(heads, materialiser_.heads(*conflict.entity, row, mark));
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, mark));
      KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, mark));
      KEHUBU_TRY_ASSIGN(change, log_.read(said));
      if (change.kind == ChangeKind::resolve && (value == rule.marked) == giving) {
        decisions.emplace(said.device, change.action);
      }
    }
    return decisions;
  };
  std::set<Decision> in_question;
  for (const Id& row : members) {
    KEHUBU_TRY_ASSIGN(decisions, decisions_of(row, true));
    in_question.merge(decisions);
  }
  for (const auto& [row, marked] : in_question.size() > 1 ? alike : decltype(alike)()) {
    KEHUBU_TRY_ASSIGN(decisions, std::ranges::find(members, row) == members.end() ? decisions_of(row, false) : Result<std::set<Decision>>());
    if (std::ranges::any_of(decisions, [&](const Decision& one) { return in_question.contains(one); })) {
      members.push_back(row);
    }
  }
  return members;
}

// Whose word the mark is: who gives it, also where somebody's taking it away stands meanwhile; where decisions took it, who had given it before.
Result<std::vector<Version>> Conflicts::heads_giving(const RecordName& record, std::string_view mark, const Value& marked) {
  KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*record.entity, record.row, mark));
  std::vector<Version> giving;
  std::set<Version> seen;
  for (std::vector<Version> before; giving.empty() && !heads.empty(); heads = std::exchange(before, {})) {
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, mark));
      KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(head, mark));
      KEHUBU_TRY_ASSIGN(change, log_.read(said));
      value == marked ? giving.push_back(head) : void();
      KEHUBU_TRY_ASSIGN(older, change.kind == ChangeKind::resolve && seen.insert(said).second ? materialiser_.heads_before(said, mark) : Result<std::vector<Version>>());
      std::ranges::copy_if(older, std::back_inserter(before), [&](Version one) { return std::ranges::find(before, one) == before.end(); });
    }
  }
  return giving;
}

Status Conflicts::complete_only_one(Conflict& conflict, std::vector<Id> members) {
  const Table::OnlyOneRule* rule = find_rule(materialiser_.tables().of(*conflict.entity), conflict.key);
  if (rule == nullptr) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(asked, one_too_many(conflict, *rule, std::move(members)));
  members = std::move(asked);
  const std::size_t more = members.size() - std::min(members.size(), most_sides);
  std::vector<Record> records;
  for (const Id& member : std::span(members).first(members.size() - more)) {
    KEHUBU_TRY_ASSIGN(record, store_.read(*conflict.entity, member));
    records.push_back(std::move(record));
  }
  conflict.by_hand = rule->rule->remedy == OnlyOne::Remedy::by_hand || more > 0;
  const Field& told = conflict.entity->fields[rule->mark < 0 ? rule->alike.front() : static_cast<std::size_t>(rule->mark)];
  Sentence names;
  for (const Record& record : records) {
    const Sentence name = record_words(store_, *conflict.entity, record.id);
    if (more == 0 || &record - records.data() < 3) {
      names.zh += (names.zh.empty() ? "" : "、") + name.zh;
      names.en += (names.en.empty() ? "" : ", ") + name.en;
    }
    if (record.id != conflict.row) {
      conflict.others.push_back({conflict.entity, record.id});
    }
    ConflictSide side;
    KEHUBU_TRY_ASSIGN(told_heads, spoken_heads({conflict.entity, record.id}, told.id));
    const std::string_view said = told_heads.empty() ? conflict.entity->fields[rule->alike.front()].id : told.id;  // nobody may ever have said so
    KEHUBU_TRY_ASSIGN(heads, heads_saying({conflict.entity, record.id}, said, record.value(said)));
    if (rule->mark >= 0 && said == told.id) {
      KEHUBU_TRY_ASSIGN(giving, heads_giving({conflict.entity, record.id}, said, rule->marked));
      if (!giving.empty()) {
        heads = std::move(giving);
      }
    }
    for (const Version head : heads) {
      KEHUBU_TRY(add_head(side, head, said));
    }
    side.cells.push_back({conflict.entity, record.id, &told, rule->mark < 0 ? record.value(told.id) : rule->marked});
    tell_when(record, side);
    for (const Record& other : more > 0 ? std::span(&record, 1) : std::span(std::as_const(records))) {
      const bool chosen = &other == &record;
      side.effects.push_back(effect_of(store_, *rule, other, chosen));
      if (!chosen && rule->rule->remedy == OnlyOne::Remedy::unmark) {
        side.cells.push_back({conflict.entity, other.id, &told, rule->unmarked});
      }
    }
    conflict.sides.push_back(std::move(side));
  }
  const bool none = rule->mark >= 0 && std::ranges::none_of(records, [&](const Record& one) { return one.values[static_cast<std::size_t>(rule->mark)] == rule->marked; });
  const Sentence wrong = none ? Sentence{std::string(rule->rule->none_zh), std::string(rule->rule->none_en)}
                              : Sentence{std::string(rule->rule->zh), std::string(rule->rule->en)};
  const Sentence question = more > 0 ? too_many_words(more) : question_of(rule->rule->remedy);
  if (more > 0) {
    const std::string count = std::to_string(members.size());
    names = {substitute("{}等 {} 条记录", {names.zh, count}), substitute("{} and others, {} in all,", {names.en, count})};
  }
  conflict.headline = {substitute("几处修改合在一起，{}：{}。{}", {names.zh, wrong.zh, question.zh}),
                       substitute("Changes made in several places met at {}: {}. {}", {names.en, wrong.en, question.en})};
  return {};
}

Result<std::vector<Edit>> Conflicts::edits_for_only_one(const Conflict& conflict, std::size_t side) {
  const Table::OnlyOneRule* rule = find_rule(materialiser_.tables().of(*conflict.entity), conflict.key);
  if (conflict.by_hand || rule == nullptr) {
    return fail(ErrorKind::refused, "请打开其中一条记录，把它改正或删除。", "Open one of the records and correct it, or delete it.");
  }
  if (rule->rule->remedy == OnlyOne::Remedy::unmark) {
    return edits_of_cells(conflict.sides[side].cells);
  }
  std::vector<Edit> edits;
  for (const ConflictSide& other : conflict.sides) {
    const RecordName record{conflict.entity, other.cells.front().row};
    if (record.row == conflict.sides[side].cells.front().row) {
      edits.push_back({.entity = record.entity, .row = record.row, .fields = {}, .restore = true});  // that it stays meets who decides to delete it
      continue;
    }
    KEHUBU_TRY_ASSIGN(removed, edits_for_removal(record));
    std::ranges::move(removed, std::back_inserter(edits));
  }
  return edits;
}

}  // namespace kehubu
