// Edits that answer an open question.
#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/rules/merge_rules.h"
#include "core/store/choice_sides.h"
#include "core/store/conflict_keys.h"
#include "core/store/decide.h"
#include "core/store/materialiser_parts.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

bool is_about(const MergeRule& rule, const Field& field) {
  return ("|" + std::string(rule.fields) + "|").contains("|" + std::string(field.id) + "|");
}

}  // namespace

Result<bool> is_broken(Database& database, const MergeRule& rule, std::span<const std::pair<const Field*, Value>> values) {
  std::string columns;
  for (std::string_view rest = rule.fields; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const auto value = std::ranges::find(values, name, [](const auto& one) { return one.first->id; });
    columns += (columns.empty() ? "" : ", ") + (value != values.end() ? "?" + std::to_string(value - values.begin() + 1) : std::string("NULL")) + " AS " + quoted(name);
  }
  Statement& select = database.statement("SELECT coalesce(" + std::string(rule.broken_sql) + ", 0) FROM (SELECT " + columns + ") AS r");
  for (std::size_t index = 0; index < values.size(); ++index) {
    select.bind(static_cast<int>(index) + 1, values[index].second);
  }
  const bool broken = select.row() && select.integer(0) != 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return broken;
}

// The fields of the record about which a question is open that an edit of them would answer.
Result<std::vector<SymbolNumber>> StoreImplementation::disputed_fields(const Record& record) {
  const Table& table = table_of(*record.entity);
  std::vector<SymbolNumber> fields;
  const std::string name = record.id.text();
  Statement& select = database_->statement("SELECT kind, row, field, detail FROM conflict WHERE entity = ?");
  select.bind(1, std::int64_t{table.symbol});
  while (select.row()) {
    const auto kind = static_cast<StoredConflict>(select.integer(0));
    const bool is_of_row = select.id(1) == record.id;
    const SymbolNumber symbol = select.is_null(2) ? SymbolNumber{} : static_cast<SymbolNumber>(select.integer(2));
    const MergeRule* rule = kind == StoredConflict::rule && is_of_row ? find_merge_rule(record.entity->id, select.text(3)) : nullptr;
    if (rule != nullptr) {
      for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
        if (is_about(*rule, record.entity->fields[index])) {
          fields.push_back(table.field_symbols[index]);
        }
      }
    } else if ((kind == StoredConflict::field && is_of_row) ||
               (kind == StoredConflict::circle && select.text(3).find(name) != std::string_view::npos) ||
               (kind == StoredConflict::duplicate_number && record.value(log_->symbol_text(symbol)) == select.value(3))) {
      fields.push_back(symbol);
      const Together* together = kind == StoredConflict::field ? find_together(record.entity->id, log_->symbol_text(symbol)) : nullptr;
      for (std::size_t index = 0; together != nullptr && index < record.entity->fields.size(); ++index) {
        if (lead_of(record.entity->id, record.entity->fields[index].id) == together->lead) {
          fields.push_back(table.field_symbols[index]);
        }
      }
    }
  }
  KEHUBU_TRY(select.status());
  return fields;
}

// Who edits a field that follows from a choice while that is a question decides for the choice that he saw, and who chooses or edits decides
// for all that follows from it, as he saw it: else the answer to the choice would be one, and the field another's. Gives what is written beside it.
Result<std::vector<std::pair<SymbolNumber, Value>>> StoreImplementation::choice_with(const Record& record, std::span<const std::pair<SymbolNumber, Value>> decided) {
  const auto is_decided = [&](SymbolNumber field) { return std::ranges::find(decided, field, &std::pair<SymbolNumber, Value>::first) != decided.end(); };
  std::vector<std::pair<SymbolNumber, Value>> beside;
  std::set<std::string_view> leads;
  for (const auto& [symbol, value] : decided) {
    const std::string_view field = log_->symbol_text(symbol);
    leads.insert(find_together(record.entity->id, field) != nullptr ? field : lead_of(record.entity->id, field));
  }
  for (const std::string_view lead : leads) {
    const Together* together = find_together(record.entity->id, lead);
    KEHUBU_TRY_ASSIGN(heads, together != nullptr ? materialiser_->shown_heads(*record.entity, record.id, lead) : Result<std::vector<Version>>());
    std::vector<Value> choices;
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(choice, materialiser_->value_at(head, lead));
      choices.push_back(std::move(choice));
    }
    if (std::ranges::all_of(choices, [&](const Value& choice) { return choice == choices.front(); })) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(base, base_of_values(*materialiser_, lead, heads));
    KEHUBU_TRY_ASSIGN(following, what_follows(*materialiser_, *record.entity, record.id, *together, heads, base));
    if (!is_decided(log_->symbol(lead))) {
      beside.emplace_back(log_->symbol(lead), std::move(choices.front()));  // of the least head, which stands
    }
    for (Following& one : following) {
      if (const SymbolNumber field = log_->symbol(one.field->id); !is_decided(field)) {
        beside.emplace_back(field, std::move(one.values.front()));
      }
    }
  }
  return beside;
}

