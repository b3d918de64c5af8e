#include "core/sync/new_device.h"

#include <algorithm>
#include <charconv>

#include "core/store/transaction.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/letters.h"

namespace kehubu {
namespace {

constexpr std::string_view agreed_setting = "sync/agreed_history";  // number + 1, so that 0 differs from "not known"

// The chain of this device after each of its changes from `since` + 1 on.
Result<std::vector<Digest>> own_chains(Log& log, DeviceNumber own, std::int64_t since) {
  std::vector<Digest> chains;
  KEHUBU_TRY_ASSIGN(chain, log.chain_at(own, since));
  std::string canonical;
  KEHUBU_TRY(log.for_each(own, since + 1, largest_sequence, [&](const Change& change) -> Status {
    canonical.clear();
    log.append_canonical(canonical, change);
    chain = Log::next_chain(chain, canonical);
    chains.push_back(chain);
    return {};
  }));
  return chains;
}

// The last number up to which the bundle and the log tell the same of this device.
Result<std::optional<std::int64_t>> agreement(Log& log, const Id& own_device, std::string_view json, const Limits& limits) {
  BundleReader reader{json, limits};
  KEHUBU_TRY(reader.read_header());
  const BundleHeader header = reader.header();
  const auto place = std::ranges::find(header.devices, own_device);
  const auto own = log.find_device(own_device);
  if (place == header.devices.end() || !own) {
    return std::nullopt;
  }
  const auto index = place - header.devices.begin();
  const std::int64_t since = header.since[static_cast<std::size_t>(index)];
  if (since > log.last_sequence(*own)) {
    return std::nullopt;
  }
  KEHUBU_TRY_ASSIGN(before, log.chain_at(*own, since));
  if (since > 0 && before != header.chain_since[static_cast<std::size_t>(index)]) {
    return std::nullopt;
  }
  KEHUBU_TRY_ASSIGN(ours, own_chains(log, *own, since));
  BundleChain chain{header};
  Change change;
  std::int64_t agreed = since;
  while (true) {
    KEHUBU_TRY_ASSIGN(more, reader.next(change));
    if (!more || !chain.add(change)) {
      return agreed;
    }
    if (change.version.device != static_cast<DeviceNumber>(index)) {
      continue;
    }
    const auto step = static_cast<std::size_t>(change.version.sequence - since - 1);
    if (step >= ours.size() || ours[step] != chain.value()) {
      return agreed;
    }
    agreed = change.version.sequence;
  }
}

std::optional<std::int64_t> remembered_agreement(Store& store) {
  const std::string text = store.setting(agreed_setting);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 ? std::optional(number - 1) : std::nullopt;
}

}  // namespace

Status remember_divergence(StoreInternals& store, std::string_view json, const Limits& limits) {
  KEHUBU_TRY_ASSIGN(agreed, agreement(store.log(), store.identity().device, json, limits));
  if (!agreed) {
    return {};
  }
  const std::int64_t least = std::min(*agreed, remembered_agreement(store).value_or(*agreed));
  return store.set_setting(agreed_setting, std::to_string(least + 1));
}

Result<std::int64_t> start_as_new_device(StoreInternals& store, SyncTables& tables) {
  const Id old = store.identity().device;
  KEHUBU_TRY_ASSIGN(peers, tables.peers());
  std::int64_t shared = 0;  // what a peer proved to know of us
  for (const Peer& peer : peers) {
    const auto known = peer.have.find(old);
    shared = known == peer.have.end() ? shared : std::max(shared, known->second);
  }
  shared = remembered_agreement(store).value_or(shared);
  if (const auto missing = store.missing_own_numbers()) {
    shared = missing->first - 1;  // others have all of it, and more
  }
  KEHUBU_TRY_ASSIGN(letters, letters_in_use(store, tables, store.identity().person));
  letters.push_back({store.identity().letter, {}});
  Transaction transaction{store};
  KEHUBU_TRY(transaction.begin());
  KEHUBU_TRY_ASSIGN(moved, store.become_new_device(shared, next_letter(letters)));
  KEHUBU_TRY(tables.forget_after(old, store.log().device_number(old), store.log().last_sequence(store.log().device_number(old))));
  KEHUBU_TRY(store.set_setting(agreed_setting, ""));
  KEHUBU_TRY(transaction.commit());
  return moved;
}

}  // namespace kehubu
