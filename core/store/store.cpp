#include "core/store/store.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>

#include "core/rules/merge_rules.h"
#include "core/rules/names.h"
#include "core/store/memory_vfs.h"
#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

const Value null_value;

// What ties records together is always among them: it tells whether the record is in conflict.
std::string columns_of(const Table& table, std::span<const Field* const> wanted) {
  std::string columns = "row_number, id, live, flags";
  for (std::size_t index = 0; index < table.entity->fields.size(); ++index) {
    const Field& field = table.entity->fields[index];
    const bool read = wanted.empty() || std::ranges::find(wanted, &field) != wanted.end() ||
                      std::ranges::find(table.watched, index) != table.watched.end();
    columns += read ? ", " + quoted(field.id) : ", NULL";
  }
  return columns;
}

}  // namespace

const Value& Record::value(std::string_view field) const {
  const Field* found = entity != nullptr ? entity->find(field) : nullptr;
  assert(found != nullptr && "a record is asked for fields of its entity");
  return found != nullptr ? values[static_cast<std::size_t>(found - entity->fields.data())] : null_value;
}

void CloseConnection::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

// --- opening --------------------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Store>> open_store(const OpenOptions& options, Environment& environment) {
  sqlite3* handle = nullptr;
  const int flags = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0);
  const int opened =
      sqlite3_open_v2(options.path.c_str(), &handle, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
  Connection connection(handle);
  if (opened != SQLITE_OK) {
    return std::unexpected(storage_error(handle));
  }
  sqlite3_busy_timeout(handle, options.wait_ms);
  auto store = std::make_unique<StoreImplementation>(std::move(connection), environment);
  Database database(handle);
  KEHUBU_TRY(database.execute(options.vfs == memory_vfs_name ? std::string_view(memory_vfs_pragmas)
                                                             : std::string_view("PRAGMA cache_size=-65536")));
  KEHUBU_TRY(store->open(options));
  return store;
}

StoreImplementation::StoreImplementation(Connection connection, Environment& environment)
    : connection_(std::move(connection)), environment_(environment),
      database_(std::make_unique<Database>(connection_.get())) {}

// Statements go before the connection.
StoreImplementation::~StoreImplementation() {
  materialiser_.reset();
  log_.reset();
  database_.reset();
}

Status StoreImplementation::open(const OpenOptions& options) {
  KEHUBU_TRY(register_functions(connection(), environment_));
  KEHUBU_TRY(database_->execute(options.read_only ? "BEGIN" : "BEGIN IMMEDIATE"));
  ++transaction_depth_;
  if (Status status = prepare_tables(options.create); !status) {
    rollback();
    return status;
  }
  return commit();
}

// Creates or migrates everything. What the log holds of fields that are new to this program comes to life. Writes nothing
// when there is nothing to do, so that a file that may only be read can be opened.
Status StoreImplementation::prepare_tables(bool create) {
  KEHUBU_TRY_ASSIGN(version, stored_schema_version(*database_, create));
  KEHUBU_TRY_ASSIGN(seen, data_version());
  data_version_ = seen;
  KEHUBU_TRY(create_system_tables(*database_));
  log_ = std::make_unique<Log>(connection());
  KEHUBU_TRY(log_->reload());
  if (version < 2) {
    KEHUBU_TRY(log_->make_chains_anew());
  }
  materialiser_ = std::make_unique<Materialiser>(connection(), *log_);
  KEHUBU_TRY_ASSIGN(grown, migrate_tables(*database_, materialiser_->tables()));
  KEHUBU_TRY(log_->flush());
  KEHUBU_TRY(create_views(*database_, materialiser_->tables()));
  Statement& known = database_->statement("SELECT value FROM meta WHERE key = 'last_known_kind'");
  const bool knows_more = known.row() && known.integer(0) < static_cast<std::int64_t>(last_known_kind);
  known.reset();
  Statement& settled = database_->statement("SELECT value FROM meta WHERE key = 'settled_by'");
  const bool settled_otherwise = !settled.row() || settled.integer(0) < settling_version;
  settled.reset();
  if (!grown.empty() || knows_more || settled_otherwise) {
    KEHUBU_TRY(materialiser_->rebuild());
  }
  for (const auto& [key, value] : {std::pair{"schema_version", schema_version}, {"catalog_version", catalog_version},
                                   {"last_known_kind", static_cast<int>(last_known_kind)}, {"settled_by", settling_version}}) {
    Statement& select = database_->statement("SELECT 1 FROM meta WHERE key = ? AND value = ?");
    const bool says_so = select.bind(1, std::string_view(key)).bind(2, std::int64_t{value}).row();
    select.reset();
    if (!says_so) {
      Statement& write = database_->statement("INSERT INTO meta(key, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2");
      KEHUBU_TRY(write.bind(1, std::string_view(key)).bind(2, std::int64_t{value}).run());
    }
  }
  return load_identity();
}

