// The storage test page: SQLite over the real browser storage, driven from page.mjs.
#include <emscripten/emscripten.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "core/store/durable_store.h"
#include "core/store/memory_vfs.h"
#include "web/storage/browser_backend.h"

EM_JS(void, tell_outcome, (const char* outcome), { Module.onOutcome(UTF8ToString(outcome)); });
EM_JS(void, tell_done, (int ticket, const char* problem), { Module.onDone(ticket, UTF8ToString(problem)); });

namespace {

class PageEnvironment final : public kehubu::Environment {
 public:
  std::int64_t now_ms() override { return monotonic_us() / 1000; }
  std::int64_t monotonic_us() override {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  }
  void random_bytes(std::span<std::uint8_t> bytes) override { (void)getentropy(bytes.data(), bytes.size()); }
};

struct Program {
  PageEnvironment environment;
  kehubu::PageImage image;
  std::unique_ptr<kehubu::StorageBackend> backend = kehubu::make_browser_backend();
  kehubu::DurableStore store{*backend, image, environment};
  sqlite3* database = nullptr;
  std::string text;  // the last one that was returned
};

Program& program() {
  static auto* const instance = new Program;
  return *instance;
}

const char* name_of(kehubu::OpenOutcome outcome) {
  constexpr std::array names = {"first_run", "loaded",        "recovered",      "wiped",
                                "damaged",   "newer_version", "busy_elsewhere", "unavailable"};
  return names[static_cast<std::size_t>(outcome)];
}

const char* name_of(kehubu::DurableState state) {
  constexpr std::array names = {"saved", "saving", "unsaved_error", "read_only", "lost"};
  return names[static_cast<std::size_t>(state)];
}

void opened(kehubu::OpenOutcome outcome) {
  if (outcome != kehubu::OpenOutcome::busy_elsewhere) {
    sqlite3_open_v2("test", &program().database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kehubu::memory_vfs_name);
    sqlite3_exec(program().database, kehubu::memory_vfs_pragmas, nullptr, nullptr, nullptr);
  }
  tell_outcome(name_of(outcome));
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      result += '\\';
    }
    result += letter == '\n' ? ' ' : letter;
  }
  return result + "\"";
}

std::string number(const char* name, std::int64_t value) { return quoted(name) + ":" + std::to_string(value) + ","; }

kehubu::DurableStore::StatusCallback tell(int ticket) {
  return [ticket](kehubu::Status status) { tell_done(ticket, status ? "" : status.error().message.en.c_str()); };
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void page_open() {
  kehubu::register_memory_vfs();
  kehubu::attach_image("test", program().image);
  program().store.open(opened);
}

// The error message; empty when all went well.
EMSCRIPTEN_KEEPALIVE const char* page_run(const char* sql) {
  return sqlite3_exec(program().database, sql, nullptr, nullptr, nullptr) == SQLITE_OK ? "" : sqlite3_errmsg(program().database);
}

// First column of the first row.
EMSCRIPTEN_KEEPALIVE const char* page_value(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  program().text.clear();
  if (sqlite3_prepare_v2(program().database, sql, -1, &statement, nullptr) != SQLITE_OK) {
    program().text = sqlite3_errmsg(program().database);
  } else if (sqlite3_step(statement) == SQLITE_ROW) {
    const unsigned char* const text = sqlite3_column_text(statement, 0);
    program().text = text == nullptr ? "" : reinterpret_cast<const char*>(text);
  }
  sqlite3_finalize(statement);
  return program().text.c_str();
}

EMSCRIPTEN_KEEPALIVE const char* page_health() {
  const kehubu::StorageHealth& health = program().store.health();
  program().text = "{" + number("commit", health.commit_number) + number("durable", health.durable_commit_number) +
                   number("image", health.image_bytes) + number("stored", health.stored_bytes) +
                   number("failed", health.failed_attempts) + number("copy", health.second_copy_commit_number) +
                   number("persisted", health.persisted ? 1 : 0) + number("unsaved", health.unsaved() ? 1 : 0) +
                   number("quota", health.quota ? health.quota->quota_bytes : -1) + "\"state\":" + quoted(name_of(health.state)) +
                   ",\"zh\":" + quoted(health.message.zh) + ",\"en\":" + quoted(health.message.en) +
                   ",\"detail\":" + quoted(health.detail) + "}";
  return program().text.c_str();
}

EMSCRIPTEN_KEEPALIVE void page_wait_durable(int ticket) {
  program().store.wait_durable(program().image.commit_number(), tell(ticket));
}
EMSCRIPTEN_KEEPALIVE void page_copy(int ticket) { program().store.write_second_copy(tell(ticket)); }
EMSCRIPTEN_KEEPALIVE void page_erase(int ticket) { program().store.erase_all(tell(ticket)); }
EMSCRIPTEN_KEEPALIVE void page_acknowledge() { program().store.acknowledge(); }
EMSCRIPTEN_KEEPALIVE void page_take_over() { program().store.take_over(); }
EMSCRIPTEN_KEEPALIVE void page_retry() { program().store.request_flush(); }
}

int main() { return 0; }
