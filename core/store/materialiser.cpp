#include <algorithm>

#include "core/store/materialiser_parts.h"

namespace kehubu {

Materialiser::Materialiser(sqlite3* connection, Log& log) : parts_(std::make_unique<Parts>(*this, connection, log)) {}
Materialiser::~Materialiser() = default;

const Tables& Materialiser::tables() const { return parts_->tables; }

// Added form: device, sequence, clock (signed), number of fields, fields (log_entry.h).
void Materialiser::add(const Change& change) {
  std::string& fields = parts_->fields;
  fields.clear();
  pack_fields(fields, change, parts_->log);
  add(change, fields);
}

void Materialiser::add(const Change& change, std::string_view packed_fields) {
  Parts& parts = *parts_;
  parts.forget_steps();
  const std::size_t offset = parts.packed.size();
  if (change.kind > last_known_kind) {
    const int counted = parts.is_news(change.version) ? 1 : 0;
    parts.statistics.changes += counted;
    parts.statistics.parked += counted;
    return;
  }
  pack_version(parts.packed, change.version);
  pack_signed(parts.packed, change.clock);
  pack_unsigned(parts.packed, change.fields.size());
  parts.packed += packed_fields;
  parts.added.push_back({parts.log.symbol(change.entity), static_cast<std::uint32_t>(parts.packed.size() - offset),
                         change.row, offset});
  if (change.kind == ChangeKind::undo || change.kind == ChangeKind::redo || change.kind == ChangeKind::resolve) {
    parts.unchecked.insert(change.row);
  }
  parts.sorted = false;
}

void Materialiser::tell_losses_of(std::vector<DeviceNumber> devices) { parts_->told_devices = std::move(devices); }

void Materialiser::doubt_clocks_after(std::int64_t clock) { parts_->believed_until = clock; }

// Of the candidates: what would stand if it were not for the clock of what does. A document waits as a whole, and for a person.
void Materialiser::Parts::note_doubt(const Table& table, const Id& row, std::size_t field, const Candidate& stands) {
  constexpr std::size_t most_doubts = 1000;
  const Candidate* believed = nullptr;
  for (const Candidate& one : candidates) {
    const bool is_later = believed == nullptr || std::tuple(believed->clock, log.device_id(believed->version.device), believed->version.sequence) <
                                                     std::tuple(one.clock, log.device_id(one.version.device), one.version.sequence);
    believed = one.clock <= believed_until && is_later ? &one : believed;
  }
  if (believed == nullptr || believed->value == stands.value || table.is_part_of_document()) {
    return;
  }
  if (statistics.doubts.size() < most_doubts) {
    statistics.doubts.push_back({table.entity, row, &table.entity->fields[field], stands.version, believed->version});
  } else {
    ++statistics.more_doubts;
  }
}

void Materialiser::Parts::note_loss(const Table& table, const Id& row, const Field* field, Version version) {
  constexpr std::size_t most_losses = 1000;
  if (std::ranges::find(told_devices, version.device) == told_devices.end()) {
    return;
  }
  if (statistics.losses.size() < most_losses) {
    statistics.losses.push_back({table.entity, row, field, version});
  } else {
    ++statistics.more_losses;
  }
}

Status Materialiser::Parts::note_lost_deletions(const Table& table, const Id& row) {
  for (const Head& mark : told_devices.empty() ? std::span<const Head>() : heads_of(heads, removed_symbol)) {
    KEHUBU_TRY_ASSIGN(one, candidate(removed_symbol, mark.version));
    integer_or(unpack_value(one.value), 0) != 0 ? note_loss(table, row, nullptr, mark.version) : void();
  }
  return {};
}

Result<bool> Materialiser::step(std::size_t records) {
  Parts& parts = *parts_;
  if (!parts.sorted) {
    std::ranges::sort(parts.added.begin() + static_cast<std::ptrdiff_t>(parts.next_added), parts.added.end(),
                      [](const Parts::Added& a, const Parts::Added& b) {
                        return std::tie(a.entity, a.row, a.offset) < std::tie(b.entity, b.row, b.offset);
                      });
    parts.sorted = true;
  }
  for (; records > 0 && parts.next_added < parts.added.size(); --records) {
    const std::size_t begin = parts.next_added;
    std::size_t end = begin + 1;
    while (end < parts.added.size() && parts.added[end].row == parts.added[begin].row &&
           parts.added[end].entity == parts.added[begin].entity) {
      ++end;
    }
    // A batch of bundles lies in memory in the order of arrival: what comes soon is fetched in time.
    constexpr std::size_t ahead = 16;
    for (std::size_t index = begin + ahead; index < std::min(end + ahead, parts.added.size()); ++index) {
      const char* bytes = parts.packed.data() + parts.added[index].offset;
      __builtin_prefetch(bytes);
      __builtin_prefetch(bytes + 64);
    }
    KEHUBU_TRY(parts.merge_group(std::span(parts.added).subspan(begin, end - begin)));
    parts.next_added = end;
  }
  return parts.next_added == parts.added.size();
}

Result<MaterialiseStatistics> Materialiser::finish() {
  Parts& parts = *parts_;
  const auto each_once = [](auto& list) {
    std::ranges::sort(list);  // of a large merge hundreds of thousands, as above: the standard library's (core/base/sort.h)
    list.erase(std::ranges::unique(list).begin(), list.end());
  };
  // In this order: what follows from a choice may be a reference; documents decide which records are removed, circles what is referred to, that decides which are missed,
  // and all of them which are live.
  each_once(parts.chosen);
  for (const Parts::Target& target : parts.chosen) {
    KEHUBU_TRY(parts.settle_choice(target));
  }
  each_once(parts.documents);
  const std::vector<Parts::Target> documents = std::exchange(parts.documents, {});
  for (const Parts::Target& document : documents) {
    KEHUBU_TRY(parts.settle_document(document));
  }
  KEHUBU_TRY(parts.settle_circles());
  each_once(parts.references);
  for (const Parts::Target& target : parts.references) {
    KEHUBU_TRY(parts.settle_reference(target));
  }
  each_once(parts.ruled);
  for (const Parts::Target& target : parts.ruled) {
    KEHUBU_TRY(parts.settle_rules(target));
  }
  each_once(parts.alikes);
  for (const Parts::Alike& alike : parts.alikes) {
    KEHUBU_TRY(parts.settle_only_one(alike));
  }
  each_once(parts.numbers);
  for (const Parts::Number& number : parts.numbers) {
    KEHUBU_TRY(parts.settle_number(number));
  }
  MaterialiseStatistics statistics = std::move(parts.statistics);
  parts.forget_batch();
  return statistics;
}

Result<MaterialiseStatistics> Materialiser::apply(std::span<const Change> changes) {
  for (const Change& change : changes) {
    add(change);
  }
  KEHUBU_TRY_ASSIGN(finished, step(SIZE_MAX));
  static_cast<void>(finished);
  return finish();
}

Status Materialiser::rebuild() {
  KEHUBU_TRY(begin_rebuild());
  KEHUBU_TRY(step(SIZE_MAX));
  KEHUBU_TRY(finish());
  return {};
}

Status Materialiser::begin_rebuild(std::vector<std::int64_t> known_before) {
  discard();
  parts_->known_before = std::move(known_before);
  for (const auto& table : parts_->tables.all()) {
    KEHUBU_TRY(parts_->database.execute("DELETE FROM " + table->name));
  }
  KEHUBU_TRY(parts_->database.execute("DELETE FROM conflict"));
  for (DeviceNumber device = 1; device <= parts_->log.device_count(); ++device) {
    KEHUBU_TRY(parts_->log.for_each(device, 1, largest_sequence, [this](const Change& change) -> Status {
      add(change);
      return {};
    }));
  }
  return {};
}

std::vector<std::int64_t> Materialiser::take_searched_rows(const Entity& entity) {
  return std::exchange(parts_->searched_rows[&parts_->tables.of(entity)], {});
}

std::span<const std::int64_t> Materialiser::touched_rows(const Entity& entity) const {
  return parts_->touched_rows[&parts_->tables.of(entity)];
}

std::int64_t Materialiser::touched_epoch() const { return parts_->touched_epoch; }

void Materialiser::discard() {
  parts_->forget_batch();
  parts_->touched_rows.clear();
  ++parts_->touched_epoch;
}

std::int64_t Materialiser::records_waiting() const {
  return static_cast<std::int64_t>(parts_->added.size() - parts_->next_added);
}

void Materialiser::Parts::forget_batch() {
  forget_steps();
  packed = {};
  added = {};
  next_added = 0;
  unchecked.clear();
  sorted = false;
  statistics = {};
  told_devices.clear();
  known_before.clear();
  believed_until = INT64_MAX;
  documents.clear();
  references.clear();
  numbers.clear();
  alikes.clear();
  ruled.clear();
  chosen.clear();
  links.clear();
  opened_now.clear();
  closed_now.clear();
}

bool Materialiser::Parts::is_news(const Added& change) const {
  return known_before.empty() || is_news(Unpacker(std::string_view(packed).substr(static_cast<std::size_t>(change.offset), change.size)).read_version());
}

// Whether one of the changes that wrote the cell is; after merge_heads().
bool Materialiser::Parts::is_news(SymbolNumber field) const {
  const auto cell = std::ranges::equal_range(fresh, field, {}, [](const Fresh& one) { return one.head.field; });
  return known_before.empty() || std::ranges::any_of(cell, [this](const Fresh& one) { return is_news(one.head.version); });
}

// Puts the cells of one added change into `fresh` and what they replace into `replaced`. False when some field is not
// known here: its heads are kept all the same.
bool Materialiser::Parts::collect_fresh(const Added& change, const Table& table) {
  Unpacker unpacker(std::string_view(packed).substr(static_cast<std::size_t>(change.offset), change.size));
  const Version version = unpacker.read_version();
  const std::int64_t clock = unpacker.read_signed();
  bool all_known = true;
  for (std::uint64_t remaining = unpacker.read_unsigned(); remaining > 0 && !unpacker.failed(); --remaining) {
    const auto field = static_cast<SymbolNumber>(unpacker.read_unsigned());
    const std::string_view value = unpacker.read_packed_value();
    fresh.push_back({{field, version}, clock, value});
    all_known = all_known && (table.field_index(field) >= 0 || field == removed_symbol || field == document_symbol || field == closed_symbol);
    for (std::uint64_t count = unpacker.read_unsigned(); count > 0 && !unpacker.failed(); --count) {
      replaced.push_back({field, unpacker.read_version()});
    }
  }
  return all_known;
}

Status Materialiser::Parts::merge_group(std::span<const Added> group) {
  const Table* table = tables.find(group.front().entity);
  const std::int64_t news = std::ranges::count_if(group, [this](const Added& change) { return is_news(change); });
  statistics.changes += news;
  if (table == nullptr) {
    statistics.parked += news;
    return {};
  }
  const Id& row = group.front().row;
  KEHUBU_TRY(load(*table, row));
  fresh.clear();
  replaced.clear();
  texts_used = 0;
  for (const Added& change : group) {
    if (!collect_fresh(change, *table) && is_news(change)) {
      ++statistics.parked;
    }
  }
  merge_heads();
  statistics.records_touched += news > 0 ? 1 : 0;

  std::vector<std::size_t> conflicting;
  assignments.clear();
  KEHUBU_TRY_ASSIGN(late, find_late_edits(*table, row));
  const bool is_or_was_late = late || (stored.flags & flag_late) != 0;
  const std::vector<Head>& counting = late ? shown : heads;
  KEHUBU_TRY(is_or_was_late ? assign_all(*table, counting) : assign_touched(*table, row, conflicting));
  KEHUBU_TRY_ASSIGN(deleted, deletion(heads));
  const bool was_removed = (stored.flags & flag_removed) != 0;
  if ((stored.flags & flag_field_conflict) != 0 || was_removed != deleted.removed || is_or_was_late) {
    KEHUBU_TRY(find_all_conflicts(*table, counting, conflicting));
  }
  if (deleted.removed) {
    conflicting.clear();
  }
  std::int64_t flags = stored.flags & ~(flag_removed | flag_delete_conflict | flag_field_conflict | flag_late);
  flags |= (late ? flag_late : 0) | (deleted.removed ? flag_removed : 0) | (deleted.conflict ? flag_delete_conflict : 0) |
           (conflicting.empty() ? 0 : flag_field_conflict);
  if (!deleted.removed) {
    KEHUBU_TRY(settle_flag(*table, row, StoredConflict::missing_reference, (flags & flag_missing_reference) != 0, false));
    flags &= ~std::int64_t{flag_missing_reference};
  }
  KEHUBU_TRY(settle_field_conflicts(*table, row, conflicting));
  KEHUBU_TRY(settle_flag(*table, row, StoredConflict::delete_against_edit,
                         (stored.flags & flag_delete_conflict) != 0, deleted.conflict));
  if (deleted.conflict && (stored.flags & flag_delete_conflict) == 0 && news > 0) {
    KEHUBU_TRY(note_lost_deletions(*table, row));
  }
  const bool live = (!deleted.removed || (flags & flag_missing_reference) != 0) &&
                    (flags & flag_outside) == 0;
  if (!table->choices.empty() && ((stored.flags | flags) & flag_field_conflict) != 0) {
    chosen.push_back({table, row});
  }
  note_for_rules(*table, row, flags, is_or_was_late);
  return store(*table, row, live, flags);
}

}  // namespace kehubu
