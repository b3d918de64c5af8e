#include "tests/support/sample_bundle.h"

#include <concepts>
#include <algorithm>
#include <numeric>
#include <set>

#include "core/sync/bundle_chain.h"
#include "core/sync/bundle_text.h"

namespace kehubu::test {
namespace {

// std's distributions differ between libraries; golden files need the same numbers everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : generator_(seed) {}
  template <std::integral Number>
  Number below(Number limit) {
    return static_cast<Number>(generator_() % static_cast<std::uint64_t>(limit));
  }
  Id id(std::int64_t milliseconds) {
    Id id;
    for (std::uint8_t& byte : id.bytes) {
      byte = static_cast<std::uint8_t>(below(256));
    }
    for (std::size_t place = 0; place < 6; ++place) {
      id.bytes[place] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - place)));
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
  }

 private:
  std::mt19937_64 generator_;
};

constexpr std::int64_t start_ms = 1'795'670'000'000;
constexpr std::string_view texts[] = {"博海餐饮", "13800001111", "", "He said \"3 \\ 4\"\n\tand left", "𠮷野家",
                                      "\x01\x1f\x7f", "Ωmega – é", "上海市浦东新区世纪大道 100 号 2203 室"};
constexpr std::string_view field_names[] = {"address", "code", "grade", "name", "owner", "phone", "remark", "x_colour"};
constexpr std::string_view entity_names[] = {"customer", "contact", "contract", "something_newer"};

Value random_value(Dice& dice) {
  switch (dice.below(6)) {
    case 0: return {};
    case 1: return static_cast<std::int64_t>(dice.below(1'000'000)) - 500'000;
    case 2: return dice.below(2) == 0 ? largest_integer : -largest_integer;
    case 3: return dice.id(start_ms);
    default: return std::string{texts[dice.below(std::size(texts))]};
  }
}

std::vector<Version> random_replaced(Dice& dice, const BundleHeader& header, Version own) {
  std::set<Version> versions;
  for (int count = dice.below(3); count > 0; --count) {
    const auto device = dice.below(header.devices.size());
    const std::int64_t latest =
        static_cast<DeviceNumber>(device) == own.device ? own.sequence - 1 : header.have[device];
    if (latest > 0) {
      versions.insert({static_cast<DeviceNumber>(device), 1 + dice.below(latest)});
    }
  }
  return {versions.begin(), versions.end()};
}

void fill_fields(Dice& dice, const BundleHeader& header, Change& change) {
  for (const std::string_view name : field_names) {
    if (dice.below(4) == 0) {
      change.fields.push_back({std::string{name}, random_value(dice), random_replaced(dice, header, change.version)});
    }
  }
  if (change.fields.empty()) {
    change.fields.push_back({std::string{deleted_field}, std::int64_t{1}, random_replaced(dice, header, change.version)});
  }
}