Result<std::vector<const Field*>> disputed_fields(Store& store, const Record& record) {
  std::vector<const Field*> fields;
  if (record.in_conflict) {
    auto& implementation = static_cast<StoreImplementation&>(store);
    KEHUBU_TRY_ASSIGN(symbols, implementation.disputed_fields(record));
    for (const SymbolNumber symbol : symbols) {
      fields.push_back(record.entity->find(implementation.log().symbol_text(symbol)));
    }
  }
  return fields;
}

// Whoever edits a field about which a question is open answers it, and so does who deletes the record. That is recorded as the
// decision that it is, apart from what else was edited, so that history calls it one and those whose values lost are told.
Status StoreImplementation::part_decisions(Action& action, ChangeKind kind, std::vector<RecordWrite>& writes, Written& written) {
  if (kind == ChangeKind::resolve || kind == ChangeKind::sample) {
    return {};
  }
  const std::size_t count = writes.size();
  for (std::size_t index = 0; index < count; ++index) {
    const Table& table = *writes[index].table;
    const Draft* draft = action.find(*table.entity, writes[index].row);
    if (draft == nullptr || !draft->before || !draft->before->in_conflict) {
      continue;
    }
    if (writes[index].removed) {
      if (*writes[index].removed) {
        writes[index].kind = ChangeKind::resolve;
        written.hints.insert(written.hints.begin(), sentence("它有冲突在等待裁定，这次删除就是裁定；写过它的人会收到通知。",
                                                             "A question about it was waiting for a decision, and this deletion is it; whoever wrote of it will be told."));
      }
      continue;
    }
    KEHUBU_TRY_ASSIGN(disputed, disputed_fields(*draft->before));
    decltype(RecordWrite::cells) decided, others;
    for (auto& cell : writes[index].cells) {
      (std::ranges::find(disputed, cell.first) != disputed.end() ? decided : others).push_back(cell);
    }
    KEHUBU_TRY_ASSIGN(beside, choice_with(*draft->before, decided));
    const auto is_beside = [&](SymbolNumber symbol) { return std::ranges::find(beside, symbol, &std::pair<SymbolNumber, Value>::first) != beside.end(); };
    for (const auto& [symbol, value] : decided) {
      const std::string_view name = log_->symbol_text(symbol), lead = lead_of(table.entity->id, name);
      const Field& field = *table.entity->find(!lead.empty() && is_beside(log_->symbol(lead)) ? lead : name);
      const Sentence hint{substitute("{}有不同的值在等待裁定，这次保存就是裁定；写了别的值的人会收到通知。", {field.zh}),
                          substitute("{}: different values were waiting for a decision, and this is it; whoever wrote another value will be told.", {field.en})};
      if (std::ranges::find(written.hints, hint) == written.hints.end()) {
        written.hints.insert(written.hints.begin(), hint);  // more than a hint: before those, of which only some are shown
      }
    }
    // A document has one mark for an action, and what closes a fact must know all of its record.
    const bool as_one = others.empty() || table.is_part_of_document() || closes_fact(writes[index]);
    std::ranges::copy(beside, std::back_inserter(decided));
    if (!decided.empty() && as_one) {
      std::ranges::move(beside, std::back_inserter(writes[index].cells));
      writes[index].kind = ChangeKind::resolve;
    } else if (!decided.empty()) {
      writes[index].cells = std::move(others);
      writes.push_back({&table, writes[index].row, ChangeKind::resolve, std::move(decided), {}});
    }
  }
  return {};
}

// Living records with a number that several have; not those that wait as documents, which take no edit.
Result<std::vector<Id>> StoreImplementation::holders_of(const Table& table, SymbolNumber field, const Value& number) {
  std::vector<Id> holders;
  Statement& select = database_->statement("SELECT id FROM " + table.name + " WHERE live = 1 AND flags & " + std::to_string(flag_document_conflict) + " = 0 AND " +
                                           quoted(log_->symbol_text(field)) + " = ? ORDER BY id");
  select.bind(1, number);
  while (select.row()) {
    holders.push_back(select.id(0));
  }
  KEHUBU_TRY(select.status());
  return holders;
}

