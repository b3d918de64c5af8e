// Transaction: rolls back unless it is committed, also when the task that owns it is destroyed half way.
#pragma once

#include <utility>

#include "core/store/log.h"

namespace kehubu {

class Transaction {
 public:
  explicit Transaction(StoreInternals& store) : store_(store) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() { roll_back(); }
  Status begin() {
    Status status = store_.begin();
    open_ = status.has_value();
    return status;
  }
  void roll_back() {
    if (std::exchange(open_, false)) {
      store_.rollback();
    }
  }
  // A commit that fails has rolled back.
  Status commit() {
    open_ = false;
    return store_.commit();
  }

 private:
  StoreInternals& store_;
  bool open_ = false;
};

}  // namespace kehubu
