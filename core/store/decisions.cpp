// Edits that answer an open question.
#include <algorithm>

#include "core/base/text.h"
#include "core/rules/merge_rules.h"
#include "core/store/decide.h"
#include "core/store/materialiser_parts.h"
#include "core/store/store_implementation.h"

namespace kehubu {

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
      const std::string concerned = "|" + std::string(rule->fields) + "|";
      for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
        if (concerned.find("|" + std::string(record.entity->fields[index].id) + "|") != std::string::npos) {
          fields.push_back(table.field_symbols[index]);
        }
      }
    } else if ((kind == StoredConflict::field && is_of_row) ||
               (kind == StoredConflict::circle && select.text(3).find(name) != std::string_view::npos) ||
               (kind == StoredConflict::duplicate_number && record.value(log_->symbol_text(symbol)) == select.value(3))) {
      fields.push_back(symbol);
    }
  }
  KEHUBU_TRY(select.status());
  return fields;
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
    for (const auto& [symbol, value] : decided) {
      const Field& field = *table.entity->find(log_->symbol_text(symbol));
      const Sentence hint{substitute("{}有不同的值在等待裁定，这次保存就是裁定；写了别的值的人会收到通知。", {field.zh}),
                          substitute("{}: different values were waiting for a decision, and this is it; whoever wrote another value will be told.", {field.en})};
      if (std::ranges::find(written.hints, hint) == written.hints.end()) {
        written.hints.insert(written.hints.begin(), hint);  // more than a hint: before those, of which only some are shown
      }
    }
    // A document has one mark for an action, and what closes a fact must know all of its record.
    const bool as_one = others.empty() || table.is_part_of_document() || closes_fact(writes[index]);
    if (!decided.empty() && as_one) {
      writes[index].kind = ChangeKind::resolve;
    } else if (!decided.empty()) {
      writes[index].cells = std::move(others);
      writes.push_back({&table, writes[index].row, ChangeKind::resolve, std::move(decided), {}});
    }
  }
  return {};
}

}  // namespace kehubu