// A question about several cells is answered as a whole: what the answer leaves as it was is written again beside it. So two answers that
// contradict each other, given by people who did not know of each other, meet in every cell in which they differ and the question is open
// again; else each would take what the other one had left, and nothing of either would stand.
// Of a number the one record that is left with it is written again. Not where a side was chosen between documents: the whole document would
// wait beside whatever else is done in it, and two who choose differently meet in the number that both give.
Status StoreImplementation::answer_whole_questions(ChangeKind kind, std::vector<RecordWrite>& writes) {
  using Place = std::pair<const Table*, Id>;
  std::map<Place, std::size_t> decided;
  for (std::size_t index = 0; index < writes.size(); ++index) {
    if (writes[index].kind == ChangeKind::resolve && !writes[index].removed) {
      decided.emplace(Place{writes[index].table, writes[index].row}, index);
    }
  }
  struct Cell {
    Place place;
    SymbolNumber field;
    Value value;
  };
  const auto answers = [&](const Cell& cell) {
    const auto found = decided.find(cell.place);
    return found != decided.end() && std::ranges::any_of(writes[found->second].cells, [&](const auto& written) { return written.first == cell.field; });
  };
  const auto values_after = [&](const std::vector<Cell>& question) {
    std::vector<std::pair<const Field*, Value>> values;
    for (const Cell& cell : question) {
      const auto found = decided.find(cell.place);
      const auto cells = found != decided.end() ? writes[found->second].cells : decltype(RecordWrite::cells)();
      const auto written = std::ranges::find(cells, cell.field, &std::pair<SymbolNumber, Value>::first);
      values.emplace_back(cell.place.first->entity->find(log_->symbol_text(cell.field)), written != cells.end() ? written->second : cell.value);
    }
    return values;
  };
  std::vector<Cell> left;
  Statement& select = database_->statement("SELECT kind, entity, row, field, detail FROM conflict WHERE kind IN (?, ?, ?)");
  select.bind(1, static_cast<std::int64_t>(StoredConflict::circle)).bind(2, static_cast<std::int64_t>(StoredConflict::rule));
  select.bind(3, static_cast<std::int64_t>(StoredConflict::duplicate_number));
  while (!decided.empty() && select.row()) {
    const Entity* entity = find_entity(log_->symbol_text(static_cast<SymbolNumber>(select.integer(1))));
    if (entity == nullptr) {
      continue;  // a newer program's
    }
    const Table& table = table_of(*entity);
    std::vector<Cell> question;
    if (static_cast<StoredConflict>(select.integer(0)) == StoredConflict::duplicate_number) {
      const auto number = static_cast<SymbolNumber>(select.integer(3));
      if (kind == ChangeKind::resolve && table.is_part_of_document()) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(holders, holders_of(table, number, select.value(4)));
      for (const Id& holder : holders) {
        question.push_back({{&table, holder}, number, select.value(4)});
      }
      const auto still_has_it = [&](const std::pair<const Field*, Value>& after) { return after.second == select.value(4); };
      if (std::ranges::none_of(question, answers) || std::ranges::count_if(values_after(question), still_has_it) != 1) {
        continue;  // several have it still, or nobody
      }
    } else if (static_cast<StoredConflict>(select.integer(0)) == StoredConflict::circle) {
      const std::vector<Id> members = ids_of(select.text(4));
      for (std::size_t index = 0; index < members.size(); ++index) {
        question.push_back({{&table, members[index]}, static_cast<SymbolNumber>(select.integer(3)), Value(members[(index + 1) % members.size()])});
      }
    } else if (const MergeRule* rule = find_merge_rule(entity->id, select.text(4)); rule != nullptr && decided.contains({&table, select.id(2)})) {
      for (std::size_t index = 0; index < entity->fields.size(); ++index) {
        if (is_about(*rule, entity->fields[index])) {
          question.push_back({{&table, select.id(2)}, table.field_symbols[index], value(*entity, select.id(2), entity->fields[index])});
        }
      }
      KEHUBU_TRY_ASSIGN(still_broken, is_broken(*database_, *rule, values_after(question)));
      if (still_broken) {
        continue;  // that was no answer
      }
    }
    if (std::ranges::any_of(question, answers)) {
      std::ranges::remove_copy_if(question, std::back_inserter(left), answers);
    }
  }
  KEHUBU_TRY(select.status());
  for (Cell& cell : left) {
    const auto [place, is_new] = decided.emplace(cell.place, writes.size());
    if (is_new) {
      writes.push_back({cell.place.first, cell.place.second, ChangeKind::resolve, {}, {}});
    }
    if (!answers(cell)) {  // two rules may share a field
      writes[place->second].cells.emplace_back(cell.field, std::move(cell.value));
    }
  }
  return {};
}

}  // namespace kehubu
