#include "core/sync/foreseen.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/base/task_result.h"
#include "core/rules/merge_rules.h"
#include "core/store/read_if_there.h"
#include "core/store/conflict_keys.h"
#include "core/sync/conflicts.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t most_records = 20'000;
constexpr std::size_t records_between_slices = 64;

std::int64_t decision_of(const Change& change) { return change.kind == ChangeKind::resolve ? change.action : 0; }

std::size_t life_of(const Table& table) { return table.entity->fields.size(); }

}  // namespace

void Foreseen::Found::add(const Place& place, Sentence words) {
  if (count++ == 0) {
    first = place;
    what = std::move(words);
  }
}

bool Foreseen::concerns_rules(const Table& table, std::size_t field) {
  const auto holds = [field](const std::vector<std::size_t>& fields) { return std::ranges::find(fields, field) != fields.end(); };
  return holds(table.hierarchies) || std::ranges::any_of(table.rules, [&](const Table::Rule& rule) { return holds(rule.fields); }) ||
         std::ranges::any_of(table.only_ones, [&](const Table::OnlyOneRule& rule) { return holds(rule.alike) || rule.mark == static_cast<int>(field) || rule.apart == static_cast<int>(field); });
}

void Foreseen::note(const Change& change) {
  const Entity* entity = find_entity(change.entity);
  if (entity == nullptr || change.kind > last_known_kind) {
    return;
  }
  const Table& table = materialiser_.tables().of(*entity);
  if (table.hierarchies.empty() && table.rules.empty() && table.only_ones.empty()) {
    return;
  }
  const Place place{&table, change.row};
  for (const FieldChange& field : change.fields) {
    const Field* declared = entity->find(field.field);
    const std::size_t index = declared != nullptr ? static_cast<std::size_t>(declared - entity->fields.data()) : life_of(table);
    if ((declared == nullptr ? field.field != deleted_field : !concerns_rules(table, index)) ||
        (records_.size() >= most_records && !records_.contains(place))) {
      continue;
    }
    Cell& cell = records_[place][index];
    cell.said.push_back({name_of(change.version), change.clock, decision_of(change), field.value});
    for (const Version& version : field.replaced) {
      cell.replaced.insert(name_of(version));
    }
  }
}

// The heads that the cell would have.
Result<std::vector<Foreseen::Said>> Foreseen::merged(const Place& place, std::size_t field) {
  const Entity& entity = *place.first->entity;
  const std::string_view name = field == life_of(*place.first) ? deleted_field : entity.fields[field].id;
  const auto record = records_.find(place);
  const Cell* cell = record != records_.end() && record->second.contains(field) ? &record->second.at(field) : nullptr;
  std::vector<Said> heads;
  KEHUBU_TRY_ASSIGN(here, materialiser_.heads(entity, place.second, name));
  for (const Version head : here) {
    const Name said{log_.device_id(head.device), head.sequence};
    if (cell == nullptr || !cell->replaced.contains(said)) {
      KEHUBU_TRY_ASSIGN(change, log_.read(head));
      KEHUBU_TRY_ASSIGN(value, materialiser_.value_at(head, name));
      heads.push_back({said, change.clock, decision_of(change), std::move(value)});
    }
  }
  for (const Said& said : cell != nullptr ? cell->said : std::vector<Said>()) {
    if (!cell->replaced.contains(said.name)) {
      heads.push_back(said);
    }
  }
  return heads;
}

const Foreseen::Said& Foreseen::standing(const Field& field, const std::vector<Said>& heads) {
  if (field.merge == MergePolicy::person_decides) {
    return *std::ranges::min_element(heads, {}, &Said::name);
  }
  const bool is_mark = stands_where_given(field);
  return *std::ranges::max_element(heads, {}, [is_mark](const Said& said) {
    return std::tuple(is_mark && gives_mark(said.value), said.clock, said.name);
  });
}

Result<Value> Foreseen::would_be(const Place& place, std::size_t field) {
  KEHUBU_TRY_ASSIGN(heads, merged(place, field));
  return heads.empty() ? Value() : standing(place.first->entity->fields[field], heads).value;
}

// Whether people would see it: a deletion that meets an edit is a conflict of its own, and hides nothing.
Result<bool> Foreseen::would_live(const Place& place) {
  KEHUBU_TRY_ASSIGN(heads, merged(place, life_of(*place.first)));
  const auto removes = [](const Said& said) { return integer_or(said.value, 0) != 0; };
  return heads.empty() || !std::ranges::all_of(heads, removes);
}

