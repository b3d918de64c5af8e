// What no one device would have allowed and a merge brought about: references that lead in a circle, fields that do not fit.
#include <algorithm>
#include <map>

#include "core/rules/merge_rules.h"
#include "core/store/decide.h"
#include "core/store/sql.h"
#include "core/sync/conflicts.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

// Calls function(name) for each name of a list.
template <typename Function>
void for_each_part(std::string_view list, char separator, Function function) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    function(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

}  // namespace

// --- a circle: one side for each of its references, which is emptied there

Status Conflicts::complete_circle(Conflict& conflict, const Value& detail) {
  std::vector<Id> members;
  for_each_part(text_or_empty(detail), ',', [&](std::string_view id) { members.push_back(Id::parse(id).value_or(Id{})); });
  std::vector<Sentence> names;
  for (const Id& member : members) {
    names.push_back(record_words(store_, *conflict.entity, member));
    if (member != conflict.row) {
      conflict.others.push_back({conflict.entity, member});
    }
  }
  for (std::size_t emptied = 0; emptied < members.size(); ++emptied) {
    ConflictSide side;
    side.stands_now = members[emptied] == conflict.row;
    // It is the side of those whose references stay, not of who wrote the one that goes.
    for (std::size_t kept = 1; kept < members.size(); ++kept) {
      const std::size_t from = (emptied + kept) % members.size();
      KEHUBU_TRY_ASSIGN(heads, heads_saying({conflict.entity, members[from]}, conflict.field->id, members[(from + 1) % members.size()]));
      for (const Version head : heads) {
        KEHUBU_TRY(add_head(side, head, conflict.field->id));
      }
    }
    for (std::size_t index = 0; index < members.size(); ++index) {
      const Sentence &from = names[index], &to = names[(index + 1) % members.size()];
      const bool goes = index == emptied;
      side.effects.push_back({goes ? Effect::Kind::changed : Effect::Kind::kept, {conflict.entity, members[index]},
                              {substitute(goes ? "清空{}的{}（原来是{}）" : "{}的{}仍是{}", {from.zh, conflict.field->zh, to.zh}),
                               substitute(goes ? "empty {}'s {} (it was {})" : "{}'s {} stays {}", {from.en, conflict.field->en, to.en})}});
    }
    side.cells.push_back({conflict.entity, members[emptied], conflict.field, Value{}});
    conflict.sides.push_back(std::move(side));
  }
  const auto stands = std::ranges::find(conflict.sides, true, &ConflictSide::stands_now);
  if (stands != conflict.sides.end()) {
    std::rotate(conflict.sides.begin(), stands, stands + 1);
  }
  std::string zh, en;
  for (const Sentence& name : names) {
    zh += (zh.empty() ? "" : "、") + name.zh;
    en += (en.empty() ? "" : ", ") + name.en;
  }
  const Sentence shown = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {substitute("几处修改合在一起，{}的{}绕成了一圈。眼下{}的{}先空着。断开哪一处？", {zh, conflict.field->zh, shown.zh, conflict.field->zh}),
                       substitute("Changes made in several places have led the {} of {} in a circle. For now that of {} is left empty. Which one is to go?",
                                  {conflict.field->en, en, shown.en})};
  return {};
}

// --- fields that do not fit: one side for each device that wrote some of them; the others give way

// What one device wrote of the fields that a rule is about, and what they were before it.
struct Conflicts::Writing {
  DeviceNumber device = 0;
  std::vector<Version> heads;
  std::vector<ConflictSide::Cell> cells, before;
};

Result<std::vector<Conflicts::Writing>> Conflicts::writings_of(const Conflict& conflict, const MergeRule& rule) {
  std::map<Id, Writing> by_device;
  std::vector<const Field*> concerned;
  for_each_part(rule.fields, '|', [&](std::string_view name) { concerned.push_back(conflict.entity->find(name)); });
  for (const Field* field : concerned) {
    KEHUBU_TRY_ASSIGN(heads, materialiser_.shown_heads(*conflict.entity, conflict.row, field->id));
    if (heads.empty()) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(shown, materialiser_.standing_value(*conflict.entity, field->id, heads));
    Version stands = heads.front();
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, field->id));
      stands = value == shown ? head : stands;
    }
    KEHUBU_TRY_ASSIGN(change, log_.read(stands));
    const auto cell = std::ranges::find(change.fields, field->id, &FieldChange::field);
    KEHUBU_TRY_ASSIGN(before, value_before(store_, *conflict.entity, *cell));
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(stands, field->id));  // of a decision that was undone, whoever said it first
    Writing& writing = by_device[log_.device_id(said.device)];
    writing.device = said.device;
    if (std::ranges::find(writing.heads, stands) == writing.heads.end()) {
      writing.heads.push_back(stands);
    }
    writing.cells.push_back({conflict.entity, conflict.row, field, shown});
    writing.before.push_back({conflict.entity, conflict.row, field, before});
  }
  std::vector<Writing> writings;
  for (auto& [device, writing] : by_device) {
    writings.push_back(std::move(writing));
  }
  return writings;
}

