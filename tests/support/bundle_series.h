// A series of bundles of one device, one customer each, every one building on the one before: for what orders cost.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/sync/bundle_chain.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

// `order`: how the moments of writing run along the series, "forwards", "backwards" or "shuffled" (of the same seed always).
// The bundles themselves are given in the order in which they build on each other.
inline std::vector<std::string> bundle_series(int files, std::string_view order) {
  constexpr std::int64_t start_ms = 1'795'000'000'000;
  SeededEnvironment environment{7, start_ms};
  const Id device = new_id(environment);
  std::vector<std::int64_t> created(static_cast<std::size_t>(files));
  for (std::size_t index = 0; index < created.size(); ++index) {
    created[index] = start_ms + static_cast<std::int64_t>(order == "backwards" ? created.size() - index : index);
  }
  if (order == "shuffled") {
    std::mt19937_64 dice{11};
    std::ranges::shuffle(created, dice);
  }
  std::vector<std::string> bundles;
  Digest chain = Log::first_chain(device);
  for (int file = 0; file < files; ++file) {
    Change change;
    change.version = {0, file + 1};
    change.clock = start_ms + file;
    change.action = file + 1;
    change.kind = ChangeKind::create;
    change.entity = "customer";
    change.row = new_id(environment);
    change.fields.push_back({"name", "客户 " + std::to_string(file), {}});
    BundleHeader header;
    header.catalog = catalog_version;
    header.created = created[static_cast<std::size_t>(file)];
    header.device = device;
    header.device_name = "平板";
    header.devices = {device};
    header.since = {file};
    header.have = {file + 1};
    header.chain_since = {chain};
    header.chain_have = {chain};
    header.clock_first = header.clock_last = change.clock;
    header.count = 1;
    BundleChain next{header};
    static_cast<void>(next.add(change));
    chain = next.value();
    header.chain_have = {chain};
    BundleWriter writer{header, bundles.emplace_back()};
    writer.append(change);
    static_cast<void>(writer.finish());
  }
  return bundles;
}

}  // namespace kehubu::test