Result<bool> Foreseen::is_open(const std::string& conflict) {
  Statement& select = database_.statement("SELECT 1 FROM conflict WHERE key = ?");
  select.bind(1, std::string_view(conflict));
  const bool found = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  return found;
}

Status Foreseen::look_for_circles(const Place& place, const Cells& cells, std::set<Link>& passed, Found& found) {
  const Table& table = *place.first;
  for (const std::size_t field : table.hierarchies) {
    if (!cells.contains(field) && !cells.contains(life_of(table))) {
      continue;
    }
    std::vector<Id> path;
    Id at = place.second;
    while (!at.empty() && passed.insert({&table, field, at}).second) {  // where a walk has been no other need go on
      path.push_back(at);
      KEHUBU_TRY_ASSIGN(lives, would_live({&table, at}));
      KEHUBU_TRY_ASSIGN(next, would_be({&table, at}, field));
      at = lives ? id_or_empty(next) : Id{};
    }
    path.erase(path.begin(), std::ranges::find(path, at));  // what leads into a circle is no part of it
    if (path.size() < 2) {
      continue;
    }
    const Field& declared = table.entity->fields[field];
    KEHUBU_TRY_ASSIGN(open, is_open(conflict_key(StoredConflict::circle, *table.entity, {}, &declared, std::ranges::min_element(path)->text())));
    if (!open) {
      found.add({&table, path.front()}, {std::string(declared.zh), std::string(declared.en)});
    }
  }
  return {};
}

// By the values that would stand, where several devices or decisions answer for them and none of the fields is a question of its own.
Result<bool> Foreseen::breaks(const Place& place, const Table::Rule& rule) {
  std::set<std::pair<Id, std::int64_t>> speakers;
  std::vector<ConflictSide::Cell> values;
  for (const std::size_t field : rule.fields) {
    const Field& declared = place.first->entity->fields[field];
    KEHUBU_TRY_ASSIGN(heads, merged(place, field));
    if (heads.empty()) {
      continue;
    }
    const Said& stands = standing(declared, heads);
    const bool is_asked = declared.merge == MergePolicy::person_decides &&
                          std::ranges::any_of(heads, [&](const Said& said) { return said.value != stands.value; });
    if (is_asked) {
      return false;
    }
    for (const Said& said : heads) {
      speakers.insert({said.name.first, said.decision});
    }
    values.push_back({place.first->entity, place.second, &declared, stands.value});
  }
  return speakers.size() > 1 ? is_broken(database_, *rule.rule, values) : Result<bool>(false);
}

Status Foreseen::look_for_rules(const Place& place, const Cells& cells, Found& found) {
  for (const Table::Rule& rule : place.first->rules) {
    if (std::ranges::none_of(rule.fields, [&](std::size_t field) { return cells.contains(field); })) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(lives, would_live(place));
    KEHUBU_TRY_ASSIGN(broken, breaks(place, rule));
    KEHUBU_TRY_ASSIGN(open, is_open(conflict_key(StoredConflict::rule, *place.first->entity, place.second, nullptr, std::string(rule.rule->id))));
    if (lives && broken && !open) {
      found.add(place, {std::string(rule.rule->zh), std::string(rule.rule->en)});
    }
  }
  return {};
}

// Which records of the file join those that are alike, and which groups of them some record leaves.
Status Foreseen::gather_groups(const Place& place, Groups& groups) {
  const Table& table = *place.first;
  KEHUBU_TRY_ASSIGN(lives, would_live(place));
  KEHUBU_TRY_ASSIGN(record, read_if_there(store_, *table.entity, place.second));
  for (const Table::OnlyOneRule& rule : table.only_ones) {
    std::vector<Value> joined, left;
    for (const std::size_t field : rule.alike) {
      KEHUBU_TRY_ASSIGN(value, would_be(place, field));
      joined.push_back(std::move(value));
      left.push_back(record ? record->values[field] : Value());
    }
    const auto group_of = [&](const std::vector<Value>& alike) -> Group& {
      return groups.try_emplace({&table, text_or_empty(only_one_detail(rule, alike))}, Group{&rule, alike, {}}).first->second;
    };
    if (lives && !is_null(joined.front())) {
      group_of(joined).rows.push_back(place.second);
    }
    if (!is_null(left.front())) {
      static_cast<void>(group_of(left));
    }
  }
  return {};
}

