#include "core/store/sql.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace kehubu {

namespace {

// What happened, in words for people, and what to do. SQLite's own words are for programmers and in one language only.
Sentence words_of(int code, int extended_code, int system_error) {
  if (code == SQLITE_IOERR && system_error == EFBIG) {
    return sentence("文件大小到了系统允许的上限，这一步没有保存。请在没有这个限制的地方再试。",
                    "The file has reached the size that the system allows; this step was not saved. Try again where there is no such limit.");
  }
  if (code == SQLITE_FULL || (code == SQLITE_IOERR && system_error == ENOSPC)) {
    return sentence("存储空间已满，这一步没有保存。请腾出空间再试。", "There is no space left; this step was not saved. Free some and try again.");
  }
  if (extended_code == SQLITE_READONLY_ROLLBACK) {
    return sentence("上一次写入中断了，要先复原，而这个文件是只读的。请把它连同旁边的 -journal 文件复制到可以写的文件夹再打开。",
                    "The last write was interrupted and must be undone first, but this file is read-only. Copy it, with the -journal file beside it, to a folder "
                    "that may be written, and open it there.");
  }
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return sentence("数据库正被另一个程序使用，这一步没有做。请等它结束再试。",
                      "The database is in use by another program; this step was not done. Try again when that has finished.");
    case SQLITE_READONLY:
      return sentence("数据库是只读的，这一步没有保存。请改用可以写的文件和文件夹。",
                      "The database is read-only; this step was not saved. Use a file and a folder that may be written.");
    case SQLITE_CANTOPEN:
      return sentence("数据库文件或它旁边的临时文件打不开。请检查文件夹是否存在、是否可以写。",
                      "The database file, or the temporary file beside it, cannot be opened. Check that the folder exists and may be written.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return sentence("数据库文件已损坏。请改用最近的备份，或新建一个，再导入大家的数据包。",
                      "The database file is damaged. Use the latest backup, or make a new one and import everybody's bundles again.");
    case SQLITE_NOMEM:
      return sentence("内存不够，这一步没有做。请关掉别的程序再试。", "There is not enough memory; this step was not done. Close other programs and try again.");
    case SQLITE_CONSTRAINT:
      return sentence("数据库的内容和刚才读到的不一样，这一步没有保存。请再试一次。",
                      "The database no longer says what was read a moment ago; this step was not saved. Try again.");
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return sentence("磁盘读写出错，这一步没有保存。请检查磁盘，或换一个地方再试。",
                      "The disk could not be read or written; this step was not saved. Check the disk, or try in another place.");
    default:
      return sentence("数据库出错（编号 {}），这一步没有保存。请再试一次；如果还是这样，请把编号告诉我们。",
                      "The database failed (number {}); this step was not saved. Try again; if it stays so, tell us the number.",
                      {std::to_string(extended_code)});
  }
}

}  // namespace

Error storage_error(sqlite3* connection) {
  const int code = connection != nullptr ? sqlite3_errcode(connection) & 0xFF : SQLITE_NOMEM;
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  const int extended_code = connection != nullptr ? sqlite3_extended_errcode(connection) : code;
  const int system_error = connection != nullptr ? sqlite3_system_errno(connection) : 0;
  return {damaged ? ErrorKind::corrupt : ErrorKind::storage, words_of(code, extended_code, system_error), {}};
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
