#include "core/store/tables.h"

#include <algorithm>
#include <cassert>

#include "core/rules/merge_rules.h"
#include "core/store/conflict_keys.h"

namespace kehubu {
namespace {

// Calls function(name) for each name of a list that is separated by |.
template <typename Function>
void for_each_name(std::string_view names, Function function) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('|'), names.size());
    function(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

std::size_t index_of(const Entity& entity, std::string_view field) {
  const Field* found = entity.find(field);
  assert(found != nullptr && "declarations name fields of the catalog");
  return static_cast<std::size_t>(found - entity.fields.data());
}

// A value as declarations write it.
Value declared(const Field& field, std::string_view text) {
  return text.empty() ? Value() : field.type == FieldType::boolean ? Value(std::int64_t{text == "true"}) : Value(std::string(text));
}

void watch(std::vector<std::size_t>& fields, std::size_t field) {
  if (std::ranges::find(fields, field) == fields.end()) {
    fields.push_back(field);
  }
}

void add_shared_questions(Table& table) {
  const Entity& entity = *table.entity;
  table.shared_question.resize(entity.fields.size());
  table.choice_of.assign(entity.fields.size(), -1);
  const auto share = [&](std::string_view field, std::string_view question) { table.shared_question[index_of(entity, field)] = std::string(question); };
  for (const Together& together : togethers()) {
    if (together.entity == entity.id) {
      Table::Choice& choice = table.choices.emplace_back(&together, index_of(entity, together.lead));
      share(together.lead, shared_choice);
      for_each_name(together.follow, [&](std::string_view field) {
        share(field, shared_choice);
        choice.follow.push_back(index_of(entity, field));
        table.choice_of[choice.follow.back()] = static_cast<int>(table.choices.size()) - 1;
      });
    }
  }
  for (const OnlyOne& rule : only_ones()) {
    rule.entity == entity.id && !rule.mark.empty() ? share(rule.mark, shared_mark) : void();
  }
}

void add_only_ones(Table& table) {
  const Entity& entity = *table.entity;
  for (const OnlyOne& rule : only_ones()) {
    if (rule.entity != entity.id) {
      continue;
    }
    Table::OnlyOneRule& added = table.only_ones.emplace_back();
    added.rule = &rule;
    for_each_name(rule.alike, [&](std::string_view field) { added.alike.push_back(index_of(entity, field)); });
    watch(table.indexed, added.alike.front());
    if (!rule.mark.empty()) {
      const std::size_t mark = index_of(entity, rule.mark);
      added.mark = static_cast<int>(mark);
      added.marked = declared(entity.fields[mark], rule.marked);
      added.unmarked = declared(entity.fields[mark], rule.unmarked);
      watch(table.watched, mark);
    }
    if (!rule.apart.empty()) {
      added.apart = static_cast<int>(index_of(entity, rule.apart));
      watch(table.watched, index_of(entity, rule.apart));
    }
    for (const std::size_t field : added.alike) {
      watch(table.watched, field);
    }
  }
}

// What a merge has to look after in this table.
void add_merge_rules(Table& table) {
  const Entity& entity = *table.entity;
  if (!entity.fact_field.empty()) {
    table.fact_field = static_cast<int>(index_of(entity, entity.fact_field));
    table.frozen.assign(entity.fields.size(), true);
    table.frozen[static_cast<std::size_t>(table.fact_field)] = false;
    for_each_name(entity.fact_open_fields, [&](std::string_view open) { table.frozen[index_of(entity, open)] = false; });
  }
  for (const Hierarchy& hierarchy : hierarchies()) {
    if (hierarchy.entity == entity.id) {
      table.hierarchies.push_back(index_of(entity, hierarchy.field));
    }
  }
  assert(table.hierarchies.size() <= most_hierarchies && "each needs a bit of its own");
  for (const MergeRule& rule : merge_rules()) {
    if (rule.entity == entity.id) {
      table.rules.push_back({&rule, {}});
      for_each_name(rule.fields, [&](std::string_view field) { table.rules.back().fields.push_back(index_of(entity, field)); });
    }
  }
}

std::unique_ptr<Table> make_table(const Entity& entity, Log& log) {
  auto table = std::make_unique<Table>();
  table->entity = &entity;
  table->symbol = log.symbol(entity.id);
  table->name = quoted(entity.id);
  table->view = quoted("view_" + std::string(entity.id));
  for (std::size_t index = 0; index < entity.fields.size(); ++index) {
    const Field& field = entity.fields[index];
    if (field.derived()) {
      table->field_symbols.push_back(0);
      continue;
    }
    const SymbolNumber symbol = log.symbol(field.id);
    table->field_symbols.push_back(symbol);
    if (table->fields_by_symbol.size() <= static_cast<std::size_t>(symbol)) {
      table->fields_by_symbol.resize(static_cast<std::size_t>(symbol) + 1, -1);
    }
    table->fields_by_symbol[static_cast<std::size_t>(symbol)] = static_cast<int>(index);
    if (field.searchable) {
      table->searchable.push_back(index);
    }
    if (field.type == FieldType::reference || must_be_unique(entity, field)) {
      table->watched.push_back(index);
      table->indexed.push_back(index);
    }
    if (field.id == entity.title_field) {
      table->title_field = index;
    }
    if (field.id == entity.number_field) {
      table->number_field = static_cast<int>(index);
    }
    if (field.id == entity.part_of) {
      table->part_of = static_cast<int>(index);
    }
  }
  add_merge_rules(*table);
  add_only_ones(*table);
  add_shared_questions(*table);
  return table;
}

}  // namespace

bool must_be_unique(const Entity& entity, const Field& field) {
  return field.unique || field.id == entity.number_field;
}

Tables::Tables(Log& log) {
  static_cast<void>(log.symbol(deleted_field));
  static_cast<void>(log.symbol(document_field));
  static_cast<void>(log.symbol(closed_field));
  for (const Entity* entity : entities()) {
    tables_.push_back(make_table(*entity, log));
    const Table* table = tables_.back().get();
    if (by_symbol_.size() <= static_cast<std::size_t>(table->symbol)) {
      by_symbol_.resize(static_cast<std::size_t>(table->symbol) + 1, nullptr);
    }
    by_symbol_[static_cast<std::size_t>(table->symbol)] = table;
  }
  connect_documents();
}

void Tables::connect_documents() {
  for (const auto& table : tables_) {
    for (const Field& field : table->entity->fields) {
      if (field.type != FieldType::reference || field.derived()) {
        continue;
      }
      for (const auto& target : tables_) {
        if (target->entity->id != field.references) {
          continue;
        }
        target->referrers.push_back({table->entity, &field});
        if (field.id == table->entity->part_of) {
          table->document = target.get();
          target->lines.push_back(table.get());
        }
      }
    }
  }
}

const Table* Tables::find(SymbolNumber entity) const {
  const auto index = static_cast<std::size_t>(entity);
  return index < by_symbol_.size() ? by_symbol_[index] : nullptr;
}

const Table& Tables::of(const Entity& entity) const {
  for (const auto& table : tables_) {
    if (table->entity == &entity) {
      return *table;
    }
  }
  assert(false && "every entity of the catalog has a table");
  return *tables_.front();
}

}  // namespace kehubu
