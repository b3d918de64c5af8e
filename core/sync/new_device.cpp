#include "core/sync/new_device.h"

#include "core/store/transaction.h"
#include "core/sync/letters.h"

namespace kehubu {

Status take_new_device(StoreInternals& store, SyncTables& tables) {
  KEHUBU_TRY_ASSIGN(letters, letters_in_use(store, tables, store.identity().person));
  letters.push_back({store.identity().letter, {}});
  return store.become_new_device(next_letter(letters));
}

Status start_as_new_device(StoreInternals& store, SyncTables& tables) {
  Transaction transaction{store};
  KEHUBU_TRY(transaction.begin());
  KEHUBU_TRY(take_new_device(store, tables));
  return transaction.commit();
}

}  // namespace kehubu
