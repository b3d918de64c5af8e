#include "core/store/log.h"

#include <algorithm>
#include <cassert>

#include "core/base/sha256.h"
#include "core/store/log_entry.h"
#include "core/store/log_parts.h"

namespace kehubu {
namespace {

// Two segments of this size share a page of 4096 bytes, whatever their cells' overhead.
constexpr std::size_t largest_segment = 1900;
constexpr std::int64_t five_minutes_ms = 5 * 60 * 1000;

Error damaged_log() {
  return {ErrorKind::corrupt, sentence("修改日志已损坏", "The log of changes is damaged"), {}};
}

}  // namespace

Log::Log(sqlite3* connection) : parts_(std::make_unique<Parts>(connection)) {}
Log::~Log() = default;

// --- devices, symbols, persons ------------------------------------------------------------------------------------------

DeviceNumber Log::device_number(const Id& id) {
  if (const auto found = find_device(id)) {
    return *found;
  }
  DeviceState state;
  state.id = id;
  state.root = id;
  state.base_chain = first_chain(id);
  state.chain = state.base_chain;
  parts_->devices.push_back(std::move(state));
  parts_->device_is_dirty.push_back(true);
  const auto number = static_cast<DeviceNumber>(parts_->devices.size());
  parts_->device_numbers.emplace(id, number);
  return number;
}

std::optional<DeviceNumber> Log::find_device(const Id& id) const {
  const auto found = parts_->device_numbers.find(id);
  return found == parts_->device_numbers.end() ? std::nullopt : std::optional(found->second);
}

DeviceNumber Log::device_count() const { return static_cast<DeviceNumber>(parts_->devices.size()); }

const DeviceState& Log::device(DeviceNumber number) const {
  assert(number >= 1 && number <= device_count() && "a device number comes from device_number()");
  return parts_->devices[static_cast<std::size_t>(number) - 1];
}

void Log::describe_device(DeviceNumber number, std::string_view name, const Id& person) {
  DeviceState& state = parts_->devices[static_cast<std::size_t>(number) - 1];
  state.name = name;
  state.person = person;
  parts_->device_is_dirty[static_cast<std::size_t>(number) - 1] = true;
}

// Asked for two or three names of every change: those used lately are found without hashing.
SymbolNumber Log::symbol(std::string_view text) {
  const auto code = [](char character) { return static_cast<std::size_t>(static_cast<unsigned char>(character)); };
  const std::size_t place = text.empty() ? 0 : (text.size() * 31 + code(text.front()) * 7 + code(text.back())) % parts_->recent_symbols.size();
  SymbolNumber& recent = parts_->recent_symbols[place];
  if (recent > 0 && symbol_text(recent) == text) {
    return recent;
  }
  const auto found = parts_->symbol_numbers.find(text);
  if (found != parts_->symbol_numbers.end()) {
    return recent = found->second;
  }
  parts_->symbols.emplace_back(text);
  const auto number = static_cast<SymbolNumber>(parts_->symbols.size());
  parts_->symbol_numbers.emplace(std::string(text), number);
  return number;
}

std::string_view Log::symbol_text(SymbolNumber number) const {
  const auto index = static_cast<std::size_t>(number) - 1;
  return index < parts_->symbols.size() ? std::string_view(parts_->symbols[index]) : std::string_view();
}

SymbolNumber Log::symbol_count() const { return static_cast<SymbolNumber>(parts_->symbols.size()); }

std::int32_t Log::person_number(const Id& person) {
  if (person.empty()) {
    return 0;
  }
  const auto found = parts_->person_numbers.find(person);
  if (found != parts_->person_numbers.end()) {
    return found->second;
  }
  parts_->persons.push_back(person);
  const auto number = static_cast<std::int32_t>(parts_->persons.size());
  parts_->person_numbers.emplace(person, number);
  return number;
}

const Id& Log::person_id(std::int32_t number) const {
  static const Id nobody;
  const auto index = static_cast<std::size_t>(number) - 1;
  return index < parts_->persons.size() ? parts_->persons[index] : nobody;
}

// --- writing ------------------------------------------------------------------------------------------------------------

void pack_fields(std::string& bytes, const Change& change, Log& log) {
  for (const FieldChange& field : change.fields) {
    pack_unsigned(bytes, static_cast<std::uint64_t>(log.symbol(field.field)));
    pack_value(bytes, field.value);
    pack_unsigned(bytes, field.replaced.size());
    for (const Version& version : field.replaced) {
      pack_version(bytes, version);
    }
  }
}

// Answers where in `entry` the packed fields begin.
std::size_t Log::Parts::pack_entry(const Change& change, std::int64_t clock_before, Log& log) {
  entry.clear();
  pack_signed(entry, change.clock - clock_before);
  pack_unsigned(entry, static_cast<std::uint64_t>(change.version.sequence - change.action));
  entry.push_back(static_cast<char>(change.kind));
  pack_unsigned(entry, static_cast<std::uint64_t>(log.person_number(change.person)));
  pack_unsigned(entry, static_cast<std::uint64_t>(log.symbol(change.entity)));
  pack_id(entry, change.row);
  pack_unsigned(entry, change.fields.size());
  const std::size_t fields = entry.size();
  pack_fields(entry, change, log);
  return fields;
}

Status Log::Parts::store_segment(DeviceNumber device, std::int64_t first_sequence) {
  Statement& insert = database.statement("INSERT INTO log(key, entries) VALUES(?, ?)");
  KEHUBU_TRY(insert.bind(1, log_key(device, first_sequence)).bind_blob(2, entries).run());
  entries.clear();
  return {};
}

Status Log::append(std::span<const Change> changes, Materialiser* materialiser) {
  if (changes.empty()) {
    return {};
  }
  const DeviceNumber number = changes.front().version.device;
  const auto index = static_cast<std::size_t>(number) - 1;
  DeviceState state = device(number);
  std::int64_t first_sequence = state.last_sequence + 1;
  std::int64_t clock_before = 0;
  parts_->entries.clear();
  for (const Change& change : changes) {
    const std::int64_t sequence = change.version.sequence;
    if (change.version.device != number || sequence != state.last_sequence + 1 || sequence > largest_sequence ||
        change.action < 1 || change.action > sequence) {
      return fail(ErrorKind::corrupt, "修改记录的次序有缺口", "The changes are not contiguous");
    }
    std::size_t fields = parts_->pack_entry(change, clock_before, *this);
    if (!parts_->entries.empty() && parts_->entries.size() + parts_->entry.size() > largest_segment) {
      KEHUBU_TRY(parts_->store_segment(number, first_sequence));
      first_sequence = sequence;
      fields = parts_->pack_entry(change, 0, *this);
    }
    if (materialiser != nullptr) {
      materialiser->add(change, std::string_view(parts_->entry).substr(fields));
    }
    pack_unsigned(parts_->entries, parts_->entry.size());
    parts_->entries += parts_->entry;
    clock_before = change.clock;

    parts_->canonical.clear();
    append_canonical(parts_->canonical, change);
    state.chain = next_chain(state.chain, parts_->canonical);
    state.last_sequence = sequence;
    state.last_clock = std::max(state.last_clock, change.clock);
  }
  KEHUBU_TRY(parts_->store_segment(number, first_sequence));
  parts_->devices[index] = std::move(state);
  parts_->device_is_dirty[index] = true;
  return flush();
}

Status Log::flush() {
  Parts& parts = *parts_;
  for (; parts.stored_symbols < parts.symbols.size(); ++parts.stored_symbols) {
    Statement& insert = parts.database.statement("INSERT INTO symbol(number, text) VALUES(?, ?)");
    KEHUBU_TRY(insert.bind(1, static_cast<std::int64_t>(parts.stored_symbols) + 1)
                   .bind(2, std::string_view(parts.symbols[parts.stored_symbols]))
                   .run());
  }
  for (; parts.stored_persons < parts.persons.size(); ++parts.stored_persons) {
    Statement& insert = parts.database.statement("INSERT INTO person(number, id) VALUES(?, ?)");
    KEHUBU_TRY(insert.bind(1, static_cast<std::int64_t>(parts.stored_persons) + 1)
                   .bind(2, parts.persons[parts.stored_persons])
                   .run());
  }
  for (std::size_t index = 0; index < parts.devices.size(); ++index) {
    if (!parts.device_is_dirty[index]) {
      continue;
    }
    const DeviceState& state = parts.devices[index];
    Statement& write = parts.database.statement(
        "INSERT INTO device(number, id, name, person, last_sequence, last_clock, chain) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT(number) DO UPDATE SET name = ?3, person = ?4, last_sequence = ?5, last_clock = ?6, chain = ?7 WHERE id = ?2");
    const std::string_view chain(reinterpret_cast<const char*>(state.chain.data()), state.chain.size());
    write.bind(1, static_cast<std::int64_t>(index) + 1).bind(2, state.id).bind(3, std::string_view(state.name));
    state.person.empty() ? write.bind_null(4) : write.bind(4, state.person);
    KEHUBU_TRY(write.bind(5, state.last_sequence).bind(6, state.last_clock).bind_blob(7, chain).run());
    if (parts.database.changed_rows() != 1) {
      return fail(ErrorKind::conflict, "另一个程序刚刚在这个数据库里登记了别的设备，这一步没有保存。请再试一次。",
                  "Another program has just entered another device into this database; this step was not saved. Try again.");
    }
    if (state.is_branch()) {
      Statement& insert = parts.database.statement("INSERT OR IGNORE INTO branch(number, root, base, chain) VALUES(?, ?, ?, ?)");
      const std::string_view base_chain(reinterpret_cast<const char*>(state.base_chain.data()), state.base_chain.size());
      KEHUBU_TRY(insert.bind(1, static_cast<std::int64_t>(index) + 1).bind(2, state.root).bind(3, state.base).bind_blob(4, base_chain).run());
    }
    parts.device_is_dirty[index] = false;
  }
  return {};
}

// --- reading ------------------------------------------------------------------------------------------------------------

Status Log::Parts::load_devices() {
  devices.clear();
  device_numbers.clear();
  has_branches = false;
  Statement& select = database.statement(
      "SELECT id, name, person, last_sequence, last_clock, device.chain, root, base, branch.chain FROM device LEFT JOIN branch USING(number)"
      " ORDER BY number");
  while (select.row()) {
    DeviceState state;
    state.id = select.id(0);
    state.name = select.text(1);
    state.person = select.id(2);
    state.last_sequence = select.integer(3);
    state.last_clock = select.integer(4);
    const std::string_view chain = select.blob(5);
    if (chain.size() == state.chain.size()) {
      std::ranges::copy(chain, reinterpret_cast<char*>(state.chain.data()));
    }
    state.root = state.id;
    state.base_chain = first_chain(state.id);
    if (const std::string_view base_chain = select.blob(8); base_chain.size() == state.base_chain.size()) {
      state.root = select.id(6);
      state.base = select.integer(7);
      std::ranges::copy(base_chain, reinterpret_cast<char*>(state.base_chain.data()));
      has_branches = true;
    }
    devices.push_back(std::move(state));
    device_numbers.emplace(devices.back().id, static_cast<DeviceNumber>(devices.size()));
  }
  device_is_dirty.assign(devices.size(), false);
  return select.status();
}

Status Log::Parts::load_symbols() {
  symbols.clear();
  symbol_numbers.clear();
  Statement& select = database.statement("SELECT text FROM symbol ORDER BY number");
  while (select.row()) {
    symbols.emplace_back(select.text(0));
    symbol_numbers.emplace(symbols.back(), static_cast<SymbolNumber>(symbols.size()));
  }
  stored_symbols = symbols.size();
  return select.status();
}

Status Log::Parts::load_persons() {
  persons.clear();
  person_numbers.clear();
  Statement& select = database.statement("SELECT id FROM person ORDER BY number");
  while (select.row()) {
    persons.push_back(select.id(0));
    person_numbers.emplace(persons.back(), static_cast<std::int32_t>(persons.size()));
  }
  stored_persons = persons.size();
  return select.status();
}

Status Log::reload() {
  parts_->segment_device = 0;
  KEHUBU_TRY(parts_->load_devices());
  KEHUBU_TRY(parts_->load_symbols());
  return parts_->load_persons();
}

Status Log::Parts::load_segment(Version version) {
  Statement& select = database.statement("SELECT key, entries FROM log WHERE key <= ? ORDER BY key DESC LIMIT 1");
  select.bind(1, log_key(version.device, version.sequence));
  if (!select.row()) {
    KEHUBU_TRY(select.status());
    return std::unexpected(damaged_log());
  }
  ++segments_read;
  const std::int64_t key = select.integer(0);
  segment.assign(select.blob(1));
  segment_device = static_cast<DeviceNumber>(key >> 40);
  segment_first = key & largest_sequence;
  select.reset();
  return {};
}

std::int64_t Log::segments_read() const { return parts_->segments_read; }

bool Log::contains(Version version) const {
  return version.device >= 1 && version.device <= device_count() && version.sequence > device(version.device).base &&
         version.sequence <= last_sequence(version.device);
}

Result<RawEntry> Log::read_raw(Version version) {
  if (!contains(version)) {
    return fail(ErrorKind::not_found, "没有这条修改记录", "There is no such change");
  }
  KEHUBU_TRY(parts_->load_segment(version));
  if (parts_->segment_device != version.device) {
    return std::unexpected(damaged_log());
  }
  Unpacker unpacker(parts_->segment);
  std::int64_t clock = 0;
  for (std::int64_t sequence = parts_->segment_first; !unpacker.at_end(); ++sequence) {
    const std::string_view bytes = unpacker.read_bytes(unpacker.read_unsigned());
    Unpacker entry_unpacker(bytes);
    if (sequence < version.sequence) {
      clock += entry_unpacker.read_signed();
      continue;
    }
    RawEntry raw{read_entry_header(entry_unpacker, clock, sequence), {}};
    if (unpacker.failed() || entry_unpacker.failed()) {
      break;
    }
    const char* fields = entry_unpacker.position();
    raw.fields = {fields, static_cast<std::size_t>(bytes.data() + bytes.size() - fields)};
    return raw;
  }
  return std::unexpected(damaged_log());
}

namespace {

// Fills a Change that may have been filled before: its texts keep their allocations.
bool fill_change(Change& change, const RawEntry& raw, Version version, const Log& log) {
  change.version = version;
  change.clock = raw.header.clock;
  change.action = raw.header.action;
  change.kind = static_cast<ChangeKind>(raw.header.kind);
  change.person = log.person_id(raw.header.person);
  change.entity.assign(log.symbol_text(raw.header.entity));
  change.row = raw.header.row;
  if (raw.header.field_count > raw.fields.size()) {
    return false;
  }
  change.fields.resize(static_cast<std::size_t>(raw.header.field_count));
  Unpacker unpacker(raw.fields);
  for (FieldChange& field : change.fields) {
    field.field.assign(log.symbol_text(static_cast<SymbolNumber>(unpacker.read_unsigned())));
    unpacker.read_value(field.value);
    const std::uint64_t replaced = unpacker.read_unsigned();
    if (replaced > raw.fields.size()) {
      return false;
    }
    field.replaced.resize(static_cast<std::size_t>(replaced));
    for (Version& one : field.replaced) {
      one = unpacker.read_version();
    }
  }
  return !unpacker.failed() && unpacker.at_end();
}

}  // namespace

Result<Change> Log::read(Version version) {
  KEHUBU_TRY_ASSIGN(raw, read_raw(version));
  Change change;
  if (!fill_change(change, raw, version, *this)) {
    return std::unexpected(damaged_log());
  }
  return change;
}

Status Log::for_each(DeviceNumber device_number, std::int64_t from, std::int64_t to,
                     const std::function<Status(const Change&)>& callback) {
  Change change;
  std::string segment;
  to = std::min(to, last_sequence(device_number));
  for (std::int64_t next = std::max(from, device(device_number).base + 1); next <= to;) {
    KEHUBU_TRY(parts_->load_segment({device_number, next}));
    if (parts_->segment_device != device_number) {
      return std::unexpected(damaged_log());
    }
    segment = parts_->segment;  // the callback may read from the log itself
    Unpacker unpacker(segment);
    std::int64_t clock = 0;
    std::int64_t sequence = parts_->segment_first;
    for (; !unpacker.at_end(); ++sequence) {
      const std::string_view bytes = unpacker.read_bytes(unpacker.read_unsigned());
      Unpacker entry_unpacker(bytes);
      RawEntry raw{read_entry_header(entry_unpacker, clock, sequence), {}};
      clock = raw.header.clock;
      if (sequence < next || sequence > to) {
        continue;
      }
      const char* fields = entry_unpacker.position();
      raw.fields = {fields, static_cast<std::size_t>(bytes.data() + bytes.size() - fields)};
      if (unpacker.failed() || entry_unpacker.failed() || !fill_change(change, raw, {device_number, sequence}, *this)) {
        return std::unexpected(damaged_log());
      }
      KEHUBU_TRY(callback(change));
    }
    if (sequence <= next) {
      return std::unexpected(damaged_log());
    }
    next = sequence;
  }
  return {};
}

std::int64_t Log::next_clock(DeviceNumber own, std::int64_t wall_ms) const {
  std::int64_t clock = wall_ms;
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    const std::int64_t seen = device(number).last_clock;
    if (number == own || seen <= wall_ms + five_minutes_ms) {
      clock = std::max(clock, seen);
    }
  }
  return clock;
}

}  // namespace kehubu
