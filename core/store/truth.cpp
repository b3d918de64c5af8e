// Truth: the hash of the log, the hash of the tables, and the proof that one follows from the other.
#include <sqlite3.h>

#include <algorithm>

#include "core/base/sha256.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

std::string table_columns(const Table& table) {
  std::string columns = "id, live";
  for (const Field& field : table.entity->fields) {
    if (!field.derived()) {
      columns += ", " + quoted(field.id);
    }
  }
  return columns;
}

// Calls function(what it is about, packed row) for every record and open conflict, in an order that all devices share.
// Nothing in it is local to a device: no row numbers, no device numbers.
template <typename Function>
Status for_each_row(Database& database, const Tables& tables, Function function) {
  std::string packed;
  for (const auto& table : tables.all()) {
    const std::string columns = table_columns(*table);
    Statement select(database.connection(), "SELECT " + columns + " FROM " + table->name + " ORDER BY id");
    const int count = static_cast<int>(2 + table->entity->fields.size()) - static_cast<int>(std::ranges::count_if(
                          table->entity->fields, [](const Field& field) { return field.derived(); }));
    while (select.row()) {
      packed.clear();
      for (int column = 0; column < count; ++column) {
        pack_value(packed, select.value(column));
      }
      function(std::string(table->entity->id) + " " + select.id(0).text(), std::string_view(packed));
    }
    KEHUBU_TRY(select.status());
  }
  Statement select(database.connection(), "SELECT key, row, detail FROM conflict ORDER BY key");
  while (select.row()) {
    packed.clear();
    for (int column = 0; column < 3; ++column) {
      pack_value(packed, select.value(column));
    }
    function("conflict " + std::string(select.text(0)), std::string_view(packed));
  }
  return select.status();
}

using RowHashes = std::vector<std::pair<std::string, std::array<std::uint8_t, 32>>>;

}  // namespace

Result<std::string> StoreImplementation::content_hash() { return log_->content_hash(); }

Result<std::string> StoreImplementation::table_hash() {
  Sha256 hash;
  KEHUBU_TRY(for_each_row(*database_, materialiser_->tables(), [&hash](const std::string& about, std::string_view row) {
    hash.add(about);
    hash.add("\n");
    hash.add(row);
  }));
  return hex(hash.finish());
}

Result<std::string> StoreImplementation::verify() {
  OpenOptions options{.path = ":memory:", .vfs = {}, .create = true};
  KEHUBU_TRY_ASSIGN(scratch, open_store(options, environment_));
  StoreInternals& copy = internals(*scratch);
  KEHUBU_TRY(copy.begin());
  for (DeviceNumber device = 1; device <= log_->device_count(); ++device) {
    const DeviceNumber number = copy.log().number_like(log_->device(device));
    KEHUBU_TRY(log_->for_each(device, 1, largest_sequence, [&](const Change& original) -> Status {
      Change change = original;
      change.version.device = number;
      for (FieldChange& field : change.fields) {
        for (Version& version : field.replaced) {
          version.device = copy.log().number_like(log_->device(version.device));
        }
      }
      copy.materialiser().add(change);
      return copy.log().append({&change, 1});
    }));
    if (copy.log().chain(number) != log_->chain(device)) {
      return "device " + log_->device_id(device).text() + ": the chain does not follow from the log";
    }
  }
  KEHUBU_TRY(copy.materialiser().step(SIZE_MAX));
  KEHUBU_TRY(copy.materialiser().finish());
  KEHUBU_TRY(copy.commit());

  RowHashes expected;
  Database copy_database(copy.connection());
  KEHUBU_TRY(for_each_row(copy_database, copy.materialiser().tables(), [&](const std::string& about, std::string_view row) {
    expected.emplace_back(about, sha256(row));
  }));
  std::size_t next = 0;
  std::string difference;
  KEHUBU_TRY(for_each_row(*database_, materialiser_->tables(), [&](const std::string& about, std::string_view row) {
    if (difference.empty() && (next >= expected.size() || expected[next].first != about || expected[next].second != sha256(row))) {
      difference = next < expected.size() && expected[next].first < about ? expected[next].first : about;
    }
    ++next;
  }));
  if (difference.empty() && next < expected.size()) {
    difference = expected[next].first;
  }
  return difference;
}

}  // namespace kehubu
