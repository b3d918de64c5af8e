#include "core/store/decide.h"

#include <algorithm>
#include <vector>

#include "core/store/materialiser_parts.h"
#include "core/store/sql.h"
#include "core/store/transaction.h"

namespace kehubu {

Result<Id> unsettled_document(Store& store, const Edit& edit) {
  const Table& table = internals(store).materialiser().tables().of(*edit.entity);
  const Table* document = edit.entity->document ? &table : table.document;
  if (document == nullptr) {
    return Id{};
  }
  std::vector<Id> touched;
  if (document == &table) {
    touched.push_back(edit.row);
  } else {
    const Field& part_of = edit.entity->fields[static_cast<std::size_t>(table.part_of)];
    const auto line = store.read(*edit.entity, edit.row);
    touched.push_back(line ? id_or_empty(line->value(part_of.id)) : Id{});
    const auto named = std::ranges::find(edit.fields, &part_of, &std::pair<const Field*, Value>::first);
    touched.push_back(named != edit.fields.end() ? id_or_empty(named->second) : Id{});
  }
  Database database{store.connection()};
  Statement& select = database.statement("SELECT 1 FROM " + document->name + " WHERE id = ? AND flags & " + std::to_string(flag_document_conflict));
  for (const Id& row : touched) {
    const bool waits = select.bind(1, row).row();
    select.reset();
    KEHUBU_TRY(select.status());
    if (waits) {
      return row;
    }
  }
  return Id{};
}

Result<Written> decide(Store& store, std::span<const Edit> edits, const WriteOptions& options, const Sentence& question) {
  Transaction transaction{internals(store)};
  KEHUBU_TRY(transaction.begin());
  KEHUBU_TRY_ASSIGN(written, store.write(edits, options));
  const std::string zh = "处理冲突 " + question.zh, en = "Settle the conflict of " + question.en;
  Database database{store.connection()};
  Statement& update = database.statement("UPDATE undo_stack SET label_zh = ?, label_en = ? WHERE action = ? AND undone = 0");
  KEHUBU_TRY(update.bind(1, std::string_view(zh)).bind(2, std::string_view(en)).bind(3, written.action).run());
  KEHUBU_TRY(transaction.commit());
  return written;
}

}  // namespace kehubu
