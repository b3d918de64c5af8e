// StorageTab: one tab of the program on a FakeWorld, from the fake disk up to SQLite. For tests of the storage.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store/durable_store.h"
#include "core/store/memory_vfs.h"
#include "web/native/storage/fake_storage.h"

namespace kehubu {

class StorageTab {
 public:
  explicit StorageTab(FakeWorld& world, std::uint64_t seed = 1);
  ~StorageTab();
  StorageTab(const StorageTab&) = delete;
  StorageTab& operator=(const StorageTab&) = delete;

  // Opens the store and lets time pass until the first outcome, or until the tab has crashed.
  std::optional<OpenOutcome> open();
  // Opens SQLite on the image, with the pragmas that the product uses.
  void open_database();
  // One statement or several; false on an error, which error() then tells.
  bool run(const std::string& sql);
  [[nodiscard]] std::string error() const { return sqlite3_errmsg(database); }
  // First column of the first row as text; "" if there is none.
  [[nodiscard]] std::string value(const std::string& sql);
  // Lets time pass until everything committed is durable.
  bool settle(std::int64_t limit_ms = 600000);

  FakeWorld& world;
  FakeStorage storage;
  FakeEnvironment environment;
  PageImage image;
  DurableStore store;
  std::vector<OpenOutcome> outcomes;
  sqlite3* database = nullptr;

 private:
  std::string name_;
};

// A history whose state tells how far it has come: after step k the counter is k and exactly the last ten rows are there.
// Rows grow and shrink, indexes split, pages are freed, and every seventh step gives freed pages back.
inline constexpr int history_rows = 10;
bool begin_history(StorageTab& tab);
bool history_step(StorageTab& tab, int step);
// How far the history has come, or -1 with the reason in `problem` if the state is none that it ever had.
int history_state(StorageTab& tab, std::string& problem);

}  // namespace kehubu