Result<bool> is_broken(Database& database, const MergeRule& rule, std::span<const ConflictSide::Cell> cells) {
  std::vector<std::pair<const Field*, Value>> values;
  std::ranges::transform(cells, std::back_inserter(values), [](const ConflictSide::Cell& cell) { return std::pair{cell.field, cell.value}; });
  return is_broken(database, rule, values);
}

// The values that the fields of the others get so that those of one device can stay: what they were before, else none. Empty
// where neither fits.
Result<std::vector<ConflictSide::Cell>> Conflicts::giving_way(const Conflict& conflict, const MergeRule& rule, std::span<const Writing> all, std::size_t kept) {
  Database database{store_.connection()};
  for (const bool empties : {false, true}) {
    std::vector<ConflictSide::Cell> whole = all[kept].cells, given;
    for (std::size_t index = 0; index < all.size(); ++index) {
      for (std::size_t cell = 0; index != kept && cell < all[index].cells.size(); ++cell) {
        const Field* field = all[index].cells[cell].field;
        const bool may_be_empty = field->required != Required::always;
        const Value value = empties && may_be_empty ? Value{} : all[index].before[cell].value;
        whole.push_back({conflict.entity, conflict.row, field, value});
        if (value != all[index].cells[cell].value) {
          given.push_back(whole.back());
        }
      }
    }
    KEHUBU_TRY_ASSIGN(broken, is_broken(database, rule, whole));
    if (!broken && !given.empty()) {
      return given;
    }
  }
  return std::vector<ConflictSide::Cell>();
}

Status Conflicts::complete_rule(Conflict& conflict, const Value& detail) {
  const MergeRule* rule = find_merge_rule(conflict.entity->id, text_or_empty(detail));
  if (rule == nullptr) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(writings, writings_of(conflict, *rule));
  for (std::size_t kept = 0; kept < writings.size(); ++kept) {
    ConflictSide side;
    for (const Version head : writings[kept].heads) {
      KEHUBU_TRY(add_head(side, head, writings[kept].cells.front().field->id));
    }
    for (const ConflictSide::Cell& cell : writings[kept].cells) {
      const Sentence value = value_words(store_, *cell.field, cell.value);
      side.effects.push_back({Effect::Kind::kept, {cell.entity, cell.row},
                              {substitute("{}仍是“{}”", {cell.field->zh, value.zh}), substitute("{} stays \"{}\"", {cell.field->en, value.en})}});
    }
    KEHUBU_TRY_ASSIGN(given, giving_way(conflict, *rule, writings, kept));
    for (const ConflictSide::Cell& cell : given) {
      for (const Writing& writing : writings) {
        const auto written = std::ranges::find(writing.cells, cell.field, &ConflictSide::Cell::field);
        if (written != writing.cells.end()) {
          side.effects.push_back({Effect::Kind::changed, {cell.entity, cell.row}, change_words(store_, *cell.field, {}, written->value, cell.value)});
        }
      }
    }
    conflict.by_hand = conflict.by_hand || given.empty();
    side.cells = std::move(given);
    conflict.sides.push_back(std::move(side));
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  std::string zh, en;
  for (const ConflictSide& side : conflict.sides) {
    const Sentence who = names_of(side);
    zh += (zh.empty() ? "" : "、") + who.zh;
    en += (en.empty() ? "" : " and ") + who.en;
  }
  conflict.headline = {substitute("{} 分别修改了{}，合在一起不相符：{}。以谁的为准？", {zh, record.zh, rule->zh}),
                       substitute("{} each changed {}, and together it does not fit: {}. Whose change is right?", {en, record.en, rule->en})};
  return {};
}

}  // namespace kehubu