// False when there is none yet.
bool StoreImplementation::read_identity() {
  const std::optional<Id> device = Id::parse(setting("device"));
  if (device) {
    identity_.device = *device;
    identity_.letter = setting("device_letter");
    identity_.name = setting("device_name");
    identity_.person = Id::parse(setting("person")).value_or(Id{});
  }
  return device.has_value();
}

Status StoreImplementation::load_identity() {
  if (read_identity()) {
    return {};
  }
  identity_.device = new_id(environment_);
  KEHUBU_TRY(set_setting("device", identity_.device.text()));
  KEHUBU_TRY(set_setting("device_letter", identity_.letter));
  static_cast<void>(own_device());
  return log_->flush();
}

Status StoreImplementation::set_identity(const DeviceIdentity& identity) {
  KEHUBU_TRY(begin());
  const auto write_all = [&]() -> Status {
    KEHUBU_TRY(set_setting("device_letter", identity.letter));
    KEHUBU_TRY(set_setting("device_name", identity.name));
    KEHUBU_TRY(set_setting("person", identity.person.empty() ? "" : identity.person.text()));
    log_->describe_device(own_device(), identity.name, identity.person);
    return log_->flush();
  };
  if (Status status = write_all(); !status) {
    rollback();
    return status;
  }
  const Id device = identity_.device;
  identity_ = identity;
  identity_.device = device;
  return commit();
}

// --- transactions ---------------------------------------------------------------------------------------------------------

// Nested pairs are one transaction.
Status StoreImplementation::begin() {
  if (transaction_depth_ == 0) {
    failed_reads_before_ = failed_reads_;
    KEHUBU_TRY(database_->execute("BEGIN IMMEDIATE"));
    if (Status alone = refuse_if_another_wrote(); !alone) {
      static_cast<void>(database_->execute("ROLLBACK"));
      return alone;
    }
  }
  ++transaction_depth_;
  return {};
}

Result<std::int64_t> StoreImplementation::data_version() {
  Statement& select = database_->statement("PRAGMA data_version");
  const std::int64_t version = select.row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return version;
}

// What the caller has prepared was made from what is remembered here, so it can only begin again.
Status StoreImplementation::refuse_if_another_wrote() {
  KEHUBU_TRY_ASSIGN(version, data_version());
  if (version == data_version_) {
    return {};
  }
  forget_caches();
  data_version_ = version;
  return fail(ErrorKind::conflict, "另一个程序刚刚改动了这个数据库，这一步没有保存。请再试一次。",
              "Another program has just changed this database; this step was not saved. Try again.");
}

bool StoreImplementation::found(Statement& select) {
  if (select.row()) {
    return true;
  }
  if (Status status = select.status(); !status) {
    note_failed_read(std::move(status.error()));
  }
  return false;
}

void StoreImplementation::note_failed_read(Error error) {
  ++failed_reads_;
  last_failed_read_ = std::move(error);
}

Status StoreImplementation::everything_was_read(std::int64_t failed_reads_before) const {
  return failed_reads_ == failed_reads_before ? Status() : std::unexpected(last_failed_read_);
}

Status StoreImplementation::commit() {
  assert(transaction_depth_ > 0 && "commit() ends what begin() began");
  if (--transaction_depth_ > 0) {
    return {};
  }
  Status ready = everything_was_read(failed_reads_before_);
  ready = ready ? log_->flush() : ready;
  Status committed = ready ? database_->execute("COMMIT") : ready;
  if (!committed) {
    ++transaction_depth_;
    rollback();
    return committed;
  }
  ++revision_;
  if (committed_) {
    committed_();
  }
  return {};
}

void StoreImplementation::rollback() {
  if (transaction_depth_ == 0) {
    return;
  }
  transaction_depth_ = 0;
  static_cast<void>(database_->execute("ROLLBACK"));
  forget_caches();
}

