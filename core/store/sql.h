// Statement and Database: SQLite with values for errors. The thinnest layer that makes calling it safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/result.h"
#include "core/base/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace kehubu {

// What went wrong last, in words for people: an Error of kind storage (corrupt when the file was found damaged).
[[nodiscard]] Error storage_error(sqlite3* connection);

// A prepared statement. Bind, then row() until it says false, then status(); or run() for those without rows.
// row() resets when there is no further row; after an early end call reset(). Texts and blobs are bound without a copy
// and must live until then.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* connection, std::string_view sql);  // a failure to prepare is told by row() and run()
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  [[nodiscard]] bool prepared() const { return handle_ != nullptr; }

  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, std::string_view text);
  Statement& bind(int position, const Id& id);
  Statement& bind(int position, const Value& value);
  Statement& bind_blob(int position, std::string_view bytes);
  Statement& bind_null(int position);

  [[nodiscard]] bool row();
  [[nodiscard]] Status status() const;  // of the row() that said false
  [[nodiscard]] Status run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // valid until the next row() or reset()
  [[nodiscard]] std::string_view blob(int column) const;
  [[nodiscard]] Id id(int column) const;                  // empty unless a blob of 16 bytes
  [[nodiscard]] Value value(int column) const;            // by what is stored: null, integer, text, blob of an id
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_text(int column) const;

 private:
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
  int result_ = 0;
};

// A connection with its prepared statements by their text. Does not own the connection.
class Database {
 public:
  explicit Database(sqlite3* connection) : connection_(connection) {}

  [[nodiscard]] sqlite3* connection() const { return connection_; }
  Status execute(std::string_view sql);
  // Reset, ready to be bound; prepared at the first use. Never use the same text twice at once.
  [[nodiscard]] Statement& statement(std::string_view sql);
  void forget_statements() { statements_.clear(); }
  [[nodiscard]] std::int64_t changed_rows() const;     // by the last statement
  [[nodiscard]] std::int64_t last_row_number() const;  // of the last row inserted

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  sqlite3* connection_;
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>> statements_;
};

// "name" as SQL writes identifiers that may be keywords.
[[nodiscard]] std::string quoted(std::string_view name);

}  // namespace kehubu
