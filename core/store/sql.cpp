#include "core/store/sql.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

namespace kehubu {

Error storage_error(sqlite3* connection) {
  const int code = connection != nullptr ? sqlite3_errcode(connection) : SQLITE_NOMEM;
  const std::string_view what = connection != nullptr ? sqlite3_errmsg(connection) : "out of memory";
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  if (damaged) {
    return {ErrorKind::corrupt, sentence("数据库文件已损坏：{}", "The database file is damaged: {}", {what}), {}};
  }
  return {ErrorKind::storage, sentence("数据库操作失败：{}", "The database failed: {}", {what}), {}};
}

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
  result_ = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &handle_, nullptr);
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), handle_(std::exchange(other.handle_, nullptr)), result_(other.result_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(handle_, other.handle_);
  std::swap(result_, other.result_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int position, std::int64_t value) {
  sqlite3_bind_int64(handle_, position, value);
  return *this;
}

Statement& Statement::bind(int position, std::string_view text) {
  // A null pointer would bind NULL; an empty text is a text.
  sqlite3_bind_text(handle_, position, text.data() != nullptr ? text.data() : "", static_cast<int>(text.size()),
                    SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind(int position, const Id& id) {
  sqlite3_bind_blob(handle_, position, id.bytes.data(), static_cast<int>(id.bytes.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind(int position, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return bind(position, *integer);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return bind(position, std::string_view(*text));
  }
  if (const auto* id = std::get_if<Id>(&value)) {
    return bind(position, *id);
  }
  return bind_null(position);
}

Statement& Statement::bind_blob(int position, std::string_view bytes) {
  sqlite3_bind_blob(handle_, position, bytes.data() != nullptr ? bytes.data() : "", static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int position) {
  sqlite3_bind_null(handle_, position);
  return *this;
}

bool Statement::row() {
  if (handle_ == nullptr) {
    return false;
  }
  result_ = sqlite3_step(handle_);
  if (result_ == SQLITE_ROW) {
    return true;
  }
  const int stepped = result_;
  sqlite3_reset(handle_);
  result_ = stepped;
  return false;
}

Status Statement::status() const {
  if (handle_ != nullptr && (result_ == SQLITE_DONE || result_ == SQLITE_ROW || result_ == SQLITE_OK)) {
    return {};
  }
  return std::unexpected(storage_error(connection_));
}

Status Statement::run() {
  while (row()) {
  }
  return status();
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return text != nullptr ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
                         : std::string_view();
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return bytes != nullptr ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)))
                          : std::string_view();
}

Id Statement::id(int column) const {
  Id id;
  const std::string_view bytes = blob(column);
  if (bytes.size() == id.bytes.size()) {
    std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
  }
  return id;
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_TEXT:
      return std::string(text(column));
    case SQLITE_BLOB:
      return id(column);
    case SQLITE_FLOAT:  // no expression of the catalog makes one; a tool's might
      return static_cast<std::int64_t>(sqlite3_column_double(handle_, column));
    default:
      return {};
  }
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

bool Statement::is_text(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_TEXT; }

Status Database::execute(std::string_view sql) {
  if (sqlite3_exec(connection_, std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(storage_error(connection_));
  }
  return {};
}

Statement& Database::statement(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto prepared = std::make_unique<Statement>(connection_, sql);
    if (!prepared->prepared()) {
      // Not kept: what failed now (a table that is still to be made, say) may succeed later.
      static Statement unprepared;
      unprepared = std::move(*prepared);
      return unprepared;
    }
    found = statements_.emplace(std::string(sql), std::move(prepared)).first;
  }
  found->second->reset();
  return *found->second;
}

std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_); }

std::int64_t Database::last_row_number() const { return sqlite3_last_insert_rowid(connection_); }

std::string quoted(std::string_view name) {
  std::string text = "\"";
  text += name;
  text += '"';
  return text;
}

}  // namespace kehubu