// What is remembered is laid aside, so that nothing is remembered of what never was.
Status StoreImplementation::try_out(const std::function<Status()>& work) {
  const int outer = transaction_depth_;
  if (outer > 0) {
    KEHUBU_TRY(log_->flush());
    KEHUBU_TRY(database_->execute("SAVEPOINT tried"));
  } else {
    KEHUBU_TRY(begin());
  }
  const std::int64_t revision = revision_;
  auto choices = std::exchange(choices_, {});
  auto search_indexes = std::exchange(search_indexes_, {});
  auto orders = std::exchange(orders_, {});
  Status done = work();
  if (outer == 0) {
    transaction_depth_ = 1;  // it may have been rolled back within
    rollback();
  } else if (transaction_depth_ > 0) {  // else what failed has taken back the caller's as well, who is told
    transaction_depth_ = outer;
    const Status back = database_->execute("ROLLBACK TO tried");
    const Status over = database_->execute("RELEASE tried");
    forget_caches();
    done = !done ? done : !back ? back : over;
  }
  revision_ = revision;
  choices_ = std::move(choices);
  search_indexes_ = std::move(search_indexes);  // rows that were written meanwhile are looked at again, and say what they said
  for (CachedOrder& order : orders) {
    if (order.revision == revision) {
      order.epoch = materialiser_->touched_epoch();
      order.touched_seen = materialiser_->touched_rows(*order.entity).size();
      orders_.push_back(std::move(order));
    }
  }
  return done;
}

void StoreImplementation::forget_caches() {
  ++revision_;
  search_indexes_.clear();
  orders_.clear();
  if (materialiser_ != nullptr) {
    materialiser_->discard();
    static_cast<void>(log_->reload());
    static_cast<void>(read_identity());
  }
}

// --- single records -------------------------------------------------------------------------------------------------------

// Whether several living records share a number, or there are several where there may be only one. Such conflicts are few:
// looking them up costs nothing where there are none.
Result<bool> StoreImplementation::is_one_too_many(const Table& table, const Record& record) {
  for (const std::size_t index : table.watched) {
    const Field& field = table.entity->fields[index];
    if (!must_be_unique(*table.entity, field) || is_null(record.values[index])) {
      continue;
    }
    const std::string key =
        conflict_key(StoredConflict::duplicate_number, *table.entity, {}, &field, record.values[index]);
    Statement& select = database_->statement("SELECT 1 FROM conflict WHERE key = ?");
    select.bind(1, std::string_view(key));
    const bool found = select.row();
    select.reset();
    KEHUBU_TRY(select.status());
    if (found) {
      return true;
    }
  }
  for (const Table::OnlyOneRule& rule : table.only_ones) {
    std::vector<Value> alike;
    for (const std::size_t field : rule.alike) {
      alike.push_back(record.values[field]);
    }
    const bool marked = rule.mark < 0 || record.values[static_cast<std::size_t>(rule.mark)] == rule.marked;
    if (is_null(alike.front()) || (!marked && !rule.rule->at_least_one)) {
      continue;
    }
    // Where one of several is to lose its mark, those that have none have nothing to do with it.
    const std::string mark = rule.mark < 0 ? "1" : quoted(table.entity->fields[static_cast<std::size_t>(rule.mark)].id) + " IS ?3";
    Statement& select = database_->statement("SELECT 1 FROM conflict AS c WHERE c.key = ?1 AND (?2 OR NOT EXISTS(SELECT 1 FROM " + table.name +
                                             " WHERE id = c.row AND " + mark + "))");
    const std::string key = conflict_key(StoredConflict::only_one, *table.entity, {}, nullptr, only_one_detail(rule, alike));
    select.bind(1, std::string_view(key)).bind(2, std::int64_t{marked});
    rule.mark < 0 ? void() : void(select.bind(3, rule.marked));
    const bool found = select.row();
    select.reset();
    KEHUBU_TRY(select.status());
    if (found) {
      return true;
    }
  }
  return false;
}

Result<Record> StoreImplementation::read_where(const Table& table, std::string_view condition, const Value& key,
                                               std::span<const Field* const> wanted) {
  const Entity& entity = *table.entity;
  std::string sql = "SELECT " + columns_of(table, wanted) + " FROM " + table.view + " WHERE ";
  sql += condition;
  Statement& select = database_->statement(sql);
  select.bind(1, key);
  if (!select.row()) {
    KEHUBU_TRY(select.status());
    return fail(ErrorKind::not_found, "找不到这条记录", "There is no such record");
  }
  Record record;
  record.entity = &entity;
  record.row_number = select.integer(0);
  record.id = select.id(1);
  record.deleted = select.integer(2) == 0;
  const std::int64_t flags = select.integer(3);
  record.values.reserve(entity.fields.size());
  for (std::size_t index = 0; index < entity.fields.size(); ++index) {
    record.values.push_back(select.value(static_cast<int>(index) + 4));
  }
  select.reset();
  KEHUBU_TRY_ASSIGN(one_too_many, record.deleted ? Result<bool>(false) : is_one_too_many(table, record));
  record.in_conflict = (flags & conflict_flags) != 0 || one_too_many;
  return record;
}

Result<Record> StoreImplementation::read(const Entity& entity, const Id& id) {
  return read_where(table_of(entity), "id = ?", id);
}