void add_device(Dice& dice, SampleBundle& sample, std::size_t device, const std::vector<Id>& people) {
  std::int64_t clock = start_ms + static_cast<std::int64_t>(dice.below(100'000));
  std::int64_t action = 0;
  for (std::int64_t sequence = sample.header.since[device] + 1; sequence <= sample.header.have[device]; ++sequence) {
    Change change;
    change.version = {static_cast<DeviceNumber>(device), sequence};
    const bool continues = action != 0 && dice.below(3) == 0;
    action = continues ? action : sequence;
    clock += continues ? 0 : static_cast<std::int64_t>(dice.below(60'000));
    change.clock = clock;
    change.action = action;
    change.kind = static_cast<ChangeKind>(dice.below(9));
    change.person = dice.below(10) == 0 ? Id{} : people[dice.below(people.size())];
    change.entity = entity_names[dice.below(std::size(entity_names))];
    change.row = dice.id(start_ms);
    fill_fields(dice, sample.header, change);
    sample.changes.push_back(std::move(change));
  }
}

}  // namespace

Id made_id(std::uint8_t kind, std::uint8_t number) {
  Id id;
  id.bytes.fill(kind);
  id.bytes.back() = number;
  return id;
}

Id numbered_id(std::uint8_t kind, std::int64_t number) {
  Id id;
  id.bytes.fill(kind);
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  id.bytes[15] = static_cast<std::uint8_t>(number & 255);
  return id;
}

SampleBundle make_sample(std::uint64_t seed, const SampleSize& size) {
  Dice dice{seed};
  SampleBundle sample;
  BundleHeader& header = sample.header;
  header.catalog = 1;
  header.created = start_ms + 3'400'000;
  for (int index = 0; index < size.devices; ++index) {
    header.devices.push_back(dice.id(start_ms - 86'400'000LL * (size.devices - index)));
    const auto since = static_cast<std::int64_t>(dice.below(3) * 20);
    header.since.push_back(since);
    header.have.push_back(std::max<std::int64_t>(1, since + size.changes / size.devices));
  }
  header.device = header.devices.back();
  header.device_name = "王敏的平板";
  header.device_letter = "A";
  const std::vector<Id> people{dice.id(start_ms), dice.id(start_ms + 1)};
  header.person = people.front();
  header.person_name = "王敏";
  header.person_role = "rep";
  for (std::size_t device = 0; device < header.devices.size(); ++device) {
    add_device(dice, sample, device, people);
  }
  complete_header(sample);
  return sample;
}

namespace {

// What a device's changes in the file follow: its own beginning, or the end of the history that a branch begins after.
Digest chain_before(const BundleHeader& header, std::size_t index) {
  const Digest beginning = Log::first_chain(header.root(index));
  if (header.since[index] == 0) {
    return beginning;
  }
  for (std::size_t other = 0; other < header.devices.size(); ++other) {
    const bool ends_there = header.root(other) == header.root(index) && header.base(other) < header.base(index) && header.have[other] == header.since[index];
    if (ends_there && header.since[index] == header.base(index)) {
      return header.chain_have[other];
    }
  }
  return Log::next_chain(beginning, "what came before");
}

}  // namespace

void complete_header(SampleBundle& sample) {
  BundleHeader& header = sample.header;
  std::set<Id> people;
  header.count = static_cast<std::int64_t>(sample.changes.size());
  header.clock_first = sample.changes.empty() ? 0 : largest_integer;
  header.clock_last = 0;
  header.chain_since.assign(header.devices.size(), {});
  header.chain_have.assign(header.devices.size(), {});
  std::vector<std::size_t> order(header.devices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t index) { return std::pair(header.base(index), index); });  // a branch after what it begins at
  BundleChain chain{header};
  for (const std::size_t device : order) {
    header.chain_since[device] = header.chain_have[device] = chain_before(header, device);
    const auto own = std::ranges::equal_range(sample.changes, static_cast<DeviceNumber>(device), {}, [](const Change& change) { return change.version.device; });
    for (const Change& change : own) {
      header.clock_first = std::min(header.clock_first, change.clock);
      header.clock_last = std::max(header.clock_last, change.clock);
      if (!change.person.empty()) {
        people.insert(change.person);
      }
      static_cast<void>(chain.add(change));
      header.chain_have[device] = chain.value();
    }
  }
  header.people.assign(people.begin(), people.end());
}

std::string write_sample(const SampleBundle& sample) {
  std::string text;
  BundleWriter writer{sample.header, text};
  for (const Change& change : sample.changes) {
    writer.append(change);
  }
  static_cast<void>(writer.finish());
  return text;
}

std::string with_right_digest(std::string text) {
  const std::size_t place = text.rfind("\"digest\"");
  const std::size_t quote = text.find('"', text.find(':', place));
  Sha256 digest;
  digest.add(std::string_view{text}.substr(0, place));
  return text.replace(quote + 1, 64, hex(digest.finish()));
}

}  // namespace kehubu::test
