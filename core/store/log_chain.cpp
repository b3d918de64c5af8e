// The canonical form of changes, the chain over it, and the content hash.
#include <algorithm>

#include "core/base/sha256.h"
#include "core/base/sort.h"
#include "core/store/canonical.h"
#include "core/store/log_parts.h"

namespace kehubu {

void Log::append_canonical(std::string& bytes, const Change& change) const {
  kehubu::append_canonical(bytes, change, [this](DeviceNumber number) -> const Id& { return device(number).root; });
}

Digest Log::first_chain(const Id& device) {
  Digest chain{};
  std::ranges::copy(device.bytes, chain.begin());
  return chain;
}

Digest Log::next_chain(const Digest& chain, std::string_view canonical) {
  Sha256 hash{chain};
  hash.add(canonical);
  return hash.finish();
}

Result<Digest> Log::chain_at(DeviceNumber number, std::int64_t sequence) {
  if (sequence == last_sequence(number)) {
    return chain(number);
  }
  return chain_from_log(number, sequence);
}

Result<Digest> Log::chain_from_log(DeviceNumber number, std::int64_t sequence) {
  Digest chain = device(number).base_chain;
  std::string canonical;
  KEHUBU_TRY(for_each(number, 1, sequence, [&](const Change& change) -> Status {
    canonical.clear();
    append_canonical(canonical, change);
    chain = next_chain(chain, canonical);
    return {};
  }));
  return chain;
}

Status Log::make_chains_anew() {
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    KEHUBU_TRY_ASSIGN(chain, chain_from_log(number, last_sequence(number)));
    parts_->devices[static_cast<std::size_t>(number) - 1].chain = chain;
    parts_->device_is_dirty[static_cast<std::size_t>(number) - 1] = true;
  }
  KEHUBU_TRY(parts_->database.execute("DROP TABLE IF EXISTS sync_chain"));
  return flush();
}

std::string Log::content_hash() const {
  std::vector<DeviceNumber> numbers;
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    if (device(number).has_changes()) {
      numbers.push_back(number);
    }
  }
  kehubu::sort(numbers, {}, [this](DeviceNumber number) { return device_id(number); });
  Sha256 hash;
  for (const DeviceNumber number : numbers) {
    std::array<std::uint8_t, 8> sequence{};
    for (std::size_t byte = 0; byte < sequence.size(); ++byte) {
      sequence[byte] = static_cast<std::uint8_t>(last_sequence(number) >> (8 * (sequence.size() - 1 - byte)));
    }
    hash.add(device_id(number).bytes);
    hash.add(sequence);
    hash.add(chain(number));
  }
  return hex(hash.finish());
}

}  // namespace kehubu
