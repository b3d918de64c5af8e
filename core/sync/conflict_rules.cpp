// What no one device would have allowed and a merge brought about: references that lead in a circle, fields that do not fit.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "core/rules/merge_rules.h"
#include "core/store/decide.h"
#include "core/store/read_if_there.h"
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
  const std::size_t shown_sides = std::min(members.size(), most_sides), more = members.size() - shown_sides;
  // The one whose reference is shown empty comes first, and so is written out, whatever is not.
  std::rotate(members.begin(), std::ranges::find(members, conflict.row), members.end());
  conflict.by_hand = more > 0;
  std::vector<Sentence> names;
  for (const Id& member : std::span(members).first(std::min(members.size(), shown_sides + 1))) {
    names.push_back(record_words(store_, *conflict.entity, member));
    if (member != conflict.row) {
      conflict.others.push_back({conflict.entity, member});
    }
  }
  for (std::size_t emptied = 0; emptied < shown_sides; ++emptied) {
    ConflictSide side;
    side.stands_now = members[emptied] == conflict.row;
    // It is the side of those whose references stay, not of who wrote the one that goes.
    for (std::size_t kept = 1; kept < (more > 0 ? 2 : members.size()); ++kept) {
      const std::size_t from = more > 0 ? emptied : (emptied + kept) % members.size();
      KEHUBU_TRY_ASSIGN(heads, heads_saying({conflict.entity, members[from]}, conflict.field->id, members[(from + 1) % members.size()]));
      for (const Version head : heads) {
        KEHUBU_TRY(add_head(side, head, conflict.field->id));
      }
    }
    for (std::size_t index = more > 0 ? emptied : 0; index < (more > 0 ? emptied + 1 : members.size()); ++index) {
      const Sentence &from = names[index], &to = names[(index + 1) % names.size()];
      const bool goes = index == emptied;
      side.effects.push_back({goes ? Effect::Kind::changed : Effect::Kind::kept, {conflict.entity, members[index]},
                              {substitute(goes ? "清空{}的{}（原来是{}）" : "{}的{}仍是{}", {from.zh, conflict.field->zh, to.zh}),
                               substitute(goes ? "empty {}'s {} (it was {})" : "{}'s {} stays {}", {from.en, conflict.field->en, to.en})}});
    }
    side.cells.push_back({conflict.entity, members[emptied], conflict.field, Value{}});
    conflict.sides.push_back(std::move(side));
  }
  std::string zh, en;
  for (const Sentence& name : std::span(names).first(more > 0 ? 3 : names.size())) {
    zh += (zh.empty() ? "" : "、") + name.zh;
    en += (en.empty() ? "" : ", ") + name.en;
  }
  const std::string count = std::to_string(members.size());
  zh += more > 0 ? substitute("等 {} 条记录", {count}) : "";
  en += more > 0 ? substitute(" and others, {} in all,", {count}) : "";
  const Sentence question = more > 0 ? too_many_words(more) : Sentence{"断开哪一处？", "Which one is to go?"};
  const Sentence shown = record_words(store_, *conflict.entity, conflict.row);
  conflict.headline = {substitute("几处修改合在一起，{}的{}绕成了一圈。眼下{}的{}先空着。{}", {zh, conflict.field->zh, shown.zh, conflict.field->zh, question.zh}),
                       substitute("Changes made in several places have led the {} of {} in a circle. For now that of {} is left empty. {}",
                                  {conflict.field->en, en, shown.en, question.en})};
  return {};
}

// --- fields that do not fit: one side for each device that wrote some of them, and for each decision; the others give way

// What one of them wrote of the fields that a rule is about, and what they were before it.
struct Conflicts::Writing {
  bool decided = false;
  std::vector<Version> heads;
  std::vector<ConflictSide::Cell> cells, before;
};

