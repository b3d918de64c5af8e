#include "core/sync/exporter.h"

#include <algorithm>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/base/task_result.h"
#include "core/catalog/areas.h"
#include "core/sync/new_device.h"

namespace kehubu {
namespace {

constexpr std::int64_t changes_between_slices = 256;

std::string text_of(const Record& record, std::string_view field) {
  return record.entity->find(field) != nullptr ? text_or_empty(record.value(field)) : std::string{};
}

// Letters, digits and - only: the name goes through mail programs and file systems.
std::string plain(std::string_view text) {
  std::string result;
  for (const char character : text) {
    const bool keeps = (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
                       (character >= 'a' && character <= 'z') || character == '-';
    result += keeps ? std::string{character} : std::string{};
  }
  return result;
}

}  // namespace

PersonCard person_card(Store& store, const Id& person) {
  const auto record = store.read(catalog::employee, person);
  return record ? PersonCard{text_of(*record, "code"), text_of(*record, "name"), text_of(*record, "role")} : PersonCard{};
}

std::string receiver_in_name(Store& store, const Peer& peer) {
  const std::string code = plain(person_card(store, peer.person).code);
  return code.empty() ? plain(peer.device.text().substr(16)) : code + plain(peer.letter);
}

std::string bundle_name(Store& store, std::string_view receiver, std::int64_t now_ms) {
  const DeviceIdentity& identity = store.identity();
  std::string who = plain(person_card(store, identity.person).code + identity.letter);
  std::string moment;  // "2026-11-26 18:10" → "20261126-1810"
  for (const char character : format_date_time(now_ms)) {
    moment += character == ' ' ? "-" : character >= '0' && character <= '9' ? std::string{character} : std::string{};
  }
  const std::string to = receiver.empty() ? std::string{} : "to-" + std::string{receiver} + "-";
  return "kehubu-" + who + (who.empty() ? "" : "-") + to + moment + ".json";
}

Status Exporter::prepare_header(const Peer* receiver) {
  const Knowledge known = receiver ? receiver->have : Knowledge();
  header_.receiver = receiver ? receiver->device : Id();
  header_.receiver_name = receiver ? receiver->name : std::string();
  const DeviceIdentity& identity = store_.identity();
  header_.catalog = catalog_version;
  header_.created = std::max<std::int64_t>(0, store_.environment().now_ms());
  header_.device = identity.device;
  header_.device_name = identity.name;
  header_.device_letter = identity.letter;
  header_.former = Id::parse(store_.setting(former_device_setting)).value_or(Id{});
  header_.former_branch = Id::parse(store_.setting(former_branch_setting)).value_or(Id{});
  header_.person = identity.person;
  const PersonCard card = person_card(store_, identity.person);
  header_.person_name = card.name;
  header_.person_role = card.role;
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    if (log_.device(number).has_changes()) {
      numbers_.push_back(number);
    }
  }
  kehubu::sort(numbers_, {}, [&](DeviceNumber number) { return log_.device_id(number); });
  indices_.assign(static_cast<std::size_t>(log_.device_count()) + 1, 0);
  for (std::size_t index = 0; index < numbers_.size(); ++index) {
    const DeviceNumber number = numbers_[index];
    const Id& device = log_.device_id(number);
    const auto theirs = known.find(device);
    const std::int64_t have = log_.last_sequence(number);
    const std::int64_t base = log_.device(number).base;
    const std::int64_t since = theirs == known.end() ? base : std::clamp(theirs->second, base, have);
    indices_[static_cast<std::size_t>(number)] = static_cast<DeviceNumber>(index);
    header_.devices.push_back(device);
    header_.since.push_back(since);
    header_.have.push_back(have);
    header_.chain_have.push_back(log_.chain(number));
    KEHUBU_TRY_ASSIGN(chain, known_chain(log_, tables_, number, since));
    header_.chain_since.push_back(chain);
    header_.count += have - since;
  }
  if (std::ranges::any_of(numbers_, [this](DeviceNumber number) { return log_.device(number).is_branch(); })) {
    header_.version = bundle_version;
    for (const DeviceNumber number : numbers_) {
      header_.roots.push_back(log_.device(number).root);
      header_.bases.push_back(log_.device(number).base);
    }
  }
  header_.clock_first = header_.count == 0 ? 0 : largest_integer;
  return {};
}

// Who made the changes and when, of a slice's worth after `sequence`: the header stands before them.
Status Exporter::look_at_some(std::size_t device, std::int64_t& sequence) {
  const std::int64_t last = std::min(header_.have[device], sequence + changes_between_slices);
  KEHUBU_TRY(log_.for_each(numbers_[device], sequence + 1, last, [&](const Change& change) -> Status {
    header_.clock_first = std::min(header_.clock_first, change.clock);
    header_.clock_last = std::max(header_.clock_last, change.clock);
    if (!change.person.empty()) {
      people_.insert(change.person);
    }
    return {};
  }));
  sequence = last;
  return {};
}

void Exporter::to_indices(Change& change, std::size_t device) const {
  change.version.device = static_cast<DeviceNumber>(device);
  for (FieldChange& field : change.fields) {
    for (Version& version : field.replaced) {
      version.device = indices_[static_cast<std::size_t>(version.device)];
    }
    kehubu::sort(field.replaced);
  }
}

Status Exporter::write_some(BundleWriter& writer, std::size_t device, std::int64_t& sequence) {
  const std::int64_t last = std::min(header_.have[device], sequence + changes_between_slices);
  Change copy;
  KEHUBU_TRY(log_.for_each(numbers_[device], sequence + 1, last, [&](const Change& change) -> Status {
    copy = change;
    to_indices(copy, device);
    writer.append(copy);
    return {};
  }));
  sequence = last;
  return {};
}

void Exporter::complete_people() {
  header_.people.assign(people_.begin(), people_.end());
  kehubu::sort(header_.people);
}

// Whoever answers will refer to these places of the chain.
Status Exporter::remember_places() {
  for (std::size_t device = 0; device < numbers_.size(); ++device) {
    KEHUBU_TRY(tables_.remember_chain(numbers_[device], header_.have[device], header_.chain_have[device]));
  }
  return {};
}

Step<Result<ExportedBundle>> Exporter::run(const Peer* receiver, Progress& progress) {
  progress.activity = {"正在导出", "Exporting"};
  KEHUBU_CO_TRY(prepare_header(receiver));
  progress.total = 2 * header_.count;
  const auto cancelled = [] { return fail(ErrorKind::cancelled, "已取消导出", "The export was cancelled"); };
  for (std::size_t device = 0; device < numbers_.size(); ++device) {
    for (std::int64_t sequence = header_.since[device]; sequence < header_.have[device];) {
      const std::int64_t before = sequence;
      KEHUBU_CO_TRY(look_at_some(device, sequence));
      progress.done += sequence - before;
      co_await next_slice();
      if (progress.cancelled) {
        co_return cancelled();
      }
    }
  }
  complete_people();

  ExportedBundle bundle;
  bundle.changes = header_.count;
  BundleWriter writer{header_, bundle.json};
  for (std::size_t device = 0; device < numbers_.size(); ++device) {
    for (std::int64_t sequence = header_.since[device]; sequence < header_.have[device];) {
      const std::int64_t before = sequence;
      KEHUBU_CO_TRY(write_some(writer, device, sequence));
      progress.done += sequence - before;
      co_await next_slice();
      if (progress.cancelled) {
        co_return cancelled();
      }
    }
  }
  bundle.digest = writer.finish();
  KEHUBU_CO_TRY(remember_places());
  co_return bundle;
}

}  // namespace kehubu