Result<Record> StoreImplementation::read_row(const Entity& entity, std::int64_t row_number, std::span<const Field* const> wanted) {
  return read_where(table_of(entity), "row_number = ?", row_number, wanted);
}

std::string StoreImplementation::title(const Entity& entity, const Id& id) {
  const Table& table = table_of(entity);
  const std::string number = entity.number_field.empty() ? "NULL" : quoted(entity.number_field);
  const Field* telling = telling_field(entity);
  const std::string told = telling != nullptr ? quoted(telling->id) : "NULL";
  Statement& select = database_->statement("SELECT " + told + ", coalesce(nullif(" + quoted(entity.title_field) + ", ''), " + number +
                                           ") FROM " + table.name + " WHERE id = ?");
  select.bind(1, id);
  std::string title;
  if (found(select)) {
    title = as_title(select.text(0));
    title = title.empty() ? std::string(select.text(1)) : title;
  }
  select.reset();
  return title;
}

std::span<const Store::ChoiceLabel> StoreImplementation::choices(const ChoiceList& list) {
  CachedChoices& cached = choices_[&list];
  if (cached.revision == revision_) {
    return cached.labels;
  }
  cached.revision = revision_;
  cached.labels.clear();
  for (const Choice& choice : list.choices) {
    cached.labels.push_back({std::string(choice.id), {std::string(choice.zh), std::string(choice.en)}, true});
  }
  if (!list.editable) {
    return cached.labels;
  }
  Statement& select = database_->statement(
      "SELECT ident, zh, coalesce(en, zh), coalesce(active, 1), live FROM dict_item WHERE list = ? AND ident IS NOT NULL AND zh IS NOT NULL"
      " ORDER BY live DESC, seq, ident, id");
  select.bind(1, list.id);
  while (found(select)) {
    const bool live = select.integer(4) != 0;
    ChoiceLabel label{std::string(select.text(0)), {std::string(select.text(1)), std::string(select.text(2))}, live && select.integer(3) != 0};
    const auto same = std::ranges::find(cached.labels, label.id, &ChoiceLabel::id);
    if (same == cached.labels.end()) {
      cached.labels.push_back(std::move(label));
    } else if (live) {
      *same = std::move(label);
    }
  }
  cached.revision = select.status() ? cached.revision : 0;  // of what could not be read to its end nothing is remembered
  return cached.labels;
}

// --- local settings -------------------------------------------------------------------------------------------------------

std::string StoreImplementation::setting(std::string_view key) {
  Statement& select = database_->statement("SELECT value FROM local_setting WHERE key = ?");
  select.bind(1, key);
  std::string value(found(select) ? select.text(0) : std::string_view());
  select.reset();
  return value;
}

Status StoreImplementation::set_setting(std::string_view key, std::string_view value) {
  Statement& write = database_->statement(
      "INSERT INTO local_setting(key, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2");
  KEHUBU_TRY(write.bind(1, key).bind(2, value).run());
  if (transaction_depth_ == 0 && committed_) {
    committed_();
  }
  return {};
}

// --- what the rules ask ---------------------------------------------------------------------------------------------------

std::optional<Record> StoreImplementation::read_stored(const Entity& entity, const Id& row) {
  auto record = read(entity, row);
  if (!record && record.error().kind != ErrorKind::not_found) {
    ++failed_reads_;
    last_failed_read_ = record.error();
  }
  return record ? std::optional(std::move(*record)) : std::nullopt;
}

Value StoreImplementation::value(const Entity& entity, const Id& row, const Field& field) {
  Statement& select = database_->statement("SELECT " + quoted(field.id) + " FROM " + table_of(entity).name + " WHERE id = ?");
  select.bind(1, row);
  Value stored = found(select) ? select.value(0) : Value();
  select.reset();
  return stored;
}

bool StoreImplementation::is_live(const Entity& entity, const Id& row) {
  Statement& select = database_->statement("SELECT live FROM " + table_of(entity).name + " WHERE id = ?");
  select.bind(1, row);
  const bool live = found(select) && select.integer(0) != 0;
  select.reset();
  return live;
}

std::vector<Id> StoreImplementation::rows_with(const Entity& entity, const Field& field, const Value& value,
                                               std::size_t limit) {
  std::vector<Id> rows;
  Statement& select = database_->statement("SELECT id FROM " + table_of(entity).name + " WHERE " + quoted(field.id) +
                                           " = ? AND live = 1 ORDER BY row_number LIMIT ?");
  select.bind(1, value).bind(2, static_cast<std::int64_t>(limit));
  while (found(select)) {
    rows.push_back(select.id(0));
  }
  return rows;
}

}  // namespace kehubu