Result<std::vector<Conflicts::Writing>> Conflicts::writings_of(const Conflict& conflict, const MergeRule& rule) {
  std::map<std::pair<Id, std::int64_t>, Writing> by_speaker;  // a device, and by which decision if by one
  std::vector<const Field*> concerned;
  for_each_part(rule.fields, '|', [&](std::string_view name) { concerned.push_back(conflict.entity->find(name)); });
  for (const Field* field : concerned) {
    KEHUBU_TRY_ASSIGN(heads, spoken_heads({conflict.entity, conflict.row}, field->id));
    if (heads.empty()) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(shown, materialiser_.standing_value(*conflict.entity, field->id, heads));
    Version stands = heads.front();
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, field->id));
      stands = value == shown ? head : stands;
    }
    KEHUBU_TRY_ASSIGN(said, materialiser_.said_by(stands, field->id));  // of a decision that was undone, whoever said it first
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    const auto cell = std::ranges::find(change.fields, field->id, &FieldChange::field);
    KEHUBU_TRY_ASSIGN(before, value_before(store_, *conflict.entity, *cell));
    const bool decided = change.kind == ChangeKind::resolve;
    Writing& writing = by_speaker[{log_.device_id(said.device), decided ? change.action : 0}];
    writing.decided = decided;
    if (std::ranges::find(writing.heads, stands) == writing.heads.end()) {
      writing.heads.push_back(stands);
    }
    writing.cells.push_back({conflict.entity, conflict.row, field, shown});
    writing.before.push_back({conflict.entity, conflict.row, field, before});
  }
  std::vector<Writing> writings;
  for (auto& [speaker, writing] : by_speaker) {
    writings.push_back(std::move(writing));
  }
  return writings;
}

Result<bool> is_broken(Database& database, const MergeRule& rule, std::span<const ConflictSide::Cell> cells) {
  std::vector<std::pair<const Field*, Value>> values;
  std::ranges::transform(cells, std::back_inserter(values), [](const ConflictSide::Cell& cell) { return std::pair{cell.field, cell.value}; });
  return is_broken(database, rule, values);
}

// Whether what the cell would refer to leads to its record again: giving way would only open the question about the circle anew.
Result<bool> Conflicts::leads_back(const ConflictSide::Cell& cell) {
  const std::vector<std::size_t>& hierarchies = materialiser_.tables().of(*cell.entity).hierarchies;
  const auto place = static_cast<std::size_t>(cell.field - cell.entity->fields.data());
  Id at = std::ranges::find(hierarchies, place) != hierarchies.end() ? id_or_empty(cell.value) : Id{};
  for (std::set<Id> passed; !at.empty() && at != cell.row && passed.insert(at).second;) {
    KEHUBU_TRY_ASSIGN(record, read_if_there(store_, *cell.entity, at));
    at = record ? id_or_empty(record->values[place]) : Id{};
  }
  return at == cell.row;
}

// Whether these values fit with the rest of the record, by this rule and by those that are kept now.
Result<bool> Conflicts::fits(const Conflict& conflict, const MergeRule& rule, std::span<const ConflictSide::Cell> cells) {
  Database database{store_.connection()};
  KEHUBU_TRY_ASSIGN(record, store_.read(*conflict.entity, conflict.row));
  for (const ConflictSide::Cell& cell : cells) {
    KEHUBU_TRY_ASSIGN(circle, leads_back(cell));
    if (circle) {
      return false;
    }
  }
  for (const Table::Rule& other : materialiser_.tables().of(*conflict.entity).rules) {
    std::vector<ConflictSide::Cell> now, then;
    bool is_touched = false;
    for (const std::size_t index : other.fields) {
      const Field* field = &conflict.entity->fields[index];
      const auto given = std::ranges::find(cells, field, &ConflictSide::Cell::field);
      is_touched = is_touched || given != cells.end();
      now.push_back({conflict.entity, conflict.row, field, record.values[index]});
      then.push_back(given != cells.end() ? *given : now.back());
    }
    KEHUBU_TRY_ASSIGN(breaks, is_touched ? is_broken(database, *other.rule, then) : Result<bool>(false));
    KEHUBU_TRY_ASSIGN(broken_now, other.rule != &rule ? is_broken(database, *other.rule, now) : Result<bool>(false));
    if (breaks && !broken_now) {
      return false;
    }
  }
  return true;
}

