// Records of which there may be only one, and of which two devices made one each: two primary contacts of a customer, two
// products of one name and specification. core/rules/merge_rules.h declares which. All of them live, and a person decides.
#include <algorithm>

#include "core/rules/merge_rules.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {

// Each value with its length, so that no two lists of values give one text.
Value only_one_detail(const Table::OnlyOneRule& rule, std::span<const Value> alike) {
  std::string detail(rule.rule->id);
  for (const Value& value : alike) {
    const auto* id = std::get_if<Id>(&value);
    const auto* integer = std::get_if<std::int64_t>(&value);
    const std::string text = id != nullptr ? id->text() : integer != nullptr ? std::to_string(*integer) : text_or_empty(value);
    detail += "/" + (is_null(value) ? std::string() : std::to_string(text.size()) + ":" + text);
  }
  return detail;
}

// Notes what settle_only_one() has to look at, because the record was one of several or has become one.
void Materialiser::Parts::note_only_ones(const Table& table, bool was_live, bool live) {
  for (std::size_t index = 0; index < table.only_ones.size(); ++index) {
    const Table::OnlyOneRule& rule = table.only_ones[index];
    const auto column = [&](std::size_t field) { return static_cast<std::size_t>(std::ranges::find(table.watched, field) - table.watched.begin()); };
    const auto is_one = [&](const std::vector<Value>& values, bool is_live) {
      return is_live && !is_null(values[column(rule.alike.front())]) &&
             (rule.rule->at_least_one || rule.mark < 0 || values[column(static_cast<std::size_t>(rule.mark))] == rule.marked);
    };
    const auto differs = [&](std::size_t field) { return watched_before[column(field)] != watched_now[column(field)]; };
    const bool was_one = is_one(watched_before, was_live), is_one_now = is_one(watched_now, live);
    const bool same = was_one == is_one_now && std::ranges::none_of(rule.alike, differs) && (rule.mark < 0 || !differs(static_cast<std::size_t>(rule.mark))) &&
                      (rule.apart < 0 || !differs(static_cast<std::size_t>(rule.apart)));
    if (same) {
      continue;
    }
    for (const std::vector<Value>* values : {&watched_before, &watched_now}) {
      if (values == &watched_before ? was_one : is_one_now) {
        Alike& alike = alikes.emplace_back(Alike{&table, index, {}});
        for (const std::size_t field : rule.alike) {
          pack_value(alike.values, (*values)[column(field)]);
        }
      }
    }
  }
}

Status Materialiser::Parts::settle_only_one(const Alike& alike) {
  const Table& table = *alike.table;
  const Table::OnlyOneRule& rule = table.only_ones[alike.rule];
  std::vector<Value> values;
  std::string condition = "live = 1";
  Unpacker unpacker(alike.values);
  for (const std::size_t field : rule.alike) {
    unpacker.read_value(values.emplace_back());
    condition += " AND " + quoted(table.entity->fields[field].id) + (values.size() == 1 ? " = ?" : " IS ?") + std::to_string(values.size());
  }
  const std::string mark = rule.mark < 0 ? "1" : quoted(table.entity->fields[static_cast<std::size_t>(rule.mark)].id) + " IS ?" + std::to_string(values.size() + 1);
  const std::string each = rule.apart < 0 ? "coalesce(sum(" + mark + "), 0)" : "count(DISTINCT iif(" + mark + ", " + quoted(table.entity->fields[static_cast<std::size_t>(rule.apart)].id) + ", NULL))";
  Statement& select = database.statement("SELECT count(*), " + each + ", min(id), min(iif(" + mark + ", id, NULL)) FROM " + table.name +
                                         " WHERE " + condition);
  for (std::size_t index = 0; index < values.size(); ++index) {
    select.bind(static_cast<int>(index) + 1, values[index]);
  }
  if (rule.mark >= 0) {
    select.bind(static_cast<int>(values.size()) + 1, rule.marked);
  }
  const bool found = select.row();
  const std::int64_t all = found ? select.integer(0) : 0, marked = found ? select.integer(1) : 0;
  const Id least = marked > 0 ? select.id(3) : all > 0 ? select.id(2) : Id{};
  select.reset();
  KEHUBU_TRY(select.status());
  const Field& field = table.entity->fields[rule.mark < 0 ? rule.alike.front() : static_cast<std::size_t>(rule.mark)];
  const Value detail = only_one_detail(rule, values);
  if (marked <= 1 && (!rule.rule->at_least_one || marked == 1 || all <= 1)) {
    return close_conflict(table, StoredConflict::only_one, {}, &field, detail);
  }
  KEHUBU_TRY(open_conflict(table, StoredConflict::only_one, least, &field, detail));
  const std::string key = conflict_key(StoredConflict::only_one, *table.entity, {}, nullptr, detail);
  return database.statement("UPDATE conflict SET row = ? WHERE key = ?").bind(1, least).bind(2, std::string_view(key)).run();
}

}  // namespace kehubu
