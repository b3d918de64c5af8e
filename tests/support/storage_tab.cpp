#include "tests/support/storage_tab.h"

#include <algorithm>

namespace kehubu {

namespace {

std::string next_name() {
  static int count = 0;
  return "tab" + std::to_string(++count);
}

}  // namespace

StorageTab::StorageTab(FakeWorld& the_world, std::uint64_t seed)
    : world(the_world), storage(the_world), environment(the_world, seed), store(storage, image, environment), name_(next_name()) {
  register_memory_vfs();
  attach_image(name_, image);
}

StorageTab::~StorageTab() {
  storage.crash();  // closing the database must not reach the disk any more: a tab dies without notice
  sqlite3_close_v2(database);
  detach_image(name_);
}

std::optional<OpenOutcome> StorageTab::open() {
  store.open([this](OpenOutcome outcome) { outcomes.push_back(outcome); });
  world.run_until([this] { return !outcomes.empty() || storage.crashed(); });
  return outcomes.empty() ? std::nullopt : std::optional(outcomes.front());
}

void StorageTab::open_database() {
  sqlite3_open_v2(name_.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, memory_vfs_name);
  run(memory_vfs_pragmas);
}

bool StorageTab::run(const std::string& sql) {
  return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::string StorageTab::value(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  std::string result;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    if (const unsigned char* text = sqlite3_column_text(statement, 0)) {
      result = reinterpret_cast<const char*>(text);
    }
  }
  sqlite3_finalize(statement);
  return result;
}

bool StorageTab::settle(std::int64_t limit_ms) {
  return world.run_until([this] { return !image.dirty(); }, limit_ms);
}

// --- The history ---

bool begin_history(StorageTab& tab) {
  return tab.run(
      "CREATE TABLE counter(n INTEGER); INSERT INTO counter VALUES(0);"
      "CREATE TABLE entry(id INTEGER PRIMARY KEY, word TEXT, body BLOB); CREATE INDEX entry_by_word ON entry(word);");
}

bool history_step(StorageTab& tab, int step) {
  const std::string id = std::to_string(step);
  const std::string body = std::to_string(step * 977 % 23000);
  bool ok = tab.run("BEGIN; UPDATE counter SET n = " + id + "; INSERT INTO entry VALUES(" + id + ", 'word' || " +
                    std::to_string(step * 7919 % 1000) + ", zeroblob(" + body + ")); DELETE FROM entry WHERE id = " +
                    std::to_string(step - history_rows) + "; COMMIT");
  if (step % 7 == 0) {
    ok = ok && tab.run("PRAGMA incremental_vacuum(3)");
  }
  return ok;
}

int history_state(StorageTab& tab, std::string& problem) {
  if (const std::string verdict = tab.value("PRAGMA integrity_check"); verdict != "ok") {
    problem = "integrity_check: " + verdict + " " + tab.error();
    return -1;
  }
  const int step = std::atoi(tab.value("SELECT n FROM counter").c_str());
  const int rows = std::min(step, history_rows);
  const std::string expected = std::to_string(rows) + "/" + (rows == 0 ? "" : std::to_string(step - rows + 1)) + "/" +
                               (rows == 0 ? "" : std::to_string(step)) + "/" + std::to_string(rows);
  const std::string found = tab.value(
      "SELECT count(*) || '/' || coalesce(min(id), '') || '/' || coalesce(max(id), '') || '/' ||"
      " coalesce(sum(length(body) = id * 977 % 23000), 0) FROM entry");
  if (found != expected) {
    problem = "at step " + std::to_string(step) + " the rows are " + found + " instead of " + expected;
    return -1;
  }
  return step;
}

}  // namespace kehubu
