#include "core/store/decide.h"

#include "core/store/sql.h"
#include "core/store/transaction.h"

namespace kehubu {

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