// The values that fields of the others get so that those of one device can stay: what they were before, else none; one alone where
// that is enough, else all. Empty where none of it fits. What took place took place: that gives way to nothing.
Result<std::vector<ConflictSide::Cell>> Conflicts::giving_way(const Conflict& conflict, const MergeRule& rule, std::span<const Writing> all, std::size_t kept) {
  std::vector<ConflictSide::Cell> others, before;
  for (std::size_t index = 0; index < all.size(); ++index) {
    for (std::size_t cell = 0; index != kept && cell < all[index].cells.size(); ++cell) {
      others.push_back(all[index].cells[cell]);
      before.push_back(all[index].before[cell]);
    }
  }
  const auto took_place = [&](const ConflictSide::Cell& cell) { return cell.field->id == conflict.entity->fact_field && text_or_empty(cell.value) == conflict.entity->fact_value; };
  for (const bool empties : {false, true}) {
    for (std::size_t alone = 0; alone <= others.size(); ++alone) {
      std::vector<ConflictSide::Cell> whole = all[kept].cells, given;
      for (std::size_t index = 0; index < others.size(); ++index) {
        ConflictSide::Cell& cell = whole.emplace_back(others[index]);
        const bool gives = !took_place(cell) && (alone == others.size() || alone == index);
        if (gives) {
          cell.value = empties && cell.field->required != Required::always ? Value{} : before[index].value;
        }
        cell.value != others[index].value ? given.push_back(cell) : void();
      }
      KEHUBU_TRY_ASSIGN(fitting, given.empty() ? Result<bool>(false) : fits(conflict, rule, whole));
      if (fitting) {
        return given;
      }
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
    side.decided = writings[kept].decided;
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
    if (given.empty()) {
      side.refused = {substitute("不能选这一边：另一边的内容没有可以退回的值，选了还是不相符（{}）。", {rule->zh}),
                      substitute("This side cannot be chosen: what the other side says has nothing to go back to, and it would still not fit ({}).", {rule->en})};
    }
    // Where the same gives way for several, they are one side.
    const auto gives_same = [&](const ConflictSide& other) {
      return !given.empty() && std::ranges::equal(other.cells, given, [](const auto& a, const auto& b) { return a.field == b.field && a.value == b.value; });
    };
    const auto same = std::ranges::find_if(conflict.sides, gives_same);
    if (same != conflict.sides.end()) {
      same->heads.insert(same->heads.end(), side.heads.begin(), side.heads.end());
      same->authors.insert(same->authors.end(), side.authors.begin(), side.authors.end());
      std::ranges::copy_if(side.effects, std::inserter(same->effects, same->effects.begin()), [](const Effect& effect) { return effect.kind == Effect::Kind::kept; });
      continue;
    }
    side.cells = std::move(given);
    conflict.sides.push_back(std::move(side));
  }
  conflict.by_hand = std::ranges::all_of(conflict.sides, [](const ConflictSide& side) { return side.cells.empty(); });
  for (ConflictSide& side : conflict.by_hand ? std::span(conflict.sides) : std::span<ConflictSide>()) {
    side.refused = {};  // the question itself says that the record is to be opened
  }
  const Sentence record = record_words(store_, *conflict.entity, conflict.row);
  std::vector<std::string> zh, en;
  for (const ConflictSide& side : conflict.sides) {
    const Sentence who = names_of(side);
    if (std::ranges::find(zh, who.zh) == zh.end()) {
      zh.push_back(who.zh);
      en.push_back(who.en);
    }
  }
  conflict.headline = zh.size() == 1
                          ? Sentence{substitute("{} 在几处写下或裁定的{}合在一起不相符：{}。以哪个为准？", {zh[0], record.zh, rule->zh}),
                                     substitute("What {} wrote or decided of {} in several places does not fit together: {}. Which is right?", {en[0], record.en, rule->en})}
                          : Sentence{substitute("{} 分别修改了{}，合在一起不相符：{}。以谁的为准？", {joined(zh, "、"), record.zh, rule->zh}),
                                     substitute("{} each changed {}, and together it does not fit: {}. Whose change is right?", {joined(en, " and "), record.en, rule->en})};
  return {};
}

}  // namespace kehubu