// Beside the records of the file those here that the file does not touch.
Status Foreseen::look_for_several(const Table& table, const Group& group, Found& found) {
  const Table::OnlyOneRule& rule = *group.rule;
  const std::string mark = rule.mark < 0 ? "1" : quoted(table.entity->fields[static_cast<std::size_t>(rule.mark)].id) + " IS ?1";
  const std::string apart = rule.apart < 0 ? "NULL" : quoted(table.entity->fields[static_cast<std::size_t>(rule.apart)].id);
  std::string sql = "SELECT id, " + mark + ", " + apart + " FROM " + table.name + " WHERE live = 1";
  for (std::size_t index = 0; index < rule.alike.size(); ++index) {
    sql += " AND " + quoted(table.entity->fields[rule.alike[index]].id) + (index == 0 ? " = ?" : " IS ?") + std::to_string(index + 2);
  }
  Statement& select = database_.statement(sql);
  rule.mark < 0 ? void() : void(select.bind(1, rule.marked));
  for (std::size_t index = 0; index < rule.alike.size(); ++index) {
    select.bind(static_cast<int>(index) + 2, group.alike[index]);
  }
  std::int64_t all = 0, marked = 0;
  std::set<Value> different;
  Id example;
  while (select.row()) {
    if (!records_.contains({&table, select.id(0)})) {
      ++all;
      marked += select.integer(1);
      select.integer(1) != 0 ? void(different.insert(select.value(2))) : void();
      example = select.id(0);
    }
  }
  KEHUBU_TRY(select.status());
  for (const Id& row : group.rows) {
    KEHUBU_TRY_ASSIGN(value, rule.mark < 0 ? Result<Value>(rule.marked) : would_be({&table, row}, static_cast<std::size_t>(rule.mark)));
    ++all;
    marked += value == rule.marked ? 1 : 0;
    KEHUBU_TRY_ASSIGN(differs, rule.apart < 0 ? Result<Value>(Value()) : would_be({&table, row}, static_cast<std::size_t>(rule.apart)));
    value == rule.marked ? void(different.insert(std::move(differs))) : void();
    example = example.empty() ? row : example;
  }
  const bool none = rule.rule->at_least_one && marked == 0 && all > 1;
  const bool several = marked > 1 && (rule.apart < 0 || different.size() > 1);
  KEHUBU_TRY_ASSIGN(open, is_open(conflict_key(StoredConflict::only_one, *table.entity, {}, nullptr, only_one_detail(rule, group.alike))));
  if ((several || none) && !open) {
    found.add({&table, example}, none ? Sentence{std::string(rule.rule->none_zh), std::string(rule.rule->none_en)}
                                      : Sentence{std::string(rule.rule->zh), std::string(rule.rule->en)});
  }
  return {};
}

Step<Result<std::vector<Sentence>>> Foreseen::sentences(Progress& progress) {
  Found circles, rules, several;
  std::set<Link> passed;
  Groups groups;
  std::size_t done = 0;
  for (const auto& [place, cells] : records_) {
    KEHUBU_CO_TRY(look_for_circles(place, cells, passed, circles));
    KEHUBU_CO_TRY(look_for_rules(place, cells, rules));
    KEHUBU_CO_TRY(gather_groups(place, groups));
    if (++done % records_between_slices == 0) {
      co_await next_slice();
      if (progress.cancelled) {
        co_return fail(ErrorKind::cancelled, "已取消", "Cancelled");
      }
    }
  }
  for (const auto& [name, group] : groups) {
    KEHUBU_CO_TRY(look_for_several(*name.first, group, several));
    if (++done % records_between_slices == 0) {
      co_await next_slice();
    }
  }
  std::vector<Sentence> told;
  const auto tell = [&](const Found& found, std::string_view zh, std::string_view en) {
    if (found.count > 0) {
      const Sentence record = record_words(store_, *found.first.first->entity, found.first.second);
      const std::string count = std::to_string(found.count);
      told.push_back({substitute(zh, {count, record.zh, found.what.zh}), substitute(en, {count, record.en, found.what.en})});
    }
  };
  tell(circles, "合并后 {} 处会绕成一圈，如{}的{}；届时请您决定断开哪一处", "Would lead in a circle in {} place{s}, such as {}: {}; you will be asked which link is to go");
  tell(rules, "合并后 {} 处内容会互不相符，如{}：{}；届时请您决定以谁的为准", "Would not fit together in {} place{s}, such as {}: {}; you will be asked whose change is right");
  tell(several, "合并后 {} 处只该有一个的会多出来或缺少，如{}：{}；届时请您选定", "Would leave several, or none, where there is to be one, in {} place{s}, such as {}: {}; you will be asked to choose");
  co_return told;
}

}  // namespace kehubu
